//! Nothing left of something: descriptors, threads, memory, and system calls that a sandbox forbids.
//! A clear word, and everything works when there is room again; without inotify or eventfd it works
//! at once.
//!
//! What was planted and failed here: a bell that is an eventfd or nothing; a heap that ends the process;
//! waiting for an event after EMFILE, which makes none when there is room again.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::children::Running;
use crate::support::frames::{Frame, log_level};
use crate::support::library::{compiled, library, needs_ours, only_ours};
use crate::support::namespace::Namespace;
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::{fact, fresh_dir, wait_for};

const LIMIT: Duration = Duration::from_secs(60);

/// Runs one of `c-tests/scarce.c` to its end; what it has found out, and what has been said.
fn scarce(what: &str, kind: Kind) -> (Vec<String>, String, Recorder) {
    let dir = fresh_dir(&format!("scarce-{what}-{kind:?}"));
    let recorder = Recorder::start(&dir, kind);
    let mut command = Command::new(compiled("scarce"));
    command.arg(what).env("LD_LIBRARY_PATH", &library().dir).env("DLT_PIPE_DIR", &dir);
    command.env("DLT_LOG_LEVEL", "4");
    let (said, errors) = ended(what, &mut command, &dir);
    (said, errors, recorder)
}

fn ended(what: &str, command: &mut Command, dir: &Path) -> (Vec<String>, String) {
    let output = |name: &str| std::fs::File::create(dir.join(name)).expect("own directory");
    command.stdin(Stdio::null()).stdout(output("said.txt")).stderr(output("errors.txt"));
    let mut program = Running::start(what, command);
    let end = program.ends_within(LIMIT);
    program.kill();
    let read = |name: &str| {
        String::from_utf8_lossy(&std::fs::read(dir.join(name)).expect("own directory")).into_owned()
    };
    let (said, errors) = (read("said.txt"), read("errors.txt"));
    let how = end.map_or("hangs".to_owned(), |status| status.to_string());
    let found = said.lines().take(8).collect::<Vec<_>>().join(", ");
    fact(&format!("scarce: {what}"), &format!("{how}; {found}"));
    assert!(end.is_some_and(|end| end.success()), "{what}: {how}\n{said}{errors}");
    (said.lines().map(str::to_owned).collect(), errors)
}

fn arrives(recorder: &Recorder, number: u32) {
    recorder.wait_until(&format!("message {number}"), |arrivals| {
        let messages = crate::support::recorder::messages(arrivals);
        messages.iter().any(|m| m.number(1) == Some(number))
    });
    assert_eq!(recorder.garbage(), 0);
}

fn kinds() -> &'static [Kind] {
    if library().is_reference { &KINDS[..1] } else { &KINDS }
}

#[test]
fn a_start_without_descriptors_is_refused_with_a_line_or_completed_when_there_are_some() {
    only_ours("the reference ends the process: a buffer overflow is detected", || {
        for kind in kinds() {
            let (said, errors, recorder) = scarce("descriptors", *kind);
            arrives(&recorder, 4711);
            assert!(said.iter().any(|line| line == "init -1"), "{said:?}");
            assert!(errors.contains("nothing to start the worker with: EMFILE"), "{errors}");
            assert!(errors.contains(": EMFILE: Too many open files; waiting"), "{errors}");
        }
    });
}

