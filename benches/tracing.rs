//! An event of the crate `tracing`: through our layer to a daemon, which is a thread that reads a
//! FIFO; through tracing-appender's non-blocking writer, whose sink counts lines and forgets them;
//! and with the bare registry, which does nothing with it.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use dlt::{Level, Logger, TracingLayer};
use tracing::subscriber::with_default;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{fmt, registry};

const BURST: u64 = 1_000;

/// A FIFO in a directory of its own, and a thread that empties it.
fn daemon() -> PathBuf {
    let dir = std::env::temp_dir().join(format!("dlt-tracing-bench-{}", std::process::id()));
    fs::create_dir(&dir).expect("a directory of its own");
    let fifo = dir.join("dlt");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).expect("a FIFO");
    // Read and write: it neither waits for a writer nor ends with one.
    let open = File::options().read(true).write(true).custom_flags(libc::O_CLOEXEC).open(&fifo);
    let mut ear = open.expect("the FIFO opens");
    thread::spawn(move || {
        let mut bytes = vec![0; 1 << 20];
        while ear.read(&mut bytes).is_ok_and(|count| count > 0) {}
    });
    // SAFETY: nobody reads the environment now: the thread above does not, and the library is not
    // started.
    unsafe { std::env::set_var("DLT_PIPE_DIR", &dir) };
    dir
}

/// Counts lines.
struct Sink(Arc<AtomicU64>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(1, Ordering::Release); // pairs with the wait
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The time of `count` events in bursts, each of which is waited for until it is delivered.
fn bursts(count: u64, mut delivered: impl FnMut(u64)) -> Duration {
    let (mut done, mut time) = (0, Duration::ZERO);
    while done < count {
        let events = BURST.min(count - done);
        let start = Instant::now();
        for number in 0..events {
            let number = black_box(number as i32);
            tracing::info!(a = -number, b = number, c = f64::from(number), "short str");
        }
        time += start.elapsed();
        done += events;
        delivered(done);
    }
    time
}

fn events(criterion: &mut Criterion) {
    let logger = Logger::new("TRAC", "bench of events").expect("it starts");
    let context = logger.context_with("CTX", "", Some(Level::Info), None).expect("room");
    let mut group = criterion.benchmark_group("tracing");
    group.throughput(Throughput::Elements(1));

    let layer = || registry().with(TracingLayer::new(&context));
    let flush = |_| logger.flush(Duration::from_secs(60)).expect("the daemon reads");
    group.bench_function("our layer", |bencher| {
        with_default(layer(), || bencher.iter_custom(|count| bursts(count, flush)));
    });
    group.bench_function("our layer, in two spans", |bencher| {
        with_default(layer(), || {
            let _outer = tracing::info_span!("outer", id = 7).entered();
            let _inner = tracing::info_span!("inner", name = "x").entered();
            bencher.iter_custom(|count| bursts(count, flush));
        });
    });
    group.bench_function("our layer, level off", |bencher| {
        with_default(layer(), || {
            bencher.iter(|| tracing::debug!(a = black_box(1), "short str"));
        });
    });
    group.bench_function("tracing-appender, not blocking", |bencher| {
        let written = Arc::new(AtomicU64::new(0));
        let (writer, _guard) = tracing_appender::non_blocking(Sink(Arc::clone(&written)));
        let layer = fmt::layer().with_ansi(false).with_writer(writer);
        let mut before = 0;
        with_default(registry().with(layer), || {
            bencher.iter_custom(|count| {
                let time = bursts(count, |done| {
                    while written.load(Ordering::Acquire) < before + done {
                        thread::yield_now();
                    }
                });
                before += count;
                time
            });
        });
    });
    group.bench_function("the bare registry", |bencher| {
        with_default(registry(), || bencher.iter_custom(|count| bursts(count, |_| {})));
    });
    group.finish();
}

fn main() {
    let dir = daemon();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .sample_size(20)
        .configure_from_args();
    events(&mut criterion);
    criterion.final_summary();
    let _ = fs::remove_dir_all(dir);
}
