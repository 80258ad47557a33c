//! `dlt_common.h`: filters.
//!
//! The comments on the functions become the C header.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::ffi::CStr;
use std::ffi::OsStr;
use std::fs::File;
use std::io::BufReader;
use std::os::unix::ffi::OsStrExt as _;

use libc::{c_char, c_int};

use super::arg;
use super::code::{Code, guard};
use super::message::Headers;
use super::stream::Stream;
use super::types::{DLT_FILTER_MAX, DltFilter, DltMessage, DltReturnValue};
use super::verbose::called;
use crate::diagnostics::{self, severity};
use crate::file::filter::{Filter, Subject, Words, identifier, word};
use crate::types::{AppId, ContextId, ID_SIZE};

/// Initialise filters before they are used first.
///
/// @param filter filters
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_init(filter: *mut DltFilter, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_filter_init", verbose);
        // SAFETY: the caller promises filters that may be written, or NULL.
        unsafe { arg::out(filter) }?.counter = 0;
        Ok(())
    })
}

/// Free what belongs to filters, which is nothing.
///
/// @param filter filters
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_free(filter: *mut DltFilter, verbose: c_int) -> DltReturnValue {
    guard(|| {
        called("dlt_filter_free", verbose);
        if filter.is_null() { Err(Code::WRONG_PARAMETER) } else { Ok(()) }
    })
}

/// Load filters from a file: pairs of an application's and a context's id, separated by white
/// space; "----" is any. They take the place of those that are there, so dlt_filter_init() need not
/// have been called, and are printed to standard output.
///
/// @param filter filters
/// @param filename path
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if the file cannot
///         be opened
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_load(
    filter: *mut DltFilter,
    filename: *const c_char,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises filters that may be written, or NULL.
        let filters = unsafe { arg::out(filter) }?;
        // SAFETY: the caller promises a string, or NULL.
        let path = unsafe { arg::cstr(filename) }?;
        called("dlt_filter_load", verbose);
        let file = File::open(OsStr::from_bytes(path)).map_err(|_| cannot_open(path))?;
        filters.counter = 0;
        filters.load(Words::new(BufReader::new(file)), verbose);
        Ok(())
    })
}

/// Save filters to a file: pairs of ids, as dlt_filter_load() reads them.
///
/// @param filter filters
/// @param filename path
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if the file cannot
///         be written
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_save(
    filter: *mut DltFilter,
    filename: *const c_char,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: the caller promises filters, or NULL.
        let filters = unsafe { arg::required(filter) }?;
        // SAFETY: the caller promises a string, or NULL.
        let path = unsafe { arg::cstr(filename) }?;
        called("dlt_filter_save", verbose);
        // SAFETY: not NULL, as was seen; the caller promises a string.
        let mut file =
            Stream::create(unsafe { CStr::from_ptr(filename) }).ok_or_else(|| cannot_open(path))?;
        for filter in filters.entries() {
            file.write(&word(filter.app.0));
            file.write(b" ");
            file.write(&word(filter.context.0));
            file.write(b" ");
        }
        if file.close() { Ok(()) } else { Err(Code::ERROR) }
    })
}

/// Find the first filter that covers another one: of the same ids, of the same level or any, and
/// with limits of size that are not narrower.
///
/// @param filter filters
/// @param apid application; four bytes count
/// @param ctid context; four bytes count. NULL is that of filters for any context
/// @param log_level level, or 0 for any
/// @param payload_min smallest payload
/// @param payload_max largest payload; 0 for any size
/// @param verbose other than 0 to log what is done
/// @return its number, or -1 if there is none or a pointer is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_find(
    filter: *mut DltFilter,
    apid: *const c_char,
    ctid: *const c_char,
    log_level: c_int,
    payload_min: i32,
    payload_max: i32,
    verbose: c_int,
) -> c_int {
    guard(|| {
        called("dlt_filter_find", verbose);
        // SAFETY: the caller promises filters, or NULL.
        let filters = unsafe { arg::required(filter) }.map_err(|_| Code::ERROR)?;
        // SAFETY: the caller promises strings or four bytes each, or NULL.
        let wanted = unsafe { wanted(apid, ctid, log_level, payload_min, payload_max) };
        filters.find(&wanted.map_err(|_| Code::ERROR)?).ok_or(Code::ERROR)
    })
}

