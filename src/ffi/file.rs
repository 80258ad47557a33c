//! `dlt_common.h`: files of messages.
//!
//! A `DltFile` is the caller's; the library keeps nothing about it elsewhere. The comments on the
//! functions become the C header.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::ffi::CStr;
use core::ptr;

use libc::{c_char, c_int, c_long};

use super::arg;
use super::code::{Code, guard};
use super::filter;
use super::message::{self, Headers};
use super::stream::Stream;
use super::types::{DltFile, DltFilter, DltReturnValue, DltStorageHeader};
use super::verbose::called;
use crate::diagnostics::{self, severity};
use crate::file::Source as _;
use crate::file::layout::{Layout, STANDARD, TooShort};
use crate::file::scan::{self, HEAD, Serial};
use crate::wire::header::{STORAGE, STORAGE_PATTERN};

/// Entries of an index at first; it grows by doubling.
const INDEX_MIN: usize = 1024;
/// Room for a line of dlt_file_quick_parsing(): DLT_CONVERT_TEXTBUFSIZE.
const LINE: usize = 10024;
/// What is read again of a message that cannot be one: all but the pattern it begins with.
const NOT_PATTERN: c_long = (HEAD - STORAGE_PATTERN.len()) as c_long;
/// Control unit of messages that were read without a storage header.
const RAW_ECU: [u8; 4] = *b"ECU\0";

/// Initialise the structure of a file before it is used first.
///
/// @param file file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_init(file: *mut DltFile, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_file_init", verbose);
        // SAFETY: the caller promises a file that may be written, or NULL.
        let file = unsafe { arg::out(file) }?;
        file.handle = ptr::null_mut();
        file.index = ptr::null_mut();
        file.filter = ptr::null_mut();
        file.filter_counter = 0;
        file.rewind();
        called("dlt_message_init", verbose);
        file.msg.reset();
        Ok(())
    })
}

/// Use filters for a file, or none. They stay the caller's and must outlive their use.
///
/// @param file file
/// @param filter filters, or NULL
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for a file that is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_set_filter(
    file: *mut DltFile,
    filter: *mut DltFilter,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_file_set_filter", verbose);
        // SAFETY: the caller promises a file that may be written, or NULL.
        unsafe { arg::out(file) }?.filter = filter;
        Ok(())
    })
}

/// Open a file to be read. One that is open already is closed.
///
/// @param file file of dlt_file_init()
/// @param filename path
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if it cannot be
///         opened
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_open(
    file: *mut DltFile,
    filename: *const c_char,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_file_open", verbose);
        // SAFETY: the caller promises a file of dlt_file_init(), or NULL.
        let file = unsafe { arg::out(file) }?;
        // SAFETY: the caller promises a string, or NULL.
        let path = unsafe { arg::cstr(filename) }?;
        file.close();
        file.rewind();
        file.file_length = 0;
        // SAFETY: not NULL, as was seen; the caller promises a string.
        let opened = Stream::open(unsafe { CStr::from_ptr(filename) });
        let Some((stream, length)) = opened else {
            let path = String::from_utf8_lossy(path);
            warn(format_args!("File {path} cannot be opened!\n"));
            return Err(Code::ERROR);
        };
        file.handle = stream.into_raw();
        file.file_length = length;
        Ok(())
    })
}

/// Close a file. Its index stays.
///
/// @param file file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_close(file: *mut DltFile, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_file_close", verbose);
        // SAFETY: the caller promises a file of dlt_file_init(), or NULL.
        unsafe { arg::out(file) }?.close();
        Ok(())
    })
}

/// Close a file and free what belongs to it, not the structure itself.
///
/// @param file file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_free(file: *mut DltFile, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_file_free", verbose);
        // SAFETY: the caller promises a file of dlt_file_init(), or NULL.
        let file = unsafe { arg::out(file) }?;
        file.free_index();
        file.close();
        called("dlt_message_free", verbose);
        file.msg.free_payload();
        Ok(())
    })
}

