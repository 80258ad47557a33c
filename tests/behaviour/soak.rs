//! Random faults, one after the other, for as long as is wanted: `make soak`. After each round the
//! account is settled message by message.
//!
//! What happens follows from the seed that is printed, and from the number of the round; only how
//! far the program has come by then does not. `DLT_TEST_SEED` and `DLT_SOAK_ROUND` have it again
//! from a round on.

use std::time::{Duration, Instant};

use crate::faults::{OBSTACLES, nonsense, put};
use crate::support::library::needs_ours;
use crate::support::note;
use crate::support::recorder::{KINDS, Kind};
use crate::support::seed::Seed;
use crate::support::sink::Silence;
use crate::support::trial::{Account, BLOCK, MODES, Storm, Trial};

/// Contexts that every program registers.
const CONTEXTS: u32 = 64;

/// What the environment of a program may be like.
const RINGS: [&str; 3] = ["50000", "400000", "2097152"];
const LENGTHS: [&str; 2] = ["1390", "65535"];

/// All of a run.
#[derive(Default)]
struct Sum {
    account: Account,
    rounds: u64,
    faults: u64,
    ends: u64,
    torn: u64,
}

impl Sum {
    fn line(&self, begin: Instant) -> String {
        let Account { accepted, refused, arrived, gone, missing, longest, .. } = self.account;
        format!(
            "{} s: {} rounds, {} faults, {} ends of the program; {} messages: {arrived} read, \
             {gone} gone with killed daemons, {refused} refused, {missing} given up or lost at an \
             end, each of them counted; {} frames cut in two; longest call {} ms",
            begin.elapsed().as_secs(),
            self.rounds,
            self.faults,
            self.ends,
            accepted + refused,
            self.torn,
            longest / 1000,
        )
    }

    fn add(&mut self, account: &Account) {
        let sum = &mut self.account;
        sum.accepted += account.accepted;
        sum.refused += account.refused;
        sum.arrived += account.arrived;
        sum.gone += account.gone;
        sum.missing += account.missing;
        sum.longest = sum.longest.max(account.longest);
    }
}

fn any<T: Copy>(seed: &mut Seed, of: &[T]) -> T {
    of[seed.below(of.len() as u64) as usize]
}

/// A while: mostly short, and long now and then.
fn a_while(seed: &mut Seed) -> Duration {
    let longest = any(seed, &[1, 10, 10, 50, 50, 300]);
    Duration::from_micros(seed.below(longest * 1000))
}

fn pass(seed: &mut Seed) {
    std::thread::sleep(a_while(seed));
}

/// Anything but Kind's own habits is forgotten by whoever comes.
fn appear(trial: &Trial, seed: &mut Seed) {
    trial.sink.appear(any(seed, &KINDS));
}

/// One fault, and what makes good for it.
fn fault(trial: &mut Trial, seed: &mut Seed) {
    match seed.below(14) {
        0 => {
            trial.kill_daemon();
            pass(seed);
            appear(trial, seed);
        }
        1 => {
            // With what it has not read.
            trial.sink.still(true);
            pass(seed);
            trial.kill_daemon();
            pass(seed);
            trial.sink.still(false);
            appear(trial, seed);
        }
        2 => {
            trial.end_daemon();
            pass(seed);
            appear(trial, seed);
        }
        3 | 4 => {
            for _ in 0..1 + seed.below(4) {
                appear(trial, seed);
                pass(seed);
            }
        }
        5 => {
            trial.sink.still(true);
            pass(seed);
            trial.sink.still(false);
        }
        6 => {
            // A new one in the place of one that hangs.
            trial.sink.still(true);
            pass(seed);
            appear(trial, seed);
            pass(seed);
            trial.sink.still(false);
        }
        7 => {
            trial.sink.sip(Some(1 + seed.below(3000) as usize));
            pass(seed);
            if seed.below(2) == 0 {
                trial.kill_daemon();
                appear(trial, seed);
            }
            trial.sink.sip(None);
        }
        8 => {
            for _ in 0..1 + seed.below(10) {
                trial.sink.send(&nonsense(seed));
            }
        }
        9 | 10 => {
            trial.end_daemon();
            put(any(seed, &OBSTACLES), &trial.dir.join("dlt"));
            pass(seed);
            appear(trial, seed);
        }
        11 => {
            let silence = Silence::of(&trial.puppet);
            pass(seed);
            drop(silence);
        }
        12 => {
            // Its own FIFO, and perhaps all of them.
            let pipes = trial.dir.join("dltpipes");
            let _ = std::fs::remove_file(pipes.join(format!("dlt{}", trial.puppet.pid())));
            if seed.below(2) == 0 {
                let _ = std::fs::remove_dir(&pipes);
            }
            pass(seed);
            appear(trial, seed);
        }
        _ => {
            trial.puppet.numbers(&format!("flush {}", seed.below(30)));
        }
    }
}

