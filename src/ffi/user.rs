//! `dlt_user.h` but for the argument writers, which stand in [`super::write`].
//!
//! The comments on the functions become the C header, so they are written for its reader. What
//! they say about a pointer is the contract that the function's `unsafe` stands for; where they
//! say nothing, it is valid for the call or NULL.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::ptr;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use libc::{c_char, c_int, c_uint, c_void};

use super::code::{Code, guard, guard_or};
use super::open::{finish, level_check, one_shot, start, start_given};
use super::register::{
    NO_FIELD, first_failure, header_field, on_injection, one_call, optional, position,
    refuse_forked, register,
};
use super::trace::{Long, trace};
use super::types::{
    DLT_ID_SIZE, DltContext, DltContextData, DltLogLevelType, DltNetworkTraceType, DltReturnValue,
    DltTraceStatusType, DltUserLogMode, dlt_env_ll_set,
};
use super::write::{
    dlt_user_log_write_int, dlt_user_log_write_raw, dlt_user_log_write_string,
    dlt_user_log_write_uint,
};
use super::{arg, callback, level_set, version};
use crate::instance::Order;
use crate::logger::statistics::Statistics;
use crate::logger::{application, context};
use crate::ring::RECORD_SLOT;
use crate::runtime;
use crate::sync::atomic::Ordering;
use crate::types::ContextId;
use crate::wire::header::HeaderFlags;

/// Start the library: read the environment, start its thread, begin to look for the daemon.
///
/// Nearly every function does that by itself when it is first called. Further calls do nothing.
/// In a child after fork() this gives the child a connection of its own; until then its calls fail.
/// Thread-safe.
///
/// @return DLT_RETURN_OK, also when no daemon is running yet; a negative code on failure
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_init() -> DltReturnValue {
    guard(|| Ok(runtime::init().map(drop)?))
}

/// Start the library with a file instead of the daemon. Existing content is replaced.
///
/// Does nothing when the library is already started. Thread-safe.
///
/// @param name path of the file, as dlt-viewer and dlt-convert read it
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; another negative code when the file
///         cannot be opened
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_init_file(name: *const c_char) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let name = unsafe { arg::cstr(name) }?;
        Ok(runtime::init_file(OsStr::from_bytes(name)).map(drop)?)
    })
}

/// Limit the file of dlt_init_file(). A message that would exceed the limit is refused with
/// DLT_RETURN_FILESZERR. Without this call there is no limit.
///
/// @param filesize limit in bytes, 0 for none
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when the library is not writing to a file
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_filesize_max(filesize: c_uint) -> DltReturnValue {
    guard(|| {
        let instance = runtime::current().ok_or(Code::ERROR)?;
        if !instance.settings.switches().to_file() {
            return Err(Code::ERROR);
        }
        instance.file.set_limit(filesize.into());
        Ok(())
    })
}

/// Stop the library: its thread ends, the connection is closed, all contexts are unregistered.
///
/// There is no counting: one call undoes any number of dlt_init(). Messages that still wait for
/// the daemon are lost; call dlt_unregister_app_flush_buffered_logs() first to keep them. The
/// library can be started again. Thread-safe. Contexts stay safe to use; logging with them fails
/// until they are registered again.
///
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when the library is not started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_free() -> DltReturnValue {
    guard(|| Ok(runtime::free()?))
}

/// Compare the version that a program was built with to the library's.
///
/// @param user_major_version major version as text
/// @param user_minor_version minor version as text
/// @return DLT_RETURN_OK when both are equal; DLT_RETURN_ERROR when not, which is also reported;
///         DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_check_library_version(
    user_major_version: *const c_char,
    user_minor_version: *const c_char,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let major = unsafe { arg::cstr(user_major_version) }?;
        // SAFETY: NULL or a string, as documented.
        let minor = unsafe { arg::cstr(user_minor_version) }?;
        version::check(major, minor)
    })
}

/// The same as dlt_check_library_version(), under its older name.
///
/// @param user_major_version major version as text
/// @param user_minor_version minor version as text
/// @return see dlt_check_library_version()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_check_library_version(
    user_major_version: *const c_char,
    user_minor_version: *const c_char,
) -> DltReturnValue {
    // SAFETY: the same contract.
    unsafe { dlt_check_library_version(user_major_version, user_minor_version) }
}

