//! What is read from outside may be anything: files, received bytes, filter files. The bodies take
//! bytes alone, so that a fuzzer can call them as they are.
//!
//! `PROPTEST_CASES` sets how many inputs are tried.

use std::fs;
use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;
use std::ptr;

use dlt::ffi::common::dlt_log_init;
use dlt::ffi::file::{
    dlt_file_free, dlt_file_init, dlt_file_message, dlt_file_open, dlt_file_quick_parsing,
    dlt_file_read, dlt_file_read_raw, dlt_file_set_filter,
};
use dlt::ffi::filter::{dlt_filter_add, dlt_filter_init};
use dlt::ffi::message::{
    dlt_message_argument_print, dlt_message_free, dlt_message_header, dlt_message_init,
    dlt_message_payload, dlt_message_read,
};
use dlt::ffi::types::{DltFile, DltFilter, DltMessage};
use dlt::file::filter::Words;
use dlt_core::dlt::{ExtendedHeader, LogLevel, MessageType, PayloadContent, Value};
use dlt_core::parse::{DltParseError, ParsedMessage, dlt_message};
use proptest::prelude::*;

/// Room for text, as in Debian's tools.
const TEXT: usize = 10_024;

/// What is wrong with an input is not to be printed for each of them.
fn quiet() {
    const DROPPED: i32 = 4;
    // SAFETY: takes any number.
    assert_eq!(unsafe { dlt_log_init(DROPPED) }, 0);
}

fn zeroed<T>() -> Box<T> {
    // SAFETY: only used for C structs of numbers and pointers, for which zeros are values.
    unsafe { Box::new(std::mem::zeroed()) }
}

/// Reads messages from bytes until there are none, and prints each in every way into `room` bytes;
/// the byte behind the room must stay as it is.
fn messages_in_received_bytes(bytes: &[u8], resync: bool, room: usize) -> usize {
    quiet();
    let mut message = zeroed::<DltMessage>();
    let mut bytes = bytes.to_vec();
    let mut start = 0;
    let mut found = 0;
    // SAFETY: a message of its own, initialised first.
    assert_eq!(unsafe { dlt_message_init(&mut *message, 0) }, 0);
    while start < bytes.len() {
        let rest = &mut bytes[start..];
        let length = rest.len() as u32;
        // SAFETY: as many bytes as are said.
        let read =
            unsafe { dlt_message_read(&mut *message, rest.as_mut_ptr(), length, resync.into(), 0) };
        if read != 0 {
            break;
        }
        print(&mut message, room);
        let skipped = usize::try_from(message.resync_offset).unwrap();
        let serial = if message.found_serialheader != 0 { 4 } else { 0 };
        let size = usize::try_from(message.headersize + message.datasize).unwrap() - 16;
        assert!(size >= 4 && skipped + serial + size <= rest.len());
        start += skipped + serial + size;
        found += 1;
    }
    // SAFETY: as above.
    assert_eq!(unsafe { dlt_message_free(&mut *message, 0) }, 0);
    found
}

fn print(message: &mut DltMessage, room: usize) {
    let mut text = vec![b'#'; room + 1];
    for output in 0..7 {
        // SAFETY: a message that was read, and as much room as is said.
        unsafe {
            match output {
                0 => dlt_message_header(message, text.as_mut_ptr().cast(), room, 0),
                kind => dlt_message_payload(message, text.as_mut_ptr().cast(), room, kind, 0),
            }
        };
        assert_eq!(text[room], b'#', "written behind the text");
    }
    let mut cursor = message.databuffer;
    let mut left = message.datasize;
    let info = message.headerextra.tmsp;
    // SAFETY: as above.
    unsafe {
        dlt_message_argument_print(
            message,
            info,
            &mut cursor,
            &mut left,
            text.as_mut_ptr().cast(),
            room,
            -1,
            0,
        )
    };
    assert_eq!(text[room], b'#', "written behind the text");
    assert!(left >= -1 && left <= message.datasize);
}

