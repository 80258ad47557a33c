//! The bounded ring between the threads that log and the one worker: slots of 128 bytes in one
//! block, reserved by one compare-and-swap of `tail`. It knows bytes, not DLT. It must not take a
//! lock, touch the heap after [`Ring::new`], or make a system call but in [`Ring::wait_for_room`]
//! and in waking those who stand there.
//!
//! A record takes as many consecutive slots as it needs. The word of its first slot says, for the
//! one position it was written for, whether it is committed, consumed or dead, so what an earlier
//! lap left behind is never taken for anything. The lap in the word is the sequence number of
//! D. Vyukov's bounded queue; reservation of runs and eviction from the front are ours.
//!
//! ```
//! use dlt::ring::{Consumer, Ring, Sink};
//!
//! struct Bytes(Vec<u8>, usize);
//! impl Sink for Bytes {
//!     fn room(&mut self, len: usize) -> Option<&mut [u8]> {
//!         self.0.resize(self.1 + len.next_multiple_of(8), 0);
//!         self.0.get_mut(self.1..)
//!     }
//!     fn claimed(&mut self, len: usize) {
//!         self.1 += len;
//!     }
//! }
//!
//! let ring = Ring::new(64);
//! let mut consumer = Consumer::new(&ring);
//! ring.push([1, 2, 3], b"body", false).unwrap();
//! let mut bytes = Bytes(Vec::new(), 0);
//! let until = consumer.observe(&ring);
//! assert_eq!(consumer.pass(&ring, until, &mut bytes).delivered, 1);
//! assert_eq!(&bytes.0[24..28], b"body");
//! ```

mod consumer;
mod doorbell;
mod evict;
mod follower;
#[cfg(all(loom, test))]
mod loom_tests;
mod room;
mod slot;
#[cfg(all(test, not(loom)))]
mod tests;

use core::ptr;
use std::alloc::{Layout, handle_alloc_error};

use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{CachePadded, about_to_write, load_in_total_order};

pub use consumer::{Consumer, Pass, Sink};
pub use doorbell::{Doorbell, Sleep};
pub use follower::Follower;
pub use room::Full;
pub use slot::{SHORT_BODY, SLOT_PAYLOAD};

use evict::Eviction;
use room::Gate;
use slot::{Slot, State, Word};

/// Bytes of the three words that the caller puts in front of the body.
pub const RECORD_HEAD: usize = 24;

/// Bytes of a slot: a word and its share of records.
pub const RECORD_SLOT: usize = SLOT_PAYLOAD + 8;

/// The longest record the ring's words can tell, head and body.
pub const RECORD_MAX: usize = slot::LEN_MAX;

/// Slots between the one that is written and the one whose lines are sent for.
const AHEAD: usize = 8;

/// A place in the ring, counted in slots since the start; never wraps.
pub type Position = u64;

/// A ring of slots with many producers and one [`Consumer`].
pub struct Ring {
    slots: Box<[Slot]>,
    /// Logarithm of the number of slots.
    order: u32,
    front: CachePadded<Front>,
    /// Everything below is free for the next lap. Moved by the consumer and by evictors.
    head: CachePadded<AtomicU64>,
    gate: CachePadded<Gate>,
    eviction: CachePadded<Eviction>,
}

/// What every producer touches: one line.
struct Front {
    /// The next position to be reserved.
    tail: AtomicU64,
    /// Up to here ordinary records are reserved without a look at `head`. Never beyond
    /// `head + slots - reserve`; raised in steps, so that a ring that fills up is noticed on the
    /// way.
    soft: AtomicU64,
}

/// A slot that could be reserved a moment ago.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    tail: Position,
    len: usize,
}

/// A slot that waits for its record, and with it everything behind: the next thing to do is
/// [`Ring::write_short`].
#[derive(Debug)]
#[must_use = "the consumer goes round a slot that is never written for ever"]
pub struct Reserved {
    at: Position,
    len: usize,
}

/// A record is in the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a crowded ring asks for a napping worker to be woken"]
pub struct Pushed {
    /// Its first slot.
    pub position: Position,
    /// This push looked at the room left and found more than half of it taken: a napping worker
    /// should be woken.
    pub crowded: bool,
}

