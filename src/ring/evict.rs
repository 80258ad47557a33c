//! Overwrite: producers that find no room give up the oldest records. Always the record at head,
//! and the decision is one compare-and-swap of its word, so it is either evicted once or consumed.

use crate::ring::slot::State;
use crate::ring::{Extent, Full, Position, Ring};

/// Records given up at once, so that not every push into a full ring has to.
const AT_ONCE: u64 = 8;

impl Ring {
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
