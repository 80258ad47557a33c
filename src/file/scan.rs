//! The next message in a file: its header, or the next one behind damaged bytes.

use super::layout::STANDARD;
use super::received::SERIAL_HEADER;
use crate::wire::header::{STORAGE, STORAGE_PATTERN};

/// Bytes of a storage header and the first four of a message.
pub const HEAD: usize = STORAGE + STANDARD;

/// Bytes that are read in order. Reads past the end find nothing, however long the file was
/// before.
pub trait Source {
    /// Reads as many bytes as are there, at most as many as fit; returns how many.
    fn read(&mut self, into: &mut [u8]) -> usize;
}

/// The next storage header and the start of its message. Bytes that are no storage header are
/// skipped. Nothing if the end comes first.
pub fn stored_head(source: &mut impl Source) -> Option<[u8; HEAD]> {
    let mut head = [0; HEAD];
    let mut there = 0;
    loop {
        there += source.read(head.get_mut(there..)?);
        if there < HEAD {
            return None;
        }
        if head.starts_with(&STORAGE_PATTERN) {
            return Some(head);
        }
        // On from the next place where a storage header may begin.
        let from = (1..HEAD).find(|start| may_begin(&head, *start, &STORAGE_PATTERN));
        let from = from.unwrap_or(HEAD);
        head.copy_within(from.., 0);
        there = HEAD - from;
    }
}

fn may_begin(bytes: &[u8], start: usize, pattern: &[u8]) -> bool {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.iter().zip(pattern).all(|(byte, wanted)| byte == wanted)
}

/// What [`serial_head`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serial {
    /// A message behind a serial header.
    Found {
        /// Its first four bytes.
        head: [u8; STANDARD],
        /// Whether bytes were skipped in front of it.
        damaged: bool,
    },
    /// The end.
    End {
        /// Whether bytes were skipped in front of it.
        damaged: bool,
    },
}

/// The start of the message behind the next serial header; what stands in front of it is skipped.
pub fn serial_head(source: &mut impl Source) -> Serial {
    let mut window = [0; STANDARD];
    let mut damaged = false;
    let mut there = 0;
    loop {
        there += source.read(window.get_mut(there..).unwrap_or_default());
        if there < STANDARD {
            return Serial::End { damaged };
        }
        if window == SERIAL_HEADER {
            break;
        }
        damaged = true;
        let from = (1..STANDARD).find(|start| may_begin(&window, *start, &SERIAL_HEADER));
        let from = from.unwrap_or(STANDARD);
        window.copy_within(from.., 0);
        there = STANDARD - from;
    }
    let mut head = [0; STANDARD];
    if source.read(&mut head) < STANDARD {
        return Serial::End { damaged };
    }
    Serial::Found { head, damaged }
}

/// The start of the next message, behind a serial header or not. Nothing if the end comes first.
pub fn plain_head(source: &mut impl Source) -> Option<[u8; STANDARD]> {
    let mut head = [0; STANDARD];
    let mut read = || (source.read(&mut head) == STANDARD).then_some(head);
    match read() {
        Some(SERIAL_HEADER) => read(),
        head => head,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Source for &[u8] {
        fn read(&mut self, into: &mut [u8]) -> usize {
            let (taken, rest) = self.split_at(into.len().min(self.len()));
            into[..taken.len()].copy_from_slice(taken);
            *self = rest;
            taken.len()
        }
    }

    const STORED: &[u8; HEAD] = b"DLT\x01secsmicsECU1\x20\x00\x00\x04";

    #[test]
    fn a_stored_message_is_found_behind_any_damage() {
        for damage in ["", "x", "DL", "DLT", "DDLTDLT\x02", "twenty bytes and more of DLDLDLT"] {
            let mut bytes = damage.as_bytes().to_vec();
            bytes.extend_from_slice(STORED);
            bytes.extend_from_slice(b"next");
            let mut source = &bytes[..];
            assert_eq!(stored_head(&mut source), Some(*STORED), "{damage}");
            assert_eq!(source, b"next");
        }
    }

    #[test]
    fn an_incomplete_head_is_none() {
        for end in 0..HEAD {
            let mut source = &STORED[..end];
            assert_eq!(stored_head(&mut source), None);
        }
    }

    #[test]
    fn a_serial_message_is_found_behind_any_damage() {
        for damage in ["", "x", "DLS", "DLDLS", "DLS\x02DLSDLSDL"] {
            let bytes = [damage.as_bytes(), b"DLS\x01abcdnext"].concat();
            let mut source = &bytes[..];
            let damaged = !damage.is_empty();
            assert_eq!(serial_head(&mut source), Serial::Found { head: *b"abcd", damaged });
            assert_eq!(source, b"next");
        }
        assert_eq!(serial_head(&mut &b"DLS\x01abc"[..]), Serial::End { damaged: false });
        assert_eq!(serial_head(&mut &b"DLS"[..]), Serial::End { damaged: false });
        assert_eq!(serial_head(&mut &b"xxxxx"[..]), Serial::End { damaged: true });
    }

    #[test]
    fn a_serial_header_may_stand_in_front_of_a_plain_message() {
        assert_eq!(plain_head(&mut &b"abcdef"[..]), Some(*b"abcd"));
        assert_eq!(plain_head(&mut &b"DLS\x01abcdef"[..]), Some(*b"abcd"));
        assert_eq!(plain_head(&mut &b"DLS\x01abc"[..]), None);
    }
}
