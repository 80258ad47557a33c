//! `dlt-collect` in the daemon's place: what it prints and writes, what it answers, what it counts,
//! and how it ends.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::children::Running;
use crate::support::collecting::{Collecting, command};
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, compiled_from, library, only_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind};
use crate::support::{fresh_dir, root, wait_for};

/// The captured cases that log and wait for nobody.
const CASES: [&str; 8] =
    ["verbose", "attr", "formatted", "nonverbose", "highlevel", "headers", "nwtrace", "limits"];

/// Runs every case as a process of its own.
pub fn run_cases(dir: &Path) {
    let driver = compiled_from(&root().join("tests/golden/tools/cases.c"), "cases");
    for case in CASES {
        let mut command = Command::new(&driver);
        command.arg(case).arg(dir).env("DLT_PIPE_DIR", dir).env("DLT_LOG_MODE", "4");
        command.env("LD_LIBRARY_PATH", &library().dir).stdout(Stdio::null());
        assert!(Running::start(case, &mut command).wait().success());
    }
}

/// A line without date, time and time stamp; none if it is the daemon's own.
fn masked(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    if words.get(5).is_some_and(|app| ["DLTD", "DA1-", "ZEND"].contains(app)) {
        return None;
    }
    let digits = |c: char| if c.is_ascii_digit() { '0' } else { c };
    Some(line.chars().take(38).map(digits).chain(line.chars().skip(38)).collect())
}

#[test]
fn lines_are_those_of_dlt_receive_behind_the_daemon() {
    let dir = fresh_dir("collect-receive");
    let Some(mut daemon) = Daemon::without_daemon(&dir) else {
        return;
    };
    daemon.start_daemon_outside(&dir);
    daemon.start_viewer(&["-a"]);
    run_cases(&dir);
    let printed = daemon.wait_until_all_arrived();
    let expected: Vec<String> = printed.lines().filter_map(masked).collect();
    drop(daemon);

    let dir = fresh_dir("collect-lines");
    let collecting = Collecting::start(&dir, Kind::Fifo, &[]);
    run_cases(&dir);
    let collected = collecting.end();
    let found: Vec<String> = collected.lines.iter().filter_map(|line| masked(line)).collect();
    let first = expected.iter().zip(&found).position(|(expected, found)| expected != found);
    assert_eq!(first.map(|at| (&expected[at], &found[at])), None);
    assert!(expected.len() > 150, "{} lines", expected.len());
    assert_eq!((expected.len(), collected.code), (found.len(), Some(0)));
    assert_eq!(collected.counts(), [found.len() as u64, 0, 0, 0, 0]);
}

#[test]
fn a_file_is_read_by_dlt_convert_with_the_same_text() {
    if !installed(&["dlt-convert"]) {
        return;
    }
    let dir = fresh_dir("collect-file");
    let file = dir.join("out.dlt");
    let file = file.to_str().expect("a plain path");
    let collecting = Collecting::start(&dir, Kind::Fifo, &["-a", "-o", file, "--ecu", "UNIT"]);
    run_cases(&dir);
    let collected = collecting.end();
    let converted = converted(file);
    assert!(converted.len() > 150 && collected.lines.iter().any(|line| line.contains(" UNIT ")));
    for (converted, line) in converted.iter().zip(&collected.lines) {
        assert_eq!(converted, line);
    }
    assert_eq!(converted.len(), collected.lines.len());
}

/// The lines that Debian's dlt-convert prints of a file, without their numbers.
fn converted(file: &str) -> Vec<String> {
    let mut command = Command::new("dlt-convert");
    command.args(["-a", file]).env("LD_LIBRARY_PATH", DEBIAN);
    let output = command.output().expect("dlt-convert can be run");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| line.split_once(' ').expect("a number").1.to_owned()).collect()
}

