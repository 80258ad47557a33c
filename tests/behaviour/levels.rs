//! What comes from the daemon: levels, injections, states; and junk.

use std::process::Stdio;

use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::frames::{injection, log_level, log_state};
use crate::support::library::{DEBIAN, library, only_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::seed::Seed;
use crate::support::{fresh_dir, median, note, now, wait_for};

fn kinds() -> &'static [Kind] {
    if library().is_reference { &KINDS[..1] } else { &KINDS }
}

fn watching(name: &str, kind: Kind) -> (Recorder, Puppet) {
    let dir = fresh_dir(name);
    let recorder = Recorder::start(&dir, kind);
    let mut puppet = Puppet::start(&dir);
    puppet.register();
    assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
    puppet.ok("log 0 4 0");
    recorder.wait_for_messages(1);
    (recorder, puppet)
}

#[test]
fn levels_and_injections_take_effect_within_ten_milliseconds_as_a_rule() {
    only_ours("the reference looks every half second", || {
        for kind in kinds() {
            let (recorder, mut puppet) = watching("soon", *kind);
            let (mut level, mut injected) = (Vec::new(), Vec::new());
            for round in 0..15_u8 {
                let begin = now();
                recorder.send(&log_level(0, 1 + round % 6, 0));
                let event = puppet.event();
                assert_eq!(event[..3], ["level", "PCTX", &(1 + round % 6).to_string()]);
                level.push(event[4].parse::<u64>().expect("a time").saturating_sub(begin) / 1000);
                let begin = now();
                recorder.send(&injection(0, 0x1000, b"inject"));
                let event = puppet.event();
                assert_eq!(event[..3], ["injection", "4096", "inject"]);
                let took = event[3].parse::<u64>().expect("a time").saturating_sub(begin);
                injected.push(took / 1000);
            }
            note(&format!(
                "{kind:?}: level {} us, injection {} us (medians of 15)",
                median(level.clone()),
                median(injected.clone())
            ));
            assert!(median(level.clone()) < 10_000, "{level:?} us");
            assert!(median(injected.clone()) < 10_000, "{injected:?} us");
        }
    });
}

#[test]
fn a_level_from_the_daemon_decides_what_is_logged() {
    for kind in kinds() {
        let (recorder, mut puppet) = watching("decides", *kind);
        assert_eq!(puppet.numbers("log 0 5 1"), [1], "DEBUG on a context with INFO");
        recorder.send(&log_level(0, 5, 1));
        assert_eq!(puppet.event()[..4], ["level", "PCTX", "5", "1"]);
        assert_eq!(puppet.numbers("level 0"), [5, 1]);
        puppet.ok("log 0 5 2");
        recorder.send(&log_level(0, 0, 0));
        assert_eq!(puppet.event()[..4], ["level", "PCTX", "0", "0"]);
        assert_eq!(puppet.numbers("log 0 1 3"), [1], "FATAL on a context that is off");
        puppet.ok("unapp");
        recorder.wait_for_frame("the end", |f| {
            matches!(f, crate::support::frames::Frame::UnregisterApplication { .. })
        });
        assert_eq!(recorder.numbers(1), [0, 2]);
    }
}

#[test]
fn junk_lies_and_pieces_from_the_daemon_do_no_harm() {
    // The reference reads past its tables at a position that it never gave out.
    only_ours("an injection for a context that never was", || {
        for kind in kinds() {
            let (recorder, mut puppet) = watching("junk", *kind);
            recorder.send(b"junk DUH DUH\x01 and more");
            recorder.send(&log_level(4711, 1, 1));
            recorder.send(&injection(0x7fff_fff0, 0x1000, b"nobody"));
            recorder.send(&injection(u32::MAX, 0x1000, b"nobody"));
            recorder.send(&injection(0, 0x1000, b""));
            // Levels and trace states that there are not.
            for (level, trace) in [(7, 0), (127, 0), (128, 0), (254, 0), (4, 2), (4, 254), (99, 99)]
            {
                recorder.send(&log_level(0, level, trace));
            }
            recorder.send(b"DUH\x01\xff\xff\xff\xffDUH\x01\0\0\0\0");
            // A length that will never be kept.
            let mut liar = injection(0, 0x1000, b"x");
            liar[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
            recorder.send(&liar);
            for byte in injection(0, 0x1000, b"piecewise") {
                recorder.send(&[byte]);
            }
            let event = puppet.event();
            assert_eq!(event[..3], ["injection", "4096", "piecewise"], "{kind:?}");
            assert_eq!(puppet.numbers("level 0"), [4, 0], "{kind:?}");
            // Noise in front of every frame, a quarter of a million bytes of it.
            let mut seed = Seed::of_this_run("noise");
            for round in 0..60 {
                let noise: Vec<u8> = (0..4096).map(|_| seed.below(256) as u8).collect();
                recorder.send(&noise);
                recorder.send(&injection(0, 0x1000, format!("round{round}").as_bytes()));
                let event = puppet.event();
                assert_eq!(event[..3], ["injection", "4096", &format!("round{round}")], "{kind:?}");
            }
        }
    });
}

#[test]
fn the_log_state_is_what_the_daemon_said_last() {
    for kind in kinds() {
        let (recorder, mut puppet) = watching("state", *kind);
        for state in [1, 0, 1] {
            recorder.send(&log_state(state));
            let what = format!("log state {state}");
            wait_for(&what, || (puppet.numbers("state") == [i64::from(state)]).then_some(()));
        }
    }
}

#[test]
fn a_callback_may_log_register_and_unregister() {
    for kind in kinds() {
        let (recorder, mut puppet) = watching("nested", *kind);
        recorder.send(&injection(0, 0x2000, b"go"));
        assert_eq!(puppet.event(), ["nested", "0"]);
        recorder.wait_for_messages(2);
        assert_eq!(recorder.messages()[1].context, "INNR");
        assert_eq!(recorder.numbers(1)[1], 0x2000);
    }
}

#[test]
fn debians_dlt_control_changes_levels_and_injects() {
    let dir = fresh_dir("control");
    let Some(mut daemon) = Daemon::without_daemon(&dir) else {
        return;
    };
    if !installed(&["dlt-control"]) {
        return;
    }
    let pipes = fresh_dir("control-pipes");
    daemon.start_daemon_outside(&pipes);
    let mut puppet = Puppet::start(&pipes);
    puppet.register();
    assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
    let control = |arguments: &[&str]| {
        let mut command = daemon.command("dlt-control");
        command.args(["-a", "PUPP", "-c", "PCTX"]).args(arguments).arg("127.0.0.1");
        command.env("LD_LIBRARY_PATH", DEBIAN).stdout(Stdio::null()).stderr(Stdio::null());
        Running::start("dlt-control", &mut command).wait();
    };
    // The daemon answers a context that it does not know yet with an error: ask until it does.
    wait_for("the level", || {
        control(&["-l", "2"]);
        (puppet.numbers("level 0")[0] == 2).then_some(())
    });
    control(&["-s", "4096", "-m", "greetings"]);
    let injection = loop {
        let event = puppet.event();
        if event[0] == "injection" {
            break event;
        }
        assert_eq!(event[..3], ["level", "PCTX", "2"]);
    };
    assert_eq!(injection[1], "4096");
    assert!(injection[2].starts_with("greetings"), "{injection:?}");
}
