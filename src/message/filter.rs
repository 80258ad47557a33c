//! Which messages are wanted.

use core::str::FromStr;

use crate::types::{AppId, ContextId, Level};
use crate::wire::header::{MessageType, MessageView};

use super::Message;

/// Messages of one application, of one context, up to a level, of one kind: what is not asked for may
/// be anything.
///
/// In writing it is `application:context:level`, of which each part may be empty and those at the end
/// may be left out. A level is a name (`fatal`, `error`, `warn`, `info`, `debug`, `verbose`) or a number
/// from 1 to 6.
///
/// ```
/// use dlt::Level;
/// use dlt::message::Filter;
///
/// let warnings_of_net = Filter::new().app("NET").up_to(Level::Warn);
/// assert_eq!("NET::warn".parse(), Ok(warnings_of_net));
/// assert_eq!(":CTX".parse(), Ok(Filter::new().context("CTX")));
/// assert!("NET:CTX:loud".parse::<Filter>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    app: Option<AppId>,
    context: Option<ContextId>,
    level: Option<Level>,
    kind: Option<MessageType>,
}

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// An identifier has four bytes at most.
    #[error("identifier {0} is longer than 4 bytes")]
    Identifier(String),
    /// There is no such level.
    #[error("no level {0}")]
    Level(String),
    /// More than three parts.
    #[error("more than application, context and level")]
    Parts,
}

impl Filter {
    /// Any message.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only of this application. Of the identifier the first four bytes count.
    #[must_use]
    pub fn app(self, id: impl AsRef<[u8]>) -> Self {
        Self { app: Some(AppId::new(id.as_ref())), ..self }
    }

    /// Only of this context. Of the identifier the first four bytes count.
    #[must_use]
    pub fn context(self, id: impl AsRef<[u8]>) -> Self {
        Self { context: Some(ContextId::new(id.as_ref())), ..self }
    }

    /// Only log messages of this level and of more serious ones.
    #[must_use]
    pub fn up_to(self, level: Level) -> Self {
        Self { level: Some(level), ..self }
    }

    /// Only of this kind.
    #[must_use]
    pub fn kind(self, kind: MessageType) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// Whether the message is wanted.
    ///
    /// ```
    /// # use dlt::message::{Filter, Message};
    /// let message = Message::from_bytes(b"\x21\0\0\x0e\x41\0APP\0CTX\0").unwrap();
    /// assert!(Filter::new().app("APP").passes(&message));
    /// assert!(!Filter::new().app("APP2").passes(&message));
    /// ```
    pub fn passes(&self, message: &Message) -> bool {
        self.passes_view(&message.view())
    }

    #[doc(hidden)]
    /// The same for a message that was only looked at.
    pub fn passes_view(&self, message: &MessageView<'_>) -> bool {
        let extended = message.extended.as_ref();
        let info = extended.map(|extended| extended.info);
        let is_log = info.is_some_and(|info| info.message_type() == MessageType::Log);
        self.app.is_none_or(|app| extended.is_some_and(|it| it.app == app))
            && self.context.is_none_or(|context| extended.is_some_and(|it| it.context == context))
            && self.kind.is_none_or(|kind| info.is_some_and(|info| info.message_type() == kind))
            && self.level.is_none_or(|level| {
                is_log
                    && info.is_some_and(|info| {
                        (1..=level.code()).contains(&info.subtype().cast_signed())
                    })
            })
    }
}

/// Whether one of the filters lets the message pass, or there is none.
pub fn passes_any(filters: &[Filter], message: &MessageView<'_>) -> bool {
    filters.is_empty() || filters.iter().any(|filter| filter.passes_view(message))
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let mut parts = text.split(':');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let mut filter = Self::new();
        if let Some(app) = next() {
            filter = filter.app(identifier(app)?);
        }
        if let Some(context) = next() {
            filter = filter.context(identifier(context)?);
        }
        if let Some(level) = next() {
            filter = filter.up_to(named(level).ok_or_else(|| FilterError::Level(level.into()))?);
        }
        if parts.next().is_some() { Err(FilterError::Parts) } else { Ok(filter) }
    }
}

fn identifier(text: &str) -> Result<&str, FilterError> {
    if text.len() <= crate::types::ID_SIZE {
        Ok(text)
    } else {
        Err(FilterError::Identifier(text.into()))
    }
}

fn named(text: &str) -> Option<Level> {
    const NAMES: [&str; 6] = ["fatal", "error", "warn", "info", "debug", "verbose"];
    let index = NAMES.iter().position(|name| text.eq_ignore_ascii_case(name));
    let code = index.map_or_else(|| text.parse().ok(), |index| i32::try_from(index + 1).ok())?;
    Level::try_from(code).ok().filter(|level| level.code() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(msin: u8) -> Message {
        let bytes = [b"\x21\0\0\x0e", &[msin][..], b"\0APP\0CTX\0"].concat();
        Message::from_bytes(&bytes).unwrap()
    }

    #[test]
    fn each_part_can_refuse_a_message() {
        let info = message(0x41);
        for (filter, passes) in [
            (Filter::new(), true),
            (Filter::new().app("APP").context("CTX").up_to(Level::Info), true),
            (Filter::new().kind(MessageType::Log), true),
            (Filter::new().app("APP1"), false),
            (Filter::new().context("CT"), false),
            (Filter::new().up_to(Level::Warn), false),
            (Filter::new().kind(MessageType::Control), false),
        ] {
            assert_eq!(filter.passes(&info), passes, "{filter:?}");
        }
        // A response, whose subtype would be a level.
        assert!(!Filter::new().up_to(Level::Verbose).passes(&message(0x26)));
        // A log message of level 0 and one of level 15.
        assert!(!Filter::new().up_to(Level::Verbose).passes(&message(0x01)));
        assert!(!Filter::new().up_to(Level::Verbose).passes(&message(0xf1)));
        let bare = Message::from_bytes(b"\x20\0\0\x04").unwrap();
        assert!(Filter::new().passes(&bare) && !Filter::new().app("APP").passes(&bare));
    }

    #[test]
    fn one_filter_of_several_is_enough_and_none_lets_all_pass() {
        let info = message(0x41);
        let filters = [Filter::new().app("X"), Filter::new().context("CTX")];
        assert!(passes_any(&filters, &info.view()));
        assert!(!passes_any(&filters[..1], &info.view()));
        assert!(passes_any(&[], &info.view()));
    }

    #[test]
    fn what_is_written_is_read() {
        for (text, filter) in [
            ("", Filter::new()),
            ("APP", Filter::new().app("APP")),
            ("APP:CTX:3", Filter::new().app("APP").context("CTX").up_to(Level::Warn)),
            ("::VERBOSE", Filter::new().up_to(Level::Verbose)),
            ("::", Filter::new()),
        ] {
            assert_eq!(text.parse(), Ok(filter), "{text}");
        }
        for text in ["APPL1", ":CTX12", "::0", "::7", "::-1", ":::", "A:B:1:"] {
            assert!(text.parse::<Filter>().is_err(), "{text}");
        }
    }
}
