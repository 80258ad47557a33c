//! What can happen to the daemon, while up to 64 threads log in front of it: nobody waits for it, it
//! is found again, and for every single message it is known what became of it.
//!
//! On Debian's library the same faults are provoked, and what it does is printed.

use std::os::unix::fs::symlink;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::support::frames::{injection, log_state};
use crate::support::library::{library, needs_ours};
use crate::support::recorder::Kind;
use crate::support::seed::Seed;
use crate::support::trial::{Account, BLOCK, DROP_NEWEST, MODES, OVERWRITE, Storm, Trial};
use crate::support::{fact, is_long, note, wait_for};

/// The modes that the library under test has.
fn modes() -> &'static [u8] {
    if library().is_reference { &[DROP_NEWEST] } else { &MODES }
}

fn kind(number: u64) -> Kind {
    if library().is_reference || number.is_multiple_of(2) { Kind::Fifo } else { Kind::Socket }
}

fn name(mode: u8) -> &'static str {
    match mode {
        OVERWRITE => "overwrite",
        BLOCK => "block",
        _ => "drop",
    }
}

/// So many messages of several threads, in about so many milliseconds.
fn spread_over(threads: u32, messages: u32, milliseconds: u32) -> Storm {
    let count = messages / threads;
    Storm { pause: milliseconds * 1000 / (count / 16 + 1), ..Storm::of(threads, count) }
}

/// What is printed of a storm's end.
fn tell(fault: &str, trial: &Trial, account: &Account) {
    let (told, twice, damaged) =
        trial.sink.book(|book| (book.told, book.twice, book.damaged + book.garbage));
    let Account { accepted, refused, failed, arrived, gone, missing, longest, .. } = account;
    fact(
        fault,
        &format!(
            "{accepted} accepted, {refused} refused, {failed} failed; {arrived} arrived, {gone} \
             gone with the kernel's buffers, {missing} accepted and neither; {told} told as lost; \
             {twice} twice, {damaged} damaged; longest call {} us",
            longest
        ),
    );
}

/// Adds up what is printed.
fn add(sum: &mut Account, part: &Account) {
    sum.accepted += part.accepted;
    sum.refused += part.refused;
    sum.failed += part.failed;
    sum.arrived += part.arrived;
    sum.gone += part.gone;
    sum.missing += part.missing;
    sum.longest = sum.longest.max(part.longest);
}

#[test]
fn a_daemon_that_is_killed_again_and_again_leaves_no_message_unaccounted_for() {
    for mode in modes() {
        for (round, threads) in [1_u32, 4, 16, 64].into_iter().enumerate() {
            // Ten million in the long run, over all modes and numbers of threads.
            let (storms, messages, lasting) =
                if is_long() { (20, 41_667, 400) } else { (1, 24_000, 300) };
            let first = kind(round as u64 + u64::from(*mode));
            let mut trial = Trial::start(&format!("again-{mode}-{threads}"), Some(first), threads);
            trial.mode(*mode, 20);
            let mut sum = Account::default();
            for number in 0..storms {
                let storm = spread_over(threads, messages, lasting);
                trial.begin(storm);
                let all = u64::from(storm.count) * u64::from(threads);
                for kill in 1..=3 {
                    trial.wait_until_logged(all * kill / 5);
                    // With more to be read than the kernel keeps, or with nothing.
                    trial.sink.still(kill < 3);
                    trial.wait_until_logged_or(all * (4 * kill + 3) / 20, 80);
                    trial.kill_daemon();
                    trial.wait_until_logged_or(all * (2 * kill + 1) / 10, 30);
                    trial.sink.still(false);
                    trial.sink.appear(kind(number + kill));
                }
                let longest = trial.end(false);
                let account = trial.settle(longest);
                add(&mut sum, &account);
            }
            if round == 3 {
                tell(&format!("daemon killed under load, {}", name(*mode)), &trial, &sum);
            }
        }
    }
}

#[test]
fn a_daemon_that_is_replaced_while_it_lives_gets_each_message_once_or_its_successor_does() {
    for mode in modes() {
        let mut trial = Trial::start(&format!("swapped-{mode}"), Some(kind(0)), 8);
        trial.mode(*mode, 1000);
        let storm = spread_over(8, 40_000, 400);
        trial.begin(storm);
        for swap in 1..=8 {
            trial.wait_until_logged(swap * 4_000);
            trial.sink.appear(kind(swap / 2));
        }
        let longest = trial.end(false);
        let account = trial.settle(longest);
        if !library().is_reference {
            assert_eq!(account.gone, 0);
            let registrations = trial.sink.book(|book| book.registrations);
            assert!(registrations > 1, "it has stayed with the first");
        }
        tell(&format!("daemon's node replaced under load, {}", name(*mode)), &trial, &account);
    }
}

