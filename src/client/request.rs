//! Control requests and messages as a client sends them.

use super::SERIAL_HEADER;
use crate::types::{AppId, ContextId, EcuId};

/// Standard header with ECU and time stamp, and extended header.
const HEADERS: usize = 22;
/// The longest message: its length has 16 bits.
const LONGEST: usize = u16::MAX as usize;
/// Version 1, extended header, ECU, time stamp.
const HTYP: u8 = 0x35;
/// A control message that is a request.
const MSIN: u8 = 0x16;
/// What requests name as the interface they came through.
const COM: &[u8; 4] = b"remo";
/// Application and context of requests that are meant for no particular one.
const SENDER: (AppId, ContextId) = (AppId(*b"APP\0"), ContextId(*b"CON\0"));
/// In their place where neither is given.
const NOBODY: (AppId, ContextId) = (AppId(*b"CA1\0"), ContextId(*b"CC1\0"));

/// The request is longer than a message can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a request of {0} bytes is too long")]
pub struct TooLong(pub usize);

/// Something a client asks of the daemon.
///
/// Levels are 0 (off) to 6 (verbose), or 255 for the daemon's default; trace states 0 (off), 1 (on), or
/// 255 for the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request<'a> {
    /// The level of a context, or of all contexts of an application, or of all applications: an
    /// empty identifier stands for all, with some daemons.
    SetLogLevel {
        /// Its application.
        app: AppId,
        /// The context.
        context: ContextId,
        /// The level.
        level: u8,
    },
    /// The trace status of a context; as with the level.
    SetTraceStatus {
        /// Its application.
        app: AppId,
        /// The context.
        context: ContextId,
        /// The trace status.
        status: u8,
    },
    /// All applications and contexts with levels, trace states and descriptions.
    GetLogInfo,
    /// The level of contexts that ask for none.
    GetDefaultLogLevel,
    /// To keep the present levels over a restart.
    StoreConfig,
    /// To forget all levels that were set.
    ResetToFactoryDefault,
    /// To send a time message every second: 1, or not: 0.
    SetTimingPackets(u8),
    /// The level of contexts that ask for none.
    SetDefaultLogLevel(u8),
    /// The trace status of contexts that ask for none.
    SetDefaultTraceStatus(u8),
    /// The version of the daemon, or what was configured in its place.
    GetSoftwareVersion,
    /// The level of all contexts.
    SetAllLogLevel(u8),
    /// The trace status of all contexts.
    SetAllTraceStatus(u8),
    /// Data for a context's callback.
    Inject {
        /// Its application.
        app: AppId,
        /// The context.
        context: ContextId,
        /// The number under which the callback was registered, 4095 or above.
        service: u32,
        /// The data.
        data: &'a [u8],
    },
}

impl Request<'_> {
    /// Application and context in the message's header.
    pub fn address(&self) -> (AppId, ContextId) {
        match *self {
            Self::Inject { app, context, .. } => (app, context),
            Self::GetLogInfo | Self::GetDefaultLogLevel | Self::GetSoftwareVersion => NOBODY,
            _ => SENDER,
        }
    }

    /// The number of the service, which the answer repeats.
    pub fn service(&self) -> u32 {
        let payload = self.payload();
        payload.first_chunk().map_or(0, |number| u32::from_le_bytes(*number))
    }

    /// The service and what belongs to it.
    pub fn payload(&self) -> Vec<u8> {
        match *self {
            Self::SetLogLevel { app, context, level } => of_context(1, app, context, level),
            Self::SetTraceStatus { app, context, status } => of_context(2, app, context, status),
            // With descriptions, of all applications and contexts.
            Self::GetLogInfo => parts(3, &[&[7], &[0; 8], COM]),
            Self::GetDefaultLogLevel => parts(4, &[]),
            Self::StoreConfig => parts(5, &[]),
            Self::ResetToFactoryDefault => parts(6, &[]),
            Self::SetTimingPackets(on) => parts(0x0b, &[&[on]]),
            Self::SetDefaultLogLevel(level) => parts(0x11, &[&[level], COM]),
            Self::SetDefaultTraceStatus(status) => parts(0x12, &[&[status], COM]),
            Self::GetSoftwareVersion => parts(0x13, &[]),
            Self::SetAllLogLevel(level) => parts(0xf08, &[&[level], COM]),
            Self::SetAllTraceStatus(status) => parts(0xf09, &[&[status], COM]),
            Self::Inject { service, data, .. } => {
                let length = u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes();
                parts(service, &[&length, data])
            }
        }
    }
}

fn of_context(service: u32, app: AppId, context: ContextId, value: u8) -> Vec<u8> {
    parts(service, &[&app.0, &context.0, &[value], COM])
}

