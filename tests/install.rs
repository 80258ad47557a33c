//! `make install` and `make uninstall`, and programs outside the tree that know the installed files
//! alone: by pkg-config and by CMake, on the shared and on the static library, ours and Debian's.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Where Debian's own libdlt-dev keeps its CMake package and its pkg-config file.
const DEBIAN_LIBDIR: &str = "/usr/lib/x86_64-linux-gnu";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// An empty directory of this test's own.
fn fresh_dir(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("install").join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a directory for the test");
    dir
}

/// Whether a tool is there; says so loudly if not.
fn installed(tool: &str) -> bool {
    let found = Command::new("which").arg(tool).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success()) || !skipped(tool)
}

/// Says past the test harness's capture that something was not tested. With `CI` set that fails.
fn skipped(missing: &str) -> bool {
    let _ = writeln!(std::io::stderr(), "SKIPPED: no {missing} (ci/install-debian-packages)");
    assert!(std::env::var_os("CI").is_none(), "nothing may be skipped here: {missing}");
    true
}

/// What it printed; it has to succeed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("plain text")
}

/// `make`, as from a shell: what the outer make tells its children is not meant for this one.
fn make(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) {
    let mut command = Command::new("make");
    command.arg("-s").current_dir(root()).args(arguments);
    run(command.env_remove("MAKEFLAGS").env_remove("MAKELEVEL"));
}

/// Builds what is installed, once.
fn built() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| make(["all"]));
}

/// A fresh tree with everything installed in it.
fn stage(name: &str, options: &[&str]) -> PathBuf {
    built();
    let stage = fresh_dir(name);
    make_in(&stage, "install-files", options);
    stage
}

fn make_in(stage: &Path, target: &str, options: &[&str]) {
    let mut destination = std::ffi::OsString::from("DESTDIR=");
    destination.push(stage);
    let options = options.iter().map(Into::into);
    make([destination, target.into()].into_iter().chain(options));
}

/// Every file and link below a directory; directories only where they are empty.
fn tree(below: &Path) -> BTreeSet<String> {
    fn walk(directory: &Path, below: &Path, found: &mut BTreeSet<String>) {
        let mut empty = true;
        for entry in fs::read_dir(directory).expect("a directory").flatten() {
            empty = false;
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                walk(&path, below, found);
            } else {
                found.insert(path.strip_prefix(below).expect("below it").display().to_string());
            }
        }
        if empty && directory != below {
            let directory = directory.strip_prefix(below).expect("below it");
            found.insert(format!("{}/", directory.display()));
        }
    }
    let mut found = BTreeSet::new();
    walk(below, below, &mut found);
    found
}

/// What an installation consists of.
fn expected(bindir: &str, libdir: &str, includedir: &str) -> BTreeSet<String> {
    let libraries = ["libdlt.so", "libdlt.so.2", "libdlt.so.2.18.8", "libdlt.a"];
    let packages = [
        "pkgconfig/automotive-dlt.pc",
        "pkgconfig/automotive-dlt-c++.pc",
        "cmake/automotive-dlt/automotive-dlt-config.cmake",
        "cmake/automotive-dlt/automotive-dlt-config-version.cmake",
    ];
    let headers = fs::read_dir(root().join("include/dlt")).expect("the headers");
    let headers = headers.map(|entry| entry.expect("a header").file_name());
    let headers = headers.map(|name| format!("{includedir}/dlt/{}", name.display()));
    let others = libraries.iter().chain(&packages).map(|name| format!("{libdir}/{name}"));
    let program = format!("{bindir}/dlt-collect");
    headers.chain(others).chain([program]).collect()
}

