//! Files and messages as Debian's tools and two C programs show them: the same, whichever libdlt
//! they run on.
//!
//! `DLT_NG_LIBDIR` and `DLT_NG_REFERENCE_LIBDIR` name the directories of the two `libdlt.so.2`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What a run shows: standard output, standard error and exit code.
struct Shown {
    output: Vec<String>,
    errors: Vec<String>,
    code: Option<i32>,
    /// The files that it wrote, by name.
    files: Vec<(String, Vec<u8>)>,
}

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn directory(variable: &str, default: PathBuf) -> PathBuf {
    env::var_os(variable).map_or(default, PathBuf::from)
}

/// Ours and theirs; nothing if there is no reference, or `tool` is not installed.
fn libraries(tool: Option<&str>) -> Option<(PathBuf, PathBuf)> {
    let ours = directory("DLT_NG_LIBDIR", in_crate("build/lib"));
    let theirs = directory("DLT_NG_REFERENCE_LIBDIR", "/usr/lib/x86_64-linux-gnu".into());
    assert!(ours.join("libdlt.so.2").exists(), "run `make lib` first");
    let there = theirs.join("libdlt.so.2").exists();
    if !there || tool.is_some_and(|tool| !Path::new("/usr/bin").join(tool).exists()) {
        writeln!(io::stderr(), "SKIPPED: no libdlt 2.18.8 or no {tool:?}").expect("standard error");
        assert!(env::var_os("CI").is_none(), "nothing may be skipped here");
        return None;
    }
    Some((ours, theirs))
}

/// An empty directory of this test's own.
fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _was_not_there = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// Runs a program in a copy of the directory `inputs`.
fn run(program: &Path, arguments: &[&str], library: &Path, inputs: &Path, name: &str) -> Shown {
    let place = scratch(name);
    for entry in fs::read_dir(inputs).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), place.join(entry.file_name())).unwrap();
    }
    let output = Command::new(program)
        .args(arguments)
        .current_dir(&place)
        .env("LD_LIBRARY_PATH", library)
        .env("TZ", "Europe/Berlin")
        .output()
        .unwrap();
    let files = files(&place);
    Shown {
        output: masked(&output.stdout),
        errors: masked(&output.stderr),
        code: output.status.code(),
        files,
    }
}

/// The files of a directory, by name.
fn files(place: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(place).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Lines of text without the times and process ids of the internal log, nor the 24 characters of
/// a date that dlt-sortbytimestamp puts in front of what it says.
fn masked(text: &[u8]) -> Vec<String> {
    let masked_line = |line: &str| {
        let undated = |said: &str| match said.split_once(": ") {
            Some((date, said)) if date.len() == 24 && date.matches(':').count() == 2 => {
                said.to_owned()
            }
            _ => said.to_owned(),
        };
        // What overwrites itself on a terminal is one line.
        let line = line.split('\r').map(undated).collect::<Vec<_>>().join("\r");
        let mut parts = line.split("~DLT~");
        let first = parts.next().unwrap_or_default();
        let mut masked = match line.contains("~DLT~") {
            true => first.rsplit_once('[').map_or(first, |(before, _time)| before).to_owned(),
            false => first.to_owned(),
        };
        for part in parts {
            masked.push_str(part.split_once('~').map_or(part, |(_process, after)| after));
        }
        masked
    };
    String::from_utf8_lossy(text).lines().map(masked_line).collect()
}

/// A file in which libdlt finds what is found here in `bytes`: it stops reading at a message that
/// claims to be shorter than its headers, where this library skips it, so such a message is made
/// garbage.
fn mended(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| rest.len() >= 20) {
        if !rest.starts_with(b"DLT\x01") {
            at += 1;
            continue;
        }
        let fields = (rest[16] & 0x1c).count_ones() as usize * 4;
        let headers = 4 + fields + if rest[16] & 1 != 0 { 10 } else { 0 };
        let length = usize::from(u16::from_be_bytes([rest[18], rest[19]]));
        if length < headers {
            bytes[at] = b'X';
            at += 4;
        } else {
            at += 16 + length;
        }
    }
    bytes
}

/// Whether the line is about a message that is shorter than its headers.
fn is_about_damage(line: &str) -> bool {
    line.contains("Complete message size too short")
}

