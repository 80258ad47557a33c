//! Messages as printable text, as libdlt and its tools print them.
//!
//! Output goes to the end of a byte vector, which the caller keeps and reuses: texts in messages
//! need not be UTF-8, so it is no `String`. What cannot be decoded ends the text; what stands
//! before it stays.
//!
//! Where libdlt's own decoder derails, this one goes on: an unsigned integer in hexadecimal or
//! binary may have attributes and may be big-endian, one whose coding libdlt has no form for
//! (printed as nothing, here too) is stepped over, and a text of length 0 is empty.

#![forbid(unsafe_code)]

mod dump;
mod float;
mod header;
pub mod json;
mod payload;
mod room;
mod service;
mod time;
mod value;

pub use header::{Fields, header};
pub use payload::{DecodeError, Style, argument, arguments, payload};
pub use room::{LeftOut, Room};
pub use service::{service_name, status_name};
pub use time::LocalTime;
pub use value::{Argument, Arguments, Form, Value, arguments_of};

use crate::types::EcuId;
use crate::wire::header::MessageView;

/// Header and payload in one line, as local print and `dlt-convert -a` have them. `ecu` stands
/// where the message names none. A payload that cannot be decoded is printed as far as it can.
pub fn line(out: &mut Vec<u8>, message: &MessageView<'_>, time: &LocalTime, ecu: EcuId) {
    header(out, message, time, ecu, Fields::ALL);
    out.extend_from_slice(b" [");
    // What was decoded up to the error is all there is to print.
    let _ = payload(out, message, Style::Ascii, false);
    out.extend_from_slice(b"]\n");
}
