//! The little that depends on the processor: the address of the calling thread's block, and a
//! compare-and-exchange that is atomic only against signal handlers of the same thread.
//!
//! The block is *initial-exec* thread-local storage: in a library that was opened by `dlopen`, an
//! ordinary thread-local allocates at its first touch, which a logging call inside `malloc` or a
//! signal handler could not bear. It is zero when a thread begins and has no destructor.
//!
//! x86_64 is tested. The aarch64 side runs under emulation (`ci/check-aarch64`), which orders memory
//! as its host does; it has not been run on such a processor.

use crate::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// What the library remembers of a thread. All zero when the thread begins.
#[repr(C, align(64))]
pub struct ThreadBlock {
    /// Address of the staging area that the thread's next message takes, 0 for none, 1 for none any
    /// more: the thread is ending.
    pub spare: AtomicUsize,
    /// The doorbell's epoch in which this thread last rang.
    pub rung_in: AtomicU64,
    /// Non-zero on the worker's own thread, where waiting for the worker would be for ever.
    pub is_worker: AtomicU32,
    /// How many pushes into the ring this thread is in (a signal handler may be in a second one).
    pub pushing: AtomicU32,
    /// The time stamp of the thread's last message.
    pub last_stamp: AtomicU32,
    /// Non-zero once the thread-exit destructor is armed.
    pub exit_armed: AtomicU32,
    /// Non-zero once the thread-exit destructor has run: nothing is cached any more.
    pub exiting: AtomicU32,
}

const BLOCK_SIZE: usize = 64;
/// `spare` of a thread that is ending.
const NO_MORE: usize = 1;
const _: () = assert!(size_of::<ThreadBlock>() == BLOCK_SIZE);

#[cfg(all(target_os = "linux", target_arch = "x86_64", not(miri), not(loom)))]
mod native {
    use core::arch::{asm, global_asm};

    global_asm!(
        ".section .tbss.dlt_ng_thread_block,\"awT\",@nobits",
        ".globl dlt_ng_thread_block",
        ".hidden dlt_ng_thread_block",
        ".type dlt_ng_thread_block,@object",
        ".size dlt_ng_thread_block,64",
        ".balign 64",
        "dlt_ng_thread_block:",
        ".zero 64",
        ".text",
    );

    #[inline(always)]
    pub fn block_address() -> usize {
        let address: usize;
        // SAFETY: reads the thread pointer and a link-time offset, which stay what they are as long
        // as the thread lives and are no memory of the program's; touches nothing else.
        unsafe {
            asm!(
                "mov {0}, qword ptr [rip + dlt_ng_thread_block@GOTTPOFF]",
                "add {0}, qword ptr fs:[0]",
                out(reg) address,
                options(nostack, nomem, pure),
            );
        }
        address
    }

    /// Its name in the list of clock sources.
    pub const COUNTER_NAME: &str = "tsc";

    /// The time-stamp counter.
    #[inline(always)]
    pub fn counter() -> u64 {
        // SAFETY: every x86_64 processor has it; a kernel that forbids it is not one we run on.
        unsafe { core::arch::x86_64::_rdtsc() }
    }

    /// `*word == expected ? (*word = new, true) : false` in one instruction without a bus lock.
    #[inline(always)]
    pub fn exchange_own(word: *mut usize, expected: usize, new: usize) -> bool {
        let seen: usize;
        // SAFETY: the caller gives a valid aligned word that only this thread writes.
        unsafe {
            asm!(
                "cmpxchg qword ptr [{word}], {new}",
                word = in(reg) word,
                new = in(reg) new,
                inout("rax") expected => seen,
                options(nostack),
            );
        }
        seen == expected
    }
}

#[cfg(all(target_os = "linux", target_arch = "aarch64", not(miri), not(loom)))]
mod native {
    use core::arch::{asm, global_asm};
    use core::sync::atomic::{AtomicUsize, Ordering};

    global_asm!(
        ".section .tbss.dlt_ng_thread_block,\"awT\",@nobits",
        ".globl dlt_ng_thread_block",
        ".hidden dlt_ng_thread_block",
        ".type dlt_ng_thread_block,@object",
        ".size dlt_ng_thread_block,64",
        ".balign 64",
        "dlt_ng_thread_block:",
        ".zero 64",
        ".text",
    );

    #[inline(always)]
    pub fn block_address() -> usize {
        let address: usize;
        // SAFETY: reads the thread pointer and a link-time offset; touches nothing else.
        unsafe {
            asm!(
                "mrs {thread}, tpidr_el0",
                "adrp {0}, :gottprel:dlt_ng_thread_block",
                "ldr {0}, [{0}, #:gottprel_lo12:dlt_ng_thread_block]",
                "add {0}, {0}, {thread}",
                out(reg) address,
                thread = out(reg) _,
                options(nostack, readonly, pure),
            );
        }
        address
    }

    /// Its name in the list of clock sources.
    pub const COUNTER_NAME: &str = "arch_sys_counter";

    /// The virtual counter.
    #[inline(always)]
    pub fn counter() -> u64 {
        let counter: u64;
        // SAFETY: reads a register that Linux lets programs read.
        unsafe { asm!("mrs {}, cntvct_el0", out(reg) counter, options(nomem, nostack)) };
        counter
    }

    #[inline(always)]
    pub fn exchange_own(word: *mut usize, expected: usize, new: usize) -> bool {
        // SAFETY: the caller gives a valid aligned word.
        let word = unsafe { AtomicUsize::from_ptr(word) };
        word.compare_exchange(expected, new, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64"),
    not(miri),
    not(loom)
)))]
mod native {
    use super::{BLOCK_SIZE, ThreadBlock};
    use core::cell::UnsafeCell;

