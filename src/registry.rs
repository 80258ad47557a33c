//! The contexts of the process, as both the application and the worker see them: a cell a context at
//! an address that stays, holding its threshold and trace status (the application's own code reads
//! them through the pointers in its `DltContext`), and what it lost.
//!
//! Cells are never unmapped: a pointer kept too long reads a stale level, no more. Names,
//! descriptions and callbacks are behind a lock that no logging call takes.

use core::ptr;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::memory;
use crate::sync::atomic::{AtomicI8, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering};
use crate::types::{AppId, ContextId};

/// Contexts in the first region; each further region has as many again.
const CELLS_A_REGION: usize = 4096;
const REGIONS: usize = 256;

/// One context. The first line is written when the level changes, the second when a message is
/// lost, the third by the worker: none of them by an ordinary logging call.
#[derive(Debug)]
#[repr(C, align(256))]
pub struct Cell {
    /// Threshold: messages above it are not logged. First, for the C side points at it.
    pub level: AtomicI8,
    /// Trace status; 1 is on.
    pub trace: AtomicI8,
    /// The cell's number in the lower half; in the upper one the context's position in registration
    /// order + 1, 0 if no context is registered here. One word, so that one load tells both.
    identity: AtomicU64,
    losses: Losses,
    taken: Taken,
}

#[derive(Debug)]
#[repr(C, align(64))]
struct Losses {
    /// Messages refused at `finish`.
    refused: AtomicU64,
    /// Messages that were accepted and given up for newer ones.
    evicted: AtomicU64,
}

/// What the worker has taken out of the ring to send. Written by it alone.
#[derive(Debug)]
#[repr(C, align(64))]
struct Taken {
    messages: AtomicU64,
    bytes: AtomicU64,
}

/// What became of one context's messages since it was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counts {
    /// Messages that were sent, or are about to be.
    pub messages: u64,
    /// Bytes of those messages, headers included.
    pub bytes: u64,
    /// Messages that were lost.
    pub lost: u64,
}

const _: () = assert!(size_of::<Cell>() == 256);

impl Cell {
    /// The context's position in registration order, which the daemon echoes.
    #[inline]
    pub fn pos(&self) -> Option<i32> {
        self.identity().map(|(_, pos)| pos)
    }

    /// The cell's number and the context's position, if one is registered here.
    #[inline(always)]
    pub fn identity(&self) -> Option<(u32, i32)> {
        // Acquire pairs with Release in add(): a registered cell is whole.
        let identity = self.identity.load(Ordering::Acquire);
        let pos = (identity >> 32).checked_sub(1)?;
        Some((identity as u32, pos as i32)) // below 2^31 by add()
    }

    /// The cell's number: below [`Registry::LIMIT`], reused after the context is gone.
    #[inline]
    pub fn index(&self) -> u32 {
        self.identity.load(Ordering::Relaxed) as u32 // the lower half
    }

    /// How many of the context's messages were refused so far, modulo 2^32.
    #[inline]
    pub fn refused(&self) -> u32 {
        self.losses.refused.load(Ordering::Relaxed) as u32 // modulo 2^32
    }

    /// How many accepted ones were given up, modulo 2^32.
    pub fn evicted(&self) -> u32 {
        self.losses.evicted.load(Ordering::Relaxed) as u32 // modulo 2^32
    }

    /// Counts a refused message.
    pub fn count_refused(&self) {
        self.losses.refused.fetch_add(1, Ordering::Relaxed); // a count, orders nothing
    }

    /// Counts an accepted message that was given up.
    pub fn count_evicted(&self) {
        self.losses.evicted.fetch_add(1, Ordering::Relaxed); // a count, orders nothing
    }
}

impl Cell {
    /// Counts a message of `bytes` that is about to be sent. For the worker.
    pub fn count_taken(&self, bytes: usize) {
        let more = |count: &AtomicU64, by: u64| {
            count.store(count.load(Ordering::Relaxed) + by, Ordering::Relaxed); // one writer
        };
        more(&self.taken.messages, 1);
        more(&self.taken.bytes, bytes as u64);
    }

    /// What became of the context's messages.
    pub fn counts(&self) -> Counts {
        Counts {
            messages: self.taken.messages.load(Ordering::Relaxed),
            bytes: self.taken.bytes.load(Ordering::Relaxed),
            lost: self.losses.refused.load(Ordering::Relaxed)
                + self.losses.evicted.load(Ordering::Relaxed),
        }
    }
}

/// Called on the worker's thread when the daemon sends data to a context.
pub type Injection = Arc<dyn Fn(u32, &[u8]) + Send + Sync>;
/// Called on the worker's thread when the daemon sends a level and a trace status.
pub type LevelChanged = Arc<dyn Fn(ContextId, i8, i8) + Send + Sync>;

