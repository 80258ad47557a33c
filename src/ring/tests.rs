//! What one thread sees of the ring. Random sequences are in `tests/ring_model.rs`, threads in
//! `tests/ring_stress.rs` and `loom_tests.rs`.

use std::time::{Duration, Instant};

use super::*;

/// Takes everything, up to `left` records.
struct Tray {
    left: usize,
    room: Vec<u8>,
    bodies: Vec<Vec<u8>>,
}

impl Tray {
    fn for_records(left: usize) -> Self {
        Self { left, room: Vec::new(), bodies: Vec::new() }
    }
}

impl Sink for Tray {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.left = self.left.checked_sub(1)?;
        self.room.resize(len.next_multiple_of(8), 0);
        Some(&mut self.room)
    }

    fn claimed(&mut self, len: usize) {
        self.bodies.push(self.room[RECORD_HEAD..len].to_vec());
    }
}

fn pass(ring: &Ring, consumer: &mut Consumer, tray: &mut Tray) -> Pass {
    let until = consumer.observe(ring);
    consumer.pass(ring, until, tray)
}

fn fill(ring: &Ring, urgent: bool) -> usize {
    (0..).take_while(|_| ring.push([0; 3], &[], urgent).is_ok()).count()
}

#[test]
fn the_largest_message_comes_back_whole_across_the_end_of_the_block() {
    let ring = Ring::new(1024);
    let mut consumer = Consumer::new(&ring);
    let body: Vec<u8> = (0..65_527u32).map(|at| (at % 251) as u8).collect();
    for _ in 0..3 {
        let mut tray = Tray::for_records(1);
        assert!(ring.push([1, 2, 3], &body, false).is_ok());
        assert_eq!(pass(&ring, &mut consumer, &mut tray).delivered, 1);
        assert!(tray.bodies == [body.as_slice()]);
    }
    assert!(ring.tail() > 1024);
}

#[test]
fn the_last_sixteenth_is_kept_for_what_is_urgent() {
    let ring = Ring::new(64);
    assert_eq!(fill(&ring, false), 60);
    assert_eq!(fill(&ring, true), 4);
    assert_eq!(ring.used(), 64);
}

#[test]
fn a_record_that_can_never_fit_is_refused_without_waiting_or_evicting() {
    let ring = Ring::new(16);
    assert!(ring.push([0; 3], b"stays", false).is_ok());
    let long = vec![0; 16 * SLOT_PAYLOAD];
    let longer = vec![0; RECORD_MAX];
    for body in [&long, &longer] {
        let full = ring.push(Default::default(), body, true).unwrap_err();
        assert!(full.wall);
        let start = Instant::now();
        ring.wait_for_room(full, Duration::from_secs(20));
        assert!(start.elapsed() < Duration::from_secs(20));
        let refused = ring.push_evicting([0; 3], body, true, |_| panic!("evicted for nothing"));
        assert!(refused.unwrap_err().wall);
    }
    assert_eq!(ring.count_waiting(), 1);
}

#[test]
fn a_record_of_the_greatest_length_is_not_taken_for_a_short_one() {
    let ring = Ring::new(16_384);
    let mut consumer = Consumer::new(&ring);
    let mut tray = Tray::for_records(2);
    let body = vec![9; RECORD_MAX - RECORD_HEAD];
    assert!(ring.push([0; 3], &body, false).is_ok());
    assert!(ring.push([0; 3], &vec![9; body.len() + 1], false).unwrap_err().wall);
    assert_eq!(pass(&ring, &mut consumer, &mut tray).delivered, 1);
    assert!(tray.bodies == [body]);
}

#[test]
fn a_ring_that_fills_up_says_so_once_a_step_from_half_on() {
    let ring = Ring::new(1024);
    let crowded: Vec<usize> =
        (0..960).filter(|_| ring.push([0; 3], &[], false).unwrap().crowded).collect();
    assert!(
        matches!(crowded.as_slice(), [first, .., last]
        if (512..=640).contains(first) && *last < 960 && crowded.len() <= 5),
        "{crowded:?}"
    );
}

#[test]
fn the_high_water_mark_stays_when_the_water_falls() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    for _ in 0..40 {
        assert!(ring.push([0; 3], &[], false).is_ok());
    }
    pass(&ring, &mut consumer, &mut Tray::for_records(100));
    assert_eq!(ring.used(), 0);
    assert_eq!(ring.high_water(), 40);
}

