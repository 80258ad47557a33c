//! The messages that Debian's libdlt 2.18.8 sent for known calls (`tests/golden`), composed again
//! and compared byte for byte, session and time included. One rule is applied to the captures:
//! `int` and `unsigned int` carry no empty attributes (see [`Case::message_with_plain_integers`]).

use std::path::Path;

use dlt::types::{AppId, ContextId, Format, LIBRARY_ECU, Level, NetworkTraceType, TraceStatus};
use dlt::wire::arguments::{Arguments, Coding, Refused};
use dlt::wire::frame::{self, ContextRegistration};
use dlt::wire::header::{Extended, HEADERS_MAX, Header, HeaderFlags, MessageInfo, MessageView};
use dlt::wire::network_trace;
use serde_json::Value;

use Coding::{Ascii, Utf8};

const LIMIT: usize = 1390;
const ID: u32 = 0x1122_3344;
const INFO: MessageInfo = MessageInfo::log(Level::Info, true);
const INFO_NON_VERBOSE: MessageInfo = MessageInfo::log(Level::Info, false);

type Written = Result<(), Refused>;

/// A capture, and how much of it has been composed again.
struct Case {
    name: &'static str,
    messages: Vec<Vec<u8>>,
    done: usize,
    flags: HeaderFlags,
}

impl Case {
    fn open(name: &'static str) -> Self {
        let messages = frames(name).into_iter().filter(|frame| frame.starts_with(&frame::LOG));
        Self { name, messages: messages.collect(), done: 0, flags: HeaderFlags::ALL }
    }

    fn next(&mut self) -> Vec<u8> {
        let message = self.messages.get(self.done).expect("the capture has no more messages");
        self.done += 1;
        message.clone()
    }

