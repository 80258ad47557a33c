//! Programs in Rust: what they send is what programs in C send, and what comes back reaches their
//! closures. The program is this one, started again with a part to play.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dlt::{
    Context, Error, Format, Level, Logger, LongTrace, Lost, NetworkTraceType, OverflowMode,
    TraceStatus, Value,
};

use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::frames::{Frame, Message, Parsed, injection, log_level, parse};
use crate::support::library::{DEBIAN, compiled, library, needs_ours};
use crate::support::recorder::{Kind, Recorder};
use crate::support::{WATCHDOG, fresh_dir, wait_for};

/// Not a test: the program in Rust that the tests of this file start.
#[test]
#[ignore = "the program that the tests beside it start"]
fn program() {
    match std::env::var("RUST_PART").as_deref() {
        Ok("messages") => all_kinds_of_messages(),
        Ok("levels") => levels_and_injections(),
        Ok("lives") => lives(),
        Ok("owners") => closures_that_own_contexts(),
        Ok("forked") => forked(),
        Ok("stopped") => stopped(),
        Ok("real daemon") => before_a_real_daemon(),
        Ok(count) => fill(count.parse().expect("a number of messages")),
        Err(_) => {}
    }
}

fn in_rust(dir: &Path, part: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["--exact", "rust::program", "--ignored", "--nocapture"]);
    command.env("RUST_PART", part);
    in_directory(command, dir)
}

fn in_c(dir: &Path, part: &str) -> Command {
    let mut command = Command::new(compiled("twin"));
    command.arg(part).env("LD_LIBRARY_PATH", &library().dir);
    in_directory(command, dir)
}

fn in_directory(mut command: Command, dir: &Path) -> Command {
    command.env("DLT_PIPE_DIR", dir).env("DLT_LOG_MODE", "4").stdin(Stdio::piped());
    command
}

fn run(mut command: Command) {
    let name = format!("{command:?}");
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let file = format!("rust-{}.txt", RUNS.fetch_add(1, Ordering::Relaxed));
    let printed = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    let to = File::create(&printed).expect("own directory");
    command.stdout(to.try_clone().expect("own file")).stderr(to).stdin(Stdio::null());
    let status = Running::start(&name, &mut command).wait();
    let text = std::fs::read_to_string(&printed).expect("own file");
    std::fs::remove_file(&printed).expect("own file");
    assert!(status.success(), "{name}: {text}");
}

/// What a program that ends by itself writes to the daemon, frame by frame, without what differs
/// from process to process: its id and its time.
fn frames_of(name: &str, program: impl Fn(&Path) -> Command) -> Vec<Vec<u8>> {
    let dir = fresh_dir(name);
    std::fs::create_dir(dir.join("dltpipes")).expect("own directory");
    let fifo = dir.join("dlt");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).expect("own directory");
    // More than a pipe holds is not sent here.
    let mut ear: File = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(&fifo)
        .expect("own FIFO");
    run(program(&dir));
    let mut bytes = Vec::new();
    match ear.read_to_end(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => {}
        other => panic!("the FIFO ended: {other:?}"),
    }
    let mut frames = Vec::new();
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let Parsed::Frame(frame, length) = parse(rest) else { panic!("not a frame: {rest:02x?}") };
        let mut bytes = rest[..length].to_vec();
        let blank = |bytes: &mut Vec<u8>, at: usize| bytes[at..at + 4].fill(0);
        match frame {
            Frame::Log(_) => {
                let flags = bytes[8];
                assert_eq!(flags & 0x1c, 0x1c, "all optional fields are there");
                blank(&mut bytes, 16);
                if bytes[20..24] != 4711_u32.to_be_bytes() {
                    blank(&mut bytes, 20);
                }
            }
            Frame::RegisterApplication { .. } | Frame::UnregisterApplication { .. } => {
                blank(&mut bytes, 12);
            }
            Frame::RegisterContext { .. } => blank(&mut bytes, 22),
            Frame::UnregisterContext { .. } => blank(&mut bytes, 16),
            _ => {}
        }
        frames.push(bytes);
        rest = &rest[length..];
    }
    frames
}

const LONG: usize = 1500;

