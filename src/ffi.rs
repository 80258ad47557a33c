//! The C ABI: pointers in, references out, one call, a code back. One file a public header, and
//! beside them what several of them share.

mod arg;
pub mod buffer;
mod callback;
pub mod client;
mod code;
pub mod common;
mod data;
mod dump;
mod env_levels;
pub mod file;
pub mod filetransfer;
pub mod filter;
mod internal;
mod level_set;
pub mod log_files;
pub mod message;
pub mod multiple_files;
pub mod ng;
mod open;
mod protocol;
pub mod receiver;
mod receiving;
mod register;
mod stream;
mod trace;
pub mod types;
#[cfg(feature = "unprefixed-names")]
mod unprefixed;
pub mod user;
mod variadic;
mod verbose;
mod version;
pub mod write;
