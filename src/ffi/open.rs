//! Messages between `start` and `finish`, as the C structure `DltContextData` carries them: the hot
//! path's C side. Nothing here locks, allocates or makes a system call once a thread has logged.
//!
//! Of the caller's structure the first 48 bytes are used: programs built before 2.18.7 have no
//! more. The field `trace_status`, which libdlt uses for network traces only, tells where the
//! message is and whether it is verbose; 0 if there is none.

use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};
use core::slice;

use libc::{c_char, c_int};

use super::code::{Code, guard_logging};
use super::types::{DltContext, DltContextData};
use crate::instance::Instance;
use crate::logger::message::{self, Finished, Lost};
use crate::registry::Cell;
use crate::ring::SHORT_BODY;
use crate::runtime;
use crate::staging;
use crate::sync::atomic::{AtomicI8, Ordering};
use crate::types::ContextId;
use crate::wire::arguments::{Arguments, Coding, Refused};
use crate::wire::header::MessageInfo;

const AUTO_TIMESTAMP: c_int = 0;
const USER_TIMESTAMP: c_int = 1;
/// `trace_status`: the message is verbose.
const VERBOSE: i32 = 1;
/// `trace_status`: the payload is in a staging area, and the whole field is the area's token.
const STAGED: i32 = staging::OPEN.cast_signed();
/// `trace_status`: the payload is in memory of the caller's.
const GIVEN: i32 = 4;
/// `trace_status`: the payload is in the caller's structure behind its 56 bytes, and the bits from
/// [`ROOM_SHIFT`] on say how much room is there. The sign, so that `dlt_ng_inline.h` sees it
/// at a glance.
const LOCAL: i32 = i32::MIN;
const ROOM_SHIFT: u32 = 2;
/// Where the payload of such a structure begins.
const LOCAL_PAYLOAD: usize = 56;

impl From<runtime::Error> for Code {
    fn from(_: runtime::Error) -> Self {
        Self::ERROR
    }
}

impl From<Lost> for Code {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::NoRoom => Self::BUFFER_FULL,
            Lost::TooLong => Self::ERROR,
            Lost::FileFull => Self::FILE_SIZE,
        }
    }
}

/// What the level check says: [`Code::TRUE`], [`Code::LOGGING_DISABLED`] or
/// [`Code::WRONG_PARAMETER`].
///
/// # Safety
/// `handle` is NULL or a context that was registered, or zeroed.
#[inline(always)]
pub(super) unsafe fn level_check(handle: *const DltContext, level: c_int) -> Code {
    // SAFETY: NULL or valid by this function's contract.
    let Some(handle) = (unsafe { handle.as_ref() }) else {
        return Code::WRONG_PARAMETER;
    };
    let threshold = handle.log_level_ptr;
    if threshold.is_null() {
        return Code::WRONG_PARAMETER;
    }
    if !(1..=6).contains(&level) && level != -1 {
        return if level == 0 { Code::LOGGING_DISABLED } else { Code::WRONG_PARAMETER };
    }
    // SAFETY: set when the context was registered; cells are never unmapped.
    let threshold = unsafe { AtomicI8::from_ptr(threshold) };
    // The daemon may change it at any moment; either value is right then.
    if level <= c_int::from(threshold.load(Ordering::Relaxed)) {
        Code::TRUE
    } else {
        Code::LOGGING_DISABLED
    }
}

/// Starts a message: [`Code::TRUE`] if it is to be filled, [`Code::OK`] if its level is off.
///
/// # Safety
/// `handle` as in [`level_check`]; `log` is NULL or valid for writes of 48 bytes.
#[inline(always)]
pub(super) unsafe fn start(
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
    id: Option<u32>,
) -> Code {
    if log.is_null() {
        return Code::WRONG_PARAMETER;
    }
    let Some(instance) = runtime::current() else {
        // SAFETY: as this function.
        return unsafe { start_without_instance(handle, log, level) };
    };
    // SAFETY: by this function's contract.
    let checked = unsafe { level_check(handle, level) };
    if checked != Code::TRUE {
        // SAFETY: not NULL, and valid by this function's contract.
        return unsafe { start_nothing(log, checked) };
    }
    let verbose = id.is_none() || instance.settings.switches().verbose();
    // SAFETY: not NULL, and valid by this function's contract.
    let begun = unsafe { begin(instance, handle, log, level, verbose) };
    if begun != Code::TRUE {
        return begun;
    }
    match id {
        // SAFETY: just started.
        Some(id) => match unsafe { with_arguments(log, |arguments| arguments.message_id(id)) } {
            0 => Code::TRUE,
            code => Code(code),
        },
        None => Code::TRUE,
    }
}