#[test]
fn a_sink_without_room_ends_the_pass_before_the_record() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    for number in 0..5u8 {
        assert!(ring.push([0; 3], &[number], false).is_ok());
    }
    let mut tray = Tray::for_records(3);
    let first = pass(&ring, &mut consumer, &mut tray);
    assert_eq!(first, Pass { delivered: 3, gaps: 0, stopped: true, walled: false });
    assert_eq!((ring.used(), consumer.walked()), (2, 3));
    tray.left = 10;
    assert_eq!(pass(&ring, &mut consumer, &mut tray).delivered, 2);
    assert_eq!(tray.bodies, [[0], [1], [2], [3], [4]]);
}

#[test]
fn nothing_at_or_past_the_observed_tail_is_delivered() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    assert!(ring.push([0; 3], b"before", false).is_ok());
    let until = consumer.observe(&ring);
    assert!(ring.push([0; 3], b"after", false).is_ok());
    let mut tray = Tray::for_records(10);
    assert_eq!(consumer.pass(&ring, until, &mut tray).delivered, 1);
    assert_eq!(tray.bodies, [b"before"]);
}

#[test]
fn gaps_are_split_and_closed_in_any_order() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    let mut tray = Tray::for_records(100);
    let mut stalled: Vec<_> = (0..5).map(|_| ring.stall_for_test(200, false).unwrap()).collect();
    assert!(ring.push([0; 3], b"behind", false).is_ok());
    assert_eq!(pass(&ring, &mut consumer, &mut tray).gaps, 1);
    stalled.remove(3).commit(&ring, [0; 3], &[3; 200]);
    assert_eq!(pass(&ring, &mut consumer, &mut tray).gaps, 2);
    stalled.remove(1).commit(&ring, [0; 3], &[1; 200]);
    assert_eq!(pass(&ring, &mut consumer, &mut tray).gaps, 3);
    stalled.remove(0).commit(&ring, [0; 3], &[0; 200]);
    assert_eq!(pass(&ring, &mut consumer, &mut tray).gaps, 2);
    for (stalled, number) in stalled.into_iter().zip([2, 4]) {
        stalled.commit(&ring, [0; 3], &[number; 200]);
    }
    assert_eq!(pass(&ring, &mut consumer, &mut tray).gaps, 0);
    let firsts: Vec<u8> = tray.bodies.iter().map(|body| body[0]).collect();
    assert_eq!(firsts, [b'b', 3, 1, 0, 2, 4]);
    assert_eq!(ring.used(), 0);
}

#[test]
fn as_many_gaps_as_can_be_need_no_more_memory() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    let before = consumer.room_for_gaps();
    let stalled: Vec<_> = (0..32)
        .map(|_| {
            let stalled = ring.stall_for_test(0, true).unwrap();
            assert!(ring.push([0; 3], &[], true).is_ok());
            stalled
        })
        .collect();
    let mut tray = Tray::for_records(1000);
    assert_eq!(pass(&ring, &mut consumer, &mut tray).gaps, 32);
    for stalled in stalled.into_iter().rev() {
        stalled.commit(&ring, [0; 3], &[]);
        pass(&ring, &mut consumer, &mut tray);
    }
    assert_eq!(tray.bodies.len(), 64);
    assert_eq!(consumer.room_for_gaps(), before);
}

#[test]
fn overwrite_gives_up_the_oldest_and_names_its_owner() {
    let ring = Ring::new(16);
    for owner in 0..15 {
        assert!(ring.push([owner, 0, 0], &[], false).is_ok());
    }
    let mut owners = Vec::new();
    assert!(ring.push_evicting([99, 0, 0], &[0; 300], false, |owner| owners.push(owner)).is_ok());
    // Three slots were needed; one more, so that the next push need not.
    assert_eq!(owners, [0, 1, 2, 3]);
    assert_eq!(ring.count_waiting(), 12);
}

#[test]
fn overwrite_cannot_pass_a_record_that_is_not_committed() {
    let ring = Ring::new(16);
    let stalled = ring.stall_for_test(0, false).unwrap();
    fill(&ring, false);
    let nothing = |_| panic!("evicted behind a gap");
    assert!(ring.push_evicting([0; 3], &[], false, nothing).unwrap_err().wall);
    stalled.commit(&ring, [7, 0, 0], &[]);
    let mut owners = Vec::new();
    assert!(ring.push_evicting([0; 3], &[], false, |owner| owners.push(owner)).is_ok());
    assert_eq!(owners.first(), Some(&7));
}

