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
            to.copy_from_slice(piece);
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
