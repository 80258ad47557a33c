//! The ring under real threads: no record torn, none out of order, none lost or counted twice, in
//! every overflow mode.

#![cfg(not(loom))]

#[path = "ring/at_once.rs"]
mod at_once;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dlt::ring::{Consumer, Doorbell, Position, Pushed, RECORD_HEAD, Ring, Sink, Sleep};
use dlt::sync::Futex;

use at_once::push_at_once;

const WATCHDOG: Duration = Duration::from_secs(60);
const PRODUCERS: u64 = 4;

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Overwrite,
    DropNewest,
    Block,
}

/// Numbers that look like lengths and repeat exactly.
struct Lengths(u64);

impl Lengths {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let value = self.0 >> 33;
        // Mostly one slot, at times up to six.
        (if value.is_multiple_of(8) { value / 8 % 600 } else { value / 8 % 97 }) as usize
    }
}

fn body_of(producer: u64, number: u64, len: usize, into: &mut Vec<u8>) {
    into.clear();
    let seed = (producer << 56) ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    into.extend((0..len).map(|at| (seed >> (at % 8 * 8)) as u8 ^ at as u8));
}

/// Checks every record it is given.
struct Inspector {
    room: Vec<u8>,
    left: usize,
    expected: Vec<u8>,
    next: [u64; PRODUCERS as usize],
    delivered: u64,
}

impl Inspector {
    fn new() -> Self {
        Self {
            room: Vec::new(),
            left: 0,
            expected: Vec::new(),
            next: [0; PRODUCERS as usize],
            delivered: 0,
        }
    }
}

fn word(bytes: &[u8], index: usize) -> u64 {
    u64::from_le_bytes(bytes[index * 8..][..8].try_into().unwrap())
}

impl Sink for Inspector {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.left = self.left.checked_sub(len)?;
        self.room.clear();
        self.room.resize(len.next_multiple_of(8), 0);
        Some(&mut self.room)
    }

    fn claimed(&mut self, len: usize) {
        let (producer, number, length) =
            (word(&self.room, 0), word(&self.room, 1), word(&self.room, 2));
        assert_eq!(length as usize, len - RECORD_HEAD, "head of another record");
        body_of(producer, number, length as usize, &mut self.expected);
        assert_eq!(self.room[RECORD_HEAD..len], self.expected[..], "torn");
        let next = &mut self.next[producer as usize];
        assert!(number >= *next, "out of order: {number} after {next} of {producer}");
        *next = number + 1;
        self.delivered += 1;
    }
}

#[derive(Default)]
struct Tally {
    stored: AtomicU64,
    refused: AtomicU64,
    evicted: AtomicU64,
    running: AtomicU64,
}

fn produce(ring: &Ring, mode: Mode, producer: u64, count: u64, tally: &Tally) {
    let mut lengths = Lengths(producer);
    let mut body = Vec::new();
    for number in 0..count {
        body_of(producer, number, lengths.next(), &mut body);
        let head = [producer, number, body.len() as u64];
        let urgent = number % 16 == 0;
        let result = match mode {
            Mode::DropNewest => match push_at_once(ring, head, &body) {
                Some(position) => Ok(Pushed { position, crowded: false }),
                None => ring.push(head, &body, urgent),
            },
            Mode::Overwrite => ring.push_evicting(head, &body, urgent, |owner| {
                assert!(owner < PRODUCERS, "owner of another record");
                tally.evicted.fetch_add(1, Ordering::Relaxed);
            }),
            Mode::Block => loop {
                match ring.push(head, &body, urgent) {
                    Err(full) if !full.wall => {
                        let start = Instant::now();
                        ring.wait_for_room(full, WATCHDOG);
                        assert!(start.elapsed() < WATCHDOG, "nobody woke this thread");
                    }
                    done => break done,
                }
            },
        };
        match result {
            Ok(_) => tally.stored.fetch_add(1, Ordering::Relaxed),
            Err(_) => tally.refused.fetch_add(1, Ordering::Relaxed),
        };
    }
    tally.running.fetch_sub(1, Ordering::Release);
}

