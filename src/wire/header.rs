//! Headers in front of a message's payload: standard header with its optional fields, extended
//! header, and the storage header of files.
//!
//! Written by [`Header::compose`] into a slice; read by [`MessageView::parse`] without a copy.

use super::fill::Fill;
use crate::types::{AppId, ContextId, EcuId, ID_SIZE, Level, NetworkTraceType};

/// Longest headers of a message: standard, all optional fields, extended.
pub const HEADERS_MAX: usize = STANDARD + ID_SIZE + SESSION + TIMESTAMP + EXTENDED;
/// Longest message, from its standard header to the end of its payload. With the 8 bytes of the
/// frame in front it fills the daemon's receive buffer of 65,535 bytes.
pub const MESSAGE_MAX: usize = 65_527;
/// Bytes of the storage header.
pub const STORAGE: usize = 16;
/// Start of every storage header.
pub const STORAGE_PATTERN: [u8; 4] = *b"DLT\x01";

const STANDARD: usize = 4;
const SESSION: usize = 4;
const TIMESTAMP: usize = 4;
const EXTENDED: usize = 10;

const HAS_EXTENDED: u8 = 0x01;
const BIG_ENDIAN: u8 = 0x02;
const HAS_ECU: u8 = 0x04;
const HAS_SESSION: u8 = 0x08;
const HAS_TIMESTAMP: u8 = 0x10;
const VERSION: u8 = 0xe0;
const VERSION_1: u8 = 0x20;

/// Which optional fields a message carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderFlags {
    /// Identifier of the control unit.
    pub ecu: bool,
    /// Session: the process.
    pub session: bool,
    /// Time stamp.
    pub timestamp: bool,
}

impl HeaderFlags {
    /// All fields, which is what messages carry unless the application asks otherwise.
    pub const ALL: Self = Self { ecu: true, session: true, timestamp: true };

    /// The bits they have in HTYP.
    pub const fn bits(self) -> u8 {
        (if self.ecu { HAS_ECU } else { 0 })
            | (if self.session { HAS_SESSION } else { 0 })
            | (if self.timestamp { HAS_TIMESTAMP } else { 0 })
    }

    /// The flags among `bits`; other bits are ignored.
    pub const fn from_bits(bits: u8) -> Self {
        Self {
            ecu: bits & HAS_ECU != 0,
            session: bits & HAS_SESSION != 0,
            timestamp: bits & HAS_TIMESTAMP != 0,
        }
    }
}

impl Default for HeaderFlags {
    fn default() -> Self {
        Self::ALL
    }
}

/// What a message is: the byte MSIN of the extended header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageInfo(pub u8);

/// Kind of a message (MSTP).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageType {
    /// A log message; the subtype is its level.
    Log,
    /// A trace of the application.
    AppTrace,
    /// Something seen on a bus; the subtype names the bus.
    NetworkTrace,
    /// A request to the daemon or an answer of it.
    Control,
    /// Not defined.
    Other(u8),
}

impl MessageInfo {
    /// A log message.
    pub const fn log(level: Level, verbose: bool) -> Self {
        Self::compose(0, level.code().cast_unsigned(), verbose)
    }

    /// A network trace.
    pub const fn network_trace(bus: NetworkTraceType, verbose: bool) -> Self {
        Self::compose(2, bus.code().cast_unsigned(), verbose)
    }

    /// A control message; subtype 1 is a request, 2 an answer, 3 a time message.
    pub const fn control(subtype: u8) -> Self {
        Self::compose(3, subtype, false)
    }

    const fn compose(message_type: u8, subtype: u8, verbose: bool) -> Self {
        Self(verbose as u8 | message_type << 1 | subtype << 4)
    }

    /// Kind of the message.
    pub const fn message_type(self) -> MessageType {
        match self.0 >> 1 & 0x07 {
            0 => MessageType::Log,
            1 => MessageType::AppTrace,
            2 => MessageType::NetworkTrace,
            3 => MessageType::Control,
            other => MessageType::Other(other),
        }
    }

    /// Level, bus or kind of control message, by the message's type (MTIN).
    pub const fn subtype(self) -> u8 {
        self.0 >> 4
    }