/// Read the next storage header and standard header into file->msg. What is no storage header is
/// skipped.
///
/// @param file open file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
///         DLT_RETURN_ERROR at the end, or for a message that is shorter than its headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_read_header(
    file: *mut DltFile,
    verbose: c_int,
) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe {
        with_stream(file, "dlt_file_read_header", verbose, |file, stream| file.read_header(stream))
    }
}

/// Read a standard header without a storage header into file->msg, which gets a storage header with
/// the time of now.
///
/// @param file open file
/// @param resync other than 0 to skip to the next serial header; 0 if there may be one
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
///         DLT_RETURN_ERROR at the end, or for a message that is shorter than its headers
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_read_header_raw(
    file: *mut DltFile,
    resync: c_int,
    verbose: c_int,
) -> DltReturnValue {
    let read = |file: &mut DltFile, stream: &mut Stream| file.read_header_raw(stream, resync != 0);
    // SAFETY: the same promises.
    unsafe { with_stream(file, "dlt_file_read_header_raw", verbose, read) }
}

/// Read the rest of the headers, after dlt_file_read_header().
///
/// @param file open file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
///         DLT_RETURN_ERROR if the file ends too early
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_read_header_extended(
    file: *mut DltFile,
    verbose: c_int,
) -> DltReturnValue {
    let read = |file: &mut DltFile, stream: &mut Stream| file.read_rest(stream, verbose);
    // SAFETY: the same promises.
    unsafe { with_stream(file, "dlt_file_read_header_extended", verbose, read) }
}

/// Read the payload, after dlt_file_read_header_extended().
///
/// @param file open file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
///         DLT_RETURN_ERROR if the file ends too early or there is no memory
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_read_data(file: *mut DltFile, verbose: c_int) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe {
        with_stream(file, "dlt_file_read_data", verbose, |file, stream| file.read_payload(stream))
    }
}

/// Find the next message, and enter it in the index if the filters let it pass. Of the message
/// itself only headers are read; dlt_file_message() reads all of it. What is no message is skipped;
/// a message that is shorter than its headers is, too, and counted in file->error_messages.
///
/// @param file open file
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_TRUE for a message that is in the index now; DLT_RETURN_OK for one that is
///         not; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open; DLT_RETURN_ERROR at
///         the end
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_read(file: *mut DltFile, verbose: c_int) -> DltReturnValue {
    // SAFETY: the same promises.
    unsafe { with_stream(file, "", 0, |file, stream| file.index_next(stream, verbose)) }
}

/// Read the next message, without a storage header, and enter it in the index.
///
/// @param file open file
/// @param resync other than 0 to skip to the next serial header; 0 if there may be one
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_TRUE; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
///         DLT_RETURN_ERROR at the end, or for a message that is not complete
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_read_raw(
    file: *mut DltFile,
    resync: c_int,
    verbose: c_int,
) -> DltReturnValue {
    let read =
        |file: &mut DltFile, stream: &mut Stream| file.read_raw(stream, resync != 0, verbose);
    // SAFETY: the same promises.
    unsafe { with_stream(file, "", 0, read) }
}

/// Read a message of the index into file->msg.
///
/// @param file open file
/// @param index number of the message in the index, from 0 on
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, a file that is not open or a number
///         that is not in the index; DLT_RETURN_ERROR if the message is not complete
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_message(
    file: *mut DltFile,
    index: c_int,
    verbose: c_int,
) -> DltReturnValue {
    let read = |file: &mut DltFile, stream: &mut Stream| file.read_indexed(stream, index, verbose);
    // SAFETY: the same promises.
    unsafe { with_stream(file, "dlt_file_message", verbose, read) }
}

