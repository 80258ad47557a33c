//! What the logging threads and the worker share: the ring, the contexts, the settings and the
//! counts. An instance is made when the library first starts and stays for the life of the process,
//! for a thread may be anywhere in a logging call when another stops the library.

#![forbid(unsafe_code)]

use core::time::Duration;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, PoisonError};

use nix::errno::Errno;

use crate::config::Config;
use crate::registry::Registry;
use crate::ring::{Doorbell, Ring};
use crate::session::Command;
use crate::sync::atomic::{AtomicBool, AtomicI8, AtomicU8, AtomicU32, AtomicU64, Ordering};
use crate::sync::{Bell, CachePadded, Futex, Inbox, SpreadCount};
use crate::types::OverflowMode;
use crate::wire::header::HeaderFlags;

/// Bits of [`Settings::bits`]. The lowest byte is HTYP of verbose messages but for the version, the
/// next one that of the others.
mod bit {
    use crate::wire::record::RecordHead;

    pub const BOTH: u32 = 0x101;
    pub const EXTENDED_VERBOSE: u32 = RecordHead::EXTENDED as u32;
    pub const EXTENDED_NON_VERBOSE: u32 = EXTENDED_VERBOSE << NON_VERBOSE_SHIFT;
    pub const NON_VERBOSE_SHIFT: u32 = 8;
    pub const VERBOSE: u32 = 1 << 16;
    pub const FILE: u32 = 1 << 17;
    pub const PRINT: u32 = 1 << 18;
}

/// What the application may change at any time. One load tells a logging call all it needs.
#[derive(Debug)]
pub struct Settings {
    bits: AtomicU32,
    mode: AtomicU8,
    timeout_ms: AtomicU32,
}

/// A snapshot of the switches that shape a message.
#[derive(Debug, Clone, Copy)]
pub struct Switches(u32);

impl Switches {
    /// Whether messages with an identifier are verbose all the same.
    #[inline]
    pub fn verbose(self) -> bool {
        self.0 & bit::VERBOSE != 0
    }

    /// Whether non-verbose messages have an extended header.
    #[inline]
    pub fn extended_for_non_verbose(self) -> bool {
        self.0 & bit::EXTENDED_NON_VERBOSE != 0
    }

    /// Whether messages go to a file.
    #[inline]
    pub fn to_file(self) -> bool {
        self.0 & bit::FILE != 0
    }

    /// Whether the application wants messages printed.
    #[inline]
    pub fn print(self) -> bool {
        self.0 & bit::PRINT != 0
    }

    /// The bits of HTYP that a message's record carries.
    #[inline(always)]
    pub fn htyp(self, verbose: bool) -> u8 {
        (self.0 >> if verbose { 0 } else { bit::NON_VERBOSE_SHIFT }) as u8 // one of the two
    }

    /// Optional header fields.
    pub fn header(self) -> HeaderFlags {
        HeaderFlags::from_bits(self.htyp(true))
    }
}

impl Settings {
    fn new() -> Self {
        Self {
            bits: AtomicU32::new(0),
            mode: AtomicU8::new(OverflowMode::DropNewest as u8),
            timeout_ms: AtomicU32::new(0),
        }
    }

    /// The switches as they are now.
    #[inline]
    pub fn switches(&self) -> Switches {
        Switches(self.bits.load(Ordering::Relaxed)) // settings order nothing
    }

    fn switch(&self, bits: u32, on: bool) {
        if on {
            self.bits.fetch_or(bits, Ordering::Relaxed);
        } else {
            self.bits.fetch_and(!bits, Ordering::Relaxed);
        }
    }

    /// Whether messages with an identifier are verbose all the same.
    pub fn set_verbose(&self, on: bool) {
        self.switch(bit::VERBOSE, on);
    }

    /// Whether non-verbose messages have an extended header.
    pub fn set_extended_for_non_verbose(&self, on: bool) {
        self.switch(bit::EXTENDED_NON_VERBOSE, on);
    }

    /// Whether messages are printed.
    pub fn set_print(&self, on: bool) {
        self.switch(bit::PRINT, on);
    }

