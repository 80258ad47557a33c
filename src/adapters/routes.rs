//! Which context a message belongs to, by the target that `log` and `tracing` give it.

use std::sync::{Arc, Weak};

use crate::logger::{Context, Error};
use crate::types::Level;

/// Which context a message belongs to, by its target: the path of the module that it comes from,
/// unless the program says otherwise.
///
/// The longest rule that matches decides, whichever order they are given in. A rule matches its own
/// name and what is below it: `app::net` matches `app::net` and `app::net::tcp`, but not
/// `app::network`.
///
/// ```
/// use dlt::{Logger, Routes};
///
/// let logger = Logger::new("DEMO", "demonstration")?;
/// let routes = Routes::new(logger.context("MAIN", "whatever else")?)
///     .route("app::net", logger.context("NET", "network")?)
///     .route("app::net::tls", logger.context("TLS", "encryption")?);
/// assert_eq!(routes.context_of("app::net::tls::keys").id(), "TLS");
/// assert_eq!(routes.context_of("app::network").id(), "MAIN");
/// # Ok::<(), dlt::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Routes {
    /// The longest first.
    rules: Vec<(String, Context)>,
    otherwise: Context,
}

impl Routes {
    /// Everything belongs to this context, until there are rules.
    pub fn new(otherwise: Context) -> Self {
        Self { rules: Vec::new(), otherwise }
    }

    /// What has this target, or one below it, belongs to this context.
    #[must_use]
    pub fn route(mut self, target: &str, context: Context) -> Self {
        let longer = |rule: &(String, Context)| rule.0.len() >= target.len();
        let at = self.rules.partition_point(longer);
        self.rules.insert(at, (target.to_owned(), context));
        self
    }

    /// The context that a target belongs to.
    pub fn context_of(&self, target: &str) -> &Context {
        let rule = self.rules.iter().find(|(rule, _)| {
            target.strip_prefix(rule.as_str()).is_some_and(|below| {
                !below.starts_with(|next: char| next.is_alphanumeric() || next == '_')
            })
        });
        rule.map_or(&self.otherwise, |(_, context)| context)
    }

    /// The highest level that passes in any of the contexts.
    pub(super) fn level(&self) -> Level {
        self.contexts().map(Context::level).max().unwrap_or(Level::Off)
    }

    pub(super) fn contexts(&self) -> impl Iterator<Item = &Context> {
        self.rules.iter().map(|(_, context)| context).chain([&self.otherwise])
    }

    /// Has `changed` called when the daemon sets the level of one of the contexts, as long as there
    /// are clones of `routes`.
    pub(super) fn watch(
        routes: &Arc<Self>,
        changed: impl Fn(&Self) + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let changed = Arc::new(changed);
        for context in routes.contexts() {
            // Not the routes themselves, which own the context that owns the closure.
            let routes: Weak<Self> = Arc::downgrade(routes);
            let changed = Arc::clone(&changed);
            context.on_level_change(move |_, _, _| {
                if let Some(routes) = routes.upgrade() {
                    changed(&routes);
                }
            })?;
        }
        Ok(())
    }
}

impl From<Context> for Routes {
    fn from(context: Context) -> Self {
        Self::new(context)
    }
}

impl From<&Context> for Routes {
    fn from(context: &Context) -> Self {
        Self::new(context.clone())
    }
}