/// How many bytes and slots a record takes.
#[derive(Clone, Copy)]
struct Extent {
    len: usize,
    slots: u64,
}

impl Extent {
    #[inline]
    fn of(body: usize) -> Option<Self> {
        let len = RECORD_HEAD + body;
        if len <= SLOT_PAYLOAD {
            return Some(Self { len, slots: 1 });
        }
        (len <= RECORD_MAX).then(|| Self { len, slots: slot::slots_of(len) })
    }
}

impl Ring {
    /// A ring of `slots` slots (rounded up to a power of two), every page of it written, so that
    /// no push meets a page fault. Where there is no memory for it the process ends.
    pub fn new(slots: usize) -> Self {
        Self::try_new(slots).unwrap_or_else(|| handle_alloc_error(Layout::new::<Slot>()))
    }

    /// The same; `None` where there is no memory for it.
    pub fn try_new(slots: usize) -> Option<Self> {
        let count = slots.checked_next_power_of_two()?;
        let mut slots = Vec::new();
        slots.try_reserve_exact(count).ok()?;
        // What its consumer is going to need has to be there, too.
        Consumer::room_for(count)?;
        slots.extend((0..count).map(|_| Slot::new()));
        let slots: Box<[Slot]> = slots.into_boxed_slice();
        // The compiler may have turned zeroes into fresh pages of the kernel, which are not there
        // before they are written.
        #[cfg(not(loom))]
        for slot in &slots {
            slot.word.store(Word::NONE, Ordering::Relaxed);
        }
        Some(Self {
            order: slots.len().trailing_zeros(),
            slots,
            front: CachePadded::new(Front { tail: AtomicU64::new(0), soft: AtomicU64::new(0) }),
            head: CachePadded::new(AtomicU64::new(0)),
            gate: CachePadded::new(Gate::new()),
            eviction: CachePadded::new(Eviction::new()),
        })
    }

    /// The number of slots.
    pub fn capacity(&self) -> usize {
        self.slots.len()
    }

    /// The next position to be reserved.
    pub fn tail(&self) -> Position {
        // SeqCst pairs with the CAS in reserve(): see Doorbell, and Consumer::observe.
        load_in_total_order(&self.front.tail)
    }

    /// The slots between head and tail: taken by records, whether committed or not.
    pub fn used(&self) -> usize {
        // Head first: it never passes the tail of a later moment.
        let head = self.head();
        self.tail().saturating_sub(head).min(self.size()) as usize
    }

    /// The most slots ever used, as seen when room was looked for and by the consumer.
    pub fn high_water(&self) -> usize {
        self.gate.high_water() as usize
    }

    /// Stores a record of `head` and `body`, or refuses it when there is no room. The last
    /// sixteenth of the ring takes only what is `urgent`.
    pub fn push(&self, head: [u64; 3], body: &[u8], urgent: bool) -> Result<Pushed, Full> {
        let Some(extent) = Extent::of(body.len()) else {
            return Err(Full::NEVER);
        };
        let pushed = self.reserve(extent, urgent)?;
        self.publish(pushed.position, extent, head, body);
        Ok(pushed)
    }

    /// The next slot, for a record with a body of `len` bytes that fits into one, if it can be had
    /// without a look at the consumer for all that is known now.
    #[inline(always)]
    pub fn next_place(&self, len: usize) -> Option<Place> {
        if len > SHORT_BODY {
            return None;
        }
        let tail = self.front.tail.load(Ordering::SeqCst);
        // Acquire as in reserve().
        (tail < self.front.soft.load(Ordering::Acquire)).then_some(Place { tail, len })
    }

    /// Reserves that slot, or if others were quicker the next one that can still be had so.
    #[inline(always)]
    pub fn take(&self, place: Place) -> Option<Reserved> {
        let Place { mut tail, len } = place;
        loop {
            // SeqCst as in reserve(). `soft` never falls, so where there was room there is.
            match self.front.tail.compare_exchange(
                tail,
                tail + 1,
                Ordering::SeqCst,
                Ordering::SeqCst,
            ) {
                Ok(at) => return Some(Reserved { at, len }),
                Err(now) if now < self.front.soft.load(Ordering::Acquire) => tail = now,
                Err(_) => return None,
            }
        }
    }

