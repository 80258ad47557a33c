//! `make demo`, as a newcomer meets it: with dlt-daemon and without, as root and as nobody.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Says past the test harness's capture that something was not tested. With `CI` set that fails.
fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
    assert!(std::env::var_os("CI").is_none(), "nothing may be skipped here: {why}");
}

fn installed(program: &str) -> bool {
    let found = Command::new("which").arg(program).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// `make` as from a shell: what an outer make tells its children is not meant for this one.
fn make(target: &str) -> Command {
    let mut command = Command::new("make");
    command.args(["-s", target]).current_dir(root());
    command.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    command
}

/// Once, so that nothing is replaced under a demo that runs.
fn build() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        for target in ["lib", "collect"] {
            let built = make(target).output().expect("make can be run");
            assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        }
    });
}

/// A directory that everybody may enter, unlike perhaps that of the checkout.
fn open_dir(name: &str) -> PathBuf {
    let dir = Path::new("/var/tmp/libdlt-ng").join(format!("{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory for the test");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).expect("own directory");
    dir
}

/// A search path on which everything is but some programs; `stubs` come first.
fn path_without(dir: &Path, left_out: &[&str], stubs: &[(&str, &str)]) -> String {
    let own = dir.join("path");
    fs::create_dir_all(&own).expect("own directory");
    for (name, script) in stubs {
        let file = own.join(name);
        fs::write(&file, script).expect("own directory");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("own file");
    }
    for directory in ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/bin", "/sbin"] {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !left_out.iter().any(|left_out| name == *left_out) {
                // What stands in an earlier directory wins, as on any search path.
                let _ = symlink(entry.path(), own.join(name));
            }
        }
    }
    own.display().to_string()
}

/// The named numbers of the last line of counts.
fn counts(text: &str) -> BTreeMap<String, u64> {
    let line = text.lines().rev().find(|line| line.trim_start().starts_with("submitted "));
    let line = line.unwrap_or_else(|| panic!("no counts in\n{text}"));
    let pairs = line.trim().split(", ").map(|pair| pair.split_once(' ').expect("a name, a number"));
    pairs.map(|(name, number)| (name.to_owned(), number.parse().expect("a number"))).collect()
}

/// What every run has to show.
fn assert_told(output: &Output, kind: &str) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{complaints}");
    assert!(text.contains(&format!("1. {kind} starts in ")), "{text}");
    let counts = counts(&text);
    assert_eq!(counts["submitted"], counts["delivered"] + counts["lost"], "{text}");
    assert_eq!([counts["lost"], counts["waiting"], counts["reconnects"]], [0, 0, 1], "{text}");
    // Lines of the program arrived, before and behind the gap.
    let shown = text.lines().filter(|line| line.contains(" CAR- ") && line.contains(" log info V"));
    assert_eq!(shown.count(), 8, "{text}");
    // All of them, but for what a killed daemon may have had in its hands.
    let all = text.contains(&format!("All {} lines have arrived", counts["delivered"]));
    assert!(all || text.contains("more when it was killed"), "{text}");
    assert!(text.lines().count() < 25, "no flood:\n{text}");
}

/// The process ids that run a program.
fn running(program: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("proc is mounted").flatten() {
        let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        let id = entry.file_name().to_string_lossy().parse();
        if let (Ok(id), true) = (id, name.trim() == program) {
            found.push(id);
        }
    }
    found
}

#[test]
fn make_demo_shows_a_program_that_outlives_its_daemon() {
    if !["dlt-daemon", "dlt-receive"].iter().all(|program| installed(program)) {
        return skipped("dlt-daemon, dlt-receive (ci/install-debian-packages)");
    }
    build();
    let output = make("demo").output().expect("make can be run");
    assert_told(&output, "dlt-daemon");
}

#[test]
fn it_leaves_nothing_behind_and_goes_on_a_port_that_is_free() {
    if !["dlt-daemon", "dlt-receive"].iter().all(|program| installed(program)) {
        return skipped("dlt-daemon, dlt-receive (ci/install-debian-packages)");
    }
    build();
    let dir = open_dir("demo-port");
    // Somebody has the port that it would take; and TMPDIR tells where all its files are.
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let port = taken.local_addr().expect("it is bound").port();
    let mut demo = Command::new(root().join("ci/demo"));
    demo.env("TMPDIR", &dir).env("DLT_DEMO_PORT", port.to_string());
    assert_told(&demo.output().expect("the demo can be run"), "dlt-daemon");
    let left: Vec<_> = fs::read_dir(&dir).expect("own directory").flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    for program in ["dlt-daemon", "dlt-receive", "threads"] {
        for id in running(program) {
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            assert!(!line.contains(&dir.display().to_string()), "{line} still runs");
        }
    }
    let _ = fs::remove_dir_all(dir);
}

#[test]
fn without_a_daemon_dlt_collect_takes_its_place() {
    build();
    let dir = open_dir("demo-collect");
    let path = path_without(&dir, &["dlt-daemon", "dlt-receive"], &[]);
    let output = Command::new(root().join("ci/demo")).env("PATH", path).output();
    assert_told(&output.expect("the demo can be run"), "dlt-collect");
    let _ = fs::remove_dir_all(dir);
}

#[test]
fn who_may_not_install_is_told_the_line_and_shown_what_can_be_shown() {
    if !installed("setpriv") || !nix::unistd::Uid::effective().is_root() {
        return skipped("running as nobody (setpriv, as root)");
    }
    build();
    // A checkout that nobody may read.
    let dir = open_dir("demo-nobody");
    let copied = ["Makefile", "ci", "examples-c", "include", "build/lib", "build/bin"];
    let mut copy = Command::new("cp");
    copy.args(["-r", "-P", "--parents"]).args(copied).arg(&dir).current_dir(root());
    assert!(copy.status().expect("cp can be run").success());
    let opened = Command::new("chmod").args(["-R", "a+rX"]).arg(&dir).status();
    assert!(opened.expect("chmod can be run").success());
    // On this machine nothing of the kind is installed, as far as it can see.
    let stubs = [("dpkg-query", "#!/bin/sh\nexit 1\n")];
    let path = path_without(&dir, &["dlt-daemon", "dlt-receive"], &stubs);
    let as_nobody = |script: &str, ci: Option<&str>| {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            "sh",
            "-c",
            script,
        ]);
        command.current_dir(&dir).env("PATH", &path).env_remove("TMPDIR").env_remove("CI");
        command.envs(ci.map(|value| ("CI", value))).output().expect("setpriv can be run")
    };
    let output = as_nobody("ci/install-debian-packages demo && ci/demo", Some("true"));
    assert_told(&output, "dlt-collect");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = "sudo apt-get install -y --no-install-recommends dlt-daemon dlt-tools gcc libc6-dev";
    assert_eq!(text.matches(line).count(), 1, "{text}");
    // Tests that need more say so, and fail where nothing may be skipped.
    let output = as_nobody("ci/install-debian-packages", None);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("SKIPPED"));
    assert!(!as_nobody("ci/install-debian-packages", Some("true")).status.success());
    let _ = fs::remove_dir_all(dir);
}