    /// The next message of the capture is what `write` makes.
    #[track_caller]
    fn message(&mut self, info: MessageInfo, write: impl FnOnce(&mut Arguments<'_>) -> Written) {
        let expected = self.next();
        self.compare(&expected, info, true, write);
    }

    /// As [`Self::message`], for calls of `write_int` and `write_uint`: 2.18.7 and 2.18.8 alone put
    /// VARI and two empty attributes there, which is taken out of the capture.
    #[track_caller]
    fn message_with_plain_integers(
        &mut self,
        info: MessageInfo,
        write: impl FnOnce(&mut Arguments<'_>) -> Written,
    ) {
        let mut expected = self.next();
        for sign in [0x23, 0x43] {
            while let Some(at) =
                expected.windows(8).position(|found| found == [sign, 8, 0, 0, 0, 0, 0, 0])
            {
                expected.splice(at..at + 8, [sign, 0, 0, 0]);
                let length = u16::from_be_bytes([expected[10], expected[11]]) - 4;
                expected[10..12].copy_from_slice(&length.to_be_bytes());
            }
        }
        self.compare(&expected, info, true, write);
    }

    #[track_caller]
    fn message_without_extended_header(
        &mut self,
        write: impl FnOnce(&mut Arguments<'_>) -> Written,
    ) {
        let expected = self.next();
        self.compare(&expected, INFO_NON_VERBOSE, false, write);
    }

    #[track_caller]
    fn compare(
        &self,
        expected: &[u8],
        info: MessageInfo,
        extended: bool,
        write: impl FnOnce(&mut Arguments<'_>) -> Written,
    ) {
        let mut buffer = [0; LIMIT];
        let mut arguments = Arguments::resume(&mut buffer, 0, 0, info.is_verbose());
        let _ = write(&mut arguments);
        let (size, count) = (arguments.size(), arguments.count());
        let captured = MessageView::parse(&expected[frame::FRAME_HEADER..]).unwrap();
        let header = Header {
            flags: self.flags,
            counter: captured.counter,
            ecu: LIBRARY_ECU,
            session: captured.session.unwrap_or(0),
            timestamp: captured.timestamp.unwrap_or(0),
            extended: extended.then_some(Extended {
                info,
                arguments: u8::try_from(count).unwrap(),
                app: AppId(*b"GAPP"),
                context: ContextId(*b"GCTX"),
            }),
        };
        let mut headers = [0; HEADERS_MAX];
        let headers_size = header.compose(&mut headers, size).unwrap();
        let composed = [&frame::LOG, &headers[..headers_size], &buffer[..size]].concat();
        let place = format!("message {} of {}", self.done, self.name);
        assert_eq!(hex(&composed), hex(expected), "{place}");
        assert_eq!(usize::from(captured.counter), self.done - 1, "{place}");
    }

    fn finish(self) {
        assert_eq!(self.done, self.messages.len(), "messages of {}", self.name);
    }
}

fn frames(case: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/fifo-2.18.8");
    let text = std::fs::read(folder.join(format!("{case}.json"))).unwrap();
    let capture: Value = serde_json::from_slice(&text).unwrap();
    let frames = capture["frames"].as_array().unwrap().iter();
    frames.filter_map(|frame| Some(unhex(frame["hex"].as_str()?))).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap();
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn counting() -> Vec<u8> {
    (0..=255).collect()
}

#[test]
fn verbose_messages_are_those_of_the_capture() {
    let mut case = Case::open("verbose");
    let bytes = counting();
    for value in [1, 0, 7] {
        case.message(INFO, |d| d.bool(value));
    }
    case.message_with_plain_integers(INFO, |d| d.int32(-123_456));
    case.message(INFO, |d| d.int8(-8));
    case.message(INFO, |d| d.int16(-1616));
    case.message(INFO, |d| d.int32(-323_232));
    case.message(INFO, |d| d.int64(-64_646_464_646_464));
    case.message_with_plain_integers(INFO, |d| d.uint32(123_456));
    case.message(INFO, |d| d.uint8(0xa8));
    case.message(INFO, |d| d.uint16(0xa1b2));
    case.message(INFO, |d| d.uint32(0xa1b2_c3d4));
    case.message(INFO, |d| d.uint64(0xa1b2_c3d4_e5f6_0718));
    case.message(INFO, |d| d.float32(1.5));
    case.message(INFO, |d| d.float64(-2.25));
    case.message(INFO, |d| d.pointer(0x1122_3344_5566_7788));
    case.message(INFO, |d| d.string(b"hello", Ascii));
    case.message(INFO, |d| d.string(b"", Ascii));
    case.message(INFO, |_| Err(Refused::Invalid)); // text is NULL
    case.message(INFO, |d| d.string(b"hello", Ascii));
    case.message(INFO, |d| d.string(b"a\0b", Ascii));
    case.message(INFO, |d| d.constant_string(b"const", Ascii));
    case.message(INFO, |d| d.constant_string(b"const", Ascii));
    case.message(INFO, |d| d.string("héllo".as_bytes(), Utf8));
    case.message(INFO, |d| d.string("hé".as_bytes(), Utf8));
    case.message(INFO, |d| d.constant_string(b"cu8", Utf8));
    case.message(INFO, |d| d.constant_string(b"cu8", Utf8));
    case.message(INFO, |d| d.raw(&bytes[..16], Format::Default));
    case.message(INFO, |d| d.raw(&[], Format::Default));
    case.message(INFO, |_| Err(Refused::Invalid)); // data is NULL
    case.message(INFO, |_| Ok(()));
    case.message(INFO, |d| {
        d.int32(1)?;
        d.string(b"two", Ascii)?;
        d.raw(&bytes[..3], Format::Default)?;
        d.bool(1)
    });
    case.finish();
}

#[test]
fn attributes_are_those_of_the_capture() {
    let mut case = Case::open("attr");
    let (n, u) = (Some(&b"n"[..]), Some(&b"u"[..]));
    let (name, unit) = (Some(&b"name"[..]), Some(&b"unit"[..]));
    let bytes = [0, 1, 2, 3];
    case.message(INFO, |d| d.bool_attr(1, Some(b"flag")));
    case.message(INFO, |d| d.bool_attr(1, None));
    case.message(INFO, |d| d.int32_attr(-5, name, unit));
    case.message(INFO, |d| d.int8_attr(-5, n, u));
    case.message(INFO, |d| d.int16_attr(-5, n, u));
    case.message(INFO, |d| d.int32_attr(-5, n, u));
    case.message(INFO, |d| d.int64_attr(-5, n, u));
    case.message(INFO, |d| d.uint32_attr(5, name, unit));
    case.message(INFO, |d| d.uint8_attr(5, n, u));
    case.message(INFO, |d| d.uint16_attr(5, n, u));
    case.message(INFO, |d| d.uint32_attr(5, n, u));
    case.message(INFO, |d| d.uint64_attr(5, n, u));
    case.message(INFO, |d| d.uint32_attr(5, None, None));
    case.message(INFO, |d| d.uint32_attr(5, Some(b""), Some(b"")));
    case.message(INFO, |d| d.uint32_attr(5, Some(b"nameonly"), None));
    case.message(INFO, |d| d.uint32_attr(5, None, Some(b"unitonly")));
    case.message(INFO, |d| d.float32_attr(1.5, Some(b"temp"), Some(b"celsius")));
    case.message(INFO, |d| d.float64_attr(2.5, Some(b"temp"), Some(b"celsius")));
    case.message(INFO, |d| d.string_attr(b"text", Ascii, name));
    case.message(INFO, |d| d.string_attr(b"text", Ascii, None));
    case.message(INFO, |d| d.string_attr(b"text", Ascii, Some(b"")));
    case.message(INFO, |d| d.string_attr(b"text", Ascii, name));
    case.message(INFO, |d| d.constant_string_attr(b"text", Ascii, name));
    case.message(INFO, |d| d.constant_string_attr(b"text", Ascii, name));
    case.message(INFO, |d| d.string_attr("téxt".as_bytes(), Utf8, name));
    case.message(INFO, |d| d.string_attr("té".as_bytes(), Utf8, name));
    case.message(INFO, |d| d.constant_string_attr(b"text", Utf8, name));
    case.message(INFO, |d| d.constant_string_attr(b"text", Utf8, name));
    case.message(INFO, |d| d.raw_attr(&bytes, Format::Default, name));
    case.message(INFO, |d| d.raw_attr(&bytes, Format::Default, None));
    case.message(INFO, |d| d.raw_attr(&bytes, Format::Hex16, name));
    case.finish();
}

#[test]
fn formats_are_those_of_the_capture() {
    let mut case = Case::open("formatted");
    for code in -1..=7 {
        let format = Format::try_from(code).map_err(|_| Refused::Invalid);
        case.message(INFO, |d| d.uint8_formatted(0x12, format?));
        case.message(INFO, |d| d.uint16_formatted(0x1234, format?));
        case.message(INFO, |d| d.uint32_formatted(0x1234_5678, format?));
        case.message(INFO, |d| d.uint64_formatted(0x1234_5678_9abc_def0, format?));
        case.message(INFO, |d| d.raw(b"abcdefgh", format?));
    }
    case.finish();
}

#[test]
fn non_verbose_messages_are_those_of_the_capture() {
    let mut case = Case::open("nonverbose");
    let bytes = counting();
    case.message(INFO, |d| {
        d.message_id(ID)?;
        d.int32(1)
    });
    let messages: [fn(&mut Arguments<'_>) -> Written; 20] = [
        |d| d.bool(1),
        |d| d.int8(-8),
        |d| d.int16(-1616),
        |d| d.int32(-323_232),
        |d| d.int64(-64_646_464_646_464),
        |d| d.uint32(0xa1b2_c3d4),
        |d| d.uint32_attr(5, Some(b"n"), Some(b"u")),
        |d| d.uint16_formatted(0x1234, Format::Hex16),
        |d| d.float32(1.5),
        |d| d.float64(-2.25),
        |d| d.pointer(0x1122_3344_5566_7788),
        |d| d.string(b"hello", Ascii),
        |d| d.string_attr(b"hello", Ascii, Some(b"n")),
        |d| d.string(b"he", Ascii),
        |d| d.constant_string(b"omitted", Ascii),
        |d| d.string("héllo".as_bytes(), Utf8),
        |d| d.raw(&[0, 1, 2, 3], Format::Default),
        |d| d.raw_attr(&[0, 1, 2, 3], Format::Default, Some(b"n")),
        |d| {
            d.int32(1)?;
            d.string(b"two", Ascii)
        },
        |_| Ok(()),
    ];
    for write in messages {
        case.message(INFO_NON_VERBOSE, |d| {
            d.message_id(ID)?;
            write(d)
        });
    }
    case.message(INFO, |d| d.int32(1));
    case.message_without_extended_header(|d| {
        d.message_id(ID)?;
        d.int32(1)
    });
    case.message(INFO, |d| d.int32(1));
    let trace = |d: &mut Arguments<'_>| network_trace::whole(d, &bytes[..4], &bytes[16..24], true);
    case.message_without_extended_header(trace);
    case.message(MessageInfo::network_trace(NetworkTraceType::Ipc, false), trace);
    case.finish();
}

#[test]
fn one_call_messages_and_macros_are_those_of_the_capture() {
    let mut case = Case::open("highlevel");
    let bytes = counting();
    let info = |level| MessageInfo::log(level, true);
    case.message(info(Level::Warn), |d| d.string(b"text", Ascii));
    case.message_with_plain_integers(info(Level::Error), |d| {
        d.string(b"text", Ascii)?;
        d.int32(-7)
    });
    case.message_with_plain_integers(info(Level::Fatal), |d| {
        d.string(b"text", Ascii)?;
        d.uint32(7)
    });
    case.message_with_plain_integers(info(Level::Debug), |d| d.int32(-9));
    case.message_with_plain_integers(info(Level::Verbose), |d| d.uint32(9));
    case.message(INFO, |d| d.raw(&bytes[..5], Format::Default));
    case.message_with_plain_integers(INFO, |d| {
        d.string(b"s", Ascii)?;
        d.int32(-1)?;
        d.uint32(1)?;
        d.bool(1)?;
        d.uint16_formatted(0x1234, Format::Hex16)?;
        d.uint8_formatted(5, Format::Bin8)?;
        d.float64(0.5)?;
        d.raw(&bytes[..2], Format::Default)?;
        d.pointer(0x10)
    });
    case.message(INFO, |d| d.uint8(1));
    case.message(INFO, |d| d.constant_string(b"ts", Ascii));
    case.message(INFO, |d| d.uint16(2));
    case.message(INFO, |d| d.string(b"m1", Ascii));
    case.message_with_plain_integers(INFO, |d| {
        d.string(b"m2", Ascii)?;
        d.int32(2)
    });
    case.message_with_plain_integers(INFO, |d| {
        d.string(b"m3", Ascii)?;
        d.uint32(3)
    });
    case.message_with_plain_integers(INFO, |d| d.int32(4));
    case.message_with_plain_integers(INFO, |d| d.uint32(5));
    case.message(INFO, |d| d.raw(&bytes[..6], Format::Default));
    case.message(INFO, |d| d.uint8(1));
    case.message(INFO, |d| d.uint8(0x55));
    case.finish();
}

#[test]
fn headers_are_those_of_the_capture_in_every_combination() {
    let mut case = Case::open("headers");
    for mask in 0..8 {
        case.flags =
            HeaderFlags { session: mask & 1 != 0, timestamp: mask & 2 != 0, ecu: mask & 4 != 0 };
        let with_id = |d: &mut Arguments<'_>| {
            d.message_id(0x0102_0304)?;
            d.uint8(mask)
        };
        case.message(INFO, |d| d.uint8(mask));
        case.message(INFO_NON_VERBOSE, with_id);
        case.message_without_extended_header(with_id);
    }
    case.finish();
}

fn pattern() -> Vec<u8> {
    (0..70_000_usize).map(|i| (i * 7 + (i >> 8)) as u8).collect()
}

fn bus_header() -> Vec<u8> {
    (0xe0..=0xef).collect()
}

#[test]
fn network_traces_are_those_of_the_capture() {
    let mut case = Case::open("nwtrace");
    let (bytes, header) = (pattern(), bus_header());
    for code in 1..=15 {
        let info = MessageInfo::network_trace(NetworkTraceType::try_from(code).unwrap(), true);
        case.message(info, |d| network_trace::whole(d, &header, &bytes[..32], true));
    }
    let can = MessageInfo::network_trace(NetworkTraceType::Can, true);
    case.message(can, |d| network_trace::whole(d, &[], &bytes[..8], true));
    case.message(can, |d| network_trace::whole(d, &header, &[], true));
    case.message(can, |d| network_trace::whole(d, &[], &[], true));
    case.message(can, |d| network_trace::whole(d, &header, &bytes[..3000], true));
    case.message(can, |d| network_trace::whole(d, &header, &bytes[..3000], true));
    case.message(can, |d| network_trace::whole(d, &header, &bytes[..1362], true));
    case.message(can, |d| network_trace::whole(d, &header, &bytes[..1373], true));
    case.finish();
}

#[test]
fn segmented_network_traces_are_those_of_the_capture() {
    let mut case = Case::open("nwseg");
    let (bytes, header) = (pattern(), bus_header());
    let most = MessageInfo::network_trace(NetworkTraceType::Most, true);
    case.message(most, |d| network_trace::whole(d, &header, &bytes[..100], true));
    for (header, payload) in [
        (&header[..], &bytes[..3000]),
        (&header, &bytes[..2048]),
        (&[], &bytes[..1500]),
        (&header, &bytes[..1372]),
    ] {
        let started = &case.messages[case.done][frame::FRAME_HEADER..];
        let started = MessageView::parse(started).unwrap().payload;
        let stream = u32::from_ne_bytes(started[15..19].try_into().unwrap());
        let length = u32::try_from(payload.len()).unwrap();
        case.message(most, |d| network_trace::start(d, stream, header, length));
        for (sequence, piece) in (0..).zip(payload.chunks(network_trace::SEGMENT)) {
            case.message(most, |d| network_trace::segment(d, stream, sequence, piece));
        }
        case.message(most, |d| network_trace::end(d, stream));
    }
    case.finish();
}

#[test]
fn sizes_just_above_the_limit_are_sent_truncated_where_libdlt_loses_them() {
    let (bytes, header) = (pattern(), bus_header());
    for size in 1363..=1372 {
        let mut buffer = [0; LIMIT];
        let mut arguments = Arguments::resume(&mut buffer, 0, 0, true);
        network_trace::whole(&mut arguments, &header, &bytes[..size], true).unwrap();
        assert_eq!((arguments.size(), arguments.count()), (LIMIT, 4));
        let mut arguments = Arguments::resume(&mut buffer, 0, 0, true);
        let refused = network_trace::whole(&mut arguments, &header, &bytes[..size], false);
        assert_eq!(refused, Err(Refused::NoRoom));
    }
}

#[test]
fn a_truncated_non_verbose_trace_leaves_four_bytes_as_with_libdlt() {
    // Observed with Debian's libdlt: header of 16 bytes, payload of 3000, of which 1355 are sent.
    let (bytes, header) = (pattern(), bus_header());
    let mut buffer = [0; LIMIT];
    let mut arguments = Arguments::resume(&mut buffer, 0, 0, false);
    network_trace::whole(&mut arguments, &header, &bytes[..3000], true).unwrap();
    assert_eq!((arguments.size(), arguments.count()), (LIMIT - 4, 4));
    assert_eq!(buffer[29..31], 1355_u16.to_ne_bytes());
}

#[test]
fn messages_at_the_limit_are_those_of_the_capture() {
    let mut case = Case::open("limits");
    let bytes = vec![b'x'; 2000];
    let ascii = vec![b'a'; 5000];
    let euro = "€".repeat(1666).into_bytes();
    let plain = Format::Default;
    case.message(INFO, |d| d.raw(&bytes[..1384], plain));
    case.message(INFO, |d| {
        assert_eq!(d.raw(&bytes[..1385], plain), Err(Refused::NoRoom));
        Ok(())
    });
    case.message(INFO, |d| {
        d.raw(&bytes[..1380], plain)?;
        assert_eq!(d.uint8(1), Err(Refused::NoRoom));
        d.bool(1)
    });
    case.message(INFO, |d| d.string(&ascii[..1383], Ascii));
    let mut truncated = |write: &dyn Fn(&mut Arguments<'_>) -> Written| {
        case.message(INFO, |d| {
            assert_eq!(write(d), Err(Refused::Truncated));
            Ok(())
        });
    };
    truncated(&|d| d.string(&ascii[..1384], Ascii));
    truncated(&|d| d.string(&ascii, Ascii));
    truncated(&|d| d.string(&ascii, Utf8));
    truncated(&|d| d.string_attr(&ascii, Ascii, Some(b"attrname")));
    truncated(&|d| d.string(&euro, Utf8));
    truncated(&|d| {
        d.uint8(1)?;
        d.string(&euro, Utf8)
    });
    truncated(&|d| {
        d.uint16(1)?;
        d.string(&euro, Utf8)
    });
    case.message(INFO, |d| {
        d.raw(&bytes[..1350], plain)?;
        assert_eq!(d.string(&ascii[..40], Ascii), Err(Refused::NoRoom));
        Ok(())
    });
    case.message(INFO, |d| {
        d.raw(&bytes[..1330], plain)?;
        let text = b"0123456789012345678901234567890123456789012345678901234567890";
        assert_eq!(d.string(text, Ascii), Err(Refused::Truncated));
        Ok(())
    });
    case.finish();
}

#[test]
fn registrations_are_those_of_the_capture() {
    let captured = frames("register");
    let pid = i32::from_ne_bytes(captured[0][12..16].try_into().unwrap());
    let app = AppId::new(b"APP1");
    let context = |out: &mut Vec<u8>, id, position, level, trace, description| {
        let registration = ContextRegistration {
            app,
            context: ContextId::new(id),
            position,
            level,
            trace,
            pid,
            description,
        };
        frame::register_context(out, &registration);
    };
    let mut out = Vec::new();
    frame::register_application(&mut out, app, pid, b"Test application");
    context(&mut out, b"CTX1", 0, -2, -2, b"context one");
    context(&mut out, b"LONGNAME", 1, Level::Warn.code(), TraceStatus::On.code(), b"");
    context(&mut out, b"C", 2, -2, -2, b"");
    for id in [&b"LONG"[..], b"C", b"CTX1"] {
        frame::unregister_context(&mut out, app, ContextId::new(id), pid);
    }
    frame::unregister_application(&mut out, app, pid);
    frame::register_application(&mut out, AppId::new(b"B"), pid, b"");
    frame::unregister_application(&mut out, AppId::new(b"B"), pid);
    assert_eq!(hex(&out), hex(&captured.concat()));
}

#[test]
fn level_limits_and_overflows_are_those_of_the_captures() {
    let captured = |case, frame_type| {
        let mut frames = frames(case);
        frames.retain(|frame| frame[4..8] == u32::to_ne_bytes(frame_type));
        frames
    };
    let app = AppId::new(b"GAPP");
    let mut out = Vec::new();
    frame::application_levels(&mut out, app, Level::Warn.code(), TraceStatus::Off.code());
    frame::application_levels(&mut out, app, Level::Verbose.code(), TraceStatus::On.code());
    assert_eq!(hex(&out), hex(&captured("control", 9).concat()));
    for overflow in captured("overflow", 8) {
        let lost = u32::from_ne_bytes(overflow[8..12].try_into().unwrap());
        let mut out = Vec::new();
        frame::overflow(&mut out, lost, AppId::new(&overflow[12..16]));
        assert_eq!(hex(&out), hex(&overflow));
    }
}
