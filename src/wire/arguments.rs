//! Arguments of one message, written into the buffer that holds its payload.
//!
//! This runs inside every logging call: no heap, no panic, no system call. What a message has so
//! far (bytes used, arguments counted) belongs to the caller, who resumes with it for the next
//! argument:
//!
//! ```
//! use dlt::wire::arguments::{Arguments, Coding};
//!
//! let mut payload = [0; 64];
//! let mut arguments = Arguments::resume(&mut payload, 0, 0, true);
//! arguments.int32(-5)?;
//! arguments.string(b"hello", Coding::Ascii)?;
//! assert_eq!((arguments.size(), arguments.count()), (20, 2));
//! # Ok::<(), dlt::wire::arguments::Refused>(())
//! ```

mod further;

use super::fill::Fill;
use super::{type_info, utf8};
use crate::types::Format;

/// End of a text that was cut, with its NUL.
pub const TRUNCATION_SUFFIX: [u8; 36] = *b"... <<Message truncated, too long>>\0";

/// Most bytes that a length field can name.
const LENGTH_MAX: usize = u16::MAX as usize;
/// Bytes of the type information.
const TYPE_INFO: usize = 4;
/// Bytes of a length field.
const LENGTH: usize = 2;

/// Why an argument is not, or not wholly, in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It does not fit into what is left of the buffer; nothing was written.
    #[error("no room for the argument")]
    NoRoom,
    /// The text was cut and marked with [`TRUNCATION_SUFFIX`]. It is in the message and counted.
    #[error("text was truncated")]
    Truncated,
    /// The caller asked for something that does not exist; nothing was written.
    #[error("invalid argument")]
    Invalid,
}

/// Character coding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// ASCII, or nothing in particular.
    Ascii,
    /// UTF-8: cut only between characters.
    Utf8,
}

impl Coding {
    const fn type_info(self) -> u32 {
        match self {
            Coding::Ascii => type_info::STRING | type_info::CODING_ASCII,
            Coding::Utf8 => type_info::STRING | type_info::CODING_UTF8,
        }
    }
}

/// Attributes of an argument. An absent name or unit has length 0, an empty one length 1 (its NUL).
#[derive(Clone, Copy)]
enum Attributes<'n> {
    Name(Option<&'n [u8]>),
    NameAndUnit(Option<&'n [u8]>, Option<&'n [u8]>),
}

/// Payload of a message as far as it is written.
///
/// In a verbose message every value is preceded by its type; in a non-verbose one there are only
/// values, and names, units and constant texts vanish. Numbers have the host's byte order.
#[derive(Debug)]
pub struct Arguments<'a> {
    buffer: &'a mut [u8],
    size: usize,
    count: i32,
    verbose: bool,
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $plain:ident, $attributed:ident: $type:ty = $info:expr;)+) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`Refused::NoRoom`] if it does not fit.
        #[inline]
        pub fn $plain(&mut self, value: $type) -> Result<(), Refused> {
            self.fixed($info, value.to_ne_bytes())
        }

        #[doc = concat!("As [`Self::", stringify!($plain), "`], with a name and a unit (without NUL).")]
        ///
        /// # Errors
        /// [`Refused::NoRoom`] if it does not fit.
        pub fn $attributed(
            &mut self,
            value: $type,
            name: Option<&[u8]>,
            unit: Option<&[u8]>,
        ) -> Result<(), Refused> {
            self.attributed($info, Attributes::NameAndUnit(name, unit), &value.to_ne_bytes())
        }
    )+};
}

macro_rules! formatted_numbers {
    ($($formatted:ident: $type:ty = $info:expr;)+) => {$(
        /// An unsigned integer that viewers are to show in `format`. The width stays that of the
        /// value, whichever width the format names.
        ///
        /// # Errors
        /// [`Refused::NoRoom`] if it does not fit.
        #[inline]
        pub fn $formatted(&mut self, value: $type, format: Format) -> Result<(), Refused> {
            self.fixed($info | coding_of(format), value.to_ne_bytes())
        }
    )+};
}

impl<'a> Arguments<'a> {
    /// Goes on with a message of which `size` bytes and `count` arguments are in `buffer`. The
    /// length of `buffer` is the limit of the message's payload.
    #[inline(always)]
    pub fn resume(buffer: &'a mut [u8], size: usize, count: i32, verbose: bool) -> Self {
        Self { buffer, size, count, verbose }
    }

