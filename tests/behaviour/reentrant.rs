//! Logging in the middle of something else: nothing hangs, every message arrives whole or is
//! counted as lost.
//!
//! What was planted and failed here: one staging area for all messages that are open on a thread;
//! areas cached by threads whose destructor has already run; waiting for room on the worker's own
//! thread. A handler that waits although it interrupted a reservation fails in `frozen`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use crate::support::children::Running;
use crate::support::frames::{Frame, Message, injection};
use crate::support::library::{compiled, library, needs_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{Kind, Recorder};
use crate::support::{fresh_dir, is_long, note};

const BODY: u32 = 0;
const FIRST_HANDLER: u32 = 1;
const SECOND_HANDLER: u32 = 2;
const ALLOCATION: u32 = 3;
const ENDING: u32 = 4;

/// What the calls of one of those who log returned.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sum {
    ok: u64,
    full: u64,
    /// Not even begun: before the context was registered.
    refused: u64,
}

struct Outcome {
    sums: Vec<Sum>,
    messages: Vec<Message>,
    lost: u64,
    /// KiB of address space.
    growth: i64,
}

impl Outcome {
    fn of(&self, who: u32) -> Vec<&Message> {
        self.messages.iter().filter(|m| m.number(0) == Some(who)).collect()
    }
}

/// Runs `c-tests/reentrant.c` in front of a recorder, which does not read before the program has
/// logged everything if it is `stalled`. Checks that nothing is lost uncounted.
fn run(scenario: &str, count: u32, mode: &str, stalled: bool) -> Outcome {
    let dir = fresh_dir(&format!("reentrant-{scenario}-{mode}-{stalled}"));
    let kind = if stalled { Kind::Socket } else { Kind::Fifo };
    let recorder = match stalled {
        true => Recorder::start_stalled(&dir, kind),
        false => Recorder::start(&dir, kind),
    };
    let mut command = Command::new(compiled("reentrant"));
    command
        .args([scenario, &count.to_string()])
        .env("LD_LIBRARY_PATH", &library().dir)
        .env("DLT_PIPE_DIR", &dir)
        .env("DLT_LOG_MODE", "4")
        // The growth of its address space is looked at, and a second arena of glibc's is 64 MiB.
        .env("MALLOC_ARENA_MAX", "1")
        .env("DLT_USER_BUFFER_MAX", "50000")
        .env("DLT_USER_OVERFLOW_MODE", mode)
        .env("DLT_USER_TIMEOUT_MS", if stalled { "1" } else { "60000" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut program = Running::start(scenario, &mut command);
    let stdin = program.inner().stdin.take();
    let mut stdout = BufReader::new(program.inner().stdout.take().expect("piped"));
    let (to_test, from_program) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut sums = Vec::new();
        let mut line = String::new();
        while stdout.read_line(&mut line).is_ok_and(|count| count > 0) && line != "end\n" {
            let n: Vec<u64> = line.split_whitespace().map(|n| n.parse().expect("number")).collect();
            sums.push(Sum { ok: n[1], full: n[2], refused: n[3] });
            line.clear();
        }
        let _ = to_test.send(sums);
        let mut rest = String::new();
        let _ = stdout.read_to_string(&mut rest);
        rest
    });
    let wait = crate::support::WATCHDOG;
    let sums = from_program.recv_timeout(wait).unwrap_or_else(|_| panic!("{scenario} hangs"));
    recorder.stall(false);
    drop(stdin);
    assert!(program.wait().success(), "{scenario} in mode {mode}");
    let rest = reader.join().expect("the reader has not panicked");
    let figures: Vec<i64> = rest.split_whitespace().map(|n| n.parse().expect("number")).collect();
    let [submitted, delivered, waiting, lost, growth] = figures[..] else {
        panic!("{scenario} said {rest:?}");
    };
    assert_eq!((waiting, submitted), (0, delivered + lost));
    let finished: u64 = sums.iter().map(|sum| sum.ok + sum.full).sum();
    assert_eq!(submitted as u64, finished, "{scenario}: {sums:?}");
    recorder.wait_for_frame("the end", |f| matches!(f, Frame::UnregisterApplication { .. }));
    assert_eq!(recorder.garbage(), 0);
    let messages = recorder.messages();
    assert_eq!(messages.len() as i64, delivered, "{scenario}");
    if mode != "overwrite" {
        assert_eq!(lost as u64, sums.iter().map(|sum| sum.full).sum::<u64>());
    }
    Outcome { sums, messages, lost: lost as u64, growth }
}

