//! The measurements of one sandbox from its start to its end.

use std::time::Duration;

/// The measurements of one sandbox.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// From the start of the process until it asks for the first event.
    pub init: Phase,
    pub first: Phase,
    /// All events after the first.
    pub warm: Phase,
    /// The time of each event after the first.
    pub warm_times: Vec<Duration>,
    /// The peak of the resident memory in bytes.
    pub peak_memory: u64,
}

/// The measurements of one phase.
#[derive(Debug, Clone, Default)]
pub struct Phase {
    pub events: u32,
    /// The time from handing out an event until its answer, summed over the events. For INIT, the time since the
    /// process started.
    pub time: Duration,
    /// The processor time of all threads. Work after the answer counts as well.
    pub processor_time: Duration,
    /// Requests to AWS, including those that only open a connection.
    pub calls: u32,
    /// Connections opened to AWS.
    pub connections: u32,
}
