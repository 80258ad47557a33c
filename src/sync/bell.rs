//! A descriptor that becomes readable when somebody rings: an eventfd, or a pipe where there is none
//! (seccomp). Rung from logging calls, so it is no cancellation point and keeps `errno`.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::eventfd::{EfdFlags, EventFd};
use nix::unistd::pipe2;

/// Rung by any thread, heard by one that polls it.
#[derive(Debug)]
pub struct Bell {
    heard: OwnedFd,
    /// The other end, if it is a pipe.
    rung: Option<OwnedFd>,
}

impl Bell {
    /// # Errors
    /// When the process can have no more descriptors, or may have neither.
    pub fn new() -> Result<Self, Errno> {
        let flags = EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK;
        match EventFd::from_value_and_flags(0, flags) {
            Ok(event) => Ok(Self { heard: event.into(), rung: None }),
            Err(errno @ (Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM)) => Err(errno),
            Err(_) => Self::of_a_pipe(),
        }
    }

    fn of_a_pipe() -> Result<Self, Errno> {
        let (heard, rung) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)?;
        Ok(Self { heard, rung: Some(rung) })
    }

    /// Makes it readable. Keeps `errno`.
    pub fn ring(&self) {
        let once = 1_u64;
        let to = self.rung.as_ref().unwrap_or(&self.heard).as_raw_fd();
        let errno = Errno::last_raw();
        // Past libc's write(), at which a thread may be cancelled. It fails only if nobody has heard
        // the bell for long; who polls it next will.
        // SAFETY: reads eight bytes of a local.
        let _rung =
            unsafe { libc::syscall(libc::SYS_write, to, &raw const once, size_of::<u64>()) };
        Errno::set_raw(errno);
    }

    /// Makes it unreadable.
    pub fn still(&self) {
        let mut rings = [0; 4096];
        // An eventfd is stilled by one read; a pipe when there was less than was asked for.
        while nix::unistd::read(&self.heard, &mut rings) == Ok(rings.len()) {}
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.heard.as_fd()
    }
}

#[cfg(all(test, not(loom), not(miri)))]
mod tests {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    use super::*;

    fn is_rung(bell: &Bell) -> bool {
        let mut asked = [PollFd::new(bell.as_fd(), PollFlags::POLLIN)];
        poll(&mut asked, PollTimeout::ZERO).expect("a poll that does not wait") == 1
    }

    #[test]
    fn a_bell_of_either_kind_is_rung_until_it_is_stilled_and_keeps_errno() {
        for bell in [Bell::new(), Bell::of_a_pipe()] {
            let bell = bell.expect("descriptors");
            assert!(!is_rung(&bell));
            // More often than a pipe has room for.
            for _ in 0..20_000 {
                Errno::set_raw(1234);
                bell.ring();
                assert_eq!(Errno::last_raw(), 1234);
            }
            assert!(is_rung(&bell));
            bell.still();
            assert!(!is_rung(&bell));
        }
    }
}
