//! The link to the daemon: what waits for it, what survives its death, how soon it is found again.

use std::process::{Command, Stdio};

use crate::support::children::Running;
use crate::support::daemon::Daemon;
use crate::support::frames::Frame;
use crate::support::library::{library, needs_ours, only_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, PAGE, Recorder, record_to_file, recorded_numbers};
use crate::support::{fresh_dir, median, note, now, wait_for};

/// The kinds of daemon that the library under test can talk to.
fn kinds() -> &'static [Kind] {
    if library().is_reference { &KINDS[..1] } else { &KINDS }
}

#[test]
fn ten_thousand_messages_logged_before_any_daemon_runs_all_arrive_in_order() {
    only_ours("the reference keeps about 5,000", || {
        for kind in kinds() {
            let dir = fresh_dir("early");
            let mut puppet = Puppet::start(&dir);
            puppet.register();
            assert_eq!(puppet.numbers("burst 0 4 0 10000 1")[..3], [10000, 0, 0]);
            let recorder = Recorder::start(&dir, *kind);
            recorder.wait_until("an end of the backlog", |arrivals| {
                arrivals.iter().any(|a| matches!(a.frame, Frame::Overflow { .. }))
                    || arrivals.iter().filter(|a| matches!(a.frame, Frame::Log(_))).count() == 10000
            });
            assert_eq!(recorder.numbers(1), (0..10000).collect::<Vec<u32>>(), "{kind:?}");
            let counters: Vec<u8> = recorder.messages().iter().map(|m| m.counter).collect();
            let expected: Vec<u8> = (0..10000u32).map(|n| (n % 256) as u8).collect();
            assert_eq!(counters, expected, "{kind:?}");
            assert_eq!(recorder.garbage(), 0);
            let frames = recorder.frames();
            assert!(matches!(frames[0], Frame::RegisterApplication { .. }), "{:?}", frames[0]);
            assert!(matches!(frames[1], Frame::RegisterContext { .. }), "{:?}", frames[1]);
        }
    });
}

#[test]
fn ten_thousand_messages_logged_before_debians_daemon_runs_reach_its_viewer_in_order() {
    let dir = fresh_dir("early-real");
    let Some(mut daemon) = Daemon::without_daemon(&dir) else {
        return;
    };
    only_ours("the reference keeps about 5,000", || {
        // The daemon's directory gets the name that the program looks for when the viewer is
        // there: what Debian's daemon takes before that goes through a buffer of its own.
        let place = dir.join("pipes");
        let lines = dir.join("lines");
        let text: String = (0..10000).map(|n| format!("line {n}\n")).collect();
        std::fs::write(&lines, text).expect("own directory");
        let mut command = daemon.command("dlt-adaptor-stdin");
        command.args(["-a", "EARL", "-c", "EARL"]);
        command.env("LD_LIBRARY_PATH", &library().dir).env("DLT_LOG_MODE", "4");
        command.env("DLT_PIPE_DIR", &place);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut adaptor = Running::start("dlt-adaptor-stdin", &mut command);
        let mut input = adaptor.inner().stdin.take().expect("piped");
        std::io::copy(&mut std::fs::File::open(&lines).expect("own file"), &mut input)
            .expect("the adaptor reads");
        // It has read everything once it waits for more with an empty pipe.
        wait_for("the adaptor to have read all", || pipe_is_empty(&input).then_some(()));
        let pipes = fresh_dir("early-real-pipes");
        daemon.start_daemon_outside(&pipes);
        daemon.start_viewer(&["-a"]);
        std::os::unix::fs::symlink(&pipes, &place).expect("own directory");
        // The end of its input would make it give up what has not found the daemon yet.
        wait_for("the first line", || daemon.printed().contains(" EARL EARL log ").then_some(()));
        drop(input);
        adaptor.wait();
        let printed = daemon.wait_until_all_arrived();
        let got: Vec<&str> = printed
            .lines()
            .filter(|line| line.contains(" EARL EARL log "))
            .filter_map(|line| line.rsplit_once('[').map(|(_, text)| text.trim_end_matches(']')))
            .collect();
        let expected: Vec<String> = (0..10000).map(|n| format!("line {n}")).collect();
        let got: Vec<&str> = got.iter().map(|text| text.trim()).collect();
        let first = got.iter().zip(&expected).position(|(a, b)| a != b);
        let first = first.unwrap_or(got.len().min(expected.len()));
        assert!(
            got.len() == expected.len() && first == expected.len(),
            "{} of {} lines arrived, from {first} on: {:?} .. {:?}",
            got.len(),
            expected.len(),
            got.get(first),
            got.last()
        );
    });
}

