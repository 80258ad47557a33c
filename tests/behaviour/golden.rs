//! Captures of the reference replayed, and cases run on both libraries side by side.

use std::path::Path;
use std::process::Command;

use crate::support::library::{DEBIAN, compiled, compiled_from, compiled_with, library};
use crate::support::{fresh_dir, note, root};

fn replay(name: &str, arguments: &[&str], driver: &Path) {
    replay_on(&library().dir, library().is_reference, name, arguments, driver);
}

fn replay_on(dir: &Path, is_reference: bool, name: &str, arguments: &[&str], driver: &Path) {
    let work = fresh_dir(name);
    let mut command = Command::new("python3");
    command.arg(root().join("tests/golden/tools/replay.py"));
    command.arg("--bin").arg(driver).arg("--lib").arg(dir);
    command.arg("--work").arg(work).args(arguments).env("DLT_LOG_MODE", "4");
    if is_reference {
        command.arg("--no-rules");
    }
    let output = command.output().expect("python3 can be run");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "\n{text}{}", String::from_utf8_lossy(&output.stderr));
    note(&format!("{name}: {}", text.lines().last().unwrap_or("")));
}

fn cases() -> std::path::PathBuf {
    compiled_from(&root().join("tests/golden/tools/cases.c"), "cases")
}

#[test]
fn every_captured_case_is_replayed_through_a_fifo() {
    replay("golden-fifo", &["--ipc", "fifo"], &cases());
}

#[test]
fn every_captured_case_is_replayed_through_a_socket() {
    if library().is_reference {
        return note("not for the reference: Debian's build knows FIFOs only");
    }
    replay("golden-unix", &["--ipc", "unix"], &cases());
}

#[test]
fn one_program_gets_the_same_results_from_both_libraries() {
    replay("differential", &["--against", DEBIAN], &compiled("differential"));
}

/// The driver with calls compiled into it, against our headers.
fn inlined_cases() -> std::path::PathBuf {
    let source = root().join("tests/golden/tools/cases.c");
    let include = root().join("include");
    let include = include.to_str().expect("a plain path");
    let options = ["-DDLT_NG_INLINE", "-Wall", "-I", include, "-I", &format!("{include}/dlt")];
    compiled_with(&source, "cases-inlined", &options)
}

#[test]
fn a_program_with_inlined_calls_sends_the_same() {
    replay("golden-inlined", &["--ipc", "fifo"], &inlined_cases());
}

#[test]
fn a_program_with_inlined_calls_runs_on_debians_library_too() {
    // Those of the cases that do not hang on the moment at which libdlt's own threads run.
    let cases =
        ["--ipc", "fifo", "verbose", "attr", "formatted", "nonverbose", "highlevel", "headers"];
    replay_on(DEBIAN.as_ref(), true, "golden-inlined-debian", &cases, &inlined_cases());
}
