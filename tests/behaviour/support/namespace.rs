//! A place of its own for programs that insist on /tmp/dlt or on a TCP port: private mounts with an
//! empty /tmp, and a private network with nothing but lo.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::children::Running;

/// Covers /tmp, and puts back in place what the tests need of it: held open under numbers from 3
/// on, a covered directory can still be bound.
const SCRIPT: &str = "
set -e
number=3
for kept; do eval \"exec $number<'$kept'\"; number=$((number + 1)); done
mount -t tmpfs none /tmp
number=3
for kept; do
    mkdir -p \"$kept\"
    mount -c --bind /proc/self/fd/$number \"$kept\"
    number=$((number + 1))
done
ip link set lo up
echo ready
exec cat";

/// The directories of ours that an empty /tmp would hide.
fn kept() -> Vec<PathBuf> {
    let ours = [
        PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
        super::library::library().dir.clone(),
    ];
    let mut kept: Vec<PathBuf> = Vec::new();
    for directory in ours {
        if directory.starts_with("/tmp") && !kept.iter().any(|kept| directory.starts_with(kept)) {
            kept.push(directory);
        }
    }
    kept
}

pub struct Namespace {
    /// Lives as long as its stdin is open, and keeps the namespaces.
    holder: Running,
}

impl Namespace {
    /// None, loudly, where this process may not make namespaces.
    pub fn new() -> Option<Self> {
        let mut command = Command::new("unshare");
        command.args(["-m", "-n", "sh", "-c", SCRIPT, "sh"]).args(kept());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut holder = Running::start("unshare", &mut command);
        let stdout = holder.inner().stdout.take().expect("piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a pipe can be read");
        if line.trim() == "ready" {
            return Some(Self { holder });
        }
        super::skipped("no private namespaces (unshare -m -n needs root)");
        None
    }

    /// A command that runs inside; its process id is the child's own.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg("-t").arg(self.holder.pid().to_string()).args(["-m", "-n", "--"]).arg(program);
        command.stdin(Stdio::null());
        command
    }

    /// A path inside, seen from outside.
    pub fn inside(&self, path: &str) -> std::path::PathBuf {
        format!("/proc/{}/root{path}", self.holder.pid()).into()
    }

    /// Whether something inside listens on a TCP port.
    pub fn listens(&self, port: u16) -> bool {
        self.sockets(port, "0A") > 0
    }

    /// Connections that the listener's side has established.
    pub fn connections(&self, port: u16) -> usize {
        self.sockets(port, "01")
    }

    /// Whether something inside takes what is sent to a UDP port.
    pub fn takes_udp(&self, port: u16) -> bool {
        self.sockets_of(&["udp", "udp6"], port, "07") > 0
    }

    fn sockets(&self, port: u16, state: &str) -> usize {
        self.sockets_of(&["tcp", "tcp6"], port, state)
    }

    fn sockets_of(&self, families: &[&str], port: u16, state: &str) -> usize {
        let mut count = 0;
        for family in families {
            let table = format!("/proc/{}/net/{family}", self.holder.pid());
            let table = std::fs::read_to_string(table).unwrap_or_default();
            let end = format!(":{port:04X}");
            count += table
                .lines()
                .filter_map(|line| {
                    let mut words = line.split_whitespace();
                    Some((words.nth(1)?, words.nth(1)?))
                })
                .filter(|(local, is)| local.ends_with(&end) && *is == state)
                .count();
        }
        count
    }
}
