//! The part of a line that is made from the headers.

use std::io::Write;

use super::LocalTime;
use crate::types::{EcuId, ID_SIZE};
use crate::wire::header::{MessageInfo, MessageType, MessageView};

/// Parts of the header to be printed; the bits are those of the C interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields(pub u16);

impl Fields {
    /// Wall clock.
    pub const TIME: Self = Self(0x0001);
    /// Time stamp of the message.
    pub const TIMESTAMP: Self = Self(0x0002);
    /// Message counter.
    pub const COUNTER: Self = Self(0x0004);
    /// Control unit.
    pub const ECU: Self = Self(0x0008);
    /// Application.
    pub const APP: Self = Self(0x0010);
    /// Context.
    pub const CONTEXT: Self = Self(0x0020);
    /// Kind of message.
    pub const TYPE: Self = Self(0x0040);
    /// Level, bus or kind of control message.
    pub const SUBTYPE: Self = Self(0x0080);
    /// Verbose or not.
    pub const MODE: Self = Self(0x0100);
    /// Number of arguments.
    pub const ARGUMENTS: Self = Self(0x0200);
    /// Everything.
    pub const ALL: Self = Self(0xffff);

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Prints the headers. `ecu`, which is that of the storage header, stands where the message names
/// none.
pub fn header(
    out: &mut Vec<u8>,
    message: &MessageView<'_>,
    time: &LocalTime,
    ecu: EcuId,
    fields: Fields,
) {
    let extended = message.extended.as_ref();
    if fields.has(Fields::TIME) {
        put_time(out, time);
    }
    // Writing to a vector does not fail.
    if fields.has(Fields::TIMESTAMP) {
        let _ = match message.timestamp {
            Some(timestamp) => write!(out, "{timestamp:10} "),
            None => write!(out, "---------- "),
        };
    }
    if fields.has(Fields::COUNTER) {
        let _ = write!(out, "{:03} ", message.counter);
    }
    if fields.has(Fields::ECU) {
        put_id(out, message.ecu.unwrap_or(ecu).0);
    }
    if fields.has(Fields::APP) {
        out.push(b' ');
        put_id(out, extended.map_or([0; ID_SIZE], |extended| extended.app.0));
        out.push(b' ');
    }
    if fields.has(Fields::CONTEXT) {
        put_id(out, extended.map_or([0; ID_SIZE], |extended| extended.context.0));
        out.push(b' ');
    }
    let info = extended.map(|extended| extended.info);
    if fields.has(Fields::TYPE) {
        let _ = write!(out, "{} ", info.map_or("---", type_name));
    }
    if fields.has(Fields::SUBTYPE) {
        let _ = write!(out, "{} ", info.map_or("---", subtype_name));
    }
    if fields.has(Fields::MODE) {
        out.extend_from_slice(if message.is_verbose() { b"V " } else { b"N " });
    }
    if fields.has(Fields::ARGUMENTS) {
        let _ = match extended {
            Some(extended) => write!(out, "{}", extended.arguments),
            None => write!(out, "-"),
        };
    }
}

fn put_time(out: &mut Vec<u8>, time: &LocalTime) {
    let LocalTime { year, month, day, hour, minute, second, microseconds } = time;
    let _ = write!(out, "{year:04}/{month:02}/{day:02} {hour:02}:{minute:02}:{second:02}.");
    // C's "%.6d" counts digits, not the sign.
    let sign = if *microseconds < 0 { "-" } else { "" };
    let _ = write!(out, "{sign}{:06} ", microseconds.unsigned_abs());
}

/// An identifier up to its first NUL, filled with dashes.
fn put_id(out: &mut Vec<u8>, id: [u8; ID_SIZE]) {
    let end = id.iter().position(|byte| *byte == 0).unwrap_or(ID_SIZE);
    out.extend(id.iter().enumerate().map(|(index, byte)| if index < end { *byte } else { b'-' }));
}

pub(super) fn type_name(info: MessageInfo) -> &'static str {
    match info.message_type() {
        MessageType::Log => "log",
        MessageType::AppTrace => "app_trace",
        MessageType::NetworkTrace => "nw_trace",
        MessageType::Control => "control",
        MessageType::Other(_) => "",
    }
}

pub(super) fn subtype_name(info: MessageInfo) -> &'static str {
    let names: &[&str] = match info.message_type() {
        MessageType::Log => &["", "fatal", "error", "warn", "info", "debug", "verbose"],
        MessageType::AppTrace => &["", "variable", "func_in", "func_out", "state", "vfb"],
        MessageType::NetworkTrace => &["", "ipc", "can", "flexray", "most", "vfb"],
        MessageType::Control => &["", "request", "response", "time"],
        MessageType::Other(_) => &[],
    };
    names.get(usize::from(info.subtype())).unwrap_or(&"")
}
