//! The receivers of `dlt_common.h`, and what programs that receive use beside them: serial lines
//! and the conversion of hexadecimal text.
//!
//! A receiver lives in the caller's memory; its buffers are the C allocator's. What it says about
//! itself is checked before it is used.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::arch::naked_asm;
use core::{ptr, slice};
use std::os::fd::BorrowedFd;

use libc::{c_char, c_int, c_uint, c_void, speed_t};

use super::arg;
use super::code::{Code, guard, guard_or};
use super::receiving::{Place, dlt_shim_receiver_receive, steps};
use super::types::{DltReceiver, DltReceiverType, DltReturnValue};
use super::variadic::{jump, trampoline};
use crate::client::{hex, log_info, serial};
use crate::diagnostics::{print_args, severity};

/// `DLT_RECEIVE_SOCKET`.
pub const RECEIVE_SOCKET: DltReceiverType = 0;
/// `DLT_RECEIVE_UDP_SOCKET`.
pub const RECEIVE_UDP_SOCKET: DltReceiverType = 1;
/// `DLT_RECEIVE_FD`.
pub const RECEIVE_FD: DltReceiverType = 2;
/// `DLT_RECEIVE_BUFSIZE`: room for the longest message.
pub const RECEIVE_BUFSIZE: c_int = 65_535;

/// `DLT_RCV_SKIP_HEADER`.
const SKIP_HEADER: c_uint = 1;
/// `DLT_RCV_REMOVE`.
const REMOVE: c_uint = 2;
/// Bytes of the header that [`SKIP_HEADER`] skips.
const USER_HEADER: usize = 8;

/// Prepare a receiver. It has to be zeroed, or to have been prepared before; a buffer of the same
/// size is kept.
///
/// @param receiver receiver
/// @param _fd descriptor to read from; stays the caller's
/// @param type kind of descriptor
/// @param _buffersize size of the buffer
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_init(
    receiver: *mut DltReceiver,
    _fd: c_int,
    r#type: DltReceiverType,
    _buffersize: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a receiver that is the caller's alone, as documented.
        let receiver = unsafe { arg::out(receiver) }?;
        if !receiver.buffer.is_null() && receiver.buffersize != _buffersize {
            // SAFETY: the receiver's own, of the C allocator.
            unsafe { libc::free(receiver.buffer.cast()) };
            receiver.buffer = ptr::null_mut();
        }
        if receiver.buffer.is_null() {
            reset(receiver, allocate(_buffersize)?);
        }
        receiver.fd = _fd;
        receiver.receiver_type = r#type;
        receiver.buffersize = _buffersize;
        receiver.buf = receiver.buffer;
        Ok(())
    })
}

/// Prepare a receiver that shares a buffer of DLT_RECEIVE_BUFSIZE bytes with others. What one of
/// them has left has to be kept by dlt_receiver_move_to_begin() before another receives.
///
/// @param receiver receiver
/// @param fd descriptor to read from; stays the caller's
/// @param type kind of descriptor
/// @param buffer the buffer, to be freed by free(); allocated if it is NULL
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_init_global_buffer(
    receiver: *mut DltReceiver,
    fd: c_int,
    r#type: DltReceiverType,
    buffer: *mut *mut c_char,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a receiver that is the caller's alone, as documented.
        let receiver = unsafe { arg::out(receiver) }?;
        // SAFETY: NULL or a pointer that is the caller's alone, as documented.
        let buffer = unsafe { arg::out(buffer) }?;
        if buffer.is_null() {
            *buffer = allocate(RECEIVE_BUFSIZE)?;
        }
        reset(receiver, *buffer);
        receiver.fd = fd;
        receiver.receiver_type = r#type;
        receiver.buffersize = RECEIVE_BUFSIZE;
        receiver.buf = *buffer;
        Ok(())
    })
}

fn reset(receiver: &mut DltReceiver, buffer: *mut c_char) {
    receiver.last_bytes_rcvd = 0;
    receiver.bytes_rcvd = 0;
    receiver.total_bytes_rcvd = 0;
    receiver.buffer = buffer;
    receiver.backup_buf = ptr::null_mut();
}

fn allocate(size: c_int) -> Result<*mut c_char, Code> {
    let room = usize::try_from(size).map_or(ptr::null_mut(), |size| {
        // SAFETY: any size may be asked for; the result is the caller's.
        unsafe { libc::calloc(1, size) }
    });
    if room.is_null() {
        print_args(severity::ERROR, format_args!("allocate memory for receiver buffer failed.\n"));
        return Err(Code::ERROR);
    }
    Ok(room.cast())
}

