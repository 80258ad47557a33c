//! The programs of `examples/` that log do what they say, in front of a FIFO.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs an example; returns what it sends and what it prints.
fn run(name: &str) -> (String, String) {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--examples"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        assert!(command.status().expect("cargo runs").success());
    });
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(dir.join("dltpipes")).expect("a directory for the test");
    nix::unistd::mkfifo(&dir.join("dlt"), nix::sys::stat::Mode::S_IRWXU).expect("own directory");
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
    let mut ear: File = options.open(dir.join("dlt")).expect("own FIFO");
    // Beside this test's own program, which is in `deps`.
    let program = std::env::current_exe().expect("this test");
    let program = program.ancestors().nth(2).expect("it is in deps").join("examples").join(name);
    let ended = AtomicBool::new(false);
    let (bytes, output) = std::thread::scope(|scope| {
        let listener = scope.spawn(|| {
            let (mut bytes, mut last) = (Vec::new(), false);
            while !last {
                last = ended.load(Ordering::SeqCst);
                let _nothing_now = ear.read_to_end(&mut bytes);
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            bytes
        });
        let output = Command::new(program).arg("one").env("DLT_PIPE_DIR", &dir).output();
        ended.store(true, Ordering::SeqCst);
        (listener.join().expect("not panicked"), output.expect("it runs"))
    });
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{printed}");
    (String::from_utf8_lossy(&bytes).into_owned(), printed)
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
