//! What manages a daemon or listens to it, in front of Debian's own at its rarer work: a gateway to
//! another daemon, storage of messages in directories, Python. On the library under test the tools
//! print the same as on Debian's, end the same, and the daemon does the same.
//!
//! What was planted and failed here: another name for the result that control tools wait for.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use crate::client::{assert_same, masked};
use crate::programs;
use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, library};
use crate::support::{fresh_dir, skipped, wait_for};

const NODES: &str = "/usr/bin/dlt-passive-node-ctrl";
const STORAGE: &str = "/usr/bin/dlt-logstorage-ctrl";
const USER: &str = "/usr/lib/libdlt-examples/dlt-example-user";

/// What a tool has printed, standard output first, and its exit code.
type Done = (Vec<String>, Option<i32>);

/// Runs a tool inside.
fn run(daemon: &Daemon, library_dir: &Path, tool: &str, line: &str) -> Done {
    let mut command = daemon.command("timeout");
    command.args(["-k", "1", "25", tool]).args(line.split_whitespace());
    let output = command.env("LD_LIBRARY_PATH", library_dir).output().expect("timeout can be run");
    let texts = [output.stdout, output.stderr];
    let mut lines: Vec<String> = texts.iter().flat_map(|text| masked(text)).collect();
    if line.contains("-v") {
        lines = words(&texts.map(|text| String::from_utf8_lossy(&text).into_owned()).concat());
    }
    (lines, output.status.code())
}

/// Runs a tool that leaves a child behind, until that has ended as well; all that both have said.
fn run_into_background(daemon: &Daemon, library_dir: &Path, tool: &str, line: &str) -> Done {
    const ALL: &str = "{ \"$0\" \"$@\" 2>&1; echo \"exit code $?\"; } | cat";
    let mut command = daemon.command("timeout");
    command.args(["-k", "1", "25", "unshare", "-p", "-f", "--kill-child", "sh", "-c", ALL, tool]);
    command.args(line.split_whitespace()).env("LD_LIBRARY_PATH", library_dir);
    let output = command.output().expect("timeout can be run");
    let mut lines = masked(&output.stdout);
    lines.sort();
    (lines, output.status.code())
}

/// What is said with `-v`: two threads tell of their steps side by side, and in Debian's library
/// lines run into each other or get lost: its own steps are left out.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "~[]()".contains(c));
    let words = words.filter(|word| !["", "DLT", "INFO"].contains(word));
    let words =
        words.filter(|word| !word.starts_with("dlt_message_") && word.parse::<f64>().is_err());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort();
    words
}

/// What the daemon complains of and which nodes it is connected with.
fn reactions(daemon: &Daemon) -> Vec<String> {
    let lines = masked(daemon.said().as_bytes()).into_iter();
    let matters = |line: &String| {
        let complains = ["WARNING", "ERROR", "CRITICAL"].iter().any(|level| line.contains(level));
        // No network takes what it sends to a group, and a program may have gone before it is answered;
        // 11 is a connection to a passive node.
        let by_chance = line.contains("_udp_") || line.contains("_user_");
        complains && !by_chance || line.ends_with("connection type: 11")
    };
    lines.filter(matters).collect()
}

#[track_caller]
fn assert_all_same(what: &[&str], theirs: &[Done], ours: &[Done]) {
    assert_eq!((theirs.len(), ours.len()), (what.len(), what.len()));
    for ((what, theirs), ours) in what.iter().zip(theirs).zip(ours) {
        assert_same(what, &theirs.0, &ours.0);
        assert_eq!(theirs.1, ours.1, "{what}: exit code");
    }
}

// ------------------------------------------------------------------ passive nodes

/// One node is there; where the other should be, nobody listens. It is asked for last: the daemon
/// tries again and again then, and may close what a control tool has just opened.
const GATEWAY: &str = "[General]\nInterval=1\n\
    [PassiveNode1]\nIPaddress=127.0.0.1\nPort=3500\nEcuID=ECU2\nConnect=OnDemand\nTimeout=0\n\
    [PassiveNode2]\nIPaddress=127.0.0.1\nPort=3501\nEcuID=ECU3\nConnect=OnDemand\nTimeout=0\n";

