//! Room: what a producer is told when there is none, and waiting for it (block mode). The consumer
//! makes a system call only when somebody waits.

use core::time::Duration;

use crate::ring::{Position, Ring};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Futex, load_in_total_order};

/// No place in the ring.
const NOWHERE: Position = Position::MAX;

/// There was no room for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// Waiting for room is pointless until head moves: the record is longer than the ring takes,
    /// or everything behind which there could be room is delivered but for records that a stopped
    /// thread has not committed.
    pub wall: bool,
    tail: Position,
    head: Position,
}

impl Full {
    /// It will never fit.
    pub(super) const NEVER: Self = Self { wall: true, tail: NOWHERE, head: NOWHERE };

    pub(super) fn behind_a_gap(head: Position) -> Self {
        Self { wall: true, tail: NOWHERE, head }
    }

    pub(super) fn tail(&self) -> Position {
        self.tail
    }
}

impl core::fmt::Display for Full {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("no room in the ring")
    }
}

impl core::error::Error for Full {}

/// Where producers wait, and what is known about the ring's fill: all off the fast path.
pub(super) struct Gate {
    /// Changes whenever waiters are woken.
    space: Futex,
    /// Threads in [`Ring::wait_for_room`].
    waiters: AtomicU64,
    /// The tail up to which everything but gaps is delivered, when that has been declared hopeless.
    wall: AtomicU64,
    high_water: AtomicU64,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            space: Futex::new(0),
            waiters: AtomicU64::new(0),
            wall: AtomicU64::new(NOWHERE),
            high_water: AtomicU64::new(0),
        }
    }

    pub(super) fn full(&self, tail: Position, head: Position) -> Full {
        // Acquire pairs with the stores in raise_wall() and clear_wall(); only a hint.
        Full { wall: self.wall.load(Ordering::Acquire) == tail, tail, head }
    }

    pub(super) fn saw_used(&self, used: u64) {
        // Mostly unchanged, and then not written.
        if self.high_water.load(Ordering::Relaxed) < used {
            self.high_water.fetch_max(used, Ordering::Relaxed);
        }
    }

    pub(super) fn high_water(&self) -> u64 {
        self.high_water.load(Ordering::Relaxed)
    }

    pub(super) fn has_waiters(&self) -> bool {
        // SeqCst pairs with the increment in wait_for_room(): see there.
        load_in_total_order(&self.waiters) != 0
    }

    pub(super) fn wake(&self) {
        self.space.bump_and_wake();
    }

    pub(super) fn raise_wall(&self, tail: Position) {
        // SeqCst: as for head, see wait_for_room().
        self.wall.swap(tail, Ordering::SeqCst);
    }

    pub(super) fn clear_wall(&self) {
        if self.wall.load(Ordering::Relaxed) != NOWHERE {
            self.wall.swap(NOWHERE, Ordering::SeqCst);
        }
    }
}

impl Ring {
    /// Waits until head has moved since `full` was found, a wall was raised or [`wake_waiters`]
    /// was called, at most `timeout`; may return early. The caller pushes again and looks at the
    /// time that is left. Keeps `errno`.
    ///
    /// [`wake_waiters`]: Ring::wake_waiters
    pub fn wait_for_room(&self, full: Full, timeout: Duration) {
        let gate = &*self.gate;
        // SeqCst, then head and wall: either this thread sees the move or the wall, or whoever made
        // it sees the waiter afterwards and changes `space`.
        gate.waiters.fetch_add(1, Ordering::SeqCst);
        // Acquire pairs with bump_and_wake(): a `space` that has changed already shows head moved.
        let space = gate.space.word().load(Ordering::Acquire);
        let walled = load_in_total_order(&gate.wall) == full.tail;
        if load_in_total_order(&self.head) == full.head && !walled {
            gate.space.wait(space, timeout);
        }
        gate.waiters.fetch_sub(1, Ordering::SeqCst);
    }

    /// Lets everybody who waits for room look again. The consumer does it when enough room is
    /// there or nothing is left to deliver; the worker before it sleeps for another reason (the
    /// daemon takes nothing), and whoever changes the overflow mode.
    pub fn wake_waiters(&self) {
        if self.gate.has_waiters() {
            self.gate.wake();
        }
    }
}
