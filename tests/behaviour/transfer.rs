//! Files sent as messages: the same bytes and the same answers as with libdlt, but for what its
//! own later releases mend, what cannot end there, and what crashes.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::children::Running;
use crate::support::frames::{Frame, Message};
use crate::support::library::{DEBIAN, compiled, library, needs_ours, only_ours};
use crate::support::recorder::{Kind, Recorder};
use crate::support::{fresh_dir, note};

const ALL: &str = "2147483647";

struct Run {
    answers: Vec<i64>,
    messages: Vec<Message>,
}

/// What a test's program does, and where.
struct Scene<'a> {
    /// The directory with the files.
    files: &'a Path,
    environment: &'a [(&'a str, &'a str)],
    /// The context's threshold.
    level: u8,
    /// What is called, one call a line; see c-tests/transfer.c.
    calls: &'a str,
}

impl<'a> Scene<'a> {
    fn new(files: &'a Path, calls: &'a str) -> Self {
        Self { files, environment: &[], level: 4, calls }
    }

    fn command(&self, library_dir: &Path, pipes: &Path) -> Command {
        let mut command = Command::new(compiled("transfer"));
        command
            .arg(self.level.to_string())
            .current_dir(self.files)
            .env("LD_LIBRARY_PATH", library_dir)
            .env("DLT_PIPE_DIR", pipes)
            .env("DLT_LOG_MODE", "4")
            .envs(self.environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(File::create(pipes.join("answers.txt")).expect("own directory"))
            .stderr(Stdio::null());
        command
    }

    /// Runs the program in front of whatever daemon is at `pipes`; returns its answers.
    fn answers(&self, library_dir: &Path, pipes: &Path) -> Vec<i64> {
        let mut program = Running::start("transfer", &mut self.command(library_dir, pipes));
        let mut stdin = program.inner().stdin.take().expect("piped");
        let calls = self.calls.to_owned();
        let writer = std::thread::spawn(move || {
            // A program that has crashed does not read.
            let _ = stdin.write_all(calls.as_bytes());
        });
        let status = program.wait();
        writer.join().expect("the writer has not panicked");
        assert!(status.success(), "the program ended with {status}");
        let answers = fs::read_to_string(pipes.join("answers.txt")).expect("own file");
        answers.lines().map(|line| line.parse().expect("a number")).collect()
    }

    /// Runs the program in front of a recorder.
    fn run(&self, library_dir: &Path, name: &str) -> Run {
        let pipes = fresh_dir(name);
        let recorder = Recorder::start(&pipes, Kind::Fifo);
        let answers = self.answers(library_dir, &pipes);
        recorder.wait_for_frame("the end", |frame| {
            matches!(frame, Frame::UnregisterApplication { .. })
        });
        assert_eq!(recorder.garbage(), 0);
        Run { answers, messages: recorder.messages() }
    }

    fn run_on_ours(&self, name: &str) -> Run {
        self.run(&library().dir, name)
    }
}

/// Checks that both libraries answer and send the same. Every call is one line.
fn same_on_both(name: &str, scene: &Scene<'_>) {
    let theirs = scene.run(DEBIAN.as_ref(), &format!("{name}-r"));
    let ours = scene.run_on_ours(&format!("{name}-o"));
    for (call, answers) in scene.calls.lines().zip(theirs.answers.iter().zip(&ours.answers)) {
        assert_eq!(answers.0, answers.1, "{call}");
    }
    assert_eq!(theirs.answers.len(), scene.calls.lines().count());
    assert_eq!(theirs.answers.len(), ours.answers.len());
    for (theirs, ours) in theirs.messages.iter().zip(&ours.messages) {
        let theirs =
            Message { payload: without_empty_attributes(&theirs.payload), ..theirs.clone() };
        let ours = Message { payload: without_empty_attributes(&ours.payload), ..ours.clone() };
        assert_eq!(theirs, ours);
    }
    assert_eq!(theirs.messages.len(), ours.messages.len());
    note(&format!("{name}: {} equal messages", ours.messages.len()));
}

/// The arguments of a payload: type, and what follows it.
fn arguments(mut payload: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let mut found = Vec::new();
    while let Some((info, rest)) = payload.split_first_chunk() {
        let info = u32::from_le_bytes(*info);
        let length = match info {
            0x200 | 0x400 => 2 + usize::from(u16::from_le_bytes([rest[0], rest[1]])),
            0x23 | 0x43 => 4,
            0x823 | 0x843 => 8,
            other => panic!("nobody sends {other:#x} in a transfer"),
        };
        let (argument, further) = rest.split_at(length);
        found.push((info, argument.to_vec()));
        payload = further;
    }
    found
}

/// libdlt 2.18.8 alone puts an empty name and an empty unit in front of an int.
fn without_empty_attributes(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (info, mut argument) in arguments(payload) {
        if info & 0x800 != 0 {
            assert_eq!(argument.drain(..4).collect::<Vec<_>>(), [0; 4]);
        }
        out.extend((info & !0x800).to_le_bytes());
        out.extend(argument);
    }
    out
}

/// The text that a message begins with.
fn kind(message: &Message) -> String {
    let first = &arguments(&message.payload)[0].1;
    String::from_utf8_lossy(&first[2..first.len() - 1]).into_owned()
}

fn kinds(messages: &[Message]) -> Vec<String> {
    messages.iter().map(kind).collect()
}

/// The bytes in a package.
fn data(message: &Message) -> Vec<u8> {
    arguments(&message.payload)[3].1[2..].to_vec()
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 31 + at / 256) as u8).collect()
}

