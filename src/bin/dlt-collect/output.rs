//! Where lines and records go. A reader that is slow or stuck holds up the program, and in turn the
//! applications, which know what to do then; it does not keep the program from ending.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::stat::{SFlag, fstat};

use crate::stop::Stop;

/// Why output ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody reads it any more.
    #[error("output is closed")]
    Closed,
    /// The program was told to end while nobody took it.
    #[error("ended while the output was stuck")]
    Stopped,
    /// A full disk, and the like.
    #[error("cannot write: {0}")]
    Write(Errno),
    /// The wait itself failed.
    #[error("cannot wait: {0}")]
    Wait(Errno),
}

/// Bytes on their way out.
pub struct Output {
    to: OwnedFd,
    /// Bytes that a write takes without waiting, once the output is ready.
    longest: usize,
    bytes: Vec<u8>,
    /// Where in the bytes each message ends.
    ends: Vec<usize>,
}

impl Output {
    pub fn stdout() -> io::Result<Self> {
        Self::to(io::stdout().as_fd().try_clone_to_owned()?)
    }

    /// A new file.
    pub fn file(path: &Path) -> io::Result<Self> {
        Self::to(File::create(path)?.into())
    }

    fn to(to: OwnedFd) -> io::Result<Self> {
        let kind = fstat(&to)?.st_mode & SFlag::S_IFMT.bits();
        let is_file = kind == SFlag::S_IFREG.bits();
        let longest = if is_file { usize::MAX } else { libc::PIPE_BUF };
        Ok(Self { to, longest, bytes: Vec::new(), ends: Vec::new() })
    }

    /// Where to append. What belongs to a message ends with [`Self::end_message`].
    pub fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    pub fn end_message(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// Writes everything, or tells why not and how many messages were not written to their end.
    pub fn flush(&mut self, stop: &Stop) -> Result<(), (Failure, u64)> {
        let mut written = 0;
        let result = loop {
            let Some(rest) = self.bytes.get(written..).filter(|rest| !rest.is_empty()) else {
                break Ok(());
            };
            if let Err(failure) = self.wait_for_room(stop) {
                break Err(failure);
            }
            match nix::unistd::write(&self.to, rest.get(..self.longest).unwrap_or(rest)) {
                Ok(count) => written += count,
                Err(Errno::EAGAIN | Errno::EINTR) => {}
                Err(Errno::EPIPE) => break Err(Failure::Closed),
                Err(errno) => break Err(Failure::Write(errno)),
            }
        };
        let missing = self.ends.iter().filter(|end| **end > written).count() as u64;
        self.bytes.clear();
        self.ends.clear();
        result.map_err(|failure| (failure, missing))
    }

    fn wait_for_room(&self, stop: &Stop) -> Result<(), Failure> {
        loop {
            let mut fds = [
                PollFd::new(self.to.as_fd(), PollFlags::POLLOUT),
                PollFd::new(stop.as_fd(), PollFlags::POLLIN),
            ];
            match poll(&mut fds, stop.timeout(None)) {
                Ok(_) if fds.first().and_then(PollFd::any) == Some(true) => return Ok(()),
                Ok(_) if stop.has_come() => return Err(Failure::Stopped),
                Ok(_) | Err(Errno::EINTR) => {}
                Err(errno) => return Err(Failure::Wait(errno)),
            }
        }
    }
}

impl AsFd for Output {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.to.as_fd()
    }
}
