//! The library's own log: what `dlt_log` prints for programs, and what the library has to say
//! itself.
//!
//! There is one destination and one threshold for both, but two defaults. Programs' messages go to
//! standard output from INFO on, as with libdlt, whose tools are compared by their output. The
//! library's own go to standard error from WARNING on, for it is a guest in somebody's process.
//! Once a destination or a threshold is asked for, by environment or by call, it holds for both.
//!
//! Must not start the library, and needs no heap (but for several files in turn): it is used while a
//! process ends. Nothing here waits for a lock of its own; standard output is C's, with C's lock, so that a program's output and
//! these messages stay in order.

mod line;
mod sink;

use core::fmt;
use core::fmt::Write as _;

use libc::{FILE, c_int};

use self::line::{Head, Text};
use crate::config::{LogMode, OwnLog};
use crate::sync::atomic::{AtomicU8, Ordering};

/// Severities, as syslog numbers them.
pub mod severity {
    use libc::c_int;

    /// Something failed.
    pub const ERROR: c_int = 3;
    /// Something is not as it should be.
    pub const WARNING: c_int = 4;
    /// Normal operation.
    pub const INFO: c_int = 6;
    /// The last one.
    pub const DEBUG: c_int = 7;
}

/// Threshold of `dlt_log`, until one is set.
const PROGRAM_LEVEL: c_int = severity::INFO;
/// Threshold of the library's own messages, until one is set.
const OWN_LEVEL: c_int = severity::WARNING;
/// Longest message of the library's own; it is cut there.
const OWN_SIZE: usize = 512;

/// Nobody asked for anything yet.
const UNSET: u8 = u8::MAX;

// Both are single values that nothing else hangs on, so relaxed accesses do.
static MODE: AtomicU8 = AtomicU8::new(UNSET);
static LEVEL: AtomicU8 = AtomicU8::new(UNSET);

/// Why a setting was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such mode or level; the message has been printed.
    #[error("no such setting")]
    OutOfRange,
    /// The log file cannot be opened; the message has been printed.
    #[error("log file cannot be opened")]
    File,
}

/// Takes over what the environment asks for. What it does not speak of stays as it is.
pub fn configure(own_log: &OwnLog) {
    use std::os::unix::ffi::OsStrExt as _;

    if let Some(filename) = &own_log.filename {
        sink::set_filename(filename.as_os_str().as_bytes());
    }
    if let Some(level) = own_log.level {
        LEVEL.store(level, Ordering::Relaxed);
    }
    if let Some(mode) = own_log.mode {
        // A file that cannot be opened was reported there; the destination stays as it was.
        let _reported = set_mode(mode);
    }
}

/// Sets the destination of all messages, by its code in the C interface.
pub fn set_mode_by_code(code: c_int) -> Result<(), Error> {
    match mode_of(u8::try_from(code).unwrap_or(UNSET)) {
        Some(mode) => set_mode(mode),
        None => {
            print_args(severity::WARNING, format_args!("Wrong parameter for mode: {code}\n"));
            Err(Error::OutOfRange)
        }
    }
}

/// Sets the destination of all messages.
pub fn set_mode(mode: LogMode) -> Result<(), Error> {
    match mode {
        LogMode::File => open_file()?,
        LogMode::Syslog => sink::open_syslog(),
        LogMode::Console | LogMode::Stderr | LogMode::Dropped => (),
    }
    MODE.store(mode as u8, Ordering::Relaxed);
    Ok(())
}

/// Opens the log file, without a word about whether messages go there.
pub fn open_file() -> Result<(), Error> {
    sink::open_file().map_err(|_| {
        let mut text = Text::<OWN_SIZE>::new();
        text.push(b"Internal log file ");
        sink::filename(|name| text.push(name));
        text.push(b" cannot be opened!\n");
        sink::console(sink::stdout(), b"", text.as_bytes());
        Error::File
    })
}

/// As [`set_mode_by_code`]; a log file is several files in turn, of this size and together of that.
pub fn set_mode_with_files(code: c_int, file_size: u64, total_size: u64) -> Result<(), Error> {
    if code != LogMode::File as c_int {
        return set_mode_by_code(code);
    }
    open_files(file_size, total_size)?;
    MODE.store(LogMode::File as u8, Ordering::Relaxed);
    Ok(())
}

/// Opens the newest of several log files, without a word about whether messages go there. The name
/// of the log file needs an extension.
pub fn open_files(file_size: u64, total_size: u64) -> Result<(), Error> {
    sink::open_files(file_size, total_size).map_err(|error| {
        let text = format_args!("Internal log files cannot be opened: {error}\n");
        print_args(severity::ERROR, text);
        Error::File
    })
}

/// Whether the log file is several files in turn.
pub fn in_several_files() -> bool {
    sink::in_several_files()
}

/// Writes text as it is to the several log files.
pub fn put_to_files(text: &[u8]) {
    if in_several_files() {
        sink::file(b"", text);
    }
}

/// Closes the log file, or the several.
pub fn close_files() {
    sink::close_file();
}

/// Sets the threshold of all messages. A wrong one is reported, and to be sure that this is seen,
/// the threshold becomes WARNING if it was lower.
pub fn set_level(level: c_int) -> Result<(), Error> {
    match u8::try_from(level) {
        Ok(level @ 0..=7) => {
            LEVEL.store(level, Ordering::Relaxed);
            Ok(())
        }
        _ => {
            if self::level(PROGRAM_LEVEL) < severity::WARNING {
                LEVEL.store(severity::WARNING as u8, Ordering::Relaxed);
            }
            print_args(severity::WARNING, format_args!("Wrong parameter for level: {level}\n"));
            Err(Error::OutOfRange)
        }
    }
}

