//! `dlt_common.h`: what programs on the logging side use of it. The functions with a variable
//! number of arguments stand in [`super::variadic`].
//!
//! The comments on the functions become the C header; as in [`super::user`], what they say about a
//! pointer is the contract that `unsafe` stands for.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use libc::{c_char, c_int, size_t};

use super::code::{Code, guard, guard_or};
use super::dump::{self, DoesNotFit, Separator};
use super::types::DltReturnValue;
use super::{arg, data, version};
use crate::clock;
use crate::diagnostics::{self, severity};

/// Copy an id: four bytes of text, padded with NULs. Nothing happens when one of both is NULL.
///
/// @param id array of at least four bytes; receives no final NUL
/// @param text text; read up to its NUL, four bytes at most
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_id(id: *mut c_char, text: *const c_char) {
    guard_or((), || {
        if text.is_null() {
            return;
        }
        // SAFETY: the caller promises four writable bytes, or NULL.
        let id = unsafe { arg::opt_mut(id.cast::<[u8; 4]>()) };
        // SAFETY: not NULL; the caller promises a NUL or four bytes.
        let text = unsafe { arg::prefix(text) };
        if let Some(id) = id {
            *id = text;
        }
    });
}

/// Copy an id to be printed: four bytes padded with '-', and a final NUL. Nothing happens when one
/// of both is NULL.
///
/// @param text array of at least five bytes
/// @param id id
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_print_id(text: *mut c_char, id: *const c_char) {
    guard_or((), || {
        if id.is_null() {
            return;
        }
        // SAFETY: the caller promises five writable bytes, or NULL.
        let text = unsafe { arg::opt_mut(text.cast::<[u8; 5]>()) };
        // SAFETY: not NULL; the caller promises a NUL or four bytes.
        let [a, b, c, d] =
            unsafe { arg::prefix(id) }.map(|byte| if byte == 0 { b'-' } else { byte });
        if let Some(text) = text {
            *text = [a, b, c, d, 0];
        }
    });
}

/// Length of a text within limits.
///
/// @param str text, or NULL
/// @param maxsize bytes to look at, at most
/// @return number of bytes before the NUL or the limit; 0 for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_strnlen_s(str: *const c_char, maxsize: size_t) -> size_t {
    if str.is_null() {
        return 0;
    }
    // SAFETY: not NULL; the caller promises a NUL or `maxsize` bytes.
    unsafe { libc::strnlen(str, maxsize) }
}

/// Replace carriage returns and newlines by spaces.
///
/// @param text text, changed in place
/// @param length bytes to look at
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_clean_string(text: *mut c_char, length: c_int) {
    guard_or((), || {
        let length = usize::try_from(length).unwrap_or(0);
        // SAFETY: the caller promises `length` writable bytes, or NULL.
        if let Ok(text) = unsafe { arg::room(text, length) } {
            for byte in text.iter_mut().filter(|byte| matches!(byte, b'\r' | b'\n')) {
                *byte = b' ';
            }
        }
    });
}

/// Print bytes in hexadecimal where dlt_user_printf() prints.
///
/// @param ptr bytes, or NULL
/// @param size number of bytes
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_print_hex(ptr: *mut u8, size: c_int) {
    guard_or((), || {
        let size = usize::try_from(size).unwrap_or(0);
        // SAFETY: the caller promises `size` bytes, or NULL.
        let Ok(data) = (unsafe { arg::bytes(ptr.cast(), size) }) else {
            return;
        };
        for (number, byte) in data.iter().enumerate() {
            let [high, low] = dump::hex_digits(*byte);
            let text = [b' ', high, low];
            diagnostics::put(if number == 0 { &text[1..] } else { &text });
        }
    });
}

/// Write bytes in hexadecimal, separated by spaces.
///
/// @param text receives three bytes for each, the final NUL included
/// @param textlength bytes that there is room for
/// @param ptr bytes
/// @param size number of bytes
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, no room or a negative size;
///         DLT_RETURN_ERROR when there is not enough room
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_print_hex_string(
    text: *mut c_char,
    textlength: c_int,
    ptr: *mut u8,
    size: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises `textlength` writable bytes and `size` bytes, or NULL.
        let (text, data) = unsafe { printing(text, textlength, ptr, size) }?;
        let available = text.len();
        dump::hex(text, data).map_err(|error| too_small("hex", available, error, Code::ERROR))
    })
}