fn all_kinds_of_messages() {
    let logger = Logger::new("TWIN", "one of two").expect("it starts");
    let one = logger
        .context_with("ONE", "the first", Some(Level::Verbose), Some(TraceStatus::On))
        .expect("room");
    let two = logger
        .context_with("TWO", "the second", Some(Level::Info), Some(TraceStatus::Off))
        .expect("room");
    numbers(&one, &two);
    texts_and_bytes(&two);
    identified(&logger, &one);
    traces(&one, &two);
    for level in [1, 2, 3, 4, 5, 6] {
        let level = Level::try_from(level).expect("a level");
        dlt::log!(one, level, i32::from(level.code()));
        dlt::log!(two, level, i32::from(level.code()));
    }
    drop(two);
    drop(one);
}

fn numbers(one: &Context, two: &Context) {
    dlt::info!(one, -8_i8, -16_i16, -32, -64_i64);
    dlt::warn!(one, 8_u8, 16_u16, 32_u32, 64_u64);
    dlt::debug!(one, 0.5_f32, -0.25, true, false);
    dlt::fatal!(two, isize::MIN, usize::MAX);
    dlt::error!(
        two,
        Value::hex(&0xab_u8),
        Value::hex(&0xabcd_u16),
        Value::hex(&0xabcdef01_u32),
        Value::hex(&0xabcdef0123456789_u64),
        Value::binary(&0x5a_u8),
        Value::binary(&0x5aa5_u16),
    );
    dlt::verbose!(one, a = -8_i8; "km", b = -16_i16; "km", c = -32; "km", d = -64_i64; "km");
    dlt::info!(one, a = 8_u8; "s", b = 16_u16; "s", c = 32_u32; "s", d = 64_u64; "s");
    let (value, speed) = (7, 3.5);
    dlt::info!(one, "text", value, speed = speed; "km/h");
    dlt::info!(one, name = 1.5_f32, on = true, 4; "bar");
}

fn texts_and_bytes(two: &Context) {
    let longer = "x".repeat(LONG);
    let bytes: Vec<u8> = (0..=255).collect();
    dlt::info!(two, "gr\u{fc}\u{df}", Value::ascii("plain"), String::new());
    let mut message = two.message(Level::Info).expect("it is on");
    message.add_named("name", "value").add_named("name", Value::ascii("value"));
    message.send().expect("room");
    assert_eq!(dlt::try_log!(two, Level::Info, longer), Err(Error::Incomplete));
    dlt::info!(two, "short", name = format_args!("{}{}", &longer[1..], "x"));
    dlt::info!(two, bytes, name = &bytes[..16]);
    dlt::info!(two, Value::raw(&[], Format::Default), std::ptr::without_provenance::<u8>(0x1234));
    dlt::info!(two, longer.as_bytes(), 1);
    let mut message = two.message(Level::Info).expect("it is on");
    message.timestamp(4711).add(format_args!("t{}n", "he"));
    message.send().expect("room");
}

fn identified(logger: &Logger, one: &Context) {
    dlt::log_id!(one, Level::Info, 1001, Value::constant("door"), 2_u8);
    logger.set_verbose(false).expect("it is started");
    dlt::log_id!(one, Level::Info, 1001, Value::constant("door"), 2_u8, "open");
    dlt::log_id!(one, Level::Warn, 1002, name = 5_u32; "unit", true);
    dlt::info!(one, "with types");
    logger.set_verbose(true).expect("it is started");
}

fn traces(one: &Context, two: &Context) {
    let (header, payload) = ([b'h'; 16], [b'p'; 3000]);
    let (can, ipc, most) = (NetworkTraceType::Can, NetworkTraceType::Ipc, NetworkTraceType::Most);
    assert_eq!(one.trace_network(can, &header, &payload[..100], LongTrace::Cut), Ok(()));
    assert_eq!(one.trace_network(ipc, &header, &payload, LongTrace::Cut), Ok(()));
    let refused = one.trace_network(most, &header, &payload, LongTrace::Refuse);
    assert_eq!(refused, Err(Error::TooLong));
    assert_eq!(two.trace_network(can, &header, &payload[..100], LongTrace::Cut), Ok(()));
}

