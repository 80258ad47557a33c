//! Connections to a daemon: TCP, UNIX socket, serial line, or what it sends to a multicast group.

use std::io::IsTerminal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::libc::speed_t;
use nix::sys::socket::sockopt::{IpAddMembership, ReuseAddr};
use nix::sys::socket::{
    AddressFamily, IpMembershipRequest, MsgFlags, SockFlag, SockProtocol, SockType, SockaddrIn,
    SockaddrStorage, UnixAddr, bind, connect, send, setsockopt, socket,
};
use nix::sys::stat::Mode;

use super::serial;

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The host has no address.
    #[error("no address: {0}")]
    Address(String),
    /// No address of the host takes a connection.
    #[error("no connection: {0}")]
    Connect(Errno),
    /// No socket can be had.
    #[error("no socket: {0}")]
    Socket(Errno),
    /// The port is in use.
    #[error("no port: {0}")]
    Bind(Errno),
    /// A multicast connection needs a group.
    #[error("no group")]
    NoGroup,
    /// The group is not written as an address.
    #[error("the group is no address")]
    Group,
    /// The group cannot be joined on that interface.
    #[error("the group cannot be joined: {0}")]
    Join(Errno),
    /// The device cannot be opened.
    #[error("the device cannot be opened: {0}")]
    Open(Errno),
    /// The device is no serial line.
    #[error("no serial line: {0}")]
    NotSerial(Errno),
    /// The line refuses its settings.
    #[error("the line cannot be set up: {0}")]
    SetUp(Errno),
}

const OURS: SockFlag = SockFlag::SOCK_CLOEXEC;

/// Connects to the first address of a host that takes the connection; without a host, to this one.
///
/// # Errors
/// [`Error`]. A signal that interrupts it ends it.
pub fn tcp(host: Option<&[u8]>, port: i32) -> Result<OwnedFd, Error> {
    let mut last = Errno::ECONNREFUSED;
    for address in addresses(host, port)? {
        let family = match address.ip() {
            IpAddr::V4(_) => AddressFamily::Inet,
            IpAddr::V6(_) => AddressFamily::Inet6,
        };
        let connected = socket(family, SockType::Stream, OURS, SockProtocol::Tcp)
            .and_then(|fd| connect(fd.as_raw_fd(), &SockaddrStorage::from(address)).map(|()| fd));
        match connected {
            Ok(fd) => return Ok(fd),
            Err(Errno::EINTR) => return Err(Error::Connect(Errno::EINTR)),
            Err(errno) => last = errno,
        }
    }
    Err(Error::Connect(last))
}

fn addresses(host: Option<&[u8]>, port: i32) -> Result<Vec<SocketAddr>, Error> {
    let Ok(port) = u16::try_from(port) else {
        return Err(Error::Address("Servname not supported for ai_socktype".to_owned()));
    };
    let Some(host) = host else {
        let here = [IpAddr::from(Ipv6Addr::LOCALHOST), IpAddr::from(Ipv4Addr::LOCALHOST)];
        return Ok(here.map(|address| SocketAddr::new(address, port)).to_vec());
    };
    let unknown = || Error::Address("Name or service not known".to_owned());
    let host = str::from_utf8(host).map_err(|_| unknown())?;
    match (host, port).to_socket_addrs() {
        Ok(addresses) => Ok(addresses.collect()),
        // The resolver's own words stand behind those of the standard library.
        Err(error) => Err(error
            .to_string()
            .rsplit_once("information: ")
            .map_or_else(unknown, |(_, words)| Error::Address(words.to_owned()))),
    }
}

/// Connects to a daemon's UNIX socket.
///
/// # Errors
/// [`Error`]. A signal that interrupts it ends it.
pub fn unix(path: &Path) -> Result<OwnedFd, Error> {
    let fd = socket(AddressFamily::Unix, SockType::Stream, OURS, None).map_err(Error::Socket)?;
    let address = UnixAddr::new(path).map_err(Error::Connect)?;
    connect(fd.as_raw_fd(), &address).map_err(Error::Connect)?;
    Ok(fd)
}

