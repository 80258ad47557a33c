//! The contexts that messages are logged with.

use super::Error;
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

/// Unregisters the context at `pos`, if it still is; the daemon is told in any case.
///
/// # Errors
/// When the library is not started.
pub fn unregister(pos: Option<i32>, id: ContextId) -> Result<(), Error> {
    let instance = runtime::started()?;
    let registration = pos.and_then(|pos| Some((pos, instance.registry.remove(pos)?)));
    instance.tell(Command::UnregisterContext { registration, id });
    Ok(())
}

/// Sets, replaces or removes what is called for a service of the context.
///
/// # Errors
/// When the library cannot be started. A context that is not registered is none: libdlt ignores
/// the call.
pub fn on_injection(pos: i32, service: u32, injection: Option<Injection>) -> Result<(), Error> {
    let _known = runtime::started()?.registry.set_injection(pos, service, injection);
    Ok(())
}

/// Sets or removes what is told of the daemon's level changes.
///
/// # Errors
/// When the library cannot be started, or the context is not registered.
pub fn on_level_changed(pos: i32, changed: Option<LevelChanged>) -> Result<(), Error> {
    if runtime::started()?.registry.set_level_changed(pos, changed) {
        Ok(())
    } else {
        Err(Error::NotRegistered)
    }
}
