//! The crate `tracing`.

use core::fmt::Debug;
use std::sync::{Arc, OnceLock};

use tracing_core::dispatcher::{self, WeakDispatch};
use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Event, Interest, LevelFilter, Metadata, Subscriber, callsite};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Filtered;
use tracing_subscriber::layer::{self, Filter};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::Routes;
use crate::logger::{Message, ToValue, Value};
use crate::types::Level;
use crate::wire::arguments::Arguments;

/// Bytes that the fields of a span, or what is recorded later at one time, may have.
const FIELDS_MAX: usize = 2048;
/// ... and all of it together.
const ALL_FIELDS_MAX: usize = 8 * FIELDS_MAX;
/// The field that holds an event's text.
const TEXT: &str = "message";

/// What programs say with the crate `tracing` goes to DLT.
///
/// An event's text is an argument without a name; its fields have their names and keep their types:
/// integers are integers at the receiver. `TRACE` is [`Level::Verbose`]. Which context an event or a
/// span belongs to, its target decides, see [`Routes`].
///
/// Levels that the daemon sets are what `tracing` filters by: `enabled`, the maximum level and the
/// interest of every call site follow them, so what is off costs one comparison. For that the layer
/// takes the [`on_level_change`](crate::logger::Context::on_level_change) of its contexts, and it filters for the
/// whole subscriber; beside other layers it stands with [`beside_others`](Self::beside_others).
/// Levels that the program itself sets for all contexts
/// ([`limit_levels`](crate::logger::Logger::limit_levels)) take effect on `tracing` with
/// `tracing::callsite::rebuild_interest_cache()`.
///
/// ```
/// use dlt::{Logger, TracingLayer};
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let logger = Logger::new("DEMO", "demonstration")?;
/// let layer = TracingLayer::new(logger.context("MAIN", "all of it")?);
/// tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
///
/// let _request = tracing::info_span!("request", id = 7).entered();
/// tracing::info!(ms = 12, cached = false, "answered");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TracingLayer {
    routes: Arc<Routes>,
    /// Whom to tell that levels have changed.
    dispatch: Arc<OnceLock<WeakDispatch>>,
    alone: bool,
    in_events: bool,
    messages: SpanMessages,
    location: bool,
}

/// Which messages there are of spans themselves. They have the level and the target of the span; what
/// happens is their first argument, the name of the span their second, called `span`.
///
/// ```
/// use dlt::{Logger, SpanMessages, TracingLayer};
///
/// let logger = Logger::new("DEMO", "demonstration")?;
/// let layer = TracingLayer::new(logger.context("MAIN", "all of it")?)
///     .with_span_messages(SpanMessages::Lifetime)
///     .with_spans_in_events(false);
/// # drop(layer);
/// # Ok::<(), dlt::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum SpanMessages {
    /// None.
    #[default]
    None,
    /// When one begins, with its fields, and when it is closed.
    Lifetime,
    /// Also whenever a thread enters and exits it.
    Activity,
}

impl TracingLayer {
    /// Events go to this context, or to those that routes name.
    pub fn new(routes: impl Into<Routes>) -> Self {
        Self {
            routes: Arc::new(routes.into()),
            dispatch: Arc::default(),
            alone: true,
            in_events: true,
            messages: SpanMessages::None,
            location: false,
        }
    }

    /// Whether events carry the spans that they are in, from the outermost: its name as an argument
    /// called `span`, then its fields. They do unless this is said.
    #[must_use]
    pub fn with_spans_in_events(mut self, carried: bool) -> Self {
        self.in_events = carried;
        self
    }

    /// Which messages there are of spans themselves: none unless this is said.
    #[must_use]
    pub fn with_span_messages(mut self, messages: SpanMessages) -> Self {
        self.messages = messages;
        self
    }

    /// Adds file and line to every event.
    #[must_use]
    pub fn with_location(mut self) -> Self {
        self.location = true;
        self
    }

