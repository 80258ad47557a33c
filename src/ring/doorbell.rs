//! Waking the worker. It says that it sleeps by an epoch; every producer rings for itself, once an
//! epoch, so a thread that stops on its way to the bell strands nobody. The bell itself (an
//! eventfd) is the caller's.
//!
//! Worker: [`prepare`](Doorbell::prepare), then look at [`Ring::tail`](crate::ring::Ring::tail)
//! and whatever else may have come, then poll, then [`awake`](Doorbell::awake). Prepare again
//! before every poll. Producer: push, then [`should_ring`](Doorbell::should_ring).

use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{CachePadded, load_in_total_order};

const KIND_BITS: u32 = 2;
const KIND_MASK: u64 = (1 << KIND_BITS) - 1;
const AWAKE: u64 = 0;

/// How the worker sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Sleep {
    /// For a moment: only what is urgent wakes it.
    Napping = 1,
    /// Until something happens.
    Parked = 2,
}

/// Whether the worker sleeps, and since when.
#[derive(Debug)]
pub struct Doorbell {
    /// 0 awake, else `epoch << 2 | kind`. Epochs start at 1 and are never used twice. Written by
    /// the worker only.
    sleep: CachePadded<AtomicU64>,
    /// The last epoch used. Only the worker's; atomic to be shared.
    epoch: AtomicU64,
}

impl Doorbell {
    /// The worker is awake.
    pub fn new() -> Self {
        Self { sleep: CachePadded::new(AtomicU64::new(AWAKE)), epoch: AtomicU64::new(0) }
    }

    /// The worker is about to sleep: everybody may ring once more.
    pub fn prepare(&self, kind: Sleep) {
        let epoch = self.epoch.load(Ordering::Relaxed) + 1;
        self.epoch.store(epoch, Ordering::Relaxed);
        // SeqCst, as is the look at tail that follows, the producers' CAS of tail and their load
        // below: the worker sees the new tail, or the producer sees the worker asleep.
        self.sleep.swap(epoch << KIND_BITS | kind as u64, Ordering::SeqCst);
    }

    /// The worker no longer sleeps. Who has not heard of it rings in vain, no more.
    pub fn awake(&self) {
        self.sleep.store(AWAKE, Ordering::Release);
    }

    /// Whether nobody who has just pushed needs to ring: the worker is awake, or naps and is not
    /// `wanted` at once.
    #[inline(always)]
    pub fn is_quiet(&self, wanted: impl FnOnce() -> bool) -> bool {
        // SeqCst pairs with prepare(): see there.
        let sleep = load_in_total_order(&self.sleep);
        sleep == AWAKE || (sleep & KIND_MASK == Sleep::Napping as u64 && !wanted())
    }

    /// Whether the caller, who has just pushed, must ring. `hurry`: the record is urgent or the
    /// ring crowded. `last_epoch` is the calling thread's own, at first 0.
    #[inline]
    pub fn should_ring(&self, hurry: bool, last_epoch: &mut u64) -> bool {
        // SeqCst pairs with prepare(): see there.
        let sleep = load_in_total_order(&self.sleep);
        sleep != AWAKE && Self::first_ring(sleep, hurry, last_epoch)
    }

    #[cold]
    fn first_ring(sleep: u64, hurry: bool, last_epoch: &mut u64) -> bool {
        let epoch = sleep >> KIND_BITS;
        let wanted = hurry || sleep & KIND_MASK == Sleep::Parked as u64;
        if !wanted || epoch == *last_epoch {
            return false;
        }
        *last_epoch = epoch;
        true
    }
}

impl Default for Doorbell {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn nobody_rings_while_the_worker_is_awake() {
        let bell = Doorbell::new();
        let mut last = 0;
        assert!(!bell.should_ring(true, &mut last));
        bell.prepare(Sleep::Parked);
        bell.awake();
        assert!(!bell.should_ring(true, &mut last));
    }

    #[test]
    fn every_thread_rings_once_for_a_parked_worker() {
        let bell = Doorbell::new();
        let (mut one, mut other) = (0, 0);
        bell.prepare(Sleep::Parked);
        assert!(bell.should_ring(false, &mut one));
        assert!(!bell.should_ring(true, &mut one));
        assert!(bell.should_ring(false, &mut other));
        bell.prepare(Sleep::Parked);
        assert!(bell.should_ring(false, &mut one));
    }

    #[test]
    fn a_nap_is_broken_only_for_what_is_urgent_and_only_once() {
        let bell = Doorbell::new();
        let mut last = 0;
        bell.prepare(Sleep::Napping);
        assert!(!bell.should_ring(false, &mut last));
        assert!(bell.should_ring(true, &mut last));
        assert!(!bell.should_ring(true, &mut last));
    }
}
