//! Files sent as log messages, which a viewer puts together again.
//!
//! A transfer is the message FLST with what is known of the file, FLDA for each package of 1,024
//! bytes, and FLFI; FLIF tells about a file without sending it, and FLER that something failed. A
//! number made from the file and its name keeps transfers apart, so each part can be sent by a call
//! of its own. Nothing is kept between calls, and several threads may transfer at once.

#![forbid(unsafe_code)]

mod facts;
mod messages;

use core::time::Duration;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::thread;

use nix::errno::Errno;

use self::facts::{Facts, errno, path};
use self::messages::Messages;
use crate::logger::backlog;
use crate::logger::compose::Sender;
use crate::logger::message::Lost;

/// Bytes of a package.
const PACKAGE: u32 = 1024;
/// In messages about what no system call is to blame for.
const NO_ERRNO: Errno = Errno::UnknownErrno;

/// Why a transfer failed. Each has been told in a message as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such file to be sent as a whole.
    #[error("no file to transfer")]
    Complete,
    /// Of a whole file, the header was not sent.
    #[error("header of the file not sent")]
    CompleteHeader,
    /// Of a whole file, not all packages were sent.
    #[error("data of the file not sent")]
    CompleteData,
    /// Of a whole file, the end was not sent, or the file not deleted.
    #[error("end of the file not sent")]
    CompleteEnd,
    /// The header was not sent.
    #[error("header not sent")]
    Header,
    /// The package does not exist, or cannot be read.
    #[error("package not sent")]
    Data,
    /// There was no room for a package.
    #[error("no room for the package")]
    Crowded,
    /// The end was not sent.
    #[error("end not sent")]
    End,
    /// The file was not deleted after its end was sent.
    #[error("file not deleted")]
    NotDeleted,
    /// The caller has cancelled it.
    #[error("transfer cancelled")]
    Cancelled,
    /// Nothing is known of the file.
    #[error("no information about the file")]
    Info,
    /// Packages cannot be counted.
    #[error("packages not counted")]
    Count,
}

impl Error {
    /// The number by which messages name it.
    pub const fn code(self) -> i32 {
        match self {
            Self::Complete => -300,
            Self::CompleteHeader => -301,
            Self::CompleteData => -302,
            Self::CompleteEnd => -303,
            Self::Header => -400,
            Self::Data => -500,
            Self::Crowded => -501,
            Self::End | Self::NotDeleted => -600,
            Self::Cancelled => -601,
            Self::Info => -700,
            Self::Count => -800,
        }
    }
}

/// Which packages of a file are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packages {
    /// One after the other, until the file ends.
    All,
    /// This one, counted from 1.
    One(i32),
}

/// The number that tells a file's transfer from others.
///
/// # Errors
/// When the file is not there.
pub fn serial_number(file: Option<&[u8]>) -> Result<u32, Errno> {
    Facts::of(file).map(|facts| facts.serial)
}

/// Sends files through a context. Without one, as when its level is off, everything happens but
/// the messages. A file without a name is one that is not there.
pub struct Transfer<'a> {
    messages: Messages<'a>,
}

impl<'a> Transfer<'a> {
    /// Transfers through this context.
    pub fn new(sender: Option<Sender<'a>>) -> Self {
        Self { messages: Messages::of(sender) }
    }

    /// Sends a whole file, pausing after each package, and then perhaps deletes it.
    ///
    /// # Errors
    /// When there is no such file, or a part of it fails; what follows is then not done.
    pub fn complete(
        &mut self,
        file: Option<&[u8]>,
        delete: bool,
        pause: Duration,
    ) -> Result<(), Error> {
        self.look_at(file, Error::Complete)?;
        self.header(file, file).map_err(|_| Error::CompleteHeader)?;
        self.data(file, Packages::All, pause, || false).map_err(|_| Error::CompleteData)?;
        self.end(file, delete).map_err(|_| Error::CompleteEnd)
    }

