//! Under what conditions contestants live.

use std::time::Duration;

use fakes::aws::Aws;
use fakes::behaviour::Behaviour;

/// How long each service takes to answer, besides the stand-in's own microseconds.
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

    /// From now on, for all.
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
    /// A whole core in INIT and the share of a 128 MB function afterwards, as on Lambda.
    Share,
    /// The same, with services that take their time.
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

    /// How many events follow the first. Back to back they would be held by the limit, so they are spaced where there
    /// is one, and fewer.
    pub fn warm_events(self) -> u32 {
        if self.is_held() { 8 } else { 50 }
    }

    /// After an event nothing is measured until a process used no processor time for so long. Where there is a limit
    /// that is more than two of its periods: the share is whole again for the next event.
    pub fn rest(self) -> Duration {
        Duration::from_millis(if self.is_held() { 45 } else { 2 })
    }
}
