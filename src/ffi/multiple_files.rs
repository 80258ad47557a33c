//! `dlt_multiple_files.h`: a log kept in several files of limited size. What is done is
//! [`crate::rotation`]'s; here is the caller's structure.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write as _};
use std::mem::ManuallyDrop;
use std::os::fd::{FromRawFd as _, IntoRawFd as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use libc::{c_char, c_int, c_uchar, c_uint, ssize_t};

use super::arg;
use super::code::{Code, guard, guard_or};
use super::types::{DltReturnValue, MultipleFilesRingBuffer, NAME_SIZE};
use crate::diagnostics::{print_args, severity};
use crate::rotation::{self, Scheme};

/// No file is open.
const CLOSED: c_int = -1;

/// Begin or go on with a log of several files.
///
/// @param files_buffer structure to fill; end it with multiple_files_buffer_free()
/// @param directory where the files are
/// @param file_size bytes of a file, at most
/// @param max_size bytes of all files, at most; the oldest are deleted
/// @param filename_timestamp_based true for names with the time, false for names with a number
/// @param append whether the newest file is gone on with
/// @param filename_base first part of the names
/// @param filename_ext last part of the names, with its dot
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, a name that is too long or sizes that
///         are not valid; DLT_RETURN_ERROR when no file can be opened
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_init(
    files_buffer: *mut MultipleFilesRingBuffer,
    directory: *const c_char,
    file_size: c_int,
    max_size: c_int,
    filename_timestamp_based: bool,
    append: bool,
    filename_base: *const c_char,
    filename_ext: *const c_char,
) -> DltReturnValue {
    guard(|| {
        if files_buffer.is_null() || file_size <= 0 || max_size < file_size {
            return Err(Code::WRONG_PARAMETER);
        }
        let mut files = MultipleFilesRingBuffer {
            // SAFETY: NULL or a string, as documented.
            directory: unsafe { name(directory) }?,
            filename: [0; NAME_SIZE],
            file_size,
            max_size,
            filename_timestamp_based,
            // SAFETY: NULL or a string, as documented.
            filename_base: unsafe { name(filename_base) }?,
            // SAFETY: NULL or a string, as documented.
            filename_ext: unsafe { name(filename_ext) }?,
            ohandle: CLOSED,
        };
        let scheme = scheme(&files);
        put_in(&mut files, if append { scheme.resume() } else { scheme.begin() })?;
        // SAFETY: not NULL, and writable as documented; perhaps not initialised.
        unsafe { files_buffer.write(files) };
        Ok(())
    })
}

/// Close the file of a log. The files stay.
///
/// @param files_buffer log
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when none is open
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_free(
    files_buffer: *const MultipleFilesRingBuffer,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a log, as documented.
        let files = unsafe { arg::required(files_buffer) }?;
        if files.ohandle < 0 {
            return Err(Code::ERROR);
        }
        // SAFETY: the descriptor is the log's, and the caller's word that it is used no more.
        unsafe { libc::close(files.ohandle) };
        Ok(())
    })
}

/// Write to a log. A new file is begun first if the present one would get too large.
///
/// @param files_buffer log
/// @param data bytes
/// @param size number of bytes
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a negative size; DLT_RETURN_ERROR
///         when it cannot be written
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_write(
    files_buffer: *mut MultipleFilesRingBuffer,
    data: *const c_uchar,
    size: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a log, as documented.
        let files = unsafe { arg::out(files_buffer) }?;
        // SAFETY: NULL or valid, as documented.
        let data = unsafe { bytes(data, size) }?;
        rotate(files, data.len())?;
        write(files, data)
    })
}

/// Write to the present file of a log, whatever size it has.
///
/// @param files_buffer log
/// @param data bytes
/// @param size number of bytes
/// @return as multiple_files_buffer_write()
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_write_chunk(
    files_buffer: *const MultipleFilesRingBuffer,
    data: *const c_uchar,
    size: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL or a log, as documented.
        let files = unsafe { arg::required(files_buffer) }?;
        // SAFETY: NULL or valid, as documented.
        let data = unsafe { bytes(data, size) }?;
        write(files, data)
    })
}

/// Begin a new file if the present one would get too large.
///
/// @param files_buffer log
/// @param size bytes that are to be written
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_rotate_file(
    files_buffer: *mut MultipleFilesRingBuffer,
    size: c_int,
) {
    guard(|| {
        // SAFETY: NULL or a log, as documented.
        let files = unsafe { arg::out(files_buffer) }?;
        rotate(files, usize::try_from(size).map_err(|_| Code::WRONG_PARAMETER)?)
    });
}

/// Get the bytes of all files of a log.
///
/// @param files_buffer log
/// @return bytes; -1 for NULL or when the directory cannot be read
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_get_total_size(
    files_buffer: *const MultipleFilesRingBuffer,
) -> ssize_t {
    guard_or(-1, || {
        // SAFETY: NULL or a log, as documented.
        let files = unsafe { arg::opt_ref(files_buffer) };
        let found = files.and_then(|files| scheme(files).found().ok());
        found.map_or(-1, |found| ssize_t::try_from(found.total()).unwrap_or(ssize_t::MAX))
    })
}

