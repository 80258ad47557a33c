//! Where bytes come from: the FIFO that all applications share, or the connection of one.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use dlt::wire::outbound::{Arrival, FromApplication, Outbound};
use nix::errno::Errno;

use crate::applications::{Applications, Wanted};
use crate::ways::Ways;

/// How long the rest of a frame may take, when another one has come meanwhile.
const PATIENCE: Duration = Duration::from_millis(200);

/// Bytes that are read at a time: what a FIFO holds.
pub const READ: usize = 64 * 1024;

/// Whether more may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    /// Nothing to read at present.
    Drained,
    /// The application has closed its end.
    Closed,
}

/// One stream of frames.
pub struct Source {
    from: OwnedFd,
    /// None for a connection, which is its own way back.
    ways: Option<Ways>,
    parser: Outbound,
    applications: Applications,
    /// Since when the frame at the start has not been complete.
    waiting_since: Option<Instant>,
}

impl Source {
    pub fn fifo(from: OwnedFd, ways: Ways) -> Self {
        Self::new(from, Some(ways))
    }

    pub fn connection(from: OwnedFd) -> Self {
        Self::new(from, None)
    }

    fn new(from: OwnedFd, ways: Option<Ways>) -> Self {
        Self {
            from,
            ways,
            parser: Outbound::new(),
            applications: Applications::default(),
            waiting_since: None,
        }
    }

    /// Reads once, and takes every frame that is there.
    pub fn read(
        &mut self,
        room: &mut [u8],
        wanted: Wanted,
        take: &mut dyn FnMut(&Arrival<'_>),
    ) -> State {
        let state = match nix::unistd::read(&self.from, room) {
            Ok(0) => State::Closed,
            Ok(count) => {
                self.parser.feed(room.get(..count).unwrap_or_default());
                State::Open
            }
            Err(Errno::EAGAIN | Errno::EINTR) => State::Drained,
            Err(_) => State::Closed,
        };
        self.take_frames(wanted, take);
        if state == State::Closed {
            self.end(take);
        }
        state
    }

    /// No more bytes will be read.
    pub fn end(&mut self, take: &mut dyn FnMut(&Arrival<'_>)) {
        let rest = self.parser.end();
        if rest > 0 {
            take(&Arrival::Skipped(rest));
        }
    }

    /// When [`Self::take_overdue`] is to be called, if nothing comes before.
    pub fn deadline(&self) -> Option<Instant> {
        let deadline = self.waiting_since? + PATIENCE;
        (deadline > Instant::now()).then_some(deadline)
    }

    /// Takes the frames that stand behind one which does not get complete.
    pub fn take_overdue(&mut self, wanted: Wanted, take: &mut dyn FnMut(&Arrival<'_>)) {
        while self.waiting_since.is_some_and(|since| since.elapsed() >= PATIENCE)
            && self.parser.give_up_waiting()
        {
            self.take_frames(wanted, take);
        }
    }

    fn take_frames(&mut self, wanted: Wanted, take: &mut dyn FnMut(&Arrival<'_>)) {
        let Self { from, ways, parser, applications, waiting_since } = self;
        while let Some(arrival) = parser.next() {
            *waiting_since = None;
            take(&arrival);
            if let Arrival::Frame(frame) = arrival {
                answer(from, ways, applications, &frame, wanted);
            }
        }
        if parser.is_waiting() {
            waiting_since.get_or_insert_with(Instant::now);
        } else {
            *waiting_since = None;
        }
    }
}

impl AsFd for Source {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.from.as_fd()
    }
}

fn answer(
    from: &OwnedFd,
    ways: &mut Option<Ways>,
    applications: &mut Applications,
    frame: &FromApplication<'_>,
    wanted: Wanted,
) {
    if let FromApplication::RegisterApplication { pid, .. } = *frame
        && let Some(ways) = ways
    {
        ways.open(pid);
    }
    for answer in applications.hear(frame, wanted) {
        match ways {
            Some(ways) => ways.send(answer.pid, &answer.bytes),
            // A connection takes frames of this size whole or not at all, as a FIFO does.
            None => {
                let flags = nix::sys::socket::MsgFlags::MSG_DONTWAIT;
                let fd = std::os::fd::AsRawFd::as_raw_fd(from);
                let _ = nix::sys::socket::send(fd, &answer.bytes, flags);
            }
        }
    }
    if let FromApplication::UnregisterApplication { pid, .. } = *frame
        && let Some(ways) = ways
    {
        ways.close(pid);
    }
}
