//! What is public in Rust is what `docs/public-api.txt` promises, and rustdoc finds nothing to
//! complain about, with the C edge and without.

use std::path::Path;
use std::process::Command;

#[test]
fn what_is_public_is_what_is_listed_and_is_documented_without_a_warning() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(root.join("ci/list-public-api"));
    // What this run of the tests is compiled with does not matter to rustdoc.
    let output = command.env("CARGO", env!("CARGO")).env_remove("RUSTFLAGS").output();
    let output = output.expect("python3 is there");
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&text));
}