/// What is known of a registered context besides its cell.
#[derive(Default)]
pub struct Entry {
    /// Its identifier.
    pub id: ContextId,
    cell: u32,
    injections: BTreeMap<u32, Injection>,
    level_changed: Option<LevelChanged>,
}

#[derive(Default)]
struct Directory {
    app: Option<AppId>,
    contexts: BTreeMap<i32, Entry>,
    next_pos: i32,
    free: Vec<u32>,
    made: u32,
}

/// The application's identifier and its contexts.
#[repr(C, align(64))]
pub struct Registry {
    /// Index of the present application in `apps`. Beside the first region's address, since a
    /// logging call needs both.
    app_generation: AtomicU8,
    /// How often everything was forgotten: positions of different lives are not comparable.
    life: AtomicU32,
    regions: [AtomicPtr<Cell>; REGIONS],
    /// The last identifiers as words, 0 for none: for readers that must not wait.
    apps: [AtomicU32; 256],
    /// Number of registered contexts.
    registered: AtomicU32,
    directory: Mutex<Directory>,
}

/// What went wrong with a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// All cells are taken, or there is no memory for more.
    #[error("no room for another context")]
    Full,
}

impl Registry {
    /// Most contexts that can be registered at the same time.
    pub const LIMIT: usize = CELLS_A_REGION * REGIONS;

    /// A registry without contexts.
    pub fn new() -> Self {
        Self {
            regions: [const { AtomicPtr::new(ptr::null_mut()) }; REGIONS],
            apps: [const { AtomicU32::new(0) }; 256],
            app_generation: AtomicU8::new(0),
            life: AtomicU32::new(0),
            registered: AtomicU32::new(0),
            directory: Mutex::default(),
        }
    }

    fn directory(&self) -> MutexGuard<'_, Directory> {
        // Nothing panics while it is held; were it so, the maps would still be whole.
        self.directory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a context with these initial values.
    ///
    /// # Errors
    /// When there is no room for its cell.
    pub fn add(
        &self,
        id: ContextId,
        level: i8,
        trace: i8,
        changed: Option<LevelChanged>,
    ) -> Result<(i32, &Cell), Error> {
        let mut directory = self.directory();
        let index = match directory.free.pop() {
            Some(index) => index,
            None => {
                let index = directory.made;
                self.map_region(index as usize / CELLS_A_REGION)?;
                directory.made += 1;
                index
            }
        };
        let cell = self.cell(index).ok_or(Error::Full)?;
        let pos = directory.next_pos;
        directory.next_pos = pos.wrapping_add(1) & i32::MAX;
        let entry = Entry { id, cell: index, level_changed: changed, ..Entry::default() };
        directory.contexts.insert(pos, entry);
        self.registered.fetch_add(1, Ordering::Relaxed);
        cell.losses.refused.store(0, Ordering::Relaxed);
        cell.losses.evicted.store(0, Ordering::Relaxed);
        cell.taken.messages.store(0, Ordering::Relaxed);
        cell.taken.bytes.store(0, Ordering::Relaxed);
        cell.trace.store(trace, Ordering::Relaxed);
        cell.level.store(level, Ordering::Relaxed);
        // Pairs with Acquire in pos(): whoever sees the registration sees a whole cell.
        let registration = u64::from(pos.cast_unsigned()) + 1;
        cell.identity.store(u64::from(index) | registration << 32, Ordering::Release);
        Ok((pos, cell))
    }

    /// Forgets a context. Its cell is free for another only after [`Registry::release`].
    pub fn remove(&self, pos: i32) -> Option<u32> {
        // A statement of its own: the lock is free again when what the callbacks own is dropped.
        let entry = self.directory().contexts.remove(&pos)?;
        self.registered.fetch_sub(1, Ordering::Relaxed);
        self.cell(entry.cell)?.identity.store(entry.cell.into(), Ordering::Release);
        Some(entry.cell)
    }

    /// Gives the cell of a removed context back, when nothing that waits belongs to it any more.
    pub fn release(&self, index: u32) {
        self.directory().free.push(index);
    }

    /// Forgets the application and all contexts; positions start at 0 again. Cells stay readable,
    /// and closed: an application that goes on logging with old handles logs nothing.
    pub fn clear(&self) {
        let mut directory = self.directory();
        self.life.fetch_add(1, Ordering::Relaxed); // under the lock, as are registrations
        let contexts = core::mem::take(&mut directory.contexts);
        for entry in contexts.values() {
            if let Some(cell) = self.cell(entry.cell) {
                cell.identity.store(entry.cell.into(), Ordering::Release);
            }
            directory.free.push(entry.cell);
        }
        directory.next_pos = 0;
        self.registered.store(0, Ordering::Relaxed);
        directory.app = None;
        self.begin_generation(None);
        // Before what the callbacks own is dropped: that may be a context, which comes here again.
        drop(directory);
    }

