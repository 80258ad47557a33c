//! Storms of messages in front of a daemon to which everything happens, and the account afterwards:
//! for each single message what the program was told, and what the daemon has read.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use super::library::{compiled, library};
use super::puppet::{Puppet, Statistics};
use super::recorder::Kind;
use super::sink::{ARRIVED, Book, GONE, Silence, Sink};
use super::{WATCHDOG, fresh_dir, wait_for};

pub const OVERWRITE: u8 = 0;
pub const DROP_NEWEST: u8 = 1;
pub const BLOCK: u8 = 2;
pub const MODES: [u8; 3] = [OVERWRITE, DROP_NEWEST, BLOCK];

/// What the puppet writes down of each message.
const ACCEPTED: u8 = 1;
const REFUSED: u8 = 2;
const FAILED: u8 = 3;

/// A storm to come.
#[derive(Debug, Clone, Copy)]
pub struct Storm {
    pub threads: u32,
    /// Messages of each thread.
    pub count: u32,
    /// Contexts, shared by the threads in turn.
    pub contexts: u32,
    /// One message in eight has a text of less than so many bytes.
    pub text_size: u32,
    /// Microseconds after sixteen messages.
    pub pause: u32,
}

impl Storm {
    pub fn of(threads: u32, count: u32) -> Self {
        Self { threads, count, contexts: threads, text_size: 0, pause: 0 }
    }
}

/// The sums of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Account {
    pub accepted: u64,
    pub refused: u64,
    pub failed: u64,
    pub arrived: u64,
    pub gone: u64,
    /// Accepted, and neither read nor gone.
    pub missing: u64,
    /// Refused, and read all the same.
    pub unexpected: u64,
    /// The longest call in microseconds.
    pub longest: u64,
}

pub struct Trial {
    pub dir: PathBuf,
    pub sink: Sink,
    pub puppet: Puppet,
    /// For what is said when something is wrong.
    pub name: String,
    storm: Storm,
    epoch: u32,
    contexts: u32,
    before: Statistics,
    told_before: u64,
    by_context: Vec<[u64; 2]>,
    environment: Vec<(String, String)>,
    /// Milliseconds of the last end of the program.
    pub took_to_exit: u64,
}

impl Trial {
    /// A program with the smallest ring in front of a daemon of that kind, or of none.
    pub fn start(name: &str, kind: Option<Kind>, contexts: u32) -> Self {
        Self::start_with(name, kind, contexts, &[("DLT_USER_BUFFER_MAX", "50000")])
    }

    pub fn start_with(
        name: &str,
        kind: Option<Kind>,
        contexts: u32,
        environment: &[(&str, &str)],
    ) -> Self {
        let dir = fresh_dir(name);
        let sink = Sink::away(&dir);
        if let Some(kind) = kind {
            sink.appear(kind);
        }
        let environment: Vec<(String, String)> = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let puppet = program(&dir, &environment);
        let mut trial = Self {
            dir,
            sink,
            puppet,
            name: name.to_owned(),
            storm: Storm::of(1, 0),
            epoch: 0,
            contexts,
            before: Statistics::default(),
            told_before: 0,
            by_context: Vec::new(),
            environment,
            took_to_exit: 0,
        };
        trial.register();
        trial
    }

    fn register(&mut self) {
        self.puppet.ok("app PUPP");
        for context in 0..self.contexts {
            self.puppet.ok(&format!("context {context} C{context:03} 4 0"));
        }
    }

    /// Another process instead of one that has ended, with other variables if wanted.
    pub fn restart(&mut self, environment: Option<&[(&str, &str)]>) {
        if let Some(environment) = environment {
            self.environment = environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
        }
        self.puppet = program(&self.dir, &self.environment);
        self.register();
        self.told_before = self.sink.book(|book| book.told);
    }

