use super::*;
use crate::types::Level;
use crate::wire::header::{HeaderFlags, MessageInfo};
use core::time::Duration;

const PID: i32 = 42;
const ALL: NonZeroUsize = NonZeroUsize::new(1 << 20).unwrap();

fn application(id: &[u8]) -> Command {
    Command::RegisterApplication { id: AppId::new(id), description: b"an app".to_vec() }
}

fn context(pos: i32, id: &[u8]) -> Command {
    Command::RegisterContext {
        pos,
        cell: pos.cast_unsigned(),
        id: ContextId::new(id),
        level: -2,
        trace: -2,
        description: Vec::new(),
    }
}

fn no_context(pos: i32, id: &[u8]) -> Command {
    Command::UnregisterContext {
        registration: Some((pos, pos.cast_unsigned())),
        id: ContextId::new(id),
    }
}

fn head(pos: i32, refused: u32) -> RecordHead {
    RecordHead {
        cell: pos.cast_unsigned(),
        pos,
        context: ContextId(*b"CTX\0"),
        timestamp: 7,
        refused,
        htyp: HeaderFlags::ALL.bits() | RecordHead::EXTENDED,
        info: MessageInfo::log(Level::Info, true),
        arguments: 1,
        app_generation: 0,
    }
}

fn log(session: &mut Session, head: RecordHead, evicted: u32, payload: &[u8]) {
    let length = (RecordHead::SIZE + payload.len()).next_multiple_of(8);
    let room = session.open_record(length).expect("room");
    let words = head.to_words();
    for (to, word) in room.chunks_mut(8).zip(words) {
        to.copy_from_slice(&word.to_le_bytes());
    }
    room[RecordHead::SIZE..RecordHead::SIZE + payload.len()].copy_from_slice(payload);
    let head = session.head_of_open_record(length).expect("a head");
    let message = Intaken { head, app: None, evicted, wall: Duration::ZERO };
    session.close_record(length, payload.len(), message);
}

/// Takes all that is to be written, as (type, frame).
fn sent(session: &mut Session) -> Vec<(u32, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        let next = session.next_write(ALL).to_vec();
        if next.is_empty() {
            break;
        }
        session.took(next.len());
        bytes.extend(next);
    }
    let mut frames = Vec::new();
    let mut rest = bytes.as_slice();
    while rest.len() >= 8 {
        assert_eq!(&rest[..4], b"DUH\x01");
        let kind = u32::from_ne_bytes([rest[4], rest[5], rest[6], rest[7]]);
        let end =
            rest[8..].windows(4).position(|w| w == b"DUH\x01").map_or(rest.len(), |at| at + 8);
        frames.push((kind, rest[..end].to_vec()));
        rest = &rest[end..];
    }
    frames
}

fn kinds(session: &mut Session) -> Vec<u32> {
    sent(session).into_iter().map(|(kind, _)| kind).collect()
}

fn counters(session: &mut Session) -> Vec<u8> {
    sent(session).into_iter().filter(|(kind, _)| *kind == 1).map(|(_, frame)| frame[9]).collect()
}

fn ready() -> Session {
    let mut session = Session::new(Framing::Daemon, PID, 0);
    session.connected(PID);
    session.order(0, application(b"APP"));
    session.order(0, context(0, b"CTX"));
    assert_eq!(session.advance(0, 100), Some(100));
    assert_eq!(kinds(&mut session), [2, 4]);
    session
}

#[test]
fn nothing_is_taken_before_an_application_is_registered() {
    let mut session = Session::new(Framing::Daemon, PID, 0);
    session.connected(PID);
    session.order(0, context(0, b"CTX"));
    assert_eq!(session.advance(0, 5), None);
    assert!(session.is_drained());
}

#[test]
fn an_application_registered_late_goes_in_front_of_what_waits_for_it() {
    let mut session = Session::new(Framing::Daemon, PID, 0);
    session.connected(PID);
    session.order(0, context(0, b"CTX"));
    session.order(3, application(b"APP"));
    assert_eq!(session.advance(0, 5), Some(5));
    assert_eq!(kinds(&mut session), [2, 4]);
}