/// Register the application. A process has one: another id replaces the first.
///
/// Messages logged earlier wait until then. Registering the current id again does nothing.
/// Thread-safe.
///
/// @param apid id of the application; the first four bytes count, and no more than that are read
/// @param description text for a viewer, or NULL; copied
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER when the id is NULL or empty; another negative
///         code on failure
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_app(
    apid: *const c_char,
    description: *const c_char,
) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        // SAFETY: NULL or readable up to its NUL or four bytes, as documented.
        let id = unsafe { arg::app_id(apid) }?;
        // SAFETY: NULL or a string, as documented.
        let description = unsafe { arg::opt_cstr(description) }.unwrap_or_default();
        Ok(application::register(id, description)?)
    })
}

/// Unregister the application. Contexts stay; what is logged waits for the next registration.
/// Thread-safe.
///
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when none is registered
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_unregister_app() -> DltReturnValue {
    guard(|| Ok(application::unregister()?))
}

/// Wait until the daemon has taken all messages, then unregister the application.
///
/// Gives up when the daemon is not there or takes nothing. Thread-safe.
///
/// @return DLT_RETURN_OK; a negative code when messages remain or no application is registered
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_unregister_app_flush_buffered_logs() -> DltReturnValue {
    guard(|| {
        if application::id().is_none() {
            return Err(Code::ERROR);
        }
        let delivered = runtime::flush_while_linked().unwrap_or(false);
        application::unregister()?;
        Ok(if delivered { Code::OK } else { Code::ERROR })
    })
}

/// Get the id of the application.
///
/// @param appid array of at least four bytes. An id of four bytes fills it without a final NUL
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_appid(appid: *mut c_char) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or an array of four, as documented.
        let to = unsafe { arg::room(appid, DLT_ID_SIZE) }?;
        to.copy_from_slice(&application::id().unwrap_or_default().0);
        Ok(())
    })
}

/// Register a context: what messages are logged with, and what log levels are set for.
///
/// May be called before the application is registered. Thread-safe.
///
/// @param handle context to fill in; not kept by the library
/// @param contextid id of the context; the first four bytes count, and no more than that are read
/// @param description text for a viewer, or NULL; copied
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER when the handle is NULL or the id NULL or
///         empty; another negative code on failure
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_context(
    handle: *mut DltContext,
    contextid: *const c_char,
    description: *const c_char,
) -> DltReturnValue {
    // SAFETY: the same contract.
    unsafe { register(handle, contextid, description, (None, None), None) }
}

/// Register a context with a log level and a trace status of its own.
///
/// @param handle context to fill in; not kept by the library
/// @param contextid id of the context; the first four bytes count
/// @param description text for a viewer, or NULL; copied
/// @param loglevel a DltLogLevelType, or -2 to leave it to the daemon
/// @param tracestatus a DltTraceStatusType, or -2 to leave it to the daemon
/// @return as dlt_register_context(); DLT_RETURN_WRONG_PARAMETER also for values out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_context_ll_ts(
    handle: *mut DltContext,
    contextid: *const c_char,
    description: *const c_char,
    loglevel: c_int,
    tracestatus: c_int,
) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        let level = optional(loglevel)?;
        let trace = optional(tracestatus)?;
        // SAFETY: the same contract.
        Ok(unsafe { register(handle, contextid, description, (level, trace), None) })
    })
}

/// Register a context together with a function that is told of its log level.
///
/// @param handle context to fill in; not kept by the library
/// @param contextid id of the context; the first four bytes count
/// @param description text for a viewer, or NULL; copied
/// @param dlt_log_level_changed_callback see dlt_register_log_level_changed_callback()
/// @return as dlt_register_context()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_context_llccb(
    handle: *mut DltContext,
    contextid: *const c_char,
    description: *const c_char,
    dlt_log_level_changed_callback: Option<
        unsafe extern "C" fn(context_id: *mut c_char, log_level: u8, trace_status: u8),
    >,
) -> DltReturnValue {
    // SAFETY: the same contract.
    unsafe {
        register(
            handle,
            contextid,
            description,
            (None, None),
            dlt_log_level_changed_callback.map(callback::level_changed),
        )
    }
}

