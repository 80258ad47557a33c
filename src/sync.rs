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

mod futex;
mod inbox;

use core::ops::{Deref, DerefMut};

pub use futex::Futex;
pub use inbox::Inbox;

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
/// one word and then load the other's, one must see the other.
///
/// loom takes a SeqCst access for Acquire or Release only, and forgets a load as soon as somebody
/// else loads the same word, so that it then never tries a later store before the first load. There
/// a read-modify-write that changes nothing stands in: it has neither weakness. The words read so
/// are written by read-modify-writes too, as loom may put a plain store in front of one that came
/// before it.
#[inline]
pub fn load_in_total_order(word: &atomic::AtomicU64) -> u64 {
    #[cfg(loom)]
    return word.fetch_add(0, atomic::Ordering::SeqCst);
    #[cfg(not(loom))]
    word.load(atomic::Ordering::SeqCst)
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
