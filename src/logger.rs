//! What an application does: register itself and its contexts, and log.

#![forbid(unsafe_code)]

pub mod application;
pub mod backlog;
pub mod compose;
pub mod context;
pub mod message;
pub mod statistics;
pub mod trace;

/// Why something cannot be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The library is not started, and cannot be.
    #[error(transparent)]
    Runtime(#[from] crate::runtime::Error),
    /// No room for another context.
    #[error(transparent)]
    Registry(#[from] crate::registry::Error),
    /// No application is registered.
    #[error("no application is registered")]
    NoApplication,
    /// No context is registered.
    #[error("no context is registered")]
    NoContext,
    /// This context is not registered.
    #[error("the context is not registered")]
    NotRegistered,
    /// Messages are left.
    #[error("not everything is delivered")]
    Undelivered,
}
