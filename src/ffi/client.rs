//! `dlt_client.h`.
//!
//! A client lives in the caller's memory, its strings and buffers in the C allocator's. While a
//! callback runs no reference into it is held: a callback may send, and even clean up.
//!
//! The comments on the functions become the C header; what they say about a pointer is the contract
//! that `unsafe` stands for.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::arch::naked_asm;
use core::ffi::CStr;
use core::{fmt, ptr};
use std::ffi::OsStr;
use std::os::fd::{BorrowedFd, IntoRawFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use libc::{c_char, c_int, c_uint, c_void};

use super::arg;
use super::code::{Code, guard};
use super::message::{dlt_message_free, dlt_message_init, dlt_message_read};
use super::protocol::dlt_get_service_name;
use super::receiver::{
    RECEIVE_BUFSIZE, RECEIVE_FD, RECEIVE_SOCKET, RECEIVE_UDP_SOCKET, dlt_convert_serial_speed,
    dlt_receiver_free, dlt_receiver_init, dlt_receiver_move_to_begin, dlt_receiver_remove,
};
use super::receiving::dlt_shim_client_main_loop;
use super::types::{
    AppIDsType, ContextIDsInfoType, DltClient, DltClientMode, DltMessage, DltReturnValue,
    DltServiceGetLogInfoResponse, DltStorageHeader,
};
use super::variadic::jump;
use crate::client::connection::{self, Error};
use crate::client::log_info::{Application, Context, Detail};
use crate::client::request::{self, Request};
use crate::client::{self, SERIAL_HEADER, log_info};
use crate::clock;
use crate::diagnostics::{self, print_args, severity};
use crate::sync::atomic::{AtomicPtr, Ordering};
use crate::types::{AppId, ContextId, EcuId};

/// `DLT_CLIENT_MODE_TCP`.
const TCP: DltClientMode = 0;
/// `DLT_CLIENT_MODE_SERIAL`.
const SERIAL: DltClientMode = 1;
/// `DLT_CLIENT_MODE_UNIX`.
const UNIX: DltClientMode = 2;
/// `DLT_CLIENT_MODE_UDP_MULTICAST`.
const UDP_MULTICAST: DltClientMode = 3;
/// Bytes of an injection in front of its data: service and length.
const INJECTION_HEAD: usize = 8;

/// `DLT_MESSAGE_ERROR_OK`.
const READ: c_int = 0;
/// `DLT_MESSAGE_ERROR_SIZE`.
const SIZE: c_int = -2;
/// `DLT_MESSAGE_ERROR_CONTENT`.
const CONTENT: c_int = -3;

const CANNOT: &str = "ERROR: failed to duplicate";

/// Receives each message.
pub type MessageCallback =
    unsafe extern "C" fn(message: *mut DltMessage, data: *mut c_void) -> c_int;
/// Is asked whether to go on.
pub type FetchNextCallback = unsafe extern "C" fn(data: *mut c_void) -> bool;

// Single addresses that nothing else hangs on, so relaxed accesses do.
static MESSAGE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());
static FETCH_NEXT: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// Register the function that dlt_client_main_loop() calls with each message. There is one for all
/// clients of the process.
///
/// @param registerd_callback function, or NULL. It receives the message, which is valid during the
///        call, and the data given to dlt_client_main_loop(); what it returns means nothing
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_register_message_callback(
    registerd_callback: Option<
        unsafe extern "C" fn(message: *mut DltMessage, data: *mut c_void) -> c_int,
    >,
) {
    let address = registerd_callback.map_or(ptr::null_mut(), |function| function as *mut c_void);
    MESSAGE.store(address, Ordering::Relaxed);
}

/// Register the function that dlt_client_main_loop() asks, each time that it has handled what it
/// received, whether to go on. There is one for all clients of the process.
///
/// @param registerd_callback function, or NULL to go on always. It receives the data given to
///        dlt_client_main_loop()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_register_fetch_next_message_callback(
    registerd_callback: Option<unsafe extern "C" fn(data: *mut c_void) -> bool>,
) {
    let address = registerd_callback.map_or(ptr::null_mut(), |function| function as *mut c_void);
    FETCH_NEXT.store(address, Ordering::Relaxed);
}

/// The function that receives each message.
pub extern "C" fn message_callback() -> Option<MessageCallback> {
    let address = MESSAGE.load(Ordering::Relaxed);
    // SAFETY: NULL is no function; any other address was stored from a function of this type.
    unsafe { core::mem::transmute::<*mut c_void, Option<MessageCallback>>(address) }
}

/// The function that is asked whether to go on.
pub extern "C" fn fetch_next_callback() -> Option<FetchNextCallback> {
    let address = FETCH_NEXT.load(Ordering::Relaxed);
    // SAFETY: NULL is no function; any other address was stored from a function of this type.
    unsafe { core::mem::transmute::<*mut c_void, Option<FetchNextCallback>>(address) }
}

