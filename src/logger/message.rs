//! A finished message on its way into the ring: the last part of every logging call.
//!
//! Nothing here takes a lock, allocates or makes a system call, but for the bell when the worker
//! sleeps and the waiting that block mode is asked for.

use core::time::Duration;

use crate::arch::{ThreadBlock, thread_block};
use crate::clock;
use crate::instance::{Instance, Switches};
use crate::registry::Cell;
use crate::ring::{Full, Pushed, SHORT_BODY};
use crate::sync::atomic::Ordering;
use crate::types::{ContextId, OverflowMode};
use crate::wire::header::{HEADERS_MAX, Header, MESSAGE_MAX, MessageInfo, STORAGE};
use crate::wire::record::RecordHead;

/// After so long, in 0.1 ms, a thread's next message begins a burst.
const PAUSE: u32 = 10;

/// Why a finished message was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Lost {
    /// No room, in time or at all.
    #[error("no room for the message")]
    NoRoom,
    /// Longer than the protocol can say.
    #[error("message too long")]
    TooLong,
    /// The file has reached its limit.
    #[error("file full")]
    FileFull,
}

/// A finished message without its payload.
#[derive(Debug, Clone, Copy)]
pub struct Finished<'a> {
    /// The context's cell.
    pub cell: &'a Cell,
    /// The cell's number.
    pub index: u32,
    /// The context's position.
    pub pos: i32,
    /// The context's identifier.
    pub context: ContextId,
    /// What it is.
    pub info: MessageInfo,
    /// Number of arguments.
    pub arguments: u8,
    /// The application's own time stamp, if it gives one.
    pub timestamp: Option<u32>,
    /// FATAL and ERROR.
    pub urgent: bool,
}

