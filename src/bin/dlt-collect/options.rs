//! The command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use dlt::client::PORT;
use dlt::message::{Filter, FilterError};
use dlt::types::{EcuId, LIBRARY_ECU, Level, TraceStatus};

/// What `--help` prints.
pub const HELP: &str = "\
Usage: dlt-collect [options]

Plays the part of dlt-daemon for the applications of this machine: offers the FIFO
or the socket they look for, answers their registrations, and shows what arrives.

Where:
      --fifo DIR        FIFO DIR/dlt; default: $DLT_PIPE_DIR, or /tmp
      --socket PATH     UNIX stream socket PATH
Instead of the daemon's part:
      --connect HOST[:PORT]
                        the viewer of a daemon; port 3490 unless it is given
      --read FILE       what is in a .dlt file
What becomes of messages:
      --filter APP[:CTX[:LEVEL]]
                        only those of the application, of the context, of this level
                        and more serious ones; each part may be empty. Given several
                        times, one of them is enough
  -a, --ascii           lines on stdout, as `dlt-receive -a` prints them (the
                        default, unless -o is given)
  -j, --json            a JSON object for each frame on stdout (docs/dlt-collect.md)
  -o, --output FILE     .dlt file; what FILE held is gone
  -e, --ecu ID          ECU identifier, at most 4 characters; default: ECU1
Answers:
      --level LEVEL     level for all contexts: 0 to 6, or off, fatal, error, warn,
                        info, debug, verbose; default: what they ask for, else info
      --trace on|off    network trace of all contexts; default: what they ask for,
                        else off
End, besides SIGINT and SIGTERM:
      --for SECONDS     after that time
      --count N         after N messages

  -h, --help            this
  -V, --version         version

The end is told on stderr in one line: messages, those that applications lost, bytes
that belonged to no frame, messages that could not be written.
";

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    Help,
    Version,
    Collect(Options),
}

/// Where applications find the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The FIFO `dlt` in this directory.
    Fifo(PathBuf),
    /// This socket.
    Socket(PathBuf),
}

/// Where messages come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From applications, in the daemon's place.
    Applications(Place),
    /// From a `.dlt` file.
    File(PathBuf),
    /// From the daemon that listens there.
    Daemon(String, u16),
}

/// What goes to stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Text,
    Json,
}

#[derive(Debug)]
pub struct Options {
    pub origin: Origin,
    pub filters: Vec<Filter>,
    pub shown: Option<Shown>,
    pub file: Option<PathBuf>,
    pub ecu: EcuId,
    pub level: Option<Level>,
    pub trace: Option<TraceStatus>,
    pub time: Option<Duration>,
    pub count: Option<u64>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    #[error("unknown option {0}")]
    Unknown(String),
    #[error("unexpected argument {0}")]
    Unexpected(String),
    #[error("{0} wants a value")]
    NoValue(String),
    #[error("{0} wants no value")]
    Value(String),
    #[error("{0} {1}: wants {2}")]
    Wrong(String, String, &'static str),
    #[error("--fifo, --socket, --read and --connect: one of them only")]
    TwoOrigins,
    #[error("--filter {0}: {1}")]
    Filter(String, FilterError),
}

/// Reads the arguments behind the program's name; `pipe_dir` is the environment's.
pub fn read(
    arguments: impl Iterator<Item = OsString>,
    pipe_dir: Option<OsString>,
) -> Result<Asked, UsageError> {
    let mut arguments = arguments;
    let mut origin = None;
    let usual = pipe_dir.filter(|dir| !dir.is_empty()).unwrap_or("/tmp".into());
    let mut options = Options {
        origin: Origin::Applications(Place::Fifo(usual.into())),
        filters: Vec::new(),
        shown: None,
        file: None,
        ecu: LIBRARY_ECU,
        level: None,
        trace: None,
        time: None,
        count: None,
    };
    while let Some(argument) = arguments.next() {
        let (name, attached) = split(&argument)?;
        // A value stands behind the name, or is the next argument.
        let mut value = |attached: Option<OsString>| {
            let next = attached.or_else(|| arguments.next());
            next.ok_or_else(|| UsageError::NoValue(name.clone()))
        };
        let wrong = |value: &OsStr, wanted| {
            UsageError::Wrong(name.clone(), value.to_string_lossy().into_owned(), wanted)
        };
        if attached.is_some()
            && matches!(
                name.as_str(),
                "-h" | "--help" | "-V" | "--version" | "-a" | "--ascii" | "-j" | "--json"
            )
        {
            return Err(UsageError::Value(name));
        }
        match name.as_str() {
            "-h" | "--help" => return Ok(Asked::Help),
            "-V" | "--version" => return Ok(Asked::Version),
            "-a" | "--ascii" => options.shown = Some(Shown::Text),
            "-j" | "--json" => options.shown = Some(Shown::Json),
            "-o" | "--output" => options.file = Some(value(attached)?.into()),
            "--fifo" | "--socket" | "--read" | "--connect" if origin.is_some() => {
                return Err(UsageError::TwoOrigins);
            }
            "--fifo" => {
                origin = Some(Origin::Applications(Place::Fifo(value(attached)?.into())));
            }
            "--socket" => {
                origin = Some(Origin::Applications(Place::Socket(value(attached)?.into())));
            }
            "--read" => origin = Some(Origin::File(value(attached)?.into())),
            "--connect" => {
                let text = value(attached)?;
                let daemon = text.to_str().and_then(daemon);
                origin = Some(daemon.ok_or_else(|| wrong(&text, "HOST or HOST:PORT"))?);
            }
            "--filter" => {
                let text = value(attached)?.to_string_lossy().into_owned();
                let filter = text.parse().map_err(|error| UsageError::Filter(text, error))?;
                options.filters.push(filter);
            }
            "-e" | "--ecu" => {
                let text = value(attached)?;
                let id = text.as_encoded_bytes();
                if id.is_empty() || id.len() > 4 {
                    return Err(wrong(&text, "1 to 4 characters"));
                }
                options.ecu = EcuId::new(id);
            }
            "--level" => {
                let text = value(attached)?;
                let level = text.to_str().and_then(level);
                options.level = Some(level.ok_or_else(|| wrong(&text, "a level from 0 to 6"))?);
            }
            "--trace" => {
                let text = value(attached)?;
                options.trace = Some(match text.to_str() {
                    Some("on" | "1") => TraceStatus::On,
                    Some("off" | "0") => TraceStatus::Off,
                    _ => return Err(wrong(&text, "on or off")),
                });
            }
            "--for" => {
                let text = value(attached)?;
                let seconds = text.to_str().and_then(|text| text.parse().ok());
                let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                options.time = Some(time.ok_or_else(|| wrong(&text, "a number of seconds"))?);
            }
            "--count" => {
                let text = value(attached)?;
                let count = text.to_str().and_then(|text| text.parse().ok());
                options.count = Some(count.ok_or_else(|| wrong(&text, "a number"))?);
            }
            _ => return Err(UsageError::Unknown(name)),
        }
    }
    if let Some(origin) = origin {
        options.origin = origin;
    }
    if options.file.is_none() && options.shown.is_none() {
        options.shown = Some(Shown::Text);
    }
    Ok(Asked::Collect(options))
}

/// A host, and a port behind the last colon unless the host is an address with several.
fn daemon(text: &str) -> Option<Origin> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse()),
        _ => (text, Ok(PORT)),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = port.ok().filter(|port| *port > 0)?;
    (!host.is_empty()).then(|| Origin::Daemon(host.to_owned(), port))
}

