//! The internal log and the small functions of `dlt_common.h` print what libdlt 2.18.8 prints: one
//! program, `c-tests/printing.c`, runs on both libraries.
//!
//! `DLT_NG_LIBDIR` and `DLT_NG_REFERENCE_LIBDIR` name the directories of the two `libdlt.so.2`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn directory(variable: &str, default: PathBuf) -> PathBuf {
    env::var_os(variable).map_or(default, PathBuf::from)
}

fn build(libraries: &Path) -> PathBuf {
    let program = scratch("printing");
    let output = Command::new("gcc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(in_crate("include"))
        .arg(in_crate("c-tests/printing.c"))
        .arg("-o")
        .arg(&program)
        .arg(libraries.join("libdlt.so.2"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// What the program prints on a library: standard output and standard error, without times and
/// process ids.
fn printed(program: &Path, libraries: &Path, name: &str) -> (Vec<String>, Vec<String>) {
    let log = scratch(&format!("printing-{name}.log"));
    // It is appended to, and need not be there.
    let _was_not_there = fs::remove_file(&log);
    let output =
        Command::new(program).arg(&log).env("LD_LIBRARY_PATH", libraries).output().unwrap();
    assert!(output.status.success(), "{name}: {}", output.status);
    (masked(&output.stdout), masked(&output.stderr))
}

fn masked(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text).lines().map(masked_line).collect()
}

/// A line may hold several messages: `[    1.000000]~DLT~   42~WARNING  ~text`.
fn masked_line(line: &str) -> String {
    let mut parts: Vec<_> = line.split("~DLT~").collect();
    let count = parts.len();
    for part in parts.iter_mut().take(count - 1) {
        *part = part.rsplit_once('[').map_or(*part, |(before, _time)| before);
    }
    for part in parts.iter_mut().skip(1) {
        *part = part.split_once('~').map_or(*part, |(_process, after)| after);
    }
    parts.join("~DLT~")
}

#[test]
fn a_masked_line_keeps_everything_but_times_and_processes() {
    let line = "a [b][    1.000000]~DLT~   42~WARNING  ~[c~d";
    assert_eq!(masked_line(line), "a [b]~DLT~WARNING  ~[c~d");
    assert_eq!(masked_line("[ e~f"), "[ e~f");
}

#[test]
fn the_internal_log_and_the_print_functions_print_what_libdlt_prints() {
    let ours = directory("DLT_NG_LIBDIR", in_crate("build/lib"));
    let theirs = directory("DLT_NG_REFERENCE_LIBDIR", "/usr/lib/x86_64-linux-gnu".into());
    assert!(ours.join("libdlt.so.2").exists(), "run `make lib` first");
    if !theirs.join("libdlt.so.2").exists() {
        writeln!(io::stderr(), "SKIPPED: no libdlt 2.18.8 to compare with").unwrap();
        return;
    }
    let program = build(&ours);
    let (our_output, our_errors) = printed(&program, &ours, "ours");
    let (their_output, their_errors) = printed(&program, &theirs, "theirs");
    assert!(their_output.len() > 500, "the program prints something");
    for (ours, theirs) in our_output.iter().zip(&their_output) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(our_output.len(), their_output.len());
    assert_eq!(our_errors, their_errors);
}
