//! Debian's adaptors and managers, not recompiled, each at its work in a place of its own: on the
//! library under test they do what they do on Debian's.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use crate::programs::masked;
use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, compiled_with, library};
use crate::support::namespace::Namespace;
use crate::support::{fresh_dir, root, wait_for};

/// All that is logged is sent from the start.
const EVERY_LEVEL: &str = "::6";

/// What a tool is to do.
struct Work<'a> {
    tool: &'a str,
    arguments: &'a [&'a str],
    /// Binds with an address that is too short, see c-tests/short_address.c.
    short_address: bool,
    /// Files inside, by their paths.
    files: &'a [(&'a str, &'a str)],
    /// The port at which it takes datagrams.
    udp: Option<u16>,
    /// Run inside when it is ready.
    script: &'a str,
    /// Parts of what the viewer prints when it has done its work.
    done: &'a [&'a str],
    application: &'a str,
}

impl Work<'_> {
    /// What the viewer shows of the tool's application, and the tool's exit code at SIGTERM.
    fn shown(&self, library_dir: &Path, name: &str) -> Option<(Vec<String>, Option<i32>)> {
        let daemon = Daemon::start(&fresh_dir(name))?;
        for (path, text) in self.files {
            let path = daemon.namespace.inside(path);
            fs::create_dir_all(path.parent().expect("a file in a directory")).expect("own place");
            fs::write(path, text).expect("own place");
        }
        let mut command = daemon.command(self.tool);
        command.args(self.arguments).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("LD_LIBRARY_PATH", library_dir).env("DLT_INITIAL_LOG_LEVEL", EVERY_LEVEL);
        if self.short_address {
            let source = root().join("c-tests/short_address.c");
            command.env(
                "LD_PRELOAD",
                compiled_with(&source, "short_address.so", &["-shared", "-fPIC"]),
            );
        }
        let mut tool = Running::start(self.tool, &mut command);
        if let Some(port) = self.udp {
            wait_for("the tool's port", || daemon.namespace.takes_udp(port).then_some(()));
        }
        let mut script = daemon.command("bash");
        script.args(["-c", self.script]);
        assert!(Running::start("the script", &mut script).wait().success());
        for done in self.done {
            wait_for(done, || daemon.printed().contains(done).then_some(()));
        }
        tool.signal(libc::SIGTERM);
        let code = tool.wait().code();
        let application = format!(" {} ", self.application);
        let printed = daemon.wait_until_all_arrived();
        let lines = printed.lines().filter_map(masked);
        let lines = lines.filter(|line| line.contains(&application) && !line.contains(" DLTD "));
        Some((lines.filter(|line| !line.contains("control response")).collect(), code))
    }

    /// The same on both libraries, line by line or, where threads log, in any order.
    fn is_the_same(&self, name: &str, in_order: bool, mask: fn(&str) -> String) {
        if !installed(&[self.tool]) {
            return;
        }
        let theirs = self.shown(DEBIAN.as_ref(), &format!("{name}-r"));
        let ours = self.shown(&library().dir, &format!("{name}-o"));
        let (Some((theirs, their_code)), Some((ours, our_code))) = (theirs, ours) else {
            return;
        };
        let [mut theirs, mut ours] =
            [theirs, ours].map(|lines| lines.iter().map(|line| mask(line)).collect::<Vec<_>>());
        if !in_order {
            theirs.sort();
            ours.sort();
        }
        assert!(!theirs.is_empty(), "{name}: nothing is logged");
        assert_eq!(theirs, ours, "{name}");
        assert_eq!(their_code, our_code, "{name}: exit code");
    }
}

fn as_it_is(line: &str) -> String {
    line.to_owned()
}

#[test]
fn the_adaptor_for_udp_logs_each_datagram() {
    Work {
        tool: "/usr/bin/dlt-adaptor-udp",
        arguments: &["-a", "UDPX", "-c", "UDPY", "-p", "47113", "-v", "WARN"],
        short_address: true,
        files: &[],
        udp: Some(47113),
        script: "for i in {1..40}; do echo -n \"datagram $i\" >/dev/udp/127.0.0.1/47113; done; \
                 head -c 1300 /dev/zero | tr '\\0' x >/dev/udp/127.0.0.1/47113; \
                 echo -n 'the last' >/dev/udp/127.0.0.1/47113",
        done: &["[the last]"],
        application: "UDPX",
    }
    .is_the_same("adaptor-udp", true, as_it_is);
}

