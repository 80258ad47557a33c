//! The table of faults names tests that there are.

use std::fs::read_to_string;
use std::path::Path;

#[test]
fn every_test_that_the_table_of_faults_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = read_to_string(root.join("docs/reliability.md")).expect("the table");
    let named = table.split('`').skip(1).step_by(2).filter_map(|word| word.split_once("::"));
    let mut count = 0;
    for (module, name) in named {
        let file = root.join(format!("tests/behaviour/{module}.rs"));
        let source = read_to_string(&file).unwrap_or_default();
        assert!(source.contains(&format!("fn {name}(")), "{module}::{name}");
        count += 1;
    }
    assert!(count > 15, "{count} tests");
}