#[test]
fn what_install_puts_in_place_uninstall_takes_away() {
    let multiarch = ["PREFIX=/usr", "LIBDIR=/usr/lib/x86_64-linux-gnu"];
    let apart = ["PREFIX=/opt/dlt", "LIBDIR=/opt/lib64", "BINDIR=/opt/bin"];
    let places: [(&[&str], [&str; 3]); 3] = [
        (&[], ["usr/local/bin", "usr/local/lib", "usr/local/include"]),
        (&multiarch, ["usr/bin", "usr/lib/x86_64-linux-gnu", "usr/include"]),
        (&apart, ["opt/bin", "opt/lib64", "opt/dlt/include"]),
    ];
    for (number, (options, [bindir, libdir, includedir])) in places.into_iter().enumerate() {
        let stage = stage(&format!("tree-{number}"), options);
        assert_eq!(tree(&stage), expected(bindir, libdir, includedir));
        let version = run(Command::new(stage.join(bindir).join("dlt-collect")).arg("--version"));
        assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
        let link = |name: &str| fs::read_link(stage.join(libdir).join(name)).expect("a link");
        assert_eq!(link("libdlt.so"), Path::new("libdlt.so.2"));
        assert_eq!(link("libdlt.so.2"), Path::new("libdlt.so.2.18.8"));
        // Whoever else has files there keeps them.
        let theirs = [format!("{includedir}/dlt/theirs.h"), format!("{libdir}/pkgconfig/other.pc")];
        for file in &theirs {
            fs::write(stage.join(file), "").expect("own tree");
        }
        make_in(&stage, "uninstall", options);
        assert_eq!(tree(&stage), BTreeSet::from(theirs));
    }
}

#[test]
fn uninstall_leaves_no_directory_behind_and_runs_where_nothing_is() {
    let options = ["PREFIX=/dlt"];
    let stage = stage("nothing-left", &options);
    make_in(&stage, "uninstall", &options);
    assert_eq!(tree(&stage), BTreeSet::new());
    make_in(&stage, "uninstall", &options);
    assert_eq!(tree(&stage), BTreeSet::new());
}

#[test]
fn make_takes_the_library_from_where_cargo_was_told_to_build() {
    let dir = fresh_dir("elsewhere");
    // Stands for cargo, and shows where it was told to build; as cargo does, from where it is run.
    let cargo = dir.join("cargo");
    let script = "#!/bin/sh\nmkdir -p \"$CARGO_TARGET_DIR/release\"\n\
                  for last; do :; done\n\
                  case $last in cdylib) name=libdlt.so;; staticlib) name=libdlt.a;; esac\n\
                  echo from elsewhere >\"$CARGO_TARGET_DIR/release/$name\"\n";
    fs::write(&cargo, script).expect("own directory");
    run(Command::new("chmod").arg("+x").arg(&cargo));
    let relative = "build/tests/target";
    for target in [relative.to_owned(), dir.join("target").display().to_string()] {
        let built = dir.join("built");
        let mut command = Command::new("make");
        command.args(["-s", "lib", "static"]).current_dir(root());
        command.arg(format!("CARGO={}", cargo.display()));
        command.arg(format!("BUILD_LIB={}", built.display()));
        command.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
        run(command.env("CARGO_TARGET_DIR", &target));
        for name in ["libdlt.so", "libdlt.so.2", "libdlt.a"] {
            let text = fs::read_to_string(built.join(name)).expect(name);
            assert_eq!(text, "from elsewhere\n", "{name}");
        }
        fs::remove_dir_all(built).expect("own directory");
    }
    let _ = fs::remove_dir_all(root().join(relative));
}

/// Which library a program has to run on.
#[derive(Clone, Copy, PartialEq)]
enum Linked<'a> {
    /// The shared one in this directory.
    Shared(&'a Path),
    /// None: it is in the program.
    Static,
}

/// Runs the consumer and looks whether its message is in the file.
fn logs(program: &Path, linked: Linked, language: &str) {
    let dynamic = run(Command::new("objdump").arg("-p").arg(program));
    let needed = dynamic.contains("libdlt.so.2");
    assert_eq!(needed, linked != Linked::Static, "{}: {dynamic}", program.display());
    let file = program.with_extension("dlt");
    let mut command = Command::new(program);
    command.arg(&file).env("DLT_PIPE_DIR", "/nonexistent");
    if let Linked::Shared(libdir) = linked {
        let loaded = run(Command::new("ldd").arg(program).env("LD_LIBRARY_PATH", libdir));
        let path = libdir.join("libdlt.so.2").display().to_string();
        assert!(loaded.contains(&path), "{path} is not in\n{loaded}");
        command.env("LD_LIBRARY_PATH", libdir);
    }
    run(&mut command);
    let bytes = fs::read(&file).expect("the program has written it");
    let text = if language == "c" { "logged from C\0" } else { "logged from C++\0" };
    let found = bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(found, "{} logged {}", program.display(), String::from_utf8_lossy(&bytes));
}

