//! A staging area as a value, which nobody takes back before it is dropped: for messages that are
//! put together in Rust, where none is left open by mistake.

use core::slice;

use super::{COUNT, Header, LARGEST, give, header_at, make, open_in, payload, pop, thread_block};

/// No structure of a caller's is at this address, so an area with this owner is never reclaimed.
const NOBODY: usize = 0;

/// An area of this value's own.
pub struct Lease {
    header: &'static Header,
    /// Bytes of it that may be used; 0 once it is closed.
    limit: u32,
    token: u32,
}

impl Lease {
    /// An area for at most `limit` bytes. None if memory for it cannot be had.
    ///
    /// Cost as for [`super::open`].
    #[inline(always)]
    pub fn new(limit: u32) -> Option<Self> {
        let header = match thread_block().take_spare() {
            Some(spare) => header_at(spare),
            None => further()?,
        };
        let token = open_in(header, NOBODY, limit, 0).token;
        Some(Self { header, limit: limit.min(LARGEST as u32), token })
    }

    /// The bytes that may be used.
    #[inline(always)]
    pub fn bytes(&mut self) -> &mut [u8] {
        let start = payload(self.header).as_ptr();
        // SAFETY: an area has room for LARGEST bytes, was zeroed once, and is this value's own until
        // it is closed; then the limit is 0.
        unsafe { slice::from_raw_parts_mut(start, self.limit as usize) }
    }

    /// The first `N` bytes, whatever the limit is. None once it is closed.
    #[inline(always)]
    pub fn front<const N: usize>(&self) -> Option<&[u8; N]> {
        const { assert!(N <= LARGEST) };
        if self.token == 0 {
            return None;
        }
        let start = payload(self.header).as_ptr().cast_const();
        // SAFETY: as for `bytes`, and it is not closed.
        Some(unsafe { &*start.cast() })
    }

    /// Gives the area away: nothing is in it any more.
    #[inline(always)]
    pub fn close(&mut self) {
        if self.token == 0 {
            return;
        }
        // Nobody has written to it since open_in().
        self.header.token.store(self.token & COUNT, super::Ordering::Relaxed);
        self.token = 0;
        self.limit = 0;
        if !thread_block().put_spare(core::ptr::from_ref(self.header) as usize) {
            give(self.header);
        }
    }
}

impl Drop for Lease {
    #[inline(always)]
    fn drop(&mut self) {
        self.close();
    }
}

/// The thread has no spare area.
#[cold]
#[inline(never)]
fn further() -> Option<&'static Header> {
    super::arm(thread_block());
    pop().or_else(make)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_closed_lease_shows_no_byte_of_what_may_be_anothers() {
        let mut lease = Lease::new(100).expect("memory for an area");
        assert_eq!(lease.bytes().len(), 100);
        assert!(lease.front::<96>().is_some());
        lease.close();
        assert!(lease.bytes().is_empty());
        assert!(lease.front::<96>().is_none());
        let mut next = Lease::new(100).expect("memory for an area");
        next.bytes()[0] = 7;
        lease.close();
        assert_eq!(next.bytes()[0], 7);
    }

    #[test]
    fn leases_held_at_once_are_apart() {
        let mut leases: Vec<_> = (0..40).map(|_| Lease::new(64).expect("memory")).collect();
        for (number, lease) in (0u8..).zip(&mut leases) {
            lease.bytes().fill(number);
        }
        for (number, lease) in (0u8..).zip(&mut leases) {
            assert_eq!(lease.bytes(), [number; 64]);
        }
    }
}
