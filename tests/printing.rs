//! The internal log, the small functions of `dlt_common.h`, its rings of blocks and what no header
//! declares do what they do in libdlt 2.18.8: programs of `c-tests` print the same on both libraries.
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

fn build(name: &str, libraries: &Path) -> PathBuf {
    let program = scratch(name);
    let output = Command::new("gcc")
        .args(["-std=gnu99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(in_crate("include"))
        .arg(in_crate(&format!("c-tests/{name}.c")))
        .arg("-o")
        .arg(&program)
        .arg(libraries.join("libdlt.so.2"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// What the program prints on a library: standard output and standard error, without times,
/// process ids and addresses.
fn printed(program: &Path, libraries: &Path, name: &str) -> (Vec<String>, Vec<String>) {
    let log = program.with_extension(format!("{name}.log"));
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
    without_addresses(&parts.join("~DLT~"))
}

fn without_addresses(line: &str) -> String {
    let digit = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
    let word = |word: &'_ str| {
        let address = word.trim_end_matches(',');
        let masked = address.len() > 8 && address.chars().all(digit);
        if masked { word.replace(address, "ADDRESS") } else { word.to_owned() }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_masked_line_keeps_everything_but_times_and_processes() {
    let line = "a [b][    1.000000]~DLT~   42~WARNING  ~[c~d";
    assert_eq!(masked_line(line), "a [b]~DLT~WARNING  ~[c~d");
    assert_eq!(masked_line("[ e~f"), "[ e~f");
    assert_eq!(masked_line("at 55C79D33C2DC, ABCD"), "at ADDRESS, ABCD");
}

fn prints_the_same_on_both_libraries(name: &str) {
    let ours = directory("DLT_NG_LIBDIR", in_crate("build/lib"));
    let theirs = directory("DLT_NG_REFERENCE_LIBDIR", "/usr/lib/x86_64-linux-gnu".into());
    assert!(ours.join("libdlt.so.2").exists(), "run `make lib` first");
    if !theirs.join("libdlt.so.2").exists() {
        writeln!(io::stderr(), "SKIPPED: no libdlt 2.18.8 to compare with")
            .expect("standard error");
        assert!(env::var_os("CI").is_none(), "nothing may be skipped here");
        return;
    }
    let program = build(name, &ours);
    let (our_output, our_errors) = printed(&program, &ours, "ours");
    let (their_output, their_errors) = printed(&program, &theirs, "theirs");
    assert!(their_output.len() > 100, "the program prints something");
    for (ours, theirs) in our_output.iter().zip(&their_output) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(our_output.len(), their_output.len());
    assert_eq!(our_errors, their_errors);
}

#[test]
fn the_internal_log_and_the_print_functions_print_what_libdlt_prints() {
    prints_the_same_on_both_libraries("printing");
}

#[test]
fn the_rings_of_blocks_do_what_they_do_in_libdlt() {
    prints_the_same_on_both_libraries("rings");
}

#[test]
fn what_no_header_declares_does_what_it_does_in_libdlt() {
    prints_the_same_on_both_libraries("undeclared");
}

#[test]
fn names_that_libdlt_does_not_have_yet_do_what_they_say() {
    let ours = directory("DLT_NG_LIBDIR", in_crate("build/lib"));
    let program = build("later", &ours);
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", &ours).env("DLT_PIPE_DIR", env!("CARGO_TARGET_TMPDIR"));
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let warnings: Vec<_> = errors.lines().filter(|line| line.contains("DLT_LOG_")).collect();
    assert_eq!(warnings.len(), 2, "{errors}");
    assert!(warnings.iter().all(|line| line.contains("default used")), "{errors}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("below the level"));
}

#[test]
fn logs_are_kept_in_several_files_of_which_the_oldest_go() {
    let ours = directory("DLT_NG_LIBDIR", in_crate("build/lib"));
    let program = build("log_files", &ours);
    let files = scratch("log-files");
    // It is there from the last time.
    let _was_not_there = fs::remove_dir_all(&files);
    fs::create_dir_all(&files).unwrap();
    let output = Command::new(program).arg(&files).env("LD_LIBRARY_PATH", &ours).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut names: Vec<_> = fs::read_dir(&files)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("internal."))
        .collect();
    names.sort();
    let [_, _, newest, single] = &names[..] else {
        panic!("three files in turn and one alone: {names:?}");
    };
    let text = fs::read_to_string(files.join(newest)).unwrap();
    assert!(text.ends_with("message 99 of the internal log\nas it is\n"), "{text}");
    let text = fs::read_to_string(files.join(single)).unwrap();
    assert!(text.ends_with("in one file\n"), "{text}");
}
