//! `dlt_ng.h`: what this library offers beyond the one it replaces.
//!
//! The comments on the functions become the C header; as in [`super::user`], what they say about a
//! pointer is the contract that `unsafe` stands for.

#![expect(clippy::missing_safety_doc, reason = "the comments are the C header")]

use core::ptr;
use core::time::Duration;

use libc::c_char;

use super::arg;
use super::code::{Code, guard, guard_or};
use super::types::{DltOverflowMode, DltReturnValue};
use crate::config::TIMEOUT_MAX_MS;
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
}

const _: () = assert!(size_of::<DltNgStatistics>() == 96);

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
        if timeout_ms > TIMEOUT_MAX_MS {
            return Err(Code::WRONG_PARAMETER);
        }
        let instance = runtime::started()?;
        instance.settings.set_overflow(mode, timeout_ms);
        // Who waits by the former mode looks again.
        instance.ring.wake_waiters();
        Ok(())
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
        let settings = &runtime::started()?.settings;
        // SAFETY: NULL or writable, as documented.
        if let Some(mode) = unsafe { arg::opt_mut(mode) } {
            *mode = settings.overflow_mode().code().into();
        }
        // SAFETY: NULL or writable, as documented.
        if let Some(timeout) = unsafe { arg::opt_mut(timeout_ms) } {
            *timeout = u32::try_from(settings.overflow_timeout().as_millis()).unwrap_or(u32::MAX);
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
        if size < 4 {
            return Err(Code::WRONG_PARAMETER);
        }
        let counts = runtime::counting().map(Statistics::of).unwrap_or_default();
        let answer = DltNgStatistics { size: known, ..DltNgStatistics::from(counts) };
        let written = size.min(known) as usize;
        // SAFETY: the caller's structure has `size` bytes, and ours at least as many as are copied.
        unsafe {
            ptr::copy_nonoverlapping(
                (&raw const answer).cast::<u8>(),
                statistics.cast::<u8>(),
                written,
            );
        }
        Ok(())
    })
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

/// Get the version of this library, as opposed to that of the interface it implements.
///
/// @return text such as "0.1.0"; valid for as long as the process lives
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dlt_ng_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
