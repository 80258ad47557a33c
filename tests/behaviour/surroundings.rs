//! What a program may find around it: nonsense in its environment, no rights, directories that are
//! not there, a full disk. It never crashes nor hangs, one line says what is wrong, and what was
//! accepted arrives when things have been put right.
//!
//! What was planted and failed here: a node that may not be opened told at the level INFO; a full
//! disk told with every try to write; a variable of nonsense taken without a word.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Permissions};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use dlt::wire::header::{MessageView, StorageHeader};

use crate::support::library::{compiled, library, needs_ours};
use crate::support::namespace::Namespace;
use crate::support::puppet::Puppet;
use crate::support::recorder::{KINDS, Kind, Recorder};
use crate::support::{fresh_dir, note, wait_for};

/// Nobody's user and group.
pub const NOBODY: &str = "65534";

/// A place in a namespace of its own, where anybody may be: program and library are there.
pub struct Place {
    pub namespace: Namespace,
    /// What the program has said on standard error.
    said: PathBuf,
}

impl Place {
    pub fn new(name: &str) -> Option<Self> {
        let place = Self { namespace: Namespace::new()?, said: fresh_dir(name).join("said.txt") };
        std::fs::create_dir(place.seen("/tmp/pipes")).expect("an empty /tmp");
        for (from, to) in [
            (compiled("puppet"), "/tmp/puppet"),
            (library().dir.join("libdlt.so.2"), "/tmp/libdlt.so.2"),
        ] {
            std::fs::copy(from, place.seen(to)).expect("an empty /tmp");
        }
        Some(place)
    }

    /// A path inside, from outside.
    pub fn seen(&self, path: &str) -> PathBuf {
        self.namespace.inside(path)
    }

    pub fn pipes(&self) -> PathBuf {
        self.seen("/tmp/pipes")
    }

    /// The puppet, run by `runner` with a clean slate of variables.
    pub fn puppet(&self, runner: &[&str], variables: &[(&str, &OsStr)]) -> Puppet {
        let words: Vec<&str> = runner.iter().copied().chain(["/tmp/puppet"]).collect();
        let mut command = self.namespace.command(words[0]);
        command.args(&words[1..]);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("DLT_")) {
                command.env_remove(name);
            }
        }
        command.env("LD_LIBRARY_PATH", "/tmp").env("DLT_PIPE_DIR", "/tmp/pipes");
        command.envs(variables.iter().copied());
        command.stderr(File::create(&self.said).expect("own directory"));
        Puppet::of(command)
    }

    pub fn puppet_of_nobody(&self) -> Puppet {
        let user = format!("--reuid={NOBODY}");
        let group = format!("--regid={NOBODY}");
        self.puppet(&["setpriv", &user, &group, "--clear-groups"], &[])
    }

    /// The lines that the library has said of itself, without time and process.
    pub fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.said).unwrap_or_default();
        let line = |line: &str| line.rsplit('~').next().unwrap_or_default().to_owned();
        text.lines().map(line).collect()
    }

    /// Waits for the first line; there has to be that one only.
    pub fn line(&self) -> String {
        wait_for("a line of the library's", || self.lines().first().cloned());
        let [line] = &self.lines()[..] else { panic!("one line: {:?}", self.lines()) };
        line.clone()
    }
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("own place");
}

/// One message more, and it arrives.
fn assert_connected(puppet: &mut Puppet, recorder: &Recorder, count: usize) {
    puppet.ok(&format!("log 0 4 {}", count - 1));
    recorder.wait_for_messages(count);
    assert_eq!(recorder.numbers(1), (0..count as u32).collect::<Vec<u32>>());
}