#[test]
fn json_lines_agree_with_an_independent_decoder_of_the_file() {
    use dlt_core::dlt::PayloadContent;
    use dlt_core::parse::{ParsedMessage, dlt_message};

    let dir = fresh_dir("collect-json");
    let file = dir.join("out.dlt");
    let path = file.to_str().expect("a plain path");
    let collecting = Collecting::start(&dir, Kind::Fifo, &["--json", "-o", path]);
    run_cases(&dir);
    let collected = collecting.end();
    let objects = collected.lines.iter().map(|line| {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    let objects: Vec<Value> = objects.collect();
    let kinds = |kind: &str| objects.iter().filter(|object| object["kind"] == kind).count();
    assert_eq!(kinds("register_application"), CASES.len());
    assert!(kinds("unregister_context") >= CASES.len());
    let bytes = std::fs::read(&file).expect("own directory");
    let mut rest = &bytes[..];
    let mut messages = 0;
    for object in objects.iter().filter(|object| object["kind"] == "message") {
        let (behind, parsed) = dlt_message(rest, None, true).expect("a message");
        rest = behind;
        messages += 1;
        let ParsedMessage::Item(message) = parsed else { panic!("no message for {object}") };
        let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::from);
        assert_eq!(object["ecu"], text(&message.header.ecu_id));
        assert_eq!(object["counter"], message.header.message_counter);
        let number = |value: Option<u32>| value.map_or(Value::Null, Value::from);
        assert_eq!(object["session"], number(message.header.session_id));
        assert_eq!(object["timestamp"], number(message.header.timestamp));
        let extended = message.extended_header.as_ref();
        let app = extended.map(|extended| extended.application_id.clone());
        assert_eq!(object["app"], text(&app));
        match &message.payload {
            PayloadContent::Verbose(arguments) => {
                let shown = object["arguments"].as_array().expect("arguments");
                assert_eq!(shown.len(), arguments.len(), "{object}");
            }
            // The decoder takes the first bytes of a trace for an identifier, which it has not.
            PayloadContent::NonVerbose(id, _) if object["type"] != "nw_trace" => {
                assert_eq!(object["message_id"], *id);
            }
            _ => assert_eq!(object["message_id"], Value::Null),
        }
    }
    assert!(rest.is_empty() && messages > 150, "{messages} messages, {} bytes left", rest.len());
}

/// Ways for bytes of the test's own to the collector.
fn writer(dir: &Path, kind: Kind) -> Box<dyn Write> {
    match kind {
        Kind::Fifo => {
            let mut options = OpenOptions::new();
            let options = options.write(true).custom_flags(libc::O_NONBLOCK);
            Box::new(options.open(dir.join("dlt")).expect("the collector reads"))
        }
        Kind::Socket => Box::new(UnixStream::connect(dir.join("dlt")).expect("it listens")),
    }
}

/// A LOG frame with one text.
fn log(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len() + 1).expect("short");
    let mut message = b"\x21\x05\0\0\x41\x01APP1CTX1\0\x02\0\0".to_vec();
    message.extend(length.to_le_bytes());
    message.extend(text.as_bytes());
    message.push(0);
    let whole = u16::try_from(message.len()).expect("short");
    message[2..4].copy_from_slice(&whole.to_be_bytes());
    [b"DUH\x01\x01\0\0\0", &message[..]].concat()
}

