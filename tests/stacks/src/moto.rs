//! moto's server, which has nothing in common with the emulator that the stacks are deployed to: a second opinion on
//! what DynamoDB and SQS do.

use std::sync::LazyLock;

use aws_sdk_sqs::types::QueueAttributeName;
use usher_aws::Clients;

use crate::delivery::unique_text;
use crate::stack::{Stack, moto_clients};

/// The clients of the services. Their requests never reach the deployed stacks.
pub static CLIENTS: LazyLock<Clients> = LazyLock::new(moto_clients);

/// The attributes that make a queue what it is, but for its dead-letter queue.
const OF_A_QUEUE: [QueueAttributeName; 8] = [
    QueueAttributeName::FifoQueue,
    QueueAttributeName::ContentBasedDeduplication,
    QueueAttributeName::DeduplicationScope,
    QueueAttributeName::FifoThroughputLimit,
    QueueAttributeName::MaximumMessageSize,
    QueueAttributeName::MessageRetentionPeriod,
    QueueAttributeName::SqsManagedSseEnabled,
    QueueAttributeName::VisibilityTimeout,
];

/// Creates a queue like a stack's deployed one, and returns its URL.
pub async fn create_queue_like(stack: &Stack) -> String {
    let described = stack.clients.sqs.get_queue_attributes().queue_url(&stack.is.queue);
    let described = described.attribute_names(QueueAttributeName::All).send().await;
    let mut attributes = described.expect("the queue is there").attributes.expect("it has attributes");
    attributes.retain(|name, _| OF_A_QUEUE.contains(name));
    let name = unique_text() + if stack.is_fifo() { ".fifo" } else { "" };
    let created = CLIENTS.sqs.create_queue().queue_name(name).set_attributes(Some(attributes)).send().await;
    created.expect("moto takes the attributes").queue_url.expect("a queue has a URL")
}