    /// The three in a row: [`next_place`](Self::next_place), [`take`](Self::take) and
    /// [`write_short`](Self::write_short).
    pub fn push_at_once(
        &self,
        head: [u64; 3],
        body: &[u8; SHORT_BODY],
        len: usize,
    ) -> Option<Position> {
        let reserved = self.take(self.next_place(len)?)?;
        let position = reserved.at;
        self.write_short(reserved, head, body);
        Some(position)
    }

    /// Stores a record into its slot: `head`, and of `body` as many bytes as were announced.
    #[inline(always)]
    pub fn write_short(&self, reserved: Reserved, head: [u64; 3], body: &[u8; SHORT_BODY]) {
        let Reserved { at, len } = reserved;
        let slot = self.slot(at);
        Self::send_for_slots_ahead(slot);
        slot.fill_short(head, body, len);
        slot.commit(Word::committed(self.order, at, RECORD_HEAD + len));
    }

    /// Has the next slots brought here to be written. For who has not pushed for a while: since then
    /// the consumer may have had them fetched, as processors fetch what lies behind what is read.
    #[cold]
    #[inline(never)]
    pub fn send_for_next_slots(&self) {
        let tail = self.front.tail.load(Ordering::Relaxed); // a guess
        for at in tail..tail + AHEAD as u64 {
            let slot = self.slot(at);
            about_to_write(slot);
            about_to_write(slot.second_line());
        }
    }

    /// Whether there is no room for a record with this body now.
    pub fn is_full_for(&self, body: usize, urgent: bool) -> bool {
        let Some(extent) = Extent::of(body) else { return true };
        let tail = self.tail();
        tail + extent.slots > self.front.soft.load(Ordering::Acquire) // as in reserve()
            && self.look_at_head(tail, extent, urgent).is_err()
    }

    /// Stores a record, giving up the oldest ones for it when there is no room. `evicted` is told
    /// the first head word of each record that this call gave up. Fails where the oldest record is
    /// not committed yet, and while the consumer is in the middle of a pass that began before
    /// anybody asked for eviction ([`allow_eviction`](Self::allow_eviction)).
    #[inline]
    pub fn push_evicting(
        &self,
        head: [u64; 3],
        body: &[u8],
        urgent: bool,
        mut evicted: impl FnMut(u64),
    ) -> Result<Pushed, Full> {
        let Some(extent) = Extent::of(body.len()) else {
            return Err(Full::NEVER);
        };
        let pushed = loop {
            match self.reserve(extent, urgent) {
                Ok(pushed) => break pushed,
                Err(full) => self.evict_for(full, extent, urgent, &mut evicted)?,
            }
        };
        self.publish(pushed.position, extent, head, body);
        Ok(pushed)
    }

    /// The committed records nobody has consumed or evicted. Looks at every slot in use; exact at
    /// rest.
    pub fn count_waiting(&self) -> usize {
        let tail = self.tail();
        let mut at = self.head();
        let mut waiting = 0;
        while at < tail {
            match self.slot(at).look(self.order, at) {
                State::Committed(word) => {
                    waiting += 1;
                    at += word.slots();
                }
                State::Gone(word) => at += word.slots(),
                State::Unknown => at += 1,
                State::Overrun => at = self.head().max(at + 1),
            }
        }
        waiting
    }

    /// Takes the slots of a record and never commits them by itself: a thread stopped in the
    /// middle of a push.
    #[doc(hidden)]
    pub fn stall_for_test(&self, body: usize, urgent: bool) -> Result<StalledForTest, Full> {
        let extent = Extent::of(body).ok_or(Full::NEVER)?;
        let position = self.reserve(extent, urgent)?.position;
        Ok(StalledForTest { position, extent })
    }

