//! Overwrite: producers that find no room give up the oldest records. Always the record at head,
//! and the decision is one compare-and-swap of its word, so it is either evicted once or consumed.
//!
//! As long as nobody has asked for this, the consumer takes records without that compare-and-swap:
//! it costs a bus lock a record, and takes the slot's line away from whoever writes there next.

use crate::ring::slot::State;
use crate::ring::{Extent, Full, Position, Ring};
use crate::sync::atomic::{AtomicU8, Ordering};

/// Whether records may be evicted: then the consumer has to claim each.
pub(super) struct Eviction(AtomicU8);

/// Nobody has asked for it, and the consumer is not at work.
const IDLE: u8 = 0;
/// The consumer takes records without claiming them.
const PASSING: u8 = 1;
/// The same, and somebody has asked for it meanwhile.
const WANTED: u8 = 2;
/// Records may be evicted, from now on.
const ALLOWED: u8 = 3;

impl Eviction {
    pub(super) fn new() -> Self {
        Self(AtomicU8::new(IDLE))
    }

    /// Asks for it. False: not before the consumer's present pass is over.
    pub(super) fn allow(&self) -> bool {
        // Acquire as below. So it is nearly always, and a look takes the line away from nobody.
        if self.0.load(Ordering::Acquire) == ALLOWED {
            return true;
        }
        let change = |from, to| {
            // Release and Acquire pair with end_pass(): who may evict sees head beyond all that was
            // taken unclaimed. Later evictors read it from here.
            self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
        };
        match change(IDLE, ALLOWED) {
            Ok(_) | Err(ALLOWED) => true,
            Err(_) => {
                let wanted = change(PASSING, WANTED);
                // It may have ended just now.
                wanted == Err(ALLOWED) || wanted == Err(IDLE) && change(IDLE, ALLOWED).is_ok()
            }
        }
    }

    /// The consumer begins a pass. Whether it has to claim what it takes.
    pub(super) fn begin_pass(&self) -> bool {
        let begun = self.0.compare_exchange(IDLE, PASSING, Ordering::Acquire, Ordering::Acquire);
        begun == Err(ALLOWED)
    }

    /// The pass is over, and head moved. Not to be called when records had to be claimed.
    pub(super) fn end_pass(&self) {
        // Release pairs with the Acquire in allow().
        let ended = self.0.compare_exchange(PASSING, IDLE, Ordering::Release, Ordering::Relaxed);
        if ended.is_err() {
            self.0.store(ALLOWED, Ordering::Release);
        }
    }
}

/// Records given up at once, so that not every push into a full ring has to.
const AT_ONCE: u64 = 8;

impl Ring {
    /// From now on [`push_evicting`](Self::push_evicting) may evict; without this its first call
    /// asks for it, which may come too late for that call.
    pub fn allow_eviction(&self) {
        self.eviction.allow();
    }

    /// Makes room for `extent`, which did not fit as `full` says.
    #[cold]
    #[inline(never)]
    pub(super) fn evict_for(
        &self,
        full: Full,
        extent: Extent,
        urgent: bool,
        evicted: &mut dyn FnMut(u64),
    ) -> Result<(), Full> {
        if extent.slots > self.limit(urgent) {
            return Err(Full::NEVER);
        }
        if !self.eviction.allow() {
            return Err(full);
        }
        let enough = (full.tail() + extent.slots).saturating_sub(self.limit(urgent));
        let mut more = AT_ONCE.min(self.size() / 16);
        loop {
            let head = self.head();
            if head >= enough {
                if more == 0 {
                    return Ok(());
                }
                more -= 1;
            }
            if head >= full.tail() {
                return Ok(());
            }
            if !self.evict_at(head, evicted) && head < enough {
                return Err(Full::behind_a_gap(head));
            }
        }
    }

    /// Gives up the record at `head`, or helps whoever is about to. False: it is not committed.
    fn evict_at(&self, head: Position, evicted: &mut dyn FnMut(u64)) -> bool {
        let slot = self.slot(head);
        match slot.look(self.order, head) {
            State::Committed(word) => {
                // Before the claim; if that succeeds, nobody had touched the slot.
                let owner = slot.first_word();
                if slot.claim_dead(word) {
                    evicted(owner);
                    slot.bury(word);
                    self.move_head(head, head + word.slots());
                }
            }
            State::Gone(word) => {
                slot.await_burial(self.order, head);
                self.move_head(head, head + word.slots());
            }
            State::Unknown => return self.head() != head,
            State::Overrun => {}
        }
        true
    }
}