    /// Whether arguments carry their types.
    pub const fn is_verbose(self) -> bool {
        self.0 & 1 != 0
    }
}

/// Extended header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extended {
    /// What the message is.
    pub info: MessageInfo,
    /// Number of arguments.
    pub arguments: u8,
    /// The application it is from.
    pub app: AppId,
    /// The context it is from.
    pub context: ContextId,
}

/// The message is longer than the daemon can receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Headers and payload exceed [`MESSAGE_MAX`].
    #[error("message of {0} bytes is longer than {MESSAGE_MAX}")]
    TooLong(usize),
    /// The slice is shorter than the headers.
    #[error("no room for headers of {0} bytes")]
    NoRoom(usize),
}

/// Headers of a message to be sent. Fields that `flags` leave out are not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Optional fields that are written.
    pub flags: HeaderFlags,
    /// Counter of the context's messages.
    pub counter: u8,
    /// Control unit.
    pub ecu: EcuId,
    /// Session: the process id.
    pub session: u32,
    /// Time since start of the system in 0.1 ms.
    pub timestamp: u32,
    /// Extended header, if there is one.
    pub extended: Option<Extended>,
}

impl Header {
    /// Bytes of the extended header.
    pub const EXTENDED: usize = EXTENDED;

    /// Bytes of the headers.
    pub const fn size(&self) -> usize {
        STANDARD
            + (if self.flags.ecu { ID_SIZE } else { 0 })
            + (if self.flags.session { SESSION } else { 0 })
            + (if self.flags.timestamp { TIMESTAMP } else { 0 })
            + (if self.extended.is_some() { EXTENDED } else { 0 })
    }

    /// Writes the headers of a message with `payload` bytes to the start of `out`, and returns
    /// their size. The payload belongs directly behind them.
    ///
    /// # Errors
    /// [`ComposeError`]; nothing was written.
    #[inline]
    pub fn compose(&self, out: &mut [u8], payload: usize) -> Result<usize, ComposeError> {
        let size = self.size();
        let whole = size.saturating_add(payload);
        let length = match u16::try_from(whole) {
            Ok(length) if whole <= MESSAGE_MAX => length,
            _ => return Err(ComposeError::TooLong(whole)),
        };
        let mut fill = Fill::new(out.get_mut(..size).ok_or(ComposeError::NoRoom(size))?);
        let extended = if self.extended.is_some() { HAS_EXTENDED } else { 0 };
        fill.put_array([VERSION_1 | self.flags.bits() | extended, self.counter]);
        fill.put_array(length.to_be_bytes());
        if self.flags.ecu {
            fill.put_array(self.ecu.0);
        }
        if self.flags.session {
            fill.put_array(self.session.to_be_bytes());
        }
        if self.flags.timestamp {
            fill.put_array(self.timestamp.to_be_bytes());
        }
        if let Some(extended) = &self.extended {
            fill.put_array([extended.info.0, extended.arguments]);
            fill.put_array(extended.app.0);
            fill.put_array(extended.context.0);
        }
        Ok(size)
    }
}

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The message goes on behind these bytes.
    #[error("message is not complete")]
    Incomplete,
    /// The length field is smaller than the headers themselves.
    #[error("length {0} is shorter than the headers")]
    TooShort(u16),
    /// There is no storage header here.
    #[error("no storage header")]
    NoStorageHeader,
}

/// A message in somebody's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageView<'a> {
    /// The byte HTYP as it stands there.
    pub htyp: u8,
    /// Counter of the context's messages.
    pub counter: u8,
    /// Bytes of the message, from HTYP to the end of the payload.
    pub length: u16,
    /// Control unit.
    pub ecu: Option<EcuId>,
    /// Session.
    pub session: Option<u32>,
    /// Time since start of the system in 0.1 ms.
    pub timestamp: Option<u32>,
    /// Extended header.
    pub extended: Option<Extended>,
    /// Everything behind the headers.
    pub payload: &'a [u8],
}