    /// Takes `extent.slots` positions from tail on.
    #[inline]
    fn reserve(&self, extent: Extent, urgent: bool) -> Result<Pushed, Full> {
        let mut tail = self.front.tail.load(Ordering::SeqCst);
        let mut crowded = false;
        loop {
            let end = tail + extent.slots;
            // Acquire pairs with the Release in look_at_head(): whoever raised `soft` had seen
            // head there, hence the consumer done with these slots.
            if end > self.front.soft.load(Ordering::Acquire) {
                crowded |= self.look_at_head(tail, extent, urgent)?;
            }
            // SeqCst pairs with tail(): a worker about to sleep sees this position, or this thread
            // sees it asleep. Its Release carries what this thread committed before to whoever
            // observes this tail.
            match self.front.tail.compare_exchange_weak(
                tail,
                end,
                Ordering::SeqCst,
                Ordering::SeqCst,
            ) {
                Ok(position) => return Ok(Pushed { position, crowded }),
                Err(now) => tail = now,
            }
        }
    }

    /// Whether `extent` fits behind `tail`; if so, whether the ring is more than half full.
    #[cold]
    #[inline(never)]
    fn look_at_head(&self, tail: Position, extent: Extent, urgent: bool) -> Result<bool, Full> {
        // After tail was read: then "full" was true at this moment.
        let head = self.head();
        let end = tail + extent.slots;
        let limit = self.limit(urgent);
        if end > head + limit {
            return Err(if extent.slots > limit {
                Full::NEVER
            } else {
                self.gate.full(tail, head)
            });
        }
        // Release pairs with the Acquire in reserve(): passes on what reading head has shown.
        let soft = (end + (self.size() / 8).max(1)).min(head + self.limit(false));
        self.front.soft.fetch_max(soft, Ordering::AcqRel);
        let used = end.saturating_sub(head);
        self.gate.saw_used(used);
        Ok(used > self.size() / 2)
    }

    /// Copies a record into the slots reserved for it and commits it.
    fn publish(&self, at: Position, extent: Extent, head: [u64; 3], body: &[u8]) {
        let first = self.slot(at);
        Self::send_for_slots_ahead(first);
        let rest = first.fill(head, body);
        for (at, piece) in (at + 1..).zip(rest.chunks(SLOT_PAYLOAD)) {
            self.slot(at).fill_on(piece);
        }
        first.commit(Word::committed(self.order, at, extent.len));
    }

    /// The consumer had these lines last. By the time a slot so far ahead is written they are here,
    /// and the next reservation does not have to wait for that.
    ///
    /// Where the ring ends that is memory of others', and the first slots of the next lap are not
    /// sent for: that costs less than to look.
    #[inline(always)]
    fn send_for_slots_ahead(slot: &Slot) {
        let ahead = ptr::from_ref(slot).wrapping_add(AHEAD);
        about_to_write(ahead);
        about_to_write(ahead.wrapping_byte_add(size_of::<Slot>() / 2));
    }

    #[inline(always)]
    fn slot(&self, at: Position) -> &Slot {
        let index = at as usize & (self.slots.len() - 1);
        // SAFETY: Ring::new makes the number of slots a power of two, so the mask keeps the index
        // below it.
        unsafe { self.slots.get_unchecked(index) }
    }

    fn head(&self) -> Position {
        // SeqCst pairs with the CAS in move_head(), and orders this after the read of tail.
        self.head.load(Ordering::SeqCst)
    }

    /// Frees everything below `to`, unless somebody has already.
    fn move_head(&self, from: Position, to: Position) -> bool {
        // Release pairs with the Acquire in head(): reads and claims of these slots come before
        // anything that is written there next. SeqCst for the gate: see Ring::wait_for_room.
        self.head.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    fn size(&self) -> u64 {
        self.slots.len() as u64
    }

    /// The slots that may be in use at most.
    fn limit(&self, urgent: bool) -> u64 {
        if urgent { self.size() } else { self.size() - self.size() / 16 }
    }
}

impl core::fmt::Debug for Ring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ring")
            .field("capacity", &self.capacity())
            .field("used", &self.used())
            .finish_non_exhaustive()
    }
}

/// A record whose slots are reserved and not committed.
#[doc(hidden)]
pub struct StalledForTest {
    position: Position,
    extent: Extent,
}

impl StalledForTest {
    /// Its first slot.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Goes on with the push. `body` has the length that was announced.
    pub fn commit(self, ring: &Ring, head: [u64; 3], body: &[u8]) {
        assert_eq!(self.extent.len, RECORD_HEAD + body.len());
        ring.publish(self.position, self.extent, head, body);
    }
}
