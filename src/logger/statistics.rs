//! What became of the messages.

use crate::instance::Instance;
use crate::ring::RECORD_SLOT;
use crate::sync::atomic::Ordering;

/// Counts since the process started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Messages that passed the level check and were finished: the sum of the three following.
    pub submitted: u64,
    /// Taken by the kernel.
    pub delivered: u64,
    /// In the ring or in the worker's batch.
    pub waiting: u64,
    /// Lost, for whatever reason.
    pub lost: u64,
    /// ... since there was no room.
    pub refused: u64,
    /// ... to make room for newer ones.
    pub evicted: u64,
    /// ... since they were too long.
    pub oversize: u64,
    /// ... since the file was full.
    pub file_full: u64,
    /// ... when the library was stopped.
    pub abandoned: u64,
    /// Links made after the first.
    pub reconnects: u32,
    /// Most bytes of the ring ever used.
    pub high_water: u64,
    /// Bytes of the ring.
    pub capacity: u64,
}

impl Statistics {
    /// Counts of `instance`: exact at rest. While messages are on their way, one that is just
    /// moving from the ring to the kernel may be missing from `submitted`, or be in it twice.
    pub fn of(instance: &Instance) -> Self {
        let (losses, progress) = (&instance.losses, &instance.progress);
        let lost = |count: &crate::sync::atomic::AtomicU64| count.load(Ordering::Acquire);
        let mut statistics = Self {
            delivered: progress.delivered.load(Ordering::Acquire),
            refused: lost(&losses.refused),
            evicted: lost(&losses.evicted),
            oversize: lost(&losses.oversize),
            file_full: lost(&losses.file_full),
            abandoned: lost(&losses.abandoned),
            waiting: instance.waiting(),
            reconnects: progress.reconnects.load(Ordering::Relaxed),
            high_water: (instance.ring.high_water() * RECORD_SLOT) as u64,
            capacity: (instance.ring.capacity() * RECORD_SLOT) as u64,
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
