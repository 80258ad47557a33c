//! The application that the process is.

use core::fmt;
use core::time::Duration;
use std::path::Path;
use std::sync::Arc;

use super::context::Context;
use super::statistics::Statistics;
use super::{Error, settings};
use crate::instance::Instance;
use crate::runtime;
use crate::session::Command;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::types::{AppId, ID_SIZE, Level, OverflowMode, TraceStatus};

/// The application that [`Logger`]s hold: its identifier as a word in the upper half, how many of
/// them in the lower. Changed with the registry's directory locked only.
static HELD: AtomicU64 = AtomicU64::new(0);

/// The application that the process is, towards the daemon. Contexts are made from it.
///
/// It starts the library: from then on one thread, `dlt-worker`, does all I/O and all callbacks. A
/// process is one application at a time, so what is set here is set for the whole process. Clones
/// are cheap; when the last of them and of its contexts is dropped, the application is unregistered.
/// At the end of the process what waits is delivered, see
/// [`set_exit_timeout`](Self::set_exit_timeout).
///
/// ```
/// use dlt::{Level, Logger};
///
/// fn main() -> Result<(), dlt::Error> {
///     let logger = Logger::new("DEMO", "demonstration")?;
///     let net = logger.context("NET", "network")?;
///     dlt::info!(net, "connected, ms:", 12);
///     assert!(net.is_enabled(Level::Error));
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Logger {
    application: Arc<Application>,
}

struct Application(AppId);

impl Drop for Application {
    fn drop(&mut self) {
        let Some(instance) = runtime::current() else { return };
        instance.registry.change_app(|current| {
            let held = HELD.load(Ordering::Relaxed);
            if held >> 32 != self.word() {
                return; // another one has taken its place
            }
            HELD.store(if held as u32 > 1 { held - 1 } else { 0 }, Ordering::Relaxed);
            if held as u32 <= 1 && *current == Some(self.0) {
                *current = None;
                instance.tell(Command::UnregisterApplication);
            }
        });
    }
}

impl Application {
    fn word(&self) -> u64 {
        u32::from_ne_bytes(self.0.0).into()
    }

    fn register(self, instance: &Instance, description: &str) -> Self {
        instance.registry.change_app(|current| {
            let held = HELD.load(Ordering::Relaxed);
            let others = if held >> 32 == self.word() { held as u32 } else { 0 };
            HELD.store((self.word() << 32) | (u64::from(others) + 1), Ordering::Relaxed);
            if *current != Some(self.0) {
                *current = Some(self.0);
                let description = description.as_bytes().to_vec();
                instance.tell(Command::RegisterApplication { id: self.0, description });
            }
        });
        self
    }
}

/// An identifier as it goes over the wire.
pub(super) fn identifier(text: &str) -> Result<[u8; ID_SIZE], Error> {
    let bytes = text.as_bytes();
    if !(1..=ID_SIZE).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_graphic) {
        return Err(Error::InvalidId);
    }
    Ok(AppId::new(bytes).0)
}

impl Logger {
    /// Registers the application, and starts the library if that was not done yet; so it does in a
    /// child after a fork, where the parent's loggers and contexts log nothing.
    ///
    /// `id` has one to four printable ASCII characters. The application that the process was before,
    /// if `id` is another, is replaced. The daemon need not be there: messages wait for it.
    ///
    /// # Errors
    /// [`Error::InvalidId`]; [`Error::Start`] when there is no thread or memory for the library, or
    /// the process is ending.
    pub fn new(id: &str, description: &str) -> Result<Self, Error> {
        let application = Application(AppId(identifier(id)?));
        let application = application.register(runtime::init()?, description);
        Ok(Self { application: Arc::new(application) })
    }

