//! One thread of another process, stopped at whatever instruction a test wants.

use std::io::Error;
use std::time::{Duration, Instant};

use super::WATCHDOG;

/// A thread that is traced, and let go when dropped.
pub struct Tracee {
    tid: i32,
    stopped: bool,
    /// The signal that stopped it, to be delivered when it goes on.
    signal: i32,
}

/// Where a step has led.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// One instruction further.
    On,
    /// Past a trap of its own.
    Trap,
    /// Into a system call that sleeps; it was stopped there.
    Asleep,
}

/// A thread that has not made a step for so long sleeps in the kernel, or has to wait for a
/// processor; stopped it is either way.
const ASLEEP_AFTER: Duration = Duration::from_millis(20);

/// si_code of a breakpoint instruction; a single step's is TRAP_TRACE.
const SI_KERNEL: i32 = 0x80;

fn request(what: u32, tid: i32, data: *mut libc::c_void) -> Result<(), Error> {
    let nothing = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: every request made here takes no address, and as data nothing, a signal, or in the
    // case of PTRACE_GETSIGINFO a structure that the caller owns.
    let result = unsafe { libc::ptrace(what, tid, nothing, data) };
    if result == -1 { Err(Error::last_os_error()) } else { Ok(()) }
}

fn bare(what: u32, tid: i32) -> Result<(), Error> {
    request(what, tid, std::ptr::null_mut())
}

impl Tracee {
    /// Begins to trace a running thread. Everything else happens on the thread that called this.
    pub fn seize(tid: i32) -> Result<Self, Error> {
        bare(libc::PTRACE_SEIZE, tid)?;
        Ok(Self { tid, stopped: false, signal: 0 })
    }

    /// Lets it run, and waits until it meets a trap; it stays there.
    pub fn run_to_trap(&mut self) {
        let begin = Instant::now();
        loop {
            self.release();
            while !self.has_stopped() {
                let late = begin.elapsed() >= WATCHDOG;
                assert!(!late, "the thread does not come to its trap: {}", self.whereabouts());
                std::thread::sleep(Duration::from_micros(50));
            }
            if self.is_at_breakpoint() {
                return;
            }
        }
    }

    /// One instruction.
    pub fn step(&mut self) -> Step {
        assert!(self.stopped);
        bare(libc::PTRACE_SINGLESTEP, self.tid).expect("a stopped thread can make a step");
        self.stopped = false;
        let begin = Instant::now();
        let mut interrupted = false;
        while !self.has_stopped() {
            assert!(begin.elapsed() < WATCHDOG, "the thread cannot be stopped");
            if !interrupted && begin.elapsed() >= ASLEEP_AFTER {
                bare(libc::PTRACE_INTERRUPT, self.tid).expect("the thread lives");
                interrupted = true;
            }
            std::thread::yield_now();
        }
        match (interrupted, self.is_at_breakpoint()) {
            (_, true) => Step::Trap,
            (true, false) => Step::Asleep,
            (false, false) => Step::On,
        }
    }

    /// Lets it run on.
    pub fn release(&mut self) {
        if self.stopped {
            let signal = std::mem::take(&mut self.signal) as usize as *mut libc::c_void;
            request(libc::PTRACE_CONT, self.tid, signal).expect("a stopped thread can go on");
            self.stopped = false;
        }
    }

    /// Sends it a signal, whose handler runs before its next instruction, once it is let go. True if
    /// it met its trap before: one that it has executed and not been stopped for yet.
    pub fn signal(&mut self, pid: u32, signal: i32) -> bool {
        let pid = libc::c_long::from(pid);
        // SAFETY: tgkill takes numbers only, and the thread lives.
        let result = unsafe { libc::syscall(libc::SYS_tgkill, pid, self.tid, signal) };
        assert_eq!(result, 0, "{}", Error::last_os_error());
        let begin = Instant::now();
        let mut trapped = false;
        while self.signal != signal {
            self.release();
            while !self.has_stopped() {
                let late = begin.elapsed() >= WATCHDOG;
                assert!(!late, "the signal does not arrive: {}", self.whereabouts());
                std::thread::yield_now();
            }
            trapped |= self.is_at_breakpoint();
        }
        trapped
    }

    fn has_stopped(&mut self) -> bool {
        let mut status = 0;
        let flags = libc::__WALL | libc::WNOHANG;
        // SAFETY: `status` is a valid, writable int.
        let result = unsafe { libc::waitpid(self.tid, &raw mut status, flags) };
        if result == self.tid {
            assert!(libc::WIFSTOPPED(status), "the thread has ended: {status:#x}");
            self.stopped = true;
            // SIGTRAP is the stop's own, and so is what comes with an event.
            let signal = libc::WSTOPSIG(status);
            self.signal = if signal == libc::SIGTRAP || status >> 16 != 0 { 0 } else { signal };
        }
        self.stopped
    }

    /// What the kernel says of it, for whoever has waited in vain.
    fn whereabouts(&self) -> String {
        let of = |file: &str| {
            let path = format!("/proc/{}/task/{}/{file}", self.tid, self.tid);
            std::fs::read_to_string(path).unwrap_or_default()
        };
        let status = of("status");
        let state = status.lines().find(|line| line.starts_with("State:")).unwrap_or("gone");
        format!("{state}, in system call {}", of("syscall").trim())
    }

    fn is_at_breakpoint(&self) -> bool {
        // SAFETY: zero is a value of every field.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let told = request(libc::PTRACE_GETSIGINFO, self.tid, (&raw mut info).cast());
        told.is_ok() && info.si_signo == libc::SIGTRAP && info.si_code == SI_KERNEL
    }
}

impl Drop for Tracee {
    fn drop(&mut self) {
        // A traced thread that has ended keeps its process from being waited for.
        let begin = Instant::now();
        if !self.stopped && bare(libc::PTRACE_INTERRUPT, self.tid).is_ok() {
            while begin.elapsed() < WATCHDOG / 6 && !self.has_stopped() {
                std::thread::yield_now();
            }
        }
        let _ = bare(libc::PTRACE_DETACH, self.tid);
    }
}
