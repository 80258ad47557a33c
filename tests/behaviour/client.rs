//! The viewer's side: Debian's tools, not recompiled, in front of a daemon that sends recorded
//! bytes and in front of Debian's own. What they print and write, and how they end, has to be the
//! same with Debian's library and with the one under test.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use dlt::wire::header::{MessageView, StorageHeader};

use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, compiled, library, only_ours};
use crate::support::namespace::Namespace;
use crate::support::{fresh_dir, note, root, wait_for};

const EXAMPLES: &str = "/usr/lib/libdlt-examples";

/// Text without times and process ids.
pub fn masked(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text).lines().map(masked_line).collect()
}

fn masked_line(line: &str) -> String {
    // `[    1.000000]~DLT~   42~INFO     ~text`, wherever it stands in the line.
    let mut parts: Vec<String> = line.split("~DLT~").map(str::to_owned).collect();
    let count = parts.len();
    for part in parts.iter_mut().take(count - 1) {
        *part = part.rsplit_once('[').map_or(part.clone(), |(before, _time)| before.to_owned());
    }
    for part in parts.iter_mut().skip(1) {
        *part = part.split_once('~').map_or(part.clone(), |(_process, text)| text.to_owned());
    }
    let mut line = parts.join("~DLT~");
    // The port of the recorded daemon is what the kernel had free.
    for before in ["default port: ", "with port "] {
        if let Some((left, right)) = line.split_once(before) {
            let behind = right.trim_start_matches(|c: char| c.is_ascii_digit());
            line = format!("{left}{before}{behind}");
        }
    }
    // `2026/11/20 17:01:08.835110 ...`: when a viewer received it.
    let date = |at: &str| at.len() > 26 && at.as_bytes()[4] == b'/' && at.as_bytes()[7] == b'/';
    match line.find("20") {
        Some(at) if line.is_char_boundary(at) && date(&line[at..]) => {
            format!("{}{}", &line[..at], &line[at + 26..])
        }
        _ => line,
    }
}

/// A file of messages without the times at which they were received.
fn timeless(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = file;
    while let Ok((storage, behind)) = StorageHeader::parse(rest) {
        let timeless = StorageHeader { seconds: 0, microseconds: 0, ..storage };
        out.extend_from_slice(&timeless.compose());
        let size = MessageView::parse(behind).map_or(0, |view| usize::from(view.length));
        out.extend_from_slice(&behind[..size]);
        rest = &behind[size..];
    }
    out.extend_from_slice(rest);
    out
}

/// The files that a viewer has written, by their names.
fn files_of(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .expect("own directory")
        .map(|entry| entry.expect("can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "dlt"))
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, timeless(&std::fs::read(path).expect("own file")))
        })
        .collect();
    files.sort();
    files
}

#[track_caller]
pub fn assert_same(what: &str, expected: &[String], found: &[String]) {
    let differ = expected.iter().zip(found).position(|(a, b)| a != b);
    let differ = differ.unwrap_or(expected.len().min(found.len()));
    assert!(
        expected == found,
        "{what}: {} lines expected, {} found; from line {differ} on\nexpected {:#?}\nfound    {:#?}",
        expected.len(),
        found.len(),
        expected.iter().skip(differ).take(4).collect::<Vec<_>>(),
        found.iter().skip(differ).take(4).collect::<Vec<_>>()
    );
}

// ------------------------------------------------------------------ a C program, call by call

#[test]
fn every_function_of_a_client_does_what_libdlt_does() {
    let Some(namespace) = Namespace::new() else {
        return;
    };
    let program = compiled("client");
    let printed = |library_dir: &Path, name: &str| {
        let mut command = namespace.command(&program);
        command.arg(fresh_dir(name)).env("LD_LIBRARY_PATH", library_dir);
        let output = command.output().expect("the program can be run");
        assert!(output.status.success(), "{name}: {}", output.status);
        masked(&output.stdout)
    };
    let expected = printed(DEBIAN.as_ref(), "client-r");
    let found = printed(&library().dir, "client-o");
    assert!(expected.len() > 5000, "{}", expected.len());
    assert_same("client", &expected, &found);
}

// ------------------------------------------------------------------ viewers before recorded bytes

