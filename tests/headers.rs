//! The public headers as C and C++ programs meet them, and side by side with those of libdlt
//! 2.18.8 where these are installed (`DLT_NG_REFERENCE_INCLUDES`, else `/usr/include`).

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs, io};

const C: [&str; 2] = ["gcc", "clang"];
const CPP: [&str; 2] = ["g++", "clang++"];
const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// Macros of libdlt's headers that are not here, each with its reason.
const LEFT_OUT: [(&str, &str); 5] = [
    ("DLT_SEM_LOCK", "names a lock inside of libdlt"),
    ("DLT_SEM_FREE", "names a lock inside of libdlt"),
    ("DLT_SHM_SEM_GET", "calls a function of the shared-memory transport, which does not exist"),
    ("DLT_SHM_SEM_FREE", "calls a function of the shared-memory transport, which does not exist"),
    ("DLT_DISABLE_MACRO", "is the program's to define"),
];

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn reference() -> Option<PathBuf> {
    let includes = env::var_os("DLT_NG_REFERENCE_INCLUDES");
    let includes = PathBuf::from(includes.unwrap_or_else(|| "/usr/include".into()));
    let found = includes.join("dlt/dlt_user.h").exists();
    if !found {
        skipped("headers of libdlt 2.18.8");
    }
    found.then_some(includes)
}

fn skipped(missing: &str) {
    // Past the capture of the test harness: what was not tested must be seen.
    writeln!(io::stderr(), "SKIPPED: no {missing}").expect("standard error");
    assert!(env::var_os("CI").is_none(), "nothing may be skipped here: {missing}");
}

fn installed(tool: &str) -> bool {
    let version = Command::new(tool).arg("--version").stdout(Stdio::null()).status();
    let found = version.is_ok_and(|status| status.success());
    if !found {
        skipped(tool);
    }
    found
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).unwrap()
}

