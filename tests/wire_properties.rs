//! What is written never leaves its buffer, and an independent decoder reads the same values.

use dlt::text::json::{self, Object};
use dlt::types::{AppId, ContextId, Format, LIBRARY_ECU, Level};
use dlt::wire::arguments::{Arguments, Coding, Refused, TRUNCATION_SUFFIX};
use dlt::wire::header::{
    Extended, HEADERS_MAX, Header, HeaderFlags, MessageInfo, MessageView, ParseError, StorageHeader,
};
use dlt_core::dlt::{Argument, Message, PayloadContent, StringCoding, TypeInfoKind, Value};
use dlt_core::parse::{ParsedMessage, dlt_message};
use proptest::prelude::*;
use serde_json::Value as Json;

type Text = Option<Vec<u8>>;

#[derive(Debug, Clone)]
enum Call {
    Bool(u8),
    NamedBool(u8, Text),
    Int8(i8),
    Int16(i16),
    Int32(i32),
    Int64(i64, Text, Text),
    Uint8(u8, Format),
    Uint16(u16, Format),
    Uint32(u32, Text, Text),
    Uint64(u64),
    Float32(f32),
    Float64(f64, Text, Text),
    Pointer(u64),
    Raw(Vec<u8>, Format),
    NamedRaw(Vec<u8>, Text),
    Text(Vec<u8>),
    NamedText(Vec<u8>, Text),
    Utf8(String),
}

fn format() -> impl Strategy<Value = Format> {
    (0..=6).prop_map(|code| Format::try_from(code).unwrap())
}

fn text(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0x20_u8..0x7f, 0..longest)
}

fn attribute() -> impl Strategy<Value = Text> {
    prop::option::of(text(20))
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        any::<u8>().prop_map(Call::Bool),
        (any::<u8>(), attribute()).prop_map(|(v, n)| Call::NamedBool(v, n)),
        any::<i8>().prop_map(Call::Int8),
        any::<i16>().prop_map(Call::Int16),
        any::<i32>().prop_map(Call::Int32),
        (any::<i64>(), attribute(), attribute()).prop_map(|(v, n, u)| Call::Int64(v, n, u)),
        (any::<u8>(), format()).prop_map(|(v, f)| Call::Uint8(v, f)),
        (any::<u16>(), format()).prop_map(|(v, f)| Call::Uint16(v, f)),
        (any::<u32>(), attribute(), attribute()).prop_map(|(v, n, u)| Call::Uint32(v, n, u)),
        any::<u64>().prop_map(Call::Uint64),
        any::<f32>().prop_map(Call::Float32),
        (any::<f64>(), attribute(), attribute()).prop_map(|(v, n, u)| Call::Float64(v, n, u)),
        any::<u64>().prop_map(Call::Pointer),
        (any::<Vec<u8>>(), format()).prop_map(|(v, f)| Call::Raw(v, f)),
        (any::<Vec<u8>>(), attribute()).prop_map(|(v, n)| Call::NamedRaw(v, n)),
        text(200).prop_map(Call::Text),
        (text(200), attribute()).prop_map(|(v, n)| Call::NamedText(v, n)),
        "\\PC{0,60}".prop_map(Call::Utf8),
    ]
}

fn write(to: &mut Arguments<'_>, call: &Call) -> Result<(), Refused> {
    let plain = Format::Default;
    match call {
        Call::Bool(v) => to.bool(*v),
        Call::NamedBool(v, n) => to.bool_attr(*v, n.as_deref()),
        Call::Int8(v) => to.int8(*v),
        Call::Int16(v) => to.int16(*v),
        Call::Int32(v) => to.int32(*v),
        Call::Int64(v, n, u) => to.int64_attr(*v, n.as_deref(), u.as_deref()),
        Call::Uint8(v, f) => to.uint8_formatted(*v, *f),
        Call::Uint16(v, f) => to.uint16_formatted(*v, *f),
        Call::Uint32(v, n, u) => to.uint32_attr(*v, n.as_deref(), u.as_deref()),
        Call::Uint64(v) => to.uint64(*v),
        Call::Float32(v) => to.float32(*v),
        Call::Float64(v, n, u) => to.float64_attr(*v, n.as_deref(), u.as_deref()),
        Call::Pointer(v) => to.pointer(*v),
        Call::Raw(v, f) => to.raw(v, *f),
        Call::NamedRaw(v, n) => to.raw_attr(v, plain, n.as_deref()),
        Call::Text(v) => to.string(v, Coding::Ascii),
        Call::NamedText(v, n) => to.string_attr(v, Coding::Ascii, n.as_deref()),
        Call::Utf8(v) => to.string(v.as_bytes(), Coding::Utf8),
    }
}

