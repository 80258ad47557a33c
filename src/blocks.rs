//! A ring of blocks of bytes in one piece of memory: what C programs keep through `dlt_buffer_*`.
//!
//! In front of each block stand a mark and its size. A block may be cut in two by the end of the
//! memory. The positions may be in memory that somebody else writes, too, so each use checks them,
//! and the blocks, before it believes them. Must not allocate: the memory is the caller's.

#![forbid(unsafe_code)]

/// Bytes in front of each block: mark, status, size.
pub const BLOCK_HEAD: usize = 12;

const MARK: [u8; 4] = *b"SHM\0";
const STATUS_FULL: u8 = 2;

/// Where blocks are written and read, as they stand in front of the memory.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Positions {
    /// Where the next block goes: up to the size of the memory.
    pub write: i32,
    /// Where the oldest block is.
    pub read: i32,
    /// Blocks.
    pub count: i32,
}

/// Why a block was not written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no block.
    #[error("no block")]
    Empty,
    /// There is not enough room.
    #[error("no room for the block")]
    Full,
    /// A position is outside of the memory. The ring is to be reset, as for all that follow.
    #[error("position out of range")]
    OutOfRange,
    /// What is in use is less than the head of a block.
    #[error("less than the head of a block is in use")]
    NoHead {
        /// Bytes in use.
        used: usize,
    },
    /// There is no mark where a block should begin.
    #[error("mark of the block is wrong")]
    Mark,
    /// The block is not said to be complete.
    #[error("status of the block is wrong")]
    Status,
    /// The block is said to be longer than what is in use.
    #[error("size of the block is wrong")]
    Size {
        /// Bytes in use.
        used: usize,
    },
}

/// A ring over its memory.
#[derive(Debug)]
pub struct Blocks<'a> {
    positions: &'a mut Positions,
    memory: &'a mut [u8],
}

impl<'a> Blocks<'a> {
    /// A ring over `memory`.
    pub fn new(positions: &'a mut Positions, memory: &'a mut [u8]) -> Self {
        Self { positions, memory }
    }

    fn position(&self, position: i32) -> Option<usize> {
        usize::try_from(position).ok().filter(|position| *position <= self.memory.len())
    }

    fn write(&self) -> Result<usize, Error> {
        self.position(self.positions.write).ok_or(Error::OutOfRange)
    }

    fn read(&self) -> Result<usize, Error> {
        self.position(self.positions.read).ok_or(Error::OutOfRange)
    }

    /// Bytes in use, heads included.
    pub fn used(&self) -> Result<usize, Error> {
        let (write, read) = (self.write()?, self.read()?);
        Ok(match (self.positions.count, write > read) {
            (0, _) => 0,
            (_, true) => write - read,
            (_, false) => self.memory.len() - (read - write),
        })
    }

    /// Adds a block that consists of `parts`.
    pub fn push(&mut self, parts: &[&[u8]]) -> Result<(), Error> {
        let mut write = self.write()?;
        let free = self.memory.len() - self.used()?;
        // Parts are in memory together, so their lengths add up.
        let size: usize = parts.iter().map(|part| part.len()).sum();
        let count = self.positions.count.checked_add(1).ok_or(Error::OutOfRange)?;
        let (true, Ok(block)) = (free >= BLOCK_HEAD + size, i32::try_from(size)) else {
            return Err(Error::Full);
        };
        write = put(self.memory, write, &head(block));
        for part in parts {
            write = put(self.memory, write, part);
        }
        self.positions.write = signed(write);
        self.positions.count = count;
        Ok(())
    }

    /// Copies the oldest block, as much of it as there is room for, and perhaps takes it out.
    /// Returns its whole size.
    pub fn get(&mut self, to: &mut [u8], take: bool) -> Result<usize, Error> {
        let read = self.read()?;
        self.write()?;
        match self.positions.count {
            0 => return Err(Error::Empty),
            ..0 => return Err(Error::OutOfRange),
            _ => (),
        }
        let used = self.used()?;
        if used < BLOCK_HEAD {
            return Err(Error::NoHead { used });
        }
        let mut head = [0; BLOCK_HEAD];
        let start = fetch(self.memory, read, &mut head);
        let [a, b, c, d, status, _, _, _, size @ ..] = head;
        if [a, b, c, d] != MARK {
            return Err(Error::Mark);
        }
        if status != STATUS_FULL {
            return Err(Error::Status);
        }
        let size = usize::try_from(i32::from_ne_bytes(size)).ok();
        let size = size.filter(|size| *size <= used - BLOCK_HEAD).ok_or(Error::Size { used })?;
        let room = size.min(to.len());
        fetch(self.memory, start, to.get_mut(..room).unwrap_or_default());
        if take {
            self.positions.read = signed(after(self.memory, start, size));
            self.positions.count -= 1;
        }
        Ok(size)
    }

    /// Copies all blocks to the front of `larger`, and returns the positions there. What is damaged
    /// stays so, and is found when it is read.
    pub fn move_to(&self, larger: &mut [u8]) -> Result<Positions, Error> {
        let used = self.used()?;
        let read = self.read()?;
        fetch(self.memory, read, larger.get_mut(..used).ok_or(Error::OutOfRange)?);
        Ok(Positions { write: signed(used), read: 0, count: self.positions.count })
    }
}

