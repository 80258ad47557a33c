//! What travels through the ring in front of a message's payload: all that belongs to the message
//! at the moment it was finished. The worker makes the headers from it.

use super::header::{Extended, HeaderFlags, MessageInfo};
use crate::types::{AppId, ContextId};

/// The head of a record: three words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordHead {
    /// Number of the context's cell.
    pub cell: u32,
    /// Position of the context in registration order; with `cell` it names one registration.
    pub pos: i32,
    /// The context's identifier.
    pub context: ContextId,
    /// Time since start of the system in 0.1 ms.
    pub timestamp: u32,
    /// How many messages of the context had been refused by then, modulo 2^32.
    pub refused: u32,
    /// The bits of HTYP: optional header fields, and [`RecordHead::EXTENDED`].
    pub htyp: u8,
    /// What the message is.
    pub info: MessageInfo,
    /// Number of arguments.
    pub arguments: u8,
    /// Which of the process's applications it was logged as: a number that grows with each
    /// registration and wraps.
    pub app_generation: u8,
}

impl RecordHead {
    /// The message has an extended header.
    pub const EXTENDED: u8 = 1;
    /// Size of the head in bytes.
    pub const SIZE: usize = 24;

    /// As words. The first one alone tells whose the record is ([`RecordHead::owner`]).
    ///
    /// Every field goes from its register into a word: put together in memory first, the words
    /// would be loaded from narrower stores under way, which stalls a logging call by half.
    #[inline(always)]
    pub fn to_words(self) -> [u64; 3] {
        [
            u64::from(self.cell) | u64::from(self.pos.cast_unsigned()) << 32,
            u64::from(u32::from_ne_bytes(self.context.0)) | u64::from(self.timestamp) << 32,
            u64::from(self.refused)
                | u64::from(self.htyp) << 32
                | u64::from(self.info.0) << 40
                | u64::from(self.arguments) << 48
                | u64::from(self.app_generation) << 56,
        ]
    }

    /// Back from words.
    pub fn from_words([owner, what, how]: [u64; 3]) -> Self {
        let (cell, pos) = Self::owner(owner);
        Self {
            cell,
            pos,
            context: ContextId((what as u32).to_ne_bytes()),
            timestamp: (what >> 32) as u32,
            refused: how as u32,
            htyp: (how >> 32) as u8,
            info: MessageInfo((how >> 40) as u8),
            arguments: (how >> 48) as u8,
            app_generation: (how >> 56) as u8,
        }
    }

    /// Cell and position, from the first word.
    pub fn owner(word: u64) -> (u32, i32) {
        (word as u32, ((word >> 32) as u32).cast_signed())
    }

    /// Optional header fields.
    pub fn flags(&self) -> HeaderFlags {
        HeaderFlags::from_bits(self.htyp)
    }

    /// The extended header as `app`, if the message has one.
    pub fn extended(&self, app: AppId) -> Option<Extended> {
        (self.htyp & Self::EXTENDED != 0).then_some(Extended {
            info: self.info,
            arguments: self.arguments,
            app,
            context: self.context,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Level;

    #[test]
    fn a_head_survives_the_way_through_words() {
        let head = RecordHead {
            cell: 0x8000_0001,
            pos: 0x7fff_fffe,
            context: ContextId(*b"CTX1"),
            timestamp: 0xfedc_ba98,
            refused: 0xffff_ffff,
            htyp: HeaderFlags::ALL.bits() | RecordHead::EXTENDED,
            info: MessageInfo::log(Level::Fatal, true),
            arguments: 255,
            app_generation: 254,
        };
        assert_eq!(RecordHead::from_words(head.to_words()), head);
        let bare = RecordHead { htyp: 0, ..head };
        assert_eq!(RecordHead::from_words(bare.to_words()), bare);
    }
}