    /// Whether the header fields in `fields` are written.
    pub fn set_header(&self, fields: HeaderFlags, on: bool) {
        self.switch(u32::from(fields.bits()) * bit::BOTH, on);
    }

    /// What happens to a message that finds the ring full.
    #[inline]
    pub fn overflow_mode(&self) -> OverflowMode {
        match self.mode.load(Ordering::Relaxed) {
            0 => OverflowMode::Overwrite,
            2 => OverflowMode::Block,
            _ => OverflowMode::DropNewest,
        }
    }

    /// How long a caller waits in block mode.
    pub fn overflow_timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms.load(Ordering::Relaxed).into())
    }

    fn set_overflow(&self, mode: OverflowMode, timeout_ms: u32) {
        self.timeout_ms.store(timeout_ms, Ordering::Relaxed);
        self.mode.store(mode as u8, Ordering::Relaxed);
    }

    fn reset(&self, config: &Config, to_file: bool) {
        let bits = (u32::from(HeaderFlags::ALL.bits()) * bit::BOTH)
            | bit::EXTENDED_VERBOSE
            | bit::VERBOSE
            | if config.extended_header_for_non_verbose { bit::EXTENDED_NON_VERBOSE } else { 0 }
            | if to_file { bit::FILE } else { 0 };
        self.bits.store(bits, Ordering::Relaxed);
        let timeout = u32::try_from(config.overflow_timeout.as_millis()).unwrap_or(u32::MAX);
        self.set_overflow(config.overflow_mode, timeout);
    }
}

/// Lost messages, each in exactly one of the counts.
#[derive(Debug, Default)]
pub struct Losses {
    /// No room in the ring.
    pub refused: SpreadCount,
    /// Given up for newer ones.
    pub evicted: SpreadCount,
    /// Longer than the protocol can say.
    pub oversize: AtomicU64,
    /// The file was full.
    pub file_full: AtomicU64,
    /// Still there when the library was stopped, or finished when it was.
    pub abandoned: AtomicU64,
}

impl Losses {
    /// All of them.
    pub fn total(&self) -> u64 {
        let rare: u64 = [&self.oversize, &self.file_full, &self.abandoned]
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum();
        self.refused.sum() + self.evicted.sum() + rare
    }
}

/// How the daemon can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Reach {
    /// No link.
    Away = 0,
    /// There is a link, or a file.
    Linked = 1,
    /// Nothing can be sent, for no application is registered.
    Withheld = 2,
}

/// What the worker has achieved, for those who wait for it.
#[derive(Debug)]
pub struct Progress {
    /// Messages that the kernel took.
    pub delivered: AtomicU64,
    /// Messages in the worker's batch.
    pub in_batch: AtomicU64,
    /// Bytes that the kernel took.
    pub bytes: AtomicU64,
    /// Links made after the first.
    pub reconnects: AtomicU32,
    /// Panics of the worker, after each of which it has gone on.
    pub failures: AtomicU32,
    /// Lost messages that daemons were told of; the worker's.
    pub told: AtomicU64,
    /// Position + 1 of the context whose callback the worker is in, or about to look for.
    calling: AtomicU32,
    reach: AtomicU8,
    log_state: AtomicI8,
    /// Changes whenever the above does and somebody waits.
    pulse: Futex,
    waiters: AtomicU32,
}

impl Progress {
    fn new() -> Self {
        Self {
            delivered: AtomicU64::new(0),
            in_batch: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            reconnects: AtomicU32::new(0),
            failures: AtomicU32::new(0),
            told: AtomicU64::new(0),
            calling: AtomicU32::new(0),
            reach: AtomicU8::new(Reach::Away as u8),
            log_state: AtomicI8::new(-1),
            pulse: Futex::new(0),
            waiters: AtomicU32::new(0),
        }
    }

    /// How the daemon can be reached.
    pub fn reach(&self) -> Reach {
        // Acquire pairs with Release in set_reach(): what was achieved before is seen.
        match self.reach.load(Ordering::Acquire) {
            1 => Reach::Linked,
            2 => Reach::Withheld,
            _ => Reach::Away,
        }
    }

