//! One slot: a word that tells of a record, and 120 bytes held as atomic words. Word copies are
//! plain moves, and a copy that an evictor spoils is thrown away instead of being a data race.

use crate::ring::{Position, RECORD_HEAD};
use crate::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a record in one slot.
pub const SLOT_PAYLOAD: usize = WORDS * WORD_SIZE;

/// Most bytes of a body that shares a slot with its record's head.
pub const SHORT_BODY: usize = SLOT_PAYLOAD - RECORD_HEAD;
const _: () = assert!(SHORT_BODY == 12 * WORD_SIZE);

/// The largest length a word can hold.
pub(super) const LEN_MAX: usize = (1 << LEN_BITS) - 1;

const WORDS: usize = 15;
const WORD_SIZE: usize = 8;
const LEN_BITS: u32 = 20;
const LAP_SHIFT: u32 = LEN_BITS + 2;

const STATE_MASK: u64 = 3 << LEN_BITS;
const COMMITTED: u64 = 1 << LEN_BITS;
const CONSUMED: u64 = 2 << LEN_BITS;
const DEAD: u64 = 3 << LEN_BITS;
/// Dead, and the loss is counted. With a lap of its own this is no word of an empty slot.
const BURIED: u64 = 0;

/// About a microsecond.
const BURIAL_LOOKS: u32 = if cfg!(loom) { 1 } else { 64 };
/// A few scheduling slices, if the processors are busy.
const BURIAL_YIELDS: u32 = if cfg!(loom) { 1 } else { 128 };

/// The slots a record of `len` bytes takes.
pub(super) fn slots_of(len: usize) -> u64 {
    len.div_ceil(SLOT_PAYLOAD) as u64
}

/// `lap : 42 | state : 2 | len : 20` of the record that starts in a slot. The lap is
/// `position / slots + 1`, so nothing is said about a position before it is committed there, and
/// a word of zero says nothing at all. At fifteen million records a second through the smallest
/// ring the lap lasts nine years, through the usual one a hundred and fifty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u64);

impl Word {
    /// No record has started here yet.
    pub(super) const NONE: u64 = 0;

    #[inline]
    pub(super) fn committed(order: u32, at: Position, len: usize) -> u64 {
        lap_of(order, at) << LAP_SHIFT | COMMITTED | len as u64
    }

    /// Bytes of the record.
    pub(super) fn len(self) -> usize {
        (self.0 as usize) & LEN_MAX
    }

    /// Slots of the record; never zero.
    pub(super) fn slots(self) -> u64 {
        slots_of(self.len()).max(1)
    }

    fn is_committed(self) -> bool {
        self.0 & STATE_MASK == COMMITTED
    }

    /// Given up, and perhaps not counted yet.
    pub(super) fn is_dead(self) -> bool {
        self.0 & STATE_MASK == DEAD
    }

    fn with(self, state: u64) -> u64 {
        self.0 & !STATE_MASK | state
    }
}

fn lap_of(order: u32, at: Position) -> u64 {
    (at >> order) + 1
}

/// What a slot says about one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: not committed, or not the start of a record.
    Unknown,
    /// A record starts here and waits.
    Committed(Word),
    /// A record started here, and was consumed or evicted.
    Gone(Word),
    /// The slot is a whole lap further: head has passed the position.
    Overrun,
}

/// Two cache lines, fetched as a pair.
#[repr(C, align(128))]
pub(super) struct Slot {
    /// Of the record that starts here; see [`Word`].
    pub(super) word: AtomicU64,
    payload: [AtomicU64; WORDS],
}

impl Slot {
    pub(super) fn new() -> Self {
        Self {
            word: AtomicU64::new(Word::NONE),
            payload: core::array::from_fn(|_| AtomicU64::new(0)),
        }
    }

    /// Says that a record is here.
    #[inline]
    pub(super) fn commit(&self, word: u64) {
        // Release pairs with the Acquire in look(): publishes the payload.
        #[cfg(not(loom))]
        self.word.store(word, Ordering::Release);
        // loom does not know that nothing comes between the word a compare-and-swap has read and
        // the one it writes: it lets bury() undo a plain store that came after the claim.
        #[cfg(loom)]
        self.word.swap(word, Ordering::Release);
    }

