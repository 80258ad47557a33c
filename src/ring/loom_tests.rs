//! The ring and its waking under loom: every interleaving of two producers and the consumer on
//! four slots, with up to three preemptions.
//!
//! `make test-loom` runs it; LOOM_MAX_PREEMPTIONS overrides the bound.
//!
//! Mistakes that were planted, each caught here: the consumer reading tail again after it has
//! looked at words; a claim or an eviction by plain store; the claim before the copy; COMMITTED or
//! `soft` published Relaxed; tail moved by a plain store; the whole walk freed in spite of a gap;
//! the evicted record's owner read after head has moved; the doorbell or the count of waiters not
//! read in the total order; head or the wall not looked at before waiting; `space` read after head;
//! a wall nobody is woken for.

use core::time::Duration;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize};
use loom::thread;

use super::*;
use crate::sync::Futex;

const FOREVER: Duration = Duration::MAX;

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(3));
    builder.check(model);
}

/// A record whose words all follow from its number.
fn record(number: u64) -> [u64; 3] {
    [number, number + 100, number + 200]
}

/// The way of a logging call: without a look at the consumer where that will do.
fn push(ring: &Ring, number: u64) {
    let body = [number as u8; SHORT_BODY];
    if ring.push_at_once(record(number), &body, 0).is_none() {
        ring.push(record(number), &[], false).map(drop).unwrap();
    }
}

/// What was delivered, in order; checks that no record is torn.
#[derive(Default)]
struct Seen {
    room: [u8; 32],
    numbers: Vec<u64>,
}

impl Sink for Seen {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.room.get_mut(..len.next_multiple_of(8))
    }

    fn claimed(&mut self, len: usize) {
        assert_eq!(len, RECORD_HEAD);
        let (words, _) = self.room.as_chunks::<8>();
        let number = u64::from_le_bytes(words[0]);
        for (word, expected) in words.iter().zip(record(number)) {
            assert_eq!(u64::from_le_bytes(*word), expected, "torn");
        }
        self.numbers.push(number);
    }
}

impl Seen {
    fn at(&self, number: u64) -> Option<usize> {
        assert!(
            self.numbers.iter().filter(|seen| **seen == number).count() <= 1,
            "delivered twice"
        );
        self.numbers.iter().position(|seen| *seen == number)
    }
}

fn pass(ring: &Ring, consumer: &mut Consumer, seen: &mut Seen) -> Pass {
    let until = consumer.observe(ring);
    consumer.pass(ring, until, seen)
}

#[test]
fn what_two_producers_push_is_delivered_once_and_in_the_order_of_each() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        let first = thread::spawn({
            let ring = Arc::clone(&ring);
            move || {
                push(&ring, 1);
                push(&ring, 2);
            }
        });
        let second = thread::spawn({
            let ring = Arc::clone(&ring);
            move || push(&ring, 3)
        });
        pass(&ring, &mut consumer, &mut seen);
        first.join().unwrap();
        second.join().unwrap();
        pass(&ring, &mut consumer, &mut seen);
        assert_eq!(seen.numbers.len(), 3);
        assert!(seen.at(1) < seen.at(2));
        assert!(seen.at(3).is_some());
        assert_eq!(ring.used(), 0);
    });
}

#[test]
fn a_call_that_began_after_another_returned_is_delivered_after_it() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let returned = Arc::new(AtomicBool::new(false));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        let first = thread::spawn({
            let (ring, returned) = (Arc::clone(&ring), Arc::clone(&returned));
            move || {
                ring.push(record(1), &[], false).map(drop).unwrap();
                returned.store(true, Ordering::Release);
            }
        });
        let second = thread::spawn({
            let (ring, returned) = (Arc::clone(&ring), Arc::clone(&returned));
            move || {
                let after = returned.load(Ordering::Acquire);
                ring.push(record(2), &[], false).map(drop).unwrap();
                after
            }
        });
        pass(&ring, &mut consumer, &mut seen);
        pass(&ring, &mut consumer, &mut seen);
        first.join().unwrap();
        let after = second.join().unwrap();
        pass(&ring, &mut consumer, &mut seen);
        assert_eq!(seen.numbers.len(), 2);
        assert!(!after || seen.at(1) < seen.at(2), "{:?}", seen.numbers);
    });
}

#[test]
fn slots_are_written_again_only_after_they_were_read() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        for number in 1..=4 {
            ring.push(record(number), &[], false).map(drop).unwrap();
        }
        let producers = [5, 6].map(|number| {
            let ring = Arc::clone(&ring);
            thread::spawn(move || ring.push(record(number), &[], false).is_ok())
        });
        pass(&ring, &mut consumer, &mut seen);
        let stored = producers.map(|producer| producer.join().unwrap());
        pass(&ring, &mut consumer, &mut seen);
        assert_eq!(seen.numbers.len(), 4 + stored.iter().filter(|stored| **stored).count());
        assert!(seen.numbers.starts_with(&[1, 2, 3, 4]));
    });
}

#[test]
fn a_record_is_either_evicted_once_or_delivered_once() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let evicted = Arc::new(AtomicUsize::new(0));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        for number in 1..=4 {
            ring.push(record(number), &[], false).map(drop).unwrap();
        }
        let producers = [5, 6].map(|number| {
            let (ring, evicted) = (Arc::clone(&ring), Arc::clone(&evicted));
            thread::spawn(move || {
                ring.push_evicting(record(number), &[], false, |owner| {
                    assert!((1..=6).contains(&owner), "owner of nothing: {owner}");
                    evicted.fetch_add(1 << (8 * owner), Ordering::Relaxed);
                })
                .is_ok()
            })
        });
        pass(&ring, &mut consumer, &mut seen);
        let stored = producers.map(|producer| producer.join().unwrap());
        pass(&ring, &mut consumer, &mut seen);
        let evicted = evicted.load(Ordering::Relaxed);
        for number in 1..=6 {
            let stored = number <= 4 || stored[number as usize - 5];
            let times = evicted >> (8 * number) & 0xff;
            let delivered = usize::from(seen.at(number).is_some());
            assert_eq!(times + delivered, usize::from(stored), "record {number}");
        }
        assert!(seen.numbers.is_sorted_by_key(|number| number.min(&5)));
        assert_eq!(ring.used(), 0);
    });
}