fn pipe_is_empty(pipe: &impl std::os::fd::AsRawFd) -> bool {
    let mut waiting: libc::c_int = 0;
    // SAFETY: FIONREAD writes one int to the pointer given, which is valid for that.
    let result = unsafe { libc::ioctl(pipe.as_raw_fd(), libc::FIONREAD, &raw mut waiting) };
    result == 0 && waiting == 0
}

/// Not a test: a recorder in a process of its own, started and killed by the test below it.
#[test]
#[ignore = "the recording process of daemon_killed_five_times_under_load"]
fn recording_process() {
    let Some(dir) = std::env::var_os("RECORD_IN") else {
        return;
    };
    let out = std::env::var_os("RECORD_TO").expect("both are given");
    let kind = if std::env::var_os("RECORD_SOCKET").is_some() { Kind::Socket } else { Kind::Fifo };
    record_to_file(dir.as_ref(), kind, out.as_ref());
}

fn start_recording_process(dir: &std::path::Path, kind: Kind, out: &std::path::Path) -> Running {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "link::recording_process", "--ignored", "--nocapture"]);
    command.env("RECORD_IN", dir).env("RECORD_TO", out);
    if kind == Kind::Socket {
        command.env("RECORD_SOCKET", "1");
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Running::start("the recording process", &mut command)
}

#[test]
fn daemon_killed_five_times_under_load() {
    needs_ours("conservation is counted by dlt_ng_get_statistics", || {
        for kind in kinds() {
            let dir = fresh_dir("killed");
            let mut puppet = Puppet::start(&dir);
            puppet.register();
            let mut next: u32 = 0;
            let mut refused: u64 = 0;
            let mut kept = Vec::new();
            for round in 0..6 {
                let out = dir.join(format!("numbers.{round}"));
                let mut recording = start_recording_process(&dir, *kind, &out);
                // Load before, during and after the kill, in portions that fit the ring.
                for portion in 0..6 {
                    let answer = puppet.numbers(&format!("burst 0 4 {next} 1000 1"));
                    refused += answer[1] as u64;
                    assert_eq!(answer[2], 0);
                    next += 1000;
                    if portion == 1 {
                        wait_for("the first messages", || {
                            (!recorded_numbers(&out).is_empty()).then_some(())
                        });
                    }
                    if portion == 3 && round < 5 {
                        recording.kill();
                    }
                }
                if round == 5 {
                    puppet.statistics_when("an empty ring", |s| s.waiting == 0);
                    let last = next - 1;
                    wait_for("the last message", || {
                        (recorded_numbers(&out).last() == Some(&last)).then_some(())
                    });
                }
                drop(recording);
                kept.push(recorded_numbers(&out));
            }
            let statistics = puppet.statistics();
            statistics.assert_conserved();
            assert_eq!(statistics.submitted, u64::from(next));
            assert_eq!(statistics.lost, refused);
            assert!(statistics.reconnects >= 5, "{statistics:?}");
            assert_eq!(refused, 0, "{statistics:?}");
            // Each message but those that were in the kernel when the daemon was killed, once: what
            // a daemon has read has no gap, and the next begins behind what the kernel had taken.
            let buffer = if *kind == Kind::Fifo { 65536 } else { 2 * 212_992 };
            let at_most = (buffer + PAGE as u32) / 50 + 1;
            let mut expected = 0;
            for (round, read) in kept.iter().enumerate() {
                let first = *read.first().expect("each daemon has read something");
                assert!(expected <= first && first - expected <= at_most, "{expected} to {first}");
                let contiguous = (first..).take(read.len());
                assert!(contiguous.eq(read.iter().copied()), "round {round}: {read:?}");
                expected = first + read.len() as u32;
            }
            assert_eq!(expected, next);
            let read = kept.iter().map(Vec::len).sum::<usize>();
            let in_kernel = statistics.delivered - read as u64;
            assert_eq!(in_kernel, statistics.submitted - read as u64, "{statistics:?}");
            note(&format!(
                "{kind:?}: {next} submitted, {read} read, {in_kernel} gone with the kernel's buffers"
            ));
        }
    });
}

#[test]
fn a_daemon_that_comes_back_as_the_other_kind_is_found() {
    only_ours("Debian's build knows FIFOs only", || {
        let dir = fresh_dir("other-kind");
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        for (round, kind) in [Kind::Fifo, Kind::Socket, Kind::Fifo].into_iter().enumerate() {
            let mut recorder = Recorder::start(&dir, kind);
            puppet.ok(&format!("log 0 4 {round}"));
            recorder.wait_for_messages(1);
            assert_eq!(recorder.numbers(1), [round as u32], "{kind:?}");
            recorder.crash();
        }
    });
}

