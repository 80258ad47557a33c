//! For programs that log with the crates `log` or `tracing`: what they say goes to DLT, and the
//! levels that the daemon sets decide what they say.

#![forbid(unsafe_code)]

#[cfg(feature = "log")]
mod log;
mod routes;
#[cfg(feature = "tracing")]
mod tracing;

#[cfg(feature = "log")]
pub use log::LogAdapter;
pub use routes::Routes;
#[cfg(feature = "tracing")]
pub use tracing::{SpanMessages, TracingFilter, TracingLayer};
