//! The worker's thread: its name, stack, signals and scheduling.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::signal::{SigSet, SigmaskHow, pthread_sigmask};
use nix::unistd::{Pid, getpid};

use super::{Destination, Worker};
use crate::arch::thread_block;
use crate::config::Config;
use crate::diagnostics;
use crate::instance::Instance;
use crate::sync::atomic::{AtomicBool, Ordering};

/// At most 15 bytes: what the kernel keeps.
const NAME: &str = "dlt-worker";
/// The application's callbacks run on it.
const STACK: usize = 1024 * 1024;
/// The kernel may be late by this much; its default would double the shortest nap.
const TIMER_SLACK_NS: libc::c_ulong = 5_000;

/// A running worker.
#[derive(Debug)]
pub struct Handle {
    thread: JoinHandle<()>,
    ended: Arc<AtomicBool>,
}

impl Handle {
    /// Waits for the worker to end after it was told to, at most `limit`: a callback of the
    /// application may hold it. False if it goes on.
    pub fn join(self, instance: &Instance, limit: Duration) -> bool {
        let ended = self.ended;
        if !instance.progress.wait(limit, || ended.load(Ordering::Acquire)) {
            return false;
        }
        self.thread.join().is_ok()
    }

    /// Whether the calling thread is a worker.
    pub fn is_current() -> bool {
        thread_block().is_worker.load(Ordering::Relaxed) != 0
    }
}

/// Starts the worker. `at_end` runs on its thread as the last thing.
///
/// # Errors
/// When the process can have no more threads.
pub fn spawn(
    instance: &'static Instance,
    config: Arc<Config>,
    destination: Destination,
    at_end: fn(&'static Instance),
) -> io::Result<Handle> {
    let ended = Arc::new(AtomicBool::new(false));
    let signal = Arc::clone(&ended);
    let blocked = SigSet::all();
    let mut before = SigSet::empty();
    // Inherited by the thread: the application's handlers run on its own threads.
    let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&blocked), Some(&mut before));
    let thread = std::thread::Builder::new().name(NAME.into()).stack_size(STACK).spawn(move || {
        settle_down();
        let mut worker = Worker::new(instance, &config, destination);
        while catch_unwind(AssertUnwindSafe(|| worker.run())).is_err() {
            diagnostics::error(format_args!("the worker failed and goes on"));
        }
        drop(worker);
        at_end(instance);
        signal.store(true, Ordering::Release); // pairs with Acquire in join()
        instance.progress.beat();
    });
    let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
    Ok(Handle { thread: thread?, ended })
}

/// Whatever the thread that happened to start the library is bound to, the worker is not.
fn settle_down() {
    thread_block().is_worker.store(1, Ordering::Relaxed);
    let parameter = libc::sched_param { sched_priority: 0 };
    // SAFETY: sets the calling thread's policy from a parameter that lives through the call.
    unsafe { libc::sched_setscheduler(0, libc::SCHED_OTHER, &parameter) };
    // The process's own are those of its first thread.
    let process: Result<CpuSet, _> = sched_getaffinity(getpid());
    if let Ok(set) = process {
        let _ = sched_setaffinity(Pid::from_raw(0), &set);
    }
    // SAFETY: takes a number.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, TIMER_SLACK_NS) };
}