    /// Number of packages that a file makes.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn packages(&mut self, file: Option<&[u8]>) -> Result<u32, Error> {
        Facts::of(file).map(Facts::packages).map_err(|_| {
            let code = Error::Count.code();
            // The caller has the code, too.
            let _told = self.messages.no_file_to_count(code, file);
            Error::Count
        })
    }

    /// Tells about a file.
    ///
    /// # Errors
    /// When there is no such file, or the message is lost.
    pub fn info(&mut self, file: Option<&[u8]>) -> Result<(), Error> {
        let facts = self.look_at(file, Error::Info)?;
        let sent = self.messages.info(facts, file);
        self.unless_lost(sent, Error::Info, file)
    }

    /// Sends the header, in which viewers find the name `shown`.
    ///
    /// # Errors
    /// When there is no such file, or the message is lost.
    pub fn header(&mut self, file: Option<&[u8]>, shown: Option<&[u8]>) -> Result<(), Error> {
        let facts = self.look_at(file, Error::Header)?;
        let sent = self.messages.start(facts, shown);
        self.unless_lost(sent, Error::Header, file)
    }

    /// Sends packages, pausing after each. When all are asked for, no more than half of the ring is
    /// used for them: this waits for as long as anything is delivered.
    ///
    /// # Errors
    /// When the file cannot be read or has no such package, when a package finds no room, or when
    /// `cancelled`, asked before each, says so.
    pub fn data(
        &mut self,
        file: Option<&[u8]>,
        packages: Packages,
        pause: Duration,
        cancelled: impl Fn() -> bool,
    ) -> Result<(), Error> {
        let facts = self.look_at(file, Error::Data)?;
        let source = File::open(path(file.unwrap_or_default()));
        let mut source = source.map_err(|error| self.failed(Error::Data, errno(error), file))?;
        if let Packages::One(number) = packages
            && !(1..=i64::from(facts.packages())).contains(&number.into())
        {
            let packages = facts.packages();
            // The caller has the code, too.
            let _told = self.messages.no_such_package(number, packages, file);
            return Err(Error::Data);
        }
        self.send_packages(&mut source, facts.serial, packages, pause, cancelled)
            .map_err(|(error, errno)| self.failed(error, errno, file))
    }

    /// Sends the end, and then perhaps deletes the file.
    ///
    /// # Errors
    /// When there is no such file, or the message is lost: then it is not deleted; or when it
    /// cannot be deleted.
    pub fn end(&mut self, file: Option<&[u8]>, delete: bool) -> Result<(), Error> {
        let facts = self.look_at(file, Error::End)?;
        let sent = self.messages.end(facts.serial);
        self.unless_lost(sent, Error::End, file)?;
        match file {
            Some(name) if delete => {
                remove(name).map_err(|error| self.failed(Error::NotDeleted, errno(error), file))
            }
            _ => Ok(()),
        }
    }

    fn send_packages(
        &mut self,
        source: &mut File,
        serial: u32,
        packages: Packages,
        pause: Duration,
        cancelled: impl Fn() -> bool,
    ) -> Result<(), (Error, Errno)> {
        let unreadable = |error| (Error::Data, errno(error));
        let mut number = 1;
        if let Packages::One(one) = packages {
            number = one.cast_unsigned();
            let at = u64::from(number - 1) * u64::from(PACKAGE);
            source.seek(SeekFrom::Start(at)).map_err(unreadable)?;
        }
        let mut data = Vec::new();
        loop {
            data.clear();
            let package = &mut source.by_ref().take(PACKAGE.into());
            let read = package.read_to_end(&mut data).map_err(unreadable)?;
            // Even an empty file has a package; none follows the last full one.
            if read == 0 && number > 1 && packages == Packages::All {
                return Ok(());
            }
            let has_room = packages != Packages::All || self.has_room(&cancelled);
            if cancelled() {
                return Err((Error::Cancelled, NO_ERRNO));
            }
            let sent = has_room.then(|| self.messages.data(serial, number, &data));
            if !matches!(sent, Some(Ok(()))) {
                return Err((Error::Crowded, NO_ERRNO));
            }
            thread::sleep(pause);
            if packages != Packages::All || read < PACKAGE as usize {
                return Ok(());
            }
            number = number.wrapping_add(1);
        }
    }

    fn has_room(&self, cancelled: impl Fn() -> bool) -> bool {
        self.messages
            .sender()
            .is_none_or(|sender| backlog::wait_until_half_free(sender.instance, cancelled))
    }

    fn look_at(&mut self, file: Option<&[u8]>, error: Error) -> Result<Facts, Error> {
        Facts::of(file).map_err(|errno| self.failed(error, errno, file))
    }

    fn unless_lost(
        &mut self,
        sent: Result<(), Lost>,
        error: Error,
        file: Option<&[u8]>,
    ) -> Result<(), Error> {
        sent.map_err(|_| self.failed(error, NO_ERRNO, file))
    }

    /// Tells viewers of a failure.
    pub fn tell(&mut self, code: i32, errno: Errno, file: Option<&[u8]>) {
        let facts = Facts::of(file).ok().filter(|_| errno != Errno::ENOENT);
        // The caller has the code, too.
        let _told = self.messages.error(code, errno, file, facts);
    }

    fn failed(&mut self, error: Error, errno: Errno, file: Option<&[u8]>) -> Error {
        self.tell(error.code(), errno, file);
        error
    }
}

/// As C's `remove`: an empty directory is removed as well.
fn remove(name: &[u8]) -> io::Result<()> {
    match fs::remove_file(path(name)) {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => fs::remove_dir(path(name)),
        done => done,
    }
}
