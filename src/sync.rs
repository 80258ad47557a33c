//! The only room that names atomics and cells: those of std, or loom's under `cfg(loom)`, so that
//! what is built on it can be model-checked as it is shipped. It knows nothing of what it carries.
//!
//! ```
//! use dlt::sync::Inbox;
//!
//! let inbox = Inbox::new();
//! inbox.push(1);
//! inbox.push(2);
//! assert_eq!(inbox.take_all(), [1, 2]);
//! ```

mod bell;
mod futex;
mod inbox;
mod spread;

use core::ops::{Deref, DerefMut};

pub use bell::Bell;
pub use futex::Futex;
pub use inbox::Inbox;
pub use spread::SpreadCount;

/// Atomics, of std or of loom.
pub mod atomic {
    #[cfg(not(loom))]
    pub use std::sync::atomic::{
        AtomicBool, AtomicI8, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering,
        fence,
    };

    #[cfg(loom)]
    pub use loom::sync::atomic::{
        AtomicBool, AtomicI8, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering,
        fence,
    };
}

/// A load in the one total order of all SeqCst operations: where of two threads that each write
/// one word and then load the other's, one must see the other. loom takes a SeqCst access for
/// Acquire or Release and knows the total order of fences only, so there a fence stands in.
#[inline]
pub fn load_in_total_order(word: &atomic::AtomicU64) -> u64 {
    #[cfg(loom)]
    atomic::fence(atomic::Ordering::SeqCst);
    word.load(atomic::Ordering::SeqCst)
}

/// A SeqCst load that a model must try before and after every store. loom forgets a load as soon
/// as somebody else loads the word, and then never tries the later store first; so there a
/// read-modify-write stands in. That orders more than a load does: not for what
/// [`load_in_total_order`] is for.
#[inline]
pub fn load_as_of_now(word: &atomic::AtomicU64) -> u64 {
    #[cfg(loom)]
    return word.fetch_add(0, atomic::Ordering::SeqCst);
    #[cfg(not(loom))]
    word.load(atomic::Ordering::SeqCst)
}

/// Has the cache line of `place` brought here to be written, while this thread goes on. A hint
/// only: any address will do.
#[inline(always)]
pub fn about_to_write<T>(place: *const T) {
    #[cfg(all(target_arch = "x86_64", not(miri), not(loom)))]
    // SAFETY: a prefetch reads and writes nothing that a program can see, and does not fault.
    unsafe {
        let place = place.addr(); // to the compiler nothing there is touched
        core::arch::asm!("prefetchw [{}]", in(reg) place, options(nomem, nostack, preserves_flags));
    }
    #[cfg(all(target_arch = "aarch64", not(miri), not(loom)))]
    // SAFETY: as above.
    unsafe {
        let place = place.addr();
        core::arch::asm!(
            "prfm pstl1keep, [{}]",
            in(reg) place,
            options(nomem, nostack, preserves_flags)
        );
    }
    #[cfg(any(miri, loom, not(any(target_arch = "x86_64", target_arch = "aarch64"))))]
    let _ = place;
}

/// For a moment, another thread is about to do what this one looks for.
pub fn spin() {
    #[cfg(not(loom))]
    core::hint::spin_loop();
    #[cfg(loom)]
    loom::thread::yield_now();
}

/// Lets other threads have the processor. A system call.
pub fn give_way() {
    #[cfg(not(loom))]
    std::thread::yield_now();
    #[cfg(loom)]
    loom::thread::yield_now();
}

/// A value alone in its cache lines, so that threads that write its neighbours do not slow down
/// those that read it. 128 bytes, as x86_64 fetches lines in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct CachePadded<T>(T);

impl<T> CachePadded<T> {
    /// Puts `value` into lines of its own.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for CachePadded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for CachePadded<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
