//! Bytes as libdlt's print functions show them: hexadecimal, characters, and both side by side.

#![forbid(unsafe_code)]

/// Bytes in a line of [`mixed`].
const LINE: usize = 16;

/// The text does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("text needs {required} bytes")]
pub struct DoesNotFit {
    /// Bytes that would do.
    pub required: usize,
}

/// How lines of [`mixed`] are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// A newline.
    Newline,
    /// An HTML tag.
    Html,
}

impl Separator {
    const fn text(self) -> &'static [u8] {
        match self {
            Self::Newline => b"\n",
            Self::Html => b"<BR>",
        }
    }

    /// Bytes of a full line: offset, hexadecimal, characters, separator.
    const fn line_size(self) -> usize {
        8 + 3 * LINE + LINE + self.text().len()
    }
}

/// The two hexadecimal digits of a byte.
pub const fn hex_digits(byte: u8) -> [u8; 2] {
    [digit(byte >> 4), digit(byte & 0xf)]
}

const fn digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
}

/// The character of a byte, or a dot for one that is not printable or would start an HTML tag.
const fn character(byte: u8) -> u8 {
    match byte {
        b'<' => b'.',
        b' '..=b'~' => byte,
        _ => b'.',
    }
}

/// Writes `0a 0b 0c` and a NUL. Nothing is written for no data.
pub fn hex(text: &mut [u8], data: &[u8]) -> Result<(), DoesNotFit> {
    fits(text, 3 * data.len())?;
    let mut to = text.iter_mut();
    for (number, byte) in data.iter().enumerate() {
        if number > 0 {
            put(&mut to, b" ");
        }
        put(&mut to, &hex_digits(*byte));
    }
    terminate(to, data);
    Ok(())
}

/// Writes the characters, and a NUL if there is room for it. Nothing is written for no data.
pub fn characters(text: &mut [u8], data: &[u8]) -> Result<(), DoesNotFit> {
    fits(text, data.len())?;
    let mut to = text.iter_mut();
    for byte in data {
        put(&mut to, &[character(*byte)]);
    }
    terminate(to, data);
    Ok(())
}

/// Writes lines of offset, sixteen bytes in hexadecimal and their characters, and a NUL. A last
/// line that is not full is filled up with `xx` and has no separator. Nothing is written for no
/// data.
pub fn mixed(text: &mut [u8], data: &[u8], separator: Separator) -> Result<(), DoesNotFit> {
    fits(text, (data.len() / LINE + 1) * separator.line_size())?;
    let mut to = text.iter_mut();
    for (number, line) in data.chunks(LINE).enumerate() {
        let [.., high, middle, low] = (number * LINE).to_be_bytes();
        for byte in [high, middle, low] {
            put(&mut to, &hex_digits(byte));
        }
        put(&mut to, b": ");
        for place in 0..LINE {
            put(&mut to, &line.get(place).map_or(*b"xx", |byte| hex_digits(*byte)));
            put(&mut to, b" ");
        }
        for byte in line {
            put(&mut to, &[character(*byte)]);
        }
        if line.len() == LINE {
            put(&mut to, separator.text());
        }
    }
    terminate(to, data);
    Ok(())
}

fn fits(text: &[u8], required: usize) -> Result<(), DoesNotFit> {
    if text.len() < required { Err(DoesNotFit { required }) } else { Ok(()) }
}

fn put(to: &mut core::slice::IterMut<'_, u8>, bytes: &[u8]) {
    // In this order, so that no place is used up when the bytes are.
    for (from, to) in bytes.iter().zip(to) {
        *to = *from;
    }
}

fn terminate(mut to: core::slice::IterMut<'_, u8>, data: &[u8]) {
    if let (Some(to), false) = (to.next(), data.is_empty()) {
        *to = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(size: usize, print: impl FnOnce(&mut [u8]) -> Result<(), DoesNotFit>) -> String {
        let mut text = vec![b'#'; size];
        match print(&mut text) {
            Ok(()) => text.escape_ascii().to_string(),
            Err(DoesNotFit { required }) => format!("needs {required}"),
        }
    }

    // What libdlt 2.18.8 writes into such buffers.
    #[test]
    fn hexadecimal_takes_three_bytes_of_text_for_each_byte() {
        assert_eq!(shown(7, |text| hex(text, &[10, 11])), r"0a 0b\x00#");
        assert_eq!(shown(6, |text| hex(text, &[10, 11])), r"0a 0b\x00");
        assert_eq!(shown(5, |text| hex(text, &[10, 11])), "needs 6");
        assert_eq!(shown(1, |text| hex(text, &[])), "#");
    }

    #[test]
    fn characters_have_dots_for_what_is_not_printable() {
        assert_eq!(shown(6, |text| characters(text, b"a<\x7f~")), r"a..~\x00#");
        assert_eq!(shown(3, |text| characters(text, b"a<\x7f~")), "needs 4");
    }

    // libdlt writes the NUL behind a buffer that is just large enough.
    #[test]
    fn characters_that_fill_the_text_are_not_terminated() {
        assert_eq!(shown(2, |text| characters(text, b"ab")), "ab");
    }

    #[test]
    fn a_mixed_line_shows_offset_bytes_and_characters() {
        assert_eq!(
            shown(73, |text| mixed(text, b"01", Separator::Newline)),
            format!("000000: 30 31 {}01\\x00{}", "xx ".repeat(14), "#".repeat(14))
        );
        assert_eq!(shown(72, |text| mixed(text, b"01", Separator::Newline)), "needs 73");
        assert_eq!(shown(75, |text| mixed(text, b"01", Separator::Html)), "needs 76");
    }

    #[test]
    fn full_mixed_lines_end_with_a_separator_and_need_room_for_one_more_line() {
        let data: Vec<u8> = (0x30..0x41).collect();
        let text = shown(146, |text| mixed(text, &data, Separator::Newline));
        assert!(text.contains(r"0123456789:;.=>?\n000010: 40 xx "), "{text}");
        assert_eq!(shown(145, |text| mixed(text, &data, Separator::Newline)), "needs 146");
        let line: Vec<u8> = (0..16).collect();
        let text = shown(160, |text| mixed(text, &line, Separator::Html));
        assert!(text.contains(r"................<BR>\x00#"), "{text}");
        assert_eq!(shown(145, |text| mixed(text, &line, Separator::Newline)), "needs 146");
        assert_eq!(shown(151, |text| mixed(text, &line, Separator::Html)), "needs 152");
    }
}
