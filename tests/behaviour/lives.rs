//! What may happen in the course of a program's life: `c-tests/lives.c` does it, one thing a run, in
//! front of a recorder. None of it crashes, hangs, or leaves anything behind.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::children::Running;
use crate::support::frames::{Frame, Message};
use crate::support::library::{
    compiled, compiled_with, is_sanitized, library, needs_ours, only_ours, words,
};
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::{fact, fresh_dir, is_long, note, root, skipped};

/// How long one of them may take: far beyond anything that is expected.
const LIMIT: Duration = Duration::from_secs(120);

/// What a run has found out, by name; all values where it has said one more than once.
struct Life {
    said: HashMap<String, Vec<i64>>,
    lines: Vec<String>,
    /// The library's own lines, and what the program has complained of.
    errors: String,
    recorder: Option<Recorder>,
}

impl Life {
    fn value(&self, name: &str) -> i64 {
        let values = self.said.get(name).map(Vec::as_slice);
        let Some([value]) = values else { panic!("{name} is {values:?}: {:?}", self.lines) };
        *value
    }

    fn messages(&self) -> Vec<Message> {
        self.recorder.as_ref().expect("not without").messages()
    }

    /// Waits until the daemon has a message with this number.
    fn arrives(&self, number: u32) {
        self.arrives_from(0, number);
    }

    /// The same of another part of the program.
    fn arrives_from(&self, who: u32, number: u32) {
        let recorder = self.recorder.as_ref().expect("not without");
        recorder.wait_until(&format!("message {number} of {who}"), |arrivals| {
            let messages = crate::support::recorder::messages(arrivals);
            messages.iter().any(|m| (m.number(0), m.number(1)) == (Some(who), Some(number)))
        });
        assert_eq!(recorder.garbage(), 0);
    }
}

fn kinds() -> &'static [Kind] {
    if library().is_reference { &KINDS[..1] } else { &KINDS }
}

fn command(arguments: &[&str]) -> Command {
    let runner = words("DLT_TEST_RUNNER");
    let program = compiled("lives").into_os_string();
    let mut all = runner.into_iter().map(OsString::from).chain([program]);
    let mut command = Command::new(all.next().expect("the program at least"));
    command.args(all).args(arguments);
    command
}