    #[repr(align(64))]
    struct Zeroed(UnsafeCell<[u8; BLOCK_SIZE]>);

    thread_local! {
        static BLOCK: Zeroed = const { Zeroed(UnsafeCell::new([0; BLOCK_SIZE])) };
    }

    pub fn block_address() -> usize {
        const _: () = assert!(align_of::<Zeroed>() >= align_of::<ThreadBlock>());
        BLOCK.with(|block| block.0.get() as usize)
    }

    /// Its name in the list of clock sources.
    pub const COUNTER_NAME: &str = "none";

    /// None is known.
    pub fn counter() -> u64 {
        0
    }

    pub fn exchange_own(word: *mut usize, expected: usize, new: usize) -> bool {
        // SAFETY: the caller gives a valid word that only this thread writes.
        let seen = unsafe { word.read_volatile() };
        if seen == expected {
            // SAFETY: as above.
            unsafe { word.write_volatile(new) };
        }
        seen == expected
    }
}

/// The calling thread's block.
#[inline(always)]
pub fn thread_block() -> &'static ThreadBlock {
    let address = native::block_address() as *const ThreadBlock;
    // SAFETY: zeroed storage of this size and alignment that lives as long as the thread. The
    // reference is not sent anywhere: every caller uses it within one call on this thread.
    unsafe { &*address }
}

/// What the kernel calls the counter when it takes its own time from it.
pub use native::COUNTER_NAME;

/// The processor's counter of time; 0 where none is known.
#[inline(always)]
pub fn counter() -> u64 {
    native::counter()
}

impl ThreadBlock {
    /// A number that no other living thread has.
    pub fn number(&self) -> usize {
        core::ptr::from_ref(self) as usize
    }

    /// `stamp`, or the last one of this thread if that was a little later: two ways of reading
    /// the time differ by less than a few units.
    #[inline(always)]
    pub fn not_before_last(&self, stamp: u32) -> u32 {
        let last = self.last_stamp.load(Ordering::Relaxed); // own thread only
        let stamp = if steps_back(last, stamp) { last } else { stamp };
        self.last_stamp.store(stamp, Ordering::Relaxed);
        stamp
    }

    /// As [`Self::not_before_last`]; `paused` is called if more than `pause` units have passed since
    /// the thread's last one. One comparison, if neither is so.
    #[inline(always)]
    pub fn not_before_last_or(&self, stamp: u32, pause: u32, paused: impl FnOnce()) -> u32 {
        let last = self.last_stamp.load(Ordering::Relaxed); // own thread only
        if stamp.wrapping_sub(last) <= pause {
            self.last_stamp.store(stamp, Ordering::Relaxed);
            return stamp;
        }
        paused();
        self.not_before_last(stamp)
    }

    /// A push into the ring begins. How many this thread was in before: a signal handler may have
    /// interrupted one.
    #[inline(always)]
    pub fn enter_push(&self) -> u32 {
        // Own thread and its handlers only, who leave it as they found it.
        let depth = self.pushing.load(Ordering::Relaxed);
        self.pushing.store(depth.wrapping_add(1), Ordering::Relaxed);
        depth
    }

    /// The push is over.
    #[inline(always)]
    pub fn leave_push(&self) {
        let depth = self.pushing.load(Ordering::Relaxed);
        self.pushing.store(depth.wrapping_sub(1), Ordering::Relaxed);
    }

    /// Takes the spare staging area out, if there is one; whole against signal handlers.
    #[inline(always)]
    pub fn take_spare(&self) -> Option<usize> {
        let spare = self.spare.load(Ordering::Relaxed); // own thread only
        (spare > NO_MORE && native::exchange_own(self.spare.as_ptr(), spare, 0)).then_some(spare)
    }

    /// Takes the spare staging area out for good: from now on every [`Self::put_spare`] fails.
    pub fn retire_spare(&self) -> Option<usize> {
        let spare = self.spare.swap(NO_MORE, Ordering::Relaxed); // own thread only
        (spare > NO_MORE).then_some(spare)
    }

    /// Puts a staging area in as the spare; false if there is one already.
    #[inline(always)]
    pub fn put_spare(&self, area: usize) -> bool {
        native::exchange_own(self.spare.as_ptr(), 0, area)
    }
}

/// Whether `stamp` is a few units before `last`.
fn steps_back(last: u32, stamp: u32) -> bool {
    const A_FEW: u32 = 16;
    last.wrapping_sub(stamp).wrapping_sub(1) < A_FEW
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn every_thread_has_its_own_zeroed_block() {
        let mine = thread_block();
        assert!(mine.put_spare(64));
        let theirs = std::thread::spawn(|| {
            let block = thread_block();
            (block as *const ThreadBlock as usize, block.spare.load(Ordering::Relaxed))
        });
        let (address, spare) = theirs.join().expect("thread ran");
        assert_ne!(address, mine as *const ThreadBlock as usize);
        assert_eq!(spare, 0);
        assert_eq!(mine.take_spare(), Some(64));
        assert_eq!(mine.take_spare(), None);
    }

    #[test]
    fn a_second_spare_is_refused() {
        let block = thread_block();
        assert!(block.put_spare(128));
        assert!(!block.put_spare(192));
        assert_eq!(block.take_spare(), Some(128));
    }

    #[test]
    fn a_retired_block_takes_and_gives_no_spare() {
        let block = thread_block();
        assert!(block.put_spare(128));
        assert_eq!(block.retire_spare(), Some(128));
        assert!(!block.put_spare(128));
        assert_eq!((block.take_spare(), block.retire_spare()), (None, None));
    }
}
