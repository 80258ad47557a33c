//! The C ABI: pointers in, references out, one call, a code back. One file a public header, and
//! beside them what several of them share.

mod arg;
mod callback;
mod code;
pub mod common;
mod data;
mod dump;
pub mod filetransfer;
mod level_set;
pub mod ng;
mod open;
mod protocol;
mod register;
mod trace;
pub mod types;
pub mod user;
mod variadic;
mod version;
pub mod write;