#[test]
fn the_system_manager_forwards_syslog_and_files() {
    const CONFIGURATION: &str = "ApplicationId = SYSM\nShellEnable = 0\nSyslogEnable = 1\n\
        SyslogContextId = SYSL\nSyslogPort = 47112\nFiletransferEnable = 1\n\
        FiletransferContextId = FILE\nFiletransferTimeStartup = 0\n\
        FiletransferTimeoutBetweenLogs = 1\nFiletransferDirectory = /tmp/transfer\n\
        FiletransferCompression = 0\nFiletransferCompressionLevel = 5\nLogFileEnable = 1\n\
        LogFileFilename = /tmp/log/text\nLogFileMode = 1\nLogFileTimeDelay = 1\n\
        LogFileContextId = VER\nLogProcessesEnable = 0\nJournalEnable = 0\n";
    // A file's number and its time; the counter, for several threads log.
    let mask = |line: &str| {
        let words = line.split(' ').skip(1);
        let words = words.filter(|word| !word.is_empty() && !word.contains("/.tosend/"));
        let transfers = line.contains("[FL");
        let differs = |word: &&str| {
            let is_number = word.len() > 6 && word.bytes().all(|byte| byte.is_ascii_digit());
            !transfers || !is_number && !word.contains(':')
        };
        words.filter(differs).filter(|word| !is_date(word)).collect::<Vec<_>>().join(" ")
    };
    Work {
        tool: "/usr/bin/dlt-system",
        arguments: &["-c", "/tmp/system.conf"],
        short_address: false,
        files: &[
            ("/tmp/system.conf", CONFIGURATION),
            ("/tmp/log/text", "a line\nand another\n"),
            ("/tmp/transfer/there", "this was there before"),
        ],
        udp: Some(47112),
        script: "echo -n '<13>from syslog' >/dev/udp/127.0.0.1/47112",
        done: &["<13>from syslog", "[-1 a line", "[FLFI "],
        application: "SYSM",
    }
    .is_the_same("system", false, mask);
}

/// Whether a word is part of a date in words: "Fri", "Nov", "2026", or a day.
fn is_date(word: &str) -> bool {
    let name = word.len() == 3 && word.chars().all(char::is_alphabetic);
    let is_name =
        name && word.starts_with(char::is_uppercase) && !word.ends_with(char::is_uppercase);
    is_name || word.starts_with("20") && word.len() == 4
}

#[test]
fn the_kpi_collector_tells_of_processes_and_interrupts() {
    // What it tells differs from moment to moment; that each kind of it comes is the same.
    let kind = |line: &str| {
        let text = line.split_once('[').map_or("", |(_, text)| text);
        text.split([' ', ']']).next().unwrap_or_default().to_owned()
    };
    let done = ["[IRQ BEG]", "[IRQ END]", "[NEW BEG]", "[NEW END]", "[CHK BEG]", "[CHK END]"];
    let work = Work {
        tool: "/usr/bin/dlt-kpi",
        arguments: &["-c", "/tmp/kpi.conf"],
        short_address: false,
        files: &[(
            "/tmp/kpi.conf",
            "process_interval = 100\nirq_interval = 100\ncheck_interval = 200\nlog_level = 4\n",
        )],
        udp: None,
        script: "",
        done: &done,
        application: "PROC",
    };
    if !installed(&[work.tool]) {
        return;
    }
    let mut all = Vec::new();
    for (library_dir, name) in [(Path::new(DEBIAN), "kpi-r"), (&*library().dir, "kpi-o")] {
        let Some((lines, code)) = work.shown(library_dir, name) else {
            return;
        };
        let mut kinds: Vec<_> = lines.iter().map(|line| kind(line)).collect();
        kinds.sort();
        kinds.dedup();
        // Processes come and go while it looks.
        kinds.retain(|kind| ["IRQ", "NEW", "CHK"].contains(&&**kind));
        all.push((kinds, code));
    }
    assert_eq!(all[0], all[1]);
}

