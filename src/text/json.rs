//! Messages as JSON: the fields of an object, decoded and typed, for programs to read.
//!
//! What has no form in JSON is not lost: text that is not UTF-8 and numbers that are too wide come
//! as bytes in hexadecimal as well, and so does what cannot be decoded.

use std::io::Write;

use super::header::{subtype_name, type_name};
use super::payload::{
    DecodeError, Head, Kind, Reader, is_wide, number_of, signed_number_of, up_to_nul,
};
use crate::types::ID_SIZE;
use crate::wire::header::{MessageType, MessageView};
use crate::wire::type_info;

/// The fields of an object, written one behind the other.
///
/// ```
/// use dlt::text::json::Object;
///
/// let mut out = Vec::new();
/// let mut object = Object::open(&mut out);
/// object.text("app", b"A\"1");
/// object.number("lost", 5);
/// object.close();
/// assert_eq!(out, br#"{"app":"A\"1","lost":5}"#);
/// ```
pub struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    /// Begins an object.
    pub fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Ends it.
    pub fn close(self) {
        self.out.push(b'}');
    }

    /// The name of a field, whose value is to be appended to what is returned.
    fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !core::mem::take(&mut self.is_empty) {
            self.out.push(b',');
        }
        string(self.out, name);
        self.out.push(b':');
        self.out
    }

    /// A text; what is not UTF-8 in it is replaced.
    pub fn text(&mut self, name: &str, value: &[u8]) {
        string(self.name(name), &String::from_utf8_lossy(value));
    }

    /// An integer.
    pub fn number(&mut self, name: &str, value: impl Into<i128>) {
        // Writing to a vector does not fail.
        let _ = write!(self.name(name), "{}", value.into());
    }

    /// A truth value.
    pub fn truth(&mut self, name: &str, value: bool) {
        let _ = write!(self.name(name), "{value}");
    }

    /// Bytes as a text of hexadecimal digits.
    pub fn bytes(&mut self, name: &str, value: &[u8]) {
        let out = self.name(name);
        out.push(b'"');
        for byte in value {
            let _ = write!(out, "{byte:02x}");
        }
        out.push(b'"');
    }

    /// An identifier, without its padding.
    pub fn identifier(&mut self, name: &str, id: [u8; ID_SIZE]) {
        self.text(name, up_to_nul(&id));
    }
}

/// Appends a string. Control characters, which JSON does not have, are escaped.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            // Line separators to some readers of lines.
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

/// Writes the fields of a message: its headers, and its payload decoded.
pub fn message(object: &mut Object<'_>, message: &MessageView<'_>) {
    headers(object, message);
    let mut reader = Reader { rest: message.payload, big_endian: message.is_big_endian() };
    if message.is_verbose() {
        let count = message.extended.map_or(0, |extended| extended.arguments);
        let result = arguments(object, &mut reader, count);
        if let Err(error) = result {
            object.text("error", error.to_string().as_bytes());
        }
        if !reader.rest.is_empty() {
            object.bytes("rest", reader.rest);
        }
        return;
    }
    // A network trace has no identifier.
    let is_trace = message
        .extended
        .is_some_and(|extended| extended.info.message_type() == MessageType::NetworkTrace);
    if !is_trace && let Ok(id) = reader.u32() {
        object.number("message_id", id);
    }
    object.bytes("payload", reader.rest);
}

fn headers(object: &mut Object<'_>, message: &MessageView<'_>) {
    if let Some(ecu) = message.ecu {
        object.identifier("ecu", ecu.0);
    }
    if let Some(session) = message.session {
        object.number("session", session);
    }
    if let Some(timestamp) = message.timestamp {
        object.number("timestamp", timestamp);
    }
    object.number("counter", message.counter);
    if let Some(extended) = message.extended {
        object.identifier("app", extended.app.0);
        object.identifier("context", extended.context.0);
        let info = extended.info;
        object.text("type", named(type_name(info), info.0 >> 1 & 0x07).as_bytes());
        let subtype = named(subtype_name(info), info.subtype());
        let is_log = info.message_type() == MessageType::Log;
        object.text(if is_log { "level" } else { "subtype" }, subtype.as_bytes());
    }
    object.truth("verbose", message.is_verbose());
}

