//! The network-trace functions of `dlt_user.h`.

use core::ffi::c_void;
use core::slice;

use libc::c_int;

use super::arg;
use super::code::{Code, guard};
use super::register::{cell, refuse_forked};
use super::types::DltContext;
use crate::logger::compose::Sender;
use crate::logger::trace::{Error, Source};
use crate::runtime;
use crate::staging;
use crate::sync::atomic::Ordering;
use crate::types::{ContextId, NetworkTraceType, TraceStatus};

/// What becomes of a trace that does not fit into one message.
#[derive(Clone, Copy)]
pub(super) enum Long {
    Cut,
    Refuse,
    Segment,
}

impl From<Error> for Code {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLong => Self::ERROR,
            Error::Lost(lost) => lost.into(),
        }
    }
}

/// Sends a trace, if the context's trace status is on.
///
/// # Safety
/// `handle` is NULL or a context; the other pointers are NULL or valid for reads of their lengths.
pub(super) unsafe fn trace(
    handle: *const DltContext,
    bus: c_int,
    (header, header_length): (*const c_void, u16),
    (payload, payload_length): (*const c_void, u16),
    long: Long,
) -> c_int {
    let send = |source: Source<'_>, staging: &mut [u8]| {
        let header_length = if header.is_null() { 0 } else { usize::from(header_length) };
        // SAFETY: NULL or valid by this function's contract.
        let header = unsafe { arg::bytes(header, header_length) }?;
        // SAFETY: NULL or valid by this function's contract.
        let payload = unsafe { arg::bytes(payload, usize::from(payload_length)) }?;
        match long {
            Long::Cut => source.whole(staging, header, payload, true)?,
            Long::Refuse => source.whole(staging, header, payload, false)?,
            Long::Segment => source.segmented(staging, header, payload)?,
        }
        Ok::<(), Code>(())
    };
    // SAFETY: by this function's contract.
    guard(|| unsafe { with_source(handle, bus, send) })
}

/// Sends something of a trace, if the context's trace status is on. `send` gets the memory for one
/// message.
///
/// # Safety
/// `handle` is NULL or a context.
pub(super) unsafe fn with_source<E>(
    handle: *const DltContext,
    bus: c_int,
    send: impl FnOnce(Source<'_>, &mut [u8]) -> Result<(), E>,
) -> Result<(), Code>
where
    Code: From<E>,
{
    refuse_forked()?;
    let bus = NetworkTraceType::try_from(bus)?;
    let instance = runtime::current().ok_or(Code::ERROR)?;
    if !instance.registry.has_contexts() {
        return Err(Code::ERROR);
    }
    // SAFETY: NULL or a context by this function's contract.
    let handle = unsafe { arg::required(handle) }?;
    if handle.trace_status_ptr.is_null() {
        // Not registered, so nobody has switched its traces on.
        return Ok(());
    }
    let cell = cell(handle).ok_or(Code::ERROR)?;
    if cell.trace.load(Ordering::Relaxed) != TraceStatus::On.code() {
        return Ok(());
    }
    let sender =
        Sender { instance, cell, pos: handle.log_level_pos, context: ContextId(handle.context_id) };
    let source = Source { sender, bus };
    let limit = instance.message_size_max();
    let area = staging::open(handle as *const _ as usize, limit, 0).ok_or(Code::ERROR)?;
    // SAFETY: the area has room for as much, and nobody else has it until it is closed.
    let staging = unsafe { slice::from_raw_parts_mut(area.buffer.as_ptr(), limit as usize) };
    let sent = send(source, staging);
    // SAFETY: opened above.
    unsafe { staging::close(area.buffer.as_ptr(), area.token) };
    Ok(sent?)
}
