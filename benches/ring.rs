//! The ring beside the first idea, a bounded channel: of messages on the heap, and of messages of
//! 128 bytes by value. Every queue holds as much, carries the same bytes, and is emptied by a
//! thread that copies them into a batch as the worker does.
//!
//! "burst" is the mean of a push while there is room: what the caller pays. "sustained" lasts until
//! the last message is in the batch: what the whole costs, with one and with four threads that push.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use crossbeam_channel::{Receiver, Sender};
use dlt::ring::{Consumer, RECORD_HEAD, Ring, Sink};

const SLOTS: usize = 16_384;
const BURST: u64 = 1_000;
/// The arguments int, uint, short string and double, and the words that the ring carries for them.
const BODY: usize = 44;
const HEAD: [u64; 3] = [1, 2, 3];
const BATCH: usize = 64 * 1024;
/// As the worker naps when there is little to do.
const NAP: Duration = Duration::from_micros(50);

/// A queue with many producers and one consumer.
trait Queue: Sync {
    /// What only the consumer has.
    type End: Send;

    fn new() -> (Self, Self::End)
    where
        Self: Sized;
    /// False if there is no room.
    fn push(&self, body: &[u8; BODY]) -> bool;
    /// Takes what is there, as far as the batch has room; how many messages.
    fn drain(&self, end: &mut Self::End, batch: &mut Batch) -> u64;
}

/// Where messages end.
struct Batch {
    bytes: Box<[u8]>,
    used: usize,
}

impl Batch {
    fn new() -> Self {
        Self { bytes: vec![0; BATCH].into(), used: 0 }
    }

    /// As if it had been written to the daemon.
    fn send(&mut self) {
        black_box(&self.bytes[..self.used]);
        self.used = 0;
    }

    fn append(&mut self, message: &[u8]) {
        self.bytes[self.used..][..message.len()].copy_from_slice(message);
        self.used += message.len();
    }

    fn has_room(&self) -> bool {
        self.used + RECORD_HEAD + BODY + 8 <= BATCH
    }
}

impl Sink for Batch {
    fn room(&mut self, len: usize) -> Option<&mut [u8]> {
        self.bytes.get_mut(self.used..)?.get_mut(..len.next_multiple_of(8))
    }

    fn claimed(&mut self, len: usize) {
        self.used += len;
    }
}

impl Queue for Ring {
    type End = Consumer;

    fn new() -> (Self, Consumer) {
        let ring = Ring::new(SLOTS);
        let consumer = Consumer::new(&ring);
        (ring, consumer)
    }

    fn push(&self, body: &[u8; BODY]) -> bool {
        Ring::push(self, HEAD, body, false).is_ok()
    }

    fn drain(&self, end: &mut Consumer, batch: &mut Batch) -> u64 {
        let until = end.observe(self);
        end.pass(self, until, batch).delivered as u64
    }
}

/// A message as the first idea has it, made from its bytes.
trait Message: Send {
    fn of(body: &[u8; BODY]) -> Self;
    fn bytes(&self) -> &[u8];
}

struct OnHeap(Vec<u8>);

