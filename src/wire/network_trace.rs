//! Payloads of network traces: messages seen on a bus, logged as raw arguments.
//!
//! A trace that does not fit into one message is cut ([`whole`] with `truncate`), or goes out in
//! segments: [`start`], [`segment`] for each piece, [`end`].

use super::arguments::{Arguments, Coding, Refused};
use crate::types::Format;

/// Bytes of the payload in one segment.
pub const SEGMENT: usize = 1024;
/// The same as the argument that announces it.
const SEGMENT_SIZE: u16 = 1024;
/// Bytes in front of the data of a raw argument: type and length.
const RAW_HEAD: usize = 4 + LENGTH;
const LENGTH: usize = 2;

/// Whether header and payload fit whole into what is left of the message.
pub fn fits(arguments: &Arguments<'_>, header: &[u8], payload: &[u8]) -> bool {
    let head = if arguments.is_verbose() { RAW_HEAD } else { LENGTH };
    2 * head + header.len() + payload.len() <= arguments.room()
}

/// A trace in one message. One that does not fit is cut so that it fills the message, if
/// `truncate` allows.
///
/// # Errors
/// [`Refused::NoRoom`] if it does not fit; the message is then of no use.
pub fn whole(
    arguments: &mut Arguments<'_>,
    header: &[u8],
    payload: &[u8],
    truncate: bool,
) -> Result<(), Refused> {
    if truncate && !fits(arguments, header, payload) {
        return truncated(arguments, header, payload);
    }
    raw(arguments, header)?;
    raw(arguments, payload)
}

/// The first part of a trace, which names its whole length before the cut.
fn truncated(arguments: &mut Arguments<'_>, header: &[u8], payload: &[u8]) -> Result<(), Refused> {
    mark(arguments, b"NWTR")?;
    raw(arguments, header)?;
    arguments.uint32(u32::try_from(payload.len()).unwrap_or(u32::MAX))?;
    // libdlt leaves room for a type in non-verbose messages too, where there is none.
    let room = arguments.room().checked_sub(RAW_HEAD).ok_or(Refused::NoRoom)?;
    raw(arguments, payload.get(..room).unwrap_or(payload))
}

/// Announces a segmented trace of `length` bytes. `stream` tells it from others.
///
/// # Errors
/// [`Refused::NoRoom`] if it does not fit; the message is then of no use.
pub fn start(
    arguments: &mut Arguments<'_>,
    stream: u32,
    header: &[u8],
    length: u32,
) -> Result<(), Refused> {
    let segments = (length as usize).div_ceil(SEGMENT);
    mark(arguments, b"NWST")?;
    arguments.uint32(stream)?;
    raw(arguments, header)?;
    arguments.uint32(length)?;
    arguments.uint16(u16::try_from(segments).unwrap_or(u16::MAX))?;
    arguments.uint16(SEGMENT_SIZE)
}

/// One piece, at most [`SEGMENT`] bytes; `sequence` counts from 0.
///
/// # Errors
/// [`Refused::NoRoom`] if it does not fit; the message is then of no use.
pub fn segment(
    arguments: &mut Arguments<'_>,
    stream: u32,
    sequence: u16,
    piece: &[u8],
) -> Result<(), Refused> {
    mark(arguments, b"NWCH")?;
    arguments.uint32(stream)?;
    arguments.uint16(sequence)?;
    raw(arguments, piece)
}

/// Behind the last piece.
///
/// # Errors
/// [`Refused::NoRoom`] if it does not fit; the message is then of no use.
pub fn end(arguments: &mut Arguments<'_>, stream: u32) -> Result<(), Refused> {
    mark(arguments, b"NWEN")?;
    arguments.uint32(stream)
}

fn mark(arguments: &mut Arguments<'_>, text: &[u8]) -> Result<(), Refused> {
    arguments.string(text, Coding::Ascii)
}

fn raw(arguments: &mut Arguments<'_>, data: &[u8]) -> Result<(), Refused> {
    arguments.raw(data, Format::Default)
}
