//! `dlt_ng.h`: what this library offers beyond the one it replaces.
//!
//! The comments on the functions become the C header; as in [`super::user`], what they say about a
//! pointer is the contract that `unsafe` stands for.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::ptr;
use core::time::Duration;

use libc::{c_char, c_int, c_void};

use super::code::{Code, guard, guard_or};
use super::register::cell;
use super::types::{DltContext, DltOverflowMode, DltReturnValue};
use super::{arg, callback};
use crate::logger::settings;
use crate::logger::statistics::Statistics;
use crate::runtime;
use crate::types::OverflowMode;

/// What became of the messages so far. Nothing in here is ever reset.
///
/// submitted = delivered + waiting + lost, at rest; at any moment delivered + lost do not exceed
/// submitted. Later versions add members at the end.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct DltNgStatistics {
    /// In: sizeof(DltNgStatistics) as the caller knows it. Out: bytes that the library knows of.
    pub size: u32,
    /// Connections made to the daemon after the first.
    pub reconnects: u32,
    /// Messages that passed the level check and were finished.
    pub submitted: u64,
    /// Messages that the kernel took for the daemon, or that were written to the file.
    pub delivered: u64,
    /// Messages kept for delivery.
    pub waiting: u64,
    /// Messages lost; the sum of the five following.
    pub lost: u64,
    /// Lost because there was no room.
    pub lost_refused: u64,
    /// Lost to make room for newer ones (DLT_OVERFLOW_OVERWRITE).
    pub lost_evicted: u64,
    /// Lost because they were too long for the protocol.
    pub lost_oversize: u64,
    /// Lost because the file was full.
    pub lost_file_full: u64,
    /// Lost at dlt_free() or at the end of the process.
    pub lost_abandoned: u64,
    /// Most bytes that ever waited at one time.
    pub high_water_bytes: u64,
    /// Bytes that can wait.
    pub capacity_bytes: u64,
    /// Failures of the library's own thread, which has gone on after each: a defect to be reported.
    pub worker_failures: u64,
}

const _: () = assert!(size_of::<DltNgStatistics>() == 104);

impl From<Statistics> for DltNgStatistics {
    fn from(counts: Statistics) -> Self {
        Self {
            size: 0,
            reconnects: counts.reconnects,
            submitted: counts.submitted,
            delivered: counts.delivered,
            waiting: counts.waiting,
            lost: counts.lost,
            lost_refused: counts.refused,
            lost_evicted: counts.evicted,
            lost_oversize: counts.oversize,
            lost_file_full: counts.file_full,
            lost_abandoned: counts.abandoned,
            high_water_bytes: counts.high_water,
            capacity_bytes: counts.capacity,
            worker_failures: counts.failures.into(),
        }
    }
}

/// Choose what happens to a message that finds no room. May be changed at any time. Thread-safe.
///
/// @param mode what happens
/// @param timeout_ms longest time in milliseconds that a caller waits in DLT_OVERFLOW_BLOCK mode,
///        at most 60000; the other modes keep it for later
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for values out of range
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_set_overflow_mode(
    mode: DltOverflowMode,
    timeout_ms: u32,
) -> DltReturnValue {
    guard(|| {
        let mode = OverflowMode::try_from(mode)?;
        Ok(settings::set_overflow(mode, Duration::from_millis(timeout_ms.into()))?)
    })
}

/// Ask what happens to a message that finds no room. Thread-safe.
///
/// @param mode receives the mode, or NULL
/// @param timeout_ms receives the time limit, or NULL
/// @return DLT_RETURN_OK
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_overflow_mode(
    mode: *mut DltOverflowMode,
    timeout_ms: *mut u32,
) -> DltReturnValue {
    guard(|| {
        let (chosen, longest) = settings::overflow()?;
        // SAFETY: NULL or writable, as documented.
        if let Some(mode) = unsafe { arg::opt_mut(mode) } {
            *mode = chosen.code().into();
        }
        // SAFETY: NULL or writable, as documented.
        if let Some(timeout) = unsafe { arg::opt_mut(timeout_ms) } {
            *timeout = u32::try_from(longest.as_millis()).unwrap_or(u32::MAX);
        }
        Ok(())
    })
}

/// Ask how many messages were lost since the process started. Never reset. Thread-safe.
///
/// @return number of messages
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_get_overflow_count() -> u64 {
    guard_or(0, || runtime::counting().map_or(0, |instance| instance.losses.total()))
}

/// Get the numbers of DltNgStatistics. Thread-safe.
///
/// @param statistics its member size must hold sizeof(DltNgStatistics); no more than that is written
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size below 4
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_get_statistics(statistics: *mut DltNgStatistics) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL, or its first member is there, as documented.
        let size = *unsafe { arg::required(statistics.cast::<u32>()) }?;
        let known = u32::try_from(size_of::<DltNgStatistics>()).unwrap_or(u32::MAX);
        let counts = runtime::counting().map(Statistics::of).unwrap_or_default();
        let answer = DltNgStatistics { size: known, ..DltNgStatistics::from(counts) };
        // SAFETY: the caller's structure has `size` bytes, as documented.
        unsafe { answer_with(&answer, statistics, size) }
    })
}

