//! What became of the messages.

use crate::instance::Instance;
use crate::ring::RECORD_SLOT;
use crate::sync::atomic::Ordering;

/// What became of the messages since the process started.
///
/// `submitted` = `delivered` + `waiting` + `lost`. Nothing in here is ever reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Statistics {
    /// Messages whose level was on and that were sent: the sum of the three following.
    pub submitted: u64,
    /// Messages that the kernel took for the daemon, or that were written to the file.
    pub delivered: u64,
    /// Messages kept for delivery.
    pub waiting: u64,
    /// Messages lost: the sum of the five following.
    pub lost: u64,
    /// Lost because there was no room.
    pub refused: u64,
    /// Lost to make room for newer ones ([`OverflowMode::Overwrite`](crate::types::OverflowMode)).
    pub evicted: u64,
    /// Lost because they were too long for the protocol.
    pub oversize: u64,
    /// Lost because the file was full.
    pub file_full: u64,
    /// Lost when the library was stopped, or with a context that was not registered any more.
    pub abandoned: u64,
    /// Connections made to the daemon after the first.
    pub reconnects: u32,
    /// Most bytes that ever waited at one time.
    pub high_water: u64,
    /// Bytes that can wait.
    pub capacity: u64,
    /// Failures of the library's own thread, which has gone on after each.
    pub failures: u32,
}

impl Statistics {
    #[doc(hidden)]
    /// Counts of `instance`: exact at rest. While messages are on their way, one that is just
    /// moving from the ring to the kernel may be missing from `submitted`, or be in it twice.
    pub fn of(instance: &Instance) -> Self {
        let (losses, progress) = (&instance.losses, &instance.progress);
        let lost = |count: &crate::sync::atomic::AtomicU64| count.load(Ordering::Acquire);
        let mut statistics = Self {
            delivered: progress.delivered.load(Ordering::Acquire),
            refused: losses.refused.sum(),
            evicted: losses.evicted.sum(),
            oversize: lost(&losses.oversize),
            file_full: lost(&losses.file_full),
            abandoned: lost(&losses.abandoned),
            waiting: instance.waiting(),
            reconnects: progress.reconnects.load(Ordering::Relaxed),
            high_water: (instance.ring.high_water() * RECORD_SLOT) as u64,
            capacity: (instance.ring.capacity() * RECORD_SLOT) as u64,
            failures: progress.failures.load(Ordering::Relaxed),
            ..Self::default()
        };
        statistics.lost = statistics.refused
            + statistics.evicted
            + statistics.oversize
            + statistics.file_full
            + statistics.abandoned;
        statistics.submitted = statistics.delivered + statistics.waiting + statistics.lost;
        statistics
    }
}
