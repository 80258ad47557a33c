//! The program `c-tests/puppet.c`, driven line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use super::WATCHDOG;
use super::children::Running;
use super::library::{compiled, library};

pub struct Puppet {
    running: Running,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    events: Vec<String>,
}

/// What the library counts.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Statistics {
    pub submitted: u64,
    pub delivered: u64,
    pub waiting: u64,
    pub lost: u64,
    pub refused: u64,
    pub evicted: u64,
    pub oversize: u64,
    pub file_full: u64,
    pub abandoned: u64,
    pub reconnects: u64,
    pub high_water_bytes: u64,
    pub capacity_bytes: u64,
}

impl Puppet {
    /// Runs it on the library under test, with `dir` for the daemon's directory.
    pub fn start(dir: &Path) -> Self {
        Self::start_with(dir, &[])
    }

    pub fn start_with(dir: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(compiled("puppet"));
        command
            .env("LD_LIBRARY_PATH", &library().dir)
            .env("DLT_PIPE_DIR", dir)
            .env("DLT_LOG_MODE", "4")
            .envs(environment.iter().copied())
            .stderr(Stdio::null());
        Self::of(command)
    }

    /// Runs it as the command says, which has to run the program in the end.
    pub fn of(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = Running::start("the puppet", &mut command);
        let stdin = running.inner().stdin.take();
        let stdout = running.inner().stdout.take().expect("piped");
        let (to_test, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if to_test.send(line).is_err() {
                    return;
                }
            }
        });
        let mut puppet = Self { running, stdin, lines, events: Vec::new() };
        puppet.answer("its start");
        puppet
    }

    pub fn pid(&self) -> u32 {
        self.running.pid()
    }

    pub fn signal(&self, signal: i32) {
        self.running.signal(signal);
    }

    /// Gives a command without waiting for the answer.
    pub fn tell(&mut self, command: &str) {
        let stdin = self.stdin.as_mut().expect("not yet closed");
        writeln!(stdin, "{command}").expect("the puppet lives");
    }

    /// The next answer; callbacks reported before it are kept as events.
    pub fn answer(&mut self, to: &str) -> Vec<String> {
        loop {
            let line = self.next_line(to);
            if let Some(answer) = line.strip_prefix("= ") {
                return answer.split_whitespace().map(str::to_owned).collect();
            }
            self.events.push(line);
        }
    }

    fn next_line(&mut self, to: &str) -> String {
        match self.lines.recv_timeout(WATCHDOG) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("no answer to `{to}` within {WATCHDOG:?}"),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("the puppet ended at `{to}`: {}", self.running.wait())
            }
        }
    }

    /// Gives a command and waits for the answer.
    pub fn ask(&mut self, command: &str) -> Vec<String> {
        self.tell(command);
        self.answer(command)
    }

    /// The same for an answer of numbers.
    pub fn numbers(&mut self, command: &str) -> Vec<i64> {
        let answer = self.ask(command);
        let number = |word: &String| {
            word.parse().unwrap_or_else(|_| panic!("`{command}` was answered {answer:?}"))
        };
        answer.iter().map(number).collect()
    }

    /// Gives a command that has to be answered with 0.
    pub fn ok(&mut self, command: &str) {
        assert_eq!(self.numbers(command), [0], "{command}");
    }

    /// The next callback: "level CTX 4 1 TIME", "injection 4096 text TIME", "nested 0".
    pub fn event(&mut self) -> Vec<String> {
        let line = if self.events.is_empty() {
            self.next_line("(a callback)")
        } else {
            self.events.remove(0)
        };
        let event = line.strip_prefix("! ").unwrap_or_else(|| panic!("not a callback: {line}"));
        event.split_whitespace().map(str::to_owned).collect()
    }

    /// Registers application PUPP and context PCTX with level INFO at position 0.
    pub fn register(&mut self) {
        self.ok("app PUPP");
        self.ok("context 0 PCTX 4 0");
    }

    pub fn statistics(&mut self) -> Statistics {
        let n: Vec<u64> = self
            .ask("statistics")
            .iter()
            .map(|word| word.parse().expect("the library under test has statistics"))
            .collect();
        Statistics {
            submitted: n[0],
            delivered: n[1],
            waiting: n[2],
            lost: n[3],
            refused: n[4],
            evicted: n[5],
            oversize: n[6],
            file_full: n[7],
            abandoned: n[8],
            reconnects: n[9],
            high_water_bytes: n[10],
            capacity_bytes: n[11],
        }
    }

    /// Ends it through exit(0); returns how long that took, in milliseconds, and how it ended.
    pub fn exit(mut self) -> (u64, ExitStatus) {
        let told: u64 = self.ask("exit 0")[0].parse().expect("a time");
        let status = self.running.wait();
        ((super::now() - told) / 1_000_000, status)
    }

    /// Waits for its end.
    pub fn wait(mut self) -> ExitStatus {
        self.running.wait()
    }

    /// The same for who keeps it.
    pub fn wait_here(&mut self) -> ExitStatus {
        self.running.wait()
    }

    /// Waits until statistics satisfy `condition`.
    pub fn statistics_when(
        &mut self,
        what: &str,
        condition: impl Fn(&Statistics) -> bool,
    ) -> Statistics {
        super::wait_for(what, || {
            let statistics = self.statistics();
            condition(&statistics).then_some(statistics)
        })
    }

    /// Whether the thread of that name sleeps in a poll without a timeout.
    pub fn is_parked(&self, thread: &str) -> bool {
        let tasks = super::children::context_switches(self.pid());
        tasks.iter().filter(|task| task.1 == thread).any(|task| {
            let file = format!("/proc/{}/task/{}/syscall", self.pid(), task.0);
            let call = std::fs::read_to_string(file).unwrap_or_default();
            let words: Vec<&str> = call.split_whitespace().collect();
            let number = libc::SYS_ppoll.to_string();
            words.first() == Some(&number.as_str()) && words.get(3) == Some(&"0x0")
        })
    }

    /// The threads it has now, by name.
    pub fn threads(&self) -> Vec<String> {
        super::children::context_switches(self.pid()).into_iter().map(|task| task.1).collect()
    }
}

impl Statistics {
    /// Conservation at rest: nothing is counted twice and nothing is forgotten.
    pub fn assert_conserved(&self) {
        assert_eq!(self.submitted, self.delivered + self.waiting + self.lost, "{self:?}");
        let kinds = self.refused + self.evicted + self.oversize + self.file_full + self.abandoned;
        assert_eq!(self.lost, kinds, "{self:?}");
    }
}
