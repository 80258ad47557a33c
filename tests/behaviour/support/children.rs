//! Child processes that end with the test, each by its own process id.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use super::{WATCHDOG, wait_for};

/// A running child; killed when dropped.
pub struct Running {
    child: Child,
    what: String,
}

impl Running {
    pub fn start(what: &str, command: &mut Command) -> Self {
        let child = command.spawn().unwrap_or_else(|error| panic!("cannot start {what}: {error}"));
        Self { child, what: what.to_owned() }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn inner(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    /// Waits for its end; fails the test if it does not come.
    pub fn wait(&mut self) -> ExitStatus {
        let what = format!("the end of {}", self.what);
        wait_for(&what, || self.ended())
    }

    /// The same for what takes long by its nature.
    pub fn wait_at_most(&mut self, limit: Duration) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(begin.elapsed() < limit, "waited {limit:?} in vain for {}", self.what);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Its end, or None if it does not come.
    pub fn ends_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let begin = Instant::now();
        loop {
            let ended = self.ended();
            if ended.is_some() || begin.elapsed() >= limit {
                return ended;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// SIGKILL, and gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.child.id()).expect("a process id");
        // SAFETY: kill has no memory effects; the child has not been waited for, so the id is its own.
        let result = unsafe { libc::kill(pid, signal) };
        assert_eq!(result, 0, "signal to {}", self.what);
    }

    /// SIGTERM; SIGKILL if that does not help.
    pub fn terminate(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.signal(libc::SIGTERM);
        let begin = Instant::now();
        while self.ended().is_none() {
            if begin.elapsed() > WATCHDOG / 6 {
                return self.kill();
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.kill();
        }
    }
}

/// Counts of one process from /proc, by thread: (voluntary, involuntary) context switches.
pub fn context_switches(pid: u32) -> Vec<(u32, String, u64, u64)> {
    let mut all = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).expect("the process lives").flatten()
    {
        let Ok(status) = std::fs::read_to_string(task.path().join("status")) else {
            continue;
        };
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
            line.split_whitespace().nth(1).unwrap_or("").to_owned()
        };
        all.push((
            task.file_name().to_string_lossy().parse().expect("a thread id"),
            field("Name:"),
            field("voluntary_ctxt_switches:").parse().expect("a count"),
            field("nonvoluntary_ctxt_switches:").parse().expect("a count"),
        ));
    }
    all.sort();
    all
}

/// Waits until the process has come to rest: no thread has run for half a second.
pub fn at_rest(pid: u32) -> Vec<(u32, String, u64, u64)> {
    let mut before = context_switches(pid);
    wait_for("the process to come to rest", || {
        std::thread::sleep(Duration::from_millis(500));
        let after = context_switches(pid);
        let rested = before == after;
        before = after;
        rested.then_some(())
    });
    before
}