/// What became of one context's messages since it was registered.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct DltNgContextStatistics {
    /// In: sizeof(DltNgContextStatistics) as the caller knows it. Out: bytes that the library knows.
    pub size: u32,
    /// Not used.
    pub reserved: u32,
    /// Messages that were sent, or are about to be.
    pub messages: u64,
    /// Bytes of those messages, headers included.
    pub bytes: u64,
    /// Messages that were lost.
    pub lost: u64,
}

const _: () = assert!(size_of::<DltNgContextStatistics>() == 32);

/// Get the numbers of one context. Thread-safe.
///
/// @param handle registered context
/// @param statistics its member size must hold sizeof(DltNgContextStatistics); no more than that is
///        written
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size below 4; DLT_RETURN_ERROR
///         when the context is not registered
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_get_context_statistics(
    handle: *const DltContext,
    statistics: *mut DltNgContextStatistics,
) -> DltReturnValue {
    guard(|| {
        // SAFETY: NULL, or a context, as documented.
        let handle = unsafe { arg::required(handle) }?;
        // SAFETY: NULL, or its first member is there, as documented.
        let size = *unsafe { arg::required(statistics.cast::<u32>()) }?;
        let counts = cell(handle).ok_or(Code::ERROR)?.counts();
        let answer = DltNgContextStatistics {
            size: u32::try_from(size_of::<DltNgContextStatistics>()).unwrap_or(u32::MAX),
            reserved: 0,
            messages: counts.messages,
            bytes: counts.bytes,
            lost: counts.lost,
        };
        // SAFETY: the caller's structure has `size` bytes, as documented.
        unsafe { answer_with(&answer, statistics, size) }
    })
}

/// Copies an answer into a structure of the caller's, of which `size` bytes are known to it.
///
/// # Safety
/// `to` must be valid for writes of `size` bytes.
unsafe fn answer_with<T>(answer: &T, to: *mut T, size: u32) -> Result<(), Code> {
    if size < 4 {
        return Err(Code::WRONG_PARAMETER);
    }
    let written = (size as usize).min(size_of::<T>());
    // SAFETY: both have as many bytes, ours by the line above.
    unsafe { ptr::copy_nonoverlapping(ptr::from_ref(answer).cast(), to.cast::<u8>(), written) };
    Ok(())
}

/// Have a function called when the memory for waiting messages fills up, and when there is room
/// again: a program can log less in between.
///
/// It is called on the library's thread with no lock held, so it may log; while it runs, nothing is
/// delivered. It is called with 1 when the high mark is reached and with 0 when the fill has fallen
/// to the low one.
///
/// @param callback function, or NULL for none
/// @param data handed to the function
/// @param high_percent fill from which on the memory is crowded, 1 to 100
/// @param low_percent fill up to which it is not any more, below high_percent
/// @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for marks out of range; another negative code
///         when the library cannot be started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_set_pressure_callback(
    callback: Option<unsafe extern "C" fn(crowded: c_int, data: *mut c_void)>,
    data: *mut c_void,
    high_percent: u32,
    low_percent: u32,
) -> DltReturnValue {
    guard(|| {
        let changed = callback.map(|function| callback::pressure(function, data));
        Ok(settings::watch_pressure(high_percent, low_percent, changed)?)
    })
}

/// Ask whether the memory for waiting messages is crowded, by the marks of
/// dlt_ng_set_pressure_callback(), or else from three quarters on until a quarter is left. Never
/// waits. Thread-safe.
///
/// @return 1 when it is, 0 when not or when the library is not started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_is_crowded() -> c_int {
    guard_or(0, || c_int::from(settings::is_crowded()))
}

/// Wait until all that was logged before this call is delivered. Thread-safe; fails at once in a
/// callback of the library.
///
/// @param timeout_ms longest time to wait, in milliseconds
/// @return DLT_RETURN_OK; DLT_RETURN_ERROR when the time is over or the library is not started
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_flush(timeout_ms: u32) -> DltReturnValue {
    guard(|| match runtime::flush(Duration::from_millis(timeout_ms.into()))? {
        true => Ok(()),
        false => Err(Code::ERROR),
    })
}

/// For dlt_ng_inline.h: where the most bytes of arguments that a message may have are found. They
/// change when the library is started and stopped; 0 while it is not started.
///
/// @return address that is valid for as long as the process lives
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_local_limit() -> *const u32 {
    runtime::local_limit().as_ptr().cast_const()
}

/// Get the version of this library, as opposed to that of the interface it implements.
///
/// @return text such as "0.1.0"; valid for as long as the process lives
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