#[test]
fn nonsense_in_a_variable_is_told_in_one_line_and_the_default_is_used() {
    needs_ours("what it makes of nonsense differs from variable to variable", || {
        let Some(place) = Place::new("nonsense") else {
            return;
        };
        let long = "x".repeat(5000);
        let bytes = OsString::from_vec(vec![0xff, 0xfe, b'\n', 0x1b]);
        let cases: [(&str, &[&str]); 12] = [
            ("DLT_PIPE_DIR", &["", &long]),
            ("DLT_LOG_LEVEL", &["", "-1", "8", "loud", "99999999999999999999"]),
            ("DLT_LOG_MODE", &["", "-1", "5", "stderr"]),
            ("DLT_LOG_FILENAME", &["", &long]),
            ("DLT_LOCAL_PRINT_MODE", &["force_on", "1", &long]),
            ("DLT_INITIAL_LOG_LEVEL", &["x", "::", "::7", "ABCDE::4", &long]),
            ("DLT_USER_BUFFER_MIN", &["", "0", "-1", "many"]),
            ("DLT_USER_BUFFER_MAX", &["", "0", "-1", "1e6"]),
            ("DLT_USER_BUFFER_STEP", &["", "0", "-1", "0x10"]),
            ("DLT_LOG_MSG_BUF_LEN", &["", "0", "41", "-1", "70000", "abc"]),
            ("DLT_DISABLE_EXTENDED_HEADER_FOR_NONVERBOSE", &["2", "yes"]),
            ("DLT_USER_OVERFLOW_MODE", &["", "3", "never"]),
        ];
        let more = [("DLT_USER_TIMEOUT_MS", &["", "-1", "60001", "soon"][..])];
        let mut tried = 0;
        for (variable, values) in cases.into_iter().chain(more) {
            // What may be a path may be of any bytes.
            let any_bytes = !matches!(variable, "DLT_PIPE_DIR" | "DLT_LOG_FILENAME");
            let values = values.iter().map(OsStr::new);
            for value in values.chain(any_bytes.then_some(bytes.as_os_str())) {
                let by_default = variable == "DLT_PIPE_DIR";
                let pipes = if by_default { place.seen("/tmp") } else { place.pipes() };
                let recorder = Recorder::start(&pipes, Kind::Fifo);
                let mut puppet = place.puppet(&[], &[(variable, value)]);
                puppet.ok("app PUPP");
                puppet.ok("context 0 PCTX");
                puppet.ok("log 0 4 0");
                recorder.wait_for_messages(1);
                assert_eq!(recorder.numbers(1), [0]);
                let line = place.line();
                assert!(line.starts_with(&format!("{variable}=\"")), "{line}");
                assert!(line.len() < 250, "{line}");
                let (_, status) = puppet.exit();
                assert!(status.success(), "{variable}={value:?}: {status}");
                tried += 1;
            }
        }
        note(&format!("{tried} kinds of nonsense"));
    });
}

#[test]
fn a_buffer_for_which_there_is_no_memory_is_told_and_the_usual_one_used() {
    needs_ours("its buffer grows", || {
        let Some(place) = Place::new("no-memory") else {
            return;
        };
        let recorder = Recorder::start(&place.pipes(), Kind::Fifo);
        let runner = ["prlimit", "--as=400000000"];
        let huge = OsStr::new("1000000000");
        let mut puppet = place.puppet(&runner, &[("DLT_USER_BUFFER_MAX", huge)]);
        puppet.register();
        assert_connected(&mut puppet, &recorder, 1);
        assert_eq!(place.line(), "no memory for 1073741824 bytes of messages, 2097152 used");
        // Started again it says so again, and takes nothing more.
        for round in 0..100 {
            puppet.ok("free");
            puppet.register();
            puppet.ok(&format!("log 0 4 {round}"));
        }
    });
}

#[test]
fn a_daemon_that_may_not_be_written_to_is_told_and_found_when_it_may() {
    needs_ours("a way to come back to a daemon", || {
        for kind in KINDS {
            let Some(place) = Place::new("denied") else {
                return;
            };
            let recorder = Recorder::start(&place.pipes(), kind);
            let node = place.pipes().join("dlt");
            mode(&node, 0o600);
            let mut puppet = place.puppet_of_nobody();
            puppet.register();
            let told = "/tmp/pipes/dlt: the daemon's node cannot be opened: EACCES: Permission \
                        denied; waiting";
            assert_eq!(place.line(), told);
            puppet.ok("log 0 4 0");
            assert_eq!(puppet.statistics().waiting, 1);
            mode(&node, 0o666);
            assert_connected(&mut puppet, &recorder, 2);
            drop(puppet);
            // And one that gives up says what is lost.
            mode(&node, 0o600);
            let mut puppet = place.puppet_of_nobody();
            puppet.register();
            assert_eq!(place.line(), told);
            for number in 0..3 {
                puppet.ok(&format!("log 0 4 {number}"));
            }
            assert!(puppet.exit().1.success());
            assert_eq!(place.lines(), [told, "3 messages lost at the end of the process"]);
        }
    });
}

