//! `dlt_common.h`: messages that were received or read from a file, and their text.
//!
//! The comments on the functions become the C header.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::ffi::c_void;
use core::ptr;

use libc::{c_char, c_int, c_uint, size_t};

use super::code::{Code, guard};
use super::dump::{self, DoesNotFit, Separator};
use super::stream::Stream;
use super::types::{
    DltExtendedHeader, DltFilter, DltMessage, DltReturnValue, DltStandardHeader, DltStorageHeader,
    HEADER_BUFFER_SIZE,
};
use super::verbose::called;
use super::{arg, filter};
use crate::clock;
use crate::diagnostics::{self, severity};
use crate::file::layout::{self, Layout, STANDARD};
use crate::file::received::{self, Missing, Place};
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::text::{self, DecodeError, Fields, LeftOut, LocalTime, Room, Style};
use crate::types::{AppId, ContextId, EcuId, ID_SIZE};
use crate::wire::header::{
    Extended, HeaderFlags, MessageInfo, MessageView, STORAGE, STORAGE_PATTERN,
};

/// Where the optional fields of the standard header stand in a message's header buffer.
const FIELDS_AT: usize = STORAGE + STANDARD;

// A single value that nothing else hangs on, so relaxed accesses do.
static ATTRIBUTES: AtomicBool = AtomicBool::new(false);

/// Initialise the structure of a message before it is used first.
///
/// @param msg message
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_init(msg: *mut DltMessage, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_message_init", verbose);
        // SAFETY: the caller promises a message that may be written, or NULL.
        unsafe { arg::out(msg) }.map(DltMessage::reset)
    })
}

/// Free what belongs to a message, not the structure itself.
///
/// @param msg message
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_free(msg: *mut DltMessage, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_message_free", verbose);
        // SAFETY: the caller promises a message of dlt_message_init(), or NULL.
        unsafe { arg::out(msg) }.map(DltMessage::free_payload)
    })
}

/// Read the message at the start of a buffer, with or without a serial header in front of it. The
/// message takes headersize + datasize - 16 bytes of the buffer, and 4 for a serial header, and
/// resync_offset.
///
/// @param msg message of dlt_message_init(); receives a copy of headers and payload
/// @param buffer bytes received
/// @param length number of bytes received
/// @param resync other than 0 to skip to the next serial header
/// @param verbose other than 0 to log what is done
/// @return DLT_MESSAGE_ERROR_OK; DLT_MESSAGE_ERROR_SIZE when there is not enough for a message;
///         DLT_MESSAGE_ERROR_CONTENT for a message that cannot be; DLT_MESSAGE_ERROR_UNKNOWN for
///         NULL, no bytes or no memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_read(
    msg: *mut DltMessage,
    buffer: *mut u8,
    length: c_uint,
    resync: c_int,
    verbose: c_int,
) -> c_int {
    const UNKNOWN: Code = Code(-1);
    const SIZE: Code = Code(-2);
    const CONTENT: Code = Code(-3);
    guard(|| {
        called("dlt_message_read", verbose);
        let length = usize::try_from(length).map_err(|_| UNKNOWN)?;
        // SAFETY: the caller promises a message of dlt_message_init(), or NULL.
        let message = unsafe { arg::opt_mut(msg) }.ok_or(UNKNOWN)?;
        // SAFETY: the caller promises `length` bytes, or NULL.
        let bytes = unsafe { arg::bytes(buffer.cast(), length) }.map_err(|_| UNKNOWN)?;
        if bytes.is_empty() {
            return Err(UNKNOWN);
        }
        message.receive(bytes, resync != 0, verbose).map_err(|missing| match missing {
            NotRead::Missing(Missing::Incomplete) => SIZE,
            NotRead::Missing(Missing::TooShort { missing }) => {
                diagnostics::print_args(
                    severity::WARNING,
                    format_args!(
                        "Plausibility check failed. Complete message size too short (-{missing})!\n"
                    ),
                );
                CONTENT
            }
            NotRead::NoMemory => UNKNOWN,
        })
    })
}

