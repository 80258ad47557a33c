//! The library under test, and what is compiled against it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use super::{note, root};

/// Where Debian's own libdlt lives.
pub const DEBIAN: &str = "/usr/lib/x86_64-linux-gnu";

/// The directory that holds the `libdlt.so.2` under test.
pub struct Library {
    pub dir: PathBuf,
    /// It is the reference itself: `DLT_NG_LIBDIR` points to Debian's.
    pub is_reference: bool,
}

/// `build/lib`, brought up to date by `make lib`; or what `DLT_NG_LIBDIR` says.
pub fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let dir = match std::env::var_os("DLT_NG_LIBDIR") {
            Some(dir) => PathBuf::from(dir),
            None => {
                let made = Command::new("make").arg("-s").arg("lib").current_dir(root()).output();
                let made = made.expect("make can be run");
                assert!(
                    made.status.success(),
                    "make lib failed:\n{}",
                    String::from_utf8_lossy(&made.stderr)
                );
                root().join("build/lib")
            }
        };
        let file = dir.join("libdlt.so.2");
        let bytes = std::fs::read(&file)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", file.display()));
        let own = b"dlt_ng_get_statistics";
        let is_reference = !bytes.windows(own.len()).any(|part| part == own);
        Library { dir, is_reference }
    })
}

/// A claim that goes beyond the reference. On the reference it has to fail, or it shows nothing.
pub fn only_ours(claim: &str, body: impl FnOnce()) {
    if !library().is_reference {
        return body();
    }
    let held = catch_unwind(AssertUnwindSafe(body)).is_ok();
    assert!(!held, "the reference does this as well, so the test shows nothing: {claim}");
    note(&format!("as expected the reference fails at: {claim}"));
}

/// A claim whose subject the reference does not have, or that it holds as well: skipped there. Where
/// facts are collected, what it does is one, whatever comes of it.
pub fn needs_ours(subject: &str, body: impl FnOnce()) {
    if library().is_reference {
        if std::env::var_os("DLT_TEST_FACTS").is_some() {
            let _whatever = catch_unwind(AssertUnwindSafe(body));
        }
        note(&format!("not for the reference: {subject}"));
    } else {
        body();
    }
}

/// Compiles `c-tests/NAME.c`, with Debian's headers and link library, once per run.
pub fn compiled(name: &str) -> PathBuf {
    compiled_from(&root().join("c-tests").join(format!("{name}.c")), name)
}

/// Compiles one C source to a program that runs on whichever libdlt it finds.
pub fn compiled_from(source: &Path, name: &str) -> PathBuf {
    compiled_with(source, name, &[])
}

/// What `ci/sanitize` and `ci/check-with-valgrind` want beyond that.
pub fn words(variable: &str) -> Vec<String> {
    let words = std::env::var(variable).unwrap_or_default();
    words.split_whitespace().map(str::to_owned).collect()
}

/// Whether a sanitizer watches: what is measured then is its own.
pub fn is_sanitized() -> bool {
    std::env::var_os("DLT_TEST_SANITIZED").is_some()
}

/// The same with more options.
pub fn compiled_with(source: &Path, name: &str, options: &[&str]) -> PathBuf {
    static DONE: OnceLock<Mutex<HashMap<String, PathBuf>>> = OnceLock::new();
    let mut done = DONE.get_or_init(Mutex::default).lock().expect("no compilation has panicked");
    if let Some(program) = done.get(name) {
        return program.clone();
    }
    let sanitizer = std::env::var("DLT_TEST_SANITIZED").unwrap_or_default();
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("programs{sanitizer}"));
    std::fs::create_dir_all(&dir).expect("a directory for programs");
    let program = dir.join(name);
    // A plugin goes into a program that has it.
    let is_plugin = options.contains(&"-shared");
    let extra = |variable| if is_plugin { Vec::new() } else { words(variable) };
    let output = Command::new("gcc")
        .args(["-std=gnu99", "-O1", "-pthread"])
        .args(options)
        .args(extra("DLT_TEST_CC"))
        .arg("-o")
        .arg(&program)
        .arg(source)
        .args(["-ldlt", "-ldl"])
        .args(extra("DLT_TEST_LD"))
        .output()
        .expect("gcc can be run");
    assert!(
        output.status.success(),
        "{} does not compile:\n{}",
        source.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    done.insert(name.to_owned(), program.clone());
    program
}
