//! What an application does: register itself and its contexts, and log. [`Logger`], [`Context`],
//! [`Message`] and the macros are what programs in Rust use; the rest is what the C edge stands on.

#![forbid(unsafe_code)]

pub mod application;
pub mod backlog;
pub mod compose;
pub mod context;
mod macros;
pub mod message;
mod open;
pub mod settings;
pub mod statistics;
pub mod trace;
mod value;

pub use application::Logger;
pub use context::{Context, LongTrace};
pub use message::Lost;
pub use open::Message;
pub use statistics::Statistics;
pub use value::{ToValue, Value};

/// Refuses what would have to be kept in `bytes` if there is no memory for it.
fn memory_for(bytes: usize) -> Result<(), Error> {
    if crate::memory::at_hand(bytes) { Ok(()) } else { Err(Error::NoMemory) }
}

/// Why something cannot be done.
///
/// ```
/// use dlt::{Error, Logger};
///
/// let error = Logger::new("TOO LONG", "").unwrap_err();
/// assert_eq!(error, Error::InvalidId);
/// assert_eq!(error.to_string(), "an identifier has one to four printable ASCII characters");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The library is not started, and cannot be.
    #[error("the library is not started: {0}")]
    Start(#[from] crate::runtime::Error),
    /// All places for contexts are taken, or there is no memory for more.
    #[error("no room for another context")]
    TooManyContexts,
    /// An identifier has one to four printable ASCII characters.
    #[error("an identifier has one to four printable ASCII characters")]
    InvalidId,
    /// A number is out of the range that is documented for it.
    #[error("out of range")]
    OutOfRange,
    /// No application is registered.
    #[error("no application is registered")]
    NoApplication,
    /// No context is registered.
    #[error("no context is registered")]
    NoContext,
    /// The library was stopped, or the process was forked, since the context was registered.
    #[error("the context is not registered")]
    NotRegistered,
    /// No memory to keep it.
    #[error("no memory")]
    NoMemory,
    /// Messages are left.
    #[error("not everything is delivered")]
    Undelivered,
    /// The message was sent, but not all of it fitted.
    #[error("a part of the message did not fit")]
    Incomplete,
    /// The network trace does not fit into a message and may not be cut.
    #[error("the trace does not fit into a message")]
    TooLong,
    /// The message was lost, and counted.
    #[error("the message was lost: {0}")]
    Lost(#[from] Lost),
}

impl From<crate::registry::Error> for Error {
    fn from(full: crate::registry::Error) -> Self {
        match full {
            crate::registry::Error::Full => Self::TooManyContexts,
        }
    }
}

impl From<trace::Error> for Error {
    fn from(error: trace::Error) -> Self {
        match error {
            trace::Error::TooLong => Self::TooLong,
            trace::Error::Lost(lost) => Self::Lost(lost),
        }
    }
}