/// The name of a code, or its number.
fn named(name: &'static str, code: u8) -> String {
    if name.is_empty() { code.to_string() } else { name.to_owned() }
}

/// Writes the arguments that can be decoded. What `reader` has left begins with the first that
/// cannot.
fn arguments(
    object: &mut Object<'_>,
    reader: &mut Reader<'_>,
    count: u8,
) -> Result<(), DecodeError> {
    let out = object.name("arguments");
    out.push(b'[');
    let mut result = Ok(());
    for index in 0..count {
        let mut ahead = Reader { rest: reader.rest, big_endian: reader.big_endian };
        let begin = out.len();
        if index > 0 {
            out.push(b',');
        }
        result = argument(out, &mut ahead);
        if result.is_err() {
            out.truncate(begin);
            break;
        }
        reader.rest = ahead.rest;
    }
    out.push(b']');
    result
}

fn argument(out: &mut Vec<u8>, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    let info = reader.u32()?;
    let Head { kind, length, name, unit } = Head::read(reader, info, None)?;
    let value = reader.bytes(length)?;
    let mut object = Object::open(out);
    object.text("type", type_of(kind).as_bytes());
    if matches!(kind, Kind::Signed | Kind::Unsigned | Kind::Float) {
        object.number("bits", 8 * u8::try_from(value.len()).unwrap_or(0));
    }
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        object.text("name", name);
    }
    if let Some(unit) = unit.filter(|unit| !unit.is_empty()) {
        object.text("unit", unit);
    }
    match info & type_info::CODING {
        type_info::CODING_HEX => object.text("format", b"hex"),
        type_info::CODING_BIN => object.text("format", b"bin"),
        _ => {}
    }
    if info & type_info::FIXED_POINT != 0 {
        object.truth("fixed_point", true);
    }
    put_value(&mut object, kind, info, value, reader.big_endian);
    object.close();
    Ok(())
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "string",
        Kind::Bool => "bool",
        Kind::Signed => "int",
        Kind::Unsigned => "uint",
        Kind::Float => "float",
        Kind::Raw => "raw",
        Kind::Trace => "trace_info",
    }
}

fn put_value(object: &mut Object<'_>, kind: Kind, info: u32, value: &[u8], big_endian: bool) {
    match kind {
        Kind::Raw => object.bytes("value", value),
        Kind::Text | Kind::Trace => {
            let text = up_to_nul(value);
            object.text("value", text);
            if core::str::from_utf8(text).is_err() {
                object.bytes("bytes", text);
            }
        }
        // In the coding of a number it would be printed as nothing.
        Kind::Signed | Kind::Unsigned | Kind::Float
            if is_wide(kind, info & !type_info::CODING, value) =>
        {
            object.bytes("bytes", value);
        }
        Kind::Bool => object.truth("value", number_of(value, big_endian) != 0),
        Kind::Signed => object.number("value", signed_number_of(value, big_endian)),
        Kind::Unsigned => object.number("value", number_of(value, big_endian)),
        Kind::Float => float(object, number_of(value, big_endian), value.len()),
    }
}

/// The shortest decimal number that is read back as the same bits; what is no number as text.
fn float(object: &mut Object<'_>, bits: u64, width: usize) {
    let (number, text) = if width == 4 {
        let number = f32::from_bits(u32::try_from(bits).unwrap_or(0));
        (f64::from(number), format!("{number:?}"))
    } else {
        let number = f64::from_bits(bits);
        (number, format!("{number:?}"))
    };
    if number.is_finite() {
        object.name("value").extend_from_slice(text.as_bytes());
    } else {
        object.text("value", text.as_bytes());
    }
}