    /// Says how the daemon can be reached.
    pub fn set_reach(&self, reach: Reach) {
        if self.reach() != reach {
            self.reach.store(reach as u8, Ordering::Release);
            self.beat();
        }
    }

    /// Runs `call`, which looks for a callback of the context at `pos` and calls it.
    pub fn while_calling(&self, pos: i32, call: impl FnOnce()) {
        // SeqCst, before the callback is looked for, pairs with the load in await_call(), after it
        // was removed: it is not found, or its removal is seen to wait.
        self.calling.store(pos.cast_unsigned().wrapping_add(1), Ordering::SeqCst);
        let _over = Over(self); // also when it panics
        call();
    }

    /// Whether the worker is in a callback, or looks for one.
    pub fn is_calling(&self) -> bool {
        self.calling.load(Ordering::SeqCst) != 0
    }

    /// Waits until the worker is in no callback of the context at `pos`, at most `limit`: it may
    /// wait for the very thread that is here.
    pub fn await_call(&self, pos: i32, limit: Duration) {
        let mine = pos.cast_unsigned().wrapping_add(1);
        if self.calling.load(Ordering::SeqCst) == mine {
            self.wait(limit, || self.calling.load(Ordering::SeqCst) != mine);
        }
    }

    /// The daemon's last word on whether a client listens; -1 before the first.
    pub fn log_state(&self) -> i8 {
        self.log_state.load(Ordering::Relaxed)
    }

    /// Keeps the daemon's word on whether a client listens.
    pub fn set_log_state(&self, state: i8) {
        self.log_state.store(state, Ordering::Relaxed);
    }

    /// Wakes those who wait, if there are any.
    pub fn beat(&self) {
        // SeqCst pairs with the increment in wait(): this thread sees the waiter, or the waiter
        // sees what was stored before.
        if self.waiters.load(Ordering::SeqCst) != 0 {
            self.pulse.bump_and_wake();
        }
    }

    /// Waits until `done` says so or `timeout` is over; `done` is asked again after every beat.
    /// Returns what `done` said last.
    pub fn wait(&self, timeout: Duration, mut done: impl FnMut() -> bool) -> bool {
        let start = crate::clock::monotonic();
        self.waiters.fetch_add(1, Ordering::SeqCst);
        let finished = loop {
            let pulse = self.pulse.word().load(Ordering::SeqCst);
            if done() {
                break true;
            }
            let spent = crate::clock::monotonic().saturating_sub(start);
            match timeout.checked_sub(spent).filter(|left| !left.is_zero()) {
                Some(left) => self.pulse.wait(pulse, left),
                None => break false,
            }
        };
        self.waiters.fetch_sub(1, Ordering::SeqCst);
        finished
    }
}

/// The end of a callback.
struct Over<'a>(&'a Progress);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.calling.store(0, Ordering::SeqCst);
        self.0.beat();
    }
}

/// Told when the ring becomes crowded (true), and when it is no more.
pub type PressureChanged = Arc<dyn Fn(bool) + Send + Sync>;

/// How full the ring is, with a high and a low mark between which nothing changes.
#[derive(Default)]
pub struct Pressure {
    /// Slots in use from which on the ring is crowded; 0 for the default.
    high: AtomicU64,
    /// Slots in use up to which it is not any more.
    low: AtomicU64,
    crowded: AtomicBool,
    watched: AtomicBool,
    changed: Mutex<Option<PressureChanged>>,
}

impl Pressure {
    /// Sets the marks, and what is told of them.
    pub fn watch(&self, high: u64, low: u64, changed: Option<PressureChanged>) {
        self.high.store(high, Ordering::Relaxed);
        self.low.store(low, Ordering::Relaxed);
        self.watched.store(changed.is_some(), Ordering::Relaxed);
        let mut told = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let former = core::mem::replace(&mut *told, changed);
        // Before the former one and what it owns.
        drop(told);
        drop(former);
    }

