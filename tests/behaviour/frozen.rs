//! A thread stopped between any two instructions of its logging call, while others log.
//!
//! What was planted and failed here: a worker that ends its pass at the first record that is not
//! committed; a bell that the first thread to reach it silences for all others; an evictor that
//! waits until another has counted what it gave up; a worker that raises no wall; a signal handler
//! that waits for room although it interrupted a reservation.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::frames::Message;
use crate::support::library::{library, needs_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::seed::Seed;
use crate::support::tracee::{Step, Tracee};
use crate::support::{behind, fresh_dir, is_long, note, skipped, wait_for};

const OVERWRITE: u8 = 0;
const DROP_NEWEST: u8 = 1;
const BLOCK: u8 = 2;

const OTHERS: u8 = 0;
const VICTIMS: u8 = 1;

const INFO: u8 = 4;

/// Slots of the ring.
const SLOTS: u64 = 1024;
/// So many messages of others have room beside everything else that a round leaves in the ring.
const FEW: u64 = 200;

/// What the thread that is about to be stopped finds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Before {
    /// The worker sleeps until it is woken.
    Parked,
    /// The worker naps or works off what was there.
    Busy,
    /// Others log at the same time.
    Contended,
    /// No room, and a daemon that does not read before the thread has been stopped.
    Full,
}

const BEFORE: [Before; 4] = [Before::Parked, Before::Busy, Before::Contended, Before::Full];

struct Scene {
    mode: u8,
    recorder: Recorder,
    // Before the puppet: a traced thread would keep it from being ended.
    victim: Tracee,
    puppet: Puppet,
    seed: Seed,
    /// Steps that the longest call took so far, by what it found and how many messages it logged.
    longest: [[u64; 2]; 4],
    /// The next number of the others' messages.
    next: u64,
    /// Messages logged, by context; and how many of them returned that there was no room.
    logged: [u64; 2],
    refused: u64,
    steps: u64,
    /// Stops inside the call.
    inside: u64,
    /// What happens now, should it happen no further.
    now: String,
}

impl Scene {
    fn start(mode: u8, kind: Kind, seed: Seed) -> Option<Self> {
        // Tests run side by side, and several of them in one mode.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir = fresh_dir(&format!("frozen-{mode}-{number}"));
        let recorder = Recorder::start(&dir, kind);
        let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", "50000")]);
        puppet.register();
        puppet.ok("context 1 VCTX 4 0");
        let tid = i32::try_from(puppet.numbers("victim 1")[0]).expect("a thread id");
        let victim = match Tracee::seize(tid) {
            Ok(victim) => victim,
            Err(error) => {
                skipped(&format!("a thread cannot be traced here: {error}"));
                return None;
            }
        };
        let mut scene = Self {
            mode,
            recorder,
            victim,
            puppet,
            seed,
            longest: [[0; 2]; 4],
            next: 0,
            logged: [0; 2],
            refused: 0,
            steps: 0,
            inside: 0,
            now: String::new(),
        };
        scene.set_mode(mode);
        // Once without being stopped, so that all symbols are bound.
        for open in [1, 2] {
            scene.provoke(open);
            scene.resume(false);
        }
        Some(scene)
    }

    /// Nobody in block mode gets back before the watchdog if it waits for a stopped thread.
    fn set_mode(&mut self, mode: u8) {
        let answer = self.puppet.numbers(&format!("mode {mode} 60000"));
        assert_eq!(answer, [0, i64::from(mode), 60000]);
    }

    /// Others log `count` messages. How many were accepted.
    fn others_log(&mut self, count: u64, threads: u64) -> u64 {
        let command = format!("burst {OTHERS} {INFO} {} {} {threads}", self.next, count / threads);
        let answer = self.puppet.numbers(&command);
        self.next += count;
        let (ok, full) = (answer[0] as u64, answer[1] as u64);
        assert_eq!((ok + full, answer[2]), (count / threads * threads, 0));
        self.logged[usize::from(OTHERS)] += ok + full;
        self.refused += full;
        ok
    }

    fn end_flood(&mut self) {
        let answer = self.puppet.numbers("calm");
        assert_eq!(answer[2], 0);
        self.logged[usize::from(OTHERS)] += (answer[0] + answer[1]) as u64;
        self.refused += answer[1] as u64;
    }

    /// Everything accepted is delivered, whether the victim is stopped or not.
    fn drained(&mut self) {
        let what = format!("what was accepted to be delivered ({})", self.now);
        self.puppet.statistics_when(&what, |s| s.waiting == 0);
    }

    /// Sends the victim into its next call, and stops it right before.
    fn provoke(&mut self, open: u64) {
        self.puppet.ok(&format!("provoke {INFO} {open}"));
        self.victim.run_to_trap();
        self.logged[usize::from(VICTIMS)] += open;
    }

    /// Lets the victim end its call.
    fn resume(&mut self, ended: bool) {
        if !ended {
            self.victim.run_to_trap();
        }
        self.victim.release();
        assert_eq!(self.puppet.numbers("provoked")[2], 0);
    }

