//! Waiting for the backlog to go down: for those who log more than the ring holds.

use core::time::Duration;

use crate::arch::thread_block;
use crate::clock;
use crate::instance::Instance;
use crate::sync::atomic::Ordering;

/// How long a wait lasts while nothing is delivered.
const STALLED: Duration = Duration::from_secs(5);
/// ... and while something is, but others log as much.
const LIMIT: Duration = Duration::from_secs(60);
/// How often the caller is asked whether to go on.
const GLANCE: Duration = Duration::from_millis(50);

/// Waits until half of the ring is free. False if it is not, because nothing is delivered, or
/// `give_up` says so, or this is the worker's own thread, which would wait for itself.
pub fn wait_until_half_free(instance: &Instance, give_up: impl Fn() -> bool) -> bool {
    let half_free = || instance.ring.used() <= instance.ring.capacity() / 2;
    if half_free() {
        return true;
    }
    if thread_block().is_worker.load(Ordering::Relaxed) != 0 {
        return false;
    }
    let delivered = || instance.progress.bytes.load(Ordering::Acquire);
    let start = clock::monotonic();
    let (mut bytes, mut moved) = (delivered(), start);
    while !give_up() {
        if instance.progress.wait(GLANCE, half_free) {
            return true;
        }
        let (now, seen) = (clock::monotonic(), delivered());
        if seen != bytes {
            (bytes, moved) = (seen, now);
        }
        if now.saturating_sub(moved) >= STALLED || now.saturating_sub(start) >= LIMIT {
            return false;
        }
    }
    false
}
