//! `DLT_INITIAL_LOG_LEVEL`: levels that contexts start with.
//!
//! `item[;item...]`, an item being `[apid]:[ctid]:level`. An empty identifier means any. A level is
//! a number from -1 to 6, or a name. Where several items match, the one that says more wins
//! (both identifiers, then the application, then the context); among equals the first.

use super::number::Text;
use crate::types::{AppId, ContextId, ID_SIZE, Level};

/// The items of the variable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InitialLevels(Vec<Item>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Item {
    app: AppId,
    context: ContextId,
    level: Level,
}

impl InitialLevels {
    /// Reads the items of `text`. Those that are not understood go to `invalid` and are left out;
    /// empty ones are nothing.
    pub fn parse(text: &[u8], mut invalid: impl FnMut(&[u8])) -> Self {
        let items = text.split(|byte| *byte == b';').filter(|item| !item.trim_ascii().is_empty());
        let understood = items.filter_map(|text| {
            let item = item_of(text.trim_ascii());
            if item.is_none() {
                invalid(text);
            }
            item
        });
        Self(understood.collect())
    }

    /// A set of these items: application, context, level.
    pub fn from_items(items: impl IntoIterator<Item = (AppId, ContextId, Level)>) -> Self {
        let item = |(app, context, level)| Item { app, context, level };
        Self(items.into_iter().map(item).collect())
    }

    /// The items: application, context, level.
    pub fn items(&self) -> impl ExactSizeIterator<Item = (AppId, ContextId, Level)> + '_ {
        self.0.iter().map(|item| (item.app, item.context, item.level))
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The level for a context, if an item matches. Contexts that are registered before their
    /// application (an empty `app`) match only items that name none.
    pub fn level_for(&self, app: AppId, context: ContextId) -> Option<Level> {
        let mut best: Option<(u8, Level)> = None;
        for item in &self.0 {
            let rank = item.rank_for(app, context);
            if rank > best.map_or(0, |(rank, _)| rank) {
                best = Some((rank, item.level));
            }
        }
        best.map(|(_, level)| level)
    }
}

impl Item {
    /// How much the item says about a context: 0 if it is about others.
    fn rank_for(&self, app: AppId, context: ContextId) -> u8 {
        match (self.app.is_empty(), self.context.is_empty()) {
            (false, false) if self.app == app && self.context == context => 4,
            (false, true) if self.app == app => 3,
            (true, false) if self.context == context => 2,
            (true, true) => 1,
            _ => 0,
        }
    }
}

fn item_of(text: &[u8]) -> Option<Item> {
    let mut parts = text.split(|byte| *byte == b':');
    let (app, context, level) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || app.len() > ID_SIZE || context.len() > ID_SIZE {
        return None;
    }
    let level = level_of(level)?;
    Some(Item { app: AppId::new(app), context: ContextId::new(context), level })
}

fn level_of(text: &[u8]) -> Option<Level> {
    const NAMES: [(&str, Level); 9] = [
        ("default", Level::Default),
        ("off", Level::Off),
        ("fatal", Level::Fatal),
        ("error", Level::Error),
        ("warning", Level::Warn),
        ("warn", Level::Warn),
        ("info", Level::Info),
        ("debug", Level::Debug),
        ("verbose", Level::Verbose),
    ];
    let text = Text(text);
    let named = NAMES.iter().find(|(name, _)| text.is(name)).map(|(_, level)| *level);
    named.or_else(|| {
        let code = super::number::number_of(text.0)?;
        Level::try_from(i32::try_from(code).ok()?).ok()
    })
}
