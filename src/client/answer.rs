//! What a daemon answers to a request.

use super::log_info::{self, Application, Cut, Detail};
use crate::message::Message;
use crate::wire::header::MessageType;

/// The subtype of a control message that is an answer.
const RESPONSE: u8 = 2;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Ok,
    /// No such service.
    NotSupported,
    /// Not done.
    Error,
    /// Anything else. The answer to [`super::Request::GetLogInfo`] says so what it holds.
    Other(u8),
}

/// An answer: a control message with the number of the service and a status.
///
/// ```
/// use dlt::client::{Answer, Status};
/// use dlt::message::Message;
///
/// let bytes = b"\x21\0\0\x18\x26\x01DA1\0DC1\0\x13\0\0\0\0\x01\0\0\0v";
/// let answer = Answer::of(&Message::from_bytes(bytes)?).expect("an answer");
/// assert_eq!((answer.service(), answer.status()), (0x13, Status::Ok));
/// assert_eq!(answer.software_version(), Some(&b"v"[..]));
/// # Ok::<(), dlt::message::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    message: Message,
    service: u32,
    status: u8,
}

impl Answer {
    /// The answer that the message is, if it is one.
    pub fn of(message: &Message) -> Option<Self> {
        let info = message.view().extended?.info;
        if info.message_type() != MessageType::Control || info.subtype() != RESPONSE {
            return None;
        }
        let status = *message.payload().get(4)?;
        Some(Self { message: message.clone(), service: message.message_id()?, status })
    }

    /// The service it is about.
    pub fn service(&self) -> u32 {
        self.service
    }

    /// How it went.
    pub fn status(&self) -> Status {
        match self.status {
            0 => Status::Ok,
            1 => Status::NotSupported,
            2 => Status::Error,
            other => Status::Other(other),
        }
    }

    /// What stands behind the status.
    pub fn data(&self) -> &[u8] {
        self.message.payload().get(5..).unwrap_or_default()
    }

    /// The message that it came as.
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// The applications and contexts of an answer to [`super::Request::GetLogInfo`]; none if the daemon
    /// has none.
    ///
    /// # Errors
    /// [`Cut`] if it ends before everything that it announces.
    pub fn applications(&self) -> Result<Vec<Application>, Cut> {
        match Detail::of(self.status) {
            Some(detail) => log_info::parse_bytes(self.data(), detail),
            None => Ok(Vec::new()),
        }
    }

    /// The text of an answer to [`super::Request::GetSoftwareVersion`]. None if it is none.
    pub fn software_version(&self) -> Option<&[u8]> {
        let (length, text) = self.data().split_first_chunk()?;
        let text = text.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        text.split(|byte| *byte == 0).next()
    }

    /// The level of an answer to [`super::Request::GetDefaultLogLevel`]: 0 (off) to 6 (verbose).
    pub fn default_log_level(&self) -> Option<u8> {
        self.data().first().copied()
    }
}
