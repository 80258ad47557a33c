//! Bytes in hexadecimal.

use std::io::Write;

/// Bytes in one line of a mixed dump.
const LINE: usize = 16;

/// Two digits a byte, `separator` between them.
pub(super) fn hex(out: &mut Vec<u8>, bytes: &[u8], separator: u8) {
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            out.push(separator);
        }
        put_byte(out, *byte);
    }
}

/// Lines of offset, bytes in hexadecimal and bytes as characters. `end` stands behind every full
/// line; an incomplete one is filled with `xx` and has no end.
pub(super) fn mixed(out: &mut Vec<u8>, bytes: &[u8], end: &[u8]) {
    for (index, line) in bytes.chunks(LINE).enumerate() {
        // Writing to a vector does not fail.
        let _ = write!(out, "{:06x}: ", index * LINE);
        for byte in line {
            put_byte(out, *byte);
            out.push(b' ');
        }
        for _ in line.len()..LINE {
            out.extend_from_slice(b"xx ");
        }
        // The one character that would open a tag is not shown, nor in plain text.
        let shown = |byte: &u8| match byte {
            b'<' => b'.',
            b' '..=b'~' => *byte,
            _ => b'.',
        };
        out.extend(line.iter().map(shown));
        if line.len() == LINE {
            out.extend_from_slice(end);
        }
    }
}

fn put_byte(out: &mut Vec<u8>, byte: u8) {
    let digit = |value: u8| {
        if value < 10 { b'0' + value } else { b'a' + value - 10 }
    };
    out.push(digit(byte >> 4));
    out.push(digit(byte & 0x0f));
}
