//! The answer to "get log info", from the text in which viewers hold it: the service's name and the
//! status, then each byte of the payload as two hexadecimal digits and a blank.
//!
//! Counts and lengths in it are a daemon's claims: what is allocated grows with the text alone.

use super::hex;
use crate::types::{AppId, ContextId, ID_SIZE};

/// Characters in front of the payload: `get_log_info, 07, `.
pub const OFFSET: usize = 18;
/// Characters of a byte.
pub const PER_BYTE: usize = 3;

/// What an answer tells of each context, by its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    level: bool,
    trace: bool,
    descriptions: bool,
}

impl Detail {
    /// What an answer of this status tells; nothing for a status that carries no applications.
    pub const fn of(status: u8) -> Option<Self> {
        match status {
            3..=7 => Some(Self {
                level: matches!(status, 4 | 6 | 7),
                trace: matches!(status, 5..=7),
                descriptions: status == 7,
            }),
            _ => None,
        }
    }
}

/// What an answer tells of a context. Level and trace status are 0 where it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Identifier.
    pub id: ContextId,
    /// Level.
    pub level: i8,
    /// Trace status.
    pub trace: i8,
    /// Description.
    pub description: Option<Vec<u8>>,
}

/// What an answer tells of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Identifier.
    pub id: AppId,
    /// Its contexts.
    pub contexts: Vec<Context>,
    /// Description.
    pub description: Option<Vec<u8>>,
}

/// The text ends before everything that it announces has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer ends early")]
pub struct Cut;

/// Reads an answer.
///
/// # Errors
/// [`Cut`].
pub fn parse(text: &[u8], detail: Detail) -> Result<Vec<Application>, Cut> {
    applications(&mut Text(text.get(OFFSET..).ok_or(Cut)?), detail)
}

/// Reads an answer as it came, behind service and status.
///
/// # Errors
/// [`Cut`].
pub fn parse_bytes(bytes: &[u8], detail: Detail) -> Result<Vec<Application>, Cut> {
    applications(&mut Plain(bytes), detail)
}

fn applications(bytes: &mut impl Bytes, detail: Detail) -> Result<Vec<Application>, Cut> {
    // Not reserved by the count: there may be less.
    (0..bytes.number()?).map(|_| application(bytes, detail)).collect()
}

fn application(bytes: &mut impl Bytes, detail: Detail) -> Result<Application, Cut> {
    let id = AppId(bytes.id()?);
    let contexts =
        (0..bytes.number()?).map(|_| context(bytes, detail)).collect::<Result<Vec<_>, _>>()?;
    let description = bytes.description(detail)?;
    Ok(Application { id, contexts, description })
}

fn context(bytes: &mut impl Bytes, detail: Detail) -> Result<Context, Cut> {
    let id = ContextId(bytes.id()?);
    let level = if detail.level { bytes.byte()?.cast_signed() } else { 0 };
    let trace = if detail.trace { bytes.byte()?.cast_signed() } else { 0 };
    let description = bytes.description(detail)?;
    Ok(Context { id, level, trace, description })
}

/// What is left of the text.
struct Text<'a>(&'a [u8]);

impl Bytes for Text<'_> {
    fn byte(&mut self) -> Result<u8, Cut> {
        let digits = self.0.get(..2).ok_or(Cut)?;
        // Behind the last byte the blank may be missing.
        self.0 = self.0.get(PER_BYTE..).unwrap_or_default();
        Ok(low_byte(hex::number(digits)))
    }
}

/// What is left of the answer itself.
struct Plain<'a>(&'a [u8]);

impl Bytes for Plain<'_> {
    fn byte(&mut self) -> Result<u8, Cut> {
        let (byte, rest) = self.0.split_first().ok_or(Cut)?;
        self.0 = rest;
        Ok(*byte)
    }
}

/// An answer, byte by byte.
trait Bytes {
    fn byte(&mut self) -> Result<u8, Cut>;

    /// Little-endian, as the daemon writes it.
    fn number(&mut self) -> Result<u16, Cut> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn id(&mut self) -> Result<[u8; ID_SIZE], Cut> {
        Ok([self.byte()?, self.byte()?, self.byte()?, self.byte()?])
    }

    fn description(&mut self, detail: Detail) -> Result<Option<Vec<u8>>, Cut> {
        if !detail.descriptions {
            return Ok(None);
        }
        let length = self.number()?;
        (0..length).map(|_| self.byte()).collect::<Result<_, _>>().map(Some)
    }
}

