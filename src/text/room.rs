//! Where text ends: C programs hand in arrays, and what does not fit is cut or left out.

/// Bytes of a part of the text that had no room and was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Bytes that there was room for, a final NUL included.
    pub available: usize,
    /// Bytes that would have done.
    pub required: usize,
}

/// How much text is wanted, and who hears of bytes that were left out.
///
/// Numbers and separators are written in any case, for the caller to cut. Text is refused whole,
/// bytes in hexadecimal are passed over whole: what is printed of them is never a part.
pub struct Room<'a> {
    size: usize,
    left_out: &'a mut dyn FnMut(LeftOut),
}

impl<'a> Room<'a> {
    /// Room for `size` bytes, a final NUL included.
    pub fn new(size: usize, left_out: &'a mut dyn FnMut(LeftOut)) -> Self {
        Self { size, left_out }
    }

    /// Whether there is room for `required` bytes behind `written`; a NUL has it always.
    pub(super) fn has(&self, written: usize, required: usize) -> bool {
        required <= self.behind(written)
    }

    /// The same; if not, it is told.
    pub(super) fn allows(&mut self, written: usize, required: usize) -> bool {
        let available = self.behind(written);
        if required > available {
            (self.left_out)(LeftOut { available, required });
        }
        required <= available
    }

    fn behind(&self, written: usize) -> usize {
        self.size.saturating_sub(written).max(1)
    }
}
