//! A daemon that records: it offers a FIFO or a socket, decodes what arrives, answers registrations
//! as Debian's daemon does, and can stall, vanish and come back as the other kind.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Instant;

use super::frames::{Frame, Message, Parsed, log_level, log_state, parse};
use super::{WATCHDOG, now};

/// What the daemon offers at `DIR/dlt`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Fifo,
    Socket,
}

/// Both kinds, for tests that run on each.
pub const KINDS: [Kind; 2] = [Kind::Fifo, Kind::Socket];

/// A frame and the moment (CLOCK_MONOTONIC, ns) at which it was read.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub at: u64,
    pub frame: Frame,
}

#[derive(Default)]
struct Log {
    arrivals: Vec<Arrival>,
    garbage: usize,
}

#[derive(Default)]
struct Shared {
    log: Mutex<Log>,
    arrived: Condvar,
    stalled: AtomicBool,
    stop: AtomicBool,
    /// Ways back to the applications.
    back: Mutex<Vec<Box<dyn Write + Send>>>,
}

pub struct Recorder {
    dir: PathBuf,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    pub fn start(dir: &Path, kind: Kind) -> Self {
        Self::start_with(dir, kind, false)
    }

    /// Starts without reading anything until `stall(false)`.
    pub fn start_stalled(dir: &Path, kind: Kind) -> Self {
        Self::start_with(dir, kind, true)
    }

    fn start_with(dir: &Path, kind: Kind, stalled: bool) -> Self {
        let mut node = Node::create(dir, kind);
        let shared = Arc::new(Shared::default());
        shared.stalled.store(stalled, Ordering::SeqCst);
        let for_thread = Arc::clone(&shared);
        let of_thread = dir.to_owned();
        let thread = std::thread::spawn(move || serve(&mut node, &of_thread, &for_thread));
        Self { dir: dir.to_owned(), shared, thread: Some(thread) }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.shared.log.lock().expect("the recorder lives")
    }