    /// The cell with this number, if it was ever used.
    #[inline]
    pub fn cell(&self, index: u32) -> Option<&Cell> {
        let region = self.regions.get(index as usize / CELLS_A_REGION)?;
        let base = region.load(Ordering::Acquire); // pairs with Release in map_region()
        if base.is_null() {
            return None;
        }
        // SAFETY: below CELLS_A_REGION, the length of a mapped region.
        let cell = unsafe { base.add(index as usize % CELLS_A_REGION) };
        // SAFETY: the region is zeroed, all fields are atomics, and it is never unmapped.
        Some(unsafe { &*cell })
    }

    /// The cell at this address, if it is one of ours and its context is registered.
    #[inline(always)]
    pub fn cell_at(&self, address: *const i8) -> Option<&Cell> {
        let [first, further @ ..] = &self.regions;
        let cell = cell_in(first, address).unwrap_or_else(|| cell_in_any(further, address))?;
        cell.pos().is_some().then_some(cell)
    }

    /// The cell at this address, if it is of the first region, as nearly all are. Whether a context
    /// is registered there, [`Cell::identity`] tells.
    #[inline(always)]
    pub fn cell_near(&self, address: *const i8) -> Option<&Cell> {
        let [first, ..] = &self.regions;
        cell_in(first, address)?
    }

    fn map_region(&self, number: usize) -> Result<(), Error> {
        let region = self.regions.get(number).ok_or(Error::Full)?;
        if !region.load(Ordering::Relaxed).is_null() {
            return Ok(());
        }
        let size = CELLS_A_REGION * size_of::<Cell>();
        let mapping = memory::map(size).ok_or(Error::Full)?;
        region.store(mapping.cast(), Ordering::Release); // pairs with Acquire in cell()
        Ok(())
    }

    /// The registered context at this position: identifier and cell.
    pub fn context(&self, pos: i32) -> Option<(ContextId, &Cell)> {
        let directory = self.directory();
        let entry = directory.contexts.get(&pos)?;
        Some((entry.id, self.cell(entry.cell)?))
    }

    /// Sets level and trace status of all contexts. False if there is none.
    pub fn set_all(&self, level: i8, trace: i8) -> bool {
        let directory = self.directory();
        for entry in directory.contexts.values() {
            if let Some(cell) = self.cell(entry.cell) {
                cell.level.store(level, Ordering::Relaxed);
                cell.trace.store(trace, Ordering::Relaxed);
            }
        }
        !directory.contexts.is_empty()
    }

    /// Sets the function that is told of level changes; None takes it away.
    pub fn set_level_changed(&self, pos: i32, changed: Option<LevelChanged>) -> bool {
        let mut directory = self.directory();
        let Some(entry) = directory.contexts.get_mut(&pos) else {
            return false;
        };
        let former = core::mem::replace(&mut entry.level_changed, changed);
        // Before the former one and what it owns.
        drop(directory);
        drop(former);
        true
    }

    /// The function that is told of level changes of this context.
    pub fn level_changed(&self, pos: i32) -> Option<LevelChanged> {
        self.directory().contexts.get(&pos)?.level_changed.clone()
    }

    /// Sets, replaces or (None) removes the function for a service of a context.
    pub fn set_injection(&self, pos: i32, service: u32, injection: Option<Injection>) -> bool {
        let mut directory = self.directory();
        let Some(entry) = directory.contexts.get_mut(&pos) else {
            return false;
        };
        let former = match injection {
            Some(injection) => entry.injections.insert(service, injection),
            None => entry.injections.remove(&service),
        };
        // Before the former one and what it owns.
        drop(directory);
        drop(former);
        true
    }

    /// The function for a service of a context.
    pub fn injection(&self, pos: i32, service: u32) -> Option<Injection> {
        self.directory().contexts.get(&pos)?.injections.get(&service).cloned()
    }

    /// Whether any context is registered; never waits.
    pub fn has_contexts(&self) -> bool {
        self.registered.load(Ordering::Relaxed) != 0
    }

    /// Tells positions from those that were given before [`clear`](Self::clear).
    #[inline]
    pub fn life(&self) -> u32 {
        self.life.load(Ordering::Relaxed) // whoever registers anew is ordered by the lock
    }

