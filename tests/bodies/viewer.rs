//! What a daemon, or who takes its place, sends to a viewer.

use std::ffi::c_void;
use std::io::Write as _;
use std::net::Shutdown;
use std::os::fd::IntoRawFd as _;
use std::os::unix::net::UnixStream;

use dlt::ffi::client::{
    dlt_client_cleanup, dlt_client_init, dlt_client_main_loop, dlt_client_register_message_callback,
};
use dlt::ffi::receiver::{RECEIVE_BUFSIZE, RECEIVE_SOCKET, dlt_receiver_init};
use dlt::ffi::types::{DltClient, DltMessage};

use super::message::{print, quiet, zeroed};

/// So much goes into a socket whose other end is not read.
const MOST: usize = 60_000;

/// The first byte holds options; the rest is received.
pub fn input(input: &[u8]) {
    if let [options, bytes @ ..] = input {
        messages(bytes, options & 1 != 0);
    }
}

/// Has the main loop receive bytes, and prints each message. How many there were.
pub fn messages(bytes: &[u8], resync: bool) -> usize {
    quiet();
    let bytes = &bytes[..bytes.len().min(MOST)];
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs.write_all(bytes).unwrap();
    theirs.shutdown(Shutdown::Both).unwrap();
    let mut client = zeroed::<DltClient>();
    let mut count = 0_usize;
    // SAFETY: a client of its own, with its socket, which is closed with it.
    unsafe {
        assert_eq!(dlt_client_init(&mut *client, 0), 0);
        client.sock = ours.into_raw_fd();
        client.resync_serial_header = resync.into();
        let socket = client.sock;
        let receiver = &raw mut client.receiver;
        assert_eq!(dlt_receiver_init(receiver, socket, RECEIVE_SOCKET, RECEIVE_BUFSIZE), 0);
        dlt_client_register_message_callback(Some(on_message));
        let data = (&raw mut count).cast();
        // 1, for the other end has closed.
        assert_eq!(dlt_client_main_loop(&mut *client, data, 0), 1);
        assert_eq!(dlt_client_cleanup(&mut *client, 0), 0);
    }
    assert!(count * 4 <= bytes.len(), "each message takes some bytes");
    count
}

unsafe extern "C" fn on_message(message: *mut DltMessage, data: *mut c_void) -> i32 {
    // SAFETY: valid during the call.
    print(unsafe { &mut *message }, 200);
    // SAFETY: what was given to the main loop.
    unsafe { *data.cast::<usize>() += 1 };
    0
}