/// Write all messages that pass the filters to a file, as text, without an index.
///
/// @param file open file
/// @param filename path of the file to be written
/// @param type how payloads are written: DLT_OUTPUT_ASCII and others
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK at the end of the file; DLT_RETURN_WRONG_PARAMETER for NULL, a file that
///         is not open or another type; DLT_RETURN_ERROR if a file cannot be written, or a message
///         is not complete
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_file_quick_parsing(
    file: *mut DltFile,
    filename: *const c_char,
    r#type: c_int,
    verbose: c_int,
) -> DltReturnValue {
    let parse = |file: &mut DltFile, stream: &mut Stream| {
        // SAFETY: the caller promises a string, or NULL.
        let path = unsafe { arg::cstr(filename) }?;
        // SAFETY: not NULL, as was seen; the caller promises a string.
        let opened = Stream::create(unsafe { CStr::from_ptr(filename) });
        let mut out = opened.ok_or_else(|| cannot_write(path))?;
        let result = file.print_all(stream, &mut out, r#type, verbose);
        if out.close() { result } else { Err(Code::ERROR) }
    };
    // SAFETY: the same promises.
    unsafe { with_stream(file, "dlt_file_quick_parsing", verbose, parse) }
}

/// Runs a body on an open file, and says before that the function was called.
///
/// # Safety
/// `file` must be NULL or a file of `dlt_file_init`, with nothing else using it or its stream.
unsafe fn with_stream(
    file: *mut DltFile,
    function: &str,
    verbose: c_int,
    body: impl FnOnce(&mut DltFile, &mut Stream) -> Result<Code, Code>,
) -> DltReturnValue {
    guard(|| {
        if !function.is_empty() {
            called(function, verbose);
        }
        // SAFETY: by this function's contract.
        let file = unsafe { arg::out(file) }?;
        // SAFETY: NULL or open, by this function's contract.
        let mut stream = unsafe { Stream::of(file.handle) }.ok_or(Code::WRONG_PARAMETER)?;
        body(file, &mut stream)
    })
}

fn warn(message: core::fmt::Arguments<'_>) {
    diagnostics::print_args(severity::WARNING, message);
}

fn refuse(error: TooShort) -> Code {
    warn(format_args!(
        "Plausibility check failed. Complete message size too short! (-{})\n",
        error.missing
    ));
    Code::ERROR
}

fn cannot_write(path: &[u8]) -> Code {
    let path = String::from_utf8_lossy(path);
    diagnostics::print_args(
        severity::ERROR,
        format_args!("Cannot open output file {path} for parsing\n"),
    );
    Code::ERROR
}

impl DltFile {
    fn rewind(&mut self) {
        self.counter = 0;
        self.counter_total = 0;
        self.position = 0;
        self.file_position = 0;
        self.error_messages = 0;
    }

    fn close(&mut self) {
        // SAFETY: NULL or open, by the contract of the C functions.
        if let Some(stream) = unsafe { Stream::of(self.handle) } {
            // It was only read.
            let _closed = stream.close();
        }
        self.handle = ptr::null_mut();
    }

    fn free_index(&mut self) {
        // SAFETY: NULL or memory of the C allocator, by the contract of the C functions.
        unsafe { libc::free(self.index.cast()) };
        self.index = ptr::null_mut();
    }

    /// The index, as long as there is memory for it: the allocator knows, wherever it came from.
    fn index_entries(&mut self) -> &mut [c_long] {
        if self.index.is_null() {
            return &mut [];
        }
        // SAFETY: memory of the C allocator, by the contract of the C functions.
        let size = unsafe { libc::malloc_usable_size(self.index.cast()) };
        let counter = usize::try_from(self.counter).unwrap_or(0);
        let entries = (size / size_of::<c_long>()).min(counter);
        // SAFETY: so many are there, and entries below the counter were written: by `enter`, or are
        // zero because `grow` made them so.
        unsafe { core::slice::from_raw_parts_mut(self.index, entries) }
    }

    /// Makes sure that there is memory for one more entry than the counter says.
    fn grow(&mut self) -> Result<(), Code> {
        let counter = usize::try_from(self.counter).map_err(|_| Code::ERROR)?;
        // SAFETY: NULL or memory of the C allocator, by the contract of the C functions.
        let size = unsafe { libc::malloc_usable_size(self.index.cast()) } / size_of::<c_long>();
        if counter < size {
            return Ok(());
        }
        let new_size = (counter + 1).next_power_of_two().max(INDEX_MIN);
        // SAFETY: as above; the size cannot overflow, as the counter has 31 bits.
        let index = unsafe { libc::realloc(self.index.cast(), new_size * size_of::<c_long>()) };
        if index.is_null() {
            return Err(Code::ERROR);
        }
        self.index = index.cast();
        // Behind the old entries there may be a gap, where messages were counted without an index.
        let fresh = self.index.wrapping_add(size);
        // SAFETY: from the end of the old memory to that of the new.
        unsafe { fresh.write_bytes(0, new_size - size) };
        Ok(())
    }

    /// Enters the message at `file_position` in the index.
    fn enter(&mut self) -> Result<(), Code> {
        self.grow()?;
        let position = c_long::try_from(self.file_position).map_err(|_| Code::ERROR)?;
        let place = usize::try_from(self.counter).map_err(|_| Code::ERROR)?;
        self.counter = self.counter.checked_add(1).ok_or(Code::ERROR)?;
        match self.index_entries().get_mut(place) {
            Some(entry) => *entry = position,
            None => return Err(Code::ERROR),
        }
        self.position = self.counter - 1;
        Ok(())
    }

    fn layout(&self) -> Result<Layout, Code> {
        let standard = self.msg.headerbuffer.split_at(STORAGE).1.first_chunk::<STANDARD>();
        Layout::of(*standard.ok_or(Code::ERROR)?).map_err(|_| Code::ERROR)
    }

    /// Takes over the start of a message, as it stands in the header buffer now.
    fn take_head(&mut self, head: [u8; STANDARD]) -> Result<Code, TooShort> {
        self.msg.point_to_headers();
        match Layout::of(head) {
            Ok(layout) => {
                self.msg.lay_out(&layout);
                Ok(Code::OK)
            }
            Err(error) => {
                self.msg.headersize = i32::try_from(STORAGE + error.headers).unwrap_or(0);
                Err(error)
            }
        }
    }

    fn read_header(&mut self, stream: &mut Stream) -> Result<Code, Code> {
        self.read_head(stream)?.map_err(refuse)
    }

    fn read_next_header(&mut self, stream: &mut Stream) -> Result<Code, Code> {
        self.skip_damage(stream, NOT_PATTERN, Self::read_head)
    }

    /// Reads the header of the next message that can be one. One that claims to be shorter than its
    /// headers is damage like any other: the search goes on behind its first bytes, which alone can
    /// be taken for what they are, so the last `again` bytes are searched, too.
    fn skip_damage(
        &mut self,
        stream: &mut Stream,
        again: c_long,
        read: impl Fn(&mut Self, &mut Stream) -> Result<Result<Code, TooShort>, Code>,
    ) -> Result<Code, Code> {
        let mut damaged = false;
        while let Err(error) = read(self, stream)? {
            // Said once for a stretch of them, however many there are.
            if !damaged {
                refuse(error);
            }
            damaged = true;
            self.error_messages = self.error_messages.saturating_add(1);
            let behind = stream.position() - again;
            self.file_position = u64::try_from(behind).map_err(|_| Code::ERROR)?;
            if !self.go_to_position(stream) {
                return Err(Code::ERROR);
            }
        }
        Ok(Code::OK)
    }

    fn read_head(&mut self, stream: &mut Stream) -> Result<Result<Code, TooShort>, Code> {
        let Some(head) = scan::stored_head(stream) else {
            if !stream.has_ended() {
                warn(format_args!("Cannot read header from file!\n"));
            }
            return Err(Code::ERROR);
        };
        for (to, from) in self.msg.headerbuffer.iter_mut().zip(head) {
            *to = from;
        }
        let standard = head.last_chunk::<STANDARD>().ok_or(Code::ERROR)?;
        Ok(self.take_head(*standard))
    }

    fn read_header_raw(&mut self, stream: &mut Stream, resync: bool) -> Result<Code, Code> {
        self.read_head_raw(stream, resync)?.map_err(refuse)
    }

    fn read_next_header_raw(&mut self, stream: &mut Stream, resync: bool) -> Result<Code, Code> {
        if !resync {
            return self.read_header_raw(stream, resync);
        }
        let again = STANDARD as c_long;
        self.skip_damage(stream, again, |file, stream| file.read_head_raw(stream, resync))
    }

    fn read_head_raw(
        &mut self,
        stream: &mut Stream,
        resync: bool,
    ) -> Result<Result<Code, TooShort>, Code> {
        let head = if resync {
            let found = scan::serial_head(stream);
            let (Serial::Found { damaged, .. } | Serial::End { damaged }) = found;
            self.error_messages = self.error_messages.saturating_add(damaged.into());
            match found {
                Serial::Found { head, .. } => Some(head),
                Serial::End { .. } => None,
            }
        } else {
            scan::plain_head(stream)
        };
        let head = head.ok_or(Code::ERROR)?;
        let storage = self.msg.headerbuffer.split_at_mut(STORAGE).1;
        for (to, from) in storage.iter_mut().zip(head) {
            *to = from;
        }
        self.msg.point_to_headers();
        // SAFETY: just pointed into the header buffer, which has room for it.
        unsafe { self.msg.storageheader.write(DltStorageHeader::now(RAW_ECU)) };
        Ok(self.take_head(head))
    }

    fn read_rest(&mut self, stream: &mut Stream, verbose: c_int) -> Result<Code, Code> {
        let layout = self.layout()?;
        let (fields, rest) = self.msg.rest_of_headers().split_at_mut(layout.fields);
        if stream.read(fields) < layout.fields {
            warn(format_args!("Cannot read standard header extra parameters from file!\n"));
            return Err(Code::ERROR);
        }
        let extended = rest.split_at_mut(layout.extended).0;
        let complete = stream.read(extended) == layout.extended;
        if layout.fields > 0 {
            called("dlt_message_get_extraparameters", verbose);
            let htyp = self.msg.headerbuffer.split_at(STORAGE).1.first().copied();
            self.msg.take_fields(htyp.unwrap_or(0));
        }
        if !complete {
            warn(format_args!("Cannot read extended header from file!\n"));
            return Err(Code::ERROR);
        }
        if layout.extended > 0 {
            self.msg.point_to_extended(&layout);
        }
        Ok(Code::OK)
    }

    fn read_payload(&mut self, stream: &mut Stream) -> Result<Code, Code> {
        let size = usize::try_from(self.msg.datasize).unwrap_or(0);
        if size == 0 && !self.msg.databuffer.is_null() {
            return Ok(Code::OK);
        }
        let Some(room) = self.msg.payload_room(size) else {
            warn(format_args!("Cannot allocate memory for payload buffer of size {size}!\n"));
            return Err(Code::ERROR);
        };
        if stream.read(room) < size {
            warn(format_args!("Cannot read payload data from file of size {size}!\n"));
            return Err(Code::ERROR);
        }
        Ok(Code::OK)
    }

    fn index_next(&mut self, stream: &mut Stream, verbose: c_int) -> Result<Code, Code> {
        if !self.go_to_position(stream) {
            return Err(Code::ERROR);
        }
        if verbose != 0 {
            let position = self.file_position;
            diagnostics::print_args(severity::INFO, format_args!("Position in file: {position}\n"));
        }
        let found = self.find_next(stream, verbose);
        if found.is_err() {
            self.go_to_position(stream);
        }
        found
    }

    fn go_to_position(&mut self, stream: &mut Stream) -> bool {
        c_long::try_from(self.file_position).is_ok_and(|position| stream.seek(position))
    }

    fn find_next(&mut self, stream: &mut Stream, verbose: c_int) -> Result<Code, Code> {
        called("dlt_file_read_header", verbose);
        self.read_next_header(stream)?;
        let layout = self.layout()?;
        let mut behind = layout.fields + layout.extended + layout.payload;
        if !self.filter.is_null() {
            called("dlt_file_read_header_extended", verbose);
            self.read_rest(stream, verbose)?;
            behind = layout.payload;
            called("dlt_message_filter_check", verbose);
        }
        let passes = self.passes();
        if !stream.skip(behind) {
            return Err(Code::ERROR);
        }
        if passes {
            self.enter()?;
        }
        self.counter_total = self.counter_total.wrapping_add(1);
        self.file_position = u64::try_from(stream.position()).map_err(|_| Code::ERROR)?;
        Ok(if passes { Code::TRUE } else { Code::OK })
    }

    fn passes(&self) -> bool {
        // SAFETY: the caller of dlt_file_set_filter promises filters that last, or NULL.
        let Some(filters) = (unsafe { arg::opt_ref(self.filter) }) else { return true };
        // SAFETY: the pointers show into the header buffer, or are NULL.
        let headers = unsafe { Headers::of(&self.msg) };
        filter::passes(filters, &self.msg, &headers)
    }

    fn read_raw(
        &mut self,
        stream: &mut Stream,
        resync: bool,
        verbose: c_int,
    ) -> Result<Code, Code> {
        if !self.go_to_position(stream) {
            return Err(Code::ERROR);
        }
        called("dlt_file_read_header_raw", verbose);
        let read = self.read_next_header_raw(stream, resync).and_then(|_| {
            called("dlt_file_read_header_extended", verbose);
            self.read_rest(stream, verbose)?;
            called("dlt_file_read_data", verbose);
            self.read_payload(stream)
        });
        if let Err(error) = read {
            self.go_to_position(stream);
            return Err(error);
        }
        self.enter()?;
        self.counter_total = self.counter_total.wrapping_add(1);
        self.file_position = u64::try_from(stream.position()).map_err(|_| Code::ERROR)?;
        Ok(Code::TRUE)
    }

    fn read_indexed(
        &mut self,
        stream: &mut Stream,
        number: c_int,
        verbose: c_int,
    ) -> Result<Code, Code> {
        let place = usize::try_from(number).ok();
        let Some(position) = place.and_then(|place| self.index_entries().get(place).copied())
        else {
            warn(format_args!("Message {number} out of range!\r\n"));
            return Err(Code::WRONG_PARAMETER);
        };
        if !stream.seek(position) {
            warn(format_args!("Seek failed to message {number}\n"));
            return Err(Code::ERROR);
        }
        called("dlt_file_read_header", verbose);
        self.read_header(stream)?;
        called("dlt_file_read_header_extended", verbose);
        self.read_rest(stream, verbose)?;
        called("dlt_file_read_data", verbose);
        self.read_payload(stream)?;
        self.position = number;
        Ok(Code::OK)
    }

    fn print_all(
        &mut self,
        stream: &mut Stream,
        out: &mut Stream,
        kind: c_int,
        verbose: c_int,
    ) -> Result<Code, Code> {
        let mut line = vec![0; LINE];
        while self.file_position < self.file_length {
            called("dlt_file_read_header", verbose);
            self.read_next_header(stream)?;
            called("dlt_file_read_header_extended", verbose);
            self.read_rest(stream, verbose)?;
            if self.passes() {
                called("dlt_file_read_data", verbose);
                self.read_payload(stream)?;
                message::write_line(&self.msg, out, &mut line, kind, verbose)?;
                self.position = self.counter - 1;
                self.counter = self.counter.wrapping_add(1);
            } else {
                let size = usize::try_from(self.msg.datasize).unwrap_or(0);
                if !stream.skip(size) {
                    return Err(Code::ERROR);
                }
            }
            self.counter_total = self.counter_total.wrapping_add(1);
            self.file_position = u64::try_from(stream.position()).map_err(|_| Code::ERROR)?;
        }
        Ok(Code::OK)
    }
}