/// Prepare a client for a port. `ecuid`, `send_serial_header` and `resync_serial_header` are left as
/// they are, so the client should be zeroed.
///
/// @param client client
/// @param port port of the daemon
/// @param verbose not 0 to tell of it in the internal log
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_init_port(
    client: *mut DltClient,
    port: c_int,
    verbose: c_int,
) -> c_int {
    guard(|| {
        if client.is_null() {
            return Err(Code::ERROR);
        }
        if verbose != 0 {
            info(format_args!("dlt_client_init_port: Init dlt client struct with port {port}\n"));
        }
        // SAFETY: not NULL, and the caller's alone, as documented. It may be uninitialised, so it is
        // written field by field through the pointer.
        unsafe { prepare(client, port) };
        Ok(())
    })
}

/// # Safety
/// `client` must be valid for writes, with nothing else using it.
unsafe fn prepare(client: *mut DltClient, port: c_int) {
    macro_rules! set {
        ($($field:ident $(. $inner:ident)? = $value:expr),+ $(,)?) => {
            // SAFETY: by this function's contract.
            $(unsafe { (&raw mut (*client).$field$(.$inner)?).write($value) };)+
        };
    }
    set! {
        sock = -1,
        serv_ip = ptr::null_mut(),
        hostip = ptr::null_mut(),
        serial_device = ptr::null_mut(),
        socket_path = ptr::null_mut(),
        baudrate = libc::B115200,
        port = port,
        mode = TCP,
        receiver.buffer = ptr::null_mut(),
        receiver.buf = ptr::null_mut(),
        receiver.backup_buf = ptr::null_mut(),
    }
}

/// Prepare a client for the port in the environment variable DLT_DAEMON_TCP_PORT, or 3490. The rest
/// as dlt_client_init_port().
///
/// @param client client
/// @param verbose not 0 to tell of it in the internal log
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or a port below 1024 or above 65535
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_init(client: *mut DltClient, verbose: c_int) -> DltReturnValue {
    guard(|| {
        let asked_for = std::env::var_os("DLT_DAEMON_TCP_PORT").map(OsStringExt::into_vec);
        let told = if asked_for.is_some() { verbose } else { 0 };
        let port = asked_for.map_or(Ok(client::PORT), |text| client::port(&text));
        let port = port.map_err(|port| {
            let what = "Specified port is out of possible range";
            error(format_args!("dlt_client_init: {what}: {port}.\n"));
            Code::ERROR
        })?;
        if verbose != 0 {
            let what = "Init dlt client struct with default port";
            info(format_args!("dlt_client_init: {what}: {port}.\n"));
        }
        // SAFETY: the same contract.
        Ok(unsafe { dlt_client_init_port(client, c_int::from(port), told) })
    })
}

/// Connect to the daemon, in the way that the client's mode says.
///
/// @param client client that was prepared
/// @param verbose not 0 to tell of it on standard output or in the internal log
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without a connection, also when a signal has
///         interrupted it
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_connect(
    client: *mut DltClient,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?;
        let (connected, kind) = connected(client, verbose != 0)?;
        client.sock = connected.into_raw_fd();
        let (receiver, size) = (&raw mut client.receiver, RECEIVE_BUFSIZE);
        // SAFETY: a reference's, and prepared as documented.
        if unsafe { dlt_receiver_init(receiver, client.sock, kind, size) } != Code::OK.0 {
            error(format_args!("dlt_client_connect: ERROR initializing receiver\n"));
            return Err(Code::ERROR);
        }
        Ok(())
    })
}

fn connected(client: &DltClient, verbose: bool) -> Result<(OwnedFd, c_int), Code> {
    let (host, interface) = (text(&client.serv_ip), text(&client.hostip));
    let (device, socket) = (text(&client.serial_device), text(&client.socket_path));
    let (tried, kind, peer) = match client.mode {
        TCP => (connection::tcp(host, client.port), RECEIVE_SOCKET, host),
        SERIAL => (connection::serial(path(device), client.baudrate), RECEIVE_FD, device),
        UNIX => (connection::unix(path(socket)), RECEIVE_SOCKET, socket),
        UDP_MULTICAST => {
            let joined = connection::multicast(host, interface, client.port);
            (joined, RECEIVE_UDP_SOCKET, host)
        }
        mode => {
            error(format_args!("dlt_client_connect: ERROR: Mode not supported: {mode}\n"));
            return Err(Code::ERROR);
        }
    };
    let peer = Shown(peer);
    match tried {
        Ok(fd) => {
            match client.mode {
                TCP if verbose => {
                    diagnostics::put(format!("Connected to DLT daemon ({peer})\n").as_bytes());
                }
                SERIAL if verbose => {
                    info(format_args!("dlt_client_connect: Connected to {peer}\n"));
                }
                _ => {}
            }
            Ok((fd, kind))
        }
        Err(why) => {
            // The one failure that libdlt tells only who asked for it.
            if verbose || !matches!(why, Error::NotSerial(_)) {
                tell_failure(client.mode, &peer, &why);
            }
            Err(Code::ERROR)
        }
    }
}

