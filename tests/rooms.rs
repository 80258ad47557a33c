//! The rooms of `docs/architecture.md`: who imports whom, and who may say `unsafe`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

struct Room {
    imports: BTreeSet<String>,
    may_be_unsafe: bool,
}

/// The table's rows of the library, by the name of the room.
fn table() -> BTreeMap<String, Room> {
    rows(|name| !name.ends_with('/'))
}

/// The same for folders that are no part of the library: programs.
fn programs() -> BTreeMap<String, Room> {
    rows(|name| name.ends_with('/'))
}

fn rows(wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Room> {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the page is there");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let rooms = rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let name = cells[0].trim_end_matches('`').to_owned();
        let imports = cells[2].split(',').map(|room| room.trim().to_owned()).collect();
        (name, Room { imports, may_be_unsafe: cells[3] == "yes" })
    });
    rooms.filter(|(name, _)| wanted(name)).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files of a room but its tests.
fn files(room: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                walk(&path, found);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    let mut found = vec![root().join(format!("src/{room}.rs"))];
    walk(&root().join("src").join(room), &mut found);
    found
}

/// The text without comments and without the unit tests at its end.
fn code(file: &Path) -> String {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let without_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let without_tests =
        without_tests.split("#[cfg(all(test, not(loom)))]\nmod tests {").next().unwrap_or_default();
    let lines = without_tests.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that are named after `crate::`, one by one or in braces.
fn named(code: &str) -> BTreeSet<String> {
    named_after("crate::", code)
}

fn named_after(start: &str, code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for rest in code.split(start).skip(1) {
        let braces = rest.strip_prefix('{').and_then(|inside| inside.split('}').next());
        for path in braces.unwrap_or(rest).split(',') {
            let word: String =
                path.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            rooms.insert(word);
            if braces.is_none() {
                break;
            }
        }
    }
    rooms.remove("");
    rooms
}

#[test]
fn every_room_imports_only_what_its_row_names() {
    let table = table();
    let all: BTreeSet<String> = table.keys().cloned().collect();
    let mut wrong = Vec::new();
    for (name, room) in &table {
        for file in files(name) {
            for import in named(&code(&file)).intersection(&all) {
                if import != name && !room.imports.contains(import) && !room.imports.contains("all")
                {
                    wrong.push(format!("{} imports {import}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_import_only_what_their_row_names_and_have_no_unsafe_code() {
    let programs = programs();
    assert!(!programs.is_empty(), "the table has no row for src/bin");
    for (name, program) in programs {
        let mut mains = 0;
        for file in files(name.trim_end_matches('/')).into_iter().filter(|file| file.exists()) {
            let code = code(&file);
            let foreign: Vec<_> =
                named_after("dlt::", &code).difference(&program.imports).cloned().collect();
            assert!(foreign.is_empty(), "{} imports {foreign:?}", file.display());
            if file.ends_with("main.rs") {
                mains += 1;
                let forbids = code.contains("#![forbid(unsafe_code)]");
                assert_eq!(forbids, !program.may_be_unsafe, "{}", file.display());
            }
        }
        assert!(mains > 0, "{name} has no program");
    }
}

#[test]
fn the_table_names_every_room_and_no_arrow_points_up() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("lib.rs is there");
    let declared: BTreeSet<String> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    let table = table();
    assert_eq!(declared, table.keys().cloned().collect());
    // Without a cycle, rooms whose imports are all placed can be placed one after another.
    let mut placed = BTreeSet::from(["-".to_owned()]);
    loop {
        let next: Vec<_> = table
            .iter()
            .filter(|(name, room)| !placed.contains(*name) && room.imports.is_subset(&placed))
            .map(|(name, _)| name.clone())
            .collect();
        if next.is_empty() {
            break;
        }
        placed.extend(next);
    }
    let left: Vec<_> = declared.difference(&placed).collect();
    assert_eq!(left, ["ffi"], "only the C edge, which imports all, may be left");
}

#[test]
fn unsafe_code_stands_only_in_the_rooms_that_own_it() {
    for (name, room) in table() {
        let main = code(&root().join(format!("src/{name}.rs")));
        let forbids = main.contains("#![forbid(unsafe_code)]");
        assert_eq!(forbids, !room.may_be_unsafe, "room {name} and its row say different things");
    }
}

#[test]
fn atomics_are_named_in_one_room_only() {
    for name in table().keys().filter(|name| *name != "sync") {
        for file in files(name) {
            let code = code(&file);
            let named =
                ["std::sync::atomic", "core::sync::atomic"].iter().any(|p| code.contains(p));
            let is_arch = name == "arch";
            assert!(!named || is_arch, "{} names atomics of std", file.display());
        }
    }
}