    /// Ends the program's library and starts it anew.
    pub fn free_and_register(&mut self) {
        self.puppet.ok("free");
        // Where the processors are wanted by many, the worker's end may take longer than dlt_free()
        // and dlt_init() wait for it.
        wait_for(&format!("{}: the library to start again", self.name), || {
            (self.puppet.numbers("init") == [0]).then_some(())
        });
        self.register();
    }

    pub fn mode(&mut self, mode: u8, timeout: u32) {
        if !library().is_reference {
            let answer = self.puppet.numbers(&format!("mode {mode} {timeout}"));
            assert_eq!(answer, [0, i64::from(mode), i64::from(timeout)]);
        }
    }

    fn outcomes(&self) -> PathBuf {
        self.dir.join("outcomes")
    }

    /// Lets the storm begin.
    pub fn begin(&mut self, storm: Storm) {
        let Storm { threads, count, contexts, text_size, pause } = storm;
        assert!(contexts <= self.contexts);
        self.epoch += 1;
        self.storm = storm;
        if !library().is_reference {
            self.before = self.puppet.statistics();
            self.by_context = self.ask_contexts();
        }
        self.sink.book(|book| book.open(self.epoch, threads, count, text_size));
        let length = u64::from(threads) * u64::from(count);
        let file = File::create(self.outcomes()).expect("own directory");
        file.set_len(length).expect("own directory");
        let path = self.outcomes();
        let path = path.to_str().expect("a plain path");
        self.puppet.ok(&format!(
            "storm {} {threads} {count} {contexts} {text_size} {pause} {path}",
            self.epoch
        ));
    }

    /// For each context: messages and losses so far.
    fn ask_contexts(&mut self) -> Vec<[u64; 2]> {
        let ask = |context| {
            let answer = self.puppet.numbers(&format!("context_statistics {context}"));
            [answer[0] as u64, answer[2] as u64]
        };
        (0..self.contexts).map(ask).collect()
    }

    /// How many of its threads are still at it.
    pub fn storming(&mut self) -> i64 {
        self.puppet.numbers("storming")[0]
    }

    /// How many messages have been logged so far.
    pub fn logged(&self) -> u64 {
        let outcomes = std::fs::read(self.outcomes()).expect("own file");
        outcomes.iter().filter(|outcome| **outcome != 0).count() as u64
    }

    /// Waits until so many have been.
    pub fn wait_until_logged(&self, count: u64) {
        wait_for(&format!("{count} messages to be logged"), || {
            (self.logged() >= count).then_some(())
        });
    }

