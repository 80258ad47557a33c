//! Bytes on their way to being messages: read piece by piece, each piece shared by the messages in
//! it. A piece that nobody holds any more is used again.

use std::io::{self, Read};
use std::sync::Arc;

/// Bytes that are asked for at a time.
const PIECE: usize = 64 * 1024;

/// Bytes that were read and are not used up.
#[derive(Debug)]
pub struct Pieces {
    piece: Arc<Vec<u8>>,
    at: usize,
    asked: usize,
}

impl Default for Pieces {
    fn default() -> Self {
        Self { piece: Arc::default(), at: 0, asked: PIECE }
    }
}

impl Pieces {
    /// Asks for `asked` bytes at a time instead of 64 KiB.
    pub fn asking_for(asked: usize) -> Self {
        Self { asked: asked.max(1), ..Self::default() }
    }

    /// What is not used up.
    pub fn rest(&self) -> &[u8] {
        self.piece.get(self.at..).unwrap_or_default()
    }

    /// The next `length` bytes are used up, and are nobody's.
    pub fn skip(&mut self, length: usize) {
        self.at = self.piece.len().min(self.at + length);
    }

    /// The piece in which the next `length` bytes are, and where; they are used up.
    pub fn take(&mut self, length: usize) -> (Arc<Vec<u8>>, usize) {
        let start = self.at;
        self.skip(length);
        (Arc::clone(&self.piece), start)
    }

    /// Reads once, behind what is there. Returns how many bytes came; 0 is the end.
    ///
    /// # Errors
    /// As `from` says; nothing was read then.
    pub fn read(&mut self, from: &mut impl Read) -> io::Result<usize> {
        let (at, asked) = (self.at, self.asked);
        let piece = match Arc::get_mut(&mut self.piece) {
            Some(piece) => {
                piece.drain(..at);
                piece
            }
            None => {
                // Messages hold it. What is not used up begins a new one.
                let mut piece = Vec::with_capacity(asked + self.rest().len());
                piece.extend_from_slice(self.rest());
                self.piece = Arc::new(piece);
                // Nobody else has seen it.
                Arc::get_mut(&mut self.piece).ok_or(io::ErrorKind::Other)?
            }
        };
        self.at = 0;
        let kept = piece.len();
        piece.resize(kept + asked, 0);
        let result = loop {
            match from.read(piece.get_mut(kept..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        piece.truncate(kept + result.as_ref().copied().unwrap_or(0));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_stays_as_it_is_and_what_is_not_is_used_again() {
        let mut pieces = Pieces::asking_for(4);
        let mut from: &[u8] = b"abcdefgh";
        assert_eq!(pieces.read(&mut from).unwrap(), 4);
        let first = pieces.piece.as_ptr();
        pieces.skip(3);
        assert_eq!(pieces.read(&mut from).unwrap(), 4);
        assert_eq!((pieces.rest(), pieces.piece.as_ptr()), (&b"defgh"[..], first));
        let (piece, start) = pieces.take(2);
        assert_eq!(pieces.read(&mut from).unwrap(), 0);
        assert_eq!((&piece[start..start + 2], pieces.rest()), (&b"de"[..], &b"fgh"[..]));
        assert_ne!(pieces.piece.as_ptr(), first);
    }

    #[test]
    fn an_interrupted_read_goes_on_and_one_that_fails_takes_nothing() {
        struct Moody(u8);
        impl Read for Moody {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 => Err(io::ErrorKind::Interrupted.into()),
                    2 => {
                        into[0] = b'x';
                        Ok(1)
                    }
                    _ => Err(io::ErrorKind::ConnectionReset.into()),
                }
            }
        }
        let (mut pieces, mut moody) = (Pieces::default(), Moody(0));
        assert_eq!(pieces.read(&mut moody).unwrap(), 1);
        assert!(pieces.read(&mut moody).is_err());
        assert_eq!(pieces.rest(), b"x");
    }
}
