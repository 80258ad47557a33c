//! The program's one loop: wait, read, answer, report.

use std::os::fd::AsFd;
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};

use crate::applications::Wanted;
use crate::counts::Counts;
use crate::node::{Listener, Node, Taken, take};
use crate::options::{Options, Place};
use crate::output::Failure;
use crate::report::{NotOpen, Report};
use crate::source::{READ, Source, State};
use crate::stop::Stop;
use crate::ways::Ways;

/// How long those who connect have to wait when there are no descriptors for them.
const CROWDED: Duration = Duration::from_millis(100);

/// Rounds that are made at the end for what was written before it.
const LAST_ROUNDS: usize = 64;

/// Why the program cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    #[error(transparent)]
    Taken(#[from] Taken),
    #[error(transparent)]
    Report(#[from] NotOpen),
    #[error("cannot wait for signals: {0}")]
    Signals(Errno),
}

pub struct Collector {
    stop: Stop,
    node: Node,
    /// None on a FIFO, which is a source itself.
    listener: Option<UnixListener>,
    /// There were no descriptors for more connections; until then nobody is let in.
    crowded_until: Option<Instant>,
    sources: Vec<Source>,
    report: Report,
    wanted: Wanted,
    room: Vec<u8>,
}

impl Collector {
    pub fn start(options: &Options, place: &Place) -> Result<Self, NotStarted> {
        // Before there is a node, so that a signal cannot leave it behind.
        let stop = Stop::new(options.time).map_err(NotStarted::Signals)?;
        let report = Report::open(options)?;
        let (node, listener) = take(place)?;
        let (listener, sources) = match (listener, place) {
            (Listener::Fifo(fd), Place::Fifo(directory)) => {
                (None, vec![Source::fifo(fd, Ways::new(directory.join("dltpipes")))])
            }
            (Listener::Fifo(fd), Place::Socket(_)) => (None, vec![Source::connection(fd)]),
            (Listener::Socket(listener), _) => (Some(listener), Vec::new()),
        };
        Ok(Self {
            stop,
            node,
            listener,
            crowded_until: None,
            sources,
            report,
            wanted: Wanted { level: options.level, trace: options.trace },
            room: vec![0; READ],
        })
    }

    /// Collects until it is time to end; returns why, and what was counted.
    pub fn run(mut self) -> (Result<(), Failure>, Counts) {
        let ended = self.collect();
        self.node.remove();
        let Self { sources, report, stop, .. } = &mut self;
        for source in sources {
            source.end(&mut |arrival| report.take(arrival));
        }
        let ended = ended.and(report.flush(stop));
        (ended, self.report.counts)
    }

    fn collect(&mut self) -> Result<(), Failure> {
        while !self.report.is_full() {
            let ready = self.wait()?;
            if self.stop.has_come() {
                return self.take_the_rest();
            }
            if ready.nobody_reads {
                return Err(Failure::Closed);
            }
            if ready.listener {
                self.accept();
            }
            self.read(ready.sources.into_iter())?;
        }
        Ok(())
    }

    fn wait(&self) -> Result<Ready, Failure> {
        let mut fds = vec![PollFd::new(self.stop.as_fd(), PollFlags::POLLIN)];
        // Asks for nothing, and is told all the same when the other end closes.
        let shown = self.report.shown();
        fds.extend(shown.map(|output| PollFd::new(output.as_fd(), PollFlags::empty())));
        let crowded_until = self.crowded_until.filter(|until| *until > Instant::now());
        let listener = self.listener.as_ref().filter(|_| crowded_until.is_none());
        fds.extend(listener.map(|listener| PollFd::new(listener.as_fd(), PollFlags::POLLIN)));
        let sources = self.sources.iter();
        fds.extend(sources.map(|source| PollFd::new(source.as_fd(), PollFlags::POLLIN)));
        let overdue = self.sources.iter().filter_map(Source::deadline);
        let timeout = self.stop.timeout(overdue.chain(crowded_until).min());
        match poll(&mut fds, timeout) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => return Err(Failure::Wait(errno)),
        }
        let mut ready = fds.iter().map(|fd| fd.any() == Some(true));
        let mut next = || ready.next() == Some(true);
        // The signal; stop is asked itself, since it knows the deadline too.
        next();
        Ok(Ready {
            nobody_reads: shown.is_some() && next(),
            listener: listener.is_some() && next(),
            sources: ready.collect(),
        })
    }

    /// Takes whoever has connected.
    fn accept(&mut self) {
        let Some(listener) = &self.listener else { return };
        loop {
            match listener.accept() {
                Ok((connection, _)) if connection.set_nonblocking(true).is_ok() => {
                    self.sources.push(Source::connection(connection.into()));
                }
                Ok(_) => {}
                Err(error) => {
                    let errno = error.raw_os_error().map(Errno::from_raw);
                    let crowded = [Errno::EMFILE, Errno::ENFILE, Errno::ENOMEM, Errno::ENOBUFS];
                    if errno.is_some_and(|errno| crowded.contains(&errno)) {
                        self.crowded_until = Instant::now().checked_add(CROWDED);
                    }
                    if errno != Some(Errno::EINTR) {
                        return;
                    }
                }
            }
        }
    }

    /// Reads once from each source that `ready` names, and reports. Whether anything was there.
    fn read(&mut self, ready: impl Iterator<Item = bool>) -> Result<bool, Failure> {
        let Self { sources, report, room, wanted, stop, .. } = self;
        let mut ready = ready.chain(std::iter::repeat(false));
        let mut result = Ok(());
        let mut found = false;
        sources.retain_mut(|source| {
            let mut state = State::Drained;
            if ready.next() == Some(true) {
                state = source.read(room, *wanted, &mut |arrival| report.take(arrival));
            }
            source.take_overdue(*wanted, &mut |arrival| report.take(arrival));
            if result.is_ok() {
                result = report.flush(stop);
            }
            found |= state == State::Open;
            state != State::Closed
        });
        result.map(|()| found)
    }

    /// What applications wrote before the end is taken; nobody finds the node meanwhile.
    fn take_the_rest(&mut self) -> Result<(), Failure> {
        self.node.remove();
        for _ in 0..LAST_ROUNDS {
            self.accept();
            if !self.read(std::iter::repeat(true))? || self.report.is_full() {
                break;
            }
        }
        Ok(())
    }
}

struct Ready {
    nobody_reads: bool,
    listener: bool,
    sources: Vec<bool>,
}
