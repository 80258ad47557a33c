//! A daemon that keeps a book: every message of a storm (`storm` of the puppet) is entered by its
//! number, once, wherever it arrived. It reads fast, can be slow or still, and goes in every way in
//! which a daemon can go; what was in the kernel's buffers when it was killed is entered as well, as
//! gone.
//!
//! A test acts on it while it serves: both do under one lock.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::WATCHDOG;
use super::frames::{Frame, Parsed, log_level, log_state, parse};
use super::recorder::Kind;

/// Bits of an entry in the book.
pub const ARRIVED: u8 = 1;
/// Taken by the kernel for a daemon that was killed before it read it.
pub const GONE: u8 = 2;

/// What has arrived of the present storm, and what should not have.
#[derive(Debug, Default, Clone)]
pub struct Book {
    epoch: u32,
    /// By thread and number.
    pub entries: Vec<Vec<u8>>,
    last: Vec<Option<u32>>,
    text_size: u32,
    /// Entered for this storm.
    pub arrived: u64,
    pub gone: u64,
    /// All of the following since the beginning.
    pub twice: u64,
    pub out_of_order: u64,
    /// Thread, number and the one before, where that was seen first.
    pub wrong: Option<(usize, u32, u32)>,
    /// Messages of which not every byte is as it was written.
    pub damaged: u64,
    /// Messages of a former storm, or of none.
    pub foreign: u64,
    /// Bytes that belong to no frame.
    pub garbage: u64,
    /// Frames of which a daemon that went got a part only.
    pub torn: u64,
    /// Messages that were said to be lost.
    pub told: u64,
    pub registrations: u64,
}

/// As the puppet makes it.
fn text_length(thread: u32, number: u32, size: u32) -> u32 {
    let mixed = thread.wrapping_mul(2_654_435_761).wrapping_add(number).wrapping_mul(2_246_822_519);
    let mixed = mixed ^ (mixed >> 15);
    if size == 0 || !mixed.is_multiple_of(8) { 0 } else { (mixed >> 3) % size }
}

impl Book {
    /// A new storm of so many threads and messages of each.
    pub fn open(&mut self, epoch: u32, threads: u32, count: u32, text_size: u32) {
        self.epoch = epoch & 0xff_ffff;
        self.entries = vec![vec![0; count as usize]; threads as usize];
        self.last = vec![None; threads as usize];
        self.text_size = text_size;
        (self.arrived, self.gone) = (0, 0);
    }

    fn enter(&mut self, payload: &[u8], mark: u8) {
        let word = |at: usize| -> Option<u32> {
            Some(u32::from_le_bytes(payload.get(at..at + 4)?.try_into().ok()?))
        };
        let (Some(0x43), Some(who), Some(0x43), Some(number)) =
            (word(0), word(4), word(8), word(12))
        else {
            self.damaged += 1;
            return;
        };
        let thread = (who & 0xff) as usize;
        if who >> 8 != self.epoch || thread >= self.entries.len() {
            self.foreign += 1;
            return;
        }
        let Some(entry) = self.entries[thread].get_mut(number as usize) else {
            self.foreign += 1;
            return;
        };
        let length = text_length(thread as u32, number, self.text_size) as usize;
        let text = payload.get(16..).unwrap_or_default();
        let whole = match length {
            0 => text.is_empty(),
            _ => {
                text.len() == 4 + 2 + length + 1
                    && text[6..6 + length].iter().all(|byte| *byte == b'x')
            }
        };
        self.damaged += u64::from(!whole);
        self.twice += u64::from(*entry != 0);
        *entry |= mark;
        let last = &mut self.last[thread];
        if let Some(last) = last.filter(|last| *last >= number) {
            self.out_of_order += 1;
            self.wrong.get_or_insert((thread, number, last));
        }
        *last = Some(number);
        if mark == GONE {
            self.gone += 1;
        } else {
            self.arrived += 1;
        }
    }
}

/// One stream of bytes and what is not yet a frame of it.
struct Stream {
    from: Box<dyn Source>,
    pending: Vec<u8>,
    at_end: bool,
    served: bool,
}