#[test]
fn the_c_and_the_rust_interface_send_the_same_byte_for_byte() {
    needs_ours("there is no other library in Rust", || {
        let c = frames_of("twin-c", |dir| in_c(dir, "messages"));
        let rust = frames_of("twin-rust", |dir| in_rust(dir, "messages"));
        for (number, (c, rust)) in c.iter().zip(&rust).enumerate() {
            assert_eq!(c, rust, "frame {number}:\n{}\n{}", c.escape_ascii(), rust.escape_ascii());
        }
        assert_eq!(c.len(), rust.len());
        assert!(c.len() > 35, "{} frames", c.len());
    });
}

/// Logs so many messages that not all find room, and waits for the end of its input.
fn fill(count: u32) {
    let logger = Logger::new("TWIN", "one of two").expect("it starts");
    let one = logger
        .context_with("ONE", "the first", Some(Level::Verbose), Some(TraceStatus::On))
        .expect("room");
    let two = logger.context("TWO", "the second").expect("room");
    let mut lost = 0;
    for n in 0..count {
        let level = if n % 5 == 0 { Level::Error } else { Level::Info };
        match dlt::try_log!(one, level, 0_u32, n) {
            Ok(()) => {}
            Err(Error::Lost(Lost::NoRoom)) => lost += 1,
            Err(other) => panic!("{other}"),
        }
    }
    let counts = logger.statistics();
    assert_eq!((counts.lost, counts.refused), (lost, lost));
    assert_eq!(counts.submitted, u64::from(count));
    assert_eq!(one.statistics().lost, lost);
    assert_eq!(two.statistics().lost, 0);
    assert!(logger.is_crowded());
    writeln!(std::io::stdout(), "filled").expect("the test listens");
    let _ = std::io::stdin().read(&mut [0]);
    logger.flush(Duration::from_secs(30)).expect("the daemon is there");
    assert_eq!(logger.statistics().delivered, u64::from(count) - lost);
}

/// What a program delivers of too many messages, and what it says of the others.
fn filled(name: &str, program: impl Fn(&Path) -> Command) -> (Vec<Message>, u32) {
    let dir = fresh_dir(name);
    let mut command = program(&dir);
    command.stdout(Stdio::piped());
    let mut running = Running::start(name, &mut command);
    let stdout = BufReader::new(running.inner().stdout.take().expect("piped"));
    let mut lines = stdout.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.ends_with("filled")), "it ended before");
    let recorder = Recorder::start(&dir, Kind::Fifo);
    let told = recorder.wait_for_frame("the losses", |f| matches!(f, Frame::Overflow { .. }));
    let Frame::Overflow { lost, .. } = told.frame else { unreachable!("looked for") };
    drop(running.inner().stdin.take());
    assert!(running.wait().success(), "{}", lines.collect::<Vec<_>>().join("\n"));
    (recorder.messages(), lost)
}

#[test]
fn the_c_and_the_rust_interface_lose_the_same() {
    needs_ours("there is no other library in Rust", || {
        // More than the usual 16,384 places.
        let (c, c_lost) = filled("lost-c", |dir| in_c(dir, "20000"));
        let (rust, rust_lost) = filled("lost-rust", |dir| in_rust(dir, "20000"));
        assert_eq!((c.len(), c_lost), (rust.len(), rust_lost));
        assert_eq!(c, rust);
        assert_eq!(rust.len() + rust_lost as usize, 20_000);
        assert!(rust_lost > 3_000, "{rust_lost}");
    });
}

fn unwanted() -> u32 {
    panic!("the level is off")
}

