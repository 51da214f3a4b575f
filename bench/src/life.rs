//! One sandbox from its start to its end, measured.

use std::time::Duration;

/// What a life took.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// From the start of the process until it asks for the first event.
    pub init: Phase,
    pub first: Phase,
    /// All events after the first.
    pub warm: Phase,
    /// The time of each of them.
    pub warm_times: Vec<Duration>,
    /// Bytes.
    pub peak_memory: u64,
}

/// A part of a life.
#[derive(Debug, Clone, Default)]
pub struct Phase {
    pub events: u32,
    /// From when an event is handed out until it is answered, or from the start of the process.
    pub time: Duration,
    /// Of all threads. What is left to do after the answer counts, too.
    pub processor_time: Duration,
    /// Requests to AWS, those included that only open a connection.
    pub calls: u32,
    /// Connections opened to AWS.
    pub connections: u32,
}