/// Add a filter, unless there is one already that covers it.
///
/// @param filter filters
/// @param apid application; four bytes count, none for any
/// @param ctid context; four bytes count, none or NULL for any
/// @param log_level level, or 0 for any
/// @param payload_min smallest payload
/// @param payload_max largest payload; 0 for any size
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if there is such a
///         filter already, or as many as can be
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_add(
    filter: *mut DltFilter,
    apid: *const c_char,
    ctid: *const c_char,
    log_level: c_int,
    payload_min: i32,
    payload_max: i32,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_filter_add", verbose);
        // SAFETY: the caller promises filters that may be written, or NULL.
        let filters = unsafe { arg::out(filter) }?;
        // SAFETY: the caller promises strings or four bytes each, or NULL.
        let new = unsafe { wanted(apid, ctid, log_level, payload_min, payload_max) }?;
        filters.add(&new, verbose)
    })
}

/// Delete the first filter that is exactly this one.
///
/// @param filter filters
/// @param apid application; four bytes count
/// @param ctid context; four bytes count
/// @param log_level level
/// @param payload_min smallest payload
/// @param payload_max largest payload
/// @param verbose other than 0 to log what is done
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if there is none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_filter_delete(
    filter: *mut DltFilter,
    apid: *const c_char,
    ctid: *const c_char,
    log_level: c_int,
    payload_min: i32,
    payload_max: i32,
    verbose: c_int,
) -> DltReturnValue {
    guard(|| {
        called("dlt_filter_delete", verbose);
        // SAFETY: the caller promises filters that may be written, or NULL.
        let filters = unsafe { arg::out(filter) }?;
        if ctid.is_null() {
            return Err(Code::WRONG_PARAMETER);
        }
        // SAFETY: the caller promises strings or four bytes each, or NULL.
        filters.delete(&unsafe { wanted(apid, ctid, log_level, payload_min, payload_max) }?)
    })
}

/// # Safety
/// `apid` and `ctid` must each be NULL or valid for reads up to a NUL or four bytes.
unsafe fn wanted(
    apid: *const c_char,
    ctid: *const c_char,
    level: c_int,
    payload_min: i32,
    payload_max: i32,
) -> Result<Filter, Code> {
    if apid.is_null() {
        return Err(Code::WRONG_PARAMETER);
    }
    // SAFETY: not NULL; the rest is this function's contract.
    let app = AppId(unsafe { arg::prefix(apid) });
    let mut context = ContextId::default();
    if !ctid.is_null() {
        // SAFETY: not NULL; the rest is this function's contract.
        context = ContextId(unsafe { arg::prefix(ctid) });
    }
    Ok(Filter { app, context, level, payload_min, payload_max })
}

fn cannot_open(path: &[u8]) -> Code {
    diagnostics::print_args(
        severity::WARNING,
        format_args!("Filter file {} cannot be opened!\n", String::from_utf8_lossy(path)),
    );
    Code::ERROR
}

/// Whether filters let a message pass, which they do if there are none of them, or nothing in the
/// message that they could look at.
pub fn passes(filters: &DltFilter, message: &DltMessage, headers: &Headers) -> bool {
    let Some(extended) = headers.extended().filter(|_| filters.counter != 0) else { return true };
    let subject = Subject {
        app: AppId(extended.apid),
        context: ContextId(extended.ctid),
        subtype: extended.msin >> 4,
        payload: message.datasize,
    };
    filters.entries().any(|filter| filter.passes(&subject))
}