#[test]
fn the_wall_fails_callers_at_once_until_head_moves() {
    let ring = Ring::new(16);
    let mut consumer = Consumer::new(&ring);
    let mut tray = Tray::for_records(100);
    let stalled = ring.stall_for_test(0, false).unwrap();
    assert_eq!(fill(&ring, false), 14);
    assert!(!ring.push([0; 3], &[], false).unwrap_err().wall, "the consumer may be slow");
    assert!(pass(&ring, &mut consumer, &mut tray).walled);
    let found_before = ring.push([0; 3], &[], false).unwrap_err();
    assert!(!found_before.wall, "it has not lasted yet");
    consumer.raise_wall(&ring);
    let start = Instant::now();
    ring.wait_for_room(found_before, Duration::from_secs(20));
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(ring.push([0; 3], &[], false).unwrap_err().wall);
    stalled.commit(&ring, [0; 3], &[]);
    let after = pass(&ring, &mut consumer, &mut tray);
    assert_eq!((after.gaps, after.walled), (0, false));
    assert_eq!(fill(&ring, false), 15);
    assert!(!ring.push([0; 3], &[], false).unwrap_err().wall);
}

#[test]
fn the_wall_falls_for_everybody_when_head_moves_even_where_room_is_short() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    let mut tray = Tray::for_records(100);
    let first = ring.stall_for_test(0, false).unwrap();
    let _second = ring.stall_for_test(0, false).unwrap();
    fill(&ring, false);
    assert!(pass(&ring, &mut consumer, &mut tray).walled);
    consumer.raise_wall(&ring);
    assert!(ring.push([0; 3], &[0; 500], false).unwrap_err().wall);
    first.commit(&ring, [0; 3], &[]);
    assert_eq!(pass(&ring, &mut consumer, &mut tray).delivered, 1);
    assert!(!ring.push([0; 3], &[0; 500], false).unwrap_err().wall);
}

#[test]
fn waiting_for_room_that_has_come_meanwhile_returns_at_once() {
    let ring = Ring::new(16);
    let mut consumer = Consumer::new(&ring);
    fill(&ring, false);
    let full = ring.push([0; 3], &[], false).unwrap_err();
    pass(&ring, &mut consumer, &mut Tray::for_records(1));
    let start = Instant::now();
    ring.wait_for_room(full, Duration::from_secs(20));
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(ring.push([0; 3], &[], false).is_ok());
}

#[test]
fn whoever_waits_is_woken_for_a_single_slot_when_nothing_else_can_be_delivered() {
    let ring = Ring::new(64);
    let mut consumer = Consumer::new(&ring);
    let first = ring.stall_for_test(0, false).unwrap();
    let second = ring.stall_for_test(0, false).unwrap();
    fill(&ring, false);
    let timeout = Duration::from_secs(20);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let start = Instant::now();
            while let Err(full) = ring.push([0; 3], &[], false) {
                ring.wait_for_room(full, timeout);
            }
            assert!(start.elapsed() < timeout, "slept out the timeout");
        });
        let start = Instant::now();
        while !ring.gate.has_waiters() && start.elapsed() < timeout {
            std::thread::yield_now();
        }
        first.commit(&ring, [0; 3], &[]);
        let pass = pass(&ring, &mut consumer, &mut Tray::for_records(100));
        assert_eq!((pass.gaps, pass.stopped), (1, false));
    });
    second.commit(&ring, [0; 3], &[]);
}

#[test]
fn the_first_lap_meets_no_page_fault() {
    fn faults() -> i64 {
        // SAFETY: rusage is plain integers, for which zero is a value.
        let mut usage: libc::rusage = unsafe { core::mem::zeroed() };
        // SAFETY: `usage` is live and writable for the call.
        let code = unsafe { libc::getrusage(libc::RUSAGE_THREAD, &mut usage) };
        assert_eq!(code, 0);
        usage.ru_minflt
    }
    let ring = Ring::new(16_384);
    let body = [1; 64];
    let lap = || (0..15_000).filter(|_| ring.push([1, 2, 3], &body, false).is_ok()).count();
    let before = faults();
    let stored = lap();
    let after = faults();
    assert_eq!(stored, 15_000);
    // Of 469 pages; the test itself may touch some of its own.
    assert!(after - before < 8, "{}", after - before);
}
