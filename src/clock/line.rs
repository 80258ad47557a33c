//! CLOCK_MONOTONIC from the processor's counter: between two readings of the clock, time is a line
//! over the counter. Reading the counter costs a third of reading the clock.
//!
//! A line is used for [`VALID`] and then drawn anew by whoever finds it old, through a point that
//! was just read, with the slope between the last two points. The kernel's clock may run 500 ppm
//! faster or slower from one moment to the next (adjtimex(2)), which makes 75 us in that time; so a
//! time stamp is less than 0.1 ms off. A counter that jumped (suspend, another host) makes the line
//! old at once, as does a pause; a slope that cannot be, or a line that was far off its end, is
//! distrusted, and after a few of those the counter is not used any more.

use super::NANOSECONDS_A_UNIT;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// How long a line is used.
const VALID_NS: u64 = 150_000_000;
/// Points nearer than this say nothing of the slope: a reading is off by some 50 ns.
const SHORTEST_BASE_NS: u64 = 5_000_000;
/// Points farther apart say nothing of the present slope.
const LONGEST_BASE_NS: u64 = 10_000_000_000;
/// How far a line may be off at its end; twice that a little behind it.
const TOLERATED_NS: u64 = 100_000;
/// Counters run at between 1 MHz and 100 GHz.
const SLOPES: core::ops::RangeInclusive<u64> = (1 << 32) / 100..=1000 << 32;
/// So many bad lines, and the counter is not used any more.
const BAD_LINES: u32 = 8;

/// A line through a point of counter and clock. All fields but `odd_while_drawn` belong together.
#[derive(Debug)]
pub struct Line {
    /// A sequence lock: odd while somebody draws.
    odd_while_drawn: AtomicU32,
    bad: AtomicU32,
    counter: AtomicU64,
    nanoseconds: AtomicU64,
    /// Nanoseconds a tick, times 2^32; 0 while there is no slope.
    slope: AtomicU64,
    /// Ticks for which the line holds.
    ticks_valid: AtomicU64,
    /// `nanoseconds` in units of 0.1 ms, times 2^32, modulo 2^64.
    stamp: AtomicU64,
    /// Units of 0.1 ms a tick, times 2^64.
    stamp_slope: AtomicU64,
}

/// A line that was read whole.
#[derive(Debug, Clone, Copy)]
pub struct Ready {
    counter: u64,
    ticks_valid: u64,
    slope: u64,
    stamp: u64,
}

/// A time on a line, not yet worked out.
#[derive(Debug, Clone, Copy)]
pub struct OnLine {
    ticks: u64,
    slope: u64,
    stamp: u64,
}

#[derive(Debug, Clone, Copy)]
struct Point {
    counter: u64,
    nanoseconds: u64,
    slope: u64,
    ticks_valid: u64,
}

impl Line {
    /// No line yet.
    pub const fn new() -> Self {
        Self {
            odd_while_drawn: AtomicU32::new(0),
            bad: AtomicU32::new(0),
            counter: AtomicU64::new(0),
            nanoseconds: AtomicU64::new(0),
            slope: AtomicU64::new(0),
            ticks_valid: AtomicU64::new(0),
            stamp: AtomicU64::new(0),
            stamp_slope: AtomicU64::new(0),
        }
    }

    fn point(&self) -> Option<(u32, Point)> {
        // Acquire pairs with the Release at the end of draw(); the fence keeps the second look
        // behind the fields.
        let sequence = self.odd_while_drawn.load(Ordering::Acquire);
        let point = Point {
            counter: self.counter.load(Ordering::Relaxed),
            nanoseconds: self.nanoseconds.load(Ordering::Relaxed),
            slope: self.slope.load(Ordering::Relaxed),
            ticks_valid: self.ticks_valid.load(Ordering::Relaxed),
        };
        fence(Ordering::Acquire);
        let whole =
            sequence.is_multiple_of(2) && self.odd_while_drawn.load(Ordering::Relaxed) == sequence;
        whole.then_some((sequence, point))
    }