/// Who logged it, its number, a text that follows from that, and the number once more.
fn assert_whole(message: &Message) {
    let number = message.number(1).expect("a number");
    let letters = (u32::from(b'a')..).take(26).map(|c| c as u8).cycle();
    let text: Vec<u8> = letters.take(130).skip(number as usize % 26).chain([0]).collect();
    let mut expected = vec![0x43, 0, 0, 0];
    expected.extend(message.number(0).expect("a number").to_le_bytes());
    expected.extend([0x43, 0, 0, 0]);
    expected.extend(number.to_le_bytes());
    expected.extend([0, 2, 0, 0]);
    expected.extend(u16::try_from(text.len()).expect("short").to_le_bytes());
    expected.extend(text);
    expected.extend([0x43, 0, 0, 0]);
    expected.extend((!number).to_le_bytes());
    assert_eq!(message.payload, expected, "torn: {message:?}");
    assert_eq!(message.arguments, 4);
}

fn assert_in_order(messages: &[&Message], who: u32) {
    let numbers = messages.iter().map(|m| m.number(1).expect("a number"));
    assert!(numbers.is_sorted_by(|a, b| a < b), "messages of {who} out of order");
}

/// One after another to a context of their own: each gap is where the loss was, and as wide.
fn assert_counted(messages: &[&Message], who: u32, mode: &str) {
    // In overwrite mode a handler may stand where the thread has decided to give up a message and
    // has not counted it yet; two handlers, and the thread.
    let late = if mode == "overwrite" { 3 } else { 0 };
    let behind = crate::support::behind(messages.iter().copied(), late);
    assert!(behind * 2 <= messages.len(), "{behind} of {} of {who}", messages.len());
}

fn storm(scenario: &str, check: impl Fn(&[&Message], u32, &str)) {
    needs_ours("it deadlocks or loses messages, as luck has it", || {
        let rounds = if is_long() { 10 } else { 1 };
        for mode in ["overwrite", "drop", "block"].repeat(rounds) {
            for stalled in [false, true] {
                let outcome = run(scenario, 1_000, mode, stalled);
                outcome.messages.iter().for_each(assert_whole);
                for who in [BODY, FIRST_HANDLER, SECOND_HANDLER] {
                    let own = outcome.of(who);
                    assert_in_order(&own, who);
                    check(&own, who, mode);
                }
                let calls =
                    |who: u32| outcome.sums[who as usize].ok + outcome.sums[who as usize].full;
                note(&format!(
                    "{scenario}, {mode}, stalled: {stalled}: {} messages, {} of handlers, {} lost",
                    calls(BODY),
                    calls(FIRST_HANDLER) + calls(SECOND_HANDLER),
                    outcome.lost
                ));
                assert_eq!(outcome.sums.iter().map(|sum| sum.refused).sum::<u64>(), 0);
            }
        }
    });
}

#[test]
fn a_signal_handler_that_interrupts_a_logging_call_of_the_same_thread_logs() {
    storm("storm", assert_counted);
}

#[test]
fn a_signal_handler_logs_to_the_context_of_the_call_it_interrupts() {
    storm("handlers", |_, _, _| ());
}

