//! What the library takes: one thread, nothing when idle, no system call and no heap when warm.

use std::process::Command;
use std::time::Duration;

use crate::support::children::{at_rest, context_switches};
use crate::support::library::{compiled, library, only_ours};
use crate::support::puppet::Puppet;
use crate::support::recorder::{Kind, Recorder};
use crate::support::{fresh_dir, note};

#[test]
fn there_is_no_thread_before_the_first_use_and_exactly_one_after() {
    only_ours("the reference starts two threads", || {
        let dir = fresh_dir("thread");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        let mut puppet = Puppet::start(&dir);
        assert_eq!(puppet.threads().len(), 1);
        puppet.register();
        puppet.numbers("burst 0 4 0 1000 1");
        recorder.wait_for_messages(1000);
        let threads = puppet.threads();
        assert_eq!(threads.len(), 2, "{threads:?}");
        assert!(threads.iter().all(|name| name.len() <= 15));
    });
}

#[test]
fn a_warm_logging_call_makes_no_system_call_and_takes_nothing_from_the_heap() {
    only_ours("the reference allocates and writes in every call", || {
        let dir = fresh_dir("warm");
        let recorder = Recorder::start(&dir, Kind::Fifo);
        // Another thread may be in the way once (a page fault is none, a wake-up of a worker that
        // had parked is one): the best of a few runs shows whether the call itself needs any.
        let mut seen = Vec::new();
        for _ in 0..5 {
            let output = Command::new(compiled("warm_call"))
                .env("LD_LIBRARY_PATH", &library().dir)
                .env("DLT_PIPE_DIR", &dir)
                .env("DLT_LOG_MODE", "4")
                .output()
                .expect("the program can be run");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let figure = |name: &str| -> u64 {
                let found = text.split_whitespace().find_map(|word| word.strip_prefix(name));
                found.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{text:?}"))
            };
            seen.push((figure("syscalls="), figure("allocations="), figure("messages=")));
        }
        drop(recorder);
        note(&format!("(system calls, allocations, messages) of five runs: {seen:?}"));
        assert!(seen.iter().any(|run| run.0 == 0), "{seen:?}");
        assert!(seen.iter().all(|run| run.1 == 0), "{seen:?}");
    });
}

#[test]
fn an_idle_process_never_wakes_with_the_daemon_there_gone_or_never_seen() {
    only_ours("the reference wakes four times a second", || {
        let there = fresh_dir("idle-there");
        let gone = fresh_dir("idle-gone");
        let never = fresh_dir("idle-never");
        let recorder = Recorder::start(&there, Kind::Fifo);
        let mut leaving = Recorder::start(&gone, Kind::Fifo);
        let mut puppets = [&there, &gone, &never].map(|dir| Puppet::start(dir));
        for puppet in &mut puppets {
            puppet.register();
            puppet.numbers("burst 0 4 0 100 1");
        }
        recorder.wait_for_messages(100);
        leaving.wait_for_messages(100);
        leaving.leave();
        puppets[1].ok("log 0 4 100");
        let before = puppets.each_ref().map(|puppet| at_rest(puppet.pid()));
        // The measurement itself: ten seconds in which nothing may happen.
        std::thread::sleep(Duration::from_secs(10));
        for (puppet, before) in puppets.iter().zip(before) {
            assert_eq!(context_switches(puppet.pid()), before);
        }
    });
}