    /// The line as it is now, for a counter that is read behind it; None while somebody draws.
    #[inline(always)]
    pub fn ready(&self) -> Option<Ready> {
        // Acquire and the fence as in point().
        let sequence = self.odd_while_drawn.load(Ordering::Acquire);
        let ready = Ready {
            counter: self.counter.load(Ordering::Relaxed),
            ticks_valid: self.ticks_valid.load(Ordering::Relaxed),
            slope: self.stamp_slope.load(Ordering::Relaxed),
            stamp: self.stamp.load(Ordering::Relaxed),
        };
        fence(Ordering::Acquire);
        let whole =
            self.odd_while_drawn.load(Ordering::Relaxed) == sequence && sequence.is_multiple_of(2);
        whole.then_some(ready)
    }

    /// Draws the line anew through a point: a reading of the counter and one of the clock, as
    /// close together as can be.
    #[cold]
    pub fn draw(&self, counter: u64, nanoseconds: u64) {
        let Some((sequence, last)) = self.point() else { return };
        if self.bad.load(Ordering::Relaxed) >= BAD_LINES {
            return;
        }
        // Acquire: the fields are stored after it. Who fails leaves it to the other.
        let drawing = self.odd_while_drawn.compare_exchange(
            sequence,
            sequence.wrapping_add(1),
            Ordering::Acquire,
            Ordering::Relaxed,
        );
        if drawing.is_err() {
            return;
        }
        fence(Ordering::Release);
        let next = last.next(counter, nanoseconds);
        if next.slope == 0 && last.slope != 0 {
            self.bad.fetch_add(1, Ordering::Relaxed);
        }
        self.counter.store(next.counter, Ordering::Relaxed);
        self.nanoseconds.store(next.nanoseconds, Ordering::Relaxed);
        self.slope.store(next.slope, Ordering::Relaxed);
        self.ticks_valid.store(next.ticks_valid, Ordering::Relaxed);
        self.stamp.store(next.stamp(), Ordering::Relaxed);
        self.stamp_slope.store(next.stamp_slope(), Ordering::Relaxed);
        self.odd_while_drawn.store(sequence.wrapping_add(2), Ordering::Release);
    }
}

impl Ready {
    /// The place of this counter; None if the line does not reach there. Nor if it is from before
    /// the line: then the difference wraps.
    #[inline(always)]
    pub fn at(self, counter: u64) -> Option<OnLine> {
        let ticks = counter.wrapping_sub(self.counter);
        (ticks < self.ticks_valid).then_some(OnLine { ticks, slope: self.slope, stamp: self.stamp })
    }
}

impl OnLine {
    /// The clock's time in units of 0.1 ms, modulo 2^32.
    #[inline(always)]
    pub fn stamp(self) -> u32 {
        (self.fine() >> 32) as u32
    }

    /// The same in units of 0.1 ms / 2^32.
    #[inline(always)]
    fn fine(self) -> u64 {
        // Below 2^64: the line holds for some 1,500 units.
        let passed = (u128::from(self.ticks) * u128::from(self.slope)) >> 32;
        self.stamp.wrapping_add(passed as u64)
    }
}

impl Point {
    fn after(&self, ticks: u64) -> u64 {
        // Below 2^64: the line holds for less than 2^31 nanoseconds.
        self.nanoseconds.wrapping_add(ticks.wrapping_mul(self.slope) >> 32)
    }

    fn stamp(&self) -> u64 {
        let fine = (u128::from(self.nanoseconds) << 32) / u128::from(NANOSECONDS_A_UNIT);
        fine as u64 // modulo 2^64
    }

    fn stamp_slope(&self) -> u64 {
        let slope = (u128::from(self.slope) << 32) / u128::from(NANOSECONDS_A_UNIT);
        u64::try_from(slope).unwrap_or(0) // SLOPES end far below
    }