fn run(mut command: Command, name: &str, recorder: Option<Recorder>, dir: &Path) -> Life {
    let output = |name: &str| std::fs::File::create(dir.join(name)).expect("own directory");
    command
        .env("LD_LIBRARY_PATH", &library().dir)
        .env("DLT_PIPE_DIR", dir)
        // The growth of its address space is looked at, and a second arena of glibc's is 64 MiB.
        .env("MALLOC_ARENA_MAX", "1")
        .env("DLT_LOG_LEVEL", "4")
        .stdin(Stdio::null())
        .stdout(output("said.txt"))
        .stderr(output("errors.txt"));
    let mut program = Running::start(name, &mut command);
    let end = program.ends_within(if library().is_reference { LIMIT / 4 } else { LIMIT });
    program.kill();
    let read = |name: &str| {
        let bytes = std::fs::read(dir.join(name)).expect("own directory");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (text, errors) = (read("said.txt"), read("errors.txt"));
    let how = end.map_or("hangs".to_owned(), |status| status.to_string());
    let found =
        text.lines().filter(|line| !line.starts_with("end") && !line.starts_with('[')).take(12);
    fact(&format!("life: {name}"), &format!("{how}; {}", found.collect::<Vec<_>>().join(", ")));
    assert!(end.is_some_and(|end| end.success()), "{name}: {how}\n{text}{errors}");
    let mut said: HashMap<String, Vec<i64>> = HashMap::new();
    for line in text.lines() {
        if let Some((name, value)) = line.split_once(' ')
            && let Ok(value) = value.parse()
        {
            said.entry(name.to_owned()).or_default().push(value);
        }
    }
    let lines = text.lines().map(str::to_owned).collect();
    Life { said, lines, errors, recorder }
}

/// Runs one of them in front of a recorder.
fn live(kind: Kind, arguments: &[&str]) -> Life {
    let dir = fresh_dir(&format!("lives-{}-{kind:?}", arguments[0]));
    let recorder = Recorder::start(&dir, kind);
    run(command(arguments), arguments[0], Some(recorder), &dir)
}

/// ... where there is no daemon.
fn live_alone(arguments: &[&str]) -> Life {
    let dir = fresh_dir(&format!("lives-{}-alone", arguments[0]));
    run(command(arguments), arguments[0], None, &dir)
}

fn count(short: u32, long: u32) -> String {
    if is_long() { long } else { short }.to_string()
}

#[test]
fn threads_start_and_stop_the_library_while_others_log() {
    needs_ours("the reference crashes, as luck has it", || {
        for kind in kinds() {
            let life = live(*kind, &["storm", "8", &count(1500, 20_000)]);
            life.arrives(4711);
            note(&format!("{kind:?}: {} messages tried meanwhile", life.value("tried")));
            assert!(life.value("tried") > 1000);
        }
    });
}

#[test]
fn a_callback_stops_the_library_and_it_starts_again_without_growing() {
    needs_ours("the reference ends the thread that is in the callback", || {
        for kind in kinds() {
            let rounds = if is_long() { 1000 } else { 100 };
            let life = live(*kind, &["freed", &rounds.to_string()]);
            life.arrives(4711);
            let growth = life.value("growth");
            note(&format!("{kind:?}: stopped {rounds} times in a callback: {growth} KiB more"));
            // A thread's stack is 1 MiB.
            assert!(growth < 8 * 1024 || is_sanitized(), "{growth} KiB");
        }
    });
}

#[test]
fn what_logs_when_the_library_has_ended_is_refused() {
    only_ours("the reference starts again when its exit handler has run", || {
        for kind in kinds() {
            for _ in 0..3 {
                let life = live(*kind, &["handlers"]);
                life.arrives(3);
                // In a handler registered after ours the library still works, and that arrives, too.
                assert_eq!(life.value("before"), 0);
                life.arrives_from(1, 1);
                assert!(life.value("freed") < 0, "after dlt_free()");
                assert_eq!(life.value("unregistered_freed"), 1);
                for call in ["behind", "context_behind", "app_behind", "init_behind"] {
                    assert!(life.value(call) < 0, "{call}, behind our handler");
                }
                let refused = |m: &Message| m.number(0) < Some(9) && m.number(1) == Some(2);
                assert!(!life.messages().iter().any(refused));
            }
        }
    });
}

#[test]
fn no_call_is_a_cancellation_point() {
    only_ours("the reference's are", || {
        for kind in kinds() {
            live(*kind, &["cancelled"]).arrives(4711);
        }
    });
}

#[test]
fn threads_that_leave_a_message_half_done_give_its_memory_back() {
    only_ours(
        "the reference keeps it: 1,390 bytes a message, or as many as messages may have",
        || {
            let threads = if is_long() { 100_000 } else { 4_000 };
            let life = live(KINDS[0], &["abandoned", &threads.to_string()]);
            life.arrives(4711);
            let growth = life.value("growth");
            note(&format!("{threads} threads left a message half done: {growth} KiB more"));
            // 68 KiB of address space a message is what one takes.
            assert!(growth < 4 * 1024 || is_sanitized(), "{growth} KiB");
        },
    );
}

#[test]
fn short_lived_threads_leave_nothing_behind() {
    let threads = if is_long() { 100_000 } else { 8_000 };
    let life = live(KINDS[0], &["threads", &threads.to_string()]);
    life.arrives(4711);
    let (growth, resident) = (life.value("growth"), life.value("resident"));
    note(&format!("{threads} threads: {growth} KiB more, {resident} KiB of them resident"));
    // The ring is touched all over; where it was not before, it is now.
    let is_little = growth < 1024 && resident < 4096;
    assert!(is_little || is_sanitized(), "{growth} KiB, {resident} KiB");
}

#[test]
fn contexts_that_come_and_go_leave_nothing_behind() {
    only_ours("the reference refuses more when its buffer is full of those that went", || {
        let contexts = if is_long() { 1_000_000 } else { 40_000 };
        let arguments = ["contexts", &contexts.to_string()];
        let lives = kinds().iter().map(|kind| live(*kind, &arguments));
        for life in lives.chain([live_alone(&arguments)]) {
            if life.recorder.is_some() {
                assert_eq!(life.value("last"), 0);
                life.arrives(4711);
            }
            let (growth, resident) = (life.value("growth"), life.value("resident"));
            note(&format!(
                "{contexts} contexts: {growth} KiB more, {resident} KiB of them resident"
            ));
            let is_little = growth < 16 * 1024 && resident < 8 * 1024;
            assert!(is_little || is_sanitized(), "{growth} KiB, {resident} KiB");
        }
    });
}

#[test]
fn the_worker_is_no_real_time_thread_and_bound_to_no_processor_because_its_creator_is() {
    only_ours("the reference's threads inherit both", || {
        let life = live(KINDS[0], &["realtime"]);
        if is_sanitized() {
            return; // it has a thread of its own
        }
        if life.said.contains_key("forbidden") {
            return skipped("no thread may be made a real-time one here");
        }
        life.arrives(4711);
        assert_eq!(life.value("others"), 1);
        assert_eq!(life.value("policy"), i64::from(libc::SCHED_OTHER));
        assert_eq!(life.value("processors"), life.value("all"));
    });
}

#[test]
fn the_library_is_loaded_and_unloaded_at_will() {
    needs_ours("it leaves a message out, now and then", || {
        for kind in kinds() {
            let dir = fresh_dir(&format!("lives-loaded-{kind:?}"));
            let recorder = Recorder::start(&dir, *kind);
            let source = root().join("c-tests/loaded.c");
            // Not linked with it: it is in the process when it is loaded, and not before.
            let program = compiled_with(&source, "loaded", &["-Wl,--as-needed"]);
            let life = run(Command::new(program), "loaded", Some(recorder), &dir);
            assert_eq!(life.value("end"), 0);
            let recorder = life.recorder.as_ref().expect("given");
            recorder.wait_for_messages(10);
            assert_eq!(recorder.numbers(0), (0..10).collect::<Vec<u32>>());
        }
    });
}

fn plugin() -> PathBuf {
    compiled_with(&root().join("c-tests/plugin.c"), "plugin.so", &["-shared", "-fPIC"])
}

#[test]
fn a_plugin_with_a_context_comes_and_goes() {
    let plugin = plugin();
    for kind in kinds() {
        let life = live(*kind, &["plugin", plugin.to_str().expect("a plain path")]);
        life.arrives(4711);
        let of_plugin = life.messages().into_iter().filter(|m| m.number(0) == Some(11));
        assert_eq!(of_plugin.count(), 20);
    }
}

#[test]
fn a_process_forks_while_its_threads_log() {
    only_ours("the reference's children refuse for ever", || {
        for kind in kinds() {
            let forks = if is_long() { 300 } else { 25 };
            let life = live(*kind, &["forks", &forks.to_string()]);
            life.arrives(4711);
            let messages = life.messages();
            let children = messages.iter().filter(|m| m.app == "CHLD");
            let mut numbers: Vec<u32> = children.filter_map(|m| m.number(1)).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (0..forks).collect::<Vec<u32>>());
            for (number, logged) in life.said["logged"].iter().enumerate() {
                let who = 10 + number as u32;
                let own = messages.iter().filter(|m| m.number(0) == Some(who));
                assert_eq!(own.count() as i64, *logged, "thread {number}");
            }
        }
    });
}