/// Copy the optional fields of the standard header from the header buffer to headerextra, in the
/// host's byte order.
///
/// @param msg message
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or without a standard header
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_get_extraparameters(
    msg: *mut DltMessage,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_message_get_extraparameters", verbose);
        // SAFETY: the caller promises a message of dlt_message_init(), or NULL.
        let message = unsafe { arg::out(msg) }?;
        // SAFETY: as above.
        let standard = unsafe { arg::required(message.standardheader) }?.htyp;
        message.take_fields(standard);
        Ok(())
    })
}

/// Copy the optional fields of the standard header from headerextra to the header buffer. The
/// numbers in headerextra are in network byte order afterwards.
///
/// @param msg message
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or without a standard header
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_set_extraparameters(
    msg: *mut DltMessage,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_message_set_extraparameters", verbose);
        // SAFETY: the caller promises a message of dlt_message_init(), or NULL.
        let message = unsafe { arg::out(msg) }?;
        // SAFETY: as above.
        let standard = unsafe { arg::required(message.standardheader) }?.htyp;
        message.put_fields(standard);
        Ok(())
    })
}

/// Check a message against filters.
///
/// @param msg message
/// @param filter filters
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_TRUE if a filter lets it pass, if there are no filters, or if the message has
///         no extended header; DLT_RETURN_OK if not; DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_filter_check(
    msg: *mut DltMessage,
    filter: *mut DltFilter,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_message_filter_check", verbose);
        // SAFETY: the caller promises a message, or NULL.
        let message = unsafe { arg::required(msg) }?;
        // SAFETY: the caller promises filters, or NULL.
        let filters = unsafe { arg::required(filter) }?;
        // SAFETY: the caller promises that the message's pointers are valid or NULL.
        let headers = unsafe { Headers::of(message) };
        Ok(if filter::passes(filters, message, &headers) { Code::TRUE } else { Code::OK })
    })
}

/// Fill a storage header with the time of now.
///
/// @param storageheader storage header
/// @param ecu id of the control unit
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_storageheader(
    storageheader: *mut DltStorageHeader,
    ecu: *const c_char,
) -> DltReturnValue {
    guard(|| {
        if ecu.is_null() {
            return Err(Code::WRONG_PARAMETER);
        }
        // SAFETY: the caller promises a storage header that may be written, or NULL.
        let header = unsafe { arg::out(storageheader) }?;
        // SAFETY: not NULL; the caller promises a NUL or four bytes.
        *header = DltStorageHeader::now(unsafe { arg::prefix(ecu) });
        Ok(())
    })
}

/// Check whether a storage header begins as it should.
///
/// @param storageheader storage header
/// @return DLT_RETURN_TRUE if it does, DLT_RETURN_OK if not, DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_check_storageheader(
    storageheader: *mut DltStorageHeader,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises a storage header, or NULL.
        let header = unsafe { arg::required(storageheader) }?;
        let pattern = header.pattern;
        Ok(if pattern == STORAGE_PATTERN { Code::TRUE } else { Code::OK })
    })
}

/// Choose whether names and units of arguments are printed, as name:value:unit. This holds for the
/// whole process; they are not printed before.
///
/// @param state true to print them
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_print_with_attributes(state: bool) {
    ATTRIBUTES.store(state, Ordering::Relaxed);
}

/// Write all parts of a message's headers as text.
///
/// @param msg message
/// @param text receives the text, cut if need be, with a final NUL
/// @param textlength bytes that there is room for
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL, no room or missing headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_header(
    msg: *mut DltMessage,
    text: *mut c_char,
    textlength: size_t,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { dlt_message_header_flags(msg, text, textlength, Fields::ALL.0.into(), verbose) }
}

/// Write chosen parts of a message's headers as text.
///
/// @param msg message
/// @param text receives the text, cut if need be, with a final NUL
/// @param textlength bytes that there is room for
/// @param flags DLT_HEADER_SHOW_ALL, or other such flags
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL, no room, other flags or missing
///         headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_header_flags(
    msg: *mut DltMessage,
    text: *mut c_char,
    textlength: size_t,
    flags: c_int,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_message_header_flags", verbose);
        let fields = Fields(u16::try_from(flags).map_err(|_| Code::WRONG_PARAMETER)?);
        // SAFETY: the caller promises a message, or NULL.
        let message = unsafe { arg::required(msg) }?;
        // SAFETY: the caller promises `textlength` writable bytes, or NULL.
        let room = unsafe { arg::room(text, textlength) }?;
        // SAFETY: the caller promises that the message's pointers are valid or NULL.
        let headers = unsafe { Headers::of(message) };
        copy_text(room, &headers.text(message, fields)?);
        Ok(())
    })
}