impl Message for OnHeap {
    fn of(body: &[u8; BODY]) -> Self {
        let mut bytes = Vec::with_capacity(RECORD_HEAD + BODY);
        for word in HEAD {
            bytes.extend_from_slice(&word.to_ne_bytes());
        }
        bytes.extend_from_slice(body);
        Self(bytes)
    }

    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

struct Inline {
    len: usize,
    bytes: [u8; 120],
}

impl Message for Inline {
    fn of(body: &[u8; BODY]) -> Self {
        let mut bytes = [0; 120];
        for (word, to) in HEAD.iter().zip(bytes.chunks_exact_mut(8)) {
            to.copy_from_slice(&word.to_ne_bytes());
        }
        bytes[RECORD_HEAD..][..BODY].copy_from_slice(body);
        Self { len: RECORD_HEAD + BODY, bytes }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

struct Channel<M>(Sender<M>);

impl<M: Message> Queue for Channel<M> {
    type End = Receiver<M>;

    fn new() -> (Self, Receiver<M>) {
        let (sender, receiver) = crossbeam_channel::bounded(SLOTS);
        (Self(sender), receiver)
    }

    fn push(&self, body: &[u8; BODY]) -> bool {
        self.0.try_send(M::of(body)).is_ok()
    }

    fn drain(&self, end: &mut Receiver<M>, batch: &mut Batch) -> u64 {
        let mut taken = 0;
        while batch.has_room() {
            let Ok(message) = end.try_recv() else { break };
            batch.append(message.bytes());
            taken += 1;
        }
        taken
    }
}

/// Empties `queue` until told to stop and it stays empty.
fn consume<Q: Queue>(queue: &Q, mut end: Q::End, taken: &AtomicU64, stop: &AtomicBool) {
    let mut batch = Batch::new();
    loop {
        // Read first: what was pushed before the stop is seen then.
        let last = stop.load(Ordering::Acquire);
        let count = queue.drain(&mut end, &mut batch);
        batch.send();
        // Release pairs with the Acquire in wait_for(): the batch is done with them.
        taken.fetch_add(count, Ordering::Release);
        if count == 0 {
            if last {
                return;
            }
            thread::sleep(NAP);
        }
    }
}

fn wait_for(taken: &AtomicU64, count: u64) {
    while taken.load(Ordering::Acquire) < count {
        thread::yield_now();
    }
}

/// Runs `produce` beside a thread that consumes.
fn beside_consumer<Q: Queue>(produce: impl FnOnce(&Q, &AtomicU64) -> Duration) -> Duration {
    let (queue, end) = Q::new();
    let (taken, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| consume(&queue, end, &taken, &stop));
        let time = produce(&queue, &taken);
        stop.store(true, Ordering::Release); // pairs with consume()
        time
    })
}

fn burst<Q: Queue>(count: u64) -> Duration {
    beside_consumer::<Q>(|queue, taken| {
        let (mut pushed, mut time) = (0, Duration::ZERO);
        while pushed < count {
            let calls = BURST.min(count - pushed);
            let start = Instant::now();
            for number in 0..calls {
                black_box(queue.push(black_box(&[number as u8; BODY])));
            }
            time += start.elapsed();
            pushed += calls;
            wait_for(taken, pushed);
        }
        time
    })
}

fn sustained<Q: Queue>(count: u64, producers: u64) -> Duration {
    beside_consumer::<Q>(|queue, taken| {
        let share = count.div_ceil(producers);
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..producers {
                scope.spawn(|| {
                    for number in 0..share {
                        while !queue.push(black_box(&[number as u8; BODY])) {
                            thread::yield_now();
                        }
                    }
                });
            }
        });
        wait_for(taken, share * producers);
        start.elapsed()
    })
}

fn one_queue<Q: Queue>(criterion: &mut Criterion, name: &str) {
    let mut group = criterion.benchmark_group("queue");
    group.throughput(Throughput::Elements(1));
    group.bench_function(BenchmarkId::new(name, "burst"), |bencher| {
        bencher.iter_custom(burst::<Q>);
    });
    for producers in [1, 4] {
        let what = format!("sustained, {producers}");
        group.bench_function(BenchmarkId::new(name, what), |bencher| {
            bencher.iter_custom(|count| sustained::<Q>(count, producers));
        });
    }
    group.finish();
}

fn queues(criterion: &mut Criterion) {
    one_queue::<Ring>(criterion, "ring");
    one_queue::<Channel<OnHeap>>(criterion, "crossbeam, on the heap");
    one_queue::<Channel<Inline>>(criterion, "crossbeam, 128 bytes inline");
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .sample_size(20);
    targets = queues
}
criterion_main!(benches);
