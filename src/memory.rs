//! The library's heap when there is no more: in a process that must not stop, a logging library
//! cannot end it because a list of its own wants to grow.
//!
//! Memory is the C library's as long as it has some. Calls that are about to keep something ask
//! first whether it has ([`at_hand`]), and are refused if not. What they then still want that cannot
//! be had, and what giving back wants, comes out of a small reserve. The worker can wait: it does,
//! until there is memory again. Only a caller for whom the reserve is used up and who has waited in
//! vain ends as any program of Rust's.
//!
//! Beside it, memory that is mapped once and kept: for what other threads may look at at any time.
//!
//! The heap is set with the feature `reserve` alone: a program in Rust has its own, and may set another.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;
use core::time::Duration;
use std::alloc::System;

use crate::arch::thread_block;
use crate::sync::atomic::{AtomicU64, Ordering};

/// How long a caller waits for memory when all else has failed.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);
/// A block of the reserve begins at a multiple of this.
const ALIGNMENT: usize = 64;

/// 64 blocks of one size, and which of them are taken.
#[repr(C, align(64))]
struct Blocks<const SIZE: usize> {
    bytes: UnsafeCell<[[u8; SIZE]; 64]>,
    taken: AtomicU64,
}

// SAFETY: the bytes of a block are used by whoever has taken it, and by nobody else.
unsafe impl<const SIZE: usize> Sync for Blocks<SIZE> {}

impl<const SIZE: usize> Blocks<SIZE> {
    const fn new() -> Self {
        assert!(SIZE.is_multiple_of(ALIGNMENT));
        Self { bytes: UnsafeCell::new([[0; SIZE]; 64]), taken: AtomicU64::new(0) }
    }

    fn take(&self, layout: Layout) -> Option<*mut u8> {
        if layout.size() > SIZE || layout.align() > ALIGNMENT {
            return None;
        }
        let mut taken = self.taken.load(Ordering::Relaxed);
        loop {
            let free = taken.trailing_ones();
            if free == 64 {
                return None;
            }
            // Acquire pairs with Release in give(): the one who had it before is done with it.
            match self.taken.compare_exchange_weak(
                taken,
                taken | 1 << free,
                Ordering::Acquire,
                Ordering::Relaxed,
            ) {
                Ok(_) => {
                    return Some(self.bytes.get().cast::<u8>().wrapping_add(free as usize * SIZE));
                }
                Err(seen) => taken = seen,
            }
        }
    }

    fn has(&self, block: *mut u8) -> bool {
        self.offset(block) < 64 * SIZE
    }

    fn offset(&self, block: *mut u8) -> usize {
        block.addr().wrapping_sub(self.bytes.get().addr())
    }

    /// False if it is none of these.
    fn give(&self, block: *mut u8) -> bool {
        if self.has(block) {
            self.taken.fetch_and(!(1 << (self.offset(block) / SIZE)), Ordering::Release);
        }
        self.has(block)
    }
}

const SMALLEST: usize = 512;
const LARGEST: usize = 8192;
static SMALL: Blocks<SMALLEST> = Blocks::new();
static LARGE: Blocks<LARGEST> = Blocks::new();

fn from_reserve(layout: Layout) -> Option<*mut u8> {
    SMALL.take(layout).or_else(|| LARGE.take(layout))
}

/// Whether there is memory for `bytes` and what goes with it.
pub fn at_hand(bytes: usize) -> bool {
    const BESIDES: usize = 16 * 1024;
    let Ok(layout) = Layout::from_size_align(bytes.saturating_add(BESIDES), 16) else {
        return false;
    };
    // SAFETY: not of size 0.
    let block = unsafe { System.alloc(layout) };
    if block.is_null() {
        return false;
    }
    // The compiler must not find that nobody uses it.
    let block = core::hint::black_box(block);
    // SAFETY: just allocated like this.
    unsafe { System.dealloc(block, layout) };
    true
}

