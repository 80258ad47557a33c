//! When to try to connect. Times are durations since any fixed moment.

use core::time::Duration;

const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
const POLL: Duration = Duration::from_secs(1);

/// What is to be expected after a try has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// Another makes sense only after the next event.
    Event,
    /// The daemon may be at it: try for a second.
    Soon,
    /// The daemon may be at it, and nothing will tell when it is done: try for five seconds.
    Later,
    /// Nothing will ever tell: go on.
    Unannounced,
}

impl Outlook {
    fn eager(self) -> Duration {
        match self {
            Outlook::Event => Duration::ZERO,
            Outlook::Soon => Duration::from_secs(1),
            Outlook::Later => Duration::from_secs(5),
            Outlook::Unannounced => Duration::MAX,
        }
    }
}

/// Tries at once when something happened, then with growing pauses as long as there is an outlook.
/// After that only the next event counts, unless there are no events to be had.
#[derive(Debug, Default)]
pub struct Reconnect {
    stirred: Duration,
    pause: Duration,
    due: Option<Duration>,
    polling: bool,
}

impl Reconnect {
    /// Without notification, tries go on for ever, a second apart.
    pub fn poll(&mut self, polling: bool) {
        self.polling = polling;
    }

    /// Something happened where the daemon appears, or the link broke.
    pub fn stirred(&mut self, now: Duration) {
        self.stirred = now;
        self.pause = FIRST_PAUSE;
        self.due = Some(now);
    }

    /// A try has failed.
    pub fn failed(&mut self, now: Duration, outlook: Outlook) {
        self.due = if now < self.stirred.saturating_add(outlook.eager()) {
            let due = now + self.pause;
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            Some(due)
        } else {
            self.polling.then_some(now + POLL)
        };
    }

    /// There is a link.
    pub fn connected(&mut self) {
        self.due = None;
    }

    /// When to try next.
    pub fn due(&self) -> Option<Duration> {
        self.due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries before `limit`, and the last of them.
    fn tries(reconnect: &mut Reconnect, outlook: Outlook, limit: Duration) -> (usize, Duration) {
        let mut tries = (0, Duration::ZERO);
        while let Some(due) = reconnect.due().filter(|due| *due < limit) {
            tries = (tries.0 + 1, due);
            reconnect.failed(due, outlook);
        }
        tries
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn tries_end_when_the_outlook_does() {
        let mut reconnect = Reconnect::default();
        for (outlook, seconds) in [(Outlook::Event, 0), (Outlook::Soon, 1), (Outlook::Later, 5)] {
            reconnect.stirred(Duration::ZERO);
            let (count, last) = tries(&mut reconnect, outlook, HOUR);
            assert!(count >= 1 && last.abs_diff(Duration::from_secs(seconds)) <= LONGEST_PAUSE);
            assert_eq!(reconnect.due(), None);
        }
    }

    #[test]
    fn without_events_tries_go_on() {
        let mut reconnect = Reconnect::default();
        reconnect.poll(true);
        reconnect.stirred(Duration::ZERO);
        assert!(tries(&mut reconnect, Outlook::Event, HOUR).0 >= 3600);
        reconnect.poll(false);
        reconnect.stirred(Duration::ZERO);
        assert!(tries(&mut reconnect, Outlook::Unannounced, HOUR).0 >= 3600);
    }

    #[test]
    fn no_two_tries_are_further_apart_than_a_quarter_second_while_there_is_an_outlook() {
        let mut reconnect = Reconnect::default();
        reconnect.stirred(Duration::ZERO);
        let mut before = Duration::ZERO;
        while let Some(due) = reconnect.due() {
            assert!(due - before <= LONGEST_PAUSE);
            before = due;
            reconnect.failed(due, Outlook::Later);
        }
    }

    #[test]
    fn an_event_makes_the_next_try_due_at_once() {
        let mut reconnect = Reconnect::default();
        reconnect.stirred(Duration::ZERO);
        tries(&mut reconnect, Outlook::Soon, HOUR);
        reconnect.stirred(HOUR);
        assert_eq!(reconnect.due(), Some(HOUR));
    }
}