/// Free a receiver's buffers. The descriptor stays open.
///
/// @param receiver receiver
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_free(receiver: *mut DltReceiver) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a receiver that is the caller's alone, as documented.
        let receiver = unsafe { arg::out(receiver) }?;
        // SAFETY: the receiver's own, of the C allocator, or NULL.
        unsafe { libc::free(receiver.buffer.cast()) };
        forget(receiver);
        Ok(())
    })
}

/// Free what a receiver that shares a buffer has kept for itself. The buffer stays.
///
/// @param receiver receiver
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_free_global_buffer(
    receiver: *mut DltReceiver,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a receiver that is the caller's alone, as documented.
        forget(unsafe { arg::out(receiver) }?);
        Ok(())
    })
}

fn forget(receiver: &mut DltReceiver) {
    drop_backup(receiver);
    receiver.buffer = ptr::null_mut();
    receiver.buf = ptr::null_mut();
}

fn drop_backup(receiver: &mut DltReceiver) {
    // SAFETY: the receiver's own, of the C allocator, or NULL.
    unsafe { libc::free(receiver.backup_buf.cast()) };
    receiver.backup_buf = ptr::null_mut();
}

/// Receive once, behind what is left. Waits if the descriptor does.
///
/// @param receiver receiver
/// @return number of bytes that are there now; 0 at the end, for a full buffer, or when nothing
///         could be read, with `errno` set, and what was left is gone then; -1 for NULL or a
///         receiver without a buffer
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_receive(receiver: *mut DltReceiver) -> c_int {
    trampoline!(dlt_shim_receiver_receive, "dlt_shim_receiving_steps" => steps)
}

/// Where to read, with what is left brought to the start of the buffer; -1 if nothing can be read.
///
/// # Safety
/// `receiver` must be NULL or a receiver that is the caller's alone, `place` valid for writes.
pub unsafe extern "C" fn prepare(receiver: *mut DltReceiver, place: *mut Place) -> c_int {
    guard(|| {
        // SAFETY: by this function's contract.
        let receiver = unsafe { arg::opt_mut(receiver) }.ok_or(Code::ERROR)?;
        let left = Left::of(receiver).ok_or(Code::ERROR)?;
        keep(receiver, &left);
        receiver.last_bytes_rcvd = receiver.bytes_rcvd;
        receiver.buf = receiver.buffer;
        let to = Place {
            to: receiver.buffer.wrapping_add(left.count).cast(),
            room: left.size - left.count,
            from: &raw mut receiver.addr,
            fd: receiver.fd,
            kind: receiver.receiver_type,
        };
        // SAFETY: by this function's contract.
        unsafe { place.write(to) };
        Ok(())
    })
}

/// Takes note of what was read, as read(2) tells it. Returns the number of bytes that are there.
///
/// # Safety
/// `receiver` must be one that is the caller's alone.
pub unsafe extern "C" fn received(receiver: *mut DltReceiver, size: isize) -> c_int {
    guard(|| {
        // SAFETY: by this function's contract.
        let receiver = unsafe { arg::out(receiver) }?;
        let size = c_int::try_from(size).unwrap_or(0);
        if size <= 0 {
            receiver.bytes_rcvd = 0;
            return Ok(0);
        }
        receiver.total_bytes_rcvd = receiver.total_bytes_rcvd.wrapping_add(size);
        receiver.bytes_rcvd = receiver.last_bytes_rcvd.saturating_add(size);
        Ok(receiver.bytes_rcvd)
    })
}

/// Where in the buffer the bytes are that have not been used yet.
struct Left {
    offset: usize,
    count: usize,
    size: usize,
}

impl Left {
    /// None without a buffer, or where the receiver contradicts itself.
    fn of(receiver: &DltReceiver) -> Option<Self> {
        if receiver.buffer.is_null() || receiver.buf.is_null() {
            return None;
        }
        let offset = receiver.buf.addr().checked_sub(receiver.buffer.addr())?;
        let count = usize::try_from(receiver.bytes_rcvd).ok()?;
        let size = usize::try_from(receiver.buffersize).ok()?;
        (offset.checked_add(count)? <= size).then_some(Self { offset, count, size })
    }
}

/// Brings what is left to the start of the buffer.
fn keep(receiver: &mut DltReceiver, left: &Left) {
    let from = if receiver.backup_buf.is_null() { receiver.buf } else { receiver.backup_buf };
    if left.count > 0 && from != receiver.buffer {
        // SAFETY: both have that many bytes: the backup was made of as many or more, and the
        // buffer's were checked by `Left`.
        unsafe { ptr::copy(from, receiver.buffer, left.count) };
    }
    drop_backup(receiver);
}

