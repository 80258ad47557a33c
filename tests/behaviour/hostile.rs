//! Other processes: what they write to the application's FIFO, what they put into its directory, and
//! what they leave in a privileged program's environment. Frames that lie are in `levels`.
//!
//! What was planted and failed here: the FIFO made with the umask's rights; another user's link to a
//! directory followed; variables of a privileged process taken for what they say; a neighbour heard
//! for as long as there is something to hear.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::frames::{injection, log_level};
use crate::support::library::{compiled, compiled_with, library, needs_ours, only_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{Kind, Recorder};
use crate::support::{fact, fresh_dir, is_long, note, root, wait_for};
use crate::surroundings::{NOBODY, Place};

/// A puppet that is registered, and the FIFO through which the daemon speaks to it.
fn registered(name: &str) -> (Recorder, Puppet, PathBuf) {
    let dir = fresh_dir(name);
    let recorder = Recorder::start(&dir, Kind::Fifo);
    let mut puppet = Puppet::start(&dir);
    puppet.register();
    puppet.ok("log 0 4 0");
    recorder.wait_for_messages(1);
    let own = dir.join(format!("dltpipes/dlt{}", puppet.pid()));
    wait_for("the way back", || own.exists().then_some(()));
    (recorder, puppet, own)
}

/// A neighbour that may write to the FIFO.
fn neighbour(own: &Path) -> File {
    OpenOptions::new().write(true).open(own).expect("the application listens")
}

/// Neighbours that write to this FIFO until it is dropped.
struct Flood<'a> {
    own: &'a Path,
    over: AtomicBool,
}

impl<'a> Flood<'a> {
    fn of(own: &'a Path) -> Self {
        Self { own, over: AtomicBool::new(false) }
    }

    /// Writes the same again and again, and waits for room as long as there is a reader.
    fn write(&self, part: &[u8]) {
        let mut neighbour = neighbour(self.own);
        while !self.over.load(Ordering::Relaxed) {
            let _ = neighbour.write_all(part);
        }
    }

    /// Whoever waits for room in the FIFO is let go.
    fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        let _rest = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(self.own);
    }
}

/// Ends a flood, also when the test fails.
struct Dam<'a>(&'a Flood<'a>);

impl Drop for Dam<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Resident memory in KiB.
fn resident(puppet: &Puppet) -> i64 {
    let text = std::fs::read_to_string(format!("/proc/{}/statm", puppet.pid())).expect("it lives");
    text.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).expect("a number") * 4
}

#[test]
fn a_hundred_thousand_level_changes_are_carried_out_and_leave_nothing_behind() {
    let (_recorder, mut puppet, own) = registered("hostile-levels");
    let mut neighbour = neighbour(&own);
    let change = |number: u32, last: u8| match number % 3 {
        0 => log_level(0, (number % 7) as u8, (number % 2) as u8),
        1 => log_level(number, last, 0),
        _ => log_level(0, 200, 77),
    };
    let mut before = 0;
    for round in 0..4_u32 {
        for part in 0..25 {
            let changes: Vec<u8> = (0..1000).flat_map(|n| change(part * 1000 + n, 5)).collect();
            neighbour.write_all(&changes).expect("the application listens");
        }
        let last = 1 + round as u8;
        neighbour.write_all(&log_level(0, last, 0)).expect("the application listens");
        wait_for("the last level", || {
            (puppet.numbers("level 0") == [last.into(), 0]).then_some(())
        });
        if round == 0 {
            before = resident(&puppet);
        }
    }
    let growth = resident(&puppet) - before;
    fact("a hundred thousand level changes", &format!("carried out, {growth} KiB more"));
    assert!(growth < 512, "{growth} KiB");
}

#[test]
fn a_neighbour_that_writes_without_end_holds_up_nobody() {
    needs_ours("another thread delivers there", || {
        let (recorder, mut puppet, own) = registered("hostile-flood");
        let flood = Flood::of(&own);
        std::thread::scope(|scope| {
            let dam = Dam(&flood);
            for kind in 0..3_u32 {
                let flood = &flood;
                scope.spawn(move || {
                    let part: Vec<u8> = match kind {
                        0 => vec![b'D'; 4096],
                        1 => (0..200).flat_map(|n| injection(n % 3, 0x1000, b"nobody")).collect(),
                        _ => (0..300).flat_map(|n| log_level(n % 5, 4, 0)).collect(),
                    };
                    flood.write(&part);
                });
            }
            let count = if is_long() { 20_000 } else { 2_000 };
            for number in 1..count {
                puppet.ok(&format!("log 0 4 {number}"));
            }
            recorder.wait_for_messages(count);
            let (took, status) = puppet.exit();
            drop(dam);
            assert!(status.success());
            note(&format!("{count} messages under a flood, and an exit in {took} ms"));
        });
        let is_end = |f: &crate::support::frames::Frame| {
            matches!(f, crate::support::frames::Frame::UnregisterApplication { .. })
        };
        recorder.wait_for_frame("the end", is_end);
    });
}