fn compare(program: &Path, arguments: &[&str], libraries: &(PathBuf, PathBuf), inputs: &Path) {
    let words = arguments.join("").replace(['/', '.'], "");
    let name = program.file_name().unwrap().to_string_lossy().into_owned() + "-" + &words;
    let mut ours = run(program, arguments, &libraries.0, inputs, &format!("{name}-ours"));
    let repaired = scratch(&format!("{name}-repaired"));
    let mut damaged = false;
    for (file, bytes) in files(inputs) {
        let mended = mended(&bytes);
        damaged |= mended != bytes && arguments.contains(&file.as_str());
        fs::write(repaired.join(file), mended).unwrap();
    }
    let mut theirs = run(program, arguments, &libraries.1, &repaired, &format!("{name}-theirs"));
    if damaged {
        let lines = ours.output.len();
        ours.output.retain(|line| !is_about_damage(line));
        assert!(ours.output.len() < lines, "{name}: damage without a warning");
    }
    // What was mended is an input, which nobody has changed.
    for shown in [&mut ours, &mut theirs] {
        shown.files.retain(|(name, _)| !repaired.join(name).exists());
    }
    if theirs.code.is_none() {
        // The reference crashes, as it does where a file ends within its first headers; Python does
        // then on any library, for it looks at headers that were not read.
        assert!(ours.code.is_some() || program.ends_with("python3"), "{name} was killed");
        return;
    }
    assert!(ours.code.is_some(), "{name} was killed");
    let lines = ours.output.iter().zip(&theirs.output);
    let first = lines.enumerate().find(|(_, (ours, theirs))| ours != theirs);
    assert_eq!(first, None, "{name}: first line (ours, theirs) that differs");
    assert_eq!(ours.output.len(), theirs.output.len(), "{name}: numbers of lines");
    assert_eq!(ours.errors, theirs.errors, "{name}: standard error");
    assert_eq!(ours.code, theirs.code, "{name}: exit code");
    for (ours, theirs) in ours.files.iter().zip(&theirs.files) {
        assert!(ours == theirs, "{name}: files {} and {} differ", ours.0, theirs.0);
    }
    assert_eq!(ours.files.len(), theirs.files.len(), "{name}: numbers of files");
}

