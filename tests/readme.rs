//! What the README shows is run, and what it says of versions and the environment is held against
//! the code.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README is there")
}

/// The texts of the code blocks in one language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let mut blocks = Vec::new();
    // Fences come in pairs: what stands between two of them is every second part.
    for block in text.split("\n```").skip(1).step_by(2) {
        let (head, body) = block.split_once('\n').expect("a block has lines");
        assert!(!head.is_empty(), "a block without a language is not run:\n{body}");
        if head == language {
            blocks.push(body.to_owned());
        }
    }
    blocks
}

fn fresh_dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory for the test");
    dir
}

/// Says past the test harness's capture that something was not tested. With `CI` set that fails.
fn skipped(missing: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: no {missing} (ci/install-debian-packages)");
    assert!(std::env::var_os("CI").is_none(), "nothing may be skipped here: {missing}");
}

fn installed(program: &str) -> bool {
    let found = Command::new("which").arg(program).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// What it printed on both; it has to succeed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{command:?}\n{text}");
    text
}

fn make(arguments: &[&str]) -> Command {
    let mut command = Command::new("make");
    command.arg("-s").current_dir(root()).args(arguments);
    command.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    command
}

/// Builds everything, once.
fn built() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| drop(run(&mut make(&["all"]))));
}

/// The complete program among the C blocks.
fn demo() -> String {
    let mut programs = blocks("c").into_iter().filter(|block| block.contains("int main("));
    programs.next().expect("the README shows a program")
}

/// A command of ours in the place of one that would change the machine, or run this test.
fn stub(dir: &Path, name: &str, script: &str) {
    let file = dir.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("own directory");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("own file");
}

/// dlt-collect on a directory; ended with the test.
struct Collector(std::process::Child, PathBuf);

impl Collector {
    fn start(dir: &Path) -> Self {
        let printed = dir.join("collected.txt");
        let file = fs::File::create(&printed).expect("own directory");
        let mut command = Command::new(root().join("build/bin/dlt-collect"));
        let child = command.arg("--fifo").arg(dir).stdout(file).spawn();
        Self(child.expect("dlt-collect can be run"), printed)
    }

