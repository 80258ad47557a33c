//! Local print: each message on the console as well, whether or not there is a daemon.

use std::collections::BTreeMap;

use crate::clock;
use crate::config::LocalPrint;
use crate::diagnostics;
use crate::instance::Instance;
use crate::ring::{Follower, Position, Ring};
use crate::text::{self, LocalTime};
use crate::types::LIBRARY_ECU;
use crate::wire::header::{HEADERS_MAX, Header, MessageView};
use crate::wire::record::RecordHead;

/// Prints what is new in the ring.
pub struct Printer {
    mode: LocalPrint,
    pid: i32,
    follower: Follower,
    /// Messages printed by registration, for their counters.
    printed: BTreeMap<(u32, i32), u32>,
    message: Vec<u8>,
    line: Vec<u8>,
}

impl Printer {
    pub fn new(mode: LocalPrint, pid: i32, ring: &Ring) -> Self {
        Self {
            mode,
            pid,
            follower: Follower::new(ring),
            printed: BTreeMap::new(),
            message: Vec::new(),
            line: Vec::new(),
        }
    }

    /// Whether messages are printed.
    pub fn is_on(&self, instance: &Instance) -> bool {
        self.mode.prints(instance.settings.switches().print())
    }

    /// Prints the messages up to `observed` that were not printed. Those that were logged while
    /// printing was off are passed over.
    pub fn print_new(&mut self, instance: &Instance, observed: Position) {
        if !self.is_on(instance) {
            self.follower.skip_to(observed);
            return;
        }
        let Self { pid, follower, printed, message, line, .. } = self;
        line.clear();
        follower.follow(&instance.ring, observed, |record, length| {
            let (words, _) = record.as_chunks::<8>();
            let [owner, what, how, ..] = words else { return };
            let head = RecordHead::from_words([*owner, *what, *how].map(u64::from_le_bytes));
            let payload = record.get(RecordHead::SIZE..length).unwrap_or_default();
            let count = printed.entry((head.cell, head.pos)).or_insert(0);
            let number = count.wrapping_add(head.refused);
            *count = count.wrapping_add(1);
            let registry = &instance.registry;
            // What was logged before the application was registered belongs to it all the same.
            let app = registry.app_of(head.app_generation).or_else(|| registry.app());
            let app = app.unwrap_or_default();
            let header = Header {
                flags: head.flags(),
                counter: number as u8, // what the header has room for
                ecu: LIBRARY_ECU,
                session: pid.cast_unsigned(),
                timestamp: head.timestamp,
                extended: head.extended(app),
            };
            message.resize(HEADERS_MAX, 0);
            let Ok(size) = header.compose(message, payload.len()) else { return };
            message.truncate(size);
            message.extend_from_slice(payload);
            if let Ok(view) = MessageView::parse(message) {
                text::line(line, &view, &now(), LIBRARY_ECU);
            }
        });
        if !line.is_empty() {
            diagnostics::put(line);
        }
        // The counts of contexts that are gone are of no more use.
        if printed.len() > 1024 {
            printed.retain(|(_, pos), _| instance.registry.context(*pos).is_some());
        }
    }
}

fn now() -> LocalTime {
    let (wall, offset) = (clock::wall(), clock::utc_offset());
    let seconds = i64::try_from(wall.as_secs()).unwrap_or(0) + offset;
    LocalTime::utc(u32::try_from(seconds).unwrap_or(0), wall.subsec_micros().cast_signed())
}