    fn next(&self, counter: u64, nanoseconds: u64) -> Self {
        let ticks = counter.wrapping_sub(self.counter);
        let base = nanoseconds.wrapping_sub(self.nanoseconds);
        let first = self.counter == 0 && self.nanoseconds == 0;
        if !first && base < SHORTEST_BASE_NS {
            return *self;
        }
        let held_until_now = self.slope != 0 && base <= 2 * VALID_NS;
        let slope = if first {
            0
        } else if held_until_now && self.after(ticks).abs_diff(nanoseconds) > 2 * TOLERATED_NS {
            // It leads astray: begin again.
            0
        } else if base > LONGEST_BASE_NS {
            // After a pause the slope of before is the better guess.
            self.slope
        } else {
            match (u128::from(base) << 32).checked_div(u128::from(ticks)) {
                Some(slope) => u64::try_from(slope).unwrap_or(0),
                None => 0,
            }
        };
        let slope = if SLOPES.contains(&slope) { slope } else { 0 };
        let ticks_valid = (VALID_NS << 32).checked_div(slope).unwrap_or(0);
        Self { counter, nanoseconds, slope, ticks_valid }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// A machine with a counter of 2.6 GHz, some counts in.
    struct Machine {
        line: Line,
        counter: u64,
        nanoseconds: f64,
        /// How much faster the clock runs than the counter says, in ppm.
        drift: f64,
        worst: u64,
        by_line: u32,
        read: u32,
    }

    impl Machine {
        fn new() -> Self {
            Self {
                line: Line::new(),
                counter: 1 << 40,
                nanoseconds: 5e12,
                drift: 0.0,
                worst: 0,
                by_line: 0,
                read: 0,
            }
        }

        fn pass(&mut self, nanoseconds: f64) {
            self.counter += (nanoseconds * 2.6) as u64;
            self.nanoseconds += nanoseconds * (1.0 + self.drift / 1e6);
        }

        /// What a logging call does.
        fn stamp(&mut self) -> u64 {
            let truth = self.nanoseconds as u64;
            self.read += 1;
            match self.line.ready().and_then(|line| line.at(self.counter)).map(OnLine::fine) {
                Some(stamp) => {
                    let time = ((u128::from(stamp) * 100_000) >> 32) as u64;
                    self.worst = self.worst.max(time.abs_diff(truth));
                    self.by_line += 1;
                    time
                }
                None => {
                    self.line.draw(self.counter, truth);
                    truth
                }
            }
        }

        fn log_for(&mut self, seconds: f64, every_ns: f64) {
            let mut left = seconds * 1e9;
            while left > 0.0 {
                self.stamp();
                self.pass(every_ns);
                left -= every_ns;
            }
        }
    }

    #[test]
    fn nearly_all_stamps_come_from_the_line_and_are_right() {
        let mut machine = Machine::new();
        machine.log_for(10.0, 50_000.0);
        assert!(machine.by_line > machine.read * 95 / 100, "{}", machine.by_line);
        assert!(machine.worst < 1_000, "{} ns off", machine.worst);
    }

    #[test]
    fn a_clock_that_is_slewed_either_way_is_followed_within_a_tenth_of_a_millisecond() {
        let mut machine = Machine::new();
        for drift in [0.0, 500.0, -500.0, 499.0, 0.0, -500.0] {
            machine.drift = drift;
            machine.log_for(0.7, 50_000.0);
        }
        assert!(machine.worst < 100_000 * 2, "{} ns off", machine.worst);
        machine.worst = 0;
        machine.drift = 500.0;
        machine.log_for(2.0, 50_000.0);
        assert!(machine.worst < 100_000 * 2, "{} ns off", machine.worst);
    }

    #[test]
    fn after_idle_minutes_stamps_are_right_at_once() {
        let mut machine = Machine::new();
        machine.log_for(1.0, 50_000.0);
        machine.worst = 0;
        machine.drift = 100.0;
        machine.pass(600e9);
        machine.log_for(1.0, 50_000.0);
        assert!(machine.worst < 100_000, "{} ns off", machine.worst);
    }

    #[test]
    fn a_counter_that_starts_again_or_ran_on_while_the_clock_stood_is_noticed() {
        for jump in [u64::MAX - (1 << 39), 2_600_000_000 * 3600] {
            let mut machine = Machine::new();
            machine.log_for(1.0, 50_000.0);
            machine.worst = 0;
            machine.counter = machine.counter.wrapping_add(jump);
            machine.log_for(1.0, 50_000.0);
            assert!(machine.worst < 100_000, "{} ns off", machine.worst);
        }
    }

    #[test]
    fn a_counter_that_cannot_be_trusted_is_given_up() {
        let mut machine = Machine::new();
        for _ in 0..100 {
            machine.log_for(0.3, 50_000.0);
            machine.counter = machine.counter.wrapping_add(130_000_000);
        }
        let before = machine.by_line;
        machine.log_for(1.0, 50_000.0);
        assert_eq!(machine.by_line, before);
    }

    #[test]
    fn without_a_counter_there_is_no_line() {
        let line = Line::new();
        for second in 1..10u64 {
            line.draw(0, second * 1_000_000_000);
            assert!(line.ready().and_then(|line| line.at(0)).is_none());
        }
    }
}
