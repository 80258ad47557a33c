//! A program that logs with the crate `log`, as its libraries do: `cargo run --example log`.

use dlt::{LogAdapter, Logger, Routes};

mod network {
    /// It knows nothing of DLT.
    pub fn connect(host: &str) {
        log::debug!("looking up {host}");
        log::info!(host, port = 3490, took_ms = 12.5; "connected");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let logger = Logger::new("LOGS", "a program that logs with log")?;
    // Messages of the module go to a context of its own, whose level is set apart.
    let routes = Routes::new(logger.context("MAIN", "whatever else")?)
        .route("log::network", logger.context("NET", "network")?);
    LogAdapter::new(routes).install()?;

    log::info!("begins");
    network::connect("localhost");
    log::warn!("ends after {} connection", 1);
    Ok(())
}
