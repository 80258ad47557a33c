//! Uptime and wall time, as DLT counts them.

mod line;

use core::mem::MaybeUninit;
use core::time::Duration;

use crate::sync::atomic::{AtomicU8, Ordering};
use line::Line;
pub use line::OnLine;

fn now(clock: libc::clockid_t) -> libc::timespec {
    let mut time = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the pointer is to a timespec of ours; both clocks used here always exist.
    unsafe { libc::clock_gettime(clock, time.as_mut_ptr()) };
    // SAFETY: all bytes were set, by zeroed() at least.
    unsafe { time.assume_init() }
}

/// Time since boot without suspend (CLOCK_MONOTONIC).
pub fn monotonic() -> Duration {
    let time = now(libc::CLOCK_MONOTONIC);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Units of 0.1 ms in which DLT counts.
const NANOSECONDS_A_UNIT: u64 = 100_000;

/// CLOCK_MONOTONIC over the processor's counter.
static LINE: Line = Line::new();
/// Non-zero once the kernel was seen to take its own time from the counter.
static COUNTER_TRUSTED: AtomicU8 = AtomicU8::new(0);

/// Looks whether the kernel takes its time from the processor's counter: then so may we. Called
/// once, when the library starts.
pub fn consult_kernel() {
    const SOURCE: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    let trusted = std::fs::read_to_string(SOURCE)
        .is_ok_and(|source| source.trim_ascii() == crate::arch::COUNTER_NAME);
    COUNTER_TRUSTED.store(trusted.into(), Ordering::Relaxed);
}

/// The time stamp of a DLT message: CLOCK_MONOTONIC in units of 0.1 ms, modulo 2^32 (which is
/// reached after some 4.97 days).
pub fn uptime() -> u32 {
    match uptime_at_once() {
        Some(time) => time.stamp(),
        None => (read_and_draw() / NANOSECONDS_A_UNIT) as u32, // modulo 2^32
    }
}

/// As [`uptime`], if the processor's counter tells it: else, every 150 ms, the clock has to be
/// read. To be worked out by [`OnLine::stamp`].
///
/// Cost: six loads, then a reading of the counter.
#[inline(always)]
pub fn uptime_at_once() -> Option<OnLine> {
    // The counter last: processors let nothing pass its reading, so what can be done before it is.
    LINE.ready()?.at(crate::arch::counter())
}

#[cold]
fn read_and_draw() -> u64 {
    let before = crate::arch::counter();
    let nanoseconds = u64::try_from(monotonic().as_nanos()).unwrap_or(u64::MAX);
    let after = crate::arch::counter();
    // Not if the thread was interrupted between them: the point would be off.
    if COUNTER_TRUSTED.load(Ordering::Relaxed) != 0 && after.wrapping_sub(before) < NEAR {
        LINE.draw(before / 2 + after / 2, nanoseconds);
    }
    nanoseconds
}

/// Ticks that a reading of the clock takes at most when nothing comes between.
const NEAR: u64 = 2_000;

/// Wall time since 1970 (CLOCK_REALTIME).
pub fn wall() -> Duration {
    let time = now(libc::CLOCK_REALTIME);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Seconds that local time is ahead of UTC now.
pub fn utc_offset() -> i64 {
    utc_offset_at(now(libc::CLOCK_REALTIME).tv_sec)
}

/// Seconds that local time is, was, or will be ahead of UTC, for seconds since 1970.
pub fn utc_offset_at(seconds: libc::time_t) -> i64 {
    let mut local = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both pointers are to values of ours.
    unsafe { libc::localtime_r(&seconds, local.as_mut_ptr()) };
    // SAFETY: zeroed, and every byte pattern is a tm.
    unsafe { local.assume_init() }.tm_gmtoff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_is_never_more_than_a_unit_from_the_monotonic_clock() {
        consult_kernel();
        let units = |time: Duration| (time.as_micros() / 100) as u32;
        let end = monotonic() + Duration::from_millis(400);
        while monotonic() < end {
            let before = units(monotonic());
            let stamp = uptime();
            let after = units(monotonic());
            // A unit on either side for the rounding.
            let early = stamp.wrapping_sub(before.wrapping_sub(1));
            assert!(early <= after.wrapping_sub(before) + 2, "{before} {stamp} {after}");
        }
    }
}
