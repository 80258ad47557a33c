//! Messages that were received: decoded, and kept as long as somebody wants them, without a copy; and
//! filters that say which are wanted.
//!
//! A [`Message`] holds a share of the memory into which it was read, so it can be kept, cloned and
//! sent to other threads while more is read. [`crate::file::Reader`] and [`crate::client::Client`] are
//! iterators of them; [`Message::from_bytes`] makes one of bytes from elsewhere.
//!
//! ```
//! use dlt::message::{Message, Value};
//!
//! // As it goes over the wire: "speed: 120", the number with a name and a unit.
//! let bytes = b"\x21\0\0\x2e\x41\x02APP\0CTX\0\
//!     \0\x02\0\0\x07\0speed:\0\
//!     \x43\x08\0\0\x02\0\x05\0v\0km/h\0\x78\0\0\0";
//! let message = Message::from_bytes(&bytes[..])?;
//! assert_eq!(message.text(), "speed: 120");
//! for argument in message.arguments() {
//!     match argument?.value {
//!         Value::Text(text) => assert_eq!(text, b"speed:"),
//!         Value::Unsigned(number) => assert_eq!(number, 120),
//!         other => panic!("not in this message: {other:?}"),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod decoded;
mod filter;
mod pieces;

#[doc(hidden)]
pub use decoded::Header;
pub use decoded::{Message, Stored};
#[doc(hidden)]
pub use filter::passes_any;
pub use filter::{Filter, FilterError};
#[doc(hidden)]
pub use pieces::Pieces;

pub use crate::text::{Argument, Arguments, DecodeError, Form, Value};
pub use crate::types::{AppId, ContextId, EcuId};
pub use crate::wire::header::{MessageType, ParseError};
