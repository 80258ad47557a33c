//! C's streams. Programs look at the `FILE` in their `DltFile`, so files are read through it: in
//! order from its buffer, and without a seek where it already stands at the right place, for each
//! seek of C's is a system call.

use core::ffi::CStr;

use libc::{FILE, c_long, c_void, size_t};

use crate::file::Source;

unsafe extern "C" {
    fn fread_unlocked(into: *mut c_void, size: size_t, count: size_t, file: *mut FILE) -> size_t;
    fn fwrite_unlocked(from: *const c_void, size: size_t, count: size_t, file: *mut FILE)
    -> size_t;
}

/// Bytes that are rather read than skipped by a seek.
const SHORT_SKIP: usize = 4096;

/// An open stream. As with all of C's, one thread uses it at a time.
pub struct Stream(*mut FILE);

impl Stream {
    /// The stream behind a handle, if it is not NULL.
    ///
    /// # Safety
    /// `file` must be NULL or an open stream that stays open, and that no other thread uses, while
    /// the result is in use.
    pub unsafe fn of(file: *mut FILE) -> Option<Self> {
        (!file.is_null()).then_some(Self(file))
    }

    /// Opens a file to be read, and tells its length.
    pub fn open(path: &CStr) -> Option<(Self, u64)> {
        // SAFETY: both are strings.
        let file = unsafe { libc::fopen(path.as_ptr(), c"rb".as_ptr()) };
        // SAFETY: just opened, or NULL.
        let mut stream = unsafe { Self::of(file) }?;
        // SAFETY: open.
        unsafe { libc::fseek(file, 0, libc::SEEK_END) };
        let length = stream.position();
        stream.seek(0);
        Some((stream, length.cast_unsigned()))
    }

    /// Creates a file, or empties it, to be written.
    pub fn create(path: &CStr) -> Option<Self> {
        // SAFETY: both are strings.
        let file = unsafe { libc::fopen(path.as_ptr(), c"w".as_ptr()) };
        // SAFETY: just opened, or NULL.
        unsafe { Self::of(file) }
    }

    /// The stream, for the caller to keep.
    pub fn into_raw(self) -> *mut FILE {
        self.0
    }

    /// Closes the stream, and tells whether all that was written is out.
    pub fn close(self) -> bool {
        // SAFETY: open by the contract of `of`, and gone with `self`.
        unsafe { libc::fclose(self.0) == 0 }
    }

    /// Where the next byte is read.
    pub fn position(&mut self) -> c_long {
        // SAFETY: open.
        unsafe { libc::ftell(self.0) }
    }

    /// Goes to a place, even behind the end. False if there is no such place.
    pub fn seek(&mut self, to: c_long) -> bool {
        if self.position() == to && !self.has_ended() {
            return true;
        }
        // SAFETY: open.
        unsafe { libc::fseek(self.0, to, libc::SEEK_SET) == 0 }
    }

    /// Goes on by so many bytes, even behind the end.
    pub fn skip(&mut self, bytes: usize) -> bool {
        let start = self.position();
        if bytes <= SHORT_SKIP && self.read(&mut [0; SHORT_SKIP][..bytes]) == bytes {
            return true;
        }
        c_long::try_from(bytes).is_ok_and(|bytes| self.seek(start.saturating_add(bytes)))
    }

    /// Whether a read met the end.
    pub fn has_ended(&mut self) -> bool {
        // SAFETY: open.
        unsafe { libc::feof(self.0) != 0 }
    }

    /// Writes text. Whether it arrived, [`Stream::close`] tells.
    pub fn write(&mut self, text: &[u8]) {
        // SAFETY: open, and as many bytes as are said.
        unsafe { fwrite_unlocked(text.as_ptr().cast(), 1, text.len(), self.0) };
    }
}

impl Source for Stream {
    fn read(&mut self, into: &mut [u8]) -> usize {
        // SAFETY: open, and as much room as is said.
        unsafe { fread_unlocked(into.as_mut_ptr().cast(), 1, into.len(), self.0) }
    }
}
