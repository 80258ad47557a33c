//! Every name that the library exports, held against `names.txt`: name, type and size as `nm` tells
//! them, header, the release that had it first, status, remark. The list is the only source of
//! `docs/compatibility.md`; `UPDATE=1 cargo test --test names` writes that page anew.
//!
//! `DLT_NG_LIBDIR` and `DLT_NG_REFERENCE_LIBDIR` name the directories of the two `libdlt.so.2`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, fs, io};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Exported,
    /// Only with the cargo feature `unprefixed-names`.
    Feature,
    LeftOut,
}

/// What `nm` says of a symbol: its type, and for data its size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Symbol {
    kind: char,
    size: Option<u64>,
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.size {
            Some(size) => write!(f, "{}, {size} bytes", self.kind),
            None => write!(f, "{}", self.kind),
        }
    }
}

struct Entry<'a> {
    name: &'a str,
    symbol: Symbol,
    header: &'a str,
    since: &'a str,
    status: Status,
    remark: &'a str,
}

const LIST: &str = include_str!("names.txt");

fn list() -> Vec<Entry<'static>> {
    let entry = |line: &'static str| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_else(|| panic!("a cell is missing: {line}"));
        let (name, kind, size) = (cell(), cell(), cell());
        let (header, since, status) = (cell(), cell(), cell());
        Entry {
            name,
            symbol: Symbol { kind: kind.chars().next().expect("a type"), size: size.parse().ok() },
            header,
            since,
            status: match status {
                "exported" => Status::Exported,
                "feature" => Status::Feature,
                "left out" => Status::LeftOut,
                other => panic!("{other} is no status: {line}"),
            },
            remark: cells.next().unwrap_or_default(),
        }
    };
    LIST.lines().map(entry).collect()
}

fn listed(statuses: &[Status]) -> BTreeMap<String, Symbol> {
    let entries = list().into_iter().filter(|entry| statuses.contains(&entry.status));
    entries.map(|entry| (entry.name.to_owned(), entry.symbol)).collect()
}

/// What a shared library exports.
fn exported(library: &Path) -> BTreeMap<String, Symbol> {
    let output = Command::new("nm")
        .args(["--dynamic", "--defined-only", "--format=posix", "--radix=d"])
        .arg(library)
        .output()
        .expect("nm is installed where programs are linked");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let symbol = |line: &str| {
        let mut cells = line.split(' ');
        let name = cells.next().unwrap().to_owned();
        let kind = cells.next().and_then(|kind| kind.chars().next()).expect("a type");
        let size = cells.nth(1).and_then(|size| size.parse().ok());
        (name, Symbol { kind, size: size.filter(|_| kind != 'T') })
    };
    text.lines().map(symbol).collect()
}

/// The differences, a line each.
fn differences(
    exported: &BTreeMap<String, Symbol>,
    listed: &BTreeMap<String, Symbol>,
) -> Vec<String> {
    let names: BTreeSet<_> = exported.keys().chain(listed.keys()).collect();
    let line = |name: &String| match (exported.get(name), listed.get(name)) {
        (Some(symbol), None) => Some(format!("{name} ({symbol}) is not in the list")),
        (None, Some(_)) => Some(format!("{name} is missing")),
        (Some(is), Some(wanted)) if is != wanted => {
            Some(format!("{name} is {is}, and should be {wanted}"))
        }
        _ => None,
    };
    names.into_iter().filter_map(line).collect()
}

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn directory(variable: &str, default: PathBuf) -> PathBuf {
    env::var_os(variable).map_or(default, PathBuf::from)
}

fn skipped(missing: &str) {
    // Past the capture of the test harness: what was not tested must be seen.
    writeln!(io::stderr(), "SKIPPED: no {missing}").expect("standard error");
    assert!(env::var_os("CI").is_none(), "nothing may be skipped here: {missing}");
}