/// Everything that was pushed is delivered, refused or evicted, exactly once.
fn run(slots: usize, mode: Mode, count: u64, budget: usize) -> (Tally, Inspector) {
    let ring = Ring::new(slots);
    let mut consumer = Consumer::new(&ring);
    let tally = Tally::default();
    tally.running.store(PRODUCERS, Ordering::Relaxed);
    let mut inspector = Inspector::new();
    std::thread::scope(|scope| {
        for producer in 0..PRODUCERS {
            let (ring, tally) = (&ring, &tally);
            scope.spawn(move || produce(ring, mode, producer, count, tally));
        }
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < WATCHDOG, "watchdog");
            let over = tally.running.load(Ordering::Acquire) == 0;
            inspector.left = budget;
            let until = consumer.observe(&ring);
            let pass = consumer.pass(&ring, until, &mut inspector);
            if pass.stopped {
                // As a worker whose daemon takes nothing more.
                ring.wake_waiters();
            }
            if over && !pass.stopped && pass.gaps == 0 {
                break;
            }
            std::thread::yield_now();
        }
    });
    assert_eq!(ring.count_waiting(), 0);
    assert_eq!(ring.used(), 0);
    let stored = tally.stored.load(Ordering::Relaxed);
    let refused = tally.refused.load(Ordering::Relaxed);
    let evicted = tally.evicted.load(Ordering::Relaxed);
    assert_eq!(stored + refused, PRODUCERS * count);
    assert_eq!(stored, inspector.delivered + evicted);
    assert!(ring.high_water() <= ring.capacity());
    (tally, inspector)
}

#[test]
fn drop_newest_keeps_and_delivers_exactly_what_it_accepted() {
    for slots in [16, 256, 4096] {
        let (tally, _) = run(slots, Mode::DropNewest, 100_000, 4096);
        assert_eq!(tally.evicted.into_inner(), 0);
    }
}

#[test]
fn overwrite_delivers_or_evicts_each_stored_record_exactly_once() {
    for slots in [16, 256, 4096] {
        let (tally, _) = run(slots, Mode::Overwrite, 100_000, 4096);
        assert!(tally.evicted.into_inner() > 0, "the ring was never full");
    }
}

#[test]
fn block_loses_nothing_and_wakes_everybody() {
    for slots in [16, 256, 4096] {
        let (tally, inspector) = run(slots, Mode::Block, 30_000, 4096);
        assert_eq!(tally.refused.into_inner(), 0);
        assert_eq!(inspector.delivered, PRODUCERS * 30_000);
    }
}

#[test]
fn modes_may_be_mixed_at_any_time() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    let tally = Tally::default();
    tally.running.store(PRODUCERS, Ordering::Relaxed);
    let mut inspector = Inspector::new();
    std::thread::scope(|scope| {
        let modes = [Mode::Overwrite, Mode::DropNewest, Mode::Block, Mode::Overwrite];
        for (producer, mode) in (0..PRODUCERS).zip(modes) {
            let (ring, tally) = (&ring, &tally);
            scope.spawn(move || produce(ring, mode, producer, 100_000, tally));
        }
        loop {
            let over = tally.running.load(Ordering::Acquire) == 0;
            inspector.left = 2000;
            let until = consumer.observe(&ring);
            let pass = consumer.pass(&ring, until, &mut inspector);
            ring.wake_waiters();
            if over && !pass.stopped && pass.gaps == 0 {
                break;
            }
            std::thread::yield_now();
        }
    });
    let stored = tally.stored.into_inner();
    assert_eq!(stored + tally.refused.into_inner(), PRODUCERS * 100_000);
    assert_eq!(stored, inspector.delivered + tally.evicted.into_inner());
}

/// Collects the numbers of one marked producer, in the order of delivery.
struct Marked {
    room: Vec<u8>,
    numbers: Vec<u64>,
}

impl Sink for Marked {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.room.clear();
        self.room.resize(len.next_multiple_of(8), 0);
        Some(&mut self.room)
    }

    fn claimed(&mut self, _len: usize) {
        if word(&self.room, 0) == 1 {
            self.numbers.push(word(&self.room, 1));
        }
    }
}

