//! A look at records without taking them: for what is to be seen of them even while the consumer
//! has nowhere to put them.

use crate::ring::slot::State;
use crate::ring::{Position, Ring, SLOT_PAYLOAD};

/// Sees every record once, in order. It waits where one is not committed yet; records that are
/// freed before it comes to them it misses.
#[derive(Debug)]
pub struct Follower {
    seen: Position,
    copy: Vec<u8>,
}

impl Follower {
    /// Sees what is in the ring, and what comes.
    pub fn new(ring: &Ring) -> Self {
        Self { seen: ring.head(), copy: Vec::new() }
    }

    /// Passes over everything below `position`.
    pub fn skip_to(&mut self, position: Position) {
        self.seen = self.seen.max(position);
    }

    /// Calls `look` with the bytes of each record below `until`, head and body, padded to whole
    /// words, and the number of bytes that count.
    pub fn follow(&mut self, ring: &Ring, until: Position, mut look: impl FnMut(&[u8], usize)) {
        self.skip_to(ring.head());
        while self.seen < until {
            let at = self.seen;
            let word = match ring.slot(at).look(ring.order, at) {
                State::Unknown => return,
                State::Overrun => {
                    self.seen = ring.head().max(at + 1);
                    continue;
                }
                State::Committed(word) | State::Gone(word) => word,
            };
            let len = word.len();
            self.copy.resize(len.next_multiple_of(8), 0);
            for (at, piece) in (at..).zip(self.copy.chunks_mut(SLOT_PAYLOAD)) {
                ring.slot(at).copy_to(piece);
            }
            // As in a sequence lock: the copy is whole if its slots were not free at the end of it.
            crate::sync::atomic::fence(crate::sync::atomic::Ordering::Acquire);
            if ring.head() <= at {
                look(&self.copy, len);
            }
            self.seen = at + word.slots();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn bodies(follower: &mut Follower, ring: &Ring) -> Vec<Vec<u8>> {
        let mut seen = Vec::new();
        follower.follow(ring, ring.tail(), |record, len| seen.push(record[24..len].to_vec()));
        seen
    }

    #[test]
    fn every_record_is_seen_once_and_stays_in_the_ring() {
        let ring = Ring::new(16);
        let mut follower = Follower::new(&ring);
        let _ = ring.push([0; 3], b"one", false).expect("room");
        let _ = ring.push([0; 3], &[7; 200], false).expect("room");
        assert_eq!(bodies(&mut follower, &ring), [b"one".to_vec(), vec![7; 200]]);
        assert!(bodies(&mut follower, &ring).is_empty());
        assert_eq!(ring.count_waiting(), 2);
    }

    #[test]
    fn what_was_evicted_before_it_was_seen_is_missed() {
        let ring = Ring::new(16);
        let mut follower = Follower::new(&ring);
        for number in 0..40u8 {
            let _ = ring.push_evicting([0; 3], &[number], false, |_| {}).expect("room");
        }
        let seen = bodies(&mut follower, &ring);
        assert_eq!(seen.last(), Some(&vec![39]));
        assert!(seen.len() <= 16);
    }

    #[test]
    fn a_record_not_committed_is_waited_for() {
        let ring = Ring::new(16);
        let mut follower = Follower::new(&ring);
        let _stalled = ring.stall_for_test(3, false).expect("room");
        let _ = ring.push([0; 3], b"two", false).expect("room");
        assert!(bodies(&mut follower, &ring).is_empty());
    }
}
