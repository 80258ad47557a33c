//! Messages of a daemon or of a file, shown and stored like those of applications.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::Duration;

use dlt::client::{Client, ConnectError};
use dlt::file::Reader;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};

use crate::complain;
use crate::counts::Counts;
use crate::options::Options;
use crate::output::Failure;
use crate::report::{NotOpen, Report};
use crate::stop::Stop;

/// Messages that are taken before what they make is written.
const PORTION: usize = 1000;

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    #[error("cannot read {path}: {1}", path = .0.display())]
    File(PathBuf, std::io::Error),
    #[error("{0}:{1}: {2}")]
    Daemon(String, u16, ConnectError),
    #[error(transparent)]
    Report(#[from] NotOpen),
    #[error("cannot wait for signals: {0}")]
    Signals(Errno),
}

/// Where messages come from.
enum Source {
    File(Reader<File>),
    Daemon(Client),
}

/// What is left to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// More is there, perhaps in memory, where waiting would not see it.
    Now,
    /// More may come.
    Later,
    Nothing,
}

pub struct Reading {
    stop: Stop,
    from: Source,
    report: Report,
}

impl Reading {
    pub fn file(options: &Options, path: &PathBuf) -> Result<Self, NotStarted> {
        let reader = Reader::open(path).map_err(|error| NotStarted::File(path.clone(), error))?;
        let filters = options.filters.iter().copied();
        Self::start(options, Source::File(filters.fold(reader, Reader::keep)))
    }

    pub fn daemon(options: &Options, host: &str, port: u16) -> Result<Self, NotStarted> {
        let client = Client::connect(host, port);
        let client = client.map_err(|error| NotStarted::Daemon(host.to_owned(), port, error))?;
        let filters = options.filters.iter().copied();
        Self::start(options, Source::Daemon(filters.fold(client, Client::keep)))
    }

    fn start(options: &Options, from: Source) -> Result<Self, NotStarted> {
        let stop = Stop::new(options.time).map_err(NotStarted::Signals)?;
        Ok(Self { stop, from, report: Report::open(options)? })
    }

    /// Reads until it is time to end; returns why, and what was counted.
    pub fn run(mut self) -> (Result<(), Failure>, Counts) {
        let ended = self.read();
        let skipped = match &self.from {
            Source::File(reader) => reader.skipped(),
            Source::Daemon(client) => client.skipped(),
        };
        self.report.counts.skip(usize::try_from(skipped).unwrap_or(usize::MAX));
        let ended = ended.and(self.report.flush(&self.stop));
        (ended, self.report.counts)
    }

    fn read(&mut self) -> Result<(), Failure> {
        let mut left = Left::Now;
        while left != Left::Nothing && !self.report.is_full() && !self.stop.has_come() {
            if left == Left::Later
                && let Source::Daemon(client) = &self.from
                && !wait(client, &self.report, &self.stop)?
            {
                continue;
            }
            left = self.take_portion();
            self.report.flush(&self.stop)?;
        }
        Ok(())
    }

    /// Takes what is there.
    fn take_portion(&mut self) -> Left {
        for _ in 0..PORTION {
            let (message, ended) = match &mut self.from {
                Source::File(reader) => (reader.next().transpose(), true),
                Source::Daemon(client) => {
                    let message = client.next_within(Duration::ZERO);
                    (message, client.is_closed())
                }
            };
            match message {
                Ok(Some(message)) => self.report.message_of_others(&message),
                Ok(None) => return if ended { Left::Nothing } else { Left::Later },
                Err(error) => {
                    complain(format_args!("{error}"));
                    return Left::Nothing;
                }
            }
            if self.report.is_full() {
                return Left::Nothing;
            }
        }
        Left::Now
    }
}

/// Waits for the daemon. Whether there is something to read, and not only the end to come.
fn wait(client: &Client, report: &Report, stop: &Stop) -> Result<bool, Failure> {
    let mut fds = vec![
        PollFd::new(client.as_fd(), PollFlags::POLLIN),
        PollFd::new(stop.as_fd(), PollFlags::POLLIN),
    ];
    // Asks for nothing, and is told all the same when the other end closes.
    fds.extend(report.shown().map(|output| PollFd::new(output.as_fd(), PollFlags::empty())));
    match poll(&mut fds, stop.timeout(None)) {
        Ok(_) if fds.get(2).and_then(PollFd::any) == Some(true) => Err(Failure::Closed),
        Ok(_) => Ok(fds.first().and_then(PollFd::any) == Some(true)),
        Err(Errno::EINTR) => Ok(false),
        Err(errno) => Err(Failure::Wait(errno)),
    }
}