/// Write bytes as characters, with a dot for each that is not printable.
///
/// @param text points to where to write; is moved on by what was written. A final NUL is written if
///        there is room for it
/// @param textlength bytes that there is room for
/// @param ptr bytes
/// @param size number of bytes
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, a negative size or not enough room
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_print_char_string(
    text: *mut *mut c_char,
    textlength: c_int,
    ptr: *mut u8,
    size: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises a pointer that may be written, or NULL.
        let cursor = unsafe { arg::out(text) }?;
        // SAFETY: the caller promises `textlength` writable bytes and `size` bytes, or NULL.
        let (text, data) = unsafe { printing(*cursor, textlength, ptr, size) }?;
        let available = text.len();
        dump::characters(text, data)
            .map_err(|error| too_small("character", available, error, Code::WRONG_PARAMETER))?;
        *cursor = cursor.wrapping_add(data.len());
        Ok(())
    })
}

/// Write bytes in lines of sixteen, each in hexadecimal and as characters.
///
/// @param text receives 73 bytes for each line and one line more, or 76 for HTML
/// @param textlength bytes that there is room for
/// @param ptr bytes
/// @param size number of bytes
/// @param html 0 to separate lines by a newline, otherwise by an HTML tag
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, no room or a negative size;
///         DLT_RETURN_ERROR when there is not enough room
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_print_mixed_string(
    text: *mut c_char,
    textlength: c_int,
    ptr: *mut u8,
    size: c_int,
    html: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises `textlength` writable bytes and `size` bytes, or NULL.
        let (text, data) = unsafe { printing(text, textlength, ptr, size) }?;
        let available = text.len();
        let separator = if html == 0 { Separator::Newline } else { Separator::Html };
        dump::mixed(text, data, separator)
            .map_err(|error| too_small("mixed", available, error, Code::ERROR))
    })
}

/// # Safety
/// `text` must be NULL or valid for reads and writes of `textlength` bytes for `'a`, with nothing
/// else using them; `ptr` must be NULL or valid for reads of `size` bytes for `'a`.
unsafe fn printing<'a>(
    text: *mut c_char,
    textlength: c_int,
    ptr: *const u8,
    size: c_int,
) -> Result<(&'a mut [u8], &'a [u8]), Code> {
    let room = usize::try_from(textlength).map_err(|_| Code::WRONG_PARAMETER)?;
    let size = usize::try_from(size).map_err(|_| Code::WRONG_PARAMETER)?;
    if ptr.is_null() {
        return Err(Code::WRONG_PARAMETER);
    }
    // SAFETY: by this function's contract.
    let text = unsafe { arg::room(text, room) }?;
    // SAFETY: by this function's contract.
    let data = unsafe { arg::bytes(ptr.cast(), size) }?;
    Ok((text, data))
}

fn too_small(what: &str, available: usize, error: DoesNotFit, code: Code) -> Code {
    let required = error.required;
    diagnostics::print_args(
        severity::WARNING,
        format_args!(
            "String does not fit {what} data (available={available}, required={required}) !\n"
        ),
    );
    code
}

/// Get the version of the interface as text: "DLT Package Version: 2.18.8 STABLE, Package
/// Revision: ...". The revision names this library and its own version.
///
/// @param buf receives the text, cut if need be, with a final NUL
/// @param size bytes that there is room for
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_version(buf: *mut c_char, size: size_t) {
    // SAFETY: the caller promises `size` writable bytes, or NULL.
    unsafe { copy_text(buf, size, version::PACKAGE) };
}

/// Get the major version of the interface as text.
///
/// @param buf receives the text, cut if need be, with a final NUL
/// @param size bytes that there is room for
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_major_version(buf: *mut c_char, size: size_t) {
    // SAFETY: the caller promises `size` writable bytes, or NULL.
    unsafe { copy_text(buf, size, version::MAJOR) };
}

/// Get the minor version of the interface as text.
///
/// @param buf receives the text, cut if need be, with a final NUL
/// @param size bytes that there is room for
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_minor_version(buf: *mut c_char, size: size_t) {
    // SAFETY: the caller promises `size` writable bytes, or NULL.
    unsafe { copy_text(buf, size, version::MINOR) };
}

/// # Safety
/// `buf` must be NULL or valid for reads and writes of `size` bytes, with nothing else using them.
unsafe fn copy_text(buf: *mut c_char, size: usize, text: &str) {
    guard_or((), || {
        // SAFETY: by this function's contract.
        match unsafe { arg::room(buf, size) } {
            Ok(room) => {
                let end = text.len().min(room.len() - 1);
                for (to, from) in room.iter_mut().zip(text.bytes().take(end).chain([0])) {
                    *to = from;
                }
            }
            Err(_) if size == 0 => (),
            Err(_) => {
                let message = format_args!("Wrong parameter: Null pointer\n");
                diagnostics::print_args(severity::WARNING, message);
            }
        }
    });
}

/// Get the time that messages are stamped with: CLOCK_MONOTONIC in units of 0.1 ms. It starts again
/// from 0 after some five days.
///
/// @return time
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_uptime() -> u32 {
    guard_or(0, clock::uptime)
}

