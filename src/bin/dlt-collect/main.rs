//! `dlt-collect` plays the daemon's end of the application link where there is no daemon: it offers
//! the FIFO or the socket, answers registrations, and shows or stores what arrives. What it cannot
//! parse it counts, and goes on. Where there is a daemon it can be its viewer instead, and it reads
//! `.dlt` files.

#![forbid(unsafe_code)]

mod applications;
mod collector;
mod counts;
mod json;
mod node;
mod options;
mod output;
mod reading;
mod report;
mod source;
mod stop;
mod text;
mod ways;

use std::io::Write;
use std::process::ExitCode;

use collector::Collector;
use options::{Asked, Options, Origin};
use reading::Reading;

fn main() -> ExitCode {
    match options::read(std::env::args_os().skip(1), std::env::var_os("DLT_PIPE_DIR")) {
        Ok(Asked::Help) => print(options::HELP),
        Ok(Asked::Version) => print(concat!("dlt-collect ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Asked::Collect(options)) => collect(&options),
        Err(error) => {
            complain(format_args!("{error}; try dlt-collect --help"));
            ExitCode::from(2)
        }
    }
}

fn collect(options: &Options) -> ExitCode {
    let ended = match &options.origin {
        Origin::Applications(place) => {
            Collector::start(options, place).map(Collector::run).map_err(|it| it.to_string())
        }
        Origin::File(path) => {
            Reading::file(options, path).map(Reading::run).map_err(|it| it.to_string())
        }
        Origin::Daemon(host, port) => {
            Reading::daemon(options, host, *port).map(Reading::run).map_err(|it| it.to_string())
        }
    };
    let (ended, counts) = match ended {
        Ok(ended) => ended,
        Err(error) => {
            complain(format_args!("{error}"));
            return ExitCode::FAILURE;
        }
    };
    match ended {
        Ok(()) => complain(format_args!("{counts}")),
        Err(output::Failure::Closed) => {}
        Err(failure) => {
            complain(format_args!("{failure}"));
            complain(format_args!("{counts}"));
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// A line on stderr. Where that is closed nobody wants to know.
fn complain(what: core::fmt::Arguments<'_>) {
    let _ = std::io::stderr().write_all(format!("dlt-collect: {what}\n").as_bytes());
}

fn print(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
