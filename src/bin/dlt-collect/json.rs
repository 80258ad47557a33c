//! A frame as a JSON object in a line. docs/dlt-collect.md tells the fields.

use core::time::Duration;

use dlt::text::LocalTime;
use dlt::text::json::{self, Object};
use dlt::wire::header::MessageView;
use dlt::wire::outbound::{Arrival, FromApplication};

/// Appends the line of a message; `text` is what its payload looks like to people.
pub fn message(out: &mut Vec<u8>, message: &MessageView<'_>, wall: Duration, text: &[u8]) {
    line(out, "message", wall, |object| {
        json::message(object, message);
        object.text("text", text);
    });
}

/// Appends the line of anything else.
pub fn other(out: &mut Vec<u8>, arrival: &Arrival<'_>, wall: Duration) {
    let frame = match arrival {
        Arrival::Skipped(bytes) => {
            let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
            return line(out, "skipped", wall, |object| object.number("bytes", bytes));
        }
        Arrival::Frame(frame) => *frame,
    };
    match frame {
        FromApplication::Log { message, .. } => {
            line(out, "message", wall, |object| json::message(object, &message));
        }
        FromApplication::RegisterApplication { app, pid, description } => {
            line(out, "register_application", wall, |object| {
                object.identifier("app", app.0);
                object.number("pid", pid);
                object.text("description", description);
            });
        }
        FromApplication::UnregisterApplication { app, pid } => {
            line(out, "unregister_application", wall, |object| {
                object.identifier("app", app.0);
                object.number("pid", pid);
            });
        }
        FromApplication::RegisterContext(context) => {
            line(out, "register_context", wall, |object| {
                object.identifier("app", context.app.0);
                object.identifier("context", context.context.0);
                object.number("position", context.position);
                object.text("level", level(context.level).as_bytes());
                object.text("trace", trace(context.trace).as_bytes());
                object.number("pid", context.pid);
                object.text("description", context.description);
            });
        }
        FromApplication::UnregisterContext { app, context, pid } => {
            line(out, "unregister_context", wall, |object| {
                object.identifier("app", app.0);
                object.identifier("context", context.0);
                object.number("pid", pid);
            });
        }
        FromApplication::Overflow { lost, app } => line(out, "overflow", wall, |object| {
            object.identifier("app", app.0);
            object.number("lost", lost);
        }),
        FromApplication::ApplicationLevels { app, level: asked, trace: status } => {
            line(out, "application_levels", wall, |object| {
                object.identifier("app", app.0);
                object.text("level", level(asked).as_bytes());
                object.text("trace", trace(status).as_bytes());
            });
        }
        FromApplication::LogMode(mode) => {
            line(out, "log_mode", wall, |object| object.number("mode", mode));
        }
        FromApplication::Marker => line(out, "marker", wall, |_| ()),
    }
}

fn line(out: &mut Vec<u8>, kind: &str, wall: Duration, fields: impl FnOnce(&mut Object<'_>)) {
    let mut object = Object::open(out);
    object.text("kind", kind.as_bytes());
    object.text("received", received(wall).as_bytes());
    fields(&mut object);
    object.close();
    out.push(b'\n');
}

/// As RFC 3339 has it, in UTC.
fn received(wall: Duration) -> String {
    let seconds = i64::try_from(wall.as_secs()).unwrap_or(0);
    let LocalTime { year, month, day, hour, minute, second, .. } = LocalTime::of(seconds, 0);
    let microseconds = wall.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{microseconds:06}Z")
}

fn level(code: i8) -> String {
    const NAMES: [&str; 9] =
        ["not_set", "default", "off", "fatal", "error", "warn", "info", "debug", "verbose"];
    named(code, &NAMES)
}

fn trace(code: i8) -> String {
    named(code, &["not_set", "default", "off", "on"])
}

/// The name of a code, of which the first is that of -2; or the code.
fn named(code: i8, names: &[&str]) -> String {
    let index = usize::try_from(i16::from(code) + 2).ok();
    let name = index.and_then(|index| names.get(index));
    name.map_or_else(|| code.to_string(), |name| (*name).to_owned())
}