/// A whole message in front of which stands a storage header.
fn message(flags: HeaderFlags, count: i32, payload: &[u8]) -> Vec<u8> {
    let header = Header {
        flags,
        counter: 5,
        ecu: LIBRARY_ECU,
        session: 77,
        timestamp: 88,
        extended: Some(Extended {
            info: MessageInfo::log(Level::Debug, true),
            arguments: u8::try_from(count).unwrap(),
            app: AppId::new(b"APP"),
            context: ContextId::new(b"CTX1"),
        }),
    };
    let storage = StorageHeader { seconds: 1, microseconds: 2, ecu: LIBRARY_ECU };
    let mut headers = [0; HEADERS_MAX];
    let size = header.compose(&mut headers, payload.len()).unwrap();
    [&storage.compose(), &headers[..size], payload].concat()
}

fn decoded(bytes: &[u8]) -> Message {
    match dlt_message(bytes, None, true).unwrap() {
        ([], ParsedMessage::Item(message)) => message,
        other => panic!("{other:?}"),
    }
}

/// An absent and an empty name are the same to the decoder.
fn same_text(decoded: Option<&String>, written: &Text) -> bool {
    decoded.map_or("", String::as_str).as_bytes() == written.as_deref().unwrap_or(b"")
}

fn is_what_was_written(argument: &Argument, call: &Call) -> bool {
    let named = |name| same_text(argument.name.as_ref(), name);
    let measured = |unit| same_text(argument.unit.as_ref(), unit);
    match (&argument.value, call) {
        (Value::Bool(a), Call::Bool(b)) => a == b,
        (Value::Bool(a), Call::NamedBool(b, n)) => a == b && named(n),
        (Value::I8(a), Call::Int8(b)) => a == b,
        (Value::I16(a), Call::Int16(b)) => a == b,
        (Value::I32(a), Call::Int32(b)) => a == b,
        (Value::I64(a), Call::Int64(b, n, u)) => a == b && named(n) && measured(u),
        (Value::U8(a), Call::Uint8(b, _)) => a == b,
        (Value::U16(a), Call::Uint16(b, _)) => a == b,
        (Value::U32(a), Call::Uint32(b, n, u)) => a == b && named(n) && measured(u),
        (Value::U64(a), Call::Uint64(b) | Call::Pointer(b)) => a == b,
        (Value::F32(a), Call::Float32(b)) => a.to_bits() == b.to_bits(),
        (Value::F64(a), Call::Float64(b, n, u)) => {
            a.to_bits() == b.to_bits() && named(n) && measured(u)
        }
        (Value::Raw(a), Call::Raw(b, _)) => a == b,
        (Value::Raw(a), Call::NamedRaw(b, n)) => a == b && named(n),
        (Value::StringVal(a), Call::Text(b)) => a.as_bytes() == b,
        (Value::StringVal(a), Call::NamedText(b, n)) => a.as_bytes() == b && named(n),
        (Value::StringVal(a), Call::Utf8(b)) => {
            a == b && argument.type_info.coding == StringCoding::UTF8
        }
        _ => false,
    }
}

/// Whether an argument in JSON is what the independent decoder read.
fn is_what_was_read(json: &Json, argument: &Argument) -> bool {
    let text = |field: &str| json[field].as_str().unwrap_or("").to_owned();
    let is = |kind: &str, bits: u64| text("type") == kind && json["bits"] == bits;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let value = &json["value"];
    // serde_json reads a decimal number to within its last bit.
    let near = |number: f64| match value.as_f64() {
        Some(read) => (read - number).abs() <= number.abs() * 1e-15,
        None => *value == format!("{number:?}"),
    };
    let named = |read: &Option<String>, field| read.as_deref().unwrap_or("") == text(field);
    let same = match &argument.value {
        Value::Bool(read) => text("type") == "bool" && *value == (*read != 0),
        Value::I8(read) => is("int", 8) && value == read,
        Value::I16(read) => is("int", 16) && value == read,
        Value::I32(read) => is("int", 32) && value == read,
        Value::I64(read) => is("int", 64) && value == read,
        Value::U8(read) => is("uint", 8) && value == read,
        Value::U16(read) => is("uint", 16) && value == read,
        Value::U32(read) => is("uint", 32) && value == read,
        Value::U64(read) => is("uint", 64) && value == read,
        Value::F32(read) if value.is_number() => {
            is("float", 32) && value.as_f64().is_some_and(|number| number as f32 == *read)
        }
        Value::F32(read) => is("float", 32) && near((*read).into()),
        Value::F64(read) => is("float", 64) && near(*read),
        Value::Raw(read) => text("type") == "raw" && *value == hex(read),
        Value::StringVal(read) => text("type") == "string" && value == read,
        _ => false,
    };
    same && named(&argument.name, "name") && named(&argument.unit, "unit")
}