/// Write a message's payload as text.
///
/// @param msg message
/// @param text receives the text with a final NUL; numbers are cut if need be
/// @param textlength bytes that there is room for
/// @param type DLT_OUTPUT_HEX, DLT_OUTPUT_ASCII, DLT_OUTPUT_MIXED_FOR_PLAIN,
///        DLT_OUTPUT_MIXED_FOR_HTML or DLT_OUTPUT_ASCII_LIMITED
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, no room, another type or a payload
///         that is too short; DLT_RETURN_ERROR if it cannot be decoded or there is not enough
///         room, and then text has what comes before
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_payload(
    msg: *mut DltMessage,
    text: *mut c_char,
    textlength: size_t,
    r#type: c_int,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_message_payload", verbose);
        // SAFETY: the caller promises a message, or NULL.
        let message = unsafe { arg::required(msg) }?;
        // SAFETY: the caller promises `textlength` writable bytes, or NULL.
        let room = unsafe { arg::room(text, textlength) }?;
        let style = style(r#type).filter(|_| !message.databuffer.is_null());
        // SAFETY: the caller promises that the message's pointers are valid or NULL.
        let headers = unsafe { Headers::of(message) };
        // SAFETY: as above, and `datasize` bytes of payload.
        let payload = unsafe { message.payload() };
        print_payload(&headers, message, payload, room, style.ok_or(Code::WRONG_PARAMETER)?)
    })
}

/// Write one argument of a verbose message as text.
///
/// @param msg message; tells the byte order
/// @param type_info type of the argument
/// @param ptr points to the data behind the type; is moved on behind the argument
/// @param datalength number of bytes there; is reduced by those of the argument, or set to -1 if
///        they are not all there
/// @param text receives the text with a final NUL; a number is cut if need be
/// @param textlength bytes that there is room for
/// @param byteLength length of a text that has no length in front of it, or -1 if it has
/// @param verbose not used
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or no room; DLT_RETURN_ERROR if the
///         argument cannot be decoded or there is not enough room for a text
#[unsafe(no_mangle)]
#[expect(non_snake_case, reason = "name of the C interface")]
pub unsafe extern "C" fn dlt_message_argument_print(
    msg: *mut DltMessage,
    type_info: u32,
    ptr: *mut *mut u8,
    datalength: *mut i32,
    text: *mut c_char,
    textlength: size_t,
    byteLength: c_int,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        let _not_used = verbose;
        // SAFETY: the caller promises a message, or NULL.
        let message = unsafe { arg::required(msg) }?;
        // SAFETY: the caller promises a pointer that may be written, or NULL.
        let cursor = unsafe { arg::out(ptr) }?;
        // SAFETY: as above.
        let length = unsafe { arg::out(datalength) }?;
        // SAFETY: the caller promises `textlength` writable bytes, or NULL.
        let room = unsafe { arg::room(text, textlength) }?;
        // SAFETY: the caller promises that the message's pointers are valid or NULL.
        let headers = unsafe { Headers::of(message) };
        let there = usize::try_from(*length).unwrap_or(0);
        // SAFETY: the caller promises `datalength` bytes.
        let data = unsafe { arg::bytes(cursor.cast::<c_void>(), there) }?;
        let (printed, used) = headers.argument(type_info, data, byteLength, room);
        *cursor = cursor.wrapping_add(used);
        *length = if printed.is_ok() { *length - i32::try_from(used).unwrap_or(0) } else { -1 };
        printed
    })
}

/// Print a message's headers and payload to standard output, the payload as text.
///
/// @param message message
/// @param text room for what is printed
/// @param size bytes of room
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_print_ascii(
    message: *mut DltMessage,
    text: *mut c_char,
    size: u32,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { print_message(message, text, size, verbose, 2, " ") }
}

