//! A count that many threads add to at the same time.

use super::CachePadded;
use super::atomic::{AtomicU64, Ordering};

const LANES: usize = 16;

/// A count spread over several cache lines, so that threads that add to it do not wait for each
/// other's. Exact at rest; meanwhile never more than was added, and never less than before.
#[derive(Debug, Default)]
pub struct SpreadCount([CachePadded<AtomicU64>; LANES]);

impl SpreadCount {
    /// Adds to it. `by_thread` is anything that differs between threads, such as an address of the
    /// thread's own.
    #[inline]
    pub fn add(&self, more: u64, by_thread: usize) {
        // Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio.
        let hash = (by_thread as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let lane = (hash >> 32) as usize % LANES;
        if let Some(lane) = self.0.get(lane) {
            lane.fetch_add(more, Ordering::Relaxed); // a count, orders nothing
        }
    }

    /// What it is now.
    pub fn sum(&self) -> u64 {
        self.0.iter().map(|lane| lane.load(Ordering::Relaxed)).sum()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_threads_add_is_all_there() {
        let count = SpreadCount::default();
        std::thread::scope(|scope| {
            for thread in 0..40 {
                let count = &count;
                scope.spawn(move || (0..1000).for_each(|_| count.add(1, thread << 12)));
            }
        });
        assert_eq!(count.sum(), 40_000);
    }

    #[test]
    fn threads_that_are_neighbours_have_lanes_of_their_own() {
        let count = SpreadCount::default();
        (0..16).for_each(|thread| count.add(1, 0x7f00_0000_0000 + thread * 0x80_1000));
        let used = count.0.iter().filter(|lane| lane.load(Ordering::Relaxed) > 0).count();
        assert!(used > 6, "{used} lanes are used");
    }
}