proptest! {
    #[test]
    fn json_says_what_an_independent_decoder_reads(
        calls in prop::collection::vec(call(), 0..12),
        flags in 0_u8..8,
    ) {
        let mut payload = [0; 65_000];
        let mut arguments = Arguments::resume(&mut payload, 0, 0, true);
        for call in &calls {
            prop_assert_eq!(write(&mut arguments, call), Ok(()));
        }
        let (size, count) = (arguments.size(), arguments.count());
        let flags = HeaderFlags::from_bits(flags << 2);
        let bytes = message(flags, count, &payload[..size]);
        let mut out = Vec::new();
        let mut object = Object::open(&mut out);
        json::message(&mut object, &MessageView::parse(&bytes[16..]).unwrap());
        object.close();
        let json: Json = serde_json::from_slice(&out).unwrap();
        let expected = serde_json::json!({
            "counter": 5, "app": "APP", "context": "CTX1", "type": "log", "level": "debug",
            "verbose": true, "arguments": json["arguments"],
        });
        let mut expected = expected.as_object().unwrap().clone();
        let mut field = |is_there, name: &str, value: Json| {
            if is_there {
                expected.insert(name.to_owned(), value);
            }
        };
        field(flags.ecu, "ecu", "ECU1".into());
        field(flags.session, "session", 77.into());
        field(flags.timestamp, "timestamp", 88.into());
        prop_assert_eq!(json.as_object().unwrap(), &expected);
        let PayloadContent::Verbose(read) = decoded(&bytes).payload else { panic!("not verbose") };
        let shown = json["arguments"].as_array().unwrap();
        prop_assert_eq!(shown.len(), read.len());
        for (shown, read) in shown.iter().zip(&read) {
            prop_assert!(is_what_was_read(shown, read), "{} for {:?}", shown, read);
        }
    }

    #[test]
    fn an_independent_decoder_reads_what_was_written(
        calls in prop::collection::vec(call(), 0..12),
        flags in 0_u8..8,
    ) {
        let mut payload = [0; 65_000];
        let mut arguments = Arguments::resume(&mut payload, 0, 0, true);
        for call in &calls {
            prop_assert_eq!(write(&mut arguments, call), Ok(()));
        }
        let (size, count) = (arguments.size(), arguments.count());
        let flags = HeaderFlags::from_bits(flags << 2);
        let message = decoded(&message(flags, count, &payload[..size]));
        prop_assert_eq!(message.header.session_id, flags.session.then_some(77));
        prop_assert_eq!(message.header.timestamp, flags.timestamp.then_some(88));
        prop_assert_eq!(message.header.message_counter, 5);
        let extended = message.extended_header.unwrap();
        prop_assert_eq!(extended.application_id, "APP");
        prop_assert_eq!(extended.context_id, "CTX1");
        let PayloadContent::Verbose(read) = message.payload else { panic!("not verbose") };
        prop_assert_eq!(read.len(), calls.len());
        for (argument, call) in read.iter().zip(&calls) {
            prop_assert!(is_what_was_written(argument, call), "{:?} for {:?}", argument, call);
        }
    }

    #[test]
    fn nothing_is_written_outside_the_buffer_and_only_what_is_told_inside(
        calls in prop::collection::vec(call(), 0..20),
        limit in 0_usize..300,
        verbose: bool,
    ) {
        let mut memory = vec![0xa5; limit];
        let (mut size, mut count) = (0, 0);
        for call in &calls {
            let mut arguments = Arguments::resume(&mut memory, size, count, verbose);
            let result = write(&mut arguments, call);
            let (now, counted) = (arguments.size(), arguments.count());
            prop_assert!(now <= limit);
            match result {
                Ok(()) => prop_assert_eq!(counted, count + 1),
                Err(Refused::Truncated) => {
                    prop_assert_eq!(counted, count + 1);
                    prop_assert!(memory[..now].ends_with(&TRUNCATION_SUFFIX));
                    prop_assert!(limit - now <= 3);
                }
                Err(_) => prop_assert_eq!((now, counted), (size, count)),
            }
            prop_assert!(memory[now..].iter().all(|byte| *byte == 0xa5));
            (size, count) = (now, counted);
        }
    }

    #[test]
    fn a_cut_utf8_text_is_still_utf8(text in "\\PC{0,200}", limit in 42_usize..120) {
        let mut payload = vec![0; limit];
        let mut arguments = Arguments::resume(&mut payload, 0, 0, true);
        let result = arguments.string(text.as_bytes(), Coding::Utf8);
        let (size, count) = (arguments.size(), arguments.count());
        let kept = std::str::from_utf8(&payload[6..size - 1]).unwrap();
        let kept = match result {
            Ok(()) => kept,
            Err(refused) => {
                prop_assert_eq!(refused, Refused::Truncated);
                kept.strip_suffix("... <<Message truncated, too long>>").unwrap()
            }
        };
        prop_assert!(text.starts_with(kept));
        prop_assert_eq!(kept.len() == text.len(), result.is_ok());
        let message = decoded(&message(HeaderFlags::ALL, count, &payload[..size]));
        prop_assert!(matches!(message.payload, PayloadContent::Verbose(_)));
    }

    #[test]
    fn a_resumed_message_whose_size_is_nonsense_takes_nothing(size: usize, call in call()) {
        let mut memory = [0xa5; 64];
        let size = size.max(65);
        let mut arguments = Arguments::resume(&mut memory, size, 3, true);
        prop_assert_eq!(write(&mut arguments, &call), Err(Refused::NoRoom));
        prop_assert_eq!((arguments.size(), arguments.count()), (size, 3));
        prop_assert_eq!(memory, [0xa5; 64]);
    }

    #[test]
    fn arbitrary_bytes_are_parsed_without_panic(bytes: Vec<u8>) {
        match MessageView::parse(&bytes) {
            Ok(view) => prop_assert!(usize::from(view.length) <= bytes.len()),
            Err(ParseError::TooShort(length)) => prop_assert!(length < 26),
            Err(error) => prop_assert_eq!(error, ParseError::Incomplete),
        }
        let _ = StorageHeader::parse(&bytes);
    }
}

