//! Network traces: whole, cut, or in segments.

use core::time::Duration;

use super::compose::Sender;
use super::message::Lost;
use crate::clock;
use crate::types::NetworkTraceType;
use crate::wire::arguments::{Arguments, Refused};
use crate::wire::header::MessageInfo;
use crate::wire::network_trace::{self, SEGMENT};

/// Why a trace was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It does not fit and may not be cut.
    #[error("the trace does not fit into a message")]
    TooLong,
    /// It, or a part of it, was lost.
    #[error(transparent)]
    Lost(#[from] Lost),
}

impl From<Refused> for Error {
    fn from(_: Refused) -> Self {
        Self::TooLong
    }
}

/// Whom a trace is from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The context.
    pub sender: Sender<'a>,
    /// The bus.
    pub bus: NetworkTraceType,
}

impl Source<'_> {
    /// Sends one message, its arguments written by `compose` into `staging`.
    fn send<E>(
        self,
        staging: &mut [u8],
        compose: impl FnOnce(&mut Arguments<'_>) -> Result<(), E>,
    ) -> Result<(), Error>
    where
        Error: From<E>,
    {
        let verbose = self.sender.instance.settings.switches().verbose();
        let info = MessageInfo::network_trace(self.bus, verbose);
        self.sender.send(staging, info, false, |to| Ok(compose(to)?))
    }

    /// Sends a trace in one message; one that does not fit is cut, if `truncate` allows.
    ///
    /// # Errors
    /// When it does not fit, or is lost.
    pub fn whole(
        self,
        staging: &mut [u8],
        header: &[u8],
        payload: &[u8],
        truncate: bool,
    ) -> Result<(), Error> {
        self.send(staging, |to| network_trace::whole(to, header, payload, truncate))
    }

    /// Sends a trace in one message if it fits, else in segments: all are in the ring when this
    /// returns. `staging` holds one message.
    ///
    /// # Errors
    /// When one of the messages is lost; what follows it is not sent.
    pub fn segmented(self, staging: &mut [u8], header: &[u8], payload: &[u8]) -> Result<(), Error> {
        // As libdlt decides it: without the lengths and types that verbose arguments carry. What
        // then does not fit after all is cut.
        if header.len() + payload.len() + 2 < staging.len() {
            return self.whole(staging, header, payload, true);
        }
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let stream = self.start(staging, header, length)?;
        for (sequence, piece) in (0u16..).zip(payload.chunks(SEGMENT)) {
            self.segment(staging, stream, sequence, piece)?;
        }
        self.end(staging, stream)
    }

    /// Announces segments of a payload of so many bytes. Returns the stream that they have to name.
    ///
    /// # Errors
    /// When the message does not fit, or is lost; so for the other two.
    pub fn start(self, staging: &mut [u8], header: &[u8], length: u32) -> Result<u32, Error> {
        let stream = stream_id(clock::wall());
        self.send(staging, |to| network_trace::start(to, stream, header, length))?;
        Ok(stream)
    }

    /// Sends a segment.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn segment(
        self,
        staging: &mut [u8],
        stream: u32,
        sequence: u16,
        piece: &[u8],
    ) -> Result<(), Error> {
        self.send(staging, |to| network_trace::segment(to, stream, sequence, piece))
    }

    /// Ends the segments.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn end(self, staging: &mut [u8], stream: u32) -> Result<(), Error> {
        self.send(staging, |to| network_trace::end(to, stream))
    }
}

/// Tells streams of one context apart: microseconds of the wall clock's second.
fn stream_id(wall: Duration) -> u32 {
    wall.subsec_micros()
}