    /// Bytes written.
    #[inline(always)]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Arguments counted.
    #[inline(always)]
    pub fn count(&self) -> i32 {
        self.count
    }

    /// Whether arguments carry their types.
    #[inline(always)]
    pub fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Bytes that are left.
    #[inline(always)]
    pub fn room(&self) -> usize {
        self.buffer.len().saturating_sub(self.size)
    }

    /// The identifier in front of the arguments of a non-verbose message. Not counted; a verbose
    /// message has none, so nothing is written there.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    #[inline]
    pub fn message_id(&mut self, id: u32) -> Result<(), Refused> {
        if self.verbose {
            return Ok(());
        }
        let to = self.buffer.get_mut(self.size..).and_then(|room| room.first_chunk_mut());
        *to.ok_or(Refused::NoRoom)? = id.to_ne_bytes();
        self.size += size_of::<u32>();
        Ok(())
    }

    /// A truth value; the byte goes out as it is given.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    #[inline]
    pub fn bool(&mut self, value: u8) -> Result<(), Refused> {
        self.fixed(type_info::BOOL | type_info::WIDTH_8, [value])
    }

    /// As [`Self::bool`], with a name (without NUL). Truth values have no unit.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    pub fn bool_attr(&mut self, value: u8, name: Option<&[u8]>) -> Result<(), Refused> {
        let info = type_info::BOOL | type_info::WIDTH_8;
        self.attributed(info, Attributes::Name(name), &[value])
    }

    numbers! {
        /// A signed integer of 8 bits.
        int8, int8_attr: i8 = type_info::SIGNED | type_info::WIDTH_8;
        /// A signed integer of 16 bits.
        int16, int16_attr: i16 = type_info::SIGNED | type_info::WIDTH_16;
        /// A signed integer of 32 bits. C's `int` goes out so too: 2.18.7 and 2.18.8 alone put two
        /// empty attributes in front of it.
        int32, int32_attr: i32 = type_info::SIGNED | type_info::WIDTH_32;
        /// A signed integer of 64 bits.
        int64, int64_attr: i64 = type_info::SIGNED | type_info::WIDTH_64;
        /// An unsigned integer of 8 bits.
        uint8, uint8_attr: u8 = type_info::UNSIGNED | type_info::WIDTH_8;
        /// An unsigned integer of 16 bits.
        uint16, uint16_attr: u16 = type_info::UNSIGNED | type_info::WIDTH_16;
        /// An unsigned integer of 32 bits. C's `unsigned int` goes out so too.
        uint32, uint32_attr: u32 = type_info::UNSIGNED | type_info::WIDTH_32;
        /// An unsigned integer of 64 bits.
        uint64, uint64_attr: u64 = type_info::UNSIGNED | type_info::WIDTH_64;
        /// A floating point number of 32 bits.
        float32, float32_attr: f32 = type_info::FLOAT | type_info::WIDTH_32;
        /// A floating point number of 64 bits.
        float64, float64_attr: f64 = type_info::FLOAT | type_info::WIDTH_64;
    }

    formatted_numbers! {
        uint8_formatted: u8 = type_info::UNSIGNED | type_info::WIDTH_8;
        uint16_formatted: u16 = type_info::UNSIGNED | type_info::WIDTH_16;
        uint32_formatted: u32 = type_info::UNSIGNED | type_info::WIDTH_32;
        uint64_formatted: u64 = type_info::UNSIGNED | type_info::WIDTH_64;
    }

    /// An address: an unsigned integer of 64 bits, shown in hexadecimal.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    #[inline]
    pub fn pointer(&mut self, address: u64) -> Result<(), Refused> {
        let info = type_info::UNSIGNED | type_info::WIDTH_64 | type_info::CODING_HEX;
        self.fixed(info, address.to_ne_bytes())
    }

    /// Bytes, at most 65,535.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if they do not fit: bytes are never cut.
    #[inline]
    pub fn raw(&mut self, data: &[u8], format: Format) -> Result<(), Refused> {
        let info = type_info::RAW | width_of(format) | coding_of(format);
        if self.verbose {
            self.counted::<true, 0>(info, data)
        } else {
            self.counted::<false, 0>(info, data)
        }
    }

    /// As [`Self::raw`], with a name (without NUL).
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    pub fn raw_attr(
        &mut self,
        data: &[u8],
        format: Format,
        name: Option<&[u8]>,
    ) -> Result<(), Refused> {
        let info = type_info::RAW | width_of(format) | coding_of(format);
        if !self.verbose {
            return self.raw(data, format);
        }
        let (length, named) = (length_field(data.len())?, attribute_length(name)?);
        let size = TYPE_INFO + LENGTH + LENGTH + usize::from(named) + data.len();
        let mut fill = self.fill(size)?;
        fill.put_array((info | type_info::VARIABLE_INFO).to_ne_bytes());
        fill.put_array(length.to_ne_bytes());
        fill.put_array(named.to_ne_bytes());
        put_attribute(&mut fill, name);
        fill.put(data);
        self.advance(size);
        Ok(())
    }

    /// A text (without NUL; NULs within are kept). What does not fit is cut and marked.
    ///
    /// # Errors
    /// [`Refused::Truncated`] if it was cut; [`Refused::NoRoom`] if not even the mark fits.
    #[inline]
    pub fn string(&mut self, text: &[u8], coding: Coding) -> Result<(), Refused> {
        let whole = self.whole_string(text, coding);
        whole.or_else(|_| self.bounded_string(text, coding, None))
    }

    /// As [`Self::string`], but nothing is written of what does not fit.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    #[inline(always)]
    pub fn whole_string(&mut self, text: &[u8], coding: Coding) -> Result<(), Refused> {
        if self.verbose {
            self.counted::<true, 1>(coding.type_info(), text)
        } else {
            self.counted::<false, 1>(coding.type_info(), text)
        }
    }

    /// As [`Self::string`], with a name (without NUL).
    ///
    /// # Errors
    /// As [`Self::string`].
    pub fn string_attr(
        &mut self,
        text: &[u8],
        coding: Coding,
        name: Option<&[u8]>,
    ) -> Result<(), Refused> {
        self.bounded_string(text, coding, Some(name))
    }

    /// A text that the reader of a non-verbose message knows already: there it is left out and
    /// not counted.
    ///
    /// # Errors
    /// As [`Self::string`].
    #[inline(always)]
    pub fn constant_string(&mut self, text: &[u8], coding: Coding) -> Result<(), Refused> {
        if self.verbose { self.string(text, coding) } else { Ok(()) }
    }

    /// As [`Self::constant_string`], with a name (without NUL).
    ///
    /// # Errors
    /// As [`Self::string`].
    pub fn constant_string_attr(
        &mut self,
        text: &[u8],
        coding: Coding,
        name: Option<&[u8]>,
    ) -> Result<(), Refused> {
        if self.verbose { self.string_attr(text, coding, name) } else { Ok(()) }
    }

    /// The one core of everything whose size the compiler knows.
    #[inline(always)]
    fn fixed<const N: usize>(&mut self, info: u32, value: [u8; N]) -> Result<(), Refused> {
        if self.verbose {
            let end = self.size.saturating_add(TYPE_INFO + N);
            let room = self.buffer.get_mut(self.size..end).ok_or(Refused::NoRoom)?;
            let mut fill = Fill::new(room);
            fill.put_array(info.to_ne_bytes());
            fill.put_array(value);
            self.advance(TYPE_INFO + N);
        } else {
            let room = self.buffer.get_mut(self.size..).ok_or(Refused::NoRoom)?;
            *room.first_chunk_mut().ok_or(Refused::NoRoom)? = value;
            self.advance(N);
        }
        Ok(())
    }

    /// The one core of what has a length field: data, and so many NULs behind it. The mode is a
    /// constant, so that one comparison of sizes is all that is left in the machine code.
    #[inline(always)]
    fn counted<const VERBOSE: bool, const NULS: usize>(
        &mut self,
        info: u32,
        data: &[u8],
    ) -> Result<(), Refused> {
        let head = if VERBOSE { TYPE_INFO + LENGTH } else { LENGTH };
        let length = length_field(data.len() + NULS)?;
        let size = head + usize::from(length);
        let room = self.buffer.get_mut(self.size..).ok_or(Refused::NoRoom)?;
        if room.len() < size {
            return Err(Refused::NoRoom);
        }
        let mut fill = Fill::new(room);
        if VERBOSE {
            fill.put_array(info.to_ne_bytes());
        }
        fill.put_array(length.to_ne_bytes());
        fill.put(data);
        fill.put_array([0; NULS]);
        self.advance(size);
        Ok(())
    }

    /// A value with attributes: lengths of name and unit, name, unit, value.
    fn attributed(
        &mut self,
        info: u32,
        attributes: Attributes<'_>,
        value: &[u8],
    ) -> Result<(), Refused> {
        if !self.verbose {
            self.fill(value.len())?.put(value);
            self.advance(value.len());
            return Ok(());
        }
        let (name, unit) = match attributes {
            Attributes::Name(name) => (name, None),
            Attributes::NameAndUnit(name, unit) => (name, Some(unit)),
        };
        let named = attribute_length(name)?;
        let measured = unit.map(attribute_length).transpose()?;
        let size = TYPE_INFO
            + LENGTH
            + usize::from(named)
            + measured.map_or(0, |length| LENGTH + usize::from(length))
            + value.len();
        let mut fill = self.fill(size)?;
        fill.put_array((info | type_info::VARIABLE_INFO).to_ne_bytes());
        fill.put_array(named.to_ne_bytes());
        if let Some(length) = measured {
            fill.put_array(length.to_ne_bytes());
        }
        put_attribute(&mut fill, name);
        put_attribute(&mut fill, unit.flatten());
        fill.put(value);
        self.advance(size);
        Ok(())
    }

    /// A text that has a name or does not fit: length of the text, length of the name, name, text.
    #[cold]
    fn bounded_string(
        &mut self,
        text: &[u8],
        coding: Coding,
        name: Option<Option<&[u8]>>,
    ) -> Result<(), Refused> {
        let name = name.filter(|_| self.verbose);
        let named = name.map(attribute_length).transpose()?;
        let head = if self.verbose { TYPE_INFO } else { 0 }
            + LENGTH
            + named.map_or(0, |length| LENGTH + usize::from(length));
        let most = self.room().checked_sub(head).ok_or(Refused::NoRoom)?.min(LENGTH_MAX);
        let (kept, end): (_, &[u8]) = if text.len() < most {
            (text, &[0])
        } else {
            let limit = most.checked_sub(TRUNCATION_SUFFIX.len()).ok_or(Refused::NoRoom)?;
            let cut = match coding {
                Coding::Ascii => limit,
                Coding::Utf8 => utf8::floor_boundary(text, limit),
            };
            (text.get(..cut).ok_or(Refused::NoRoom)?, &TRUNCATION_SUFFIX)
        };
        let length = length_field(kept.len() + end.len())?;
        let size = head + usize::from(length);
        let verbose = self.verbose;
        let mut fill = self.fill(size)?;
        if verbose {
            let variable = if name.is_some() { type_info::VARIABLE_INFO } else { 0 };
            fill.put_array((coding.type_info() | variable).to_ne_bytes());
        }
        fill.put_array(length.to_ne_bytes());
        if let Some(named) = named {
            fill.put_array(named.to_ne_bytes());
        }
        put_attribute(&mut fill, name.flatten());
        fill.put(kept);
        fill.put(end);
        self.advance(size);
        if kept.len() < text.len() { Err(Refused::Truncated) } else { Ok(()) }
    }

    /// The next `size` bytes of the buffer.
    fn fill(&mut self, size: usize) -> Result<Fill<'_>, Refused> {
        let room = self.buffer.get_mut(self.size..).and_then(|room| room.get_mut(..size));
        room.map(Fill::new).ok_or(Refused::NoRoom)
    }

    #[inline(always)]
    fn advance(&mut self, size: usize) {
        self.size += size;
        self.count = self.count.wrapping_add(1);
    }
}

fn length_field(length: usize) -> Result<u16, Refused> {
    u16::try_from(length).map_err(|_| Refused::NoRoom)
}

fn attribute_length(text: Option<&[u8]>) -> Result<u16, Refused> {
    text.map_or(Ok(0), |text| length_field(text.len() + 1))
}

fn put_attribute(fill: &mut Fill<'_>, text: Option<&[u8]>) {
    if let Some(text) = text {
        fill.put(text);
        fill.put_array([0]);
    }
}

const fn coding_of(format: Format) -> u32 {
    match format {
        Format::Default => 0,
        Format::Hex8 | Format::Hex16 | Format::Hex32 | Format::Hex64 => type_info::CODING_HEX,
        Format::Bin8 | Format::Bin16 => type_info::CODING_BIN,
    }
}

/// Raw data has no width of its own, so there it tells how bytes are grouped.
const fn width_of(format: Format) -> u32 {
    match format {
        Format::Default => 0,
        Format::Hex8 | Format::Bin8 => type_info::WIDTH_8,
        Format::Hex16 | Format::Bin16 => type_info::WIDTH_16,
        Format::Hex32 => type_info::WIDTH_32,
        Format::Hex64 => type_info::WIDTH_64,
    }
}
