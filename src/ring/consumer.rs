//! The one reader: walks committed records in order, remembers the gaps that producers in the
//! middle of a push leave, and goes on behind them.

use core::mem;

use crate::ring::slot::{State, Word};
use crate::ring::{Position, Ring, SLOT_PAYLOAD};
use crate::sync::load_as_of_now;

/// Where records go.
pub trait Sink {
    /// Room for a record of `len` bytes, rounded up to whole 8-byte words; `None` ends the pass
    /// before that record.
    fn room(&mut self, len: usize) -> Option<&mut [u8]>;

    /// The record is in the room, and about to be claimed. Every eviction that the sink can see
    /// counted now is that of an older record.
    fn copied(&mut self, len: usize) {
        let _ = len;
    }

    /// The record in the room given last is the sink's. Not called when an evictor was first.
    fn claimed(&mut self, len: usize);
}

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pass {
    /// Records delivered.
    pub delivered: usize,
    /// Gaps left: runs of slots reserved and not committed.
    pub gaps: usize,
    /// The sink had no room for the next record.
    pub stopped: bool,
    /// Everything but gaps is delivered, and yet there is no room for ordinary records, or
    /// somebody waits for room. When this lasts, see [`Consumer::raise_wall`].
    pub walled: bool,
}

/// Slots reserved and not committed when they were looked at: `from..to`.
#[derive(Debug, Clone, Copy)]
struct Gap {
    from: Position,
    to: Position,
}

/// The only one that takes records out of a ring, apart from evictors.
#[derive(Debug)]
pub struct Consumer {
    /// Every position below has been walked.
    walked: Position,
    /// Ascending, apart from each other, all below `walked`: so a ring has no more of them than
    /// there is room for from the start.
    gaps: Vec<Gap>,
    /// Room for the gaps of the next pass.
    spare: Vec<Gap>,
    /// Head has moved since waiters were woken last.
    owes_wake: bool,
    /// Evictors may be at work during this pass.
    claims: bool,
}

enum Walk {
    Done,
    /// The sink had no room for the record here.
    Stopped(Position),
}

impl Consumer {
    /// The consumer of `ring`; there is one.
    pub fn new(ring: &Ring) -> Self {
        let most = Self::most_gaps(ring.capacity());
        Self {
            walked: ring.head(),
            gaps: Vec::with_capacity(most),
            spare: Vec::with_capacity(most),
            owes_wake: false,
            claims: true,
        }
    }

    /// Whether there is memory for the consumer of a ring of so many slots.
    pub(super) fn room_for(slots: usize) -> Option<()> {
        Vec::<[Gap; 2]>::new().try_reserve_exact(Self::most_gaps(slots)).ok()
    }

    fn most_gaps(slots: usize) -> usize {
        slots / 2 + 1
    }

    /// Tail, to be taken before anything else of a pass is looked at: what was committed before a
    /// position below it was reserved is then seen, so that order holds across threads.
    pub fn observe(&self, ring: &Ring) -> Position {
        // Acquire pairs with the CAS in Ring::reserve(), which carries what was committed before it.
        load_as_of_now(&ring.front.tail)
    }

    /// The first position not walked yet.
    pub fn walked(&self) -> Position {
        self.walked
    }

    /// Whether records were reserved below [`walked`](Self::walked) and not committed yet.
    pub fn has_gaps(&self) -> bool {
        !self.gaps.is_empty()
    }

    #[cfg(all(test, not(loom)))]
    pub(super) fn room_for_gaps(&self) -> usize {
        self.gaps.capacity() + self.spare.capacity()
    }

    /// Delivers what is committed below `until`, a tail observed before: the gaps first, then on
    /// from where the last pass ended. Frees what is done.
    pub fn pass(&mut self, ring: &Ring, until: Position, sink: &mut impl Sink) -> Pass {
        let mut delivered = 0;
        self.claims = ring.eviction.begin_pass();
        let head = ring.head();
        ring.gate.saw_used(until.saturating_sub(head).min(ring.size()));

        self.spare.clear();
        let gaps = mem::replace(&mut self.gaps, mem::take(&mut self.spare));
        let mut stopped = false;
        for gap in &gaps {
            // Evictors may have passed it.
            let from = gap.from.max(head);
            if stopped {
                self.keep(from, gap.to);
            } else if let Walk::Stopped(at) = self.walk(ring, from, gap.to, sink, &mut delivered) {
                self.keep(at, gap.to);
                stopped = true;
            }
        }
        self.spare = gaps;

        // In strides, so that a long pass frees as it goes.
        let stride = (ring.size() / 16).max(1);
        while !stopped && self.walked < until {
            let to = until.min(self.walked + stride);
            if let Walk::Stopped(at) = self.walk(ring, self.walked, to, sink, &mut delivered) {
                self.walked = at;
                stopped = true;
            }
            self.free(ring);
        }
        self.free(ring);
        if !self.claims {
            ring.eviction.end_pass();
        }

        let room = ring.limit(false).saturating_sub(ring.used() as u64);
        // Not for every few slots while more is to be delivered: a wake is a system call.
        if self.owes_wake && (!stopped || room >= ring.size() / 8) {
            self.owes_wake = false;
            ring.wake_waiters();
        }
        let only_gaps = !stopped && !self.gaps.is_empty() && ring.tail() == self.walked;
        Pass {
            delivered,
            gaps: self.gaps.len(),
            stopped,
            walled: only_gaps && (room == 0 || ring.gate.has_waiters()),
        }
    }