impl DltFilter {
    /// Filters in use; a count that cannot be is cut.
    fn count(&self) -> usize {
        usize::try_from(self.counter).unwrap_or(0).min(DLT_FILTER_MAX)
    }

    fn entries(&self) -> impl Iterator<Item = Filter> + '_ {
        let ids = self.apid.iter().zip(&self.ctid);
        let limits = self.log_level.iter().zip(self.payload_min.iter().zip(&self.payload_max));
        let all = ids.zip(limits).map(|((app, context), (level, (min, max)))| Filter {
            app: AppId(*app),
            context: ContextId(*context),
            level: *level,
            payload_min: *min,
            payload_max: *max,
        });
        all.take(self.count())
    }

    fn find(&self, wanted: &Filter) -> Option<c_int> {
        let place = self.entries().position(|filter| filter.covers(wanted))?;
        c_int::try_from(place).ok()
    }

    fn put(&mut self, place: usize, filter: &Filter) {
        let parts = (
            self.apid.get_mut(place),
            self.ctid.get_mut(place),
            self.log_level.get_mut(place),
            self.payload_min.get_mut(place),
            self.payload_max.get_mut(place),
        );
        if let (Some(app), Some(context), Some(level), Some(min), Some(max)) = parts {
            *app = filter.app.0;
            *context = filter.context.0;
            *level = filter.level;
            *min = filter.payload_min;
            *max = filter.payload_max;
        }
    }

    fn add(&mut self, new: &Filter, verbose: c_int) -> Result<(), Code> {
        if self.count() >= DLT_FILTER_MAX {
            warn_of_maximum("filter");
            return Err(Code::ERROR);
        }
        called("dlt_filter_find", verbose);
        if self.find(new).is_some() {
            return Err(Code::ERROR);
        }
        self.put(self.count(), new);
        self.counter = c_int::try_from(self.count() + 1).unwrap_or(0);
        Ok(())
    }

    fn delete(&mut self, old: &Filter) -> Result<(), Code> {
        let place = self.entries().position(|filter| filter == *old).ok_or(Code::ERROR)?;
        let behind: Vec<Filter> = self.entries().skip(place + 1).collect();
        for (place, filter) in (place..).zip(&behind) {
            self.put(place, filter);
        }
        let last = place + behind.len();
        self.put(last, &NONE);
        self.counter = c_int::try_from(last).unwrap_or(0);
        Ok(())
    }

    /// Adds pairs of words, and shows them.
    fn load(&mut self, mut words: impl Iterator<Item = Vec<u8>>, verbose: c_int) {
        while let Some(app) = words.next() {
            show(b" ", &app, b"");
            let Some(context) = words.next() else { return };
            show(b" ", &context, b"\r\n");
            if self.count() >= DLT_FILTER_MAX {
                warn_of_maximum("rest of filters");
                continue;
            }
            called("dlt_filter_add", verbose);
            let filter = Filter {
                app: AppId(identifier(&app)),
                context: ContextId(identifier(&context)),
                payload_max: i32::MAX,
                ..NONE
            };
            // One that is there already is as good.
            let _there_already = self.add(&filter, verbose);
        }
    }
}

const NONE: Filter = Filter {
    app: AppId([0; ID_SIZE]),
    context: ContextId([0; ID_SIZE]),
    level: 0,
    payload_min: 0,
    payload_max: 0,
};

fn show(before: &[u8], word: &[u8], behind: &[u8]) {
    let up_to_nul = word.split(|byte| *byte == 0).next().unwrap_or_default();
    for part in [before, up_to_nul, behind] {
        diagnostics::put_to_stdout(part);
    }
}

fn warn_of_maximum(ignored: &str) {
    diagnostics::print_args(
        severity::WARNING,
        format_args!(
            "Maximum number ({DLT_FILTER_MAX}) of allowed filters reached, ignoring {ignored}!\n"
        ),
    );
}
