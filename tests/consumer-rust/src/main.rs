//! A program that knows the library as everybody does: by its name and its features.

use std::time::Duration;

use dlt::{Level, Logger};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let logger = Logger::new("CONS", "consumer")?;
    let context = logger.context_with("CTX", "context", Some(Level::Info), None)?;
    dlt::info!(context, "plainly", speed = 3.5; "km/h");
    #[cfg(feature = "log")]
    {
        dlt::LogAdapter::new(&context).install()?;
        log::info!("through log {}", 1);
        #[cfg(feature = "kv")]
        log::info!(key = 5; "with pairs");
    }
    #[cfg(feature = "tracing")]
    {
        use tracing_subscriber::layer::SubscriberExt;
        let subscriber = tracing_subscriber::registry().with(dlt::TracingLayer::new(&context));
        tracing::subscriber::with_default(subscriber, || tracing::info!(n = 1, "through tracing"));
    }
    logger.flush(Duration::from_secs(10))?;
    Ok(())
}
