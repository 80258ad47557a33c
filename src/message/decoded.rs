//! One message.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use crate::text::{self, Arguments, LocalTime};
use crate::types::{AppId, ContextId, EcuId, Level};
use crate::wire::header::{Extended, MessageType, MessageView, ParseError, StorageHeader};

/// What a file, or who has received the message, adds to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// When it was received, as wall time since 1970.
    pub wall: Duration,
    /// The control unit that it was received from; empty if that is not known.
    pub ecu: EcuId,
}

impl Stored {
    #[doc(hidden)]
    /// What a storage header says. Microseconds that are none count as 0.
    pub fn of(storage: &StorageHeader) -> Self {
        let micros = u32::try_from(storage.microseconds).ok().filter(|micros| *micros < 1_000_000);
        let wall = Duration::new(storage.seconds.into(), micros.unwrap_or(0) * 1000);
        Self { wall, ecu: storage.ecu }
    }
}

/// The headers of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    htyp: u8,
    counter: u8,
    length: u16,
    ecu: Option<EcuId>,
    session: Option<u32>,
    timestamp: Option<u32>,
    extended: Option<Extended>,
    /// Bytes in front of the payload.
    size: u16,
}

impl Header {
    /// Those of a message that was parsed.
    pub fn of(view: &MessageView<'_>) -> Self {
        let &MessageView { htyp, counter, length, ecu, session, timestamp, extended, payload } =
            view;
        let payload = u16::try_from(payload.len()).unwrap_or(length);
        let size = length.saturating_sub(payload);
        Self { htyp, counter, length, ecu, session, timestamp, extended, size }
    }

    /// Bytes of the message, from its standard header to the end of its payload.
    pub fn length(&self) -> usize {
        self.length.into()
    }
}

/// A message that was received or read.
///
/// Cloning it copies its headers and shares the rest. A message keeps alive the piece of memory that it was
/// read into, 64 KiB as a rule: who keeps one in a thousand for long may prefer
/// [`Message::from_bytes`] of its [`bytes`](Message::bytes).
///
/// ```
/// use dlt::Level;
/// use dlt::message::{Message, Value};
///
/// let bytes = b"\x31\x07\0\x1a\0\0\x27\x10\x41\x01APP\0CTX\0\x43\0\0\0\x78\0\0\0";
/// let message = Message::from_bytes(bytes)?;
/// assert_eq!(message.level(), Some(Level::Info));
/// assert_eq!(message.timestamp(), Some(core::time::Duration::from_secs(1)));
/// let values: Vec<Value> = message.arguments().flatten().map(|it| it.value).collect();
/// assert_eq!(values, [Value::Unsigned(120)]);
/// assert_eq!(message.text(), "120");
/// # Ok::<(), dlt::message::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Message {
    piece: Arc<Vec<u8>>,
    /// Where in the piece it begins, at its standard header.
    start: usize,
    header: Header,
    stored: Option<Stored>,
}

