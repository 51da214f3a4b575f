//! The conditions under which contestants run.

use std::time::Duration;

use fakes::aws::Aws;
use fakes::behaviour::Behaviour;

/// The time that each service takes to answer, besides the microseconds of the fake itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delays {
    pub dynamodb: Duration,
    pub sqs: Duration,
    pub secrets_manager: Duration,
}

impl Delays {
    pub fn are_none(self) -> bool {
        self == Self::default()
    }

    /// Sets the delays for all calls from now on.
    pub fn apply(self, aws: &Aws) {
        aws.dynamodb.behave(behaviour(self.dynamodb));
        aws.sqs.behave(behaviour(self.sqs));
        aws.secrets.behave(behaviour(self.secrets_manager));
    }
}

fn behaviour(delay: Duration) -> Behaviour {
    if delay.is_zero() { Behaviour::Answer } else { Behaviour::Slow(delay) }
}

/// One part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Condition {
    pub name: Name,
    pub delays: Delays,
    pub rounds: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// A whole core all the time.
    FullCore,
    /// A whole core in INIT, and afterwards the share of a 128 MB function, as on Lambda.
    Share,
    /// The same share, with services that answer after a delay.
    Region,
}

impl Name {
    pub fn title(self) -> &'static str {
        match self {
            Self::FullCore => "A whole core",
            Self::Share => "The share of a 128 MB function (7.2 % of a core once INIT is over)",
            Self::Region => "The same share, with services that take their time",
        }
    }

    pub fn is_held(self) -> bool {
        self != Self::FullCore
    }

    /// Returns the number of events after the first. Under a limit there are fewer, with pauses: without them, each
    /// would wait for processor time that the one before has used up.
    pub fn warm_events(self) -> u32 {
        if self.is_held() { 8 } else { 50 }
    }

    /// Returns how long a process must use no processor time before something is measured. Under a limit, that is more
    /// than two periods, so that the share is whole again for the next event.
    pub fn rest(self) -> Duration {
        Duration::from_millis(if self.is_held() { 45 } else { 2 })
    }
}