/// Says that there is no message.
///
/// # Safety
/// `log` is valid for writes of 48 bytes.
#[inline(always)]
unsafe fn forget(log: *mut DltContextData) {
    // SAFETY: within the structure.
    let handle = unsafe { &raw mut (*log).handle };
    // SAFETY: by this function's contract.
    unsafe { handle.write(ptr::null_mut()) };
    // SAFETY: within the structure.
    let state = unsafe { &raw mut (*log).trace_status };
    // SAFETY: by this function's contract.
    unsafe { state.write(0) };
}

/// # Safety
/// `log` is valid for writes of 48 bytes.
#[inline(always)]
unsafe fn start_nothing(log: *mut DltContextData, checked: Code) -> Code {
    // SAFETY: by this function's contract.
    unsafe { forget(log) };
    if checked == Code::LOGGING_DISABLED { Code::OK } else { checked }
}

/// Writes the structure of a message that has nothing in it yet.
///
/// # Safety
/// `handle` is a context; `log` is valid for writes of 48 bytes.
#[inline(always)]
unsafe fn begin(
    instance: &Instance,
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
    verbose: bool,
) -> Code {
    let limit = instance.message_size_max();
    match staging::open_spare(log as usize, limit, verbose.into()) {
        Some(area) => {
            // SAFETY: by this function's contract.
            unsafe { begin_in(&area, handle, log, level) };
            Code::TRUE
        }
        // SAFETY: by this function's contract.
        None => unsafe { begin_elsewhere(limit, handle, log, level, verbose) },
    }
}

/// The thread has no spare area.
///
/// # Safety
/// As [`begin`].
#[cold]
#[inline(never)]
unsafe fn begin_elsewhere(
    limit: u32,
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
    verbose: bool,
) -> Code {
    let Some(area) = staging::open(log as usize, limit, verbose.into()) else {
        // SAFETY: by this function's contract.
        unsafe { forget(log) };
        return Code::ERROR;
    };
    // SAFETY: by this function's contract.
    unsafe { begin_in(&area, handle, log, level) };
    Code::TRUE
}

/// # Safety
/// As [`begin`].
#[inline(always)]
unsafe fn begin_in(
    area: &staging::Open,
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
) {
    let message = DltContextData {
        handle,
        buffer: area.buffer.as_ptr(),
        size: 0,
        log_level: level,
        trace_status: area.token.cast_signed(),
        args_num: 0,
        context_description: ptr::null_mut(),
        use_timestamp: AUTO_TIMESTAMP,
        user_timestamp: 0,
    };
    // SAFETY: by this function's contract.
    unsafe { log.write(message) };
}

/// Starts a message whose level was looked at before.
///
/// # Safety
/// As [`begin`].
pub(super) unsafe fn start_checked(
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
    verbose: bool,
) -> Code {
    match runtime::current() {
        // SAFETY: by this function's contract.
        Some(instance) => unsafe { begin(instance, handle, log, level, verbose) },
        None => Code::ERROR,
    }
}

/// The library is not started, was stopped, or the process was forked.
///
/// # Safety
/// As [`start`], and `log` is not NULL.
#[cold]
unsafe fn start_without_instance(
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
) -> Code {
    // SAFETY: not NULL, and valid by this function's contract.
    unsafe { forget(log) };
    if runtime::is_forked() {
        return Code::ERROR;
    }
    // SAFETY: by this function's contract.
    match unsafe { level_check(handle, level) } {
        Code::LOGGING_DISABLED => Code::OK,
        // Contexts end with the library: to start it for this one would be of no use.
        Code::TRUE => Code::ERROR,
        wrong => wrong,
    }
}

