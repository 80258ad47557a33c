//! `.dlt` files: [`Reader`] is an iterator of the messages in one.
//!
//! Nothing here trusts a length: a message is at most 64 KiB, because its length field has 16 bits,
//! and what claims to be shorter than its own headers is refused.
// What is hidden serves the C interface: `filter` (by application, context, level and size; their
// text form), `layout` (from the first four bytes of a message to its sizes), `received` (messages
// in bytes that were received), `scan` (messages in a file).

#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod filter;
#[doc(hidden)]
pub mod layout;
mod reader;
#[doc(hidden)]
pub mod received;
#[doc(hidden)]
pub mod scan;

pub use reader::Reader;
#[doc(hidden)]
pub use scan::Source;
