//! Environment and options, read once at start into one immutable value.
//!
//! The environment comes through a lookup function, so nothing here reads the process's own.
//! Nothing fails: what cannot be understood becomes a [`Warning`] and the default.
//!
//! ```
//! use dlt::config::Config;
//!
//! let (config, warnings) = Config::from_lookup(|name| std::env::var_os(name), false);
//! assert_eq!(warnings.len(), 0);
//! assert_eq!(config.message_size_max, 1390);
//! ```

#![forbid(unsafe_code)]

pub mod initial_levels;
mod number;
pub mod warning;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

pub use initial_levels::InitialLevels;
pub use warning::{Problem, Warning};

use crate::types::OverflowMode;
use number::{Text, number_of};

/// Bytes of one slot of the ring.
const SLOT: u64 = 128;
/// Fewest slots, so that the largest message fits.
const SLOTS_MIN: usize = 1024;
/// Most slots: 1 GiB, all of which is touched at start.
const SLOTS_MAX: usize = 1 << 23;
const SLOTS_DEFAULT: usize = 16_384;
/// Smallest payload limit: type, length and truncation mark of a text.
const MESSAGE_SIZE_MIN: i64 = 42;
const MESSAGE_SIZE_MAX: u16 = u16::MAX;
const MESSAGE_SIZE_DEFAULT: u16 = 1390;
const TIMEOUT_DEFAULT_MS: u32 = 100;
/// Longest time a caller waits for room in block mode.
pub const TIMEOUT_MAX_MS: u32 = 60_000;
/// Longest base directory, as libdlt has it.
const PIPE_DIR_MAX: usize = 1023;
const LOG_FILENAME_MAX: usize = 255;

/// When messages are also printed to the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalPrint {
    /// When the application asks for it.
    #[default]
    Unset,
    /// When the daemon's pipe breaks; the application's wish does not count.
    Automatic,
    /// Always.
    ForceOn,
    /// Never.
    ForceOff,
}

impl LocalPrint {
    /// Whether messages are printed if the application has local print `enabled`.
    pub const fn prints(self, enabled: bool) -> bool {
        match self {
            LocalPrint::Unset => enabled,
            LocalPrint::ForceOn => true,
            LocalPrint::ForceOff | LocalPrint::Automatic => false,
        }
    }
}

/// Where the library's own diagnostics go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum LogMode {
    /// Standard output.
    Console = 0,
    /// The system's log.
    Syslog = 1,
    /// A file.
    File = 2,
    /// Standard error.
    Stderr = 3,
    /// Nowhere.
    Dropped = 4,
}

/// The library's own diagnostics, as far as the environment speaks of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnLog {
    /// `DLT_LOG_LEVEL`: severity as in syslog, 0 to 7.
    pub level: Option<u8>,
    /// `DLT_LOG_MODE`.
    pub mode: Option<LogMode>,
    /// `DLT_LOG_FILENAME`: the file of [`LogMode::File`].
    pub filename: Option<PathBuf>,
}

/// Everything the environment decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `DLT_PIPE_DIR`: directory of the daemon's FIFO or socket `dlt`, and of `dltpipes`.
    pub pipe_dir: PathBuf,
    /// `DLT_LOG_LEVEL`, `DLT_LOG_MODE`, `DLT_LOG_FILENAME`.
    pub own_log: OwnLog,
    /// `DLT_LOCAL_PRINT_MODE`.
    pub local_print: LocalPrint,
    /// `DLT_INITIAL_LOG_LEVEL`.
    pub initial_levels: InitialLevels,
    /// `DLT_USER_BUFFER_MAX`: slots of the ring, a power of two.
    pub ring_slots: usize,
    /// `DLT_LOG_MSG_BUF_LEN`: most payload bytes of a message.
    pub message_size_max: u16,
    /// `DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE`, turned round.
    pub extended_header_for_non_verbose: bool,
    /// `DLT_DISABLE_INJECTION_MSG_AT_USER`, turned round: whether the daemon is listened to, log
    /// levels included.
    pub listen_to_daemon: bool,
    /// `DLT_USER_OVERFLOW_MODE`.
    pub overflow_mode: OverflowMode,
    /// `DLT_USER_TIMEOUT_MS`: how long callers wait for room in block mode.
    pub overflow_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            pipe_dir: PathBuf::from("/tmp"),
            own_log: OwnLog::default(),
            local_print: LocalPrint::default(),
            initial_levels: InitialLevels::default(),
            ring_slots: SLOTS_DEFAULT,
            message_size_max: MESSAGE_SIZE_DEFAULT,
            extended_header_for_non_verbose: true,
            listen_to_daemon: true,
            overflow_mode: OverflowMode::DropNewest,
            overflow_timeout: Duration::from_millis(TIMEOUT_DEFAULT_MS.into()),
        }
    }
}

