//! Life of the one instance in a process: start on first use, stop and start again, exit, fork.
//!
//! The phase is one atomic word. Whoever changes it from [`Phase::Off`] to [`Phase::Starting`]
//! starts; others wait. Logging calls look at [`current`] only: one load.

use core::ptr;
use core::time::Duration;
use std::sync::Arc;

use nix::errno::Errno;

use crate::clock;
use crate::config::Config;
use crate::diagnostics;
use crate::instance::{Instance, Losses, Order, Reach, Ticket};
use crate::memory;
use crate::session::Command;
use crate::staging;
use crate::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};
use crate::transport::{Link, Rendezvous};
use crate::worker::{self, Destination, Handle};

/// Longest time that the end of the process is held up while the daemon takes something.
const EXIT_LIMIT: Duration = Duration::from_secs(10);
/// ... while there is a link and nothing goes through it.
const EXIT_STALLED: Duration = Duration::from_secs(1);
/// ... while there is no daemon.
const EXIT_AWAY: Duration = Duration::from_millis(500);
/// How long the worker's end is waited for.
const JOIN_LIMIT: Duration = Duration::from_secs(1);
/// ... when it is in a callback of the application.
const CALLING_LIMIT: Duration = Duration::from_millis(100);

/// What the start wants besides the ring, the worker's stack and what the worker will wait for.
const MEMORY_TO_START: usize = 64 * 1024;

/// How long a start waits for the end of a worker that is in a callback.
const RESTART_LIMIT: Duration = Duration::from_secs(3);

const NO_TIMEOUT: u64 = u64::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Phase {
    Off = 0,
    Starting = 1,
    On = 2,
    Stopping = 3,
    /// After a fork: nothing works before an explicit start.
    Child = 4,
    /// Exit handlers have run.
    Exited = 5,
}

/// Why the library is not started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The process was forked; it must start the library itself.
    #[error("not started in this process since it was forked")]
    Forked,
    /// Exit handlers have run.
    #[error("the process is ending")]
    Exiting,
    /// It is being stopped.
    #[error("being stopped")]
    Stopping,
    /// It is not started.
    #[error("not started")]
    Off,
    /// No descriptor, thread or memory.
    #[error("no resources to start")]
    Resources,
    /// The file cannot be opened.
    #[error("the file cannot be opened")]
    File,
    /// Called on the worker's thread, or while starting.
    #[error("called where it cannot wait")]
    Reentered,
}

static PHASE: AtomicU32 = AtomicU32::new(Phase::Off as u32);
static CURRENT: AtomicPtr<Instance> = AtomicPtr::new(ptr::null_mut());
/// How many bytes of payload a message may have, 0 while the library is not started: for programs
/// that put their messages together themselves.
static LOCAL_LIMIT: AtomicU32 = AtomicU32::new(0);
/// The instance of an earlier life, to be used again.
static RETIRED: AtomicPtr<Instance> = AtomicPtr::new(ptr::null_mut());
/// The running worker: a pointer, so that a forked child can leave the parent's alone.
static WORKER: AtomicPtr<Handle> = AtomicPtr::new(ptr::null_mut());
static EXIT_TIMEOUT_MS: AtomicU64 = AtomicU64::new(NO_TIMEOUT);
static HANDLERS: AtomicBool = AtomicBool::new(false);

fn phase() -> Phase {
    match PHASE.load(Ordering::Acquire) {
        1 => Phase::Starting,
        2 => Phase::On,
        3 => Phase::Stopping,
        4 => Phase::Child,
        5 => Phase::Exited,
        _ => Phase::Off,
    }
}

fn change(from: Phase, to: Phase) -> bool {
    // AcqRel: what the thread that left the former phase did is seen, and ours by the next.
    PHASE.compare_exchange(from as u32, to as u32, Ordering::AcqRel, Ordering::Acquire).is_ok()
}

fn enter(phase: Phase) {
    PHASE.store(phase as u32, Ordering::Release);
}

/// The instance, while the library is started.
#[inline]
pub fn current() -> Option<&'static Instance> {
    let instance = CURRENT.load(Ordering::Acquire); // pairs with Release in launch()
    // SAFETY: null, or leaked by instance_for() and so valid for ever.
    unsafe { instance.as_ref() }
}

/// Whether the library has been started and stopped.
pub fn has_run() -> bool {
    !RETIRED.load(Ordering::Acquire).is_null() // pairs with Release in stop()
}

/// The instance; starts the library if it was never started, or stopped.
///
/// # Errors
/// When it cannot be started, or must not be here.
pub fn started() -> Result<&'static Instance, Error> {
    match current() {
        Some(instance) => Ok(instance),
        None => start(Purpose::Implicit),
    }
}