#[test]
fn the_list_is_sorted_and_names_nothing_twice() {
    let names: Vec<_> = list().into_iter().map(|entry| entry.name).collect();
    assert!(names.is_sorted_by(|a, b| a < b));
}

#[test]
fn the_library_exports_the_listed_names_and_no_others() {
    let library = directory("DLT_NG_LIBDIR", in_crate("build/lib")).join("libdlt.so.2");
    assert!(library.exists(), "run `make lib` first");
    let differences = differences(&exported(&library), &listed(&[Status::Exported]));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_feature_brings_back_the_names_without_prefix() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unprefixed-names");
    let built = Command::new(env!("CARGO"))
        .args(["rustc", "--locked", "--lib", "--crate-type", "cdylib"])
        .args(["--features", "unprefixed-names", "--target-dir"])
        .arg(&target)
        .current_dir(in_crate(""))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let exported = exported(&target.join("debug/libdlt.so"));
    let differences = differences(&exported, &listed(&[Status::Exported, Status::Feature]));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_name_of_libdlt_is_in_the_list_with_its_type_and_size() {
    let theirs = directory("DLT_NG_REFERENCE_LIBDIR", "/usr/lib/x86_64-linux-gnu".into());
    let theirs = theirs.join("libdlt.so.2");
    if !theirs.exists() {
        return skipped("libdlt 2.18.8 to compare with");
    }
    let listed = listed(&[Status::Exported, Status::Feature]);
    let differences = differences(&exported(&theirs), &listed);
    let theirs: Vec<_> = differences.into_iter().filter(|l| !l.ends_with("is missing")).collect();
    assert!(theirs.is_empty(), "{}", theirs.join("\n"));
}

/// The programs of `c-tests` that print what they see, on both libraries: the same; and those whose
/// names libdlt 2.18.8 does not have, with what is expected in themselves.
const CALLERS: [(&str, bool); 15] = [
    ("boundaries", true),
    ("client", true),
    ("differential", true),
    ("files", true),
    ("messages", true),
    ("printing", true),
    ("rings", true),
    ("transfer", true),
    ("undeclared", true),
    ("callback_ends", false),
    ("later", false),
    ("log_files", false),
    ("pressure", false),
    ("puppet", false),
    ("reentrant", false),
];

/// What a C program needs of libraries, once it is compiled, or looks up when it runs: a function
/// that is only declared, or only named in a comment, is not among it.
fn needed(program: &str) -> BTreeSet<String> {
    let source = fs::read_to_string(in_crate(&format!("c-tests/{program}.c"))).unwrap();
    let looked_up = source.split("dlsym(RTLD_DEFAULT, \"").skip(1);
    let looked_up = looked_up.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
    let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{program}-needs.o"));
    let compiled = Command::new("gcc")
        .args(["-std=gnu99", "-c", "-w", "-I"])
        .arg(in_crate("include"))
        .arg(in_crate(&format!("c-tests/{program}.c")))
        .arg("-o")
        .arg(&object)
        .output()
        .expect("gcc is installed where programs are linked");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let output = Command::new("nm").arg("--undefined-only").arg(&object).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let needed = text.lines().filter_map(|line| Some(line.split_whitespace().last()?.to_owned()));
    needed.chain(looked_up).collect()
}

#[test]
fn every_function_is_called_by_a_program_that_runs_on_both_libraries() {
    let mut compared = BTreeSet::new();
    let mut alone = BTreeSet::new();
    for (program, is_compared) in CALLERS {
        let names = if is_compared { &mut compared } else { &mut alone };
        names.extend(needed(program));
    }
    let theirs = |entry: &Entry<'_>| {
        let minor = entry.since.strip_prefix("2.18.").and_then(|minor| minor.parse().ok());
        // In 2.18.8 this one stands in the header.
        let inline = entry.name == "dlt_user_is_logLevel_enabled";
        entry.since != "-" && minor.unwrap_or(0_u32) <= 8 && !inline
    };
    let entries = list();
    let functions = entries.iter().filter(|e| e.status == Status::Exported && e.symbol.kind == 'T');
    let missing: Vec<_> = functions
        .filter(|entry| {
            !compared.contains(entry.name) && (theirs(entry) || !alone.contains(entry.name))
        })
        .map(|entry| entry.name)
        .collect();
    assert_eq!(missing, [""; 0], "functions that no program calls");
}