    /// What the slot says about position `at`.
    #[inline]
    pub(super) fn look(&self, order: u32, at: Position) -> State {
        // Acquire pairs with the Release in Ring::publish(): the payload is there; and with the
        // claims: who finds a record gone may free its slots.
        let word = Word(self.word.load(Ordering::Acquire));
        let lap = lap_of(order, at);
        let seen = word.0 >> LAP_SHIFT;
        if seen == lap {
            if word.is_committed() { State::Committed(word) } else { State::Gone(word) }
        } else if seen < lap {
            State::Unknown
        } else {
            State::Overrun
        }
    }

    /// Claims the record for the consumer. False: an evictor was first.
    #[inline]
    pub(super) fn claim_consumed(&self, word: Word) -> bool {
        self.claim(word, CONSUMED)
    }

    /// Claims the record for an evictor. False: somebody was first.
    pub(super) fn claim_dead(&self, word: Word) -> bool {
        self.claim(word, DEAD)
    }

    /// Says that the loss of a record claimed dead is counted. Nothing happens if the slot was
    /// freed and taken meanwhile.
    pub(super) fn bury(&self, word: Word) {
        // Release pairs with the Acquire in look(): who sees it buried sees the count.
        let _ = self.word.compare_exchange(
            word.with(DEAD),
            word.with(BURIED),
            Ordering::Release,
            Ordering::Relaxed,
        );
    }

    /// Gives whoever claimed the record at `at` dead a moment to count it. Waits for nobody longer
    /// than that: an evictor may be stopped there. Whether it is counted.
    pub(super) fn await_burial(&self, order: u32, at: Position) -> bool {
        for _ in 0..BURIAL_LOOKS {
            match self.look(order, at) {
                State::Gone(word) if word.is_dead() => crate::sync::spin(),
                _ => return true,
            }
        }
        false
    }

    /// The same for the consumer, who may make system calls: an evictor that lost its processor is
    /// given time to come back, so that the numbers of messages are right.
    pub(super) fn await_burial_patiently(&self, order: u32, at: Position) {
        for _ in 0..BURIAL_YIELDS {
            if self.await_burial(order, at) {
                return;
            }
            crate::sync::give_way();
        }
    }

    #[inline]
    fn claim(&self, word: Word, state: u64) -> bool {
        // Release: the copy was made before; pairs with the Acquire in look() of whoever frees the
        // slots. One of all who try succeeds, as the word is never COMMITTED for this lap again.
        self.word
            .compare_exchange(word.0, word.with(state), Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Where the slot's second cache line begins.
    #[inline(always)]
    pub(super) fn second_line(&self) -> *const AtomicU64 {
        let [_, _, _, _, _, _, _, eighth, ..] = &self.payload;
        eighth
    }

    /// The first word of the record that starts here.
    pub(super) fn first_word(&self) -> u64 {
        let [first, ..] = &self.payload;
        first.load(Ordering::Relaxed)
    }

    /// Stores the head and what fits of the body; returns the rest of it.
    #[inline(always)]
    pub(super) fn fill<'body>(&self, head: [u64; 3], body: &'body [u8]) -> &'body [u8] {
        let [a, b, c, cells @ ..] = &self.payload;
        let [first, second, third] = head;
        a.store(first, Ordering::Relaxed);
        b.store(second, Ordering::Relaxed);
        c.store(third, Ordering::Relaxed);
        let (here, rest) =
            body.split_at_checked(cells.len() * WORD_SIZE).unwrap_or((body, Default::default()));
        store_bytes(cells, here);
        rest
    }

