//! Programs that log with the crates `log` and `tracing`. Each message of theirs is followed by the
//! one that it has to equal, logged with the macros of this library.

use std::panic::catch_unwind;
use std::path::Path;
use std::process::{Command, Stdio};

use dlt::{Context, Level, LogAdapter, Logger, Routes, SpanMessages, TraceStatus, TracingLayer};
use tracing::subscriber::{set_global_default, with_default};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

use crate::support::frames::{Message, log_level};
use crate::support::library::needs_ours;
use crate::support::recorder::{Kind, Recorder};
use crate::support::{fresh_dir, wait_for};

/// Not a test: the program that the tests of this file start.
#[test]
#[ignore = "the program that the tests beside it start"]
fn program() {
    match std::env::var("ADAPTERS_PART").as_deref() {
        Ok("log") => through_log(),
        Ok("tracing") => through_tracing(),
        Ok("spans") => spans_alone(),
        Ok("log levels") => levels_of_log(),
        Ok("tracing levels") => levels_of_tracing(),
        Ok(other) => panic!("no part {other}"),
        Err(_) => {}
    }
}

fn part(dir: &Path, part: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "adapters::program", "--ignored", "--nocapture"]);
    command.env("ADAPTERS_PART", part).env("DLT_PIPE_DIR", dir).env("DLT_LOG_MODE", "4");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a part while `meanwhile` plays the daemon; returns what it logged.
fn logged(name: &str, meanwhile: impl FnOnce(&Recorder)) -> Vec<Message> {
    let dir = fresh_dir(&format!("adapters-{}", name.replace(' ', "-")));
    let recorder = Recorder::start(&dir, Kind::Fifo);
    let mut command = part(&dir, name);
    let running = std::thread::spawn(move || command.output().expect("it runs"));
    // When it panics, what the program has to say is more to the point.
    let played = catch_unwind(std::panic::AssertUnwindSafe(|| meanwhile(&recorder)));
    let output = running.join().expect("not panicked");
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
    played.expect("what the test did meanwhile");
    recorder.messages()
}

/// Every second message equals the one before it, but for its counter.
fn assert_pairs(messages: &[Message], count: usize) {
    for pair in messages.chunks(2) {
        let [theirs, ours] = pair else { panic!("an odd number of messages") };
        let alike = Message { counter: theirs.counter, ..ours.clone() };
        let text = theirs.payload.escape_ascii();
        assert_eq!(*theirs, alike, "\n{text}\n{}", ours.payload.escape_ascii());
    }
    assert_eq!(messages.len(), 2 * count);
}

/// Contexts MAIN, with all levels on, and NET for the target `net`.
fn contexts() -> (Context, Context, Routes) {
    let logger = Logger::new("ADAP", "adapters").expect("it starts");
    // With both values given, the daemon sends none of its own.
    let context = |id, level| logger.context_with(id, "", Some(level), Some(TraceStatus::Off));
    let main = context("MAIN", Level::Verbose).expect("room");
    let net = context("NET", Level::Warn).expect("room");
    (main.clone(), net.clone(), Routes::new(main).route("net", net))
}

fn through_log() {
    let (main, net, routes) = contexts();
    LogAdapter::new(routes).install().expect("there is no other");
    log::info!("plain");
    dlt::info!(main, "plain");
    log::error!("formatted {} {:?}", 5, "text");
    dlt::error!(main, "formatted 5 \"text\"");
    log::trace!(target: "network", "not below net");
    dlt::verbose!(main, "not below net");
    log::warn!(target: "net::tcp", a = 1, b = 2.5, c = true, d = "text", e = 3_u8; "typed");
    dlt::warn!(net, "typed", a = 1_i64, b = 2.5, c = true, d = "text", e = 3_u64);
    log::info!(target: "net", "off in this context");
    log::debug!(a:? = [1, 2], b:% = 'x', c:? = None::<u8>, d = u128::MAX; "printed");
    dlt::debug!(main, "printed", a = "[1, 2]", b = "x", c = "None", d = u128::MAX);
    log::logger().flush();
    assert_eq!(main.logger().statistics().waiting, 0);
    assert!(
        log::log_enabled!(log::Level::Trace) && !log::log_enabled!(target: "net", log::Level::Info)
    );
}

#[test]
fn what_is_logged_with_log_arrives_with_its_types() {
    needs_ours("there is no other library in Rust", || {
        assert_pairs(&logged("log", |_| {}), 5);
    });
}

