//! Logging from Rust allocates nothing, whether a level is on or off. The allocator counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use dlt::{Context, Level, Logger, Value};

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
    logger.context("CTX", "counted").expect("room")
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
    context.logger().flush(Duration::from_secs(30)).expect("a file takes it");
    let counts = context.logger().statistics();
    assert_eq!((counts.delivered, counts.lost), (4004, 0));
}