/// Starts a message whose payload is complete in memory of the caller's. The level is not looked
/// at: the caller has done that.
///
/// # Safety
/// As [`start`]; `buffer` is NULL or valid for reads of `size` bytes until the message is finished.
pub(super) unsafe fn start_given(
    handle: *mut DltContext,
    log: *mut DltContextData,
    level: c_int,
    buffer: *mut c_char,
    (size, arguments): (usize, i32),
) -> Result<Code, Code> {
    if runtime::is_forked() {
        return Err(Code::ERROR);
    }
    let size_limit = runtime::current().map_or(0, Instance::message_size_max) as usize;
    let missing = handle.is_null() || log.is_null() || buffer.is_null();
    if missing || size == 0 || size > size_limit || arguments <= 0 {
        return Err(Code::WRONG_PARAMETER);
    }
    let instance = runtime::started()?;
    if !instance.settings.switches().verbose() {
        return Err(Code::ERROR);
    }
    let message = DltContextData {
        handle,
        buffer: buffer.cast(),
        size: i32::try_from(size).map_err(|_| Code::WRONG_PARAMETER)?,
        log_level: level,
        trace_status: VERBOSE | GIVEN,
        args_num: arguments,
        context_description: ptr::null_mut(),
        use_timestamp: AUTO_TIMESTAMP,
        user_timestamp: 0,
    };
    // SAFETY: not NULL, and valid by this function's contract.
    unsafe { log.write(message) };
    Ok(Code::TRUE)
}

/// Texts up to this are copied without a call of memcpy.
const SHORT_TEXT: usize = 32;

/// Adds a text. Cost beside that of copying it as for [`with_arguments`], if it is short.
///
/// # Safety
/// As [`with_arguments`].
#[inline(always)]
pub(super) unsafe fn with_text(log: *mut DltContextData, text: &[u8], coding: Coding) -> c_int {
    if text.len() <= SHORT_TEXT
        // SAFETY: by this function's contract.
        && let Some((open, buffer)) = unsafe { staged_verbose(log) }
    {
        let mut arguments = resumed(open, buffer, true);
        if arguments.whole_string(text, coding).is_ok() {
            keep(arguments.size(), arguments.count(), open);
            return Code::OK.0;
        }
    }
    // SAFETY: by this function's contract.
    unsafe { with_long_text(log, text, coding) }
}

/// # Safety
/// As [`with_arguments`].
#[inline(never)]
unsafe fn with_long_text(log: *mut DltContextData, text: &[u8], coding: Coding) -> c_int {
    // SAFETY: by this function's contract.
    unsafe { with_arguments(log, |arguments| arguments.string(text, coding)) }
}

/// Adds to a message. Cost beside the argument's own, of a verbose message in its staging area: six
/// loads and two stores.
///
/// # Safety
/// `log` is NULL, zeroed, or was given to a start function.
#[inline(always)]
pub(super) unsafe fn with_arguments(
    log: *mut DltContextData,
    add: impl FnOnce(&mut Arguments<'_>) -> Result<(), Refused>,
) -> c_int {
    // SAFETY: by this function's contract.
    match unsafe { staged_verbose(log) } {
        Some((open, buffer)) => add_to(open, buffer, true, add),
        // SAFETY: as `log`.
        None => unsafe { with_unusual(log, add) },
    }
}

/// A verbose message in its staging area, as nearly all are, and the area.
///
/// # Safety
/// As [`with_arguments`].
#[inline(always)]
unsafe fn staged_verbose<'a>(
    log: *mut DltContextData,
) -> Option<(&'a mut DltContextData, &'a mut [u8])> {
    // SAFETY: NULL or valid by this function's contract.
    let open = unsafe { log.as_mut() }?;
    if open.trace_status & (LOCAL | STAGED | VERBOSE) != STAGED | VERBOSE {
        return None;
    }
    // SAFETY: as `log`, and staged.
    let buffer = unsafe { payload(open) }?;
    Some((open, buffer))
}

#[inline(always)]
fn add_to(
    open: &mut DltContextData,
    buffer: &mut [u8],
    verbose: bool,
    add: impl FnOnce(&mut Arguments<'_>) -> Result<(), Refused>,
) -> c_int {
    let mut arguments = resumed(open, buffer, verbose);
    let added = add(&mut arguments);
    keep(arguments.size(), arguments.count(), open);
    match added {
        Ok(()) => Code::OK.0,
        Err(refused) => Code::from(refused).0,
    }
}

#[inline(always)]
fn resumed<'a>(open: &DltContextData, buffer: &'a mut [u8], verbose: bool) -> Arguments<'a> {
    // A size below zero would be one beyond every buffer.
    let size = open.size.cast_unsigned() as usize;
    Arguments::resume(buffer, size, open.args_num, verbose)
}

#[inline(always)]
fn keep(size: usize, arguments: i32, open: &mut DltContextData) {
    open.size = size as i32; // below 65,536
    open.args_num = arguments;
}

