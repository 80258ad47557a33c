//! What applications send, and what anybody may send in their place: nothing panics, nothing is
//! made up, and whole frames come out whatever stands between them.

#[path = "bodies/application.rs"]
mod body;

use dlt::types::{AppId, ContextId};
use dlt::wire::frame::{self, ContextRegistration};
use dlt::wire::outbound::{Arrival, Outbound};
use proptest::prelude::*;

/// A whole frame.
fn whole() -> impl Strategy<Value = Vec<u8>> {
    let text = || prop::collection::vec(any::<u8>(), 0..100);
    prop_oneof![
        (any::<u8>(), text()).prop_map(|(counter, payload)| {
            let length = u16::try_from(4 + payload.len()).expect("short");
            let mut frame = frame::LOG.to_vec();
            frame.extend([0x20, counter]);
            frame.extend(length.to_be_bytes());
            frame.extend(payload);
            frame
        }),
        (any::<i32>(), text()).prop_map(|(pid, description)| {
            let mut frame = Vec::new();
            frame::register_application(&mut frame, AppId(*b"APP1"), pid, &description);
            frame
        }),
        (any::<i32>(), any::<i8>(), text()).prop_map(|(position, level, description)| {
            let mut frame = Vec::new();
            let registration = ContextRegistration {
                app: AppId(*b"APP1"),
                context: ContextId(*b"CTX1"),
                position,
                level,
                trace: -2,
                pid: 1,
                description: &description,
            };
            frame::register_context(&mut frame, &registration);
            frame
        }),
        any::<u32>().prop_map(|lost| {
            let mut frame = Vec::new();
            frame::overflow(&mut frame, lost, AppId(*b"APP1"));
            frame
        }),
    ]
}

/// What is no frame, and has no beginning of one; perhaps bytes of the pattern.
fn junk() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(b"DUH\x00\x02x".to_vec()), 0..20)
}

proptest! {
    #[test]
    fn any_bytes_are_taken_and_accounted_for(bytes: Vec<u8>) {
        body::input(&bytes);
    }

    #[test]
    fn damaged_frames_are_taken_and_accounted_for(
        frames in prop::collection::vec(whole(), 1..8),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = frames.concat();
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let cut = cut.index(bytes.len());
        body::input(&bytes);
        body::input(&bytes[cut..]);
    }

    #[test]
    fn whole_frames_come_out_whatever_stands_between_them(
        parts in prop::collection::vec((junk(), whole()), 1..8),
        chunk in 1_usize..300,
    ) {
        let mut outbound = Outbound::new();
        let (mut frames, mut skipped) = (0, 0);
        let bytes = parts.iter().flat_map(|(junk, frame)| [&junk[..], &frame[..]]).collect::<Vec<_>>();
        for part in bytes.concat().chunks(chunk) {
            outbound.feed(part);
            while let Some(arrival) = outbound.next() {
                match arrival {
                    Arrival::Frame(_) => frames += 1,
                    Arrival::Skipped(bytes) => skipped += bytes,
                }
            }
        }
        prop_assert_eq!(frames, parts.len());
        prop_assert_eq!(skipped, parts.iter().map(|(junk, _)| junk.len()).sum::<usize>());
        prop_assert_eq!(outbound.end(), 0);
    }

    #[test]
    fn what_follows_a_torn_frame_comes_out(
        torn in whole(),
        cut in any::<prop::sample::Index>(),
        lie in any::<u8>(),
        next in whole(),
    ) {
        let torn = &torn[..cut.index(torn.len())];
        // A claim of more than will ever come.
        let lying = [&frame::LOG[..], &[0x20, 0, 0x80 | lie, 0]].concat();
        for first in [torn, &lying] {
            let mut outbound = Outbound::new();
            outbound.feed(first);
            outbound.feed(&next);
            let count = |outbound: &mut Outbound| {
                std::iter::from_fn(|| outbound.next().map(|arrival| matches!(arrival, Arrival::Frame(_))))
                    .filter(|is_frame| *is_frame)
                    .count()
            };
            let mut frames = count(&mut outbound);
            while outbound.give_up_waiting() {
                frames += count(&mut outbound);
            }
            // Where the next frame is exactly what was missing, it is taken for that.
            prop_assert_eq!(frames, 1, "behind {:?}", first);
        }
    }
}