fn levels_and_injections() {
    let context = Context::new("RUST", "LEVL", "levels", "set by the daemon").expect("it starts");
    let (seen, injected) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicU32::new(0)));
    let told = Arc::clone(&seen);
    context
        .on_level_change(move |context, level, trace| {
            assert_eq!((context.level(), context.is_tracing()), (level, trace == TraceStatus::On));
            told.lock().expect("nobody panics").push((level, trace));
        })
        .expect("registered");
    let count = Arc::clone(&injected);
    context
        .on_injection(0x1000, move |context, data| {
            count.fetch_add(1, Ordering::SeqCst);
            dlt::fatal!(context, "injected", data);
            assert_ne!(data, b"panic", "as it was asked for");
        })
        .expect("registered");
    assert_eq!(context.on_injection(0xffe, |_, _| {}), Err(Error::OutOfRange));
    // The daemon's answer to the registration is the first.
    wait_for("the daemon's answer", || (context.level() == Level::Verbose).then_some(()));
    dlt::fatal!(context, "ready");
    wait_for("another level", || (context.level() == Level::Error).then_some(()));
    assert!(!context.is_enabled(Level::Warn) && context.is_enabled(Level::Error));
    dlt::warn!(context, unwanted());
    wait_for("injections", || (injected.load(Ordering::SeqCst) == 2).then_some(()));
    wait_for("the last level", || (context.level() == Level::Off).then_some(()));
    assert!(context.message(Level::Fatal).is_none() && context.message(Level::Off).is_none());
    let last = [(Level::Error, TraceStatus::Off), (Level::Off, TraceStatus::On)];
    let told = || seen.lock().expect("nobody panics").ends_with(&last).then_some(());
    wait_for("the closure", told);
}

#[test]
fn what_the_daemon_sends_reaches_the_closures_of_a_context() {
    needs_ours("there is no other library in Rust", || {
        let dir = fresh_dir("rust-levels");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        let mut command = in_rust(&dir, "levels");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let running = std::thread::spawn(move || command.output().expect("it runs"));
        recorder.wait_for_messages(1);
        recorder.send(&log_level(0, 2, 0));
        recorder.send(&injection(0, 0x1000, b"panic"));
        recorder.send(&injection(0, 0x1001, b"for nobody"));
        recorder.send(&injection(0, 0x1000, b"data"));
        recorder.wait_for_messages(3);
        recorder.send(&log_level(0, 0, 1));
        let output = running.join().expect("not panicked");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(output.status.success(), "{text}");
        assert!(text.contains("as it was asked for"), "{text}");
        assert_eq!(recorder.messages().len(), 3);
    });
}

