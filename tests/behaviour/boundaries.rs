//! Arguments that nobody should give: NULL, the limits and what is beyond them, for every function
//! of `dlt_user.h`, one program on both libraries. What differs stands here, with the reason.
//!
//! What was planted and failed here: a trace on a context that is not registered taken for an
//! error; a function of the header that the program does not call.

use std::path::Path;
use std::process::Command;

use crate::support::library::{DEBIAN, compiled, library};
use crate::support::{fresh_dir, note, root};

/// A call and what came of it.
type Line = (String, String);

/// A difference on purpose.
struct Kept {
    why: &'static str,
    /// Whether it is about this call.
    call: fn(&str) -> bool,
    /// What libdlt makes of it, from the beginning of the line on.
    libdlt: &'static [&'static str],
    /// What this library makes of it.
    ours: &'static [&'static str],
}

fn any_of(call: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| call.contains(part))
}

/// From where on the length of a text or a name does not fit into 16 bits.
const WRAPPED: [&str; 5] = [" of 65535", " of 65536", " of 65537", " of 65540", " of 131072"];

const KEPT: [Kept; 22] = [
    Kept {
        why: "plain numbers have no attributes, as in all other releases of libdlt",
        call: |call| call.starts_with("dlt_user_log_write_int "),
        libdlt: &["0; 1 arguments, 12 bytes"],
        ours: &["0; 1 arguments, 8 bytes"],
    },
    Kept {
        why: "the same",
        call: |call| call.starts_with("dlt_user_log_write_uint "),
        libdlt: &["0; 1 arguments, 12 bytes"],
        ours: &["0; 1 arguments, 8 bytes"],
    },
    Kept {
        why: "the same, behind a string; and what is lost of a message is told",
        call: |call| call.starts_with("log_string_uint of 1") || is_short(call, "log_string_uint"),
        libdlt: &["0; "],
        ours: &["0; 2: ", "-6; 1: "],
    },
    Kept {
        why: "lengths are not taken modulo 65536: libdlt crashes, or logs another text",
        call: |call| any_of(call, &WRAPPED) && any_of(call, &["string of", "attr of", "utf8"]),
        libdlt: &["crashes", "0; 1 arguments"],
        ours: &["-6; 1 arguments, 1390 bytes"],
    },
    Kept {
        why: "the same, in one call",
        call: |call| any_of(call, &WRAPPED) && call.starts_with("log_string"),
        libdlt: &["crashes", "0; "],
        ours: &["-6; 1: 1416 bytes"],
    },
    Kept {
        why: "the same for a name",
        call: |call| any_of(call, &WRAPPED) && call.starts_with("uint32_attr with a name"),
        libdlt: &["0; 1 arguments"],
        ours: &["-6; 0 arguments, 0 bytes"],
    },
    Kept {
        why: "before the start nothing can be written, whatever the mode will be",
        call: |call| call.starts_with("NOTHING: ") && call.contains("_constant_"),
        libdlt: &["0"],
        ours: &["-1"],
    },
    Kept {
        why: "NULL is no text in any mode",
        call: |call| call.starts_with("PLAIN: ") && any_of(call, &["(&message, NULL"]),
        libdlt: &["0; 0 arguments, 4 bytes"],
        ours: &["-5; 0 arguments, 4 bytes"],
    },
    Kept {
        why: "a context that was made up is refused at the end of the message",
        call: |call| call.contains("start(&wild") || call.contains("made up"),
        libdlt: &["-1", "10"],
        ours: &["1", "5"],
    },
    Kept {
        why: "libdlt writes a damaged message",
        call: |call| call == "finished twice",
        libdlt: &["-1; 1: 38 bytes"],
        ours: &["-5; 1: 34 bytes 33c996dc; 0 left"],
    },
    Kept {
        why: "what belongs to a context, its counter and its level, has gone with it",
        call: |call| call == "finished after the context was unregistered",
        libdlt: &["0; 1: 31 bytes"],
        ours: &["-5; 0 left"],
    },
    Kept {
        why: "NULL",
        call: |call| call.starts_with("OPEN: TRACE(NULL") || call.contains("trace_network_"),
        libdlt: &["crashes"],
        ours: &["-5"],
    },
    Kept {
        why: "it neither fits nor is it cut",
        call: |call| call.contains("trace of 1380"),
        libdlt: &["-1"],
        ours: &["0"],
    },
    Kept {
        why: "an error code is negative",
        call: |call| call.starts_with("filesize_max ") && !call.ends_with("max"),
        libdlt: &["2"],
        ours: &["-1"],
    },
    Kept {
        why: "NULL",
        call: |call| call.contains("check_library_version") && call.contains("NULL"),
        libdlt: &["crashes"],
        ours: &["-5"],
    },
    Kept {
        why: "there is nothing to wait for before the start",
        call: |call| call.starts_with("NOTHING: dlt_user_") && call.contains("buffer"),
        libdlt: &["hangs"],
        ours: &["0"],
    },
    Kept {
        why: "an invented position is none of the table's",
        call: |call| any_of(call, &["unregister_context(&wild)", "unregister_context(&negative)"]),
        libdlt: &["crashes"],
        ours: &["0"],
    },
    Kept {
        why: "libdlt reads freed memory",
        call: |call| call.starts_with("FREED: dlt_log_string(&context"),
        libdlt: &["0"],
        ours: &["-1"],
    },
    Kept {
        why: "an item in error leaves no level behind",
        call: |call| {
            any_of(call, &["[]", "[:]", "[::]", "[ABCDE::4]", "[::7]", "[::-2]", "[::44]"])
        },
        libdlt: &["-98000", "-97996"],
        ours: &["-99000"],
    },
    Kept {
        why: "the same",
        call: |call| any_of(call, &["levels of [A:B:C:D]", "levels of [::4x]"]),
        libdlt: &["-97000", "-97996"],
        ours: &["-99000"],
    },
    Kept {
        why: "an empty item is none",
        call: |call| any_of(call, &["levels of [;]", "levels of [A:B:4;;]"]),
        libdlt: &["-97000", "-95000"],
        ours: &["1000", "3000"],
    },
    Kept {
        why: "blanks around an item are none of it",
        call: |call| any_of(call, &["levels of [ ::4]", "levels of [::4 ]"]),
        libdlt: &["3000", "-97996"],
        ours: &["2004"],
    },
];

