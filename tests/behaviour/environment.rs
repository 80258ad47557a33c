//! What each variable of the environment does, where libdlt knows it: the same. What nonsense in
//! them does is in `surroundings`, how they are read in `tests/config_environment.rs`; the modes of
//! overflow are in `overflow`, the port of a daemon in `client`.
//!
//! What was planted and failed here: a local print that FORCE_OFF does not stop; a list of levels
//! of which the first item always wins; a level from the daemon in spite of
//! DLT_DISABLE_INJECTION_MSG_AT_USER.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::frames::{Frame, Message, log_level};
use crate::support::fresh_dir;
use crate::support::library::{DEBIAN, compiled, library, needs_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{Kind, Recorder};

/// What a program told to do this says on a library: its answers, and what else is on standard
/// output and on standard error.
struct Said {
    answers: Vec<String>,
    output: Vec<String>,
    errors: Vec<String>,
    messages: Vec<Message>,
}

fn said(library_dir: &Path, name: &str, variables: &[(&str, &str)], script: &[&str]) -> Said {
    let dir = fresh_dir(name);
    let recorder = Recorder::start(&dir, Kind::Fifo);
    let mut command = Command::new(compiled("puppet"));
    command.env("LD_LIBRARY_PATH", library_dir).env("DLT_PIPE_DIR", &dir);
    command.envs(variables.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("the program can be run");
    let mut stdin = program.stdin.take().expect("piped");
    for line in script {
        writeln!(stdin, "{line}").expect("the program reads");
    }
    drop(stdin);
    let output = program.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{name}: {}", output.status);
    if script.contains(&"unapp") {
        recorder.wait_for_frame("the end", |f| matches!(f, Frame::UnregisterApplication { .. }));
    }
    let lines = |bytes: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
    };
    let (answers, printed) =
        lines(&output.stdout).into_iter().partition(|line| line.starts_with("= "));
    let errors = lines(&output.stderr);
    Said { answers, output: printed, errors, messages: recorder.messages() }
}

/// The same on both libraries.
fn both(name: &str, variables: &[(&str, &str)], script: &[&str]) -> [Said; 2] {
    let quiet = ("DLT_LOG_LEVEL", "4");
    let variables: Vec<_> = [quiet].into_iter().chain(variables.iter().copied()).collect();
    [
        said(DEBIAN.as_ref(), &format!("{name}-r"), &variables, script),
        said(&library().dir, &format!("{name}-o"), &variables, script),
    ]
}

#[test]
fn local_print_is_forced_on_and_off() {
    const FIRST: [&str; 2] = ["app PUPP", "context 0 PCTX 4 0"];
    for (number, (mode, enable, lines)) in [
        ("", false, 0),
        ("", true, 3),
        ("FORCE_ON", false, 3),
        ("FORCE_ON", true, 3),
        ("FORCE_OFF", true, 0),
        ("AUTOMATIC", true, 0),
        ("AUTOMATIC", false, 0),
    ]
    .into_iter()
    .enumerate()
    {
        let own = [if enable { "local_print 1" } else { "local_print 0" }];
        let rest = ["log 0 4 1", "log 0 4 2", "log 0 5 3", "text 0 20", "unapp"];
        let script: Vec<&str> = FIRST.into_iter().chain(own).chain(rest).collect();
        let variables = [("DLT_LOCAL_PRINT_MODE", mode)];
        let [reference, ours] =
            both(&format!("print-{number}"), &variables[usize::from(mode.is_empty())..], &script);
        // "2026/11/20 17:01:08.835110   10579654 ": when.
        let told = |said: &Said| -> Vec<String> {
            let printed = said.output.iter().filter(|line| line.contains(" ECU1 PUPP "));
            printed.map(|line| line.get(39..).unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(told(&reference).len(), lines, "{mode} {enable}: {:?}", reference.output);
        assert_eq!(told(&reference), told(&ours), "{mode} {enable}");
        assert_eq!(ours.messages.len(), 3, "printed or not, it is sent");
    }
}

#[test]
fn the_first_levels_are_those_of_the_list() {
    for (number, list) in [
        "::6",
        "PUPP::2",
        ":OTHR:1",
        "PUPP:PCTX:0",
        "::6;PUPP::2;:OTHR:1;PUPP:PCTX:5;",
        "::2;::3",
        "NONE::6",
        "::-1",
        "::verbose",
        "::OFF",
        ":PCTX:5;:PCTX:warning",
        "PUPP:OTHR:6;PUPP::0",
    ]
    .into_iter()
    .enumerate()
    {
        let script = [
            "resend_limit 0",
            "context 2 ERLY",
            "app PUPP",
            "context 0 PCTX",
            "context 1 OTHR 3 0",
            "level 0",
            "level 1",
            "level 2",
        ];
        // A daemon's answer would change them.
        let nobody = fresh_dir(&format!("levels-{number}-n"));
        let nobody = nobody.to_str().expect("a plain path");
        let variables = [("DLT_INITIAL_LOG_LEVEL", list), ("DLT_PIPE_DIR", nobody)];
        let [reference, ours] =
            both(&format!("levels-{number}"), &variables, &script).map(|said| said.answers);
        let levels = |answers: &[String]| -> Vec<String> {
            let own = answers.iter().rev().take(3).rev();
            own.map(|answer| answer.split(' ').nth(1).unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(levels(&reference), levels(&ours), "{list}");
    }
}

#[test]
fn messages_are_as_long_as_the_environment_says() {
    let script =
        ["app PUPP", "context 0 PCTX 4 0", "text 0 90", "text 0 65100", "log 0 4 1", "unapp"];
    for size in ["100", "1390", "5000", "65000"] {
        let name = format!("length-{size}");
        let variables = [("DLT_LOG_MSG_BUF_LEN", size)];
        let most = size.parse::<usize>().expect("a number");
        let of = |library_dir: &Path, name: &str| {
            let said = said(library_dir, name, &variables, &script);
            let sizes = said.messages.iter().map(|message| message.payload.len());
            assert_eq!(sizes.collect::<Vec<_>>(), [97, most, 16], "{size}: {:?}", said.answers);
        };
        of(&library().dir, &name);
        if most < 4000 {
            // What a FIFO does not take at once libdlt sends again from the start.
            of(DEBIAN.as_ref(), &format!("{name}-r"));
        }
    }
}

#[test]
fn non_verbose_messages_go_without_extended_header_where_that_is_wanted() {
    let script = ["app PUPP", "context 0 PCTX 4 0", "plain 0 4711", "log 0 4 1", "unapp"];
    for (value, extended) in [("1", false), ("0", true), ("", true)] {
        let variables = [("DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE", value)];
        let [reference, ours] = both(&format!("extended-{value}"), &variables, &script);
        assert_eq!(reference.messages, ours.messages, "{value}");
        let [plain, verbose] = &ours.messages[..] else { panic!("{:?}", ours.messages) };
        assert_eq!(plain.app, if extended { "PUPP" } else { "" }, "{value}");
        assert_eq!(verbose.app, "PUPP", "{value}");
    }
}

#[test]
fn a_daemon_is_not_listened_to_where_that_is_wanted() {
    needs_ours("it looks twice a second", || {
        for kind in crate::support::recorder::KINDS {
            let dir = fresh_dir("deaf");
            let recorder = Recorder::start(&dir, kind);
            let mut hearing = Puppet::start(&dir);
            let mut deaf = Puppet::start_with(&dir, &[("DLT_DISABLE_INJECTION_MSG_AT_USER", "")]);
            for (number, puppet) in [&mut hearing, &mut deaf].into_iter().enumerate() {
                puppet.register();
                puppet.ok("log 0 4 1");
                recorder.wait_for_messages(number + 1);
                assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
            }
            recorder.send(&log_level(0, 1, 0));
            assert_eq!(hearing.event()[..3], ["level", "PCTX", "1"]);
            // Its worker has been round again.
            deaf.ok("log 0 4 2");
            assert_eq!(deaf.numbers("flush 10000")[0], 0);
            deaf.ok("log 0 4 3");
            assert_eq!(deaf.numbers("flush 10000")[0], 0);
            assert_eq!(deaf.numbers("level 0"), [4, 0], "{kind:?}");
            assert_eq!(hearing.numbers("level 0"), [1, 0], "{kind:?}");
        }
    });
}

#[test]
fn the_memory_for_messages_is_what_the_environment_says() {
    needs_ours("its buffer grows", || {
        for (value, bytes) in [("1", 131_072), ("131073", 262_144), ("4194304", 4_194_304)] {
            let dir = fresh_dir("buffer");
            let mut puppet = Puppet::start_with(&dir, &[("DLT_USER_BUFFER_MAX", value)]);
            puppet.register();
            assert_eq!(puppet.numbers("buffer"), [bytes, 0], "{value}");
        }
        let variables = [("DLT_USER_BUFFER_MIN", "1000"), ("DLT_USER_BUFFER_STEP", "1000")];
        let mut puppet = Puppet::start_with(&fresh_dir("buffer"), &variables);
        puppet.register();
        assert_eq!(puppet.numbers("buffer"), [2_097_152, 0], "they have no meaning here");
    });
}

#[test]
fn the_librarys_own_lines_go_where_the_environment_says_from_the_level_that_it_says() {
    needs_ours("its lines are others, and on standard output", || {
        let file = fresh_dir("own-log").join("own.log");
        let file = file.to_str().expect("a plain path");
        // A warning, and what an INFO is said of.
        let run = |name: &str, variables: &[(&str, &str)]| {
            let nonsense = [("DLT_USER_TIMEOUT_MS", "soon")];
            let variables: Vec<_> = nonsense.into_iter().chain(variables.iter().copied()).collect();
            said(&library().dir, name, &variables, &["init", "free"])
        };
        let warned = |lines: &[String]| lines.iter().filter(|line| line.contains("soon")).count();
        for (number, (variables, output, errors)) in [
            (&[][..], 0, 1),
            (&[("DLT_LOG_MODE", "0")][..], 1, 0),
            (&[("DLT_LOG_MODE", "1")][..], 0, 0),
            (&[("DLT_LOG_MODE", "2"), ("DLT_LOG_FILENAME", file)][..], 0, 0),
            (&[("DLT_LOG_MODE", "3")][..], 0, 1),
            (&[("DLT_LOG_MODE", "4")][..], 0, 0),
            (&[("DLT_LOG_LEVEL", "3")][..], 0, 0),
            (&[("DLT_LOG_LEVEL", "4")][..], 0, 1),
        ]
        .into_iter()
        .enumerate()
        {
            let said = run(&format!("own-{number}"), variables);
            let found = (warned(&said.output), warned(&said.errors));
            assert_eq!(found, (output, errors), "{variables:?}: {:?}", said.errors);
        }
        let kept = std::fs::read_to_string(file).expect("the log file");
        assert!(kept.contains("~WARNING  ~DLT_USER_TIMEOUT_MS=\"soon\""), "{kept}");
        // INFO is told when it is asked for.
        let nobody = [("DLT_PIPE_DIR", "/"), ("DLT_LOG_LEVEL", "6")];
        let script = ["app PUPP", "context 0 PCTX", "log 0 4 1"];
        let said = said(&library().dir, "own-info", &nobody, &script);
        assert!(said.errors.iter().any(|line| line.contains("~INFO     ~")), "{:?}", said.errors);
    });
}
