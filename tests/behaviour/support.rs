//! What the tests stand on: the library under test, private places, children that end with their
//! test, a recording daemon, Debian's daemon and viewer, and waiting for conditions.
//!
//! No test sleeps in order to be in time, and no test asserts an upper bound on a single duration.

pub mod children;
pub mod collecting;
pub mod daemon;
pub mod frames;
pub mod library;
pub mod namespace;
pub mod puppet;
pub mod recorder;
pub mod seed;
pub mod sink;
pub mod tracee;
pub mod trial;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a condition may take before its test fails: far beyond anything that is expected.
pub const WATCHDOG: Duration = Duration::from_secs(30);

/// Waits until `condition` gives a value; fails the test after the watchdog's time.
pub fn wait_for<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(begin.elapsed() < WATCHDOG, "waited {WATCHDOG:?} in vain for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Whether this is the long run: `make test-long`.
pub fn is_long() -> bool {
    std::env::var_os("DLT_TEST_LONG").is_some_and(|value| value != "0")
}

/// The root of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty directory of this test's own, outside /tmp (which namespaces cover).
pub fn fresh_dir(name: &str) -> PathBuf {
    // A sanitizer's run may be at the same time.
    let name = std::env::var("DLT_TEST_SANITIZED").unwrap_or_default() + name;
    let mut dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
    if dir.as_os_str().len() > 80 {
        // A socket's path has 107 bytes at most.
        dir = Path::new("/var/tmp/libdlt-ng").join(&name);
    }
    match std::fs::remove_dir_all(&dir) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => panic!("cannot clear {}: {error}", dir.display()),
    }
    std::fs::create_dir_all(&dir).expect("a directory for the test");
    dir
}

/// Says past the test harness's capture that something was not tested. With `CI` set that fails.
pub fn skipped(why: &str) {
    let line = format!("SKIPPED: {why}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    assert!(std::env::var_os("CI").is_none(), "nothing may be skipped here: {why}");
}

/// A figure that belongs into the log of the run, past the harness's capture.
pub fn note(text: &str) {
    let _ = std::io::stderr().write_all(format!("note: {text}\n").as_bytes());
}

/// What a library does under a fault: a line for the table in docs/reliability.md, on whichever
/// library the test runs.
pub fn fact(fault: &str, what: &str) {
    let name = if library::library().is_reference { "libdlt" } else { "libdlt-ng" };
    let line = format!("fact: {fault} | {name} | {what}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// For messages of one producer that is alone on its context, and whose second number counts them:
/// checks that the message counter skips exactly what was lost, where it was lost. It may be
/// `late` by that many losses which were decided on and not counted yet; returns how often it was.
pub fn behind<'a>(messages: impl Iterator<Item = &'a frames::Message>, late: u8) -> usize {
    let mut behind = 0;
    for message in messages {
        let number = message.number(1).expect("a number");
        let missing = (number as u8).wrapping_sub(message.counter);
        assert!(missing <= late, "message {number} has counter {}", message.counter);
        behind += usize::from(missing > 0);
    }
    behind
}

/// The middle one of some measurements.
pub fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values[values.len() / 2]
}

/// CLOCK_MONOTONIC in nanoseconds, comparable with what the puppet reports.
pub fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid, writable timespec.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    assert_eq!(result, 0);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