fn compiled(name: &str, library: &Path) -> PathBuf {
    let program = scratch(&format!("{name}-program")).join(name);
    let output = Command::new("gcc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o"])
        .arg(&program)
        .arg(in_crate(&format!("c-tests/{name}.c")))
        .arg(library.join("libdlt.so.2"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// A file of many messages, with what follows from their numbers.
fn many_messages(count: u32) -> Vec<u8> {
    let mut file = Vec::new();
    for number in 0..count {
        let text: Vec<u8> =
            (0..number % 300).map(|place| b' ' + (place * number % 90) as u8).chain([0]).collect();
        let app = if number % 3 == 0 { b"APP1" } else { b"APP2" };
        let mut message = b"\x3d\x00\x00\x00ECU1\x00\x00\x04\xd2".to_vec();
        message[1] = number as u8;
        message.extend_from_slice(&(number.wrapping_mul(2_654_435_761) >> 8).to_be_bytes());
        message.extend_from_slice(&[0x41, 2]);
        message.extend_from_slice(app);
        message.extend_from_slice(b"CTX1\x23\x00\x00\x00");
        message.extend_from_slice(&number.to_le_bytes());
        message.extend_from_slice(&0x200_u32.to_le_bytes());
        message.extend_from_slice(&(text.len() as u16).to_le_bytes());
        message.extend_from_slice(&text);
        let length = message.len() as u16;
        message[2..4].copy_from_slice(&length.to_be_bytes());
        file.extend_from_slice(b"DLT\x01");
        file.extend_from_slice(&(1_700_000_000 + number).to_le_bytes());
        file.extend_from_slice(&(number % 1_000_000).to_le_bytes());
        file.extend_from_slice(b"ECU1");
        file.extend_from_slice(&message);
    }
    file
}

/// The recorded file, and that file empty, cut and damaged; many messages; filters.
fn inputs(name: &str) -> PathBuf {
    let place = scratch(name);
    let put = |name: &str, bytes: &[u8]| fs::write(place.join(name), bytes).unwrap();
    let recorded = fs::read(in_crate("tests/golden/file/out.dlt")).unwrap();
    put("recorded", &recorded);
    put("empty", b"");
    put("cut", &recorded[..700]);
    put("head", &recorded[..30]);
    // Damage that is the same each time: bytes changed, put in, taken out.
    for (number, step) in [89_usize, 53, 131, 17].into_iter().enumerate() {
        let mut damaged = recorded.clone();
        for place in (number * 7 + 60..damaged.len()).step_by(step * 3) {
            damaged[place] = damaged[place].wrapping_mul(31).wrapping_add(step as u8);
        }
        let place = 200 + step;
        match number % 2 {
            0 => drop(damaged.splice(place..place, b"no message DLT\x02DLT".iter().copied())),
            _ => drop(damaged.drain(place..place + 13)),
        }
        put(&format!("damaged{number}"), &damaged);
    }
    // Messages that claim to be shorter than their headers: one, some in a row, and the last.
    let mut short = many_messages(9);
    for (number, length) in [(1, 25), (3, 0), (4, 3), (5, 10), (8, 5)] {
        let heads = short.windows(4).enumerate().filter(|(_, bytes)| *bytes == b"DLT\x01");
        let at = heads.map(|(at, _)| at).nth(number).unwrap();
        short[at + 18..at + 20].copy_from_slice(&u16::to_be_bytes(length));
    }
    put("short", &short);
    // A message that claims more than there is, and one that takes the next one with it.
    let mut long = many_messages(9);
    let second = 16 + usize::from(u16::from_be_bytes([long[18], long[19]]));
    long[second + 19] += 30;
    put("long", &long);
    long[second + 18] = 0xff;
    put("longer", &long);
    put("many", &many_messages(3000));
    put("filters", b"GAPP GCTX\nAPP1 ----\n");
    put("no-match", b"XXXX ----\n");
    place
}

const FILES: [&str; 12] = [
    "recorded", "empty", "cut", "head", "damaged0", "damaged1", "damaged2", "damaged3", "short",
    "long", "longer", "many",
];

#[test]
fn dlt_convert_shows_every_file_the_same_with_every_option() {
    let Some(libraries) = libraries(Some("dlt-convert")) else { return };
    let inputs = inputs("convert-inputs");
    let options: [&[&str]; 14] = [
        &["-a"],
        &["-x"],
        &["-m"],
        &["-s"],
        &["-c"],
        &["-a", "-v"],
        &["-a", "-b", "2", "-e", "4"],
        &["-s", "-b", "3"],
        &["-a", "-e", "99999"],
        &["-a", "-f", "filters"],
        &["-s", "-f", "no-match"],
        &["-o", "written"],
        &["-o", "written", "-b", "2", "-e", "3"],
        &["-o", "written", "-f", "filters", "-a"],
    ];
    for file in FILES {
        for option in options {
            let arguments: Vec<_> = option.iter().copied().chain([file]).collect();
            compare(Path::new("/usr/bin/dlt-convert"), &arguments, &libraries, &inputs);
        }
    }
    let several: [&[&str]; 3] = [
        &["-a", "recorded", "damaged1", "empty", "cut"],
        &["-o", "written", "many", "recorded"],
        &["-a", "not-there"],
    ];
    for arguments in several {
        compare(Path::new("/usr/bin/dlt-convert"), arguments, &libraries, &inputs);
    }
}

#[test]
fn dlt_sortbytimestamp_sorts_every_file_the_same() {
    let Some(libraries) = libraries(Some("dlt-sortbytimestamp")) else { return };
    let inputs = inputs("sort-inputs");
    // With a beginning other than 0 the tool writes beyond memory of its own.
    let options: [&[&str]; 5] = [&[], &["-c"], &["-v", "-v"], &["-e", "5"], &["-f", "filters"]];
    // Of a message that ends within its headers the tool writes memory that was never filled.
    for file in FILES.into_iter().filter(|file| *file != "head") {
        for option in options {
            let arguments: Vec<_> = option.iter().copied().chain([file, "sorted"]).collect();
            compare(Path::new("/usr/bin/dlt-sortbytimestamp"), &arguments, &libraries, &inputs);
        }
    }
}

/// Reads a file as Python programs do: with and without filters, forwards and by index, and the
/// arguments of each message.
const PYTHON: &str = "
import sys
from dlt import dlt
def read(filters):
    file = dlt.load(sys.argv[1], filters=filters)
    messages = list(file)
    print(filters, len(messages))
    for message in messages[:40]:
        print(message, message.mcnt, message.seid, message.apid, message.ctid, message.to_bytes())
    dlt.save(messages, 'saved', append=True)
    file.generate_index()
    print(len(file), file.counter, file.counter_total, file.corrupt_msg_count)
    for index in range(min(len(file), 20)):
        print(file[index])
for filters in (None, [('APP1', 'CTX1')], [('GAPP', ''), ('', 'CTX1')]):
    try:
        read(filters)
    except Exception as error:
        print(repr(error))
";

#[test]
fn python_reads_every_file_the_same() {
    let python = Path::new("/usr/bin/python3");
    let there = Command::new(python).args(["-c", "import dlt"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        writeln!(io::stderr(), "SKIPPED: no python3-dlt").unwrap();
        assert!(env::var_os("CI").is_none(), "nothing may be skipped here");
        return;
    }
    let Some(libraries) = libraries(Some("dlt-convert")) else { return };
    let inputs = inputs("python-inputs");
    fs::write(inputs.join("read.py"), PYTHON).unwrap();
    // Of a message that is not there in full Python shows memory that libdlt has never filled.
    for file in FILES.into_iter().filter(|file| *file != "longer") {
        compare(python, &["-B", "read.py", file], &libraries, &inputs);
    }
}

#[test]
fn every_function_on_files_and_filters_does_the_same() {
    let Some(libraries) = libraries(None) else { return };
    let program = compiled("files", &libraries.1);
    compare(&program, &["."], &libraries, &scratch("no-inputs"));
}

#[test]
fn every_function_on_messages_does_the_same() {
    let Some(libraries) = libraries(None) else { return };
    let program = compiled("messages", &libraries.1);
    compare(&program, &[], &libraries, &scratch("no-inputs-either"));
}
