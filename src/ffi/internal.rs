//! Names that libdlt exports although no header declares them. A few programs that test libdlt call
//! them; what they work on here is what they promise, not what libdlt does inside.

use core::ptr;
use core::time::Duration;

use libc::{c_char, c_int, c_uchar, c_uint, c_void, iovec, size_t};
use nix::errno::Errno;

use super::code::{Code, guard, guard_or};
use super::register::{optional, refuse_forked, register};
use super::types::{
    DltBuffer, DltContext, DltContextData, DltLogLevelType, DltNetworkTraceType, DltReturnValue,
    LevelCallback,
};
use super::{arg, buffer, callback, filetransfer, open, trace};
use crate::diagnostics::{print_args, severity};
use crate::wire::frame::PATTERN;

/// Type and pattern of a frame between application and daemon.
#[repr(C, packed)]
#[derive(Debug, Clone, Copy)]
pub struct DltUserHeader {
    pattern: [u8; 4],
    message: u32,
}

/// The link took nothing.
const PIPE_FULL: Code = Code(-3);
/// The link is broken.
const PIPE_ERROR: Code = Code(-2);
/// Longest wait of the functions with a time limit.
const LINK_TIMEOUT: Duration = Duration::from_secs(1);

/// Fills in the head of a frame. `DLT_RETURN_ERROR` for NULL or the type 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_set_userheader(
    userheader: *mut DltUserHeader,
    mtype: u32,
) -> DltReturnValue {
    if userheader.is_null() || mtype == 0 {
        return Code::ERROR.0;
    }
    // SAFETY: not NULL, and the caller promises that it may be written; it has no alignment.
    unsafe { userheader.write(DltUserHeader { pattern: PATTERN, message: mtype }) };
    Code::OK.0
}

/// Whether a frame begins here: 1 or 0, -1 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_check_userheader(userheader: *mut DltUserHeader) -> c_int {
    // SAFETY: NULL or a head, as the caller promises; it has no alignment.
    unsafe { arg::opt_ref(userheader) }
        .map_or(Code::ERROR.0, |head| c_int::from(head.pattern == PATTERN))
}

/// Writes two parts to a descriptor at once. `DLT_RETURN_ERROR` when not all was written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_out2(
    handle: c_int,
    ptr1: *mut c_void,
    len1: size_t,
    ptr2: *mut c_void,
    len2: size_t,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the kernel checks the pointers; the caller promises that they are what it says.
        unsafe { write(handle, [(ptr1, len1), (ptr2, len2), (ptr::null_mut(), 0)]) }
            .map_err(|_| Code::ERROR)
    })
}

/// Writes three parts to a descriptor at once. When not all was written, `DLT_RETURN_PIPE_FULL`,
/// `DLT_RETURN_PIPE_ERROR` or `DLT_RETURN_ERROR`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_out3(
    handle: c_int,
    ptr1: *mut c_void,
    len1: size_t,
    ptr2: *mut c_void,
    len2: size_t,
    ptr3: *mut c_void,
    len3: size_t,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: as for two parts.
        unsafe { write(handle, [(ptr1, len1), (ptr2, len2), (ptr3, len3)]) }.map_err(|errno| {
            match errno {
                Errno::EPIPE => PIPE_ERROR,
                Errno::EAGAIN => PIPE_FULL,
                _ => Code::ERROR,
            }
        })
    })
}

/// As [`dlt_user_log_out2`]; waits up to a second until the descriptor takes something.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_out2_with_timeout(
    handle: c_int,
    ptr1: *mut c_void,
    len1: size_t,
    ptr2: *mut c_void,
    len2: size_t,
) -> DltReturnValue {
    guard(|| {
        writable(handle)?;
        // SAFETY: the same contract.
        Ok(unsafe { dlt_user_log_out2(handle, ptr1, len1, ptr2, len2) })
    })
}

/// As [`dlt_user_log_out3`]; waits up to a second until the descriptor takes something.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_out3_with_timeout(
    handle: c_int,
    ptr1: *mut c_void,
    len1: size_t,
    ptr2: *mut c_void,
    len2: size_t,
    ptr3: *mut c_void,
    len3: size_t,
) -> DltReturnValue {
    guard(|| {
        writable(handle)?;
        // SAFETY: the same contract.
        Ok(unsafe { dlt_user_log_out3(handle, ptr1, len1, ptr2, len2, ptr3, len3) })
    })
}

