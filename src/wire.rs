//! Bytes of DLT messages and of the protocol between application and daemon.
//!
//! Pure: no I/O, no clock, no environment, and no heap on the path of a logging call. What comes
//! from outside (daemon bytes, files) is parsed without a panic and without trusting its lengths.
//!
//! | module | what |
//! |---|---|
//! | [`arguments`] | payload of a message, argument by argument; every logging call comes here |
//! | [`network_trace`] | payloads of network traces, built from arguments |
//! | [`header`] | headers in front of the payload, both ways; storage header of files |
//! | [`frame`] | frames to the daemon |
//! | [`inbound`] | frames from the daemon |
//! | [`outbound`] | the same frames as `frame`, read at the daemon's end |
//! | [`answer`] | the same frames as `inbound`, written at the daemon's end |
//! | [`record`] | what stands in front of a payload on its way through the ring |

#![forbid(unsafe_code)]

pub mod answer;
pub mod arguments;
mod fill;
pub mod frame;
pub mod header;
pub mod inbound;
pub mod network_trace;
pub mod outbound;
pub mod record;
pub mod type_info;
mod unread;
mod utf8;
