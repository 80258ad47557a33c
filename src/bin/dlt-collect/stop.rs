//! Why the program ends: a signal, or its time.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::PollTimeout;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// Signals are read where the program waits anyway, so none comes between two steps.
pub struct Stop {
    signals: SignalFd,
    deadline: Option<Instant>,
}

impl Stop {
    /// From now on SIGINT, SIGTERM and SIGHUP no longer kill.
    pub fn new(time: Option<Duration>) -> Result<Self, Errno> {
        let mut mask = SigSet::empty();
        for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
            mask.add(signal);
        }
        mask.thread_block()?;
        let signals = SignalFd::with_flags(&mask, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        Ok(Self { signals, deadline: time.and_then(|time| Instant::now().checked_add(time)) })
    }

    /// Whether it is time. A signal is told once.
    pub fn has_come(&self) -> bool {
        self.signals.read_signal().is_ok_and(|signal| signal.is_some())
            || self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// How long to wait: up to the end, or to something that comes before.
    pub fn timeout(&self, before: Option<Instant>) -> PollTimeout {
        let Some(next) = self.deadline.into_iter().chain(before).min() else {
            return PollTimeout::NONE;
        };
        // A millisecond more, since poll(2) does not know shorter times.
        let left = next.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
        PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.signals.as_fd()
    }
}
