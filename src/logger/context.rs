//! The contexts that messages are logged with.

use core::fmt;
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::{Arc, Weak};

use super::Error;
use super::application::{Logger, identifier};
use super::compose::Sender;
use super::open::Message;
use super::trace::Source;
use crate::instance::Instance;
use crate::registry::{Cell, Counts, Injection, LevelChanged};
use crate::runtime;
use crate::session::Command;
use crate::staging::Lease;
use crate::sync::atomic::Ordering;
use crate::types::{AppId, ContextId, Level, NOT_SET, NetworkTraceType, TraceStatus};

/// What a context is registered with.
pub struct Registration<'a> {
    /// Its identifier.
    pub id: ContextId,
    /// Text for viewers.
    pub description: &'a [u8],
    /// Its level, or None to leave it to the daemon.
    pub level: Option<Level>,
    /// Its trace status, or None to leave it to the daemon.
    pub trace: Option<TraceStatus>,
    /// Told of the daemon's changes.
    pub changed: Option<LevelChanged>,
}

/// Registers a context. `DLT_INITIAL_LOG_LEVEL` overrules its level. `note` is given its position
/// and cell before anybody else hears of it: a callback of the context may use what it has noted.
///
/// # Errors
/// When the library cannot be started, or there is no room.
pub fn register(
    registration: Registration<'_>,
    note: impl FnOnce(i32, &'static Cell),
) -> Result<(i32, &'static Cell), Error> {
    let instance = runtime::started()?;
    super::memory_for(registration.description.len())?;
    let app = instance.registry.app().unwrap_or(AppId::default());
    let initial = instance.config().initial_levels.level_for(app, registration.id);
    let asked = initial.or(registration.level).map_or(NOT_SET, Level::code);
    let trace = registration.trace.map_or(NOT_SET, TraceStatus::code);
    let level = if asked == NOT_SET { Level::Info.code() } else { asked };
    let (pos, cell) = instance.registry.add(registration.id, level, trace, None)?;
    note(pos, cell);
    if registration.changed.is_some() {
        instance.registry.set_level_changed(pos, registration.changed);
    }
    instance.tell(Command::RegisterContext {
        pos,
        cell: cell.index(),
        id: registration.id,
        level: asked,
        trace,
        description: registration.description.to_vec(),
    });
    Ok((pos, cell))
}

/// How long to wait for a callback to end that the worker is in: it may itself wait for us.
const CALL_LIMIT: Duration = Duration::from_millis(500);

/// After a callback was taken away: the worker is not in it any more when this returns, unless it
/// waits for this very thread.
fn await_call(instance: &Instance, pos: i32) {
    if !runtime::is_worker() {
        instance.progress.await_call(pos, CALL_LIMIT);
    }
}

/// Unregisters the context at `pos`, if it still is; the daemon is told in any case. Its callbacks
/// are not called any more.
///
/// # Errors
/// When the library is not started.
pub fn unregister(pos: Option<i32>, id: ContextId) -> Result<(), Error> {
    let instance = runtime::started()?;
    let registration = pos.and_then(|pos| Some((pos, instance.registry.remove(pos)?)));
    instance.tell(Command::UnregisterContext { registration, id });
    if let Some(pos) = pos {
        await_call(instance, pos);
    }
    Ok(())
}

/// Sets, replaces or removes what is called for a service of the context.
///
/// # Errors
/// When the library cannot be started. A context that is not registered is none: libdlt ignores
/// the call.
pub fn on_injection(pos: i32, service: u32, injection: Option<Injection>) -> Result<(), Error> {
    let instance = runtime::started()?;
    super::memory_for(0)?;
    if instance.registry.set_injection(pos, service, injection) {
        await_call(instance, pos);
    }
    Ok(())
}

/// Sets or removes what is told of the daemon's level changes.
///
/// # Errors
/// When the library cannot be started, or the context is not registered.
pub fn on_level_changed(pos: i32, changed: Option<LevelChanged>) -> Result<(), Error> {
    let instance = runtime::started()?;
    if instance.registry.set_level_changed(pos, changed) {
        await_call(instance, pos);
        Ok(())
    } else {
        Err(Error::NotRegistered)
    }
}

/// What messages are logged with, and what the daemon sets levels for: a part of the application,
/// such as its network side.
///
/// Clones are cheap and may be used by any number of threads at once. When the last of them is
/// dropped, the context is unregistered; messages that wait are still delivered. A context for the
/// whole program stands in a static:
///
/// ```
/// use std::sync::LazyLock;
/// use dlt::Context;
///
/// static NET: LazyLock<Context> = LazyLock::new(|| {
///     Context::new("DEMO", "NET", "demonstration", "network").expect("logging starts")
/// });
///
/// dlt::info!(NET, "connected, ms:", 12);
/// ```
#[derive(Clone)]
pub struct Context {
    pub(super) cell: &'static Cell,
    pub(super) pos: i32,
    pub(super) id: ContextId,
    /// The registry's life in which it was registered.
    pub(super) life: u32,
    registered: Arc<Registered>,
}

/// What is unregistered when the last clone is dropped.
struct Registered {
    cell: &'static Cell,
    pos: i32,
    id: ContextId,
    life: u32,
    /// Behind the context's own end comes the application's.
    logger: Logger,
}

impl Drop for Registered {
    fn drop(&mut self) {
        // The library may have been stopped since, and the position be another context's.
        if let Some(instance) = runtime::current()
            && instance.registry.life() == self.life
            && let Some((_, cell)) = instance.registry.context(self.pos)
            && ptr::eq(cell, self.cell)
        {
            // It fails when the library is just stopped, and then there is nothing to unregister.
            let _ = unregister(Some(self.pos), self.id);
        }
    }
}

/// What becomes of a network trace that does not fit into one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LongTrace {
    /// Its payload is cut.
    Cut,
    /// It is refused with [`Error::TooLong`].
    Refuse,
    /// It is sent in several messages, which the daemon's viewers put together.
    Segment,
}