#[test]
fn after_a_reconnect_come_application_contexts_with_current_levels_backlog_and_loss() {
    only_ours("the reference forgets levels and announces losses with the next message", || {
        for kind in kinds() {
            let dir = fresh_dir("reconnect");
            let mut recorder = Recorder::start(&dir, *kind);
            let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", "50000")]);
            puppet.register();
            puppet.ok("context 1 SECO");
            wait_for("the daemon's answer", || (puppet.numbers("level 1") == [6, 1]).then_some(()));
            puppet.ok("log 0 4 0");
            recorder.wait_for_messages(1);
            recorder.leave();
            drop(recorder);
            let answer = puppet.numbers("burst 0 4 1 3000 1");
            assert!(answer[1] > 0, "nothing was lost: {answer:?}");
            let recorder = Recorder::start(&dir, *kind);
            let lost = answer[1] as u32;
            recorder.wait_for_frame("the loss", |f| matches!(f, Frame::Overflow { .. }));
            let frames = recorder.frames();
            assert!(matches!(&frames[0], Frame::RegisterApplication { app, .. } if app == "PUPP"));
            assert!(
                matches!(&frames[1], Frame::RegisterContext { context, level: 4, trace: 0, .. }
                    if context == "PCTX"),
                "{:?}",
                frames[1]
            );
            assert!(
                matches!(&frames[2], Frame::RegisterContext { context, level: 6, trace: 1, .. }
                    if context == "SECO"),
                "{:?}",
                frames[2]
            );
            let kept = answer[0] as u32;
            assert_eq!(recorder.numbers(1), (1..=kept).collect::<Vec<u32>>());
            assert_eq!(
                frames.last(),
                Some(&Frame::Overflow { lost, app: "PUPP".to_owned() }),
                "{kind:?}"
            );
        }
    });
}

#[test]
fn a_daemon_is_found_again_within_a_quarter_of_a_second_as_a_rule() {
    only_ours("the reference notices a lost daemon only when it logs", || {
        for kind in kinds() {
            let dir = fresh_dir("found");
            let mut puppet = Puppet::start(&dir);
            puppet.register();
            let mut took = Vec::new();
            for _ in 0..9 {
                let mut recorder = Recorder::start(&dir, *kind);
                let begin = now();
                let wanted = |f: &Frame| matches!(f, Frame::RegisterApplication { .. });
                let arrival = recorder.wait_for_frame("the application", wanted);
                took.push(arrival.at.saturating_sub(begin) / 1000);
                recorder.leave();
            }
            note(&format!("{kind:?}: found after {} us (median of 9)", median(took.clone())));
            assert!(median(took.clone()) < 250_000, "{took:?} us");
        }
    });
}

#[test]
fn a_daemon_that_crashed_and_left_its_node_is_found_again() {
    for kind in kinds() {
        let dir = fresh_dir("left-node");
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        for round in 0..3 {
            let mut recorder = Recorder::start(&dir, *kind);
            puppet.ok(&format!("log 0 4 {round}"));
            recorder.wait_until("this round's message", |arrivals| {
                let messages = crate::support::recorder::messages(arrivals);
                messages.iter().any(|m| m.number(1) == Some(round))
            });
            recorder.crash();
        }
    }
}

#[test]
fn debians_daemon_killed_and_started_again_gets_what_was_logged_meanwhile() {
    let dir = fresh_dir("killed-real");
    let Some(mut daemon) = Daemon::start(&dir) else {
        return;
    };
    let mut command = daemon.command("dlt-adaptor-stdin");
    command.args(["-a", "KILL", "-c", "KILL"]);
    command.env("LD_LIBRARY_PATH", &library().dir).env("DLT_LOG_MODE", "4");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut adaptor = Running::start("dlt-adaptor-stdin", &mut command);
    let mut input = adaptor.inner().stdin.take().expect("piped");
    let mut say = |text: &str| {
        std::io::Write::write_all(&mut input, text.as_bytes()).expect("the adaptor reads");
        wait_for("the adaptor to have read", || pipe_is_empty(&input).then_some(()));
    };
    say("before\n");
    wait_for("the first line", || daemon.printed().contains("[before").then_some(()));
    daemon.kill();
    say("meanwhile 1\nmeanwhile 2\n");
    daemon.start_daemon();
    daemon.start_viewer(&["-a"]);
    say("after\n");
    wait_for("the last line", || daemon.printed().contains("[after").then_some(()));
    let printed = daemon.printed();
    let at = |text: &str| printed.find(text).unwrap_or_else(|| panic!("{text} in\n{printed}"));
    assert!(at("meanwhile 1") < at("meanwhile 2") && at("meanwhile 2") < at("[after"));
    drop(input);
    adaptor.wait();
}
