//! A program outside the tree that depends on the package by its path, with each set of features:
//! built and run from a clean directory. Without `capi` there is nothing of C: neither a compiler is
//! needed nor a name exported.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty directory of this test's own.
fn fresh_dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-consumer").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory for the test");
    dir
}

/// A program by name, where the shell finds it.
fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").expect("there is a path");
    let found = std::env::split_paths(&path).map(|dir| dir.join(program)).find(|at| at.exists());
    found.unwrap_or_else(|| panic!("no {program}"))
}

/// The program's sources in a directory of their own.
fn sources() -> PathBuf {
    let (from, to) = (root().join("tests/consumer-rust"), fresh_dir("sources"));
    let manifest = fs::read_to_string(from.join("Cargo.toml.in")).expect("it is there");
    let path = root().to_str().expect("a plain path");
    fs::write(to.join("Cargo.toml"), manifest.replace("@PATH@", path)).expect("own directory");
    // The versions that the package itself is tested with.
    fs::copy(root().join("Cargo.lock"), to.join("Cargo.lock")).expect("own directory");
    fs::create_dir(to.join("src")).expect("own directory");
    fs::copy(from.join("src/main.rs"), to.join("src/main.rs")).expect("own directory");
    to
}

/// A path on which there is a linker, for build scripts are programs, and no C compiler.
fn without_compiler() -> PathBuf {
    let dir = fresh_dir("bin");
    symlink(which("ld"), dir.join("ld")).expect("own directory");
    dir
}

fn build(sources: &Path, target: &Path, bin: &Path, features: &str) -> Output {
    let cargo = PathBuf::from(env!("CARGO"));
    let rustc = cargo.with_file_name("rustc");
    let rustc = if rustc.exists() { rustc } else { which("rustc") };
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--features", features]).current_dir(sources);
    command.env("CARGO_TARGET_DIR", target).env("RUSTC", rustc);
    command.env("PATH", bin).env("CC", "/nonexistent/cc");
    // What cc is for rustc here is the way to the linker.
    command.env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", which("cc"));
    command.env_remove("RUSTFLAGS").output().expect("cargo runs")
}

/// What the program sends to the daemon.
fn sent(program: &Path) -> String {
    let dir = fresh_dir("daemon");
    fs::create_dir(dir.join("dltpipes")).expect("own directory");
    nix::unistd::mkfifo(&dir.join("dlt"), nix::sys::stat::Mode::S_IRWXU).expect("own directory");
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
    let mut ear: File = options.open(dir.join("dlt")).expect("own FIFO");
    let output = Command::new(program).env("DLT_PIPE_DIR", &dir).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut bytes = Vec::new();
    let _nothing_left = ear.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Names that a file shows to others, without those of Rust.
fn exported(options: &[&str], file: &Path) -> Vec<String> {
    let output = Command::new("nm").args(options).arg(file).output().expect("nm runs");
    assert!(output.status.success(), "nm {}", file.display());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names = text.lines().filter_map(|line| line.split_whitespace().last());
    names.filter(|name| name.starts_with("dlt_")).map(str::to_owned).collect()
}

#[test]
fn a_crate_outside_the_tree_builds_and_runs_with_each_feature_and_without_a_c_compiler() {
    let (sources, target, bin) = (sources(), fresh_dir("target"), without_compiler());
    let program = target.join("debug/consumer");
    let library = target.join("debug/deps/libdlt.so");
    let sets: [(&str, &[&str]); 4] = [
        ("", &["plainly"]),
        ("log", &["plainly", "through log 1"]),
        ("tracing", &["plainly", "through tracing"]),
        ("kv,tracing", &["plainly", "through log 1", "with pairs", "key", "through tracing"]),
    ];
    for (features, texts) in sets {
        let built = build(&sources, &target, &bin, features);
        let stderr = String::from_utf8_lossy(&built.stderr).into_owned();
        assert!(built.status.success() && stderr.is_empty(), "with `{features}`:\n{stderr}");
        let sent = sent(&program);
        for text in texts {
            assert!(sent.contains(text), "`{text}` is missing with `{features}`:\n{sent}");
        }
        assert_eq!(
            sent.contains("through log"),
            features.contains("log") | features.contains("kv")
        );
        assert_eq!(exported(&["--defined-only", "--extern-only"], &program), [""; 0]);
        assert_eq!(exported(&["-D", "--defined-only"], &library), [""; 0]);
    }
    // What shows that this would be noticed: with the C edge a compiler is missing, and there are
    // names. Those of the library that is installed, for they are looked at as well.
    let refused = build(&sources, &target, &bin, "capi");
    let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && stderr.contains("/nonexistent/cc"), "{stderr}");
    let with_edge = root().join("build/lib/libdlt.so.2");
    if with_edge.exists() {
        assert!(exported(&["-D", "--defined-only"], &with_edge).len() > 100);
    }
}
