//! A live connection to a daemon: its messages one by one, and requests with their answers.

use core::time::Duration;
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::iter::FusedIterator;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::{Instant, SystemTime};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use super::SERIAL_HEADER;
use super::answer::{Answer, Status};
use super::connection::{self, Error};
use super::request::{Request, TooLong, compose};
use crate::message::{Filter, Header, Message, Pieces, Stored, passes_any};
use crate::types::{EcuId, LIBRARY_ECU};
use crate::wire::header::{MessageView, ParseError};

/// Why a request got no answer that says yes.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It is longer than a message can be.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// The connection broke.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The daemon has closed the connection.
    #[error("the daemon has closed the connection")]
    Closed,
    /// No answer came in time. Some services are never answered.
    #[error("no answer in time")]
    TimedOut,
    /// The daemon does not know the service.
    #[error("not supported")]
    NotSupported,
    /// The daemon could not do it: no such application or context, as a rule.
    #[error("refused")]
    Refused,
}

/// A connection to a daemon, and an iterator over the messages that come through it.
///
/// Each is a [`Message`] in the memory into which it was read: nothing is copied for it. Iterating waits
/// for the next message, and ends when the daemon closes the connection. While nobody iterates, messages
/// wait with the daemon, which gives up a viewer that is slow for long.
///
/// ```
/// use core::time::Duration;
/// use dlt::client::{Client, Request};
/// # use std::io::{Read, Write};
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let port = listener.local_addr()?.port();
/// # let daemon = std::thread::spawn(move || -> std::io::Result<()> {
/// #     let (mut viewer, _) = listener.accept()?;
/// #     viewer.write_all(b"\x21\0\0\x0e\x41\0APP\0CTX\0")?;
/// #     let mut request = [0; 31];
/// #     viewer.read_exact(&mut request)?;
/// #     viewer.write_all(b"\x21\0\0\x13\x26\x01DA1\0DC1\0\x11\0\0\0\0")
/// # });
///
/// let mut client = Client::connect("localhost", port)?;
/// client.ask(&Request::SetDefaultLogLevel(4), Duration::from_secs(5))?;
/// for message in &mut client {
///     println!("{}", message?);
/// }
/// # daemon.join().unwrap()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Client {
    daemon: File,
    pieces: Pieces,
    filters: Vec<Filter>,
    /// Messages that came before an answer.
    waiting: VecDeque<Message>,
    skipped: u64,
    closed: bool,
}

impl Client {
    /// Connects to a daemon by TCP. The port is [`super::PORT`] unless it was started with another.
    ///
    /// # Errors
    /// [`Error`]: no such host, or nobody listens there.
    pub fn connect(host: &str, port: u16) -> Result<Self, Error> {
        connection::tcp(Some(host.as_bytes()), port.into()).map(Self::over)
    }

    /// Connects to a daemon's UNIX socket for viewers.
    ///
    /// # Errors
    /// [`Error`]: no such socket, or nobody listens there.
    pub fn connect_unix(path: impl AsRef<Path>) -> Result<Self, Error> {
        connection::unix(path.as_ref()).map(Self::over)
    }

    /// Goes on with a connected stream socket, which has to be blocking.
    pub fn over(connected: OwnedFd) -> Self {
        Self {
            daemon: connected.into(),
            pieces: Pieces::default(),
            filters: Vec::new(),
            waiting: VecDeque::new(),
            skipped: 0,
            closed: false,
        }
    }

