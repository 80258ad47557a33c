//! Diagnostic Log and Trace: a replacement of libdlt with the same C ABI.
//!
//! A logging call copies its message into a bounded ring and returns; one worker thread does all
//! I/O. The rooms, from the bottom up: see `docs/architecture.md`.
//!
//! Under `cfg(loom)` there are only the two rooms that are model-checked: loom's atomics cannot
//! stand in a static.

#[cfg(not(loom))]
pub mod arch;
#[cfg(not(loom))]
pub mod blocks;
#[cfg(not(loom))]
pub mod client;
#[cfg(not(loom))]
pub mod clock;
#[cfg(not(loom))]
pub mod config;
#[cfg(not(loom))]
pub mod diagnostics;
#[cfg(all(feature = "capi", not(loom)))]
pub mod ffi;
#[cfg(not(loom))]
pub mod file;
#[cfg(not(loom))]
pub mod instance;
#[cfg(not(loom))]
pub mod logger;
#[cfg(not(loom))]
pub mod registry;
pub mod ring;
#[cfg(not(loom))]
pub mod rotation;
#[cfg(not(loom))]
pub mod runtime;
#[cfg(not(loom))]
pub mod session;
#[cfg(not(loom))]
pub mod staging;
pub mod sync;
#[cfg(not(loom))]
pub mod text;
#[cfg(not(loom))]
pub mod transfer;
#[cfg(not(loom))]
pub mod transport;
#[cfg(not(loom))]
pub mod types;
#[cfg(not(loom))]
pub mod wire;
#[cfg(not(loom))]
pub mod worker;