/// Starts the library; in a forked child too.
///
/// # Errors
/// When it cannot be started.
pub fn init() -> Result<&'static Instance, Error> {
    start(Purpose::Explicit)
}

/// Starts the library with a file instead of the daemon.
///
/// # Errors
/// When it cannot be started or the file cannot be opened.
pub fn init_file(path: &std::ffi::OsStr) -> Result<&'static Instance, Error> {
    start(Purpose::File(path))
}

#[derive(Clone, Copy)]
enum Purpose<'a> {
    Implicit,
    Explicit,
    File(&'a std::ffi::OsStr),
}

#[cold]
fn start(purpose: Purpose<'_>) -> Result<&'static Instance, Error> {
    let mut left_alone = None;
    loop {
        match phase() {
            Phase::On => match current() {
                Some(instance) => return Ok(instance),
                None => std::thread::yield_now(),
            },
            Phase::Off => {
                if change(Phase::Off, Phase::Starting) {
                    return launch_from(Phase::Off, purpose);
                }
            }
            Phase::Child => match purpose {
                Purpose::Implicit => return Err(Error::Forked),
                Purpose::Explicit | Purpose::File(_) => {
                    if change(Phase::Child, Phase::Starting) {
                        return launch_from(Phase::Child, purpose);
                    }
                }
            },
            Phase::Starting | Phase::Stopping => {
                if STARTER.load(Ordering::Relaxed) == thread_number() || Handle::is_current() {
                    return Err(Error::Reentered);
                }
                // Nobody is at it any more but the worker, which may be in a callback for ever.
                if STARTER.load(Ordering::Relaxed) == 0 {
                    let now = clock::monotonic();
                    if now.saturating_sub(*left_alone.get_or_insert(now)) >= RESTART_LIMIT {
                        diagnostics::warn(format_args!(
                            "not started: a callback holds up the end of the former worker"
                        ));
                        return Err(Error::Stopping);
                    }
                } else {
                    left_alone = None;
                }
                // Short, and nothing that is allowed while forking could be waited on.
                std::thread::sleep(Duration::from_micros(100));
            }
            Phase::Exited => return Err(Error::Exiting),
        }
    }
}

/// The thread that starts or stops the library: it must not wait for itself when, say, a logging
/// `malloc` calls.
static STARTER: AtomicU64 = AtomicU64::new(0);

fn thread_number() -> u64 {
    crate::arch::thread_block() as *const _ as u64
}

fn launch_from(before: Phase, purpose: Purpose<'_>) -> Result<&'static Instance, Error> {
    STARTER.store(thread_number(), Ordering::Relaxed);
    let launched = launch(purpose);
    STARTER.store(0, Ordering::Relaxed);
    enter(if launched.is_ok() { Phase::On } else { before });
    launched
}

fn launch(purpose: Purpose<'_>) -> Result<&'static Instance, Error> {
    if !memory::at_hand(MEMORY_TO_START) {
        diagnostics::error(format_args!("no memory to start"));
        return Err(Error::Resources);
    }
    // SAFETY: takes a number.
    let privileged = unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
    let (config, warnings) = Config::from_lookup(|name| std::env::var_os(name), privileged);
    if !matches!(purpose, Purpose::File(_)) {
        diagnostics::configure(&config.own_log);
    }
    for warning in warnings {
        diagnostics::warn(format_args!("{warning}"));
    }
    let destination = match purpose {
        Purpose::File(path) => Destination::File(Link::file(path).map_err(|errno| {
            diagnostics::error(format_args!("{}: {errno}", path.display()));
            Error::File
        })?),
        Purpose::Implicit | Purpose::Explicit => {
            let pid = std::process::id().cast_signed();
            Destination::Daemon(Rendezvous::new(&config.pipe_dir, pid))
        }
    };
    ignore_sigpipe();
    staging::prepare();
    clock::consult_kernel();
    register_handlers();
    EXIT_TIMEOUT_MS.store(NO_TIMEOUT, Ordering::Relaxed);
    let to_file = matches!(destination, Destination::File(_));
    let instance = instance_for(config, to_file)?;
    let handle = worker::spawn(instance, instance.config(), destination, worker_ended);
    let handle = handle.map_err(|error| {
        diagnostics::error(format_args!("no thread for the worker: {error}"));
        RETIRED.store(ptr::from_ref(instance).cast_mut(), Ordering::Release);
        Error::Resources
    })?;
    WORKER.store(Box::into_raw(Box::new(handle)), Ordering::Release);
    CURRENT.store(ptr::from_ref(instance).cast_mut(), Ordering::Release); // pairs with current()
    LOCAL_LIMIT.store(instance.message_size_max(), Ordering::Release);
    Ok(instance)
}

/// The instance of an earlier life if its ring has the right size, else a new one, which is never
/// freed: some thread may be anywhere in a logging call.
fn instance_for(config: Config, to_file: bool) -> Result<&'static Instance, Error> {
    let retired = RETIRED.swap(ptr::null_mut(), Ordering::AcqRel);
    // SAFETY: null, or leaked below.
    if let Some(instance) = unsafe { retired.as_ref() }
        && instance.ring.capacity() == config.ring_slots
    {
        instance.restart(config, to_file);
        return Ok(instance);
    }
    let wanted = config.ring_slots;
    let usual = Config::default().ring_slots;
    match Instance::new(config.clone(), to_file) {
        Ok(instance) => {
            let instance: &'static Instance = Box::leak(Box::new(instance));
            // SAFETY: as above.
            if let Some(former) = unsafe { retired.as_ref() } {
                instance.inherit_counts(former);
            }
            Ok(instance)
        }
        Err(Errno::ENOMEM) if wanted > usual => {
            let lesser = Config { ring_slots: usual, ..config.clone() };
            diagnostics::warn(format_args!(
                "no memory for {} bytes of messages, {} used",
                config.ring_bytes(),
                lesser.ring_bytes()
            ));
            RETIRED.store(retired, Ordering::Release);
            instance_for(lesser, to_file)
        }
        Err(errno) => {
            diagnostics::error(format_args!("nothing to start the worker with: {errno}"));
            RETIRED.store(retired, Ordering::Release);
            Err(Error::Resources)
        }
    }
}

/// Programs rely on libdlt for this; a handler of their own is left alone.
fn ignore_sigpipe() {
    let mut before = core::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: asks only; the structure is ours.
    let asked = unsafe { libc::sigaction(libc::SIGPIPE, ptr::null(), before.as_mut_ptr()) };
    // SAFETY: zeroed, and every byte pattern is a sigaction.
    let before = unsafe { before.assume_init() };
    if asked == 0 && before.sa_sigaction == libc::SIG_DFL {
        // SAFETY: ignoring runs no code.
        unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
    }
}

fn register_handlers() {
    if HANDLERS.swap(true, Ordering::AcqRel) {
        return;
    }
    // SAFETY: the function may run at any moment after this; the library is never unloaded.
    unsafe { libc::atexit(at_exit) };
    // SAFETY: the child's handler touches atomics only.
    unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
}

/// In the child only the calling thread exists. The instance is left as it is, with whatever locks
/// were held; an explicit start makes a new one.
extern "C" fn after_fork() {
    if PHASE.load(Ordering::Relaxed) == Phase::Exited as u32 {
        return;
    }
    CURRENT.store(ptr::null_mut(), Ordering::Relaxed);
    LOCAL_LIMIT.store(0, Ordering::Relaxed);
    RETIRED.store(ptr::null_mut(), Ordering::Relaxed);
    STARTER.store(0, Ordering::Relaxed);
    // Its thread is not here: to join or detach it would hit whichever has its number now.
    WORKER.store(ptr::null_mut(), Ordering::Relaxed);
    // In a child forked by a callback this thread is the worker no more.
    crate::arch::thread_block().is_worker.store(0, Ordering::Relaxed);
    if PHASE.load(Ordering::Relaxed) != Phase::Off as u32 {
        PHASE.store(Phase::Child as u32, Ordering::Release);
    }
}

/// Stops the library: delivers what the daemon takes, then ends the worker. Contexts are gone.
///
/// # Errors
/// When it is not started.
pub fn free() -> Result<(), Error> {
    let Some(instance) = current() else {
        return Err(off());
    };
    if !change(Phase::On, Phase::Stopping) {
        return Err(off());
    }
    if Handle::is_current() {
        // In a callback: the worker ends after it, and says so itself.
        drop(take_worker());
        shut(instance);
        instance.order(Order::Stop);
        return Ok(());
    }
    STARTER.store(thread_number(), Ordering::Relaxed);
    deliver_rest(instance, Patience::AsLongAsLinked);
    stop_worker(instance);
    // Unless somebody has started it again meanwhile.
    let own = thread_number();
    let _ = STARTER.compare_exchange(own, 0, Ordering::Relaxed, Ordering::Relaxed);
    Ok(())
}

fn off() -> Error {
    match phase() {
        Phase::Child => Error::Forked,
        Phase::Exited => Error::Exiting,
        Phase::Stopping => Error::Stopping,
        Phase::Off | Phase::Starting | Phase::On => Error::Off,
    }
}

fn shut(instance: &'static Instance) {
    LOCAL_LIMIT.store(0, Ordering::Relaxed);
    CURRENT.store(ptr::null_mut(), Ordering::Release);
    instance.registry.clear();
}

/// False if the worker goes on: a callback that does not return keeps its thread, and the worker
/// ends whenever it does.
fn stop_worker(instance: &'static Instance) -> bool {
    // One that has just used up its patience gets no more.
    let limit = if instance.progress.is_calling() { CALLING_LIMIT } else { JOIN_LIMIT };
    // Before the worker is told: once it has ended, others may start the next.
    let handle = take_worker();
    shut(instance);
    instance.order(Order::Stop);
    handle.is_none_or(|handle| handle.join(instance, limit))
}

/// Whoever drops the handle leaves the thread to itself.
fn take_worker() -> Option<Box<Handle>> {
    let handle = WORKER.swap(ptr::null_mut(), Ordering::AcqRel);
    // SAFETY: null, or made by launch() of a box and taken out by nobody else.
    (!handle.is_null()).then(|| unsafe { Box::from_raw(handle) })
}

/// The last thing the worker does.
fn worker_ended(instance: &'static Instance) {
    RETIRED.store(ptr::from_ref(instance).cast_mut(), Ordering::Release);
    change(Phase::Stopping, Phase::Off);
}

/// How long to wait for a daemon that takes nothing.
#[derive(Clone, Copy)]
enum Patience {
    /// Not at all without a link, and a while with one.
    AsLongAsLinked,
    /// As at the end of the process.
    Exit,
    /// This long.
    Fixed(Duration),
}

/// Waits until everything is delivered or patience ends. True if everything is.
fn deliver_rest(instance: &Instance, patience: Patience) -> bool {
    let ticket = Arc::new(Ticket::default());
    instance.order(Order::Flush(instance.ring.tail(), Arc::clone(&ticket)));
    if !matches!(patience, Patience::AsLongAsLinked) {
        instance.order(Order::Seek);
    }
    let start = clock::monotonic();
    let mut bytes = instance.progress.bytes.load(Ordering::Acquire);
    let mut moved = start;
    loop {
        let now = clock::monotonic();
        let seen = instance.progress.bytes.load(Ordering::Acquire);
        if seen != bytes {
            (bytes, moved) = (seen, now);
        }
        let reach = instance.progress.reach();
        let since_start = now.saturating_sub(start);
        let since_moved = now.saturating_sub(moved);
        let left = match (patience, reach) {
            (Patience::Fixed(limit), _) => limit.checked_sub(since_start),
            (_, Reach::Linked) => {
                EXIT_STALLED.checked_sub(since_moved).min(EXIT_LIMIT.checked_sub(since_start))
            }
            (Patience::Exit, Reach::Away) => EXIT_AWAY.checked_sub(since_moved),
            (Patience::AsLongAsLinked, Reach::Away) | (_, Reach::Withheld) => {
                // What the worker says may be older than the order, if it has run at all.
                if ticket.is_seen() { None } else { EXIT_STALLED.checked_sub(since_start) }
            }
        };
        let Some(left) = left.filter(|left| !left.is_zero()) else {
            return ticket.is_done();
        };
        let seen_before = ticket.is_seen();
        let changed = || {
            ticket.is_done()
                || ticket.is_seen() != seen_before
                || instance.progress.reach() != reach
                || instance.progress.bytes.load(Ordering::Acquire) != bytes
        };
        instance.progress.wait(left, changed);
        if ticket.is_done() {
            return true;
        }
    }
}

/// Where the limit of a message's payload stands; it holds 0 while the library is not started.
pub fn local_limit() -> &'static AtomicU32 {
    &LOCAL_LIMIT
}

/// Whether this is a forked process that has not started the library itself.
pub fn is_forked() -> bool {
    phase() == Phase::Child
}

/// Whether the calling thread is the worker, which must not wait for itself.
pub fn is_worker() -> bool {
    Handle::is_current()
}

/// Counts a message that was finished when the library had been stopped.
pub fn count_abandoned() {
    let retired = RETIRED.load(Ordering::Acquire);
    // SAFETY: null, or leaked by instance_for().
    if let Some(instance) = unsafe { retired.as_ref() } {
        instance.losses.abandoned.fetch_add(1, Ordering::Relaxed);
    }
}

/// The instance that counts, whether or not the library is started.
pub fn counting() -> Option<&'static Instance> {
    current().or_else(|| {
        let retired = RETIRED.load(Ordering::Acquire);
        // SAFETY: null, or leaked by instance_for().
        unsafe { retired.as_ref() }
    })
}

