//! Where a message is put together between `start` and `finish`: one area a message, mapped once
//! and never unmapped, so that a stale pointer is at worst stale.
//!
//! A thread keeps one area as its spare, so an ordinary message costs two stores. A second message
//! open on the same thread, or on a signal handler, takes an area from the process's free list; one
//! finished on another thread becomes that thread's spare. A thread that ends gives its spare back.
//!
//! A `start` that is never finished (an argument threw, say) keeps its area until its thread ends,
//! if the message's structure was on its stack, or until [`RECLAIM_ABOVE`] areas exist. From then on an open area whose message structure is just being
//! started anew is taken back: that structure can no longer finish it.

mod lease;

use core::ptr::{self, NonNull};

use crate::arch::{ThreadBlock, thread_block};
use crate::memory;
use crate::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

pub use lease::Lease;

/// Most bytes of payload that a message can be given (`DLT_LOG_MSG_BUF_LEN`).
pub const LARGEST: usize = 65_535;

const HEADER: usize = 64;
/// Address space of one area; pages that no message reaches are never touched.
const STRIDE: usize = 17 * 4096;
const AREAS_A_CHUNK: usize = 16;
const CHUNKS: usize = 4096;
/// Areas up to which abandoned messages are left alone.
const RECLAIM_ABOVE: u32 = 1024;
/// Bits of a token that count the area's openings. The sign and the bits below are the caller's.
const COUNT: u32 = 0x7fff_fff8;
const COUNT_ONE: u32 = 8;
/// The bit of a token that is set while the message is open.
pub const OPEN: u32 = 2;

const _: () = assert!(HEADER + LARGEST <= STRIDE);

#[repr(C, align(64))]
struct Header {
    /// The open message's token; between messages its [`COUNT`] alone.
    token: AtomicU32,
    /// Bytes of payload the open message may have.
    limit: AtomicU32,
    /// Address of the structure that the open message was started with.
    owner: AtomicUsize,
    /// On the free list: the next area's index + 1, or 0.
    next: AtomicU32,
    /// This area's index.
    index: AtomicU32,
}

const _: () = assert!(size_of::<Header>() == HEADER);

/// An open area.
pub struct Open {
    /// Start of the payload: `limit` bytes may be written.
    pub buffer: NonNull<u8>,
    /// Tells this opening from earlier and later ones: a count of openings, [`OPEN`], and the mark.
    pub token: u32,
}

struct Pool {
    chunks: [AtomicPtr<u8>; CHUNKS],
    /// Areas made so far.
    made: AtomicU32,
    /// Free areas: a count of changes (against ABA) in the upper half, index + 1 in the lower.
    free: AtomicU64,
    /// The key whose destructor gives a thread's spare back; index + 1, 0 for none yet.
    exit_key: AtomicU32,
}

static POOL: Pool = Pool {
    chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
    made: AtomicU32::new(0),
    free: AtomicU64::new(0),
    exit_key: AtomicU32::new(0),
};

/// Makes the thread-exit key. Called once, when the library starts, since it may take a lock.
pub fn prepare() {
    if POOL.exit_key.load(Ordering::Acquire) != 0 {
        return;
    }
    let mut key: libc::pthread_key_t = 0;
    // SAFETY: the key is ours, the destructor takes the pointer we set.
    if unsafe { libc::pthread_key_create(&mut key, Some(thread_exits)) } == 0 {
        POOL.exit_key.store(key + 1, Ordering::Release); // pairs with Acquire in arm()
    }
}

/// Opens an area for a message of at most `limit` bytes of payload, on behalf of the structure at
/// `owner`. `mark` is 0 or 1 and stays in the token. None if memory for another area cannot be had.
///
/// Cost: two plain loads and three stores, no bus lock, when the thread's spare is there.
#[inline(always)]
pub fn open(owner: usize, limit: u32, mark: u32) -> Option<Open> {
    match open_spare(owner, limit, mark) {
        Some(open) => Some(open),
        None => Some(open_in(take(owner)?, owner, limit, mark)),
    }
}

/// As [`open`], if the thread's spare is there.
#[inline(always)]
pub fn open_spare(owner: usize, limit: u32, mark: u32) -> Option<Open> {
    let spare = thread_block().take_spare()?;
    Some(open_in(header_at(spare), owner, limit, mark))
}

#[inline(always)]
fn open_in(header: &'static Header, owner: usize, limit: u32, mark: u32) -> Open {
    let count = header.token.load(Ordering::Relaxed).wrapping_add(COUNT_ONE) & COUNT;
    let token = count | OPEN | mark;
    header.limit.store(limit, Ordering::Relaxed);
    header.owner.store(owner, Ordering::Relaxed);
    // Release pairs with Acquire in give_up(): who finds the message open finds its owner.
    header.token.store(token, Ordering::Release);
    Open { buffer: payload(header), token }
}

/// How many bytes the message at `buffer` may have, if it is still the one opened as `token`.
///
/// # Safety
/// `buffer` was returned by [`open`].
#[inline(always)]
pub unsafe fn limit(buffer: *const u8, token: u32) -> Option<usize> {
    let header = header_of(buffer);
    (header.token.load(Ordering::Relaxed) == token)
        .then(|| header.limit.load(Ordering::Relaxed) as usize)
}

