//! Four threads of an invented car log with a context each, and log less while the daemon is slow:
//! `cargo run --example threads`. What a viewer injects for service 0x1000 is logged as well.

#![expect(clippy::print_stdout, reason = "a program may")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use dlt::{Context, Logger};

const TURNS: u32 = 1_000;

fn drive(part: &Context, calm: &AtomicBool) {
    for turn in 1..=TURNS {
        let load = f64::from(turn * 37 % 100) / 100.0;
        if !calm.load(Ordering::Relaxed) {
            dlt::info!(part, "turn", turn, load = load; "%");
        }
        if turn.is_multiple_of(250) {
            dlt::warn!(part, "hot after", turn);
        }
        thread::sleep(Duration::from_micros(100));
    }
}

fn main() -> Result<(), dlt::Error> {
    let logger = Logger::new("CAR", "an invented car")?;
    let calm = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&calm);
    logger.on_pressure(75, 25, move |crowded| told.store(crowded, Ordering::Relaxed))?;

    let parts = ["ENG", "GEAR", "WHL", "DOOR"].map(|id| logger.context(id, "a part of the car"));
    let threads: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let (part, calm) = (part?, Arc::clone(&calm));
            part.on_injection(0x1000, |part, data| dlt::info!(part, "injected", data))?;
            Ok(thread::spawn(move || drive(&part, &calm)))
        })
        .collect::<Result<_, dlt::Error>>()?;
    for thread in threads {
        let _ = thread.join();
    }

    // Without a daemon the messages wait; they get a second here, and some time at the end.
    let delivered = logger.flush(Duration::from_secs(1));
    let counts = logger.statistics();
    println!(
        "submitted {}, delivered {}, lost {}",
        counts.submitted, counts.delivered, counts.lost
    );
    delivered
}
