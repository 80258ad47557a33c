//! Memory, as valgrind sees it: tools and programs of ours run under it on both libraries. On the
//! one under test there is no error and no lost block that there is not on Debian's.
//!
//! Some in the usual run, all of them in `make test-long`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::client::{Stream, viewed};
use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, compiled, library};
use crate::support::namespace::Namespace;
use crate::support::{fresh_dir, is_long, note, root, wait_for};

/// What valgrind says at the end.
#[derive(Debug, PartialEq)]
struct Verdict {
    errors: u64,
    /// Bytes that nothing, or only an inner pointer, shows to.
    lost: u64,
}

const VALGRIND: [&str; 4] = [
    "/usr/bin/valgrind",
    "--leak-check=full",
    "--errors-for-leak-kinds=none",
    "--trace-children=no",
];

/// Whole, for a program that enters a namespace leaves its directory.
fn log(dir: &Path) -> String {
    format!("--log-file={}/valgrind.txt", dir.display())
}

fn verdict(dir: &Path) -> Verdict {
    let path = dir.join("valgrind.txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let after = |what: &str| {
        let rest = text.lines().find_map(|line| Some(line.split_once(what)?.1))?;
        let number: String =
            rest.chars().filter(|c| *c != ',').take_while(char::is_ascii_digit).collect();
        number.parse::<u64>().ok()
    };
    let errors = after("ERROR SUMMARY: ").unwrap_or_else(|| panic!("no summary:\n{text}"));
    let lost = ["definitely lost: ", "indirectly lost: ", "possibly lost: "];
    Verdict { errors, lost: lost.into_iter().filter_map(after).sum() }
}

/// Runs something on both libraries, each in a directory of its own, and compares the verdicts.
fn is_no_worse(what: &str, name: &str, run: impl Fn(&Path, &Path)) {
    let [theirs, ours] =
        [(Path::new(DEBIAN), "r"), (&*library().dir, "o")].map(|(library_dir, suffix)| {
            let dir = fresh_dir(&format!("memory-{name}-{suffix}"));
            run(library_dir, &dir);
            verdict(&dir)
        });
    assert!(ours.errors <= theirs.errors, "{what}: theirs {theirs:?}, ours {ours:?}");
    assert!(ours.lost <= theirs.lost, "{what}: theirs {theirs:?}, ours {ours:?}");
    note(&format!("{what}: theirs {theirs:?}, ours {ours:?}"));
}

/// Recorded messages; some of them damaged; filters.
fn put_inputs(dir: &Path) {
    let recorded = fs::read(root().join("tests/golden/file/out.dlt")).expect("a recorded file");
    let mut damaged = recorded.clone();
    for place in (60..damaged.len()).step_by(97) {
        damaged[place] = damaged[place].wrapping_mul(31).wrapping_add(7);
    }
    let cut = &recorded[..recorded.len() - 5];
    let files: [(&str, &[u8]); 5] = [
        ("recorded", &recorded),
        ("damaged", &damaged),
        ("cut", cut),
        ("empty", b""),
        ("filters", b"GAPP GCTX\nAPP1 ----\n"),
    ];
    for (name, bytes) in files {
        fs::write(dir.join(name), bytes).expect("own directory");
    }
}

fn tool_on_files(lines: &[&str]) {
    let tools = ["/usr/bin/valgrind", "/usr/bin/dlt-convert", "/usr/bin/dlt-sortbytimestamp"];
    if !installed(&tools) {
        return;
    }
    for line in lines {
        is_no_worse(line, &line.replace(['/', ' '], "_"), |library_dir, dir| {
            put_inputs(dir);
            let mut command = Command::new(VALGRIND[0]);
            command.args(&VALGRIND[1..]).arg(log(dir)).args(line.split(' ')).current_dir(dir);
            let output = command.env("LD_LIBRARY_PATH", library_dir).output();
            output.expect("valgrind can be run");
        });
    }
}

#[test]
fn tools_on_files_lose_no_memory() {
    tool_on_files(&[
        "/usr/bin/dlt-convert -a recorded damaged",
        "/usr/bin/dlt-convert -a -f filters -o written recorded cut",
        "/usr/bin/dlt-sortbytimestamp recorded sorted",
    ]);
    if is_long() {
        tool_on_files(&[
            "/usr/bin/dlt-convert -x recorded damaged",
            "/usr/bin/dlt-convert -m recorded damaged",
            "/usr/bin/dlt-convert -s -b 2 -e 5 recorded",
            "/usr/bin/dlt-convert -c damaged",
            "/usr/bin/dlt-convert -a -v cut",
            "/usr/bin/dlt-convert -a empty",
            "/usr/bin/dlt-convert -a not-there",
            "/usr/bin/dlt-sortbytimestamp -c -f filters damaged sorted",
            "/usr/bin/dlt-sortbytimestamp cut sorted",
        ]);
    }
}