/// Says why there is no connection, in the words that libdlt has for it.
fn tell_failure(mode: DltClientMode, peer: &Shown<'_>, why: &Error) {
    let line = match why {
        Error::Address(why) => format!("getaddrinfo: {why}"),
        Error::Connect(errno) if mode == UNIX => {
            format!("ERROR: (unix) connect error: {}", words(*errno))
        }
        Error::Connect(_) => {
            // What libdlt's own users see, and know.
            info(format_args!("dlt_client_connect: Connected to DLT daemon ({peer})\n"));
            return;
        }
        Error::Socket(errno) if mode == UNIX => {
            format!("ERROR: (unix) socket error: {}", words(*errno))
        }
        Error::Socket(errno) => format!("ERROR: socket error: {}", words(*errno)),
        Error::Bind(errno) => format!("ERROR: bind failed: {}", words(*errno)),
        Error::NoGroup => "ERROR: server address not set".to_owned(),
        Error::Group => format!("ERROR: server address not not valid {peer}"),
        Error::Join(errno) => {
            format!("ERROR: setsockopt add membership failed: {}", words(*errno))
        }
        Error::Open(_) => format!("ERROR: Failed to open device {peer}"),
        Error::NotSerial(errno) => {
            let what = "Device is not a serial device, device";
            format!("ERROR: {what} = {peer} ({}) ", words(*errno))
        }
        Error::SetUp(errno) => {
            format!("ERROR: Failed to configure serial device {peer} ({}) ", words(*errno))
        }
    };
    error(format_args!("dlt_client_connect: {line}\n"));
}

/// An error as strerror() tells it.
fn words(errno: nix::errno::Errno) -> String {
    let told = std::io::Error::from(errno).to_string();
    told.rsplit_once(" (os error").map_or_else(|| told.clone(), |(words, _)| words.to_owned())
}

/// A client's string; NULL is none.
fn text(text: &*mut c_char) -> Option<&[u8]> {
    // SAFETY: a client's string is NULL or NUL-terminated, and the caller's until the call ends.
    unsafe { arg::opt_cstr(*text) }
}

fn path(text: Option<&[u8]>) -> &Path {
    Path::new(OsStr::from_bytes(text.unwrap_or_default()))
}

/// A string as C's printf() shows it.
struct Shown<'a>(Option<&'a [u8]>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => f.write_str(&String::from_utf8_lossy(text)),
            None => f.write_str("(null)"),
        }
    }
}

fn info(message: fmt::Arguments<'_>) {
    print_args(severity::INFO, message);
}

fn error(message: fmt::Arguments<'_>) {
    print_args(severity::ERROR, message);
}

/// Close a client's connection and free what belongs to it: the receiver's buffer and the strings
/// that were set.
///
/// @param client client that was prepared
/// @param verbose not 0 to tell of it in the internal log
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_cleanup(
    client: *mut DltClient,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        if verbose != 0 {
            info(format_args!("dlt_client_cleanup: Cleanup dlt client\n"));
        }
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::out(client) }?;
        if client.sock != -1 {
            // SAFETY: the client's own; that it is closed already is no harm.
            unsafe { libc::close(client.sock) };
            client.sock = -1;
        }
        // SAFETY: a reference's, and prepared as documented.
        unsafe { dlt_receiver_free(&raw mut client.receiver) };
        set_string(&mut client.serv_ip, ptr::null_mut());
        set_string(&mut client.hostip, ptr::null_mut());
        set_string(&mut client.serial_device, ptr::null_mut());
        set_string(&mut client.socket_path, ptr::null_mut());
        Ok(())
    })
}

fn set_string(string: &mut *mut c_char, new: *mut c_char) {
    // SAFETY: a client's own string, of the C allocator, or NULL.
    unsafe { libc::free((*string).cast()) };
    *string = new;
}

/// Receive messages and hand each to the registered function, until the daemon closes the
/// connection, nothing can be read, a signal interrupts the waiting, or the registered function does
/// not want more.
///
/// @param client client that is connected
/// @param data handed to the registered functions
/// @param verbose not 0 to tell of each message in the internal log
/// @return DLT_RETURN_TRUE when nothing more can be received; DLT_RETURN_OK when no more was wanted;
///         DLT_RETURN_ERROR for NULL or without memory
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_main_loop(
    client: *mut DltClient,
    data: *mut c_void,
    verbose: c_int,
) -> DltReturnValue {
    naked_asm!(concat!(jump!(), " {shim}"), shim = sym dlt_shim_client_main_loop)
}

