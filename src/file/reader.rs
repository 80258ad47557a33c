//! The messages of a `.dlt` file, one by one.

use std::fs::File;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::path::Path;

use crate::message::{Filter, Header, Message, Pieces, Stored, passes_any};
use crate::wire::header::{MessageView, ParseError, STORAGE, STORAGE_PATTERN, StorageHeader};

/// Iterator over the messages of a `.dlt` file, or of anything that reads like one.
///
/// Each is a [`Message`] in the memory into which it was read: nothing is copied for it. What belongs
/// to no message is skipped and counted, as is what a message that ends early leaves.
///
/// ```
/// use dlt::file::Reader;
/// use dlt::message::{EcuId, Filter};
///
/// let head = b"DLT\x01\x10\0\0\0\0\0\0\0ECU1";
/// let message = b"\x21\0\0\x0e\x41\0APP\0CTX\0";
/// let file = [&b"damaged"[..], head, message].concat();
/// let mut reader = Reader::new(&file[..]).keep(Filter::new().app("APP"));
/// for message in &mut reader {
///     let message = message?;
///     assert_eq!(message.ecu(), Some(EcuId::new(b"ECU1")));
/// }
/// assert_eq!(reader.skipped(), 7);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Reader<R> {
    from: R,
    pieces: Pieces,
    filters: Vec<Filter>,
    skipped: u64,
    /// The end was reached: what is not complete will never be.
    whole: bool,
}

impl Reader<File> {
    /// Opens a file.
    ///
    /// # Errors
    /// As the system says.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        File::open(path).map(Self::new)
    }
}

impl<R: Read> Reader<R> {
    /// Reads from anything, from where it is; 64 KiB at a time, so it need not be buffered.
    pub fn new(from: R) -> Self {
        Self { from, pieces: Pieces::default(), filters: Vec::new(), skipped: 0, whole: false }
    }

    /// Leaves out what this filter does not let pass. With several, one is enough.
    #[must_use]
    pub fn keep(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Bytes that belonged to no message so far.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    fn skip(&mut self, length: usize) {
        self.pieces.skip(length);
        self.skipped += length as u64;
    }

    fn more(&mut self) -> io::Result<()> {
        self.whole |= self.pieces.read(&mut self.from)? == 0;
        Ok(())
    }

    fn next_message(&mut self) -> io::Result<Option<Message>> {
        loop {
            let rest = self.pieces.rest();
            if !rest.starts_with(&STORAGE_PATTERN) {
                match beginning(rest) {
                    0 if self.whole => {
                        self.skip(rest.len());
                        return Ok(None);
                    }
                    0 => self.more()?,
                    junk => self.skip(junk),
                }
                continue;
            }
            let message = rest.get(STORAGE..).unwrap_or_default();
            match MessageView::parse(message) {
                Ok(view) => {
                    let wanted = passes_any(&self.filters, &view);
                    let header = Header::of(&view);
                    let storage = StorageHeader::parse(rest).ok();
                    let stored = storage.map(|(storage, _)| Stored::of(&storage));
                    let (piece, start) = self.pieces.take(STORAGE + header.length());
                    if wanted {
                        let start = start + STORAGE;
                        return Ok(Some(Message::in_piece(piece, start, header, stored)));
                    }
                }
                Err(ParseError::Incomplete) if !self.whole => self.more()?,
                // Cut off, or a claim that cannot be true: the next may begin anywhere behind.
                Err(_) => self.skip(STORAGE_PATTERN.len()),
            }
        }
    }
}

/// How many bytes there are before the next place where a storage header may begin.
fn beginning(bytes: &[u8]) -> usize {
    let begins =
        |rest: &[u8]| rest.iter().zip(&STORAGE_PATTERN).all(|(byte, wanted)| byte == wanted);
    (0..bytes.len())
        .find(|start| begins(bytes.get(*start..).unwrap_or_default()))
        .unwrap_or(bytes.len())
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Message>;

    /// The next message. An error of the source is told; the next call tries again.
    fn next(&mut self) -> Option<Self::Item> {
        self.next_message().transpose()
    }
}

impl<R: Read> FusedIterator for Reader<R> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(text: &[u8]) -> Vec<u8> {
        let length = u16::try_from(4 + text.len()).unwrap().to_be_bytes();
        [b"DLT\x01\x02\0\0\0\x03\0\0\0ECU1\x20\0", &length[..], text].concat()
    }

    /// Reads at most so many bytes at a time.
    struct Slow<'a>(&'a [u8], usize);
    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(into.len());
            self.0.read(&mut into[..most])
        }
    }

    fn read(bytes: &[u8], step: usize) -> (Vec<Vec<u8>>, u64) {
        let mut reader = Reader::new(Slow(bytes, step));
        let payloads = (&mut reader).map(|it| it.unwrap().payload().to_vec()).collect();
        (payloads, reader.skipped())
    }

    #[test]
    fn messages_are_found_between_what_are_none_however_they_come() {
        let lie = b"DLT\x01\x02\0\0\0\x03\0\0\0ECU1\x3d\0\0\x05";
        let bytes =
            [b"junk D", &stored(b"one")[..], b"DLTD", lie, &stored(b"two"), &stored(b""), b"DLT"];
        let bytes = bytes.concat();
        for step in [1, 2, 7, 19, 1000] {
            let (payloads, skipped) = read(&bytes, step);
            assert_eq!(payloads, [&b"one"[..], b"two", b""], "{step}");
            assert_eq!(skipped, 6 + 4 + 20 + 3, "{step}");
        }
    }

    #[test]
    fn one_that_is_cut_off_hides_none_that_follows() {
        let (long, next) = (stored(&[b'x'; 100]), stored(b"next"));
        let bytes = [&long[..60], &next].concat();
        assert_eq!(read(&bytes, 1000), (vec![b"next".to_vec()], 60));
        assert_eq!(read(&long[..60], 13), (vec![], 60));
        assert_eq!(read(&long[..7], 13), (vec![], 7));
        assert_eq!(read(b"", 13), (vec![], 0));
    }

    #[test]
    fn messages_outlive_their_reader() {
        let bytes = [stored(b"one"), stored(b"two")].concat();
        let kept: Vec<Message> = Reader::new(&bytes[..]).map(Result::unwrap).collect();
        drop(bytes);
        assert_eq!(kept[1].payload(), b"two");
        let received = kept[0].received().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
        assert_eq!(received, core::time::Duration::new(2, 3000));
    }
}
