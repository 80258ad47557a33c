//! The steps between which `receiving.c` waits and calls a program's functions. None of them waits,
//! calls back or unwinds.

use core::ptr;

use libc::{c_int, c_void, sockaddr_in};

use super::client::{self, FetchNextCallback, MessageCallback};
use super::receiver;
use super::types::{DltClient, DltMessage, DltReceiver, DltReceiverType};

unsafe extern "C" {
    /// `dlt_receiver_receive`.
    pub fn dlt_shim_receiver_receive();
    /// `dlt_client_main_loop`.
    pub fn dlt_shim_client_main_loop();
}

/// Where to read from, and where to.
#[repr(C)]
#[derive(Debug)]
pub struct Place {
    /// Behind what is left.
    pub to: *mut c_void,
    /// Bytes that there is room for.
    pub room: usize,
    /// Receives the sender of a datagram.
    pub from: *mut sockaddr_in,
    /// Descriptor.
    pub fd: c_int,
    /// Kind of descriptor.
    pub kind: DltReceiverType,
}

/// As `struct steps` in C.
#[repr(C)]
struct Steps {
    prepare: unsafe extern "C" fn(*mut DltReceiver, *mut Place) -> c_int,
    received: unsafe extern "C" fn(*mut DltReceiver, isize) -> c_int,
    begin: unsafe extern "C" fn(c_int) -> *mut DltMessage,
    next: unsafe extern "C" fn(*mut DltClient, *mut DltMessage, c_int) -> bool,
    used: unsafe extern "C" fn(*mut DltClient, *mut DltMessage) -> bool,
    rest: unsafe extern "C" fn(*mut DltClient) -> bool,
    end: unsafe extern "C" fn(*mut DltMessage, c_int),
    message_function: extern "C" fn() -> Option<MessageCallback>,
    fetch_next_function: extern "C" fn() -> Option<FetchNextCallback>,
}

static STEPS: Steps = Steps {
    prepare: receiver::prepare,
    received: receiver::received,
    begin: client::begin,
    next: client::next,
    used: client::used,
    rest: client::rest,
    end: client::end,
    message_function: client::message_callback,
    fetch_next_function: client::fetch_next_callback,
};

/// Handed to C under the name `dlt_shim_receiving_steps`.
pub extern "C" fn steps() -> *const c_void {
    ptr::from_ref(&STEPS).cast()
}