/// Say that bytes at the start have been used.
///
/// @param receiver receiver
/// @param size number of bytes
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, or where there are not that many or
///         none, and then all are gone; DLT_RETURN_ERROR without a buffer
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_remove(
    receiver: *mut DltReceiver,
    size: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a receiver that is the caller's alone, as documented.
        let receiver = unsafe { arg::out(receiver) }?;
        let left = Left::of(receiver).ok_or(Code::ERROR)?;
        let (used, code) = match usize::try_from(size) {
            Ok(used @ 1..) if used <= left.count => (used, Code::OK),
            _ => (left.count, Code::WRONG_PARAMETER),
        };
        receiver.buf = receiver.buf.wrapping_add(used);
        // No more than there are, which is an int.
        receiver.bytes_rcvd -= c_int::try_from(used).unwrap_or(0);
        Ok(code)
    })
}

/// Keep what is left for the next time that something is received.
///
/// @param receiver receiver
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR without a buffer or
///         without memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_move_to_begin(receiver: *mut DltReceiver) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a receiver that is the caller's alone, as documented.
        let receiver = unsafe { arg::out(receiver) }?;
        let left = Left::of(receiver).ok_or(Code::ERROR)?;
        if left.offset == 0 || left.count == 0 {
            return Ok(());
        }
        drop_backup(receiver);
        // SAFETY: any size may be asked for.
        let backup: *mut c_char = unsafe { libc::malloc(left.count) }.cast();
        if backup.is_null() {
            return Err(Code::ERROR);
        }
        // SAFETY: `Left` has checked that the bytes are there; the room is new.
        unsafe { ptr::copy_nonoverlapping(receiver.buf, backup, left.count) };
        receiver.backup_buf = backup;
        Ok(())
    })
}

/// Copy bytes from the start of what is there.
///
/// @param receiver receiver
/// @param dest where to
/// @param to_get number of bytes
/// @param skip_header DLT_RCV_SKIP_HEADER to leave out the header in front of them, DLT_RCV_REMOVE
///        to remove what was read
/// @return number of bytes; DLT_RETURN_WRONG_PARAMETER for NULL or where there are not that many;
///         DLT_RETURN_ERROR when nothing could be removed
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_receiver_check_and_get(
    receiver: *mut DltReceiver,
    dest: *mut c_void,
    to_get: c_uint,
    skip_header: c_uint,
) -> c_int {
    guard(|| {
        let (from, whole) = {
            // SAFETY: NULL or a receiver that is the caller's, as documented.
            let receiver = unsafe { arg::required(receiver) }?;
            let skipped = if skip_header & SKIP_HEADER == 0 { 0 } else { USER_HEADER };
            let whole = (to_get as usize).saturating_add(skipped);
            let left = Left::of(receiver).ok_or(Code::WRONG_PARAMETER)?;
            if dest.is_null() || whole > left.count {
                return Err(Code::WRONG_PARAMETER);
            }
            (receiver.buf.wrapping_add(skipped), whole)
        };
        // SAFETY: `Left` has checked that the bytes are there; `dest` has room, as documented.
        unsafe { ptr::copy(from.cast(), dest, to_get as usize) };
        if skip_header & REMOVE != 0 {
            // No more than there are, which is an int.
            let whole = c_int::try_from(whole).unwrap_or(0);
            // SAFETY: as documented.
            if unsafe { dlt_receiver_remove(receiver, whole) } != Code::OK.0 {
                let message = format_args!("Can't remove bytes from receiver\n");
                print_args(severity::WARNING, message);
                return Err(Code::ERROR);
            }
        }
        Ok(c_int::try_from(to_get).unwrap_or(c_int::MAX))
    })
}

/// Set up a serial line for DLT: bytes as they are, eight bits, no parity.
///
/// @param fd descriptor of the line
/// @param speed speed, as termios.h has it
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR if it is no line or refuses
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_setup_serial(fd: c_int, speed: speed_t) -> DltReturnValue {
    guard(|| {
        if fd < 0 {
            return Err(Code::ERROR);
        }
        // SAFETY: not negative; the caller's, who keeps it open, as documented.
        let line = unsafe { BorrowedFd::borrow_raw(fd) };
        serial::make_raw(line, speed).map_err(|_| Code::ERROR)
    })
}

/// Get the constant of termios.h for a speed.
///
/// @param baudrate bits a second
/// @return constant; B115200 for a speed that has none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_convert_serial_speed(baudrate: c_int) -> speed_t {
    guard_or(libc::B115200, || serial::speed(baudrate) as speed_t)
}