    /// Whether anybody is to be told.
    pub fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    /// What to tell.
    pub fn changed(&self) -> Option<PressureChanged> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the ring's fill; `Some` if the ring has just become crowded or ceased to be.
    pub fn observe(&self, ring: &Ring) -> Option<bool> {
        let (used, capacity) = (ring.used() as u64, ring.capacity() as u64);
        let (high, low) = match self.high.load(Ordering::Relaxed) {
            0 => (capacity * 3 / 4, capacity / 4),
            high => (high, self.low.load(Ordering::Relaxed)),
        };
        let now = if used >= high {
            true
        } else if used <= low {
            false
        } else {
            return None;
        };
        (self.crowded.swap(now, Ordering::Relaxed) != now).then_some(now)
    }

    /// Whether the ring is crowded.
    pub fn is_crowded(&self) -> bool {
        self.crowded.load(Ordering::Relaxed)
    }
}

/// Tells that everything logged before it was made is delivered.
#[derive(Debug, Default)]
pub struct Ticket {
    done: AtomicU8,
    seen: AtomicU8,
}

impl Ticket {
    /// Whether the worker has done a round of work since it was made: what it says of the daemon
    /// is then no older.
    pub fn is_seen(&self) -> bool {
        self.seen.load(Ordering::Acquire) != 0 // pairs with Release in set_seen()
    }

    /// A round of work is done.
    pub fn set_seen(&self) {
        self.seen.store(1, Ordering::Release);
    }

    /// Whether it is.
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire) != 0 // pairs with Release in set_done()
    }

    /// It is.
    pub fn set_done(&self) {
        self.done.store(1, Ordering::Release);
    }
}

/// What the worker is asked for.
#[derive(Debug)]
pub enum Order {
    /// To tell the daemon something, behind the records below the position.
    Tell(u64, Command),
    /// To say when all records below the position are delivered.
    Flush(u64, Arc<Ticket>),
    /// To look for the daemon now.
    Seek,
    /// To end.
    Stop,
    /// To panic: what becomes of it is for a test to see.
    Fail,
}

/// The shared state.
pub struct Instance {
    /// Messages on their way to the worker.
    pub ring: Ring,
    /// Wakes the worker for them.
    pub doorbell: Doorbell,
    /// The application and its contexts.
    pub registry: Registry,
    /// Switches.
    pub settings: Settings,
    /// Counts of lost messages.
    pub losses: CachePadded<Losses>,
    /// What the worker has achieved.
    pub progress: CachePadded<Progress>,
    /// Size limit of the file and bytes in it; 0 for no limit.
    pub file: FileBudget,
    /// How full the ring is.
    pub pressure: Pressure,
    orders: Inbox<Order>,
    config: Mutex<Arc<Config>>,
    message_size_max: AtomicU32,
    bell: Bell,
}

/// How much may go into the file.
#[derive(Debug, Default)]
pub struct FileBudget {
    /// Limit in bytes, 0 for none.
    limit: AtomicU64,
    used: AtomicU64,
    reached: AtomicU8,
}

impl FileBudget {
    /// Sets the limit; 0 for none. Once it was reached, the file stays closed.
    pub fn set_limit(&self, bytes: u64) {
        self.limit.store(bytes, Ordering::Relaxed);
    }

    /// Counts `bytes` more, or refuses them.
    pub fn spend(&self, bytes: u64) -> bool {
        if self.reached.load(Ordering::Relaxed) != 0 {
            return false;
        }
        let limit = self.limit.load(Ordering::Relaxed);
        let used = self.used.fetch_add(bytes, Ordering::Relaxed);
        if limit != 0 && used + bytes > limit {
            self.used.fetch_sub(bytes, Ordering::Relaxed);
            self.reached.store(1, Ordering::Relaxed);
            return false;
        }
        true
    }

