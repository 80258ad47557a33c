//! The viewer's side in Rust: files and live connections as iterators, requests with their answers;
//! beside Debian's daemon and tools and beside a decoder that knows nothing of ours.
//!
//! What was planted and failed here: an argument's unit for its name; microseconds left out; filters
//! that let everything pass; the answer to another service taken.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use dlt::client::{AskError, Client, Request};
use dlt::file::Reader;
use dlt::message::{AppId, ContextId, Filter, Message, MessageType, Value};

use crate::support::children::Running;
use crate::support::collecting::{Collecting, PROGRAM};
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{DEBIAN, compiled, library, needs_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::Kind;
use crate::support::{fresh_dir, wait_for};

/// A file that holds what the captured cases log.
fn file_of_all_cases(name: &str) -> String {
    let dir = fresh_dir(name);
    let file = dir.join("out.dlt").to_str().expect("a plain path").to_owned();
    let collecting = Collecting::start(&dir, Kind::Fifo, &["-o", &file]);
    super::collect::run_cases(&dir);
    assert_eq!(collecting.end().code, Some(0));
    file
}

fn read(file: &str) -> Vec<Message> {
    let mut reader = Reader::open(file).expect("own file");
    let messages: Vec<Message> = (&mut reader).map(|it| it.expect("own file")).collect();
    assert_eq!(reader.skipped(), 0);
    assert!(messages.len() > 150, "{} messages", messages.len());
    messages
}

#[test]
fn messages_of_a_file_are_shown_as_dlt_convert_shows_them() {
    if !installed(&["dlt-convert"]) {
        return;
    }
    let file = file_of_all_cases("viewer-convert");
    let mut command = Command::new("dlt-convert");
    command.args(["-a", &file]).env("LD_LIBRARY_PATH", DEBIAN).env("TZ", "UTC");
    let output = command.output().expect("dlt-convert can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let expected: Vec<&str> =
        text.lines().map(|it| it.split_once(' ').expect("a number").1).collect();
    let messages = read(&file);
    for (message, expected) in messages.iter().zip(&expected) {
        assert_eq!(message.to_string().trim_end(), expected.trim_end());
    }
    assert_eq!(messages.len(), expected.len());
}

#[test]
fn messages_of_a_file_are_decoded_as_an_independent_decoder_decodes_them() {
    use dlt_core::dlt::{PayloadContent, Value as Theirs};
    use dlt_core::parse::{ParsedMessage, dlt_message};

    let file = file_of_all_cases("viewer-core");
    let bytes = std::fs::read(&file).expect("own file");
    let mut rest = &bytes[..];
    let mut compared = 0;
    for ours in read(&file) {
        let (behind, parsed) = dlt_message(rest, None, true).expect("a message");
        rest = behind;
        let ParsedMessage::Item(theirs) = parsed else { panic!("no message: {ours:?}") };
        let header = theirs.header;
        assert_eq!(ours.counter(), header.message_counter);
        assert_eq!(ours.session(), header.session_id);
        let units = ours.timestamp().map(|it| it.as_micros() / 100);
        assert_eq!(units, header.timestamp.map(u128::from));
        let storage = theirs.storage_header.expect("asked for").timestamp;
        let stored = ours.stored().expect("a file has it").wall;
        assert_eq!(stored.as_secs(), u64::from(storage.seconds));
        assert_eq!(stored.subsec_micros(), storage.microseconds);
        if let Some(extended) = theirs.extended_header {
            let id = |id: &[u8]| String::from_utf8_lossy(id).into_owned();
            assert_eq!(ours.app().map(|it| id(it.as_bytes())), Some(extended.application_id));
            assert_eq!(ours.context().map(|it| id(it.as_bytes())), Some(extended.context_id));
        }
        let PayloadContent::Verbose(arguments) = theirs.payload else {
            // The decoder has network traces apart.
            let is_trace = ours.kind() == Some(MessageType::NetworkTrace);
            assert!(is_trace || ours.arguments().count() == 0, "{ours:?}");
            continue;
        };
        let decoded: Vec<_> = ours.arguments().map(|it| it.expect("a known type")).collect();
        assert_eq!(decoded.len(), arguments.len());
        for (ours, theirs) in decoded.iter().zip(&arguments) {
            let text = |text: Option<&[u8]>| {
                text.map(|it| String::from_utf8_lossy(it).into_owned()).filter(|it| !it.is_empty())
            };
            assert_eq!(text(ours.name), theirs.name.clone().filter(|it| !it.is_empty()));
            assert_eq!(text(ours.unit), theirs.unit.clone().filter(|it| !it.is_empty()));
            let same = match (ours.value, &theirs.value) {
                (Value::Bool(ours), Theirs::Bool(theirs)) => ours == (*theirs != 0),
                (Value::Signed(ours), Theirs::I8(theirs)) => ours == i64::from(*theirs),
                (Value::Signed(ours), Theirs::I16(theirs)) => ours == i64::from(*theirs),
                (Value::Signed(ours), Theirs::I32(theirs)) => ours == i64::from(*theirs),
                (Value::Signed(ours), Theirs::I64(theirs)) => ours == *theirs,
                (Value::Unsigned(ours), Theirs::U8(theirs)) => ours == u64::from(*theirs),
                (Value::Unsigned(ours), Theirs::U16(theirs)) => ours == u64::from(*theirs),
                (Value::Unsigned(ours), Theirs::U32(theirs)) => ours == u64::from(*theirs),
                (Value::Unsigned(ours), Theirs::U64(theirs)) => ours == *theirs,
                (Value::Float32(ours), Theirs::F32(theirs)) => ours.to_bits() == theirs.to_bits(),
                (Value::Float64(ours), Theirs::F64(theirs)) => ours.to_bits() == theirs.to_bits(),
                (Value::Text(ours), Theirs::StringVal(theirs)) => {
                    String::from_utf8_lossy(ours) == theirs.as_str()
                }
                (Value::Raw(ours), Theirs::Raw(theirs)) => ours == theirs,
                _ => false,
            };
            assert!(same, "{ours:?} {theirs:?}");
            compared += 1;
        }
    }
    assert!(rest.is_empty() && compared > 120, "{compared} arguments, {} bytes left", rest.len());
}

#[test]
fn the_collector_reads_files_and_leaves_out_what_filters_do() {
    let file = file_of_all_cases("viewer-collector");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(PROGRAM);
        let output = command.args(["--read", &file]).args(arguments).output();
        let output = output.expect("the collector runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("plain text").lines().count()
    };
    let messages = read(&file);
    assert_eq!(run(&[]), messages.len());
    assert_eq!(run(&["--count", "7"]), 7);
    let filter = "::warn".parse::<Filter>().expect("a filter");
    let passing = messages.iter().filter(|message| filter.passes(message)).count();
    assert!((1..messages.len()).contains(&passing), "{passing}");
    assert_eq!(run(&["--filter", "::warn"]), passing);
    let of_file: Vec<Message> = Reader::open(&file)
        .expect("own file")
        .keep(filter)
        .map(|it| it.expect("own file"))
        .collect();
    assert_eq!(of_file.len(), passing);
    assert!(of_file.iter().all(|message| filter.passes(message)));
    // What it writes of them is the same file again.
    let copy = format!("{file}.copy");
    assert_eq!(run(&["-o", &copy]), 0);
    assert_eq!(std::fs::read(&copy).expect("a copy"), std::fs::read(&file).expect("own file"));
}

/// Not a test: the viewer, in the place where the daemon is.
#[test]
#[ignore = "the process that the test below starts"]
#[expect(clippy::print_stdout, reason = "which the test reads")]
fn viewing_process() {
    if std::env::var_os("VIEW").is_none() {
        return;
    }
    let limit = Duration::from_secs(20);
    let client = Client::connect("127.0.0.1", dlt::client::PORT).expect("the daemon listens");
    let mut client = client.keep(Filter::new().app("PUPP"));
    // What is known, and what is not.
    let known = |client: &mut Client| {
        client.ask(&Request::GetLogInfo, limit).expect("an answer").applications().expect("whole")
    };
    let app = known(&mut client).into_iter().find(|app| app.id == AppId::new(b"PUPP"));
    let app = app.expect("it has registered");
    let context = app.contexts.iter().find(|it| it.id == ContextId::new(b"PCTX")).expect("as well");
    assert_eq!((context.level, context.trace), (4, 0));
    let version = client.ask(&Request::GetSoftwareVersion, limit).expect("an answer");
    assert!(version.software_version().is_some_and(|it| !it.is_empty()), "{version:?}");
    let level = client.ask(&Request::GetDefaultLogLevel, limit).expect("an answer");
    assert_eq!(level.default_log_level(), Some(4));
    let nobody = Request::SetLogLevel {
        app: AppId::new(b"NONE"),
        context: ContextId::new(b"NONE"),
        level: 3,
    };
    assert!(matches!(client.ask(&nobody, limit), Err(AskError::Refused)));
    // What changes something.
    let (app, context) = (AppId::new(b"PUPP"), ContextId::new(b"PCTX"));
    client.ask(&Request::SetLogLevel { app, context, level: 6 }, limit).expect("done");
    let apps = known(&mut client);
    assert!(apps.iter().any(|it| it.id == app && it.contexts.iter().any(|it| it.level == 6)));
    let inject = Request::Inject { app, context, service: 0x1000, data: b"hello" };
    client.send(&inject).expect("the daemon listens");
    // What is logged from now on, up to the last message.
    println!("= ready");
    for message in &mut client {
        let message = message.expect("the daemon lives");
        let mut numbers = message.arguments().flatten().map(|it| it.value);
        let last = numbers.nth(1);
        println!("! {last:?} {message}");
        if last == Some(Value::Unsigned(99)) {
            break;
        }
    }
    std::process::exit(0);
}

#[test]
fn a_viewer_asks_the_daemon_is_answered_and_sees_what_is_logged() {
    needs_ours("the puppet's contexts are at INFO from the start", || {
        let dir = fresh_dir("viewer-live");
        let Some(mut daemon) = Daemon::without_daemon(&dir) else {
            return;
        };
        daemon.start_daemon();
        let mut command = daemon.command("env");
        command.arg(compiled("puppet")).env("LD_LIBRARY_PATH", &library().dir);
        command.env("DLT_PIPE_DIR", "/tmp").env("DLT_LOG_MODE", "4").stderr(Stdio::null());
        let mut puppet = Puppet::of(command);
        puppet.register();
        assert_eq!(puppet.numbers("watch 0"), [0, 0, 0]);
        assert_eq!(puppet.numbers("flush 10000")[0], 0);
        let (printed, complaints) = (dir.join("viewed.txt"), dir.join("complaints.txt"));
        let mut command = daemon.command("env");
        command.arg(std::env::current_exe().expect("this test"));
        command.args(["--exact", "viewer::viewing_process", "--ignored", "--nocapture"]);
        command.env("VIEW", "1").stdout(File::create(&printed).expect("own directory"));
        command.stderr(File::create(&complaints).expect("own directory"));
        let mut viewer = Running::start("the viewer", &mut command);
        let viewed = |path: &Path| std::fs::read_to_string(path).expect("own file");
        wait_for("its questions to be answered", || {
            assert!(viewer.ended().is_none(), "{}", viewed(&complaints));
            viewed(&printed).contains("= ready").then_some(())
        });
        assert_eq!(puppet.event()[..4], ["level", "PCTX", "6", "0"]);
        assert_eq!(puppet.event()[..3], ["injection", "4096", "hello"]);
        // The collector as a second viewer.
        let collected = dir.join("collected.txt");
        let mut command = daemon.command(PROGRAM);
        command.args(["--connect", "127.0.0.1", "--filter", "PUPP", "--count", "3"]);
        command.stdout(File::create(&collected).expect("own directory")).stderr(Stdio::null());
        let mut collector = Running::start("dlt-collect", &mut command);
        wait_for("its connection", || {
            (daemon.namespace.connections(dlt::client::PORT) == 2).then_some(())
        });
        for number in [7, 8, 99] {
            puppet.ok(&format!("log 0 6 {number}"));
        }
        assert!(viewer.wait().success(), "{}", viewed(&complaints));
        let printed = viewed(&printed);
        for number in [7, 8, 99] {
            assert!(printed.contains(&format!("! Some(Unsigned({number})) ")), "{printed}");
        }
        assert!(collector.wait().success());
        assert_eq!(viewed(&collected).lines().count(), 3);
    });
}