impl Config {
    /// Reads every variable through `lookup`. In a `privileged` process (set-user-id and the like)
    /// those that name files or directories are ignored.
    pub fn from_lookup(
        lookup: impl Fn(&str) -> Option<OsString>,
        privileged: bool,
    ) -> (Self, Vec<Warning>) {
        let mut environment = Environment { lookup, privileged, warnings: Vec::new() };
        let default = Self::default();
        let config = Self {
            pipe_dir: environment.path("DLT_PIPE_DIR", PIPE_DIR_MAX).unwrap_or(default.pipe_dir),
            own_log: OwnLog {
                level: environment.own_log_level(),
                mode: environment.own_log_mode(),
                filename: environment.path("DLT_LOG_FILENAME", LOG_FILENAME_MAX),
            },
            local_print: environment.local_print(),
            initial_levels: environment.initial_levels(),
            ring_slots: environment.ring_slots(),
            message_size_max: environment.message_size_max(),
            extended_header_for_non_verbose: !environment
                .switch("DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE"),
            listen_to_daemon: environment.get("DLT_DISABLE_INJECTION_MSG_AT_USER").is_none(),
            overflow_mode: environment.overflow_mode().unwrap_or(default.overflow_mode),
            overflow_timeout: environment.overflow_timeout(),
        };
        (config, environment.warnings)
    }

    /// The memory for messages, in bytes.
    pub fn ring_bytes(&self) -> u64 {
        self.ring_slots as u64 * SLOT
    }
}

struct Environment<F> {
    lookup: F,
    privileged: bool,
    warnings: Vec<Warning>,
}

impl<F: Fn(&str) -> Option<OsString>> Environment<F> {
    fn get(&self, name: &str) -> Option<OsString> {
        (self.lookup)(name)
    }

    fn warn(&mut self, variable: &'static str, value: &OsStr, problem: Problem) {
        self.warnings.push(Warning::new(variable, value.as_bytes(), problem));
    }

    /// A number, or `None` with a warning if it is not one.
    fn number(&mut self, variable: &'static str) -> Option<(i64, OsString)> {
        let value = self.get(variable)?;
        match number_of(value.as_bytes()) {
            Some(number) => Some((number, value)),
            None => {
                self.warn(variable, &value, Problem::NotANumber);
                None
            }
        }
    }

    /// On with exactly "1".
    fn switch(&mut self, variable: &'static str) -> bool {
        let Some(value) = self.get(variable) else {
            return false;
        };
        if !matches!(value.as_bytes(), b"" | b"0" | b"1") {
            self.warn(variable, &value, Problem::UnknownName { known: "0, 1" });
        }
        value == "1"
    }

    fn path(&mut self, variable: &'static str, longest: usize) -> Option<PathBuf> {
        let value = self.get(variable)?;
        let problem = if self.privileged {
            Problem::Privileged
        } else if value.is_empty() {
            Problem::Empty
        } else if value.len() > longest {
            Problem::TooLong { longest }
        } else {
            return Some(PathBuf::from(value));
        };
        self.warn(variable, &value, problem);
        None
    }

    fn own_log_level(&mut self) -> Option<u8> {
        let variable = "DLT_LOG_LEVEL";
        let (number, value) = self.number(variable)?;
        match u8::try_from(number) {
            Ok(level @ 0..=7) => Some(level),
            _ => {
                self.warn(variable, &value, Problem::OutOfRange { least: 0, most: 7 });
                None
            }
        }
    }

    fn own_log_mode(&mut self) -> Option<LogMode> {
        let variable = "DLT_LOG_MODE";
        let (number, value) = self.number(variable)?;
        Some(match number {
            0 => LogMode::Console,
            1 => LogMode::Syslog,
            2 => LogMode::File,
            3 => LogMode::Stderr,
            4 => LogMode::Dropped,
            _ => {
                self.warn(variable, &value, Problem::OutOfRange { least: 0, most: 4 });
                return None;
            }
        })
    }

