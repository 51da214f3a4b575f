//! How an endpoint treats its callers.

use std::time::Duration;

/// What an endpoint does with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// What it should.
    Answer,
    /// What it should, after a while.
    Slow(Duration),
    /// Nobody listens. Takes effect on functions started afterwards.
    Refuse,
    /// Connections are neither made nor refused. Takes effect on functions started afterwards.
    Unreachable,
    /// The connection is reset, and nothing was done.
    Reset,
    /// The connection is reset, but what was asked for is done.
    ActAndReset,
    /// The connection stays open, and nothing is done or said.
    NeverAnswer,
    /// The connection stays open, what was asked for is done, and nothing is said.
    ActAndNeverAnswer,
    InternalError,
    Throttle,
    AccessDenied,
    /// A 200 of something else altogether.
    Malformed,
}

impl Behaviour {
    /// Every way in which a service may be down, from the start.
    pub const DOWN: [Self; 8] = [
        Self::Refuse,
        Self::Unreachable,
        Self::Reset,
        Self::NeverAnswer,
        Self::InternalError,
        Self::Throttle,
        Self::AccessDenied,
        Self::Malformed,
    ];
}
