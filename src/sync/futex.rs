//! A word that threads can sleep on. Linux futex, private to the process; under loom a mutex and a
//! condition variable with the same promise, so that a lost wake-up is a deadlock loom reports.

use core::time::Duration;

use crate::sync::atomic::{AtomicU32, Ordering};

/// A 32-bit word on which threads wait for a change. Keeps `errno`.
#[derive(Debug)]
pub struct Futex {
    word: AtomicU32,
    #[cfg(loom)]
    sleepers: (loom::sync::Mutex<()>, loom::sync::Condvar),
}

impl Futex {
    /// A word that holds `value`, with nobody waiting.
    pub fn new(value: u32) -> Self {
        Self {
            word: AtomicU32::new(value),
            #[cfg(loom)]
            sleepers: (loom::sync::Mutex::new(()), loom::sync::Condvar::new()),
        }
    }

    /// The word.
    pub fn word(&self) -> &AtomicU32 {
        &self.word
    }

    /// Changes the word and wakes everybody who waits for that.
    pub fn bump_and_wake(&self) {
        // Release pairs with the Acquire load by which a waiter took `expected`.
        self.word.fetch_add(1, Ordering::AcqRel);
        self.wake_all();
    }
}

#[cfg(not(loom))]
impl Futex {
    /// Sleeps while the word is `expected`, at most `timeout`. May return early for no reason:
    /// the caller looks at what it waits for and at the time that is left.
    pub fn wait(&self, expected: u32, timeout: Duration) {
        let timeout = libc::timespec {
            tv_sec: libc::time_t::try_from(timeout.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: libc::c_long::from(timeout.subsec_nanos().cast_signed()),
        };
        self.call(libc::FUTEX_WAIT, expected, &timeout);
    }

    /// Wakes everybody who sleeps on the word.
    pub fn wake_all(&self) {
        self.call(libc::FUTEX_WAKE, i32::MAX.cast_unsigned(), core::ptr::null());
    }

    fn call(&self, operation: libc::c_int, value: u32, timeout: *const libc::timespec) {
        // SAFETY: glibc's address of this thread's errno; valid as long as the thread lives.
        let errno = unsafe { libc::__errno_location() };
        // SAFETY: `errno` was just given for this thread, and only this thread uses it.
        let before = unsafe { errno.read() };
        // Every way it fails (changed, timed out, interrupted) means: look again.
        // SAFETY: the word outlives the call by `&self`; `timeout` is null or a live timespec;
        // both operations touch nothing else.
        let _ = unsafe {
            libc::syscall(
                libc::SYS_futex,
                self.word.as_ptr(),
                operation | libc::FUTEX_PRIVATE_FLAG,
                value,
                timeout,
            )
        };
        // SAFETY: as for the read above.
        unsafe { errno.write(before) };
    }
}

#[cfg(loom)]
impl Futex {
    /// Sleeps while the word is `expected`; loom has no time, so only a wake-up ends it.
    pub fn wait(&self, expected: u32, _timeout: Duration) {
        let (lock, wakeup) = &self.sleepers;
        let Ok(guard) = lock.lock() else { return };
        // The kernel compares under the lock that a wake-up takes, and so does this.
        if self.word.load(Ordering::SeqCst) == expected {
            drop(wakeup.wait(guard));
        }
    }

    /// Wakes everybody who sleeps on the word.
    pub fn wake_all(&self) {
        let (lock, wakeup) = &self.sleepers;
        let guard = lock.lock();
        wakeup.notify_all();
        drop(guard);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Instant;

    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    fn errno() -> i32 {
        std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
    }

    fn set_errno(value: i32) {
        // SAFETY: this thread's errno, alive as long as the thread.
        let errno = unsafe { libc::__errno_location() };
        // SAFETY: as above, and nobody else uses it.
        unsafe { errno.write(value) };
    }

    #[test]
    fn waiting_for_a_word_that_has_changed_returns_at_once_and_keeps_errno() {
        let futex = Futex::new(7);
        set_errno(1234);
        futex.wait(6, LONG);
        assert_eq!(errno(), 1234);
    }

    #[test]
    fn waiting_ends_with_the_timeout_and_keeps_errno() {
        let futex = Futex::new(7);
        let start = Instant::now();
        let timeout = Duration::from_millis(5);
        set_errno(1234);
        // A stray signal may end one wait early.
        while start.elapsed() < timeout {
            futex.wait(7, timeout);
        }
        assert_eq!(errno(), 1234);
    }

    #[test]
    fn a_bump_wakes_every_sleeper() {
        let futex = Futex::new(0);
        let changed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let start = Instant::now();
                    while !changed.load(Ordering::SeqCst) {
                        assert!(start.elapsed() < LONG, "watchdog");
                        futex.wait(0, LONG);
                    }
                });
            }
            changed.store(true, Ordering::SeqCst);
            futex.bump_and_wake();
        });
        assert_eq!(futex.word().load(Ordering::SeqCst), 1);
    }
}