/// Unregister a context. Its callbacks are not called again once this has returned, unless it is
/// called from one of them. Thread-safe.
///
/// @param handle registered context
/// @return DLT_RETURN_OK, also when it was unregistered before; DLT_RETURN_ERROR when it is NULL or
///         never was registered
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_unregister_context(handle: *mut DltContext) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        // SAFETY: NULL or a context, as documented.
        let handle = unsafe { arg::opt_mut(handle) }.ok_or(Code::ERROR)?;
        if handle.context_id[0] == 0 {
            return Err(Code::ERROR);
        }
        let pos = position(handle);
        handle.log_level_ptr = ptr::null_mut();
        handle.trace_status_ptr = ptr::null_mut();
        Ok(context::unregister(pos, ContextId(handle.context_id))?)
    })
}

/// Set the log level and the trace status of all contexts of the application, here and at the
/// daemon.
///
/// @param loglevel highest level that passes
/// @param tracestatus whether network trace is on
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for values out of range; DLT_RETURN_ERROR when
///         no context or no application is registered
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_application_ll_ts_limit(
    loglevel: DltLogLevelType,
    tracestatus: DltTraceStatusType,
) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        Ok(application::limit_levels(optional(loglevel)?, optional(tracestatus)?)?)
    })
}

/// Accepted for compatibility: no daemon acts on a log mode.
///
/// @param mode log mode
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for values out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_log_mode(mode: DltUserLogMode) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        match mode {
            -1..=3 => Ok(runtime::started().map(drop)?),
            _ => Err(Code::WRONG_PARAMETER),
        }
    })
}

/// Ask whether somebody is listening to the daemon. Never starts the library.
///
/// @return 1 when a client is connected to the daemon, 0 when not, -1 when it is not known
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_log_state() -> c_int {
    guard_or(-1, || {
        // As libdlt has it: 0 before the first start, unknown from then on.
        let without = if runtime::has_run() { -1 } else { 0 };
        runtime::current().map_or(without, |instance| instance.progress.log_state().into())
    })
}

/// Choose how long the end of the process may be held up to deliver what is waiting.
///
/// @param timeout_in_milliseconds time limit; 0 gives up at once
/// @return 0; negative on failure
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_resend_timeout_atexit(timeout_in_milliseconds: u32) -> c_int {
    guard(|| {
        runtime::started()?;
        runtime::set_exit_timeout(timeout_in_milliseconds);
        Ok(())
    })
}

/// Deliver what is waiting, within the limits that apply at the end of the process.
///
/// @return number of messages that are still waiting
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_atexit_blow_out_user_buffer() -> c_int {
    guard(|| {
        let Some(instance) = runtime::current() else {
            return Ok(0);
        };
        // Either way the count tells.
        let _delivered = runtime::flush_as_at_exit();
        Ok(c_int::try_from(Statistics::of(instance).waiting).unwrap_or(c_int::MAX))
    })
}

/// Deliver what is waiting, as far as the daemon takes it now.
///
/// @return DLT_RETURN_OK when nothing is left or no application is registered; a negative code
///         otherwise
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_resend_buffer() -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        if let Some(instance) = runtime::current()
            && instance.registry.app().is_some()
        {
            instance.order(Order::Seek);
        }
        Ok(())
    })
}

/// Ask how full the memory for waiting messages is.
///
/// @param total_size receives the bytes there are
/// @param used_size receives the bytes in use
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_check_buffer(
    total_size: *mut c_int,
    used_size: *mut c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or writable, as documented.
        let total = unsafe { arg::out(total_size) }?;
        // SAFETY: NULL or writable, as documented.
        let used = unsafe { arg::out(used_size) }?;
        // What the worker has taken out of the ring waits no less.
        let (slots, taken) = runtime::current().map_or((0, 0), |instance| {
            let batch = instance.progress.in_batch.load(Ordering::Acquire);
            let batch = usize::try_from(batch).unwrap_or(usize::MAX);
            let ring = &instance.ring;
            (ring.capacity(), ring.used().saturating_add(batch).min(ring.capacity()))
        });
        *total = c_int::try_from(slots * RECORD_SLOT).unwrap_or(c_int::MAX);
        *used = c_int::try_from(taken * RECORD_SLOT).unwrap_or(c_int::MAX);
        Ok(())
    })
}

