//! A message at once: a closure writes its arguments, then it is submitted.

use super::message::{Finished, Lost};
use crate::instance::Instance;
use crate::registry::Cell;
use crate::sync::atomic::Ordering;
use crate::types::{ContextId, Level};
use crate::wire::arguments::Arguments;
use crate::wire::header::MessageInfo;

/// Whom a message is from.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// The context's cell.
    pub cell: &'a Cell,
    /// The context's position.
    pub pos: i32,
    /// The context's identifier.
    pub context: ContextId,
}

impl Sender<'_> {
    /// Sends one message, its arguments written by `compose` into `staging`, whose length is the
    /// limit of its payload.
    ///
    /// # Errors
    /// When `compose` fails, or the message is lost.
    pub fn send<E: From<Lost>>(
        self,
        staging: &mut [u8],
        info: MessageInfo,
        urgent: bool,
        compose: impl FnOnce(&mut Arguments<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut arguments = Arguments::resume(staging, 0, 0, info.is_verbose());
        compose(&mut arguments)?;
        let (size, count) = (arguments.size(), arguments.count());
        let finished = Finished {
            cell: self.cell,
            index: self.cell.index(),
            pos: self.pos,
            context: self.context,
            info,
            arguments: count as u8, // what the header has room for
            timestamp: None,
            urgent,
        };
        Ok(finished.submit(self.instance, staging.get(..size).unwrap_or_default())?)
    }

    /// Whether a message of this level would be sent: the context is still the registered one, and
    /// its threshold lets the level pass.
    pub fn logs(self, level: Level) -> bool {
        // The daemon may change the threshold at any moment; either value is right then.
        let threshold = self.cell.level.load(Ordering::Relaxed);
        self.cell.pos() == Some(self.pos) && level != Level::Off && level.code() <= threshold
    }

    /// Logs a verbose message, unless its level is off. What `compose` leaves out is not in it.
    ///
    /// # Errors
    /// When it is lost.
    pub fn log(
        self,
        staging: &mut [u8],
        level: Level,
        compose: impl FnOnce(&mut Arguments<'_>),
    ) -> Result<(), Lost> {
        if !self.logs(level) {
            return Ok(());
        }
        let info = MessageInfo::log(level, true);
        self.send(staging, info, level.is_urgent(), |to| {
            compose(to);
            Ok(())
        })
    }
}
