//! When to try to connect. Times are durations since any fixed moment.

use core::time::Duration;

const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// A daemon that made its node opens it, or listens, within this time; neither makes an event.
const EAGER: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_secs(1);

/// Tries at once when something happened, then with growing pauses for a second. After that
/// only the next event counts, unless there are no events to be had.
#[derive(Debug, Default)]
pub struct Reconnect {
    eager_until: Duration,
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
        self.eager_until = now + EAGER;
        self.pause = FIRST_PAUSE;
        self.due = Some(now);
    }

    /// A try has failed.
    pub fn failed(&mut self, now: Duration) {
        self.due = if now < self.eager_until {
            let due = now + self.pause;
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            Some(due)
        } else {
            self.polling.then_some(now + POLL)
        };
    }

    /// A try has failed, and another makes sense only after the next event.
    pub fn given_up(&mut self, now: Duration) {
        self.due = self.polling.then_some(now + POLL);
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

    fn tries_within(reconnect: &mut Reconnect, limit: Duration) -> usize {
        let mut tries = 0;
        while let Some(due) = reconnect.due().filter(|due| *due < limit) {
            tries += 1;
            reconnect.failed(due);
        }
        tries
    }

    #[test]
    fn tries_end_a_second_after_the_last_event() {
        let mut reconnect = Reconnect::default();
        reconnect.stirred(Duration::ZERO);
        let tries = tries_within(&mut reconnect, Duration::from_secs(3600));
        assert!((8..20).contains(&tries), "{tries} tries");
        assert_eq!(reconnect.due(), None);
    }

    #[test]
    fn without_events_tries_go_on() {
        let mut reconnect = Reconnect::default();
        reconnect.poll(true);
        reconnect.stirred(Duration::ZERO);
        assert!(tries_within(&mut reconnect, Duration::from_secs(105)) > 100);
    }

    #[test]
    fn no_two_tries_are_further_apart_than_a_quarter_second_while_eager() {
        let mut reconnect = Reconnect::default();
        reconnect.stirred(Duration::ZERO);
        let mut before = Duration::ZERO;
        while let Some(due) = reconnect.due() {
            assert!(due - before <= LONGEST_PAUSE);
            before = due;
            reconnect.failed(due);
        }
    }
}