/// A message for the main loop, or NULL.
///
/// # Safety
/// None.
pub unsafe extern "C" fn begin(verbose: c_int) -> *mut DltMessage {
    let message: *mut DltMessage = zeroed_array(1);
    if message.is_null() {
        return message;
    }
    // SAFETY: our own, zeroed.
    if unsafe { dlt_message_init(message, verbose) } < 0 {
        // SAFETY: our own.
        unsafe { libc::free(message.cast()) };
        return ptr::null_mut();
    }
    message
}

/// Frees it.
///
/// # Safety
/// `message` must be from [`begin`].
pub unsafe extern "C" fn end(message: *mut DltMessage, verbose: c_int) {
    // SAFETY: by this function's contract.
    unsafe { dlt_message_free(message, verbose) };
    // SAFETY: by this function's contract.
    unsafe { libc::free(message.cast()) };
}

/// Reads the next message that was received whole. Where serial headers are searched for, what is
/// no message is removed: bytes in front of them, and messages shorter than their own headers.
///
/// # Safety
/// `client` must be one, `message` from [`begin`].
pub unsafe extern "C" fn next(
    client: *mut DltClient,
    message: *mut DltMessage,
    verbose: c_int,
) -> bool {
    loop {
        // SAFETY: by the contract, and nothing else uses it at this moment.
        let client_now = unsafe { &*client };
        let (receiver, resync) = (&client_now.receiver, client_now.resync_serial_header);
        let length = c_uint::try_from(receiver.bytes_rcvd).unwrap_or(0);
        let bytes = receiver.buf.cast();
        // SAFETY: the receiver has that many bytes there.
        let read = unsafe { dlt_message_read(message, bytes, length, resync, verbose) };
        // SAFETY: by the contract.
        let damage = damage(read, unsafe { &*message });
        if read == READ || resync == 0 || damage == 0 {
            return read == READ;
        }
        // SAFETY: by the contract; the receiver is the client's first member.
        if (unsafe { dlt_receiver_remove(client.cast(), damage) }) != Code::OK.0 {
            return false;
        }
    }
}

/// Bytes that belong to no message, by what a search for a serial header came to.
fn damage(read: c_int, message: &DltMessage) -> c_int {
    match read {
        CONTENT => message.resync_offset.saturating_add(SERIAL_HEADER.len() as c_int),
        SIZE => message.resync_offset.max(0),
        _ => 0,
    }
}

/// Removes it from the receiver.
///
/// # Safety
/// As [`next`], which filled `message`.
pub unsafe extern "C" fn used(client: *mut DltClient, message: *mut DltMessage) -> bool {
    // SAFETY: by this function's contract.
    let size = size_of_read(unsafe { &*message });
    // SAFETY: by this function's contract; the receiver is the client's first member.
    (unsafe { dlt_receiver_remove(client.cast(), size) }) == Code::OK.0
}

/// Keeps the rest.
///
/// # Safety
/// `client` must be one.
pub unsafe extern "C" fn rest(client: *mut DltClient) -> bool {
    // SAFETY: by this function's contract; the receiver is the client's first member.
    (unsafe { dlt_receiver_move_to_begin(client.cast()) }) == Code::OK.0
}

/// Bytes of the stream that a message took, with what was skipped in front of it.
fn size_of_read(message: &DltMessage) -> c_int {
    let serial = if message.found_serialheader != 0 { SERIAL_HEADER.len() } else { 0 };
    let storage = size_of::<DltStorageHeader>();
    (message.headersize - storage as c_int)
        .saturating_add(message.datasize)
        .saturating_add(serial as c_int)
        .saturating_add(message.resync_offset.max(0))
}

/// Send a message that was read or composed: its headers without the storage header, and its data.
///
/// @param client client that is connected
/// @param msg message
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL, a message without data, without a connection,
///         or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_message_to_socket(
    client: *mut DltClient,
    msg: *mut DltMessage,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or the caller's, as documented.
        let client = unsafe { arg::opt_ref(client) }.filter(|client| client.sock >= 0);
        // SAFETY: NULL or the caller's, as documented.
        let message = unsafe { arg::opt_ref(msg) }.filter(|message| !message.databuffer.is_null());
        let (Some(client), Some(message)) = (client, message) else {
            error(format_args!("Invalid parameters\n"));
            return Err(Code::ERROR);
        };
        let end = usize::try_from(message.headersize).unwrap_or(0);
        let storage = size_of::<DltStorageHeader>();
        let headers = message.headerbuffer.get(storage..end).ok_or(Code::ERROR)?;
        let size = usize::try_from(message.datasize).unwrap_or(0);
        // SAFETY: a message's data has that size, as documented.
        let data = unsafe { arg::bytes(message.databuffer.cast(), size) }?;
        let bytes = request::forward(headers, data, client.send_serial_header != 0);
        send(client, &bytes).map_err(|_| {
            error(format_args!("Sending message to socket failed\n"));
            Code::ERROR
        })
    })
}

