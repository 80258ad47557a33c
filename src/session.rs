//! State machine of the link to the daemon: what is told to it, in which order, and what its
//! answers mean. Pure: bytes, times and events come in as arguments, bytes and events go out.
//!
//! Commands carry the position in the ring at which they were given; the worker delivers the
//! records below it first, so nothing overtakes. A command waits as long as what is in front of it.
//!
//! Nothing is sent while no application is registered: the daemon would not know whose it is. The
//! registration itself is therefore taken out of turn when nothing else can go on.

#![forbid(unsafe_code)]

mod queue;
mod reconnect;

use core::num::NonZeroUsize;
use std::collections::{BTreeMap, VecDeque};

use crate::types::{AppId, ContextId, LIBRARY_ECU};
use crate::wire::frame;
use crate::wire::header::{HEADERS_MAX, Header, STORAGE, StorageHeader};
use crate::wire::inbound::{FromDaemon, Inbound};
use crate::wire::record::RecordHead;

pub use queue::Queue;
pub use reconnect::{Outlook, Reconnect};

/// Bytes that are taken out of the ring ahead of the link.
const BATCH: usize = 64 * 1024;
/// Commands that wait, from which on those that cancel each other out are dropped.
const MANY_COMMANDS: usize = 1024;
/// The longest frame on top.
const BATCH_CAPACITY: usize = BATCH + 65_535 + 256;

/// What is written in front of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// The daemon's frame header; registrations are sent.
    Daemon,
    /// A storage header; registrations are not written.
    File,
}

/// What the application tells the daemon besides messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The process is this application from here on.
    RegisterApplication {
        /// Its identifier.
        id: AppId,
        /// Text for viewers.
        description: Vec<u8>,
    },
    /// The application is gone; what follows waits for the next one.
    UnregisterApplication,
    /// A context, with -2 for what it leaves to the daemon.
    RegisterContext {
        /// Position in registration order.
        pos: i32,
        /// Number of its cell.
        cell: u32,
        /// Its identifier.
        id: ContextId,
        /// Log level.
        level: i8,
        /// Trace status.
        trace: i8,
        /// Text for viewers.
        description: Vec<u8>,
    },
    /// A context is gone.
    UnregisterContext {
        /// Its position and cell, unless it was unregistered before.
        registration: Option<(i32, u32)>,
        /// Its identifier.
        id: ContextId,
    },
    /// Level and trace status of all contexts.
    LimitLevels {
        /// Log level.
        level: i8,
        /// Trace status.
        trace: i8,
    },
    /// A mark in the daemon's log.
    Marker,
    /// What was lost so far.
    TellLoss,
}

/// What the daemon wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// Level and trace status of a context.
    SetLevel {
        /// The context.
        pos: i32,
        /// Log level, -1 to 6.
        level: i8,
        /// Trace status, -1 to 1.
        trace: i8,
    },
    /// Data for a context.
    Inject {
        /// The context.
        pos: i32,
        /// What it is about.
        service: u32,
        /// The data; not empty.
        data: &'a [u8],
    },
    /// Whether a client listens (1) or not (0).
    LogState(i8),
}

#[derive(Debug)]
struct Application {
    id: AppId,
    description: Vec<u8>,
}

#[derive(Debug)]
struct Context {
    id: ContextId,
    level: i8,
    trace: i8,
    description: Vec<u8>,
}

/// Counts of one registration, at its cell's number.
#[derive(Debug, Clone, Copy, Default)]
struct Counter {
    pos: i32,
    sent: u32,
    refused: u32,
}

/// A record on its way into the batch, with what only the worker knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Intaken {
    /// Its head.
    pub head: RecordHead,
    /// The application it was logged as; None if there was none yet.
    pub app: Option<AppId>,
    /// How many accepted messages of its context were given up so far.
    pub evicted: u32,
    /// Wall time, for files.
    pub wall: core::time::Duration,
}

/// The application's side of the link.
#[derive(Debug)]
pub struct Session {
    framing: Framing,
    pid: i32,
    /// What the daemon is told as process id: it makes from it the name of the way back.
    number: i32,
    connected: bool,
    app: Option<Application>,
    contexts: BTreeMap<i32, Context>,
    commands: VecDeque<(u64, Command)>,
    /// Goes before everything else on a new link.
    greeting: Queue,
    batch: Queue,
    inbound: Inbound,
    counters: Vec<Counter>,
    /// Cells of contexts that nothing refers to any more.
    released: Vec<u32>,
    lost: u64,
    told: u64,
}

