//! The part of a line that is made from the payload.

use std::io::Write;

use super::room::Room;
use super::{dump, float, service};
use crate::wire::header::{MessageType, MessageView};
use crate::wire::type_info;

/// Bytes of a non-verbose payload that [`Style::AsciiLimited`] shows.
const LIMITED: usize = 20;
/// Bytes of text that are asked for in front of a non-verbose payload.
const NAMES: usize = 20;
/// Subtypes of control messages.
const RESPONSE: u8 = 2;
const TIME: u8 = 3;

/// How a payload is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Bytes in hexadecimal.
    Hex,
    /// Arguments decoded; what has no types in hexadecimal.
    Ascii,
    /// Bytes in hexadecimal and as characters, in lines.
    MixedPlain,
    /// The same for a web page.
    MixedHtml,
    /// As `Ascii`, but of what has no types at most 20 bytes.
    AsciiLimited,
}

/// Why a payload is printed only in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It ends within an argument, or has fewer arguments than announced.
    #[error("payload ends too early")]
    Incomplete,
    /// An argument of a type that cannot be decoded: its type information.
    #[error("argument of unknown type {0:#x}")]
    UnknownType(u32),
    /// There is no room for a text.
    #[error("no room for text")]
    NoRoom,
}

/// Prints the payload. `attributes` adds names and units.
///
/// # Errors
/// [`DecodeError`]; what was decoded before is printed.
pub fn payload(
    out: &mut Vec<u8>,
    message: &MessageView<'_>,
    style: Style,
    attributes: bool,
) -> Result<(), DecodeError> {
    match style {
        Style::Hex => dump::hex(out, message.payload, b' '),
        Style::MixedPlain => dump::mixed(out, message.payload, b"\n"),
        Style::MixedHtml => dump::mixed(out, message.payload, b"<BR>"),
        Style::Ascii | Style::AsciiLimited => {
            let mut nobody = |_| ();
            let mut room = Room::new(usize::MAX, &mut nobody);
            return arguments(out, message, style == Style::AsciiLimited, attributes, &mut room);
        }
    }
    Ok(())
}

/// Prints the payload as [`Style::Ascii`] or, where it is `limited`, [`Style::AsciiLimited`], to
/// an empty `out` with limited room.
///
/// # Errors
/// [`DecodeError`]; what was decoded before is printed.
pub fn arguments(
    out: &mut Vec<u8>,
    message: &MessageView<'_>,
    limited: bool,
    attributes: bool,
    room: &mut Room<'_>,
) -> Result<(), DecodeError> {
    if message.is_verbose() {
        verbose(out, message, attributes, room)
    } else {
        non_verbose(out, message, if limited { LIMITED } else { usize::MAX }, room)
    }
}

fn verbose(
    out: &mut Vec<u8>,
    message: &MessageView<'_>,
    attributes: bool,
    room: &mut Room<'_>,
) -> Result<(), DecodeError> {
    let count = message.extended.map_or(0, |extended| extended.arguments);
    let mut reader = Reader { rest: message.payload, big_endian: message.is_big_endian() };
    for index in 0..count {
        if index > 0 {
            out.push(b' ');
        }
        let info = reader.u32()?;
        value(out, &mut reader, info, None, attributes, room)?;
    }
    Ok(())
}

/// Prints one argument whose type information was read before, or is known otherwise, and returns
/// what is behind it. `text_length` is that of a text without a length of its own.
///
/// # Errors
/// [`DecodeError`]; nothing of `payload` is used up.
pub fn argument<'a>(
    out: &mut Vec<u8>,
    payload: &'a [u8],
    big_endian: bool,
    info: u32,
    text_length: Option<usize>,
    attributes: bool,
    room: &mut Room<'_>,
) -> Result<&'a [u8], DecodeError> {
    let mut reader = Reader { rest: payload, big_endian };
    value(out, &mut reader, info, text_length, attributes, room)?;
    Ok(reader.rest)
}

