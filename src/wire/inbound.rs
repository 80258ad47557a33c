//! Frames from the daemon to the application.
//!
//! Any process that may write to the application's FIFO can put anything there, so nothing is
//! believed: what is no frame is skipped byte by byte up to the next pattern, and no memory is
//! taken because a length field asks for it.

use super::frame::{FRAME_HEADER, PATTERN, to_next_pattern};
use super::unread::Unread;

/// Longest injection that is taken. The daemon has it out of one DLT message, which cannot be
/// longer; a claim beyond that is no frame.
pub const INJECTION_MAX: usize = 65_535;

const LOG_LEVEL: u32 = 6;
const INJECTION: u32 = 7;
const LOG_STATE: u32 = 12;

/// What the daemon says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromDaemon<'a> {
    /// A context has a new level and trace status.
    LogLevel {
        /// Level as it came; may be no level at all.
        level: u8,
        /// Trace status as it came.
        trace: u8,
        /// Number of the context, as it was registered.
        pos: i32,
    },
    /// A client sends data to a context.
    Injection {
        /// Number of the context, as it was registered.
        pos: i32,
        /// Service that is meant.
        service: u32,
        /// The data; may be empty.
        data: &'a [u8],
    },
    /// Whether a client is connected to the daemon: 1 or 0.
    LogState(i8),
}

/// Bytes from the daemon on their way to being frames.
///
/// ```
/// use dlt::wire::inbound::{FromDaemon, Inbound};
///
/// let mut inbound = Inbound::default();
/// inbound.feed(b"junk DUH\x01\x0c\0\0\0");
/// assert_eq!(inbound.next(), None);
/// inbound.feed(&[1]);
/// assert_eq!(inbound.next(), Some(FromDaemon::LogState(1)));
/// ```
#[derive(Debug, Default)]
pub struct Inbound {
    unread: Unread,
}

/// What stands at the start of the bytes that are left.
enum Start<'a> {
    Frame(usize, FromDaemon<'a>),
    /// Not a frame: so many bytes can go.
    Skip(usize),
    Incomplete,
}

impl Inbound {
    /// Nothing received yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what was read. Call [`Self::next`] until it has nothing more before the next `feed`:
    /// then at most one incomplete frame is kept.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.unread.feed(bytes);
    }

    /// Forgets everything: the next bytes come from another daemon.
    pub fn clear(&mut self) {
        self.unread.clear();
    }

    /// The next whole frame. Frames of other types and what is between frames is skipped.
    #[expect(clippy::should_implement_trait, reason = "what it returns borrows from the parser")]
    pub fn next(&mut self) -> Option<FromDaemon<'_>> {
        // Sizes first, then once more with the borrow that is returned: a borrow from inside the
        // loop would last for all its rounds.
        let size = loop {
            match start_of(self.unread.rest()) {
                Start::Frame(size, _) => break size,
                Start::Skip(size) => self.unread.pass(size),
                Start::Incomplete => return None,
            }
        };
        match start_of(self.unread.take(size)?) {
            Start::Frame(_, frame) => Some(frame),
            Start::Skip(_) | Start::Incomplete => None,
        }
    }
}

fn start_of(bytes: &[u8]) -> Start<'_> {
    if !bytes.starts_with(&PATTERN) {
        return match to_next_pattern(bytes) {
            0 => Start::Incomplete,
            junk => Start::Skip(junk),
        };
    }
    let Some((&[_, _, _, _, t0, t1, t2, t3], body)) = bytes.split_first_chunk::<FRAME_HEADER>()
    else {
        return Start::Incomplete;
    };
    match u32::from_ne_bytes([t0, t1, t2, t3]) {
        LOG_LEVEL => match body.first_chunk() {
            Some(&[level, trace, p0, p1, p2, p3]) => {
                let pos = i32::from_ne_bytes([p0, p1, p2, p3]);
                Start::Frame(FRAME_HEADER + 6, FromDaemon::LogLevel { level, trace, pos })
            }
            None => Start::Incomplete,
        },
        INJECTION => injection(body),
        LOG_STATE => match body.first() {
            Some(state) => {
                Start::Frame(FRAME_HEADER + 1, FromDaemon::LogState(state.cast_signed()))
            }
            None => Start::Incomplete,
        },
        _ => Start::Skip(FRAME_HEADER),
    }
}

