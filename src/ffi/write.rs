//! The argument writers of `dlt_user.h`: one C function each for one method of
//! [`Arguments`](crate::wire::arguments::Arguments).
//!
//! Hot path: no allocation, lock or system call. The functions are written out, as cbindgen does
//! not see what a macro makes; the comments become the C header. What they say about a pointer is
//! the contract that the function's `unsafe` stands for.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use libc::{c_char, c_int, c_uint, c_void};

use super::arg;
use super::open::{with_arguments, with_text};
use super::types::{DltContextData, DltFormatType, DltReturnValue, float32_t, float64_t};
use crate::types::Format;
use crate::wire::arguments::{Coding, Refused};

fn format(code: DltFormatType) -> Result<Format, Refused> {
    Format::try_from(code).map_err(|_| Refused::Invalid)
}

/// Add a signed integer to a message.
///
/// @param log message being composed
/// @param data value
/// @return DLT_RETURN_OK; DLT_RETURN_USER_BUFFER_FULL when there is no room left in the message, and
///         then nothing is written; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when the
///         library is not started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int(
    log: *mut DltContextData,
    data: c_int,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int32(data)) }
}

/// Add a signed integer of 8 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int8(
    log: *mut DltContextData,
    data: i8,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int8(data)) }
}

/// Add a signed integer of 16 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int16(
    log: *mut DltContextData,
    data: i16,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int16(data)) }
}

/// Add a signed integer of 32 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int32(
    log: *mut DltContextData,
    data: i32,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int32(data)) }
}

/// Add a signed integer of 64 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int64(
    log: *mut DltContextData,
    data: i64,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int64(data)) }
}

/// Add an unsigned integer to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint(
    log: *mut DltContextData,
    data: c_uint,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint32(data)) }
}

/// Add an unsigned integer of 8 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint8(
    log: *mut DltContextData,
    data: u8,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint8(data)) }
}

/// Add an unsigned integer of 16 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint16(
    log: *mut DltContextData,
    data: u16,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint16(data)) }
}

/// Add an unsigned integer of 32 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint32(
    log: *mut DltContextData,
    data: u32,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint32(data)) }
}

/// Add an unsigned integer of 64 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint64(
    log: *mut DltContextData,
    data: u64,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint64(data)) }
}

/// Add a floating point number of 32 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_float32(
    log: *mut DltContextData,
    data: float32_t,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.float32(data)) }
}

/// Add a floating point number of 64 bits to a message.
///
/// @param log message being composed
/// @param data value
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_float64(
    log: *mut DltContextData,
    data: float64_t,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.float64(data)) }
}

/// Add a truth value to a message.
///
/// @param log message being composed
/// @param data 0 for false
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_bool(
    log: *mut DltContextData,
    data: u8,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.bool(data)) }
}

/// Add an address to a message.
///
/// @param log message being composed
/// @param data address; what is there is not looked at
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_ptr(
    log: *mut DltContextData,
    data: *mut c_void,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.pointer(data as u64)) }
}

/// Add an unsigned integer of 8 bits to a message, to be shown in some format.
///
/// @param log message being composed
/// @param data value
/// @param format_type how to show it
/// @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint8_formatted(
    log: *mut DltContextData,
    data: u8,
    format_type: DltFormatType,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.uint8_formatted(data, format(format_type)?))
    }
}

/// Add an unsigned integer of 16 bits to a message, to be shown in some format.
///
/// @param log message being composed
/// @param data value
/// @param format_type how to show it
/// @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint16_formatted(
    log: *mut DltContextData,
    data: u16,
    format_type: DltFormatType,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.uint16_formatted(data, format(format_type)?))
    }
}

/// Add an unsigned integer of 32 bits to a message, to be shown in some format.
///
/// @param log message being composed
/// @param data value
/// @param format_type how to show it
/// @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint32_formatted(
    log: *mut DltContextData,
    data: u32,
    format_type: DltFormatType,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.uint32_formatted(data, format(format_type)?))
    }
}

