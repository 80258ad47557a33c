//! Messages between `start` and `finish`, as the C structure `DltContextData` carries them: the hot
//! path's C side. Nothing here locks, allocates or makes a system call once a thread has logged.
//!
//! Of the caller's structure the first 48 bytes are used: programs built before 2.18.7 have no
//! more. The field `trace_status`, which libdlt uses for network traces only, tells which staging
//! area the message is in, and whether it is verbose.

use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};
use core::slice;

use libc::{c_char, c_int};

use super::code::{Code, guard};
use super::types::{DltContext, DltContextData};
use crate::instance::Instance;
use crate::logger::message::{Finished, Lost};
use crate::runtime;
use crate::staging;
use crate::sync::atomic::{AtomicI8, Ordering};
use crate::types::ContextId;
use crate::wire::arguments::{Arguments, Refused};
use crate::wire::header::MessageInfo;

const AUTO_TIMESTAMP: c_int = 0;
const USER_TIMESTAMP: c_int = 1;
/// `trace_status`: the message is verbose.
const VERBOSE: i32 = 1;
/// `trace_status`: the payload is in memory of the caller's.
const GIVEN: i32 = 2;
/// `trace_status`: the payload is in the caller's structure behind its 56 bytes, and the bits from
/// [`GENERATION_SHIFT`] on say how much room is there. The sign, so that `dlt_ng_inline.h` sees it
/// at a glance.
const LOCAL: i32 = i32::MIN;
const GENERATION_SHIFT: u32 = 2;
/// Where the payload of such a structure begins.
const LOCAL_PAYLOAD: usize = 56;

fn generation(log: &DltContextData) -> u32 {
    log.trace_status.cast_unsigned() >> GENERATION_SHIFT
}

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
    if threshold.is_null() || !(-1..=6).contains(&level) {
        return Code::WRONG_PARAMETER;
    }
    // SAFETY: set when the context was registered; cells are never unmapped.
    let threshold = unsafe { AtomicI8::from_ptr(threshold) };
    // The daemon may change it at any moment; either value is right then.
    if level <= c_int::from(threshold.load(Ordering::Relaxed)) && level != 0 {
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
        unsafe { forget_handle(log) };
        return if checked == Code::LOGGING_DISABLED { Code::OK } else { checked };
    }
    let verbose = id.is_none() || instance.settings.switches().verbose();
    // SAFETY: not NULL, and valid by this function's contract.
    if unsafe { begin(instance, handle, log, level, verbose) } != Code::TRUE {
        return Code::ERROR;
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
unsafe fn forget_handle(log: *mut DltContextData) {
    const _: () = assert!(core::mem::offset_of!(DltContextData, handle) == 0);
    // SAFETY: the handle is the structure's first field.
    unsafe { log.cast::<*mut DltContext>().write(ptr::null_mut()) };
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
    let Some(area) = staging::open(log as usize, limit) else {
        return Code::ERROR;
    };
    let message = DltContextData {
        handle,
        buffer: area.buffer.as_ptr(),
        size: 0,
        log_level: level,
        trace_status: (area.generation << GENERATION_SHIFT).cast_signed() | i32::from(verbose),
        args_num: 0,
        context_description: ptr::null_mut(),
        use_timestamp: AUTO_TIMESTAMP,
        user_timestamp: 0,
    };
    // SAFETY: not NULL, and valid by this function's contract.
    unsafe { log.write(message) };
    Code::TRUE
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
    unsafe { forget_handle(log) };
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

/// Adds to a message. Cost beside the argument's own: four loads, two stores.
///
/// # Safety
/// `log` is NULL, zeroed, or was given to a start function.
#[inline(always)]
pub(super) unsafe fn with_arguments(
    log: *mut DltContextData,
    add: impl FnOnce(&mut Arguments<'_>) -> Result<(), Refused>,
) -> c_int {
    // SAFETY: NULL or valid by this function's contract.
    let Some(open) = (unsafe { log.as_mut() }) else { return Code::WRONG_PARAMETER.0 };
    if open.trace_status < 0 && !open.handle.is_null() {
        // SAFETY: as `log`.
        if let Err(code) = unsafe { move_out(log) } {
            return code.0;
        }
    }
    let log = open;
    // SAFETY: as `log`.
    let Some(buffer) = (unsafe { payload(log) }) else { return not_open(log).0 };
    let size = usize::try_from(log.size).unwrap_or(0);
    let mut arguments =
        Arguments::resume(buffer, size, log.args_num, log.trace_status & VERBOSE != 0);
    let added = add(&mut arguments);
    // The size stays below 65,536.
    log.size = arguments.size() as i32;
    log.args_num = arguments.count();
    match added {
        Ok(()) => Code::OK.0,
        Err(refused) => Code::from(refused).0,
    }
}

/// Moves a message out of the caller's structure, where it has no room for what comes.
///
/// # Safety
/// `log` is that of an open message with its payload behind it.
#[cold]
unsafe fn move_out(log: *mut DltContextData) -> Result<(), Code> {
    let limit = runtime::current().ok_or(Code::ERROR)?.message_size_max();
    let area = staging::open(log as usize, limit).ok_or(Code::ERROR)?;
    // SAFETY: by this function's contract.
    let Some(bytes) = (unsafe { written(log) }) else { return Err(Code::WRONG_PARAMETER) };
    let length = bytes.len().min(limit as usize);
    // SAFETY: the area has room for `limit` bytes and is no part of the structure.
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), area.buffer.as_ptr(), length) };
    // SAFETY: by this function's contract.
    let log = unsafe { &mut *log };
    log.buffer = area.buffer.as_ptr();
    log.trace_status = (area.generation << GENERATION_SHIFT).cast_signed() | VERBOSE;
    Ok(())
}