/// A directory with files of all sorts; each is named by its size.
fn files(name: &str) -> PathBuf {
    let dir = fresh_dir(name);
    for size in [0, 1, 1023, 1024, 1025, 2048, 5000] {
        fs::write(dir.join(format!("f{size}")), content(size)).expect("own directory");
    }
    fs::write(dir.join("f\u{fc}r"), b"a name beyond ASCII").expect("own directory");
    fs::create_dir(dir.join("directory")).expect("own directory");
    fs::write(dir.join("directory/file"), b"").expect("own directory");
    let large = File::create(dir.join("sparse")).expect("own directory");
    large.set_len((5 << 30) + 1).expect("a sparse file");
    // Known to the file system, and not to be opened, even by root.
    UnixListener::bind(dir.join("closed")).expect("own directory");
    dir
}

#[test]
fn what_is_sent_of_a_file_is_what_libdlt_sends() {
    let mut calls = String::new();
    for file in ["f0", "f1", "f1023", "f1025", "f5000", "f\u{fc}r"] {
        calls += &format!(
            "serial {file}\ncount {file}\ninfo {file}\nheader {file}\nalias {file} another\n\
             data {file} {ALL} 1\ndata {file} 1 0\nend {file} 0\ncomplete {file} 0 1\n"
        );
    }
    calls += "count f1024\ncount f2048\ndata f1024 1 0\ndata f2048 2 0\nalias f1 -\n\
              data f5000 2 0\ndata f5000 4 0\ndata f5000 5 0\nheader ./f1\ninfo directory\n\
              serial sparse\ncount sparse\ninfo sparse\ndata sparse 2 0\n";
    let dir = files("transfer-files");
    same_on_both("transfer-sent", &Scene::new(&dir, &calls));
}

#[test]
fn what_fails_is_told_as_libdlt_tells_it() {
    let calls = "serial missing\ncount missing\ninfo missing\nheader missing\nalias missing x\n\
                 data missing 1 0\nend missing 0\nend missing 1\ncomplete missing 1 1\n\
                 data f5000 6 0\ndata f5000 0 0\ndata f5000 -1 0\ndata f1024 2 0\n\
                 data closed 1 0\ndata closed 7 0\ncomplete closed 1 0\n\
                 end directory 1\ncomplete /proc/version 1 0\nserial -\ncount -\n";
    let dir = files("transfer-failing");
    same_on_both("transfer-failed", &Scene::new(&dir, calls));
    assert!(dir.join("closed").exists());
    assert!(dir.join("directory").exists());
}

#[test]
fn a_context_that_does_not_log_transfers_nothing_and_fails_as_before() {
    let calls = format!(
        "header f1025\ninfo f1025\ndata f1025 {ALL} 0\nend f1025 0\nheader missing\ncount missing\n\
         none\nheader f1025\ndata f1025 1 0\ndata f1025 {ALL} 0\ncount f1025\nheader missing\n"
    );
    let dir = files("transfer-levels");
    for level in [0, 2] {
        let scene = Scene { level, ..Scene::new(&dir, &calls) };
        same_on_both(&format!("transfer-level-{level}"), &scene);
    }
}

#[test]
fn what_does_not_fit_into_a_small_message_is_left_out_as_with_libdlt() {
    let calls = format!("complete f1025 0 0\ndata f1025 1 0\ndata f5000 {ALL} 0\n");
    let dir = files("transfer-small");
    let environment = &[("DLT_LOG_MSG_BUF_LEN", "500")];
    let scene = Scene { environment, ..Scene::new(&dir, &calls) };
    same_on_both("transfer-small", &scene);
}

#[test]
fn a_file_is_deleted_after_its_end_if_that_is_asked_for() {
    for library_dir in [Path::new(DEBIAN), &library().dir] {
        let dir = files("transfer-deletion");
        let calls = "end f1 0\nend f0 1\ncomplete f1023 0 0\ncomplete f1025 1 0\n";
        let run = Scene::new(&dir, calls).run(library_dir, "transfer-deleted");
        assert_eq!(run.answers, [0; 4]);
        let left = ["f0", "f1", "f1023", "f1025"].map(|name| dir.join(name).exists());
        assert_eq!(left, [false, true, true, false]);
        let sent = "FLFI FLFI FLST FLDA FLFI FLST FLDA FLDA FLFI";
        assert_eq!(kinds(&run.messages).join(" "), sent);
    }
}

