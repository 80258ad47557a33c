//! Where messages of the library's own log end up.
//!
//! The log file's descriptor is replaced in place and never closed: a thread in the middle of a
//! write must not meet a file of somebody else's under the same number. So it is with several files
//! in turn, too; who finds them full and nobody else looking after them begins the next.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, IntoRawFd as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, TryLockError};

use libc::{FILE, c_int, c_void, iovec};

use super::line::Text;
use crate::rotation::{self, Scheme};
use crate::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};

/// Longest file name.
const FILENAME_MAX: usize = 255;
/// There never was a log file.
const NO_FILE: u32 = u32::MAX;

unsafe extern "C" {
    #[link_name = "stdout"]
    static mut C_STDOUT: *mut FILE;
    #[link_name = "stderr"]
    static mut C_STDERR: *mut FILE;
}

// Bytes one by one, as a lock could be held in another thread when the process forks. Two threads
// that set a name at once may mix it up; they race for the same file anyway.
static FILENAME: [AtomicU8; FILENAME_MAX] = [const { AtomicU8::new(0) }; FILENAME_MAX];
static LOG_FILE: AtomicU32 = AtomicU32::new(NO_FILE);
// Never waited for: a process may fork while another thread holds it.
static SCHEME: Mutex<Option<Scheme>> = Mutex::new(None);
/// Whether there is a scheme, so that one file alone costs no look at it.
static SEVERAL: AtomicBool = AtomicBool::new(false);

/// C's standard output.
pub fn stdout() -> *mut FILE {
    // SAFETY: a pointer that C sets before anything of ours runs.
    unsafe { C_STDOUT }
}

/// C's standard error.
pub fn stderr() -> *mut FILE {
    // SAFETY: a pointer that C sets before anything of ours runs.
    unsafe { C_STDERR }
}

pub fn set_filename(name: &[u8]) {
    let name = name.iter().copied().chain(core::iter::repeat(0));
    for (to, from) in FILENAME.iter().zip(name) {
        to.store(from, Ordering::Relaxed);
    }
}

/// Lends the file name.
pub fn filename<T>(lend: impl FnOnce(&[u8]) -> T) -> T {
    let mut name = Text::<FILENAME_MAX>::new();
    for byte in &FILENAME {
        match byte.load(Ordering::Relaxed) {
            0 => break,
            byte => name.push(&[byte]),
        }
    }
    lend(name.as_bytes())
}

/// Opens the log file to append to it.
pub fn open_file() -> io::Result<()> {
    let file = filename(|name| {
        let path = std::ffi::OsStr::from_bytes(name);
        OpenOptions::new().append(true).create(true).open(path)
    })?;
    SEVERAL.store(false, Ordering::Relaxed);
    put_in_place(file)
}

/// Opens the newest of several files, named after the log file, to append to it.
pub fn open_files(file_size: u64, total_size: u64) -> io::Result<()> {
    let scheme = filename(|name| {
        let (directory, base, extension) = rotation::parts(name)?;
        Some(Scheme {
            directory: PathBuf::from(std::ffi::OsStr::from_bytes(directory)),
            base: base.to_vec(),
            extension: extension.to_vec(),
            by_time: false,
            file_size,
            total_size,
        })
    });
    let scheme = scheme.ok_or(io::ErrorKind::InvalidInput)?;
    put_in_place(scheme.resume()?.0)?;
    match SCHEME.try_lock() {
        Ok(mut kept) => *kept = Some(scheme),
        Err(TryLockError::Poisoned(kept)) => *kept.into_inner() = Some(scheme),
        Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
    }
    SEVERAL.store(true, Ordering::Relaxed);
    Ok(())
}

/// Whether the log is kept in several files.
pub fn in_several_files() -> bool {
    SEVERAL.load(Ordering::Relaxed)
}

