//! What is in a `.dlt` file: `cargo run --example read_file -- out.dlt`.
//!
//! Arguments: the file, and filters such as `NET::warn`, of which one is enough.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program may")]

use std::collections::BTreeMap;

use dlt::file::Reader;
use dlt::message::Filter;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let mut reader = Reader::open(path)?;
    for filter in arguments {
        reader = reader.keep(filter.parse::<Filter>()?);
    }

    let mut levels = BTreeMap::new();
    for message in &mut reader {
        let message = message?;
        println!("{message}");
        *levels.entry(message.level()).or_insert(0_u64) += 1;
    }
    eprintln!("{levels:?}, {} bytes skipped", reader.skipped());
    Ok(())
}