/// Zeroed memory of its own, of which pages that are never touched cost only address space.
#[cfg(not(miri))]
pub fn map(size: usize) -> Option<*mut u8> {
    // SAFETY: a fresh private anonymous mapping touches nothing that exists.
    let mapping = unsafe {
        libc::mmap(
            ptr::null_mut(),
            size,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    (mapping != libc::MAP_FAILED).then_some(mapping.cast())
}

/// The same where there are no such mappings.
#[cfg(miri)]
pub fn map(size: usize) -> Option<*mut u8> {
    let layout = Layout::from_size_align(size, 4096).ok()?;
    // SAFETY: nobody maps nothing.
    let block = unsafe { System.alloc_zeroed(layout) };
    (!block.is_null()).then(|| {
        // What is found again by its address.
        let _exposed = block.expose_provenance();
        block
    })
}

/// Gives it back.
///
/// # Safety
/// It came from [`map`] with this size, and nobody uses it any more.
pub unsafe fn unmap(mapping: *mut u8, size: usize) {
    #[cfg(not(miri))]
    // SAFETY: by this function's contract.
    unsafe {
        libc::munmap(mapping.cast(), size)
    };
    #[cfg(miri)]
    if let Ok(layout) = Layout::from_size_align(size, 4096) {
        // SAFETY: by this function's contract.
        unsafe { System.dealloc(mapping, layout) };
    }
}

/// Where the crate's memory comes from.
pub struct Heap;

#[cold]
fn scarce(layout: Layout) -> *mut u8 {
    let is_worker = thread_block().is_worker.load(Ordering::Relaxed) != 0;
    let mut waited = Duration::ZERO;
    loop {
        if let Some(block) = from_reserve(layout) {
            return block;
        }
        // SAFETY: as asked for, so not of size 0.
        let block = unsafe { System.alloc(layout) };
        // What the reserve has no block for at any time may be missed: it is asked for with care.
        let patience = if layout.size() <= LARGEST { PATIENCE } else { Duration::ZERO };
        if !block.is_null() || !is_worker && waited >= patience {
            return block;
        }
        std::thread::sleep(PAUSE);
        waited += PAUSE;
    }
}

// SAFETY: memory is System's or of a reserve whose blocks are taken by one at a time, and goes back
// to where it came from. Nothing here unwinds.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as this function.
        let block = unsafe { System.alloc(layout) };
        if block.is_null() { scarce(layout) } else { block }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as this function.
        let mut block = unsafe { System.alloc_zeroed(layout) };
        if block.is_null() {
            block = scarce(layout);
            if !block.is_null() {
                // SAFETY: just allocated with this size.
                unsafe { ptr::write_bytes(block, 0, layout.size()) };
            }
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !SMALL.give(block) && !LARGE.give(block) {
            // SAFETY: it is not of the reserve, so it is System's.
            unsafe { System.dealloc(block, layout) };
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !SMALL.has(block) && !LARGE.has(block) {
            // SAFETY: it is not of the reserve, so it is System's.
            let grown = unsafe { System.realloc(block, layout, size) };
            if !grown.is_null() {
                return grown;
            }
        }
        // SAFETY: the caller promises that the size is none that overflows when it is aligned.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: `size` is not 0, as the caller promises.
        let grown = unsafe { self.alloc(wanted) };
        if !grown.is_null() {
            let length = layout.size().min(size);
            // SAFETY: two blocks of at least this size, of which one was just allocated.
            unsafe { ptr::copy_nonoverlapping(block, grown, length) };
            // SAFETY: the caller's block, which it gives up.
            unsafe { self.dealloc(block, layout) };
        }
        grown
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_gives_each_block_once_and_takes_it_back() {
        static BLOCKS: Blocks<512> = Blocks::new();
        let layout = Layout::from_size_align(500, 16).expect("a layout");
        let all: Vec<*mut u8> = (0..64).filter_map(|_| BLOCKS.take(layout)).collect();
        let mut apart: Vec<usize> = all.iter().map(|block| block.addr()).collect();
        apart.sort_unstable();
        assert!(apart.len() == 64 && apart.is_sorted_by(|a, b| b - a >= 512));
        assert_eq!(BLOCKS.take(layout), None);
        assert!(BLOCKS.give(all[17]) && !BLOCKS.give(ptr::null_mut()));
        assert_eq!(BLOCKS.take(layout), Some(all[17]));
        let large = Layout::from_size_align(513, 16).expect("a layout");
        assert!(BLOCKS.give(all[3]));
        assert_eq!(BLOCKS.take(large), None);
    }

    #[test]
    fn there_is_memory_for_a_little_and_none_for_everything() {
        assert!(at_hand(100));
        assert!(!at_hand(usize::MAX / 2) && !at_hand(usize::MAX));
    }
}
