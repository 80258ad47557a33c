//! More than fits: each mode in front of a daemon that does not read.

use crate::support::frames::Frame;
use crate::support::fresh_dir;
use crate::support::library::needs_ours;
use crate::support::puppet::{Puppet, Statistics};
use crate::support::recorder::{KINDS, Kind, Recorder};

const OVERWRITE: u8 = 0;
const DROP_NEWEST: u8 = 1;
const BLOCK: u8 = 2;

/// A puppet whose daemon reads nothing; the smallest ring.
fn stalled(name: &str, kind: Kind, mode: u8, timeout: u32) -> (Recorder, Puppet) {
    let dir = fresh_dir(name);
    let recorder = Recorder::start_stalled(&dir, kind);
    let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", "50000")]);
    puppet.register();
    let (mode, timeout) = (i64::from(mode), i64::from(timeout));
    assert_eq!(puppet.numbers(&format!("mode {mode} {timeout}")), [0, mode, timeout]);
    (recorder, puppet)
}

/// Logs until nothing fits any more, neither into the ring nor into the kernel's buffer. Returns the
/// first number that was not used, and how many messages were refused.
fn fill(puppet: &mut Puppet) -> (u32, u64) {
    let (mut next, mut refused, mut in_vain) = (0, 0, 0);
    crate::support::wait_for("a full ring in front of a full kernel buffer", || {
        let answer = puppet.numbers(&format!("burst 0 4 {next} 2000 1"));
        next += 2000;
        refused += answer[1] as u64;
        in_vain = if answer[0] == 0 { in_vain + 1 } else { 0 };
        // The worker gets the time to hand on what it can.
        (in_vain == 20).then_some(())
    });
    (next, refused)
}

/// Lets the recorder read, and waits until it has the loss (if any) and the ring is empty.
fn drained(recorder: &Recorder, puppet: &mut Puppet) -> Statistics {
    recorder.stall(false);
    let statistics = puppet.statistics_when("an empty ring", |s| s.waiting == 0);
    statistics.assert_conserved();
    recorder.wait_for_messages(usize::try_from(statistics.delivered).expect("few"));
    let lost = statistics.lost;
    recorder.wait_until("what was lost", |arrivals| {
        let told: u64 = arrivals
            .iter()
            .map(|a| match &a.frame {
                Frame::Overflow { lost, .. } => u64::from(*lost),
                _ => 0,
            })
            .sum();
        told == lost
    });
    assert_eq!(puppet.numbers("overflow"), [lost as i64]);
    assert_eq!(recorder.garbage(), 0);
    statistics
}

/// The message counter skips exactly what was lost, at the place where it was lost.
fn assert_counters_tell_the_loss(recorder: &Recorder) {
    for message in recorder.messages() {
        let number = message.number(1).expect("a number");
        assert_eq!(message.counter, (number % 256) as u8, "message {number}");
    }
}

#[test]
fn drop_newest_keeps_the_oldest_and_tells_exactly_what_was_lost() {
    needs_ours("dlt_set_overflow_mode", || {
        for kind in KINDS {
            let (recorder, mut puppet) = stalled("drop", kind, DROP_NEWEST, 0);
            let answer = puppet.numbers("burst 0 4 0 20000 1");
            let (kept, refused) = (answer[0] as u32, answer[1] as u64);
            assert!(refused > 0 && kept >= 960, "{answer:?}");
            let statistics = drained(&recorder, &mut puppet);
            assert_eq!(statistics.submitted, 20000);
            assert_eq!((statistics.lost, statistics.refused), (refused, refused));
            let mut numbers = recorder.numbers(1);
            assert_eq!(numbers.len(), kept as usize);
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "out of order");
            assert_counters_tell_the_loss(&recorder);
            // What follows comes behind the announcement.
            puppet.ok("log 0 4 20000");
            recorder.wait_for_messages(numbers.len() + 1);
            numbers = recorder.numbers(1);
            assert_eq!(numbers.last(), Some(&20000));
            let frames = recorder.frames();
            let loss = frames.iter().rposition(|f| matches!(f, Frame::Overflow { .. }));
            assert!(loss.expect("announced") < frames.len() - 1);
        }
    });
}

#[test]
fn overwrite_gives_up_the_oldest_and_keeps_the_newest() {
    needs_ours("dlt_set_overflow_mode", || {
        for kind in KINDS {
            let (recorder, mut puppet) = stalled("overwrite", kind, OVERWRITE, 0);
            let answer = puppet.numbers("burst 0 4 0 20000 1");
            assert_eq!(answer[..3], [20000, 0, 0], "every call returns OK");
            let statistics = drained(&recorder, &mut puppet);
            assert_eq!(statistics.submitted, 20000);
            assert!(statistics.lost > 0);
            assert_eq!(statistics.lost, statistics.evicted);
            let numbers = recorder.numbers(1);
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "out of order");
            assert_eq!(numbers.len() as u64, statistics.delivered);
            let newest: Vec<u32> = (19500..20000).collect();
            assert!(numbers.ends_with(&newest), "the newest are not there");
            assert_counters_tell_the_loss(&recorder);
        }
    });
}

