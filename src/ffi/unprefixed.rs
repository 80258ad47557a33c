//! Names without the library's prefix that libdlt 2.18.8 exports although no header declares them.
//! They collide with applications' own (`buffer`, `isFile`), so they are only there with the feature
//! `unprefixed-names`. The data has libdlt's types and first values, and nothing here uses it.

use core::ptr;
use core::time::Duration;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use libc::{FILE, c_char, c_int, time_t};

use super::arg;
use super::code::{Code, guard, guard_or};
use super::data::Name;
use crate::runtime;

macro_rules! names {
    ($($text:literal),+ $(,)?) => {
        [$(Name::new($text)),+]
    };
}

/// A package of a file.
#[unsafe(no_mangle)]
pub static mut buffer: [u8; 1024] = [0; 1024];

/// Where the internal log was to go first.
#[unsafe(no_mangle)]
pub static mut logging_mode: c_int = 0;

/// The internal log's file, if C's library had opened it.
#[unsafe(no_mangle)]
pub static mut logging_handle: *mut FILE = ptr::null_mut();

/// A mutex that nothing locks.
#[unsafe(no_mangle)]
pub static mut mq_mutex: libc::pthread_mutex_t = libc::PTHREAD_MUTEX_INITIALIZER;

/// A condition that nothing waits for.
#[unsafe(no_mangle)]
pub static mut mq_init_condition: libc::pthread_cond_t = libc::PTHREAD_COND_INITIALIZER;

/// Names of message types.
#[unsafe(no_mangle)]
pub static message_type: [Name; 8] =
    names![c"log", c"app_trace", c"nw_trace", c"control", c"", c"", c"", c""];

/// Names of log levels.
#[unsafe(no_mangle)]
pub static log_info: [Name; 16] = names![
    c"", c"fatal", c"error", c"warn", c"info", c"debug", c"verbose", c"", c"", c"", c"", c"", c"",
    c"", c"", c"",
];

/// Names of application traces.
#[unsafe(no_mangle)]
pub static trace_type: [Name; 16] = names![
    c"",
    c"variable",
    c"func_in",
    c"func_out",
    c"state",
    c"vfb",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
];

/// Names of network traces.
#[unsafe(no_mangle)]
pub static nw_trace_type: [Name; 16] = names![
    c"", c"ipc", c"can", c"flexray", c"most", c"vfb", c"", c"", c"", c"", c"", c"", c"", c"", c"",
    c"",
];

/// Names of control messages.
#[unsafe(no_mangle)]
pub static control_type: [Name; 16] = names![
    c"",
    c"request",
    c"response",
    c"time",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
    c"",
];

/// Whether at most half of the room for waiting messages is taken: 1 or -1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn checkUserBufferForFreeSpace() -> c_int {
    if half_free() { Code::TRUE.0 } else { Code::ERROR.0 }
}

/// Whether at most half of the room for waiting messages is taken: 1 or -1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn check_buffer() -> c_int {
    if half_free() { Code::TRUE.0 } else { Code::ERROR.0 }
}

/// Deletes a file: 0, or -1 when it cannot be deleted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doRemoveFile(file: *const c_char) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as the caller promises.
        let file = unsafe { path(file) }.ok_or(Code::ERROR)?;
        fs::remove_file(file).map_err(|_| Code::ERROR)
    })
}

/// Waits so many milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn doTimeout(timeout: c_int) {
    let timeout = u64::try_from(timeout).unwrap_or(0);
    guard_or((), || std::thread::sleep(Duration::from_millis(timeout)));
}

/// Time of a file's last change; `ok` receives 1, or 0 when there is no such file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getFileCreationDate(file: *const c_char, ok: *mut c_int) -> time_t {
    // SAFETY: as the caller promises.
    unsafe { facts(file, ok) }.map_or(0, |facts| facts.ctime())
}

/// The same as text; 26 bytes at `date`, which stay as they are when there is no such file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getFileCreationDate2(
    file: *const c_char,
    ok: *mut c_int,
    date: *mut c_char,
) {
    guard_or((), || {
        // SAFETY: as the caller promises.
        let facts = unsafe { facts(file, ok) };
        if let Some(time) = facts.map(|facts| facts.ctime()).filter(|_| !date.is_null()) {
            // SAFETY: 26 bytes, as the caller promises.
            unsafe { libc::ctime_r(&raw const time, date) };
        }
    });
}

/// Size of a file, modulo 2^32; `ok` receives 1, or 0 when there is no such file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getFilesize(file: *const c_char, ok: *mut c_int) -> u32 {
    // SAFETY: as the caller promises.
    unsafe { facts(file, ok) }.map_or(0, |facts| facts.len() as u32)
}

/// Whether there is such a file, of whatever kind: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn isFile(file: *const c_char) -> c_int {
    // SAFETY: as the caller promises.
    c_int::from(unsafe { facts(file, ptr::null_mut()) }.is_some())
}

/// Goes on with the number that is made of a file and its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn stringHash(text: *const c_char, hash: *mut u32) {
    guard_or((), || {
        // SAFETY: NULL or a string, as the caller promises.
        let text = unsafe { arg::opt_cstr(text) };
        // SAFETY: NULL or writable, as the caller promises.
        if let (Some(text), Some(hash)) = (text, unsafe { arg::opt_mut(hash) }) {
            // C's char, whose sign depends on the processor.
            let add =
                |hash: u32, byte: &u8| hash.wrapping_mul(53).wrapping_add(*byte as c_char as u32);
            *hash = text.iter().fold(*hash, add);
        }
    });
}

fn half_free() -> bool {
    guard_or(false, || {
        runtime::current()
            .is_none_or(|instance| instance.ring.used() <= instance.ring.capacity() / 2)
    })
}

/// # Safety
/// `file` is NULL or a string.
unsafe fn path<'a>(file: *const c_char) -> Option<&'a Path> {
    // SAFETY: by this function's contract.
    unsafe { arg::opt_cstr(file) }.map(|name| Path::new(OsStr::from_bytes(name)))
}

/// # Safety
/// `file` is NULL or a string, `ok` NULL or writable.
unsafe fn facts(file: *const c_char, ok: *mut c_int) -> Option<fs::Metadata> {
    guard_or(None, || {
        // SAFETY: by this function's contract.
        let facts = unsafe { path(file) }.and_then(|file| fs::metadata(file).ok());
        // SAFETY: by this function's contract.
        if let Some(ok) = unsafe { arg::opt_mut(ok) } {
            *ok = c_int::from(facts.is_some());
        }
        facts
    })
}