    /// Waits until so many have been logged, or for so many milliseconds: callers may be waiting.
    pub fn wait_until_logged_or(&self, count: u64, milliseconds: u64) {
        let begin = Instant::now();
        while self.logged() < count && begin.elapsed() < Duration::from_millis(milliseconds) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until every call has returned, whatever the daemon does.
    pub fn wait_until_calm(&mut self) {
        let begin = Instant::now();
        loop {
            let still = self.storming();
            if still == 0 {
                return;
            }
            assert!(begin.elapsed() < 4 * WATCHDOG, "{}: {still} calls hang", self.name);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ends the storm, at once or when all is logged. The longest call in microseconds.
    pub fn end(&mut self, at_once: bool) -> u64 {
        if !at_once {
            self.wait_until_calm();
        }
        self.puppet.numbers(&format!("stormed {}", i32::from(at_once)))[0] as u64
    }

    /// The account as it is now, message by message.
    pub fn account(&self, longest: u64) -> Account {
        let outcomes = std::fs::read(self.outcomes()).expect("own file");
        let count = self.storm.count as usize;
        self.sink.book(|book| {
            let mut account = Account { longest, ..Account::default() };
            for (thread, entries) in book.entries.iter().enumerate() {
                let told = &outcomes[thread * count..(thread + 1) * count];
                for (told, entry) in told.iter().zip(entries) {
                    account.arrived += u64::from(entry & ARRIVED != 0);
                    account.gone += u64::from(entry & GONE != 0);
                    match *told {
                        ACCEPTED => {
                            account.accepted += 1;
                            account.missing += u64::from(*entry == 0);
                        }
                        REFUSED => {
                            account.refused += 1;
                            account.unexpected += u64::from(*entry != 0);
                        }
                        FAILED => account.failed += 1,
                        _ => account.unexpected += u64::from(*entry != 0),
                    }
                }
            }
            account
        })
    }

    /// At any moment: no more is delivered and lost than was logged, or is just being logged.
    pub fn look(&mut self) -> Statistics {
        let now = self.puppet.statistics();
        let done = now.delivered + now.lost - self.before.delivered - self.before.lost;
        let logged = self.logged() + u64::from(self.storm.threads);
        assert!(done <= logged, "{}: {done} of {logged}, {now:?}", self.name);
        now
    }

    /// Waits until all is delivered, and settles the account of this storm. The daemon is there.
    pub fn settle(&mut self, longest: u64) -> Account {
        if library().is_reference {
            return self.settle_unaided(longest);
        }
        let what = format!("{}: everything to be delivered", self.name);
        let now = self.puppet.statistics_when(&what, |now| now.waiting == 0);
        now.assert_conserved();
        let delivered = now.delivered - self.before.delivered;
        self.sink.wait_until_entered(&self.name, delivered);
        let account = self.account(longest);
        let story = || format!("{}: {account:?}, {now:?}, {:?}", self.name, self.storm);
        assert_eq!((account.failed, account.unexpected), (0, 0), "{}", story());
        let submitted = now.submitted - self.before.submitted;
        assert_eq!(account.accepted + account.refused, submitted, "{}", story());
        assert_eq!(account.refused, now.refused - self.before.refused, "{}", story());
        assert_eq!(account.missing, now.evicted - self.before.evicted, "{}", story());
        let lost = now.lost - self.before.lost;
        assert_eq!(account.refused + account.missing, lost, "{}", story());
        self.assert_told(now.lost);
        self.sink.book(assert_clean);
        self.assert_contexts();
        account
    }

    /// Daemons were told of exactly so many lost messages of this process, without being asked.
    pub fn assert_told(&self, lost: u64) {
        let lost = lost + self.told_before;
        wait_for(&format!("{}: {lost} to be told as lost", self.name), || {
            let told = self.sink.book(|book| book.told);
            assert!(told <= lost, "{}: {told} told of {lost}", self.name);
            (told == lost).then_some(())
        });
    }

    /// The counts of each context are those of its threads' messages.
    fn assert_contexts(&mut self) {
        let Storm { threads, count, contexts, .. } = self.storm;
        let outcomes = std::fs::read(self.outcomes()).expect("own file");
        let mut expected = self.by_context.clone();
        self.sink.book(|book| {
            for thread in 0..threads as usize {
                let entries = &book.entries[thread];
                let sent = entries.iter().filter(|entry| **entry != 0).count() as u64;
                let begin = thread * count as usize;
                let told = &outcomes[begin..begin + count as usize];
                let submitted = told.iter().filter(|told| matches!(**told, ACCEPTED | REFUSED));
                let context = &mut expected[thread % contexts as usize];
                context[0] += sent;
                context[1] += submitted.count() as u64 - sent;
            }
        });
        assert_eq!(self.ask_contexts(), expected, "{}: messages and losses by context", self.name);
    }

    /// The same of a library that does not count: when nothing more arrives.
    fn settle_unaided(&mut self, longest: u64) -> Account {
        let mut before = (0, Instant::now());
        wait_for("the end of what arrives", || {
            let arrived = self.sink.book(|book| book.arrived + book.told);
            if arrived != before.0 {
                before = (arrived, Instant::now());
            }
            // It looks for a daemon, and sends what it kept, twice a second.
            (before.1.elapsed() > Duration::from_secs(4)).then_some(())
        });
        self.account(longest)
    }

    /// Ends the program by exit(0): how it ended, and what it has said on standard error.
    pub fn exit(&mut self) -> (ExitStatus, Vec<String>) {
        let told: u64 = self.puppet.ask("exit 0")[0].parse().expect("a time");
        let status = self.puppet.wait_here();
        self.took_to_exit = (super::now() - told) / 1_000_000;
        (status, self.said())
    }

    /// Ends the program after a storm, and settles its account: what is missing is what the program
    /// has said to be lost in its last line. The daemon goes on if it was still.
    pub fn end_by_exit(&mut self, longest: u64) -> Account {
        if library().is_reference {
            self.exit();
            self.sink.still(false);
            return self.settle_unaided(longest);
        }
        let before = self.look();
        let (status, lines) = self.exit();
        assert!(status.success(), "{}: {status}", self.name);
        let said = lines.last().and_then(|line| lost_in(line)).unwrap_or_default();
        self.sink.still(false);
        let account = self.account(longest);
        let submitted = account.accepted + account.refused;
        let delivered = submitted - (said.total - self.before.lost);
        self.sink.wait_until_entered(&format!("{}: said {lines:?}", self.name), delivered);
        let account = self.account(longest);
        let evicted = before.evicted - self.before.evicted;
        let story = || format!("{}: {account:?}, {before:?}, {lines:?}", self.name);
        assert_eq!((account.failed, account.unexpected), (0, 0), "{}", story());
        assert_eq!(account.refused, before.refused - self.before.refused, "{}", story());
        let stopped = before.abandoned - self.before.abandoned;
        assert_eq!(account.missing, evicted + stopped + said.at_the_end, "{}", story());
        self.sink.book(assert_clean);
        account
    }

    /// The lines that the library has said, without time and process.
    pub fn said(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.dir.join("said.txt")).unwrap_or_default();
        let line = |line: &str| line.rsplit('~').next().unwrap_or_default().to_owned();
        text.lines().map(line).collect()
    }

    /// Kills the daemon: what it had not read is gone. Its node stays.
    pub fn kill_daemon(&self) {
        let silence = Silence::of(&self.puppet);
        self.sink.die(&silence);
    }

    /// Ends the daemon, which takes its node away.
    pub fn end_daemon(&self) {
        let silence = Silence::of(&self.puppet);
        self.sink.die_orderly(&silence);
    }
}

/// What a program says to have lost, in its last line.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Said {
    pub total: u64,
    pub at_the_end: u64,
}

/// None: the line is about something else.
pub fn lost_in(line: &str) -> Option<Said> {
    let (total, rest) = line.split_once(" messages lost")?;
    let total = total.parse().ok()?;
    if rest == " at the end of the process" {
        return Some(Said { total, at_the_end: total });
    }
    let reasons = rest.strip_prefix(": ")?.split(", ");
    let reasons = reasons.filter_map(|reason| reason.split_once(' '));
    let reasons: Vec<(u64, &str)> =
        reasons.filter_map(|(count, why)| Some((count.parse().ok()?, why))).collect();
    assert_eq!(reasons.iter().map(|(count, _)| count).sum::<u64>(), total, "{line}");
    let at_the_end = reasons.iter().find(|(_, why)| *why == "at the end of the process");
    Some(Said { total, at_the_end: at_the_end.map_or(0, |(count, _)| *count) })
}

fn program(dir: &Path, environment: &[(String, String)]) -> Puppet {
    let said = File::create(dir.join("said.txt")).expect("own directory");
    let mut command = Command::new(compiled("puppet"));
    command.env("LD_LIBRARY_PATH", &library().dir).env("DLT_PIPE_DIR", dir);
    command.env("DLT_LOG_MODE", "3").stderr(said);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    Puppet::of(command)
}

/// Nothing is in the book that should not be.
pub fn assert_clean(book: &mut Book) {
    let wrong = [book.twice, book.out_of_order, book.damaged, book.foreign, book.garbage];
    assert_eq!(wrong, [0; 5], "twice, out of order, damaged, foreign, garbage: {:?}", book.wrong);
}