    /// The layer with a filter of its own: what is off here is still seen by the other layers of the
    /// subscriber.
    ///
    /// ```
    /// use dlt::{Logger, TracingLayer};
    /// use tracing_subscriber::layer::{Identity, SubscriberExt};
    ///
    /// let logger = Logger::new("DEMO", "demonstration")?;
    /// let layer = TracingLayer::new(logger.context("MAIN", "all of it")?);
    /// let other = Identity::new();
    /// let subscriber = tracing_subscriber::registry().with(other).with(layer.beside_others());
    /// # drop(subscriber);
    /// # Ok::<(), dlt::Error>(())
    /// ```
    pub fn beside_others<S>(mut self) -> Filtered<Self, TracingFilter, S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        self.alone = false;
        let filter = TracingFilter(Arc::clone(&self.routes));
        self.with_filter(filter)
    }

    /// A message of a span itself.
    fn tell_of<S>(&self, what: &str, span: &SpanRef<'_, S>, fields: bool)
    where
        S: for<'a> LookupSpan<'a>,
    {
        let metadata = span.metadata();
        let context = self.routes.context_of(metadata.target());
        let Some(mut message) = context.message(level(metadata)) else { return };
        message.add(what).add_named("span", span.name());
        if fields && let Some(fields) = span.extensions().get::<Fields>() {
            fields.add_to(&mut message);
        }
        // What is lost is counted.
        let _ = message.send();
    }
}

impl<S> Layer<S> for TracingLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        if self.dispatch.set(dispatch.downgrade()).is_err() {
            return;
        }
        let dispatch = Arc::clone(&self.dispatch);
        let changed = move |_: &Routes| {
            // tracing asks the subscriber of the thread that it is called on, and no other, when it
            // knows of one only; this is the library's thread.
            if let Some(dispatch) = dispatch.get().and_then(WeakDispatch::upgrade) {
                dispatcher::with_default(&dispatch, callsite::rebuild_interest_cache);
            }
        };
        // It fails when the library was stopped: then nothing is logged any more.
        let _ = Routes::watch(&self.routes, changed);
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.alone { interest(&self.routes, metadata) } else { Interest::always() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: layer::Context<'_, S>) -> bool {
        !self.alone || is_enabled(&self.routes, metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        if self.alone { Some(filter(self.routes.level())) } else { None }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: layer::Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if span.extensions().get::<Fields>().is_none() {
            let mut fields = Fields::default();
            fields.record(|visit| attributes.record(visit));
            span.extensions_mut().replace(fields);
        }
        if self.messages >= SpanMessages::Lifetime {
            self.tell_of("new", &span, true);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: layer::Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            fields.record(|visit| values.record(visit));
        }
    }

    fn on_event(&self, event: &Event<'_>, spans: layer::Context<'_, S>) {
        let metadata = event.metadata();
        let context = self.routes.context_of(metadata.target());
        let Some(mut message) = context.message(level(metadata)) else { return };
        event.record(&mut InMessage(&mut message));
        if self.in_events
            && let Some(span) = spans.event_span(event)
        {
            add_spans(&mut message, &span);
        }
        if self.location {
            if let Some(file) = metadata.file() {
                message.add_named("file", file);
            }
            if let Some(line) = metadata.line() {
                message.add_named("line", line);
            }
        }
        // What is lost is counted.
        let _ = message.send();
    }

    fn on_enter(&self, id: &Id, context: layer::Context<'_, S>) {
        if self.messages >= SpanMessages::Activity
            && let Some(span) = context.span(id)
        {
            self.tell_of("enter", &span, false);
        }
    }

    fn on_exit(&self, id: &Id, context: layer::Context<'_, S>) {
        if self.messages >= SpanMessages::Activity
            && let Some(span) = context.span(id)
        {
            self.tell_of("exit", &span, false);
        }
    }

    fn on_close(&self, id: Id, context: layer::Context<'_, S>) {
        if self.messages >= SpanMessages::Lifetime
            && let Some(span) = context.span(&id)
        {
            self.tell_of("close", &span, true);
        }
    }
}

/// Adds a span behind those that it is in. An iterator over them from the outermost would be a
/// vector.
fn add_spans<S>(message: &mut Message<'_>, span: &SpanRef<'_, S>)
where
    S: for<'a> LookupSpan<'a>,
{
    if let Some(parent) = span.parent() {
        add_spans(message, &parent);
    }
    message.add_named("span", span.name());
    if let Some(fields) = span.extensions().get::<Fields>() {
        fields.add_to(message);
    }
}

