//! Ways back to the applications on a FIFO: each has made one of its own, named by its process id.
//!
//! The directory is open to everybody, so what stands there is looked at before it is written to.

use std::collections::BTreeMap;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use nix::fcntl::{OFlag, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::{Mode, SFlag, fstat};

/// Open FIFOs by process id.
pub struct Ways {
    pipes: PathBuf,
    open: BTreeMap<i32, OwnedFd>,
}

impl Ways {
    /// In the directory where applications have made their FIFOs.
    pub fn new(pipes: PathBuf) -> Self {
        Self { pipes, open: BTreeMap::new() }
    }

    /// Opens an application's FIFO, anew if it was open. Those whose applications are gone are
    /// closed.
    pub fn open(&mut self, pid: i32) {
        self.open.retain(|_, way| is_read(way));
        self.open.remove(&pid);
        if pid <= 0 {
            return;
        }
        let flags = OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
        let path = self.pipes.join(format!("dlt{pid}"));
        if let Ok(way) = open(&path, flags, Mode::empty())
            && fstat(&way)
                .is_ok_and(|node| node.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFIFO.bits())
        {
            self.open.insert(pid, way);
        }
    }

    pub fn close(&mut self, pid: i32) {
        self.open.remove(&pid);
    }

    /// Sends a frame, which a FIFO takes whole or not at all. An application that has gone, or does
    /// not read, misses it.
    pub fn send(&mut self, pid: i32, frame: &[u8]) {
        if let Some(way) = self.open.get(&pid)
            && nix::unistd::write(way, frame) == Err(nix::errno::Errno::EPIPE)
        {
            self.open.remove(&pid);
        }
    }
}

/// Whether somebody has the other end open.
fn is_read(way: &OwnedFd) -> bool {
    let mut fds = [PollFd::new(way.as_fd(), PollFlags::empty())];
    poll(&mut fds, PollTimeout::ZERO) == Ok(0)
}
