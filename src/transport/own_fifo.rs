//! The application's own FIFO, through which the daemon sends levels and injections.

use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::{FchmodatFlags, Mode, SFlag, fchmodat, fstat, lstat};
use nix::unistd::{mkfifo, unlink};

use super::{Rendezvous, Stall, read};

/// Set-group-ID, sticky, and open to everybody: each application makes its FIFO here.
const PIPES_MODE: Mode = Mode::from_bits_truncate(0o3777);
/// Owner and group (the daemon's) only.
const FIFO_MODE: Mode = Mode::from_bits_truncate(0o660);

/// The FIFO, removed from its directory when dropped.
#[derive(Debug)]
pub struct OwnFifo {
    fd: OwnedFd,
    path: PathBuf,
    identity: (u64, u64),
}

impl OwnFifo {
    /// Makes the directory if it is not there, and the FIFO anew.
    ///
    /// # Errors
    /// As mkdir(2), mkfifo(2) and open(2); EEXIST if something took its name meanwhile.
    pub fn create(at: &Rendezvous) -> Result<Self, Errno> {
        let pipes = at.pipes();
        let c_pipes = CString::new(pipes.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
        match nix::unistd::mkdir(c_pipes.as_c_str(), Mode::from_bits_truncate(0o1766)) {
            Ok(()) => {
                let here = nix::fcntl::AT_FDCWD;
                let flags = FchmodatFlags::FollowSymlink;
                fchmodat(here, c_pipes.as_c_str(), PIPES_MODE, flags)?;
            }
            Err(Errno::EEXIST) => {}
            Err(errno) => return Err(errno),
        }
        let path = at.own();
        // Left over from an earlier process with this id, or in our way: unlink does not follow.
        let _ = unlink(&path);
        mkfifo(&path, FIFO_MODE)?;
        // Both ends, so that it never reports an end of file while the daemon is away.
        let flags = OFlag::O_RDWR | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
        let fd = open(&path, flags, Mode::empty())?;
        let opened = fstat(&fd)?;
        if opened.st_mode & SFlag::S_IFMT.bits() != SFlag::S_IFIFO.bits() {
            return Err(Errno::EEXIST);
        }
        // The umask took from the mode at mkfifo.
        nix::sys::stat::fchmod(&fd, FIFO_MODE)?;
        Ok(Self { fd, path, identity: (opened.st_dev, opened.st_ino) })
    }

    /// Reads what the daemon sent.
    ///
    /// # Errors
    /// `Full` when there is nothing.
    pub fn read(&self, into: &mut [u8]) -> Result<usize, Stall> {
        read(self.fd.as_fd(), into)
    }

    /// Whether the name still leads to this FIFO.
    pub fn is_in_place(&self) -> bool {
        lstat(&self.path).is_ok_and(|node| (node.st_dev, node.st_ino) == self.identity)
    }
}

impl AsFd for OwnFifo {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl Drop for OwnFifo {
    fn drop(&mut self) {
        // Not another's that has taken the name since.
        if self.is_in_place() {
            let _ = unlink(&self.path);
        }
    }
}