/// A storm with faults, and the account of it.
fn round(trial: &mut Trial, seed: &mut Seed, sum: &mut Sum) {
    let mode = any(seed, &MODES);
    trial.mode(mode, any(seed, &[0, 1, 5, 50]));
    let threads = any(seed, &[1, 2, 4, 8, 16, 32, 64]);
    let count = (2_000 + seed.below(60_000) as u32) / threads + 1;
    let lasting = 100 + seed.below(1_000) as u32;
    let storm = Storm {
        threads,
        count,
        contexts: any(seed, &[1, threads]),
        text_size: any(seed, &[0, 0, 300, 1_300]),
        pause: lasting * 1000 / (count / 16 + 1),
    };
    trial.begin(storm);
    let begin = Instant::now();
    let faults = 1 + seed.below(8);
    let length = Duration::from_millis(lasting.into());
    for number in 0..faults {
        fault(trial, seed);
        trial.look();
        if seed.below(4) == 0 {
            trial.mode(any(seed, &MODES), any(seed, &[0, 1, 5, 50]));
        }
        // Over the whole of the storm.
        let until = length.mul_f64((number + 1) as f64 / faults as f64);
        std::thread::sleep(until.saturating_sub(begin.elapsed()));
    }
    sum.faults += faults;
    let longest = trial.end(seed.below(2) == 0 || mode == BLOCK);
    if seed.below(6) == 0 {
        end_of_the_program(trial, seed, sum, longest);
    } else {
        let account = trial.settle(longest);
        sum.add(&account);
        if seed.below(12) == 0 {
            trial.free_and_register();
        }
    }
}

/// Ends the program in front of a daemon in any state; what is said to be lost is what is missing.
fn end_of_the_program(trial: &mut Trial, seed: &mut Seed, sum: &mut Sum, longest: u64) {
    let state = seed.below(4);
    match state {
        0 => {}
        1 => trial.kill_daemon(),
        2 => trial.sink.still(true),
        _ => trial.sink.sip(Some(2_000)),
    }
    let account = trial.end_by_exit(longest);
    sum.add(&account);
    sum.ends += 1;
    trial.sink.sip(None);
    trial.sink.still(false);
    if state == 1 || seed.below(2) == 0 {
        appear(trial, seed);
    }
    restart(trial, seed);
}

fn restart(trial: &mut Trial, seed: &mut Seed) {
    let environment =
        [("DLT_USER_BUFFER_MAX", any(seed, &RINGS)), ("DLT_LOG_MSG_BUF_LEN", any(seed, &LENGTHS))];
    trial.restart(Some(&environment));
}

/// Rounds until the time is over. Returns the last line.
fn soak(name: &str, lasting: Duration) -> String {
    let seed = Seed::of_this_run(name);
    let first = std::env::var("DLT_SOAK_ROUND").ok().and_then(|text| text.parse().ok());
    let first: u64 = first.unwrap_or(0);
    let begin = Instant::now();
    let mut sum = Sum::default();
    let mut trial = Trial::start(name, Some(Kind::Fifo), CONTEXTS);
    let mut told = Instant::now();
    for number in first.. {
        trial.name = format!("{name}, round {number}");
        round(&mut trial, &mut seed.branch(number), &mut sum);
        sum.rounds += 1;
        sum.torn = trial.sink.book(|book| book.torn);
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            note(&format!("{name}, {}", sum.line(begin)));
        }
        if begin.elapsed() >= lasting {
            break;
        }
    }
    sum.line(begin)
}

#[test]
fn random_faults_for_a_while_leave_no_message_unaccounted_for() {
    needs_ours("it keeps no account", || {
        let line = soak("soak-short", Duration::from_secs(15));
        note(&line);
    });
}

#[test]
#[ignore = "make soak: an hour"]
fn random_faults_for_an_hour_leave_no_message_unaccounted_for() {
    let seconds = std::env::var("DLT_SOAK_SECONDS").ok().and_then(|text| text.parse().ok());
    let line = soak("soak", Duration::from_secs(seconds.unwrap_or(3600)));
    note(&format!("soak, {line}"));
}
