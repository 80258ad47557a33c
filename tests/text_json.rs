//! Messages as JSON, byte for byte.

use dlt::text::json::{self, Object};
use dlt::wire::header::MessageView;

/// The object of a message without optional header fields but with an extended header.
fn object(htyp: u8, info: u8, arguments: u8, payload: &[u8]) -> String {
    let length = u8::try_from(14 + payload.len()).expect("short");
    let headers = [htyp | 0x21, 9, 0, length, info, arguments];
    let bytes = [&headers[..], b"APP\0C\"X1", payload].concat();
    let mut out = Vec::new();
    let mut object = Object::open(&mut out);
    json::message(&mut object, &MessageView::parse(&bytes).expect("a message"));
    object.close();
    String::from_utf8(out).expect("JSON is UTF-8")
}

/// What stands behind the headers of a verbose message.
fn verbose(arguments: u8, payload: &[u8]) -> String {
    let start =
        r#"{"counter":9,"app":"APP","context":"C\"X1","type":"log","level":"info","verbose":true,"#;
    let object = object(0, 0x41, arguments, payload);
    let rest = object.strip_prefix(start).unwrap_or_else(|| panic!("{object}"));
    rest.strip_suffix('}').expect("an object").to_owned()
}

#[test]
fn text_that_json_has_no_form_for_is_escaped_or_told_as_bytes() {
    let text = |text: &[u8]| {
        let length = u8::try_from(text.len() + 1).expect("short");
        verbose(1, &[&[0, 0x82, 0, 0, length, 0], text, &[0]].concat())
    };
    assert_eq!(
        text("a\"\\\n\t\u{1}\u{85}\u{2028}é".as_bytes()),
        r#""arguments":[{"type":"string","value":"a\"\\\n\t\u0001\u0085\u2028é"}]"#
    );
    assert_eq!(
        text(b"a\xffb"),
        "\"arguments\":[{\"type\":\"string\",\"value\":\"a\u{fffd}b\",\"bytes\":\"61ff62\"}]"
    );
}

#[test]
fn numbers_that_json_has_no_form_for_are_told_otherwise() {
    let wide = [&[0x45, 0, 0, 0], &[1; 16][..]].concat();
    let bytes = "01".repeat(16);
    let expected = format!(r#""arguments":[{{"type":"uint","bits":128,"bytes":"{bytes}"}}]"#);
    assert_eq!(verbose(1, &wide), expected);
    let infinite = [&[0x83, 0, 0, 0], &f32::NEG_INFINITY.to_le_bytes()[..]].concat();
    assert_eq!(verbose(1, &infinite), r#""arguments":[{"type":"float","bits":32,"value":"-inf"}]"#);
    let tiny = [&[0x84, 0, 0, 0], &5e-324_f64.to_le_bytes()[..]].concat();
    assert_eq!(verbose(1, &tiny), r#""arguments":[{"type":"float","bits":64,"value":5e-324}]"#);
}

#[test]
fn what_cannot_be_decoded_is_told_behind_what_can() {
    let payload = b"\x21\0\0\0\xff\x11\0\0\0\x07\0\0\x01\0rest";
    assert_eq!(
        verbose(3, payload),
        r#""arguments":[{"type":"int","bits":8,"value":-1},{"type":"bool","value":true}],"#
            .to_owned()
            + r#""error":"argument of unknown type 0x10000","rest":"0000010072657374""#
    );
    assert_eq!(
        verbose(1, b"\x42\0\x01\0\x07"),
        r#""arguments":[],"error":"payload ends too early","rest":"4200010007""#
    );
    assert_eq!(
        verbose(1, b"\x41\0\x01\0\x07more"),
        r#""arguments":[{"type":"uint","bits":8,"format":"hex","value":7}],"rest":"6d6f7265""#
    );
}

#[test]
fn what_has_no_types_is_an_identifier_and_bytes() {
    assert_eq!(
        object(0, 0x40, 1, b"\x01\x02\0\0ab"),
        r#"{"counter":9,"app":"APP","context":"C\"X1","type":"log","level":"info","verbose":false,"message_id":513,"payload":"6162"}"#
    );
    assert_eq!(
        object(0x02, 0x24, 1, b"\0\0\x02\x01"),
        r#"{"counter":9,"app":"APP","context":"C\"X1","type":"nw_trace","subtype":"can","verbose":false,"payload":"00000201"}"#
    );
    assert_eq!(
        object(0x02, 0xf0, 1, b"\0\0\x02\x01"),
        r#"{"counter":9,"app":"APP","context":"C\"X1","type":"log","level":"15","verbose":false,"message_id":513,"payload":""}"#
    );
}