/// Adds to a message that is not verbose, or in the caller's structure, or not there.
///
/// # Safety
/// As [`with_arguments`].
#[cold]
#[inline(never)]
unsafe fn with_unusual(
    log: *mut DltContextData,
    add: impl FnOnce(&mut Arguments<'_>) -> Result<(), Refused>,
) -> c_int {
    // SAFETY: NULL or valid by this function's contract.
    let Some(open) = (unsafe { log.as_mut() }) else { return Code::WRONG_PARAMETER.0 };
    if open.handle.is_null() {
        return not_open().0;
    }
    if open.trace_status < 0 {
        // SAFETY: as `log`.
        if let Err(code) = unsafe { move_out(log) } {
            return code.0;
        }
    }
    if open.trace_status & STAGED == 0 {
        return not_open().0;
    }
    let verbose = open.trace_status & VERBOSE != 0;
    // SAFETY: as `log`, and staged.
    match unsafe { payload(open) } {
        Some(buffer) => add_to(open, buffer, verbose, add),
        None => not_open().0,
    }
}

/// Moves a message out of the caller's structure, where it has no room for what comes.
///
/// # Safety
/// `log` is that of an open message with its payload behind it.
#[cold]
unsafe fn move_out(log: *mut DltContextData) -> Result<(), Code> {
    let limit = runtime::current().ok_or(Code::ERROR)?.message_size_max();
    let verbose = VERBOSE.cast_unsigned();
    let area = staging::open(log as usize, limit, verbose).ok_or(Code::ERROR)?;
    // SAFETY: by this function's contract.
    let Some(bytes) = (unsafe { written(log) }) else { return Err(Code::WRONG_PARAMETER) };
    let length = bytes.len().min(limit as usize);
    // SAFETY: the area has room for `limit` bytes and is no part of the structure.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), area.buffer.as_ptr(), length) };
    // SAFETY: by this function's contract.
    let log = unsafe { &mut *log };
    log.buffer = area.buffer.as_ptr();
    log.trace_status = area.token.cast_signed();
    Ok(())
}

/// Where a staged message's payload goes; None if the message was given up.
///
/// # Safety
/// `log` was given to a start function, which staged it.
#[inline(always)]
unsafe fn payload(log: &DltContextData) -> Option<&'static mut [u8]> {
    // SAFETY: whoever stages a message gives it a buffer that is a staging area's.
    let limit = unsafe { staging::limit(log.buffer, log.trace_status.cast_unsigned()) }?;
    // SAFETY: the area has room for as much, and while the message is open it is this one's.
    Some(unsafe { slice::from_raw_parts_mut(log.buffer, limit) })
}

#[cold]
fn not_open() -> Code {
    match runtime::current() {
        Some(_) => Code::WRONG_PARAMETER,
        None => Code::ERROR,
    }
}

/// Sends the message and closes it.
///
/// # Safety
/// `log` is NULL, zeroed, or was given to a start function.
#[inline(always)]
pub(super) unsafe fn finish(log: *mut DltContextData) -> Code {
    // SAFETY: by this function's contract.
    let Some((instance, log, state)) = (unsafe { submit_at_once(log) }) else {
        // SAFETY: by this function's contract.
        return unsafe { finish_with_care(log) };
    };
    log.trace_status = 0;
    log.size = 0;
    // SAFETY: whoever stages a message gives it a buffer that is a staging area's.
    let kept = state < 0 || unsafe { staging::close_to_spare(log.buffer, state.cast_unsigned()) };
    if kept && instance.doorbell.is_quiet(|| is_urgent(log.log_level)) {
        return Code::OK;
    }
    // SAFETY: as above.
    unsafe { finish_rest(instance, log, kept) }
}

/// The area is of more use to others, or the worker sleeps.
///
/// # Safety
/// `log`'s message was closed just now, and its buffer is a staging area's unless it is `kept`.
#[cold]
#[inline(never)]
unsafe fn finish_rest(instance: &Instance, log: &DltContextData, kept: bool) -> Code {
    if !kept {
        // SAFETY: by this function's contract.
        unsafe { staging::give_back(log.buffer) };
    }
    message::wake(instance, is_urgent(log.log_level));
    Code::OK
}