/// Read two bytes of a "get log info" answer's text as a number, the low one first. Each byte is two
/// hexadecimal digits and a blank.
///
/// @param rp text
/// @param rp_count position in it; moved on by two bytes
/// @return number; -1 for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_getloginfo_conv_ascii_to_uint16_t(
    rp: *mut c_char,
    rp_count: *mut c_int,
) -> i16 {
    // SAFETY: text and position are the caller's, as documented.
    let text = guard_or(None, || unsafe { shown(rp, rp_count, 2) });
    text.map_or(-1, |text| log_info::unsigned(text).cast_signed())
}

/// Read a byte of a "get log info" answer's text as a number with a sign.
///
/// @param rp text
/// @param rp_count position in it; moved on by one byte
/// @return number; -1 for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_getloginfo_conv_ascii_to_int16_t(
    rp: *mut c_char,
    rp_count: *mut c_int,
) -> i16 {
    // SAFETY: text and position are the caller's, as documented.
    let text = guard_or(None, || unsafe { shown(rp, rp_count, 1) });
    text.map_or(-1, log_info::signed)
}

/// Read bytes of a "get log info" answer's text.
///
/// @param rp text
/// @param rp_count position in it; moved on by `len` bytes
/// @param wp receives the bytes and a final NUL: room for one byte more than `len`
/// @param len number of bytes
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_getloginfo_conv_ascii_to_id(
    rp: *mut c_char,
    rp_count: *mut c_int,
    wp: *mut c_char,
    len: c_int,
) {
    guard_or((), || {
        let Ok(count) = usize::try_from(len) else {
            return;
        };
        if wp.is_null() {
            return;
        }
        // SAFETY: text and position are the caller's, as documented.
        let Some(text) = (unsafe { shown(rp, rp_count, len) }) else {
            return;
        };
        // SAFETY: not NULL; room for one byte more, as documented.
        let out = unsafe { slice::from_raw_parts_mut(wp.cast::<u8>(), count + 1) };
        if let Some((end, id)) = out.split_last_mut() {
            log_info::bytes(text, id);
            *end = 0;
        }
    });
}

/// Read a description from a "get log info" answer's text, as dlt_getloginfo_conv_ascii_to_id().
///
/// @param rp text
/// @param rp_count position in it; moved on by `len` bytes
/// @param wp receives the bytes and a final NUL: room for one byte more than `len`
/// @param len number of bytes
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_getloginfo_conv_ascii_to_string(
    rp: *mut c_char,
    rp_count: *mut c_int,
    wp: *mut c_char,
    len: c_int,
) {
    // SAFETY: the same contract.
    unsafe { dlt_getloginfo_conv_ascii_to_id(rp, rp_count, wp, len) };
}

/// The text from the position on, as far as `bytes` bytes of it reach, and the position moved on.
///
/// # Safety
/// `text` must be NULL or a NUL-terminated string that lives for `'a`, `position` NULL or valid for
/// reads and writes.
unsafe fn shown<'a>(text: *const c_char, position: *mut c_int, bytes: c_int) -> Option<&'a [u8]> {
    // SAFETY: by this function's contract.
    let text = unsafe { arg::opt_cstr(text) }?;
    // SAFETY: by this function's contract.
    let position = unsafe { arg::opt_mut(position) }?;
    let begin = usize::try_from(*position).ok()?;
    let characters = bytes.saturating_mul(log_info::PER_BYTE as c_int);
    *position = position.saturating_add(characters);
    let end = begin.saturating_add(usize::try_from(characters).ok()?);
    Some(text.get(begin.min(text.len())..end.min(text.len())).unwrap_or_default())
}

/// Read bytes from hexadecimal text. What is no digit is skipped.
///
/// @param ptr text
/// @param binary receives the bytes
/// @param size number of bytes that there is room for; receives the number of those that came
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_hex_ascii_to_binary(
    ptr: *const c_char,
    binary: *mut u8,
    size: *mut c_int,
) {
    guard_or((), || {
        // SAFETY: NULL or a number that is the caller's alone, as documented.
        let Some(size) = (unsafe { arg::opt_mut(size) }) else {
            return;
        };
        let room = usize::try_from(*size).unwrap_or(0);
        *size = 0;
        // SAFETY: NULL or a string, as documented.
        let Some(text) = (unsafe { arg::opt_cstr(ptr) }) else {
            return;
        };
        // SAFETY: NULL or that many bytes, as documented.
        if let Ok(out) = unsafe { arg::room(binary.cast(), room) } {
            // No more than there was room for, which is an int.
            *size = c_int::try_from(hex::to_binary(text, out)).unwrap_or(0);
        }
    });
}