    /// Leaves out what this filter does not let pass. With several, one is enough. Answers to
    /// [`Client::ask`] are heard whatever the filters say.
    #[must_use]
    pub fn keep(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Bytes that belonged to no message so far: serial headers, and what stood in front of one.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Whether the daemon has closed the connection, or has sent what cannot be a message.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Sends a request, and does not wait for the answer, which is one of the messages that come.
    ///
    /// # Errors
    /// [`AskError::TooLong`] and [`AskError::Io`].
    pub fn send(&self, request: &Request<'_>) -> Result<(), AskError> {
        // Nobody looks at a request's time stamp.
        let bytes = compose(request.address(), &request.payload(), LIBRARY_ECU, 0, false)?;
        let sent = connection::send_all(self.daemon.as_fd(), false, &bytes);
        sent.map_err(|errno| AskError::Io(errno.into()))
    }

    /// Sends a request and waits for the daemon's answer, at most `limit`. Messages that come before it
    /// are kept for the iteration.
    ///
    /// # Errors
    /// [`AskError`].
    pub fn ask(&mut self, request: &Request<'_>, limit: Duration) -> Result<Answer, AskError> {
        self.send(request)?;
        let end = Instant::now().checked_add(limit);
        loop {
            let message = match self.receive(end)? {
                Some(message) => message,
                None if self.closed => return Err(AskError::Closed),
                None => return Err(AskError::TimedOut),
            };
            let answer = Answer::of(&message).filter(|it| it.service() == request.service());
            if passes_any(&self.filters, &message.view()) {
                self.waiting.push_back(message);
            }
            let Some(answer) = answer else { continue };
            return match answer.status() {
                Status::NotSupported => Err(AskError::NotSupported),
                Status::Error => Err(AskError::Refused),
                Status::Ok | Status::Other(_) => Ok(answer),
            };
        }
    }

    /// The next message, if one comes before `limit` is over. With a limit of zero, one that is
    /// there already.
    ///
    /// `Ok(None)` says that none came in time, or, if [`Client::is_closed`], that none will.
    ///
    /// # Errors
    /// When the connection breaks. `InvalidData` if the daemon sends what cannot be a message: nobody
    /// knows where the next one begins then, and the connection counts as closed.
    pub fn next_within(&mut self, limit: Duration) -> io::Result<Option<Message>> {
        self.next_before(Instant::now().checked_add(limit))
    }

    fn next_before(&mut self, end: Option<Instant>) -> io::Result<Option<Message>> {
        if let Some(message) = self.waiting.pop_front() {
            return Ok(Some(message));
        }
        loop {
            match self.receive(end)? {
                Some(message) if !passes_any(&self.filters, &message.view()) => {}
                other => return Ok(other),
            }
        }
    }

    /// The next message, whatever the filters say.
    fn receive(&mut self, end: Option<Instant>) -> io::Result<Option<Message>> {
        while !self.closed {
            if self.pieces.rest().starts_with(&SERIAL_HEADER) {
                self.skip(SERIAL_HEADER.len());
            }
            match MessageView::parse(self.pieces.rest()) {
                Ok(view) => {
                    let header = Header::of(&view);
                    let (piece, start) = self.pieces.take(header.length());
                    let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                    let wall = wall.unwrap_or_default();
                    let stored = Stored { wall, ecu: EcuId::default() };
                    return Ok(Some(Message::in_piece(piece, start, header, Some(stored))));
                }
                Err(ParseError::Incomplete) => {
                    if !readable(self.daemon.as_fd(), end)? {
                        return Ok(None);
                    }
                    if self.pieces.read(&mut self.daemon)? == 0 {
                        self.closed = true;
                        self.skip(self.pieces.rest().len());
                    }
                }
                Err(error) => {
                    self.closed = true;
                    return Err(io::Error::new(io::ErrorKind::InvalidData, error));
                }
            }
        }
        Ok(None)
    }

    fn skip(&mut self, length: usize) {
        self.pieces.skip(length);
        self.skipped += length as u64;
    }
}

/// For who waits for several things at once. What is in memory already does not show: call
/// [`Client::next_within`] with a limit of zero until it has nothing.
impl AsFd for Client {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.daemon.as_fd()
    }
}

impl Iterator for Client {
    type Item = io::Result<Message>;

    /// Waits for the next message. None when the daemon has closed the connection.
    fn next(&mut self) -> Option<Self::Item> {
        self.next_before(None).transpose()
    }
}

impl FusedIterator for Client {}