    fn prepare(&mut self, before: Before) {
        match before {
            Before::Parked => {
                wait_for("the worker to park", || self.puppet.is_parked("dlt-worker").then_some(()))
            }
            Before::Busy => {
                self.others_log(10, 1);
            }
            Before::Contended => {
                self.puppet.ok(&format!("flood {OTHERS} {INFO} 2 20000"));
            }
            Before::Full => {
                self.recorder.stall(true);
                // Full for those who do not give up older ones, and then no place in the pipe.
                self.set_mode(DROP_NEWEST);
                let mut in_vain = 0;
                wait_for("a full ring in front of a full pipe", || {
                    let ok = self.others_log(2000, 1);
                    in_vain = if ok == 0 { in_vain + 1 } else { 0 };
                    (in_vain == 3).then_some(())
                });
                self.set_mode(self.mode);
            }
        }
    }

    /// Steps into the call. True if it came to its end.
    fn step_into_the_call(&mut self, before: Before, open: u64) -> bool {
        let longest = self.longest[before as usize][open as usize - 1];
        // The first goes through to the end and tells how long the way is.
        let wanted = if longest == 0 { u64::MAX } else { self.seed.below(longest) };
        let mut taken = 0;
        let mut step = Step::On;
        while taken < wanted && step == Step::On {
            step = self.victim.step();
            taken += 1;
        }
        if step != Step::On {
            self.longest[before as usize][open as usize - 1] = longest.max(taken);
        }
        self.steps += taken;
        self.now = format!("{before:?}, {open} open, {step:?} after {taken} steps");
        self.inside += u64::from(step != Step::Trap);
        step == Step::Trap
    }

    fn round(&mut self, before: Before) {
        let open = 1 + self.seed.below(2);
        // The victim's own semaphore and its scheduling need not be stepped through.
        if before == Before::Contended {
            self.provoke(open);
            self.prepare(before);
        } else {
            self.prepare(before);
            self.provoke(open);
        }
        let ended = self.step_into_the_call(before, open);
        match before {
            Before::Contended => self.end_flood(),
            Before::Full => {
                if self.seed.below(2) == 0 {
                    // Before there is room again: nobody waits for the stopped one but in block
                    // mode, where everybody waits for the daemon.
                    if self.mode != BLOCK {
                        self.others_log(100, 2);
                    }
                }
                self.recorder.stall(false);
            }
            Before::Parked | Before::Busy => {}
        }
        if before == Before::Parked || self.seed.below(8) > 0 {
            if before != Before::Parked {
                // The stopped one may have put its message into the ring and not woken the worker;
                // whoever logs next does that for himself.
                self.others_log(1, 1);
                self.drained();
            }
            let threads = [1, 3][self.seed.below(2) as usize];
            let count = FEW / threads * threads;
            let accepted = self.others_log(count, threads);
            // What came between the victim's slot and now may fill the ring.
            assert!(accepted == count || before == Before::Contended, "{accepted} of {count}");
            self.drained();
        } else {
            // More than the ring holds: what the stopped one holds is in the way, and still
            // everybody's call returns.
            self.others_log(3 * SLOTS / 2, 2);
            self.drained();
        }
        self.resume(ended);
        self.drained();
    }

    fn assert_nothing_is_lost_uncounted_nor_out_of_order(&mut self) {
        self.drained();
        let refused = {
            let answer = self.last_words();
            self.refused + answer
        };
        let statistics = self.puppet.statistics();
        statistics.assert_conserved();
        assert_eq!(statistics.submitted, self.logged[0] + self.logged[1], "{statistics:?}");
        assert_eq!(statistics.refused, refused, "{statistics:?}");
        assert_eq!(statistics.lost, statistics.refused + statistics.evicted, "{statistics:?}");
        self.recorder.wait_for_messages(usize::try_from(statistics.delivered).expect("few"));
        assert_eq!(self.recorder.garbage(), 0);
        let messages = self.recorder.messages();
        assert_eq!(messages.len() as u64, statistics.delivered);
        for thread in [0, 1, 2, 100, 101, 1000] {
            let own = messages.iter().filter(|m| m.number(0) == Some(thread));
            let numbers: Vec<u32> = own.map(|m| m.number(1).expect("a number")).collect();
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "thread {thread}");
        }
        // The last of each context tells that context's losses.
        for (context, logged) in [("PCTX", self.logged[0]), ("VCTX", self.logged[1])] {
            let last = messages.iter().rfind(|m| m.context == context).expect("one at least");
            assert_eq!(u64::from(last.counter), (logged - 1) % 256, "{context}: {last:?}");
        }
        self.assert_gaps_of_the_victim(&messages);
    }

    /// The victim's context has no other producer: its counter stands for its number.
    fn assert_gaps_of_the_victim(&self, messages: &[Message]) {
        // Whoever gives up one of the victim's messages may lose the processor before it counts it.
        let late = if self.mode == OVERWRITE { 4 } else { 0 };
        behind(messages.iter().filter(|m| m.number(0) == Some(1000)), late);
    }

    /// A message on each context, behind everything. What the victim was refused.
    fn last_words(&mut self) -> u64 {
        assert_eq!(self.others_log(1, 1), 1);
        self.puppet.ok(&format!("provoke {INFO} 1"));
        self.victim.run_to_trap();
        self.victim.run_to_trap();
        self.victim.release();
        let answer = self.puppet.numbers("provoked");
        self.logged[usize::from(VICTIMS)] += 1;
        self.drained();
        answer[1] as u64
    }
}

