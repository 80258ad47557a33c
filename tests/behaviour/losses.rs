//! Where messages are lost, and which: by context, by level, in every mode.
//!
//! What was planted and failed here: the last sixteenth of the ring given to everybody; what is
//! given up not counted for its context; a record that does not say how many were refused before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::fresh_dir;
use crate::support::library::needs_ours;
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::{behind, is_long, note, wait_for};

const OVERWRITE: u8 = 0;
const DROP_NEWEST: u8 = 1;
const BLOCK: u8 = 2;
const MODES: [u8; 3] = [OVERWRITE, DROP_NEWEST, BLOCK];

/// A puppet with a context for each of its threads, and the smallest ring.
fn spread(name: &str, kind: Kind, threads: u32) -> (Recorder, Puppet) {
    let dir = fresh_dir(name);
    let recorder = Recorder::start(&dir, kind);
    let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", "50000")]);
    puppet.ok("app PUPP");
    for context in 0..threads {
        puppet.ok(&format!("context {context} C{context:03} 4 0"));
    }
    (recorder, puppet)
}

/// Runs a command of the puppet's while the recorder reads only now and then.
fn under_stalls(recorder: &Recorder, puppet: &mut Puppet, command: &str) -> Vec<i64> {
    let over = AtomicBool::new(false);
    let answer = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                for stalled in [true, false] {
                    recorder.stall(stalled);
                    std::thread::sleep(Duration::from_millis(2));
                }
            }
        });
        let answer = puppet.numbers(command);
        over.store(true, Ordering::Relaxed);
        answer
    });
    recorder.stall(false);
    answer
}

#[test]
fn each_of_one_to_sixteen_threads_finds_the_gap_where_its_loss_was_in_every_mode() {
    needs_ours("dlt_ng_get_context_statistics", || {
        for mode in MODES {
            for (round, threads) in [1, 2, 4, 8, 16].into_iter().enumerate() {
                let (recorder, mut puppet) = spread("spread", KINDS[round % 2], threads);
                let count = match (mode, is_long()) {
                    (BLOCK, false) => 1_000,
                    (BLOCK, true) => 20_000,
                    (_, false) => 24_000 / threads + 2_000,
                    (_, true) => 500_000 / threads,
                };
                // Shorter than the recorder's pauses, so that this mode loses some as well.
                puppet.numbers(&format!("mode {mode} 1"));
                let command = format!("spread 4 0 {count} {threads}");
                let answer = under_stalls(&recorder, &mut puppet, &command);
                let statistics = puppet.statistics_when("an empty ring", |s| s.waiting == 0);
                statistics.assert_conserved();
                assert_eq!(statistics.submitted, u64::from(count * threads));
                assert_eq!(statistics.refused, answer[1] as u64);
                assert_eq!(statistics.lost, statistics.refused + statistics.evicted);
                // One more on each context tells what was lost at the end.
                for context in 0..threads {
                    puppet.ok(&format!("log {context} 4 {count}"));
                }
                let delivered = statistics.delivered + u64::from(threads);
                recorder.wait_for_messages(usize::try_from(delivered).expect("few"));
                assert_eq!(recorder.garbage(), 0);
                let messages = recorder.messages();
                assert_eq!(messages.len() as u64, delivered);
                // Given up by whoever was then stopped before it could count it: by no more than
                // there are threads.
                let late = if mode == OVERWRITE { threads as u8 } else { 0 };
                let mut lagging = 0;
                for context in 0..threads {
                    let name = format!("C{context:03}");
                    let own = || messages.iter().filter(|m| m.context == name);
                    lagging += behind(own(), late);
                    let numbers = own().map(|m| m.number(1).expect("a number"));
                    assert!(numbers.is_sorted_by(|a, b| a < b), "{name} out of order");
                    assert_eq!(own().next_back().map(|m| m.counter), Some(count as u8), "{name}");
                    let counted = puppet.numbers(&format!("context_statistics {context}"));
                    let sent = own().count() as i64;
                    assert_eq!((counted[0], counted[2]), (sent, i64::from(count) + 1 - sent));
                }
                note(&format!(
                    "mode {mode}, {threads} threads: {} of {} lost, {lagging} counters late",
                    statistics.lost, statistics.submitted
                ));
                assert!(statistics.lost > 0 || mode == BLOCK || threads > 1, "nothing was lost");
            }
        }
    });
}

