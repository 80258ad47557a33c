//! The contexts that messages are logged with.

use core::time::Duration;

use super::Error;
use crate::instance::Instance;
use crate::registry::{Cell, Injection, LevelChanged};
use crate::runtime;
use crate::session::Command;
use crate::types::{AppId, ContextId, Level, NOT_SET, TraceStatus};

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

/// Registers a context. `DLT_INITIAL_LOG_LEVEL` overrules its level.
///
/// # Errors
/// When the library cannot be started, or there is no room.
pub fn register(registration: Registration<'_>) -> Result<(i32, &'static Cell), Error> {
    let instance = runtime::started()?;
    let app = instance.registry.app().unwrap_or(AppId::default());
    let initial = instance.config().initial_levels.level_for(app, registration.id);
    let asked = initial.or(registration.level).map_or(NOT_SET, Level::code);
    let trace = registration.trace.map_or(NOT_SET, TraceStatus::code);
    let level = if asked == NOT_SET { Level::Info.code() } else { asked };
    let added = instance.registry.add(registration.id, level, trace, registration.changed)?;
    let (pos, cell) = added;
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