#[test]
fn a_link_that_breaks_when_there_are_no_descriptors_is_made_again_when_there_are() {
    for kind in kinds() {
        let dir = fresh_dir(&format!("scarce-link-{kind:?}"));
        let mut first = Recorder::start(&dir, *kind);
        let said = dir.join("said.txt");
        let mut command = Command::new(compiled("scarce"));
        command.arg("link").env("LD_LIBRARY_PATH", &library().dir).env("DLT_PIPE_DIR", &dir);
        let file = |name: &str| std::fs::File::create(dir.join(name)).expect("own directory");
        command.stdin(Stdio::piped()).stdout(file("said.txt")).stderr(file("errors.txt"));
        let mut program = Running::start("scarce link", &mut command);
        let mut stdin = program.inner().stdin.take().expect("piped");
        first.wait_for_messages(1);
        let read = |path: &Path| std::fs::read_to_string(path).expect("own directory");
        wait_for("all descriptors to be taken", || read(&said).contains("taken").then_some(()));
        first.leave();
        drop(first);
        writeln!(stdin).expect("the program reads");
        wait_for("the last descriptor", || read(&said).contains("more").then_some(()));
        let second = Recorder::start(&dir, *kind);
        if !library().is_reference {
            let told = ": EMFILE: Too many open files; waiting";
            wait_for("a line", || read(&dir.join("errors.txt")).contains(told).then_some(()));
        }
        writeln!(stdin).expect("the program reads");
        arrives(&second, 3);
        writeln!(stdin).expect("the program reads");
        assert!(program.wait().success());
        assert_eq!(second.numbers(1), [2, 3], "{kind:?}");
    }
}

/// Somewhere that everybody may be, as another user runs the program there.
#[test]
fn a_start_without_threads_is_refused_with_a_line_and_succeeds_when_there_are_some() {
    let Some(namespace) = Namespace::new() else {
        return;
    };
    let dir = fresh_dir("scarce-threads");
    for (from, to) in [
        (compiled("scarce"), "/tmp/scarce"),
        (library().dir.join("libdlt.so.2"), "/tmp/libdlt.so.2"),
    ] {
        std::fs::copy(from, namespace.inside(to)).expect("an empty /tmp");
    }
    let recorder = Recorder::start(&namespace.inside("/tmp"), Kind::Fifo);
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    std::fs::set_permissions(namespace.inside("/tmp/dlt"), everybody).expect("own fifo");
    // A user that there is no other process of.
    let nobody_else = ["--nproc=1:64", "setpriv", "--reuid=64123", "--regid=64123"];
    let mut command = namespace.command("prlimit");
    command.args(nobody_else).args(["--clear-groups", "/tmp/scarce", "threads"]);
    command.env("LD_LIBRARY_PATH", "/tmp");
    let (said, errors) = ended("threads", &mut command, &dir);
    arrives(&recorder, 4711);
    if !library().is_reference {
        assert_eq!(said[..3], ["init -1", "app -1", "register -1"], "{errors}");
        assert!(errors.contains("no thread for the worker: "), "{errors}");
    }
}

#[test]
fn a_start_without_memory_is_refused_with_a_line_and_succeeds_when_there_is_some() {
    for kind in kinds() {
        let (said, errors, recorder) = scarce("memory", *kind);
        arrives(&recorder, 4711);
        if !library().is_reference {
            assert!(said.iter().all(|line| line != "failed 0"), "{said:?}");
            // At one thing after the other.
            assert!(errors.contains("nothing to start the worker with: ENOMEM"), "{errors}");
            assert!(errors.contains("no thread for the worker: "), "{errors}");
        }
    }
}

#[test]
fn no_call_ends_a_process_that_has_no_memory_left() {
    only_ours("the reference ends it", || {
        for kind in kinds() {
            for what in ["all", "again"] {
                let (said, _, recorder) = scarce(what, *kind);
                arrives(&recorder, 4711);
                assert!(said.iter().any(|line| line == "register -1"), "{said:?}");
                // What needs none is logged all the same.
                if what == "again" {
                    assert!(said.iter().any(|line| line == "log 0"), "{said:?}");
                    arrives(&recorder, 2);
                }
            }
        }
    });
}

/// A puppet that may not make these system calls.
fn puppet_without(forbidden: &[&str], dir: &Path) -> Puppet {
    let mut command = Command::new(compiled("without"));
    command.args(forbidden).arg(compiled("puppet"));
    command.env("LD_LIBRARY_PATH", &library().dir).env("DLT_PIPE_DIR", dir);
    command.env("DLT_LOG_MODE", "4").stderr(Stdio::null());
    Puppet::of(command)
}