/// What [`TracingLayer::beside_others`] filters by: the levels of the layer's contexts.
#[derive(Debug, Clone)]
pub struct TracingFilter(Arc<Routes>);

impl<S> Filter<S> for TracingFilter {
    fn enabled(&self, metadata: &Metadata<'_>, _: &layer::Context<'_, S>) -> bool {
        is_enabled(&self.0, metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        interest(&self.0, metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(filter(self.0.level()))
    }
}

fn is_enabled(routes: &Routes, metadata: &Metadata<'_>) -> bool {
    routes.context_of(metadata.target()).is_enabled(level(metadata))
}

/// Good until the daemon sets another level, for then it is asked for again.
fn interest(routes: &Routes, metadata: &Metadata<'_>) -> Interest {
    if is_enabled(routes, metadata) { Interest::always() } else { Interest::never() }
}

fn level(metadata: &Metadata<'_>) -> Level {
    match *metadata.level() {
        tracing_core::Level::ERROR => Level::Error,
        tracing_core::Level::WARN => Level::Warn,
        tracing_core::Level::INFO => Level::Info,
        tracing_core::Level::DEBUG => Level::Debug,
        tracing_core::Level::TRACE => Level::Verbose,
    }
}

fn filter(threshold: Level) -> LevelFilter {
    match threshold {
        Level::Default | Level::Off | Level::Fatal => LevelFilter::OFF,
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Verbose => LevelFilter::TRACE,
    }
}

/// The fields of a span, written once as arguments: an event takes them as they are.
#[derive(Debug, Default)]
struct Fields {
    arguments: Vec<u8>,
    count: i32,
}

impl Fields {
    fn record(&mut self, record: impl FnOnce(&mut InFields<'_, '_>)) {
        let before = self.arguments.len();
        if before + FIELDS_MAX > ALL_FIELDS_MAX {
            return; // no message would hold it
        }
        self.arguments.resize(before + FIELDS_MAX, 0);
        let room = self.arguments.get_mut(before..).unwrap_or_default();
        let mut arguments = Arguments::resume(room, 0, 0, true);
        record(&mut InFields(&mut arguments));
        let (size, count) = (arguments.size(), arguments.count());
        self.arguments.truncate(before + size);
        self.arguments.shrink_to_fit();
        self.count += count;
    }

    fn add_to(&self, message: &mut Message<'_>) {
        message.add_written(&self.arguments, self.count);
    }
}

/// Writes fields into the arguments of a span; what does not fit is left out.
struct InFields<'w, 'b>(&'w mut Arguments<'b>);

impl Put for InFields<'_, '_> {
    fn put(&mut self, name: &str, value: Value<'_>) {
        // A text is cut; of what else does not fit, the receiver sees that it is not there.
        let _ = value.add_named_to(self.0, Some(name), None);
    }
}

/// Writes fields into a message.
struct InMessage<'m, 'c>(&'m mut Message<'c>);

impl Put for InMessage<'_, '_> {
    fn put(&mut self, name: &str, value: Value<'_>) {
        if name == TEXT {
            self.0.add(value);
        } else {
            self.0.add_named(name, value);
        }
    }
}

trait Put {
    fn put(&mut self, name: &str, value: Value<'_>);
}

macro_rules! visit {
    ($type:ty) => {
        impl Visit for $type {
            fn record_f64(&mut self, field: &Field, value: f64) {
                self.put(field.name(), value.to_value());
            }

            fn record_i64(&mut self, field: &Field, value: i64) {
                self.put(field.name(), value.to_value());
            }

            fn record_u64(&mut self, field: &Field, value: u64) {
                self.put(field.name(), value.to_value());
            }

            fn record_bool(&mut self, field: &Field, value: bool) {
                self.put(field.name(), value.to_value());
            }

            fn record_str(&mut self, field: &Field, value: &str) {
                self.put(field.name(), value.to_value());
            }

            fn record_bytes(&mut self, field: &Field, value: &[u8]) {
                self.put(field.name(), value.to_value());
            }

            fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
                self.put(field.name(), Value::display(&value));
            }

            fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
                self.put(field.name(), Value::debug(value));
            }
        }
    };
}

visit!(InFields<'_, '_>);
visit!(InMessage<'_, '_>);