/// The words of a command's output.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn pkg_config(pc_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("pkg-config");
    command.env("PKG_CONFIG_LIBDIR", pc_dir).args(arguments);
    command
}

const LANGUAGES: [(&str, &str, &str); 2] =
    [("c", "gcc", "automotive-dlt"), ("cpp", "g++", "automotive-dlt-c++")];

/// Compiles the consumer with what pkg-config says, and `more` behind it.
fn compile(compiler: &str, language: &str, flags: &[String], more: &[&str], program: &Path) {
    let standard = if language == "c" { "-std=c99" } else { "-std=c++14" };
    let mut command = Command::new(compiler);
    command.args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o"]).arg(program);
    command.arg(root().join(format!("tests/consumer/consumer.{language}")));
    run(command.args(flags).args(more));
}

#[test]
fn a_staged_tree_is_used_by_pkg_config() {
    if !installed("pkg-config") {
        return;
    }
    // As a cross-compiling build uses it: the paths in the file are below the system's root.
    let options = ["PREFIX=/usr", "LIBDIR=/usr/lib/x86_64-linux-gnu"];
    let stage = stage("sysroot", &options);
    let libdir = stage.join("usr/lib/x86_64-linux-gnu");
    for (language, compiler, package) in LANGUAGES {
        let mut command = pkg_config(&libdir.join("pkgconfig"), &["--cflags", "--libs", package]);
        // pkg-config leaves out what a compiler searches anyway, and this one does not search here.
        command.env("PKG_CONFIG_SYSTEM_INCLUDE_PATH", "").env("PKG_CONFIG_SYSTEM_LIBRARY_PATH", "");
        let flags = words(&run(command.env("PKG_CONFIG_SYSROOT_DIR", &stage)));
        assert!(flags.iter().any(|flag| flag == "-DDLT_2_18"), "{flags:?}");
        lead_to(&flags, &libdir, &stage.join("usr/include"));
        let program = stage.join(format!("shared-{language}"));
        compile(compiler, language, &flags, &[], &program);
        logs(&program, Linked::Shared(&libdir), language);
    }
    // What vsomeip and mosquitto ask.
    let pc_dir = libdir.join("pkgconfig");
    run(&mut pkg_config(&pc_dir, &["--exists", "automotive-dlt >= 2.11"]));
    run(&mut pkg_config(&pc_dir, &["--exists", "automotive-dlt < 2.18.9"]));
}

/// The flags lead into the tree, and not to what the system has.
fn lead_to(flags: &[String], libdir: &Path, includedir: &Path) {
    for flag in [format!("-L{}", libdir.display()), format!("-I{}/dlt", includedir.display())] {
        assert!(flags.contains(&flag), "{flag} is not in {flags:?}");
    }
}

/// What pkg-config says of a tree under another prefix than it was installed for.
fn moved_flags(stage: &Path, package: &str, arguments: &[&str]) -> Vec<String> {
    let prefix = format!("--define-variable=prefix={}", stage.join("usr/local").display());
    let mut command = pkg_config(&stage.join("usr/local/lib/pkgconfig"), arguments);
    let flags = words(&run(command.arg(prefix).arg(package)));
    lead_to(&flags, &stage.join("usr/local/lib"), &stage.join("usr/local/include"));
    flags
}

#[test]
fn a_prefix_is_overridden_for_pkg_config() {
    if !installed("pkg-config") {
        return;
    }
    let stage = stage("moved", &[]);
    for (language, compiler, package) in LANGUAGES {
        let flags = moved_flags(&stage, package, &["--cflags", "--libs"]);
        let program = stage.join(format!("shared-{language}"));
        compile(compiler, language, &flags, &[], &program);
        logs(&program, Linked::Shared(&stage.join("usr/local/lib")), language);
    }
}