fn lives() {
    let logger = Logger::new("LIFE", "lives").expect("it starts");
    assert_eq!(Logger::new("LIVES", "").map(drop), Err(Error::InvalidId));
    assert_eq!(Logger::new("", "").map(drop), Err(Error::InvalidId));
    assert_eq!(logger.context("a b", "").map(drop), Err(Error::InvalidId));
    let context = logger.context("CTX", "cloned").expect("room");
    let same = Logger::new("LIFE", "again").expect("it is started");
    drop(logger);
    let threads: Vec<_> = (0..4_u32)
        .map(|number| {
            let context = context.clone();
            std::thread::spawn(move || dlt::info!(context, number))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("not panicked"));
    drop(same);
    dlt::info!(context, "still here");
    drop(context);
    // All are gone, and the library is still started.
    let context = Context::new("NEXT", "CTX", "another", "again").expect("it is started");
    dlt::info!(context, "next");
}

#[test]
fn contexts_and_applications_are_unregistered_when_their_last_clone_is_dropped() {
    needs_ours("there is no other library in Rust", || {
        let dir = fresh_dir("rust-lives");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        run(in_rust(&dir, "lives"));
        let is_next =
            |f: &Frame| matches!(f, Frame::UnregisterApplication { app, .. } if app == "NEXT");
        recorder.wait_for_frame("the end", is_next);
        let (mut story, mut messages) = (Vec::new(), 0);
        for frame in recorder.frames() {
            match frame {
                Frame::Log(_) => messages += 1,
                Frame::RegisterApplication { app, .. } => story.push(format!("+{app}")),
                Frame::UnregisterApplication { app, .. } => story.push(format!("-{app}")),
                Frame::RegisterContext { context, .. } => story.push(format!("+{context}")),
                Frame::UnregisterContext { context, .. } => story.push(format!("-{context}")),
                _ => {}
            }
        }
        let expected = ["+LIFE", "+CTX", "-CTX", "-LIFE", "+NEXT", "+CTX", "-CTX", "-NEXT"];
        assert_eq!(story, expected);
        assert_eq!(messages, 6);
    });
}

/// A closure that keeps a context alive may be the last that does.
fn closures_that_own_contexts() {
    let logger = Logger::new("OWNS", "closures that own contexts").expect("it starts");
    let keeper = logger.context("KEEP", "keeps others").expect("room");
    for round in 0..3_u32 {
        let (one, two) =
            (logger.context("ONE", "").expect("room"), logger.context("TWO", "").expect("room"));
        keeper.on_injection(0x1000, move |_, _| dlt::info!(one, round)).expect("registered");
        keeper.on_level_change(move |_, _, _| dlt::info!(two, round)).expect("registered");
        let three = logger.context("TRI", "").expect("room");
        logger.on_pressure(75, 25, move |_| dlt::info!(three, round)).expect("marks");
    }
    assert_eq!(logger.on_pressure(25, 75, |_| {}), Err(Error::OutOfRange));
    logger.on_pressure(75, 25, |_| {}).expect("marks");
    logger.set_overflow(OverflowMode::Block, Duration::from_millis(7)).expect("in range");
    assert_eq!(logger.overflow(), Ok((OverflowMode::Block, Duration::from_millis(7))));
    let long = logger.set_overflow(OverflowMode::Block, Duration::from_secs(61));
    assert_eq!(long, Err(Error::OutOfRange));
    dlt::info!(keeper, "alive");
    drop(keeper);
    logger.flush(Duration::from_secs(30)).expect("the daemon is there");
}

#[test]
fn a_closure_may_own_the_last_clone_of_another_context() {
    needs_ours("there is no other library in Rust", || {
        let dir = fresh_dir("rust-owners");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        run(in_rust(&dir, "owners"));
        recorder.wait_for_frame("the application's end", |f| {
            matches!(f, Frame::UnregisterApplication { .. })
        });
        let count =
            |wanted: fn(&Frame) -> bool| recorder.frames().iter().filter(|f| wanted(f)).count();
        assert_eq!(count(|f| matches!(f, Frame::RegisterContext { .. })), 10);
        assert_eq!(count(|f| matches!(f, Frame::UnregisterContext { .. })), 10);
    });
}

fn forked() {
    let logger = Logger::new("FORK", "parent").expect("it starts");
    let context = logger
        .context_with("CTX", "of both", Some(Level::Info), Some(TraceStatus::On))
        .expect("room");
    dlt::info!(context, "parent");
    // SAFETY: the child does nothing that another thread could hold a lock for: it logs and ends.
    match unsafe { libc::fork() } {
        0 => {
            let refused = dlt::try_log!(context, Level::Info, "child") == Ok(());
            let mut message = logger.context("NEW", "of the child");
            let early = message.is_err();
            let logger = Logger::new("CHLD", "child").expect("it starts");
            let stale = context.trace_network(NetworkTraceType::Can, b"", b"", LongTrace::Cut);
            message = logger.context("NEW", "of the child");
            let own = message.expect("room");
            // The level of the parent's context is still read; nothing is sent with it.
            let old = dlt::try_log!(context, Level::Info, "child");
            dlt::info!(own, "child");
            let flushed = logger.flush(Duration::from_secs(30));
            let right = refused
                && early
                && stale == Err(Error::NotRegistered)
                && old == Err(Error::NotRegistered)
                && flushed == Ok(());
            drop((own, context));
            // SAFETY: ends the process without the test harness's exit handlers.
            unsafe { libc::_exit(if right { 0 } else { 1 }) };
        }
        child => {
            let mut status = 0;
            // SAFETY: waits for our child; the status is ours.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0, "the child found it otherwise");
            dlt::info!(context, "parent again");
        }
    }
}

#[test]
fn a_child_after_fork_logs_with_contexts_of_its_own_only() {
    needs_ours("there is no other library in Rust", || {
        let dir = fresh_dir("rust-fork");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        run(in_rust(&dir, "forked"));
        recorder.wait_for_messages(3);
        let mut apps: Vec<_> =
            recorder.messages().iter().map(|m| format!("{}:{}", m.app, m.context)).collect();
        apps.sort();
        assert_eq!(apps, ["CHLD:NEW", "FORK:CTX", "FORK:CTX"]);
    });
}

/// Somebody else in the process stops the library by the C interface.
fn stopped() {
    let logger = Logger::new("STOP", "stopped and started").expect("it starts");
    let old = logger
        .context_with("OLD", "of the first life", Some(Level::Info), Some(TraceStatus::On))
        .expect("room");
    dlt::info!(old, "first");
    let begun = old.message(Level::Info).expect("it is on");
    // SAFETY: it may be called at any time.
    assert_eq!(unsafe { dlt::ffi::user::dlt_free() }, 0);
    assert_eq!(begun.send(), Err(Error::NotRegistered));
    assert_eq!(dlt::try_log!(old, Level::Info, "nowhere"), Ok(()));
    assert_eq!(logger.statistics().abandoned, 1);
    let again = Logger::new("STOP", "stopped and started").expect("it starts again");
    // At the same position, and at the same place.
    let new = again
        .context_with("NEW", "of the second life", Some(Level::Info), Some(TraceStatus::On))
        .expect("room");
    // From its second message on a life takes the short way.
    assert_eq!(dlt::try_log!(new, Level::Info, "second"), Ok(()));
    assert_eq!(dlt::try_log!(old, Level::Info, "nowhere"), Err(Error::NotRegistered));
    let traced = old.trace_network(NetworkTraceType::Can, b"", b"", LongTrace::Cut);
    assert_eq!(traced, Err(Error::NotRegistered));
    assert_eq!(old.on_level_change(|_, _, _| {}), Err(Error::NotRegistered));
    drop((old, logger));
    assert_eq!(dlt::try_log!(new, Level::Info, "third"), Ok(()));
}

#[test]
fn a_context_of_a_library_that_was_stopped_since_logs_nothing_and_harms_none() {
    needs_ours("there is no other library in Rust", || {
        let dir = fresh_dir("rust-stopped");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        run(in_rust(&dir, "stopped"));
        recorder.wait_for_messages(3);
        let contexts: Vec<_> = recorder.messages().into_iter().map(|m| m.context).collect();
        assert_eq!(contexts, ["OLD", "NEW", "NEW"]);
        let ends = recorder.frames().into_iter().filter_map(|frame| match frame {
            Frame::UnregisterContext { context, .. } => Some(context),
            _ => None,
        });
        assert_eq!(ends.collect::<Vec<_>>().last().map(String::as_str), Some("NEW"));
    });
}

fn before_a_real_daemon() {
    let context =
        Context::new("RUST", "REAL", "in Rust", "before a real daemon").expect("it starts");
    let (told, heard) = std::sync::mpsc::channel();
    // Nobody listens any more when the program ends.
    let tell = move |_: &Context, level, _| told.send(level).unwrap_or_default();
    context.on_level_change(tell).expect("registered");
    dlt::fatal!(context, "ready", 12, speed = 3.5; "km/h");
    let mut levels = std::iter::from_fn(|| heard.recv_timeout(WATCHDOG).ok());
    assert!(levels.any(|level| level == Level::Error), "no level came");
    dlt::warn!(context, "off");
    dlt::error!(context, "set to", i32::from(context.level().code()));
}

#[test]
fn debians_daemon_takes_what_a_program_in_rust_logs_and_sets_its_level() {
    needs_ours("there is no other library in Rust", || {
        let dir = fresh_dir("rust-daemon");
        let Some(daemon) = Daemon::start(&dir) else { return };
        if !installed(&["dlt-control"]) {
            return;
        }
        let itself = std::env::current_exe().expect("this test");
        let mut command = daemon.command(itself.to_str().expect("a plain path"));
        command.args(["--exact", "rust::program", "--ignored"]).env("RUST_PART", "real daemon");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = Running::start("the program in Rust", &mut command);
        // The daemon answers a context that it does not know yet with an error: ask until it does.
        let status = wait_for("the end of the program", || {
            let mut command = daemon.command("dlt-control");
            command.args(["-a", "RUST", "-c", "REAL", "-l", "2", "127.0.0.1"]);
            command.env("LD_LIBRARY_PATH", DEBIAN).stdout(Stdio::null()).stderr(Stdio::null());
            Running::start("dlt-control", &mut command).wait();
            running.ended()
        });
        assert!(status.success());
        let printed = daemon.wait_until_all_arrived();
        for line in ["RUST REAL log fatal V 3 [ready 12 3.5", "RUST REAL log error V 2 [set to 2]"]
        {
            assert!(printed.contains(line), "{line} is not in:\n{printed}");
        }
        assert!(!printed.contains("[off]"), "{printed}");
    });
}
