//! Messages keep their order and their content, whatever is open at the same time.

use crate::support::children::at_rest;
use crate::support::frames::Frame;
use crate::support::fresh_dir;
use crate::support::library::{library, needs_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};

fn kinds() -> &'static [Kind] {
    if library().is_reference { &KINDS[..1] } else { &KINDS }
}

#[test]
fn several_messages_open_on_one_thread_are_finished_in_any_order() {
    for kind in kinds() {
        let dir = fresh_dir("any-order");
        let recorder = Recorder::start(&dir, *kind);
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        for round in 0..20 {
            assert_eq!(puppet.numbers(&format!("out_of_order 0 {}", round * 10)), [0, 0, 0]);
        }
        recorder.wait_for_messages(60);
        let expected: Vec<u32> =
            (0..20).flat_map(|round| [1, 2, 0].map(|n| round * 10 + n)).collect();
        assert_eq!(recorder.numbers(1), expected, "{kind:?}");
        assert!(recorder.messages().iter().all(|m| m.arguments == 2));
    }
}

#[test]
fn a_message_is_started_on_one_thread_and_finished_on_another() {
    for kind in kinds() {
        let dir = fresh_dir("hand-over");
        let recorder = Recorder::start(&dir, *kind);
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        puppet.ok("hand_over 0 200");
        recorder.wait_for_messages(400);
        let messages = recorder.messages();
        let (own, handed): (Vec<_>, Vec<_>) =
            messages.iter().partition(|m| m.number(0) == Some(1000));
        let numbers = |of: &[&_], index| -> Vec<u32> {
            of.iter().map(|m: &&crate::support::frames::Message| m.number(index).unwrap()).collect()
        };
        assert_eq!(numbers(&own, 1), (0..200).collect::<Vec<u32>>());
        assert_eq!(numbers(&handed, 0), (0..200).collect::<Vec<u32>>());
        assert!(handed.iter().all(|m| m.number(1) == Some(77)));
    }
}

#[test]
fn a_logging_call_inside_the_argument_of_another_works() {
    let dir = fresh_dir("inside");
    let recorder = Recorder::start(&dir, Kind::Fifo);
    let mut puppet = Puppet::start(&dir);
    puppet.register();
    puppet.ok("nested 0");
    recorder.wait_for_messages(2);
    assert_eq!(recorder.numbers(0), [1, 0]);
    assert_eq!(recorder.numbers(1), [1, 2]);
}

#[test]
fn messages_of_eight_threads_arrive_complete_and_each_thread_in_its_order() {
    for kind in kinds() {
        let dir = fresh_dir("threads");
        let recorder = Recorder::start(&dir, *kind);
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        let answer = puppet.numbers("burst 0 4 0 1500 8");
        assert_eq!(answer[..3], [12000, 0, 0]);
        recorder.wait_for_messages(12000);
        let messages = recorder.messages();
        for thread in 0..8 {
            let own = messages.iter().filter(|m| m.number(0) == Some(thread));
            let numbers: Vec<u32> = own.map(|m| m.number(1).expect("a number")).collect();
            assert_eq!(numbers, (0..1500).collect::<Vec<u32>>(), "thread {thread}, {kind:?}");
        }
        assert_eq!(recorder.garbage(), 0);
    }
}

#[test]
fn registrations_never_overtake_messages_nor_messages_registrations() {
    for kind in kinds() {
        let dir = fresh_dir("overtake");
        let recorder = Recorder::start(&dir, *kind);
        let mut puppet = Puppet::start(&dir);
        puppet.ok("app PUPP");
        for round in 0..50 {
            puppet.ok("context 1 ROUN 4 0");
            puppet.numbers(&format!("burst 1 4 {} 10 1", round * 10));
            puppet.ok("uncontext 1");
        }
        puppet.ok("unapp");
        recorder.wait_for_frame("the end", |f| matches!(f, Frame::UnregisterApplication { .. }));
        let story: String = recorder
            .frames()
            .iter()
            .map(|frame| match frame {
                Frame::RegisterApplication { .. } => 'A',
                Frame::RegisterContext { .. } => '(',
                Frame::Log(_) => '.',
                Frame::UnregisterContext { .. } => ')',
                Frame::UnregisterApplication { .. } => 'Z',
                _ => '?',
            })
            .collect();
        assert_eq!(story, format!("A{}Z", "(..........)".repeat(50)), "{kind:?}");
    }
}

#[test]
fn a_logging_call_keeps_errno() {
    let dir = fresh_dir("errno");
    let _recorder = Recorder::start(&dir, Kind::Fifo);
    let mut puppet = Puppet::start(&dir);
    puppet.register();
    assert_eq!(puppet.numbers("errno 0"), [4242]);
    if !library().is_reference {
        // The worker has parked: now a call has to wake it.
        at_rest(puppet.pid());
    }
    assert_eq!(puppet.numbers("errno 0"), [4242]);
}

#[test]
fn descriptions_of_any_length_leave_the_link_whole() {
    needs_ours("with descriptions of 64 KiB its link is torn", || {
        for kind in kinds() {
            for length in [0, 1, 255, 256, 257, 1390, 65_535, 65_536, 100_000] {
                let dir = fresh_dir("described");
                let recorder = Recorder::start(&dir, *kind);
                let mut puppet = Puppet::start(&dir);
                assert_eq!(puppet.numbers(&format!("described {length}")), [0, 0]);
                puppet.ok("log 0 4 1");
                recorder.wait_for_messages(1);
                assert_eq!(recorder.garbage(), 0);
                let frames = recorder.frames();
                // As much as the daemon keeps.
                let kept = "d".repeat(length.min(256));
                assert!(
                    matches!(&frames[0], Frame::RegisterApplication { description, .. }
                        if *description == kept),
                    "{length}: {:?}",
                    frames[0]
                );
                assert!(matches!(&frames[1], Frame::RegisterContext { .. }), "{:?}", frames[1]);
            }
        }
    });
}