/// Have a function called when a client injects a message for a context.
///
/// It is called on the library's thread with no lock held, so it may log, register and unregister.
/// While it runs, nothing is delivered. The data is valid during the call. Unregister the context
/// before the function's code is unloaded.
///
/// @param handle registered context; not kept by the library
/// @param service_id service, at least 0xFFF
/// @param dlt_injection_callback function; its result is not used
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when the handle is NULL; DLT_RETURN_WRONG_PARAMETER for a
///         smaller service
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_injection_callback(
    handle: *mut DltContext,
    service_id: u32,
    dlt_injection_callback: Option<
        unsafe extern "C" fn(service_id: u32, data: *mut c_void, length: u32) -> c_int,
    >,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a context, as documented.
        let handle = unsafe { arg::opt_ref(handle) }.ok_or(Code::ERROR)?;
        on_injection(handle, service_id, dlt_injection_callback.map(callback::injection))
    })
}

/// Have a function called with a pointer of the caller's when a client injects a message.
///
/// @param handle registered context; not kept by the library
/// @param service_id service, at least 0xFFF
/// @param dlt_injection_callback function; its result is not used
/// @param priv_data handed to the function; with NULL it is called with three arguments only
/// @return as dlt_register_injection_callback()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_injection_callback_with_id(
    handle: *mut DltContext,
    service_id: u32,
    dlt_injection_callback: Option<
        unsafe extern "C" fn(
            service_id: u32,
            data: *mut c_void,
            length: u32,
            priv_data: *mut c_void,
        ) -> c_int,
    >,
    priv_data: *mut c_void,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a context, as documented.
        let handle = unsafe { arg::opt_ref(handle) }.ok_or(Code::ERROR)?;
        let injection = dlt_injection_callback
            .map(|function| callback::injection_with_data(function, priv_data));
        on_injection(handle, service_id, injection)
    })
}

/// Have a function called whenever the daemon sets a context's log level or trace status, and with
/// its first answer after the context was registered.
///
/// It is called on the library's thread with no lock held, so it may log, register and unregister.
/// Unregister the context before the function's code is unloaded.
///
/// @param handle registered context; not kept by the library
/// @param dlt_log_level_changed_callback function, or NULL for none; the context id it is called
///        with has four bytes and no final NUL
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when the handle is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_log_level_changed_callback(
    handle: *mut DltContext,
    dlt_log_level_changed_callback: Option<
        unsafe extern "C" fn(context_id: *mut c_char, log_level: u8, trace_status: u8),
    >,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a context, as documented.
        let handle = unsafe { arg::opt_ref(handle) }.ok_or(Code::ERROR)?;
        runtime::started()?;
        let changed = dlt_log_level_changed_callback.map(callback::level_changed);
        // As for an injection: a context that is not registered is none.
        match position(handle) {
            Some(pos) => Ok(context::on_level_changed(pos, changed)?),
            None => Ok(()),
        }
    })
}

/// Send messages with their type information. This is how the library starts.
///
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_verbose_mode() -> DltReturnValue {
    guard(|| {
        runtime::started()?.settings.set_verbose(true);
        Ok(())
    })
}

/// Send messages that have an id (DLT_LOG_ID) without type information: the receiver must know it.
///
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_nonverbose_mode() -> DltReturnValue {
    guard(|| {
        runtime::started()?.settings.set_verbose(false);
        Ok(())
    })
}

/// Choose whether messages without type information have an extended header.
///
/// @param use_extended_header_for_non_verbose 0 for no
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_use_extended_header_for_non_verbose(
    use_extended_header_for_non_verbose: i8,
) -> DltReturnValue {
    guard(|| {
        let on = use_extended_header_for_non_verbose != 0;
        runtime::started()?.settings.set_extended_for_non_verbose(on);
        Ok(())
    })
}

/// Choose whether messages carry the process id.
///
/// @param with_session_id 0 for no
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_with_session_id(with_session_id: i8) -> DltReturnValue {
    header_field(HeaderFlags { session: true, ..NO_FIELD }, with_session_id)
}

/// Choose whether messages carry a time stamp.
///
/// @param with_timestamp 0 for no
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_with_timestamp(with_timestamp: i8) -> DltReturnValue {
    header_field(HeaderFlags { timestamp: true, ..NO_FIELD }, with_timestamp)
}

/// Choose whether messages carry an ECU id.
///
/// @param with_ecu_id 0 for no
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_with_ecu_id(with_ecu_id: i8) -> DltReturnValue {
    header_field(HeaderFlags { ecu: true, ..NO_FIELD }, with_ecu_id)
}

/// Also print each message on standard output, unless DLT_LOCAL_PRINT_MODE says otherwise.
///
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_enable_local_print() -> DltReturnValue {
    guard(|| {
        runtime::started()?.settings.set_print(true);
        Ok(())
    })
}

