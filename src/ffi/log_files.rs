//! `dlt_common.h`: the files of the internal log, and what the environment says of it.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use std::os::unix::ffi::OsStrExt as _;

use libc::{c_char, c_int, c_long};

use super::code::{Code, guard, guard_or};
use super::types::{DltLoggingMode, DltReturnValue};
use super::{arg, data};
use crate::config::Config;
use crate::{diagnostics, rotation};

/// Choose where the internal log goes, a file being perhaps several files in turn.
///
/// @param mode as for dlt_log_init()
/// @param enable_multiple_logfiles whether DLT_LOG_TO_FILE means several files
/// @param logging_file_size bytes of each of several files, at most
/// @param logging_files_max_size bytes of all of them, at most; the oldest are deleted
/// @return as dlt_log_init(); DLT_RETURN_WRONG_PARAMETER for sizes that are not valid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_init_multiple_logfiles_support(
    mode: DltLoggingMode,
    enable_multiple_logfiles: bool,
    logging_file_size: c_int,
    logging_files_max_size: c_int,
) -> DltReturnValue {
    guard(|| {
        if !enable_multiple_logfiles {
            return Ok(diagnostics::set_mode_by_code(mode)?);
        }
        let (one, all) = sizes(logging_file_size, logging_files_max_size)?;
        Ok(diagnostics::set_mode_with_files(mode, one, all)?)
    })
}

/// Open the file that dlt_log_set_filename() named, to append to it. It is used when the internal
/// log goes to a file.
///
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when it cannot be opened
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_init_single_logfile() -> DltReturnValue {
    guard(|| Ok(diagnostics::open_file()?))
}

/// Open several files in turn, named after that of dlt_log_set_filename(): "name.0000000001.ext".
/// They are used when the internal log goes to a file.
///
/// @param logging_file_size bytes of each file, at most
/// @param logging_files_max_size bytes of all of them, at most; the oldest are deleted
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when none can be opened, or the name has no extension;
///         DLT_RETURN_WRONG_PARAMETER for sizes that are not valid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_init_multiple_logfiles(
    logging_file_size: c_int,
    logging_files_max_size: c_int,
) -> DltReturnValue {
    guard(|| {
        let (one, all) = sizes(logging_file_size, logging_files_max_size)?;
        Ok(diagnostics::open_files(one, all)?)
    })
}

/// Close the file that dlt_log_init_single_logfile() opened. What goes there is dropped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_free_single_logfile() {
    guard_or((), diagnostics::close_files);
}

/// Close the files that dlt_log_init_multiple_logfiles() opened. What goes there is dropped.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_log_free_multiple_logfiles() {
    guard_or((), diagnostics::close_files);
}

/// Ask whether the internal log's file is several files in turn.
///
/// @return whether it is
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_is_log_in_multiple_files_active() -> bool {
    guard_or(false, diagnostics::in_several_files)
}

/// Take over what DLT_LOG_LEVEL, DLT_LOG_MODE and DLT_LOG_FILENAME say, and show the directory of
/// DLT_PIPE_DIR in dltFifoBaseDir. The library does so itself when it is started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_check_envvar() {
    guard_or((), || {
        // SAFETY: takes a number.
        let privileged = unsafe { libc::getauxval(libc::AT_SECURE) } != 0;
        let (config, warnings) = Config::from_lookup(|name| std::env::var_os(name), privileged);
        diagnostics::configure(&config.own_log);
        let ours = ["DLT_LOG_LEVEL", "DLT_LOG_MODE", "DLT_LOG_FILENAME", "DLT_PIPE_DIR"];
        for warning in warnings.iter().filter(|warning| ours.contains(&warning.variable)) {
            diagnostics::warn(format_args!("{warning}"));
        }
        data::set_fifo_base_dir(config.pipe_dir.as_os_str().as_bytes());
    });
}

/// Not needed: each function prepares what it uses.
///
/// @return DLT_RETURN_OK
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_init_common() -> DltReturnValue {
    Code::OK.0
}

/// Get the name of a file without directory and extension.
///
/// @param abs_file_name path
/// @param base_name receives the name, with a final NUL
/// @param base_name_len bytes that there is room for
/// @return false, and nothing is written, for NULL, a path without an extension or not enough room
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_extract_base_name_without_ext(
    abs_file_name: *const c_char,
    base_name: *mut c_char,
    base_name_len: c_long,
) -> bool {
    guard_or(false, || {
        let length = usize::try_from(base_name_len).unwrap_or(0);
        // SAFETY: NULL or a string, as documented.
        let path = unsafe { arg::opt_cstr(abs_file_name) };
        // SAFETY: NULL or writable, as documented.
        let room = unsafe { arg::room(base_name, length) };
        let (Some((_, base, _)), Ok(room)) = (path.and_then(rotation::parts), room) else {
            return false;
        };
        if base.len() >= room.len() {
            return false;
        }
        for (to, from) in room.iter_mut().zip(base.iter().copied().chain([0])) {
            *to = from;
        }
        true
    })
}

/// Get the extension of a file's name.
///
/// @param filename path
/// @return its last dot and what follows; NULL for NULL or without a dot in the name
#[unsafe(no_mangle)]
pub unsafe extern "C" fn get_filename_ext(filename: *const c_char) -> *mut c_char {
    guard_or(core::ptr::null_mut(), || {
        // SAFETY: NULL or a string, as documented.
        let path = unsafe { arg::opt_cstr(filename) }.unwrap_or_default();
        let name = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let dot = path.iter().rposition(|byte| *byte == b'.').filter(|dot| *dot >= name);
        dot.map_or(core::ptr::null_mut(), |dot| filename.cast_mut().wrapping_add(dot))
    })
}

impl From<diagnostics::Error> for Code {
    fn from(_: diagnostics::Error) -> Self {
        Self::ERROR
    }
}

fn sizes(one: c_int, all: c_int) -> Result<(u64, u64), Code> {
    match (u64::try_from(one), u64::try_from(all)) {
        (Ok(one @ 1..), Ok(all)) if one <= all => Ok((one, all)),
        _ => Err(Code::WRONG_PARAMETER),
    }
}