/// Print a message's headers to standard output.
///
/// @param message message
/// @param text room for what is printed
/// @param size bytes of room
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_print_header(
    message: *mut DltMessage,
    text: *mut c_char,
    size: u32,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { print_message(message, text, size, verbose, 0, "\n") }
}

/// Print a message's headers and payload to standard output, the payload in hexadecimal.
///
/// @param message message
/// @param text room for what is printed
/// @param size bytes of room
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_print_hex(
    message: *mut DltMessage,
    text: *mut c_char,
    size: u32,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { print_message(message, text, size, verbose, 1, " ") }
}

/// Print a message's headers and payload to standard output, the payload in hexadecimal and as
/// characters.
///
/// @param message message
/// @param text room for what is printed
/// @param size bytes of room
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_print_mixed_plain(
    message: *mut DltMessage,
    text: *mut c_char,
    size: u32,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { print_message(message, text, size, verbose, 3, " \n") }
}

/// Print a message's headers and payload to standard output, the payload in hexadecimal and as
/// characters, for a web page.
///
/// @param message message
/// @param text room for what is printed
/// @param size bytes of room
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_message_print_mixed_html(
    message: *mut DltMessage,
    text: *mut c_char,
    size: u32,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { print_message(message, text, size, verbose, 4, " \n") }
}

/// Headers, what stands behind them, and the payload in brackets unless `kind` is 0. A payload that
/// cannot be decoded is printed as far as it can.
///
/// # Safety
/// As the C functions promise.
unsafe fn print_message(
    message: *mut DltMessage,
    text: *mut c_char,
    size: u32,
    verbose: c_int,
    kind: c_int,
    behind: &str,
) -> DltReturnValue {
    guard(|| {
        if message.is_null() || text.is_null() {
            return Err(Code::WRONG_PARAMETER);
        }
        let length = usize::try_from(size).map_err(|_| Code::WRONG_PARAMETER)?;
        // SAFETY: by this function's contract.
        if unsafe { dlt_message_header(message, text, length, verbose) } < 0 {
            return Err(Code::WRONG_PARAMETER);
        }
        // SAFETY: terminated by the call before.
        diagnostics::put(unsafe { arg::cstr(text) }?);
        diagnostics::put(behind.as_bytes());
        if kind != 0 {
            // SAFETY: by this function's contract.
            unsafe { dlt_message_payload(message, text, length, kind, verbose) };
            diagnostics::put(b"[");
            // SAFETY: terminated by the call before.
            diagnostics::put(unsafe { arg::cstr(text) }?);
            diagnostics::put(b"]\n");
        }
        Ok(())
    })
}

/// Why [`DltMessage::receive`] has no message.
enum NotRead {
    Missing(Missing),
    NoMemory,
}

impl DltMessage {
    /// What `dlt_message_init` sets; the header buffer stays as it is.
    pub fn reset(&mut self) {
        self.headersize = 0;
        self.datasize = 0;
        self.databuffer = ptr::null_mut();
        self.databuffersize = 0;
        self.storageheader = ptr::null_mut();
        self.standardheader = ptr::null_mut();
        self.extendedheader = ptr::null_mut();
        self.found_serialheader = 0;
    }

    /// Frees the payload.
    pub fn free_payload(&mut self) {
        // SAFETY: NULL or memory of the C allocator, by the contract of the C functions.
        unsafe { libc::free(self.databuffer.cast()) };
        self.databuffer = ptr::null_mut();
        self.databuffersize = 0;
    }

    /// Room for `size` bytes of payload, which is filled by the caller. Nothing without memory.
    pub fn payload_room(&mut self, size: usize) -> Option<&mut [u8]> {
        let there = usize::try_from(self.databuffersize).unwrap_or(0);
        if self.databuffer.is_null() || there < size {
            self.free_payload();
            // SAFETY: any size may be asked for.
            let memory = unsafe { libc::calloc(size.max(1), 1) };
            self.databuffer = memory.cast();
            if memory.is_null() {
                return None;
            }
            self.databuffersize = i32::try_from(size).ok()?;
        }
        // SAFETY: not NULL, and at least `size` bytes that were written before: by calloc here, or
        // by whoever set `databuffer` and `databuffersize`, which the C contract promises.
        Some(unsafe { core::slice::from_raw_parts_mut(self.databuffer, size) })
    }

