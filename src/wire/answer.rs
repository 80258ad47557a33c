//! Frames from the daemon to the application, as whoever plays the daemon's end writes them.
//! [`inbound`](super::inbound) reads them.

use super::frame::PATTERN;

/// Bytes of [`log_level`].
pub const LOG_LEVEL_SIZE: usize = 14;
/// Bytes of [`log_state`].
pub const LOG_STATE_SIZE: usize = 9;

/// Level and trace status of the context that was registered at `position`.
pub const fn log_level(position: i32, level: u8, trace: u8) -> [u8; LOG_LEVEL_SIZE] {
    let [d, u, h, version] = PATTERN;
    let [t0, t1, t2, t3] = 6_u32.to_ne_bytes();
    let [p0, p1, p2, p3] = position.to_ne_bytes();
    [d, u, h, version, t0, t1, t2, t3, level, trace, p0, p1, p2, p3]
}

/// Whether somebody looks at the messages.
pub const fn log_state(watched: bool) -> [u8; LOG_STATE_SIZE] {
    let [d, u, h, version] = PATTERN;
    let [t0, t1, t2, t3] = 12_u32.to_ne_bytes();
    [d, u, h, version, t0, t1, t2, t3, watched as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::inbound::{FromDaemon, Inbound};

    #[test]
    fn the_application_reads_what_is_answered() {
        let mut inbound = Inbound::new();
        inbound.feed(&log_level(-3, 6, 1));
        inbound.feed(&log_state(true));
        let level = FromDaemon::LogLevel { level: 6, trace: 1, pos: -3 };
        assert_eq!(inbound.next(), Some(level));
        assert_eq!(inbound.next(), Some(FromDaemon::LogState(1)));
        assert_eq!(inbound.next(), None);
    }
}