fn send(client: &DltClient, bytes: &[u8]) -> Result<(), nix::errno::Errno> {
    // SAFETY: callers have checked that it is not negative; the client keeps it open.
    let to = unsafe { BorrowedFd::borrow_raw(client.sock) };
    connection::send_all(to, client.mode == SERIAL, bytes)
}

/// Send a control request.
///
/// @param client client that is connected
/// @param apid application in the message's header; "CA1" if it is empty
/// @param ctid context in the message's header; "CC1" if it is empty
/// @param payload the request: service and what belongs to it
/// @param size bytes of it
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL, without a connection, for a request that is too
///         long, or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_ctrl_msg(
    client: *mut DltClient,
    apid: *mut c_char,
    ctid: *mut c_char,
    payload: *mut u8,
    size: u32,
) -> DltReturnValue {
    guard(|| {
        if apid.is_null() || ctid.is_null() || payload.is_null() {
            return Err(Code::ERROR);
        }
        // SAFETY: not NULL; a NUL or four bytes, as documented.
        let app = AppId(unsafe { arg::prefix(apid) });
        // SAFETY: not NULL; a NUL or four bytes, as documented.
        let context = ContextId(unsafe { arg::prefix(ctid) });
        // SAFETY: not NULL; that many bytes, as documented.
        let payload = unsafe { arg::bytes(payload.cast(), size as usize) }?;
        // SAFETY: NULL or the caller's, as documented.
        let client = usable(unsafe { arg::opt_ref(client) })?;
        send_control(client, (app, context), payload)
    })
}

fn usable(client: Option<&DltClient>) -> Result<&DltClient, Code> {
    client.filter(|client| client.sock >= 0).ok_or(Code::ERROR)
}

fn too_long() -> Code {
    let what = "Critical: Huge injection message discarded!";
    error(format_args!("dlt_client_send_ctrl_msg: {what}\n"));
    Code::ERROR
}

fn send_control(client: &DltClient, to: (AppId, ContextId), payload: &[u8]) -> Result<(), Code> {
    let serial_header = client.send_serial_header != 0;
    let ecu = EcuId(client.ecuid);
    let bytes = request::compose(to, payload, ecu, clock::uptime(), serial_header);
    let bytes = bytes.map_err(|_| too_long())?;
    send(client, &bytes).map_err(|_| {
        error(format_args!("dlt_client_send_ctrl_msg: Sending message failed\n"));
        Code::ERROR
    })?;
    if matches!(client.mode, TCP | SERIAL) {
        tell_sent(payload);
    }
    Ok(())
}

fn tell_sent(payload: &[u8]) {
    let id = payload.first_chunk().map_or(0, |id| u32::from_le_bytes(*id));
    // SAFETY: takes any number.
    let name = unsafe { dlt_get_service_name(id) };
    // SAFETY: one of the library's constants.
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    info(format_args!("dlt_client_send_ctrl_msg: Control message forwarded : {name}\n"));
}

/// # Safety
/// `client` must be NULL or a client.
unsafe fn ask(client: *mut DltClient, request: &Request<'_>) -> c_int {
    guard(|| {
        // SAFETY: by this function's contract.
        let client = usable(unsafe { arg::opt_ref(client) })?;
        send_control(client, request.address(), &request.payload())
    })
}

/// An identifier that may be missing.
///
/// # Safety
/// `text` must be NULL or valid for reads up to its NUL or four bytes.
unsafe fn id(text: *const c_char) -> [u8; 4] {
    if text.is_null() {
        return [0; 4];
    }
    // SAFETY: not NULL; the rest is this function's contract.
    unsafe { arg::prefix(text) }
}

