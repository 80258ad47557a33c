//! What the daemon, or who takes its place, sends to an application.

use dlt::session::{Command, Event, Framing, Session};
use dlt::types::{AppId, ContextId};

const PID: i32 = 42;

/// The first byte says into how small parts the rest is cut.
pub fn input(input: &[u8]) {
    if let [part, bytes @ ..] = input {
        let whole = events(bytes, usize::MAX);
        // A frame takes nine bytes at least.
        assert!(whole.len() * 9 <= bytes.len());
        assert_eq!(whole, events(bytes, usize::from(*part) + 1), "what comes in parts is the same");
    }
}

/// What an application with three contexts is told.
fn events(bytes: &[u8], part: usize) -> Vec<String> {
    let mut session = Session::new(Framing::Daemon, PID, 0);
    session.connected(PID);
    let id = AppId(*b"APP1");
    session.order(0, Command::RegisterApplication { id, description: Vec::new() });
    for pos in 0..3 {
        session.order(
            0,
            Command::RegisterContext {
                pos,
                cell: pos.cast_unsigned(),
                id: ContextId(*b"CTX1"),
                level: -2,
                trace: -2,
                description: Vec::new(),
            },
        );
    }
    assert_eq!(session.advance(0, 1), Some(1));
    let mut events = Vec::new();
    for bytes in bytes.chunks(part) {
        session.received(bytes, |event| {
            match event {
                Event::SetLevel { pos, level, trace } => {
                    assert!((0..3).contains(&pos));
                    assert!((-1..=6).contains(&level) && (-1..=1).contains(&trace));
                }
                Event::Inject { data, .. } => {
                    assert!(!data.is_empty() && data.len() <= 65_535);
                }
                Event::LogState(_) => {}
            }
            events.push(format!("{event:?}"));
        });
    }
    // A new daemon, and nothing of what the old one left half said.
    session.closed();
    session.connected(PID);
    let mut new = 0;
    session.received(b"DUH\x01\x0c\0\0\0\x01", |_| new += 1);
    assert_eq!(new, 1);
    events
}
