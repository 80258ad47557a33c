//! The worker's thread: its name, stack, signals and scheduling.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;
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
const NAME: &CStr = c"dlt-worker";
/// The application's callbacks run on it.
const STACK: usize = 1024 * 1024;
/// After a failure, which is a defect: the next round may meet it again.
const FAILURE_PAUSE: Duration = Duration::from_millis(10);
/// The kernel may be late by this much; its default would double the shortest nap.
const TIMER_SLACK_NS: libc::c_ulong = 5_000;

/// A running worker.
#[derive(Debug)]
pub struct Handle {
    thread: Thread,
    ended: Arc<AtomicBool>,
}

/// A thread whose first instruction is ours. One of std's allocates before it comes to that: a
/// malloc that logs would then wait, in block mode, for the very thread it waits on.
#[derive(Debug)]
struct Thread(libc::pthread_t);

type Job = Box<dyn FnOnce() + Send>;

impl Thread {
    fn spawn(job: Job) -> io::Result<Self> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: `attributes` is room for what this puts there.
        let made = unsafe { libc::pthread_attr_init(attributes.as_mut_ptr()) };
        if made != 0 {
            return Err(io::Error::from_raw_os_error(made));
        }
        // SAFETY: initialised above. A size that the system refuses leaves its default.
        unsafe { libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK) };
        let job = Box::into_raw(Box::new(job));
        let mut thread = MaybeUninit::uninit();
        // SAFETY: the attributes are initialised, `thread` is room for the result, and begin()
        // takes over what `job` points to.
        let started = unsafe {
            libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), begin, job.cast())
        };
        // SAFETY: initialised above and not used again.
        unsafe { libc::pthread_attr_destroy(attributes.as_mut_ptr()) };
        if started != 0 {
            // SAFETY: no thread has it.
            drop(unsafe { Box::from_raw(job) });
            return Err(io::Error::from_raw_os_error(started));
        }
        // SAFETY: pthread_create() has succeeded.
        Ok(Self(unsafe { thread.assume_init() }))
    }

    fn join(self) -> bool {
        let thread = self.0;
        core::mem::forget(self);
        // SAFETY: the thread is joinable, and nobody else joins or detaches it: `self` is gone.
        unsafe { libc::pthread_join(thread, ptr::null_mut()) == 0 }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the thread is joinable and was not joined.
        unsafe { libc::pthread_detach(self.0) };
    }
}

extern "C" fn begin(job: *mut libc::c_void) -> *mut libc::c_void {
    // Before anything that may allocate.
    thread_block().is_worker.store(1, Ordering::Relaxed);
    // SAFETY: spawn() made it of a Box and gave it to this thread alone.
    let job = unsafe { Box::from_raw(job.cast::<Job>()) };
    // A panic must not leave a C function; the worker reports its own.
    let _ = catch_unwind(AssertUnwindSafe(job));
    ptr::null_mut()
}

impl Handle {
    /// Waits for the worker to end after it was told to, at most `limit`: a callback of the
    /// application may hold it. False if it goes on.
    pub fn join(self, instance: &Instance, limit: Duration) -> bool {
        let ended = self.ended;
        if !instance.progress.wait(limit, || ended.load(Ordering::Acquire)) {
            return false;
        }
        self.thread.join()
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
    // Nor may this thread wait for room before there is a worker to make it.
    let pushing = &thread_block().pushing;
    let depth = pushing.load(Ordering::Relaxed);
    pushing.store(depth + 1, Ordering::Relaxed);
    let thread = Thread::spawn(Box::new(move || {
        settle_down();
        let mut worker = Worker::new(instance, &config, destination);
        while catch_unwind(AssertUnwindSafe(|| worker.run())).is_err() {
            let failures = instance.progress.failures.fetch_add(1, Ordering::Relaxed) + 1;
            // One that fails again and again does so slowly, and says it less and less often.
            if failures.is_power_of_two() {
                diagnostics::error(format_args!(
                    "the worker failed and goes on; failures so far: {failures}"
                ));
            }
            std::thread::sleep(FAILURE_PAUSE);
        }
        drop(worker);
        at_end(instance);
        signal.store(true, Ordering::Release); // pairs with Acquire in join()
        instance.progress.beat();
    }));
    pushing.store(depth, Ordering::Relaxed);
    let _ = pthread_sigmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
    Ok(Handle { thread: thread?, ended })
}

/// Whatever the thread that happened to start the library is bound to, the worker is not.
fn settle_down() {
    // SAFETY: takes a NUL-terminated string, and copies it.
    unsafe { libc::prctl(libc::PR_SET_NAME, NAME.as_ptr()) };
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