    fn local_print(&mut self) -> LocalPrint {
        let variable = "DLT_LOCAL_PRINT_MODE";
        let Some(value) = self.get(variable) else {
            return LocalPrint::Unset;
        };
        match value.as_bytes() {
            b"AUTOMATIC" => LocalPrint::Automatic,
            b"FORCE_ON" => LocalPrint::ForceOn,
            b"FORCE_OFF" => LocalPrint::ForceOff,
            b"" => LocalPrint::Unset,
            _ => {
                let known = "AUTOMATIC, FORCE_ON, FORCE_OFF";
                self.warn(variable, &value, Problem::UnknownName { known });
                LocalPrint::Unset
            }
        }
    }

    fn initial_levels(&mut self) -> InitialLevels {
        let variable = "DLT_INITIAL_LOG_LEVEL";
        let Some(value) = self.get(variable) else {
            return InitialLevels::default();
        };
        let mut invalid = Vec::new();
        let levels = InitialLevels::parse(value.as_bytes(), |item| {
            invalid.push(Warning::new(variable, item, Problem::InvalidItem));
        });
        self.warnings.append(&mut invalid);
        levels
    }

    /// Only the maximum has a meaning for a ring that does not grow; the others are checked so
    /// that a slip of the pen is told.
    fn ring_slots(&mut self) -> usize {
        for variable in ["DLT_USER_BUFFER_MIN", "DLT_USER_BUFFER_STEP"] {
            self.buffer_bytes(variable);
        }
        let variable = "DLT_USER_BUFFER_MAX";
        let Some((bytes, value)) = self.buffer_bytes(variable) else {
            return SLOTS_DEFAULT;
        };
        let slots = usize::try_from(bytes.div_ceil(SLOT)).unwrap_or(usize::MAX);
        if slots > SLOTS_MAX {
            let used = SLOTS_MAX as u64 * SLOT;
            self.warn(variable, &value, Problem::Lowered { used });
            return SLOTS_MAX;
        }
        slots.next_power_of_two().max(SLOTS_MIN)
    }

    fn buffer_bytes(&mut self, variable: &'static str) -> Option<(u64, OsString)> {
        let (number, value) = self.number(variable)?;
        match u64::try_from(number) {
            Ok(bytes @ 1..) => Some((bytes, value)),
            _ => {
                self.warn(variable, &value, Problem::OutOfRange { least: 1, most: i64::MAX });
                None
            }
        }
    }

    fn message_size_max(&mut self) -> u16 {
        let variable = "DLT_LOG_MSG_BUF_LEN";
        let Some((number, value)) = self.number(variable) else {
            return MESSAGE_SIZE_DEFAULT;
        };
        let most = MESSAGE_SIZE_MAX.into();
        match u16::try_from(number) {
            Ok(size) if number >= MESSAGE_SIZE_MIN => size,
            Err(_) if number > most => {
                self.warn(variable, &value, Problem::Lowered { used: MESSAGE_SIZE_MAX.into() });
                MESSAGE_SIZE_MAX
            }
            _ => {
                let least = MESSAGE_SIZE_MIN;
                self.warn(variable, &value, Problem::OutOfRange { least, most });
                MESSAGE_SIZE_DEFAULT
            }
        }
    }

    fn overflow_mode(&mut self) -> Option<OverflowMode> {
        let variable = "DLT_USER_OVERFLOW_MODE";
        let value = self.get(variable)?;
        let text = Text(value.as_bytes());
        let mode = if text.is("0") || text.is("overwrite") {
            OverflowMode::Overwrite
        } else if text.is("1") || text.is("drop") {
            OverflowMode::DropNewest
        } else if text.is("2") || text.is("block") {
            OverflowMode::Block
        } else {
            let known = "0 or overwrite, 1 or drop, 2 or block";
            self.warn(variable, &value, Problem::UnknownName { known });
            return None;
        };
        Some(mode)
    }

    fn overflow_timeout(&mut self) -> Duration {
        let variable = "DLT_USER_TIMEOUT_MS";
        let milliseconds = match self.number(variable) {
            None => TIMEOUT_DEFAULT_MS,
            Some((number, value)) => match u32::try_from(number) {
                Ok(time) if time <= TIMEOUT_MAX_MS => time,
                _ if number > 0 => {
                    self.warn(variable, &value, Problem::Lowered { used: TIMEOUT_MAX_MS.into() });
                    TIMEOUT_MAX_MS
                }
                _ => {
                    let most = TIMEOUT_MAX_MS.into();
                    self.warn(variable, &value, Problem::OutOfRange { least: 0, most });
                    TIMEOUT_DEFAULT_MS
                }
            },
        };
        Duration::from_millis(milliseconds.into())
    }
}