/// All messages of the captures.
fn recorded() -> Vec<Vec<u8>> {
    let mut files: Vec<_> = std::fs::read_dir(root().join("tests/golden/fifo-2.18.8"))
        .expect("captures are there")
        .map(|entry| entry.expect("can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files.iter().flat_map(|file| messages(file)).collect()
}

/// The messages among the frames of a capture.
fn messages(file: &Path) -> Vec<Vec<u8>> {
    let text = std::fs::read(file).expect("a capture can be read");
    let capture: serde_json::Value = serde_json::from_slice(&text).expect("a capture is JSON");
    let frames = capture["frames"].as_array().into_iter().flatten();
    let frames = frames.filter_map(|frame| Some(unhex(frame["hex"].as_str()?)));
    frames.filter_map(|frame| Some(frame.strip_prefix(b"DUH\x01\x01\0\0\0")?.to_vec())).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("hexadecimal") as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

/// What a daemon sends.
#[derive(Debug)]
pub enum Stream {
    Nothing,
    Recorded,
    WithSerialHeaders,
    Truncated,
    LyingLength,
}

impl Stream {
    pub fn bytes(&self) -> Vec<u8> {
        let messages = recorded();
        match self {
            Self::Nothing => Vec::new(),
            Self::Recorded => messages.concat(),
            Self::WithSerialHeaders => {
                messages.iter().flat_map(|m| [b"DLS\x01", &m[..]].concat()).collect()
            }
            Self::Truncated => {
                let mut all = messages.concat();
                all.truncate(all.len() - 7);
                all
            }
            Self::LyingLength => {
                let [first, second, ..] = &messages[..] else { panic!("nothing is recorded") };
                [&first[..], b"\x3d\x02\x00\x05ECU1", second].concat()
            }
        }
    }
}

/// Runs a viewer in front of a daemon that sends these bytes and closes; also what it sent itself.
/// PORT among the words is the daemon's; where the library is asked, it is in the environment.
pub fn viewed(bytes: &[u8], library_dir: &Path, dir: &Path, words: &[&str]) -> (Output, Vec<u8>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.set_nonblocking(true).expect("a socket of our own");
    let port = listener.local_addr().expect("bound").port().to_string();
    let mut command = Command::new("timeout");
    command.args(["-k", "1", "25"]);
    command.args(words.iter().map(|word| if *word == "PORT" { &port } else { *word }));
    command.current_dir(dir).stdin(Stdio::null());
    command.env("LD_LIBRARY_PATH", library_dir).env("DLT_DAEMON_TCP_PORT", &port);
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let daemon = scope.spawn(|| {
            let accepted = wait_for("the viewer", || match listener.accept() {
                Ok((stream, _)) => Some(Some(stream)),
                Err(_) => ended.load(Ordering::Acquire).then_some(None), // pairs with Release below
            });
            let mut sent = Vec::new();
            if let Some(mut stream) = accepted {
                stream.set_nonblocking(false).expect("a socket of our own");
                // A viewer may leave early.
                let _ = stream.write_all(bytes);
                let _ = stream.shutdown(std::net::Shutdown::Write);
                let _ = stream.read_to_end(&mut sent);
            }
            sent
        });
        let output = command.output().expect("the viewer can be run");
        ended.store(true, Ordering::Release); // pairs with Acquire above: nobody will connect
        (output, daemon.join().expect("the daemon's thread"))
    })
}

fn same_view(name: &str, stream: &Stream, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    if !installed(&words[..1]) {
        return;
    }
    let bytes = stream.bytes();
    assert!(recorded().len() > 300, "{}", recorded().len());
    let view = |library_dir: &Path, name: &str| {
        let dir = fresh_dir(name);
        std::fs::write(dir.join("filter.txt"), "APP CTX LOG TEST GAPP ---- ").expect("own");
        let (output, _) = viewed(&bytes, library_dir, &dir, &words);
        (masked(&output.stdout), output.status.code(), files_of(&dir))
    };
    let expected = view(DEBIAN.as_ref(), &format!("{name}-r"));
    let found = view(&library().dir, &format!("{name}-o"));
    assert_same(line, &expected.0, &found.0);
    assert_eq!(expected.1, found.1, "{line}: exit code");
    let sizes = |files: &[(String, Vec<u8>)]| -> Vec<(String, usize)> {
        files.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect()
    };
    assert!(expected.2 == found.2, "{line}: {:?} and {:?}", sizes(&expected.2), sizes(&found.2));
    note(&format!("{line}: {} equal lines, equal files {:?}", found.0.len(), sizes(&found.2)));
}

macro_rules! view {
    ($test:ident, $stream:ident, $line:expr) => {
        #[test]
        fn $test() {
            same_view(stringify!($test), &Stream::$stream, &$line.replace("EXAMPLES", EXAMPLES));
        }
    };
}

view!(receive_as_text, Recorded, "/usr/bin/dlt-receive -p PORT -a 127.0.0.1");
view!(receive_as_hex, Recorded, "/usr/bin/dlt-receive -p PORT -x 127.0.0.1");
view!(receive_as_mixed, Recorded, "/usr/bin/dlt-receive -p PORT -m 127.0.0.1");
view!(receive_headers, Recorded, "/usr/bin/dlt-receive -p PORT -s 127.0.0.1");
view!(receive_with_an_ecu, Recorded, "/usr/bin/dlt-receive -p PORT -a -e ABCD 127.0.0.1");
view!(receive_into_a_file, Recorded, "/usr/bin/dlt-receive -p PORT -o out.dlt -e ABCD 127.0.0.1");
view!(receive_limited, Recorded, "/usr/bin/dlt-receive -p PORT -o out.dlt -c 20K 127.0.0.1");
view!(receive_filtered, Recorded, "/usr/bin/dlt-receive -p PORT -a -f filter.txt 127.0.0.1");
view!(receive_nothing, Nothing, "/usr/bin/dlt-receive -p PORT -a 127.0.0.1");
view!(receive_truncated, Truncated, "/usr/bin/dlt-receive -p PORT -a -o out.dlt 127.0.0.1");
view!(receive_a_lying_length, LyingLength, "/usr/bin/dlt-receive -p PORT -a 127.0.0.1");
view!(receive_serial_headers, WithSerialHeaders, "/usr/bin/dlt-receive -p PORT -a 127.0.0.1");
view!(receive_and_resync, WithSerialHeaders, "/usr/bin/dlt-receive -p PORT -a -R 127.0.0.1");
view!(receive_by_name, Recorded, "/usr/bin/dlt-receive -p PORT -s localhost");
view!(test_client, Recorded, "EXAMPLES/dlt-test-client -a 127.0.0.1");
view!(test_client_into_a_file, Recorded, "EXAMPLES/dlt-test-client -o out.dlt 127.0.0.1");
view!(test_stress_client, Recorded, "EXAMPLES/dlt-test-stress-client -a -n 10 127.0.0.1");
view!(
    test_multi_process_client,
    Recorded,
    "EXAMPLES/dlt-test-multi-process-client -m 10 -o out.dlt 127.0.0.1"
);

#[test]
fn garbage_between_messages_is_skipped_and_each_message_comes_once() {
    if !installed(&["/usr/bin/dlt-receive"]) {
        return;
    }
    only_ours("the reference repeats a message for the garbage in front of it", || {
        let messages: Vec<Vec<u8>> = recorded().into_iter().take(5).collect();
        let sent: Vec<u8> = messages
            .iter()
            .flat_map(|message| [&b"garbage, some more of it "[..], b"DLS\x01", message].concat())
            .collect();
        let words = ["/usr/bin/dlt-receive", "-p", "PORT", "-s", "-R", "127.0.0.1"];
        let (output, _) = viewed(&sent, &library().dir, &fresh_dir("receive-garbage"), &words);
        let printed = masked(&output.stdout);
        assert_eq!(printed.len(), messages.len(), "{printed:#?}");
    });
}

#[test]
fn with_resync_damage_is_skipped_up_to_the_next_message() {
    if !installed(&["/usr/bin/dlt-receive"]) {
        return;
    }
    only_ours("at such damage the reference hands out nothing more", || {
        let messages: Vec<Vec<u8>> = recorded().into_iter().take(5).collect();
        let headers = |damage: &[u8]| {
            let sent: Vec<u8> = messages
                .iter()
                .flat_map(|message| [damage, b"DLS\x01", &message[..]].concat())
                .collect();
            let words = ["/usr/bin/dlt-receive", "-p", "PORT", "-s", "-R", "127.0.0.1"];
            let (output, _) = viewed(&sent, &library().dir, &fresh_dir("receive-damage"), &words);
            let lines = masked(&output.stdout);
            let (said, shown): (Vec<_>, Vec<_>) =
                lines.into_iter().partition(|line| line.contains("Plausibility check failed"));
            (said.len(), shown)
        };
        let (_, undamaged) = headers(b"");
        assert_eq!(undamaged.len(), messages.len());
        // Messages that claim to be shorter than their headers; more garbage than a buffer takes.
        let short = headers(b"DLS\x01\x3d\x02\x00\x05DLS\x01\x21\x00\x00\x00ECU1");
        assert_eq!(short, (2 * messages.len(), undamaged.clone()));
        assert_eq!(headers(&[b'D'; 100_000]), (0, undamaged));
    });
}

#[test]
fn python_reads_what_a_daemon_sends() {
    const SCRIPT: &str = "
import os
from dlt import dlt
client = dlt.DLTClient(servIP='127.0.0.1', port=int(os.environ['DLT_DAEMON_TCP_PORT']))
assert client.connect(), 'no connection'
client.client_loop()
client.disconnect()
";
    let python = "/usr/bin/python3";
    let found = Command::new(python).args(["-c", "import dlt"]).stderr(Stdio::null()).status();
    if !installed(&[python]) || !found.is_ok_and(|status| status.success()) {
        return crate::support::skipped("python3-dlt is not installed");
    }
    let bytes = Stream::Recorded.bytes();
    let words = [python, "-c", SCRIPT];
    let view = |library_dir: &Path, name: &str| {
        let (output, _) = viewed(&bytes, library_dir, &fresh_dir(name), &words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // "Fri Nov 20 17:01:08 2026 ...": when it received the message.
        let lines = masked(&output.stdout).into_iter();
        lines.map(|line| line.get(25..).unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let expected = view(DEBIAN.as_ref(), "python-r");
    let found = view(&library().dir, "python-o");
    assert!(expected.len() > 5, "{expected:#?}");
    assert_same("python3-dlt", &expected, &found);
}

// ------------------------------------------------------------------ control tools

/// What a control tool sends, without the time stamp of each request.
fn requests(sent: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut rest = sent;
    loop {
        let start = if rest.starts_with(b"DLS\x01") { 4 } else { 0 };
        let Ok(view) = MessageView::parse(&rest[start..]) else {
            assert!(rest.is_empty(), "not a request: {}", rest.escape_ascii());
            return all;
        };
        let (request, behind) = rest.split_at(start + usize::from(view.length));
        let mut request = request.to_vec();
        request[start + 8..start + 12].fill(0);
        all.push(request);
        rest = behind;
    }
}

const REQUESTS: [&str; 16] = [
    "-t 100 -j",
    "-t 100 -k",
    "-t 100 -a LOG -c TEST -l 2",
    "-t 100 -a LOG -c TEST -r 1",
    "-t 100 -e ABCD -a LOG -l 3",
    "-t 100 -l 4",
    "-t 100 -r 0",
    "-t 100 -d 3",
    "-t 100 -f 1",
    "-t 100 -i 1",
    "-t 100 -o",
    "-t 100 -g",
    "-t 100 -a LOG -c TEST -s 5000 -m hello",
    "-t 100 -a LOG -c TEST -s 5000 -x 10AF00",
    "-t 100 -S -a LOG -c TEST -l 2",
    "-t 100 -v -S -R -k",
];

#[test]
fn control_sends_the_same_requests() {
    if !installed(&["/usr/bin/dlt-control"]) {
        return;
    }
    for line in REQUESTS {
        let mut words = vec!["/usr/bin/dlt-control", "-p", "PORT"];
        words.extend(line.split_whitespace());
        words.push("127.0.0.1");
        let run = |library_dir: &Path| {
            // An answer that the tool does not understand, so that it waits for its time limit.
            let answer = recorded().swap_remove(0);
            let (output, sent) = viewed(&answer, library_dir, &fresh_dir("control"), &words);
            (masked(&output.stdout), output.status.code(), requests(&sent))
        };
        let expected = run(DEBIAN.as_ref());
        let found = run(&library().dir);
        assert_same(line, &expected.0, &found.0);
        assert_eq!((expected.1, expected.2), (found.1, found.2), "{line}");
    }
}

#[test]
fn control_shows_what_debians_daemon_answers() {
    let dir = fresh_dir("control-daemon");
    let program = format!("{EXAMPLES}/dlt-example-user");
    if !installed(&["/usr/bin/dlt-control", &program]) {
        return;
    }
    let Some(mut daemon) = Daemon::without_daemon(&dir) else {
        return;
    };
    daemon.start_daemon();
    let mut application = daemon.command(&program);
    application.args(["-n", "10000", "-d", "100", "hello"]).env("LD_LIBRARY_PATH", DEBIAN);
    let mut application =
        Running::start("dlt-example-user", application.stdout(Stdio::null()).stderr(Stdio::null()));
    let run = |library_dir: &Path, tool: &str, line: &str| {
        let mut command = daemon.command(tool);
        command.args(line.split_whitespace()).env("LD_LIBRARY_PATH", library_dir);
        let output = command.output().expect("the tool can be run");
        (masked(&output.stdout), output.status.code())
    };
    let tool = "/usr/bin/dlt-control";
    wait_for("the application's contexts", || {
        let (printed, _) = run(DEBIAN.as_ref(), tool, "-t 300 -j 127.0.0.1");
        printed.iter().any(|line| line.contains("CTID:TS2")).then_some(())
    });
    for (tool, line) in [
        (tool, "-t 300 -j 127.0.0.1"),
        (tool, "-t 300 -a LOG -c TEST -l 2 127.0.0.1"),
        (tool, "-t 300 -j 127.0.0.1"),
        (tool, "-t 300 -a LOG -l 5 127.0.0.1"),
        (tool, "-t 300 -j 127.0.0.1"),
        (tool, "-t 300 -k 127.0.0.1"),
        (tool, "-t 300 -v -k 127.0.0.1"),
        (tool, "-t 300 -j -p 9 127.0.0.1"),
        (tool, "-t 300 -j 192.0.2.9"),
        (tool, "-t 300 -u -j"),
        ("/usr/bin/dlt-passive-node-ctrl", "-t 1 -s"),
        ("/usr/bin/dlt-logstorage-ctrl", "-t 1 -s /tmp"),
        ("/usr/bin/dlt-logstorage-ctrl", "-t 1 -c 1 -p /tmp"),
        ("/usr/bin/dlt-receive", "-a -p 9 127.0.0.1"),
        ("/usr/bin/dlt-receive", "-a -y /dev/null"),
    ] {
        let expected = run(DEBIAN.as_ref(), tool, line);
        let found = run(&library().dir, tool, line);
        assert_same(line, &expected.0, &found.0);
        assert_eq!(expected.1, found.1, "{tool} {line}: exit code");
    }
    let (printed, _) = run(&library().dir, tool, "-t 300 -j 127.0.0.1");
    assert!(printed.iter().any(|line| line.starts_with("CTID:TEST")), "{printed:#?}");
    application.kill();
}

// ------------------------------------------------------------------ interruptions

#[test]
fn a_viewer_that_waits_ends_at_a_signal() {
    if !installed(&["/usr/bin/dlt-receive"]) {
        return;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("bound").port().to_string();
    let code = |library_dir: &Path, signal: i32| {
        let mut command = Command::new("/usr/bin/dlt-receive");
        command.args(["-a", "-p", &port, "127.0.0.1"]).stdout(Stdio::null());
        command.env("LD_LIBRARY_PATH", library_dir);
        let mut viewer = Running::start("dlt-receive", &mut command);
        let _held = listener.accept().expect("the viewer connects");
        wait_for("the viewer to wait in recv", || {
            let call = std::fs::read_to_string(format!("/proc/{}/syscall", viewer.pid()));
            call.is_ok_and(|call| call.starts_with(&format!("{} ", libc::SYS_recvfrom)))
                .then_some(())
        });
        viewer.signal(signal);
        viewer.wait()
    };
    for signal in [libc::SIGINT, libc::SIGTERM] {
        assert_eq!(code(DEBIAN.as_ref(), signal), code(&library().dir, signal), "signal {signal}");
    }
}