fn viewers(lines: &[&str], stream: &Stream) {
    if !installed(&["/usr/bin/valgrind", "/usr/bin/dlt-receive", "/usr/bin/dlt-control"]) {
        return;
    }
    let bytes = stream.bytes();
    for line in lines {
        let name = format!("{stream:?}{}", line.replace(['/', ' '], "_"));
        is_no_worse(line, &name, |library_dir, dir| {
            put_inputs(dir);
            let log = log(dir);
            let tool = [&*log].into_iter().chain(line.split(' '));
            let words: Vec<&str> = VALGRIND.into_iter().chain(tool).collect();
            viewed(&bytes, library_dir, dir, &words);
        });
    }
}

#[test]
fn viewers_lose_no_memory() {
    viewers(
        &["/usr/bin/dlt-receive -p PORT -a -o out.dlt -f filters 127.0.0.1"],
        &Stream::Recorded,
    );
    viewers(&["/usr/bin/dlt-control -p PORT -t 500 -j 127.0.0.1"], &Stream::Nothing);
    if is_long() {
        viewers(
            &[
                "/usr/bin/dlt-receive -p PORT -x 127.0.0.1",
                "/usr/bin/dlt-receive -p PORT -m -o out.dlt -c 20K 127.0.0.1",
                "/usr/lib/libdlt-examples/dlt-test-client -a 127.0.0.1",
                "/usr/lib/libdlt-examples/dlt-test-stress-client -a -n 10 127.0.0.1",
            ],
            &Stream::Recorded,
        );
        viewers(&["/usr/bin/dlt-receive -p PORT -a -R 127.0.0.1"], &Stream::WithSerialHeaders);
        viewers(&["/usr/bin/dlt-receive -p PORT -a -o out.dlt 127.0.0.1"], &Stream::Truncated);
        viewers(&["/usr/bin/dlt-receive -p PORT -a 127.0.0.1"], &Stream::LyingLength);
        viewers(
            &[
                "/usr/bin/dlt-control -p PORT -t 500 -a LOG -c TEST -l 2 127.0.0.1",
                "/usr/bin/dlt-control -p PORT -t 500 -a LOG -c TEST -s 5000 -x 10AF00 127.0.0.1",
                "/usr/bin/dlt-control -p PORT -t 500 -v -S -R -k 127.0.0.1",
            ],
            &Stream::Nothing,
        );
    }
}

#[test]
fn control_tools_in_front_of_a_daemon_lose_no_memory() {
    let lines = [
        "/usr/bin/dlt-control -t 1500 -j 127.0.0.1",
        "/usr/bin/dlt-passive-node-ctrl -t 2 -s",
        "/usr/bin/dlt-logstorage-ctrl -t 2 -s/tmp",
        "/usr/bin/dlt-logstorage-ctrl -t 2 -c 1 -p /tmp",
    ];
    if !installed(&["/usr/bin/valgrind", "/usr/bin/dlt-passive-node-ctrl"]) {
        return;
    }
    let Some(mut daemon) = Daemon::without_daemon(&fresh_dir("memory-daemon")) else {
        return;
    };
    daemon.start_daemon();
    let program = "/usr/lib/libdlt-examples/dlt-example-user";
    let mut application = daemon.command(program);
    application.args(["-n", "10000", "-d", "100", "hello"]).env("LD_LIBRARY_PATH", DEBIAN);
    let mut application = Running::start(program, application.stdout(std::process::Stdio::null()));
    wait_for("the application", || {
        let mut ask = daemon.command("/usr/bin/dlt-control");
        ask.args(["-t", "300", "-j", "127.0.0.1"]).env("LD_LIBRARY_PATH", DEBIAN);
        let shown = ask.output().expect("can be run").stdout;
        String::from_utf8_lossy(&shown).contains("CTID:TS2").then_some(())
    });
    for line in lines.iter().take(if is_long() { lines.len() } else { 1 }) {
        is_no_worse(line, &line.replace(['/', ' '], "_"), |library_dir, dir| {
            let mut command = daemon.command(VALGRIND[0]);
            command.args(&VALGRIND[1..]).arg(log(dir)).args(line.split(' ')).current_dir(dir);
            let output = command.env("LD_LIBRARY_PATH", library_dir).output();
            output.expect("valgrind can be run");
        });
    }
    application.kill();
}

fn programs(names: &[&str]) {
    if !installed(&["/usr/bin/valgrind"]) {
        return;
    }
    let Some(namespace) = Namespace::new() else {
        return;
    };
    for name in names {
        let program = compiled(name);
        is_no_worse(name, name, |library_dir, dir| {
            let argument = match *name {
                // In namespaces /tmp is another, and where it is run is not where it was started.
                "files" | "client" => dir.to_owned(),
                _ => dir.join("log"),
            };
            let mut command = namespace.command(VALGRIND[0]);
            command.args(&VALGRIND[1..]).arg(log(dir)).arg(&program).current_dir(dir);
            command.arg(argument).env("LD_LIBRARY_PATH", library_dir);
            let output = command.output().expect("valgrind can be run");
            assert!(output.status.code().is_some(), "{name}: {}", output.status);
        });
    }
}

#[test]
fn calls_at_their_limits_lose_no_memory() {
    programs(&["messages"]);
    if is_long() {
        programs(&["files", "rings", "printing", "undeclared", "client"]);
    }
}