/// Fills the ring in front of a recorder that has stopped reading.
fn fill(puppet: &mut Puppet) -> u64 {
    let (mut logged, mut in_vain) = (0, 0);
    wait_for("a full ring in front of a full kernel buffer", || {
        let answer = puppet.numbers("burst 0 4 0 2000 1");
        logged += 2000;
        in_vain = if answer[0] == 0 { in_vain + 1 } else { 0 };
        (in_vain == 5).then_some(logged)
    })
}

#[test]
fn a_flood_of_debug_messages_shuts_out_no_error() {
    needs_ours("the last sixteenth is for FATAL and ERROR", || {
        for (mode, kind) in [(DROP_NEWEST, KINDS[0]), (BLOCK, KINDS[1])] {
            let dir = fresh_dir("flooded");
            let recorder = Recorder::start(&dir, kind);
            let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", "50000")]);
            puppet.ok("app PUPP");
            puppet.ok("context 0 PCTX 5 0");
            puppet.ok("context 1 ERRS 4 0");
            recorder.wait_until("the contexts", |arrivals| arrivals.len() >= 3);
            recorder.stall(true);
            puppet.numbers("mode 1 0");
            let mut submitted = fill(&mut puppet);
            puppet.numbers(&format!("mode {mode} 30"));
            puppet.ok("flood 0 5 4 0");
            puppet.statistics_when("a flood", |s| s.submitted > submitted);
            // All that the last sixteenth of 1,024 slots holds, each at once.
            for number in 0..60 {
                puppet.ok(&format!("log 1 {} {number}", 1 + number % 2));
            }
            let flood = puppet.numbers("calm");
            assert!(flood[1] > 0, "the flood was no flood: {flood:?}");
            recorder.stall(false);
            submitted += (flood[0] + flood[1]) as u64 + 60;
            let statistics = puppet.statistics_when("an empty ring", |s| s.waiting == 0);
            statistics.assert_conserved();
            assert_eq!(statistics.submitted, submitted);
            recorder.wait_for_messages(usize::try_from(statistics.delivered).expect("few"));
            let messages = recorder.messages();
            let errors: Vec<_> = messages.iter().filter(|m| m.context == "ERRS").collect();
            assert_eq!(errors.len(), 60);
            assert_eq!(behind(errors.into_iter(), 0), 0);
        }
    });
}

#[test]
fn every_one_of_many_messages_is_delivered_or_counted_as_lost() {
    needs_ours("dlt_ng_get_statistics", || {
        // Ten million in the long run.
        let (rounds, count) = if is_long() { (8, 416_667) } else { (1, 100_000) };
        let begin = Instant::now();
        let mut total = 0;
        for (mode, kind) in MODES.into_iter().zip([Kind::Fifo, Kind::Socket, Kind::Fifo]) {
            let (recorder, mut puppet) = spread("many", kind, 4);
            puppet.numbers(&format!("mode {mode} 60000"));
            let mut delivered = 0;
            for round in 0..rounds {
                let first = round * (count + 1) / 4;
                let answer = puppet.numbers(&format!("spread 4 {first} {} 4", count / 4));
                let statistics = puppet.statistics_when("an empty ring", |s| s.waiting == 0);
                statistics.assert_conserved();
                total += answer[0] + answer[1];
                assert_eq!(statistics.submitted, (round + 1) as u64 * (count / 4 * 4) as u64);
                if mode == BLOCK {
                    assert_eq!(statistics.lost, 0);
                }
                let fresh = usize::try_from(statistics.delivered - delivered).expect("few");
                delivered = statistics.delivered;
                recorder.wait_for_messages(fresh);
                let messages = recorder.take_messages();
                assert_eq!(messages.len(), fresh);
                for thread in 0..4 {
                    let own = messages.iter().filter(|m| m.number(0) == Some(thread));
                    let numbers = own.map(|m| m.number(1).expect("a number"));
                    assert!(numbers.is_sorted_by(|a, b| a < b), "thread {thread}");
                }
            }
            assert_eq!(recorder.garbage(), 0);
        }
        note(&format!("{total} messages in {:?}", begin.elapsed()));
    });
}