/// Opens a serial line and sets it up.
///
/// # Errors
/// [`Error`].
pub fn serial(device: &Path, speed: speed_t) -> Result<OwnedFd, Error> {
    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let fd = open(device, flags, Mode::empty()).map_err(Error::Open)?;
    if !fd.as_fd().is_terminal() {
        return Err(Error::NotSerial(Errno::ENOTTY));
    }
    serial::make_raw(&fd, speed).map_err(Error::SetUp)?;
    Ok(fd)
}

/// Joins a multicast group on the interface that has the address `interface`, or on any.
///
/// # Errors
/// [`Error`].
pub fn multicast(
    group: Option<&[u8]>,
    interface: Option<&[u8]>,
    port: i32,
) -> Result<OwnedFd, Error> {
    let group = ipv4(group.ok_or(Error::NoGroup)?).ok_or(Error::Group)?;
    // What is no address is nobody's, and the system says so.
    let interface = interface.map(|text| ipv4(text).unwrap_or(Ipv4Addr::BROADCAST));
    let port = u16::try_from(port).map_err(|_| Error::Bind(Errno::EINVAL))?;
    let fd = socket(AddressFamily::Inet, SockType::Datagram, OURS, None).map_err(Error::Socket)?;
    setsockopt(&fd, ReuseAddr, &true).map_err(Error::Bind)?;
    bind(fd.as_raw_fd(), &SockaddrIn::new(0, 0, 0, 0, port)).map_err(Error::Bind)?;
    setsockopt(&fd, IpAddMembership, &IpMembershipRequest::new(group, interface))
        .map_err(Error::Join)?;
    Ok(fd)
}

fn ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    str::from_utf8(text).ok()?.parse().ok()
}

/// Writes all of `bytes` to a socket, without a signal where nobody reads any more; or to a line.
///
/// # Errors
/// What the system says; a part may have been written. A signal that interrupts it ends it.
pub fn send_all(to: BorrowedFd<'_>, is_line: bool, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        let taken = if is_line {
            nix::unistd::write(to, bytes)?
        } else {
            send(to.as_raw_fd(), bytes, MsgFlags::MSG_NOSIGNAL)?
        };
        if taken == 0 {
            return Err(Errno::EPIPE);
        }
        bytes = bytes.get(taken..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn the_address_that_listens_is_found_among_a_hosts() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = i32::from(listener.local_addr().unwrap().port());
        for host in [None, Some(&b"localhost"[..]), Some(b"127.0.0.1")] {
            let fd = tcp(host, port).unwrap();
            send_all(fd.as_fd(), false, b"hello").unwrap();
            drop(fd);
            let mut text = String::new();
            listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
            assert_eq!(text, "hello");
        }
        drop(listener);
        assert!(matches!(tcp(Some(b"127.0.0.1"), port), Err(Error::Connect(_))));
    }

    #[test]
    fn what_is_no_address_is_told() {
        assert!(matches!(tcp(Some(b"\xff"), 1), Err(Error::Address(_))));
        assert!(matches!(tcp(Some(b"127.0.0.1"), 65536), Err(Error::Address(_))));
        assert!(matches!(multicast(None, None, 1), Err(Error::NoGroup)));
        assert!(matches!(multicast(Some(b"group"), None, 1), Err(Error::Group)));
        assert!(matches!(multicast(Some(b"192.0.2.1"), None, 0), Err(Error::Join(_))));
        assert!(matches!(serial(Path::new("/dev/null"), 13), Err(Error::NotSerial(_))));
        assert!(matches!(serial(Path::new("/nowhere/tty"), 13), Err(Error::Open(_))));
        let long = "x".repeat(200);
        assert!(matches!(unix(Path::new(&long)), Err(Error::Connect(Errno::ENAMETOOLONG))));
    }

    #[test]
    fn a_reader_that_is_gone_is_an_error_and_no_signal() {
        let (near, far) = std::os::unix::net::UnixStream::pair().unwrap();
        drop(far);
        assert_eq!(send_all(near.as_fd(), false, b"x"), Err(Errno::EPIPE));
    }

    #[test]
    fn a_unix_socket_is_connected() {
        let path = std::env::temp_dir().join(format!("libdlt-ng-client-{}", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let fd = unix(&path).unwrap();
        listener.accept().unwrap().0.write_all(b"ok").unwrap();
        let mut bytes = [0; 2];
        nix::unistd::read(&fd, &mut bytes).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(&bytes, b"ok");
    }
}