/// Whether there is something to read, or an end of it, before `end`; for ever without one.
fn readable(fd: BorrowedFd<'_>, end: Option<Instant>) -> io::Result<bool> {
    loop {
        let left = end.map(|end| TimeSpec::from(end.saturating_duration_since(Instant::now())));
        let mut fds = [PollFd::new(fd, PollFlags::POLLIN)];
        match ppoll(&mut fds, left, None) {
            Ok(count) => return Ok(count > 0),
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;

    const LOG: &[u8] = b"\x21\0\0\x0e\x41\0APP\0CTX\0";
    const SECOND: Duration = Duration::from_secs(1);

    fn pair() -> (Client, UnixStream) {
        let (near, far) = UnixStream::pair().unwrap();
        (Client::over(near.into()), far)
    }

    fn answer(service: u8, status: u8) -> Vec<u8> {
        [b"\x21\0\0\x13\x26\x01DA1\0DC1\0", &[service, 0, 0, 0, status][..]].concat()
    }

    #[test]
    fn messages_come_however_the_stream_is_cut_and_end_with_it() {
        let (client, mut daemon) = pair();
        let bytes = [LOG, b"DLS\x01", LOG, LOG].concat();
        let writer = std::thread::spawn(move || {
            for part in bytes.chunks(5) {
                daemon.write_all(part).unwrap();
            }
        });
        let messages: Vec<Message> = client.map(Result::unwrap).collect();
        assert_eq!(messages.len(), 3);
        assert!(messages.iter().all(|message| message.bytes() == LOG));
        writer.join().unwrap();
    }

    #[test]
    fn nothing_in_time_is_told_and_the_end_is_another_thing() {
        let (mut client, mut daemon) = pair();
        assert!(client.next_within(Duration::ZERO).unwrap().is_none());
        assert!(!client.is_closed());
        daemon.write_all(LOG).unwrap();
        assert!(client.next_within(Duration::ZERO).unwrap().is_some());
        drop(daemon);
        assert!(client.next_within(SECOND).unwrap().is_none());
        assert!(client.is_closed() && client.next().is_none());
    }

    #[test]
    fn an_answer_is_found_among_messages_which_are_kept() {
        let (client, mut daemon) = pair();
        let mut client = client.keep(Filter::new().app("APP"));
        daemon.write_all(&[LOG, &answer(4, 0), &answer(0x11, 0), LOG].concat()).unwrap();
        client.ask(&Request::SetDefaultLogLevel(4), SECOND).unwrap();
        daemon.shutdown(std::net::Shutdown::Write).unwrap();
        assert_eq!(client.map(Result::unwrap).filter(|it| it.bytes() == LOG).count(), 2);
    }

    #[test]
    fn every_kind_of_no_is_told() {
        let request = Request::SetDefaultLogLevel(4);
        let (mut client, mut daemon) = pair();
        daemon.write_all(&[answer(0x11, 1), answer(0x11, 2)].concat()).unwrap();
        assert!(matches!(client.ask(&request, SECOND), Err(AskError::NotSupported)));
        assert!(matches!(client.ask(&request, SECOND), Err(AskError::Refused)));
        assert!(matches!(client.ask(&request, Duration::ZERO), Err(AskError::TimedOut)));
        let data = &[0; 70_000];
        let (app, context) = Default::default();
        let long = Request::Inject { app, context, service: 5000, data };
        assert!(matches!(client.ask(&long, SECOND), Err(AskError::TooLong(_))));
        daemon.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(matches!(client.ask(&request, SECOND), Err(AskError::Closed)));
        drop(daemon);
        assert!(matches!(client.ask(&request, SECOND), Err(AskError::Io(_))));
    }

    #[test]
    fn a_length_that_cannot_be_ends_it() {
        let (mut client, mut daemon) = pair();
        daemon.write_all(&[b"\x3d\0\0\x05", LOG].concat()).unwrap();
        let error = client.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(client.next().is_none());
    }
}