#[test]
fn injections_that_come_faster_than_the_program_takes_them_do_not_stop_delivery() {
    needs_ours("another thread delivers there", || {
        let (recorder, mut puppet, own) = registered("hostile-injections");
        assert_eq!(puppet.numbers("watch_slowly 0"), [0]);
        let flood = Flood::of(&own);
        std::thread::scope(|scope| {
            let dam = Dam(&flood);
            scope.spawn(|| flood.write(&injection(0, 0x3000, &[0; 4000])));
            for round in 1..20 {
                puppet.ok(&format!("log 0 4 {round}"));
                recorder.wait_for_messages(round + 1);
            }
            let (took, status) = puppet.exit();
            drop(dam);
            assert!(status.success());
            note(&format!("an exit in {took} ms"));
        });
    });
}

#[test]
fn a_link_in_the_place_of_the_own_fifo_is_not_followed() {
    for target in ["file", "fifo", "nothing"] {
        let dir = fresh_dir(&format!("hostile-link-{target}"));
        let recorder = Recorder::start(&dir, Kind::Fifo);
        let victim = dir.join("victim");
        match target {
            "file" => std::fs::write(&victim, "precious").expect("own directory"),
            "fifo" => {
                let mode = nix::sys::stat::Mode::S_IRUSR | nix::sys::stat::Mode::S_IWUSR;
                nix::unistd::mkfifo(&victim, mode).expect("own directory");
            }
            _ => {}
        }
        let mut puppet = Puppet::start(&dir);
        let own = dir.join(format!("dltpipes/dlt{}", puppet.pid()));
        symlink(&victim, &own).expect("own directory");
        puppet.register();
        assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
        puppet.ok("log 0 4 0");
        recorder.wait_for_messages(1);
        // The way back works, wherever it is, and does not lead through the victim.
        recorder.send(&log_level(0, 2, 0));
        assert_eq!(puppet.event()[..3], ["level", "PCTX", "2"], "{target}");
        puppet.exit();
        match target {
            "file" => {
                assert_eq!(std::fs::read(&victim).expect("own file"), b"precious");
                assert_eq!(victim.metadata().expect("own file").mode() & 0o777, 0o644);
            }
            "fifo" => assert_eq!(victim.metadata().expect("own fifo").mode() & 0o777, 0o600),
            _ => assert!(!victim.exists(), "it was made"),
        }
        fact(&format!("a link to a {target} in the place of the own FIFO"), "not followed");
    }
}

#[test]
fn a_directory_that_is_another_user_s_link_is_not_followed() {
    needs_ours("it is followed", || {
        for owner in ["64123", NOBODY, "0"] {
            let Some(place) = Place::new("hostile-directory") else {
                return;
            };
            let recorder = Recorder::start(&place.pipes(), Kind::Fifo);
            let pipes = place.pipes().join("dltpipes");
            let elsewhere = place.seen("/tmp/elsewhere");
            for directory in [place.pipes(), elsewhere.clone()] {
                std::fs::create_dir_all(&directory).expect("own place");
                let everybody = Permissions::from_mode(0o777);
                std::fs::set_permissions(&directory, everybody).expect("own place");
            }
            std::fs::set_permissions(place.pipes().join("dlt"), Permissions::from_mode(0o666))
                .expect("own fifo");
            std::fs::remove_dir(&pipes).expect("own place");
            symlink("/tmp/elsewhere", &pipes).expect("own place");
            let id = owner.parse().ok();
            nix::unistd::fchownat(
                nix::fcntl::AT_FDCWD,
                &pipes,
                id.map(nix::unistd::Uid::from_raw),
                None,
                nix::fcntl::AtFlags::AT_SYMLINK_NOFOLLOW,
            )
            .expect("own place");
            let mut puppet = place.puppet_of_nobody();
            puppet.register();
            puppet.ok("log 0 4 0");
            let made = || std::fs::read_dir(&elsewhere).expect("own place").count();
            if owner == "64123" {
                let line = place.line();
                assert!(line.contains("own FIFO cannot be made: ELOOP"), "{line}");
                assert_eq!(made(), 0);
                assert_eq!(puppet.statistics().waiting, 1);
            } else {
                recorder.wait_for_messages(1);
                assert_eq!(made(), 1, "a link of {owner}'s");
            }
        }
    });
}