/// Indexes a file, with a filter or none, reads every message of the index, and prints all of it;
/// cut to half its length in between, if asked for.
fn messages_in_a_file(bytes: &[u8], filtered: bool, raw: bool, cut: bool) -> usize {
    quiet();
    let place = tempfile(bytes);
    let path = format!("/proc/self/fd/{}\0", place.as_raw_fd());
    let mut file = zeroed::<DltFile>();
    let mut filters = zeroed::<DltFilter>();
    // SAFETY: a file and filters of their own, initialised first; strings with their NUL.
    unsafe {
        dlt_file_init(&mut *file, 0);
        dlt_filter_init(&mut *filters, 0);
        if filtered {
            dlt_filter_add(&mut *filters, c"APP1".as_ptr(), ptr::null(), 4, 0, 100, 0);
            dlt_file_set_filter(&mut *file, &mut *filters, 0);
        }
        assert_eq!(dlt_file_open(&mut *file, path.as_ptr().cast(), 0), 0);
    }
    let mut reads = 0;
    // SAFETY: an open file.
    while unsafe {
        match raw {
            true => dlt_file_read_raw(&mut *file, (reads % 2).into(), 0),
            false => dlt_file_read(&mut *file, 0),
        }
    } >= 0
    {
        reads += 1;
        assert!(reads as usize <= bytes.len(), "each message takes some bytes");
    }
    if cut {
        place.set_len(bytes.len() as u64 / 2).unwrap();
    }
    for number in -1..=file.counter {
        // SAFETY: an open file.
        if unsafe { dlt_file_message(&mut *file, number, 0) } == 0 {
            print(&mut file.msg, TEXT);
        }
    }
    let counter = usize::try_from(file.counter).unwrap();
    file.file_position = 0;
    // SAFETY: as above.
    unsafe { dlt_file_quick_parsing(&mut *file, c"/dev/null".as_ptr(), 2, 0) };
    // SAFETY: as above.
    unsafe { dlt_file_free(&mut *file, 0) };
    counter
}

/// A file without a name.
fn tempfile(bytes: &[u8]) -> fs::File {
    // SAFETY: a string, and a flag that is known.
    let number = unsafe { libc::memfd_create(c"properties".as_ptr(), libc::MFD_CLOEXEC) };
    assert!(number >= 0);
    // SAFETY: just opened, and nobody else's.
    let mut file: fs::File = unsafe { std::os::fd::FromRawFd::from_raw_fd(number) };
    file.write_all(bytes).unwrap();
    file
}

/// Words of a filter file: none is empty, none too long, and none has white space in it.
fn words_of_a_filter_file(bytes: &[u8]) {
    for word in Words::new(io::Cursor::new(bytes)) {
        assert!(!word.is_empty() && word.len() <= 255);
        assert!(!word.iter().any(|byte| byte.is_ascii_whitespace()));
    }
}

/// A message with verbose arguments: its bytes, and what they mean.
#[derive(Debug, Clone)]
struct Written {
    bytes: Vec<u8>,
    arguments: Vec<String>,
}

prop_compose! {
    fn written()(
        counter: u8,
        level in 1_u8..7,
        stamp: u32,
        arguments in prop::collection::vec(argument(), 0..6),
    ) -> Written {
        let mut bytes = vec![0x3d, counter, 0, 0];
        bytes.extend_from_slice(b"ECU1\x00\x00\x00\x01");
        bytes.extend_from_slice(&stamp.to_be_bytes());
        bytes.extend_from_slice(&[level << 4 | 1, arguments.len() as u8]);
        bytes.extend_from_slice(b"APP1CTX1");
        for (argument, _) in &arguments {
            bytes.extend_from_slice(argument);
        }
        let length = (bytes.len() as u16).to_be_bytes();
        bytes[2..4].copy_from_slice(&length);
        Written { bytes, arguments: arguments.into_iter().map(|(_, text)| text).collect() }
    }
}

fn argument() -> impl Strategy<Value = (Vec<u8>, String)> {
    let number = |info: u32, bytes: &[u8]| [&info.to_le_bytes()[..], bytes].concat();
    let counted = |info: u32, data: &[u8]| {
        [&info.to_le_bytes()[..], &(data.len() as u16).to_le_bytes()[..], data].concat()
    };
    prop_oneof![
        any::<bool>().prop_map(move |v| (number(0x11, &[v.into()]), u8::from(v).to_string())),
        any::<i8>().prop_map(move |v| (number(0x21, &v.to_le_bytes()), v.to_string())),
        any::<i16>().prop_map(move |v| (number(0x22, &v.to_le_bytes()), v.to_string())),
        any::<i32>().prop_map(move |v| (number(0x23, &v.to_le_bytes()), v.to_string())),
        any::<i64>().prop_map(move |v| (number(0x24, &v.to_le_bytes()), v.to_string())),
        any::<u8>().prop_map(move |v| (number(0x41, &v.to_le_bytes()), v.to_string())),
        any::<u32>().prop_map(move |v| (number(0x43, &v.to_le_bytes()), v.to_string())),
        any::<u64>().prop_map(move |v| (number(0x44, &v.to_le_bytes()), v.to_string())),
        "[ -~]{0,30}".prop_map(move |v| (counted(0x200, &[v.as_bytes(), b"\0"].concat()), v)),
        prop::collection::vec(any::<u8>(), 1..20).prop_map(move |v| {
            let text: Vec<_> = v.iter().map(|byte| format!("{byte:02x}")).collect();
            (counted(0x400, &v), text.join("'"))
        }),
    ]
}