    /// As [`new`](Self::new), but messages go to a `.dlt` file instead of the daemon, as dlt-viewer
    /// and dlt-convert read it. Existing content is replaced. If the library is started already, it
    /// stays with what it was started with.
    ///
    /// # Errors
    /// As `new`; [`Error::Start`] also when the file cannot be opened.
    ///
    /// ```
    /// # let dir = std::env::temp_dir().join(format!("dlt-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&dir)?;
    /// # let path = dir.join("out.dlt");
    /// let logger = dlt::Logger::to_file("DEMO", "demonstration", &path)?;
    /// let net = logger.context("NET", "network")?;
    /// dlt::warn!(net, "slow", ms = 800_u32; "ms");
    /// logger.flush(std::time::Duration::from_secs(5))?;
    /// assert!(std::fs::read(&path)?.starts_with(b"DLT\x01"));
    /// # std::fs::remove_dir_all(dir)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_file(id: &str, description: &str, path: impl AsRef<Path>) -> Result<Self, Error> {
        let application = Application(AppId(identifier(id)?));
        let instance = runtime::init_file(path.as_ref().as_os_str())?;
        let application = application.register(instance, description);
        Ok(Self { application: Arc::new(application) })
    }

    /// The application's identifier.
    pub fn id(&self) -> &str {
        core::str::from_utf8(self.application.0.as_bytes()).unwrap_or_default()
    }

    /// Registers a context: what messages are logged with, and what levels are set for. Its level is
    /// [`Level::Info`] until the daemon, which may know better, or `DLT_INITIAL_LOG_LEVEL` says
    /// otherwise.
    ///
    /// `id` has one to four printable ASCII characters; `description` is for viewers.
    ///
    /// # Errors
    /// [`Error::InvalidId`]; [`Error::TooManyContexts`] when there are a million;
    /// [`Error::Start`] when the library was stopped meanwhile.
    pub fn context(&self, id: &str, description: &str) -> Result<Context, Error> {
        self.context_with(id, description, None, None)
    }

    /// As [`context`](Self::context), with a level and a trace status of its own, which the daemon
    /// then keeps; `None` leaves it to the daemon. `DLT_INITIAL_LOG_LEVEL` overrules the level.
    ///
    /// # Errors
    /// As `context`.
    ///
    /// ```
    /// use dlt::{Level, TraceStatus};
    ///
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// let can = logger.context_with("CAN", "bus", Some(Level::Warn), Some(TraceStatus::On))?;
    /// assert!(can.is_tracing() && !can.is_enabled(Level::Info));
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn context_with(
        &self,
        id: &str,
        description: &str,
        level: Option<Level>,
        trace: Option<TraceStatus>,
    ) -> Result<Context, Error> {
        Context::register(self.clone(), id, description, (level, trace))
    }

    /// Waits until all that was logged before this call is with the daemon, or in the file.
    ///
    /// # Errors
    /// [`Error::Undelivered`] when the time is over; [`Error::Start`] when the library is stopped, or
    /// this is one of its callbacks, where it would wait for itself.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// use std::time::Duration;
    ///
    /// match logger.flush(Duration::from_millis(20)) {
    ///     Ok(()) | Err(dlt::Error::Undelivered) => {} // there may be no daemon
    ///     Err(other) => return Err(other),
    /// }
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn flush(&self, timeout: Duration) -> Result<(), Error> {
        if runtime::flush(timeout)? { Ok(()) } else { Err(Error::Undelivered) }
    }

    /// What became of all messages of the process so far.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// let counts = logger.statistics();
    /// assert_eq!(counts.submitted, counts.delivered + counts.waiting + counts.lost);
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn statistics(&self) -> Statistics {
        runtime::counting().map(Statistics::of).unwrap_or_default()
    }

    /// Chooses what happens to a message that finds no room; may be changed at any time. `timeout`
    /// is the longest time that a caller waits in [`OverflowMode::Block`], at most a minute and in
    /// whole milliseconds.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a longer time; [`Error::Start`] when the library is stopped.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// use std::time::Duration;
    /// use dlt::OverflowMode;
    ///
    /// logger.set_overflow(OverflowMode::Block, Duration::from_millis(50))?;
    /// assert_eq!(logger.overflow()?, (OverflowMode::Block, Duration::from_millis(50)));
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn set_overflow(&self, mode: OverflowMode, timeout: Duration) -> Result<(), Error> {
        settings::set_overflow(mode, timeout)
    }

    /// What happens to a message that finds no room, and the longest time that a caller waits.
    ///
    /// # Errors
    /// [`Error::Start`] when the library is stopped.
    pub fn overflow(&self) -> Result<(OverflowMode, Duration), Error> {
        settings::overflow()
    }

    /// Has a closure called with `true` when the memory for waiting messages is filled up to `high`
    /// percent, and with `false` when it has emptied to `low` percent again: a program can log less
    /// in between. There is one such closure in a process; it replaces the former.
    ///
    /// It is called on the library's thread with no lock held, so it may log; while it runs, nothing
    /// is delivered.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] unless 0 ≤ `low` < `high` ≤ 100; [`Error::Start`] when the library is
    /// stopped.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// let quiet = Arc::new(AtomicBool::new(false));
    /// let told = Arc::clone(&quiet);
    /// logger.on_pressure(75, 25, move |crowded| told.store(crowded, Ordering::Relaxed))?;
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn on_pressure(
        &self,
        high: u8,
        low: u8,
        changed: impl Fn(bool) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let changed = move |crowded| super::context::contained(|| changed(crowded));
        settings::watch_pressure(high.into(), low.into(), Some(Arc::new(changed)))
    }

    /// Whether the memory for waiting messages is crowded, by the marks of
    /// [`on_pressure`](Self::on_pressure), or else from three quarters on until a quarter is left.
    /// Never waits.
    pub fn is_crowded(&self) -> bool {
        settings::is_crowded()
    }

    /// Sets level and trace status of all contexts of the process, here and at the daemon; `None`
    /// leaves it to the daemon.
    ///
    /// # Errors
    /// [`Error::NoContext`], [`Error::NoApplication`] when none is registered; [`Error::Start`] when
    /// the library is stopped.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// let net = logger.context("NET", "network")?;
    /// logger.limit_levels(Some(dlt::Level::Error), None)?;
    /// assert_eq!(net.level(), dlt::Level::Error);
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn limit_levels(
        &self,
        level: Option<Level>,
        trace: Option<TraceStatus>,
    ) -> Result<(), Error> {
        limit_levels(level, trace)
    }

    /// Whether messages with an identifier carry their arguments' types, as at first, and not their
    /// identifier. Receivers need a description of messages without types.
    ///
    /// # Errors
    /// [`Error::Start`] when the library is stopped.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// # let net = logger.context("NET", "network")?;
    /// logger.set_verbose(false)?;
    /// dlt::log_id!(net, dlt::Level::Info, 1001, 12_u8); // five bytes
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn set_verbose(&self, verbose: bool) -> Result<(), Error> {
        runtime::started()?.settings.set_verbose(verbose);
        Ok(())
    }

    /// Whether messages are printed on standard output, too.
    ///
    /// # Errors
    /// [`Error::Start`] when the library is stopped.
    pub fn set_local_print(&self, print: bool) -> Result<(), Error> {
        runtime::started()?.settings.set_print(print);
        Ok(())
    }

    /// How long the end of the process may be held up to deliver what waits, in whole milliseconds;
    /// zero gives up at once. Without it: up to ten seconds as long as the daemon takes something,
    /// half a second when there is no daemon.
    ///
    /// ```
    /// # let logger = dlt::Logger::new("DEMO", "demonstration")?;
    /// logger.set_exit_timeout(std::time::Duration::from_millis(100));
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn set_exit_timeout(&self, timeout: Duration) {
        runtime::set_exit_timeout(u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX));
    }

    /// Whether a viewer is connected to the daemon, as far as the daemon has said.
    pub fn has_listener(&self) -> Option<bool> {
        match runtime::current()?.progress.log_state() {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// Puts a mark into the daemon's log.
    ///
    /// # Errors
    /// [`Error::Start`] when the library is stopped.
    pub fn mark(&self) -> Result<(), Error> {
        mark()
    }
}

impl fmt::Debug for Logger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logger").field("id", &self.id()).finish()
    }
}