#[test]
fn a_call_that_began_after_another_returned_is_delivered_after_it() {
    const TURNS: u64 = 40_000;
    let ring = Ring::new(1024);
    let mut consumer = Consumer::new(&ring);
    let turn = AtomicU64::new(0);
    let over = AtomicBool::new(false);
    let mut sink = Marked { room: Vec::new(), numbers: Vec::new() };
    std::thread::scope(|scope| {
        for parity in 0..2 {
            let (ring, turn) = (&ring, &turn);
            scope.spawn(move || {
                let mut mine = parity;
                while mine < TURNS {
                    while turn.load(Ordering::Acquire) != mine {
                        std::thread::yield_now();
                    }
                    while ring.push([1, mine, 0], b"turn", true).is_err() {
                        std::thread::yield_now();
                    }
                    turn.store(mine + 1, Ordering::Release);
                    mine += 2;
                }
            });
        }
        scope.spawn(|| {
            // Makes gaps that open and close.
            while !over.load(Ordering::Acquire) {
                if let Ok(stalled) = ring.stall_for_test(200, false) {
                    std::thread::yield_now();
                    stalled.commit(&ring, [0; 3], &[7; 200]);
                }
            }
        });
        let start = Instant::now();
        while (sink.numbers.len() as u64) < TURNS {
            assert!(start.elapsed() < WATCHDOG, "watchdog");
            let until = consumer.observe(&ring);
            consumer.pass(&ring, until, &mut sink);
        }
        over.store(true, Ordering::Release);
    });
    assert!(sink.numbers.iter().copied().eq(0..TURNS));
}

#[test]
fn a_stopped_thread_holds_up_nobody_while_there_is_room() {
    let ring = Ring::new(1024);
    let mut consumer = Consumer::new(&ring);
    let stalled = ring.stall_for_test(10, false).unwrap();
    let mut sink = Marked { room: Vec::new(), numbers: Vec::new() };
    for number in 0..900 {
        ring.push([1, number, 0], b"on", false).map(drop).unwrap();
    }
    let until = consumer.observe(&ring);
    let pass = consumer.pass(&ring, until, &mut sink);
    assert_eq!((pass.delivered, pass.gaps, pass.walled), (900, 1, false));
    stalled.commit(&ring, [1, 900, 0], &[0; 10]);
    assert_eq!(consumer.pass(&ring, until, &mut sink).delivered, 1);
    assert_eq!(ring.used(), 0);
    assert!(sink.numbers.iter().copied().eq(0..=900));
}

#[test]
fn a_parked_worker_is_woken_by_every_burst() {
    // On a busy machine a burst takes as long as it takes to be given a processor twice.
    const BURSTS: u64 = 3_000;
    const LONG_ENOUGH: Duration = Duration::from_secs(5);
    let ring = Ring::new(256);
    let bell = Doorbell::new();
    // Stands for the eventfd: a count that is not lost when nobody waits yet.
    let rings = Futex::new(0);
    let seen = AtomicU64::new(0);
    // u64::MAX until the last burst is known.
    let bursts = AtomicU64::new(u64::MAX);
    let mut consumer = Consumer::new(&ring);
    let mut sink = Marked { room: Vec::new(), numbers: Vec::new() };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut last = 0;
            let start = Instant::now();
            for burst in 0..BURSTS {
                if burst + 1 == BURSTS || start.elapsed() > LONG_ENOUGH {
                    bursts.store(burst + 1, Ordering::Release);
                }
                ring.push([1, burst, 0], &[], false).map(drop).unwrap();
                if bell.should_ring(false, &mut last) {
                    rings.bump_and_wake();
                }
                // The next burst finds the worker asleep or about to be.
                while seen.load(Ordering::Acquire) <= burst {
                    std::thread::yield_now();
                }
                if bursts.load(Ordering::Relaxed) == burst + 1 {
                    break;
                }
            }
        });
        let mut until: Position = 0;
        while (sink.numbers.len() as u64) < bursts.load(Ordering::Acquire) {
            let rung = rings.word().load(Ordering::Acquire);
            bell.prepare(Sleep::Parked);
            let gaps = consumer.pass(&ring, until, &mut sink).gaps;
            if consumer.observe(&ring) == consumer.walked() && gaps == 0 {
                let asleep = Instant::now();
                rings.wait(rung, WATCHDOG);
                if asleep.elapsed() >= WATCHDOG {
                    seen.store(u64::MAX, Ordering::Release); // lets the other thread end
                    panic!("nobody rang");
                }
            }
            bell.awake();
            until = consumer.observe(&ring);
            consumer.pass(&ring, until, &mut sink);
            seen.store(sink.numbers.len() as u64, Ordering::Release);
        }
    });
    assert!(sink.numbers.iter().copied().eq(0..bursts.into_inner()));
}
