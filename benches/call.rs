//! A whole logging call inside this process: the C functions through pointers, as a program has
//! them, the same functions as the compiler inlines them, and the macros of Rust; beside them the
//! first idea, a message
//! on the heap with the time stamp of `clock_gettime`, sent through crossbeam's channel. The daemon
//! is a thread that reads a FIFO.

use std::ffi::CString;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read;
use std::mem::MaybeUninit;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use dlt::ffi::ng::dlt_flush;
use dlt::ffi::types::{DltContext, DltContextData};
use dlt::ffi::user::{
    dlt_register_app, dlt_register_context_ll_ts, dlt_user_log_write_finish,
    dlt_user_log_write_start,
};
use dlt::ffi::write::{
    dlt_user_log_write_float64, dlt_user_log_write_int, dlt_user_log_write_string,
    dlt_user_log_write_uint,
};
use dlt::wire::arguments::{Arguments, Coding};

const INFO: i32 = 4;
const DEBUG: i32 = 5;
const TRACE_OFF: i32 = 0;
const BURST: u64 = 1_000;
const FLUSH_MS: u32 = 60_000;

type Start = unsafe extern "C" fn(*mut DltContext, *mut DltContextData, i32) -> i32;
type Write<T> = unsafe extern "C" fn(*mut DltContextData, T) -> i32;
type Finish = unsafe extern "C" fn(*mut DltContextData) -> i32;

/// The functions of one message.
#[derive(Clone, Copy)]
struct Functions {
    start: Start,
    int: Write<i32>,
    uint: Write<u32>,
    string: Write<*const libc::c_char>,
    float64: Write<f64>,
    finish: Finish,
}

const FUNCTIONS: Functions = Functions {
    start: dlt_user_log_write_start,
    int: dlt_user_log_write_int,
    uint: dlt_user_log_write_uint,
    string: dlt_user_log_write_string,
    float64: dlt_user_log_write_float64,
    finish: dlt_user_log_write_finish,
};

/// What `DLT_LOG` does. The results are those of the library's own tests.
#[inline(always)]
fn log(with: Functions, context: &mut DltContext, level: i32, number: i32) {
    let mut message = MaybeUninit::<DltContextData>::uninit();
    let message = message.as_mut_ptr();
    // SAFETY: the context is registered; start() writes the message before anything reads it.
    if unsafe { (with.start)(context, message, level) } != 1 {
        return;
    }
    // SAFETY: started above.
    unsafe { (with.int)(message, -number) };
    // SAFETY: as before.
    unsafe { (with.uint)(message, number.cast_unsigned()) };
    // SAFETY: as before, and the text ends with NUL.
    unsafe { (with.string)(message, c"short str".as_ptr()) };
    // SAFETY: as before.
    unsafe { (with.float64)(message, f64::from(number)) };
    // SAFETY: as before.
    unsafe { (with.finish)(message) };
}

/// A FIFO in a directory of its own, and a thread that empties it.
struct Daemon {
    dir: PathBuf,
}

impl Daemon {
    fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("dlt-call-bench-{}", std::process::id()));
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
        // SAFETY: nobody reads the environment now: the thread above does not, and the library is
        // not started.
        unsafe { std::env::set_var("DLT_PIPE_DIR", &dir) };
        Self { dir }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn registered() -> DltContext {
    let text = CString::from(c"bench of whole calls");
    // SAFETY: texts that end with NUL.
    unsafe { dlt_register_app(c"CALL".as_ptr(), text.as_ptr()) };
    let mut context = MaybeUninit::<DltContext>::zeroed();
    // SAFETY: zeroed memory is a context that is not registered; texts that end with NUL.
    unsafe {
        dlt_register_context_ll_ts(
            context.as_mut_ptr(),
            c"CTX".as_ptr(),
            text.as_ptr(),
            INFO,
            TRACE_OFF,
        )
    };
    // SAFETY: zeroed, and then filled in by the library.
    unsafe { context.assume_init() }
}

/// The time of `count` calls in bursts, each of which is waited for until it is with the daemon.
fn bursts(count: u64, mut call: impl FnMut(i32), mut delivered: impl FnMut(u64)) -> Duration {
    let (mut done, mut time) = (0, Duration::ZERO);
    while done < count {
        let calls = BURST.min(count - done);
        let start = Instant::now();
        for number in 0..calls {
            call(black_box(number as i32));
        }
        time += start.elapsed();
        done += calls;
        delivered(done);
    }
    time
}

fn flush(_: u64) {
    // SAFETY: it may always be called.
    let code = unsafe { dlt_flush(FLUSH_MS) };
    assert_eq!(code, 0, "what was logged is not delivered");
}

/// What the first idea sends: bytes on the heap, and when they were logged.
fn first_idea(count: u64) -> Duration {
    let (sender, receiver) = crossbeam_channel::bounded::<(u64, Vec<u8>)>(16_384);
    let taken = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut batch = Vec::with_capacity(1 << 16);
            for (time, bytes) in &receiver {
                batch.extend_from_slice(&time.to_ne_bytes());
                batch.extend_from_slice(&bytes);
                if batch.len() > (1 << 16) - 256 {
                    black_box(&batch);
                    batch.clear();
                }
                taken.fetch_add(1, Ordering::Release); // pairs with the wait below
            }
        });
        let epoch = Instant::now();
        let call = |number: i32| {
            let mut bytes = vec![0; 128];
            let mut arguments = Arguments::resume(&mut bytes, 0, 0, true);
            let _ = arguments.int32(-number);
            let _ = arguments.uint32(number.cast_unsigned());
            let _ = arguments.string(b"short str", Coding::Ascii);
            let _ = arguments.float64(f64::from(number));
            let size = arguments.size();
            bytes.truncate(size);
            let _ = sender.send((epoch.elapsed().as_nanos() as u64, bytes));
        };
        let time = bursts(count, call, |done| {
            while taken.load(Ordering::Acquire) < done {
                thread::yield_now();
            }
        });
        drop(sender);
        time
    })
}

fn calls(criterion: &mut Criterion) {
    let mut context = registered();
    let mut group = criterion.benchmark_group("call");
    group.throughput(Throughput::Elements(1));

    // Not known to the compiler: as a program calls them.
    let through_pointers = black_box(FUNCTIONS);
    group.bench_function("through the C functions", |bencher| {
        bencher.iter_custom(|count| {
            bursts(count, |number| log(through_pointers, &mut context, INFO, number), flush)
        });
    });
    group.bench_function("inlined", |bencher| {
        bencher.iter_custom(|count| {
            bursts(count, |number| log(FUNCTIONS, &mut context, INFO, number), flush)
        });
    });
    let rust = dlt::Context::new("CALL", "RUST", "", "the same in Rust").expect("it is started");
    group.bench_function("the macros of Rust", |bencher| {
        let call = |number: i32| {
            dlt::info!(rust, -number, number.cast_unsigned(), "short str", f64::from(number));
        };
        bencher.iter_custom(|count| bursts(count, call, flush));
    });
    group.bench_function("the macros of Rust, level off", |bencher| {
        bencher.iter(|| dlt::debug!(rust, black_box(1), "short str"));
    });
    group.bench_function("level off", |bencher| {
        bencher.iter(|| log(through_pointers, &mut context, DEBUG, black_box(1)));
    });
    group.bench_function("the first idea: heap and channel", |bencher| {
        bencher.iter_custom(first_idea);
    });
    group.finish();
}

fn main() {
    let _daemon = Daemon::start();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .sample_size(20)
        .configure_from_args();
    calls(&mut criterion);
    criterion.final_summary();
}