/// Registers the application. Another identifier replaces the first; one that the current one
/// begins with changes nothing.
///
/// # Errors
/// When the library cannot be started, or there is no memory.
pub fn register(id: AppId, description: &[u8]) -> Result<(), Error> {
    let instance = runtime::started()?;
    super::memory_for(description.len())?;
    instance.registry.change_app(|current| {
        if current.is_some_and(|current| current.0.starts_with(id.as_bytes())) {
            return;
        }
        *current = Some(id);
        let description = description.to_vec();
        instance.tell(Command::RegisterApplication { id, description });
    });
    Ok(())
}

/// Unregisters the application. What is logged from now on waits for another.
///
/// # Errors
/// When none is registered, or the library is not started.
pub fn unregister() -> Result<(), Error> {
    let instance = runtime::current().ok_or(runtime::Error::Off)?;
    instance.registry.change_app(|current| match current.take() {
        Some(_) => {
            instance.tell(Command::UnregisterApplication);
            Ok(())
        }
        None => Err(Error::NoApplication),
    })
}

/// The application's identifier. Never starts the library and never waits.
pub fn id() -> Option<AppId> {
    runtime::current()?.registry.app()
}

/// Sets level and trace status of all contexts, here and at the daemon. None leaves it open.
///
/// # Errors
/// When no context or no application is registered, or the library cannot be started.
pub fn limit_levels(level: Option<Level>, trace: Option<TraceStatus>) -> Result<(), Error> {
    let instance = runtime::started()?;
    super::memory_for(0)?;
    let level = level.map_or(crate::types::NOT_SET, Level::code);
    let trace = trace.map_or(crate::types::NOT_SET, TraceStatus::code);
    if !instance.registry.set_all(level, trace) {
        return Err(Error::NoContext);
    }
    if instance.registry.app().is_none() {
        return Err(Error::NoApplication);
    }
    instance.tell(Command::LimitLevels { level, trace });
    Ok(())
}

/// Puts a mark into the daemon's log.
///
/// # Errors
/// When the library cannot be started.
pub fn mark() -> Result<(), Error> {
    let instance = runtime::started()?;
    super::memory_for(0)?;
    instance.tell(Command::Marker);
    Ok(())
}
