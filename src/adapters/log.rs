//! The crate `log`.

use core::time::Duration;
use std::sync::Arc;

use log::{LevelFilter, Log, Metadata, Record, SetLoggerError};

use super::Routes;
use crate::logger::{Context, Error};
use crate::types::Level;

/// How long `log::Log::flush` waits.
const FLUSH: Duration = Duration::from_secs(5);

/// What programs say with the crate `log` goes to DLT.
///
/// A record's text is the message's first argument; its key-values follow with their names and
/// types (feature `kv`). `trace!` is [`Level::Verbose`]. Which context a record belongs to, its
/// target decides, see [`Routes`].
///
/// ```
/// use dlt::{LogAdapter, Logger};
///
/// let logger = Logger::new("DEMO", "demonstration")?;
/// LogAdapter::new(logger.context("MAIN", "all of it")?).install()?;
/// log::info!("connected after {} ms", 12);
/// log::warn!(attempts = 3; "no answer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LogAdapter {
    routes: Arc<Routes>,
    location: bool,
}

impl LogAdapter {
    /// Records go to this context, or to those that routes name.
    pub fn new(routes: impl Into<Routes>) -> Self {
        Self { routes: Arc::new(routes.into()), location: false }
    }

    /// Adds file and line to every message.
    #[must_use]
    pub fn with_location(mut self) -> Self {
        self.location = true;
        self
    }

    /// Makes it the logger of the process. From now on `log`'s own maximum level follows the levels
    /// that the daemon sets, so what is off costs `log` one comparison. For that it takes the
    /// [`on_level_change`](Context::on_level_change) of its contexts.
    ///
    /// # Errors
    /// When there is a logger already.
    pub fn install(self) -> Result<(), SetLoggerError> {
        let routes = Arc::clone(&self.routes);
        log::set_boxed_logger(Box::new(self))?;
        // It fails when the library was stopped: then nothing is logged any more.
        let _ = Routes::watch(&routes, |routes| log::set_max_level(filter(routes.level())));
        // Behind it, so that no change is missed.
        log::set_max_level(filter(routes.level()));
        Ok(())
    }

    fn context_of(&self, metadata: &Metadata<'_>) -> &Context {
        self.routes.context_of(metadata.target())
    }
}

impl Log for LogAdapter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.context_of(metadata).is_enabled(level(metadata.level()))
    }

    fn log(&self, record: &Record<'_>) {
        let context = self.context_of(record.metadata());
        let Some(mut message) = context.message(level(record.level())) else { return };
        message.add(record.args());
        #[cfg(feature = "kv")]
        {
            // Ours never says that it has had enough.
            let _ = record.key_values().visit(&mut kv::Pairs(&mut message));
        }
        if self.location {
            if let Some(file) = record.file() {
                message.add_named("file", file);
            }
            if let Some(line) = record.line() {
                message.add_named("line", line);
            }
        }
        // What is lost is counted.
        let _: Result<(), Error> = message.send();
    }

    fn flush(&self) {
        // There is one logger for all. What is left after that is still on its way.
        let _ = self.routes.context_of("").logger().flush(FLUSH);
    }
}

fn level(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warn,
        log::Level::Info => Level::Info,
        log::Level::Debug => Level::Debug,
        log::Level::Trace => Level::Verbose,
    }
}

fn filter(threshold: Level) -> LevelFilter {
    match threshold {
        Level::Default | Level::Off | Level::Fatal => LevelFilter::Off,
        Level::Error => LevelFilter::Error,
        Level::Warn => LevelFilter::Warn,
        Level::Info => LevelFilter::Info,
        Level::Debug => LevelFilter::Debug,
        Level::Verbose => LevelFilter::Trace,
    }
}

#[cfg(feature = "kv")]
mod kv {
    use log::kv::{Error, Key, Value, VisitSource, VisitValue};

    use crate::logger::{Message, ToValue};

    /// Adds every pair.
    pub(super) struct Pairs<'m, 'c>(pub(super) &'m mut Message<'c>);

    impl<'kvs> VisitSource<'kvs> for Pairs<'_, '_> {
        fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
            value.visit(Pair(self.0, key.as_str()))
        }
    }

    /// Adds a value with its name.
    struct Pair<'m, 'c, 'k>(&'m mut Message<'c>, &'k str);

    impl Pair<'_, '_, '_> {
        fn add(&mut self, value: impl ToValue) -> Result<(), Error> {
            self.0.add_named(self.1, value);
            Ok(())
        }
    }

    impl<'v> VisitValue<'v> for Pair<'_, '_, '_> {
        fn visit_any(&mut self, value: Value<'_>) -> Result<(), Error> {
            self.add(format_args!("{value}"))
        }

        fn visit_u64(&mut self, value: u64) -> Result<(), Error> {
            self.add(value)
        }

        fn visit_i64(&mut self, value: i64) -> Result<(), Error> {
            self.add(value)
        }

        fn visit_f64(&mut self, value: f64) -> Result<(), Error> {
            self.add(value)
        }

        fn visit_bool(&mut self, value: bool) -> Result<(), Error> {
            self.add(value)
        }

        fn visit_str(&mut self, value: &str) -> Result<(), Error> {
            self.add(value)
        }
    }
}
