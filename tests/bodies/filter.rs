//! Filter files.

use std::io::{Cursor, Read as _, Seek as _};
use std::os::fd::AsRawFd as _;

use dlt::ffi::filter::{dlt_filter_init, dlt_filter_load, dlt_filter_save};
use dlt::ffi::message::{
    dlt_message_filter_check, dlt_message_free, dlt_message_init, dlt_message_read,
};
use dlt::ffi::types::{DltFilter, DltMessage};
use dlt::file::filter::Words;

use super::file::nameless;
use super::message::{quiet, zeroed};

/// As many as there is room for.
const MOST: usize = 30;

/// Loads filters, holds a message against them, and saves them.
pub fn input(bytes: &[u8]) {
    quiet();
    let mut count = 0;
    for word in Words::new(Cursor::new(bytes)) {
        assert!(!word.is_empty() && word.len() <= 255);
        assert!(!word.iter().any(|byte| byte.is_ascii_whitespace()));
        count += 1;
    }
    let loaded = load(bytes);
    assert!(number(&loaded) <= MOST.min(count / 2));
    check(&loaded);
    let saved = save(&loaded);
    let words: Vec<_> = Words::new(Cursor::new(&saved)).collect();
    assert_eq!(words.len(), 2 * number(&loaded), "{}", saved.escape_ascii());
    assert!(words.iter().all(|word| word.len() == 4));
    // Dashes stand for missing characters, so two that differ may be one when they come back.
    let again = load(&saved);
    assert!(number(&again) <= number(&loaded));
    assert!(loaded.counter == 0 || again.counter > 0);
}

fn number(filters: &DltFilter) -> usize {
    usize::try_from(filters.counter).unwrap()
}

fn load(bytes: &[u8]) -> Box<DltFilter> {
    let file = nameless(bytes);
    let path = format!("/proc/self/fd/{}\0", file.as_raw_fd());
    let mut filters = zeroed::<DltFilter>();
    // SAFETY: filters of their own, initialised first, and a string with its NUL.
    unsafe {
        assert_eq!(dlt_filter_init(&mut *filters, 0), 0);
        assert_eq!(dlt_filter_load(&mut *filters, path.as_ptr().cast(), 0), 0);
    }
    filters
}

fn save(filters: &DltFilter) -> Vec<u8> {
    let mut file = nameless(b"longer than what comes ".repeat(20).as_slice());
    let path = format!("/proc/self/fd/{}\0", file.as_raw_fd());
    let filters = (&raw const *filters).cast_mut();
    // SAFETY: filters that were loaded, which are only read, and a string with its NUL.
    assert_eq!(unsafe { dlt_filter_save(filters, path.as_ptr().cast(), 0) }, 0);
    let mut saved = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut saved).unwrap();
    saved
}

fn check(filters: &DltFilter) {
    let mut bytes = *b"\x21\x00\x00\x0e\x41\x00APP1CTX1";
    let mut message = zeroed::<DltMessage>();
    let filters = (&raw const *filters).cast_mut();
    // SAFETY: a message of its own, initialised first, and as many bytes as are said.
    let passes = unsafe {
        assert_eq!(dlt_message_init(&mut *message, 0), 0);
        assert_eq!(dlt_message_read(&mut *message, bytes.as_mut_ptr(), 14, 0, 0), 0);
        dlt_message_filter_check(&mut *message, filters, 0)
    };
    // SAFETY: as above.
    assert_eq!(unsafe { dlt_message_free(&mut *message, 0) }, 0);
    assert!(passes == 0 || passes == 1);
}