/// Add an unsigned integer of 64 bits to a message, to be shown in some format.
///
/// @param log message being composed
/// @param data value
/// @param format_type how to show it
/// @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint64_formatted(
    log: *mut DltContextData,
    data: u64,
    format_type: DltFormatType,
) -> DltReturnValue {
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.uint64_formatted(data, format(format_type)?))
    }
}

/// Add bytes to a message. Bytes are never cut.
///
/// @param log message being composed
/// @param data bytes; copied
/// @param length number of bytes
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_raw(
    log: *mut DltContextData,
    data: *mut c_void,
    length: u16,
) -> DltReturnValue {
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let data = match unsafe { arg::bytes(data, usize::from(length)) } {
        Ok(data) => data,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.raw(data, Format::Default)) }
}

/// Add bytes to a message, to be shown in some format.
///
/// @param log message being composed
/// @param data bytes; copied
/// @param length number of bytes
/// @param format_type how to show them
/// @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_raw_formatted(
    log: *mut DltContextData,
    data: *mut c_void,
    length: u16,
    format_type: DltFormatType,
) -> DltReturnValue {
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let data = match unsafe { arg::bytes(data, usize::from(length)) } {
        Ok(data) => data,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.raw(data, format(format_type)?)) }
}

/// Add a text to a message. A text that does not fit is cut.
///
/// @param log message being composed
/// @param text text; copied
/// @return DLT_RETURN_OK; DLT_RETURN_USER_BUFFER_FULL when the text was cut and marked as cut;
///         DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when the library is not started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_string(
    log: *mut DltContextData,
    text: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_text(log, text, Coding::Ascii) }
}

/// Add a text to a message, with a name.
///
/// @param log message being composed
/// @param text text; copied
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.string_attr(text, Coding::Ascii, name)) }
}

/// Add a text to a message.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_string(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
) -> DltReturnValue {
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_text(log, text, Coding::Ascii) }
}

/// Add a text to a message, with a name.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.string_attr(text, Coding::Ascii, name)) }
}

/// Add a text in UTF-8 to a message. It is cut between characters only.
///
/// @param log message being composed
/// @param text text; copied
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_utf8_string(
    log: *mut DltContextData,
    text: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_text(log, text, Coding::Utf8) }
}

/// Add a text in UTF-8 to a message, with a name.
///
/// @param log message being composed
/// @param text text; copied
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_utf8_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.string_attr(text, Coding::Utf8, name)) }
}

/// Add a text in UTF-8 to a message.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_utf8_string(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
) -> DltReturnValue {
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_text(log, text, Coding::Utf8) }
}

/// Add a text in UTF-8 to a message, with a name.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_utf8_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.string_attr(text, Coding::Utf8, name)) }
}

/// Add a text to a message.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_constant_string(
    log: *mut DltContextData,
    text: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.constant_string(text, Coding::Ascii)) }
}

/// Add a text to a message, with a name.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_constant_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.constant_string_attr(text, Coding::Ascii, name))
    }
}

/// Add a text to a message.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_constant_string(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
) -> DltReturnValue {
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.constant_string(text, Coding::Ascii)) }
}

/// Add a text to a message, with a name.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_constant_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.constant_string_attr(text, Coding::Ascii, name))
    }
}

/// Add a text in UTF-8 to a message.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_constant_utf8_string(
    log: *mut DltContextData,
    text: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.constant_string(text, Coding::Utf8)) }
}

/// Add a text in UTF-8 to a message, with a name.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_constant_utf8_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let text = match unsafe { arg::cstr(text) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.constant_string_attr(text, Coding::Utf8, name))
    }
}

/// Add a text in UTF-8 to a message.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_constant_utf8_string(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
) -> DltReturnValue {
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.constant_string(text, Coding::Utf8)) }
}

/// Add a text in UTF-8 to a message, with a name.
/// In messages without type information it is left out: the receiver knows it.
///
/// @param log message being composed
/// @param text text; copied
/// @param length bytes of text, which needs no final NUL
/// @param name name of the text, or NULL
/// @return as dlt_user_log_write_string()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_sized_constant_utf8_string_attr(
    log: *mut DltContextData,
    text: *const c_char,
    length: u16,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let text = match unsafe { arg::sized(text, length) } {
        Ok(text) => text,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe {
        with_arguments(log, |arguments| arguments.constant_string_attr(text, Coding::Utf8, name))
    }
}