fn low_byte(number: i64) -> u8 {
    number.to_le_bytes()[0]
}

/// One byte of such text, as a signed number.
pub fn signed(text: &[u8]) -> i16 {
    i16::from(low_byte(hex::number(text.get(..2).unwrap_or(text))).cast_signed())
}

/// Two bytes of such text, the low one first, as a number. The digits are joined before they are
/// read, so a high byte that is missing or no number ends it at once, as in libdlt.
pub fn unsigned(text: &[u8]) -> u16 {
    let at = |offset| text.get(offset).copied().unwrap_or(0);
    let digits = [at(PER_BYTE), at(PER_BYTE + 1), at(0), at(1)];
    let [low, high, ..] = hex::number(&digits).to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// Bytes of such text, one for each of `out`; zeros behind its end.
pub fn bytes(text: &[u8], out: &mut [u8]) {
    let mut shown = text.chunks(PER_BYTE);
    for to in out {
        *to = shown.next().map_or(0, |text| low_byte(hex::number(text.get(..2).unwrap_or(text))));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANSWER: &[u8] =
        b"get_log_info, 07, 01 00 4c 4f 47 00 02 00 54 45 53 54 04 00 05 00 54 45 \
        53 54 31 43 54 58 32 ff ff 00 00 03 00 61 62 63 72 65 6d 6f ";

    fn all() -> Detail {
        Detail::of(7).unwrap()
    }

    #[test]
    fn applications_contexts_and_descriptions_are_read() {
        let context = |id, level, trace, description: &[u8]| Context {
            id: ContextId(id),
            level,
            trace,
            description: Some(description.to_vec()),
        };
        let expected = Application {
            id: AppId(*b"LOG\0"),
            contexts: vec![context(*b"TEST", 4, 0, b"TEST1"), context(*b"CTX2", -1, -1, b"")],
            description: Some(b"abc".to_vec()),
        };
        assert_eq!(parse(ANSWER, all()), Ok(vec![expected]));
    }

    #[test]
    fn an_answer_as_it_came_is_read_like_its_text() {
        let mut plain = vec![0; (ANSWER.len() - OFFSET) / PER_BYTE];
        bytes(&ANSWER[OFFSET..], &mut plain);
        assert_eq!(parse_bytes(&plain, all()), parse(ANSWER, all()));
        assert_eq!(parse_bytes(&plain[..20], all()), Err(Cut));
    }

    #[test]
    fn an_answer_that_ends_early_is_refused_wherever_it_ends() {
        // "remo" at the end is not part of what is read, and the last blank may be missing.
        let end = ANSWER.len() - 4 * PER_BYTE - 1;
        assert!(parse(&ANSWER[..end], all()).is_ok());
        for end in 0..end {
            assert_eq!(parse(&ANSWER[..end], all()), Err(Cut), "{end}");
        }
    }

    #[test]
    fn counts_and_lengths_that_lie_allocate_nothing() {
        for text in [
            &b"get_log_info, 07, ff ff 4c 4f 47 00 ff ff "[..],
            b"get_log_info, 07, 01 00 4c 4f 47 00 01 00 54 45 53 54 04 00 ff ff 41 ",
        ] {
            assert_eq!(parse(text, all()), Err(Cut));
        }
    }

    #[test]
    fn a_count_above_255_is_read_whole() {
        assert_eq!(unsigned(b"01 01 "), 257);
        assert_eq!(unsigned(b"ff ff "), u16::MAX);
    }

    // What libdlt 2.18.8 makes of odd text, but for the high byte that it loses.
    #[test]
    fn odd_text_reads_as_in_libdlt() {
        for (text, number, byte) in [
            (&b"1"[..], 0, 1),
            (b"", 0, 0),
            (b"12", 0, 18),
            (b"12 3", 3, 18),
            (b"1 2 3 4 5", 49, 1),
            (b"0x 01 ", 16, 0),
            (b"-1 -1 ", u16::MAX, -1),
            (b"\t1 \t2 ", 2, 1),
            (b"a b c d e", 202, 10),
        ] {
            assert_eq!(unsigned(text), number, "{}", text.escape_ascii());
            assert_eq!(signed(text), byte, "{}", text.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text: Vec<u8>, status in 3u8..8) {
            let _read_or_refused = parse(&text, Detail::of(status).unwrap());
            let _number = (unsigned(&text), signed(&text));
        }
    }
}
