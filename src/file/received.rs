//! The next message in bytes that were received: as they are, or behind a serial header.

use super::layout::{Layout, STANDARD};

/// In front of a message on a serial line, and wherever else it is asked for.
pub const SERIAL_HEADER: [u8; 4] = *b"DLS\x01";

/// Where a message was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whether a serial header stands in front of it.
    pub serial: bool,
    /// Bytes in front of the serial header, which belong to no message.
    pub skipped: usize,
}

impl Place {
    /// First byte of the message itself.
    pub const fn start(&self) -> usize {
        self.skipped + if self.serial { SERIAL_HEADER.len() } else { 0 }
    }
}

/// Why there is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// More bytes are needed.
    #[error("message is not complete")]
    Incomplete,
    /// The length field is smaller than the headers.
    #[error("message is {missing} bytes shorter than its headers")]
    TooShort {
        /// Bytes that the length lacks.
        missing: usize,
    },
}

/// Where the next message begins: at the first byte, with or without a serial header; or, with
/// `resync`, behind the next serial header. Nothing if none is in sight.
pub fn place(bytes: &[u8], resync: bool) -> Option<Place> {
    if !resync {
        return Some(Place { serial: bytes.starts_with(&SERIAL_HEADER), skipped: 0 });
    }
    let header = bytes.windows(SERIAL_HEADER.len()).position(|window| window == SERIAL_HEADER);
    header.map(|skipped| Place { serial: true, skipped })
}

/// Layout and headers of the message at the start of `bytes`, and what is behind them.
///
/// # Errors
/// [`Missing`].
pub fn headers(bytes: &[u8]) -> Result<(Layout, &[u8], &[u8]), Missing> {
    let start = bytes.first_chunk::<STANDARD>().ok_or(Missing::Incomplete)?;
    let layout =
        Layout::of(*start).map_err(|error| Missing::TooShort { missing: error.missing })?;
    let (headers, rest) = bytes.split_at_checked(layout.headers()).ok_or(Missing::Incomplete)?;
    Ok((layout, headers, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_header_is_seen_at_the_start_and_searched_for_on_demand() {
        assert_eq!(place(b"DLS\x01x", false), Some(Place { serial: true, skipped: 0 }));
        assert_eq!(place(b"..DLS\x01x", true), Some(Place { serial: true, skipped: 2 }));
        assert_eq!(place(b"..DLS\x01x", true).map(|place| place.start()), Some(6));
        assert_eq!(place(b"..DLS\x01x", false).map(|place| place.start()), Some(0));
        assert_eq!(place(b"..DLS", true), None);
    }

    #[test]
    fn headers_are_read_when_all_of_them_are_there() {
        let bytes = b"\x20\x00\x00\x07abcNEXT";
        for end in 0..4 {
            assert_eq!(headers(&bytes[..end]), Err(Missing::Incomplete));
        }
        let (layout, head, rest) = headers(bytes).unwrap();
        assert_eq!((layout.payload, head, rest), (3, &bytes[..4], &b"abcNEXT"[..]));
        assert_eq!(headers(b"\x3d\x00\x00\x07"), Err(Missing::TooShort { missing: 19 }));
    }
}
