//! How long the worker sleeps between two looks at the ring.
//!
//! While messages come it naps, so that the threads that log need not wake it; the nap grows as the
//! rate falls, so that a process that logs a little spends little. After a quiet time it parks, and
//! the next message wakes it. Times are durations since any fixed moment.

use core::time::Duration;

const SHORTEST: Duration = Duration::from_micros(50);
/// The longest nap.
pub const LONGEST: Duration = Duration::from_micros(1500);
/// Without a message for this long the worker parks.
const QUIET: Duration = Duration::from_millis(50);
/// Messages that a nap should gather. Each wake costs the threads that log a processor for a moment,
/// so more is better until the ring gets crowded, which ends a nap in any case.
const GATHER: f64 = 512.0;

/// The rate of the recent past, in messages a second.
#[derive(Debug, Default)]
pub struct Pace {
    last_look: Duration,
    last_message: Duration,
    rate: f64,
}

impl Pace {
    /// A look at the ring at `now` found `messages`.
    pub fn looked(&mut self, now: Duration, messages: usize) {
        let since = now.saturating_sub(self.last_look).as_secs_f64().max(1e-6);
        self.last_look = now;
        self.rate = (self.rate + messages as f64 / since) / 2.0;
        if messages > 0 {
            self.last_message = now;
        }
    }

    /// How long to nap, or None to park.
    pub fn nap(&self, now: Duration) -> Option<Duration> {
        if now.saturating_sub(self.last_message) >= QUIET {
            return None;
        }
        let nap = Duration::try_from_secs_f64(GATHER / self.rate).unwrap_or(LONGEST);
        Some(nap.clamp(SHORTEST, LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paced(messages: usize, every: Duration) -> (Pace, Duration) {
        let mut pace = Pace::default();
        let mut now = Duration::ZERO;
        for _ in 0..200 {
            now += every;
            pace.looked(now, messages);
        }
        (pace, now)
    }

    #[test]
    fn a_flood_is_looked_after_twenty_times_a_millisecond() {
        let (pace, now) = paced(2000, Duration::from_micros(100));
        assert_eq!(pace.nap(now), Some(SHORTEST));
    }

    #[test]
    fn two_hundred_messages_a_millisecond_are_looked_after_in_the_time_of_five_hundred() {
        let (pace, now) = paced(200, Duration::from_millis(1));
        let nap = pace.nap(now).unwrap();
        assert!(nap > LONGEST / 2 && nap <= LONGEST, "{nap:?}");
    }

    #[test]
    fn a_trickle_is_gathered_for_a_millisecond_and_a_half() {
        let (pace, now) = paced(4, Duration::from_millis(1));
        assert_eq!(pace.nap(now), Some(LONGEST));
    }

    #[test]
    fn silence_parks_the_worker() {
        let (mut pace, mut now) = paced(4, Duration::from_millis(1));
        for _ in 0..60 {
            now += LONGEST;
            pace.looked(now, 0);
        }
        assert_eq!(pace.nap(now), None);
    }
}