#[test]
fn a_directory_of_pipes_that_may_not_be_written_to_is_told_and_waited_for() {
    needs_ours("a way to come back to a daemon", || {
        let Some(place) = Place::new("no-way-back") else {
            return;
        };
        let recorder = Recorder::start(&place.pipes(), Kind::Fifo);
        mode(&place.pipes().join("dlt"), 0o622);
        mode(&place.pipes().join("dltpipes"), 0o755);
        let mut puppet = place.puppet_of_nobody();
        puppet.register();
        puppet.ok("log 0 4 0");
        let told = "/tmp/pipes/dlt: the application's own FIFO cannot be made: EACCES: Permission \
                    denied; waiting";
        assert_eq!(place.line(), told);
        mode(&place.pipes().join("dltpipes"), 0o3777);
        assert_connected(&mut puppet, &recorder, 2);
        assert_eq!(place.lines().len(), 1);
    });
}

#[test]
fn a_place_that_is_not_there_or_none_is_told_and_the_daemon_found_when_it_is_right() {
    needs_ours("a way to come back to a daemon", || {
        let Some(place) = Place::new("nowhere") else {
            return;
        };
        let wrong = place.seen("/tmp/wrong");
        std::fs::write(place.seen("/tmp/file"), "no directory").expect("own place");
        let at = |place: &Place, path: &str| {
            let mut puppet = place.puppet(&[], &[("DLT_PIPE_DIR", OsStr::new(path))]);
            puppet.register();
            puppet.ok("log 0 4 0");
            puppet
        };
        // Not there at all.
        let mut puppet = at(&place, "/tmp/wrong");
        assert_eq!(place.line(), "/tmp/wrong: no such directory; waiting for it");
        std::fs::create_dir(&wrong).expect("own place");
        let recorder = Recorder::start(&wrong, Kind::Fifo);
        assert_connected(&mut puppet, &recorder, 2);
        drop((recorder, puppet));
        // Something else in the daemon's place.
        std::fs::remove_file(wrong.join("dlt")).expect("own place");
        std::fs::write(wrong.join("dlt"), "a file").expect("own place");
        let mut puppet = at(&place, "/tmp/wrong");
        assert_eq!(place.line(), "/tmp/wrong/dlt: neither a FIFO nor a socket; waiting");
        let recorder = Recorder::start(&wrong, Kind::Socket);
        assert_connected(&mut puppet, &recorder, 2);
        assert_eq!(std::fs::read_dir(&wrong).expect("own place").count(), 2, "nothing was made");
        drop((recorder, puppet));
        // A file for a directory, and a link to itself.
        let mut puppet = at(&place, "/tmp/file");
        assert!(
            place.line().starts_with("/tmp/file/dlt: no daemon: ENOTDIR"),
            "{:?}",
            place.line()
        );
        assert_eq!(puppet.statistics().waiting, 1);
        drop(puppet);
        std::os::unix::fs::symlink("loop", place.seen("/tmp/loop")).expect("own place");
        let mut puppet = at(&place, "/tmp/loop");
        assert!(place.line().starts_with("/tmp/loop/dlt: no daemon: ELOOP"), "{:?}", place.line());
        assert!(puppet.statistics().waiting == 1 && puppet.exit().1.success());
    });
}

/// The second number of every message in a log file, all of which has to be messages.
fn numbers_in(file: &Path) -> Vec<u32> {
    let bytes = std::fs::read(file).expect("the log file");
    let mut numbers = Vec::new();
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let (_, behind) = StorageHeader::parse(rest).expect("a message begins here");
        let view = MessageView::parse(behind).expect("a message");
        let payload = &behind[usize::from(view.length) - 16..usize::from(view.length)];
        numbers.push(u32::from_le_bytes(payload[12..16].try_into().expect("four bytes")));
        rest = &behind[usize::from(view.length)..];
    }
    numbers
}

