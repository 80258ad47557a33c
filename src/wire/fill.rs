//! Writing into a slice that was measured before.

/// Puts pieces one behind the other into a slice. A piece that does not fit is left out whole:
/// whoever uses this has compared the sum of the pieces with the slice first.
pub(super) struct Fill<'a>(&'a mut [u8]);

impl<'a> Fill<'a> {
    #[inline(always)]
    pub(super) fn new(out: &'a mut [u8]) -> Self {
        Self(out)
    }

    #[inline(always)]
    pub(super) fn put(&mut self, piece: &[u8]) {
        let out = core::mem::take(&mut self.0);
        if let Some((to, rest)) = out.split_at_mut_checked(piece.len()) {
            copy(to, piece);
            self.0 = rest;
        }
    }

    /// For pieces of a size known to the compiler: a store instead of a call of memcpy.
    #[inline(always)]
    pub(super) fn put_array<const N: usize>(&mut self, piece: [u8; N]) {
        let out = core::mem::take(&mut self.0);
        if let Some((to, rest)) = out.split_first_chunk_mut::<N>() {
            *to = piece;
            self.0 = rest;
        }
    }
}

/// As `copy_from_slice`, without a call for what is short, as most texts are.
#[inline(always)]
fn copy(to: &mut [u8], from: &[u8]) {
    let done = match from.len() {
        33.. => false,
        16.. => copy_ends::<16>(to, from),
        8.. => copy_ends::<8>(to, from),
        4.. => copy_ends::<4>(to, from),
        2.. => copy_ends::<2>(to, from),
        _ => copy_ends::<1>(to, from),
    };
    if !done && to.len() == from.len() {
        to.copy_from_slice(from);
    }
}

/// Copies `N` to `2 * N` bytes: the first `N` and the last `N`, which may overlap.
#[inline(always)]
fn copy_ends<const N: usize>(to: &mut [u8], from: &[u8]) -> bool {
    let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) else {
        return false;
    };
    if to.len() != from.len() {
        return false;
    }
    if let Some(to) = to.first_chunk_mut() {
        *to = *first;
    }
    if let Some(to) = to.last_chunk_mut() {
        *to = *last;
    }
    true
}