/// Where an open message's payload goes; None if there is no open message.
///
/// # Safety
/// `log` is zeroed or was given to a start function.
#[inline(always)]
unsafe fn payload(log: &DltContextData) -> Option<&'static mut [u8]> {
    if log.handle.is_null() || log.trace_status & (GIVEN | LOCAL) != 0 {
        return None;
    }
    let buffer = NonNull::new(log.buffer)?;
    // SAFETY: of an open message that is not in the caller's memory, start() set the buffer.
    let limit = unsafe { staging::limit(buffer, generation(log)) }?;
    // SAFETY: the area has room for as much, and while the message is open it is this one's.
    Some(unsafe { slice::from_raw_parts_mut(buffer.as_ptr(), limit) })
}

#[cold]
fn not_open(_: &DltContextData) -> Code {
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
    // SAFETY: NULL or valid by this function's contract.
    let Some(log) = NonNull::new(log) else { return Code::WRONG_PARAMETER };
    let raw = log.as_ptr();
    // SAFETY: not NULL, and valid by this function's contract.
    let log = unsafe { &mut *raw };
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
    let finished = Finished {
        cell,
        pos: cell.pos().unwrap_or(handle.log_level_pos),
        context: ContextId(handle.context_id),
        info: info(log.log_level, log.trace_status & VERBOSE != 0),
        arguments: log.args_num as u8, // what the header has room for
        timestamp: (log.use_timestamp == USER_TIMESTAMP).then_some(log.user_timestamp),
        urgent: (1..=2).contains(&log.log_level),
    };
    let submitted = finished.submit(instance, bytes);
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
    let size = usize::try_from(data.size).ok()?;
    if data.trace_status & (GIVEN | LOCAL) == 0 {
        // SAFETY: as this function.
        return unsafe { payload(data) }?.get(..size);
    }
    if data.trace_status < 0 {
        // The sign stands above the length.
        let room = (data.trace_status & i32::MAX) >> GENERATION_SHIFT;
        // SAFETY: the structure goes on behind its 56 bytes, by this function's contract.
        let payload = unsafe { log.cast::<u8>().add(LOCAL_PAYLOAD) };
        // SAFETY: as above, for `room` bytes.
        let room = unsafe { slice::from_raw_parts(payload, usize::try_from(room).ok()?) };
        return room.get(..size);
    }
    let buffer = NonNull::new(data.buffer)?;
    // SAFETY: start_given() took these from a caller who keeps them until the message is finished.
    Some(unsafe { slice::from_raw_parts(buffer.as_ptr(), size) })
}

/// # Safety
/// `log` is zeroed or was given to a start function.
#[inline(always)]
unsafe fn close(log: &mut DltContextData) {
    if log.trace_status & (GIVEN | LOCAL) == 0
        && let Some(buffer) = NonNull::new(log.buffer)
    {
        // SAFETY: of a message that is not in the caller's memory, start() set the buffer.
        unsafe { staging::close(buffer, generation(log)) };
        log.buffer = ptr::null_mut();
    }
    log.size = 0;
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
    guard(|| {
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