#[test]
fn the_static_link_line_of_pkg_config_links_the_static_library() {
    if !installed("pkg-config") {
        return;
    }
    let stage = stage("static", &[]);
    for (language, compiler, package) in LANGUAGES {
        let flags = moved_flags(&stage, package, &["--static", "--cflags", "--libs"]);
        // Nothing at all is shared.
        let program = stage.join(format!("all-static-{language}"));
        compile(compiler, language, &flags, &["-static"], &program);
        logs(&program, Linked::Static, language);
        // The system's libraries are; ours is named.
        let named = flags.iter().map(|flag| flag.replace("-ldlt", "-l:libdlt.a"));
        let program = stage.join(format!("static-{language}"));
        compile(compiler, language, &named.collect::<Vec<_>>(), &[], &program);
        logs(&program, Linked::Static, language);
    }
    // There is no shared one to be had.
    for name in ["libdlt.so", "libdlt.so.2", "libdlt.so.2.18.8"] {
        fs::remove_file(stage.join("usr/local/lib").join(name)).expect("own tree");
    }
    for (language, compiler, package) in LANGUAGES {
        let flags = moved_flags(&stage, package, &["--static", "--cflags", "--libs"]);
        let program = stage.join(format!("only-static-{language}"));
        compile(compiler, language, &flags, &[], &program);
        logs(&program, Linked::Static, language);
    }
}

#[test]
fn the_line_for_static_linking_names_every_library_that_rust_needs() {
    // An output of its own: rustc puts a file in the place of whatever it is told to write.
    let dir = fresh_dir("native-static-libs");
    let source = dir.join("empty.rs");
    fs::write(&source, "").expect("own directory");
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.args(["--print", "native-static-libs", "--crate-type", "staticlib"]);
    command.arg(&source).arg("-o").arg(dir.join("libempty.a"));
    let output = command.output().expect("rustc can be run");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, libraries) = text.split_once("native-static-libs:").expect(&text);
    let file = fs::read_to_string(root().join("pkgconfig/automotive-dlt.pc.in")).expect("the file");
    let cmake = fs::read_to_string(root().join("cmake/automotive-dlt-config.cmake.in"));
    let cmake = cmake.expect("the file");
    let libraries = libraries.lines().next().unwrap_or_default();
    for library in libraries.split_whitespace() {
        // The compiler adds these to every program.
        if library == "-lgcc_s" {
            continue;
        }
        let line = |line: &&str| line.starts_with("Libs");
        let named = file.lines().filter(line).any(|line| words(line).iter().any(|w| w == library));
        assert!(named, "{library} is missing in automotive-dlt.pc.in");
        // CMake names threads by a target, and the C library not at all.
        let name = library.trim_start_matches("-l");
        let listed = cmake.split([';', '"']).any(|word| word == name);
        assert!(
            listed || name == "c" || name == "pthread",
            "{library} is missing in automotive-dlt-config.cmake.in"
        );
    }
}

/// Builds the consumer's project against a CMake package.
fn cmake(build: &Path, package: &Path) {
    let mut definition = std::ffi::OsString::from("-Dautomotive-dlt_DIR=");
    definition.push(package);
    let mut command = Command::new("cmake");
    command.arg("-S").arg(root().join("tests/consumer")).arg("-B").arg(build);
    run(command.arg(definition).arg("-DCMAKE_BUILD_TYPE=Release"));
    run(Command::new("cmake").arg("--build").arg(build));
}

#[test]
fn a_tree_that_was_moved_is_found_by_cmake() {
    if !installed("cmake") {
        return;
    }
    let places: [(&[&str], &str); 2] = [
        (&[], "usr/local/lib"),
        (&["PREFIX=/usr", "LIBDIR=/usr/lib/x86_64-linux-gnu"], "usr/lib/x86_64-linux-gnu"),
    ];
    for (number, (options, libdir)) in places.into_iter().enumerate() {
        let stage = stage(&format!("cmake-{number}"), options);
        let build = stage.join("build");
        let libdir = stage.join(libdir);
        cmake(&build, &libdir.join("cmake/automotive-dlt"));
        for (language, _, _) in LANGUAGES {
            let program = |kind: &str| build.join(format!("{kind}-{language}"));
            logs(&program("shared"), Linked::Shared(&libdir), language);
            logs(&program("static"), Linked::Static, language);
        }
    }
}