#[test]
fn a_callback_forks() {
    only_ours("the reference's children refuse for ever", || {
        for kind in kinds() {
            let life = live(*kind, &["forked"]);
            life.arrives(4711);
            assert!(life.messages().iter().any(|m| m.app == "CHLD" && m.number(1) == Some(1)));
        }
    });
}

#[test]
fn a_program_that_becomes_a_daemon_logs_before_and_after() {
    only_ours("the reference's children refuse for ever", || {
        for kind in kinds() {
            let life = live(*kind, &["daemon"]);
            life.arrives(1);
            life.arrives(2);
            let daemon = life.messages().into_iter().find(|m| m.number(1) == Some(2));
            assert_eq!(daemon.expect("just seen").app, "DAEM");
            let gone =
                |f: &Frame| matches!(f, Frame::UnregisterApplication { app, .. } if app == "DAEM");
            life.recorder.as_ref().expect("given").wait_for_frame("its end", gone);
        }
    });
}

#[test]
fn a_program_that_is_executed_inherits_no_descriptor() {
    only_ours("the reference's own log is inherited", || {
        for kind in kinds() {
            let dir = fresh_dir(&format!("lives-executes-{kind:?}"));
            let recorder = Recorder::start(&dir, *kind);
            let mut command = command(&["executes"]);
            // One more of the library's: its own log.
            command.env("DLT_LOG_MODE", "2").env("DLT_LOG_FILENAME", dir.join("own.log"));
            let life = run(command, "executes", Some(recorder), &dir);
            life.arrives(4711);
            // As many as the program was given itself, of whoever runs the test.
            let inherited = &life.said["inherited"];
            assert_eq!(inherited[1..], [inherited[0]; 3], "{:?}", life.lines);
        }
    });
}

#[test]
fn a_callback_may_call_everything() {
    needs_ours("what it refuses in a callback differs", || {
        for kind in kinds() {
            let life = live(*kind, &["callback"]);
            life.arrives(4711);
            for number in [1, 2, 3] {
                life.arrives(number);
            }
        }
    });
}

#[test]
fn a_callback_that_does_not_return_holds_up_the_end_for_a_bounded_time() {
    needs_ours("the reference delivers on another thread, and ends at once", || {
        for kind in kinds() {
            let life = live(*kind, &["blocked"]);
            let took = life.value("exit");
            note(&format!("{kind:?}: exit with a callback that does not return: {took} ms"));
            let lost = life.errors.split_once(" messages lost at the end of the process");
            let lost = lost.and_then(|(before, _)| before.rsplit_once('~')?.1.parse().ok());
            // The first may have been faster than the callback.
            assert!(matches!(lost, Some(99 | 100)), "{}", life.errors);
        }
    });
}

#[test]
fn the_library_is_stopped_while_a_callback_does_not_return_and_starts_when_it_has() {
    needs_ours("the reference cancels its thread", || {
        for kind in kinds() {
            let life = live(*kind, &["restarted"]);
            life.arrives(4711);
            note(&format!("{kind:?}: init refused after {} ms", life.value("waited")));
            assert!(life.value("init") < 0, "its worker is still there");
        }
    });
}
