//! Frames from the application to the daemon: pattern, type, payload by type.
//!
//! Numbers have the host's byte order. Every function appends one whole frame; what is sent for a
//! log message is [`LOG`] followed by the message itself.

use super::utf8;
use crate::types::{AppId, ContextId};

/// Start of every frame, in both directions.
pub const PATTERN: [u8; 4] = *b"DUH\x01";
/// Bytes of pattern and type.
pub const FRAME_HEADER: usize = 8;
/// In front of every log message.
pub const LOG: [u8; FRAME_HEADER] = frame_header(Type::Log);
/// Longest description that is sent. The daemon keeps as much and searches what is behind it for
/// the next frame, so the rest of a longer one could be taken for a frame.
pub const DESCRIPTION_MAX: usize = 256;

#[derive(Clone, Copy)]
#[repr(u32)]
enum Type {
    Log = 1,
    RegisterApplication = 2,
    UnregisterApplication = 3,
    RegisterContext = 4,
    UnregisterContext = 5,
    Overflow = 8,
    ApplicationLevels = 9,
    Marker = 13,
}

const fn frame_header(frame_type: Type) -> [u8; FRAME_HEADER] {
    let [p0, p1, p2, p3] = PATTERN;
    let [t0, t1, t2, t3] = (frame_type as u32).to_ne_bytes();
    [p0, p1, p2, p3, t0, t1, t2, t3]
}

/// A context as it is told to the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextRegistration<'a> {
    /// The application it belongs to.
    pub app: AppId,
    /// The context.
    pub context: ContextId,
    /// Number by which the daemon refers to it.
    pub position: i32,
    /// Level asked for; [`NOT_SET`](crate::types::NOT_SET) makes the daemon answer with its own.
    pub level: i8,
    /// Trace status asked for; as `level`.
    pub trace: i8,
    /// The process.
    pub pid: i32,
    /// Description without NUL; may be empty.
    pub description: &'a [u8],
}

/// Tells the daemon of an application, and where it listens (by its process id).
pub fn register_application(out: &mut Vec<u8>, app: AppId, pid: i32, description: &[u8]) {
    out.extend_from_slice(&frame_header(Type::RegisterApplication));
    out.extend_from_slice(&app.0);
    out.extend_from_slice(&pid.to_ne_bytes());
    put_description(out, description);
}

/// Tells the daemon that an application, with all its contexts, is gone.
pub fn unregister_application(out: &mut Vec<u8>, app: AppId, pid: i32) {
    out.extend_from_slice(&frame_header(Type::UnregisterApplication));
    out.extend_from_slice(&app.0);
    out.extend_from_slice(&pid.to_ne_bytes());
}

/// Tells the daemon of a context.
pub fn register_context(out: &mut Vec<u8>, registration: &ContextRegistration<'_>) {
    out.extend_from_slice(&frame_header(Type::RegisterContext));
    out.extend_from_slice(&registration.app.0);
    out.extend_from_slice(&registration.context.0);
    out.extend_from_slice(&registration.position.to_ne_bytes());
    out.extend_from_slice(&registration.level.to_ne_bytes());
    out.extend_from_slice(&registration.trace.to_ne_bytes());
    out.extend_from_slice(&registration.pid.to_ne_bytes());
    put_description(out, registration.description);
}

/// Tells the daemon that a context is gone.
pub fn unregister_context(out: &mut Vec<u8>, app: AppId, context: ContextId, pid: i32) {
    out.extend_from_slice(&frame_header(Type::UnregisterContext));
    out.extend_from_slice(&app.0);
    out.extend_from_slice(&context.0);
    out.extend_from_slice(&pid.to_ne_bytes());
}

/// Tells the daemon how many messages were lost; it tells its clients.
pub fn overflow(out: &mut Vec<u8>, lost: u32, app: AppId) {
    out.extend_from_slice(&frame_header(Type::Overflow));
    out.extend_from_slice(&lost.to_ne_bytes());
    out.extend_from_slice(&app.0);
}

/// Sets level and trace status of all contexts of the application at the daemon.
pub fn application_levels(out: &mut Vec<u8>, app: AppId, level: i8, trace: i8) {
    out.extend_from_slice(&frame_header(Type::ApplicationLevels));
    out.extend_from_slice(&app.0);
    out.extend_from_slice(&level.to_ne_bytes());
    out.extend_from_slice(&trace.to_ne_bytes());
}

/// A mark in the daemon's output. The daemon waits for one byte behind the header, which libdlt
/// does not send; the next frame then loses its first byte and is lost.
pub fn marker(out: &mut Vec<u8>) {
    out.extend_from_slice(&frame_header(Type::Marker));
    out.push(0);
}

fn put_description(out: &mut Vec<u8>, description: &[u8]) {
    let end = utf8::floor_boundary(description, DESCRIPTION_MAX);
    let kept = description.get(..end).unwrap_or_default();
    let length = u32::try_from(kept.len()).unwrap_or(0);
    out.extend_from_slice(&length.to_ne_bytes());
    out.extend_from_slice(kept);
}

/// Bytes in front of the next pattern, or of what may become one when more bytes come.
pub(super) fn to_next_pattern(bytes: &[u8]) -> usize {
    let found = bytes.windows(PATTERN.len()).position(|window| *window == PATTERN);
    found.unwrap_or_else(|| {
        let possible = (1..PATTERN.len())
            .rev()
            .find(|length| PATTERN.get(..*length).is_some_and(|start| bytes.ends_with(start)));
        bytes.len() - possible.unwrap_or(0)
    })
}