    /// Everything so far.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.log().arrivals.clone()
    }

    pub fn frames(&self) -> Vec<Frame> {
        self.log().arrivals.iter().map(|arrival| arrival.frame.clone()).collect()
    }

    /// The log messages so far.
    pub fn messages(&self) -> Vec<Message> {
        messages(&self.log().arrivals)
    }

    /// The same, and forgets everything: for runs that would fill the memory.
    pub fn take_messages(&self) -> Vec<Message> {
        messages(&std::mem::take(&mut self.log().arrivals))
    }

    /// The `index`th number of every message so far.
    pub fn numbers(&self, index: usize) -> Vec<u32> {
        self.messages().iter().map(|m| m.number(index).expect("a number")).collect()
    }

    /// Bytes that belonged to no frame.
    pub fn garbage(&self) -> usize {
        self.log().garbage
    }

    /// Waits until `condition` holds for what has arrived.
    pub fn wait_until(&self, what: &str, mut condition: impl FnMut(&[Arrival]) -> bool) {
        let deadline = Instant::now() + WATCHDOG;
        let mut log = self.log();
        while !condition(&log.arrivals) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited {WATCHDOG:?} in vain for {what}; {} frames, the last: {:?}",
                log.arrivals.len(),
                log.arrivals.last()
            );
            log = self.shared.arrived.wait_timeout(log, left).expect("the recorder lives").0;
        }
    }

    pub fn wait_for_messages(&self, count: usize) {
        self.wait_until(&format!("{count} messages"), |arrivals| {
            arrivals.iter().filter(|a| matches!(a.frame, Frame::Log(_))).count() >= count
        });
    }

    /// Waits for one frame that satisfies `wanted`, and tells when it came.
    pub fn wait_for_frame(&self, what: &str, wanted: impl Fn(&Frame) -> bool) -> Arrival {
        let mut found = None;
        self.wait_until(what, |arrivals| {
            found = arrivals.iter().find(|arrival| wanted(&arrival.frame)).cloned();
            found.is_some()
        });
        found.expect("just found")
    }

    /// Whether the recorder leaves in the pipe what is written to it.
    pub fn stall(&self, stalled: bool) {
        self.shared.stalled.store(stalled, Ordering::SeqCst);
    }

    /// Sends to every application that has registered.
    pub fn send(&self, bytes: &[u8]) {
        let mut back = self.shared.back.lock().expect("the recorder lives");
        // Of some it may hold the way that they have left for another.
        back.retain_mut(|way| way.write_all(bytes).is_ok());
        assert!(!back.is_empty(), "nobody listens");
    }

    /// Closes everything. The node stays behind, as after a crash.
    pub fn crash(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the recorder has not panicked");
        }
    }

    /// Goes in good order: the node first, as Debian's daemon does it.
    pub fn leave(&mut self) {
        let _ = std::fs::remove_file(self.dir.join("dlt"));
        self.crash();
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The messages among some arrivals.
pub fn messages(arrivals: &[Arrival]) -> Vec<Message> {
    let message = |arrival: &Arrival| match &arrival.frame {
        Frame::Log(message) => Some(message.clone()),
        _ => None,
    };
    arrivals.iter().filter_map(message).collect()
}

/// The daemon's end of the link.
enum Node {
    Fifo(File),
    Socket(UnixListener, Vec<UnixStream>),
}

impl Node {
    fn create(dir: &Path, kind: Kind) -> Self {
        let path = dir.join("dlt");
        let _ = std::fs::remove_file(&path);
        match kind {
            Kind::Fifo => {
                let pipes = dir.join("dltpipes");
                if std::fs::create_dir(&pipes).is_ok() {
                    let mode = std::fs::Permissions::from_mode(0o3777);
                    std::fs::set_permissions(&pipes, mode).expect("own directory");
                }
                // The reader is there before the name is, as close as a daemon can come to it.
                let hidden = dir.join("dlt.new");
                let _ = std::fs::remove_file(&hidden);
                let made = Command::new("mkfifo").arg("-m").arg("620").arg(&hidden).status();
                assert!(made.expect("mkfifo can be run").success());
                let mut options = OpenOptions::new();
                options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
                let fifo = options.open(&hidden).expect("own fifo");
                std::fs::rename(&hidden, &path).expect("own directory");
                Self::Fifo(fifo)
            }
            Kind::Socket => {
                let listener = UnixListener::bind(&path).expect("own socket");
                listener.set_nonblocking(true).expect("own socket");
                Self::Socket(listener, Vec::new())
            }
        }
    }
}

fn serve(node: &mut Node, dir: &Path, shared: &Shared) {
    let mut buffers: Vec<Vec<u8>> = vec![Vec::new()];
    while !shared.stop.load(Ordering::SeqCst) {
        let stalled = shared.stalled.load(Ordering::SeqCst);
        wait_readable(node, stalled);
        match node {
            Node::Fifo(fifo) => {
                if !stalled {
                    read_all(fifo, &mut buffers[0]);
                    take_frames(&mut buffers[0], dir, shared, true);
                }
            }
            Node::Socket(listener, connections) => {
                while let Ok((connection, _)) = listener.accept() {
                    connection.set_nonblocking(true).expect("own socket");
                    let back = connection.try_clone().expect("own socket");
                    shared.back.lock().expect("the test lives").push(Box::new(back));
                    connections.push(connection);
                    buffers.push(Vec::new());
                }
                if !stalled {
                    let mut i = 0;
                    while i < connections.len() {
                        let open = read_all(&mut connections[i], &mut buffers[i + 1]);
                        take_frames(&mut buffers[i + 1], dir, shared, false);
                        if open {
                            i += 1;
                        } else {
                            connections.remove(i);
                            buffers.remove(i + 1);
                            shared.back.lock().expect("the test lives").remove(i);
                        }
                    }
                }
            }
        }
    }
    shared.back.lock().expect("the test lives").clear();
}

/// Returns at once when there is something to read, else after some milliseconds.
fn wait_readable(node: &Node, stalled: bool) {
    let entry = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    let mut entries = match node {
        Node::Fifo(fifo) if !stalled => vec![entry(fifo.as_raw_fd())],
        Node::Socket(listener, connections) => {
            let own = (!stalled).then_some(connections).into_iter().flatten();
            std::iter::once(listener.as_raw_fd())
                .chain(own.map(AsRawFd::as_raw_fd))
                .map(entry)
                .collect()
        }
        Node::Fifo(_) => Vec::new(),
    };
    let count = entries.len() as libc::nfds_t;
    // SAFETY: the pointer and the count are those of one vector that outlives the call.
    unsafe { libc::poll(entries.as_mut_ptr(), count, 5) };
}

/// Reads what is there. False: the other end has closed.
fn read_all(from: &mut impl Read, into: &mut Vec<u8>) -> bool {
    let mut part = vec![0; 65536];
    // Bounded, so that a writer who never pauses does not keep its frames from being seen.
    for _ in 0..16 {
        match from.read(&mut part) {
            Ok(0) => return false,
            Ok(count) => into.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
            Err(_) => return false,
        }
    }
    true
}

fn take_frames(buffer: &mut Vec<u8>, dir: &Path, shared: &Shared, fifo: bool) {
    let mut at = 0;
    let mut fresh = Vec::new();
    let mut garbage = 0;
    let read_at = now();
    loop {
        match parse(&buffer[at..]) {
            Parsed::Frame(frame, length) => {
                answer(&frame, dir, shared, fifo);
                fresh.push(Arrival { at: read_at, frame });
                at += length;
            }
            Parsed::Garbage => {
                garbage += 1;
                at += 1;
            }
            Parsed::Incomplete => break,
        }
    }
    buffer.drain(..at);
    if !fresh.is_empty() || garbage > 0 {
        let mut log = shared.log.lock().expect("the test lives");
        log.arrivals.append(&mut fresh);
        log.garbage += garbage;
        shared.arrived.notify_all();
    }
}

/// As Debian's daemon: LOG_STATE to who registers, LOG_LEVEL where something was left open.
fn answer(frame: &Frame, dir: &Path, shared: &Shared, fifo: bool) {
    let mut back = shared.back.lock().expect("the test lives");
    let reply = match frame {
        Frame::RegisterApplication { pid, .. } => {
            if fifo {
                let path = dir.join(format!("dltpipes/dlt{pid}"));
                let mut options = OpenOptions::new();
                let options = options.write(true).custom_flags(libc::O_NONBLOCK);
                if let Ok(way) = options.open(path) {
                    back.push(Box::new(way));
                }
            }
            log_state(0)
        }
        Frame::RegisterContext { position, level, trace, .. } if *level < 0 || *trace < 0 => {
            log_level(*position, 6, 1)
        }
        _ => return,
    };
    // An application that has gone meanwhile is no fault of the recorder's.
    for way in back.iter_mut() {
        let _ = way.write_all(&reply);
    }
}

/// A recorder as a process of its own, to be killed: bytes go to a file as they are read, a page at
/// a time, so that a kill loses one page at most. It answers nothing.
pub fn record_to_file(dir: &Path, kind: Kind, out: &Path) -> ! {
    let mut node = Node::create(dir, kind);
    let mut file = File::create(out).expect("own file");
    let mut page = [0; PAGE];
    loop {
        wait_readable(&node, false);
        let from: &mut dyn Read = match &mut node {
            Node::Fifo(fifo) => fifo,
            Node::Socket(listener, connections) => {
                if let Ok((connection, _)) = listener.accept() {
                    connection.set_nonblocking(true).expect("own socket");
                    connections.push(connection);
                }
                let Some(connection) = connections.first_mut() else {
                    continue;
                };
                connection
            }
        };
        if let Ok(count) = from.read(&mut page) {
            file.write_all(&page[..count]).expect("own file");
        }
    }
}

/// What `record_to_file` reads at a time.
pub const PAGE: usize = 4096;

/// The second number of every message in such a file; what is torn at its end does not count.
pub fn recorded_numbers(out: &Path) -> Vec<u32> {
    let bytes = std::fs::read(out).unwrap_or_default();
    let (mut at, mut numbers) = (0, Vec::new());
    loop {
        match parse(&bytes[at..]) {
            Parsed::Frame(frame, length) => {
                if let Frame::Log(message) = frame {
                    numbers.push(message.number(1).expect("a number"));
                }
                at += length;
            }
            Parsed::Incomplete => return numbers,
            Parsed::Garbage => panic!("garbage at {at} of {}", out.display()),
        }
    }
}