#[test]
fn texts_beyond_the_length_field_are_truncated_and_not_wrapped() {
    let mut memory = vec![0; 65_535];
    for length in [65_530, 65_535, 65_536, 131_072 + 5] {
        let text = vec![b'a'; length];
        let mut arguments = Arguments::resume(&mut memory, 0, 0, true);
        assert_eq!(arguments.string(&text, Coding::Ascii), Err(Refused::Truncated));
        assert_eq!((arguments.size(), arguments.count()), (65_535, 1));
        assert_eq!(memory[4..6], 65_529_u16.to_ne_bytes());
        assert!(memory.ends_with(&TRUNCATION_SUFFIX));
    }
}

#[test]
fn a_length_field_caps_what_a_larger_buffer_would_take() {
    let mut memory = vec![0; 200_000];
    let data = vec![b'a'; 100_000];
    let mut arguments = Arguments::resume(&mut memory, 0, 0, true);
    assert_eq!(arguments.string(&data, Coding::Utf8), Err(Refused::Truncated));
    assert_eq!(arguments.size(), 6 + 65_535);
    assert_eq!(arguments.raw(&data, Format::Default), Err(Refused::NoRoom));
    assert_eq!(arguments.raw_attr(&data, Format::Default, None), Err(Refused::NoRoom));
    assert_eq!(arguments.uint8_attr(1, Some(&data), None), Err(Refused::NoRoom));
    assert_eq!(arguments.raw(&data[..65_535], Format::Default), Ok(()));
    assert_eq!(arguments.count(), 2);
}

#[test]
fn the_argument_count_of_the_caller_does_not_overflow() {
    let mut memory = [0; 8];
    let mut arguments = Arguments::resume(&mut memory, 0, i32::MAX, true);
    assert_eq!(arguments.bool(1), Ok(()));
    assert_eq!(arguments.count(), i32::MIN);
}

#[test]
fn integers_are_plain_for_the_decoder() {
    let mut memory = [0; 8];
    let mut arguments = Arguments::resume(&mut memory, 0, 0, true);
    arguments.int32(-1).unwrap();
    let message = decoded(&message(HeaderFlags::ALL, 1, &memory));
    let PayloadContent::Verbose(read) = message.payload else { panic!("not verbose") };
    assert!(!read[0].type_info.has_variable_info);
    assert!(matches!(read[0].type_info.kind, TypeInfoKind::Signed(_)));
}
