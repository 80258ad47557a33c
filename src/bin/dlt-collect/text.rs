//! A message in a line, as `dlt-receive -a` prints it.

use core::time::Duration;

use dlt::clock;
use dlt::text::{Fields, LocalTime, Room, arguments, header};
use dlt::types::EcuId;
use dlt::wire::header::MessageView;

/// Bytes of payload text that dlt-receive has room for, its NUL included.
const ROOM: usize = 65_535;

/// Makes lines; keeps what it needs for the next one.
#[derive(Default)]
pub struct Lines {
    payload: Vec<u8>,
    /// Seconds since 1970 and how far local time was ahead of UTC then.
    offset: (u64, i64),
}

impl Lines {
    /// Appends the line of a message that arrived at `wall`, counted since 1970; `ecu` stands where
    /// it names none.
    pub fn put(
        &mut self,
        out: &mut Vec<u8>,
        message: &MessageView<'_>,
        wall: Duration,
        ecu: EcuId,
    ) {
        header(out, message, &self.local(wall), ecu, Fields::ALL);
        out.extend_from_slice(b" [");
        out.extend_from_slice(self.payload(message));
        out.extend_from_slice(b"]\n");
    }

    /// The text of the payload, as far as it can be decoded.
    pub fn payload(&mut self, message: &MessageView<'_>) -> &[u8] {
        self.payload.clear();
        let mut nobody = |_| ();
        let mut room = Room::new(ROOM, &mut nobody);
        // What was decoded up to an error is all there is to print.
        let _ = arguments(&mut self.payload, message, false, false, &mut room);
        self.payload.get(..ROOM - 1).unwrap_or(&self.payload)
    }

    fn local(&mut self, wall: Duration) -> LocalTime {
        let seconds = wall.as_secs();
        if self.offset.0 != seconds {
            let offset = seconds.try_into().map_or(0, clock::utc_offset_at);
            self.offset = (seconds, offset);
        }
        let local = i64::try_from(seconds).unwrap_or(0) + self.offset.1;
        LocalTime::of(local, wall.subsec_micros().cast_signed())
    }
}
