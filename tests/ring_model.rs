//! The ring against a plain model: any sequence of pushes in every overflow mode, stopped threads,
//! commits and passes leaves both with the same records in the same order.

#![cfg(not(loom))]

#[path = "ring/at_once.rs"]
mod at_once;

use std::collections::VecDeque;

use dlt::ring::{
    Consumer, Position, Pushed, RECORD_HEAD, Ring, SLOT_PAYLOAD, Sink, StalledForTest,
};
use proptest::prelude::*;

use at_once::push_at_once;

#[derive(Debug, Clone)]
enum Step {
    Push { body: usize, urgent: bool, evicting: bool },
    Stall { body: usize, urgent: bool },
    Commit { which: usize },
    Pass { room: usize },
}

fn body_len() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 0..=96usize, 2 => 90..=340usize, 1 => 0..=2000usize]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (body_len(), prop::bool::weighted(0.2), any::<bool>())
            .prop_map(|(body, urgent, evicting)| Step::Push { body, urgent, evicting }),
        2 => (body_len(), any::<bool>()).prop_map(|(body, urgent)| Step::Stall { body, urgent }),
        2 => any::<prop::sample::Index>().prop_map(|index| Step::Commit { which: index.index(64) }),
        3 => prop_oneof![0..400usize, Just(100_000)].prop_map(|room| Step::Pass { room }),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Stalled,
    Waiting,
    Gone,
}

struct Entry {
    position: Position,
    id: u64,
    body: Vec<u8>,
    fate: Fate,
    stalled: Option<StalledForTest>,
}

impl Entry {
    fn len(&self) -> usize {
        RECORD_HEAD + self.body.len()
    }
}

fn head_words(id: u64) -> [u64; 3] {
    [id, !id, id.wrapping_mul(0x9e37_79b9_7f4a_7c15)]
}

fn body_bytes(id: u64, len: usize) -> Vec<u8> {
    (0..len).map(|at| (id as usize * 31 + at) as u8).collect()
}

#[derive(Default)]
struct Taken {
    left: usize,
    room: Vec<u8>,
    records: Vec<Vec<u8>>,
}

impl Sink for Taken {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.left = self.left.checked_sub(len)?;
        self.room = vec![0xa5; len.next_multiple_of(8)];
        Some(&mut self.room)
    }

    fn claimed(&mut self, len: usize) {
        self.records.push(self.room[..len].to_vec());
    }
}

struct Model {
    ring: Ring,
    consumer: Consumer,
    /// From head to tail.
    entries: VecDeque<Entry>,
    tail: Position,
    next_id: u64,
    pushed: usize,
    delivered: usize,
    evicted: usize,
}

impl Model {
    fn new(slots: usize) -> Self {
        let ring = Ring::new(slots);
        let consumer = Consumer::new(&ring);
        Self {
            ring,
            consumer,
            entries: VecDeque::new(),
            tail: 0,
            next_id: 1,
            pushed: 0,
            delivered: 0,
            evicted: 0,
        }
    }

    fn head(&self) -> Position {
        self.entries.front().map_or(self.tail, |entry| entry.position)
    }

    fn limit(&self, urgent: bool) -> u64 {
        let size = self.ring.capacity() as u64;
        if urgent { size } else { size - size / 16 }
    }

    fn store(&mut self, body: Vec<u8>, fate: Fate, stalled: Option<StalledForTest>) {
        let slots = (RECORD_HEAD + body.len()).div_ceil(SLOT_PAYLOAD) as u64;
        let (position, id) = (self.tail, self.next_id);
        self.entries.push_back(Entry { position, id, body, fate, stalled });
        self.tail += slots;
        self.next_id += 1;
        self.pushed += 1;
    }

    /// The slots that must be free up to for a record of `slots`.
    fn needed_head(&self, slots: u64, urgent: bool) -> Position {
        (self.tail + slots).saturating_sub(self.limit(urgent))
    }

