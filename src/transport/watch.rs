//! Notice of the daemon's coming and going by inotify(7), so that nobody has to poll.

use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify, WatchDescriptor};

use super::Rendezvous;

/// What a watch has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Nothing that concerns the daemon's node.
    Nothing,
    /// The node, or the way to it, changed.
    Changed,
}

/// Watches the daemon's node while there is a link, the directory in which it will appear
/// otherwise.
pub struct Watch {
    inotify: Inotify,
    aims: Vec<WatchDescriptor>,
    /// Only events with this name matter in the directory.
    name: Option<std::ffi::OsString>,
}

impl Watch {
    /// # Errors
    /// Where inotify cannot be had (limits, seccomp): poll then.
    pub fn new() -> Result<Self, Errno> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        Ok(Self { inotify, aims: Vec::new(), name: None })
    }

    fn clear(&mut self) {
        for aim in self.aims.drain(..) {
            // Already gone if its inode is.
            let _ = self.inotify.rm_watch(aim);
        }
        while self.inotify.read_events().is_ok_and(|events| !events.is_empty()) {}
        self.name = None;
    }

    /// Watches a node that is connected to for being removed or replaced, and the application's
    /// own FIFO, if the link has one.
    ///
    /// # Errors
    /// When one of them is not there any more, or no watch can be had.
    pub fn aim_at_link(&mut self, at: &Rendezvous, own: Option<&Path>) -> Result<(), Errno> {
        self.clear();
        // An unlinked node that is still open shows as a change of its link count (ATTRIB).
        let flags =
            AddWatchFlags::IN_ATTRIB | AddWatchFlags::IN_DELETE_SELF | AddWatchFlags::IN_MOVE_SELF;
        self.aims.push(self.inotify.add_watch(&at.daemon(), flags)?);
        if let Some(own) = own {
            let flags = flags | AddWatchFlags::IN_DONT_FOLLOW;
            self.aims.push(self.inotify.add_watch(own, flags)?);
        }
        Ok(())
    }

    /// Watches for the daemon's node to appear, or to be opened by a daemon if it is there.
    ///
    /// # Errors
    /// When no watch can be had.
    pub fn aim_at_directory(&mut self, at: &Rendezvous) -> Result<(), Errno> {
        self.clear();
        let (directory, name) = nearest_existing(at.base());
        let flags = AddWatchFlags::IN_CREATE
            | AddWatchFlags::IN_MOVED_TO
            | AddWatchFlags::IN_ATTRIB
            | AddWatchFlags::IN_DELETE_SELF
            | AddWatchFlags::IN_MOVE_SELF;
        self.aims.push(self.inotify.add_watch(&directory, flags)?);
        self.name = Some(name);
        // A left-over FIFO that a new daemon opens: opening for reading is an event on the node.
        if let Ok(aim) = self.inotify.add_watch(&at.daemon(), AddWatchFlags::IN_OPEN) {
            self.aims.push(aim);
        }
        Ok(())
    }

    /// Reads what has happened; never waits.
    pub fn read(&mut self) -> Notice {
        let mut notice = Notice::Nothing;
        while let Ok(events) = self.inotify.read_events() {
            if events.is_empty() {
                break;
            }
            for event in events {
                let ours = match (&event.name, &self.name) {
                    (Some(seen), Some(expected)) => seen == expected,
                    _ => true,
                };
                if ours {
                    notice = Notice::Changed;
                }
            }
        }
        notice
    }
}

impl AsFd for Watch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.inotify.as_fd()
    }
}

/// The deepest existing directory on the way to `base`/dlt, and the name to wait for in it.
fn nearest_existing(base: &Path) -> (PathBuf, std::ffi::OsString) {
    let mut directory = base;
    let mut name = std::ffi::OsString::from("dlt");
    while !directory.is_dir() {
        match (directory.parent(), directory.file_name()) {
            (Some(parent), Some(last)) => {
                name = last.to_owned();
                directory = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            }
            _ => break,
        }
    }
    (directory.to_owned(), name)
}
