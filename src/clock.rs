//! Uptime and wall time, as DLT counts them.

use core::mem::MaybeUninit;
use core::time::Duration;

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
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

/// The time stamp of a DLT message: CLOCK_MONOTONIC in units of 0.1 ms, modulo 2^32 (which is
/// reached after some 4.97 days).
#[inline]
pub fn uptime() -> u32 {
    let time = now(libc::CLOCK_MONOTONIC);
    // The low 32 bits are what the message has room for.
    (time.tv_sec as u32)
        .wrapping_mul(10_000)
        .wrapping_add(time.tv_nsec as u32 / 100_000)
}

/// Wall time since 1970 (CLOCK_REALTIME).
pub fn wall() -> Duration {
    let time = now(libc::CLOCK_REALTIME);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
}

/// Seconds that local time is ahead of UTC now.
pub fn utc_offset() -> i64 {
    let seconds = now(libc::CLOCK_REALTIME).tv_sec;
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
    fn uptime_counts_tenths_of_milliseconds_of_the_monotonic_clock() {
        let before = monotonic();
        let stamp = uptime();
        let after = monotonic();
        let tenths = |time: Duration| (time.as_micros() / 100) as u32;
        assert!(stamp.wrapping_sub(tenths(before)) <= tenths(after).wrapping_sub(tenths(before)));
    }
}