/// Bytes among which there are messages, and parts of messages.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"DLT\x01".to_vec()),
        Just(b"DLS\x01".to_vec()),
        Just(b"DLT\x01\0\0\0\0\0\0\0\0ECU1".to_vec()),
        Just(b"\x3d\x00\x00\x1aECU1\0\0\0\0\0\0\0\0\x41\x01APP1CTX1".to_vec()),
        Just(b"\x20\x00\xff\xff".to_vec()),
        written().prop_map(|written| written.bytes),
        written().prop_map(|written| [b"DLT\x01\0\0\0\0\0\0\0\0ECU1", &written.bytes[..]].concat()),
        written().prop_map(|written| [b"DLS\x01", &written.bytes[..]].concat()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    let parts = prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat());
    (parts, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)).prop_map(
        |(mut bytes, changes)| {
            for (place, value) in changes {
                if !bytes.is_empty() {
                    let place = place.index(bytes.len());
                    bytes[place] = value;
                }
            }
            bytes
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
    ))]

    #[test]
    fn received_bytes_may_be_anything(bytes in hostile(), resync: bool, room in 1..300_usize) {
        messages_in_received_bytes(&bytes, resync, room);
    }

    #[test]
    fn a_file_may_hold_anything(bytes in hostile(), filtered: bool, raw: bool, cut: bool) {
        messages_in_a_file(&bytes, filtered, raw, cut);
    }

    #[test]
    fn a_filter_file_may_hold_anything(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b' '), Just(b'A')], 0..700),
    ) {
        words_of_a_filter_file(&bytes);
    }

    #[test]
    fn messages_among_damage_are_found(
        messages in prop::collection::vec((written(), "[ -CE-~]{0,50}"), 0..6),
    ) {
        let mut bytes = Vec::new();
        for (message, damage) in &messages {
            bytes.extend_from_slice(damage.as_bytes());
            bytes.extend_from_slice(b"DLT\x01\0\0\0\0\0\0\0\0ECU1");
            bytes.extend_from_slice(&message.bytes);
        }
        prop_assert_eq!(messages_in_a_file(&bytes, false, false, false), messages.len());
    }

    #[test]
    fn an_independent_decoder_reads_the_same(written in written()) {
        let mut message = zeroed::<DltMessage>();
        let mut bytes = written.bytes.clone();
        let length = bytes.len() as u32;
        let mut text = vec![0_u8; TEXT];
        // SAFETY: a message of its own, initialised first, and as many bytes as are said.
        let results = unsafe {
            [
                dlt_message_init(&mut *message, 0),
                dlt_message_read(&mut *message, bytes.as_mut_ptr(), length, 0, 0),
                dlt_message_payload(&mut *message, text.as_mut_ptr().cast(), TEXT, 2, 0),
                dlt_message_free(&mut *message, 0),
            ]
        };
        prop_assert_eq!(results, [0; 4]);
        let end = text.iter().position(|byte| *byte == 0).unwrap();
        prop_assert_eq!(String::from_utf8_lossy(&text[..end]), written.arguments.join(" "));

        let parsed = dlt_message(&written.bytes, None, false);
        let Ok((_, ParsedMessage::Item(theirs))) = parsed else {
            let error: Result<_, DltParseError> = parsed.map(|_| ());
            return Err(TestCaseError::fail(format!("dlt-core does not read it: {error:?}")));
        };
        prop_assert_eq!(theirs.header.message_counter, written.bytes[1]);
        let fields = message.headerextra;
        prop_assert_eq!(theirs.header.timestamp, Some(fields.tmsp));
        prop_assert_eq!(theirs.header.session_id, Some(fields.seid));
        let extended: ExtendedHeader = theirs.extended_header.unwrap();
        prop_assert_eq!(usize::from(extended.argument_count), written.arguments.len());
        prop_assert!(matches!(extended.message_type, MessageType::Log(level)
            if level != LogLevel::Invalid(0)));
        let PayloadContent::Verbose(arguments) = theirs.payload else {
            return Err(TestCaseError::fail("dlt-core takes it for non-verbose"));
        };
        let shown: Vec<_> = arguments.iter().map(|argument| shown(&argument.value)).collect();
        prop_assert_eq!(shown, written.arguments);
    }
}

/// A value of dlt-core as libdlt prints it.
fn shown(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::I8(value) => value.to_string(),
        Value::I16(value) => value.to_string(),
        Value::I32(value) => value.to_string(),
        Value::I64(value) => value.to_string(),
        Value::U8(value) => value.to_string(),
        Value::U32(value) => value.to_string(),
        Value::U64(value) => value.to_string(),
        Value::StringVal(value) => value.clone(),
        Value::Raw(bytes) => {
            bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join("'")
        }
        other => format!("{other:?}"),
    }
}
