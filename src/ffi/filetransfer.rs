//! `dlt_filetransfer.h`, and one function of libdlt's that is in no header.
//!
//! The comments on the functions become the C header; as in [`super::user`], what they say about a
//! pointer is the contract that `unsafe` stands for.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::time::Duration;

use libc::{c_char, c_int};

use super::arg;
use super::code::{Code, guard, guard_or};
use super::register::cell;
use super::types::DltContext;
use crate::logger::compose::Sender;
use crate::runtime;
use crate::sync::atomic::{AtomicU8, Ordering};
use crate::transfer::{self, Error, Packages, Transfer};
use crate::types::ContextId;

impl From<Error> for Code {
    fn from(error: Error) -> Self {
        match error {
            // Functions that have a code for this return another.
            Error::NotDeleted | Error::Count => Self::ERROR,
            error => Self(error.code()),
        }
    }
}

/// Transfers through a context, if it is registered; else libdlt, too, does all but log.
///
/// # Safety
/// `handle` is NULL or a context that was registered, or zeroed.
pub(super) unsafe fn through<'a>(handle: *const DltContext) -> Transfer<'a> {
    // SAFETY: by this function's contract.
    let handle = unsafe { arg::opt_ref(handle) };
    let sender = handle.and_then(|handle| {
        Some(Sender {
            instance: runtime::current()?,
            cell: cell(handle)?,
            pos: handle.log_level_pos,
            context: ContextId(handle.context_id),
        })
    });
    Transfer::new(sender)
}

fn pause(milliseconds: c_int) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

fn packages(number: c_int) -> Packages {
    match number {
        c_int::MAX => Packages::All,
        number => Packages::One(number),
    }
}

/// Send a whole file: header, data, end.
///
/// @param context registered context
/// @param filename path of the file
/// @param delete_flag whether the file is deleted afterwards: 0 or 1
/// @param timeout_ms pause after each package, in milliseconds
/// @return 0; DLT_FILETRANSFER_ERROR_FILE_COMPLETE when there is no such file, ..._COMPLETE1 when
///         its header failed, ..._COMPLETE2 its data, ..._COMPLETE3 its end
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_complete(
    context: *mut DltContext,
    filename: *const c_char,
    delete_flag: c_int,
    timeout_ms: c_int,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as documented.
        let mut transfer = unsafe { through(context) };
        Ok(transfer.complete(file, delete_flag != 0, pause(timeout_ms))?)
    })
}

/// Ask how many packages a file makes.
///
/// @param context registered context, through which an error is logged
/// @param filename path of the file
/// @return number of packages, at least 1; -1 when there is no such file
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_packagesCount(
    context: *mut DltContext,
    filename: *const c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as documented.
        let packages = unsafe { through(context) }.packages(file)?;
        c_int::try_from(packages).map_err(|_| Code::ERROR)
    })
}

/// Log what is known of a file, without sending it.
///
/// @param context registered context
/// @param filename path of the file
/// @return 0; DLT_FILETRANSFER_ERROR_INFO_ABOUT
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_infoAbout(
    context: *mut DltContext,
    filename: *const c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as documented.
        Ok(unsafe { through(context) }.info(file)?)
    })
}

/// Send the header of a file, with another name for viewers to show.
///
/// @param context registered context
/// @param filename path of the file
/// @param alias name to be shown
/// @return 0; DLT_FILETRANSFER_ERROR_FILE_HEAD
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_header_alias(
    context: *mut DltContext,
    filename: *const c_char,
    alias: *const c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a string, as documented.
        let alias = unsafe { arg::opt_cstr(alias) };
        // SAFETY: NULL or a context, as documented.
        Ok(unsafe { through(context) }.header(file, alias)?)
    })
}

/// Send the header of a file: a transfer begins.
///
/// @param context registered context
/// @param filename path of the file
/// @return 0; DLT_FILETRANSFER_ERROR_FILE_HEAD
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_header(
    context: *mut DltContext,
    filename: *const c_char,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as documented.
        Ok(unsafe { through(context) }.header(file, file)?)
    })
}

/// Send one package of a file, or all.
///
/// When all are sent, at most half of the memory for waiting messages is used for them: the call
/// waits while messages are delivered, and gives up after five seconds without one. It does not
/// wait in a callback of the library.
///
/// @param context registered context
/// @param filename path of the file
/// @param package number of the package, from 1 on; INT_MAX for all
/// @param timeout_ms pause after each package, in milliseconds
/// @return 0; DLT_FILETRANSFER_ERROR_FILE_DATA when there is no such file or package, or it cannot
///         be read; DLT_FILETRANSFER_ERROR_FILE_DATA_USER_BUFFER_FAILED when there is no room
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_data(
    context: *mut DltContext,
    filename: *const c_char,
    package: c_int,
    timeout_ms: c_int,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as documented.
        let mut transfer = unsafe { through(context) };
        Ok(transfer.data(file, packages(package), pause(timeout_ms), || false)?)
    })
}

/// Send one package of a file, or all, unless another thread cancels it. libdlt has this function
/// from 2.18.11 on.
///
/// @param context registered context
/// @param filename path of the file
/// @param package number of the package, from 1 on; INT_MAX for all
/// @param timeout_ms pause after each package, in milliseconds
/// @param cancel_flag looked at before each package: true cancels; may be NULL
/// @return as dlt_user_log_file_data(); DLT_FILETRANSFER_ERROR_FILE_END_USER_CANCELLED
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_data_cancelable(
    context: *mut DltContext,
    filename: *const c_char,
    package: c_int,
    timeout_ms: c_int,
    cancel_flag: *mut bool,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a flag, as documented; an atomic byte looks like a bool, and any value
        // that another thread may write is one.
        let flag = unsafe { arg::opt_ref(cancel_flag.cast::<AtomicU8>()) };
        let cancelled = || flag.is_some_and(|flag| flag.load(Ordering::Relaxed) != 0);
        // SAFETY: NULL or a context, as documented.
        let mut transfer = unsafe { through(context) };
        Ok(transfer.data(file, packages(package), pause(timeout_ms), cancelled)?)
    })
}

/// Send the end of a file: a transfer is complete. Then the file can be deleted; it is kept when
/// the message finds no room.
///
/// @param context registered context
/// @param filename path of the file
/// @param delete_flag whether the file is deleted: 0 or 1
/// @return 0; DLT_FILETRANSFER_ERROR_FILE_END; -1 when the file cannot be deleted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_user_log_file_end(
    context: *mut DltContext,
    filename: *const c_char,
    delete_flag: c_int,
) -> c_int {
    guard(|| {
        // SAFETY: NULL or a string, as documented.
        let file = unsafe { arg::opt_cstr(filename) };
        // SAFETY: NULL or a context, as documented.
        Ok(unsafe { through(context) }.end(file, delete_flag != 0)?)
    })
}

/// The number by which viewers tell the messages of a file's transfer from others. libdlt declares
/// it nowhere, but dlt-system calls it. `ok` receives 1, or 0 when there is no such file.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getFileSerialNumber(file: *const c_char, ok: *mut c_int) -> u32 {
    guard_or(0, || {
        // SAFETY: NULL or a string, as a caller promises.
        let file = unsafe { arg::opt_cstr(file) };
        let number = transfer::serial_number(file);
        // SAFETY: NULL or writable, as a caller promises.
        if let Some(ok) = unsafe { arg::opt_mut(ok) } {
            *ok = c_int::from(number.is_ok());
        }
        number.unwrap_or(0)
    })
}
