//! Large files: what indexing one costs, beside Debian's library. 1 GiB in `make test-long`, less in
//! the usual run.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use crate::support::library::{DEBIAN, compiled, library, only_ours};
use crate::support::{fresh_dir, is_long, note};

/// What the C program prints.
#[derive(Debug, Clone, Copy)]
struct Cost {
    messages: u64,
    processor: u64,
    wall: u64,
    /// In KiB, at the most.
    memory: u64,
}

fn indexed(program: &Path, file: &Path, library_dir: &Path) -> Cost {
    let output = Command::new(program).arg(file).env("LD_LIBRARY_PATH", library_dir).output();
    let output = output.expect("the program can be run");
    assert!(output.status.success(), "{}", output.status);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<u64> =
        text.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let [messages, processor, wall, memory] = numbers[..] else { panic!("{text}") };
    Cost { messages, processor, wall, memory }
}

/// Messages with a number and a text of `longest` bytes at most, until there are `bytes` bytes; how many.
fn write_messages(path: &Path, bytes: u64, longest: usize) -> u64 {
    let mut file = BufWriter::new(File::create(path).expect("own file"));
    let (mut written, mut count) = (0, 0_u32);
    while written < bytes {
        let text = count as usize * 31 % longest;
        let length = 26 + 8 + 6 + text;
        let mut message = b"DLT\x01\0\0\0\0\0\0\0\0ECU1\x3d\0".to_vec();
        message.extend_from_slice(&(length as u16).to_be_bytes());
        message.extend_from_slice(b"ECU1\0\0\0\x01");
        message.extend_from_slice(&count.to_be_bytes());
        message.extend_from_slice(b"\x41\x02APP1CTX1\x43\0\0\0");
        message.extend_from_slice(&count.to_le_bytes());
        message.extend_from_slice(b"\0\x02\0\0");
        message.extend_from_slice(&(text as u16).to_le_bytes());
        message.resize(16 + length, b'x');
        file.write_all(&message).expect("room on the disk");
        written += message.len() as u64;
        count += 1;
    }
    file.flush().expect("room on the disk");
    count.into()
}

#[test]
fn a_large_file_is_indexed_in_half_the_time_and_in_memory_for_the_index_alone() {
    let path = fresh_dir("indexing").join("large.dlt");
    // The reference copies its index each time that it grows: with ten million messages it would
    // take minutes.
    let (bytes, longest, rounds) = if is_long() { (1 << 30, 1800, 1) } else { (1 << 25, 120, 3) };
    let count = write_messages(&path, bytes, longest);
    let program = compiled("index_file");
    only_ours("the reference is what it is measured against", || {
        // In turn, and the best of each: others may want the processor, too.
        let rounds = (0..rounds).map(|_| {
            let [theirs, ours] = [Path::new(DEBIAN), &library().dir]
                .map(|library_dir| indexed(&program, &path, library_dir));
            assert_eq!((theirs.messages, ours.messages), (count, count));
            (theirs, ours)
        });
        let rounds: Vec<_> = rounds.collect();
        let best = |of: fn(&(Cost, Cost)) -> u64| rounds.iter().map(of).min().expect("a round");
        let (theirs, ours) = (best(|r| r.0.processor), best(|r| r.1.processor));
        let walls = (best(|r| r.0.wall), best(|r| r.1.wall));
        let memory = best(|r| r.1.memory) * 1024;
        let index = count * 8;
        note(&format!(
            "{count} messages in {} MiB: processor {} and {} ms, {:.1} times as fast; wall {} and {} \
             ms, {:.1} times; {:.1} MiB of memory beside theirs {:.1} for an index of {:.1}",
            bytes >> 20,
            theirs / 1_000_000,
            ours / 1_000_000,
            theirs as f64 / ours as f64,
            walls.0 / 1_000_000,
            walls.1 / 1_000_000,
            walls.0 as f64 / walls.1 as f64,
            memory as f64 / 1_048_576.0,
            best(|r| r.0.memory) as f64 / 1024.0,
            index as f64 / 1_048_576.0,
        ));
        assert!(theirs >= 2 * ours, "{theirs} ns there, {ours} ns here");
        // It doubles as it grows, and the old and the new one may be there side by side.
        assert!(memory < 3 * index + (1 << 21), "{memory} bytes for an index of {index}");
    });
    fs::remove_file(&path).expect("own file");
}
