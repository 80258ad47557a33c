//! Diagnostic Log and Trace (DLT, AUTOSAR): log to a dlt-daemon from programs in Rust, and the C ABI
//! of libdlt for all others.
//!
//! A logging call copies its message into a bounded ring and returns; one thread of the library does
//! all I/O. While the daemon is away messages wait for it, and each one that is lost is counted.
//!
//! ```
//! use dlt::Logger;
//!
//! fn main() -> Result<(), dlt::Error> {
//!     let logger = Logger::new("DEMO", "demonstration")?;
//!     let net = logger.context("NET", "network")?;
//!     dlt::info!(net, "connected, ms:", 12, speed = 3.5; "km/h");
//!     Ok(())
//! }
//! ```
//!
//! * [`Logger`] is the application that the process is; what holds for all of it is set there.
//! * [`Context`] is what messages are logged with; the daemon sets levels for it.
//! * [`info!`] and its like check the level first and keep the types of their arguments
//!   ([`ToValue`]), with names and units. They allocate nothing, take no lock and cannot panic.
//!
//! | feature | what |
//! |---|---|
//! | `capi`, the default | the C interface: exports every symbol of libdlt, and needs a C compiler |
//! | `log` | `LogAdapter`: what is said with the crate `log` goes to DLT |
//! | `kv` | its key-values as well, typed |
//! | `tracing` | `TracingLayer`: what is said with the crate `tracing` goes to DLT |
//!
//! Where the daemon is, how much waits for it and more is taken from the environment; the README has
//! the variables (`DLT_PIPE_DIR`, `DLT_INITIAL_LOG_LEVEL`, `DLT_USER_BUFFER_MAX`, ...).
//!
//! The other direction, messages that others logged, is in [`mod@file`] (`.dlt` files) and [`client`] (a
//! connection to a daemon, which also takes requests); both give [`message::Message`]s.
//!
//! The rest of this page is for who works on the crate. Its rooms, from the bottom up, are told in
//! `docs/architecture.md`; what is hidden here may change with every version.
//!
//! Under `cfg(loom)` there are only the two rooms that are model-checked: loom's atomics cannot
//! stand in a static.

#[cfg(all(any(feature = "log", feature = "tracing"), not(loom)))]
#[doc(hidden)]
pub mod adapters;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod arch;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod blocks;
#[cfg(not(loom))]
pub mod client;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod clock;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod config;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod diagnostics;
#[cfg(all(feature = "capi", not(loom)))]
#[cfg_attr(not(clippy), doc(hidden))] // clippy asks less of what is hidden
pub mod ffi;
#[cfg(not(loom))]
pub mod file;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod instance;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod logger;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod memory;
#[cfg(not(loom))]
pub mod message;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod registry;
#[doc(hidden)]
pub mod ring;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod rotation;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod runtime;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod session;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod staging;
#[doc(hidden)]
pub mod sync;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod text;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod transfer;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod transport;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod types;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod wire;
#[cfg(not(loom))]
#[doc(hidden)]
pub mod worker;

#[cfg(all(feature = "log", not(loom)))]
pub use adapters::LogAdapter;
#[cfg(all(any(feature = "log", feature = "tracing"), not(loom)))]
pub use adapters::Routes;
#[cfg(all(feature = "tracing", not(loom)))]
pub use adapters::{SpanMessages, TracingFilter, TracingLayer};
#[cfg(not(loom))]
pub use logger::{Context, Error, Logger, LongTrace, Lost, Message, Statistics, ToValue, Value};
#[cfg(not(loom))]
pub use registry::Counts as ContextStatistics;
#[cfg(not(loom))]
pub use runtime::Error as StartError;
#[cfg(not(loom))]
pub use types::{Format, Level, NetworkTraceType, OverflowMode, TraceStatus, UnknownCode};

/// In a library for programs that know nothing of Rust. A Rust program has a heap of its own.
#[cfg(all(feature = "reserve", not(loom)))]
#[global_allocator]
static HEAP: memory::Heap = memory::Heap;