    /// Tells the present application from earlier ones.
    #[inline]
    pub fn app_generation(&self) -> u8 {
        self.app_generation.load(Ordering::Acquire) // pairs with Release in begin_generation()
    }

    /// The application of a generation, if it had one. The last 255 are known; never waits.
    pub fn app_of(&self, generation: u8) -> Option<AppId> {
        let word = self.apps.get(usize::from(generation))?.load(Ordering::Relaxed);
        let id = AppId(word.to_ne_bytes());
        (!id.is_empty()).then_some(id)
    }

    /// The application's identifier; never waits.
    pub fn app(&self) -> Option<AppId> {
        self.app_of(self.app_generation())
    }

    /// Runs `change` on the application's identifier with the directory locked, so that what it
    /// decides and what it sends to the worker cannot be overtaken by another registration.
    pub fn change_app<T>(&self, change: impl FnOnce(&mut Option<AppId>) -> T) -> T {
        let mut directory = self.directory();
        let before = directory.app;
        let result = change(&mut directory.app);
        if directory.app != before {
            self.begin_generation(directory.app);
        }
        result
    }

    fn begin_generation(&self, app: Option<AppId>) {
        let next = self.app_generation.load(Ordering::Relaxed).wrapping_add(1);
        let word = app.map_or(0, |app| u32::from_ne_bytes(app.0));
        if let Some(slot) = self.apps.get(usize::from(next)) {
            slot.store(word, Ordering::Relaxed);
        }
        self.app_generation.store(next, Ordering::Release); // pairs with app_generation()
    }
}

/// The cell at this address: `Some(None)` if none begins there, None if it is not in the region.
#[inline(always)]
fn cell_in(region: &AtomicPtr<Cell>, address: *const i8) -> Option<Option<&Cell>> {
    let base = region.load(Ordering::Acquire); // pairs with Release in map_region()
    let offset = (address as usize).wrapping_sub(base as usize);
    if base.is_null() || offset >= CELLS_A_REGION * size_of::<Cell>() {
        return None;
    }
    if !offset.is_multiple_of(size_of::<Cell>()) {
        return Some(None);
    }
    // SAFETY: within the region, on a cell's first byte.
    let cell = unsafe { base.byte_add(offset) };
    // SAFETY: the region is zeroed, all fields are atomics, and it is never unmapped.
    let cell = unsafe { &*cell };
    Some(Some(cell))
}

#[cold]
fn cell_in_any(regions: &[AtomicPtr<Cell>], address: *const i8) -> Option<&Cell> {
    regions.iter().find_map(|region| cell_in(region, address))?
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn positions_grow_and_cells_are_used_again() {
        let registry = Registry::new();
        let (first, cell) = registry.add(ContextId(*b"ONE\0"), 4, -2, None).expect("room");
        let address = ptr::from_ref(cell);
        let index = registry.remove(first).expect("was registered");
        registry.release(index);
        let (second, again) = registry.add(ContextId(*b"TWO\0"), 3, 1, None).expect("room");
        assert_eq!((first, second), (0, 1));
        assert_eq!(ptr::from_ref(again), address);
        assert_eq!(again.level.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn only_the_address_of_a_registered_cell_is_taken_for_one() {
        let registry = Registry::new();
        let (pos, cell) = registry.add(ContextId(*b"ONE\0"), 4, -2, None).expect("room");
        let level = cell.level.as_ptr().cast_const();
        assert!(registry.cell_at(level).is_some());
        assert!(registry.cell_at(level.wrapping_add(1)).is_none());
        assert!(registry.cell_at(level.wrapping_add(256)).is_none());
        assert!(registry.cell_at(ptr::from_ref(&3i8)).is_none());
        registry.remove(pos);
        assert!(registry.cell_at(level).is_none());
    }

    #[test]
    fn a_message_is_the_application_s_that_was_registered_when_it_was_logged() {
        let registry = Registry::new();
        assert_eq!(registry.app(), None);
        registry.change_app(|app| *app = Some(AppId(*b"ONE\0")));
        let first = registry.app_generation();
        registry.change_app(|app| *app = None);
        assert_eq!(registry.app(), None);
        assert_eq!(registry.app_of(first), Some(AppId(*b"ONE\0")));
    }

    #[test]
    fn more_contexts_than_a_region_holds_are_registered() {
        let registry = Registry::new();
        for _ in 0..CELLS_A_REGION * 2 + 1 {
            registry.add(ContextId(*b"MANY"), 4, -2, None).expect("room");
        }
        let (_, cell) = registry.context(8192).expect("registered");
        assert_eq!(cell.index(), 8192);
    }
}
