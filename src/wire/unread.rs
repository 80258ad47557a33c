//! Bytes that were received and not read yet, for the parsers at both ends of the link.

/// Bytes in the order in which they came, without those that were passed over. What was passed over
/// is forgotten with the next [`feed`](Self::feed).
#[derive(Debug, Default)]
pub(super) struct Unread {
    bytes: Vec<u8>,
    /// Up to here the bytes are done with.
    done: usize,
}

impl Unread {
    /// Adds what was received.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.done.min(self.bytes.len()));
        self.done = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// What is left.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.done..).unwrap_or_default()
    }

    /// Passes over so many bytes.
    pub(super) fn pass(&mut self, size: usize) {
        self.done += size;
    }

    /// Passes over so many bytes and returns them.
    pub(super) fn take(&mut self, size: usize) -> Option<&[u8]> {
        let at = self.done;
        self.done += size;
        self.bytes.get(at..self.done)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.done = 0;
    }

    /// What is in memory, read or not.
    #[cfg(test)]
    pub(super) fn kept(&self) -> &[u8] {
        &self.bytes
    }
}