/// Closes the area: the calling thread may take it again. False if the message was given up before.
///
/// # Safety
/// `buffer` was returned by [`open`].
pub unsafe fn close(buffer: *const u8, token: u32) -> bool {
    let header = header_of(buffer);
    if header.token.load(Ordering::Relaxed) != token {
        return false;
    }
    // SAFETY: by this function's contract.
    if !unsafe { close_to_spare(buffer, token) } {
        give(header);
    }
    true
}

/// As [`close`], of a message known to be the one that `token` tells. False if the thread has a
/// spare already: then [`give_back`].
///
/// # Safety
/// As [`close`].
#[inline(always)]
pub unsafe fn close_to_spare(buffer: *const u8, token: u32) -> bool {
    let header = header_of(buffer);
    header.token.store(token & COUNT, Ordering::Relaxed);
    thread_block().put_spare(header as *const Header as usize)
}

/// Leaves a closed area to whoever needs one next.
///
/// # Safety
/// `buffer` was returned by [`open`], and [`close_to_spare`] has just said false.
pub unsafe fn give_back(buffer: *const u8) {
    give(header_of(buffer));
}

#[inline]
fn header_at(address: usize) -> &'static Header {
    // SAFETY: every address that reaches here is that of a header in a mapped chunk, which is
    // never unmapped and was zeroed: all fields are atomics for which zero is a value.
    unsafe { &*ptr::with_exposed_provenance(address) }
}

#[inline]
fn header_of(buffer: *const u8) -> &'static Header {
    header_at(buffer as usize - HEADER)
}

#[inline]
fn payload(header: &'static Header) -> NonNull<u8> {
    // From the address, as header_at(): a reference to the header allows nothing behind it.
    let start = ptr::with_exposed_provenance_mut(ptr::from_ref(header).addr() + HEADER);
    // SAFETY: behind a reference no address is null.
    unsafe { NonNull::new_unchecked(start) }
}

fn by_index(index: u32) -> Option<&'static Header> {
    let chunk = POOL.chunks.get(index as usize / AREAS_A_CHUNK)?;
    let base = chunk.load(Ordering::Acquire); // pairs with the compare_exchange in make()
    if base.is_null() {
        return None;
    }
    // From here on areas are known by their addresses alone.
    Some(header_at(base.expose_provenance() + index as usize % AREAS_A_CHUNK * STRIDE))
}

/// The slow way: the first message of a thread, or one more open at the same time.
#[cold]
#[inline(never)]
fn take(owner: usize) -> Option<&'static Header> {
    arm(thread_block());
    if let Some(header) = pop() {
        return Some(header);
    }
    if POOL.made.load(Ordering::Relaxed) >= RECLAIM_ABOVE
        && let Some(header) = reclaim(owner)
    {
        return Some(header);
    }
    make()
}

fn pop() -> Option<&'static Header> {
    let mut head = POOL.free.load(Ordering::Acquire); // pairs with Release in give()
    loop {
        let header = by_index((head as u32).checked_sub(1)?)?;
        let next = header.next.load(Ordering::Relaxed); // stale if another popped it: the CAS fails
        let new = (head & !0xffff_ffff).wrapping_add(1 << 32) | u64::from(next);
        match POOL.free.compare_exchange_weak(head, new, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return Some(header),
            Err(seen) => head = seen,
        }
    }
}

#[cold]
#[inline(never)]
fn give(header: &'static Header) {
    let own = u64::from(header.index.load(Ordering::Relaxed)) + 1;
    let mut head = POOL.free.load(Ordering::Relaxed);
    loop {
        header.next.store(head as u32, Ordering::Relaxed);
        let new = (head & !0xffff_ffff).wrapping_add(1 << 32) | own;
        // Release publishes `next` and the token; pairs with Acquire in pop().
        match POOL.free.compare_exchange_weak(head, new, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(seen) => head = seen,
        }
    }
}

/// An open area whose structure is being started anew.
fn reclaim(owner: usize) -> Option<&'static Header> {
    areas_made().find(|header| give_up(header, |seen| seen == owner))
}

fn areas_made() -> impl Iterator<Item = &'static Header> {
    (0..POOL.made.load(Ordering::Relaxed)).filter_map(by_index)
}