fn parts(service: u32, parts: &[&[u8]]) -> Vec<u8> {
    [&service.to_le_bytes()[..], &parts.concat()].concat()
}

/// The bytes of a control request. An empty application or context is replaced by one that names
/// nobody.
///
/// # Errors
/// [`TooLong`].
pub fn compose(
    (app, context): (AppId, ContextId),
    payload: &[u8],
    ecu: EcuId,
    timestamp: u32,
    serial_header: bool,
) -> Result<Vec<u8>, TooLong> {
    let whole = HEADERS.saturating_add(payload.len());
    let length = u16::try_from(whole).map_err(|_| TooLong(whole))?;
    let app = if app.is_empty() { NOBODY.0 } else { app };
    let context = if context.is_empty() { NOBODY.1 } else { context };
    let mut out = Vec::with_capacity(SERIAL_HEADER.len() + whole);
    if serial_header {
        out.extend_from_slice(&SERIAL_HEADER);
    }
    out.extend_from_slice(&[HTYP, 0]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&ecu.0);
    out.extend_from_slice(&timestamp.to_be_bytes());
    out.extend_from_slice(&[MSIN, 1]);
    out.extend_from_slice(&app.0);
    out.extend_from_slice(&context.0);
    out.extend_from_slice(payload);
    Ok(out)
}

/// The bytes of a message that somebody else composed.
pub fn forward(headers: &[u8], payload: &[u8], serial_header: bool) -> Vec<u8> {
    let serial: &[u8] = if serial_header { &SERIAL_HEADER } else { &[] };
    [serial, headers, payload].concat()
}

/// Whether a payload can be sent at all, without composing it.
pub const fn fits(payload: usize) -> bool {
    payload <= LONGEST - HEADERS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::header::{MessageType, MessageView};

    const ECU: EcuId = EcuId(*b"ECUX");

    #[test]
    fn a_request_has_the_bytes_that_libdlt_sends() {
        let request =
            Request::SetLogLevel { app: AppId(*b"APID"), context: ContextId(*b"CTID"), level: 5 };
        let sent = compose(request.address(), &request.payload(), ECU, 0x01020304, true).unwrap();
        assert_eq!(
            sent,
            b"DLS\x01\x35\0\0\x27ECUX\x01\x02\x03\x04\x16\x01APP\0CON\0\x01\0\0\0APIDCTID\x05remo"
        );
        let request = Request::GetLogInfo;
        let sent = compose(request.address(), &request.payload(), ECU, 0, false).unwrap();
        assert_eq!(
            sent,
            b"\x35\0\0\x27ECUX\0\0\0\0\x16\x01CA1\0CC1\0\x03\0\0\0\x07\0\0\0\0\0\0\0\0remo"
        );
    }

    #[test]
    fn every_request_is_a_control_message_that_can_be_parsed() {
        let (app, context) = (AppId(*b"A\0\0\0"), ContextId::default());
        for (request, service) in [
            (Request::SetTraceStatus { app, context, status: 1 }, 2_u32),
            (Request::GetDefaultLogLevel, 4),
            (Request::StoreConfig, 5),
            (Request::ResetToFactoryDefault, 6),
            (Request::SetTimingPackets(1), 0xb),
            (Request::SetDefaultLogLevel(1), 0x11),
            (Request::SetDefaultTraceStatus(1), 0x12),
            (Request::GetSoftwareVersion, 0x13),
            (Request::SetAllLogLevel(1), 0xf08),
            (Request::SetAllTraceStatus(1), 0xf09),
            (Request::Inject { app, context, service: 5000, data: b"data" }, 5000),
        ] {
            let sent = compose(request.address(), &request.payload(), ECU, 9, false).unwrap();
            let view = MessageView::parse(&sent).unwrap();
            let extended = view.extended.unwrap();
            assert_eq!(extended.info.message_type(), MessageType::Control, "{request:?}");
            assert_eq!(view.payload[..4], service.to_le_bytes(), "{request:?}");
            assert!(!extended.app.is_empty() && !extended.context.is_empty(), "{request:?}");
            assert_eq!(usize::from(view.length), sent.len(), "{request:?}");
        }
    }

    #[test]
    fn the_longest_request_fills_its_length_field() {
        let payload = vec![0; LONGEST - HEADERS];
        assert!(fits(payload.len()));
        assert_eq!(compose(SENDER, &payload, ECU, 0, false).unwrap().len(), LONGEST);
        let payload = vec![0; LONGEST - HEADERS + 1];
        assert!(!fits(payload.len()));
        assert_eq!(compose(SENDER, &payload, ECU, 0, false), Err(TooLong(LONGEST + 1)));
    }
}