    /// The payload.
    ///
    /// # Safety
    /// `databuffer` must be NULL or valid for `datasize` bytes, with nobody writing to them.
    unsafe fn payload(&self) -> &[u8] {
        let size = usize::try_from(self.datasize).unwrap_or(0);
        // SAFETY: by this function's contract.
        unsafe { arg::bytes(self.databuffer.cast(), size) }.unwrap_or_default()
    }

    /// Notes the sizes, and where in the header buffer storage header and standard header are.
    pub fn lay_out(&mut self, layout: &Layout) {
        self.headersize = size_of_headers(layout);
        self.datasize = i32::try_from(layout.payload).unwrap_or(0);
        self.point_to_headers();
    }

    /// Lets the pointers to storage header and standard header show into the header buffer.
    pub fn point_to_headers(&mut self) {
        self.storageheader = self.headerbuffer.as_mut_ptr().cast::<DltStorageHeader>();
        let standard = self.headerbuffer.as_mut_ptr().wrapping_add(STORAGE);
        self.standardheader = standard.cast::<DltStandardHeader>();
    }

    /// Lets the pointer to the extended header show into the header buffer.
    pub fn point_to_extended(&mut self, layout: &Layout) {
        let extended = self.headerbuffer.as_mut_ptr().wrapping_add(FIELDS_AT + layout.fields);
        self.extendedheader = extended.cast::<DltExtendedHeader>();
    }

    /// The header buffer from the optional fields on.
    pub fn rest_of_headers(&mut self) -> &mut [u8] {
        let (_, rest) = self.headerbuffer.split_at_mut(FIELDS_AT);
        rest
    }

    /// Optional fields to `headerextra`, in the host's byte order.
    pub fn take_fields(&mut self, htyp: u8) {
        let flags = HeaderFlags::from_bits(htyp);
        let mut fields = self.headerbuffer.split_at(FIELDS_AT).1.as_chunks::<4>().0.iter();
        let mut field = |present: bool| if present { fields.next() } else { None };
        let extra = &mut self.headerextra;
        if let Some(ecu) = field(flags.ecu) {
            extra.ecu = *ecu;
        }
        if let Some(session) = field(flags.session) {
            extra.seid = u32::from_be_bytes(*session);
        }
        if let Some(timestamp) = field(flags.timestamp) {
            extra.tmsp = u32::from_be_bytes(*timestamp);
        }
    }

    /// Optional fields from `headerextra`, whose numbers change to network byte order, as libdlt
    /// leaves them.
    pub fn put_fields(&mut self, htyp: u8) {
        let flags = HeaderFlags::from_bits(htyp);
        let mut fields =
            self.headerbuffer.split_at_mut(FIELDS_AT).1.as_chunks_mut::<4>().0.iter_mut();
        let extra = &mut self.headerextra;
        let mut put = |present: bool, bytes: [u8; 4]| {
            if present && let Some(field) = fields.next() {
                *field = bytes;
            }
        };
        put(flags.ecu, extra.ecu);
        if flags.session {
            extra.seid = extra.seid.to_be();
        }
        put(flags.session, extra.seid.to_ne_bytes());
        if flags.timestamp {
            extra.tmsp = extra.tmsp.to_be();
        }
        put(flags.timestamp, extra.tmsp.to_ne_bytes());
    }

    fn receive(&mut self, bytes: &[u8], resync: bool, verbose: c_int) -> Result<(), NotRead> {
        let incomplete = NotRead::Missing(Missing::Incomplete);
        // Without a serial header all bytes are skipped that cannot be the start of one.
        let none = Place { serial: false, skipped: bytes.len().saturating_sub(3) };
        let place = received::place(bytes, resync);
        let Place { serial, skipped } = place.unwrap_or(none);
        self.found_serialheader = i8::from(serial);
        self.resync_offset = i32::try_from(skipped).unwrap_or(i32::MAX);
        let start = place.ok_or(incomplete)?.start();
        let message = bytes.get(start..).unwrap_or_default();
        let (layout, headers, rest) = received::headers(message).map_err(NotRead::Missing)?;
        let buffer = self.headerbuffer.split_at_mut(STORAGE).1;
        for (to, from) in buffer.iter_mut().zip(headers) {
            *to = *from;
        }
        self.lay_out(&layout);
        if layout.fields > 0 {
            called("dlt_message_get_extraparameters", verbose);
            self.take_fields(headers.first().copied().unwrap_or(0));
        }
        if layout.extended > 0 {
            self.point_to_extended(&layout);
        } else {
            self.extendedheader = ptr::null_mut();
        }
        let payload = rest.get(..layout.payload);
        let payload = payload.ok_or(NotRead::Missing(Missing::Incomplete))?;
        let room = self.payload_room(payload.len()).ok_or(NotRead::NoMemory)?;
        room.copy_from_slice(payload);
        Ok(())
    }
}

