//! Files of messages, which may grow or be cut while they are read.

use std::fs;
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::ptr;

use dlt::ffi::file::{
    dlt_file_free, dlt_file_init, dlt_file_message, dlt_file_open, dlt_file_quick_parsing,
    dlt_file_read, dlt_file_read_raw, dlt_file_set_filter,
};
use dlt::ffi::filter::{dlt_filter_add, dlt_filter_init};
use dlt::ffi::types::{DltFile, DltFilter};

use super::message::{TEXT, print, quiet, zeroed};

/// How a file is read, and what happens to it meanwhile.
#[derive(Debug, Clone, Copy, Default)]
pub struct Way {
    /// With a filter.
    pub filtered: bool,
    /// Without storage headers.
    pub raw: bool,
    /// It is cut to half its length when it is indexed, and before it is read.
    pub cut: bool,
    /// Its second half is written when its first was indexed.
    pub grows: bool,
}

/// The first byte holds options; the rest is the file.
pub fn input(input: &[u8]) {
    if let [options, bytes @ ..] = input {
        let option = |bit: u8| options & bit != 0;
        let way = Way { filtered: option(1), raw: option(2), cut: option(4), grows: option(8) };
        messages(bytes, way);
    }
}

/// Indexes a file, reads every message of the index, and prints all of it. How many messages are
/// in the index.
pub fn messages(bytes: &[u8], way: Way) -> usize {
    quiet();
    let (first, second) = bytes.split_at(if way.grows { bytes.len() / 2 } else { bytes.len() });
    let mut place = nameless(first);
    let path = format!("/proc/self/fd/{}\0", place.as_raw_fd());
    let mut file = zeroed::<DltFile>();
    let mut filters = zeroed::<DltFilter>();
    // SAFETY: a file and filters of their own, initialised first; strings with their NUL.
    unsafe {
        dlt_file_init(&mut *file, 0);
        dlt_filter_init(&mut *filters, 0);
        if way.filtered {
            dlt_filter_add(&mut *filters, c"APP1".as_ptr(), ptr::null(), 4, 0, 100, 0);
            dlt_file_set_filter(&mut *file, &mut *filters, 0);
        }
        assert_eq!(dlt_file_open(&mut *file, path.as_ptr().cast(), 0), 0);
    }
    index(&mut file, way.raw, bytes.len());
    if way.grows {
        place.write_all(second).unwrap();
        index(&mut file, way.raw, bytes.len());
    }
    if way.cut {
        place.set_len(bytes.len() as u64 / 2).unwrap();
    }
    for number in -1..=file.counter {
        // SAFETY: an open file.
        if unsafe { dlt_file_message(&mut *file, number, 0) } == 0 {
            print(&mut file.msg, TEXT);
        }
    }
    let counter = usize::try_from(file.counter).unwrap();
    file.file_position = 0;
    // SAFETY: as above.
    unsafe { dlt_file_quick_parsing(&mut *file, c"/dev/null".as_ptr(), 2, 0) };
    // SAFETY: as above.
    unsafe { dlt_file_free(&mut *file, 0) };
    counter
}

fn index(file: &mut DltFile, raw: bool, bytes: usize) {
    let mut reads = 0;
    // SAFETY: an open file.
    while unsafe {
        match raw {
            true => dlt_file_read_raw(file, reads % 2, 0),
            false => dlt_file_read(file, 0),
        }
    } >= 0
    {
        reads += 1;
        assert!(reads as usize <= bytes, "each message takes some bytes");
    }
}

/// A file without a name.
pub fn nameless(bytes: &[u8]) -> fs::File {
    // SAFETY: a string, and a flag that is known.
    let number = unsafe { libc::memfd_create(c"input".as_ptr(), libc::MFD_CLOEXEC) };
    assert!(number >= 0);
    // SAFETY: just opened, and nobody else's.
    let mut file: fs::File = unsafe { std::os::fd::FromRawFd::from_raw_fd(number) };
    file.write_all(bytes).unwrap();
    file
}