/// Have the daemon call an injection callback of an application's.
///
/// @param client client that is connected
/// @param apid application
/// @param ctid context
/// @param service_id service, as the application registered it
/// @param buffer data for the callback
/// @param size bytes of it
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_inject_msg(
    client: *mut DltClient,
    apid: *mut c_char,
    ctid: *mut c_char,
    service_id: u32,
    buffer: *mut u8,
    size: u32,
) -> DltReturnValue {
    guard(|| {
        if apid.is_null() || ctid.is_null() {
            return Err(Code::ERROR);
        }
        // SAFETY: not NULL; a NUL or four bytes, as documented.
        let app = AppId(unsafe { arg::prefix(apid) });
        // SAFETY: not NULL; a NUL or four bytes, as documented.
        let context = ContextId(unsafe { arg::prefix(ctid) });
        // SAFETY: NULL or the caller's, as documented.
        let client = usable(unsafe { arg::opt_ref(client) })?;
        let size = size as usize;
        // Before anything is copied: the size may be any.
        if !request::fits(INJECTION_HEAD.saturating_add(size)) {
            return Err(too_long());
        }
        // SAFETY: that many bytes or NULL, as documented.
        let data = unsafe { arg::bytes(buffer.cast(), size) }.map_err(|_| Code::ERROR)?;
        let request = Request::Inject { app, context, service: service_id, data };
        send_control(client, request.address(), &request.payload())
    })
}

/// Set the log level of a context.
///
/// @param client client that is connected
/// @param apid application
/// @param ctid context
/// @param log_level level; 255 for the daemon's default
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_log_level(
    client: *mut DltClient,
    apid: *mut c_char,
    ctid: *mut c_char,
    log_level: u8,
) -> DltReturnValue {
    // SAFETY: NULL, or a NUL or four bytes, as documented.
    let app = AppId(unsafe { id(apid) });
    // SAFETY: NULL, or a NUL or four bytes, as documented.
    let context = ContextId(unsafe { id(ctid) });
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetLogLevel { app, context, level: log_level }) }
}

/// Ask for all applications and contexts with their levels. The answer comes as a message, for
/// dlt_client_parse_get_log_info_resp_text().
///
/// @param client client that is connected
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_get_log_info(client: *mut DltClient) -> c_int {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::GetLogInfo) }
}

/// Ask for the default log level. The answer comes as a message.
///
/// @param client client that is connected
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_get_default_log_level(
    client: *mut DltClient,
) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::GetDefaultLogLevel) }
}

/// Ask for the daemon's version. The answer comes as a message.
///
/// @param client client that is connected
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_get_software_version(client: *mut DltClient) -> c_int {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::GetSoftwareVersion) }
}

/// Set the trace status of a context.
///
/// @param client client that is connected
/// @param apid application
/// @param ctid context
/// @param trace_status 1 for on, 0 for off, 255 for the daemon's default
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_trace_status(
    client: *mut DltClient,
    apid: *mut c_char,
    ctid: *mut c_char,
    trace_status: u8,
) -> DltReturnValue {
    // SAFETY: NULL, or a NUL or four bytes, as documented.
    let app = AppId(unsafe { id(apid) });
    // SAFETY: NULL, or a NUL or four bytes, as documented.
    let context = ContextId(unsafe { id(ctid) });
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetTraceStatus { app, context, status: trace_status }) }
}

/// Set the default log level.
///
/// @param client client that is connected
/// @param default_log_level level
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_default_log_level(
    client: *mut DltClient,
    default_log_level: u8,
) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetDefaultLogLevel(default_log_level)) }
}

/// Set the log level of all contexts.
///
/// @param client client that is connected
/// @param log_level level
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_all_log_level(
    client: *mut DltClient,
    log_level: u8,
) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetAllLogLevel(log_level)) }
}

/// Set the default trace status.
///
/// @param client client that is connected
/// @param default_trace_status 1 for on, 0 for off
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_default_trace_status(
    client: *mut DltClient,
    default_trace_status: u8,
) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetDefaultTraceStatus(default_trace_status)) }
}

/// Set the trace status of all contexts.
///
/// @param client client that is connected
/// @param trace_status 1 for on, 0 for off
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_all_trace_status(
    client: *mut DltClient,
    trace_status: u8,
) -> DltReturnValue {
    if client.is_null() {
        guard(|| {
            error(format_args!("dlt_client_send_all_trace_status: Invalid parameters\n"));
            Ok(())
        });
    }
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetAllTraceStatus(trace_status)) }
}

/// Switch the daemon's timing packets on or off.
///
/// @param client client that is connected
/// @param timing_pakets 1 for on, 0 for off
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_timing_pakets(
    client: *mut DltClient,
    timing_pakets: u8,
) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::SetTimingPackets(timing_pakets)) }
}

/// Have the daemon store its configuration.
///
/// @param client client that is connected
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_store_config(client: *mut DltClient) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::StoreConfig) }
}

/// Have the daemon go back to its factory default.
///
/// @param client client that is connected
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or when it was not sent
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_send_reset_to_factory_default(
    client: *mut DltClient,
) -> DltReturnValue {
    // SAFETY: NULL or a client, as documented.
    unsafe { ask(client, &Request::ResetToFactoryDefault) }
}

/// Set the speed of a client's serial line.
///
/// @param client client
/// @param baudrate bits a second; 115200 is taken for a speed that no line has
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_setbaudrate(
    client: *mut DltClient,
    baudrate: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?;
        // SAFETY: takes any number.
        client.baudrate = unsafe { dlt_convert_serial_speed(baudrate) };
        Ok(())
    })
}