#[test]
fn an_evictor_overtaking_a_gap_in_mid_walk_costs_no_record() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let evicted = Arc::new(AtomicUsize::new(0));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        let stalled = ring.stall_for_test(0, false).unwrap();
        for number in 2..=4 {
            ring.push(record(number), &[], false).map(drop).unwrap();
        }
        let committer = thread::spawn({
            let ring = Arc::clone(&ring);
            move || stalled.commit(&ring, record(1), &[])
        });
        let evictor = thread::spawn({
            let (ring, evicted) = (Arc::clone(&ring), Arc::clone(&evicted));
            move || {
                ring.push_evicting(record(5), &[], false, |_| {
                    evicted.fetch_add(1, Ordering::Relaxed);
                })
                .is_ok()
            }
        });
        pass(&ring, &mut consumer, &mut seen);
        pass(&ring, &mut consumer, &mut seen);
        committer.join().unwrap();
        let stored = evictor.join().unwrap();
        let last = pass(&ring, &mut consumer, &mut seen);
        assert_eq!((last.gaps, ring.used()), (0, 0));
        assert_eq!(seen.numbers.len() + evicted.load(Ordering::Relaxed), 4 + usize::from(stored));
        for number in 1..=5 {
            seen.at(number);
        }
    });
}

#[test]
fn records_behind_a_gap_are_delivered_and_the_gap_when_it_closes() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        let stalled = ring.stall_for_test(0, false).unwrap();
        ring.push(record(2), &[], false).map(drop).unwrap();
        let committer = thread::spawn({
            let ring = Arc::clone(&ring);
            move || stalled.commit(&ring, record(1), &[])
        });
        let producer = thread::spawn({
            let ring = Arc::clone(&ring);
            move || ring.push(record(3), &[], false).map(drop).unwrap()
        });
        pass(&ring, &mut consumer, &mut seen);
        assert!(seen.at(2).is_some(), "a gap holds up nobody");
        committer.join().unwrap();
        pass(&ring, &mut consumer, &mut seen);
        producer.join().unwrap();
        pass(&ring, &mut consumer, &mut seen);
        assert_eq!(seen.numbers.len(), 3);
        assert!(seen.at(1).is_some() && seen.at(2) < seen.at(3));
        assert_eq!(ring.used(), 0);
    });
}

#[test]
fn a_parked_worker_is_always_woken() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        // The futex stands for the eventfd: its count is not lost when nobody waits yet.
        let bell = Arc::new((Doorbell::new(), Futex::new(0)));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        let producers = [1, 2].map(|number| {
            let (ring, bell) = (Arc::clone(&ring), Arc::clone(&bell));
            thread::spawn(move || {
                ring.push(record(number), &[], false).map(drop).unwrap();
                let mut last = 0;
                if bell.0.should_ring(false, &mut last) {
                    bell.1.bump_and_wake();
                }
            })
        });
        let mut gaps = 0;
        while seen.numbers.len() < 2 {
            let rung = bell.1.word().load(Ordering::Acquire);
            bell.0.prepare(Sleep::Parked);
            if gaps > 0 {
                thread::yield_now();
            } else if ring.tail() == consumer.walked() {
                // loom reports a worker that sleeps for ever.
                bell.1.wait(rung, FOREVER);
            }
            bell.0.awake();
            gaps = pass(&ring, &mut consumer, &mut seen).gaps;
        }
        for producer in producers {
            producer.join().unwrap();
        }
    });
}

#[test]
fn whoever_waits_for_room_is_woken_when_head_moves() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        for number in 1..=4 {
            ring.push(record(number), &[], false).map(drop).unwrap();
        }
        let producers = [5, 6].map(|number| {
            let ring = Arc::clone(&ring);
            thread::spawn(move || {
                while let Err(full) = ring.push(record(number), &[], false) {
                    assert!(!full.wall);
                    ring.wait_for_room(full, FOREVER);
                }
            })
        });
        pass(&ring, &mut consumer, &mut seen);
        for producer in producers {
            producer.join().unwrap();
        }
        pass(&ring, &mut consumer, &mut seen);
        assert_eq!(seen.numbers.len(), 6);
    });
}

#[test]
fn whoever_waits_for_room_is_told_of_the_wall() {
    check(|| {
        let ring = Arc::new(Ring::new(4));
        let mut consumer = Consumer::new(&ring);
        let mut seen = Seen::default();
        let stalled = ring.stall_for_test(0, false).unwrap();
        for number in 2..=4 {
            ring.push(record(number), &[], false).map(drop).unwrap();
        }
        let producer = thread::spawn({
            let ring = Arc::clone(&ring);
            move || {
                while let Err(full) = ring.push(record(5), &[], false) {
                    if full.wall {
                        return;
                    }
                    ring.wait_for_room(full, FOREVER);
                }
                panic!("there is no room");
            }
        });
        assert!(pass(&ring, &mut consumer, &mut seen).walled);
        consumer.raise_wall(&ring);
        producer.join().unwrap();
        stalled.commit(&ring, record(1), &[]);
        pass(&ring, &mut consumer, &mut seen);
        assert!(ring.push(record(6), &[], false).is_ok());
    });
}
