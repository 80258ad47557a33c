//! Hexadecimal text as C's strtol() and libdlt's parsers take it: what is no digit is no error.

/// The number at the start of `text`, as `strtol(text, NULL, 16)` reads it; larger ones wrap, which
/// the few digits that come here cannot reach.
pub fn number(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let digits = match rest {
        [b'0', b'x' | b'X', digits @ ..] if digits.first().is_some_and(u8::is_ascii_hexdigit) => {
            digits
        }
        digits => digits,
    };
    let digits = digits.iter().map_while(|byte| digit(*byte));
    let number = digits.fold(0_i64, |number, digit| number.wrapping_mul(16) + i64::from(digit));
    if negative { number.wrapping_neg() } else { number }
}

/// The value of a hexadecimal digit.
pub const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Writes the bytes that `text` shows to `out`, and returns how many there are. What is no digit is
/// skipped. A single digit at the end is not counted; where there is room, it or a zero stands
/// behind the last byte, as libdlt leaves it.
pub fn to_binary(text: &[u8], out: &mut [u8]) -> usize {
    let mut digits = text.iter().filter_map(|byte| digit(*byte));
    let mut count = 0;
    for room in out {
        let Some(high) = digits.next() else {
            *room = 0;
            break;
        };
        let Some(low) = digits.next() else {
            *room = high;
            break;
        };
        *room = high << 4 | low;
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_strtol() {
        for (text, expected) in [
            (&b"01"[..], 1),
            (b"ff", 255),
            (b"FFFF", 65535),
            (b"zz", 0),
            (b"", 0),
            (b"-1", -1),
            (b"+1", 1),
            (b"\t2\t1", 2),
            (b"010x", 16),
            (b"0x", 0),
            (b"0xg", 0),
            (b"0x1f", 31),
            (b" 31 ", 0x31),
        ] {
            assert_eq!(number(text), expected, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn bytes_are_read_from_any_text() {
        for (text, bytes) in [
            (&b"0a 0B,0c"[..], &[10, 11, 12][..]),
            (b"0x12", &[0x01]),
            (b"123", &[0x12]),
            (b"xyz", &[]),
            (b"", &[]),
        ] {
            let mut out = [0xee; 8];
            let count = to_binary(text, &mut out);
            assert_eq!(&out[..count], bytes, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn nothing_is_written_beyond_the_room() {
        assert_eq!(to_binary(b"0a0b", &mut []), 0);
        let mut out = [0xee; 1];
        assert_eq!(to_binary(b"0a0b", &mut out), 1);
        assert_eq!(out, [0x0a]);
    }
}
