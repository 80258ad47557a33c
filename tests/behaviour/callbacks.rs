//! The worker, and what an application has it do: callbacks that throw, failures of its own. That
//! callbacks may log, call back and block is in `levels`, `reentrant`, `lives` and `order`.

use std::process::{Command, Stdio};
use std::time::Duration;

use dlt::{Level, Logger};

use crate::support::children::Running;
use crate::support::library::{compiled_with, library, needs_ours};
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::{fact, fresh_dir, root};

fn kinds() -> &'static [Kind] {
    if library().is_reference { &KINDS[..1] } else { &KINDS }
}

/// `c-tests/throws.cpp`: how it ended, and what it has said on standard output and error.
fn thrown(name: &str, kind: Kind, arguments: &[&str]) -> (String, String, String, Recorder) {
    let dir = fresh_dir(&format!("callbacks-{name}-{kind:?}"));
    let recorder = Recorder::start(&dir, kind);
    let source = root().join("c-tests/throws.cpp");
    let program =
        compiled_with(&source, "throws", &["-std=c++14", "-Wl,--no-as-needed", "-lstdc++"]);
    let file = |name: &str| std::fs::File::create(dir.join(name)).expect("own directory");
    let mut command = Command::new(program);
    command.args(arguments).env("LD_LIBRARY_PATH", &library().dir).env("DLT_PIPE_DIR", &dir);
    command.stdin(Stdio::null()).stdout(file("said.txt")).stderr(file("errors.txt"));
    let mut program = Running::start("a program in C++", &mut command);
    let end = program.ends_within(crate::support::WATCHDOG);
    program.kill();
    let how = end.map_or("hangs".to_owned(), |end| end.to_string());
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).expect("own directory");
    let (said, errors) = (read("said.txt"), read("errors.txt"));
    fact(&format!("C++: {name}"), &format!("{how}; {said}{errors}").replace('\n', "; "));
    (how, said, errors, recorder)
}

#[test]
fn a_callback_that_throws_ends_the_program_and_what_it_threw_is_said() {
    for kind in kinds() {
        let (how, _, errors, _) = thrown("throws", *kind, &[]);
        assert!(how.contains("SIGABRT"), "{how}: {errors}");
        assert!(errors.contains("terminate called after throwing an instance of"), "{errors}");
        assert!(errors.contains("thrown on purpose"), "{errors}");
    }
}

#[test]
fn static_objects_log_before_the_library_has_ended_and_are_refused_afterwards() {
    needs_ours("it says OK to what it loses", || {
        for kind in kinds() {
            let (how, said, errors, recorder) = thrown("static", *kind, &["static"]);
            assert_eq!(how, "exit status: 0", "{errors}");
            assert_eq!(said, "late 0\nearly -1\n");
            recorder.wait_for_messages(2);
            assert_eq!(recorder.numbers(0), [1, 2]);
        }
    });
}

/// Not a test: the program in Rust that the test below starts.
#[test]
#[ignore = "the program that the test below starts"]
fn failing_program() {
    if std::env::var_os("FAILING").is_none() {
        return;
    }
    let logger = Logger::new("FAIL", "its worker fails").expect("it starts");
    let context = logger.context("FAIL", "its worker fails").expect("room");
    for number in 0..5 {
        context.log(Level::Info, number, "before").expect("room");
        dlt::runtime::provoke_worker_failure().expect("it runs");
        context.log(Level::Info, number, "behind").expect("room");
    }
    logger.flush(Duration::from_secs(20)).expect("the worker goes on");
    let counts = logger.statistics();
    assert_eq!((counts.failures, counts.submitted, counts.delivered), (5, 10, 10), "{counts:?}");
    // What is ordered in one go with a failure is carried out all the same, the end as well.
    for _ in 0..5 {
        dlt::runtime::provoke_worker_failure().expect("it runs");
    }
    context.log(Level::Info, 4711, "at last").expect("room");
    dlt::runtime::free().expect("it runs");
    assert!(dlt::runtime::current().is_none());
    assert_eq!(logger.statistics().failures, 10);
}

#[test]
fn a_worker_that_fails_is_counted_said_and_goes_on() {
    needs_ours("a hook for it", || {
        for kind in kinds() {
            let dir = fresh_dir(&format!("callbacks-fail-{kind:?}"));
            let recorder = Recorder::start(&dir, *kind);
            let mut command = Command::new(std::env::current_exe().expect("this test"));
            command.args(["--exact", "callbacks::failing_program", "--ignored", "--nocapture"]);
            command.env("FAILING", "1").env("DLT_PIPE_DIR", &dir).env("DLT_LOG_LEVEL", "4");
            let output = command.output().expect("this test can be run");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{errors}");
            for count in [1, 2, 4, 8] {
                let line = format!("the worker failed and goes on; failures so far: {count}\n");
                assert!(errors.contains(&line), "{errors}");
            }
            recorder.wait_for_messages(11);
            assert_eq!((recorder.messages().len(), recorder.garbage()), (11, 0));
        }
    });
}
