//! What the registration functions of `dlt_user.h` have in common.

use core::ptr;

use libc::{c_char, c_int};

use super::arg;
use super::code::{Code, guard};
use super::types::DltContext;
use crate::logger;
use crate::logger::context::{self, Registration};
use crate::registry::{Cell, Injection, LevelChanged};
use crate::runtime;
use crate::types::{Level, NOT_SET, TraceStatus, UnknownCode};
use crate::wire::header::HeaderFlags;

/// The smallest service that may be injected.
const FIRST_SERVICE: u32 = 0xfff;

/// No optional header field.
pub(super) const NO_FIELD: HeaderFlags =
    HeaderFlags { ecu: false, session: false, timestamp: false };

impl From<logger::Error> for Code {
    fn from(error: logger::Error) -> Self {
        match error {
            logger::Error::OutOfRange => Self::WRONG_PARAMETER,
            _ => Self::ERROR,
        }
    }
}

/// In a forked child most calls fail before they look at their arguments.
pub(super) fn refuse_forked() -> Result<(), Code> {
    if runtime::is_forked() { Err(Code::ERROR) } else { Ok(()) }
}

/// A value of C that may also be -2, for "not set".
pub(super) fn optional<T: TryFrom<i32, Error = UnknownCode>>(
    code: c_int,
) -> Result<Option<T>, Code> {
    if code == c_int::from(NOT_SET) { Ok(None) } else { Ok(Some(T::try_from(code)?)) }
}

/// The cell of a registered context.
pub(super) fn cell(handle: &DltContext) -> Option<&'static Cell> {
    runtime::current()?.registry.cell_at(handle.log_level_ptr)
}

/// The position of a registered context.
pub(super) fn position(handle: &DltContext) -> Option<i32> {
    cell(handle)?.pos().filter(|pos| *pos == handle.log_level_pos)
}

/// Registers a context and fills in its handle.
///
/// # Safety
/// Each pointer is NULL or valid as `dlt_register_context` says.
pub(super) unsafe fn register(
    handle: *mut DltContext,
    id: *const c_char,
    description: *const c_char,
    (level, trace): (Option<Level>, Option<TraceStatus>),
    changed: Option<LevelChanged>,
) -> c_int {
    guard(|| {
        refuse_forked()?;
        if handle.is_null() {
            return Err(Code::WRONG_PARAMETER);
        }
        // SAFETY: NULL or readable up to its NUL or four bytes, by this function's contract.
        let id = unsafe { arg::context_id(id) }?;
        // SAFETY: NULL or a string, by this function's contract.
        let description = unsafe { arg::opt_cstr(description) }.unwrap_or_default();
        let registration = Registration { id, description, level, trace, changed };
        context::register(registration, |pos, cell| {
            let filled = DltContext {
                context_id: id.0,
                log_level_pos: pos,
                log_level_ptr: cell.level.as_ptr(),
                trace_status_ptr: cell.trace.as_ptr(),
                mcnt: 0,
            };
            // SAFETY: not NULL, and writable by this function's contract; perhaps not initialised.
            unsafe { ptr::write(handle, filled) };
        })?;
        Ok(())
    })
}

/// Sets what is called for a service of a context.
pub(super) fn on_injection(
    handle: &DltContext,
    service: u32,
    injection: Option<Injection>,
) -> Result<(), Code> {
    if service < FIRST_SERVICE {
        return Err(Code::WRONG_PARAMETER);
    }
    let instance = runtime::started()?;
    if instance.settings.switches().to_file() {
        return Ok(());
    }
    // A context that is not registered is none: libdlt says OK too.
    match position(handle) {
        Some(pos) => Ok(context::on_injection(pos, service, injection)?),
        None => Ok(()),
    }
}

/// Switches an optional header field.
pub(super) fn header_field(field: HeaderFlags, on: i8) -> c_int {
    guard(|| {
        runtime::started()?.settings.set_header(field, on != 0);
        Ok(())
    })
}

/// The body of a one-shot function, after what all of them refuse.
pub(super) fn one_call(missing: bool, body: impl FnOnce() -> c_int) -> c_int {
    if super::open::refuses_one_shot() {
        Code::ERROR.0
    } else if missing {
        Code::WRONG_PARAMETER.0
    } else {
        body()
    }
}

/// The first of two codes that is a failure.
pub(super) fn first_failure(first: c_int, second: c_int) -> c_int {
    if first < 0 { first } else { second }
}