fn injection(body: &[u8]) -> Start<'_> {
    let Some((&[p0, p1, p2, p3, s0, s1, s2, s3, n0, n1, n2, n3], data)) =
        body.split_first_chunk::<12>()
    else {
        return Start::Incomplete;
    };
    let length = match usize::try_from(u32::from_ne_bytes([n0, n1, n2, n3])) {
        Ok(length) if length <= INJECTION_MAX => length,
        _ => return Start::Skip(FRAME_HEADER),
    };
    let Some(data) = data.get(..length) else {
        return Start::Incomplete;
    };
    let pos = i32::from_ne_bytes([p0, p1, p2, p3]);
    let service = u32::from_ne_bytes([s0, s1, s2, s3]);
    Start::Frame(FRAME_HEADER + 12 + length, FromDaemon::Injection { pos, service, data })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(level: u8, pos: i32) -> Vec<u8> {
        let mut frame = b"DUH\x01\x06\0\0\0".to_vec();
        frame.extend_from_slice(&[level, 1]);
        frame.extend_from_slice(&pos.to_ne_bytes());
        frame
    }

    fn injection_of(length: u32, data: &[u8]) -> Vec<u8> {
        let mut frame = b"DUH\x01\x07\0\0\0".to_vec();
        for number in [3, 0x1000, length] {
            frame.extend_from_slice(&number.to_ne_bytes());
        }
        frame.extend_from_slice(data);
        frame
    }

    #[test]
    fn every_known_frame_is_read() {
        let mut inbound = Inbound::new();
        inbound.feed(&level(2, 5));
        inbound.feed(&injection_of(3, b"abc"));
        inbound.feed(b"DUH\x01\x0c\0\0\0\xff");
        assert_eq!(inbound.next(), Some(FromDaemon::LogLevel { level: 2, trace: 1, pos: 5 }));
        let injected = FromDaemon::Injection { pos: 3, service: 0x1000, data: b"abc" };
        assert_eq!(inbound.next(), Some(injected));
        assert_eq!(inbound.next(), Some(FromDaemon::LogState(-1)));
        assert_eq!(inbound.next(), None);
    }

    #[test]
    fn frames_that_come_byte_by_byte_are_read() {
        let mut inbound = Inbound::new();
        let mut bytes = b"DDUDUHDUH\x02".to_vec();
        bytes.extend(level(4, 1));
        let mut seen = Vec::new();
        for byte in bytes {
            inbound.feed(&[byte]);
            while let Some(frame) = inbound.next() {
                seen.push(format!("{frame:?}"));
            }
        }
        assert_eq!(seen, ["LogLevel { level: 4, trace: 1, pos: 1 }"]);
    }

    #[test]
    fn unknown_types_are_skipped_up_to_the_next_frame() {
        let mut inbound = Inbound::new();
        inbound.feed(b"DUH\x01\x0e\0\0\0some payload");
        inbound.feed(&level(1, 0));
        assert_eq!(inbound.next(), Some(FromDaemon::LogLevel { level: 1, trace: 1, pos: 0 }));
    }

    #[test]
    fn an_injection_without_data_is_reported() {
        let mut inbound = Inbound::new();
        inbound.feed(&injection_of(0, b""));
        let empty = FromDaemon::Injection { pos: 3, service: 0x1000, data: b"" };
        assert_eq!(inbound.next(), Some(empty));
    }

    #[test]
    fn an_injection_that_claims_more_than_can_be_is_skipped() {
        let mut inbound = Inbound::new();
        inbound.feed(&injection_of(u32::MAX, b"abc"));
        inbound.feed(&level(1, 0));
        assert_eq!(inbound.next(), Some(FromDaemon::LogLevel { level: 1, trace: 1, pos: 0 }));
    }

    #[test]
    fn junk_is_not_kept() {
        let mut inbound = Inbound::new();
        for _ in 0..100 {
            inbound.feed(&[b'D'; 1000]);
            assert_eq!(inbound.next(), None);
        }
        inbound.feed(&[]);
        assert_eq!(inbound.unread.kept(), b"D");
    }
}