impl Context {
    /// The smallest number of a service that data can be injected for.
    pub const FIRST_SERVICE: u32 = 0xfff;

    /// Registers an application and a context of it at once, see [`Logger::new`] and
    /// [`Logger::context`].
    ///
    /// # Errors
    /// As those two.
    ///
    /// ```
    /// use dlt::{Context, Level};
    ///
    /// let context = Context::new("APP", "CTX", "My App", "My Context")?;
    /// context.log(Level::Info, 42, "Hello")?;
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn new(
        application: &str,
        context: &str,
        application_description: &str,
        context_description: &str,
    ) -> Result<Self, Error> {
        Logger::new(application, application_description)?.context(context, context_description)
    }

    pub(super) fn register(
        logger: Logger,
        id: &str,
        description: &str,
        (level, trace): (Option<Level>, Option<TraceStatus>),
    ) -> Result<Self, Error> {
        let id = ContextId(identifier(id)?);
        let description = description.as_bytes();
        let (pos, cell) =
            register(Registration { id, description, level, trace, changed: None }, |_, _| ())?;
        let life = runtime::current().ok_or(runtime::Error::Stopping)?.registry.life();
        let registered = Arc::new(Registered { cell, pos, id, life, logger });
        Ok(Self { cell, pos, id, life, registered })
    }

    /// The context's identifier.
    pub fn id(&self) -> &str {
        core::str::from_utf8(self.id.as_bytes()).unwrap_or_default()
    }

    /// The application that it is a part of.
    pub fn logger(&self) -> &Logger {
        &self.registered.logger
    }

    /// Whether a message of this level would be sent. [`Level::Off`] and [`Level::Default`] are
    /// those of no message.
    ///
    /// Cost: one byte is loaded.
    #[inline(always)]
    pub fn is_enabled(&self, level: Level) -> bool {
        // The daemon may change the threshold at any moment; either value is right then.
        level.code() > 0 && level.code() <= self.cell.level.load(Ordering::Relaxed)
    }

    /// The highest level that passes at this moment.
    pub fn level(&self) -> Level {
        level_of(self.cell.level.load(Ordering::Relaxed))
    }

    /// Whether network traces are sent at this moment.
    ///
    /// Cost: one byte is loaded.
    #[inline]
    pub fn is_tracing(&self) -> bool {
        self.cell.trace.load(Ordering::Relaxed) == TraceStatus::On.code()
    }