#[test]
fn what_a_replaced_daemon_has_got_half_of_its_successor_gets_whole() {
    let mut torn = 0;
    let (rounds, parts) = if library().is_reference { (1, 2) } else { (4, 8) };
    for round in 0..rounds {
        let environment = [("DLT_USER_BUFFER_MAX", "2097152"), ("DLT_LOG_MSG_BUF_LEN", "65000")];
        let mut trial =
            Trial::start_with(&format!("half-{round}"), Some(kind(round)), 2, &environment);
        for part in 0..parts {
            // Longer than a FIFO takes at once.
            trial.sink.sip(Some(1000));
            trial.begin(Storm { text_size: 60_000, ..Storm::of(2, 100) });
            let longest = trial.end(false);
            // In the middle of a frame, most probably: few of these bytes are not in one of those.
            if !library().is_reference {
                trial.puppet.statistics_when("something to wait", |now| now.waiting > 0);
            }
            if part % 2 == 0 {
                trial.kill_daemon();
            }
            trial.sink.sip(None);
            trial.sink.appear(kind(round + part / 2));
            let account = trial.settle(longest);
            if part + 1 == parts && round == 0 {
                tell("daemon replaced, half a frame written", &trial, &account);
            }
        }
        torn += trial.sink.book(|book| book.torn);
    }
    note(&format!("{torn} frames of which a daemon got a half"));
    assert!(torn > 0 || library().is_reference, "no frame was ever cut in two");
}

#[test]
fn nobody_waits_for_a_daemon_that_is_stopped_and_all_that_had_room_arrives_when_it_goes_on() {
    for mode in modes() {
        for kind_number in 0..if library().is_reference { 1 } else { 2 } {
            let mut trial =
                Trial::start(&format!("still-{mode}-{kind_number}"), Some(kind(kind_number)), 64);
            trial.mode(*mode, 5);
            trial.sink.still(true);
            // To its end, in front of a daemon that takes nothing; for a minute in the long run.
            let storm = match (is_long(), *mode) {
                (true, _) => Storm { pause: 960_000, ..Storm::of(64, 1_000) },
                (false, BLOCK) => Storm::of(64, 60),
                (false, _) => Storm::of(64, 1_000),
            };
            trial.begin(storm);
            let longest = trial.end(false);
            trial.sink.still(false);
            let account = trial.settle(longest);
            if kind_number == 0 {
                tell(&format!("daemon stopped under load, {}", name(*mode)), &trial, &account);
            }
            assert!(library().is_reference || *mode != DROP_NEWEST || account.refused > 0);
        }
    }
}

#[test]
fn who_waits_for_room_waits_as_long_as_is_said_and_no_longer() {
    needs_ours("a mode in which callers wait", || {
        let mut trial = Trial::start("patience", Some(Kind::Fifo), 1);
        trial.sink.still(true);
        // To the brim: the worker has handed on what the pipe takes.
        let mut full = Account::default();
        while full.accepted > 0 || full.refused == 0 {
            trial.begin(Storm { pause: 100, ..Storm::of(1, 5_000) });
            let longest = trial.end(false);
            full = trial.account(longest);
        }
        trial.mode(BLOCK, 200);
        let mut took = Vec::new();
        // A busy machine may be late with one, and with the next.
        while took.len() < 5 && took.iter().all(|milliseconds| *milliseconds >= 300) {
            trial.begin(Storm::of(1, 1));
            took.push(trial.end(false) / 1_000);
        }
        assert!(took.iter().all(|milliseconds| *milliseconds >= 200), "{took:?} ms of 200");
        assert!(took.iter().any(|milliseconds| *milliseconds < 300), "{took:?} ms of 200");
        fact("block mode with a limit of 200 ms, daemon stopped", &format!("waits {took:?} ms"));
    });
}

#[test]
fn a_message_that_is_too_long_for_the_protocol_is_told_to_everybody() {
    needs_ours("it sends what daemons cannot take", || {
        let environment = [("DLT_LOG_MSG_BUF_LEN", "65535")];
        let mut trial = Trial::start_with("long", Some(Kind::Fifo), 2, &environment);
        let longest = 65_527 - (4 + 12 + 10) - (4 + 2 + 1);
        trial.puppet.ok(&format!("text 1 {longest}"));
        // Nothing else would wake the worker.
        wait_for("the worker to park", || trial.puppet.is_parked("dlt-worker").then_some(()));
        assert!(trial.puppet.numbers(&format!("text 1 {}", longest + 1))[0] < 0);
        let now = trial.puppet.statistics_when("the first", |now| now.delivered == 1);
        now.assert_conserved();
        assert_eq!((now.submitted, now.lost, now.oversize), (2, 1, 1));
        assert_eq!(trial.puppet.numbers("overflow"), [1]);
        assert_eq!(trial.puppet.numbers("context_statistics 1")[2], 1);
        assert_eq!(trial.puppet.numbers("context_statistics 0")[2], 0);
        // Without another call.
        trial.assert_told(1);
        let (status, said) = trial.exit();
        assert!(status.success());
        assert_eq!(said, ["1 messages lost: 1 too long"]);
    });
}

/// Something at the daemon's place that is no daemon.
pub const OBSTACLES: [&str; 6] = [
    "a plain file",
    "a directory",
    "a dangling link",
    "a FIFO that nobody reads",
    "a link to itself",
    "nothing",
];