    /// Takes back what was counted for a message that was refused after all.
    pub fn refund(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn reset(&self) {
        self.limit.store(0, Ordering::Relaxed);
        self.used.store(0, Ordering::Relaxed);
        self.reached.store(0, Ordering::Relaxed);
    }
}

impl Instance {
    /// An instance by `config`.
    ///
    /// # Errors
    /// ENOMEM when there is no memory for the ring, another when no descriptor can be had.
    pub fn new(config: Config, to_file: bool) -> Result<Self, Errno> {
        let instance = Self {
            ring: Ring::try_new(config.ring_slots).ok_or(Errno::ENOMEM)?,
            doorbell: Doorbell::new(),
            registry: Registry::new(),
            settings: Settings::new(),
            losses: CachePadded::default(),
            progress: CachePadded::new(Progress::new()),
            file: FileBudget::default(),
            pressure: Pressure::default(),
            orders: Inbox::new(),
            config: Mutex::new(Arc::default()),
            message_size_max: AtomicU32::new(0),
            bell: Bell::new()?,
        };
        instance.restart(config, to_file);
        Ok(instance)
    }

    /// Takes a new configuration, while no worker runs. Counts go on.
    pub fn restart(&self, config: Config, to_file: bool) {
        self.settings.reset(&config, to_file);
        if config.overflow_mode == OverflowMode::Overwrite {
            self.ring.allow_eviction();
        }
        self.file.reset();
        self.progress.set_log_state(-1);
        let size = u32::from(config.message_size_max);
        self.message_size_max.store(size, Ordering::Relaxed);
        *self.config.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
    }

    /// Sets what happens to a message that finds the ring full, and how long a caller waits in block
    /// mode.
    pub fn set_overflow(&self, mode: OverflowMode, timeout_ms: u32) {
        if mode == OverflowMode::Overwrite {
            self.ring.allow_eviction();
        }
        self.settings.set_overflow(mode, timeout_ms);
        // Who waits by the former mode looks again.
        self.ring.wake_waiters();
    }

    /// Goes on with the counts of the instance before this one.
    pub fn inherit_counts(&self, former: &Self) {
        let pairs = [
            (&self.losses.oversize, &former.losses.oversize),
            (&self.losses.file_full, &former.losses.file_full),
            (&self.losses.abandoned, &former.losses.abandoned),
            (&self.progress.delivered, &former.progress.delivered),
            (&self.progress.bytes, &former.progress.bytes),
            (&self.progress.told, &former.progress.told),
        ];
        for (mine, theirs) in pairs {
            mine.fetch_add(theirs.load(Ordering::Acquire), Ordering::Relaxed);
        }
        self.losses.refused.add(former.losses.refused.sum(), 0);
        self.losses.evicted.add(former.losses.evicted.sum(), 0);
        let reconnects = former.progress.reconnects.load(Ordering::Relaxed);
        self.progress.reconnects.store(reconnects, Ordering::Relaxed);
        let failures = former.progress.failures.load(Ordering::Relaxed);
        self.progress.failures.store(failures, Ordering::Relaxed);
    }

    /// Messages in the ring and in the worker's batch.
    pub fn waiting(&self) -> u64 {
        self.ring.count_waiting() as u64 + self.progress.in_batch.load(Ordering::Acquire)
    }

    /// What the environment said when the library was started.
    pub fn config(&self) -> Arc<Config> {
        self.config.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Most bytes of payload in a message.
    #[inline]
    pub fn message_size_max(&self) -> u32 {
        self.message_size_max.load(Ordering::Relaxed)
    }

    /// Tells the daemon something, behind all that was logged so far.
    pub fn tell(&self, command: Command) {
        self.order(Order::Tell(self.ring.tail(), command));
    }

    /// Asks the worker for something, and wakes it.
    pub fn order(&self, order: Order) {
        self.orders.push(order);
        self.ring_bell();
    }

    /// What the worker was asked for since the last time.
    pub fn take_orders(&self) -> Vec<Order> {
        self.orders.take_all()
    }

    /// Whether orders wait.
    pub fn has_orders(&self) -> bool {
        !self.orders.is_empty()
    }

    /// Wakes the worker. Keeps `errno`.
    pub fn ring_bell(&self) {
        self.bell.ring();
    }

    /// What the worker polls for the bell.
    pub fn bell(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }

    /// Stills the bell.
    pub fn still_bell(&self) {
        self.bell.still();
    }
}
