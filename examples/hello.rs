//! The shortest program that logs to a daemon: `cargo run --example hello`.
//!
//! The daemon need not run. With `dlt-receive -a localhost` (or `dlt-collect --fifo /tmp` in place of
//! both) the lines are seen.

#![expect(clippy::print_stderr, reason = "a program may")]

use std::time::Duration;

use dlt::{Level, Logger, OverflowMode, Value};

fn main() -> Result<(), dlt::Error> {
    let logger = Logger::new("HELO", "hello from Rust")?;
    let net = logger.context("NET", "network")?;

    // Arguments keep their types, may have names, and units behind a semicolon.
    dlt::info!(net, "connected", 12, speed = 3.5; "km/h");
    dlt::warn!(net, "retry", attempt = 2_u8, flags = Value::hex(&0xc0_u8));

    // Arguments of what is off are not even looked at.
    dlt::debug!(net, "table", Value::debug(&expensive()));

    // What a message's fate is matters rarely; here is how to know it.
    if let Err(error) = dlt::try_log!(net, Level::Error, "not found", "config.toml") {
        eprintln!("{error}");
    }

    // A message whose arguments are known at run time only.
    if let Some(mut message) = net.message(Level::Info) {
        message.add("arguments");
        for argument in std::env::args() {
            message.add(argument);
        }
        message.send()?;
    }

    // From here on rather wait a little than lose something.
    logger.set_overflow(OverflowMode::Block, Duration::from_millis(50))?;
    let counts = logger.statistics();
    dlt::info!(net, submitted = counts.submitted, lost = counts.lost);
    Ok(())
}

fn expensive() -> Vec<u32> {
    (0..100_000).collect()
}
