//! Frames from applications, read at the daemon's end.
//!
//! On a FIFO many applications write, each may die in the middle of a frame, and anybody may claim
//! any length. So no length is believed against the evidence: a frame that is not followed by
//! another is searched for the beginning of one, and so is a frame that does not get complete in
//! time. What is passed over is counted.

use super::frame::{ContextRegistration, FRAME_HEADER, PATTERN, to_next_pattern};
use super::header::{MessageView, headers_size};
use super::unread::Unread;
use crate::types::{AppId, ContextId};

/// Longest description that is taken; a claim beyond it is no frame. The daemon keeps 256 bytes,
/// libdlt sends what it was given.
pub const DESCRIPTION_MAX: usize = 65_535;

/// In front of a message that came over a serial line; it belongs to neither frame nor message.
const SERIAL: [u8; 4] = *b"DLS\x01";

/// What an application says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromApplication<'a> {
    /// A message.
    Log {
        /// Its parts.
        message: MessageView<'a>,
        /// All of it, from HTYP to the end of the payload.
        bytes: &'a [u8],
    },
    /// An application is there, and listens by its process id.
    RegisterApplication {
        /// The application.
        app: AppId,
        /// Its process.
        pid: i32,
        /// What it says of itself.
        description: &'a [u8],
    },
    /// An application is gone, with all its contexts.
    UnregisterApplication {
        /// The application.
        app: AppId,
        /// Its process.
        pid: i32,
    },
    /// A context is there.
    RegisterContext(ContextRegistration<'a>),
    /// A context is gone.
    UnregisterContext {
        /// The application it belonged to.
        app: AppId,
        /// The context.
        context: ContextId,
        /// The process.
        pid: i32,
    },
    /// Messages were lost before they could be sent.
    Overflow {
        /// How many.
        lost: u32,
        /// By which application.
        app: AppId,
    },
    /// All contexts of an application have a new level and trace status.
    ApplicationLevels {
        /// The application.
        app: AppId,
        /// Level as it came.
        level: i8,
        /// Trace status as it came.
        trace: i8,
    },
    /// Where the application wants its messages, which daemons do not heed.
    LogMode(i8),
    /// A mark in the output.
    Marker,
}

/// What stands next in the bytes of applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival<'a> {
    /// A whole frame.
    Frame(FromApplication<'a>),
    /// So many bytes in one place belonged to no frame.
    Skipped(usize),
}

/// Bytes from applications on their way to being frames.
///
/// ```
/// use dlt::wire::outbound::{Arrival, FromApplication, Outbound};
///
/// let mut outbound = Outbound::new();
/// outbound.feed(b"junk DUH\x01\x0b\0\0");
/// assert_eq!(outbound.next(), None);
/// outbound.feed(&[0, 2]);
/// assert_eq!(outbound.next(), Some(Arrival::Skipped(5)));
/// assert_eq!(outbound.next(), Some(Arrival::Frame(FromApplication::LogMode(2))));
/// ```
#[derive(Debug, Default)]
pub struct Outbound {
    unread: Unread,
    /// Bytes passed over since the last frame.
    skipped: usize,
    /// The last frame was a marker of eight bytes, which may have a ninth.
    marker: bool,
}

/// Size of the frame that a header announces.
enum Size {
    Is(usize),
    /// More bytes are needed to tell.
    Unknown,
    /// The header announces what cannot be.
    Impossible,
}

enum Start {
    Frame(usize),
    Skip(usize),
    Incomplete,
}

impl Outbound {
    /// Nothing received yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what was read. Call [`Self::next`] until it has nothing more before the next `feed`:
    /// then at most one incomplete frame is kept.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.unread.feed(bytes);
    }

    /// The next whole frame, or the bytes that were passed over in front of it.
    #[expect(clippy::should_implement_trait, reason = "what it returns borrows from the parser")]
    pub fn next(&mut self) -> Option<Arrival<'_>> {
        loop {
            let first = *self.unread.rest().first()?;
            if core::mem::take(&mut self.marker) && first == 0 {
                self.unread.pass(1);
                continue;
            }
            let size = match start_of(self.unread.rest()) {
                Start::Skip(size) => {
                    self.unread.pass(size);
                    self.skipped += size;
                    continue;
                }
                Start::Incomplete => return None,
                Start::Frame(_) if self.skipped > 0 => {
                    return Some(Arrival::Skipped(core::mem::take(&mut self.skipped)));
                }
                Start::Frame(size) => size,
            };
            let frame = read(self.unread.take(size)?)?;
            self.marker = frame == FromApplication::Marker && size == FRAME_HEADER;
            return Some(Arrival::Frame(frame));
        }
    }

    /// Whether a frame has begun and is not complete.
    pub fn is_waiting(&self) -> bool {
        !self.unread.rest().is_empty()
    }

    /// The rest of the frame that waits should have come by now. If another one begins within it,
    /// that one is the next, and true is returned; otherwise it goes on waiting, for then it holds
    /// up nobody.
    pub fn give_up_waiting(&mut self) -> bool {
        let Some(next) = begins_within(self.unread.rest()) else {
            return false;
        };
        self.unread.pass(next);
        self.skipped += next;
        true
    }

    /// No more bytes will come: how many of those that came belonged to no frame and were not told
    /// yet.
    pub fn end(&mut self) -> usize {
        let rest = self.unread.rest().len();
        self.unread.clear();
        core::mem::take(&mut self.skipped) + rest
    }
}

