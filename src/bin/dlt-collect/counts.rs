//! What the program tells at its end.

use std::fmt;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Messages that arrived.
    pub messages: u64,
    /// Messages that applications say they lost.
    pub lost: u64,
    /// Bytes that belonged to no frame.
    pub skipped: u64,
    /// Places where such bytes stood.
    pub places: u64,
    /// Messages that arrived and could not be written.
    pub not_written: u64,
}

impl Counts {
    /// Bytes in one place that belonged to no frame.
    pub fn skip(&mut self, bytes: usize) {
        if bytes > 0 {
            self.skipped += bytes as u64;
            self.places += 1;
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { messages, lost, skipped, places, not_written } = self;
        write!(
            f,
            "{messages} messages, {lost} lost, {skipped} bytes skipped in {places} places, \
             {not_written} not written"
        )
    }
}
