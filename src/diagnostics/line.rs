//! Lines of the library's own log, composed without heap.

#![forbid(unsafe_code)]

use core::fmt;
use core::fmt::Write as _;

use libc::c_int;

use crate::clock;

/// Text of at most `N` bytes; what does not fit is dropped.
#[derive(Debug)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    pub fn push(&mut self, text: &[u8]) {
        let room = self.bytes.get_mut(self.length..).unwrap_or_default();
        let length = room.len().min(text.len());
        for (to, from) in room.iter_mut().zip(text) {
            *to = *from;
        }
        self.length += length;
    }

    /// Ends the line, at the price of the last byte if need be.
    pub fn end_line(&mut self) {
        self.length = self.length.min(N.saturating_sub(1));
        self.push(b"\n");
    }
}

impl<const N: usize> fmt::Write for Text<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

/// What stands in front of a message: `[  123.456789]~DLT~ 4321~WARNING  ~`.
#[derive(Debug)]
pub struct Head(Text<64>);

impl Head {
    pub fn now(severity: c_int) -> Self {
        let time = clock::monotonic();
        let mut text = Text::new();
        let written = write!(
            text,
            "[{:5}.{:06}]~DLT~{:5}~{:9}~",
            time.as_secs(),
            time.subsec_micros(),
            std::process::id(),
            name(severity),
        );
        debug_assert!(written.is_ok(), "a text takes everything");
        Self(text)
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn name(severity: c_int) -> &'static str {
    match severity {
        0 => "EMERGENCY",
        1 => "ALERT",
        2 => "CRITICAL",
        3 => "ERROR",
        4 => "WARNING",
        5 => "NOTICE",
        6 => "INFO",
        7 => "DEBUG",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_has_the_time_the_process_and_the_severity_in_nine_columns() {
        let head = String::from_utf8(Head::now(4).as_bytes().to_vec()).unwrap();
        let parts: Vec<_> = head.split('~').collect();
        assert_eq!(parts.get(1..2), Some(&["DLT"][..]));
        assert_eq!(parts.get(3..), Some(&["WARNING  ", ""][..]));
        assert!(head.starts_with('[') && head.contains('.') && head.contains(']'));
    }

    #[test]
    fn an_unknown_severity_has_no_name() {
        let head = String::from_utf8(Head::now(-1).as_bytes().to_vec()).unwrap();
        assert!(head.ends_with("~         ~"), "{head}");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_and_still_ends_its_line() {
        let mut text = Text::<4>::new();
        text.push(b"abcdef");
        assert_eq!(text.as_bytes(), b"abcd");
        text.end_line();
        assert_eq!(text.as_bytes(), b"abc\n");
    }
}