/// Closes the area if a message is open in it whose owner nobody can use any more.
fn give_up(header: &Header, is_gone: impl FnOnce(usize) -> bool) -> bool {
    let token = header.token.load(Ordering::Acquire); // pairs with Release in open_in()
    token & OPEN != 0
        && is_gone(header.owner.load(Ordering::Relaxed))
        && header
            .token
            .compare_exchange(token, token & COUNT, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
}

fn make() -> Option<&'static Header> {
    let mut made = POOL.made.load(Ordering::Relaxed);
    loop {
        let slot = POOL.chunks.get(made as usize / AREAS_A_CHUNK)?;
        if slot.load(Ordering::Acquire).is_null() {
            let chunk = memory::map(AREAS_A_CHUNK * STRIDE)?;
            let first = ptr::null_mut();
            // Release publishes the zeroed chunk; pairs with Acquire in by_index().
            if slot.compare_exchange(first, chunk, Ordering::AcqRel, Ordering::Acquire).is_err() {
                // SAFETY: it came from map() with this size, and was not shown to anyone.
                unsafe { memory::unmap(chunk, AREAS_A_CHUNK * STRIDE) };
            }
        }
        match POOL.made.compare_exchange_weak(made, made + 1, Ordering::Relaxed, Ordering::Relaxed)
        {
            Ok(_) => {
                let header = by_index(made)?;
                header.index.store(made, Ordering::Relaxed);
                return Some(header);
            }
            Err(seen) => made = seen,
        }
    }
}

/// Sees to it that the thread's spare is given back when the thread ends.
fn arm(block: &ThreadBlock) {
    let key = POOL.exit_key.load(Ordering::Acquire); // pairs with Release in prepare()
    if key == 0 || block.exiting.load(Ordering::Relaxed) != 0 {
        return;
    }
    // Before the call: where it allocates, a logging malloc must not come here again.
    if block.exit_armed.swap(1, Ordering::Relaxed) == 0 {
        let value = ptr::from_ref(block).cast();
        // SAFETY: the key was made by prepare() and is never deleted.
        unsafe { libc::pthread_setspecific(key - 1, value) };
    }
}

extern "C" fn thread_exits(_: *mut libc::c_void) {
    let block = thread_block();
    block.exiting.store(1, Ordering::Relaxed);
    if let Some(spare) = block.retire_spare() {
        give(header_at(spare));
    }
    give_half_done_back();
}

/// A thread that is cancelled, or ends itself, between `start` and `finish` leaves a message open
/// whose structure was on the stack that is about to go.
fn give_half_done_back() {
    let is_open = |header: &Header| header.token.load(Ordering::Relaxed) & OPEN != 0;
    if !areas_made().any(is_open) {
        return; // as nearly always: to ask for the stack costs more
    }
    let Some(stack) = own_stack() else { return };
    for header in areas_made() {
        if give_up(header, |owner| stack.contains(&owner)) {
            give(header);
        }
    }
}

/// Addresses of the calling thread's stack.
fn own_stack() -> Option<core::ops::Range<usize>> {
    let mut attributes = core::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
    // SAFETY: takes nothing.
    let thread = unsafe { libc::pthread_self() };
    // SAFETY: the thread is the calling one, `attributes` is room for what this puts there.
    if unsafe { libc::pthread_getattr_np(thread, attributes.as_mut_ptr()) } != 0 {
        return None;
    }
    let (mut lowest, mut size) = (ptr::null_mut(), 0);
    // SAFETY: initialised above; both results are locals.
    let told =
        unsafe { libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut lowest, &raw mut size) };
    // SAFETY: initialised above and not used again.
    unsafe { libc::pthread_attr_destroy(attributes.as_mut_ptr()) };
    let lowest = lowest.addr();
    (told == 0).then(|| lowest..lowest.saturating_add(size))
}

/// How many areas exist in this process.
#[doc(hidden)]
pub fn areas() -> u32 {
    POOL.made.load(Ordering::Relaxed)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn opened() -> Open {
        open(1, 100, 1).expect("memory for an area")
    }

    fn is_open(area: &Open) -> bool {
        // SAFETY: the area came from open().
        unsafe { limit(area.buffer.as_ptr(), area.token) == Some(100) }
    }

    fn closed(area: &Open) -> bool {
        // SAFETY: the area came from open().
        unsafe { close(area.buffer.as_ptr(), area.token) }
    }

    #[test]
    fn a_thread_gets_the_same_area_again() {
        let first = opened();
        assert!(closed(&first));
        let second = opened();
        assert_eq!(first.buffer, second.buffer);
        assert_ne!(first.token, second.token);
        assert!(closed(&second));
    }

    #[test]
    fn messages_open_at_once_have_areas_of_their_own_and_close_in_any_order() {
        let areas: Vec<_> = (0..40).map(|_| opened()).collect();
        let mut addresses: Vec<_> = areas.iter().map(|area| area.buffer).collect();
        addresses.sort();
        addresses.dedup();
        assert_eq!(addresses.len(), 40);
        for area in areas.iter().step_by(2).chain(areas.iter().skip(1).step_by(2)) {
            assert!(is_open(area));
            assert!(closed(area));
        }
    }

    #[test]
    fn a_message_is_closed_once() {
        let area = opened();
        assert!(closed(&area));
        assert!(!closed(&area));
        assert!(!is_open(&area));
    }

    #[test]
    fn a_thread_that_ends_gives_its_area_back() {
        prepare();
        let before = areas();
        for _ in 0..200 {
            std::thread::spawn(|| assert!(closed(&opened()))).join().expect("thread ran");
        }
        // Other tests of this process take some at the same time.
        assert!(areas() - before < 150, "{} areas were made", areas() - before);
    }
}
