//! Who has registered what, and what the daemon answers to it.

use std::collections::BTreeMap;

use dlt::types::{AppId, ContextId, Level, TraceStatus};
use dlt::wire::answer;
use dlt::wire::outbound::FromApplication;

/// Contexts that are remembered. Whoever registers more gets answers for each all the same, but not
/// for all at once.
const CONTEXTS_MAX: usize = 65_536;

/// What contexts are told in place of what they ask for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub level: Option<Level>,
    pub trace: Option<TraceStatus>,
}

/// A frame for the application with this process id.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub pid: i32,
    pub bytes: Vec<u8>,
}

/// The applications of one FIFO, or of one connection.
#[derive(Debug, Default)]
pub struct Applications {
    contexts: BTreeMap<(AppId, ContextId), Context>,
}

#[derive(Debug, Clone, Copy)]
struct Context {
    position: i32,
    pid: i32,
}

impl Applications {
    /// Takes note of a frame; returns what is to be answered.
    pub fn hear(&mut self, frame: &FromApplication<'_>, wanted: Wanted) -> Vec<Answer> {
        match *frame {
            FromApplication::RegisterApplication { pid, .. } => {
                vec![Answer { pid, bytes: answer::log_state(true).to_vec() }]
            }
            FromApplication::RegisterContext(asked) => {
                let context = Context { position: asked.position, pid: asked.pid };
                let key = (asked.app, asked.context);
                if self.contexts.len() < CONTEXTS_MAX || self.contexts.contains_key(&key) {
                    self.contexts.insert(key, context);
                }
                let is_open = level_of(asked.level).is_none() || trace_of(asked.trace).is_none();
                let is_overruled = wanted.level.is_some() || wanted.trace.is_some();
                if is_open || is_overruled {
                    vec![context.levels(asked.level, asked.trace, wanted)]
                } else {
                    Vec::new()
                }
            }
            FromApplication::ApplicationLevels { app, level, trace } => {
                let mine = self.contexts.iter().filter(|((of, _), _)| *of == app);
                mine.map(|(_, context)| context.levels(level, trace, wanted)).collect()
            }
            FromApplication::UnregisterContext { app, context, .. } => {
                self.contexts.remove(&(app, context));
                Vec::new()
            }
            FromApplication::UnregisterApplication { app, .. } => {
                self.contexts.retain(|(of, _), _| *of != app);
                Vec::new()
            }
            FromApplication::Log { .. }
            | FromApplication::Overflow { .. }
            | FromApplication::LogMode(_)
            | FromApplication::Marker => Vec::new(),
        }
    }
}

impl Context {
    /// What it is told: what is wanted, else what was asked for, else what the daemon has for
    /// default.
    fn levels(self, level: i8, trace: i8, wanted: Wanted) -> Answer {
        let level = wanted.level.or(level_of(level)).unwrap_or(Level::Info);
        let trace = wanted.trace.or(trace_of(trace)).unwrap_or(TraceStatus::Off);
        let [level, trace] = [level.code(), trace.code()].map(i8::cast_unsigned);
        Answer { pid: self.pid, bytes: answer::log_level(self.position, level, trace).to_vec() }
    }
}

fn level_of(code: i8) -> Option<Level> {
    Level::try_from(i32::from(code)).ok().filter(|level| *level != Level::Default)
}

fn trace_of(code: i8) -> Option<TraceStatus> {
    TraceStatus::try_from(i32::from(code)).ok().filter(|trace| *trace != TraceStatus::Default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dlt::types::NOT_SET;
    use dlt::wire::frame::ContextRegistration;

    const AS_ASKED: Wanted = Wanted { level: None, trace: None };

    fn context(position: i32, level: i8, trace: i8) -> FromApplication<'static> {
        FromApplication::RegisterContext(ContextRegistration {
            app: AppId(*b"APP1"),
            context: ContextId::new(format!("C{position}").as_bytes()),
            position,
            level,
            trace,
            pid: 42,
            description: b"",
        })
    }

    fn level(position: i32, level: u8, trace: u8) -> Answer {
        Answer { pid: 42, bytes: answer::log_level(position, level, trace).to_vec() }
    }

    // As Debian's daemon answers, see tests/golden/daemon_probe_debian_2.18.8.txt.
    #[test]
    fn a_context_is_answered_where_it_leaves_something_open() {
        let mut applications = Applications::default();
        let mut answers = |level, trace| applications.hear(&context(5, level, trace), AS_ASKED);
        assert_eq!(answers(NOT_SET, NOT_SET), [level(5, 4, 0)]);
        assert_eq!(answers(3, NOT_SET), [level(5, 3, 0)]);
        assert_eq!(answers(3, 1), []);
        assert_eq!(answers(100, -100), [level(5, 4, 0)]);
    }

    #[test]
    fn what_is_wanted_overrules_what_is_asked_for() {
        let mut applications = Applications::default();
        let wanted = Wanted { level: Some(Level::Verbose), trace: None };
        assert_eq!(applications.hear(&context(5, 3, 1), wanted), [level(5, 6, 1)]);
    }

    #[test]
    fn a_limit_of_the_application_is_answered_for_each_of_its_contexts() {
        let mut applications = Applications::default();
        for position in [0, 1, 2] {
            applications.hear(&context(position, 3, 1), AS_ASKED);
        }
        let gone = FromApplication::UnregisterContext {
            app: AppId(*b"APP1"),
            context: ContextId::new(b"C1"),
            pid: 42,
        };
        applications.hear(&gone, AS_ASKED);
        let limit = |app| FromApplication::ApplicationLevels { app, level: 2, trace: 0 };
        let answers = applications.hear(&limit(AppId(*b"APP1")), AS_ASKED);
        assert_eq!(answers, [level(0, 2, 0), level(2, 2, 0)]);
        assert_eq!(applications.hear(&limit(AppId(*b"APP2")), AS_ASKED), []);
        let gone = FromApplication::UnregisterApplication { app: AppId(*b"APP1"), pid: 42 };
        applications.hear(&gone, AS_ASKED);
        assert_eq!(applications.hear(&limit(AppId(*b"APP1")), AS_ASKED), []);
    }
}
