//! Debian's dlt-daemon and dlt-receive, on Debian's own library, in a namespace of their own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::children::Running;
use super::library::DEBIAN;
use super::namespace::Namespace;
use super::{WATCHDOG, skipped, wait_for};

const PORT: u16 = 3490;

/// Whether the packages are there; says so loudly if not.
pub fn installed(programs: &[&str]) -> bool {
    for program in programs {
        let found = Command::new("which").arg(program).stdout(Stdio::null()).status();
        if !Path::new(program).exists() && !found.is_ok_and(|status| status.success()) {
            skipped(&format!("{program} is not installed (ci/install-debian-packages)"));
            return false;
        }
    }
    true
}

pub struct Daemon {
    daemon: Option<Running>,
    viewer: Option<Running>,
    pub namespace: Namespace,
    dir: PathBuf,
    /// Where its FIFO is.
    pipes: PathBuf,
}

impl Daemon {
    /// Starts the daemon and a viewer.
    pub fn start(dir: &Path) -> Option<Self> {
        let mut it = Self::without_daemon(dir)?;
        it.start_daemon();
        it.start_viewer(&["-a"]);
        Some(it)
    }

    /// The place alone.
    pub fn without_daemon(dir: &Path) -> Option<Self> {
        if !installed(&["dlt-daemon", "dlt-receive", "dlt-adaptor-stdin", "unshare", "nsenter"]) {
            return None;
        }
        let namespace = Namespace::new()?;
        let pipes = PathBuf::from("/tmp");
        Some(Self { daemon: None, viewer: None, namespace, dir: dir.to_owned(), pipes })
    }

    pub fn start_daemon(&mut self) {
        self.start_daemon_configured("");
    }

    /// The same with lines more in its configuration.
    pub fn start_daemon_configured(&mut self, lines: &str) {
        let fifo = self.namespace.inside("/tmp/dlt");
        self.start_daemon_with(&[], lines, &fifo);
    }

    /// Starts it with a directory outside as its pipe directory, for programs outside.
    pub fn start_daemon_outside(&mut self, pipes: &Path) {
        let text = pipes.to_str().expect("a plain path");
        self.pipes = pipes.to_owned();
        self.start_daemon_with(&["-t", text], "", &pipes.join("dlt"));
    }

    fn start_daemon_with(&mut self, arguments: &[&str], lines: &str, fifo: &Path) {
        let configuration = self.dir.join("dlt.conf");
        // A ring that holds what a test logs before the viewer is there.
        let text = "RingbufferMinSize = 4000000\nRingbufferMaxSize = 50000000\n\
                    RingbufferStepSize = 4000000\nSendContextRegistration = 1\n";
        std::fs::write(&configuration, format!("{text}{lines}")).expect("own directory");
        let log = File::create(self.dir.join("daemon.txt")).expect("own directory");
        let mut command = self.namespace.command("dlt-daemon");
        command.arg("-p").arg(PORT.to_string()).arg("-c").arg(&configuration).args(arguments);
        command.stdout(log.try_clone().expect("own file")).stderr(log);
        self.daemon = Some(Running::start("dlt-daemon", &mut command));
        wait_for("the daemon", || (fifo.exists() && self.namespace.listens(PORT)).then_some(()));
    }

    pub fn start_viewer(&mut self, arguments: &[&str]) {
        let printed = File::create(self.printed_path()).expect("own directory");
        let mut command = self.namespace.command("stdbuf");
        command.args(["-oL", "dlt-receive"]).args(arguments).arg("127.0.0.1");
        command.env("LD_LIBRARY_PATH", DEBIAN).stdout(printed).stderr(Stdio::null());
        self.viewer = Some(Running::start("dlt-receive", &mut command));
        wait_for("the viewer's connection", || {
            (self.namespace.connections(PORT) > 0).then_some(())
        });
    }

    fn printed_path(&self) -> PathBuf {
        self.dir.join("received.txt")
    }

    /// What the viewer has printed so far.
    pub fn printed(&self) -> String {
        let bytes = std::fs::read(self.printed_path()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What the daemon has said of itself so far.
    pub fn said(&self) -> String {
        let bytes = std::fs::read(self.dir.join("daemon.txt")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A program inside; the library it runs on is the caller's choice.
    pub fn command(&self, program: &str) -> Command {
        self.namespace.command(program)
    }

    /// Ends the daemon as an administrator would, and starts it and a viewer again.
    pub fn restart(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.terminate();
        }
        if let Some(mut viewer) = self.viewer.take() {
            viewer.terminate();
        }
        self.start_daemon();
        self.start_viewer(&["-a"]);
    }

    /// Whether the viewer has been told that an application was registered.
    pub fn knows(&self, app: &str) -> bool {
        self.printed().contains(&format!("ApplicationID '{app}' registered"))
    }

    /// To the daemon.
    pub fn signal(&self, signal: i32) {
        self.daemon.as_ref().expect("it was started").signal(signal);
    }

    pub fn kill(&mut self) {
        if let Some(daemon) = self.daemon.as_mut() {
            daemon.kill();
        }
    }

    /// Sends last messages through the same FIFO until the viewer has one: everything that was
    /// written before it has then been printed too.
    pub fn wait_until_all_arrived(&self) -> String {
        self.send_last_until(|| {
            let printed = self.printed();
            printed.contains(" ZEND ZEND log ") && printed.ends_with('\n')
        });
        self.printed()
    }

    /// Sends last messages of ZEND until one has been heard.
    ///
    /// One is not enough. A MARKER of libdlt's swallows the frame behind it; and where a program has
    /// gone before the daemon reads its registration, the daemon leaves what follows in its buffer
    /// until somebody writes again.
    pub fn send_last_until(&self, heard: impl Fn() -> bool) {
        let begin = Instant::now();
        while begin.elapsed() < WATCHDOG {
            let mut command = self.namespace.command("sh");
            command.args(["-c", "echo 'the end' | dlt-adaptor-stdin -a ZEND -c ZEND"]);
            command.env("LD_LIBRARY_PATH", DEBIAN).env("DLT_PIPE_DIR", &self.pipes);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            assert!(Running::start("the last message", &mut command).wait().success());
            let sent = Instant::now();
            while sent.elapsed() < WATCHDOG / 30 {
                if heard() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        panic!("waited {WATCHDOG:?} in vain for the last message; so far:\n{}", self.printed());
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        for child in [self.viewer.take(), self.daemon.take()].into_iter().flatten() {
            let mut child = child;
            child.terminate();
        }
    }
}