/// The name of an option and the value that is attached to it, as in `-oFILE` and `--output=FILE`.
fn split(argument: &OsStr) -> Result<(String, Option<OsString>), UsageError> {
    use std::os::unix::ffi::OsStrExt;

    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let bytes = argument.as_bytes();
    match bytes {
        [b'-', b'-', _, ..] => match bytes.iter().position(|byte| *byte == b'=') {
            Some(at) => {
                let (name, value) = bytes.split_at(at);
                let value = value.strip_prefix(b"=").unwrap_or(value);
                Ok((text(name), Some(OsStr::from_bytes(value).to_owned())))
            }
            None => Ok((text(bytes), None)),
        },
        [b'-', letter, value @ ..] if *letter != b'-' => {
            let value = (!value.is_empty()).then(|| OsStr::from_bytes(value).to_owned());
            Ok((text(&[b'-', *letter]), value))
        }
        _ => Err(UsageError::Unexpected(text(bytes))),
    }
}

fn level(text: &str) -> Option<Level> {
    const NAMES: [&str; 7] = ["off", "fatal", "error", "warn", "info", "debug", "verbose"];
    let code = NAMES.iter().position(|name| *name == text);
    let code = code.and_then(|code| i32::try_from(code).ok()).or_else(|| text.parse().ok())?;
    Level::try_from(code).ok().filter(|level| *level != Level::Default)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        let arguments = line.split_whitespace().map(OsString::from);
        match super::read(arguments, Some("/pipes".into())) {
            Ok(Asked::Collect(options)) => Ok(options),
            Ok(other) => Err(format!("{other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn without_options_the_fifo_of_the_environment_is_shown_as_text() {
        let options = read("").unwrap();
        let usual = |path: &str| Origin::Applications(Place::Fifo(path.into()));
        assert_eq!(options.origin, usual("/pipes"));
        assert_eq!((options.shown, options.ecu), (Some(Shown::Text), LIBRARY_ECU));
        let unset = super::read(std::iter::empty(), None);
        assert!(matches!(unset, Ok(Asked::Collect(o)) if o.origin == usual("/tmp")));
    }

    #[test]
    fn values_may_be_attached_or_follow() {
        for line in
            ["-o f -e E --level 6", "-of -eE --level=verbose", "--output=f --ecu E --level 6"]
        {
            let options = read(line).unwrap();
            assert_eq!(options.file, Some("f".into()), "{line}");
            assert_eq!((options.ecu, options.level), (EcuId::new(b"E"), Some(Level::Verbose)));
            assert_eq!(options.shown, None);
        }
        assert_eq!(read("-o f -j").unwrap().shown, Some(Shown::Json));
    }

    #[test]
    fn a_daemon_is_a_host_with_or_without_a_port() {
        for (text, host, port) in [
            ("unit", "unit", 3490),
            ("unit:4711", "unit", 4711),
            ("::1", "::1", 3490),
            ("[::1]:4711", "::1", 4711),
        ] {
            let options = read(&format!("--connect {text}")).unwrap();
            assert_eq!(options.origin, Origin::Daemon(host.to_owned(), port), "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "--nothing",
            "stray",
            "-o",
            "--json=yes",
            "-ax",
            "--level 7",
            "--level -1",
            "--for x",
            "--for -1",
            "--count -1",
            "--ecu LONG1",
            "--trace maybe",
            "--fifo a --socket b",
            "--read a --connect b",
            "--connect :1",
            "--connect host:port",
            "--connect host:0",
            "--filter APPL1",
            "--filter ::loud",
            "--",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
