//! Programs that exist, not recompiled, in front of Debian's daemon: what its viewer prints has to
//! be the same with Debian's library and with the one under test.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, library};
use crate::support::{fresh_dir, note, skipped, wait_for};

const EXAMPLES: &str = "/usr/lib/libdlt-examples";

/// For all contexts from the start, so that nothing depends on when the daemon's answer arrives.
const EVERY_LEVEL: &str = "::6";

/// How a program finds the library.
#[derive(Debug, Clone, Copy)]
enum By {
    Path,
    Preload,
}

impl By {
    fn put(self, command: &mut Command, library_dir: &Path) {
        match self {
            Self::Path => command.env("LD_LIBRARY_PATH", library_dir),
            Self::Preload => command.env("LD_PRELOAD", library_dir.join("libdlt.so.2")),
        };
    }

    /// Checks that the loader takes the library under test for this program.
    fn assert_loaded(self, program: &str) {
        let mut command = Command::new(program);
        command.env("LD_TRACE_LOADED_OBJECTS", "1");
        self.put(&mut command, &library().dir);
        let output = command.output().expect("the program can be loaded");
        let loaded = String::from_utf8_lossy(&output.stdout).into_owned();
        let ours = library().dir.join("libdlt.so.2");
        let ours = ours.to_str().expect("a plain path");
        assert!(loaded.contains(ours), "{program} by {self:?}:\n{loaded}");
    }
}

/// What has to be equal.
#[derive(Clone, Copy, PartialEq)]
enum Compared {
    /// Every line in its place.
    Lines,
    /// Every line, in any order: several threads or processes log at once.
    Sorted,
    /// The program logs nothing: it is about surviving.
    ExitCodeOnly,
}

/// A line of the viewer's without what differs from run to run.
pub fn masked(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
    let header = words.len() > 6 && words[0].len() == 10 && words[0].as_bytes()[4] == b'/';
    if !header {
        return Some(line.to_owned());
    }
    // date, time, time stamp, counter, ECU, application, context, ...
    if matches!(words[5], "ZEND" | "DA1-") || line.contains("'ZEND'") {
        return None;
    }
    let at = line.find(words[4]).unwrap_or(0);
    let counter = if words[5] == "DLTD" { "" } else { words[3] };
    let mut text = format!("{counter} {}", &line[at..]);
    if words[5] == "DLTD" && !text.contains("registered for PID") && !text.contains("Unregistered")
    {
        return None;
    }
    // Process ids, ports that the kernel chose, wall clocks and places.
    for before in ["registered for PID ", ", pid:  ", "from 127.0.0.1:"] {
        text = without_number_after(&text, before);
    }
    if words[5] == "MQTT" {
        text = without_number_after(&text, " V 1 [");
    }
    if words[6] == "TF09" {
        // Segments: a stream's number is the wall clock's, and the order among streams is free.
        for before in ["[NWST ", "[NWCH ", "[NWEN "] {
            text = without_number_after(&text, before);
        }
        text = text.replacen(words[3], "any", 1);
    }
    if words[6] == "TF11" {
        // Logs through copies of one context; there libdlt counts in the copy.
        text = text.replacen(words[3], "---", 1);
    }
    // The stress test names contexts at random.
    let name = words[6].trim_end_matches('-');
    if words[5] == "DSTS" && text.contains(&format!("[{name}]")) {
        text = text.replace(words[6], "name").replace(&format!("[{name}]"), "[name]");
    }
    Some(text.trim_end().to_owned())
}

fn without_number_after(text: &str, before: &str) -> String {
    let Some((left, right)) = text.split_once(before) else {
        return text.to_owned();
    };
    format!("{left}{before}#{}", right.trim_start_matches(|c: char| c.is_ascii_digit()))
}

struct Run {
    lines: Vec<String>,
    code: Option<i32>,
}