    fn push(&mut self, len: usize, urgent: bool, evicting: bool) {
        let body = body_bytes(self.next_id, len);
        let slots = (RECORD_HEAD + len).div_ceil(SLOT_PAYLOAD) as u64;
        let needed = self.needed_head(slots, urgent);
        let mut evicted = Vec::new();
        let head = head_words(self.next_id);
        let result = if evicting {
            self.ring.push_evicting(head, &body, urgent, |owner| evicted.push(owner))
        } else {
            match push_at_once(&self.ring, head, &body) {
                Some(position) => Ok(Pushed { position, crowded: false }),
                None => self.ring.push(head, &body, urgent),
            }
        };

        // What may be given up: from head to the first record that is not committed.
        let stopped_at = self
            .entries
            .iter()
            .find(|entry| entry.fate == Fate::Stalled)
            .map_or(self.tail, |entry| entry.position);
        let within = slots <= self.limit(urgent);
        let fits = self.head() >= needed;
        let can = within && (fits || evicting && stopped_at >= needed);
        assert_eq!(result.is_ok(), can);
        if !within {
            assert!(result.unwrap_err().wall);
            assert!(evicted.is_empty());
        }
        if fits {
            assert!(evicted.is_empty());
        }
        let oldest = self.entries.iter_mut().filter(|entry| entry.fate == Fate::Waiting);
        let mut beyond = 0;
        for (entry, owner) in oldest.zip(&evicted) {
            assert_eq!(entry.id, *owner, "evicted in order");
            assert!(entry.position < stopped_at);
            beyond += u64::from(entry.position >= needed);
            entry.fate = Fate::Gone;
        }
        assert!(beyond <= 8, "no more than a handful beyond what is needed");
        self.evicted += evicted.len();
        if let Ok(pushed) = result {
            assert_eq!(pushed.position, self.tail);
            self.store(body, Fate::Waiting, None);
        }
        // Evictors may leave records that are gone before head, never take others.
        let head = self.ring.tail() - self.ring.used() as u64;
        while let Some(entry) = self.entries.front()
            && entry.position < head
        {
            assert_eq!(entry.fate, Fate::Gone);
            self.entries.pop_front();
        }
        assert_eq!(self.head(), head, "head is at the start of a record");
        assert!(!can || head >= needed);
    }

    fn stall(&mut self, len: usize, urgent: bool) {
        let slots = (RECORD_HEAD + len).div_ceil(SLOT_PAYLOAD) as u64;
        let fits = slots <= self.limit(urgent) && self.head() >= self.needed_head(slots, urgent);
        let stalled = self.ring.stall_for_test(len, urgent);
        assert_eq!(stalled.is_ok(), fits);
        if let Ok(stalled) = stalled {
            assert_eq!(stalled.position(), self.tail);
            self.store(body_bytes(self.next_id, len), Fate::Stalled, Some(stalled));
        }
    }

    fn commit(&mut self, which: usize) {
        let stalled = self.entries.iter().filter(|entry| entry.fate == Fate::Stalled).count();
        if stalled == 0 {
            return;
        }
        let mut entries = self.entries.iter_mut().filter(|entry| entry.fate == Fate::Stalled);
        let entry = entries.nth(which % stalled).unwrap();
        let stalled = entry.stalled.take().unwrap();
        stalled.commit(&self.ring, head_words(entry.id), &entry.body);
        entry.fate = Fate::Waiting;
    }

    fn pass(&mut self, room: usize) {
        let until = self.consumer.observe(&self.ring);
        let mut taken = Taken { left: room, ..Taken::default() };
        let pass = self.consumer.pass(&self.ring, until, &mut taken);

        let mut left = room;
        let mut stopped = false;
        let mut records = taken.records.iter();
        for entry in self.entries.iter_mut().filter(|entry| entry.fate == Fate::Waiting) {
            if entry.len() > left {
                stopped = true;
                break;
            }
            left -= entry.len();
            let record = records.next().expect("a waiting record is delivered");
            let expected: Vec<u8> = head_words(entry.id)
                .iter()
                .flat_map(|word| word.to_le_bytes())
                .chain(entry.body.iter().copied())
                .collect();
            assert_eq!(*record, expected);
            entry.fate = Fate::Gone;
            self.delivered += 1;
        }
        assert!(records.next().is_none());
        assert_eq!(pass.delivered, taken.records.len());
        assert_eq!(pass.stopped, stopped);
        let has_gap = self.entries.iter().any(|entry| entry.fate == Fate::Stalled);
        if !stopped {
            assert_eq!(pass.gaps > 0, has_gap);
            assert_eq!(self.consumer.walked(), self.tail);
        }
        while let Some(entry) = self.entries.front()
            && entry.fate == Fate::Gone
        {
            self.entries.pop_front();
        }
        let head = self.ring.tail() - self.ring.used() as u64;
        assert_eq!(self.head(), head, "everything before the first gap is free");
    }

    fn check(&self) {
        let waiting = self.entries.iter().filter(|entry| entry.fate == Fate::Waiting).count();
        let stalled = self.entries.iter().filter(|entry| entry.fate == Fate::Stalled).count();
        assert_eq!(self.ring.tail(), self.tail);
        assert_eq!(self.ring.count_waiting(), waiting);
        assert_eq!(self.pushed, self.delivered + self.evicted + waiting + stalled);
        assert!(self.ring.used() <= self.ring.capacity());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn every_sequence_of_calls_agrees_with_the_model(
        order in 2u32..8,
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let mut model = Model::new(1 << order);
        for step in steps {
            match step {
                Step::Push { body, urgent, evicting } => model.push(body, urgent, evicting),
                Step::Stall { body, urgent } => model.stall(body, urgent),
                Step::Commit { which } => model.commit(which),
                Step::Pass { room } => model.pass(room),
            }
            model.check();
        }
    }
}
