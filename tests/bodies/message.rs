//! Messages in bytes that were received.

use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::Once;

use dlt::ffi::common::dlt_log_init;
use dlt::ffi::message::{
    dlt_message_argument_print, dlt_message_free, dlt_message_header, dlt_message_init,
    dlt_message_payload, dlt_message_read,
};
use dlt::ffi::types::DltMessage;

/// Room for more text than most inputs have.
pub const TEXT: usize = 2000;

/// Functions of a stream that C calls; without one to write, what is written is dropped.
#[repr(C)]
struct Cookie([*mut c_void; 4]);

unsafe extern "C" {
    // The variable of C, which a program may set.
    #[link_name = "stdout"]
    static mut C_STDOUT: *mut libc::FILE;

    fn fopencookie(cookie: *mut c_void, mode: *const c_char, functions: Cookie) -> *mut libc::FILE;
}

/// What is wrong with an input is not to be printed for each of them, nor what is read from it.
pub fn quiet() {
    static DONE: Once = Once::new();
    const DROPPED: i32 = 4;
    DONE.call_once(|| {
        // SAFETY: takes any number.
        assert_eq!(unsafe { dlt_log_init(DROPPED) }, 0);
        let none = Cookie([ptr::null_mut(); 4]);
        // SAFETY: a string, and no function.
        let nowhere = unsafe { fopencookie(ptr::null_mut(), c"w".as_ptr(), none) };
        assert!(!nowhere.is_null());
        // SAFETY: an open stream, for the rest of the process; done once.
        unsafe { C_STDOUT = nowhere };
    });
}

/// A structure of C's, all zeros.
pub fn zeroed<T>() -> Box<T> {
    // SAFETY: only used for C structs of numbers and pointers, for which zeros are values.
    unsafe { Box::new(std::mem::zeroed()) }
}

/// The first byte holds options, the second the room for text; the rest is read.
pub fn input(input: &[u8]) {
    if let [options, room, bytes @ ..] = input {
        let room = usize::from(*room) + if options & 2 == 0 { 1 } else { TEXT };
        messages(bytes, options & 1 != 0, room);
    }
}

/// Reads messages from bytes until there are none, and prints each in every way into `room` bytes;
/// the byte behind the room must stay as it is.
pub fn messages(bytes: &[u8], resync: bool, room: usize) -> usize {
    quiet();
    let mut message = zeroed::<DltMessage>();
    let mut bytes = bytes.to_vec();
    let mut start = 0;
    let mut found = 0;
    // SAFETY: a message of its own, initialised first.
    assert_eq!(unsafe { dlt_message_init(&mut *message, 0) }, 0);
    while start < bytes.len() {
        let rest = &mut bytes[start..];
        let length = rest.len() as u32;
        // SAFETY: as many bytes as are said.
        let read =
            unsafe { dlt_message_read(&mut *message, rest.as_mut_ptr(), length, resync.into(), 0) };
        if read != 0 {
            break;
        }
        print(&mut message, room);
        let skipped = usize::try_from(message.resync_offset).unwrap();
        let serial = if message.found_serialheader != 0 { 4 } else { 0 };
        let size = usize::try_from(message.headersize + message.datasize).unwrap() - 16;
        assert!(size >= 4 && skipped + serial + size <= rest.len());
        start += skipped + serial + size;
        found += 1;
    }
    // SAFETY: as above.
    assert_eq!(unsafe { dlt_message_free(&mut *message, 0) }, 0);
    found
}

/// Prints a message in every way, whole and argument by argument.
pub fn print(message: &mut DltMessage, room: usize) {
    let mut text = vec![b'#'; room + 1];
    for output in 0..7 {
        // SAFETY: a message that was read, and as much room as is said.
        unsafe {
            match output {
                0 => dlt_message_header(message, text.as_mut_ptr().cast(), room, 0),
                kind => dlt_message_payload(message, text.as_mut_ptr().cast(), room, kind, 0),
            }
        };
        assert_eq!(text[room], b'#', "written behind the text");
    }
    // Any number may come as type of an argument.
    argument(message, message.headerextra.tmsp, 0, &mut text);
    let payload = match message.databuffer.is_null() {
        true => &[][..],
        // SAFETY: a message that was read has as many bytes as it says.
        false => unsafe {
            std::slice::from_raw_parts(message.databuffer, message.datasize as usize)
        },
    };
    let mut at = 0;
    while let Some(info) = payload.get(at..).and_then(|rest| rest.first_chunk()) {
        let info = u32::from_le_bytes(*info);
        match argument(message, info, at + 4, &mut text) {
            Some(next) => at = next,
            None => break,
        }
    }
}

/// Prints the argument whose data begin at `start`; where they end, if it was understood.
fn argument(message: &mut DltMessage, info: u32, start: usize, text: &mut [u8]) -> Option<usize> {
    let room = text.len() - 1;
    let begin = message.databuffer;
    let mut cursor = begin.wrapping_add(start);
    let before = message.datasize - start as i32;
    let mut left = before;
    let to = text.as_mut_ptr().cast();
    // SAFETY: as many bytes are left as are said, and as much room.
    let result = unsafe {
        dlt_message_argument_print(message, info, &mut cursor, &mut left, to, room, -1, 0)
    };
    assert_eq!(text[room], b'#', "written behind the text");
    assert!(left >= -1 && left <= before);
    let next = cursor as usize - begin as usize;
    assert!(begin.is_null() || next <= message.datasize as usize);
    (result == 0 && !begin.is_null()).then_some(next)
}
