//! The end of a process in front of a daemon in any state: it comes soon, what could be delivered
//! is, and what is lost is said, to the message.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use crate::programs::mosquitto_command;
use crate::support::children::Running;
use crate::support::daemon::{Daemon, installed};
use crate::support::library::{library, needs_ours};
use crate::support::recorder::Kind;
use crate::support::trial::{BLOCK, DROP_NEWEST, OVERWRITE, Said, Storm, Trial, lost_in};
use crate::support::{fact, fresh_dir, wait_for};

/// The daemon at the moment when a program ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Daemons {
    Well,
    Slow,
    Stopped,
    Killed,
}

#[test]
fn at_the_end_each_message_is_delivered_or_said_to_be_lost_whatever_state_the_daemon_is_in() {
    for daemon in [Daemons::Well, Daemons::Slow, Daemons::Stopped, Daemons::Killed] {
        for kind in [Kind::Fifo, Kind::Socket] {
            if library().is_reference && kind == Kind::Socket {
                continue;
            }
            let mut trial = Trial::start_with(&format!("end-{daemon:?}"), Some(kind), 4, &[]);
            match daemon {
                Daemons::Well => {}
                Daemons::Slow => trial.sink.sip(Some(4_000)),
                Daemons::Stopped => trial.sink.still(true),
                Daemons::Killed => trial.kill_daemon(),
            }
            trial.begin(Storm::of(4, 2_500));
            let longest = trial.end(false);
            let account = trial.end_by_exit(longest);
            let took = trial.took_to_exit;
            let lines = trial.said();
            if kind == Kind::Fifo {
                let missing = account.missing;
                fact(
                    &format!("end of a program, daemon {daemon:?}, 10,000 messages just logged"),
                    &format!("{took} ms; {missing} accepted and lost; said: {:?}", lines.last()),
                );
            }
            if !library().is_reference {
                assert_eq!(account.refused, 0, "more fit the ring");
                let all = matches!(daemon, Daemons::Well | Daemons::Slow);
                assert_eq!(account.missing == 0, all, "{daemon:?}: {lines:?}");
                assert_eq!(lines.len(), usize::from(!all), "{lines:?}");
            }
        }
    }
}

#[test]
fn what_was_lost_for_want_of_room_is_said_at_the_end_as_well() {
    needs_ours("it says what it throws away when it sends again", || {
        for (mode, why) in
            [(DROP_NEWEST, "for want of room"), (OVERWRITE, "given up for newer ones")]
        {
            for end in ["all is delivered", "the daemon is stopped", "the library is stopped"] {
                let mut trial = Trial::start(&format!("said-{mode}"), Some(Kind::Fifo), 1);
                trial.mode(mode, 0);
                trial.sink.still(true);
                // More than ring and pipe hold, and slow enough for both to be filled.
                trial.begin(Storm { pause: 100, ..Storm::of(1, 10_000) });
                let longest = trial.end(false);
                let lost = trial.look().lost;
                assert!(lost > 0, "there was room for all");
                if end == "all is delivered" {
                    trial.sink.still(false);
                    trial.settle(longest);
                } else if end == "the library is stopped" {
                    trial.puppet.ok("free");
                }
                let abandoned = trial.puppet.statistics().abandoned;
                trial.end_by_exit(longest);
                let lines = trial.said();
                let [line] = &lines[..] else { panic!("one line: {lines:?}") };
                let said = lost_in(line).unwrap_or_else(|| panic!("not about losses: {line}"));
                assert!(line.contains(&format!("{lost} {why}")), "{end}: {line}");
                assert_eq!(said.total, lost + abandoned + said.at_the_end, "{end}: {line}");
                assert_eq!(said.at_the_end > 0, end == "the daemon is stopped", "{line}");
                assert_eq!(abandoned > 0, end == "the library is stopped", "{line}");
            }
        }
    });
}

#[test]
fn who_has_lost_nothing_says_nothing_at_the_end() {
    for mode in [DROP_NEWEST, BLOCK] {
        let mut trial = Trial::start(&format!("unsaid-{mode}"), Some(Kind::Fifo), 1);
        trial.mode(mode, 60_000);
        trial.begin(Storm::of(1, 500));
        let longest = trial.end(false);
        trial.end_by_exit(longest);
        if !library().is_reference {
            assert_eq!(trial.said(), Vec::<String>::new());
        }
    }
}

/// mosquitto and its daemon, in a namespace of their own.
struct Broker {
    daemon: Daemon,
    broker: Running,
    said: PathBuf,
}