/// Runs a shell command line on one library and returns what the viewer shows of it.
fn run(dir: &Path, script: &str, library_dir: &Path, by: By) -> Option<Run> {
    let daemon = Daemon::start(dir)?;
    let mut command = daemon.command("sh");
    command.args(["-c", script]).stdout(Stdio::null()).stderr(Stdio::null());
    command.current_dir(dir).env("DLT_INITIAL_LOG_LEVEL", EVERY_LEVEL);
    by.put(&mut command, library_dir);
    let mut program = Running::start(script, &mut command);
    let status = program.wait_at_most(Duration::from_secs(300));
    let printed = daemon.wait_until_all_arrived();
    let lines = printed.lines().filter_map(masked);
    let (mut streams, mut lines): (Vec<String>, Vec<String>) =
        lines.partition(|line| line.starts_with("any "));
    streams.sort();
    lines.append(&mut streams);
    Some(Run { lines, code: status.code() })
}

fn same_as_on_debians_library(name: &str, script: &str, compared: Compared) {
    let program = script.split_whitespace().find(|word| word.starts_with('/')).unwrap_or("sh");
    if !installed(&[program]) {
        return;
    }
    // Side by side: most programs sleep most of the time.
    let runs = std::thread::scope(|scope| {
        let reference = scope
            .spawn(|| run(&fresh_dir(&format!("{name}-r")), script, DEBIAN.as_ref(), By::Path));
        let ours = [(By::Path, "o"), (By::Preload, "p")].map(|(by, suffix)| {
            by.assert_loaded(program);
            let dir = fresh_dir(&format!("{name}-{suffix}"));
            (by, scope.spawn(move || run(&dir, script, &library().dir, by)))
        });
        let reference = reference.join().expect("the run on the reference");
        (reference, ours.map(|(by, ours)| (by, ours.join().expect("the run on ours"))))
    });
    let (Some(mut reference), ours) = runs else {
        return;
    };
    if compared == Compared::Sorted {
        reference.lines.sort();
    }
    assert!(
        compared == Compared::ExitCodeOnly || reference.lines.len() > 1,
        "{script} logs nothing on the reference"
    );
    for (by, ours) in ours {
        let Some(mut ours) = ours else {
            return;
        };
        if compared == Compared::Sorted {
            ours.lines.sort();
        }
        let (expected, found) = (&reference.lines, &ours.lines);
        let first = expected.iter().zip(found).position(|(a, b)| a != b);
        let first = first.unwrap_or(expected.len().min(found.len()));
        assert!(
            expected == found,
            "{script} by {by:?}: {} lines expected, {} found; from line {first} on\n\
             expected {:#?}\nfound    {:#?}",
            expected.len(),
            found.len(),
            expected.iter().skip(first).take(4).collect::<Vec<_>>(),
            found.iter().skip(first).take(4).collect::<Vec<_>>()
        );
        assert_eq!(reference.code, ours.code, "{script} by {by:?}: exit code");
    }
    note(&format!("{name}: {} equal lines, by path and preloaded", reference.lines.len()));
}

macro_rules! program {
    ($test:ident, $compared:ident, $script:expr) => {
        #[test]
        fn $test() {
            let script = $script.replace("EXAMPLES", EXAMPLES);
            same_as_on_debians_library(stringify!($test), &script, Compared::$compared);
        }
    };
}

program!(
    the_adaptor_for_stdin,
    Lines,
    "seq 1 500 | exec /usr/bin/dlt-adaptor-stdin -a STDN -c STDC"
);
program!(example_user, Lines, "exec EXAMPLES/dlt-example-user -n 20 -d 1 hello");
program!(example_user_non_verbose, Lines, "exec EXAMPLES/dlt-example-user -g -n 5 -d 1 hello");
program!(example_user_raw, Lines, "exec EXAMPLES/dlt-example-user -r 500 -n 5 -d 1 hello");
program!(example_user_func, Lines, "exec EXAMPLES/dlt-example-user-func -n 5 -d 1 hello");
program!(
    example_user_func_non_verbose,
    Lines,
    "exec EXAMPLES/dlt-example-user-func -g -n 5 -d 1 hello"
);
program!(
    example_user_common_api,
    Lines,
    "exec EXAMPLES/dlt-example-user-common-api -n 5 -d 1 hello"
);
program!(test_user, Lines, "exec EXAMPLES/dlt-test-user");
program!(test_init_free, ExitCodeOnly, "exec EXAMPLES/dlt-test-init-free 20");
program!(test_fork_handler, Lines, "exec EXAMPLES/dlt-test-fork-handler");
program!(test_preregister_context, Lines, "exec EXAMPLES/dlt-test-preregister-context");
program!(test_non_verbose, Lines, "exec EXAMPLES/dlt-test-non-verbose -a");
program!(test_stress, Lines, "exec EXAMPLES/dlt-test-stress -1");
program!(test_stress_threads, Sorted, "exec EXAMPLES/dlt-test-stress -2");
program!(test_stress_much_data, Lines, "exec EXAMPLES/dlt-test-stress -3");
program!(test_stress_user, Lines, "exec EXAMPLES/dlt-test-stress-user -n 500 -r 2 -d 100");
program!(
    test_multi_process,
    Sorted,
    "exec EXAMPLES/dlt-test-multi-process -m 20 -p 4 -t 2 -d 5 -f 1"
);
program!(
    example_filetransfer,
    Lines,
    "exec EXAMPLES/dlt-example-filetransfer -i -t 1 EXAMPLES/dlt-example-user"
);
program!(
    test_filetransfer,
    Lines,
    "exec EXAMPLES/dlt-test-filetransfer -t EXAMPLES/dlt-test-user -i EXAMPLES/dlt-example-user-func"
);