/// Add a signed integer with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int_attr(
    log: *mut DltContextData,
    data: c_int,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int32_attr(data, name, unit)) }
}

/// Add a signed integer of 8 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int8_attr(
    log: *mut DltContextData,
    data: i8,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int8_attr(data, name, unit)) }
}

/// Add a signed integer of 16 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int16_attr(
    log: *mut DltContextData,
    data: i16,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int16_attr(data, name, unit)) }
}

/// Add a signed integer of 32 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int32_attr(
    log: *mut DltContextData,
    data: i32,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int32_attr(data, name, unit)) }
}

/// Add a signed integer of 64 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_int64_attr(
    log: *mut DltContextData,
    data: i64,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.int64_attr(data, name, unit)) }
}

/// Add an unsigned integer with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint_attr(
    log: *mut DltContextData,
    data: c_uint,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint32_attr(data, name, unit)) }
}

/// Add an unsigned integer of 8 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint8_attr(
    log: *mut DltContextData,
    data: u8,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint8_attr(data, name, unit)) }
}

/// Add an unsigned integer of 16 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint16_attr(
    log: *mut DltContextData,
    data: u16,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint16_attr(data, name, unit)) }
}

/// Add an unsigned integer of 32 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint32_attr(
    log: *mut DltContextData,
    data: u32,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint32_attr(data, name, unit)) }
}

/// Add an unsigned integer of 64 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_uint64_attr(
    log: *mut DltContextData,
    data: u64,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.uint64_attr(data, name, unit)) }
}

/// Add a floating point number of 32 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_float32_attr(
    log: *mut DltContextData,
    data: float32_t,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.float32_attr(data, name, unit)) }
}

/// Add a floating point number of 64 bits with a name and a unit to a message.
///
/// @param log message being composed
/// @param data value
/// @param name name of the value, or NULL; left out of messages without type information
/// @param unit unit of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_float64_attr(
    log: *mut DltContextData,
    data: float64_t,
    name: *const c_char,
    unit: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: NULL or a string, as this function's caller promises.
    let unit = unsafe { arg::opt_cstr(unit) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.float64_attr(data, name, unit)) }
}

/// Add a truth value with a name to a message.
///
/// @param log message being composed
/// @param data 0 for false
/// @param name name of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_bool_attr(
    log: *mut DltContextData,
    data: u8,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.bool_attr(data, name)) }
}

/// Add bytes with a name to a message.
///
/// @param log message being composed
/// @param data bytes; copied
/// @param length number of bytes
/// @param name name of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_raw_attr(
    log: *mut DltContextData,
    data: *const c_void,
    length: u16,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let data = match unsafe { arg::bytes(data, usize::from(length)) } {
        Ok(data) => data,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.raw_attr(data, Format::Default, name)) }
}

/// Add bytes with a name to a message, to be shown in some format.
///
/// @param log message being composed
/// @param data bytes; copied
/// @param length number of bytes
/// @param format_type how to show them
/// @param name name of the value, or NULL; left out of messages without type information
/// @return as dlt_user_log_write_int(); DLT_RETURN_WRONG_PARAMETER for a format out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_write_raw_formatted_attr(
    log: *mut DltContextData,
    data: *const c_void,
    length: u16,
    format_type: DltFormatType,
    name: *const c_char,
) -> DltReturnValue {
    // SAFETY: NULL or a string, as this function's caller promises.
    let name = unsafe { arg::opt_cstr(name) };
    // SAFETY: `length` bytes or NULL, as this function's caller promises.
    let data = match unsafe { arg::bytes(data, usize::from(length)) } {
        Ok(data) => data,
        Err(code) => return code.0,
    };
    // SAFETY: `log` is as this function's caller promises.
    unsafe { with_arguments(log, |arguments| arguments.raw_attr(data, format(format_type)?, name)) }
}