#[test]
fn a_command_waits_for_the_records_in_front_of_it() {
    let mut session = ready();
    session.order(7, no_context(0, b"CTX"));
    assert_eq!(session.advance(0, 100), Some(7));
    assert!(session.is_drained());
    assert_eq!(session.advance(7, 100), Some(100));
    assert_eq!(kinds(&mut session), [5]);
    assert_eq!(session.take_released(), [0]);
}

#[test]
fn without_a_link_no_records_are_taken() {
    let mut session = ready();
    session.closed();
    assert_eq!(session.advance(0, 100), None);
}

#[test]
fn a_new_link_begins_with_the_application_and_its_contexts_with_their_present_levels() {
    let mut session = ready();
    session.received(b"DUH\x01\x06\0\0\0\x05\x01\0\0\0\0", |_| {});
    log(&mut session, head(0, 0), 0, b"waiting");
    session.closed();
    session.connected(PID);
    let frames = sent(&mut session);
    assert_eq!(frames.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [2, 4, 1]);
    assert_eq!(frames[1].1[20..22], [5, 1]);
}

/// Kinds, and the numbers of the registrations among them.
fn numbers(session: &mut Session) -> Vec<(u32, i32)> {
    let number = |(kind, frame): (u32, Vec<u8>)| {
        let at = match kind {
            2 => 12,
            4 => 22,
            _ => return (kind, 0),
        };
        (kind, i32::from_ne_bytes(frame[at..at + 4].try_into().expect("four bytes")))
    };
    sent(session).into_iter().map(number).collect()
}

#[test]
fn another_way_back_is_told_behind_what_waits_and_with_the_present_levels() {
    let mut session = ready();
    session.received(b"DUH\x01\x06\0\0\0\x05\x01\0\0\0\0DUH", |_| {});
    log(&mut session, head(0, 0), 0, b"waiting");
    session.renumbered(77);
    // What came half on the old way is nothing on the new.
    let mut heard = 0;
    session.received(b"\x01\x0c\0\0\0\x01DUH\x01\x0c\0\0\0\x01", |_| heard += 1);
    assert_eq!(heard, 1);
    let mut again = ready();
    again.renumbered(77);
    assert_eq!(sent(&mut again)[1].1[20..22], [0xfe, 0xfe]);
    assert_eq!(numbers(&mut session), [(1, 0), (2, 77), (4, 77)]);
    session.order(0, context(1, b"CTX2"));
    session.advance(0, 0);
    assert_eq!(numbers(&mut session), [(4, 77)]);
    // The process is what it was to those who read.
    log(&mut session, head(0, 0), 0, b"x");
    assert_eq!(sent(&mut session)[0].1[16..20], PID.to_be_bytes());
}

#[test]
fn a_registration_that_still_waits_for_a_link_is_followed_by_one_with_the_number_of_that_link() {
    let mut session = Session::new(Framing::Daemon, PID, 0);
    session.connected(PID);
    session.order(0, application(b"APP"));
    session.advance(0, 0);
    session.closed();
    session.connected(77);
    assert_eq!(numbers(&mut session), [(2, 77), (2, PID), (2, 77)]);
    session.closed();
    session.connected(78);
    assert_eq!(numbers(&mut session), [(2, 78)]);
}

#[test]
fn a_context_that_is_on_its_way_out_is_not_registered_again_but_says_good_bye() {
    let mut session = ready();
    session.closed();
    session.order(5, no_context(0, b"CTX"));
    session.connected(PID);
    assert_eq!(session.advance(5, 5), Some(5));
    assert_eq!(kinds(&mut session), [2, 5]);
}

#[test]
fn what_a_broken_link_took_in_part_is_sent_whole_on_the_next() {
    let mut session = ready();
    log(&mut session, head(0, 0), 0, b"one");
    log(&mut session, head(0, 0), 0, b"two");
    let both = session.next_write(ALL).to_vec();
    let one = both.len() / 2;
    assert_eq!(session.took(one + 5), 1);
    session.closed();
    session.connected(PID);
    let frames = sent(&mut session);
    assert_eq!(frames.last().map(|(_, frame)| frame.as_slice()), Some(&both[one..]));
    assert_eq!(frames.len(), 3);
}