#[test]
fn what_cannot_be_parsed_is_counted_and_what_follows_arrives() {
    for kind in KINDS {
        let dir = fresh_dir("collect-hostile");
        let collecting = Collecting::start(&dir, kind, &[]);
        let mut to = writer(&dir, kind);
        let mut send = |bytes: &[u8]| to.write_all(bytes).expect("room in the pipe");
        let long = log(&"x".repeat(3000));
        let (torn, _) = long.split_at(1000);
        let mut skipped = 0;
        for (number, wrong) in [
            &b"no frame at all"[..],
            // Shorter than its own headers, which wedges the daemon.
            b"DUH\x01\x01\0\0\0\x3d\0\0\x0a",
            // Descriptions of 4 GB and of more than comes.
            b"DUH\x01\x02\0\0\0APP1\x01\0\0\0\xff\xff\xff\xff",
            b"DUH\x01\x04\0\0\0APP1CTX1\0\0\0\0\xfe\xfe\x01\0\0\0\x40\x9c\0\0",
            // More than comes.
            b"DUH\x01\x01\0\0\0\x3d\0\xff\xff",
            torn,
            b"DUH\x01\xc8\0\0\0unknown",
            b"DUH\x02\x01\0\0\0of another version",
        ]
        .iter()
        .enumerate()
        {
            skipped += wrong.len() as u64;
            send(wrong);
            send(&log(&format!("after {number}")));
            collecting.wait_for_line(&format!("[after {number}]"));
        }
        // The end of a stream in the middle of a frame.
        send(torn);
        skipped += torn.len() as u64;
        drop(to);
        let collected = collecting.end();
        assert_eq!(collected.code, Some(0));
        assert_eq!(collected.counts(), [8, 0, skipped, 9, 0], "{kind:?}");
    }
}

#[test]
fn each_connection_has_frames_of_its_own() {
    let dir = fresh_dir("collect-connections");
    let collecting = Collecting::start(&dir, Kind::Socket, &[]);
    let mut ways: Vec<_> = (0..20).map(|_| writer(&dir, Kind::Socket)).collect();
    let frames: Vec<_> = (0..20).map(|number| log(&format!("of {number}."))).collect();
    for at in 0..3 {
        for (way, frame) in ways.iter_mut().zip(&frames) {
            let third = frame.len() / 3;
            let end = if at == 2 { frame.len() } else { (at + 1) * third };
            way.write_all(&frame[at * third..end]).expect("it reads");
        }
    }
    for number in 0..20 {
        collecting.wait_for_line(&format!("[of {number}.]"));
    }
    drop(ways);
    assert_eq!(collecting.end().counts(), [20, 0, 0, 0, 0]);
}

#[test]
fn who_finds_no_room_is_let_in_when_others_have_left() {
    let dir = fresh_dir("collect-crowded");
    let collecting = Collecting::start_cramped(&dir, Kind::Socket, 12);
    let mut ways: Vec<_> = (0..30).map(|_| writer(&dir, Kind::Socket)).collect();
    for (number, way) in ways.iter_mut().enumerate() {
        way.write_all(&log(&format!("of {number}."))).expect("room in the socket");
    }
    collecting.wait_for_line("[of 0.]");
    assert!(!collecting.lines().iter().any(|line| line.contains("[of 29.]")));
    drop(ways);
    collecting.wait_for_line("[of 29.]");
    assert_eq!(collecting.end().counts(), [30, 0, 0, 0, 0]);
}

#[test]
fn messages_of_several_applications_all_arrive() {
    for kind in kinds() {
        let dir = fresh_dir("collect-several");
        let collecting = Collecting::start(&dir, kind, &[]);
        let debian = [("LD_LIBRARY_PATH", DEBIAN)];
        let mut puppets: Vec<_> = (0..4)
            .map(|number| match (kind, number) {
                // On a socket only ours finds it.
                (Kind::Fifo, 3) => Puppet::start_with(&dir, &debian),
                _ => Puppet::start(&dir),
            })
            .collect();
        for (number, puppet) in puppets.iter_mut().enumerate() {
            puppet.ok(&format!("app PUP{number}"));
            puppet.ok("context 0 PCTX 4 0");
            puppet.tell("burst 0 4 0 1000 1");
        }
        for puppet in &mut puppets {
            puppet.answer("burst");
        }
        for puppet in puppets {
            puppet.exit();
        }
        let collected = collecting.end();
        for number in 0..4 {
            let app = format!(" PUP{number} ");
            let mine = collected.lines.iter().filter(|line| line.contains(&app));
            let last = |line: &String| line.rsplit(' ').next().map(str::to_owned);
            let found: Vec<_> = mine.filter_map(last).collect();
            let expected: Vec<_> = (0..1000).map(|number| format!("{number}]")).collect();
            assert_eq!(found, expected, "{app} on {kind:?}");
        }
        assert_eq!(collected.counts(), [4000, 0, 0, 0, 0], "{kind:?}");
    }
}