/// The identifier of the message, or the name of the service; then the bytes.
fn non_verbose(
    out: &mut Vec<u8>,
    message: &MessageView<'_>,
    most: usize,
    room: &mut Room<'_>,
) -> Result<(), DecodeError> {
    let mut reader = Reader { rest: message.payload, big_endian: message.is_big_endian() };
    let id = reader.u32();
    // Whether the whole payload is shown or its beginning.
    let required = if id.is_ok() { NAMES + 3 * reader.rest.len() } else { NAMES - 3 };
    if !room.allows(out.len(), required) {
        return Err(DecodeError::NoRoom);
    }
    let shown = id.unwrap_or(0);
    let control = message
        .extended
        .map(|extended| extended.info)
        .filter(|info| info.message_type() == MessageType::Control);
    // Writing to a vector does not fail.
    match (control, service::service_name(shown)) {
        (None, _) => drop(write!(out, "{shown}, ")),
        (Some(_), Some(name)) => out.extend_from_slice(name.as_bytes()),
        // A time message has no service.
        (Some(info), None) if info.subtype() == TIME => {}
        (Some(_), None) => drop(write!(out, "service({shown})")),
    }
    id?;
    if control.is_some() && !reader.rest.is_empty() {
        out.extend_from_slice(b", ");
    }
    if control.is_some_and(|info| info.subtype() == RESPONSE)
        && let Ok(status) = reader.u8()
    {
        match service::status_name(status) {
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => drop(write!(out, "{status:02x}")),
        }
        if !reader.rest.is_empty() {
            out.extend_from_slice(b", ");
        }
    }
    let bytes = reader.rest.get(..most).unwrap_or(reader.rest);
    dump::hex(out, bytes, b' ');
    if bytes.len() < reader.rest.len() {
        out.extend_from_slice(b" ...");
    }
    Ok(())
}

fn value(
    out: &mut Vec<u8>,
    reader: &mut Reader<'_>,
    info: u32,
    text_length: Option<usize>,
    attributes: bool,
    room: &mut Room<'_>,
) -> Result<(), DecodeError> {
    let Head { kind, length, name, unit } = Head::read(reader, info, text_length)?;
    if let Some(name) = name.filter(|name| attributes && !name.is_empty()) {
        out.extend_from_slice(name);
        out.push(b':');
    }
    let value = reader.bytes(length)?;
    match kind {
        Kind::Signed | Kind::Unsigned | Kind::Float if is_wide(kind, info, value) => {
            if room.allows(out.len(), 3 * value.len()) {
                dump::hex(out, value, b' ');
            }
        }
        Kind::Bool => drop(write!(out, "{}", number_of(value, reader.big_endian))),
        Kind::Signed => signed(out, value, reader.big_endian),
        Kind::Unsigned => unsigned(out, value, reader.big_endian, info & type_info::CODING),
        Kind::Float => float_number(out, value, reader.big_endian),
        Kind::Text | Kind::Trace if !room.has(out.len(), length) => {
            return Err(DecodeError::NoRoom);
        }
        Kind::Text | Kind::Trace => text(out, value),
        Kind::Raw => {
            if room.allows(out.len(), 3 * value.len()) {
                dump::hex(out, value, b'\'');
            }
        }
    }
    if let Some(unit) = unit.filter(|unit| attributes && !unit.is_empty()) {
        out.push(b':');
        out.extend_from_slice(unit);
    }
    Ok(())
}

/// What stands in front of a value.
pub(super) struct Head<'a> {
    pub(super) kind: Kind,
    /// Bytes of the value.
    pub(super) length: usize,
    pub(super) name: Option<&'a [u8]>,
    pub(super) unit: Option<&'a [u8]>,
}