/// Begins a new file if `more` bytes would make the present one too large.
fn rotate(number: c_int, more: usize) {
    let Ok(kept) = SCHEME.try_lock() else {
        return;
    };
    // SAFETY: the log file's descriptor is never closed.
    let present = unsafe { BorrowedFd::borrow_raw(number) };
    let size = nix::sys::stat::fstat(present).map_or(0, |facts| facts.st_size.unsigned_abs());
    if let Some(scheme) = kept.as_ref().filter(|scheme| scheme.is_full(size, more)) {
        // Without a new one the present one goes on.
        let _goes_on = scheme.begin().and_then(|(file, _)| put_in_place(file));
    }
}

/// From now on what goes to the file goes nowhere.
pub fn close_file() {
    SEVERAL.store(false, Ordering::Relaxed);
    // Without /dev/null the file stays open, which is no harm.
    let _still_open = OpenOptions::new().write(true).open("/dev/null").and_then(put_in_place);
}

fn put_in_place(file: File) -> io::Result<()> {
    match c_int::try_from(LOG_FILE.load(Ordering::Acquire)) {
        Ok(number) => {
            // SAFETY: replaces a descriptor that is this room's alone.
            let result = unsafe { libc::dup3(file.as_raw_fd(), number, libc::O_CLOEXEC) };
            if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
        }
        Err(_) => {
            let number = file.into_raw_fd().unsigned_abs();
            LOG_FILE.store(number, Ordering::Release); // pairs with Acquire in file()
            Ok(())
        }
    }
}

pub fn file(head: &[u8], text: &[u8]) {
    if let Ok(number) = c_int::try_from(LOG_FILE.load(Ordering::Acquire)) {
        if in_several_files() {
            rotate(number, head.len() + text.len());
        }
        descriptor(number, head, text);
    }
}

/// Writes past C's buffers, with one call so that lines of different threads do not mix.
pub fn descriptor(number: c_int, head: &[u8], text: &[u8]) {
    let part = |bytes: &[u8]| iovec {
        iov_base: bytes.as_ptr().cast::<c_void>().cast_mut(),
        iov_len: bytes.len(),
    };
    let parts = [part(head), part(text)];
    // What cannot be written is lost: there is nowhere left to say so.
    // SAFETY: two parts that live until the call returns; writev only reads them.
    unsafe { libc::writev(number, parts.as_ptr(), 2) };
}

/// Writes through C's stream and flushes it.
pub fn console(stream: *mut FILE, head: &[u8], text: &[u8]) {
    // SAFETY: the format takes two lengths and two pointers to as many bytes; the stream is C's.
    unsafe {
        libc::fprintf(
            stream,
            c"%.*s%.*s".as_ptr(),
            length(head),
            head.as_ptr(),
            length(text),
            text.as_ptr(),
        )
    };
    // SAFETY: the stream is C's.
    unsafe { libc::fflush(stream) };
}

/// Writes to C's stream and leaves it to the stream when to flush.
pub fn put(stream: *mut FILE, text: &[u8]) {
    // SAFETY: as many bytes as the reference has; the stream is C's.
    unsafe { libc::fwrite(text.as_ptr().cast(), 1, text.len(), stream) };
}

pub fn open_syslog() {
    // SAFETY: the name is static.
    unsafe { libc::openlog(c"DLT".as_ptr(), libc::LOG_PID, libc::LOG_DAEMON) };
}

pub fn syslog(severity: c_int, head: &[u8], text: &[u8]) {
    // SAFETY: the format takes two lengths and two pointers to as many bytes.
    unsafe {
        libc::syslog(
            severity.clamp(0, super::severity::DEBUG),
            c"%.*s%.*s".as_ptr(),
            length(head),
            head.as_ptr(),
            length(text),
            text.as_ptr(),
        )
    };
}

fn length(text: &[u8]) -> c_int {
    c_int::try_from(text.len()).unwrap_or(c_int::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_cut_at_255_bytes() {
        let long = [b'n'; 300];
        set_filename(&long);
        assert!(filename(|name| name == &long[..FILENAME_MAX]));
        set_filename(b"");
    }
}
