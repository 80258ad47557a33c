//! Filters: a message passes if one of them lets it.
//!
//! Their text form is a list of pairs, an application and a context, separated by white space;
//! dashes stand for missing characters, so `----` is any.

use std::io::{self, BufRead};

use crate::types::{AppId, ContextId, ID_SIZE};

/// Longest word of the text form; what goes on behind it is the next word.
pub const WORD_MAX: usize = 255;

/// One filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Application; empty for any.
    pub app: AppId,
    /// Context; empty for any.
    pub context: ContextId,
    /// Level, or bus, or kind of control message; 0 for any.
    pub level: i32,
    /// Smallest payload.
    pub payload_min: i32,
    /// Largest payload; 0 for any.
    pub payload_max: i32,
}

/// What filters look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Application of the message.
    pub app: AppId,
    /// Context of the message.
    pub context: ContextId,
    /// Level, or bus, or kind of control message.
    pub subtype: u8,
    /// Bytes of payload.
    pub payload: i32,
}

impl Filter {
    /// Whether the message passes.
    pub fn passes(&self, message: &Subject) -> bool {
        (self.app.is_empty() || self.app == message.app)
            && (self.context.is_empty() || self.context == message.context)
            && (self.level == 0 || self.level == i32::from(message.subtype))
            && self.payload_min <= message.payload
            && (self.payload_max == 0 || message.payload <= self.payload_max)
    }

    /// Whether this filter makes `other` superfluous. Identifiers are compared as they are: an
    /// empty one does not cover the others.
    pub fn covers(&self, other: &Self) -> bool {
        self.app == other.app
            && self.context == other.context
            && (self.level == 0 || self.level == other.level)
            && self.payload_min <= other.payload_min
            && self.payload_max >= other.payload_max
    }
}

/// The identifier that a word of the text form stands for: none for four dashes.
pub fn identifier(word: &[u8]) -> [u8; ID_SIZE] {
    let up_to_nul = word.split(|byte| *byte == 0).next().unwrap_or_default();
    if up_to_nul == b"----" { [0; ID_SIZE] } else { AppId::new(word).0 }
}

/// An identifier in the text form.
pub fn word(id: [u8; ID_SIZE]) -> [u8; ID_SIZE] {
    let end = id.iter().position(|byte| *byte == 0).unwrap_or(ID_SIZE);
    let mut word = [b'-'; ID_SIZE];
    for (to, from) in word.iter_mut().zip(id.iter().take(end)) {
        *to = *from;
    }
    word
}

/// The words of a text form, one by one.
pub struct Words<R> {
    bytes: io::Bytes<R>,
}

impl<R: BufRead> Words<R> {
    /// The words in `text`.
    pub fn new(text: R) -> Self {
        Self { bytes: text.bytes() }
    }
}

impl<R: BufRead> Iterator for Words<R> {
    type Item = Vec<u8>;

    /// Ends at the end of the text, and where it cannot be read.
    fn next(&mut self) -> Option<Vec<u8>> {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let mut bytes = self.bytes.by_ref().map_while(Result::ok).skip_while(is_space);
        let mut word = vec![bytes.next()?];
        // A word that is as long as can be ends without a look at what follows.
        while word.len() < WORD_MAX {
            match bytes.next() {
                Some(byte) if !is_space(&byte) => word.push(byte),
                _ => break,
            }
        }
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Filter = Filter {
        app: AppId([0; 4]),
        context: ContextId([0; 4]),
        level: 0,
        payload_min: 0,
        payload_max: i32::MAX,
    };
    const MESSAGE: Subject =
        Subject { app: AppId(*b"APP1"), context: ContextId(*b"CTX1"), subtype: 4, payload: 10 };

    #[test]
    fn each_part_of_a_filter_can_refuse_a_message() {
        assert!(ANY.passes(&MESSAGE));
        assert!(Filter { app: MESSAGE.app, context: MESSAGE.context, ..ANY }.passes(&MESSAGE));
        assert!(!Filter { app: AppId(*b"APP2"), ..ANY }.passes(&MESSAGE));
        assert!(!Filter { context: ContextId(*b"CTX2"), ..ANY }.passes(&MESSAGE));
        assert!(Filter { level: 4, ..ANY }.passes(&MESSAGE));
        assert!(!Filter { level: 5, ..ANY }.passes(&MESSAGE));
        assert!(Filter { payload_min: 10, payload_max: 10, ..ANY }.passes(&MESSAGE));
        assert!(!Filter { payload_min: 11, ..ANY }.passes(&MESSAGE));
        assert!(!Filter { payload_max: 9, ..ANY }.passes(&MESSAGE));
        assert!(Filter { payload_min: 10, payload_max: 0, ..ANY }.passes(&MESSAGE));
    }

    #[test]
    fn a_filter_covers_narrower_ones_of_the_same_identifiers() {
        let narrow = Filter { level: 3, payload_min: 5, payload_max: 6, ..ANY };
        assert!(ANY.covers(&narrow) && !narrow.covers(&ANY));
        assert!(!ANY.covers(&Filter { app: AppId(*b"APP1"), ..narrow }));
    }

    #[test]
    fn words_are_separated_by_white_space_and_cut_where_they_are_too_long() {
        let words = |text: &str| Words::new(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(words(" A\tB\r\n\n"), [b"A", b"B"]);
        assert_eq!(words(""), Vec::<Vec<u8>>::new());
        let long = "x".repeat(WORD_MAX + 3);
        let lengths: Vec<_> = words(&long).iter().map(Vec::len).collect();
        assert_eq!(lengths, [WORD_MAX, 3]);
    }

    #[test]
    fn identifiers_and_words_stand_for_each_other() {
        assert_eq!(identifier(b"----"), [0; 4]);
        assert_eq!(identifier(b"APPLICATION"), *b"APPL");
        assert_eq!(identifier(b"A"), *b"A\0\0\0");
        assert_eq!(word(*b"A\0\0\0"), *b"A---");
        assert_eq!(word([0; 4]), *b"----");
    }
}
