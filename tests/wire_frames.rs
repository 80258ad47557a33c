//! Frames in both directions where no capture speaks: lengths that are cut, bytes that lie.

use dlt::types::{AppId, ContextId};
use dlt::wire::frame::{self, ContextRegistration, DESCRIPTION_MAX};
use dlt::wire::inbound::{FromDaemon, INJECTION_MAX, Inbound};
use proptest::prelude::*;

fn application(description: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    frame::register_application(&mut out, AppId::new(b"APP"), 1, description);
    out
}

#[test]
fn a_description_is_cut_where_the_daemon_would_cut_it() {
    let longest = vec![b'x'; DESCRIPTION_MAX];
    assert_eq!(application(&longest).len(), 20 + DESCRIPTION_MAX);
    assert_eq!(application(&[b'x'; 1000]), application(&longest));
}

#[test]
fn a_description_is_not_cut_inside_a_character() {
    let text = format!("{}€", "x".repeat(DESCRIPTION_MAX - 1));
    assert_eq!(application(text.as_bytes()), application(&[b'x'; DESCRIPTION_MAX - 1]));
}

#[test]
fn a_marker_has_the_byte_that_the_daemon_waits_for() {
    let mut out = Vec::new();
    frame::marker(&mut out);
    assert_eq!(out, b"DUH\x01\x0d\0\0\0\0");
}

#[test]
fn a_context_is_registered_with_its_position_level_and_trace_status() {
    let mut out = Vec::new();
    frame::register_context(
        &mut out,
        &ContextRegistration {
            app: AppId::new(b"A"),
            context: ContextId::new(b"CTX1"),
            position: 258,
            level: 6,
            trace: -2,
            pid: -1,
            description: b"d",
        },
    );
    let expected = b"DUH\x01\x04\0\0\0A\0\0\0CTX1\x02\x01\0\0\x06\xfe\xff\xff\xff\xff\x01\0\0\0d";
    assert_eq!(out, expected);
}

/// A frame, as a value that outlives the parser's borrow.
#[derive(Debug, Clone, PartialEq)]
enum Frame {
    Level(u8, u8, i32),
    Injection(i32, u32, Vec<u8>),
    State(i8),
}

impl Frame {
    fn bytes(&self) -> Vec<u8> {
        let mut out = frame::PATTERN.to_vec();
        match self {
            Frame::Level(level, trace, pos) => {
                out.extend_from_slice(&6_u32.to_ne_bytes());
                out.extend_from_slice(&[*level, *trace]);
                out.extend_from_slice(&pos.to_ne_bytes());
            }
            Frame::Injection(pos, service, data) => {
                out.extend_from_slice(&7_u32.to_ne_bytes());
                out.extend_from_slice(&pos.to_ne_bytes());
                out.extend_from_slice(&service.to_ne_bytes());
                out.extend_from_slice(&u32::try_from(data.len()).unwrap().to_ne_bytes());
                out.extend_from_slice(data);
            }
            Frame::State(state) => {
                out.extend_from_slice(&12_u32.to_ne_bytes());
                out.push(state.cast_unsigned());
            }
        }
        out
    }
}

impl From<FromDaemon<'_>> for Frame {
    fn from(frame: FromDaemon<'_>) -> Self {
        match frame {
            FromDaemon::LogLevel { level, trace, pos } => Frame::Level(level, trace, pos),
            FromDaemon::Injection { pos, service, data } => {
                Frame::Injection(pos, service, data.to_vec())
            }
            FromDaemon::LogState(state) => Frame::State(state),
        }
    }
}

fn any_frame() -> impl Strategy<Value = Frame> {
    prop_oneof![
        any::<(u8, u8, i32)>().prop_map(|(level, trace, pos)| Frame::Level(level, trace, pos)),
        any::<(i32, u32)>().prop_flat_map(|(pos, service)| {
            prop::collection::vec(any::<u8>(), 0..300)
                .prop_map(move |data| Frame::Injection(pos, service, data))
        }),
        any::<i8>().prop_map(Frame::State),
    ]
}

/// Bytes that hold no pattern, and cannot become one with what follows.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"DUH\x02\xffxyz".to_vec()), 0..40)
}

fn read_in_pieces(bytes: &[u8], piece: usize) -> Vec<Frame> {
    let mut inbound = Inbound::new();
    let mut seen = Vec::new();
    for piece in bytes.chunks(piece) {
        inbound.feed(piece);
        while let Some(frame) = inbound.next() {
            seen.push(frame.into());
        }
    }
    seen
}

#[test]
fn the_longest_injection_is_delivered() {
    let frame = Frame::Injection(0, 0x1000, vec![7; INJECTION_MAX]);
    assert_eq!(read_in_pieces(&frame.bytes(), 4096), [frame]);
}

proptest! {
    #[test]
    fn frames_are_found_between_junk_however_they_are_split(
        frames in prop::collection::vec((junk(), any_frame()), 0..12),
        piece in 1_usize..200,
    ) {
        let mut bytes = Vec::new();
        for (junk, frame) in &frames {
            bytes.extend_from_slice(junk);
            bytes.extend(frame.bytes());
        }
        let expected: Vec<_> = frames.into_iter().map(|(_, frame)| frame).collect();
        prop_assert_eq!(read_in_pieces(&bytes, piece), expected);
    }

    #[test]
    fn arbitrary_bytes_are_survived_and_a_whole_frame_behind_them_is_found(
        pieces in prop::collection::vec(
            prop_oneof![
                any::<Vec<u8>>(),
                Just(b"DUH\x01".to_vec()),
                Just(b"DUH\x01\x06\0\0\0".to_vec()),
                Just(b"DUH\x01\x07\0\0\0".to_vec()),
                Just(b"DUH\x01\x0c\0\0\0".to_vec()),
                Just(vec![0xff; 12]),
            ],
            0..20,
        ),
        piece in 1_usize..200,
    ) {
        let state = Frame::State(99);
        let mut bytes = pieces.concat();
        // A torn injection may take up to its whole length of what follows for its data.
        for _ in 0..INJECTION_MAX / 9 + 4 {
            bytes.extend(state.bytes());
        }
        let seen = read_in_pieces(&bytes, piece * 100);
        prop_assert_eq!(seen.last(), Some(&state));
    }
}