fn kinds() -> Vec<Kind> {
    if library().is_reference { vec![Kind::Fifo] } else { KINDS.to_vec() }
}

#[test]
fn levels_that_are_asked_for_take_effect_on_both_libraries() {
    let ours = library().dir.to_str().expect("a plain path");
    let runs = kinds().into_iter().map(|kind| (kind, ours)).chain([(Kind::Fifo, DEBIAN)]);
    for (kind, library) in runs {
        let dir = fresh_dir("collect-levels");
        let wanted = ["--level", "verbose", "--trace", "on"];
        let collecting = Collecting::start(&dir, kind, &wanted);
        let mut puppet = Puppet::start_with(&dir, &[("LD_LIBRARY_PATH", library)]);
        puppet.register();
        wait_for("the level", || (puppet.numbers("level 0") == [6, 1]).then_some(()));
        wait_for("the state", || (puppet.numbers("state") == [1]).then_some(()));
        puppet.ok("log 0 6 77");
        collecting.wait_for_line(" log verbose V 2 [0 77]");
        puppet.exit();
        assert_eq!(collecting.end().code, Some(0));
    }
}

#[test]
fn without_a_wish_contexts_keep_what_they_ask_for() {
    let dir = fresh_dir("collect-as-asked");
    let collecting = Collecting::start(&dir, Kind::Fifo, &[]);
    let mut puppet = Puppet::start(&dir);
    puppet.ok("app PUPP");
    puppet.ok("context 0 ONE 2 1");
    puppet.ok("context 1 TWO");
    assert_eq!(puppet.numbers("watch 1"), [0, 0, 0]);
    wait_for("the answer", || (puppet.numbers("level 1") == [4, 0]).then_some(()));
    assert_eq!(puppet.numbers("level 0"), [2, 1]);
    puppet.exit();
    collecting.end();
}

