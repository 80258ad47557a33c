//! Arguments that only programs in Rust write: values as the text they print, integers with a format
//! and a name, and arguments that were written before.

use core::fmt::{self, Write as _};

use super::{
    Arguments, Attributes, Coding, LENGTH, LENGTH_MAX, Refused, TRUNCATION_SUFFIX, TYPE_INFO,
    attribute_length, coding_of, length_field, put_attribute, type_info, utf8,
};
use crate::types::Format;

/// As much of a text as there is room for.
struct Cursor<'a> {
    room: &'a mut [u8],
    written: usize,
    overflown: bool,
}

impl fmt::Write for Cursor<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let rest = self.room.get_mut(self.written..).unwrap_or_default();
        let fits = text.len().min(rest.len());
        for (to, from) in rest.iter_mut().zip(text.as_bytes()) {
            *to = *from;
        }
        self.written += fits;
        if fits < text.len() {
            self.overflown = true;
            return Err(fmt::Error); // nothing behind it is wanted
        }
        Ok(())
    }
}

impl Arguments<'_> {
    /// The text that a value prints, in UTF-8, written where it belongs: no text is made elsewhere.
    /// What does not fit is cut and marked.
    ///
    /// # Errors
    /// As [`Self::string`].
    pub fn printed(
        &mut self,
        value: fmt::Arguments<'_>,
        name: Option<&[u8]>,
    ) -> Result<(), Refused> {
        let name = name.filter(|_| self.verbose);
        let named = name.map(|name| attribute_length(Some(name))).transpose()?;
        let head = if self.verbose { TYPE_INFO } else { 0 }
            + LENGTH
            + named.map_or(0, |length| LENGTH + usize::from(length));
        let most = self.room().checked_sub(head).ok_or(Refused::NoRoom)?.min(LENGTH_MAX);
        let text_at = self.size + head;
        let room = self.buffer.get_mut(text_at..text_at + most).ok_or(Refused::NoRoom)?;
        // One byte is for the NUL.
        let (room, _) = room.split_at_mut_checked(most.wrapping_sub(1)).ok_or(Refused::NoRoom)?;
        let mut cursor = Cursor { room, written: 0, overflown: false };
        // A value that refuses to print itself is there as far as it went.
        let _ = cursor.write_fmt(value);
        let (written, cut) = (cursor.written, cursor.overflown);
        let (kept, end): (_, &[u8]) = if cut {
            let limit = most.checked_sub(TRUNCATION_SUFFIX.len()).ok_or(Refused::NoRoom)?;
            let text = self.buffer.get(text_at..text_at + written).ok_or(Refused::NoRoom)?;
            (utf8::floor_boundary(text, limit), &TRUNCATION_SUFFIX)
        } else {
            (written, &[0])
        };
        let length = length_field(kept + end.len())?;
        let (verbose, end_at) = (self.verbose, head + kept);
        let mut fill = self.fill(head)?;
        if verbose {
            let variable = if name.is_some() { type_info::VARIABLE_INFO } else { 0 };
            fill.put_array((Coding::Utf8.type_info() | variable).to_ne_bytes());
        }
        fill.put_array(length.to_ne_bytes());
        if let Some(named) = named {
            fill.put_array(named.to_ne_bytes());
        }
        put_attribute(&mut fill, name);
        self.size += end_at;
        let ended = self.fill(end.len()).map(|mut fill| fill.put(end));
        self.size -= end_at;
        ended?;
        self.advance(end_at + end.len());
        if cut { Err(Refused::Truncated) } else { Ok(()) }
    }

    /// An address with a name and a unit (without NUL).
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit.
    pub fn pointer_attr(
        &mut self,
        address: u64,
        name: Option<&[u8]>,
        unit: Option<&[u8]>,
    ) -> Result<(), Refused> {
        self.formatted_attr(type_info::WIDTH_64, &address.to_ne_bytes(), Format::Hex64, name, unit)
    }

    /// An unsigned integer of 8 bits with a format, a name and a unit (without NUL).
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if it does not fit; so for the other three.
    pub fn uint8_formatted_attr(
        &mut self,
        value: u8,
        format: Format,
        name: Option<&[u8]>,
        unit: Option<&[u8]>,
    ) -> Result<(), Refused> {
        self.formatted_attr(type_info::WIDTH_8, &value.to_ne_bytes(), format, name, unit)
    }

    /// The same of 16 bits.
    ///
    /// # Errors
    /// As [`Self::uint8_formatted_attr`].
    pub fn uint16_formatted_attr(
        &mut self,
        value: u16,
        format: Format,
        name: Option<&[u8]>,
        unit: Option<&[u8]>,
    ) -> Result<(), Refused> {
        self.formatted_attr(type_info::WIDTH_16, &value.to_ne_bytes(), format, name, unit)
    }

    /// The same of 32 bits.
    ///
    /// # Errors
    /// As [`Self::uint8_formatted_attr`].
    pub fn uint32_formatted_attr(
        &mut self,
        value: u32,
        format: Format,
        name: Option<&[u8]>,
        unit: Option<&[u8]>,
    ) -> Result<(), Refused> {
        self.formatted_attr(type_info::WIDTH_32, &value.to_ne_bytes(), format, name, unit)
    }

    /// The same of 64 bits.
    ///
    /// # Errors
    /// As [`Self::uint8_formatted_attr`].
    pub fn uint64_formatted_attr(
        &mut self,
        value: u64,
        format: Format,
        name: Option<&[u8]>,
        unit: Option<&[u8]>,
    ) -> Result<(), Refused> {
        self.formatted_attr(type_info::WIDTH_64, &value.to_ne_bytes(), format, name, unit)
    }

    fn formatted_attr(
        &mut self,
        width: u32,
        value: &[u8],
        format: Format,
        name: Option<&[u8]>,
        unit: Option<&[u8]>,
    ) -> Result<(), Refused> {
        let info = type_info::UNSIGNED | width | coding_of(format);
        self.attributed(info, Attributes::NameAndUnit(name, unit), value)
    }

    /// `count` arguments that were written before, into a message of the same kind: all of them or
    /// none.
    ///
    /// # Errors
    /// [`Refused::NoRoom`] if they do not fit.
    pub fn written_before(&mut self, arguments: &[u8], count: i32) -> Result<(), Refused> {
        self.fill(arguments.len())?.put(arguments);
        self.size += arguments.len();
        self.count = self.count.wrapping_add(count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_room<T>(room: usize, write: impl FnOnce(&mut Arguments<'_>) -> T) -> (T, Vec<u8>) {
        let mut buffer = vec![0xee; room];
        let mut arguments = Arguments::resume(&mut buffer, 0, 0, true);
        let result = write(&mut arguments);
        let size = arguments.size();
        buffer.truncate(size);
        (result, buffer)
    }

    #[test]
    fn a_printed_value_is_the_text_it_prints() {
        for name in [None, Some(&b"name"[..])] {
            for text in ["", "a", "gr\u{fc}\u{df}e", &"long ".repeat(30)] {
                let print = |to: &mut Arguments<'_>| to.printed(format_args!("{text}"), name);
                let string = |to: &mut Arguments<'_>| match name {
                    None => to.string(text.as_bytes(), Coding::Utf8),
                    Some(_) => to.string_attr(text.as_bytes(), Coding::Utf8, name),
                };
                for room in 0..200 {
                    assert_eq!(with_room(room, print), with_room(room, string), "{text} {room}");
                }
            }
        }
    }

    #[test]
    fn what_was_written_before_is_there_again() {
        let (_, before) = with_room(64, |to| to.uint8(7).and_then(|()| to.bool(1)));
        let (result, after) = with_room(64, |to| to.written_before(&before, 2));
        assert_eq!((result, after), (Ok(()), before.clone()));
        let (result, after) = with_room(9, |to| to.written_before(&before, 2));
        assert_eq!((result, after), (Err(Refused::NoRoom), vec![]));
    }
}