/// Print a message where the internal log goes, if its priority passes. Thread-safe.
///
/// @param prio priority, as syslog numbers them: 0 to 7
/// @param s message; no newline is added
/// @return DLT_RETURN_OK, also when the priority does not pass; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log(prio: c_int, s: *const c_char) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises a string, or NULL.
        let text = unsafe { arg::cstr(s) }?;
        diagnostics::print(prio, text);
        Ok(())
    })
}

/// Choose where the internal log goes. This holds for the library's own messages as well.
///
/// @param mode DLT_LOG_TO_CONSOLE, DLT_LOG_TO_SYSLOG, DLT_LOG_TO_FILE, DLT_LOG_TO_STDERR or
///        DLT_LOG_DROPPED
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for another mode or when the file cannot be opened, and
///         then nothing changes
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_init(mode: c_int) -> DltReturnValue {
    guard(|| diagnostics::set_mode_by_code(mode).map_err(|_| Code::ERROR))
}

/// Choose up to which priority the internal log prints. This holds for the library's own messages
/// as well.
///
/// @param level highest priority, as syslog numbers them: 0 to 7
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_set_level(level: c_int) {
    guard(|| diagnostics::set_level(level).map_err(|_| Code::WRONG_PARAMETER));
}

/// Name the file that dlt_log_init(DLT_LOG_TO_FILE) opens, to append to it.
///
/// @param filename path; copied, and cut at 255 bytes
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_set_filename(filename: *const c_char) {
    guard_or((), || {
        // SAFETY: the caller promises a string, or NULL.
        match unsafe { arg::opt_cstr(filename) } {
            Some(filename) => diagnostics::set_filename(filename),
            None => {
                let message = format_args!("Wrong parameter: filename is NULL\n");
                diagnostics::print_args(severity::WARNING, message);
            }
        }
    });
}

/// Close the file that dlt_log_init() opened. What goes there from now on is dropped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_free() {
    guard_or((), diagnostics::close);
}

/// Set the exported variable dltFifoBaseDir. The library itself takes the directory from
/// DLT_PIPE_DIR when it is started, and shows it there.
///
/// @param pipe_dir directory; copied, and cut at 1023 bytes
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_set_fifo_basedir(pipe_dir: *const c_char) {
    guard_or((), || {
        // SAFETY: the caller promises a string, or NULL.
        if let Some(directory) = unsafe { arg::opt_cstr(pipe_dir) } {
            data::set_fifo_base_dir(directory);
        }
    });
}

/// Check that enough bytes were received. Too few are told in the internal log.
///
/// @param received number of bytes received
/// @param required number of bytes needed
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for too few
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_check_rcv_data_size(
    received: c_int,
    required: c_int,
) -> DltReturnValue {
    guard(|| {
        if received >= required {
            return Ok(());
        }
        let text = "dlt_check_rcv_data_size: Received data not complete";
        diagnostics::print_args(severity::WARNING, format_args!("{text}\n"));
        Err(Code::ERROR)
    })
}

/// Read the beginning of a daemon's answer to "get log info", as text: "get_log_info, 07, ...".
///
/// @param resp_text answer
/// @param service_id receives DLT_SERVICE_ID_GET_LOG_INFO
/// @param service_opt receives the status of the answer: the two digits; 0 if there are none
/// @return 0; -1 for NULL; otherwise, when it is another answer, as strcmp() for the first name
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_loginfo_parse_service_id(
    resp_text: *mut c_char,
    service_id: *mut u32,
    service_opt: *mut u8,
) -> c_int {
    guard_or(Code::ERROR.0, || {
        // SAFETY: NULL or a string, as documented.
        let text = unsafe { arg::opt_cstr(resp_text) };
        // SAFETY: NULL or writable, as documented.
        let id = unsafe { arg::opt_mut(service_id) };
        // SAFETY: NULL or writable, as documented.
        let option = unsafe { arg::opt_mut(service_opt) };
        let (Some(text), Some(id), Some(option)) = (text, id, option) else {
            return Code::ERROR.0;
        };
        const NAME: &[u8] = b"get_log_info";
        let bytes = text.iter().copied().chain([0]);
        let different = NAME.iter().zip(bytes).find(|(wanted, is)| *wanted != is);
        if let Some((wanted, is)) = different {
            return c_int::from(is) - c_int::from(*wanted);
        }
        let digits = text.iter().skip(NAME.len() + 2).take(2).take_while(|c| c.is_ascii_digit());
        *id = GET_LOG_INFO;
        *option = digits.fold(0, |number, digit| number * 10 + (digit - b'0'));
        Code::OK.0
    })
}

/// `DLT_SERVICE_ID_GET_LOG_INFO`.
const GET_LOG_INFO: u32 = 3;
