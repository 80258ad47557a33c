//! A non-blocking byte pipe to the daemon: its FIFO, its UNIX stream socket, or a file; the
//! application's own FIFO for the way back; and notice of the daemon's coming and going. Knows
//! nothing of the protocol.

#![forbid(unsafe_code)]

mod own_fifo;
mod watch;

use core::num::NonZeroUsize;
use std::ffi::{CString, OsStr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, UnixAddr, connect, socket};
use nix::sys::stat::{Mode, SFlag, fstat, stat};

pub use own_fifo::OwnFifo;
pub use watch::{Notice, Watch};

/// Where the daemon and the application meet.
#[derive(Debug, Clone)]
pub struct Rendezvous {
    base: PathBuf,
    pid: i32,
}

impl Rendezvous {
    /// In the directory `base`, for the process `pid`.
    pub fn new(base: &Path, pid: i32) -> Self {
        Self { base: base.to_owned(), pid }
    }

    /// The directory of the daemon's node.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// Whether that directory is there.
    pub fn has_base(&self) -> bool {
        self.base.is_dir()
    }

    /// The daemon's FIFO or socket.
    pub fn daemon(&self) -> PathBuf {
        self.base.join("dlt")
    }

    /// The directory of the applications' FIFOs.
    pub fn pipes(&self) -> PathBuf {
        self.base.join("dltpipes")
    }

    /// The process that the application is.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// The FIFO of an application that registers under `number`, where the daemon looks for it.
    pub fn own(&self, number: i32) -> PathBuf {
        self.pipes().join(format!("dlt{number}"))
    }
}

/// What kind of node the link goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A FIFO that all applications share: only writes up to PIPE_BUF are whole.
    Fifo,
    /// A stream socket of our own.
    Socket,
    /// A regular file.
    File,
}

impl Kind {
    /// How many bytes of whole frames may go into one write.
    pub fn longest_write(self) -> NonZeroUsize {
        const PIPE_BUF: NonZeroUsize = NonZeroUsize::new(libc::PIPE_BUF).unwrap();
        const LARGE: NonZeroUsize = NonZeroUsize::new(64 * 1024).unwrap();
        match self {
            Kind::Fifo => PIPE_BUF,
            Kind::Socket | Kind::File => LARGE,
        }
    }
}

/// Why there is no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// No node, or one that no daemon has open.
    #[error("no daemon: {0}")]
    Absent(Errno),
    /// The node is there and may not be used.
    #[error("the daemon's node cannot be opened: {0}")]
    Denied(Errno),
    /// Something else is in its place.
    #[error("neither a FIFO nor a socket")]
    NotANode,
    /// The application's own FIFO cannot be made.
    #[error("the application's own FIFO cannot be made: {0}")]
    OwnFifo(Errno),
}

/// Why a write took less than everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stall {
    /// The other side takes no more at present.
    Full,
    /// The other side is gone.
    Closed(Errno),
}

/// An open link.
#[derive(Debug)]
pub struct Link {
    kind: Kind,
    fd: OwnedFd,
    identity: (u64, u64),
}

impl Link {
    /// Connects to whatever is at the rendezvous now. For a FIFO the application's own is made
    /// first: the daemon opens it as soon as it reads the registration.
    ///
    /// # Errors
    /// Tells why there is no link; trying again later is always allowed.
    pub fn connect(at: &Rendezvous, own: &mut Option<OwnFifo>) -> Result<Self, ConnectError> {
        let path = at.daemon();
        let node = stat(&path).map_err(ConnectError::Absent)?;
        let identity = (node.st_dev, node.st_ino);
        match SFlag::from_bits_truncate(node.st_mode & SFlag::S_IFMT.bits()) {
            SFlag::S_IFIFO => {
                if own.is_none() {
                    *own = Some(OwnFifo::create(at, None).map_err(ConnectError::OwnFifo)?);
                }
                let flags = OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
                let fd = open(&path, flags, Mode::empty()).map_err(|errno| match errno {
                    Errno::ENXIO | Errno::ENOENT => ConnectError::Absent(errno),
                    other => ConnectError::Denied(other),
                })?;
                Self::checked(Kind::Fifo, fd, identity, SFlag::S_IFIFO)
            }
            SFlag::S_IFSOCK => {
                let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
                let fd = socket(AddressFamily::Unix, SockType::Stream, flags, None)
                    .map_err(ConnectError::Denied)?;
                let address = UnixAddr::new(&path).map_err(ConnectError::Denied)?;
                connect(fd.as_raw_fd(), &address).map_err(|errno| match errno {
                    Errno::EACCES | Errno::EPERM => ConnectError::Denied(errno),
                    other => ConnectError::Absent(other),
                })?;
                Ok(Self { kind: Kind::Socket, fd, identity })
            }
            _ => Err(ConnectError::NotANode),
        }
    }

    /// Between stat and open the node may have been replaced.
    fn checked(
        kind: Kind,
        fd: OwnedFd,
        identity: (u64, u64),
        expected: SFlag,
    ) -> Result<Self, ConnectError> {
        let opened = fstat(&fd).map_err(ConnectError::Denied)?;
        if opened.st_mode & SFlag::S_IFMT.bits() != expected.bits() {
            return Err(ConnectError::NotANode);
        }
        debug_assert!(identity.1 != 0);
        Ok(Self { kind, fd, identity: (opened.st_dev, opened.st_ino) })
    }

    /// Opens a file to log into. What it held is gone: the library writes a whole new log.
    ///
    /// # Errors
    /// As open(2).
    pub fn file(path: &OsStr) -> Result<Self, Errno> {
        let path = CString::new(path.as_bytes()).map_err(|_| Errno::EINVAL)?;
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_TRUNC | OFlag::O_CLOEXEC;
        let fd = open(path.as_c_str(), flags, Mode::from_bits_truncate(0o644))?;
        Ok(Self { kind: Kind::File, fd, identity: (0, 0) })
    }

    /// What it goes through.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the rendezvous still leads to this link's node.
    pub fn is_current(&self, at: &Rendezvous) -> bool {
        self.kind == Kind::File
            || stat(&at.daemon()).is_ok_and(|node| (node.st_dev, node.st_ino) == self.identity)
    }

    /// Writes as much of `bytes` as goes without waiting.
    ///
    /// # Errors
    /// When nothing goes.
    pub fn write(&self, bytes: &[u8]) -> Result<usize, Stall> {
        loop {
            match nix::unistd::write(&self.fd, bytes) {
                Ok(0) => return Err(Stall::Full),
                Ok(taken) => return Ok(taken),
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN | Errno::ENOBUFS | Errno::ENOMEM) => return Err(Stall::Full),
                Err(errno) => return Err(Stall::Closed(errno)),
            }
        }
    }

    /// Reads what the daemon sent on a socket.
    ///
    /// # Errors
    /// `Full` when there is nothing, `Closed` when the daemon hung up.
    pub fn read(&self, into: &mut [u8]) -> Result<usize, Stall> {
        read(self.as_fd(), into)
    }
}

impl AsFd for Link {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn read(fd: BorrowedFd<'_>, into: &mut [u8]) -> Result<usize, Stall> {
    loop {
        match nix::unistd::read(fd, into) {
            Ok(0) => return Err(Stall::Closed(Errno::UnknownErrno)),
            Ok(count) => return Ok(count),
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => return Err(Stall::Full),
            Err(errno) => return Err(Stall::Closed(errno)),
        }
    }
}