#[test]
fn the_message_counter_has_gaps_exactly_where_messages_were_refused() {
    let mut session = ready();
    for refused in [0, 0, 3, 3, 259] {
        log(&mut session, head(0, refused), 0, b"x");
    }
    // 259 refused are 256 more than 3: the gap is invisible, as it is with libdlt.
    assert_eq!(counters(&mut session), [0, 1, 5, 6, 7]);
}

#[test]
fn the_message_counter_skips_those_that_were_given_up() {
    let mut session = ready();
    log(&mut session, head(0, 0), 0, b"x");
    log(&mut session, head(0, 0), 4, b"x");
    assert_eq!(counters(&mut session), [0, 5]);
}

#[test]
fn two_threads_that_saw_the_loss_in_the_other_order_make_no_gap_of_their_own() {
    let mut session = ready();
    for refused in [1, 0, 1] {
        log(&mut session, head(0, refused), 0, b"x");
    }
    assert_eq!(counters(&mut session), [1, 2, 3]);
}

#[test]
fn a_new_registration_counts_from_zero() {
    let mut session = ready();
    log(&mut session, head(0, 9), 0, b"x");
    let again = RecordHead { pos: 1, ..head(0, 0) };
    log(&mut session, again, 0, b"x");
    assert_eq!(counters(&mut session), [9, 0]);
}

#[test]
fn the_loss_is_told_behind_the_backlog_and_once() {
    let mut session = ready();
    session.note_loss(5, 10);
    session.note_loss(6, 12);
    assert_eq!(session.advance(0, 20), Some(10));
    assert!(session.is_drained());
    session.advance(10, 20);
    let frames = sent(&mut session);
    assert_eq!(frames.len(), 1);
    assert_eq!((frames[0].0, &frames[0].1[8..12]), (8, &6u32.to_ne_bytes()[..]));
    session.note_loss(6, 30);
    session.advance(40, 40);
    assert!(session.is_drained());
}

#[test]
fn a_loss_without_a_link_is_told_to_the_next_daemon() {
    let mut session = ready();
    session.closed();
    session.note_loss(5, 10);
    session.connected(PID);
    session.note_loss(5, 10);
    session.advance(10, 20);
    assert_eq!(kinds(&mut session), [2, 4, 8]);
}

#[test]
fn what_an_earlier_session_told_is_not_told_again() {
    let mut session = Session::new(Framing::Daemon, PID, 5);
    session.connected(PID);
    session.order(0, application(b"APP"));
    session.note_loss(5, 0);
    session.advance(0, 0);
    assert_eq!(kinds(&mut session), [2]);
    session.note_loss(7, 0);
    session.advance(0, 0);
    assert_eq!(sent(&mut session)[0].1[8], 2);
}

#[test]
fn levels_out_of_range_and_unknown_contexts_are_ignored() {
    let mut session = ready();
    let mut events = 0;
    for frame in [&b"DUH\x01\x06\0\0\0\x07\x01\0\0\0\0"[..], b"DUH\x01\x06\0\0\0\x03\x01\x09\0\0\0"]
    {
        session.received(frame, |_| events += 1);
    }
    assert_eq!(events, 0);
}

#[test]
fn contexts_that_come_and_go_without_a_daemon_do_not_pile_up() {
    let mut session = ready();
    log(&mut session, head(0, 0), 0, b"waits");
    session.closed();
    for pos in 1..10_000 {
        session.order(5, context(pos, b"BRF"));
        session.order(5, no_context(pos, b"BRF"));
    }
    assert!(session.commands.len() <= MANY_COMMANDS + 2, "{} wait", session.commands.len());
}

#[test]
fn a_file_has_storage_headers_and_no_registrations() {
    let mut session = Session::new(Framing::File, 42, 0);
    session.order(0, application(b"APP"));
    session.order(0, context(0, b"CTX"));
    assert_eq!(session.advance(0, 9), Some(9));
    log(&mut session, head(0, 0), 0, b"text");
    let bytes = session.next_write(ALL);
    assert_eq!(&bytes[..4], b"DLT\x01");
    assert_eq!(bytes[16], 0x3d);
    assert_eq!(bytes.len(), 16 + 26 + 4);
}