/// dlt-passive-node-ctrl has no option `-d`; it says so. Debian's daemon does not answer what has a
/// serial header.
const OF_NODES: [&str; 20] = [
    "-s",
    "-n ECU2 -s",
    "-c 1 -n ECU2 -t 5",
    "-s",
    "-v -s",
    "-s -n ECU3",
    "-v -c 1 -n ECU2",
    "-S -R -s -t 2",
    "-c 0 -n ECU2",
    "-s",
    "-c 0 -n ECU2 -v",
    "-c 1 -n NONE -t 2",
    "-c 1 -t 1",
    "-c 7 -n ECU2",
    "-d",
    "-n",
    "-x",
    "-h",
    "",
    "-c 1 -n ECU3 -t 2",
];

fn nodes(library_dir: &Path, name: &str) -> Option<(Vec<Done>, Vec<String>)> {
    let mut daemon = Daemon::without_daemon(&fresh_dir(name))?;
    let inside = |path: &str| daemon.namespace.inside(path);
    fs::write(inside("/tmp/gateway.conf"), GATEWAY).expect("own place");
    fs::create_dir(inside("/tmp/node")).expect("own place");
    let configuration = "ECUId = ECU2\nControlSocketPath = /tmp/node/control\n";
    fs::write(inside("/tmp/node.conf"), configuration).expect("own place");
    let mut node = daemon.command("dlt-daemon");
    node.args(["-p", "3500", "-c", "/tmp/node.conf", "-t", "/tmp/node"]);
    let _node = Running::start("the passive node", node.stdout(Stdio::null()));
    wait_for("the passive node", || daemon.namespace.listens(3500).then_some(()));
    daemon.start_daemon_configured(
        "ECUId = ECU1\nControlSocketPath = /tmp/dlt-ctrl.sock\nGatewayMode = 1\n\
         GatewayConfigFile = /tmp/gateway.conf\n",
    );
    let is = |state: &str| {
        wait_for(state, || {
            let (lines, _) = run(&daemon, DEBIAN.as_ref(), NODES, "-s");
            lines.iter().any(|line| line == state).then_some(())
        });
    };
    is("ECU2: Disconnected");
    let done = OF_NODES.iter().map(|line| {
        let done = run(&daemon, library_dir, NODES, line);
        match *line {
            "-c 1 -n ECU2 -t 5" => is("ECU2: Connected"),
            "-c 0 -n ECU2" => is("ECU2: Disconnected"),
            _ => {}
        }
        done
    });
    let done = done.collect();
    Some((done, reactions(&daemon)))
}

#[test]
fn passive_nodes_are_shown_connected_and_disconnected() {
    if !installed(&[NODES, "timeout"]) {
        return;
    }
    let theirs = nodes(DEBIAN.as_ref(), "nodes-r");
    let ours = nodes(&library().dir, "nodes-o");
    let (Some(theirs), Some(ours)) = (theirs, ours) else {
        return;
    };
    assert!(theirs.0[3].0.contains(&"ECU2: Connected".to_owned()), "{:?}", theirs.0[3]);
    assert!(theirs.1.iter().any(|line| line.contains("type: 11")), "{:#?}", theirs.1);
    assert_all_same(&OF_NODES, &theirs.0, &ours.0);
    assert_same("the gateway", &theirs.1, &ours.1);
}

// ------------------------------------------------------------------ storage in directories

const FILTER: &str = "[FILTER1]\nLogAppName=LOG\nContextName=.*\nLogLevel=DLT_LOG_VERBOSE\n\
    File=kept\nFileSize=1000000\nNOFiles=2\nSyncBehavior=ON_DEMAND\n";

