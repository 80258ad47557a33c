//! The application's own FIFO, through which the daemon sends levels and injections.
//!
//! The daemon opens `dltpipes/dlt<number>`, where the number is what the application registers as its
//! process id; it looks at nothing else of it. So the FIFO need not have the process's number, and
//! cannot where another libdlt of the process, or of a container that shares the directory, has it:
//! that one would be cut off. The worker's thread id is the next best, for it leads to the process.

use std::ffi::CString;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, open};
use nix::libc::stat as Node;
use nix::sys::stat::{FchmodatFlags, Mode, SFlag, fchmodat, fstat, lstat};
use nix::unistd::{geteuid, gettid, linkat, mkfifo, unlink};

use super::{Rendezvous, Stall, read};

/// Set-group-ID, sticky, and open to everybody: each application makes its FIFO here.
const PIPES_MODE: Mode = Mode::from_bits_truncate(0o3777);
/// Owner and group (the daemon's) only.
const FIFO_MODE: Mode = Mode::from_bits_truncate(0o660);
/// A FIFO without a reader that is no older may be in the making: libdlt opens it after it has made
/// it.
const YOUNG: Duration = Duration::from_millis(200);
/// No process and no thread has this number or a larger one.
const BEYOND_ALL_IDS: i32 = 4 << 20;
/// How many numbers beyond all ids are tried.
const TRIES: usize = 16;

/// The FIFO, removed from its directory when dropped.
#[derive(Debug)]
pub struct OwnFifo {
    fd: OwnedFd,
    path: PathBuf,
    number: i32,
    identity: (u64, u64),
}

impl OwnFifo {
    /// Makes the directory if it is not there, and the FIFO under the first number that is free: the
    /// process's, the calling thread's, one that no process can have. `lost` is none of them.
    ///
    /// A number whose FIFO was left behind by another process is not free: the daemon may have that
    /// one open still, and opens no other under the same number. It is removed.
    ///
    /// # Errors
    /// As mkdir(2), mkfifo(2) and open(2); EEXIST if no number was to be had, ELOOP if the directory
    /// is another user's link to somewhere.
    pub fn create(at: &Rendezvous, lost: Option<i32>) -> Result<Self, Errno> {
        make_directory(&at.pipes())?;
        let made = Nameless::make(&at.pipes())?;
        let random = || BEYOND_ALL_IDS + random(i32::MAX - BEYOND_ALL_IDS);
        let numbers = [at.pid(), gettid().as_raw()].into_iter();
        let numbers = numbers.chain(core::iter::repeat_with(random).take(TRIES));
        for number in numbers.filter(|number| Some(*number) != lost) {
            let path = at.own(number);
            match linkat(AT_FDCWD, &made.path, AT_FDCWD, &path, AtFlags::empty()) {
                Ok(()) => {
                    let own = Self { fd: made.open()?, path, number, identity: made.identity };
                    // Not if somebody has changed what the provisional name leads to.
                    return if own.is_in_place() { Ok(own) } else { Err(Errno::EEXIST) };
                }
                Err(Errno::EEXIST) => remove_what_is_left_over(&path),
                Err(errno) => return Err(errno),
            }
        }
        Err(Errno::EEXIST)
    }

    /// What is to be registered as process id.
    pub fn number(&self) -> i32 {
        self.number
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
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
        lstat(&self.path).is_ok_and(|node| identity(&node) == self.identity)
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

/// A FIFO under a provisional name, which goes when this is dropped. It has its reader before it gets
/// the name that others look at: to them it is never one that was left behind.
struct Nameless {
    fd: OwnedFd,
    path: PathBuf,
    identity: (u64, u64),
}

impl Nameless {
    fn make(directory: &Path) -> Result<Self, Errno> {
        let path = directory.join(format!("new{:08x}", random(i32::MAX)));
        mkfifo(&path, FIFO_MODE)?;
        // Both ends, so that it never reports an end of file while the daemon is away.
        let flags = OFlag::O_RDWR | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
        let opened = open(&path, flags, Mode::empty());
        let fd = opened.inspect_err(|_| unlink(&path).unwrap_or_default())?;
        let opened = fstat(&fd)?;
        let made = Self { fd, path, identity: identity(&opened) };
        if !is_fifo(&opened) || opened.st_uid != geteuid().as_raw() {
            return Err(Errno::EEXIST);
        }
        // The umask took from the mode at mkfifo.
        nix::sys::stat::fchmod(&made.fd, FIFO_MODE)?;
        Ok(made)
    }

    fn open(&self) -> Result<OwnedFd, Errno> {
        self.fd.try_clone().map_err(|_| Errno::EMFILE)
    }
}

impl Drop for Nameless {
    fn drop(&mut self) {
        let _ = unlink(&self.path);
    }
}

fn make_directory(directory: &Path) -> Result<(), Errno> {
    let pipes = CString::new(directory.as_os_str().as_bytes()).map_err(|_| Errno::EINVAL)?;
    match nix::unistd::mkdir(pipes.as_c_str(), Mode::from_bits_truncate(0o1766)) {
        Ok(()) => fchmodat(AT_FDCWD, pipes.as_c_str(), PIPES_MODE, FchmodatFlags::FollowSymlink),
        Err(Errno::EEXIST) => {
            let node = lstat(directory)?;
            let is_link = node.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFLNK.bits();
            let is_trusted = [0, geteuid().as_raw()].contains(&node.st_uid);
            if is_link && !is_trusted { Err(Errno::ELOOP) } else { Ok(()) }
        }
        Err(errno) => Err(errno),
    }
}

/// Removes what nobody reads any more, or what is no FIFO: unlink follows no link.
fn remove_what_is_left_over(path: &Path) {
    let Ok(node) = lstat(path) else { return };
    if is_fifo(&node) {
        let flags = OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
        let unread = open(path, flags, Mode::empty()).is_err_and(|errno| errno == Errno::ENXIO);
        if !unread || is_young(&node) {
            return;
        }
    }
    let _ = unlink(path);
}

fn is_young(node: &Node) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = u64::try_from(node.st_ctime).unwrap_or(0);
    let changed =
        Duration::from_secs(seconds) + Duration::from_nanos(node.st_ctime_nsec.unsigned_abs());
    // A clock that was set back makes it young for ever, or old: neither does harm.
    now.saturating_sub(changed) < YOUNG
}

fn is_fifo(node: &Node) -> bool {
    node.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFIFO.bits()
}

fn identity(node: &Node) -> (u64, u64) {
    (node.st_dev, node.st_ino)
}

/// A number below `limit`, another at each call.
fn random(limit: i32) -> i32 {
    let hash = RandomState::new().build_hasher().finish();
    let limit = u64::from(limit.unsigned_abs().max(1));
    i32::try_from(hash % limit).unwrap_or(0)
}
