//! What becomes of a frame: a line, an object, a record.

use std::path::Path;

use dlt::clock;
use dlt::message::{Filter, Message, Stored, passes_any};
use dlt::types::EcuId;
use dlt::wire::header::{MessageView, StorageHeader};
use dlt::wire::outbound::{Arrival, FromApplication};

use crate::counts::Counts;
use crate::json;
use crate::options::{Options, Shown};
use crate::output::{Failure, Output};
use crate::stop::Stop;
use crate::text::Lines;

/// What dlt-receive has for the ECU of messages that name none.
const VIEWER: EcuId = EcuId(*b"RECV");

/// Shows, stores and counts.
pub struct Report {
    shown: Option<(Shown, Output)>,
    file: Option<Output>,
    ecu: EcuId,
    most: Option<u64>,
    filters: Vec<Filter>,
    lines: Lines,
    /// The message as it is shown.
    message: Vec<u8>,
    pub counts: Counts,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NotOpen {
    #[error("cannot write to stdout: {0}")]
    Stdout(std::io::Error),
    #[error("cannot write {path}: {1}", path = .0.display())]
    File(std::path::PathBuf, std::io::Error),
}

impl Report {
    pub fn open(options: &Options) -> Result<Self, NotOpen> {
        let shown = match options.shown {
            Some(shown) => Some((shown, Output::stdout().map_err(NotOpen::Stdout)?)),
            None => None,
        };
        let file =
            |path: &Path| Output::file(path).map_err(|error| NotOpen::File(path.to_owned(), error));
        Ok(Self {
            shown,
            file: options.file.as_deref().map(file).transpose()?,
            ecu: options.ecu,
            most: options.count,
            filters: options.filters.clone(),
            lines: Lines::default(),
            message: Vec::new(),
            counts: Counts::default(),
        })
    }

    /// What goes to stdout, if anything does.
    pub fn shown(&self) -> Option<&Output> {
        self.shown.as_ref().map(|(_, output)| output)
    }

    /// Whether as many messages have come as were asked for.
    pub fn is_full(&self) -> bool {
        self.most.is_some_and(|most| self.counts.messages >= most)
    }

    /// Takes what has arrived; nothing more once it is full.
    pub fn take(&mut self, arrival: &Arrival<'_>) {
        if self.is_full() {
            return;
        }
        match arrival {
            Arrival::Frame(FromApplication::Log { bytes, .. }) => return self.message(bytes),
            Arrival::Skipped(bytes) => self.counts.skip(*bytes),
            Arrival::Frame(FromApplication::Overflow { lost, app }) => {
                self.counts.lost += u64::from(*lost);
                let app = app.as_bytes().escape_ascii();
                crate::complain(format_args!("{app} lost {lost} messages"));
            }
            Arrival::Frame(_) => {}
        }
        if let Some((Shown::Json, output)) = &mut self.shown {
            json::other(output.bytes(), arrival, clock::wall());
        }
    }

    fn message(&mut self, bytes: &[u8]) {
        if MessageView::parse(bytes).is_ok_and(|view| !passes_any(&self.filters, &view)) {
            return;
        }
        self.counts.messages += 1;
        let Self { shown, file, lines, message, .. } = self;
        message.clear();
        message.extend_from_slice(bytes);
        // As the daemon does: an identifier of the control unit is the daemon's.
        if MessageView::parse(message).is_ok_and(|view| view.ecu.is_some())
            && let Some(place) = message.get_mut(4..8)
        {
            place.copy_from_slice(&self.ecu.0);
        }
        let Ok(view) = MessageView::parse(message) else { return };
        put(shown, file, lines, message, &view, Stored { wall: clock::wall(), ecu: VIEWER });
    }

    /// Takes a message that a daemon or a file has; nothing more once it is full. What it says stays as
    /// it is.
    pub fn message_of_others(&mut self, message: &Message) {
        if self.is_full() {
            return;
        }
        self.counts.messages += 1;
        let Self { shown, file, lines, .. } = self;
        let stored = message.stored().unwrap_or(Stored { wall: clock::wall(), ecu: VIEWER });
        let ecu = if stored.ecu.is_empty() { VIEWER } else { stored.ecu };
        put(shown, file, lines, message.bytes(), &message.view(), Stored { ecu, ..stored });
    }

    /// Writes what was taken.
    pub fn flush(&mut self, stop: &Stop) -> Result<(), Failure> {
        let Self { shown, file, counts, .. } = self;
        let mut result = Ok(());
        let shown = shown.as_mut().map(|(_, output)| output);
        for output in [shown, file.as_mut()].into_iter().flatten() {
            if let Err((failure, missing)) = output.flush(stop) {
                counts.not_written += missing;
                result = Err(failure);
            }
        }
        result
    }
}

/// Shows and stores a message. `stored` tells when it was received, and what stands where it names
/// no control unit.
fn put(
    shown: &mut Option<(Shown, Output)>,
    file: &mut Option<Output>,
    lines: &mut Lines,
    message: &[u8],
    view: &MessageView<'_>,
    stored: Stored,
) {
    let Stored { wall, ecu } = stored;
    if let Some((how, output)) = shown {
        match how {
            Shown::Text => lines.put(output.bytes(), view, wall, ecu),
            Shown::Json => json::message(output.bytes(), view, wall, lines.payload(view)),
        }
        output.end_message();
    }
    if let Some(output) = file {
        let head = StorageHeader {
            seconds: wall.as_secs() as u32, // what the header has room for
            microseconds: wall.subsec_micros().cast_signed(),
            ecu: view.ecu.unwrap_or(ecu),
        };
        output.bytes().extend_from_slice(&head.compose());
        output.bytes().extend_from_slice(message);
        output.end_message();
    }
}