/// Stop printing messages on standard output.
///
/// @return DLT_RETURN_OK; a negative code when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_disable_local_print() -> DltReturnValue {
    guard(|| {
        runtime::started()?.settings.set_print(false);
        Ok(())
    })
}

/// Have the daemon put a marker message into its log.
///
/// @return DLT_RETURN_OK; a negative code on failure
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_marker() -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        Ok(application::mark()?)
    })
}

/// Ask whether a message of this level would be sent. Thread-safe, and cheap.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @return DLT_RETURN_TRUE; DLT_RETURN_LOGGING_DISABLED when not; DLT_RETURN_WRONG_PARAMETER when
///         the level is out of range or the context not registered
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_is_logLevel_enabled(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
) -> DltReturnValue {
    // SAFETY: NULL or a context, as documented.
    unsafe { level_check(handle, loglevel) }.0
}

/// Begin a message. When this returns DLT_RETURN_TRUE, write its arguments with
/// dlt_user_log_write_string() and the like and finish it with dlt_user_log_write_finish().
///
/// Different messages may be composed at the same time by one thread or several; one message
/// belongs to one thread at a time.
///
/// @param handle registered context
/// @param log state of the message, in the caller's memory; need not be initialised
/// @param loglevel level of the message
/// @return DLT_RETURN_TRUE; DLT_RETURN_OK when the level is off, and then nothing else may be
///         called for this message; DLT_RETURN_WRONG_PARAMETER for NULL, a context that is not
///         registered or a level out of range; DLT_RETURN_ERROR otherwise
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_start(
    handle: *mut DltContext,
    log: *mut DltContextData,
    loglevel: DltLogLevelType,
) -> DltReturnValue {
    // SAFETY: as documented.
    unsafe { start(handle, log, loglevel, None) }.0
}

/// Begin a message that has an id. The id is sent after dlt_nonverbose_mode(), instead of type
/// information.
///
/// @param handle registered context
/// @param log state of the message, in the caller's memory; need not be initialised
/// @param loglevel level of the message
/// @param messageid id of the message
/// @return as dlt_user_log_write_start()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_start_id(
    handle: *mut DltContext,
    log: *mut DltContextData,
    loglevel: DltLogLevelType,
    messageid: u32,
) -> DltReturnValue {
    // SAFETY: as documented.
    unsafe { start(handle, log, loglevel, Some(messageid)) }.0
}

/// Begin a message whose arguments were encoded before. Finish it with
/// dlt_user_log_write_finish_w_given_buffer(). The log level is not looked at.
///
/// @param handle registered context
/// @param log state of the message, in the caller's memory; need not be initialised
/// @param loglevel level of the message
/// @param buffer the encoded arguments; they stay the caller's and must remain until the message is
///        finished
/// @param size bytes in the buffer
/// @param args_num number of arguments in the buffer
/// @return DLT_RETURN_TRUE; DLT_RETURN_WRONG_PARAMETER for NULL, no bytes, too many bytes or no
///         arguments; DLT_RETURN_ERROR after dlt_nonverbose_mode() and otherwise
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_start_w_given_buffer(
    handle: *mut DltContext,
    log: *mut DltContextData,
    loglevel: DltLogLevelType,
    buffer: *mut c_char,
    size: usize,
    args_num: i32,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: as documented.
        unsafe { start_given(handle, log, loglevel, buffer, (size, args_num)) }
    })
}

/// Finish a message: hand it to the library's thread, which sends it. Takes no lock and does not
/// wait, except in DLT_OVERFLOW_BLOCK mode (dlt_ng.h).
///
/// @param log message begun with dlt_user_log_write_start() or dlt_user_log_write_start_id()
/// @return DLT_RETURN_OK when the message is kept for delivery; DLT_RETURN_BUFFER_FULL when it was
///         refused and counted as lost; DLT_RETURN_WRONG_PARAMETER when no message was begun;
///         DLT_RETURN_FILESZERR when the file is full; DLT_RETURN_ERROR otherwise
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_finish(log: *mut DltContextData) -> DltReturnValue {
    // SAFETY: as documented.
    unsafe { finish(log) }.0
}

