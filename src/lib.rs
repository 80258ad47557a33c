//! Diagnostic Log and Trace: a replacement of libdlt with the same C ABI.
//!
//! A logging call copies its message into a bounded ring and returns; one worker thread does all
//! I/O. The rooms, from the bottom up: see `docs/architecture.md`.

pub mod arch;
pub mod clock;
pub mod config;
pub mod diagnostics;
#[cfg(feature = "capi")]
pub mod ffi;
pub mod instance;
pub mod logger;
pub mod registry;
pub mod ring;
pub mod runtime;
pub mod session;
pub mod staging;
pub mod sync;
pub mod text;
pub mod transfer;
pub mod transport;
pub mod types;
pub mod wire;
pub mod worker;
