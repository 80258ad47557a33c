//! What is read from outside may be anything: files, received bytes, filter files, answers, the
//! environment. The bodies take bytes alone, and are the same that the targets of `fuzz/` call.
//!
//! `PROPTEST_CASES` sets how many inputs are tried.

#![expect(
    clippy::multiple_unsafe_ops_per_block,
    reason = "several calls of C functions for one object are sound for one reason"
)]

mod bodies {
    pub mod application;
    pub mod control;
    pub mod daemon;
    pub mod environment;
    pub mod file;
    pub mod filter;
    pub mod message;
    pub mod viewer;
}

use std::fs;
use std::path::Path;

use bodies::file::Way;
use bodies::message::zeroed;
use dlt::ffi::message::{
    dlt_message_free, dlt_message_init, dlt_message_payload, dlt_message_read,
};
use dlt::ffi::types::DltMessage;
use dlt_core::dlt::{ExtendedHeader, LogLevel, MessageType, PayloadContent, Value};
use dlt_core::parse::{DltParseError, ParsedMessage, dlt_message};
use proptest::prelude::*;

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

/// An answer to "get log info", whole or cut, with the status that tells how to read it.
fn answer() -> impl Strategy<Value = (u8, Vec<u8>)> {
    let text = || prop::collection::vec(any::<u8>(), 0..300);
    let context = (any::<[u8; 4]>(), any::<[u8; 2]>(), text());
    let application = (any::<[u8; 4]>(), prop::collection::vec(context, 0..4), text());
    let applications = prop::collection::vec(application, 0..4);
    (3..8_u8, applications, any::<prop::sample::Index>()).prop_map(|(status, applications, cut)| {
        let counted = |bytes: &mut Vec<u8>, text: &[u8]| {
            if status == 7 {
                bytes.extend_from_slice(&(text.len() as u16).to_le_bytes());
                bytes.extend_from_slice(text);
            }
        };
        let mut bytes = (applications.len() as u16).to_le_bytes().to_vec();
        for (id, contexts, text) in &applications {
            bytes.extend_from_slice(id);
            bytes.extend_from_slice(&(contexts.len() as u16).to_le_bytes());
            for (id, levels, text) in contexts {
                bytes.extend_from_slice(id);
                let levels = &levels[..[0, 1, 1, 2, 2][usize::from(status - 3)]];
                bytes.extend_from_slice(levels);
                counted(&mut bytes, text);
            }
            counted(&mut bytes, text);
        }
        bytes.extend_from_slice(b"remo");
        bytes.truncate(cut.index(bytes.len() * 2) + 1);
        (status, bytes)
    })
}

/// What may stand in a variable.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[-+]?[0-9]{0,20}".prop_map(String::into_bytes),
        "([A-Z]{0,5}:[A-Z]{0,5}:(-1|[0-9]|info|WARN|x)?;?){0,5}".prop_map(String::into_bytes),
        "(overwrite|drop|block|FORCE_ON|FORCE_OFF|AUTOMATIC|/tmp)?".prop_map(String::into_bytes),
        prop::collection::vec(1..=255_u8, 0..1100),
    ]
}

/// What a daemon may send, and parts of it.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"DUH\x01".to_vec()),
        (any::<u8>(), any::<u8>(), -1..4_i32).prop_map(|(level, trace, pos)| {
            [b"DUH\x01\x06\0\0\0", &[level % 9, trace % 3][..], &pos.to_le_bytes()].concat()
        }),
        (any::<u32>(), prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(claim, data)| {
            let claim = if claim % 2 == 0 { data.len() as u32 } else { claim >> (claim % 32) };
            let front = b"DUH\x01\x07\0\0\0\x01\0\0\0\0\x10\0\0";
            [&front[..], &claim.to_le_bytes(), &data].concat()
        }),
        Just(b"DUH\x01\x0c\0\0\0\x01".to_vec()),
        Just(b"DUH\x01\x0e\0\0\0".to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat())
}

type Body = fn(&[u8]);

/// The inputs that the fuzzer starts from; what it has found is among them.
#[test]
fn what_the_fuzzer_has_found_is_taken() {
    let targets: [(&str, Body); 8] = [
        ("application", bodies::application::input),
        ("control", bodies::control::input),
        ("daemon", bodies::daemon::input),
        ("environment", bodies::environment::input),
        ("file", bodies::file::input),
        ("filter", bodies::filter::input),
        ("message", bodies::message::input),
        ("viewer", bodies::viewer::input),
    ];
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for (target, body) in targets {
        let mut count = 0;
        for entry in fs::read_dir(seeds.join(target)).unwrap() {
            body(&fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
        assert!(count > 0, "{target} has no seeds");
    }
}

/// Room for text, as in Debian's tools.
const TEXT: usize = 10_024;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
    ))]

    #[test]
    fn received_bytes_may_be_anything(bytes in hostile(), resync: bool, room in 1..300_usize) {
        bodies::message::messages(&bytes, resync, room);
    }

    #[test]
    fn a_file_may_hold_anything_and_change_while_it_is_read(bytes in hostile(), options: u8) {
        bodies::file::input(&[&[options], &bytes[..]].concat());
    }

    #[test]
    fn a_filter_file_may_hold_anything(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b' '), Just(b'A')], 0..700),
    ) {
        bodies::filter::input(&bytes);
    }

    #[test]
    fn an_answer_may_say_anything(
        status: u8,
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0..4_u8], 0..200),
    ) {
        bodies::control::input(&[&[status], &bytes[..]].concat());
    }

    #[test]
    fn an_answer_is_read_byte_for_byte(answer in answer()) {
        let (status, bytes) = answer;
        bodies::control::payload(status, &bytes);
    }

    #[test]
    fn the_environment_may_hold_anything(
        variables in prop::collection::vec((0..15_u8, value()), 0..15),
    ) {
        let parts: Vec<_> =
            variables.iter().map(|(which, value)| [&[which + 15], &value[..]].concat()).collect();
        bodies::environment::input(&parts.join(&0));
    }

    #[test]
    fn a_daemon_may_send_anything_in_parts_of_any_size(bytes in frames(), part: u8) {
        bodies::daemon::input(&[&[part], &bytes[..]].concat());
    }

    #[test]
    fn a_viewer_may_receive_anything(bytes in hostile(), resync: bool) {
        bodies::viewer::messages(&bytes, resync);
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
        prop_assert_eq!(bodies::file::messages(&bytes, Way::default()), messages.len());
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
