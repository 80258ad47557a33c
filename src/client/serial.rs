//! Serial lines: their speeds, and the setting in which DLT goes over them.

use std::os::fd::AsFd;

use nix::errno::Errno;
use nix::libc::speed_t;
use nix::sys::termios::{
    BaudRate, ControlFlags, InputFlags, LocalFlags, OutputFlags, SetArg, SpecialCharacterIndices,
    tcgetattr, tcsetattr,
};

/// The speed of so many bits a second. 115200 for a number that no line can do.
pub const fn speed(bits_per_second: i32) -> BaudRate {
    match bits_per_second {
        50 => BaudRate::B50,
        75 => BaudRate::B75,
        110 => BaudRate::B110,
        134 => BaudRate::B134,
        150 => BaudRate::B150,
        200 => BaudRate::B200,
        300 => BaudRate::B300,
        600 => BaudRate::B600,
        1200 => BaudRate::B1200,
        1800 => BaudRate::B1800,
        2400 => BaudRate::B2400,
        4800 => BaudRate::B4800,
        9600 => BaudRate::B9600,
        19200 => BaudRate::B19200,
        38400 => BaudRate::B38400,
        57600 => BaudRate::B57600,
        230_400 => BaudRate::B230400,
        460_800 => BaudRate::B460800,
        500_000 => BaudRate::B500000,
        576_000 => BaudRate::B576000,
        921_600 => BaudRate::B921600,
        1_000_000 => BaudRate::B1000000,
        1_152_000 => BaudRate::B1152000,
        1_500_000 => BaudRate::B1500000,
        2_000_000 => BaudRate::B2000000,
        2_500_000 => BaudRate::B2500000,
        3_000_000 => BaudRate::B3000000,
        3_500_000 => BaudRate::B3500000,
        4_000_000 => BaudRate::B4000000,
        _ => BaudRate::B115200,
    }
}

/// Sets a line to carry bytes as they are: eight bits, no parity, no editing, a read waits for the
/// first byte. What was on the way is thrown away.
///
/// # Errors
/// As tcgetattr(3) and tcsetattr(3); EINVAL for a speed that is none.
pub fn make_raw(line: impl AsFd, speed: speed_t) -> Result<(), Errno> {
    let speed = BaudRate::try_from(speed)?;
    let mut settings = tcgetattr(&line)?;
    settings.input_flags.remove(
        InputFlags::IGNBRK
            | InputFlags::BRKINT
            | InputFlags::PARMRK
            | InputFlags::INPCK
            | InputFlags::ISTRIP
            | InputFlags::INLCR
            | InputFlags::ICRNL
            | InputFlags::IXON,
    );
    settings.output_flags = OutputFlags::empty();
    settings.local_flags.remove(
        LocalFlags::ECHO
            | LocalFlags::ECHONL
            | LocalFlags::ICANON
            | LocalFlags::ISIG
            | LocalFlags::IEXTEN,
    );
    settings.control_flags.remove(ControlFlags::CSIZE | ControlFlags::PARENB);
    settings.control_flags.insert(ControlFlags::CS8);
    if let Some(least) = settings.control_chars.get_mut(SpecialCharacterIndices::VMIN as usize) {
        *least = 1;
    }
    if let Some(time) = settings.control_chars.get_mut(SpecialCharacterIndices::VTIME as usize) {
        *time = 0;
    }
    // The kernel's own place for it. cfsetspeed() would tie libdlt.a to the shared glibc: the crate
    // libc names it by a symbol version.
    settings.control_flags.remove(ControlFlags::CBAUD);
    settings.control_flags.insert(ControlFlags::from_bits_retain(speed as speed_t));
    tcsetattr(&line, SetArg::TCSAFLUSH, &settings)
}