#[test]
fn the_multicast_viewer_prints_what_is_sent_to_its_group() {
    const VIEWER: &str = "/usr/lib/libdlt-examples/dlt-example-multicast-clientmsg-view";
    const MESSAGE: &[u8] =
        b"\x3d\x07\x00\x22ECU1\0\0\0\x01\0\0\0\x01\x41\x01APP1CTX1\x43\0\0\0\x09\0\0\0";
    if !installed(&[VIEWER]) {
        return;
    }
    let shown = |library_dir: &Path, name: &str| -> Option<Vec<String>> {
        let namespace = Namespace::new()?;
        let mut route = namespace.command("sh");
        route.args(["-c", "ip link set lo multicast on && ip route add 225.0.0.0/8 dev lo"]);
        assert!(Running::start("ip", &mut route).wait().success());
        let printed = fresh_dir(name).join("printed.txt");
        let output = File::create(&printed).expect("own directory");
        let mut command = namespace.command("stdbuf");
        command.args(["-oL", VIEWER]).env("LD_LIBRARY_PATH", library_dir);
        let mut viewer = Running::start(VIEWER, command.stdout(output).stderr(Stdio::null()));
        wait_for("the viewer's port", || namespace.takes_udp(3491).then_some(()));
        let datagrams = [MESSAGE.to_vec(), MESSAGE.repeat(2), MESSAGE.to_vec()];
        let text = || String::from_utf8_lossy(&fs::read(&printed).expect("own file")).into_owned();
        for datagram in &datagrams {
            fs::write(namespace.inside("/tmp/datagram"), datagram).expect("own place");
            let mut send = namespace.command("bash");
            send.args(["-c", "cat /tmp/datagram >/dev/udp/225.0.0.37/3491"]);
            assert!(Running::start("bash", &mut send).wait().success());
        }
        wait_for("the messages", || {
            (text().lines().filter(|line| line.contains(" CTX1 ")).count() >= 3).then_some(())
        });
        viewer.kill();
        Some(text().lines().filter_map(masked).collect())
    };
    let theirs = shown(DEBIAN.as_ref(), "multicast-r");
    let ours = shown(&library().dir, "multicast-o");
    assert_eq!(theirs, ours);
}

#[test]
fn the_converter_reads_archives_and_follows_files_that_grow() {
    const TOOL: &str = "/usr/bin/dlt-convert";
    if !installed(&[TOOL, "tar"]) {
        return;
    }
    let recorded = fs::read(root().join("tests/golden/file/out.dlt")).expect("a recorded file");
    let archive = |library_dir: &Path| -> Option<(String, Option<i32>, String)> {
        let namespace = Namespace::new()?;
        for name in ["one.dlt", "two.dlt"] {
            fs::write(namespace.inside("/tmp").join(name), &recorded).expect("own place");
        }
        let mut pack = namespace.command("sh");
        pack.args(["-c", "cd /tmp && tar czf both.tar.gz one.dlt two.dlt"]);
        assert!(Running::start("tar", &mut pack).wait().success());
        let mut command = namespace.command(TOOL);
        command.args(["-t", "-a", "/tmp/both.tar.gz", "/tmp/one.dlt"]);
        let output = command.env("LD_LIBRARY_PATH", library_dir).output().expect("can be run");
        let mut list = namespace.command("ls");
        let left = list.args(["-R", "/tmp"]).output().expect("can be run").stdout;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some((text(&output.stdout), output.status.code(), text(&left)))
    };
    let theirs = archive(DEBIAN.as_ref());
    let ours = archive(&library().dir);
    assert!(theirs.as_ref().is_none_or(|(text, _, _)| text.lines().count() > 20), "{theirs:?}");
    assert_eq!(theirs, ours);

    let followed = |library_dir: &Path, name: &str| -> (String, Option<i32>) {
        let dir = fresh_dir(name);
        let (file, printed) = (dir.join("growing.dlt"), dir.join("printed.txt"));
        let lines = || fs::read_to_string(&printed).expect("own file");
        let half = recorded.len() / 2;
        fs::write(&file, &recorded[..half]).expect("own file");
        let mut command = std::process::Command::new("stdbuf");
        command.args(["-oL", TOOL, "-a", "-w"]).arg(&file).env("LD_LIBRARY_PATH", library_dir);
        let output = File::create(&printed).expect("own file");
        let mut tool = Running::start(TOOL, command.stdout(output).stderr(Stdio::null()));
        wait_for("the first half", || lines().contains("\n5 ").then_some(()));
        assert!(!lines().contains("\n15 "));
        fs::write(&file, &recorded).expect("own file");
        wait_for("the second half", || lines().contains("\n18 ").then_some(()));
        tool.signal(libc::SIGTERM);
        (lines(), tool.wait().code())
    };
    let theirs = followed(DEBIAN.as_ref(), "follow-r");
    let ours = followed(&library().dir, "follow-o");
    assert_eq!(theirs, ours);
}