/// Set how a client connects.
///
/// @param client client
/// @param mode TCP, serial line, UNIX socket, or UDP multicast
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL. Another mode is refused by dlt_client_connect()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_set_mode(
    client: *mut DltClient,
    mode: DltClientMode,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?.mode = mode;
        Ok(())
    })
}

/// Set the daemon's address or name, or the multicast group.
///
/// @param client client that was prepared
/// @param ipaddr text; copied
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_set_server_ip(
    client: *mut DltClient,
    ipaddr: *mut c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?;
        // SAFETY: NULL or a string, as documented.
        unsafe { copy_string(&mut client.serv_ip, ipaddr) }.map_err(|_| {
            error(format_args!("dlt_client_set_server_ip: {CANNOT} server IP\n"));
            Code::ERROR
        })
    })
}

/// Set the address of the interface on which a multicast group is joined.
///
/// @param client client that was prepared
/// @param hostip text; copied
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_set_host_if_address(
    client: *mut DltClient,
    hostip: *mut c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?;
        // SAFETY: NULL or a string, as documented.
        unsafe { copy_string(&mut client.hostip, hostip) }.map_err(|_| {
            error(format_args!("dlt_client_set_host_if_address: {CANNOT} UDP interface address\n"));
            Code::ERROR
        })
    })
}

/// Set a client's serial device.
///
/// @param client client that was prepared
/// @param serial_device path; copied
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_set_serial_device(
    client: *mut DltClient,
    serial_device: *mut c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?;
        // SAFETY: NULL or a string, as documented.
        unsafe { copy_string(&mut client.serial_device, serial_device) }.map_err(|_| {
            error(format_args!("dlt_client_set_serial_device: {CANNOT} serial device\n"));
            Code::ERROR
        })
    })
}

/// Set the path of the daemon's UNIX socket.
///
/// @param client client that was prepared
/// @param socket_path path; copied
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR for NULL or without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_set_socket_path(
    client: *mut DltClient,
    socket_path: *mut c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let client = unsafe { arg::opt_mut(client) }.ok_or(Code::ERROR)?;
        // SAFETY: NULL or a string, as documented.
        unsafe { copy_string(&mut client.socket_path, socket_path) }.map_err(|_| {
            error(format_args!("dlt_client_set_socket_path: {CANNOT} socket path\n"));
            Code::ERROR
        })
    })
}

/// # Safety
/// `text` must be NULL or a string.
unsafe fn copy_string(string: &mut *mut c_char, text: *const c_char) -> Result<(), Code> {
    if text.is_null() {
        return Err(Code::ERROR);
    }
    // SAFETY: not NULL; a string by this function's contract.
    let copy = unsafe { libc::strdup(text) };
    if copy.is_null() {
        return Err(Code::ERROR);
    }
    set_string(string, copy);
    Ok(())
}

/// Read the text of an answer to dlt_client_get_log_info(), as dlt_message_payload() makes it.
///
/// @param resp receives applications and contexts, to be freed by
///        dlt_client_cleanup_get_log_info(). Its status has to be that of the answer
/// @param resp_text text
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR for a status without
///         applications, for a text that ends early, or without memory, and then nothing is stored
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_parse_get_log_info_resp_text(
    resp: *mut DltServiceGetLogInfoResponse,
    resp_text: *mut c_char,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        let response = unsafe { arg::out(resp) }?;
        // SAFETY: NULL or a string, as documented.
        let text = unsafe { arg::cstr(resp_text) }?;
        let detail = Detail::of(response.status).ok_or_else(|| refused(response.status))?;
        let applications = log_info::parse(text, detail).map_err(|_| {
            warn(format_args!("The answer ends early"));
            Code::ERROR
        })?;
        store(response, &applications)
    })
}

fn refused(status: u8) -> Code {
    let why = match status {
        8 => ": NO matching Context IDs",
        9 => ": Response data over flow",
        _ => "",
    };
    warn(format_args!("The status({status}) is invalid{why}"));
    Code::ERROR
}

fn warn(what: fmt::Arguments<'_>) {
    let function = "dlt_client_parse_get_log_info_resp_text";
    print_args(severity::WARNING, format_args!("{function}: {what}\n"));
}