impl<'a> MessageView<'a> {
    /// The message at the start of `bytes` (no storage header, no frame). More bytes may follow.
    /// The version in HTYP is not judged.
    ///
    /// # Errors
    /// [`ParseError::Incomplete`] or [`ParseError::TooShort`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let (&[htyp, counter, high, low], _) =
            bytes.split_first_chunk::<STANDARD>().ok_or(ParseError::Incomplete)?;
        let length = u16::from_be_bytes([high, low]);
        let short = ParseError::TooShort(length);
        // A length that cannot hold the headers will not get better by waiting for more bytes.
        if usize::from(length) < headers_size(htyp) {
            return Err(short);
        }
        let message = bytes.get(..usize::from(length)).ok_or(ParseError::Incomplete)?;
        let mut rest = message.get(STANDARD..).ok_or(short)?;
        let flags = HeaderFlags::from_bits(htyp);
        let mut field = |present: bool| match rest.split_first_chunk::<4>() {
            Some((bytes, behind)) if present => {
                rest = behind;
                Some(*bytes)
            }
            _ => None,
        };
        let ecu = field(flags.ecu).map(EcuId);
        let session = field(flags.session).map(u32::from_be_bytes);
        let timestamp = field(flags.timestamp).map(u32::from_be_bytes);
        let extended = match rest.split_first_chunk::<EXTENDED>() {
            Some((&[info, arguments, a0, a1, a2, a3, c0, c1, c2, c3], behind))
                if htyp & HAS_EXTENDED != 0 =>
            {
                rest = behind;
                Some(Extended {
                    info: MessageInfo(info),
                    arguments,
                    app: AppId([a0, a1, a2, a3]),
                    context: ContextId([c0, c1, c2, c3]),
                })
            }
            _ => None,
        };
        Ok(Self { htyp, counter, length, ecu, session, timestamp, extended, payload: rest })
    }

    /// Protocol version in HTYP; libdlt writes 1.
    pub const fn version(&self) -> u8 {
        (self.htyp & VERSION) >> 5
    }

    /// Whether the payload's numbers are big-endian.
    pub const fn is_big_endian(&self) -> bool {
        self.htyp & BIG_ENDIAN != 0
    }

    /// Whether arguments carry their types; they don't if there is no extended header.
    pub fn is_verbose(&self) -> bool {
        self.extended.is_some_and(|extended| extended.info.is_verbose())
    }
}

/// Bytes of the headers of a message with this HTYP, from HTYP to the payload.
pub const fn headers_size(htyp: u8) -> usize {
    STANDARD
        + 4 * (htyp & (HAS_ECU | HAS_SESSION | HAS_TIMESTAMP)).count_ones() as usize
        + (if htyp & HAS_EXTENDED != 0 { EXTENDED } else { 0 })
}

/// What precedes each message in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageHeader {
    /// Wall clock, seconds since 1970.
    pub seconds: u32,
    /// Wall clock, microseconds of the second.
    pub microseconds: i32,
    /// Control unit.
    pub ecu: EcuId,
}

impl StorageHeader {
    /// The bytes of it. Numbers are little-endian, as all writers known to us are.
    pub fn compose(&self) -> [u8; STORAGE] {
        let mut out = [0; STORAGE];
        let mut fill = Fill::new(&mut out);
        fill.put_array(STORAGE_PATTERN);
        fill.put_array(self.seconds.to_le_bytes());
        fill.put_array(self.microseconds.to_le_bytes());
        fill.put_array(self.ecu.0);
        out
    }

