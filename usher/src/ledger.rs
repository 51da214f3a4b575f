//! The ledger of the stack that the tool works on.

mod follow;
pub(crate) mod ids;
pub(crate) mod passes;
pub(crate) mod price;
pub(crate) mod survey;
pub(crate) mod tally;

use std::time::Duration;

use aws_config::SdkConfig;
use usher_aws::dynamodb::DynamoDbLedger;
use usher_core::event::Event;
use usher_core::ledger::operator::Item;
use usher_core::normalize::{self, Unsendable};
use usher_core::policy::Policy;
use usher_core::providers::READERS;
use usher_core::queue::Message;

use crate::aws::Account;
use crate::aws::clock::ServiceClock;
use crate::stack::Stack;
use crate::terminal::Failure;

/// The stack's table, and how long the stack keeps what is in it.
pub(crate) struct StackLedger {
    pub(crate) table: DynamoDbLedger,
    /// The time from receipt to expiry of a delivery.
    pub(crate) retention: Duration,
    /// AWS's clock.
    pub(crate) clock: ServiceClock,
}

impl StackLedger {
    /// Finds the table through the stack's outputs.
    pub(crate) async fn open(account: &Account) -> Result<Self, Failure> {
        let config = account.load().await?;
        let stack = Stack::read(&config, &account.stack).await?;
        Self::of(&config, &stack)
    }

    /// Finds the table of a stack that was read.
    pub(crate) fn of(config: &SdkConfig, stack: &Stack) -> Result<Self, Failure> {
        let client = aws_sdk_dynamodb::Client::new(config);
        Ok(Self {
            table: DynamoDbLedger::new(client, stack.output("TableName")?),
            retention: stack.retention(),
            clock: stack.clock.clone(),
        })
    }
}

/// Makes the event of a stored delivery, as the relay would today. `None` once the body was erased.
pub(crate) fn event(stored: &Item) -> Option<Result<(Event, Message), Unsendable>> {
    stored.delivery().map(|delivery| normalize::rebuild(&delivery, &READERS, Policy::MAX_BODY_BYTES))
}

/// Returns `true` if this type is among those asked for, or none was named.
pub(crate) fn is_asked_for(event_type: &str, types: &[String]) -> bool {
    types.is_empty() || types.iter().any(|wanted| wanted == event_type)
}

/// Names the state of an item in one word.
pub(crate) fn state(stored: &Item) -> &'static str {
    if stored.forgotten.is_some() { "forgotten" } else { stored.state().as_str() }
}