fn start_of(bytes: &[u8]) -> Start {
    if !bytes.starts_with(&PATTERN) {
        return match to_next_pattern(bytes) {
            0 => Start::Incomplete,
            junk => Start::Skip(junk),
        };
    }
    let size = match size_of(bytes) {
        Size::Is(size) => size,
        Size::Unknown => return Start::Incomplete,
        Size::Impossible => return Start::Skip(PATTERN.len()),
    };
    let Some((frame, behind)) = bytes.split_at_checked(size) else {
        return Start::Incomplete;
    };
    let seen = behind.get(..PATTERN.len()).unwrap_or(behind);
    if PATTERN.starts_with(seen) {
        return Start::Frame(size);
    }
    // Something is wrong here or behind it. A frame that was torn has swallowed others.
    match begins_within(bytes).filter(|next| *next < frame.len()) {
        Some(next) => Start::Skip(next),
        None => Start::Frame(size),
    }
}

/// Where the next frame begins that announces a size, not counting the one at the start.
fn begins_within(bytes: &[u8]) -> Option<usize> {
    let mut at = PATTERN.len();
    while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= FRAME_HEADER) {
        match to_next_pattern(rest) {
            0 if matches!(size_of(rest), Size::Is(_)) => return Some(at),
            0 => at += 1,
            distance => at += distance,
        }
    }
    None
}

/// Size of the frame at the start of `bytes`, which begins with the pattern.
fn size_of(bytes: &[u8]) -> Size {
    let Some(frame_type) = field(bytes, 4) else {
        return Size::Unknown;
    };
    match u32::from_ne_bytes(frame_type) {
        1 => log_size(bytes),
        2 => with_description(bytes, 20),
        3 => Size::Is(16),
        4 => with_description(bytes, 30),
        5 => Size::Is(20),
        8 => Size::Is(16),
        9 => Size::Is(14),
        11 => Size::Is(9),
        // libdlt sends eight bytes; the daemon expects nine, and libdlt-ng sends them.
        13 => Size::Is(if bytes.get(FRAME_HEADER) == Some(&0) { 9 } else { 8 }),
        _ => Size::Impossible,
    }
}

fn log_size(bytes: &[u8]) -> Size {
    let start = if field(bytes, FRAME_HEADER) == Some(SERIAL) {
        FRAME_HEADER + SERIAL.len()
    } else {
        FRAME_HEADER
    };
    match field(bytes, start) {
        Some([htyp, _, high, low]) => match usize::from(u16::from_be_bytes([high, low])) {
            length if length < headers_size(htyp) => Size::Impossible,
            length => Size::Is(start + length),
        },
        None => Size::Unknown,
    }
}

/// A frame with a description behind its first `fixed` bytes, the last four of which are its
/// length.
fn with_description(bytes: &[u8], fixed: usize) -> Size {
    let Some(length) = field(bytes, fixed - 4) else {
        return Size::Unknown;
    };
    match usize::try_from(u32::from_ne_bytes(length)) {
        Ok(length) if length <= DESCRIPTION_MAX => Size::Is(fixed + length),
        _ => Size::Impossible,
    }
}

