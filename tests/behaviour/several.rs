//! Several libdlts where the daemon expects one: in one process, as a Rust program and a C library
//! in it have them, and in containers that share the daemon's directory and count their processes
//! from 1. Each has a way back of its own; none goes deaf, and none takes another's away.
//!
//! What was planted and failed here: the process's number taken without a look at who has it; a FIFO
//! that was left behind taken over under its number; a way back that was lost not looked for; one
//! made again under its old number; another's FIFO removed in return; the warning at every loss.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::mem::MaybeUninit;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dlt::ffi::types::{DltContext, DltContextData};

use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::frames::{Frame, log_level};
use crate::support::library::{DEBIAN, library, needs_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{Kind, Recorder};
use crate::support::{fresh_dir, wait_for};

type RegisterApp = unsafe extern "C" fn(*const c_char, *const c_char) -> c_int;
type RegisterContext = unsafe extern "C" fn(*mut DltContext, *const c_char, *const c_char) -> c_int;
type Start = unsafe extern "C" fn(*mut DltContext, *mut DltContextData, c_int) -> c_int;
type Uint32 = unsafe extern "C" fn(*mut DltContextData, u32) -> c_int;
type Finish = unsafe extern "C" fn(*mut DltContextData) -> c_int;
type Free = unsafe extern "C" fn() -> c_int;

/// The functions of one libdlt.
struct Library {
    register_app: RegisterApp,
    register_context: RegisterContext,
    start: Start,
    uint32: Uint32,
    finish: Finish,
    free: Free,
    context: Box<MaybeUninit<DltContext>>,
}

impl Library {
    /// The crate that is linked into this program.
    fn of_the_crate() -> Self {
        use dlt::ffi::{user, write};
        Self {
            register_app: user::dlt_register_app,
            register_context: user::dlt_register_context,
            start: user::dlt_user_log_write_start,
            uint32: write::dlt_user_log_write_uint32,
            finish: user::dlt_user_log_write_finish,
            free: user::dlt_free,
            context: Box::new(MaybeUninit::zeroed()),
        }
    }

    /// A library that is loaded so that nobody else sees its names.
    fn loaded(path: &str) -> Self {
        let c_path = CString::new(path).expect("a path");
        // SAFETY: the path is a string, and what the library's constructors do is wanted.
        let handle = unsafe { libc::dlopen(c_path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        assert!(!handle.is_null(), "{path} cannot be loaded");
        let find = |name: &CStr| -> *mut c_void {
            // SAFETY: the handle was opened above and is never closed.
            let found = unsafe { libc::dlsym(handle, name.as_ptr()) };
            assert!(!found.is_null(), "{path} has no {name:?}");
            found
        };
        macro_rules! function {
            ($name:literal as $type:ty) => {{
                let found = find($name);
                // SAFETY: the function of this name has this type in every libdlt.so.2.
                unsafe { core::mem::transmute::<*mut c_void, $type>(found) }
            }};
        }
        Self {
            register_app: function!(c"dlt_register_app" as RegisterApp),
            register_context: function!(c"dlt_register_context" as RegisterContext),
            start: function!(c"dlt_user_log_write_start" as Start),
            uint32: function!(c"dlt_user_log_write_uint32" as Uint32),
            finish: function!(c"dlt_user_log_write_finish" as Finish),
            free: function!(c"dlt_free" as Free),
            context: Box::new(MaybeUninit::zeroed()),
        }
    }

    fn log(&mut self, number: u32) -> c_int {
        let mut data = MaybeUninit::<DltContextData>::zeroed();
        // SAFETY: the context is registered or zeroed, and the data has room for what is there.
        let started = unsafe { (self.start)(self.context.as_mut_ptr(), data.as_mut_ptr(), 4) };
        if started != 1 {
            return 1;
        }
        // SAFETY: started above.
        unsafe { (self.uint32)(data.as_mut_ptr(), number) };
        // SAFETY: as above.
        unsafe { (self.finish)(data.as_mut_ptr()) }
    }

    fn level(&self) -> i32 {
        // SAFETY: zeroed, and plain numbers and pointers.
        let context = unsafe { self.context.assume_init_ref() };
        if context.log_level_ptr.is_null() {
            return -99;
        }
        // SAFETY: the cell of a registered context stays where it is.
        i32::from(unsafe { context.log_level_ptr.read_volatile() })
    }
}

/// Not a test: a process that holds several libdlts and does what it is told, line by line.
#[test]
#[ignore = "the process that the tests below start"]
fn process_with_several() {
    if std::env::var_os("SEVERAL").is_none() {
        return;
    }
    let answer = |text: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "= {text}").and_then(|()| out.flush()).expect("the test lives");
    };
    answer("0".to_owned());
    let mut libraries: Vec<Library> = Vec::new();
    for line in std::io::stdin().lines() {
        let line = line.expect("the test lives");
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["load", path] = words[..] {
            let library =
                if path == "crate" { Library::of_the_crate() } else { Library::loaded(path) };
            libraries.push(library);
            answer("0".to_owned());
            continue;
        }
        let index: usize = words[1].parse().expect("a number");
        let library = &mut libraries[index];
        let text = CString::new(*words.get(2).unwrap_or(&"")).expect("a word");
        let result = match words[0] {
            // SAFETY: strings that live during the call.
            "app" => unsafe { (library.register_app)(text.as_ptr(), c"of several".as_ptr()) },
            // SAFETY: the context stays where it is, and the strings live during the call.
            "context" => unsafe {
                (library.register_context)(
                    library.context.as_mut_ptr(),
                    text.as_ptr(),
                    c"a context".as_ptr(),
                )
            },
            "log" => library.log(words[2].parse().expect("a number")),
            "level" => library.level(),
            // SAFETY: takes nothing.
            "free" => unsafe { (library.free)() },
            other => panic!("no such command: {other}"),
        };
        answer(result.to_string());
    }
    std::process::exit(0);
}

/// Makes `command` run the process above in the end.
fn holding_several(mut command: Command, pipes: &Path, said: &Path) -> Puppet {
    let this = std::env::current_exe().expect("this test");
    command.arg(this);
    command.args(["--exact", "several::process_with_several", "--ignored", "--nocapture"]);
    command.env("SEVERAL", "1").env("DLT_PIPE_DIR", pipes);
    command.env_remove("DLT_LOG_MODE").env_remove("DLT_LOG_LEVEL");
    command.stderr(File::create(said).expect("own directory"));
    Puppet::of(command)
}

/// Where the library under test is, in as many copies as are to be loaded at once.
fn copies(dir: &Path) -> [String; 2] {
    [1, 2].map(|number| {
        let copy = dir.join(format!("libdlt-{number}.so"));
        std::fs::copy(library().dir.join("libdlt.so.2"), &copy).expect("own directory");
        copy.to_str().expect("a plain path").to_owned()
    })
}

fn debians() -> String {
    format!("{DEBIAN}/libdlt.so.2")
}

/// Sets levels of contexts at the daemon, all at once: each of these processes takes its second.
fn set_levels(daemon: &Daemon, wanted: &[(String, String, u8)]) {
    let mut all: Vec<Running> = wanted
        .iter()
        .map(|(app, context, level)| {
            let mut command = daemon.command("dlt-control");
            command.args(["-l", &level.to_string(), "-a", app, "-c", context, "127.0.0.1"]);
            command.env("LD_LIBRARY_PATH", DEBIAN).stdout(Stdio::null()).stderr(Stdio::null());
            Running::start("dlt-control", &mut command)
        })
        .collect();
    for control in &mut all {
        assert!(control.wait().success());
    }
}

/// Two libdlts that are to be told apart.
struct Pair {
    /// Which of whose kinds, in their order.
    what: String,
    /// One process with two libraries, or two processes with one.
    processes: Vec<Puppet>,
    number: usize,
    said: PathBuf,
}

impl Pair {
    fn ids(&self, side: usize) -> (String, String) {
        (format!("A{}{side}", self.number), format!("C{}{side}", self.number))
    }

    /// The process of a side, and the library's place in it.
    fn at(&mut self, side: usize) -> (&mut Puppet, usize) {
        match &mut self.processes[..] {
            [only] => (only, side),
            several => (&mut several[side], 0),
        }
    }

    fn ask(&mut self, side: usize, verb: &str, argument: &str) -> i64 {
        let (process, library) = self.at(side);
        process.numbers(&format!("{verb} {library} {argument}"))[0]
    }

    fn register(&mut self, side: usize) {
        let (app, context) = self.ids(side);
        assert_eq!(self.ask(side, "app", &app), 0, "{}", self.what);
        assert_eq!(self.ask(side, "context", &context), 0, "{}", self.what);
    }
}

/// Both log and both hear what the daemon has to say to them, and to them only; and so again when
/// the daemon has been started anew.
fn assert_both_are_served(daemon: &mut Daemon, pairs: &mut [Pair]) {
    for round in 0..2 {
        if round == 1 {
            daemon.restart();
        }
        for pair in pairs.iter_mut() {
            for side in 0..2 {
                assert_eq!(pair.ask(side, "log", &format!("{round}0{side}")), 0, "{}", pair.what);
            }
        }
        for pair in pairs.iter() {
            for side in 0..2 {
                let (app, context) = pair.ids(side);
                wait_for(&format!("the message of {}, {side}", pair.what), || {
                    let number: u32 = format!("{round}0{side}").parse().expect("digits");
                    let line = format!(" {app}- {context}- log info V 1 [{number}]");
                    daemon.printed().contains(&line).then_some(())
                });
            }
        }
        // Another level for each side in turn, and the other side keeps its own.
        let levels = if round == 0 { [5, 6] } else { [2, 3] };
        for (side, level) in levels.into_iter().enumerate() {
            let of = |pair: &Pair| {
                let (app, context) = pair.ids(side);
                (app, context, level)
            };
            set_levels(daemon, &pairs.iter().map(of).collect::<Vec<_>>());
            for pair in pairs.iter_mut() {
                wait_for(&format!("the level of {}, {side}, round {round}", pair.what), || {
                    (pair.ask(side, "level", "") == i64::from(level)).then_some(())
                });
            }
        }
        for pair in pairs.iter_mut() {
            assert_eq!(pair.ask(0, "level", ""), i64::from(levels[0]), "{}", pair.what);
        }
    }
}

#[test]
fn two_libdlts_in_one_process_both_log_and_both_hear_the_daemon() {
    needs_ours("the reference takes the FIFO of whoever was there before", || {
        let dir = fresh_dir("several");
        if !installed(&["dlt-control"]) {
            return;
        }
        let Some(mut daemon) = Daemon::start(&dir) else {
            return;
        };
        let [one, other] = copies(&dir);
        let of_debian = debians();
        let mut pairs: Vec<Pair> = [
            ["crate", &one],
            [&one, &other],
            ["crate", &of_debian],
            [&of_debian, "crate"],
            [&of_debian, &one],
        ]
        .iter()
        .enumerate()
        .map(|(number, libraries)| {
            let said = dir.join(format!("said-{number}.txt"));
            let mut process = holding_several(daemon.command("env"), Path::new("/tmp"), &said);
            for library in libraries {
                process.ok(&format!("load {library}"));
            }
            let what = libraries.join(" with ");
            Pair { what, processes: vec![process], number, said }
        })
        .collect();
        // One after the other: what comes second finds the first at work.
        for side in 0..2 {
            for pair in &mut pairs {
                pair.register(side);
            }
            for pair in &pairs {
                wait_for("the registration", || daemon.knows(&pair.ids(side).0).then_some(()));
            }
        }
        assert_both_are_served(&mut daemon, &mut pairs);
        // Only Debian's takes a FIFO away, and only what is there before it.
        for (pair, lines) in pairs.iter().zip([0, 0, 1, 0, 0]) {
            let said = std::fs::read_to_string(&pair.said).expect("own file");
            let warned = said.matches("was taken away").count();
            assert_eq!(warned, lines, "{}: {said}", pair.what);
        }
    });
}

#[test]
fn processes_with_one_id_in_two_containers_both_log_and_both_hear_the_daemon() {
    needs_ours("the reference takes the FIFO of whoever was there before", || {
        let dir = fresh_dir("containers");
        if !installed(&["dlt-control"]) {
            return;
        }
        let Some(mut daemon) = Daemon::start(&dir) else {
            return;
        };
        let [ours, _] = copies(&dir);
        let of_debian = debians();
        let said = dir.join("said.txt");
        let contain = |daemon: &Daemon, library: &str| {
            let mut command = daemon.command("unshare");
            command.args(["--pid", "--fork", "--kill-child", "env"]);
            let mut process = holding_several(command, Path::new("/tmp"), &said);
            process.ok(&format!("load {library}"));
            process
        };
        let mut pair = Pair {
            what: "ours with ours".to_owned(),
            processes: vec![contain(&daemon, &ours), contain(&daemon, &ours)],
            number: 0,
            said: said.clone(),
        };
        for side in 0..2 {
            pair.register(side);
            wait_for("the registration", || daemon.knows(&pair.ids(side).0).then_some(()));
        }
        // Process 1, and the worker of a process 1.
        let pipes = daemon.namespace.inside("/tmp/dltpipes");
        assert!(pipes.join("dlt1").metadata().is_ok_and(|node| node.file_type().is_fifo()));
        let mut pairs = vec![pair];
        assert_both_are_served(&mut daemon, &mut pairs);
        // A third, on Debian's library, takes the first one's away.
        let mut third = contain(&daemon, &of_debian);
        third.ok("app 0 A3");
        third.ok("context 0 C3");
        wait_for("the registration", || daemon.knows("A3").then_some(()));
        let levels: Vec<_> = (0..2).map(|side| pairs[0].ids(side)).collect();
        let mut wanted: Vec<_> = levels.into_iter().map(|(app, id)| (app, id, 5)).collect();
        wanted.push(("A3".to_owned(), "C3".to_owned(), 6));
        set_levels(&daemon, &wanted);
        for side in 0..2 {
            wait_for("the level", || (pairs[0].ask(side, "level", "") == 5).then_some(()));
        }
        wait_for("the level", || (third.numbers("level 0") == [6]).then_some(()));
    });
}

#[test]
fn a_container_that_is_started_again_after_it_was_killed_hears_the_daemon() {
    needs_ours("the daemon goes on with the dead one's FIFO, and libdlt never knows", || {
        let dir = fresh_dir("container-again");
        if !installed(&["dlt-control"]) {
            return;
        }
        let Some(daemon) = Daemon::start(&dir) else {
            return;
        };
        let [ours, _] = copies(&dir);
        for round in 1..4_u8 {
            let mut command = daemon.command("unshare");
            command.args(["--pid", "--fork", "--kill-child", "env"]);
            let mut process = holding_several(command, Path::new("/tmp"), &dir.join("said.txt"));
            process.ok(&format!("load {ours}"));
            // The same application in a process with the same id, which is 1.
            process.ok("app 0 AGAN");
            process.ok("context 0 CTX");
            process.ok(&format!("log 0 {round}"));
            wait_for("the message", || {
                let line = format!(" AGAN CTX- log info V 1 [{round}]");
                daemon.printed().contains(&line).then_some(())
            });
            set_levels(&daemon, &[("AGAN".to_owned(), "CTX".to_owned(), round)]);
            wait_for(&format!("the level of round {round}"), || {
                (process.numbers("level 0") == [i64::from(round)]).then_some(())
            });
            // Killed when dropped, and so is what it has started.
        }
    });
}

/// The numbers under which the application was registered, in order.
fn numbers(recorder: &Recorder) -> Vec<u32> {
    let number = |frame: &Frame| match frame {
        Frame::RegisterApplication { pid, .. } => Some(*pid),
        _ => None,
    };
    recorder.frames().iter().filter_map(number).collect()
}

/// Puts a FIFO of our own, with a reader, in the place of what is there.
fn displace(path: &Path) -> File {
    let aside = path.with_extension("aside");
    assert!(Command::new("mkfifo").arg(&aside).status().expect("mkfifo can be run").success());
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(libc::O_NONBLOCK);
    let fifo = options.open(&aside).expect("own FIFO");
    std::fs::rename(&aside, path).expect("own directory");
    fifo
}

fn assert_finds_a_way_back(name: &str, runner: Command) {
    let dir = fresh_dir(name);
    let said = dir.join("said.txt");
    let recorder = Recorder::start(&dir, Kind::Fifo);
    let [ours, _] = copies(&dir);
    let mut process = holding_several(runner, &dir, &said);
    process.ok(&format!("load {ours}"));
    process.ok("app 0 LOST");
    process.ok("context 0 CTX");
    let mut kept = Vec::new();
    for round in 0..3_u8 {
        process.ok(&format!("log 0 {round}"));
        let count = usize::from(round) + 1;
        recorder.wait_for_messages(count);
        wait_for("a registration", || (numbers(&recorder).len() == count).then_some(()));
        // Every way that was ever opened gets it; only the last one leads anywhere.
        wait_for("a level", || {
            recorder.send(&log_level(0, round + 4, 0));
            (process.numbers("level 0") == [i64::from(round) + 4]).then_some(())
        });
        assert_eq!(numbers(&recorder).len(), count, "told once");
        let own = dir.join(format!("dltpipes/dlt{}", numbers(&recorder)[usize::from(round)]));
        kept.push((own.clone(), displace(&own)));
    }
    wait_for("the last registration", || (numbers(&recorder).len() == 4).then_some(()));
    drop(process);
    for (path, _reader) in kept {
        assert!(path.exists(), "{} was another's", path.display());
    }
    let said = std::fs::read_to_string(said).expect("own file");
    assert_eq!(said.matches("was taken away").count(), 1, "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_way_back_that_is_taken_away_is_told_once_and_found_anew() {
    needs_ours("the reference stays deaf", || {
        assert_finds_a_way_back("displaced", Command::new("env"));
    });
}

#[test]
fn a_way_back_that_is_taken_away_is_found_anew_where_no_inotify_is_to_be_had() {
    needs_ours("the reference stays deaf", || {
        let mut without = Command::new("unshare");
        let script = "echo 0 >/proc/sys/user/max_inotify_instances && exec \"$@\"";
        without.args(["--user", "--map-root-user", "sh", "-c", script, "sh"]);
        assert_finds_a_way_back("displaced-unseen", without);
    });
}

#[test]
fn what_was_left_behind_under_the_process_id_is_removed_and_what_is_in_use_is_not() {
    needs_ours("the reference removes either", || {
        for in_use in [false, true] {
            let dir = fresh_dir("left-behind");
            let recorder = Recorder::start(&dir, Kind::Fifo);
            let mut process = holding_several(Command::new("env"), &dir, &dir.join("said.txt"));
            let path = dir.join(format!("dltpipes/dlt{}", process.pid()));
            assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
            let mut options = OpenOptions::new();
            let reader = options.read(true).custom_flags(libc::O_NONBLOCK).open(&path);
            let reader = reader.expect("own FIFO");
            if !in_use {
                drop(reader);
                // As old as what is not just being made.
                std::thread::sleep(std::time::Duration::from_millis(300));
            }
            process.ok("load crate");
            process.ok("app 0 LEFT");
            recorder.wait_for_frame("the registration", |frame| {
                matches!(frame, Frame::RegisterApplication { .. })
            });
            assert_ne!(numbers(&recorder), [process.pid()]);
            assert_eq!(path.exists(), in_use);
        }
    });
}
