//! What applications, or who takes their place, send to the daemon's end.

use dlt::text::json::{self, Object};
use dlt::text::{self, LocalTime};
use dlt::types::LIBRARY_ECU;
use dlt::wire::outbound::{Arrival, FromApplication, Outbound};

/// Feeds `bytes` as pieces whose sizes follow from them, and shows what comes out in every form.
/// Panics where bytes get lost or multiply, or a message cannot be shown.
pub fn input(bytes: &[u8]) {
    let mut outbound = Outbound::new();
    let (mut framed, mut skipped, mut markers) = (0, 0, 0);
    let mut rest = bytes;
    while let [first, ..] = rest {
        let (piece, behind) = rest.split_at(rest.len().min(1 + usize::from(*first) * 3));
        rest = behind;
        outbound.feed(piece);
        loop {
            while let Some(arrival) = outbound.next() {
                match arrival {
                    Arrival::Skipped(count) => skipped += count,
                    Arrival::Frame(frame) => {
                        framed += least_size(&frame);
                        markers += usize::from(frame == FromApplication::Marker);
                        show(&frame);
                    }
                }
            }
            if first % 2 == 0 || !outbound.give_up_waiting() {
                break;
            }
        }
    }
    skipped += outbound.end();
    // The ninth byte of a marker and a serial header are neither.
    let most = framed + skipped + markers + 4 * bytes.len() / 16;
    assert!(framed + skipped <= bytes.len() && bytes.len() <= most);
}

fn least_size(frame: &FromApplication<'_>) -> usize {
    match frame {
        FromApplication::Log { message, bytes } => {
            assert_eq!(usize::from(message.length), bytes.len());
            8 + bytes.len()
        }
        FromApplication::RegisterApplication { description, .. } => 20 + description.len(),
        FromApplication::RegisterContext(context) => 30 + context.description.len(),
        FromApplication::UnregisterContext { .. } => 20,
        FromApplication::UnregisterApplication { .. } | FromApplication::Overflow { .. } => 16,
        FromApplication::ApplicationLevels { .. } => 14,
        FromApplication::LogMode(_) => 9,
        FromApplication::Marker => 8,
    }
}

fn show(frame: &FromApplication<'_>) {
    let FromApplication::Log { message, .. } = frame else { return };
    let mut line = Vec::new();
    text::line(&mut line, message, &LocalTime::utc(0, 0), LIBRARY_ECU);
    let mut out = Vec::new();
    let mut object = Object::open(&mut out);
    json::message(&mut object, message);
    object.text("text", &line);
    object.close();
    assert!(!out.contains(&b'\n'));
    if let Err(error) = serde_json::from_slice::<serde_json::Value>(&out) {
        panic!("{error} in {}", String::from_utf8_lossy(&out));
    }
}