trait Source: Read + AsRawFd + Send {}
impl Source for File {}
impl Source for UnixStream {}

impl Stream {
    fn new(from: impl Source + 'static) -> Self {
        Self { from: Box::new(from), pending: Vec::new(), at_end: false, served: false }
    }
}

/// A node that this daemon has, or had, at the rendezvous.
struct Place {
    /// Kept while the place is the daemon's; a FIFO has itself as a writer then.
    open: Option<File>,
    listener: Option<UnixListener>,
    streams: Vec<Stream>,
    mark: u8,
    /// A FIFO by its inode, whatever name it has.
    inode: Option<File>,
}

impl Place {
    fn make(dir: &Path, kind: Kind) -> Self {
        let path = dir.join("dlt");
        let hidden = dir.join("dlt.new");
        let _ = std::fs::remove_file(&hidden);
        let (streams, mark) = (Vec::new(), ARRIVED);
        let mut place = Self { open: None, listener: None, streams, mark, inode: None };
        match kind {
            Kind::Fifo => {
                let pipes = dir.join("dltpipes");
                if std::fs::create_dir(&pipes).is_ok() {
                    std::fs::set_permissions(&pipes, Permissions::from_mode(0o3777))
                        .expect("own directory");
                }
                let made = Command::new("mkfifo").arg("-m").arg("622").arg(&hidden).status();
                assert!(made.expect("mkfifo can be run").success());
                let non_blocking = |options: &mut OpenOptions| {
                    options.custom_flags(libc::O_NONBLOCK).open(&hidden).expect("own fifo")
                };
                // For reading alone as well: that one sees when the last writer has gone.
                let reader = non_blocking(OpenOptions::new().read(true));
                place.open = Some(non_blocking(OpenOptions::new().read(true).write(true)));
                place.streams.push(Stream::new(reader));
                let inode = OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(&hidden);
                place.inode = Some(inode.expect("own fifo"));
            }
            Kind::Socket => {
                let listener = UnixListener::bind(&hidden).expect("own socket");
                listener.set_nonblocking(true).expect("own socket");
                std::fs::set_permissions(&hidden, Permissions::from_mode(0o666))
                    .expect("own socket");
                place.listener = Some(listener);
            }
        }
        if path.is_dir() && !path.is_symlink() {
            std::fs::remove_dir(&path).expect("an empty directory");
        }
        // Whatever is there is replaced at once, as by a daemon that is clever.
        std::fs::rename(&hidden, &path).expect("own directory");
        place
    }

    /// Nobody new comes, and the streams end with their writers.
    fn leave(&mut self) {
        self.open = None;
    }

    /// Closes the sockets for everybody who has them.
    fn shut(&self) {
        let connections = self.streams.iter().map(|stream| stream.from.as_raw_fd());
        for fd in connections.chain(self.listener.iter().map(AsRawFd::as_raw_fd)) {
            // SAFETY: takes numbers; the descriptor is open.
            unsafe { libc::shutdown(fd, libc::SHUT_RDWR) };
        }
    }

    fn fds(&self, into: &mut Vec<RawFd>) {
        into.extend(self.listener.iter().map(AsRawFd::as_raw_fd));
        into.extend(self.streams.iter().filter(|s| !s.at_end).map(|s| s.from.as_raw_fd()));
    }
}

struct State {
    dir: PathBuf,
    book: Book,
    /// The last is the one at the rendezvous, if any is.
    places: Vec<Place>,
    still: bool,
    /// Most bytes read at a time, and a pause after each; None for all there is.
    sip: Option<usize>,
    back: Vec<Box<dyn Write + Send>>,
}

/// Without every single entry.
impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let book = Book { entries: Vec::new(), last: Vec::new(), ..self.book.clone() };
        write!(f, "{book:?}, still {}, sip {:?}", self.still, self.sip)?;
        for place in &self.places {
            let streams = place.streams.iter();
            let streams: Vec<_> =
                streams.map(|s| (s.at_end, s.served, s.pending.len(), has_something(s))).collect();
            let kind = if place.listener.is_some() { "listening" } else { "" };
            let open = if place.open.is_some() { "open" } else { "" };
            write!(f, "; place {kind}{open}, streams (end, served, pending, more) {streams:?}")?;
        }
        Ok(())
    }
}