/// The way of nearly all messages: verbose, short, of a registered context, for the daemon, and there
/// is room. None: nothing was done; else also what `trace_status` was.
///
/// # Safety
/// As [`finish`].
#[inline(always)]
unsafe fn submit_at_once<'a>(
    raw: *mut DltContextData,
) -> Option<(&'static Instance, &'a mut DltContextData, i32)> {
    let instance = runtime::current()?;
    // SAFETY: NULL or valid by this function's contract.
    let log = unsafe { raw.as_mut() }?;
    // SAFETY: NULL, or set by start() to a context that the caller keeps until now.
    let handle = unsafe { log.handle.as_ref() }?;
    let (state, length) = (log.trace_status, log.size.cast_unsigned() as usize);
    // SAFETY: as `log`.
    let payload = unsafe { roomy_payload(raw, state, length) }?;
    let cell = instance.registry.cell_near(handle.log_level_ptr)?;
    let finished = finished(log, handle, cell, cell.identity()?, true);
    let ordinary = !finished.context.is_empty() && finished.timestamp.is_none();
    (ordinary && finished.submit_at_once(instance, payload, length))
        .then_some((instance, log, state))
}

#[inline(always)]
fn finished<'a>(
    log: &DltContextData,
    handle: &DltContext,
    cell: &'a Cell,
    (index, pos): (u32, i32),
    verbose: bool,
) -> Finished<'a> {
    Finished {
        cell,
        index,
        pos,
        context: ContextId(handle.context_id),
        info: info(log.log_level, verbose),
        arguments: log.args_num as u8, // what the header has room for
        timestamp: (log.use_timestamp == USER_TIMESTAMP).then_some(log.user_timestamp),
        urgent: is_urgent(log.log_level),
    }
}

/// FATAL and ERROR.
fn is_urgent(level: c_int) -> bool {
    (1..=2).contains(&level)
}

/// The payload of a verbose message that is staged or in the caller's structure, where there is room
/// for a short one even if it is shorter.
///
/// # Safety
/// As [`written`]; `state` and `length` are what `log` says.
#[inline(always)]
unsafe fn roomy_payload(
    log: *const DltContextData,
    state: i32,
    length: usize,
) -> Option<&'static [u8; SHORT_BODY]> {
    const _: () = assert!(SHORT_BODY <= staging::LARGEST);
    let payload = if state & (LOCAL | STAGED | VERBOSE) == STAGED | VERBOSE {
        // SAFETY: by this function's contract.
        let data = unsafe { &*log };
        // SAFETY: as above, and staged.
        if length > unsafe { payload(data) }?.len() {
            return None;
        }
        data.buffer.cast_const()
    } else if state < 0 && local_room(state) >= SHORT_BODY {
        // SAFETY: the structure goes on behind its 56 bytes, by this function's contract.
        unsafe { log.cast::<u8>().add(LOCAL_PAYLOAD) }
    } else {
        return None;
    };
    // SAFETY: every area has room for the largest payload, whatever this message's limit is, and
    // of a caller's structure it was just looked at.
    Some(unsafe { &*payload.cast() })
}

/// Bytes behind a structure that holds its message itself.
fn local_room(state: i32) -> usize {
    // The sign stands above the length.
    ((state & i32::MAX) >> ROOM_SHIFT) as usize
}

/// As [`finish`], whatever the message is.
///
/// # Safety
/// As [`finish`].
#[cold]
#[inline(never)]
unsafe fn finish_with_care(raw: *mut DltContextData) -> Code {
    // SAFETY: NULL or valid by this function's contract.
    let Some(log) = (unsafe { raw.as_mut() }) else { return Code::WRONG_PARAMETER };
    let instance = runtime::current();
    // SAFETY: NULL, or set by start() to a context that the caller keeps until now.
    let handle = unsafe { log.handle.as_ref() };
    let (Some(instance), Some(handle)) = (instance, handle) else {
        // SAFETY: as `log`.
        return unsafe { finish_nothing(log, instance.is_none()) };
    };
    // SAFETY: as `log`.
    let Some(bytes) = (unsafe { written(raw) }) else {
        return Code::WRONG_PARAMETER;
    };
    let cell = instance.registry.cell_at(handle.log_level_ptr);
    let (Some(cell), false) = (cell, handle.context_id[0] == 0) else {
        // SAFETY: as `log`.
        return unsafe { finish_for_nobody(log, instance) };
    };
    let identity = (cell.index(), cell.pos().unwrap_or(handle.log_level_pos));
    let verbose = log.trace_status & VERBOSE != 0;
    let submitted = finished(log, handle, cell, identity, verbose).submit(instance, bytes);
    // SAFETY: as `log`.
    unsafe { close(log) };
    match submitted {
        Ok(()) => Code::OK,
        Err(lost) => Code::from(lost),
    }
}