impl Finished<'_> {
    /// Puts the message, the first `length` bytes of `payload`, into the ring if it is an ordinary
    /// one: short, for the daemon, without a time stamp of its own, and there is room. False:
    /// nothing was done, see [`submit`](Self::submit). Afterwards [`wake`], if the
    /// worker sleeps.
    ///
    /// Cost: one bus lock, for the ring's tail.
    #[inline(always)]
    pub fn submit_at_once(
        &self,
        instance: &Instance,
        payload: &[u8; SHORT_BODY],
        length: usize,
    ) -> bool {
        let switches = instance.settings.switches();
        if switches.to_file() {
            return false;
        }
        let Some(place) = instance.ring.next_place(length) else { return false };
        let block = thread_block();
        let Some(time) = clock::uptime_at_once() else { return false };
        block.enter_push();
        // Right behind the reading of the counter: what follows goes on while the bus is locked.
        let reserved = instance.ring.take(place);
        let kept = reserved.is_some();
        if let Some(reserved) = reserved {
            let again = || instance.ring.send_for_next_slots();
            let timestamp = block.not_before_last_or(time.stamp(), PAUSE, again);
            let head = self.head(instance, switches, timestamp);
            instance.ring.write_short(reserved, head, payload);
        }
        block.leave_push();
        kept
    }

    /// Puts the message into the ring.
    ///
    /// # Errors
    /// When it is lost; it has been counted.
    pub fn submit(self, instance: &Instance, payload: &[u8]) -> Result<(), Lost> {
        let switches = instance.settings.switches();
        let extended = self.info.is_verbose() || switches.extended_for_non_verbose();
        if payload.len() > MESSAGE_MAX - HEADERS_MAX
            && self.is_too_long(switches, extended, payload)
        {
            instance.losses.oversize.fetch_add(1, Ordering::Relaxed);
            self.cell.count_refused();
            instance.ring_bell(); // nothing else would have the loss told
            return Err(Lost::TooLong);
        }
        // What is refused needs no time stamp.
        if instance.settings.overflow_mode() == OverflowMode::DropNewest
            && !switches.to_file()
            && instance.ring.is_full_for(payload.len(), self.urgent)
        {
            return Err(self.refuse(instance, thread_block()));
        }
        let timestamp = match self.timestamp {
            Some(timestamp) => timestamp,
            None => thread_block().not_before_last(clock::uptime()),
        };
        let head = self.head(instance, switches, timestamp);
        if switches.to_file() {
            return self.submit_to_file(instance, head, extended, payload);
        }
        self.push(instance, head, payload)
    }

    #[inline(always)]
    fn head(&self, instance: &Instance, switches: Switches, timestamp: u32) -> [u64; 3] {
        let head = RecordHead {
            cell: self.index,
            pos: self.pos,
            context: self.context,
            timestamp,
            refused: self.cell.refused(),
            htyp: switches.htyp(self.info.is_verbose()),
            info: self.info,
            arguments: self.arguments,
            app_generation: instance.registry.app_generation(),
        };
        head.to_words()
    }

    #[cold]
    fn is_too_long(&self, switches: Switches, extended: bool, payload: &[u8]) -> bool {
        self.headers(switches, extended) + payload.len() > MESSAGE_MAX
    }

    fn headers(&self, switches: Switches, extended: bool) -> usize {
        let bare = Header {
            flags: switches.header(),
            counter: 0,
            ecu: crate::types::LIBRARY_ECU,
            session: 0,
            timestamp: 0,
            extended: None,
        };
        bare.size() + if extended { Header::EXTENDED } else { 0 }
    }

    #[cold]
    fn submit_to_file(
        self,
        instance: &Instance,
        words: [u64; 3],
        extended: bool,
        payload: &[u8],
    ) -> Result<(), Lost> {
        let switches = instance.settings.switches();
        let bytes = (STORAGE + self.headers(switches, extended) + payload.len()) as u64;
        if !instance.file.spend(bytes) {
            instance.losses.file_full.fetch_add(1, Ordering::Relaxed);
            self.cell.count_refused();
            return Err(Lost::FileFull);
        }
        let pushed = self.push(instance, words, payload);
        if pushed.is_err() {
            instance.file.refund(bytes);
        }
        pushed
    }

    fn push(&self, instance: &Instance, head: [u64; 3], payload: &[u8]) -> Result<(), Lost> {
        let block = thread_block();
        let depth = block.enter_push();
        let pushed = match instance.settings.overflow_mode() {
            OverflowMode::DropNewest => instance.ring.push(head, payload, self.urgent),
            OverflowMode::Overwrite => self.push_over(instance, head, payload),
            OverflowMode::Block => self.push_patiently(instance, head, payload, block, depth),
        };
        block.leave_push();
        match pushed {
            Ok(pushed) => {
                ring_bell(instance, block, self.urgent || pushed.crowded);
                Ok(())
            }
            Err(_) => Err(self.refuse(instance, block)),
        }
    }

    #[cold]
    fn refuse(&self, instance: &Instance, block: &ThreadBlock) -> Lost {
        ring_bell(instance, block, true);
        instance.losses.refused.add(1, block.number());
        self.cell.count_refused();
        Lost::NoRoom
    }

    #[inline(never)]
    fn push_over(
        &self,
        instance: &Instance,
        head: [u64; 3],
        payload: &[u8],
    ) -> Result<Pushed, Full> {
        let number = thread_block().number();
        instance.ring.push_evicting(head, payload, self.urgent, |owner| {
            instance.losses.evicted.add(1, number);
            let (cell, pos) = RecordHead::owner(owner);
            if let Some(cell) = instance.registry.cell(cell)
                && cell.pos() == Some(pos)
            {
                cell.count_evicted();
            }
        })
    }

    #[inline(never)]
    fn push_patiently(
        &self,
        instance: &Instance,
        head: [u64; 3],
        payload: &[u8],
        block: &ThreadBlock,
        depth: u32,
    ) -> Result<Pushed, Full> {
        let mut deadline = None;
        loop {
            let full = match instance.ring.push(head, payload, self.urgent) {
                Ok(pushed) => return Ok(pushed),
                Err(full) => full,
            };
            // Waiting here for the worker, or for a push of this very thread that a handler
            // interrupted, would be waiting for oneself.
            let is_worker = block.is_worker.load(Ordering::Relaxed) != 0;
            if full.wall || is_worker || depth > 0 {
                return Err(full);
            }
            let now = clock::monotonic();
            let deadline = *deadline.get_or_insert_with(|| {
                now + instance.settings.overflow_timeout().min(Duration::from_secs(60))
            });
            match deadline.checked_sub(now).filter(|left| !left.is_zero()) {
                Some(left) => {
                    ring_bell(instance, block, true);
                    // Nothing is reserved meanwhile: a handler that interrupts this may wait, too.
                    block.leave_push();
                    instance.ring.wait_for_room(full, left);
                    block.enter_push();
                }
                None => return Err(full),
            }
        }
    }
}

/// Wakes the worker if it sleeps and this thread has not done so yet. Who pushed something
/// `urgent` wakes it from a nap, too.
pub fn wake(instance: &Instance, urgent: bool) {
    ring_bell(instance, thread_block(), urgent);
}

/// Wakes the worker if it sleeps, and this thread has not done so since it fell asleep.
#[cold]
#[inline(never)]
fn ring_bell(instance: &Instance, block: &ThreadBlock, hurry: bool) {
    let mut rung_in = block.rung_in.load(Ordering::Relaxed); // own thread only
    if instance.doorbell.should_ring(hurry, &mut rung_in) {
        instance.ring_bell();
        // Not before: a handler that interrupts this would take the bell for rung, and may wait.
        block.rung_in.store(rung_in, Ordering::Relaxed);
    }
}