/// Finish a message begun with dlt_user_log_write_start_w_given_buffer().
///
/// @param log message
/// @return as dlt_user_log_write_finish()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_finish_w_given_buffer(
    log: *mut DltContextData,
) -> DltReturnValue {
    // SAFETY: as documented.
    unsafe { finish(log) }.0
}

/// Log a message with one string. Thread-safe, as are all functions that log in one call.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @param text string
/// @return DLT_RETURN_OK, also when the level is off; DLT_RETURN_WRONG_PARAMETER for NULL or a
///         context that is not registered; DLT_RETURN_USER_BUFFER_FULL when the string was cut;
///         DLT_RETURN_ERROR after dlt_nonverbose_mode() and before the library is started;
///         otherwise as dlt_user_log_write_finish()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_string(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
    text: *const c_char,
) -> DltReturnValue {
    let missing = handle.is_null() || text.is_null();
    one_call(missing, || {
        // SAFETY: as documented; the message is open.
        let fill = |log| unsafe { dlt_user_log_write_string(log, text) };
        // SAFETY: as documented.
        unsafe { one_shot(handle, loglevel, fill) }
    })
}

/// Log a message with a string and a signed number.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @param text string
/// @param data number
/// @return as dlt_log_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_string_int(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
    text: *const c_char,
    data: c_int,
) -> DltReturnValue {
    let missing = handle.is_null() || text.is_null();
    one_call(missing, || {
        let fill = |log| {
            // SAFETY: as documented; the message is open.
            let string = unsafe { dlt_user_log_write_string(log, text) };
            // SAFETY: the message is open.
            first_failure(string, unsafe { dlt_user_log_write_int(log, data) })
        };
        // SAFETY: as documented.
        unsafe { one_shot(handle, loglevel, fill) }
    })
}

/// Log a message with a string and an unsigned number.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @param text string
/// @param data number
/// @return as dlt_log_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_string_uint(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
    text: *const c_char,
    data: c_uint,
) -> DltReturnValue {
    let missing = handle.is_null() || text.is_null();
    one_call(missing, || {
        let fill = |log| {
            // SAFETY: as documented; the message is open.
            let string = unsafe { dlt_user_log_write_string(log, text) };
            // SAFETY: the message is open.
            first_failure(string, unsafe { dlt_user_log_write_uint(log, data) })
        };
        // SAFETY: as documented.
        unsafe { one_shot(handle, loglevel, fill) }
    })
}

/// Log a message with a signed number.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @param data number
/// @return as dlt_log_string(), but DLT_RETURN_ERROR for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_int(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
    data: c_int,
) -> DltReturnValue {
    if handle.is_null() {
        // The one function that says so in libdlt.
        return Code::ERROR.0;
    }
    one_call(false, || {
        // SAFETY: as documented; the message is open.
        let fill = |log| unsafe { dlt_user_log_write_int(log, data) };
        // SAFETY: as documented.
        unsafe { one_shot(handle, loglevel, fill) }
    })
}

/// Log a message with an unsigned number.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @param data number
/// @return as dlt_log_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_uint(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
    data: c_uint,
) -> DltReturnValue {
    one_call(handle.is_null(), || {
        // SAFETY: as documented; the message is open.
        let fill = |log| unsafe { dlt_user_log_write_uint(log, data) };
        // SAFETY: as documented.
        unsafe { one_shot(handle, loglevel, fill) }
    })
}

/// Log a message with raw data.
///
/// @param handle registered context
/// @param loglevel level of the message
/// @param data bytes; copied
/// @param length number of bytes
/// @return as dlt_log_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_raw(
    handle: *mut DltContext,
    loglevel: DltLogLevelType,
    data: *mut c_void,
    length: u16,
) -> DltReturnValue {
    one_call(handle.is_null(), || {
        // SAFETY: as documented; the message is open.
        let fill = |log| unsafe { dlt_user_log_write_raw(log, data, length) };
        // SAFETY: as documented.
        unsafe { one_shot(handle, loglevel, fill) }
    })
}

/// Send a message seen on a bus, if the context's trace status is on. A payload that does not fit
/// into a message is cut.
///
/// @param handle registered context
/// @param nw_trace_type kind of bus
/// @param header_len bytes of the header
/// @param header header, or NULL for none
/// @param payload_len bytes of the payload
/// @param payload payload
/// @return DLT_RETURN_OK, also when the trace status is off; DLT_RETURN_WRONG_PARAMETER for a kind
///         out of range or a payload that is NULL; otherwise as dlt_user_log_write_finish()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_trace_network(
    handle: *mut DltContext,
    nw_trace_type: DltNetworkTraceType,
    header_len: u16,
    header: *mut c_void,
    payload_len: u16,
    payload: *mut c_void,
) -> DltReturnValue {
    // SAFETY: the same contract.
    unsafe { trace(handle, nw_trace_type, (header, header_len), (payload, payload_len), Long::Cut) }
}