fn field(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// A whole frame, of which `bytes` is all.
fn read(bytes: &[u8]) -> Option<FromApplication<'_>> {
    let number = |at: usize| field(bytes, at).map(i32::from_ne_bytes);
    let app = |at: usize| field(bytes, at).map(AppId);
    let code = |at: usize| bytes.get(at).map(|byte| byte.cast_signed());
    Some(match u32::from_ne_bytes(field(bytes, 4)?) {
        1 => {
            let inside = bytes.get(FRAME_HEADER..)?;
            let bytes = inside.strip_prefix(&SERIAL).unwrap_or(inside);
            FromApplication::Log { message: MessageView::parse(bytes).ok()?, bytes }
        }
        2 => FromApplication::RegisterApplication {
            app: app(8)?,
            pid: number(12)?,
            description: bytes.get(20..)?,
        },
        3 => FromApplication::UnregisterApplication { app: app(8)?, pid: number(12)? },
        4 => FromApplication::RegisterContext(ContextRegistration {
            app: app(8)?,
            context: ContextId(field(bytes, 12)?),
            position: number(16)?,
            level: code(20)?,
            trace: code(21)?,
            pid: number(22)?,
            description: bytes.get(30..)?,
        }),
        5 => FromApplication::UnregisterContext {
            app: app(8)?,
            context: ContextId(field(bytes, 12)?),
            pid: number(16)?,
        },
        8 => FromApplication::Overflow { lost: number(8)?.cast_unsigned(), app: app(12)? },
        9 => {
            FromApplication::ApplicationLevels { app: app(8)?, level: code(12)?, trace: code(13)? }
        }
        11 => FromApplication::LogMode(code(8)?),
        13 => FromApplication::Marker,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{LIBRARY_ECU, Level};
    use crate::wire::frame::{self, LOG};
    use crate::wire::header::{Extended, HEADERS_MAX, Header, HeaderFlags, MessageInfo};

    fn log(counter: u8, payload: &[u8]) -> Vec<u8> {
        let header = Header {
            flags: HeaderFlags::ALL,
            counter,
            ecu: LIBRARY_ECU,
            session: 1,
            timestamp: 2,
            extended: Some(Extended {
                info: MessageInfo::log(Level::Info, true),
                arguments: 0,
                app: AppId(*b"APP1"),
                context: ContextId(*b"CTX1"),
            }),
        };
        let mut headers = [0; HEADERS_MAX];
        let size = header.compose(&mut headers, payload.len()).unwrap();
        [&LOG[..], &headers[..size], payload].concat()
    }

    fn framed(frame_type: u8, body: &[u8]) -> Vec<u8> {
        [&b"DUH\x01"[..], &[frame_type, 0, 0, 0], body].concat()
    }

    /// What comes out, in short: counters of messages, and the sizes of what is skipped.
    fn seen(outbound: &mut Outbound) -> Vec<String> {
        let mut seen = Vec::new();
        while let Some(arrival) = outbound.next() {
            seen.push(match arrival {
                Arrival::Frame(FromApplication::Log { message, .. }) => message.counter.to_string(),
                Arrival::Frame(FromApplication::Marker) => "mark".to_owned(),
                Arrival::Frame(other) => format!("{other:?}"),
                Arrival::Skipped(bytes) => format!("{bytes} skipped"),
            });
        }
        seen
    }

    fn seen_of(pieces: &[&[u8]]) -> Vec<String> {
        let mut outbound = Outbound::new();
        outbound.feed(&pieces.concat());
        seen(&mut outbound)
    }

    #[test]
    fn every_frame_that_is_written_is_read() {
        let (app, context) = (AppId(*b"APP1"), ContextId(*b"CTX1"));
        let registration = ContextRegistration {
            app,
            context,
            position: 7,
            level: -2,
            trace: 1,
            pid: 9,
            description: b"of a context",
        };
        let mut bytes = Vec::new();
        frame::register_application(&mut bytes, app, 9, b"of an application");
        frame::register_context(&mut bytes, &registration);
        frame::application_levels(&mut bytes, app, 3, -1);
        frame::overflow(&mut bytes, 0xffff_fff0, app);
        frame::marker(&mut bytes);
        frame::unregister_context(&mut bytes, app, context, 9);
        frame::unregister_application(&mut bytes, app, 9);
        let expected = [
            FromApplication::RegisterApplication { app, pid: 9, description: b"of an application" },
            FromApplication::RegisterContext(registration),
            FromApplication::ApplicationLevels { app, level: 3, trace: -1 },
            FromApplication::Overflow { lost: 0xffff_fff0, app },
            FromApplication::Marker,
            FromApplication::UnregisterContext { app, context, pid: 9 },
            FromApplication::UnregisterApplication { app, pid: 9 },
        ];
        for chunk in [1, 7, bytes.len()] {
            let mut outbound = Outbound::new();
            let mut expected = expected.iter();
            for part in bytes.chunks(chunk) {
                outbound.feed(part);
                while let Some(arrival) = outbound.next() {
                    assert_eq!(Some(arrival), expected.next().copied().map(Arrival::Frame));
                }
            }
            assert_eq!(expected.next(), None);
            assert_eq!(outbound.end(), 0);
        }
    }

    #[test]
    fn a_marker_has_eight_bytes_or_nine() {
        let short = framed(13, b"");
        assert_eq!(seen_of(&[&short, &log(1, b"")]), ["mark", "1"]);
        let mut outbound = Outbound::new();
        outbound.feed(&short);
        assert_eq!(seen(&mut outbound), ["mark"]);
        outbound.feed(&[0]);
        outbound.feed(&log(2, b""));
        assert_eq!(seen(&mut outbound), ["2"]);
    }

    #[test]
    fn a_serial_header_belongs_to_no_message() {
        let with = [&LOG[..], b"DLS\x01", &log(3, b"abc")[8..]].concat();
        assert_eq!(seen_of(&[&with, &log(4, b"")]), ["3", "4"]);
    }

    #[test]
    fn garbage_between_frames_is_counted() {
        let pieces = [&b"garbage"[..], &log(1, b"x"), b"DUH\x02DUH", &log(2, b""), b"DUD"];
        let mut outbound = Outbound::new();
        outbound.feed(&pieces.concat());
        assert_eq!(seen(&mut outbound), ["7 skipped", "1", "7 skipped", "2"]);
        assert_eq!(outbound.end(), 3);
    }

    #[test]
    fn what_cannot_be_a_frame_is_skipped() {
        for lie in [
            framed(14, b"unknown"),
            framed(1, &[0x3d, 0, 0, 25]),
            framed(1, &[&[0x3d, 0, 0, 25][..], &[0; 21]].concat()),
            framed(2, b"APP1\x01\0\0\0\xff\xff\xff\xff"),
            framed(4, &[0xff; 22]),
        ] {
            let skipped = format!("{} skipped", lie.len());
            assert_eq!(seen_of(&[&lie, &log(1, b"")]), [&skipped, "1"], "{lie:?}");
        }
    }

    // libdlt goes on so after a short write.
    #[test]
    fn a_torn_frame_that_is_sent_again_whole_arrives_once() {
        let whole = log(1, &[b'x'; 5000]);
        let (torn, _) = whole.split_at(4096);
        assert_eq!(seen_of(&[torn, &whole, &log(2, b"")]), ["4096 skipped", "1", "2"]);
    }

    #[test]
    fn a_frame_of_another_application_inside_a_long_one_is_saved() {
        let long = log(1, &[b'x'; 5000]);
        let (first, second) = long.split_at(4096);
        let seen = seen_of(&[first, &log(2, b"short"), second, &log(3, b"")]);
        assert_eq!(seen, ["4096 skipped", "2", "938 skipped", "3"]);
    }

    #[test]
    fn payload_that_looks_like_a_frame_is_payload() {
        let inside = log(1, b"inside");
        let mut outbound = Outbound::new();
        outbound.feed(&log(2, &inside));
        assert_eq!(seen(&mut outbound), ["2"]);
        outbound.feed(&log(3, &inside));
        outbound.feed(&log(4, b""));
        assert_eq!(seen(&mut outbound), ["3", "4"]);
    }

    #[test]
    fn a_frame_that_claims_too_much_gives_way_when_its_time_is_over() {
        let lie = framed(1, &[0x3d, 0, 0xff, 0xff, 1, 2, 3]);
        let mut outbound = Outbound::new();
        outbound.feed(&lie);
        outbound.feed(&log(1, b""));
        assert_eq!(seen(&mut outbound), Vec::<String>::new());
        assert!(outbound.is_waiting());
        assert!(outbound.give_up_waiting());
        assert_eq!(seen(&mut outbound), ["15 skipped", "1"]);
        assert!(!outbound.is_waiting());
    }

    #[test]
    fn a_frame_that_holds_up_nobody_may_take_its_time() {
        let whole = log(1, &[b'x'; 5000]);
        let (first, second) = whole.split_at(4096);
        let mut outbound = Outbound::new();
        outbound.feed(first);
        assert_eq!(seen(&mut outbound), Vec::<String>::new());
        assert!(!outbound.give_up_waiting());
        outbound.feed(second);
        assert_eq!(seen(&mut outbound), ["1"]);
    }
}
