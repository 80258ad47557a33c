//! The arguments of a verbose message as values, without a copy.

use core::fmt;

use super::float;
use super::payload::{
    DecodeError, Head, Kind, Reader, is_wide, number_of, signed_number_of, up_to_nul,
};
use crate::wire::header::MessageView;
use crate::wire::type_info;

/// One argument of a verbose message.
///
/// Its `Display` form is the value for people to read, without name and unit.
///
/// ```
/// use dlt::message::{Message, Value};
///
/// // An unsigned number of 16 bits with a name and a unit.
/// let message = b"\x21\0\0\x23\x41\x01APP\0CTX\0\x42\x08\0\0\x06\0\x05\0speed\0km/h\0\x78\0";
/// let message = Message::from_bytes(message).unwrap();
/// let argument = message.arguments().next().unwrap().unwrap();
/// assert_eq!(argument.name, Some(&b"speed"[..]));
/// assert_eq!(argument.unit, Some(&b"km/h"[..]));
/// assert_eq!(argument.value, Value::Unsigned(120));
/// assert_eq!(argument.to_string(), "120");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Argument<'a> {
    /// The name that the sender gave it, without its NUL; as a rule ASCII.
    pub name: Option<&'a [u8]>,
    /// The unit of a number, without its NUL; as a rule ASCII.
    pub unit: Option<&'a [u8]>,
    /// What it is.
    pub value: Value<'a>,
    /// How the sender wants a number to be shown.
    pub form: Form,
    /// Bytes of a number as it was sent, 1 to 16; of anything else those of the value.
    pub width: usize,
    /// The number is to be multiplied with a quantization and moved by an offset, which are skipped
    /// here, to get the physical value. No libdlt sends such.
    pub fixed_point: bool,
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Decimal.
    Decimal,
    /// Hexadecimal.
    Hexadecimal,
    /// Binary.
    Binary,
}

/// What an argument is. Text and bytes are those of the message itself.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A truth value; any byte but 0 is true.
    Bool(bool),
    /// A signed number of up to 64 bits.
    Signed(i64),
    /// An unsigned number of up to 64 bits.
    Unsigned(u64),
    /// A number of 32 bits.
    Float32(f32),
    /// A number of 64 bits.
    Float64(f64),
    /// Text up to its NUL. DLT says ASCII or UTF-8; senders write what they like.
    Text(&'a [u8]),
    /// Bytes.
    Raw(&'a [u8]),
    /// A number of another width, in the byte order of the message.
    Wide(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The text, if it is one and is UTF-8.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => core::str::from_utf8(text).ok(),
            _ => None,
        }
    }
}

/// The arguments of a verbose message, one by one. Of any other message there are none.
///
/// What cannot be decoded is told once, and is the end: nobody knows where the next one begins.
pub fn arguments_of<'a>(message: &MessageView<'a>) -> Arguments<'a> {
    let count = message.extended.filter(|_| message.is_verbose()).map_or(0, |it| it.arguments);
    Arguments { rest: message.payload, big_endian: message.is_big_endian(), left: count }
}

/// Iterator over the arguments of a message; see [`arguments_of`].
#[derive(Debug, Clone)]
pub struct Arguments<'a> {
    rest: &'a [u8],
    big_endian: bool,
    left: u8,
}

impl<'a> Arguments<'a> {
    /// The bytes that were not decoded so far.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Arguments<'a> {
    type Item = Result<Argument<'a>, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let mut reader = Reader { rest: self.rest, big_endian: self.big_endian };
        let argument = argument(&mut reader);
        match &argument {
            Ok(_) => self.rest = reader.rest,
            Err(_) => self.left = 0,
        }
        Some(argument)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::from(self.left > 0), Some(self.left.into()))
    }
}

impl core::iter::FusedIterator for Arguments<'_> {}

fn argument<'a>(reader: &mut Reader<'a>) -> Result<Argument<'a>, DecodeError> {
    let info = reader.u32()?;
    let Head { kind, length, name, unit } = Head::read(reader, info, None)?;
    let bytes = reader.bytes(length)?;
    let big_endian = reader.big_endian;
    let value = match kind {
        Kind::Text | Kind::Trace => Value::Text(up_to_nul(bytes)),
        Kind::Raw => Value::Raw(bytes),
        Kind::Bool => Value::Bool(bytes != [0]),
        // However it is to be shown.
        Kind::Signed | Kind::Unsigned | Kind::Float
            if is_wide(kind, info & !type_info::CODING, bytes) =>
        {
            Value::Wide(bytes)
        }
        Kind::Signed => Value::Signed(signed_number_of(bytes, big_endian)),
        Kind::Unsigned => Value::Unsigned(number_of(bytes, big_endian)),
        Kind::Float => match u32::try_from(number_of(bytes, big_endian)) {
            Ok(bits) if bytes.len() == 4 => Value::Float32(f32::from_bits(bits)),
            _ => Value::Float64(f64::from_bits(number_of(bytes, big_endian))),
        },
    };
    let form = match info & type_info::CODING {
        type_info::CODING_HEX => Form::Hexadecimal,
        type_info::CODING_BIN => Form::Binary,
        _ => Form::Decimal,
    };
    Ok(Argument {
        name,
        unit,
        value,
        form,
        width: length,
        fixed_point: info & type_info::FIXED_POINT != 0,
    })
}

impl fmt::Display for Argument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.width * 2;
        match self.value {
            Value::Bool(value) => write!(f, "{}", u8::from(value)),
            Value::Signed(value) => write!(f, "{value}"),
            Value::Unsigned(value) => match self.form {
                Form::Hexadecimal => write!(f, "0x{value:0digits$x}"),
                Form::Binary => {
                    let digits = self.width * 8;
                    write!(f, "0b{value:0digits$b}")
                }
                Form::Decimal => write!(f, "{value}"),
            },
            Value::Float32(value) => f.write_str(&float::shortest_of_six(value.into())),
            Value::Float64(value) => f.write_str(&float::shortest_of_six(value)),
            Value::Text(text) => f.write_str(&String::from_utf8_lossy(text)),
            Value::Raw(bytes) | Value::Wide(bytes) => {
                for (index, byte) in bytes.iter().enumerate() {
                    let blank = if index > 0 { " " } else { "" };
                    write!(f, "{blank}{byte:02x}")?;
                }
                Ok(())
            }
        }
    }
}