#[test]
fn the_own_fifo_has_the_rights_it_is_to_have_whatever_the_umask_says() {
    for umask in ["000", "022", "077", "027"] {
        let dir = fresh_dir(&format!("hostile-rights-{umask}"));
        let recorder = Recorder::start(&dir, Kind::Fifo);
        std::fs::remove_dir(dir.join("dltpipes")).expect("own directory");
        let mut command = Command::new("sh");
        command.args(["-c", &format!("umask {umask} && exec \"$0\"")]).arg(compiled("puppet"));
        command.env("LD_LIBRARY_PATH", &library().dir).env("DLT_PIPE_DIR", &dir);
        command.env("DLT_LOG_MODE", "4").stderr(Stdio::null());
        let mut puppet = Puppet::of(command);
        puppet.register();
        puppet.ok("log 0 4 0");
        recorder.wait_for_messages(1);
        let own = dir.join(format!("dltpipes/dlt{}", puppet.pid()));
        let facts = own.symlink_metadata().expect("the way back");
        let directory = dir.join("dltpipes").metadata().expect("made by the application");
        let modes = format!("{:o} in {:o}", facts.mode() & 0o7777, directory.mode() & 0o7777);
        fact(&format!("the own FIFO under umask {umask}"), &modes);
        assert_eq!(modes, "660 in 3777", "umask {umask}");
        assert_eq!(facts.uid(), nix::unistd::geteuid().as_raw());
    }
}

#[test]
fn a_privileged_program_is_led_nowhere_by_its_environment() {
    only_ours("the reference follows it", || {
        let Some(place) = Place::new("hostile-privileged") else {
            return;
        };
        let privileged = compiled_with(
            &root().join("c-tests/puppet.c"),
            "privileged-puppet",
            &["-Wl,-rpath,/tmp/secure"],
        );
        let [secure, evil] = ["/tmp/secure", "/tmp/evil"].map(|path| place.seen(path));
        for directory in [&secure, &evil] {
            std::fs::create_dir(directory).expect("own place");
        }
        std::fs::set_permissions(&evil, Permissions::from_mode(0o777)).expect("own place");
        std::fs::copy(library().dir.join("libdlt.so.2"), secure.join("libdlt.so.2"))
            .expect("own place");
        std::fs::copy(privileged, secure.join("puppet")).expect("own place");
        chown(secure.join("puppet"), Some(0), Some(0)).expect("own place");
        std::fs::set_permissions(secure.join("puppet"), Permissions::from_mode(0o4755))
            .expect("own place");
        // Where it is to go, and where it is led.
        let good = Recorder::start(&place.seen("/tmp"), Kind::Fifo);
        let bad = Recorder::start(&evil, Kind::Fifo);
        let user = format!("--reuid={NOBODY}");
        let runner = "cd /tmp/evil && exec setpriv \"$0\" --clear-groups /tmp/secure/puppet";
        let mut puppet = place.puppet(
            &["sh", "-c", runner, &user],
            &[
                ("DLT_PIPE_DIR", OsStr::new("/tmp/evil")),
                ("DLT_LOG_FILENAME", OsStr::new("/tmp/evil/own.log")),
                ("DLT_LOG_MODE", OsStr::new("2")),
            ],
        );
        puppet.register();
        puppet.ok("log 0 4 4711");
        let heard = |of: &Recorder| of.messages().len();
        wait_for("the message", || (heard(&good) + heard(&bad) > 0).then_some(()));
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", puppet.pid())).expect("it lives");
        let is_privileged = status
            .lines()
            .any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"));
        assert!(is_privileged, "not tried: {status}");
        assert_eq!((heard(&good), heard(&bad)), (1, 0));
        puppet.exit();
        let mut left: Vec<_> = std::fs::read_dir(&evil)
            .expect("own place")
            .map(|entry| entry.expect("own place").file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["dlt", "dltpipes"], "what the recorder made");
    });
}
