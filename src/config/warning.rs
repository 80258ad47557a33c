//! What was wrong with a variable.

use std::fmt;

/// Longest part of a value that is shown.
const SHOWN: usize = 64;

/// A variable that is not taken as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Name of the variable.
    pub variable: &'static str,
    /// Its value, or the part of it that is meant.
    pub value: Vec<u8>,
    /// What is wrong and what happens instead.
    pub problem: Problem,
}

/// What is wrong with a value, and what happens instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Not a decimal number; the default is used.
    NotANumber,
    /// A number that is not possible; the default is used.
    OutOfRange {
        /// Smallest possible.
        least: i64,
        /// Largest possible.
        most: i64,
    },
    /// Too much; the most is used.
    Lowered {
        /// What is used.
        used: u64,
    },
    /// Not one of the known names; the default is used.
    UnknownName {
        /// What there is.
        known: &'static str,
    },
    /// No value; the default is used.
    Empty,
    /// A path that is too long; the default is used.
    TooLong {
        /// Longest possible.
        longest: usize,
    },
    /// The process is privileged, so its environment may not name files; the default is used.
    Privileged,
    /// An item of a list that is not understood; it is left out.
    InvalidItem,
}

impl Warning {
    pub(super) fn new(variable: &'static str, value: &[u8], problem: Problem) -> Self {
        Self { variable, value: value.to_vec(), problem }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.value.get(..SHOWN).unwrap_or(&self.value);
        let dots = if shown.len() < self.value.len() { "..." } else { "" };
        write!(f, "{}=\"{}{dots}\": {}", self.variable, shown.escape_ascii(), self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NotANumber => f.write_str("not a number, default used"),
            Problem::OutOfRange { least, most: i64::MAX } => {
                write!(f, "less than {least}, default used")
            }
            Problem::OutOfRange { least, most } => {
                write!(f, "not within {least} to {most}, default used")
            }
            Problem::Lowered { used } => write!(f, "too large, {used} used"),
            Problem::UnknownName { known } => write!(f, "not one of {known}, default used"),
            Problem::Empty => f.write_str("empty, default used"),
            Problem::TooLong { longest } => {
                write!(f, "longer than {longest} characters, default used")
            }
            Problem::Privileged => f.write_str("ignored in a privileged process"),
            Problem::InvalidItem => f.write_str("not understood, ignored"),
        }
    }
}