    /// Says that waiting for room is pointless until a gap closes: producers that find no room fail
    /// at once. Undone as soon as head moves.
    ///
    /// For the worker to call when [`Pass::walled`] has lasted for some 20 ms. Not at the first
    /// sight of it: a thread that is merely preempted in the middle of a push makes a wall too, and
    /// is back after a scheduling slice, before anybody need lose a record.
    pub fn raise_wall(&self, ring: &Ring) {
        ring.gate.raise_wall(self.walked);
        ring.wake_waiters();
    }

    /// Delivers what is committed in `from..to` and keeps the rest as gaps.
    fn walk(
        &mut self,
        ring: &Ring,
        from: Position,
        to: Position,
        sink: &mut impl Sink,
        delivered: &mut usize,
    ) -> Walk {
        let mut at = from;
        // Nothing is known of `open..at`.
        let mut open = from;
        while at < to {
            match ring.slot(at).look(ring.order, at) {
                State::Unknown => {
                    at += 1;
                    continue;
                }
                State::Committed(word) => {
                    self.keep(open, at);
                    // Behind a gap it stays in the ring, and must not be taken for one that waits.
                    let claims = self.claims || !self.gaps.is_empty();
                    match deliver(ring, at, word, sink, claims) {
                        None => return Walk::Stopped(at),
                        Some(claimed) => *delivered += usize::from(claimed),
                    }
                    at += word.slots();
                    // Now, should the sink panic at the next one: what is not claimed would be
                    // taken for one that waits.
                    self.walked = self.walked.max(at);
                }
                State::Gone(word) => {
                    self.keep(open, at);
                    ring.slot(at).await_burial_patiently(ring.order, at);
                    at += word.slots();
                }
                // The acquired word shows head at least behind this position.
                State::Overrun => at = ring.head().max(at + 1),
            }
            open = at;
        }
        self.keep(open, to);
        self.walked = self.walked.max(at);
        Walk::Done
    }

    fn keep(&mut self, from: Position, to: Position) {
        if from >= to {
            return;
        }
        match self.gaps.last_mut() {
            Some(last) if last.to == from => last.to = to,
            _ => self.gaps.push(Gap { from, to }),
        }
    }

    /// Moves head to the first gap, or to where the walk ended.
    fn free(&mut self, ring: &Ring) {
        let done = self.gaps.first().map_or(self.walked, |gap| gap.from);
        let mut head = ring.head();
        if head >= done {
            return;
        }
        // Before head moves, so that nobody finds the new head behind the old wall.
        ring.gate.clear_wall();
        // By CAS, as evictors move it too.
        while head < done && !ring.move_head(head, done) {
            head = ring.head();
        }
        self.owes_wake = true;
    }
}

/// Copies the record at `at` and, if `claims`, claims it. `None`: no room for it. False: an evictor
/// has it.
#[inline]
fn deliver(
    ring: &Ring,
    at: Position,
    word: Word,
    sink: &mut impl Sink,
    claims: bool,
) -> Option<bool> {
    let len = word.len();
    let room = sink.room(len)?.get_mut(..len.next_multiple_of(8))?;
    // Before the claim: afterwards the slots may be freed and written again.
    for (at, piece) in (at..).zip(room.chunks_mut(SLOT_PAYLOAD)) {
        ring.slot(at).copy_to(piece);
    }
    sink.copied(len);
    let claimed = !claims || ring.slot(at).claim_consumed(word);
    if claimed {
        sink.claimed(len);
    } else {
        ring.slot(at).await_burial_patiently(ring.order, at);
    }
    Some(claimed)
}