#[test]
fn every_example_that_logs_is_among_them() {
    let this = include_str!("programs.rs");
    let Ok(examples) = std::fs::read_dir(EXAMPLES) else {
        return skipped("libdlt-examples is not installed (ci/install-debian-packages)");
    };
    let mut seen = 0;
    for example in examples {
        let path = example.expect("can be listed").path();
        let bytes = std::fs::read(&path).expect("can be read");
        // Viewers do not register; the one that neither logs nor views starts and stops.
        let uses = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
        if uses(b"dlt_register_app\0") || uses(b"dlt_init\0") {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            assert!(this.contains(&format!("exec EXAMPLES/{name}")), "{name} is not run");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn mosquitto_logs_through_it() {
    mosquitto(By::Path);
}

#[test]
fn mosquitto_logs_through_it_preloaded() {
    mosquitto(By::Preload);
}

fn mosquitto(by: By) {
    if !installed(&["mosquitto", "mosquitto_pub"]) {
        return;
    }
    let shown = |library_dir: &Path, by: By, name: &str| -> Option<Vec<String>> {
        let dir = fresh_dir(name);
        let daemon = Daemon::start(&dir)?;
        let mut command = mosquitto_command(&daemon);
        by.put(&mut command, library_dir);
        let mut broker = Running::start("mosquitto", &mut command);
        wait_for("mosquitto", || daemon.namespace.listens(1883).then_some(()));
        for i in 0..20 {
            let mut publish = daemon.command("mosquitto_pub");
            publish.args(["-i", &format!("t{i}"), "-t", "a/b", "-q", "1", "-m", "hello"]);
            assert!(Running::start("mosquitto_pub", &mut publish).wait().success());
            let gone = format!("Client t{i} disconnected");
            wait_for(&gone, || daemon.printed().contains(&gone).then_some(()));
        }
        broker.terminate();
        let printed = daemon.wait_until_all_arrived();
        Some(printed.lines().filter_map(masked).collect())
    };
    let names = match by {
        By::Path => ["mosq-r", "mosq-o"],
        By::Preload => ["mosq-pr", "mosq-po"],
    };
    let Some(expected) = shown(DEBIAN.as_ref(), By::Path, names[0]) else {
        return;
    };
    let Some(found) = shown(&library().dir, by, names[1]) else {
        return;
    };
    assert!(expected.len() > 60, "{expected:#?}");
    assert_eq!(expected, found);
    note(&format!("mosquitto: {} equal lines", found.len()));
}

/// mosquitto inside, on port 1883, with everything logged to DLT; the library is not chosen yet.
pub fn mosquitto_command(daemon: &Daemon) -> Command {
    // Inside, where it has the same name in every run.
    let configuration = daemon.namespace.inside("/tmp/mosquitto.conf");
    let text = "user root\nlistener 1883 127.0.0.1\nallow_anonymous true\nlog_dest dlt\n\
                log_type all\npersistence false\n";
    std::fs::write(&configuration, text).expect("own directory");
    let mut command = daemon.command("mosquitto");
    command.args(["-c", "/tmp/mosquitto.conf"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("DLT_INITIAL_LOG_LEVEL", EVERY_LEVEL);
    command
}
