//! When the worker hands on what was logged, and how much at a time.
//!
//! What was planted and failed here: naps of four milliseconds; errors that wait for the nap's end;
//! writes of a kilobyte; socket writes of 4096 bytes.

use std::time::Duration;

use crate::support::frames::Frame;
use crate::support::library::{needs_ours, only_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::{fresh_dir, median, note, now, wait_for};

const ERROR: u8 = 2;
const INFO: u8 = 4;

/// Microseconds from the order to log a message until the daemon has it.
fn delay(recorder: &Recorder, puppet: &mut Puppet, level: u8, number: u32) -> u64 {
    let begin = now();
    puppet.ok(&format!("log 0 {level} {number}"));
    let wanted = |f: &Frame| matches!(f, Frame::Log(m) if m.number(0) == Some(0) && m.number(1) == Some(number));
    recorder.wait_for_frame("the message", wanted).at.saturating_sub(begin) / 1000
}

/// A busy machine may be late with a whole series, and with the next.
fn assert_in_one_of_five(mut series: impl FnMut() -> Result<(), String>) {
    let failed: Vec<String> = (0..5).map_while(|_| series().err()).collect();
    assert!(failed.len() < 5, "{failed:?}");
}

#[test]
fn a_message_alone_is_out_within_two_milliseconds() {
    for kind in KINDS {
        needs_ours("a socket, and one worker", || {
            let dir = fresh_dir(&format!("alone-{kind:?}"));
            let recorder = Recorder::start(&dir, kind);
            let mut puppet = Puppet::start(&dir);
            puppet.register();
            let mut number = 0;
            assert_in_one_of_five(|| {
                let (mut parked, mut napping) = (Vec::new(), Vec::new());
                for _ in 0..15 {
                    wait_for("the worker to park", || puppet.is_parked("dlt-worker").then_some(()));
                    parked.push(delay(&recorder, &mut puppet, INFO, number));
                    // Shortly after a message it naps.
                    std::thread::sleep(Duration::from_micros(700));
                    napping.push(delay(&recorder, &mut puppet, INFO, number + 1));
                    number += 2;
                }
                let (parked, napping) = (median(parked), median(napping));
                note(&format!("{kind:?}: after {parked} us from rest, {napping} us from a nap"));
                let is_soon = parked < 2000 && napping < 2000;
                is_soon.then_some(()).ok_or(format!("{parked} and {napping} us"))
            });
        });
    }
}

#[test]
fn an_error_does_not_wait_for_the_end_of_a_nap() {
    only_ours("the reference has no naps: nothing waits", || {
        let dir = fresh_dir("urgent");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        // Four a millisecond keep the worker napping for as long as it ever does.
        puppet.ok("flood 0 4 1 250000");
        let mut number = 0;
        assert_in_one_of_five(|| {
            let (mut errors, mut others) = (Vec::new(), Vec::new());
            for _ in 0..40 {
                errors.push(delay(&recorder, &mut puppet, ERROR, number));
                others.push(delay(&recorder, &mut puppet, INFO, number + 1));
                number += 2;
            }
            let (error, other) = (median(errors), median(others));
            note(&format!("an error is there after {error} us, another message after {other} us"));
            (2 * error < other).then_some(()).ok_or(format!("{error} and {other} us"))
        });
        puppet.numbers("calm");
    });
}

/// Bytes that the worker has written, and by how many calls.
fn written(puppet: &Puppet) -> (u64, u64) {
    let tasks = crate::support::children::context_switches(puppet.pid());
    let worker = tasks.iter().find(|task| task.1 == "dlt-worker").expect("it lives");
    let file = format!("/proc/{}/task/{}/io", puppet.pid(), worker.0);
    let text = std::fs::read_to_string(file).expect("it lives");
    let figure = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.and_then(|value| value.trim().parse().ok()).expect("a number")
    };
    (figure("wchar:"), figure("syscw:"))
}

#[test]
fn a_flood_goes_in_writes_as_large_as_the_link_takes_whole() {
    needs_ours("it has another thread", || {
        for (kind, at_least, at_most) in
            [(Kind::Fifo, 3_500, 4_096), (Kind::Socket, 12_000, 64 * 1024)]
        {
            let dir = fresh_dir(&format!("writes-{kind:?}"));
            let recorder = Recorder::start(&dir, kind);
            let block = [("DLT_USER_OVERFLOW_MODE", "block"), ("DLT_USER_TIMEOUT_MS", "60000")];
            let mut puppet = Puppet::start_with(&dir, &block);
            puppet.register();
            puppet.ok("log 0 4 0");
            recorder.wait_for_messages(1);
            let before = written(&puppet);
            assert_eq!(puppet.numbers("burst 0 4 0 100000 1")[0], 100_000);
            recorder.wait_for_messages(100_001);
            let after = written(&puppet);
            let (bytes, writes) = (after.0 - before.0, after.1 - before.1);
            note(&format!("{kind:?}: {} bytes a write", bytes / writes));
            assert!((at_least..=at_most).contains(&(bytes / writes)), "{bytes} in {writes}");
        }
    });
}