/// Bytes of all headers, storage header included.
pub fn size_of_headers(layout: &Layout) -> i32 {
    i32::try_from(STORAGE + layout.headers()).unwrap_or(0)
}

const _: () = assert!(HEADER_BUFFER_SIZE == STORAGE + crate::wire::header::HEADERS_MAX);

impl DltStorageHeader {
    /// A storage header with the time of now.
    pub fn now(ecu: [u8; ID_SIZE]) -> Self {
        let wall = clock::wall();
        // 32 bits are what the header has.
        let seconds = wall.as_secs() as u32;
        let microseconds = wall.subsec_micros().cast_signed();
        Self { pattern: STORAGE_PATTERN, seconds, microseconds, ecu }
    }
}

/// What a message's pointers show.
pub struct Headers {
    storage: Option<DltStorageHeader>,
    standard: Option<DltStandardHeader>,
    extended: Option<DltExtendedHeader>,
}

impl Headers {
    /// # Safety
    /// The message's pointers must be NULL or valid.
    pub unsafe fn of(message: &DltMessage) -> Self {
        Self {
            // SAFETY: by this function's contract.
            storage: unsafe { arg::opt_ref(message.storageheader) }.copied(),
            // SAFETY: as above.
            standard: unsafe { arg::opt_ref(message.standardheader) }.copied(),
            // SAFETY: as above.
            extended: unsafe { arg::opt_ref(message.extendedheader) }.copied(),
        }
    }

    /// The extended header, if the standard header announces one.
    pub fn extended(&self) -> Option<DltExtendedHeader> {
        let announced = self.standard.is_some_and(|standard| layout::has_extended(standard.htyp));
        self.extended.filter(|_| announced)
    }

    fn view<'a>(&self, message: &DltMessage, payload: &'a [u8]) -> Option<MessageView<'a>> {
        let standard = self.standard?;
        let flags = HeaderFlags::from_bits(standard.htyp);
        let extra = message.headerextra;
        Some(MessageView {
            htyp: standard.htyp,
            counter: standard.mcnt,
            length: u16::from_be(standard.len),
            ecu: flags.ecu.then_some(EcuId(extra.ecu)),
            session: flags.session.then_some(extra.seid),
            timestamp: flags.timestamp.then_some(extra.tmsp),
            extended: self.extended().map(|extended| Extended {
                info: MessageInfo(extended.msin),
                arguments: extended.noar,
                app: AppId(extended.apid),
                context: ContextId(extended.ctid),
            }),
            payload,
        })
    }

    fn text(&self, message: &DltMessage, fields: Fields) -> Result<Vec<u8>, Code> {
        let view = self.view(message, &[]).ok_or(Code::WRONG_PARAMETER)?;
        let storage = self.storage.ok_or(Code::WRONG_PARAMETER)?;
        let seconds = i64::from(storage.seconds);
        let local = seconds.saturating_add(clock::utc_offset_at(seconds));
        let mut out = Vec::with_capacity(128);
        let time = LocalTime::of(local, storage.microseconds);
        text::header(&mut out, &view, &time, EcuId(storage.ecu), fields);
        Ok(out)
    }

    /// Prints one argument; the result, and how many bytes it took.
    fn argument(
        &self,
        info: u32,
        data: &[u8],
        text_length: c_int,
        text: &mut [u8],
    ) -> (Result<(), Code>, usize) {
        let mut out = Vec::new();
        let mut say = |left_out| warn_of_hex(left_out);
        let mut room = Room::new(text.len(), &mut say);
        let big_endian = self.standard.is_some_and(|standard| standard.htyp & 0x02 != 0);
        let attributes = ATTRIBUTES.load(Ordering::Relaxed);
        let length = usize::try_from(text_length).ok();
        let result =
            text::argument(&mut out, data, big_endian, info, length, attributes, &mut room);
        copy_text(text, &out);
        let rest = result.as_ref().map_or(data.len(), |rest| rest.len());
        (result.map(|_| ()).map_err(|_| Code::ERROR), data.len() - rest)
    }
}

