//! The messages of a transfer, as receivers expect them. What does not fit into a message, because
//! it was made small by `DLT_LOG_MSG_BUF_LEN`, is left out of it, as libdlt does it.

use nix::errno::Errno;

use super::PACKAGE;
use super::facts::Facts;
use crate::logger::compose::Sender;
use crate::logger::message::Lost;
use crate::types::{Format, Level};
use crate::wire::arguments::{Arguments, Coding, Refused};

/// Messages of one context; of none, they go nowhere.
pub struct Messages<'a> {
    sender: Option<Sender<'a>>,
    staging: Vec<u8>,
}

impl<'a> Messages<'a> {
    /// Messages of this context.
    pub fn of(sender: Option<Sender<'a>>) -> Self {
        let limit = sender.map_or(0, |sender| sender.instance.message_size_max());
        Self { sender, staging: vec![0; limit as usize] }
    }

    /// Whom they are from.
    pub fn sender(&self) -> Option<Sender<'a>> {
        self.sender
    }

    /// FLST: a file begins.
    pub fn start(&mut self, facts: Facts, name: Option<&[u8]>) -> Result<(), Lost> {
        let date = facts.date();
        self.framed(Level::Info, b"FLST", |to| {
            to.number(facts.serial)
                .name(name)
                .number(facts.size)
                .text(date.as_bytes())
                .number(facts.packages())
                .number(PACKAGE);
        })
    }

    /// FLDA: a package.
    pub fn data(&mut self, serial: u32, package: u32, data: &[u8]) -> Result<(), Lost> {
        self.framed(Level::Info, b"FLDA", |to| {
            to.number(serial).number(package).bytes(data);
        })
    }

    /// FLFI: a file is complete.
    pub fn end(&mut self, serial: u32) -> Result<(), Lost> {
        self.framed(Level::Info, b"FLFI", |to| {
            to.number(serial);
        })
    }

    /// FLIF: what is known of a file.
    pub fn info(&mut self, facts: Facts, name: Option<&[u8]>) -> Result<(), Lost> {
        let date = facts.date();
        self.framed(Level::Info, b"FLIF", |to| {
            to.text(b"file serialnumber")
                .number(facts.serial)
                .text(b"filename")
                .name(name)
                .text(b"file size in bytes")
                .number(facts.size)
                .text(b"file creation date")
                .text(date.as_bytes())
                .text(b"number of packages")
                .number(facts.packages());
        })
    }

    /// FLER: a transfer failed. What is known of the file is told, if anything is.
    pub fn error(
        &mut self,
        code: i32,
        errno: Errno,
        name: Option<&[u8]>,
        facts: Option<Facts>,
    ) -> Result<(), Lost> {
        self.framed(Level::Error, b"FLER", |to| {
            to.signed(code).signed(-(errno as i32));
            match facts {
                None => to.name(name),
                Some(facts) => to
                    .number(facts.serial)
                    .name(name)
                    .number(facts.size)
                    .text(facts.date().as_bytes())
                    .signed(facts.packages().cast_signed())
                    .number(PACKAGE),
            };
        })
    }

    /// A package was asked for that the file does not have.
    pub fn no_such_package(
        &mut self,
        package: i32,
        packages: u32,
        name: Option<&[u8]>,
    ) -> Result<(), Lost> {
        self.log(Level::Error, |to| {
            to.text(b"Error at dlt_user_log_file_data: packageToTransfer out of scope")
                .text(b"packageToTransfer:")
                .number(package.cast_unsigned())
                .text(b"numberOfMaximalPackages:")
                .number(packages)
                .text(b"for File:")
                .name(name);
        })
    }

    /// The packages of a file that is not there were to be counted.
    pub fn no_file_to_count(&mut self, code: i32, name: Option<&[u8]>) -> Result<(), Lost> {
        self.log(Level::Error, |to| {
            to.text(b"Error in: dlt_user_log_file_packagesCount, !isFile").name(name).signed(code);
        })
    }

    /// A message that begins and ends with its kind.
    fn framed(
        &mut self,
        level: Level,
        kind: &[u8],
        fill: impl FnOnce(&mut Parts<'_, '_>),
    ) -> Result<(), Lost> {
        self.log(level, |to| {
            to.text(kind);
            fill(to);
            to.text(kind);
        })
    }

    fn log(&mut self, level: Level, fill: impl FnOnce(&mut Parts<'_, '_>)) -> Result<(), Lost> {
        let Some(sender) = self.sender else {
            return Ok(());
        };
        sender.log(&mut self.staging, level, |arguments| {
            fill(&mut Parts(arguments));
        })
    }
}

/// Arguments, each of them left out if it does not fit.
struct Parts<'p, 'a>(&'p mut Arguments<'a>);

impl<'a> Parts<'_, 'a> {
    fn put(&mut self, put: impl FnOnce(&mut Arguments<'a>) -> Result<(), Refused>) -> &mut Self {
        // The message goes without it, as libdlt's does.
        let _left_out = put(self.0);
        self
    }

    fn text(&mut self, text: &[u8]) -> &mut Self {
        self.put(|to| to.string(text, Coding::Ascii))
    }

    fn name(&mut self, name: Option<&[u8]>) -> &mut Self {
        match name {
            Some(name) => self.text(name),
            None => self,
        }
    }

    fn number(&mut self, number: u32) -> &mut Self {
        self.put(|to| to.uint32(number))
    }

    fn signed(&mut self, number: i32) -> &mut Self {
        self.put(|to| to.int32(number))
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.put(|to| to.raw(bytes, Format::Default))
    }
}