impl Broker {
    fn start(name: &str) -> Option<Self> {
        if !installed(&["mosquitto", "mosquitto_pub"]) {
            return None;
        }
        let dir = fresh_dir(name);
        let daemon = Daemon::start(&dir)?;
        let mut command = mosquitto_command(&daemon);
        let said = dir.join("said.txt");
        let out = File::create(&said).expect("own directory");
        command.env("LD_LIBRARY_PATH", &library().dir);
        command.stdout(out.try_clone().expect("own file")).stderr(out);
        let broker = Running::start("mosquitto", &mut command);
        wait_for("mosquitto", || daemon.namespace.listens(1883).then_some(()));
        let it = Self { daemon, broker, said };
        wait_for("its first line", || (it.lines_with("mosquitto version") > 0).then_some(()));
        Some(it)
    }

    /// So many messages, each of which has been acknowledged.
    fn publish(&self, count: u32) {
        let lines: String = (0..count).map(|number| format!("message {number}\n")).collect();
        let input = self.said.with_file_name("input");
        std::fs::write(&input, lines).expect("own directory");
        let mut publish = self.daemon.command("mosquitto_pub");
        publish.args(["-t", "a/b", "-q", "1", "-l"]);
        publish.stdin(Stdio::from(File::open(&input).expect("own file")));
        assert!(Running::start("mosquitto_pub", &mut publish).wait().success());
    }

    /// What its daemon's viewer shows.
    fn lines_with(&self, text: &str) -> usize {
        let printed = self.daemon.printed();
        printed.lines().filter(|line| line.contains(" MQTT ") && line.contains(text)).count()
    }

    /// Ends it. Milliseconds that took, and the last line that it has said about losses.
    fn stop(&mut self) -> (u64, Option<Said>, String) {
        let begin = Instant::now();
        self.broker.signal(libc::SIGTERM);
        assert!(self.broker.wait().success());
        let took = begin.elapsed().as_millis() as u64;
        let said = said_lines(&self.said);
        let last = said.last().cloned().unwrap_or_default();
        (took, lost_in(&last), last)
    }
}

fn said_lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = |line: &str| line.rsplit('~').next().unwrap_or_default().to_owned();
    text.lines().map(line).collect()
}

/// Ends mosquitto in front of a daemon that `fault` has befallen. A busy machine may be late with
/// one end, and with the next: one of five within the bound shows that the library waits no longer.
fn ends_within(bound: u64, name: &str, fault: &str, befall: impl Fn(&mut Broker)) {
    let mut took = Vec::new();
    while took.len() < 5 {
        let Some(mut broker) = Broker::start(name) else {
            return;
        };
        befall(&mut broker);
        let (milliseconds, said, line) = broker.stop();
        took.push(milliseconds);
        if library().is_reference || milliseconds <= bound {
            fact(fault, &format!("mosquitto ends within {milliseconds} ms; said: {line:?}"));
        }
        if library().is_reference {
            return;
        }
        assert!(said.is_some_and(|said| said.at_the_end > 0), "{line:?}");
        if milliseconds <= bound {
            return;
        }
    }
    panic!("{took:?} ms, not once at most {bound}");
}

#[test]
fn mosquitto_ends_soon_when_its_daemon_has_been_killed_and_says_what_was_lost() {
    ends_within(700, "mosq-killed", "end of mosquitto, daemon killed", |broker| {
        broker.daemon.kill();
        broker.publish(3);
    });
}

#[test]
fn mosquitto_ends_soon_when_its_daemon_is_stopped_and_says_what_was_lost() {
    ends_within(1_200, "mosq-stopped", "end of mosquitto, daemon stopped, pipe full", |broker| {
        broker.daemon.signal(libc::SIGSTOP);
        broker.publish(1_000);
    });
}

#[test]
fn what_mosquitto_logs_while_its_daemon_is_stopped_is_there_when_it_goes_on() {
    let Some(mut broker) = Broker::start("mosq-paused") else {
        return;
    };
    broker.daemon.signal(libc::SIGSTOP);
    broker.publish(300);
    broker.daemon.signal(libc::SIGCONT);
    let received = |broker: &Broker| broker.lines_with("Received PUBLISH");
    let acknowledged = |broker: &Broker| broker.lines_with("Sending PUBACK");
    if library().is_reference {
        let (mut before, mut since) = (0, Instant::now());
        wait_for("the end of what arrives", || {
            let now = received(&broker);
            if now != before {
                (before, since) = (now, Instant::now());
            }
            (since.elapsed().as_secs() > 4).then_some(())
        });
    } else {
        wait_for("300 publishes and their acknowledgements", || {
            ((received(&broker), acknowledged(&broker)) == (300, 300)).then_some(())
        });
    }
    let found = format!("{} and {}", received(&broker), acknowledged(&broker));
    let (took, said, line) = broker.stop();
    fact(
        "mosquitto, 300 publishes while the daemon is stopped",
        &format!("{found} lines of 300 and 300 arrive; ends within {took} ms; said: {line:?}"),
    );
    assert!(library().is_reference || said.is_none(), "{line}");
}