    /// Stores the head and the first `len` bytes of the body, and of what is behind them as much as
    /// makes the copy quick: four words at a time.
    #[inline(always)]
    pub(super) fn fill_short(&self, head: [u64; 3], body: &[u8; SHORT_BODY], len: usize) {
        let [a, b, c, cells @ ..] = &self.payload;
        let [first, second, third] = head;
        a.store(first, Ordering::Relaxed);
        b.store(second, Ordering::Relaxed);
        c.store(third, Ordering::Relaxed);
        let (cells, _) = cells.as_chunks::<4>();
        let (bytes, _) = body.as_chunks::<{ 4 * WORD_SIZE }>();
        let ([near, middle, far], [bytes, more, most]) = (cells, bytes) else { return };
        store_four(near, bytes);
        if len > 4 * WORD_SIZE {
            store_four(middle, more);
        }
        if len > 8 * WORD_SIZE {
            store_four(far, most);
        }
    }

    /// Stores bytes of a record that started in an earlier slot.
    pub(super) fn fill_on(&self, bytes: &[u8]) {
        store_bytes(&self.payload, bytes);
    }

    /// Copies payload words to as many whole words as `to` has.
    #[inline]
    pub(super) fn copy_to(&self, to: &mut [u8]) {
        let (words, _) = to.as_chunks_mut::<WORD_SIZE>();
        for (to, cell) in words.iter_mut().zip(&self.payload) {
            *to = cell.load(Ordering::Relaxed).to_le_bytes();
        }
    }
}

#[inline(always)]
fn store_four(cells: &[AtomicU64; 4], bytes: &[u8; 4 * WORD_SIZE]) {
    for (cell, word) in cells.iter().zip(bytes.as_chunks::<WORD_SIZE>().0) {
        cell.store(u64::from_le_bytes(*word), Ordering::Relaxed);
    }
}

/// Stores `bytes` into as many words as they need, the last one padded with zeroes.
fn store_bytes(cells: &[AtomicU64], bytes: &[u8]) {
    let (words, partial) = bytes.as_chunks::<WORD_SIZE>();
    let mut cells = cells.iter();
    // Words first: zip would take a cell before it finds that there is no word left.
    for (word, cell) in words.iter().zip(cells.by_ref()) {
        cell.store(u64::from_le_bytes(*word), Ordering::Relaxed);
    }
    if !partial.is_empty()
        && let Some(cell) = cells.next()
    {
        cell.store(last_word(bytes, partial), Ordering::Relaxed);
    }
}

/// The word that `partial`, the last one to seven bytes of `bytes`, makes with zeroes behind.
#[inline]
fn last_word(bytes: &[u8], partial: &[u8]) -> u64 {
    if let Some(overlap) = bytes.last_chunk::<WORD_SIZE>() {
        // One load that begins in the word before, whose bytes are then shifted out.
        return u64::from_le_bytes(*overlap) >> (64 - 8 * partial.len());
    }
    let mut rest = partial;
    let mut word = 0;
    let mut shift = 0;
    if let Some((four, behind)) = rest.split_first_chunk::<4>() {
        word = u64::from(u32::from_le_bytes(*four));
        shift = 32;
        rest = behind;
    }
    for byte in rest {
        word |= u64::from(*byte) << shift;
        shift += 8;
    }
    word
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_any_length_comes_back_with_zeroes_behind_it() {
        let bytes: Vec<u8> = (1..=SLOT_PAYLOAD as u8).collect();
        for len in 0..=SLOT_PAYLOAD {
            let slot = Slot::new();
            slot.fill_on(&bytes[..len]);
            let mut back = [0xff; SLOT_PAYLOAD];
            slot.copy_to(&mut back);
            assert_eq!(back[..len], bytes[..len]);
            assert!(back[len..].iter().all(|byte| *byte == 0), "{len}");
        }
    }

    #[test]
    fn a_word_speaks_of_one_position_only() {
        let slot = Slot::new();
        let order = 3;
        slot.word.store(Word::committed(order, 21, 25), Ordering::Relaxed);
        assert_eq!(slot.look(order, 29), State::Unknown);
        assert_eq!(slot.look(order, 13), State::Overrun);
        let State::Committed(word) = slot.look(order, 21) else { panic!("committed") };
        assert_eq!((word.len(), word.slots()), (25, 1));
        assert!(slot.claim_dead(word));
        assert!(!slot.claim_consumed(word));
        assert!(matches!(slot.look(order, 21), State::Gone(word) if word.len() == 25));
    }
}