/// Waits until all that was logged before is delivered, at most `timeout`.
///
/// # Errors
/// When the library is not started, or on the worker's thread. `Ok(false)` if time is up.
pub fn flush(timeout: Duration) -> Result<bool, Error> {
    let instance = current().ok_or_else(off)?;
    if Handle::is_current() {
        return Err(Error::Reentered);
    }
    Ok(deliver_rest(instance, Patience::Fixed(timeout)))
}

/// Delivers what waits while there is a link that takes it. True if nothing is left.
///
/// # Errors
/// As [`flush`].
pub fn flush_while_linked() -> Result<bool, Error> {
    let instance = current().ok_or_else(off)?;
    if Handle::is_current() {
        return Err(Error::Reentered);
    }
    Ok(deliver_rest(instance, Patience::AsLongAsLinked))
}

/// Delivers what waits as at the end of the process. True if nothing is left.
///
/// # Errors
/// As [`flush`].
pub fn flush_as_at_exit() -> Result<bool, Error> {
    let instance = current().ok_or_else(off)?;
    if Handle::is_current() {
        return Err(Error::Reentered);
    }
    Ok(deliver_rest(instance, exit_patience()))
}

/// Has the worker panic at its next look at its orders: for tests of what becomes of that.
///
/// # Errors
/// When the library is not started.
#[doc(hidden)]
pub fn provoke_worker_failure() -> Result<(), Error> {
    current().ok_or_else(off)?.order(Order::Fail);
    Ok(())
}

