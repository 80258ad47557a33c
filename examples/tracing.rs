//! A program that logs with the crate `tracing`: `cargo run --example tracing`.

use dlt::{Logger, Routes, SpanMessages, TracingLayer};
use tracing_subscriber::layer::SubscriberExt;

mod network {
    /// It knows nothing of DLT.
    pub fn answer(id: u32) {
        let _request = tracing::info_span!("request", id).entered();
        tracing::debug!("parsed");
        tracing::info!(bytes = 512 * id, cached = id.is_multiple_of(2), "answered");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let logger = Logger::new("TRAC", "a program that logs with tracing")?;
    // Messages of the module go to a context of its own, whose level is set apart.
    let routes = Routes::new(logger.context("MAIN", "whatever else")?)
        .route("tracing::network", logger.context("NET", "network")?);
    // Beside another layer, or one of its own, it would be `.with(layer.beside_others())`.
    let layer = TracingLayer::new(routes).with_span_messages(SpanMessages::Lifetime);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;

    tracing::info!("begins");
    (1..=3).for_each(network::answer);
    tracing::warn!(requests = 3, "ends");
    Ok(())
}
