//! What a logging call costs, in instructions as callgrind counts them: seconds are noisy.

#![cfg(target_arch = "x86_64")]

use std::path::Path;
use std::process::Command;

#[test]
fn a_logging_call_takes_as_many_instructions_as_are_stored() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // DLT_NG_LIBDIR names a library that is there already.
    if std::env::var_os("DLT_NG_LIBDIR").is_none() {
        let made = Command::new("make").args(["-s", "lib"]).current_dir(root).status();
        assert!(made.expect("make can be run").success(), "make lib failed");
    }
    // It says SKIPPED by itself where there is no valgrind.
    let checked = Command::new(root.join("ci/count-instructions"))
        .arg("--check")
        .current_dir(root)
        .output()
        .expect("ci/count-instructions can be run");
    let told = String::from_utf8_lossy(&checked.stdout);
    let errors = String::from_utf8_lossy(&checked.stderr);
    if errors.contains("SKIPPED") {
        // Past the capture of the test harness: what was not tested must be seen.
        use std::io::Write as _;
        writeln!(std::io::stderr(), "{}", errors.trim_end()).expect("stderr can be written");
    }
    assert!(checked.status.success(), "{told}{errors}");
}