impl Session {
    /// A session of the process `pid` without a link. `told` is how many lost messages earlier
    /// sessions of the process have told of.
    pub fn new(framing: Framing, pid: i32, told: u64) -> Self {
        Self {
            framing,
            pid,
            number: pid,
            connected: framing == Framing::File,
            app: None,
            contexts: BTreeMap::new(),
            commands: VecDeque::new(),
            greeting: Queue::default(),
            batch: Queue::with_capacity(BATCH_CAPACITY),
            inbound: Inbound::new(),
            counters: Vec::new(),
            released: Vec::new(),
            lost: told,
            told,
        }
    }

    /// There is a link: the application and its contexts are named first. `number` is registered as
    /// process id, and leads the daemon to the way back.
    pub fn connected(&mut self, number: i32) {
        self.connected = true;
        self.greeting.clear();
        self.inbound.clear();
        // The batch may hold a registration from before.
        let outdated = !self.batch.is_empty();
        self.known_as(number, outdated);
        let Some(app) = &self.app else { return };
        let (id, pid, description) = (app.id, self.number, &app.description);
        self.greeting.append(|out| frame::register_application(out, id, pid, description));
        // Those that are gone by now only say so, at their turn.
        let leaving = |pos: &i32| {
            self.commands.iter().any(|(_, command)| {
                matches!(command, Command::UnregisterContext { registration: Some((p, _)), .. } if p == pos)
            })
        };
        for (pos, context) in self.contexts.iter().filter(|(pos, _)| !leaving(pos)) {
            let registration = registration(id, *pos, pid, context);
            self.greeting.append(|out| frame::register_context(out, &registration));
        }
    }

    /// The way back has another number: the daemon is told, behind all that waits.
    pub fn renumbered(&mut self, number: i32) {
        self.inbound.clear();
        self.known_as(number, true);
    }

    fn known_as(&mut self, number: i32, tell: bool) {
        let changed = core::mem::replace(&mut self.number, number) != number;
        if changed
            && tell
            && self.connected
            && self.framing == Framing::Daemon
            && let Some(app) = &self.app
        {
            let (id, description) = (app.id, &app.description);
            self.batch.append(|out| frame::register_application(out, id, number, description));
            for (pos, context) in &self.contexts {
                let registration = registration(id, *pos, number, context);
                self.batch.append(|out| frame::register_context(out, &registration));
            }
        }
    }

    /// The link is gone. What it did not take whole is sent again on the next.
    pub fn closed(&mut self) {
        self.connected = false;
        self.greeting.clear();
        self.batch.rewind();
        self.inbound.clear();
    }

    /// Whether there is a link.
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    /// Puts a command behind the records below `position`.
    pub fn order(&mut self, position: u64, command: Command) {
        if let Command::UnregisterContext { registration: Some((pos, cell)), .. } = &command
            && self.commands.len() >= MANY_COMMANDS
        {
            let registered = self.commands.iter().rposition(
                |(_, earlier)| matches!(earlier, Command::RegisterContext { pos: p, .. } if p == pos),
            );
            if let Some(index) = registered {
                // What waits must not grow with every context that comes and goes while there is
                // no daemon. This one it will never have heard of.
                self.commands.remove(index);
                self.released.push(*cell);
                return;
            }
        }
        let behind = self.commands.back().map_or(0, |(position, _)| *position);
        self.commands.push_back((position.max(behind), command));
    }

    /// The total of lost messages; what was not yet told is, behind the records below `position`.
    pub fn note_loss(&mut self, lost: u64, position: u64) {
        self.lost = lost;
        let told = self.framing == Framing::File || !self.connected || lost == self.told;
        let noted = |(_, command): &(u64, Command)| *command == Command::TellLoss;
        if !told && !self.commands.iter().any(noted) {
            self.order(position, Command::TellLoss);
        }
    }

    /// How many lost messages daemons were told of.
    pub fn told(&self) -> u64 {
        self.told
    }

    /// The position up to which records may be taken now: the next command's, at most `until`.
    /// Carries out all commands that are due before `walked`, the position reached so far.
    /// None if no records may be taken.
    pub fn advance(&mut self, walked: u64, until: u64) -> Option<u64> {
        loop {
            if self.is_without_application() && !self.adopt_next_application() {
                return None;
            }
            // While there is no link, what waits in the batch is in front of every command.
            if !self.connected && !self.batch.is_empty() || self.is_full() {
                return None;
            }
            match self.commands.front() {
                Some((position, _)) if *position <= walked => {
                    if let Some((_, command)) = self.commands.pop_front() {
                        self.carry_out(command);
                    }
                }
                next => {
                    let limit = next.map_or(until, |(position, _)| until.min(*position));
                    return self.connected.then_some(limit);
                }
            }
        }
    }

    /// Whether messages wait for an application to be registered.
    pub fn is_without_application(&self) -> bool {
        self.framing == Framing::Daemon && self.app.is_none()
    }