impl<'a> Head<'a> {
    /// Reads up to the value; what is in front of it is used up.
    pub(super) fn read(
        reader: &mut Reader<'a>,
        info: u32,
        text_length: Option<usize>,
    ) -> Result<Self, DecodeError> {
        let variable = info & type_info::VARIABLE_INFO != 0;
        let kind = Kind::of(info).ok_or(DecodeError::UnknownType(info))?;
        // Text and bytes have their own length in front of the name's; trace information has no
        // name.
        let (length, name, unit) = match kind {
            Kind::Trace => (usize::from(reader.u16()?), None, None),
            Kind::Text | Kind::Raw => {
                let length = match text_length {
                    Some(length) if kind == Kind::Text => length,
                    _ => usize::from(reader.u16()?),
                };
                let named = if variable { Some(reader.u16()?) } else { None };
                (length, reader.attribute(named)?, None)
            }
            Kind::Bool => {
                let named = if variable { Some(reader.u16()?) } else { None };
                (1, reader.attribute(named)?, None)
            }
            Kind::Signed | Kind::Unsigned | Kind::Float => {
                let named = if variable { Some(reader.u16()?) } else { None };
                let measured = if variable { Some(reader.u16()?) } else { None };
                let (name, unit) = (reader.attribute(named)?, reader.attribute(measured)?);
                let width = width_of(info).ok_or(DecodeError::UnknownType(info))?;
                if info & type_info::FIXED_POINT != 0 && kind != Kind::Float {
                    // Quantization and offset; the number itself is printed as it is sent.
                    reader.bytes(size_of::<f32>() + width.max(size_of::<i32>()))?;
                }
                (width, name, unit)
            }
        };
        Ok(Self { kind, length, name, unit })
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Text,
    Bool,
    Signed,
    Unsigned,
    Float,
    Raw,
    Trace,
}

impl Kind {
    /// What the argument is. Where several bits are set the first of this order counts, text only
    /// in a coding that can be printed.
    fn of(info: u32) -> Option<Self> {
        const ORDER: [(u32, Kind); 7] = [
            (type_info::STRING, Kind::Text),
            (type_info::BOOL, Kind::Bool),
            (type_info::SIGNED, Kind::Signed),
            (type_info::UNSIGNED, Kind::Unsigned),
            (type_info::FLOAT, Kind::Float),
            (type_info::RAW, Kind::Raw),
            (type_info::TRACE_INFO, Kind::Trace),
        ];
        let is = |(bit, kind): &&(u32, Kind)| {
            info & bit != 0 && (*kind != Kind::Text || is_printable_coding(info))
        };
        ORDER.iter().find(is).map(|(_, kind)| *kind)
    }
}

fn is_printable_coding(info: u32) -> bool {
    matches!(info & type_info::CODING, type_info::CODING_ASCII | type_info::CODING_UTF8)
}

/// Bytes of a number.
fn width_of(info: u32) -> Option<usize> {
    Some(match info & type_info::WIDTH {
        type_info::WIDTH_8 => 1,
        type_info::WIDTH_16 => 2,
        type_info::WIDTH_32 => 4,
        type_info::WIDTH_64 => 8,
        type_info::WIDTH_128 => 16,
        _ => return None,
    })
}

/// Whether a number has no form but that of its bytes.
pub(super) fn is_wide(kind: Kind, info: u32, value: &[u8]) -> bool {
    match (kind, value.len()) {
        (Kind::Signed, width) => width == 16,
        (Kind::Unsigned, width) => {
            let coding = info & type_info::CODING;
            width == 16 && !matches!(coding, type_info::CODING_HEX | type_info::CODING_BIN)
        }
        (_, width) => !matches!(width, 4 | 8),
    }
}

/// The number in at most eight bytes.
pub(super) fn number_of(value: &[u8], big_endian: bool) -> u64 {
    let push = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    if big_endian { value.iter().fold(0, push) } else { value.iter().rev().fold(0, push) }
}

/// The same with a sign.
pub(super) fn signed_number_of(value: &[u8], big_endian: bool) -> i64 {
    let unused = u64::BITS - 8 * u32::try_from(value.len()).unwrap_or(8).min(8);
    (number_of(value, big_endian) << unused).cast_signed() >> unused
}

fn signed(out: &mut Vec<u8>, value: &[u8], big_endian: bool) {
    let _ = write!(out, "{}", signed_number_of(value, big_endian));
}

fn unsigned(out: &mut Vec<u8>, value: &[u8], big_endian: bool, coding: u32) {
    let number = number_of(value, big_endian);
    match (coding, value.len()) {
        (type_info::CODING_HEX, width @ ..=8) => {
            let _ = write!(out, "0x{number:0digits$x}", digits = 2 * width);
        }
        (type_info::CODING_BIN, width @ ..=2) => {
            out.extend_from_slice(b"0b");
            for group in (0..2 * width).rev() {
                let _ = write!(out, "{:04b}", number >> (4 * group) & 0x0f);
                if group > 0 {
                    out.push(b' ');
                }
            }
        }
        // libdlt has no form for wider ones.
        (type_info::CODING_HEX | type_info::CODING_BIN, _) => {}
        _ => drop(write!(out, "{number}")),
    }
}

fn float_number(out: &mut Vec<u8>, value: &[u8], big_endian: bool) {
    let bits = number_of(value, big_endian);
    let number = match value.len() {
        4 => f64::from(f32::from_bits(u32::try_from(bits).unwrap_or(0))),
        _ => f64::from_bits(bits),
    };
    out.extend_from_slice(float::shortest_of_six(number).as_bytes());
}

/// Text up to its NUL, in one line.
fn text(out: &mut Vec<u8>, value: &[u8]) {
    let shown = up_to_nul(value).iter();
    out.extend(shown.map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { *byte }));
}

pub(super) fn up_to_nul(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}

pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
    pub(super) big_endian: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn bytes(&mut self, size: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(size).ok_or(DecodeError::Incomplete)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(DecodeError::Incomplete)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, DecodeError> {
        let bytes = self.array()?;
        Ok(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub(super) fn u32(&mut self) -> Result<u32, DecodeError> {
        let bytes = self.array()?;
        Ok(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// A name or unit of so many bytes, without its NUL.
    fn attribute(&mut self, length: Option<u16>) -> Result<Option<&'a [u8]>, DecodeError> {
        length.map(|length| self.bytes(length.into()).map(up_to_nul)).transpose()
    }
}