#[test]
fn losses_that_an_application_tells_are_counted_and_shown() {
    for (arguments, is_json) in [(&[][..], false), (&["-j"][..], true)] {
        let dir = fresh_dir("collect-overflow");
        let collecting = Collecting::start(&dir, Kind::Fifo, arguments);
        let overflow = [b"DUH\x01\x08\0\0\0", &7_u32.to_le_bytes()[..], b"APP1"].concat();
        writer(&dir, Kind::Fifo).write_all(&[&overflow[..], &log("end")].concat()).expect("room");
        let collected = collecting.end();
        assert_eq!(collected.errors[0], "dlt-collect: APP1 lost 7 messages");
        assert_eq!(collected.counts(), [1, 7, 0, 0, 0]);
        let shown = collected.lines.iter().filter(|line| line.contains(r#""kind":"overflow""#));
        let shown: Vec<Value> =
            shown.map(|line| serde_json::from_str(line).expect("an object")).collect();
        assert_eq!(shown.len(), usize::from(is_json));
        assert!(shown.iter().all(|object| object["lost"] == 7 && object["app"] == "APP1"));
    }
}

#[test]
fn a_signal_ends_it_behind_what_was_written_and_leaves_no_node() {
    for kind in KINDS {
        for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
            let dir = fresh_dir("collect-signal");
            let collecting = Collecting::start(&dir, kind, &[]);
            let mut to = writer(&dir, kind);
            for number in 0..500 {
                to.write_all(&log(&format!("number {number}"))).expect("room in the pipe");
            }
            let collected = collecting.end_by(signal);
            assert_eq!(collected.code, Some(0));
            assert_eq!(collected.counts(), [500, 0, 0, 0, 0], "{kind:?}, signal {signal}");
            assert!(collected.lines[499].ends_with("[number 499]"));
            assert!(!dir.join("dlt").exists());
            let left: Vec<_> = std::fs::read_dir(&dir).expect("own directory").flatten().collect();
            // collected.txt, complaints.txt, and for the FIFO the directory of the ways back.
            assert_eq!(left.len(), 2 + usize::from(kind == Kind::Fifo), "{left:?}");
        }
    }
}

#[test]
fn its_nodes_have_the_modes_of_the_daemons() {
    let mode = |path: &Path| {
        let node = std::fs::metadata(path).expect("it is there");
        node.permissions().mode() & 0o7777
    };
    for (kind, expected) in [(Kind::Fifo, 0o620), (Kind::Socket, 0o666)] {
        let dir = fresh_dir("collect-modes");
        let collecting = Collecting::start(&dir, kind, &[]);
        assert_eq!(mode(&dir.join("dlt")), expected, "{kind:?}");
        if kind == Kind::Fifo {
            assert_eq!(mode(&dir.join("dltpipes")), 0o3777);
        }
        collecting.end();
    }
}

#[test]
fn a_place_that_a_daemon_listens_at_is_left_alone() {
    let refused = |dir: &Path, kind: Kind| {
        let output = command(dir, kind, &["--for", "5"]).output().expect("it can be run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("is listening at"), "{said}");
    };
    for kind in KINDS {
        let dir = fresh_dir("collect-taken");
        let collecting = Collecting::start(&dir, kind, &[]);
        refused(&dir, kind);
        writer(&dir, kind).write_all(&log("still here")).expect("it reads");
        collecting.wait_for_line("[still here]");
        assert_eq!(collecting.end().counts(), [1, 0, 0, 0, 0]);
    }
    let dir = fresh_dir("collect-daemon");
    let Some(mut daemon) = Daemon::without_daemon(&dir) else {
        return;
    };
    daemon.start_daemon_outside(&dir);
    refused(&dir, Kind::Fifo);
    assert!(dir.join("dlt").exists());
}

#[test]
fn what_a_dead_daemon_left_is_replaced_and_what_is_none_is_not() {
    for kind in KINDS {
        let dir = fresh_dir("collect-stale");
        let mut killed =
            Running::start("dlt-collect", command(&dir, kind, &[]).stdout(Stdio::null()));
        wait_for("its node", || dir.join("dlt").exists().then_some(()));
        killed.kill();
        assert!(dir.join("dlt").exists());
        let output = command(&dir, kind, &["--for", "0"]).output().expect("it can be run");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(!dir.join("dlt").exists());

        std::fs::write(dir.join("dlt"), "a file of somebody's").expect("own directory");
        let output = command(&dir, kind, &["--for", "0"]).output().expect("it can be run");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let kept = std::fs::read(dir.join("dlt")).expect("it is still there");
        assert_eq!(kept, b"a file of somebody's");
    }
}

#[test]
fn it_ends_quietly_when_nobody_reads_its_output_any_more() {
    let dir = fresh_dir("collect-pipe");
    let (reader, output) = std::io::pipe().expect("a pipe");
    let collecting = Collecting::start_with_output(&dir, Kind::Fifo, output.into());
    drop(reader);
    let collected = collecting.wait();
    assert_eq!((collected.code, collected.errors), (Some(0), Vec::new()));
    assert!(!dir.join("dlt").exists());
}

#[test]
fn it_ends_on_a_signal_although_its_output_is_stuck_and_tells_what_was_not_written() {
    let dir = fresh_dir("collect-stuck");
    let (reader, output) = std::io::pipe().expect("a pipe");
    let collecting = Collecting::start_with_output(&dir, Kind::Socket, output.into());
    let mut to = UnixStream::connect(dir.join("dlt")).expect("it listens");
    to.set_nonblocking(true).expect("own socket");
    // Until it takes no more, because its own output is full.
    let frame = log(&"x".repeat(1000));
    wait_for("the output to be stuck", || {
        while to.write(&frame).is_ok_and(|count| count == frame.len()) {}
        sleeps_in(collecting.pid(), libc::SYS_poll, 2).then_some(())
    });
    let collected = collecting.end();
    let [messages, _, _, _, not_written] = collected.counts();
    assert_eq!(collected.code, Some(1), "{collected:?}");
    assert!(not_written > 0 && not_written <= messages, "{collected:?}");
    assert!(!dir.join("dlt").exists());
    drop(reader);
}

/// Whether the process sleeps in a system call with this number as second argument.
fn sleeps_in(pid: u32, call: libc::c_long, second: u64) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
    let words: Vec<&str> = state.split_whitespace().collect();
    words.first() == Some(&call.to_string().as_str())
        && words.get(2) == Some(&format!("{second:#x}").as_str())
}

#[test]
fn a_full_disk_is_told() {
    let dir = fresh_dir("collect-full");
    let collecting = Collecting::start(&dir, Kind::Fifo, &["-o", "/dev/full"]);
    writer(&dir, Kind::Fifo).write_all(&log("nowhere to go")).expect("room in the pipe");
    let collected = collecting.wait();
    assert_eq!(collected.code, Some(1));
    assert!(collected.errors[0].contains("cannot write"), "{collected:?}");
    assert_eq!(collected.counts(), [1, 0, 0, 0, 1]);
    assert!(!dir.join("dlt").exists());
}

#[test]
fn a_number_of_messages_or_a_time_ends_it() {
    let dir = fresh_dir("collect-count");
    let collecting = Collecting::start(&dir, Kind::Fifo, &["--count", "3", "--for", "3600"]);
    let frames: Vec<u8> = (0..9).flat_map(|number| log(&format!("number {number}"))).collect();
    writer(&dir, Kind::Fifo).write_all(&frames).expect("room in the pipe");
    let collected = collecting.wait();
    assert_eq!((collected.code, collected.counts()), (Some(0), [3, 0, 0, 0, 0]));
    assert!(collected.lines[2].ends_with("[number 2]"));
    let output = command(&dir, Kind::Fifo, &["--for", "0.2"]).output().expect("it can be run");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!dir.join("dlt").exists());
}