fn is_short(call: &str, function: &str) -> bool {
    (0..3).any(|length| call == format!("{function} of {length}"))
}

fn outcomes(library_dir: &Path, name: &str) -> Vec<Line> {
    let dir = fresh_dir(name);
    let output = Command::new(compiled("boundaries"))
        .arg(&dir)
        .env("LD_LIBRARY_PATH", library_dir)
        .env("DLT_PIPE_DIR", &dir)
        .env("DLT_LOG_MODE", "4")
        .output()
        .expect("the program can be run");
    assert!(output.status.success(), "{name}: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter_map(|line| line.split_once(" -> "))
        .map(|(call, came)| (call.to_owned(), came.to_owned()))
        .collect()
}

/// The functions that libdlt's header declares for everybody.
fn declared() -> Vec<String> {
    let header = std::fs::read_to_string("/usr/include/dlt/dlt_user.h").expect("libdlt-dev");
    let header = header.split("DLT_TEST_ENABLE\nvoid").next().expect("at least one part");
    let mut names: Vec<String> = header
        .lines()
        .filter(|line| {
            ["DltReturnValue ", "int ", "void ", "static inline "]
                .iter()
                .any(|start| line.starts_with(start))
        })
        .filter_map(|line| line.split_once('('))
        .filter_map(|(before, _)| before.split_whitespace().last())
        .filter(|name| name.starts_with("dlt_"))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn every_function_at_its_limits_does_what_libdlt_does_or_what_is_said_here() {
    let (expected, found) = std::thread::scope(|scope| {
        let reference = scope.spawn(|| outcomes(DEBIAN.as_ref(), "boundaries-r"));
        let found = outcomes(&library().dir, "boundaries-o");
        (reference.join().expect("the run on the reference"), found)
    });
    assert!(expected.len() > 1900, "{}", expected.len());
    assert_eq!(expected.len(), found.len());
    let mut used = [0; KEPT.len()];
    let mut wrong = Vec::new();
    for ((call, libdlt), (own_call, ours)) in expected.iter().zip(&found) {
        assert_eq!(call, own_call);
        if libdlt == ours {
            continue;
        }
        let begins =
            |text: &str, starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
        let kept = KEPT.iter().position(|kept| {
            (kept.call)(call) && begins(libdlt, kept.libdlt) && begins(ours, kept.ours)
        });
        match kept {
            Some(kept) => used[kept] += 1,
            None => wrong.push(format!("{call}: {libdlt} on libdlt, {ours} here")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    if !library().is_reference {
        let idle = KEPT.iter().zip(used).find(|(_, times)| *times == 0);
        assert!(
            idle.is_none(),
            "a difference that is none: {}",
            idle.map_or("", |kept| kept.0.why)
        );
    }
    let crash =
        found.iter().find(|(_, came)| !came.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
    assert!(library().is_reference || crash.is_none(), "{crash:?}");
    note(&format!("{} calls, {} differ on purpose", found.len(), used.iter().sum::<usize>()));
}

#[test]
fn every_function_of_the_header_is_among_them() {
    let program = std::fs::read_to_string(root().join("c-tests/boundaries.c")).expect("our own");
    let names = declared();
    assert!(names.len() > 100, "{}", names.len());
    let is_called = |name: &&String| {
        let mut rest = program.as_str();
        while let Some(at) = rest.find(name.as_str()) {
            rest = &rest[at + name.len()..];
            if !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
                return true;
            }
        }
        false
    };
    let missing: Vec<_> = names.iter().filter(|name| !is_called(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