/// Names the file that [`LogMode::File`] opens; at most 255 bytes count.
pub fn set_filename(filename: &[u8]) {
    sink::set_filename(filename);
}

/// Closes the log file. Messages to it are dropped from then on. The connection to syslog is C's
/// and stays, as with libdlt: the program may use it, too.
pub fn close() {
    if mode(LogMode::Console) == LogMode::File {
        sink::close_file();
    }
}

/// Whether a program's message of this severity is printed.
pub fn passes(severity: c_int) -> bool {
    severity <= level(PROGRAM_LEVEL)
}

/// Prints a program's message, if its severity passes. No newline is added.
pub fn print(severity: c_int, text: &[u8]) {
    if passes(severity) {
        emit(mode(LogMode::Console), severity, text);
    }
}

/// Prints a program's message, if its severity passes. No newline is added.
pub fn print_args(severity: c_int, message: fmt::Arguments<'_>) {
    if passes(severity) {
        let mut text = Text::<OWN_SIZE>::new();
        text.write_args(message);
        emit(mode(LogMode::Console), severity, text.as_bytes());
    }
}

/// Where `dlt_user_printf` prints: C's standard output, or standard error if that is the
/// destination of messages.
pub fn console() -> *mut FILE {
    match mode(LogMode::Console) {
        LogMode::Stderr => sink::stderr(),
        LogMode::Console | LogMode::Syslog | LogMode::File | LogMode::Dropped => sink::stdout(),
    }
}

/// Prints text as it is where [`console`] is.
pub fn put(text: &[u8]) {
    sink::put(console(), text);
}

/// Prints text as it is to C's standard output, wherever messages go.
pub fn put_to_stdout(text: &[u8]) {
    sink::put(sink::stdout(), text);
}

/// Says that something failed: one line, without newline.
pub fn error(message: fmt::Arguments<'_>) {
    own(severity::ERROR, message);
}

/// Says that something is not as it should be: one line, without newline.
pub fn warn(message: fmt::Arguments<'_>) {
    own(severity::WARNING, message);
}

/// Says what goes on: one line, without newline.
pub fn info(message: fmt::Arguments<'_>) {
    own(severity::INFO, message);
}

fn own(severity: c_int, message: fmt::Arguments<'_>) {
    if severity > level(OWN_LEVEL) {
        return;
    }
    let mut text = Text::<OWN_SIZE>::new();
    text.write_args(message);
    text.end_line();
    emit(mode(LogMode::Stderr), severity, text.as_bytes());
}

fn emit(mode: LogMode, severity: c_int, text: &[u8]) {
    let head = Head::now(severity);
    match mode {
        LogMode::Console => sink::console(sink::stdout(), head.as_bytes(), text),
        LogMode::Stderr => sink::descriptor(libc::STDERR_FILENO, head.as_bytes(), text),
        LogMode::File => sink::file(head.as_bytes(), text),
        LogMode::Syslog => sink::syslog(severity, head.as_bytes(), text),
        LogMode::Dropped => (),
    }
}

fn level(default: c_int) -> c_int {
    match LEVEL.load(Ordering::Relaxed) {
        UNSET => default,
        level => c_int::from(level),
    }
}

fn mode(default: LogMode) -> LogMode {
    mode_of(MODE.load(Ordering::Relaxed)).unwrap_or(default)
}

fn mode_of(code: u8) -> Option<LogMode> {
    match code {
        0 => Some(LogMode::Console),
        1 => Some(LogMode::Syslog),
        2 => Some(LogMode::File),
        3 => Some(LogMode::Stderr),
        4 => Some(LogMode::Dropped),
        _ => None,
    }
}

impl<const N: usize> Text<N> {
    fn write_args(&mut self, message: fmt::Arguments<'_>) {
        // Writing into a Text never fails; a Display that does leaves what it wrote so far.
        let _as_far_as_it_goes = self.write_fmt(message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // One test, as the settings belong to the process.
    #[test]
    fn settings_hold_for_programs_and_for_the_library_and_defaults_differ() {
        assert!(passes(severity::INFO) && !passes(severity::DEBUG));
        assert_eq!(level(OWN_LEVEL), severity::WARNING);
        assert_eq!(mode(LogMode::Stderr), LogMode::Stderr);

        assert_eq!(set_level(2), Ok(()));
        assert_eq!(level(OWN_LEVEL), 2);
        assert!(passes(-1) && !passes(severity::ERROR));

        set_mode(LogMode::Dropped).unwrap();
        assert_eq!(set_level(8), Err(Error::OutOfRange));
        assert_eq!(level(OWN_LEVEL), severity::WARNING);
        assert_eq!(set_mode_by_code(5), Err(Error::OutOfRange));
        assert_eq!(mode(LogMode::Console), LogMode::Dropped);

        let path = std::env::temp_dir().join(format!("dlt-ng-log-{}", std::process::id()));
        configure(&OwnLog {
            level: Some(6),
            mode: Some(LogMode::File),
            filename: Some(path.clone()),
        });
        warn(format_args!("kept {}", 1));
        print(severity::INFO, b"also kept\n");
        info(format_args!("and this"));
        print(severity::DEBUG, b"not this\n");
        close();
        warn(format_args!("nor this"));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let ends: Vec<_> = text.lines().map(|line| line.split('~').skip(3)).collect();
        let ends: Vec<Vec<_>> = ends.into_iter().map(Iterator::collect).collect();
        assert_eq!(
            ends,
            [["WARNING  ", "kept 1"], ["INFO     ", "also kept"], ["INFO     ", "and this"]]
        );
    }
}
