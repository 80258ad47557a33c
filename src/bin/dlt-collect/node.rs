//! The node that applications look for: put in its place when somebody listens behind it, not taken
//! from a daemon that runs, and removed at the end.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::options::Place;

/// As dlt-daemon has them.
const FIFO_MODE: u32 = 0o620;
const SOCKET_MODE: u32 = 0o666;
const PIPES_MODE: u32 = 0o3777;

/// Why the place cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum Taken {
    #[error("a daemon is listening at {}: stop it, or use another place", .0.display())]
    ByDaemon(PathBuf),
    #[error("{path} is there, and cannot be told to be left over: {1}", path = .0.display())]
    Unknown(PathBuf, io::Error),
    #[error("{} is there, and neither a FIFO nor a socket", .0.display())]
    ByOther(PathBuf),
    #[error("cannot make {path}: {1}", path = .0.display())]
    NotMade(PathBuf, io::Error),
}

/// What applications connect to.
pub enum Listener {
    /// Both ends of the FIFO, so that it never ends.
    Fifo(OwnedFd),
    Socket(UnixListener),
}

/// The node in the file system.
pub struct Node {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

/// Takes the place.
pub fn take(place: &Place) -> Result<(Node, Listener), Taken> {
    let path = match place {
        Place::Fifo(directory) => directory.join("dlt"),
        Place::Socket(path) => path.clone(),
    };
    let left_over = look(&path)?;
    // Under another name first: who finds it by its own name finds somebody behind it.
    let mut hidden = path.clone().into_os_string();
    hidden.push(format!(".{}", std::process::id()));
    let hidden = PathBuf::from(hidden);
    let result = make(place, &hidden).and_then(|listener| {
        if let Some(left_over) = left_over
            && fs::symlink_metadata(&path).is_ok_and(|node| identity(&node) == left_over)
        {
            fs::remove_file(&path)?;
        }
        // Fails if somebody else was faster.
        fs::hard_link(&hidden, &path)?;
        let node = fs::symlink_metadata(&path)?;
        Ok((Node { path: path.clone(), identity: Some(identity(&node)) }, listener))
    });
    let _ = fs::remove_file(&hidden);
    result.map_err(|error| Taken::NotMade(path, error))
}

/// What stands in the place, if it can be replaced.
fn look(path: &Path) -> Result<Option<(u64, u64)>, Taken> {
    let node = match fs::symlink_metadata(path) {
        Ok(node) => node,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Taken::NotMade(path.to_owned(), error)),
    };
    let answer = if node.file_type().is_fifo() {
        // Opens only if somebody reads.
        let flags = OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        open(path, flags, Mode::empty()).map(drop).map_err(io::Error::from)
    } else if node.file_type().is_socket() {
        UnixStream::connect(path).map(drop)
    } else {
        return Err(Taken::ByOther(path.to_owned()));
    };
    match answer {
        Ok(()) => Err(Taken::ByDaemon(path.to_owned())),
        Err(error) => match error.raw_os_error().map(Errno::from_raw) {
            Some(Errno::ENXIO | Errno::ECONNREFUSED) => Ok(Some(identity(&node))),
            Some(Errno::ENOENT) => Ok(None),
            Some(Errno::EAGAIN) => Err(Taken::ByDaemon(path.to_owned())),
            _ => Err(Taken::Unknown(path.to_owned(), error)),
        },
    }
}

fn make(place: &Place, path: &Path) -> io::Result<Listener> {
    match place {
        Place::Fifo(directory) => {
            make_pipes(&directory.join("dltpipes"))?;
            mkfifo(path, Mode::from_bits_truncate(FIFO_MODE))?;
            fs::set_permissions(path, fs::Permissions::from_mode(FIFO_MODE))?;
            let flags = OFlag::O_RDWR | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW;
            Ok(Listener::Fifo(open(path, flags, Mode::empty())?))
        }
        Place::Socket(_) => {
            let listener = UnixListener::bind(path)?;
            listener.set_nonblocking(true)?;
            fs::set_permissions(path, fs::Permissions::from_mode(SOCKET_MODE))?;
            Ok(Listener::Socket(listener))
        }
    }
}

/// Where each application makes a FIFO for the answers.
fn make_pipes(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Ok(()) => fs::set_permissions(path, fs::Permissions::from_mode(PIPES_MODE)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn identity(node: &fs::Metadata) -> (u64, u64) {
    (node.dev(), node.ino())
}

impl Node {
    /// From now on nobody finds it. Not another's that has taken the name since.
    pub fn remove(&mut self) {
        if let Some(mine) = self.identity.take()
            && fs::symlink_metadata(&self.path).is_ok_and(|node| identity(&node) == mine)
        {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.remove();
    }
}