#[test]
fn a_full_disk_is_told_once_and_nothing_that_was_kept_is_missing_when_there_is_room_again() {
    needs_ours("it neither tells nor waits", || {
        let Some(place) = Place::new("disk") else {
            return;
        };
        let small = "mkdir /tmp/small && mount -t tmpfs -o size=64k none /tmp/small && \
                     head -c 20000 /dev/zero >/tmp/small/other";
        let mut mount = place.namespace.command("sh");
        assert!(mount.args(["-c", small]).status().expect("sh can be run").success());
        let buffer = OsStr::new("131072");
        let mut puppet = place.puppet(&[], &[("DLT_USER_BUFFER_MAX", buffer)]);
        puppet.ok("init_file /tmp/small/log.dlt");
        puppet.register();
        let answer = puppet.numbers("burst 0 4 0 10000 1");
        let (kept, refused) = (answer[0] as usize, answer[1] as u64);
        assert!(refused > 0 && kept as u64 + refused == 10000, "{answer:?}");
        let told = "log file cannot be written: ENOSPC: No space left on device";
        assert_eq!(place.line(), told);
        let statistics = puppet.statistics();
        statistics.assert_conserved();
        assert_eq!((statistics.submitted, statistics.lost), (10000, refused));
        assert!(statistics.waiting > 0, "{statistics:?}");
        let log = place.seen("/tmp/small/log.dlt");
        // Some tries later it has still said so once.
        let full = std::fs::metadata(&log).expect("the log file").len();
        assert!(puppet.numbers("flush 500")[0] < 0);
        assert_eq!(place.line(), told);
        assert_eq!(std::fs::metadata(&log).expect("the log file").len(), full);
        // Room for some of what waits, and then for all of it.
        std::fs::remove_file(place.seen("/tmp/small/other")).expect("own place");
        wait_for("more in the file", || {
            (std::fs::metadata(&log).expect("the log file").len() > full).then_some(())
        });
        let mut larger = place.namespace.command("mount");
        larger.args(["-o", "remount,size=4m", "/tmp/small"]);
        assert!(larger.status().expect("mount can be run").success());
        assert_eq!(puppet.numbers("flush 20000")[0], 0);
        puppet.ok("log 0 4 10000");
        puppet.ok("free");
        let numbers = numbers_in(&log);
        assert_eq!((numbers.len(), numbers.last()), (kept + 1, Some(&10000)));
        assert!(numbers.is_sorted_by(|a, b| a < b), "twice or out of order");
    });
}

#[test]
fn a_disk_that_stays_full_ends_the_process_soon_and_what_is_lost_is_said() {
    needs_ours("it neither tells nor waits", || {
        let Some(place) = Place::new("disk-end") else {
            return;
        };
        let small = "mkdir /tmp/small && mount -t tmpfs -o size=64k none /tmp/small";
        let mut mount = place.namespace.command("sh");
        assert!(mount.args(["-c", small]).status().expect("sh can be run").success());
        let mut puppet = place.puppet(&[], &[]);
        puppet.ok("init_file /tmp/small/log.dlt");
        puppet.register();
        assert_eq!(puppet.numbers("burst 0 4 0 5000 1")[..3], [5000, 0, 0]);
        assert!(puppet.exit().1.success());
        let lines = place.lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        let lost: usize =
            lines[1].split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
        assert_eq!(lines[1], format!("{lost} messages lost at the end of the process"));
        // What is torn at the end of the file was not delivered.
        let bytes = std::fs::read(place.seen("/tmp/small/log.dlt")).expect("the log file");
        assert_eq!(bytes.len() / 58, 5000 - lost);
    });
}

#[test]
fn a_file_ends_at_the_limit_that_was_set_and_every_message_beyond_is_refused() {
    let Some(place) = Place::new("limit") else {
        return;
    };
    let mut puppet = place.puppet(&[], &[("DLT_LOG_MODE", OsStr::new("4"))]);
    puppet.ok("init_file /tmp/log.dlt");
    puppet.ok("filesize 5830");
    puppet.register();
    let mut last = 0;
    let kept = (0..1000).take_while(|number| {
        last = puppet.numbers(&format!("log 0 4 {number}"))[0];
        last == 0
    });
    let kept = kept.count();
    assert_eq!((kept, last), (100, -8));
    assert_eq!(puppet.numbers("log 0 4 1"), [-8], "once reached");
    if !library().is_reference {
        assert_eq!(puppet.statistics().file_full, 2);
    }
    puppet.ok("free");
    let bytes = std::fs::read(place.seen("/tmp/log.dlt")).expect("the log file");
    assert_eq!(bytes.len(), 5800);
    if !library().is_reference {
        assert_eq!(numbers_in(&place.seen("/tmp/log.dlt")), (0..100).collect::<Vec<u32>>());
    }
}

#[test]
fn nothing_of_the_library_is_needed_to_find_it_missing() {
    // What these tests stand on.
    for program in ["setpriv", "prlimit", "mount"] {
        let found = Command::new("which").arg(program).output();
        assert!(found.is_ok_and(|output| output.status.success()), "{program} (util-linux)");
    }
}