/// The level is in range but for a message in the caller's memory, which may name any; the header
/// has four bits for it.
#[inline(always)]
fn info(level: c_int, verbose: bool) -> MessageInfo {
    MessageInfo(u8::from(verbose) | (level as u8) << 4)
}

/// What the message consists of so far.
///
/// # Safety
/// `log` is zeroed or was given to a start function; if that was one of `dlt_ng_inline.h`, the
/// whole structure of that header is there.
#[inline(always)]
unsafe fn written(log: *const DltContextData) -> Option<&'static [u8]> {
    // SAFETY: by this function's contract.
    let data = unsafe { &*log };
    // A size below zero would be one beyond every room.
    let size = data.size.cast_unsigned() as usize;
    if data.trace_status & (LOCAL | STAGED) == STAGED {
        // SAFETY: as this function, and staged.
        return unsafe { payload(data) }?.get(..size);
    }
    if data.trace_status < 0 {
        let room = local_room(data.trace_status);
        // SAFETY: the structure goes on behind its 56 bytes, by this function's contract.
        let payload = unsafe { log.cast::<u8>().add(LOCAL_PAYLOAD) };
        // SAFETY: as above, for `room` bytes.
        let room = unsafe { slice::from_raw_parts(payload, room) };
        return room.get(..size);
    }
    if data.trace_status & GIVEN == 0 {
        return None;
    }
    let buffer = NonNull::new(data.buffer)?;
    // SAFETY: start_given() took these from a caller who keeps them until the message is finished.
    Some(unsafe { slice::from_raw_parts(buffer.as_ptr(), size) })
}

/// # Safety
/// `log` is zeroed or was given to a start function.
unsafe fn close(log: &mut DltContextData) {
    let state = core::mem::replace(&mut log.trace_status, 0);
    log.size = 0;
    if state & (LOCAL | STAGED) == STAGED {
        // SAFETY: whoever stages a message gives it a buffer that is a staging area's.
        unsafe { staging::close(log.buffer, state.cast_unsigned()) };
    }
}

/// # Safety
/// `log` is zeroed or was given to a start function.
#[cold]
unsafe fn finish_nothing(log: &mut DltContextData, off: bool) -> Code {
    if log.handle.is_null() {
        return if off { Code::ERROR } else { Code::WRONG_PARAMETER };
    }
    // Started before the library was stopped: nothing can take it any more.
    runtime::count_abandoned();
    // SAFETY: as this function.
    unsafe { close(log) };
    Code::ERROR
}

/// The context was unregistered since the message was started.
///
/// # Safety
/// `log` is zeroed or was given to a start function.
#[cold]
unsafe fn finish_for_nobody(log: &mut DltContextData, instance: &Instance) -> Code {
    instance.losses.abandoned.fetch_add(1, Ordering::Relaxed);
    // SAFETY: as this function.
    unsafe { close(log) };
    Code::WRONG_PARAMETER
}

/// A message with one call: start, `fill`, finish. Like libdlt, it does not work in non-verbose
/// mode nor before the library is started, and says OK when the level is off.
///
/// # Safety
/// `handle` as in [`level_check`].
pub(super) unsafe fn one_shot(
    handle: *mut DltContext,
    level: c_int,
    fill: impl FnOnce(*mut DltContextData) -> c_int,
) -> c_int {
    guard_logging(|| {
        let mut log = MaybeUninit::<DltContextData>::uninit();
        let log = log.as_mut_ptr();
        // SAFETY: the handle by this function's contract; the structure is ours.
        if unsafe { start(handle, log, level, None) } != Code::TRUE {
            return Ok(Code::OK);
        }
        let filled = Code(fill(log));
        // SAFETY: ours, and written by start().
        let message = unsafe { &mut *log };
        if message.args_num == 0 {
            // SAFETY: started above.
            unsafe { close(message) };
            return Ok(filled);
        }
        // SAFETY: started above.
        let finished = unsafe { finish(log) };
        Ok(if finished == Code::OK { filled } else { finished })
    })
}

/// What the one-shot functions refuse before they look at anything else.
pub(super) fn refuses_one_shot() -> bool {
    if runtime::is_forked() {
        return false;
    }
    runtime::current().is_none_or(|instance| !instance.settings.switches().verbose())
}
