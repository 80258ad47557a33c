//! A message between its first argument and its sending: the hot path's Rust side. Nothing here
//! locks, allocates or makes a system call once a thread has logged.

use super::Error;
use super::context::Context;
use super::message::{self, Finished};
use super::value::ToValue;
use crate::runtime;
use crate::staging::Lease;
use crate::types::Level;
use crate::wire::arguments::{Arguments, Refused};
use crate::wire::header::MessageInfo;

/// A message that is being put together. Dropped without [`send`](Self::send), it never was.
///
/// The macros do all of this; by hand it is for messages whose arguments are not known when the
/// program is written:
///
/// ```
/// use dlt::{Context, Level};
///
/// fn report(context: &Context, readings: &[(&str, f32)]) -> Result<(), dlt::Error> {
///     let Some(mut message) = context.message(Level::Info) else {
///         return Ok(()); // the level is off
///     };
///     message.add("readings");
///     for (name, value) in readings {
///         message.add_named(name, *value);
///     }
///     message.send()
/// }
/// ```
#[must_use = "it is sent by send()"]
pub struct Message<'c> {
    context: &'c Context,
    payload: Lease,
    size: usize,
    count: i32,
    info: MessageInfo,
    urgent: bool,
    /// Something did not fit.
    incomplete: bool,
    timestamp: Option<u32>,
}

impl<'c> Message<'c> {
    /// Begins one whose level was looked at.
    #[inline]
    pub(super) fn begin(context: &'c Context, level: Level) -> Option<Self> {
        let instance = runtime::current()?;
        Some(Self {
            context,
            payload: Lease::new(instance.message_size_max())?,
            size: 0,
            count: 0,
            info: MessageInfo::log(level, true),
            urgent: level.is_urgent(),
            incomplete: false,
            timestamp: None,
        })
    }

    /// Begins one with an identifier, which is sent if such messages are not verbose.
    pub(super) fn begin_identified(context: &'c Context, level: Level, id: u32) -> Option<Self> {
        let verbose = runtime::current()?.settings.switches().verbose();
        let mut message = Self::begin(context, level)?;
        message.info = MessageInfo::log(level, verbose);
        message.write(|to| to.message_id(id));
        Some(message)
    }

    #[inline(always)]
    fn write(&mut self, write: impl FnOnce(&mut Arguments<'_>) -> Result<(), Refused>) {
        let verbose = self.info.is_verbose();
        let payload = self.payload.bytes();
        let mut arguments = Arguments::resume(payload, self.size, self.count, verbose);
        let written = write(&mut arguments);
        (self.size, self.count) = (arguments.size(), arguments.count());
        self.incomplete |= written.is_err();
    }

    /// Adds a value. Of a text that does not fit the beginning is kept, with a mark behind it; any
    /// other value that does not fit is left out.
    #[inline(always)]
    pub fn add(&mut self, value: impl ToValue) -> &mut Self {
        self.write(|to| value.to_value().add_to(to));
        self
    }

    /// Adds a value with a name.
    ///
    /// Names are sent with every message, and count for its length; non-verbose messages leave them
    /// out. Not every viewer shows them.
    #[inline]
    pub fn add_named(&mut self, name: &str, value: impl ToValue) -> &mut Self {
        self.write(|to| value.to_value().add_named_to(to, Some(name), None));
        self
    }

    /// Adds a number with a name and the unit that it is measured in. What is not a number has no
    /// unit in DLT: it goes with its name only.
    #[inline]
    pub fn add_measured(&mut self, name: &str, value: impl ToValue, unit: &str) -> &mut Self {
        self.write(|to| value.to_value().add_named_to(to, Some(name), Some(unit)));
        self
    }

    /// Adds a number with a unit and without a name.
    #[doc(hidden)]
    #[inline]
    pub fn add_in_unit(&mut self, value: impl ToValue, unit: &str) -> &mut Self {
        self.write(|to| value.to_value().add_named_to(to, None, Some(unit)));
        self
    }

    /// Adds arguments that were written before.
    #[cfg(feature = "tracing")]
    pub(crate) fn add_written(&mut self, arguments: &[u8], count: i32) {
        self.write(|to| to.written_before(arguments, count));
    }

    /// Gives the message a time stamp of the application's own, in 0.1 ms since the start of the
    /// system, instead of that of its sending.
    pub fn timestamp(&mut self, tenths_of_ms: u32) -> &mut Self {
        self.timestamp = Some(tenths_of_ms);
        self
    }

    /// Bytes of its arguments so far. How many there may be, `DLT_LOG_MSG_BUF_LEN` says.
    pub fn len(&self) -> usize {
        self.size
    }

    /// Whether nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Hands the message over for delivery. Returns at once, but for the wait that
    /// [`OverflowMode::Block`](crate::types::OverflowMode::Block) is chosen for.
    ///
    /// # Errors
    /// [`Error::Lost`] when it was refused, which is counted in the
    /// [`Statistics`](super::Statistics); [`Error::NotRegistered`] when the library was stopped, or
    /// the process forked, since the context was registered; [`Error::Incomplete`] when it was sent
    /// without a part that did not fit.
    #[inline(always)]
    pub fn send(mut self) -> Result<(), Error> {
        self.finish()
    }

    #[inline(never)]
    fn finish(&mut self) -> Result<(), Error> {
        if self.finish_at_once() {
            return if self.incomplete { Err(Error::Incomplete) } else { Ok(()) };
        }
        self.finish_with_care()
    }

    /// The way of nearly all messages, see [`Finished::submit_at_once`]. False: nothing was done.
    #[inline(always)]
    fn finish_at_once(&mut self) -> bool {
        let Some(instance) = runtime::current() else { return false };
        let Some(payload) = self.payload.front() else { return false };
        let address = self.context.cell.level.as_ptr();
        let Some(cell) = instance.registry.cell_near(address) else { return false };
        let Some((index, pos)) = cell.identity() else { return false };
        let finished = self.finished(index);
        let own = pos == self.context.pos && instance.registry.life() == self.context.life;
        let ordinary = own && self.timestamp.is_none();
        if !ordinary || !finished.submit_at_once(instance, payload, self.size) {
            return false;
        }
        self.payload.close();
        if !instance.doorbell.is_quiet(|| self.urgent) {
            message::wake(instance, self.urgent);
        }
        true
    }

    #[inline(always)]
    fn finished(&self, index: u32) -> Finished<'c> {
        Finished {
            cell: self.context.cell,
            index,
            pos: self.context.pos,
            context: self.context.id,
            info: self.info,
            arguments: self.count as u8, // what the header has room for
            timestamp: self.timestamp,
            urgent: self.urgent,
        }
    }

    #[cold]
    #[inline(never)]
    fn finish_with_care(&mut self) -> Result<(), Error> {
        let Some(instance) = runtime::current() else {
            // Begun before the library was stopped: nothing can take it any more.
            runtime::count_abandoned();
            return Err(Error::NotRegistered);
        };
        let Some(index) = self.context.index_in(instance) else {
            instance.losses.abandoned.fetch_add(1, crate::sync::atomic::Ordering::Relaxed);
            return Err(Error::NotRegistered);
        };
        let finished = self.finished(index);
        let size = self.size;
        finished.submit(instance, self.payload.bytes().get(..size).unwrap_or_default())?;
        if self.incomplete { Err(Error::Incomplete) } else { Ok(()) }
    }
}

impl core::fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Message")
            .field("context", &self.context)
            .field("arguments", &self.count)
            .field("bytes", &self.size)
            .finish_non_exhaustive()
    }
}