/// So many stops, with a new process now and then.
fn stop_anywhere(mode: u8) {
    needs_ours("it waits for whoever holds its lock", || {
        assert!(!library().is_reference);
        let stops = if is_long() { 2000 } else { 150 };
        let seed = Seed::of_this_run(&format!("stops in mode {mode}"));
        let (mut steps, mut inside) = (0, 0);
        for part in 0..stops / 150 + u64::from(stops % 150 > 0) {
            let kind = KINDS[(part + u64::from(mode)) as usize % 2];
            let Some(mut scene) = Scene::start(mode, kind, seed.branch(part)) else {
                return;
            };
            for round in 0..150.min(stops - part * 150) {
                scene.round(BEFORE[round as usize % 4]);
            }
            scene.assert_nothing_is_lost_uncounted_nor_out_of_order();
            steps += scene.steps;
            inside += scene.inside;
        }
        note(&format!("mode {mode}: {inside} of {stops} stops inside a call, {steps} steps"));
        assert!(inside > stops / 2, "the stops miss the call");
    });
}

#[test]
fn a_thread_stopped_anywhere_in_its_call_holds_up_nobody_in_drop_newest_mode() {
    stop_anywhere(DROP_NEWEST);
}

#[test]
fn a_thread_stopped_anywhere_in_its_call_holds_up_nobody_in_overwrite_mode() {
    stop_anywhere(OVERWRITE);
}

#[test]
fn a_thread_stopped_anywhere_in_its_call_holds_up_nobody_in_block_mode() {
    stop_anywhere(BLOCK);
}

/// A signal instead of a stop: its handler logs while its own thread's call stands still.
fn interrupt_anywhere(mode: u8) {
    needs_ours("it waits for the lock that the interrupted call holds", || {
        let stops = if is_long() { 1000 } else { 120 };
        let seed = Seed::of_this_run(&format!("signals in mode {mode}"));
        let Some(mut scene) = Scene::start(mode, KINDS[usize::from(mode) % 2], seed) else {
            return;
        };
        scene.puppet.ok("context 2 HCTX 4 0");
        let mut handled = 0;
        for round in 0..stops {
            let before = [Before::Parked, Before::Busy, Before::Busy][round % 3];
            // More than the ring holds, or a few.
            let count = [3 * SLOTS / 2, 3][usize::from(round % 8 > 0)];
            scene.puppet.ok(&format!("handler 2 {count}"));
            scene.prepare(before);
            let open = 1 + scene.seed.below(2);
            scene.provoke(open);
            let ended = scene.step_into_the_call(before, open);
            let trapped = scene.victim.signal(scene.puppet.pid(), libc::SIGUSR1);
            scene.resume(ended || trapped);
            handled += count;
            scene.drained();
        }
        scene.puppet.ok(&format!("log 2 {INFO} {handled}"));
        scene.drained();
        let answer = scene.puppet.numbers("handled");
        assert_eq!((answer[0] + answer[1]) as u64, handled);
        assert_eq!(answer[2], 0);
        note(&format!("mode {mode}: {} of {stops} inside a call, {answer:?}", scene.inside));
        assert!(scene.inside > stops as u64 / 2, "the signals miss the call");
        let statistics = scene.puppet.statistics();
        statistics.assert_conserved();
        let submitted = scene.logged[0] + scene.logged[1] + handled + 1;
        assert_eq!(statistics.submitted, submitted, "{statistics:?}");
        scene.recorder.wait_for_messages(usize::try_from(statistics.delivered).expect("few"));
        assert_eq!(scene.recorder.garbage(), 0);
        let messages = scene.recorder.messages();
        assert_eq!(messages.len() as u64, statistics.delivered);
        let late = u8::from(mode == OVERWRITE);
        behind(messages.iter().filter(|m| m.context == "HCTX"), late);
        behind(messages.iter().filter(|m| m.context == "VCTX"), late);
        let last = messages.iter().rfind(|m| m.context == "HCTX").expect("one at least");
        assert_eq!(last.number(1), Some(handled as u32));
        assert_eq!(u64::from(last.counter), handled % 256);
    });
}

#[test]
fn a_signal_at_any_instruction_of_a_call_may_log_in_drop_newest_mode() {
    interrupt_anywhere(DROP_NEWEST);
}

#[test]
fn a_signal_at_any_instruction_of_a_call_may_log_in_overwrite_mode() {
    interrupt_anywhere(OVERWRITE);
}

#[test]
fn a_signal_at_any_instruction_of_a_call_may_log_in_block_mode() {
    interrupt_anywhere(BLOCK);
}