#[test]
fn cmake_is_told_of_a_version_and_of_components_that_are_not_there() {
    if !installed("cmake") {
        return;
    }
    let stage = stage("cmake-versions", &[]);
    let found = |wanted: &str| {
        let source = stage.join("asks");
        fs::create_dir_all(&source).expect("own tree");
        let text = format!(
            "cmake_minimum_required(VERSION 3.16)\nproject(asks C)\n\
             find_package(automotive-dlt {wanted})\n\
             message(STATUS \"found=${{automotive-dlt_FOUND}}\")\n"
        );
        fs::write(source.join("CMakeLists.txt"), text).expect("own tree");
        let mut command = Command::new("cmake");
        command.arg("-S").arg(&source).arg("-B").arg(stage.join("asked"));
        command.arg(format!("-DCMAKE_PREFIX_PATH={}", stage.join("usr/local").display()));
        command.arg("-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF");
        let said = run(&mut command);
        said.contains("found=1") || said.contains("found=TRUE")
    };
    assert!(found(""));
    assert!(found("2.18"));
    assert!(found("2.11.0"));
    assert!(found("2.18.8 EXACT"));
    assert!(!found("2.19"));
    assert!(!found("3.0"));
    assert!(!found("COMPONENTS daemon"));
    fs::remove_file(stage.join("usr/local/lib/libdlt.so.2.18.8")).expect("own tree");
    assert!(!found(""));
}

#[test]
fn the_sources_are_taken_in_by_a_cmake_project() {
    if !installed("cmake") {
        return;
    }
    built();
    let dir = fresh_dir("subdirectory");
    let text = format!(
        "cmake_minimum_required(VERSION 3.16)\nproject(takes C CXX)\n\
         add_subdirectory(\"{0}\" dlt)\nadd_executable(shared-c \"{0}/tests/consumer/consumer.c\")\n\
         target_link_libraries(shared-c PRIVATE Genivi::dlt)\n",
        root().display()
    );
    fs::write(dir.join("CMakeLists.txt"), text).expect("own directory");
    let build = dir.join("build");
    run(Command::new("cmake").arg("-S").arg(&dir).arg("-B").arg(&build));
    let mut command = Command::new("cmake");
    command.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    run(command.arg("--build").arg(&build));
    logs(&build.join("shared-c"), Linked::Shared(&root().join("build/lib")), "c");
    assert!(!build.join("dlt/c-tests").exists(), "its tests are not the project's");
}

#[test]
fn the_same_program_is_built_with_debians_files() {
    let pc_dir = Path::new(DEBIAN_LIBDIR).join("pkgconfig");
    if !pc_dir.join("automotive-dlt.pc").exists() {
        skipped("libdlt-dev");
        return;
    }
    let dir = fresh_dir("debian");
    let libdir = Path::new(DEBIAN_LIBDIR);
    // Debian's names zlib, which it does not need.
    let needless = |flag: &String| flag != "-lz";
    for (language, compiler, _) in LANGUAGES {
        let mut command = pkg_config(&pc_dir, &["--cflags", "--libs", "automotive-dlt"]);
        let flags: Vec<_> = words(&run(&mut command)).into_iter().filter(needless).collect();
        let program = dir.join(format!("shared-{language}"));
        compile(compiler, language, &flags, &["-Wno-pedantic"], &program);
        logs(&program, Linked::Shared(libdir), language);
        // Built with theirs it runs on ours.
        built();
        logs(&program, Linked::Shared(&root().join("build/lib")), language);
    }
    let build = dir.join("build");
    cmake(&build, &libdir.join("cmake/automotive-dlt"));
    for (language, _, _) in LANGUAGES {
        logs(&build.join(format!("shared-{language}")), Linked::Shared(libdir), language);
    }
}