/// Locks a mutex; what goes wrong is told in the internal log.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_lock_mutex(mutex: *mut libc::pthread_mutex_t) {
    guard_or((), || {
        if mutex.is_null() {
            return;
        }
        // SAFETY: not NULL, and a mutex as the caller promises.
        let result = unsafe { libc::pthread_mutex_lock(mutex) };
        if result != 0 {
            let pid = std::process::id();
            let text =
                format_args!("Mutex lock failed unexpected pid={pid} with result {result}!\n");
            print_args(severity::ERROR, text);
        }
    });
}

/// Unlocks a mutex.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_unlock_mutex(mutex: *mut libc::pthread_mutex_t) {
    if !mutex.is_null() {
        // SAFETY: not NULL, and a mutex as the caller promises.
        unsafe { libc::pthread_mutex_unlock(mutex) };
    }
}

/// Network traces wait in no queue here: there is nothing to prepare.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_init_message_queue() -> DltReturnValue {
    Code::OK.0
}

/// `dlt_register_context_ll_ts` with a callback for level changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_register_context_ll_ts_llccb(
    handle: *mut DltContext,
    contextid: *const c_char,
    description: *const c_char,
    loglevel: c_int,
    tracestatus: c_int,
    changed: LevelCallback,
) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        let levels = (optional(loglevel)?, optional(tracestatus)?);
        let changed = changed.map(callback::level_changed);
        // SAFETY: as `dlt_register_context_ll_ts` documents.
        Ok(unsafe { register(handle, contextid, description, levels, changed) })
    })
}

/// Begins a message whose level has been checked: `DLT_RETURN_TRUE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_start_init(
    handle: *mut DltContext,
    log: *mut DltContextData,
    loglevel: DltLogLevelType,
    is_verbose: bool,
) -> DltReturnValue {
    guard(|| {
        refuse_forked()?;
        if handle.is_null() || log.is_null() {
            return Err(Code::ERROR);
        }
        // SAFETY: not NULL; a context and writable memory, as `dlt_user_log_write_start` documents.
        Ok(unsafe { open::start_checked(handle, log, loglevel, is_verbose) })
    })
}

/// First message of a network trace in segments; `id` receives what the others have to name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_trace_network_segmented_start(
    id: *mut u32,
    handle: *mut DltContext,
    nw_trace_type: DltNetworkTraceType,
    header_len: u16,
    header: *mut c_void,
    payload_len: u16,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or writable, as the caller promises.
        let id = unsafe { arg::out(id) }?;
        // SAFETY: NULL or valid, as the caller promises.
        let header = unsafe { arg::bytes(header, header_len.into()) }.map_err(|_| Code::ERROR)?;
        // SAFETY: NULL or a context, as the caller promises.
        unsafe {
            trace::with_source(handle, nw_trace_type, |source, staging| {
                *id = source.start(staging, header, payload_len.into())?;
                Ok::<(), crate::logger::trace::Error>(())
            })
        }
    })
}

/// One segment of a network trace.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_trace_network_segmented_segment(
    id: u32,
    handle: *mut DltContext,
    nw_trace_type: DltNetworkTraceType,
    sequence: c_int,
    payload_len: u16,
    payload: *mut c_void,
) -> DltReturnValue {
    guard(|| {
        let sequence = sequence as u16; // what the message has room for
        // SAFETY: NULL or valid, as the caller promises.
        let payload =
            unsafe { arg::bytes(payload, payload_len.into()) }.map_err(|_| Code::ERROR)?;
        // SAFETY: NULL or a context, as the caller promises.
        unsafe {
            trace::with_source(handle, nw_trace_type, |source, staging| {
                source.segment(staging, id, sequence, payload)
            })
        }
    })
}

/// Last message of a network trace in segments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_trace_network_segmented_end(
    id: u32,
    handle: *mut DltContext,
    nw_trace_type: DltNetworkTraceType,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a context, as the caller promises.
        unsafe {
            trace::with_source(handle, nw_trace_type, |source, staging| source.end(staging, id))
        }
    })
}

/// Tells viewers that the transfer of a file failed, and of `errno`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_errorMessage(
    context: *mut DltContext,
    filename: *const c_char,
    error_code: c_int,
) {
    let errno = Errno::last();
    guard_or((), || {
        // SAFETY: NULL or a string, as the caller promises.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as the caller promises.
        unsafe { filetransfer::through(context) }.tell(error_code, errno, file);
    });
}

/// `dlt_buffer_pull` or, without `delete`, `dlt_buffer_copy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_get(
    buf: *mut DltBuffer,
    data: *mut c_uchar,
    max_size: c_int,
    delete: c_int,
) -> c_int {
    // SAFETY: as `dlt_buffer_pull` documents.
    unsafe { buffer::get(buf, data, max_size, delete != 0) }
}