fn through_tracing() {
    let (main, net, routes) = contexts();
    set_global_default(registry().with(TracingLayer::new(routes))).expect("there is no other");
    tracing::info!("plain");
    dlt::info!(main, "plain");
    tracing::error!(a = 1, b = 2.5, c = true, d = "text", e = 3_u8, "formatted {}", 5);
    dlt::error!(main, "formatted 5", a = 1_i64, b = 2.5, c = true, d = "text", e = 3_u64);
    tracing::debug!(a = ?[1, 2], b = %'x', c = u128::MAX, d = &b"\x00\xff"[..]);
    dlt::debug!(main, a = "[1, 2]", b = "x", c = u128::MAX, d = [0, 255]);
    let _outer = tracing::info_span!("outer", id = 7, later = tracing::field::Empty).entered();
    let inner = tracing::error_span!(target: "net::tcp", "inner", name = "x");
    inner.in_scope(|| {
        tracing::trace!("in both");
        dlt::verbose!(main, "in both", span = "outer", id = 7_i64, span = "inner", name = "x");
        let _off = tracing::info_span!(target: "net", "off").entered();
        tracing::Span::current().record("later", true);
        tracing::warn!(target: "net", "in both");
        dlt::warn!(net, "in both", span = "outer", id = 7_i64, span = "inner", name = "x");
    });
    _outer.record("later", 5);
    tracing::info!("recorded");
    dlt::info!(main, "recorded", span = "outer", id = 7_i64, later = 5_i64);
    let error = std::io::Error::other("broken");
    tracing::warn!(parent: None, error = &error as &dyn std::error::Error, "alone");
    dlt::warn!(main, "alone", error = "broken");
    tracing::info!(target: "net", "off in this context");
}

#[test]
fn what_is_logged_with_tracing_arrives_with_its_types_and_spans() {
    needs_ours("there is no other library in Rust", || {
        assert_pairs(&logged("tracing", |_| {}), 7);
    });
}

fn spans_alone() {
    let (main, _net, routes) = contexts();
    let layer = TracingLayer::new(routes)
        .with_span_messages(SpanMessages::Activity)
        .with_spans_in_events(false)
        .with_location();
    with_default(registry().with(layer), || {
        let span = tracing::warn_span!("work", id = 7);
        dlt::warn!(main, "new", span = "work", id = 7_i64);
        let entered = span.entered();
        dlt::warn!(main, "enter", span = "work");
        tracing::info!("inside");
        dlt::info!(main, "inside", file = file!(), line = line!() - 1);
        let span = entered.exit();
        dlt::warn!(main, "exit", span = "work");
        drop(span);
        dlt::warn!(main, "close", span = "work", id = 7_i64);
    });
}

#[test]
fn spans_have_messages_of_their_own_where_that_is_chosen() {
    needs_ours("there is no other library in Rust", || {
        assert_pairs(&logged("spans", |_| {}), 5);
    });
}

/// What the daemon sends to a part that waits for it.
fn set_levels(recorder: &Recorder) {
    recorder.wait_for_messages(1);
    recorder.send(&log_level(0, 2, 0));
    recorder.wait_for_messages(2);
    recorder.send(&log_level(1, 5, 0));
    recorder.wait_for_messages(3);
    recorder.send(&log_level(0, 0, 0));
    recorder.send(&log_level(1, 0, 0));
}

fn levels_of_log() {
    let (main, net, routes) = contexts();
    LogAdapter::new(routes).install().expect("there is no other");
    assert_eq!(log::max_level(), log::LevelFilter::Trace);
    let wait = |level| wait_for("the level", || (log::max_level() == level).then_some(()));
    log::error!("ready");
    wait(log::LevelFilter::Warn); // NET's
    assert!(!log::log_enabled!(log::Level::Warn) && log::log_enabled!(log::Level::Error));
    log::error!("go on");
    wait(log::LevelFilter::Debug);
    assert!(log::log_enabled!(target: "net", log::Level::Debug));
    log::error!("go on");
    wait(log::LevelFilter::Off);
    drop((main, net));
}

fn levels_of_tracing() {
    use tracing::level_filters::LevelFilter;
    let (main, _net, routes) = contexts();
    // Another layer that sees what this one does not.
    let beside = |routes: Routes| registry().with(TracingLayer::new(routes).beside_others());
    with_default(beside(routes.clone()).with(LevelFilter::TRACE), || {
        assert!(tracing::enabled!(tracing::Level::TRACE));
    });
    let layer = TracingLayer::new(routes);
    // Of this thread only: the library's has another.
    with_default(registry().with(layer.boxed()), || {
        assert_eq!(LevelFilter::current(), LevelFilter::TRACE);
        let wait =
            |level| wait_for("the level", || (LevelFilter::current() == level).then_some(()));
        tracing::error!("ready");
        wait(LevelFilter::WARN); // NET's
        assert!(
            !tracing::enabled!(tracing::Level::WARN) && tracing::enabled!(tracing::Level::ERROR)
        );
        tracing::error!("go on");
        wait(LevelFilter::DEBUG);
        assert!(tracing::enabled!(target: "net", tracing::Level::DEBUG));
        assert!(!tracing::enabled!(tracing::Level::DEBUG));
        tracing::error!("go on");
        wait(LevelFilter::OFF);
        assert!(!tracing::enabled!(tracing::Level::ERROR));
        wait_for("both", || (main.level() == Level::Off).then_some(()));
    });
}

#[test]
fn levels_that_the_daemon_sets_are_those_of_log() {
    needs_ours("there is no other library in Rust", || {
        assert_eq!(logged("log levels", set_levels).len(), 3);
    });
}

#[test]
fn levels_that_the_daemon_sets_are_those_of_tracing() {
    needs_ours("there is no other library in Rust", || {
        assert_eq!(logged("tracing levels", set_levels).len(), 3);
    });
}