fn head(size: i32) -> [u8; BLOCK_HEAD] {
    let ([a, b, c, d], [e, f, g, h]) = (MARK, size.to_ne_bytes());
    [a, b, c, d, STATUS_FULL, 0, 0, 0, e, f, g, h]
}

/// Positions lie within memory whose size is an `i32`.
fn signed(position: usize) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}

/// The position behind `size` bytes at `position`. The end of the memory is not yet its start.
fn after(memory: &[u8], position: usize, size: usize) -> usize {
    let end = position + size;
    if end > memory.len() { end - memory.len() } else { end }
}

/// Writes at a position, across the end if need be, and returns the position behind. `bytes` is no
/// longer than the memory.
pub fn put(memory: &mut [u8], position: usize, bytes: &[u8]) -> usize {
    let end = after(memory, position, bytes.len());
    let (start, rest) = memory.split_at_mut_checked(position).unwrap_or_default();
    for (to, from) in rest.iter_mut().chain(start).zip(bytes) {
        *to = *from;
    }
    end
}

/// Reads from a position, across the end if need be, and returns the position behind. `to` is no
/// longer than the memory.
pub fn fetch(memory: &[u8], position: usize, to: &mut [u8]) -> usize {
    let (start, rest) = memory.split_at_checked(position).unwrap_or_default();
    let end = after(memory, position, to.len());
    for (from, to) in rest.iter().chain(start).zip(to) {
        *to = *from;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of 100 bytes and what is done to it.
    fn with<T>(positions: &mut Positions, act: impl FnOnce(&mut Blocks<'_>) -> T) -> (T, Vec<u8>) {
        let mut memory = vec![0; 100];
        let done = act(&mut Blocks::new(positions, &mut memory));
        (done, memory)
    }

    #[test]
    fn blocks_come_out_as_they_went_in_across_the_end_too() {
        let mut positions = Positions::default();
        with(&mut positions, |ring| {
            for round in 0u8..50 {
                let data = [round; 30];
                ring.push(&[&data[..10], &data[10..]]).unwrap();
                ring.push(&[&[]]).unwrap();
                let mut to = [0; 40];
                assert_eq!(ring.get(&mut to, false), Ok(30));
                assert_eq!(ring.get(&mut to[..5], true), Ok(30));
                assert_eq!(to[..30], data);
                assert_eq!(ring.get(&mut to, true), Ok(0));
                assert_eq!(ring.get(&mut to, true), Err(Error::Empty));
            }
        });
    }

    #[test]
    fn a_block_that_does_not_fit_is_refused_and_one_that_fills_the_ring_is_not() {
        let mut positions = Positions::default();
        with(&mut positions, |ring| {
            assert_eq!(ring.push(&[&[1; 89]]), Err(Error::Full));
            assert_eq!(ring.push(&[&[1; 88]]), Ok(()));
            assert_eq!(ring.used(), Ok(100));
            assert_eq!(ring.push(&[]), Err(Error::Full));
            assert_eq!(ring.get(&mut [], true), Ok(88));
            assert_eq!(ring.used(), Ok(0));
        });
    }

    #[test]
    fn positions_out_of_range_are_told() {
        for (write, read, count) in [(101, 0, 1), (0, 101, 1), (-1, 0, 1), (0, -1, 1), (5, 0, -3)] {
            let mut positions = Positions { write, read, count };
            let (got, _) = with(&mut positions, |ring| ring.get(&mut [], true));
            assert_eq!(got, Err(Error::OutOfRange));
        }
        let mut positions = Positions { write: 5, read: 0, count: 1 };
        let (got, _) = with(&mut positions, |ring| ring.get(&mut [], true));
        assert_eq!(got, Err(Error::NoHead { used: 5 }));
    }

    #[test]
    fn damaged_heads_are_told() {
        let damage = |place: usize, byte: u8| {
            let mut positions = Positions::default();
            let (_, mut memory) = with(&mut positions, |ring| ring.push(&[&[7; 8]]));
            memory[place] = byte;
            Blocks::new(&mut positions, &mut memory).get(&mut [0; 50], true)
        };
        assert_eq!(damage(0, b'X'), Err(Error::Mark));
        assert_eq!(damage(4, 1), Err(Error::Status));
        assert_eq!(damage(8, 9), Err(Error::Size { used: 20 }));
        assert_eq!(damage(11, 0x80), Err(Error::Size { used: 20 }));
        assert_eq!(damage(12, 0x80), Ok(8));
    }

    #[test]
    fn moved_blocks_are_in_order_at_the_front() {
        let mut positions = Positions { write: 90, read: 90, count: 0 };
        let (moved, _) = with(&mut positions, |ring| {
            ring.push(&[b"first"]).unwrap();
            ring.push(&[b"second"]).unwrap();
            let mut larger = vec![0; 200];
            (ring.move_to(&mut larger).unwrap(), larger)
        });
        let (mut positions, mut larger) = moved;
        assert_eq!(positions, Positions { write: 35, read: 0, count: 2 });
        let mut ring = Blocks::new(&mut positions, &mut larger);
        let mut to = [0; 6];
        assert_eq!(ring.get(&mut to, true), Ok(5));
        assert_eq!(ring.get(&mut to, true), Ok(6));
        assert_eq!(&to, b"second");
    }
}