/// Lets a ring grow by a step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_increase_size(buf: *mut DltBuffer) -> c_int {
    // SAFETY: NULL or a ring, as the caller promises.
    unsafe { on_ring("dlt_buffer_increase_size", buf, buffer::grow) }
}

/// Gives a ring its first size again. What is in it is lost if it had grown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_minimize_size(buf: *mut DltBuffer) -> c_int {
    // SAFETY: NULL or a ring, as the caller promises.
    unsafe { on_ring("dlt_buffer_minimize_size", buf, buffer::minimize) }
}

/// Empties a ring.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_reset(buf: *mut DltBuffer) -> c_int {
    // SAFETY: NULL or a ring, as the caller promises.
    unsafe { on_ring("dlt_buffer_reset", buf, empty) }
}

/// # Safety
/// The ring has memory.
unsafe fn empty(ring: &mut DltBuffer) -> Result<(), Code> {
    // SAFETY: by this function's contract.
    unsafe { buffer::reset(ring) };
    Ok(())
}

/// # Safety
/// `buf` is NULL or a ring; `act` needs a ring that has memory, and no more.
unsafe fn on_ring(
    function: &str,
    buf: *mut DltBuffer,
    act: unsafe fn(&mut DltBuffer) -> Result<(), Code>,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a ring by this function's contract.
        let ring = unsafe { arg::out(buf) }.inspect_err(|_| buffer::is_null(function))?;
        if ring.shm.is_null() {
            return Err(Code::ERROR);
        }
        // SAFETY: a ring by this function's contract, and it has memory.
        unsafe { act(ring) }
    })
}

/// Writes into a ring's memory at `*write`, across its end if need be, and moves that on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_write_block(
    buf: *mut DltBuffer,
    write: *mut c_int,
    data: *const c_uchar,
    size: c_uint,
) {
    guard_or((), || {
        // SAFETY: NULL or a ring, as the caller promises.
        let ring = unsafe { arg::opt_ref(buf) };
        // SAFETY: NULL or writable, as the caller promises.
        let write = unsafe { arg::opt_mut(write) };
        let (Some(ring), Some(write), false) = (ring, write, data.is_null()) else {
            return buffer::is_null("dlt_buffer_write_block");
        };
        // SAFETY: not NULL, and so many bytes as the caller promises.
        let bytes = unsafe { arg::bytes(data.cast(), size as usize) }.unwrap_or_default();
        // SAFETY: a ring.
        unsafe { buffer::put(ring, write, bytes) };
    });
}

/// Reads from a ring's memory at `*read`, across its end if need be, and moves that on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_buffer_read_block(
    buf: *mut DltBuffer,
    read: *mut c_int,
    data: *mut c_uchar,
    size: c_uint,
) {
    guard_or((), || {
        // SAFETY: NULL or a ring, as the caller promises.
        let ring = unsafe { arg::opt_ref(buf) };
        // SAFETY: NULL or writable, as the caller promises.
        let read = unsafe { arg::opt_mut(read) };
        // SAFETY: NULL or so many bytes, as the caller promises.
        let room = unsafe { arg::room(data.cast(), size as usize) };
        let (Some(ring), Some(read), Ok(room)) = (ring, read, room) else {
            return buffer::is_null("dlt_buffer_read_block");
        };
        // SAFETY: a ring.
        unsafe { buffer::fetch(ring, read, room) };
    });
}

/// # Safety
/// Each part is what the caller says it is; the kernel checks that it can be read.
unsafe fn write(handle: c_int, parts: [(*mut c_void, size_t); 3]) -> Result<(), Errno> {
    let total = parts.iter().try_fold(0usize, |total, (_, size)| total.checked_add(*size));
    let vectors = parts.map(|(start, size)| iovec { iov_base: start, iov_len: size });
    // SAFETY: three vectors that live until the call returns; writev only reads what they name.
    let written = unsafe { libc::writev(handle, vectors.as_ptr(), 3) };
    match usize::try_from(written) {
        Ok(written) if Some(written) == total => Ok(()),
        Ok(_) => Err(Errno::EMSGSIZE),
        Err(_) => Err(Errno::last()),
    }
}

fn writable(handle: c_int) -> Result<(), Code> {
    let mut wanted = libc::pollfd { fd: handle, events: libc::POLLOUT, revents: 0 };
    let timeout = c_int::try_from(LINK_TIMEOUT.as_millis()).unwrap_or(c_int::MAX);
    // SAFETY: one entry, ours.
    let ready = unsafe { libc::poll(&raw mut wanted, 1, timeout) };
    if ready > 0 { Ok(()) } else { Err(Code::ERROR) }
}