/// How long the end of the process may be held up.
pub fn set_exit_timeout(timeout_ms: u32) {
    EXIT_TIMEOUT_MS.store(timeout_ms.into(), Ordering::Relaxed);
}

fn exit_patience() -> Patience {
    match EXIT_TIMEOUT_MS.load(Ordering::Relaxed) {
        NO_TIMEOUT => Patience::Exit,
        milliseconds => Patience::Fixed(Duration::from_millis(milliseconds)),
    }
}

extern "C" fn at_exit() {
    let _ = std::panic::catch_unwind(|| {
        let Some(instance) = counting() else { return };
        let before = instance.losses.abandoned.load(Ordering::Acquire);
        let left = end_at_exit();
        let abandoned = instance.losses.abandoned.load(Ordering::Acquire) - before;
        say_what_was_lost(&instance.losses, abandoned, left);
    });
}

/// Delivers what the daemon takes, and ends the worker. Returns how many messages are left in the
/// hands of a worker that cannot be waited for.
fn end_at_exit() -> u64 {
    let Some(instance) = current() else { return 0 };
    // On the worker's thread, in a callback, there is nobody to wait for.
    let waits = !Handle::is_current();
    if waits {
        if instance.registry.change_app(Option::take).is_some() {
            instance.tell(Command::UnregisterApplication);
        }
        deliver_rest(instance, exit_patience());
    }
    if !change(Phase::On, Phase::Exited) {
        return 0;
    }
    if waits && stop_worker(instance) { 0 } else { instance.waiting() }
}