/// Look for the files of a log.
///
/// @param path directory
/// @param file_name first part of their names
/// @param newest array of 256 bytes; receives the name of the newest file, if there is one
/// @param oldest array of 256 bytes; receives the name of the oldest file, if there is one
/// @return number of files; 0 for NULL or when the directory cannot be read
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_storage_dir_info(
    path: *const c_char,
    file_name: *const c_char,
    newest: *mut c_char,
    oldest: *mut c_char,
) -> c_uint {
    guard_or(0, || {
        // SAFETY: NULL or a string, as documented.
        let path = unsafe { arg::opt_cstr(path) };
        // SAFETY: NULL or a string, as documented.
        let base = unsafe { arg::opt_cstr(file_name) };
        // SAFETY: NULL or an array of so many bytes, as documented.
        let newest = unsafe { arg::opt_mut(newest.cast::<[u8; NAME_SIZE]>()) };
        // SAFETY: NULL or an array of so many bytes, as documented.
        let oldest = unsafe { arg::opt_mut(oldest.cast::<[u8; NAME_SIZE]>()) };
        let (Some(path), Some(base), Some(newest), Some(oldest)) = (path, base, newest, oldest)
        else {
            return 0;
        };
        let found = rotation::find(Path::new(OsStr::from_bytes(path)), base).unwrap_or_default();
        for (to, name) in [(newest, found.newest()), (oldest, found.oldest())] {
            if let Some(name) = name.and_then(|name| terminated(name).ok()) {
                *to = name;
            }
        }
        c_uint::try_from(found.files.len()).unwrap_or(c_uint::MAX)
    })
}

/// Put the name of a file of a log into the structure.
///
/// @param files_buffer log
/// @param idx number of the file; not used for names with the time
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_file_name(
    files_buffer: *mut MultipleFilesRingBuffer,
    idx: c_uint,
) {
    guard(|| {
        // SAFETY: NULL or a log, as documented.
        let files = unsafe { arg::out(files_buffer) }?;
        files.filename = terminated(&scheme(files).name(idx, rotation::now()))?;
        Ok(())
    });
}

/// Get the number in the name of a file.
///
/// @param file name
/// @return number; 0 for NULL or a name without one
#[unsafe(no_mangle)]
pub unsafe extern "C" fn multiple_files_buffer_get_idx_of_log_file(file: *mut c_char) -> c_uint {
    guard_or(0, || {
        // SAFETY: NULL or a string, as documented.
        unsafe { arg::opt_cstr(file) }.map_or(0, rotation::number)
    })
}

fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn terminated(text: &[u8]) -> Result<[u8; NAME_SIZE], Code> {
    let mut name = [0; NAME_SIZE];
    let room = name.get_mut(..text.len()).filter(|room| room.len() < NAME_SIZE);
    room.ok_or(Code::WRONG_PARAMETER)?.copy_from_slice(text);
    Ok(name)
}

/// # Safety
/// `text` is NULL or a string.
unsafe fn name(text: *const c_char) -> Result<[u8; NAME_SIZE], Code> {
    // SAFETY: by this function's contract.
    terminated(unsafe { arg::cstr(text) }?)
}

/// # Safety
/// `data` is NULL or valid for reads of `size` bytes.
unsafe fn bytes<'a>(data: *const c_uchar, size: c_int) -> Result<&'a [u8], Code> {
    let size = usize::try_from(size).map_err(|_| Code::WRONG_PARAMETER)?;
    // SAFETY: by this function's contract.
    unsafe { arg::bytes(data.cast(), size) }
}

fn scheme(files: &MultipleFilesRingBuffer) -> Scheme {
    let size = |size: c_int| u64::try_from(size).unwrap_or(0);
    Scheme {
        directory: PathBuf::from(OsStr::from_bytes(until_nul(&files.directory))),
        base: until_nul(&files.filename_base).to_vec(),
        extension: until_nul(&files.filename_ext).to_vec(),
        by_time: files.filename_timestamp_based,
        file_size: size(files.file_size),
        total_size: size(files.max_size),
    }
}

/// Takes over the file that was opened.
fn put_in(
    files: &mut MultipleFilesRingBuffer,
    opened: io::Result<(File, Vec<u8>)>,
) -> Result<(), Code> {
    let (file, name) = opened.map_err(|error| {
        let directory = until_nul(&files.directory).escape_ascii();
        let text = format_args!("log file in {directory} cannot be opened: {error}\n");
        print_args(severity::ERROR, text);
        Code::ERROR
    })?;
    files.filename = terminated(&name)?;
    files.ohandle = file.into_raw_fd();
    Ok(())
}

/// The log's file, which stays the log's.
fn file(files: &MultipleFilesRingBuffer) -> Result<ManuallyDrop<File>, Code> {
    if files.ohandle < 0 {
        return Err(Code::ERROR);
    }
    // SAFETY: the log's descriptor, and nobody closes it meanwhile.
    Ok(ManuallyDrop::new(unsafe { File::from_raw_fd(files.ohandle) }))
}

fn write(files: &MultipleFilesRingBuffer, data: &[u8]) -> Result<(), Code> {
    file(files)?.write_all(data).map_err(|_| Code::ERROR)
}

fn rotate(files: &mut MultipleFilesRingBuffer, more: usize) -> Result<(), Code> {
    let present = file(files)?;
    let size = present.metadata().map_err(|_| Code::ERROR)?.len();
    let scheme = scheme(files);
    if scheme.is_full(size, more) {
        put_in(files, scheme.begin())?;
        drop(ManuallyDrop::into_inner(present));
    }
    Ok(())
}