fn store(
    response: &mut DltServiceGetLogInfoResponse,
    applications: &[Application],
) -> Result<(), Code> {
    let count = u16::try_from(applications.len()).unwrap_or(u16::MAX);
    response.log_info_type.count_app_ids = count;
    response.log_info_type.app_ids = zeroed_array(applications.len());
    if response.log_info_type.app_ids.is_null() {
        response.log_info_type.count_app_ids = 0;
        return if applications.is_empty() { Ok(()) } else { Err(Code::ERROR) };
    }
    for (number, application) in applications.iter().enumerate() {
        let to = response.log_info_type.app_ids.wrapping_add(number);
        // SAFETY: within the array of as many, which is zeroed and ours.
        if store_application(unsafe { &mut *to }, application).is_none() {
            free_applications(response, c_int::from(count));
            response.log_info_type.count_app_ids = 0;
            warn(format_args!("no memory"));
            return Err(Code::ERROR);
        }
    }
    Ok(())
}

fn store_application(to: &mut AppIDsType, application: &Application) -> Option<()> {
    to.app_id = application.id.0;
    if let Some(description) = &application.description {
        to.len_app_description = u16::try_from(description.len()).ok()?;
        to.app_description = string(description)?;
    }
    if application.contexts.is_empty() {
        return Some(());
    }
    to.context_id_info = zeroed_array(application.contexts.len());
    if to.context_id_info.is_null() {
        return None;
    }
    to.count_context_ids = u16::try_from(application.contexts.len()).ok()?;
    for (number, context) in application.contexts.iter().enumerate() {
        let at = to.context_id_info.wrapping_add(number);
        // SAFETY: within the array of as many, which is zeroed and ours.
        store_context(unsafe { &mut *at }, context)?;
    }
    Some(())
}

fn store_context(to: &mut ContextIDsInfoType, context: &Context) -> Option<()> {
    to.context_id = context.id.0;
    to.log_level = i16::from(context.level);
    to.trace_status = i16::from(context.trace);
    if let Some(description) = &context.description {
        to.len_context_description = u16::try_from(description.len()).ok()?;
        to.context_description = string(description)?;
    }
    Some(())
}

/// NULL without memory, and for no elements.
fn zeroed_array<T>(count: usize) -> *mut T {
    if count == 0 {
        return ptr::null_mut();
    }
    // SAFETY: any size may be asked for.
    unsafe { libc::calloc(count, size_of::<T>()) }.cast()
}

fn string(text: &[u8]) -> Option<*mut c_char> {
    let room: *mut c_char = zeroed_array(text.len() + 1);
    if room.is_null() {
        return None;
    }
    // SAFETY: the room is new, and one byte longer.
    unsafe { ptr::copy_nonoverlapping(text.as_ptr().cast(), room, text.len()) };
    Some(room)
}

/// Free an answer to dlt_client_get_log_info(), and the structure itself.
///
/// @param resp structure of the C allocator, or NULL
/// @return DLT_RETURN_OK
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_cleanup_get_log_info(
    resp: *mut DltServiceGetLogInfoResponse,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        if let Some(response) = unsafe { arg::opt_mut(resp) } {
            free_applications(response, c_int::MAX);
        }
        // SAFETY: of the C allocator, as documented, or NULL; not used any more.
        unsafe { libc::free(resp.cast()) };
        Ok(())
    })
}

/// Free the first applications of an answer to dlt_client_get_log_info(), and the array of all.
///
/// @param resp answer, or NULL
/// @param count_app_ids number of applications
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_client_free_calloc_failed_get_log_info(
    resp: *mut DltServiceGetLogInfoResponse,
    count_app_ids: c_int,
) {
    guard(|| {
        // SAFETY: NULL or the caller's alone, as documented.
        if let Some(response) = unsafe { arg::opt_mut(resp) } {
            free_applications(response, count_app_ids);
        }
        Ok(())
    });
}

fn free_applications(response: &mut DltServiceGetLogInfoResponse, at_most: c_int) {
    let info = &mut response.log_info_type;
    if info.app_ids.is_null() {
        return;
    }
    let count = usize::from(info.count_app_ids).min(usize::try_from(at_most).unwrap_or(0));
    for number in 0..count {
        // SAFETY: the array has as many elements as it is said to have.
        let application = unsafe { &*info.app_ids.wrapping_add(number) };
        free_contexts(application);
        // SAFETY: of the C allocator, or NULL.
        unsafe { libc::free(application.app_description.cast()) };
    }
    // SAFETY: of the C allocator.
    unsafe { libc::free(info.app_ids.cast()) };
    info.app_ids = ptr::null_mut();
}

fn free_contexts(application: &AppIDsType) {
    if application.context_id_info.is_null() {
        return;
    }
    for number in 0..usize::from(application.count_context_ids) {
        // SAFETY: the array has as many elements as it is said to have.
        let context = unsafe { &*application.context_id_info.wrapping_add(number) };
        // SAFETY: of the C allocator, or NULL.
        unsafe { libc::free(context.context_description.cast()) };
    }
    // SAFETY: of the C allocator.
    unsafe { libc::free(application.context_id_info.cast()) };
}
