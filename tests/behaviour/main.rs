//! The library as a whole, from outside: under programs that were compiled against Debian's
//! headers, in front of a recording daemon and of Debian's own.
//!
//! `DLT_NG_LIBDIR=/usr/lib/x86_64-linux-gnu cargo test --test behaviour` runs it on the reference:
//! what is claimed beyond the reference has to fail there, so a claim that shows nothing is noticed.

#[allow(dead_code, reason = "what a test needs of its tools differs from day to day")]
mod support;

mod adapters;
mod boundaries;
mod callbacks;
mod client;
mod collect;
mod endings;
mod environment;
mod faults;
mod frozen;
mod golden;
mod hostile;
mod indexing;
mod levels;
mod life;
mod link;
mod lives;
mod losses;
mod managers;
mod memory;
mod order;
mod overflow;
mod pace;
mod programs;
mod quiet;
mod reentrant;
mod rust;
mod scarcity;
mod several;
mod soak;
mod surroundings;
mod tools;
mod transfer;
mod viewer;