/// dlt-logstorage-ctrl has no option `-l`; it says so. With `-d` its child in
/// the background ends for want of udev.
const OF_STORAGE: [&str; 20] = [
    "-c 1 -p /tmp/none -t 2",
    "-c 1 -p /tmp/later -t 2",
    "-c 1 -p /tmp/later -t 2",
    "-s/tmp/later -t 2",
    "--snapshot=/tmp/later -t 2",
    "-v -s/tmp/later -t 2",
    "-s -t 2",
    "-c 0 -p /tmp/later -t 2",
    "-v -c 0 -p /tmp/later -t 2",
    "-c 1 -p /tmp/nowhere -t 2",
    "-c 1 -t 2",
    "-c 3 -p /tmp -t 2",
    "-c 0 -p /tmp/there -t 2",
    "-e ECU2 -c 1 -p /tmp/there -t 2",
    "-S -R -s/tmp/there -t 2",
    "-l",
    "-s/tmp -c 1 -p /tmp -t 2",
    "-d -t 2",
    "-h",
    "",
];

/// What the tool does, what is stored after each time, and what the daemon says.
type Storage = (Vec<Done>, Vec<Vec<String>>, Vec<String>);

fn storage(library_dir: &Path, name: &str) -> Option<Storage> {
    let mut daemon = Daemon::without_daemon(&fresh_dir(name))?;
    for directory in ["none", "later", "there"] {
        let path = daemon.namespace.inside("/tmp").join(directory);
        fs::create_dir(&path).expect("own place");
        if directory != "none" {
            fs::write(path.join("dlt_logstorage.conf"), FILTER).expect("own place");
        }
    }
    daemon.start_daemon_configured(
        "ControlSocketPath = /tmp/dlt-ctrl.sock\nOfflineLogstorageMaxDevices = 3\n\
         OfflineLogstorageDirPath = /tmp/there\nOfflineLogstorageTimestamp = 0\n",
    );
    daemon.start_viewer(&["-a"]);
    let stored = || {
        let mut shown = Vec::new();
        for file in ["there/kept_1.dlt", "later/kept_1.dlt"] {
            let mut command = daemon.command("/usr/bin/dlt-convert");
            command.args(["-a", &format!("/tmp/{file}")]).env("LD_LIBRARY_PATH", DEBIAN);
            let printed = command.output().expect("dlt-convert can be run").stdout;
            let printed = String::from_utf8_lossy(&printed);
            // Each message behind its number; without a file, what the library says of that.
            let messages = printed.lines().filter_map(|line| line.split_once(' '));
            let messages = messages.filter(|(number, _)| number.parse::<u32>().is_ok());
            let messages = messages.filter_map(|(_, message)| programs::masked(message));
            shown.extend(messages.map(|message| format!("{file}: {message}")));
        }
        shown
    };
    let mut states = Vec::new();
    let done = OF_STORAGE.iter().enumerate().map(|(number, line)| {
        let run = if line.starts_with("-d") { run_into_background } else { run };
        let done = run(&daemon, library_dir, STORAGE, line);
        if number == 2 {
            let mut user = daemon.command(USER);
            user.args(["-n", "5", "-d", "10", "kept"]).env("LD_LIBRARY_PATH", DEBIAN);
            let mut user = Running::start(USER, user.stdout(Stdio::null()));
            assert!(user.wait().success());
            daemon.wait_until_all_arrived();
        }
        states.push(stored());
        done
    });
    let done = done.collect();
    Some((done, states, reactions(&daemon)))
}

#[test]
fn storage_is_connected_written_and_disconnected() {
    if !installed(&[STORAGE, USER, "/usr/bin/dlt-convert", "timeout"]) {
        return;
    }
    let theirs = storage(DEBIAN.as_ref(), "storage-r");
    let ours = storage(&library().dir, "storage-o");
    let (Some(theirs), Some(ours)) = (theirs, ours) else {
        return;
    };
    let kept = |states: &[String]| states.iter().filter(|line| line.contains("kept]")).count();
    assert_eq!((kept(&theirs.1[2]), kept(&theirs.1[3])), (0, 5), "{:#?}", theirs.1);
    let background = OF_STORAGE.iter().zip(&theirs.0).find(|(line, _)| line.starts_with("-d"));
    let ends = "Logstorage control: Failed to initialize handler.".to_owned();
    assert!(background.is_some_and(|(_, done)| done.0.contains(&ends)), "{background:?}");
    assert_all_same(&OF_STORAGE, &theirs.0, &ours.0);
    for ((line, theirs), ours) in OF_STORAGE.iter().zip(&theirs.1).zip(&ours.1) {
        assert_same(&format!("stored after {line}"), theirs, ours);
    }
    assert_same("the daemon", &theirs.2, &ours.2);
}