#[test]
fn answers_go_to_the_applications_own_fifos_only() {
    let dir = fresh_dir("collect-planted");
    let collecting = Collecting::start(&dir, Kind::Fifo, &[]);
    let precious: PathBuf = dir.join("precious");
    std::fs::write(&precious, "precious").expect("own directory");
    let pipes = dir.join("dltpipes");
    std::os::unix::fs::symlink(&precious, pipes.join("dlt4711")).expect("own directory");
    std::fs::write(pipes.join("dlt4712"), "precious").expect("own directory");
    // Somebody else's, of another place.
    let foreign = dir.join("foreign");
    assert!(Command::new("mkfifo").arg(&foreign).status().expect("it can be run").success());
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
    let mut reader = options.open(&foreign).expect("own fifo");
    std::os::unix::fs::symlink(&foreign, pipes.join("dlt4713")).expect("own directory");
    let register = |pid: u32| [b"DUH\x01\x02\0\0\0APP1", &pid.to_le_bytes()[..], &[0; 4]].concat();
    let registers = [4711, 4712, 4713].map(register).concat();
    let frames = [registers, log("behind it")].concat();
    writer(&dir, Kind::Fifo).write_all(&frames).expect("room in the pipe");
    collecting.wait_for_line("[behind it]");
    collecting.end();
    for path in [precious, pipes.join("dlt4712")] {
        assert_eq!(std::fs::read(path).expect("still there"), b"precious");
    }
    let nothing = reader.read(&mut [0; 100]).expect_err("nothing was written");
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_socket_is_found_by_our_library() {
    only_ours("Debian's build knows FIFOs only", || {
        let dir = fresh_dir("collect-socket");
        let collecting = Collecting::start(&dir, Kind::Socket, &["--json"]);
        let mut puppet = Puppet::start(&dir);
        puppet.register();
        puppet.ok("log 0 4 99");
        puppet.exit();
        collecting.wait_for_line(r#""kind":"unregister_application""#);
        let collected = collecting.end();
        assert_eq!(collected.counts(), [1, 0, 0, 0, 0]);
        assert!(collected.lines.iter().any(|line| line.ends_with(r#""text":"0 99"}"#)));
    });
}