/// Identifiers of the code of a header.
fn words(header: &Path) -> BTreeSet<String> {
    let text =
        fs::read_to_string(header).unwrap_or_else(|error| panic!("{}: {error}", header.display()));
    let comments = text.split("/*").skip(1).filter_map(|rest| rest.split("*/").next());
    let code = comments.fold(text.clone(), |code, comment| code.replacen(comment, "", 1));
    code.split(|c: char| !c.is_alphanumeric() && c != '_').map(String::from).collect()
}

#[test]
fn each_name_is_declared_in_the_header_that_the_list_says() {
    let mut headers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in list().iter().filter(|entry| entry.header != "-") {
        let words = headers
            .entry(entry.header)
            .or_insert_with(|| words(&in_crate("include/dlt").join(entry.header)));
        if !words.contains(entry.name) {
            wrong.push(format!("{} is not in {}", entry.name, entry.header));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn page() -> String {
    let entries = list();
    let count = |status| entries.iter().filter(|entry| entry.status == status).count();
    let mut text = format!(
        "# What is exported\n\n\
         Made from `tests/names.txt`, against which the library is tested: change that, and run \
         `ci/generate-headers`.\n\n\
         The library exports {} names: all that begin with `dlt` of libdlt 2.18.8, the public ones \
         that the releases up to 2.18.11 added, `getFileSerialNumber`, and those of `dlt_ng.h`. \
         {} more come with the cargo feature `unprefixed-names`. Left out are {} that later \
         releases use inside, and those that only special builds of libdlt have: shared memory \
         (`dlt_shm_*`) and trace load control. \"Since\" is the release of libdlt that had the name \
         first; a name without a header is declared nowhere.\n",
        count(Status::Exported),
        count(Status::Feature),
        count(Status::LeftOut),
    );
    let headers: BTreeSet<_> = entries
        .iter()
        .filter(|entry| entry.status == Status::Exported)
        .map(|entry| entry.header)
        .collect();
    // A "-", for no header, sorts before the others and is to come behind them.
    let (none, some): (Vec<_>, Vec<_>) = headers.into_iter().partition(|header| *header == "-");
    for header in some.into_iter().chain(none) {
        let title = if header == "-" { "In no header".into() } else { format!("`{header}`") };
        section(&mut text, &title, &entries, |entry| {
            entry.status == Status::Exported && entry.header == header
        });
    }
    let title = "Only with the feature `unprefixed-names`";
    section(&mut text, title, &entries, |entry| entry.status == Status::Feature);
    section(&mut text, "Left out", &entries, |entry| entry.status == Status::LeftOut);
    text
}

fn section(text: &mut String, title: &str, entries: &[Entry<'_>], of: impl Fn(&Entry<'_>) -> bool) {
    text.push_str(&format!("\n## {title}\n\n| name | since | remark |\n|---|---|---|\n"));
    for entry in entries.iter().filter(|entry| of(entry)) {
        let data = entry.symbol.size.map(|size| format!("data, {size} bytes"));
        let remarks: Vec<_> = data
            .iter()
            .map(String::as_str)
            .chain([entry.remark])
            .filter(|r| !r.is_empty())
            .collect();
        text.push_str(&format!(
            "| `{}` | {} | {} |\n",
            entry.name,
            entry.since,
            remarks.join("; ")
        ));
    }
}

#[test]
fn the_page_on_compatibility_is_what_the_list_says() {
    let path = in_crate("docs/compatibility.md");
    let wanted = page();
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert!(current == wanted, "docs/compatibility.md is not current: run ci/generate-headers");
}