// ------------------------------------------------------------------ Python

/// The two ways of python3-dlt: its own socket and its own loop, as its broker does it, until the
/// last message; and the library's, until the daemon has gone. (Its own loop on the library's
/// connection ends at once on either library when no byte waits.)
const LISTENING: &str = "
import sys
from dlt import dlt
client = dlt.DLTClient(servIP='127.0.0.1', port=3490)
over = False
def show(message):
    global over
    if message is None or over:
        return not over
    over = message.apid == 'ZEND'
    words, data = str(message).split(), message.to_bytes()[16:]
    if message.apid != 'DLTD':
        # Not the times, nor the process's number, which without one is what was there before; from
        # the extended header on as bytes.
        extra = 4 * bin(data[0] & 0x1c).count('1')
        print(*words[6:10], *words[11:], data[:4].hex(), data[4 + extra:].hex(), flush=True)
    return not over
if sys.argv[1] == 'own':
    assert client.connect(timeout=20), 'no connection'
    print(dlt.py_dlt_client_main_loop(client, callback=show))
else:
    assert client.connect(), 'no connection'
    dlt.print = show
    client.client_loop()
client.disconnect()
print('disconnected')
";

/// What Python shows of one program's messages.
fn listened(library_dir: &Path, name: &str, way: &str) -> Option<(Vec<String>, Option<i32>)> {
    let dir = fresh_dir(name);
    let mut daemon = Daemon::without_daemon(&dir)?;
    daemon.start_daemon();
    let printed = dir.join("printed.txt");
    let lines = || {
        let bytes = fs::read(&printed).expect("own file");
        let lines = String::from_utf8_lossy(&bytes).into_owned();
        lines.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut python = daemon.command("/usr/bin/python3");
    python.args(["-B", "-u", "-c", LISTENING, way]).env("LD_LIBRARY_PATH", library_dir);
    let output = File::create(&printed).expect("own file");
    let mut python = Running::start("python3", python.stdout(output));
    wait_for("Python's connection", || (daemon.namespace.connections(3490) > 0).then_some(()));
    let mut user = daemon.command(USER);
    user.args(["-n", "20", "-d", "5", "heard"]).env("LD_LIBRARY_PATH", DEBIAN);
    assert!(Running::start(USER, user.stdout(Stdio::null())).wait().success());
    daemon.send_last_until(|| lines().iter().any(|line| line.contains(" ZEND ZEND ")));
    if way != "own" {
        daemon.kill();
    }
    let code = python.wait().code();
    // The last one may have needed several programs: what the daemon tells of them, as bytes.
    let lines = lines().into_iter().filter(|line| !line.contains("5a 45 4e 44"));
    Some((lines.collect(), code))
}

#[test]
fn python_hears_what_a_program_logs() {
    let found = std::process::Command::new("/usr/bin/python3").args(["-c", "import dlt"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        return skipped("python3-dlt is not installed");
    }
    if !installed(&[USER]) {
        return;
    }
    for way in ["own", "library"] {
        let theirs = listened(DEBIAN.as_ref(), &format!("python-{way}-r"), way);
        let ours = listened(&library().dir, &format!("python-{way}-o"), way);
        let (Some(theirs), Some(ours)) = (theirs, ours) else {
            return;
        };
        assert!(theirs.0.len() > 20, "{theirs:#?}");
        assert_same(way, &theirs.0, &ours.0);
        assert_eq!(theirs.1, ours.1, "{way}: exit code");
    }
}