impl State {
    /// Reads what there is. True if there was something.
    fn serve(&mut self) -> bool {
        if self.still {
            return false;
        }
        let mut any = false;
        for index in 0..self.places.len() {
            self.admit(index);
            if self.read(index, self.sip.unwrap_or(1 << 20)) {
                any = true;
                // What was read in a newer place was written when the older ones had been left.
                for older in 0..index {
                    self.admit(older);
                    self.read(older, usize::MAX);
                    self.enter(older);
                }
            }
            self.enter(index);
        }
        self.forget_left_places();
        any
    }

    fn admit(&mut self, index: usize) {
        let place = &mut self.places[index];
        let Some(listener) = &place.listener else {
            return;
        };
        while let Ok((connection, _)) = listener.accept() {
            connection.set_nonblocking(true).expect("own socket");
            if let Ok(back) = connection.try_clone() {
                self.back.push(Box::new(back));
            }
            place.streams.push(Stream::new(connection));
        }
    }

    /// Reads up to `limit` bytes of each of a place's streams. True if there were some.
    fn read(&mut self, index: usize, limit: usize) -> bool {
        let mut any = false;
        let mut part = [0; 65536];
        let place = &mut self.places[index];
        let is_left = place.open.is_none();
        for stream in &mut place.streams {
            let mut left = limit;
            while left > 0 && !stream.at_end {
                let room = left.min(part.len());
                match stream.from.read(&mut part[..room]) {
                    Ok(0) => {
                        // A FIFO without writers may get some again as long as it is in its place.
                        stream.at_end = is_left;
                        break;
                    }
                    Ok(count) => {
                        stream.pending.extend_from_slice(&part[..count]);
                        left -= count;
                        any = true;
                        stream.served = true;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    // What the other end has not read is told once, before what it has written.
                    Err(error)
                        if matches!(
                            error.kind(),
                            ErrorKind::Interrupted | ErrorKind::ConnectionReset
                        ) => {}
                    Err(_) => stream.at_end = true,
                }
            }
        }
        any
    }

    /// Enters what is whole of that.
    fn enter(&mut self, index: usize) {
        let State { dir, book, places, back, .. } = self;
        let place = &mut places[index];
        for stream in &mut place.streams {
            take_frames(&mut stream.pending, book, place.mark, dir, back);
            if stream.at_end && !stream.pending.is_empty() {
                book.torn += 1;
                stream.pending.clear();
            }
        }
        // The application has closed its connection.
        if place.listener.is_some() {
            place.streams.retain(|stream| !stream.at_end);
        }
    }

    /// Places at their end, once a later one was written to: nobody can be on the way to them.
    fn forget_left_places(&mut self) {
        let Some(newest) = self.places.iter().rposition(|p| p.streams.iter().any(|s| s.served))
        else {
            return;
        };
        for place in &mut self.places[..newest] {
            place.listener = None;
        }
        let mut index = 0;
        self.places.retain(|place| {
            index += 1;
            index > newest || !place.streams.iter().all(|stream| stream.at_end)
        });
    }
}

/// Whether a read would give something.
fn has_something(stream: &Stream) -> bool {
    let mut entry = libc::pollfd { fd: stream.from.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one entry that outlives the call.
    let ready = unsafe { libc::poll(&raw mut entry, 1, 0) };
    ready > 0 && entry.revents & libc::POLLIN != 0
}

fn has_reader(fifo: &File) -> bool {
    let path = format!("/proc/self/fd/{}", fifo.as_raw_fd());
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(libc::O_NONBLOCK).open(path).is_ok()
}

/// Enters the whole frames, and answers registrations as Debian's daemon does.
fn take_frames(
    pending: &mut Vec<u8>,
    book: &mut Book,
    mark: u8,
    dir: &Path,
    back: &mut Vec<Box<dyn Write + Send>>,
) {
    let mut at = 0;
    loop {
        let rest = &pending[at..];
        if rest.len() >= 12 && rest.starts_with(b"DUH\x01\x01\0\0\0") {
            // A log message, without the detour of decoding all of it.
            let length = 8 + usize::from(u16::from_be_bytes([rest[10], rest[11]]));
            if rest.len() < length {
                break;
            }
            let headers = 4 + [4, 8, 16].iter().filter(|bit| rest[8] & **bit != 0).count() * 4 + 10;
            match rest[..length].get(8 + headers..) {
                Some(payload) => book.enter(payload, mark),
                None => book.damaged += 1,
            }
            at += length;
            continue;
        }
        match parse(rest) {
            Parsed::Frame(frame, length) => {
                take_other(&frame, book, mark, dir, back);
                at += length;
            }
            Parsed::Garbage => {
                book.garbage += 1;
                at += 1;
            }
            Parsed::Incomplete => break,
        }
    }
    pending.drain(..at);
}

fn take_other(
    frame: &Frame,
    book: &mut Book,
    mark: u8,
    dir: &Path,
    back: &mut Vec<Box<dyn Write + Send>>,
) {
    let reply = match frame {
        Frame::Overflow { lost, .. } => {
            book.told += u64::from(*lost);
            return;
        }
        Frame::RegisterApplication { pid, .. } => {
            book.registrations += 1;
            let own = dir.join(format!("dltpipes/dlt{pid}"));
            let way = OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open(own);
            if let Ok(way) = way {
                back.push(Box::new(way));
            }
            log_state(0)
        }
        Frame::RegisterContext { position, level, trace, .. } if *level < 0 || *trace < 0 => {
            log_level(*position, 6, 1)
        }
        _ => return,
    };
    if mark == ARRIVED {
        for way in back.iter_mut() {
            // The application may have gone, or not listen.
            let _ = way.write_all(&reply);
        }
    }
}

struct Shared {
    state: Mutex<State>,
    /// Somebody else wants the state: the server lets go of it.
    wanted: AtomicU32,
    stop: AtomicBool,
    /// Held while the server waits on its descriptors: the kernel keeps those open until it returns,
    /// whoever has closed them.
    waiting: Mutex<()>,
}

pub struct Sink {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    /// A daemon that is not there yet.
    pub fn away(dir: &Path) -> Self {
        let state = State {
            dir: dir.to_owned(),
            book: Book::default(),
            places: Vec::new(),
            still: false,
            sip: None,
            back: Vec::new(),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            wanted: AtomicU32::new(0),
            stop: AtomicBool::new(false),
            waiting: Mutex::new(()),
        });
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::spawn(move || run(&of_thread));
        Self { shared, thread: Some(thread) }
    }

    pub fn start(dir: &Path, kind: Kind) -> Self {
        let sink = Self::away(dir);
        sink.appear(kind);
        sink
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.wanted.fetch_add(1, Ordering::SeqCst);
        let state = self.shared.state.lock().expect("the sink has not panicked");
        self.shared.wanted.fetch_sub(1, Ordering::SeqCst);
        state
    }

    /// What is in the book, by `look`.
    pub fn book<T>(&self, look: impl FnOnce(&mut Book) -> T) -> T {
        look(&mut self.state().book)
    }

    /// Waits until so many messages of the storm are in the book.
    pub fn wait_until_entered(&self, name: &str, count: u64) {
        let begin = Instant::now();
        loop {
            let state = self.state();
            let entered = state.book.arrived + state.book.gone;
            if entered == count {
                return;
            }
            let late = entered > count || begin.elapsed() > WATCHDOG;
            assert!(!late, "{name}: {entered} of {count} messages in the book; {state:?}");
            drop(state);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Puts a daemon's node in place of whatever is there. One that is there already goes as one
    /// that has been replaced: it reads to the end what was written to it.
    pub fn appear(&self, kind: Kind) {
        let mut state = self.state();
        let place = Place::make(&state.dir, kind);
        if let Some(former) = state.places.last_mut() {
            former.leave();
        }
        state.back.clear();
        state.places.push(place);
    }

    /// Dies, and leaves its node. Nobody may write meanwhile, so that it is known what was in the
    /// kernel's buffers.
    pub fn die(&self, silent: &Silence<'_>) {
        let Silence(_) = silent;
        let mut state = self.state();
        // A slow one may not have seen connections or bytes that have been there for long.
        for index in 0..state.places.len() {
            state.admit(index);
            state.places[index].mark = GONE;
            state.read(index, usize::MAX);
            state.enter(index);
            for stream in &state.places[index].streams {
                assert!(stream.at_end || !has_something(stream), "somebody writes");
            }
        }
        let torn = state.places.iter().flat_map(|place| &place.streams);
        let torn = torn.filter(|stream| !stream.pending.is_empty()).count();
        state.book.torn += torn as u64;
        // Other tests' children have the descriptors as well, until they are other programs.
        let places = std::mem::take(&mut state.places);
        places.iter().for_each(Place::shut);
        let fifos: Vec<File> = places.into_iter().filter_map(|place| place.inode).collect();
        state.back.clear();
        drop(self.shared.waiting.lock().expect("the sink has not panicked"));
        super::wait_for("the last reader to have gone", || {
            fifos.iter().all(|fifo| !has_reader(fifo)).then_some(())
        });
    }

    /// The same with its node taken away, as Debian's daemon does it.
    pub fn die_orderly(&self, silent: &Silence<'_>) {
        let dir = self.state().dir.clone();
        let _ = std::fs::remove_file(dir.join("dlt"));
        self.die(silent);
    }

    /// Whether it leaves everything in the kernel's buffers.
    pub fn still(&self, still: bool) {
        self.state().still = still;
    }

    /// How many bytes it reads at a time, with a pause after each; None for as many as there are.
    pub fn sip(&self, bytes: Option<usize>) {
        self.state().sip = bytes;
    }

    /// Sends to the application, as much as it takes.
    pub fn send(&self, bytes: &[u8]) {
        for way in &mut self.state().back {
            let _ = way.write_all(bytes);
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(shared: &Shared) {
    while !shared.stop.load(Ordering::SeqCst) {
        let mut fds = Vec::new();
        let (any, pause, waiting) = {
            let mut state = shared.state.lock().expect("the test has not panicked");
            let any = state.serve();
            if !state.still {
                for place in &state.places {
                    place.fds(&mut fds);
                }
            }
            let waiting = shared.waiting.lock().expect("the test has not panicked");
            (any, state.sip.is_some() || state.still, waiting)
        };
        if shared.wanted.load(Ordering::SeqCst) > 0 || pause {
            drop(waiting);
            std::thread::sleep(Duration::from_micros(500));
        } else if !any {
            wait_readable(&fds);
        }
    }
}

fn wait_readable(fds: &[RawFd]) {
    let mut entries: Vec<libc::pollfd> =
        fds.iter().map(|fd| libc::pollfd { fd: *fd, events: libc::POLLIN, revents: 0 }).collect();
    // SAFETY: the pointer and the count are those of one vector that outlives the call.
    let ready = unsafe { libc::poll(entries.as_mut_ptr(), entries.len() as libc::nfds_t, 2) };
    // A FIFO that everybody has left says so without end.
    if ready > 0 && !entries.iter().any(|entry| entry.revents & libc::POLLIN != 0) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A process in which nothing runs: every thread has been seen to be stopped.
pub struct Silence<'a>(&'a super::puppet::Puppet);

impl<'a> Silence<'a> {
    pub fn of(puppet: &'a super::puppet::Puppet) -> Self {
        puppet.signal(libc::SIGSTOP);
        super::wait_for("every thread to be stopped", || {
            let tasks = std::fs::read_dir(format!("/proc/{}/task", puppet.pid())).ok()?;
            let stopped = tasks.flatten().all(|task| {
                let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
                let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
                matches!(state, Some('T' | 'Z' | 'X') | None)
            });
            stopped.then_some(())
        });
        Self(puppet)
    }
}

impl Drop for Silence<'_> {
    fn drop(&mut self) {
        self.0.signal(libc::SIGCONT);
    }
}
