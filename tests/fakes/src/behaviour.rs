//! The ways in which an endpoint treats its callers.

use std::time::Duration;

/// The reaction of an endpoint to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// The right answer.
    Answer,
    /// The right answer after a delay.
    Slow(Duration),
    /// A refused connection. Takes effect on functions started afterwards.
    Refuse,
    /// A connection that is neither made nor refused. Takes effect on functions started afterwards.
    Unreachable,
    /// A reset. The call is not carried out.
    Reset,
    /// A reset after the call was carried out.
    ActAndReset,
    /// An open connection without an answer. The call is not carried out.
    NeverAnswer,
    /// An open connection without an answer, after the call was carried out.
    ActAndNeverAnswer,
    InternalError,
    Throttle,
    AccessDenied,
    /// A 200 that is no answer of the service.
    Malformed,
}

impl Behaviour {
    /// Every way in which a service can be down from the start.
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