    /// Waits until it has printed all of these.
    fn wait_for(&self, texts: &[(&str, usize)]) {
        let begin = std::time::Instant::now();
        loop {
            let printed = fs::read_to_string(&self.1).unwrap_or_default();
            if texts.iter().all(|(text, times)| printed.matches(text).count() == *times) {
                return;
            }
            let waited = begin.elapsed();
            assert!(waited.as_secs() < 30, "waited in vain for {texts:?}; printed:\n{printed}");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_commands_do_what_it_says() {
    for program in ["dlt-adaptor-stdin", "pkg-config"] {
        if !installed(program) {
            return skipped(program);
        }
    }
    built();
    let dir = fresh_dir("commands");
    let [stage, stubs, pipes, mine] =
        ["stage", "stubs", "pipes", "mine"].map(|name| dir.join(name));
    for directory in [&stage, &stubs, &pipes, &dir.join("build")] {
        fs::create_dir_all(directory).expect("own directory");
    }
    // It is the checkout for the commands, but what benches leave stays here.
    for name in ["ci", "benches", "build/lib", "build/bin"] {
        symlink(root().join(name), dir.join(name)).expect("own directory");
    }
    fs::write(dir.join("demo.c"), demo()).expect("own directory");
    let root = root().display();
    let script = format!(
        "unset MAKEFLAGS MAKELEVEL\ncase $1 in demo|test) set -- -n \"$@\";; esac\n\
         exec /usr/bin/make -s -C '{root}' \"$@\""
    );
    stub(&stubs, "make", &script);
    stub(&stubs, "sudo", "exec \"$@\"");
    stub(&stubs, "ldconfig", "exit 0");
    let collector = Collector::start(&pipes);
    let path = format!("{}:{}", stubs.display(), std::env::var("PATH").unwrap_or_default());
    let mut said = String::new();
    for block in blocks("sh") {
        let block = block.replace("/tmp/mine", &mine.display().to_string());
        // One run of few messages.
        let block = block.replace("--runs 3", "--quick");
        let mut command = Command::new("sh");
        command.args(["-euxc", &block]).current_dir(&dir).env("PATH", &path);
        command.env("DESTDIR", &stage).env("DLT_PIPE_DIR", &pipes);
        command.env("PKG_CONFIG_SYSROOT_DIR", &stage);
        command.env("PKG_CONFIG_LIBDIR", stage.join("usr/local/lib/pkgconfig"));
        command.env("LD_LIBRARY_PATH", stage.join("usr/local/lib"));
        said.push_str(&run(&mut command));
    }
    // The adaptor by LD_PRELOAD and by LD_LIBRARY_PATH; the program shared and static.
    let connected = " DEMO NET- log info V 2 [connected, ms: 12]";
    collector.wait_for(&[("[hello ]", 1), ("[hello again ]", 1), (connected, 2)]);
    // The last one in front of a dlt-collect of its own.
    assert_eq!(said.matches(connected).count(), 1, "{said}");
    assert!(said.contains("stalled sink, drop newest, 1 thread"), "{said}");
}

#[test]
fn the_calls_that_it_shows_compile() {
    let dir = fresh_dir("calls");
    let fragments = blocks("c").into_iter().filter(|block| !block.contains("int main("));
    let mut count = 0;
    for fragment in fragments {
        let source = dir.join("fragment.c");
        let text = format!(
            "#include <dlt.h>\n#include <dlt_ng.h>\nDLT_DECLARE_CONTEXT(net)\n\
             static void log_less(int crowded, void *data)\n{{ (void)crowded; (void)data; }}\n\
             void show(void);\nvoid show(void)\n{{\n{fragment}}}\n"
        );
        fs::write(&source, text).expect("own directory");
        let mut command = Command::new("gcc");
        command.args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]);
        command.arg("-I").arg(root().join("include")).arg("-I").arg(root().join("include/dlt"));
        run(command.arg(source));
        count += 1;
    }
    assert_eq!(count, 1);
}

#[test]
fn its_lines_for_cmake_build_the_program() {
    if !installed("cmake") {
        return skipped("cmake");
    }
    built();
    let dir = fresh_dir("cmake");
    let destination = format!("DESTDIR={}", dir.display());
    run(&mut make(&["install-files", &destination]));
    let lines: String = blocks("cmake").concat();
    let text = format!("cmake_minimum_required(VERSION 3.16)\nproject(demo C)\n{lines}");
    fs::write(dir.join("CMakeLists.txt"), text).expect("own directory");
    fs::write(dir.join("demo.c"), demo()).expect("own directory");
    let prefix = format!("-DCMAKE_PREFIX_PATH={}", dir.join("usr/local").display());
    let mut command = Command::new("cmake");
    run(command.arg("-S").arg(&dir).arg("-B").arg(dir.join("build")).arg(prefix));
    run(Command::new("cmake").arg("--build").arg(dir.join("build")));
    let collector = Collector::start(&dir);
    run(Command::new(dir.join("build/demo")).env("DLT_PIPE_DIR", &dir));
    collector.wait_for(&[("[connected, ms: 12]", 1)]);
}

/// The Rust blocks: the program, and what is to stand in one.
fn rust() -> (String, Vec<String>) {
    let is_program = |block: &String| block.contains("fn main(");
    let (mut programs, parts): (Vec<_>, Vec<_>) = blocks("rust").into_iter().partition(is_program);
    assert_eq!(programs.len(), 1);
    (programs.remove(0), parts)
}

#[test]
fn the_program_in_rust_and_the_lines_for_others_run() {
    built();
    let dir = fresh_dir("rust");
    symlink(root(), dir.join("libdlt-ng")).expect("own directory");
    for block in blocks("bash") {
        run(Command::new("sh").args(["-euxc", &block]).current_dir(&dir));
    }
    let package = dir.join("hello");
    // What the text says of features; the versions are those that the tests have.
    let manifest = package.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("it was made");
    assert!(text.contains("default-features = false"), "{text}");
    let all = "default-features = false, features = [\"log\", \"kv\", \"tracing\"]";
    let more = "log = { version = \"0.4\", features = [\"kv\"] }\n\
        tracing = { version = \"0.1\", default-features = false, features = [\"std\"] }\n\
        tracing-subscriber = { version = \"0.3\", default-features = false, features = [\"registry\"] }\n";
    fs::write(manifest, text.replace("default-features = false", all) + more).expect("own file");
    fs::copy(root().join("Cargo.lock"), package.join("Cargo.lock")).expect("own directory");
    let (program, parts) = rust();
    fs::write(package.join("src/main.rs"), program).expect("own directory");
    fs::create_dir(package.join("src/bin")).expect("own directory");
    for (number, part) in parts.iter().enumerate() {
        let text = format!(
            "#![allow(unused)]\nuse std::time::Duration;\nfn log_less(_: bool) {{}}\n\
             fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
             let logger = dlt::Logger::new(\"PART\", \"\")?;\n\
             let net = logger.context(\"NET\", \"network\")?;\n{part}\nOk(())\n}}\n"
        );
        fs::write(package.join(format!("src/bin/part{number}.rs")), text).expect("own directory");
    }
    let collector = Collector::start(&dir);
    let target = dir.with_file_name("rust-target");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet"]).current_dir(&package).env("CARGO_TARGET_DIR", &target);
    assert_eq!(run(&mut cargo), "");
    for name in ["hello", "part0", "part1", "part2"] {
        run(Command::new(target.join("debug").join(name)).env("DLT_PIPE_DIR", &dir));
    }
    assert_eq!(parts.len(), 3);
    let shown = blocks("text").concat();
    collector.wait_for(&[
        (shown.trim(), 1),
        ("PART NET- log warn V 2 [no answer from server 3]", 1),
        ("PART MAIN log info V 2 [done 3]", 1),
    ]);
}

/// The names in capitals between back-ticks or quotes.
fn variables<'a>(text: &'a str, quote: char) -> impl Iterator<Item = String> + 'a {
    let is_name = |word: &&str| {
        word.starts_with("DLT_") && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    text.split(quote).filter(is_name).map(str::to_owned)
}

#[test]
fn every_variable_of_the_environment_has_its_row() {
    let text = readme();
    let rows = text.lines().filter(|line| line.starts_with("| `DLT_"));
    let told: BTreeSet<String> =
        rows.flat_map(|row| variables(row.split('|').nth(1).unwrap_or_default(), '`')).collect();
    let mut read = BTreeSet::new();
    let code = fs::read_to_string(root().join("src/config.rs")).expect("the code is there");
    read.extend(variables(&code, '"'));
    // The client's half reads one of its own.
    read.insert("DLT_DAEMON_TCP_PORT".to_owned());
    assert_eq!(told, read);
}

#[test]
fn the_versions_that_it_works_with_are_those_of_the_code() {
    let text = readme();
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest is there");
    let (_, rust) = manifest.split_once("rust-version = \"").expect("a version");
    let rust = rust.split('"').next().unwrap_or_default();
    assert_eq!(text.matches(&format!("{rust} or newer")).count(), 2, "Rust {rust}");
    let (_, glibc) = text.split_once("runs with ").expect("glibc is named");
    let newest: u32 = glibc.trim_start_matches("2.")[..2].parse().expect("a version of glibc");
    built();
    for file in ["build/lib/libdlt.so.2", "build/bin/dlt-collect"] {
        let symbols = run(Command::new("objdump").arg("-T").arg(root().join(file)));
        let minors = symbols.split("GLIBC_2.").skip(1);
        let minors = minors.filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
        });
        let needed = minors.max().expect("it uses glibc");
        assert!(needed <= newest, "{file} needs glibc 2.{needed}");
    }
}

#[test]
fn every_file_that_it_points_to_is_there() {
    for page in ["README.md", "CONTRIBUTING.md", "SECURITY.md"] {
        let text = fs::read_to_string(root().join(page)).expect(page);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(root().join(target).exists(), "{page} points to {target}");
        }
    }
}
