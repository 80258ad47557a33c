//! The program `dlt-collect` at work.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::children::Running;
use super::recorder::Kind;
use super::wait_for;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_dlt-collect");

/// A running collector; what it prints goes to files.
pub struct Collecting {
    running: Running,
    dir: PathBuf,
}

/// What a collector leaves behind.
#[derive(Debug)]
pub struct Collected {
    pub code: Option<i32>,
    pub lines: Vec<String>,
    pub errors: Vec<String>,
}

/// A command with the node `DIR/dlt`.
pub fn command(dir: &Path, kind: Kind, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    match kind {
        Kind::Fifo => command.arg("--fifo").arg(dir),
        Kind::Socket => command.arg("--socket").arg(dir.join("dlt")),
    };
    command.args(arguments).stdin(Stdio::null());
    command
}

impl Collecting {
    pub fn start(dir: &Path, kind: Kind, arguments: &[&str]) -> Self {
        let file = |name| File::create(dir.join(name)).expect("own directory");
        let mut command = command(dir, kind, arguments);
        command.stdout(file("collected.txt")).stderr(file("complaints.txt"));
        Self::run(dir, &mut command)
    }

    /// The same with an output of the test's own, and nothing kept.
    pub fn start_with_output(dir: &Path, kind: Kind, output: Stdio) -> Self {
        File::create(dir.join("collected.txt")).expect("own directory");
        let errors = File::create(dir.join("complaints.txt")).expect("own directory");
        Self::run(dir, command(dir, kind, &[]).stdout(output).stderr(errors))
    }

    /// The same with room for so many open files.
    pub fn start_cramped(dir: &Path, kind: Kind, files: u32) -> Self {
        let file = |name| File::create(dir.join(name)).expect("own directory");
        let whole = command(dir, kind, &[]);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -n {files} && exec \"$0\" \"$@\"")]);
        command.arg(whole.get_program()).args(whole.get_args()).stdin(Stdio::null());
        command.stdout(file("collected.txt")).stderr(file("complaints.txt"));
        Self::run(dir, &mut command)
    }

    fn run(dir: &Path, command: &mut Command) -> Self {
        let running = Running::start("dlt-collect", command);
        wait_for("the collector's node", || dir.join("dlt").exists().then_some(()));
        Self { running, dir: dir.to_owned() }
    }

    pub fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        lines(&self.dir.join("collected.txt"))
    }

    /// What it said on stderr so far.
    pub fn errors(&self) -> Vec<String> {
        lines(&self.dir.join("complaints.txt"))
    }

    /// Waits until a line has `text` in it.
    pub fn wait_for_line(&self, text: &str) {
        wait_for(text, || self.lines().iter().any(|line| line.contains(text)).then_some(()));
    }

    /// Ends it by a signal.
    pub fn end_by(self, signal: i32) -> Collected {
        self.running.signal(signal);
        self.wait()
    }

    /// Ends it as a user does.
    pub fn end(self) -> Collected {
        self.end_by(libc::SIGTERM)
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Collected {
        let code = self.running.wait().code();
        Collected { code, lines: self.lines(), errors: self.errors() }
    }
}

impl Collected {
    /// The line of counts: messages, lost, bytes skipped, places, not written.
    pub fn counts(&self) -> [u64; 5] {
        let line = self.errors.last().unwrap_or_else(|| panic!("no counts: {self:?}"));
        let words = line.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
        let numbers: Vec<u64> = words.map(|word| word.parse().expect("digits")).collect();
        numbers.try_into().unwrap_or_else(|_| panic!("no counts: {line}"))
    }
}

/// Lines of a file; the last one may still be in the making, and is left out then.
fn lines(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).expect("own directory");
    let text = String::from_utf8_lossy(&bytes);
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(str::to_owned).collect()
}