/// Send a message seen on a bus, if the context's trace status is on.
///
/// @param handle registered context
/// @param nw_trace_type kind of bus
/// @param header_len bytes of the header
/// @param header header, or NULL for none
/// @param payload_len bytes of the payload
/// @param payload payload
/// @param allow_truncate 0 to fail with DLT_RETURN_ERROR when the payload does not fit; otherwise
///        it is cut
/// @return as dlt_user_trace_network()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_trace_network_truncated(
    handle: *mut DltContext,
    nw_trace_type: DltNetworkTraceType,
    header_len: u16,
    header: *mut c_void,
    payload_len: u16,
    payload: *mut c_void,
    allow_truncate: c_int,
) -> DltReturnValue {
    let long = if allow_truncate > 0 { Long::Cut } else { Long::Refuse };
    // SAFETY: the same contract.
    unsafe { trace(handle, nw_trace_type, (header, header_len), (payload, payload_len), long) }
}

/// Send a message seen on a bus, if the context's trace status is on. A payload that does not fit
/// into one message is sent in several; the data is copied before this returns.
///
/// @param handle registered context
/// @param nw_trace_type kind of bus
/// @param header_len bytes of the header
/// @param header header, or NULL for none
/// @param payload_len bytes of the payload
/// @param payload payload
/// @return as dlt_user_trace_network()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_trace_network_segmented(
    handle: *mut DltContext,
    nw_trace_type: DltNetworkTraceType,
    header_len: u16,
    header: *mut c_void,
    payload_len: u16,
    payload: *mut c_void,
) -> DltReturnValue {
    // SAFETY: the same contract.
    unsafe {
        trace(handle, nw_trace_type, (header, header_len), (payload, payload_len), Long::Segment)
    }
}

/// Parse a set of initial log levels, as DLT_INITIAL_LOG_LEVEL holds it.
///
/// @param env in: text; out: where parsing ended
/// @param ll_set receives the set; free it with dlt_env_free_ll_set()
/// @return 0; -1 for NULL or when the text cannot be parsed
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_extract_ll_set(
    env: *mut *mut c_char,
    ll_set: *mut dlt_env_ll_set,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or writable, as documented.
        let env = unsafe { arg::out(env) }.map_err(|_| Code::ERROR)?;
        // SAFETY: NULL or writable, as documented.
        let set = unsafe { arg::out(ll_set) }.map_err(|_| Code::ERROR)?;
        // SAFETY: as documented.
        unsafe { level_set::extract(env, set) }
    })
}

/// Look up the initial log level of a context.
///
/// @param ll_set set
/// @param apid four bytes of application id, padded with NULs
/// @param ctid four bytes of context id, padded with NULs
/// @param ll level to return when nothing in the set matches
/// @return log level
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_adjust_ll_from_env(
    ll_set: *const dlt_env_ll_set,
    apid: *const c_char,
    ctid: *const c_char,
    ll: c_int,
) -> c_int {
    guard_or(ll, || {
        // SAFETY: NULL or a set, as documented.
        let set = unsafe { arg::opt_ref(ll_set) };
        // SAFETY: NULL or four bytes, as documented.
        let app = unsafe { arg::opt_ref(apid.cast()) };
        // SAFETY: as above.
        let context = unsafe { arg::opt_ref(ctid.cast()) };
        let (Some(set), Some(app), Some(context)) = (set, app, context) else {
            return ll;
        };
        // SAFETY: as documented.
        unsafe { level_set::adjust(set, app, context) }.unwrap_or(ll)
    })
}

/// Free what dlt_env_extract_ll_set() allocated.
///
/// @param ll_set set, or NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_env_free_ll_set(ll_set: *mut dlt_env_ll_set) {
    guard_or((), || {
        // SAFETY: NULL or a set, as documented.
        if let Some(set) = unsafe { arg::opt_mut(ll_set) } {
            // SAFETY: as documented.
            unsafe { level_set::free(set) };
        }
    });
}
