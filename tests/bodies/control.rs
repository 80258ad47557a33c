//! The answer to "get log info", as a daemon may lie in it.

use std::ffi::CString;
use std::slice;

use dlt::ffi::client::{dlt_client_cleanup_get_log_info, dlt_client_parse_get_log_info_resp_text};
use dlt::ffi::types::{AppIDsType, ContextIDsInfoType, DltServiceGetLogInfoResponse};

use super::message::quiet;

/// What stands in front of the payload.
const FRONT: &[u8] = b"get_log_info, 07, ";

/// The first byte is the status; it also says whether the rest is the text or the payload, which
/// is then made text.
pub fn input(input: &[u8]) {
    if let [status, bytes @ ..] = input {
        if status & 0x80 == 0 {
            text(*status, bytes.split(|byte| *byte == 0).next().unwrap_or_default());
        } else {
            payload(status & 0x0f, bytes);
        }
    }
}

/// Reads any text.
pub fn text(status: u8, text: &[u8]) {
    parsed(status, text, |applications| {
        // Each takes six bytes at least, and each byte two characters.
        assert!(applications.len() * 6 * 2 <= text.len());
    });
}

/// Reads the text of a payload. What was read is the start of the payload, byte for byte.
pub fn payload(status: u8, payload: &[u8]) {
    let hex = payload.iter().flat_map(|byte| format!("{byte:02x} ").into_bytes());
    let text: Vec<u8> = FRONT.iter().copied().chain(hex).collect();
    parsed(status, &text, |applications| {
        let mut bytes = (applications.len() as u16).to_le_bytes().to_vec();
        for application in applications {
            put_application(&mut bytes, application, status);
        }
        assert!(payload.starts_with(&bytes), "{bytes:02x?} of {payload:02x?}");
    });
}

fn put_application(bytes: &mut Vec<u8>, application: &AppIDsType, status: u8) {
    bytes.extend_from_slice(&application.app_id);
    bytes.extend_from_slice(&application.count_context_ids.to_le_bytes());
    // SAFETY: as many as are said.
    for context in unsafe { all(application.context_id_info, application.count_context_ids) } {
        put_context(bytes, context, status);
    }
    if status == 7 {
        let length = application.len_app_description;
        bytes.extend_from_slice(&length.to_le_bytes());
        // SAFETY: as many as are said.
        bytes.extend_from_slice(unsafe { all(application.app_description.cast(), length) });
    }
}

fn put_context(bytes: &mut Vec<u8>, context: &ContextIDsInfoType, status: u8) {
    bytes.extend_from_slice(&context.context_id);
    if matches!(status, 4 | 6 | 7) {
        bytes.push(context.log_level as u8);
    }
    if matches!(status, 5..=7) {
        bytes.push(context.trace_status as u8);
    }
    if status == 7 {
        let length = context.len_context_description;
        bytes.extend_from_slice(&length.to_le_bytes());
        // SAFETY: as many as are said.
        bytes.extend_from_slice(unsafe { all(context.context_description.cast(), length) });
    }
}

/// # Safety
/// There must be as many, or none and NULL.
unsafe fn all<'a, T>(first: *const T, count: u16) -> &'a [T] {
    if first.is_null() {
        assert_eq!(count, 0);
        return &[];
    }
    // SAFETY: by this function's contract.
    unsafe { slice::from_raw_parts(first, count.into()) }
}

/// Has the text parsed, looks at what was found if it was understood, and frees it.
fn parsed(status: u8, text: &[u8], look: impl FnOnce(&[AppIDsType])) {
    quiet();
    let text = CString::new(text).unwrap();
    // SAFETY: any size may be asked for; the function that frees it wants the C allocator's.
    let response = unsafe { libc::calloc(1, size_of::<DltServiceGetLogInfoResponse>()) };
    let response: *mut DltServiceGetLogInfoResponse = response.cast();
    // SAFETY: zeros are a value; freed below.
    let whole = unsafe { response.as_mut() }.unwrap();
    whole.status = status;
    // SAFETY: a response of its own, and a string.
    let result =
        unsafe { dlt_client_parse_get_log_info_resp_text(response, text.as_ptr().cast_mut()) };
    let found = &whole.log_info_type;
    if result == 0 {
        assert!(matches!(status, 3..=7));
        // SAFETY: as many as are said.
        look(unsafe { all(found.app_ids, found.count_app_ids) });
    } else {
        assert!(found.app_ids.is_null() && found.count_app_ids == 0);
    }
    // SAFETY: not used any more.
    unsafe { dlt_client_cleanup_get_log_info(response) };
}