#[test]
fn block_waits_for_room_at_most_the_timeout_and_then_drops() {
    needs_ours("dlt_set_overflow_mode", || {
        for kind in KINDS {
            let (recorder, mut puppet) = stalled("block", kind, BLOCK, 50);
            // Up to the brim, which takes no time; then each call waits out its time.
            let filled = puppet.numbers("mode 1 50");
            assert_eq!(filled, [0, 1, 50]);
            let (next, refused) = fill(&mut puppet);
            puppet.numbers("mode 2 50");
            let answer = puppet.numbers(&format!("burst 0 4 {next} 4 1"));
            assert_eq!(answer[..3], [0, 4, 0]);
            assert!(answer[3] >= 4 * 50_000, "it did not wait: {answer:?} us");
            // With a reader nobody loses anything.
            recorder.stall(false);
            puppet.numbers("mode 2 60000");
            let answer = puppet.numbers(&format!("burst 0 4 {} 20000 1", next + 4));
            assert_eq!(answer[..3], [20000, 0, 0], "a caller that may wait loses nothing");
            let statistics = drained(&recorder, &mut puppet);
            assert_eq!(statistics.lost, refused + 4);
            let numbers = recorder.numbers(1);
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "out of order");
            assert_counters_tell_the_loss(&recorder);
        }
    });
}

#[test]
fn eight_threads_in_every_mode_lose_nothing_uncounted() {
    needs_ours("dlt_ng_get_statistics", || {
        for mode in [OVERWRITE, DROP_NEWEST, BLOCK] {
            let (recorder, mut puppet) = stalled("eight", Kind::Fifo, mode, 20);
            let count = if mode == BLOCK { 200 } else { 4000 };
            let answer = puppet.numbers(&format!("burst 0 4 0 {count} 8"));
            assert_eq!(answer[0] + answer[1], 8 * count, "{answer:?}");
            let statistics = drained(&recorder, &mut puppet);
            assert_eq!(statistics.submitted, 8 * count as u64);
            assert_eq!(statistics.refused, answer[1] as u64);
            let messages = recorder.messages();
            for thread in 0..8 {
                let own = messages.iter().filter(|m| m.number(0) == Some(thread));
                let numbers: Vec<u32> = own.map(|m| m.number(1).expect("a number")).collect();
                assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "thread {thread}");
            }
        }
    });
}

#[test]
fn a_full_ring_still_takes_errors() {
    needs_ours("the last sixteenth is for FATAL and ERROR", || {
        let (recorder, mut puppet) = stalled("urgent", Kind::Fifo, DROP_NEWEST, 0);
        let (next, _) = fill(&mut puppet);
        assert_eq!(puppet.numbers(&format!("log 0 4 {next}")), [-4]);
        assert_eq!(puppet.numbers(&format!("log 0 2 {}", next + 1)), [0]);
        assert_eq!(puppet.numbers(&format!("log 0 1 {}", next + 2)), [0]);
        drained(&recorder, &mut puppet);
        assert!(recorder.numbers(1).ends_with(&[next + 1, next + 2]));
    });
}

#[test]
fn the_mode_comes_from_the_environment_and_may_change_at_any_time() {
    needs_ours("dlt_get_overflow_mode", || {
        let dir = fresh_dir("mode");
        for (text, timeout, mode, milliseconds) in [
            ("overwrite", "7", 0, 7),
            ("0", "7", 0, 7),
            ("drop", "0", 1, 0),
            ("1", "100", 1, 100),
            ("block", "60000", 2, 60000),
            ("2", "5", 2, 5),
            ("nonsense", "nonsense", 1, 100),
        ] {
            let environment = [("DLT_USER_OVERFLOW_MODE", text), ("DLT_USER_TIMEOUT_MS", timeout)];
            let mut puppet = Puppet::start_with(&dir, &environment);
            puppet.ok("init");
            // An undefined mode is refused and changes nothing; the answer shows what is set.
            let answer = puppet.numbers("mode 9 1");
            assert_eq!(answer[1..], [mode, milliseconds], "{text} {timeout}");
            assert!(answer[0] < 0);
            assert_eq!(puppet.numbers("mode 2 11"), [0, 2, 11]);
        }
    });
}

#[test]
fn what_waits_behind_a_stall_goes_out_as_soon_as_the_daemon_reads_again() {
    needs_ours("dlt_ng_get_statistics", || {
        for round in 0..20 {
            let kind = KINDS[round % 2];
            let (recorder, mut puppet) = stalled("resumed", kind, DROP_NEWEST, 0);
            fill(&mut puppet);
            // A flush that gives up leaves nothing undone behind it.
            assert!(puppet.numbers("flush 20")[0] < 0);
            recorder.stall(false);
            // Nothing else happens: no logging call, no byte from the daemon but its reading.
            let answer = puppet.numbers("flush 10000");
            let statistics = puppet.statistics();
            assert_eq!(answer[0], 0, "round {round}, {kind:?}: stranded: {statistics:?}");
            assert_eq!(statistics.waiting, 0);
        }
    });
}

#[test]
fn messages_that_wait_are_counted_and_flushed() {
    needs_ours("dlt_flush", || {
        let (recorder, mut puppet) = stalled("flush", Kind::Socket, DROP_NEWEST, 0);
        fill(&mut puppet);
        let before = puppet.statistics();
        let answer = puppet.numbers("flush 50");
        assert!(
            answer[0] < 0,
            "nobody reads, yet the flush says it is done: {answer:?}, {before:?}"
        );
        assert!(answer[1] >= 50, "{answer:?}");
        recorder.stall(false);
        let answer = puppet.numbers("flush 10000");
        assert_eq!(answer[0], 0, "after {} ms; {:?}", answer[1], puppet.statistics());
        let statistics = puppet.statistics();
        assert_eq!(statistics.waiting, 0);
        statistics.assert_conserved();
    });
}