const EPERM: &str = "=1";
const EMFILE: &str = "=24";
const ENOSPC: &str = "=28";
const ENOSYS: &str = "=38";

#[test]
fn a_daemon_is_found_lost_and_found_again_without_inotify() {
    for (call, error) in [
        ("inotify_init1", EPERM),
        ("inotify_init1", ENOSYS),
        ("inotify_init1", EMFILE),
        ("inotify_add_watch", ENOSPC),
    ] {
        for kind in kinds() {
            let dir = fresh_dir(&format!("without-{call}-{}-{kind:?}", &error[1..]));
            let mut puppet = puppet_without(&[&format!("{call}{error}")], &dir);
            puppet.register();
            puppet.ok("log 0 4 0");
            for round in 0..3 {
                let mut recorder = Recorder::start(&dir, *kind);
                let wanted = |f: &Frame| matches!(f, Frame::Log(_));
                recorder.wait_for_frame("what was logged meanwhile", wanted);
                puppet.ok(&format!("log 0 4 {}", 2 * round + 1));
                recorder.wait_for_messages(2);
                assert_eq!(recorder.numbers(1), [2 * round, 2 * round + 1], "{call}{error}");
                if round % 2 == 0 {
                    recorder.leave()
                } else {
                    recorder.crash()
                };
                drop(recorder);
                puppet.ok(&format!("log 0 4 {}", 2 * round + 2));
            }
        }
    }
}

#[test]
fn a_daemon_that_takes_another_s_place_is_found_without_inotify() {
    needs_ours("it does not look whether the node is still the same", || {
        for kind in kinds() {
            let dir = fresh_dir(&format!("without-swap-{kind:?}"));
            let mut puppet = puppet_without(&["inotify_init1=38"], &dir);
            // The first one keeps its end open, and reads on.
            let first = Recorder::start(&dir, *kind);
            puppet.register();
            puppet.ok("log 0 4 1");
            first.wait_for_messages(1);
            std::fs::remove_file(dir.join("dlt")).expect("own directory");
            let second = Recorder::start(&dir, *kind);
            let wanted = |f: &Frame| matches!(f, Frame::RegisterApplication { .. });
            second.wait_for_frame("the application", wanted);
            puppet.ok("log 0 4 2");
            second.wait_for_messages(1);
            assert_eq!((first.numbers(1), second.numbers(1)), (vec![1], vec![2]), "{kind:?}");
        }
    });
}

#[test]
fn everything_works_without_eventfd() {
    needs_ours("it has none", || {
        for error in [EPERM, ENOSYS] {
            for kind in kinds() {
                let dir = fresh_dir(&format!("without-eventfd-{}-{kind:?}", &error[1..]));
                let recorder = Recorder::start(&dir, *kind);
                let mut puppet = puppet_without(&[&format!("eventfd2{error}")], &dir);
                puppet.register();
                assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
                for number in 0..5 {
                    // Each of them wakes the worker, which has gone to sleep.
                    wait_for("the worker to sleep", || {
                        puppet.is_parked("dlt-worker").then_some(())
                    });
                    puppet.ok(&format!("log 0 4 {number}"));
                    recorder.wait_for_messages(number + 1);
                }
                recorder.send(&log_level(0, 2, 0));
                assert_eq!(puppet.event()[..3], ["level", "PCTX", "2"]);
                puppet.numbers("burst 0 2 5 50000 4");
                puppet.statistics_when("an empty ring", |s| s.waiting == 0).assert_conserved();
                puppet.ok("free");
                puppet.register();
                puppet.ok("log 0 4 50005");
                let (_, status) = puppet.exit();
                assert!(status.success());
                arrives(&recorder, 50005);
            }
        }
    });
}