/// Writes a message to a file as dlt_file_quick_parsing() does. `line` is room for text.
pub fn write_line(
    message: &DltMessage,
    out: &mut Stream,
    line: &mut [u8],
    kind: c_int,
    verbose: c_int,
) -> Result<(), Code> {
    called("dlt_message_header_flags", verbose);
    // SAFETY: the pointers of a message that was read from a file are into its header buffer.
    let headers = unsafe { Headers::of(message) };
    out.write(&headers.text(message, Fields::ALL)?);
    called("dlt_message_payload", verbose);
    let style = style(kind).ok_or(Code::WRONG_PARAMETER)?;
    // SAFETY: as many bytes as it has were read.
    let payload = unsafe { message.payload() };
    print_payload(&headers, message, payload, line, style)?;
    out.write(b"[");
    out.write(line.split(|byte| *byte == 0).next().unwrap_or_default());
    out.write(b"]\n");
    Ok(())
}

fn style(code: c_int) -> Option<Style> {
    Some(match code {
        1 => Style::Hex,
        2 => Style::Ascii,
        3 => Style::MixedPlain,
        4 => Style::MixedHtml,
        5 => Style::AsciiLimited,
        _ => return None,
    })
}

fn print_payload(
    headers: &Headers,
    message: &DltMessage,
    payload: &[u8],
    text: &mut [u8],
    style: Style,
) -> Result<(), Code> {
    copy_text(text, b"");
    let available = text.len();
    let too_small = |what: &str, DoesNotFit { required }| {
        warn_of(what, LeftOut { available, required });
        Code::ERROR
    };
    match style {
        Style::Hex => dump::hex(text, payload).map_err(|error| too_small("hex", error)),
        Style::MixedPlain => dump::mixed(text, payload, Separator::Newline)
            .map_err(|error| too_small("mixed", error)),
        Style::MixedHtml => {
            dump::mixed(text, payload, Separator::Html).map_err(|error| too_small("mixed", error))
        }
        Style::Ascii | Style::AsciiLimited => {
            let view = headers.view(message, payload).ok_or(Code::WRONG_PARAMETER)?;
            print_arguments(&view, text, style == Style::AsciiLimited)
        }
    }
}

fn print_arguments(message: &MessageView<'_>, text: &mut [u8], limited: bool) -> Result<(), Code> {
    let verbose = message.is_verbose();
    let mut out = Vec::new();
    let mut say = |left_out| warn_of(if verbose { "hex" } else { "binary" }, left_out);
    let mut room = Room::new(text.len(), &mut say);
    let attributes = ATTRIBUTES.load(Ordering::Relaxed);
    let printed = text::arguments(&mut out, message, limited, attributes, &mut room);
    copy_text(text, &out);
    printed.map_err(|error| match error {
        DecodeError::Incomplete if !verbose => Code::WRONG_PARAMETER,
        _ => Code::ERROR,
    })
}

fn warn_of_hex(left_out: LeftOut) {
    warn_of("hex", left_out);
}

fn warn_of(what: &str, LeftOut { available, required }: LeftOut) {
    diagnostics::print_args(
        severity::WARNING,
        format_args!(
            "String does not fit {what} data (available={available}, required={required}) !\n"
        ),
    );
}

/// Copies text and a NUL, cut if need be.
fn copy_text(room: &mut [u8], text: &[u8]) {
    let Some((last, rest)) = room.split_last_mut() else { return };
    *last = 0;
    let (text, _) = text.split_at(text.len().min(rest.len()));
    for (to, from) in rest.iter_mut().zip(text.iter().copied().chain([0])) {
        *to = from;
    }
}