impl Message {
    /// The message at the start of `bytes`, which begin with its standard header: no storage header
    /// and no serial header stand in front of it. It is copied; what follows it is left.
    ///
    /// # Errors
    /// [`ParseError::Incomplete`] if it goes on behind `bytes`, [`ParseError::TooShort`] if it claims
    /// to be shorter than its headers.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ParseError> {
        let header = Header::of(&MessageView::parse(bytes)?);
        let bytes = bytes.get(..header.length()).ok_or(ParseError::Incomplete)?;
        Ok(Self::in_piece(Arc::new(bytes.to_vec()), 0, header, None))
    }

    #[doc(hidden)]
    /// The message in a piece, at `start`, where its headers were parsed.
    pub fn in_piece(
        piece: Arc<Vec<u8>>,
        start: usize,
        header: Header,
        stored: Option<Stored>,
    ) -> Self {
        Self { piece, start, header, stored }
    }

    /// The same message with what is known of its reception.
    #[must_use]
    pub fn received_at(mut self, stored: Stored) -> Self {
        self.stored = Some(stored);
        self
    }

    /// The control unit it comes from: the one it names, else the one that the file or the
    /// connection knows.
    pub fn ecu(&self) -> Option<EcuId> {
        let stored = self.stored.map(|stored| stored.ecu).filter(|ecu| !ecu.is_empty());
        self.header.ecu.or(stored)
    }

    /// The application it comes from. None without extended header.
    pub fn app(&self) -> Option<AppId> {
        self.header.extended.map(|extended| extended.app)
    }

    /// The context it comes from. None without extended header.
    pub fn context(&self) -> Option<ContextId> {
        self.header.extended.map(|extended| extended.context)
    }

    /// The session, which is the sender's process id unless it says otherwise.
    pub fn session(&self) -> Option<u32> {
        self.header.session
    }

    /// Time since the sender's system was started, without time that it slept; in steps of 0.1 ms, and
    /// from 0 again after 4.97 days.
    pub fn timestamp(&self) -> Option<Duration> {
        self.header.timestamp.map(|units| Duration::from_micros(u64::from(units) * 100))
    }

    /// When it was received, if that is known: in files that were written by who received it, and
    /// on live connections.
    pub fn received(&self) -> Option<SystemTime> {
        self.stored.map(|stored| SystemTime::UNIX_EPOCH + stored.wall)
    }

    /// What the file or the connection says of its reception.
    pub fn stored(&self) -> Option<Stored> {
        self.stored
    }

    /// Counter of the context's messages, 0 to 255 and from 0 again. A gap is a loss.
    pub fn counter(&self) -> u8 {
        self.header.counter
    }

    /// What kind of message it is. None without extended header; it is a non-verbose log or trace
    /// message then.
    pub fn kind(&self) -> Option<MessageType> {
        self.header.extended.map(|extended| extended.info.message_type())
    }

    /// The level of a log message. None if it is no log message, or of no level that there is.
    pub fn level(&self) -> Option<Level> {
        let info = self.header.extended.filter(|_| self.kind() == Some(MessageType::Log))?.info;
        Level::try_from(i32::from(info.subtype())).ok()
    }

    /// Whether its arguments carry their types.
    pub fn is_verbose(&self) -> bool {
        self.view().is_verbose()
    }

    /// The number that stands for the text of a non-verbose message, or the service of a control
    /// message. None for verbose ones and for network traces, which have none.
    pub fn message_id(&self) -> Option<u32> {
        if self.is_verbose() || self.kind() == Some(MessageType::NetworkTrace) {
            return None;
        }
        let bytes = self.payload().first_chunk()?;
        let big_endian = self.view().is_big_endian();
        Some(if big_endian { u32::from_be_bytes(*bytes) } else { u32::from_le_bytes(*bytes) })
    }

    /// The arguments of a verbose message, one by one, without a copy. Of others there are none.
    pub fn arguments(&self) -> Arguments<'_> {
        text::arguments_of(&self.view())
    }

    /// What stands behind the headers.
    pub fn payload(&self) -> &[u8] {
        self.bytes().get(usize::from(self.header.size)..).unwrap_or_default()
    }

    /// The whole message, from its standard header to the end of its payload.
    pub fn bytes(&self) -> &[u8] {
        self.piece.get(self.start..self.start + self.header.length()).unwrap_or_default()
    }

    /// The same for what works on views.
    #[doc(hidden)]
    pub fn view(&self) -> MessageView<'_> {
        let Header { htyp, counter, length, ecu, session, timestamp, extended, .. } = self.header;
        let payload = self.payload();
        MessageView { htyp, counter, length, ecu, session, timestamp, extended, payload }
    }

    /// The payload as people read it, as `dlt-receive -a` prints it between brackets. What is not
    /// UTF-8 is replaced; what cannot be decoded is left out.
    pub fn text(&self) -> String {
        let mut out = Vec::new();
        // What was decoded up to an error is all there is to print.
        let _ = text::payload(&mut out, &self.view(), text::Style::Ascii, false);
        String::from_utf8(out)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

/// The line that `dlt-convert -a` prints, with the time in UTC.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wall = self.stored.map_or(Duration::ZERO, |stored| stored.wall);
        let seconds = i64::try_from(wall.as_secs()).unwrap_or(0);
        let time = LocalTime::of(seconds, wall.subsec_micros().cast_signed());
        let mut out = Vec::new();
        text::line(&mut out, &self.view(), &time, self.ecu().unwrap_or_default());
        f.write_str(String::from_utf8_lossy(&out).trim_end_matches('\n'))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("stored", &self.stored)
            .field("header", &self.header)
            .field("payload", &self.payload().escape_ascii().to_string())
            .finish()
    }
}

/// The same bytes; when and where they were received does not matter.
impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Message {}
