//! The application that the process is.

use super::Error;
use crate::runtime;
use crate::session::Command;
use crate::types::{AppId, Level, TraceStatus};

/// Registers the application. Another identifier replaces the first; one that the current one
/// begins with changes nothing.
///
/// # Errors
/// When the library cannot be started.
pub fn register(id: AppId, description: &[u8]) -> Result<(), Error> {
    let instance = runtime::started()?;
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
    runtime::started()?.tell(Command::Marker);
    Ok(())
}
