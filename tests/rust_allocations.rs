//! Logging from Rust allocates nothing, whether a level is on or off. The allocator counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use dlt::{Context, Level, LogAdapter, Logger, OverflowMode, TracingLayer, Value};
use tracing_subscriber::layer::SubscriberExt;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: it is the system's allocator; counting touches a plain value of the thread's own.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as promised to this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as promised to this function.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of this thread while something runs a thousand times.
fn allocations(mut run: impl FnMut(u32)) -> u64 {
    run(0);
    let before = ALLOCATIONS.get();
    (0..1000).for_each(&mut run);
    ALLOCATIONS.get() - before
}

/// A context whose messages go to a file.
fn context() -> Context {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-allocations.dlt");
    let logger = Logger::to_file("ALLO", "allocations", file).expect("it starts");
    // A file may be slower than this.
    logger.set_overflow(OverflowMode::Block, Duration::from_secs(60)).expect("in range");
    logger.context("CTX", "counted").expect("room")
}

fn through_log(context: &Context) {
    LogAdapter::new(context).install().expect("there is no other");
    let text = String::from("a string");
    assert_eq!(allocations(|n| log::info!("formatted {n} {text}")), 0);
    assert_eq!(allocations(|n| log::info!(n, ratio = 0.5, text = text.as_str(); "plain")), 0);
    assert_eq!(allocations(|n| log::debug!(n; "off {text}")), 0);
}

fn through_tracing(context: &Context) {
    let layer = TracingLayer::new(context);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let _span = tracing::info_span!("span", id = 7).entered();
        let text = String::from("a string");
        assert_eq!(allocations(|n| tracing::info!("formatted {n} {text}")), 0);
        assert_eq!(allocations(|n| tracing::info!(n, ratio = 0.5, text, "plain")), 0);
        assert_eq!(allocations(|n| tracing::debug!(n, "off {text}")), 0);
        assert_eq!(allocations(|n| drop(tracing::debug_span!("off", n))), 0);
    });
}

#[test]
fn logging_allocates_nothing() {
    let context = context();
    let (text, bytes) = (String::from("a string"), vec![1_u8; 40]);
    let plain = |n: u32| dlt::info!(context, "plain", n, 0.5, true, text, bytes);
    assert_eq!(allocations(plain), 0);
    let named = |n: u32| dlt::info!(context, number = n; "km", name = text, Value::hex(&n));
    assert_eq!(allocations(named), 0);
    let printed = |n: u32| dlt::info!(context, format_args!("{n:?} {text}"), Value::debug(&text));
    assert_eq!(allocations(printed), 0);
    let long = "long ".repeat(100);
    assert_eq!(allocations(|_| dlt::error!(context, long, long)), 0);
    let off = |n: u32| dlt::debug!(context, "off", n, text.clone());
    assert_eq!(allocations(off), 0);
    // What the test itself could miss: that it counts at all.
    assert_eq!(allocations(|_| drop(std::hint::black_box(text.clone()))), 1000);
    assert!(context.is_enabled(Level::Info) && !context.is_enabled(Level::Debug));
    through_log(&context);
    through_tracing(&context);
    context.logger().flush(Duration::from_secs(30)).expect("a file takes it");
    let counts = context.logger().statistics();
    assert_eq!((counts.delivered, counts.lost), (8008, 0));
}