    /// Begins a message; `None` if its level is off, or the library is stopped.
    #[inline(always)]
    pub fn message(&self, level: Level) -> Option<Message<'_>> {
        if self.is_enabled(level) { Message::begin(self, level) } else { None }
    }

    /// Begins a message with an identifier. After [`Logger::set_verbose`]`(false)` the identifier is
    /// sent, and the arguments without their types; until then it is a message like any other. The
    /// macro for it is [`log_id!`](crate::log_id).
    #[inline]
    pub fn message_with_id(&self, level: Level, id: u32) -> Option<Message<'_>> {
        if self.is_enabled(level) { Message::begin_identified(self, level, id) } else { None }
    }

    /// Logs a number and a text, unless the level is off.
    ///
    /// # Errors
    /// As [`Message::send`].
    pub fn log(&self, level: Level, number: u32, text: &str) -> Result<(), Error> {
        let Some(mut message) = self.message(level) else { return Ok(()) };
        message.add(number).add(text);
        message.send()
    }

    /// Sends what was seen on a bus, unless traces are off.
    ///
    /// # Errors
    /// [`Error::Lost`]; [`Error::TooLong`] if it does not fit and may not be cut;
    /// [`Error::NotRegistered`] as [`Message::send`].
    ///
    /// ```
    /// use dlt::{LongTrace, NetworkTraceType};
    ///
    /// # fn demo(can: &dlt::Context, header: &[u8], frame: &[u8]) -> Result<(), dlt::Error> {
    /// can.trace_network(NetworkTraceType::Can, header, frame, LongTrace::Segment)
    /// # }
    /// ```
    pub fn trace_network(
        &self,
        bus: NetworkTraceType,
        header: &[u8],
        payload: &[u8],
        long: LongTrace,
    ) -> Result<(), Error> {
        if !self.is_tracing() {
            return Ok(());
        }
        let instance = runtime::current().ok_or(Error::NotRegistered)?;
        if self.index_in(instance).is_none() {
            return Err(Error::NotRegistered);
        }
        let Some(mut staging) = Lease::new(instance.message_size_max()) else {
            return Err(runtime::Error::Resources.into());
        };
        let sender = Sender { instance, cell: self.cell, pos: self.pos, context: self.id };
        let source = Source { sender, bus };
        match long {
            LongTrace::Cut => source.whole(staging.bytes(), header, payload, true)?,
            LongTrace::Refuse => source.whole(staging.bytes(), header, payload, false)?,
            LongTrace::Segment => source.segmented(staging.bytes(), header, payload)?,
        }
        Ok(())
    }

    /// Has a closure called when the daemon sets level or trace status of the context. There is one
    /// for a context; it replaces the former.
    ///
    /// Closures are called on the library's thread with no lock held, so they may log, register and
    /// drop contexts; while one runs, nothing is delivered. They get the context handed in, so they
    /// need not keep one, which would never be dropped. A panic ends the closure, no more.
    ///
    /// # Errors
    /// [`Error::NotRegistered`] as [`Message::send`]; [`Error::Start`] when the library is stopped.
    ///
    /// ```
    /// # let context = dlt::Context::new("APP", "CTX", "My App", "My Context")?;
    /// context.on_level_change(|context, level, _trace| {
    ///     dlt::info!(context, "level is now", level.code());
    /// })?;
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn on_level_change(
        &self,
        changed: impl Fn(&Context, Level, TraceStatus) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let itself = self.downgrade();
        let changed: LevelChanged = Arc::new(move |_, level, trace| {
            if let Some(context) = itself.upgrade() {
                let trace = TraceStatus::try_from(i32::from(trace)).unwrap_or(TraceStatus::Default);
                contained(|| changed(&context, level_of(level), trace));
            }
        });
        self.in_current()?;
        on_level_changed(self.pos, Some(changed))
    }

    /// Has a closure called with the data that a viewer injects for a service of the context, from
    /// [`FIRST_SERVICE`](Self::FIRST_SERVICE) on. There is one for a service; it replaces the former.
    /// What [`on_level_change`](Self::on_level_change) says of closures holds here, too.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a smaller service; otherwise as `on_level_change`.
    ///
    /// ```
    /// # let context = dlt::Context::new("APP", "CTX", "My App", "My Context")?;
    /// context.on_injection(0x1000, |context, data| {
    ///     dlt::info!(context, "injected", data);
    /// })?;
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn on_injection(
        &self,
        service: u32,
        injected: impl Fn(&Context, &[u8]) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        if service < Self::FIRST_SERVICE {
            return Err(Error::OutOfRange);
        }
        let itself = self.downgrade();
        let injected: Injection = Arc::new(move |_, data| {
            if let Some(context) = itself.upgrade() {
                contained(|| injected(&context, data));
            }
        });
        self.in_current()?;
        on_injection(self.pos, service, Some(injected))
    }

    /// What became of the context's messages since it was registered.
    ///
    /// ```
    /// # let context = dlt::Context::new("APP", "CTX", "My App", "My Context")?;
    /// assert_eq!(context.statistics().lost, 0);
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn statistics(&self) -> Counts {
        self.cell.counts()
    }

    fn downgrade(&self) -> WeakContext {
        WeakContext(Arc::downgrade(&self.registered))
    }

    fn in_current(&self) -> Result<(), Error> {
        let instance = runtime::current().ok_or(Error::NotRegistered)?;
        self.index_in(instance).map(drop).ok_or(Error::NotRegistered)
    }

    /// The number of the context's cell, if it is one of this instance's and still the context's.
    pub(super) fn index_in(&self, instance: &Instance) -> Option<u32> {
        let cell = instance.registry.cell_at(self.cell.level.as_ptr())?;
        let (index, pos) = cell.identity()?;
        (pos == self.pos && self.life == instance.registry.life()).then_some(index)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("id", &self.id()).field("level", &self.level()).finish()
    }
}

/// A context as its own callbacks keep it.
struct WeakContext(Weak<Registered>);

impl WeakContext {
    fn upgrade(&self) -> Option<Context> {
        let registered = self.0.upgrade()?;
        let Registered { cell, pos, id, life, .. } = *registered;
        Some(Context { cell, pos, id, life, registered })
    }
}

/// The level of a code. The daemon checks codes; what is beyond them is as far as there are levels.
fn level_of(code: i8) -> Level {
    Level::try_from(i32::from(code)).unwrap_or(if code > 0 {
        Level::Verbose
    } else {
        Level::Default
    })
}

/// Runs a closure of the application's on the worker's thread, which has to live on. What a panic
/// has to say, the panic hook has said.
pub(super) fn contained(call: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(call));
}