/// One line for the person, if anything was lost since the start: of the abandoned messages `late`
/// at the end of the process, where `left` more still wait.
fn say_what_was_lost(losses: &Losses, late: u64, left: u64) {
    let count = |of: &AtomicU64| of.load(Ordering::Acquire);
    let at_the_end = late + left;
    let total = losses.total() + left;
    if total == 0 {
        return;
    }
    if total == at_the_end {
        diagnostics::warn(format_args!("{total} messages lost at the end of the process"));
        return;
    }
    let reasons = Reasons([
        (losses.refused.sum(), "for want of room"),
        (losses.evicted.sum(), "given up for newer ones"),
        (count(&losses.oversize), "too long"),
        (count(&losses.file_full), "beyond the limit of the file"),
        (count(&losses.abandoned) - late, "when the library was stopped"),
        (at_the_end, "at the end of the process"),
    ]);
    diagnostics::warn(format_args!("{total} messages lost: {reasons}"));
}

/// Those that there are, without taking memory: there may be none.
struct Reasons([(u64, &'static str); 6]);

impl core::fmt::Display for Reasons {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let mut comma = "";
        for (lost, why) in self.0.iter().filter(|(lost, _)| *lost > 0) {
            write!(f, "{comma}{lost} {why}")?;
            comma = ", ";
        }
        Ok(())
    }
}
