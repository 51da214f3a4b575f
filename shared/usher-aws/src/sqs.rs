//! The queue on SQS.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::types::{MessageAttributeValue, SendMessageBatchRequestEntry};
use usher_core::queue::{MAX_BATCH, Message, Queue, QueueError};

use crate::cause::cause;
use crate::start::only_connect;

/// What one request may hold in all, attributes included (Amazon SQS quotas).
const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// One SQS queue, standard or FIFO.
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self { client, url: url.into() }
    }

    /// FIFO queues' names, and so their URLs, end in `.fifo`.
    #[expect(
        clippy::case_sensitive_file_extension_comparisons,
        reason = "not a file, and in lower case only"
    )]
    fn fifo<'m>(&self, id: &'m str) -> Option<&'m str> {
        self.url.ends_with(".fifo").then_some(id)
    }

    /// Opens a connection, for nothing but having it.
    pub(crate) async fn connect(&self) {
        let once = Builder::new().retry_config(RetryConfig::disabled());
        let request =
            self.client.send_message().customize().config_override(once).mutate_request(only_connect);
        let _answered = request.send().await;
    }

    async fn send_entries(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let mut request = self.client.send_message_batch().queue_url(&self.url);
        for (index, message) in messages.iter().enumerate() {
            let mut entry = SendMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .message_body(&message.body)
                .set_message_group_id(self.fifo(&message.group).map(str::to_owned))
                .set_message_deduplication_id(self.fifo(&message.deduplication_id).map(str::to_owned));
            for (name, value) in &message.attributes {
                entry = entry.message_attributes(*name, text(value));
            }
            request = request.entries(entry.build().expect("id and body are set"));
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return vec![Err(QueueError::new(cause(&error))); messages.len()],
        };
        // Whatever the answer doesn't name counts as not sent: a second copy is better than none.
        let mut results = vec![Err(QueueError::new("NotConfirmed")); messages.len()];
        for sent in answer.successful() {
            if let Some(result) = sent.id().parse().ok().and_then(|index: usize| results.get_mut(index)) {
                *result = Ok(());
            }
        }
        for failed in answer.failed() {
            if let Some(result) = failed.id().parse().ok().and_then(|index: usize| results.get_mut(index)) {
                *result = Err(QueueError::new(failed.code()));
            }
        }
        results
    }
}

impl Queue for SqsQueue {
    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        let mut request = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(&message.body)
            .set_message_group_id(self.fifo(&message.group).map(str::to_owned))
            .set_message_deduplication_id(self.fifo(&message.deduplication_id).map(str::to_owned));
        for (name, value) in &message.attributes {
            request = request.message_attributes(*name, text(value));
        }
        request.send().await.map(|_| ()).map_err(|error| QueueError::new(cause(&error)))
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let mut results = Vec::with_capacity(messages.len());
        while results.len() < messages.len() {
            let rest = &messages[results.len()..];
            results.extend(self.send_entries(&rest[..fitting(rest)]).await);
        }
        results
    }
}

/// How many of the messages fit one request; always at least one.
fn fitting(messages: &[Message]) -> usize {
    let sizes = messages.iter().take(MAX_BATCH).scan(0, |total, message| {
        *total += size(message);
        Some(*total)
    });
    sizes.take_while(|total| *total <= MAX_REQUEST_BYTES).count().max(1)
}

fn size(message: &Message) -> usize {
    let attributes = message.attributes.iter().map(|(name, value)| name.len() + "String".len() + value.len());
    message.body.len() + attributes.sum::<usize>()
}

fn text(value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .expect("data_type is set")
}
