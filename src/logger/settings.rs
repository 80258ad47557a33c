//! What the application chooses for the process: overflow, and when to be told that it logs too
//! much.

use core::time::Duration;

use super::Error;
use crate::config::TIMEOUT_MAX_MS;
use crate::instance::PressureChanged;
use crate::runtime;
use crate::types::OverflowMode;

/// Chooses what happens to a message that finds no room.
///
/// # Errors
/// When the time is longer than it may be, or the library cannot be started.
pub fn set_overflow(mode: OverflowMode, timeout: Duration) -> Result<(), Error> {
    let timeout = u32::try_from(timeout.as_millis()).ok();
    let timeout = timeout.filter(|ms| *ms <= TIMEOUT_MAX_MS).ok_or(Error::OutOfRange)?;
    runtime::started()?.set_overflow(mode, timeout);
    Ok(())
}

/// What happens to a message that finds no room, and the longest time that a caller waits.
///
/// # Errors
/// When the library cannot be started.
pub fn overflow() -> Result<(OverflowMode, Duration), Error> {
    let settings = &runtime::started()?.settings;
    Ok((settings.overflow_mode(), settings.overflow_timeout()))
}

/// Has `changed` told when the ring is filled up to `high` percent, and emptied to `low` again.
///
/// # Errors
/// When the marks are out of range, or the library cannot be started.
pub fn watch_pressure(high: u32, low: u32, changed: Option<PressureChanged>) -> Result<(), Error> {
    if !(1..=100).contains(&high) || low >= high {
        return Err(Error::OutOfRange);
    }
    let instance = runtime::started()?;
    let slots = |percent: u32| instance.ring.capacity() as u64 * u64::from(percent) / 100;
    instance.pressure.watch(slots(high), slots(low), changed);
    instance.ring_bell();
    Ok(())
}

/// Whether the ring is crowded. Never starts the library and never waits.
pub fn is_crowded() -> bool {
    let Some(instance) = runtime::current() else { return false };
    if !instance.pressure.is_watched() {
        // Otherwise the worker does, and tells of every change.
        let _changed = instance.pressure.observe(&instance.ring);
    }
    instance.pressure.is_crowded()
}