pub fn put(obstacle: &str, node: &Path) {
    let _ = std::fs::remove_file(node);
    match obstacle {
        "a plain file" => std::fs::write(node, "not yours").expect("own directory"),
        "a directory" => std::fs::create_dir(node).expect("own directory"),
        "a dangling link" => symlink("nowhere", node).expect("own directory"),
        "a link to itself" => symlink("dlt", node).expect("own directory"),
        "a FIFO that nobody reads" => {
            let made = std::process::Command::new("mkfifo").arg(node).status();
            assert!(made.expect("mkfifo can be run").success());
        }
        _ => {}
    }
}

#[test]
fn whatever_stands_in_the_daemons_place_is_left_alone_and_the_daemon_found_behind_it() {
    for (number, obstacle) in OBSTACLES.into_iter().enumerate() {
        let mut trial = Trial::start(&format!("obstacle-{number}"), Some(kind(0)), 8);
        trial.begin(Storm::of(8, 20));
        let longest = trial.end(false);
        trial.settle(longest);
        trial.end_daemon();
        let node = trial.dir.join("dlt");
        put(obstacle, &node);
        trial.begin(Storm::of(8, 100));
        let longest = trial.end(false);
        if library().is_reference {
            // It looks for a daemon once a second.
            std::thread::sleep(std::time::Duration::from_secs(3));
        }
        let left_alone = match obstacle {
            "a plain file" => std::fs::read(&node).is_ok_and(|bytes| bytes == b"not yours"),
            "a directory" => {
                std::fs::read_dir(&node).is_ok_and(|mut entries| entries.next().is_none())
            }
            _ => !trial.dir.join("nowhere").exists(),
        };
        if !left_alone {
            fact(&format!("{obstacle} at the daemon's place"), "it is written to");
        }
        assert!(left_alone || library().is_reference, "{obstacle}");
        trial.sink.appear(kind(number as u64));
        let account = trial.settle(longest);
        if !library().is_reference {
            assert_eq!(account.arrived, 800, "{obstacle}");
        }
        tell(&format!("{obstacle} at the daemon's place"), &trial, &account);
    }
}

#[test]
fn a_program_that_starts_in_front_of_such_a_place_finds_the_daemon_as_well() {
    for (number, obstacle) in OBSTACLES.into_iter().enumerate() {
        let mut trial = Trial::start_with(&format!("begin-{number}"), None, 4, &[]);
        trial.puppet.signal(libc::SIGKILL);
        trial.puppet.wait_here();
        put(obstacle, &trial.dir.join("dlt"));
        trial.restart(None);
        trial.begin(Storm::of(4, 100));
        let longest = trial.end(false);
        trial.sink.appear(kind(number as u64));
        let account = trial.settle(longest);
        if !library().is_reference {
            assert_eq!(account.arrived, 400, "{obstacle}");
        }
        tell(&format!("started in front of {obstacle}"), &trial, &account);
    }
}

/// What a daemon that has lost its mind may send.
pub fn nonsense(seed: &mut Seed) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..1 + seed.below(20) {
        match seed.below(6) {
            // An injection that claims more than follows, or more than there is.
            0 => {
                bytes.extend(injection(seed.next() as u32, seed.next() as u32, b"x"));
                let at = bytes.len() - 5;
                bytes[at..at + 4].copy_from_slice(&(seed.next() as u32).to_le_bytes());
            }
            1 => bytes.extend(injection(seed.below(100) as u32, 0x1000, &[0; 300])),
            2 => bytes.extend(log_state(seed.next() as u8)),
            3 => bytes.extend(b"DUH\x01\xff\xff\xff\xff"),
            4 => bytes.extend(b"DUH"),
            _ => bytes.extend((0..seed.below(3000)).map(|_| seed.next() as u8)),
        }
    }
    bytes
}

fn garbage(kind_number: u64, seed: &mut Seed) {
    let mut trial = Trial::start(&format!("garbage-{kind_number}"), Some(kind(kind_number)), 4);
    trial.mode(BLOCK, 60_000);
    let rounds = if is_long() { 2_000 } else { 100 };
    trial.begin(spread_over(4, 40_000, 300));
    for _ in 0..rounds {
        trial.sink.send(&nonsense(seed));
    }
    let longest = trial.end(false);
    let account = trial.settle(longest);
    if !library().is_reference {
        assert_eq!(account.refused, 0);
        // It still listens: what was claimed to follow has to come to an end.
        wait_for("a log state", || {
            trial.sink.send(&[0; 20_000]);
            trial.sink.send(&log_state(1));
            (trial.puppet.numbers("state") == [1]).then_some(())
        });
    }
    if kind_number == 0 {
        tell("daemon sends garbage", &trial, &account);
    }
}

#[test]
fn a_daemon_that_sends_garbage_gets_every_message_all_the_same() {
    let mut seed = Seed::of_this_run("garbage from the daemon");
    if library().is_reference {
        // What it makes of it is luck.
        let held = catch_unwind(AssertUnwindSafe(|| garbage(0, &mut seed))).is_ok();
        fact("daemon sends garbage", if held { "goes on" } else { "the program crashes" });
        return;
    }
    for kind_number in 0..2 {
        garbage(kind_number, &mut seed);
    }
}