    /// The storage header at the start of `bytes`, and what is behind it.
    ///
    /// # Errors
    /// [`ParseError::Incomplete`] or [`ParseError::NoStorageHeader`].
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let (start, _) = bytes.split_first_chunk::<4>().ok_or(ParseError::Incomplete)?;
        if *start != STORAGE_PATTERN {
            return Err(ParseError::NoStorageHeader);
        }
        let (header, behind) =
            bytes.split_first_chunk::<STORAGE>().ok_or(ParseError::Incomplete)?;
        let [_, _, _, _, s0, s1, s2, s3, m0, m1, m2, m3, e0, e1, e2, e3] = *header;
        let header = Self {
            seconds: u32::from_le_bytes([s0, s1, s2, s3]),
            microseconds: i32::from_le_bytes([m0, m1, m2, m3]),
            ecu: EcuId([e0, e1, e2, e3]),
        };
        Ok((header, behind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::LIBRARY_ECU;

    fn header(flags: HeaderFlags, extended: bool) -> Header {
        Header {
            flags,
            counter: 7,
            ecu: LIBRARY_ECU,
            session: 0x0102_0304,
            timestamp: 0x0506_0708,
            extended: extended.then_some(Extended {
                info: MessageInfo::log(Level::Info, true),
                arguments: 1,
                app: AppId(*b"APP1"),
                context: ContextId(*b"CTX1"),
            }),
        }
    }

    #[test]
    fn the_usual_header_has_its_known_bytes() {
        let mut out = [0; HEADERS_MAX];
        let size = header(HeaderFlags::ALL, true).compose(&mut out, 8).unwrap();
        assert_eq!(
            &out[..size],
            b"\x3d\x07\x00\x22ECU1\x01\x02\x03\x04\x05\x06\x07\x08\x41\x01APP1CTX1"
        );
    }

    #[test]
    fn every_combination_of_fields_is_read_back() {
        for bits in 0..8 {
            for extended in [false, true] {
                let flags = HeaderFlags::from_bits(bits << 2);
                let written = header(flags, extended);
                let mut out = [0xee; HEADERS_MAX + 3];
                let size = written.compose(&mut out, 3).unwrap();
                let view = MessageView::parse(&out).unwrap();
                assert_eq!(view.counter, 7);
                assert_eq!(view.ecu, flags.ecu.then_some(LIBRARY_ECU));
                assert_eq!(view.session, flags.session.then_some(written.session));
                assert_eq!(view.timestamp, flags.timestamp.then_some(written.timestamp));
                assert_eq!(view.extended, written.extended);
                assert_eq!(view.payload, [0xee; 3]);
                assert_eq!(usize::from(view.length), size + 3);
                assert_eq!(view.version(), 1);
            }
        }
    }

    #[test]
    fn a_message_that_exceeds_the_daemons_buffer_is_refused() {
        let header = header(HeaderFlags::ALL, true);
        let mut out = [0; HEADERS_MAX];
        assert!(header.compose(&mut out, MESSAGE_MAX - HEADERS_MAX).is_ok());
        let too_long = header.compose(&mut out, MESSAGE_MAX - HEADERS_MAX + 1);
        assert_eq!(too_long, Err(ComposeError::TooLong(MESSAGE_MAX + 1)));
        assert!(header.compose(&mut out, usize::MAX).is_err());
    }

    #[test]
    fn a_slice_shorter_than_the_headers_is_refused() {
        let mut out = [0; HEADERS_MAX - 1];
        let refused = header(HeaderFlags::ALL, true).compose(&mut out, 0);
        assert_eq!(refused, Err(ComposeError::NoRoom(HEADERS_MAX)));
    }

    #[test]
    fn a_length_smaller_than_the_headers_is_an_error_and_not_a_wait_for_more() {
        assert_eq!(MessageView::parse(&[0x3d, 0, 0, 25]), Err(ParseError::TooShort(25)));
        assert_eq!(MessageView::parse(&[0x3d, 0, 0, 26]), Err(ParseError::Incomplete));
        assert_eq!(MessageView::parse(&[0x20, 0, 0]), Err(ParseError::Incomplete));
    }

    #[test]
    fn a_default_level_shows_as_fifteen() {
        assert_eq!(MessageInfo::log(Level::Default, true).0, 0xf1);
        assert_eq!(MessageInfo::network_trace(NetworkTraceType::Can, true).0, 0x25);
        assert_eq!(MessageInfo::control(1).0, 0x16);
    }

    #[test]
    fn a_storage_header_is_read_back() {
        let written = StorageHeader { seconds: 1, microseconds: 999_999, ecu: LIBRARY_ECU };
        let mut bytes = written.compose().to_vec();
        bytes.push(0x3d);
        assert_eq!(StorageHeader::parse(&bytes), Ok((written, &[0x3d][..])));
        assert_eq!(StorageHeader::parse(b"DLT\x01"), Err(ParseError::Incomplete));
        assert_eq!(StorageHeader::parse(b"DLX\x01"), Err(ParseError::NoStorageHeader));
    }
}
