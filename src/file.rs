//! `.dlt` files and what is read from outside: where messages begin, how long they are, which of
//! them pass a filter.
//!
//! Nothing here trusts a length: a message is at most 64 KiB, because its length field has 16 bits,
//! and what claims to be shorter than its own headers is refused. Nothing is opened or printed;
//! bytes come from a [`Source`] or a slice.
//!
//! | module | what |
//! |---|---|
//! | [`filter`] | filters by application, context, level and size; their text form |
//! | [`layout`] | from the first four bytes of a message to its sizes |
//! | [`received`] | messages in bytes that were received |
//! | [`scan`] | messages in a file |

#![forbid(unsafe_code)]

pub mod filter;
pub mod layout;
pub mod received;
pub mod scan;

pub use scan::Source;
