//! The viewer's side: a connection to a daemon, an iterator of its messages ([`Client`]), and requests to
//! it ([`Request`]) with their answers ([`Answer`]). Nothing here prints.
//!
//! A connection that is being made and a write that a signal interrupts are given up, so that a
//! program's handler can end them.

#![forbid(unsafe_code)]

mod answer;
#[doc(hidden)]
pub mod connection;
#[doc(hidden)]
pub mod hex;
mod live;
#[doc(hidden)]
pub mod log_info;
#[doc(hidden)]
pub mod request;
#[doc(hidden)]
pub mod serial;

pub use answer::{Answer, Status};
pub use connection::Error as ConnectError;
pub use live::{AskError, Client};
pub use log_info::{Application, Context, Cut};
pub use request::{Request, TooLong};

/// The daemon's port, unless another is asked for.
pub const PORT: u16 = 3490;
#[doc(hidden)]
/// In front of each message where both sides agreed on it.
pub const SERIAL_HEADER: [u8; 4] = *b"DLS\x01";

/// The port in the text of an environment variable; the error is what the text says instead. As
/// C's atoi() reads it: digits behind blanks and a sign, and whatever follows is ignored.
///
/// # Errors
/// Below 1024, where ports are the system's, and above 65535.
pub fn port(text: &[u8]) -> Result<u16, i32> {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    let number = digits
        .fold(0_i32, |number, digit| number.wrapping_mul(10).wrapping_add(i32::from(digit - b'0')));
    let number = if negative { number.wrapping_neg() } else { number };
    match u16::try_from(number) {
        Ok(port @ 1024..) => Ok(port),
        _ => Err(number),
    }
}

#[cfg(test)]
mod tests {
    use super::port;

    // What libdlt 2.18.8 makes of DLT_DAEMON_TCP_PORT.
    #[test]
    fn a_port_is_read_as_atoi_reads_it() {
        assert_eq!(port(b"4711"), Ok(4711));
        assert_eq!(port(b" 5000"), Ok(5000));
        assert_eq!(port(b"5000x"), Ok(5000));
        assert_eq!(port(b"+1024"), Ok(1024));
        assert_eq!(port(b"65535"), Ok(65535));
        assert_eq!(port(b"65536"), Err(65536));
        assert_eq!(port(b"1023"), Err(1023));
        assert_eq!(port(b"-1"), Err(-1));
        assert_eq!(port(b""), Err(0));
        assert_eq!(port(b"abc"), Err(0));
        assert_eq!(port(b"99999999999"), Err(1_215_752_191));
    }
}