#[test]
fn no_package_follows_a_last_one_that_is_full() {
    only_ours("libdlt sends another, empty one before 2.18.9", || {
        let dir = files("transfer-full");
        let calls = "complete f1024 0 0\ncomplete f2048 0 0\n";
        let run = Scene::new(&dir, calls).run_on_ours("transfer-full-o");
        let sent = "FLST FLDA FLFI FLST FLDA FLDA FLFI";
        assert_eq!(kinds(&run.messages).join(" "), sent);
        assert_eq!(data(&run.messages[1]), content(1024));
        assert_eq!(data(&run.messages[5]), content(2048)[1024..]);
    });
}

#[test]
fn a_file_without_a_name_is_one_that_is_not_there() {
    only_ours("libdlt crashes", || {
        let dir = files("transfer-nameless");
        let calls = "info -\nheader -\nalias - x\ndata - 1 0\nend - 1\ncomplete - 1 0\n";
        let run = Scene::new(&dir, calls).run_on_ours("transfer-nameless-o");
        assert_eq!(run.answers, [-700, -400, -400, -500, -600, -300]);
        assert_eq!(kinds(&run.messages), ["FLER"; 6]);
        // FLER, code, errno, FLER: there is no name.
        assert!(run.messages.iter().all(|message| message.arguments == 4));
    });
}

#[test]
fn a_path_through_a_file_is_told_to_be_none() {
    only_ours("libdlt crashes at what is not seen for another reason than ENOENT", || {
        let dir = files("transfer-through");
        let run = Scene::new(&dir, "header f1/x\n").run_on_ours("transfer-through-o");
        assert_eq!(run.answers, [-400]);
        let told = arguments(&run.messages[0].payload);
        assert_eq!(told[2], (0x23, (-libc::ENOTDIR).to_le_bytes().to_vec()));
    });
}

#[test]
fn what_can_be_opened_and_not_read_is_told_and_ends() {
    needs_ours("libdlt sends empty packages of a directory for ever", || {
        let dir = files("transfer-directory");
        let calls = format!("data directory {ALL} 0\ndata directory 1 0\ncomplete directory 1 0\n");
        let run = Scene::new(&dir, &calls).run_on_ours("transfer-directory-o");
        assert_eq!(run.answers, [-500, -500, -302]);
        assert_eq!(kinds(&run.messages), ["FLER", "FLER", "FLST", "FLER"]);
        let told = arguments(&run.messages[0].payload);
        assert_eq!(told[2], (0x23, (-libc::EISDIR).to_le_bytes().to_vec()));
    });
}

#[test]
fn a_cancelled_transfer_sends_no_package_and_says_so() {
    needs_ours("Debian's libdlt cannot cancel", || {
        let dir = files("transfer-cancelled");
        let calls =
            format!("cancelled f5000 {ALL} 0\ncancelled f5000 2 0\ncancelable f1025 {ALL} 0\n");
        let run = Scene::new(&dir, &calls).run_on_ours("transfer-cancelled-o");
        assert_eq!(run.answers, [-601, -601, 0]);
        assert_eq!(kinds(&run.messages), ["FLER", "FLER", "FLDA", "FLDA"]);
    });
}

#[test]
fn a_file_of_several_rings_arrives_whole_without_a_pause() {
    let dir = files("transfer-large");
    let size = 6_000_000;
    fs::write(dir.join("large"), content(size)).expect("own directory");
    let scene = Scene::new(&dir, "complete large 0 0\n");
    let run = scene.run_on_ours("transfer-large-o");
    assert_eq!(run.answers, [0]);
    let packages = &run.messages[1..run.messages.len() - 1];
    let arrived: Vec<u8> = packages.iter().flat_map(data).collect();
    assert!(arrived == content(size), "{} bytes arrived", arrived.len());
}

#[test]
fn a_transfer_that_nobody_takes_gives_up_and_leaves_half_of_the_ring() {
    needs_ours("libdlt waits for ever", || {
        let dir = files("transfer-nobody");
        let large = File::create(dir.join("large")).expect("own directory");
        large.set_len(10_000_000).expect("a sparse file");
        let pipes = fresh_dir("transfer-nobody-o");
        let calls = format!("complete large 1 0\ndata large {ALL} 0\nheader f1\n");
        let scene = Scene::new(&dir, &calls);
        assert_eq!(scene.answers(&library().dir, &pipes), [-302, -501, 0]);
        assert!(dir.join("large").exists());
    });
}

#[test]
fn a_file_whose_end_finds_no_room_is_kept() {
    needs_ours("libdlt deletes it", || {
        let dir = files("transfer-crowded");
        let pipes = fresh_dir("transfer-crowded-o");
        // Single packages do not wait: they fill the ring, and small messages the last of it.
        let calls = ["data f5000 1 0\n"; 3000].concat() + &"header f1\n".repeat(50) + "end f1 1\n";
        let answers = Scene::new(&dir, &calls).answers(&library().dir, &pipes);
        assert_eq!(answers[0], 0);
        assert_eq!(answers[2999], -501);
        assert_eq!(answers[3049..], [-400, -600]);
        assert!(dir.join("f1").exists());
    });
}
