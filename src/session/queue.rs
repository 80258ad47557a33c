//! Frames on their way out: a stretch of bytes with the frames' boundaries, since a link may take
//! any part of it and a new link must begin with a whole frame.

use core::num::NonZeroUsize;
use std::collections::VecDeque;

const MESSAGE: u32 = 1 << 31;

/// Whole frames in order, the first of them perhaps sent in part.
#[derive(Debug, Default)]
pub struct Queue {
    /// What lies behind `end` is left over, so that it need not be zeroed to be written again.
    bytes: Vec<u8>,
    /// Where the first frame begins, and where the last one ends.
    start: usize,
    end: usize,
    /// Lengths, with a bit for those that are log messages.
    frames: VecDeque<u32>,
    /// Bytes of the first frame that were sent on this link.
    partial: usize,
    /// Frames ever appended, and ever sent to their end.
    appended: u64,
    sent: u64,
}

impl Queue {
    /// An empty queue with memory for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), ..Self::default() }
    }

    /// Bytes that wait.
    pub fn len(&self) -> usize {
        self.end - self.start - self.partial
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Log messages that wait.
    pub fn messages(&self) -> usize {
        self.frames.iter().filter(|frame| **frame & MESSAGE != 0).count()
    }

    /// Number of frames appended so far; compare with [`Queue::sent`].
    pub fn appended(&self) -> u64 {
        self.appended
    }

    /// Number of frames sent so far.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// `length` bytes behind the last frame, to be filled and then made a frame by
    /// [`Queue::close_frame`], or left.
    pub fn open_frame(&mut self, length: usize) -> &mut [u8] {
        if self.start > 0 && self.end + length > self.bytes.capacity() {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        let begin = self.end;
        self.end += length;
        if self.bytes.len() < self.end {
            self.bytes.resize(self.end, 0);
        }
        self.bytes.get_mut(begin..self.end).unwrap_or_default()
    }

    /// Takes back the bytes of an open frame that is not used.
    pub fn abandon_frame(&mut self, length: usize) {
        self.end = self.end.saturating_sub(length);
    }

    /// The last `length` bytes: those of an open frame.
    pub fn tail(&mut self, length: usize) -> Option<&mut [u8]> {
        let begin = self.end.checked_sub(length)?;
        self.bytes.get_mut(begin..self.end)
    }

    /// Makes the bytes from `from` on (an offset from the end of the last frame) a frame, moved to
    /// where the last one ends. `opened` is the length given to [`Queue::open_frame`].
    pub fn close_frame(&mut self, opened: usize, from: usize, message: bool) {
        if from > 0 {
            let begin = self.end.saturating_sub(opened);
            self.bytes.copy_within(begin + from..self.end, begin);
            self.end -= from;
        }
        self.append_boundary(opened - from, message);
    }

    /// Appends what `compose` writes as one frame (not a log message).
    pub fn append(&mut self, compose: impl FnOnce(&mut Vec<u8>)) {
        self.bytes.truncate(self.end);
        compose(&mut self.bytes);
        let length = self.bytes.len() - self.end;
        self.end = self.bytes.len();
        self.append_boundary(length, false);
    }

    fn append_boundary(&mut self, length: usize, message: bool) {
        let length = u32::try_from(length).unwrap_or(0);
        self.frames.push_back(length | if message { MESSAGE } else { 0 });
        self.appended += 1;
    }

    /// What to write next: as many whole frames as fit into `longest`, or one longer frame; what
    /// is left of the first frame counts as one.
    pub fn next_write(&self, longest: NonZeroUsize) -> &[u8] {
        let mut length = 0;
        for (number, frame) in self.frames.iter().enumerate() {
            let mut more = (frame & !MESSAGE) as usize;
            if number == 0 {
                more -= self.partial;
            }
            if number > 0 && length + more > longest.get() {
                break;
            }
            length += more;
        }
        let begin = self.start + self.partial;
        self.bytes.get(begin..begin + length).unwrap_or_default()
    }

    /// The link took `count` bytes. Returns how many log messages are now whole on the other side.
    pub fn took(&mut self, mut count: usize) -> u64 {
        let mut messages = 0;
        while let Some(frame) = self.frames.front().copied() {
            let length = (frame & !MESSAGE) as usize;
            let rest = length - self.partial;
            if count < rest {
                self.partial += count;
                break;
            }
            count -= rest;
            self.partial = 0;
            self.start += length;
            self.frames.pop_front();
            self.sent += 1;
            messages += u64::from(frame & MESSAGE != 0);
        }
        if self.frames.is_empty() {
            (self.start, self.end) = (0, 0);
        }
        messages
    }

    /// The link is gone: the next one begins with a whole frame.
    pub fn rewind(&mut self) {
        self.partial = 0;
    }

    /// Forgets all frames. Returns how many log messages were among them.
    pub fn clear(&mut self) -> u64 {
        let messages = self.messages() as u64;
        self.sent = self.appended;
        self.frames.clear();
        (self.start, self.end) = (0, 0);
        self.partial = 0;
        messages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: NonZeroUsize = NonZeroUsize::new(10).unwrap();

    fn queue(frames: &[&[u8]]) -> Queue {
        let mut queue = Queue::with_capacity(64);
        for frame in frames {
            queue.open_frame(frame.len()).copy_from_slice(frame);
            queue.close_frame(frame.len(), 0, true);
        }
        queue
    }

    #[test]
    fn only_whole_frames_go_into_one_write() {
        let mut queue = queue(&[b"1234", b"56789", b"abc"]);
        assert_eq!(queue.next_write(TEN), b"123456789");
        assert_eq!(queue.took(9), 2);
        assert_eq!(queue.next_write(TEN), b"abc");
    }

    #[test]
    fn a_frame_longer_than_a_write_goes_alone() {
        let queue = queue(&[b"1234567890abcdef", b"x"]);
        assert_eq!(queue.next_write(TEN), b"1234567890abcdef");
    }

    #[test]
    fn a_partial_write_is_continued_and_counted_once() {
        let mut queue = queue(&[b"1234567890abcdef", b"x"]);
        assert_eq!(queue.took(12), 0);
        assert_eq!(queue.next_write(TEN), b"cdefx");
        assert_eq!(queue.took(5), 2);
        assert!(queue.is_empty());
        assert_eq!(queue.sent(), queue.appended());
    }

    #[test]
    fn a_new_link_begins_with_the_whole_frame() {
        let mut queue = queue(&[b"1234", b"5678"]);
        queue.took(6);
        queue.rewind();
        assert_eq!(queue.next_write(TEN), b"5678");
    }

    #[test]
    fn unused_room_in_front_of_a_frame_is_closed_up() {
        let mut queue = queue(&[b"1234"]);
        queue.open_frame(6).copy_from_slice(b"__5678");
        queue.close_frame(6, 2, false);
        assert_eq!(queue.next_write(TEN), b"12345678");
        assert_eq!(queue.messages(), 1);
    }

    #[test]
    fn an_abandoned_frame_leaves_nothing() {
        let mut queue = queue(&[b"1234"]);
        queue.open_frame(6);
        queue.abandon_frame(6);
        assert_eq!(queue.next_write(TEN), b"1234");
        assert_eq!(queue.len(), 4);
    }
}