    fn adopt_next_application(&mut self) -> bool {
        let is_registration =
            |(_, command): &(u64, Command)| matches!(command, Command::RegisterApplication { .. });
        let Some(index) = self.commands.iter().position(is_registration) else {
            return false;
        };
        if let Some((_, command)) = self.commands.remove(index) {
            self.carry_out(command);
        }
        true
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::RegisterApplication { id, description } => {
                let pid = self.number;
                self.send(|out, _| frame::register_application(out, id, pid, &description));
                self.app = Some(Application { id, description });
            }
            Command::UnregisterApplication => {
                // While the daemon still knows whose loss it is.
                self.tell_loss();
                let pid = self.number;
                self.send(|out, app| frame::unregister_application(out, app, pid));
                self.app = None;
            }
            Command::RegisterContext { pos, cell, id, level, trace, description } => {
                let context = Context { id, level, trace, description };
                let pid = self.number;
                self.send(|out, app| {
                    frame::register_context(out, &registration(app, pos, pid, &context));
                });
                self.contexts.insert(pos, context);
                self.counter(cell, pos);
            }
            Command::UnregisterContext { registration, id } => {
                let pid = self.number;
                self.send(|out, app| frame::unregister_context(out, app, id, pid));
                if let Some((pos, cell)) = registration {
                    self.contexts.remove(&pos);
                    self.released.push(cell);
                }
            }
            Command::LimitLevels { level, trace } => {
                for context in self.contexts.values_mut() {
                    (context.level, context.trace) = (level, trace);
                }
                self.send(|out, app| frame::application_levels(out, app, level, trace));
            }
            Command::Marker => self.send(|out, _| frame::marker(out)),
            Command::TellLoss => self.tell_loss(),
        }
    }

    fn tell_loss(&mut self) {
        while self.connected && self.told < self.lost {
            let count = u32::try_from(self.lost - self.told).unwrap_or(u32::MAX);
            self.send(|out, app| frame::overflow(out, count, app));
            self.told += u64::from(count);
        }
    }

    /// Appends a frame; without a link the greeting of the next one says it.
    fn send(&mut self, compose: impl FnOnce(&mut Vec<u8>, AppId)) {
        if self.connected && self.framing == Framing::Daemon {
            let app = self.app.as_ref().map_or(AppId::default(), |app| app.id);
            self.batch.append(|out| compose(out, app));
        }
    }

    fn counter(&mut self, cell: u32, pos: i32) -> &mut Counter {
        let index = cell as usize;
        if index >= self.counters.len() {
            let fresh = Counter { pos: -1, ..Counter::default() };
            self.counters.resize(index + 1, fresh);
        }
        // The index is in bounds by the lines above.
        let counter = &mut self.counters[index];
        if counter.pos != pos {
            *counter = Counter { pos, sent: 0, refused: 0 };
        }
        counter
    }

    fn lead(&self) -> usize {
        HEADERS_MAX
            + match self.framing {
                Framing::Daemon => frame::FRAME_HEADER,
                Framing::File => STORAGE,
            }
    }

    /// Whether no more is taken before the link has taken some.
    pub fn is_full(&self) -> bool {
        self.batch.len() >= BATCH
    }

    /// Room for a record of `length` bytes with its head.
    pub fn open_record(&mut self, length: usize) -> Option<&mut [u8]> {
        let gap = self.lead() - RecordHead::SIZE;
        self.batch.open_frame(gap + length).get_mut(gap..)
    }

    /// The record of `length` bytes was not to be had after all.
    pub fn abandon_record(&mut self, length: usize) {
        let gap = self.lead() - RecordHead::SIZE;
        self.batch.abandon_frame(gap + length);
    }

    /// The head of the record that was put into the room of `length` bytes.
    pub fn head_of_open_record(&mut self, length: usize) -> Option<RecordHead> {
        let (words, _) = self.batch.tail(length)?.as_chunks::<8>();
        let [owner, what, how, ..] = words else { return None };
        Some(RecordHead::from_words([*owner, *what, *how].map(u64::from_le_bytes)))
    }

    /// Makes the record in the room of `length` bytes a message. `payload` bytes behind the head
    /// are its payload. Returns the bytes of the message.
    pub fn close_record(&mut self, length: usize, payload: usize, message: Intaken) -> usize {
        let lead = self.lead();
        let excess = length - RecordHead::SIZE - payload;
        self.batch.abandon_frame(excess);
        let opened = lead + payload;
        let Intaken { head, app, evicted, wall } = message;
        let number = self.next_number(&head, evicted);
        let app = app.or(self.app.as_ref().map(|app| app.id)).unwrap_or_default();
        let header = Header {
            flags: head.flags(),
            counter: number,
            ecu: LIBRARY_ECU,
            session: self.pid.cast_unsigned(),
            timestamp: head.timestamp,
            extended: head.extended(app),
        };
        let prefix = lead - HEADERS_MAX;
        let from = HEADERS_MAX - header.size();
        let composed = self.batch.tail(opened).and_then(|bytes| {
            let (front, rest) = bytes.get_mut(from..)?.split_at_mut_checked(prefix)?;
            match self.framing {
                Framing::Daemon => front.copy_from_slice(&frame::LOG),
                Framing::File => front.copy_from_slice(&storage(wall)),
            }
            header.compose(rest, payload).ok()
        });
        match composed {
            Some(_) => self.batch.close_frame(opened, from, true),
            // Messages that are too long are refused before they reach the ring.
            None => self.batch.abandon_frame(opened),
        }
        header.size() + payload
    }

    /// The message counter: one more than the last of the context, and one more for each that was
    /// lost between them.
    fn next_number(&mut self, head: &RecordHead, evicted: u32) -> u8 {
        let counter = self.counter(head.cell, head.pos);
        // Two threads of one context may have looked at the count in the other order.
        if head.refused.wrapping_sub(counter.refused).cast_signed() > 0 {
            counter.refused = head.refused;
        }
        let number = counter.sent.wrapping_add(counter.refused).wrapping_add(evicted);
        counter.sent = counter.sent.wrapping_add(1);
        number as u8 // what the header has room for
    }

    /// What to write next, at most `longest` bytes unless one frame is longer.
    pub fn next_write(&self, longest: NonZeroUsize) -> &[u8] {
        match self.greeting.is_empty() {
            false => self.greeting.next_write(longest),
            true => self.batch.next_write(longest),
        }
    }

    /// The link took `count` bytes of that. Returns how many messages it now has.
    pub fn took(&mut self, count: usize) -> u64 {
        match self.greeting.is_empty() {
            false => self.greeting.took(count),
            true => self.batch.took(count),
        }
    }

    /// Whether nothing is left to write.
    pub fn is_drained(&self) -> bool {
        self.greeting.is_empty() && self.batch.is_empty()
    }

    /// A mark for "all that is in the batch now"; see [`Session::has_passed`].
    pub fn mark(&self) -> u64 {
        self.batch.appended()
    }

    /// Whether all up to the mark was taken by a link.
    pub fn has_passed(&self, mark: u64) -> bool {
        self.greeting.is_empty() && self.batch.sent() >= mark
    }

    /// Position of the first command that waits.
    pub fn next_command(&self) -> Option<u64> {
        self.commands.front().map(|(position, _)| *position)
    }

    /// Messages in the batch.
    pub fn waiting(&self) -> usize {
        self.batch.messages()
    }

    /// Gives up what is in the batch. Returns how many messages that were.
    pub fn abandon(&mut self) -> u64 {
        self.greeting.clear();
        self.batch.clear()
    }

    /// Cells that may be used for other contexts from now on.
    pub fn take_released(&mut self) -> Vec<u32> {
        core::mem::take(&mut self.released)
    }

    /// Bytes came from the daemon: `act` on each thing that it wants.
    pub fn received(&mut self, bytes: &[u8], mut act: impl FnMut(Event<'_>)) {
        self.inbound.feed(bytes);
        while let Some(frame) = self.inbound.next() {
            match frame {
                FromDaemon::LogLevel { level, trace, pos } => {
                    let (level, trace) = (level.cast_signed(), trace.cast_signed());
                    let Some(context) = self.contexts.get_mut(&pos) else {
                        continue;
                    };
                    if (-1..=6).contains(&level) && (-1..=1).contains(&trace) {
                        (context.level, context.trace) = (level, trace);
                        act(Event::SetLevel { pos, level, trace });
                    }
                }
                FromDaemon::Injection { data: [], .. } => {}
                FromDaemon::Injection { pos, service, data } => {
                    act(Event::Inject { pos, service, data });
                }
                FromDaemon::LogState(state) => act(Event::LogState(state)),
            }
        }
    }
}

fn registration<'a>(
    app: AppId,
    pos: i32,
    pid: i32,
    context: &'a Context,
) -> frame::ContextRegistration<'a> {
    frame::ContextRegistration {
        app,
        context: context.id,
        position: pos,
        level: context.level,
        trace: context.trace,
        pid,
        description: &context.description,
    }
}

fn storage(wall: core::time::Duration) -> [u8; STORAGE] {
    StorageHeader {
        seconds: wall.as_secs() as u32, // what the header has room for, until 2106
        microseconds: wall.subsec_micros().cast_signed(),
        ecu: LIBRARY_ECU,
    }
    .compose()
}

#[cfg(test)]
mod tests;
