//! The programs of `examples/` do what they say: those that log in front of a FIFO, those that read
//! with a file, and with a daemon that has nothing but that to send.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// An example, built.
fn example(name: &str) -> Command {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--examples"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(command.status().expect("cargo runs").success());
    });
    // Beside this test's own program, which is in `deps`.
    let program = std::env::current_exe().expect("this test");
    Command::new(program.ancestors().nth(2).expect("it is in deps").join("examples").join(name))
}

/// What it prints, on both streams, and whether it is content.
fn printed(command: &mut Command) -> (String, String, bool) {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.success())
}

/// Runs an example that logs; returns what it sends and what it prints.
fn run(name: &str) -> (String, String) {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(dir.join("dltpipes")).expect("a directory for the test");
    nix::unistd::mkfifo(&dir.join("dlt"), nix::sys::stat::Mode::S_IRWXU).expect("own directory");
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
    let mut ear: File = options.open(dir.join("dlt")).expect("own FIFO");
    let ended = AtomicBool::new(false);
    let (bytes, (said, errors, is_content)) = std::thread::scope(|scope| {
        let listener = scope.spawn(|| {
            let (mut bytes, mut last) = (Vec::new(), false);
            while !last {
                last = ended.load(Ordering::SeqCst);
                let _nothing_now = ear.read_to_end(&mut bytes);
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            bytes
        });
        let all = printed(example(name).arg("one").env("DLT_PIPE_DIR", &dir));
        ended.store(true, Ordering::SeqCst);
        (listener.join().expect("not panicked"), all)
    });
    assert!(is_content, "{said}{errors}");
    (String::from_utf8_lossy(&bytes).into_owned(), said + &errors)
}

fn assert_sent(sent: &str, texts: &[&str]) {
    for text in texts {
        assert!(sent.contains(text), "`{text}` is not in\n{}", sent.escape_default());
    }
}

#[test]
fn hello_logs_by_all_the_ways_there_are() {
    let (sent, printed) = run("hello");
    assert_sent(
        &sent,
        &["connected", "km/h", "attempt", "not found", "arguments", "one\0", "lost"],
    );
    assert!(!sent.contains("table"), "its level is off");
    assert_eq!(printed, "");
}

#[test]
fn log_reaches_two_contexts() {
    let (sent, printed) = run("log");
    assert_sent(&sent, &["LOGSMAIN", "LOGSNET", "begins", "connected", "took_ms", "1 connection"]);
    assert!(!sent.contains("looking up"), "its level is off");
    assert_eq!(printed, "");
}

#[test]
fn tracing_reaches_two_contexts_with_its_spans() {
    let (sent, printed) = run("tracing");
    assert_sent(&sent, &["TRACMAIN", "TRACNET", "begins", "answered", "bytes", "new\0", "close\0"]);
    assert_eq!(sent.matches("request\0").count(), 9);
    assert_eq!(printed, "");
}

#[test]
fn threads_lose_nothing() {
    let (sent, printed) = run("threads");
    assert_sent(&sent, &["CAR", "ENG", "GEAR", "WHL", "DOOR", "hot after"]);
    assert_eq!(printed, "submitted 4016, delivered 4016, lost 0\n");
}

/// A file that Debian's library has written.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/file/out.dlt");

#[test]
fn read_file_prints_what_its_filters_keep_and_counts_by_level() {
    let (all, counts, is_content) = printed(example("read_file").arg(RECORDED));
    assert!(is_content, "{counts}");
    let expected = include_str!("golden/file/convert-a.txt").lines().count();
    assert_eq!(all.lines().count(), expected);
    assert!(counts.ends_with("}, 0 bytes skipped\n"), "{counts}");
    let (kept, counts, _) = printed(example("read_file").args([RECORDED, "NONE"]));
    assert_eq!((kept.as_str(), counts.as_str()), ("", "{}, 0 bytes skipped\n"));
    let (_, error, is_content) = printed(&mut example("read_file"));
    assert!(!is_content && error.contains("which file?"), "{error}");
}

/// Of a message, by its standard header.
fn length(message: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([message[2], message[3]]))
}

#[test]
fn live_viewer_prints_what_a_daemon_sends_and_says_that_it_is_gone() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port().to_string();
    let file = fs::read(RECORDED).expect("recorded");
    let daemon = std::thread::spawn(move || {
        let (mut viewer, _) = listener.accept().expect("a viewer");
        // To its end: what is left unread would reset the connection.
        let mut asked = vec![0; 4];
        viewer.read_exact(&mut asked).expect("it asks what there is");
        asked.resize(length(&asked) - 4, 0);
        viewer.read_exact(&mut asked).expect("it asks what there is");
        let mut rest = file.as_slice();
        while let Some((_storage, at)) = rest.split_first_chunk::<16>() {
            let (message, behind) = at.split_at(length(at));
            viewer.write_all(message).expect("it reads");
            rest = behind;
        }
    });
    let (seen, said, is_content) = printed(example("live_viewer").args(["127.0.0.1", &port]));
    daemon.join().expect("not panicked");
    assert!(is_content, "{said}");
    let (read, ..) = printed(example("read_file").arg(RECORDED));
    assert_eq!(seen.lines().count(), read.lines().count());
    assert!(said.contains("is not known: ") && said.contains("the daemon has closed"), "{said}");
}