fn headers() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(in_crate("include/dlt"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn compile_each_header_alone(compiler: &str, language: &str, standards: [&str; 2]) {
    if !installed(compiler) {
        return;
    }
    let suits = |header: &String| language == "c++" || header.ends_with(".h");
    for header in headers().into_iter().filter(suits) {
        let source = scratch(&format!("alone-{compiler}-{header}"));
        // The last line, since C wants more than macros.
        let text = format!("#include <{header}>\n#include <dlt/{header}>\ntypedef int more;\n");
        fs::write(&source, text).unwrap();
        for standard in standards {
            run(Command::new(compiler)
                .args(["-x", language, &format!("-std={standard}"), "-fsyntax-only"])
                .args(STRICT)
                // What its programs have to define.
                .args((header == "dlt_ng_inline.h").then_some("-DDLT_NG_INLINE"))
                .arg("-I")
                .arg(in_crate("include/dlt"))
                .arg("-I")
                .arg(in_crate("include"))
                .arg(&source));
        }
    }
}

#[test]
fn each_header_compiles_alone_in_c() {
    for compiler in C {
        compile_each_header_alone(compiler, "c", ["c99", "c11"]);
    }
}

#[test]
fn each_header_compiles_alone_in_cpp() {
    for compiler in CPP {
        compile_each_header_alone(compiler, "c++", ["c++14", "c++20"]);
    }
}

#[test]
fn each_header_of_libdlt_is_here() {
    if let Some(reference) = reference() {
        let ours = headers();
        for entry in fs::read_dir(reference.join("dlt")).unwrap() {
            let theirs = entry.unwrap().file_name().into_string().unwrap();
            assert!(ours.contains(&theirs), "{theirs} is missing");
        }
    }
}

/// Where the library under test is.
fn library() -> PathBuf {
    let directory = env::var_os("DLT_NG_LIBDIR").map_or(in_crate("build/lib"), PathBuf::from);
    assert!(directory.join("libdlt.so.2").exists(), "run `make lib` first");
    directory
}

/// A file of messages, each without its time stamp: what stands behind the application's id.
fn payloads(file: &Path) -> Vec<String> {
    let output = text(run(Command::new("dlt-convert").arg("-a").arg(file)));
    let behind = |line: &str| line.split_once(" CPPX ").map(|(_, rest)| rest.to_owned());
    output.lines().filter_map(behind).collect()
}

#[test]
fn the_cpp_extension_logs_every_type_in_every_standard() {
    let library = library();
    for compiler in CPP.into_iter().filter(|compiler| installed(compiler)) {
        for standard in ["c++11", "c++14", "c++17", "c++20"] {
            let program = scratch(&format!("cpp-extension-{compiler}-{standard}"));
            run(Command::new(compiler)
                .arg(format!("-std={standard}"))
                .args(STRICT)
                .arg("-I")
                .arg(in_crate("include"))
                .arg(in_crate("c-tests/cpp_extension.cpp"))
                .arg("-o")
                .arg(&program)
                .arg("-L")
                .arg(&library)
                .arg("-l:libdlt.so.2"));
            let file = program.with_extension("dlt");
            // It is there from the last time.
            fs::remove_file(&file).ok();
            run(Command::new(&program).arg(&file).env("LD_LIBRARY_PATH", &library));
            if !installed_converter() {
                continue;
            }
            assert_eq!(
                payloads(&file),
                [
                    "CTX- log info V 4 [-8 -16 -32 -64]",
                    "CTX- log info V 4 [8 16 32 64]",
                    "CTX- log info V 4 [1.5 2.25 1 0]",
                    "CTX- log info V 4 [literal array array string]",
                    "CTX- log info V 6 [1 2 a b 1 0]",
                    "CTX- log info V 4 [one 1 two 2]",
                    "CTX- log info V 3 [1 nested values]",
                    "CTX- log info V 4 [3 4 5 6]",
                    "CTX- log warn V 2 [int main(int, char **) in a function]",
                ]
                .map(|line| match compiler {
                    "g++" => line.replace("char **", "char**"),
                    _ => line.to_owned(),
                })
            );
        }
    }
}

fn installed_converter() -> bool {
    // It knows no --version, and says so with an error.
    let found = Command::new("dlt-convert").arg("-h").stdout(Stdio::null()).status().is_ok();
    if !found {
        skipped("dlt-convert");
    }
    found
}

/// Compiles a program of `c-tests`, with one's own or with libdlt's headers.
fn compile(program: &str, includes: &Path, options: &[&str], output: &Path) {
    run(Command::new("gcc")
        .args(["-std=gnu99", "-O0"])
        .args(options)
        .arg("-I")
        .arg(includes)
        .arg(in_crate(&format!("c-tests/{program}.c")))
        .arg("-o")
        .arg(output));
}

#[test]
fn sizes_offsets_and_values_are_those_of_libdlt() {
    let Some(reference) = reference() else {
        return;
    };
    // Nothing of the library is called: what the inline functions name may be missing.
    let link = "-Wl,--unresolved-symbols=ignore-all";
    let print = |includes: &Path, options: &[&str], name: &str| {
        let program = scratch(name);
        compile("layouts", includes, options, &program);
        text(run(&mut Command::new(program)))
    };
    let theirs = print(&reference, &["-w", link], "layouts-theirs");
    let ours = print(&in_crate("include"), &[&STRICT[..], &[link]].concat(), "layouts-ours");
    assert!(theirs.lines().count() > 400, "the program prints something");
    for (theirs, ours) in theirs.lines().zip(ours.lines()) {
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.lines().count(), ours.lines().count());
}

#[test]
fn each_enumerator_and_each_struct_of_libdlt_is_among_them() {
    let Some(reference) = reference() else {
        return;
    };
    // Structs that stand in libdlt's headers and belong to its inside.
    let inside =
        ["DltUser", "dlt_ll_ts_type", "DltUserInjectionCallback", "DltUserLogLevelChangedCallback"];
    let source = scratch("all-of-libdlt.c");
    let names = ["dlt", "dlt_client", "dlt_filetransfer", "dlt_offline_trace", "dlt_protocol"];
    let includes = names.map(|name| format!("#include <dlt/{name}.h>\n"));
    fs::write(&source, format!("#include <sys/types.h>\n{}", includes.concat())).unwrap();
    let preprocessed = run(Command::new("gcc").args(["-E", "-P", "-I"]).arg(reference).arg(source));
    let preprocessed = text(preprocessed);
    let printed = fs::read_to_string(in_crate("c-tests/layouts.c")).unwrap();
    let is_printed = |name: &str| {
        printed.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    };
    let mut seen = 0;
    for after in preprocessed.split("enum").skip(1) {
        let body = after.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        for enumerator in body.map_or("", |(body, _)| body).split(',') {
            let name = enumerator.split('=').next().unwrap_or_default().trim();
            if name.starts_with("DLT_") {
                assert!(is_printed(name), "c-tests/layouts.c does not print {name}");
                seen += 1;
            }
        }
    }
    for after in preprocessed.split('}').skip(1) {
        let end = after.split(';').next().unwrap_or_default();
        let name = end.split_whitespace().last().unwrap_or_default();
        let is_type = name.to_ascii_lowercase().starts_with("dlt");
        if is_type && name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            assert!(
                is_printed(name) || inside.contains(&name),
                "c-tests/layouts.c does not print {name}"
            );
            seen += 1;
        }
    }
    assert!(seen > 120, "the headers declare something: {seen}");
}

#[test]
fn each_function_has_the_type_that_libdlt_declares() {
    let nothing = Path::new("/dev/null");
    let strict: Vec<_> = STRICT.into_iter().chain(["-fsyntax-only"]).collect();
    compile("prototypes", &in_crate("include"), &strict, nothing);
    if let Some(reference) = reference() {
        let strict = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"];
        compile("prototypes", &reference, &strict, nothing);
    }
}

/// Functions that the program calls, in the order in which they stand in its code.
fn calls(object: &Path) -> Vec<String> {
    let relocations = text(run(Command::new("objdump").arg("-r").arg(object)));
    let targets = relocations.lines().filter_map(|line| line.split_whitespace().nth(2));
    let targets = targets.filter(|target| target.starts_with("dlt_"));
    targets.filter_map(|target| target.split(['-', '+']).next()).map(String::from).collect()
}

#[test]
fn each_macro_calls_what_libdlts_macro_calls_in_the_same_order() {
    let ours = scratch("every-macro-ours.o");
    let strict: Vec<_> = STRICT.into_iter().chain(["-c", "-DOURS"]).collect();
    compile("every_macro", &in_crate("include"), &strict, &ours);
    let ours = calls(&ours);
    assert!(ours.len() > 150, "the program calls something: {ours:?}");
    if let Some(reference) = reference() {
        let theirs = scratch("every-macro-theirs.o");
        compile("every_macro", &reference, &["-c"], &theirs);
        assert_eq!(ours, calls(&theirs));
    }
}

/// Names of the macros with parameters or a value that a header defines itself.
fn macros(includes: &Path, header: &str) -> BTreeSet<String> {
    let path = includes.join("dlt").join(header);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = String::from_utf8_lossy(&text);
    let names = text.lines().filter_map(|line| {
        let line = line.trim_start().strip_prefix('#')?.trim_start();
        let name = line.strip_prefix("define")?.trim_start();
        name.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    });
    let guard = |name: &str| name.ends_with("_H") || name.ends_with("_H_");
    names.filter(|name| name.contains("DLT_") && !guard(name)).map(String::from).collect()
}

#[test]
fn each_public_macro_of_libdlt_is_defined_or_left_out_for_a_reason() {
    let Some(reference) = reference() else {
        return;
    };
    for header in headers() {
        if !reference.join("dlt").join(&header).exists() {
            continue;
        }
        let ours = macros(&in_crate("include"), &header);
        let theirs = macros(&reference, &header);
        let missing = theirs.difference(&ours);
        let missing: Vec<_> =
            missing.filter(|name| !LEFT_OUT.iter().any(|(left_out, _)| left_out == name)).collect();
        assert!(missing.is_empty(), "{header}: {missing:?}");
    }
}
