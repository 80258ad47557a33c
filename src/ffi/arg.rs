//! C arguments to Rust values, at the first line of each body. A NULL that the function does not
//! allow is [`Code::WRONG_PARAMETER`] here and nowhere else.
//!
//! The lifetimes that come out end with the call: callers bind them to locals, never to `'static`.

use core::ffi::CStr;
use core::slice;

use libc::{c_char, c_void};

use super::code::Code;
use crate::types::{AppId, ContextId};

/// A reference, or nothing for NULL.
///
/// # Safety
/// `pointer` must be NULL or valid for reads for `'a`, and nothing may write there meanwhile.
pub unsafe fn opt_ref<'a, T>(pointer: *const T) -> Option<&'a T> {
    // SAFETY: by this function's contract.
    unsafe { pointer.as_ref() }
}

/// A mutable reference, or nothing for NULL.
///
/// # Safety
/// `pointer` must be NULL or valid for reads and writes for `'a`, and nothing else may use it
/// meanwhile.
pub unsafe fn opt_mut<'a, T>(pointer: *mut T) -> Option<&'a mut T> {
    // SAFETY: by this function's contract.
    unsafe { pointer.as_mut() }
}

/// A reference; NULL is a wrong parameter.
///
/// # Safety
/// As [`opt_ref`].
pub unsafe fn required<'a, T>(pointer: *const T) -> Result<&'a T, Code> {
    // SAFETY: by this function's contract.
    unsafe { opt_ref(pointer) }.ok_or(Code::WRONG_PARAMETER)
}

/// A mutable reference; NULL is a wrong parameter.
///
/// # Safety
/// As [`opt_mut`].
pub unsafe fn out<'a, T>(pointer: *mut T) -> Result<&'a mut T, Code> {
    // SAFETY: by this function's contract.
    unsafe { opt_mut(pointer) }.ok_or(Code::WRONG_PARAMETER)
}

/// The bytes of a string without its NUL; NULL is a wrong parameter.
///
/// # Safety
/// `text` must be NULL or point to a NUL-terminated string that nothing writes to for `'a`.
pub unsafe fn cstr<'a>(text: *const c_char) -> Result<&'a [u8], Code> {
    // SAFETY: by this function's contract.
    unsafe { opt_cstr(text) }.ok_or(Code::WRONG_PARAMETER)
}

/// The bytes of a string without its NUL, or nothing for NULL.
///
/// # Safety
/// As [`cstr`].
pub unsafe fn opt_cstr<'a>(text: *const c_char) -> Option<&'a [u8]> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, and NUL-terminated by this function's contract.
    Some(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// `length` bytes. NULL is a wrong parameter unless the length is zero.
///
/// # Safety
/// `data` must be NULL or valid for reads of `length` bytes for `'a`, and nothing may write there
/// meanwhile.
pub unsafe fn bytes<'a>(data: *const c_void, length: usize) -> Result<&'a [u8], Code> {
    match (data.is_null(), length) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(Code::WRONG_PARAMETER),
        // SAFETY: not NULL, and valid for `length` bytes by this function's contract.
        (false, _) => Ok(unsafe { slice::from_raw_parts(data.cast(), length) }),
    }
}

/// `length` bytes of text, which need no NUL; NULL is a wrong parameter in any case.
///
/// # Safety
/// As [`bytes`].
pub unsafe fn sized<'a>(text: *const c_char, length: u16) -> Result<&'a [u8], Code> {
    if text.is_null() {
        return Err(Code::WRONG_PARAMETER);
    }
    // SAFETY: by this function's contract.
    unsafe { bytes(text.cast(), usize::from(length)) }
}

/// `length` writable bytes; NULL is a wrong parameter, and so is no room at all.
///
/// # Safety
/// `data` must be NULL or valid for reads and writes of `length` bytes for `'a`, and nothing else
/// may use them meanwhile.
pub unsafe fn room<'a>(data: *mut c_char, length: usize) -> Result<&'a mut [u8], Code> {
    if data.is_null() || length == 0 {
        return Err(Code::WRONG_PARAMETER);
    }
    // SAFETY: not NULL, and valid for `length` bytes by this function's contract.
    Ok(unsafe { slice::from_raw_parts_mut(data.cast(), length) })
}

/// An application's identifier: the first four bytes of a string that is neither NULL nor empty.
/// Reads no byte past the fourth, as programs pass arrays of four without a NUL.
///
/// # Safety
/// `text` must be NULL or valid for reads up to its NUL or four bytes, whichever comes first.
pub unsafe fn app_id(text: *const c_char) -> Result<AppId, Code> {
    // SAFETY: by this function's contract.
    unsafe { id(text) }.map(AppId)
}

/// A context's identifier, as [`app_id`].
///
/// # Safety
/// As [`app_id`].
pub unsafe fn context_id(text: *const c_char) -> Result<ContextId, Code> {
    // SAFETY: by this function's contract.
    unsafe { id(text) }.map(ContextId)
}

/// Four bytes of identifier, as [`app_id`].
///
/// # Safety
/// As [`app_id`].
pub unsafe fn id(text: *const c_char) -> Result<[u8; 4], Code> {
    if text.is_null() {
        return Err(Code::WRONG_PARAMETER);
    }
    // SAFETY: not NULL; the rest is this function's contract.
    let id = unsafe { prefix(text) };
    if id[0] == 0 { Err(Code::WRONG_PARAMETER) } else { Ok(id) }
}

/// The first four bytes of a string, padded with NULs.
///
/// # Safety
/// `text` must be valid for reads up to its NUL or four bytes, whichever comes first.
pub unsafe fn prefix(text: *const c_char) -> [u8; 4] {
    let mut id = [0; 4];
    for (offset, byte) in id.iter_mut().enumerate() {
        // SAFETY: the loop ended at the first NUL before this offset, so `text` extends this far.
        let at = unsafe { text.add(offset) };
        // SAFETY: as above.
        *byte = unsafe { at.cast::<u8>().read() };
        if *byte == 0 {
            break;
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use core::ptr;

    use super::*;

    #[test]
    fn null_is_a_wrong_parameter_where_something_is_required() {
        // SAFETY: NULL is allowed by each of these.
        assert_eq!(unsafe { cstr(ptr::null()) }, Err(Code::WRONG_PARAMETER));
        // SAFETY: as above.
        assert_eq!(unsafe { sized(ptr::null(), 0) }, Err(Code::WRONG_PARAMETER));
        // SAFETY: as above.
        assert_eq!(unsafe { bytes(ptr::null(), 1) }, Err(Code::WRONG_PARAMETER));
        // SAFETY: as above.
        assert_eq!(unsafe { app_id(ptr::null()) }, Err(Code::WRONG_PARAMETER));
    }

    #[test]
    fn no_bytes_may_come_from_null() {
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { bytes(ptr::null(), 0) }, Ok(&[][..]));
    }

    #[test]
    fn an_identifier_is_read_no_further_than_four_bytes() {
        // SAFETY: four bytes are there.
        let id = unsafe { app_id(b"ABCD".as_ptr().cast()) };
        assert_eq!(id, Ok(AppId(*b"ABCD")));
    }

    #[test]
    fn a_short_identifier_is_padded_and_an_empty_one_refused() {
        // SAFETY: NUL-terminated.
        assert_eq!(unsafe { context_id(c"AB".as_ptr()) }, Ok(ContextId(*b"AB\0\0")));
        // SAFETY: NUL-terminated.
        assert_eq!(unsafe { context_id(c"".as_ptr()) }, Err(Code::WRONG_PARAMETER));
    }
}
