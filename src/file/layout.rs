//! Sizes of a message, from the first four bytes of it.

use crate::wire::header::headers_size;

/// The bits of HTYP that announce a field of four bytes.
const FIELDS: u8 = 0x04 | 0x08 | 0x10;
/// The bit of HTYP that announces an extended header.
const EXTENDED: u8 = 0x01;
/// Bytes of the standard header without optional fields.
pub const STANDARD: usize = 4;

/// A length field that leaves no room for the headers that are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("message is {missing} bytes shorter than its headers")]
pub struct TooShort {
    /// Bytes of the headers, storage header left out.
    pub headers: usize,
    /// Bytes that the length lacks.
    pub missing: usize,
}

/// Sizes of the parts of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Bytes of the standard header's optional fields.
    pub fields: usize,
    /// Bytes of the extended header, or 0.
    pub extended: usize,
    /// Bytes behind the headers.
    pub payload: usize,
}

impl Layout {
    /// The sizes that the first bytes of a message announce.
    ///
    /// # Errors
    /// [`TooShort`].
    pub const fn of([htyp, _, high, low]: [u8; STANDARD]) -> Result<Self, TooShort> {
        let headers = headers_size(htyp);
        let length = u16::from_be_bytes([high, low]) as usize;
        match length.checked_sub(headers) {
            Some(payload) => {
                let fields = 4 * (htyp & FIELDS).count_ones() as usize;
                Ok(Self { fields, extended: headers - STANDARD - fields, payload })
            }
            None => Err(TooShort { headers, missing: headers - length }),
        }
    }

    /// Bytes of all headers, storage header left out.
    pub const fn headers(&self) -> usize {
        STANDARD + self.fields + self.extended
    }

    /// Bytes of the message, storage header left out.
    pub const fn message(&self) -> usize {
        self.headers() + self.payload
    }
}

/// Whether an extended header is announced.
pub const fn has_extended(htyp: u8) -> bool {
    htyp & EXTENDED != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_headers_are_26_bytes_long() {
        let layout = Layout::of([0x3d, 0, 0, 30]).unwrap();
        assert_eq!(layout, Layout { fields: 12, extended: 10, payload: 4 });
        assert_eq!((layout.headers(), layout.message()), (26, 30));
        assert!(has_extended(0x3d) && !has_extended(0x3c));
    }

    #[test]
    fn a_length_below_the_headers_is_refused() {
        assert_eq!(Layout::of([0x3d, 0, 0, 5]), Err(TooShort { headers: 26, missing: 21 }));
        assert_eq!(Layout::of([0x20, 0, 0, 3]), Err(TooShort { headers: 4, missing: 1 }));
    }
}