#[test]
fn a_signal_handler_that_logs_more_than_the_ring_holds_waits_for_no_call_it_has_interrupted() {
    needs_ours("dlt_set_overflow_mode", || {
        // A slot reserved by the interrupted call is in the way until the handler returns.
        let count = if is_long() { 600_000 } else { 300_000 };
        let outcome = run("long", count, "block", false);
        outcome.messages.iter().for_each(assert_whole);
        note(&format!("{} of {count} messages refused in a handler", outcome.lost));
        // Most often the call was itself waiting for room, and then its handler may as well.
        assert!(outcome.lost < u64::from(count) / 2, "{} of {count} refused", outcome.lost);
    });
}

#[test]
fn a_hundred_messages_are_open_at_once_in_the_arguments_of_each_other() {
    needs_ours("dlt_ng_get_statistics", || {
        let outcome = run("arguments", 100, "drop", false);
        let depths: Vec<_> = outcome.messages.iter().filter_map(|m| m.number(1)).collect();
        // The innermost is finished first, and each says how deep it was called.
        assert_eq!(depths, (1..=100).collect::<Vec<u32>>());
    });
}

#[test]
fn a_malloc_that_logs_works_before_at_and_after_the_start() {
    needs_ours("it calls malloc under the lock that its logging calls take", || {
        let count = if is_long() { 500_000 } else { 20_000 };
        for mode in ["overwrite", "drop", "block"] {
            let outcome = run("malloc", count, mode, false);
            let sum = outcome.sums[ALLOCATION as usize];
            assert!(sum.refused > 0, "none before the context was there: {sum:?}");
            assert!(sum.ok > 100, "{sum:?}");
            outcome.messages.iter().for_each(assert_whole);
            let mut seen: Vec<u32> = outcome.messages.iter().filter_map(|m| m.number(1)).collect();
            seen.sort_unstable();
            assert!(seen.is_sorted_by(|a, b| a < b), "delivered twice");
        }
    });
}

#[test]
fn threads_log_while_they_end_and_leave_no_memory_behind() {
    needs_ours("dlt_ng_get_statistics", || {
        let count = if is_long() { 50_000 } else { 3_000 };
        let outcome = run("destructors", count, "block", false);
        let sum = outcome.sums[ENDING as usize];
        // Three for the two keys, and one each for three bits of the thread's number.
        let threads = u64::from(count) + 64;
        let expected =
            (0..64).chain(0..u64::from(count)).map(|i| 3 + u64::from((i & 7).count_ones()));
        assert_eq!(sum, Sum { ok: expected.sum(), ..Sum::default() });
        outcome.messages.iter().for_each(assert_whole);
        let own: Vec<&Message> = outcome.messages.iter().collect();
        assert_in_order(&own, ENDING);
        note(&format!("{threads} threads: address space grew by {} KiB", outcome.growth));
        // One page each would be far more.
        assert!(outcome.growth < i64::from(count) * 2, "{} KiB", outcome.growth);
    });
}

#[test]
fn a_callback_that_logs_into_a_full_ring_does_not_wait_for_the_worker_it_runs_on() {
    needs_ours("dlt_set_overflow_mode", || {
        let dir = fresh_dir("callback-full");
        let recorder = Recorder::start(&dir, Kind::Socket);
        let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", "50000")]);
        puppet.register();
        assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
        recorder.wait_for_frame("the context", |f| matches!(f, Frame::RegisterContext { .. }));
        recorder.stall(true);
        let mut in_vain = 0;
        crate::support::wait_for("a full ring in front of a full socket", || {
            let answer = puppet.numbers("burst 0 4 0 2000 1");
            in_vain = if answer[0] == 0 { in_vain + 1 } else { 0 };
            (in_vain == 3).then_some(())
        });
        assert_eq!(puppet.numbers("mode 2 60000"), [0, 2, 60000]);
        recorder.send(&injection(0, 0x2000, b"now"));
        // Refused at once: the watchdog ends before the time that others would wait.
        assert_eq!(puppet.event(), ["nested", "-4"]);
        recorder.stall(false);
        puppet.statistics_when("an empty ring", |s| s.waiting == 0).assert_conserved();
        recorder.send(&injection(0, 0x2000, b"now"));
        assert_eq!(puppet.event(), ["nested", "0"]);
    });
}
