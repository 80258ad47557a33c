//! Records on their way from the ring into the session's batch.

use core::time::Duration;

use crate::clock;
use crate::instance::Instance;
use crate::ring::Sink;
use crate::session::{Intaken, Session};
use crate::wire::record::RecordHead;

/// Puts records into the batch as messages.
pub struct Intake<'a> {
    session: &'a mut Session,
    instance: &'a Instance,
    wall: Duration,
    /// Length of the room given last, and what is in it.
    opened: Option<usize>,
    message: Option<Intaken>,
}

impl<'a> Intake<'a> {
    pub fn new(session: &'a mut Session, instance: &'a Instance) -> Self {
        let wall = match instance.settings.switches().to_file() {
            true => clock::wall(),
            false => Duration::ZERO, // only files say it
        };
        Self { session, instance, wall, opened: None, message: None }
    }

    fn abandon(&mut self) {
        if let Some(length) = self.opened.take() {
            self.session.abandon_record(length);
        }
    }
}

impl Sink for Intake<'_> {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        // The one before was given up for a newer one.
        self.abandon();
        let length = len.next_multiple_of(8);
        if self.session.is_full() {
            return None;
        }
        self.opened = Some(length);
        self.session.open_record(length)
    }

    fn copied(&mut self, _: usize) {
        let head = self.opened.and_then(|length| self.session.head_of_open_record(length));
        self.message = head.map(|head| {
            let registry = &self.instance.registry;
            Intaken {
                head,
                app: registry.app_of(head.app_generation),
                // Now, and not when it is claimed: then newer ones may have been given up too.
                evicted: registry.cell(head.cell).map_or(0, |cell| cell.evicted()),
                wall: self.wall,
            }
        });
    }

    fn claimed(&mut self, len: usize) {
        let (Some(length), Some(message)) = (self.opened.take(), self.message.take()) else {
            return;
        };
        let bytes = self.session.close_record(length, len - RecordHead::SIZE, message);
        if let Some(cell) = self.instance.registry.cell(message.head.cell)
            && cell.pos() == Some(message.head.pos)
        {
            cell.count_taken(bytes);
        }
    }
}

impl Drop for Intake<'_> {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// Takes records to count them.
#[derive(Default)]
pub struct Discard(Vec<u8>);

impl Sink for Discard {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        let length = len.next_multiple_of(8);
        if self.0.len() < length {
            self.0.resize(length, 0);
        }
        self.0.get_mut(..length)
    }

    fn claimed(&mut self, _: usize) {}
}
