//! The queue on SQS.

mod failure;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::types::MessageSystemAttributeNameForSends::AwsTraceHeader;
use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeValue, SendMessageBatchRequestEntry};
use usher_core::queue::{MAX_BATCH, Message, Queue, QueueError};

use crate::clients::only_connect;
use failure::Tries;

/// The most bytes that one request may hold, bodies and attributes together (Amazon SQS Developer Guide, "Message
/// quotas").
const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// One SQS queue, standard or FIFO.
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    /// Makes a queue of this URL. Nothing is called.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self { client, url: url.into() }
    }

    /// Returns whether this is a FIFO queue: its name, and so its URL, ends in `.fifo`.
    #[expect(
        clippy::case_sensitive_file_extension_comparisons,
        reason = "a queue's suffix is no file extension, and always in lower case"
    )]
    fn is_fifo(&self) -> bool {
        self.url.ends_with(".fifo")
    }

    /// Returns the id if this is a FIFO queue. A standard queue gets none.
    fn fifo<'m>(&self, id: &'m str) -> Option<&'m str> {
        self.is_fifo().then_some(id)
    }

    /// Opens a connection that later calls use.
    pub(crate) async fn connect(&self) {
        let once = Builder::new().retry_config(RetryConfig::disabled());
        let request =
            self.client.send_message().customize().config_override(once).mutate_request(only_connect);
        let _answered = request.send().await;
    }

    /// Sends messages that fit one request; the results are in the messages' order.
    async fn send_entries(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let mut request = self.client.send_message_batch().queue_url(&self.url);
        for (index, message) in messages.iter().enumerate() {
            let mut entry = SendMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .message_body(&message.body)
                .set_message_group_id(self.fifo(&message.group).map(str::to_owned))
                .set_message_deduplication_id(self.fifo(&message.deduplication_id).map(str::to_owned));
            if let Some(header) = &message.trace_header {
                entry = entry.message_system_attributes(AwsTraceHeader, system_text(header));
            }
            for (name, value) in &message.attributes {
                entry = entry.message_attributes(*name, text(value));
            }
            request = request.entries(entry.build().expect("id and body are set"));
        }
        let tries = Tries::none();
        let answer = match request.customize().interceptor(tries.recorder()).send().await {
            Ok(answer) => answer,
            Err(error) => return vec![Err(tries.failed(&error)); messages.len()],
        };
        // A message that the answer does not name counts as not sent: a second copy is better than none.
        let mut results = vec![Err(QueueError::unconfirmed("NotConfirmed")); messages.len()];
        for sent in answer.successful() {
            if let Some(result) = sent.id().parse().ok().and_then(|index: usize| results.get_mut(index)) {
                *result = Ok(());
            }
        }
        for failed in answer.failed() {
            if let Some(result) = failed.id().parse().ok().and_then(|index: usize| results.get_mut(index)) {
                *result = Err(tries.entry_failed(failed.code(), failed.sender_fault()));
            }
        }
        results
    }
}

impl Queue for SqsQueue {
    fn drops_copies(&self) -> bool {
        self.is_fifo()
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        let mut request = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(&message.body)
            .set_message_group_id(self.fifo(&message.group).map(str::to_owned))
            .set_message_deduplication_id(self.fifo(&message.deduplication_id).map(str::to_owned));
        if let Some(header) = &message.trace_header {
            request = request.message_system_attributes(AwsTraceHeader, system_text(header));
        }
        for (name, value) in &message.attributes {
            request = request.message_attributes(*name, text(value));
        }
        let tries = Tries::none();
        let sent = request.customize().interceptor(tries.recorder()).send().await;
        sent.map(|_| ()).map_err(|error| tries.failed(&error))
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        let mut results = Vec::with_capacity(messages.len());
        while results.len() < messages.len() {
            let rest = &messages[results.len()..];
            let batch = &rest[..batch_len(rest.iter().map(size))];
            results.extend(self.send_entries(batch).await);
        }
        results
    }
}

/// Returns how many messages, from the first on, fit one `SendMessageBatch` request. `sizes` are theirs in bytes: of
/// the body, and of each attribute's name, type and value.
///
/// It is at least one: SQS then refuses a message that is too large, and those behind it still go out.
pub fn batch_len(sizes: impl IntoIterator<Item = usize>) -> usize {
    let totals = sizes.into_iter().take(MAX_BATCH).scan(0_usize, |total, size| {
        *total = total.saturating_add(size);
        Some(*total)
    });
    totals.take_while(|total| *total <= MAX_REQUEST_BYTES).count().max(1)
}

fn size(message: &Message) -> usize {
    let attributes = message.attributes.iter().map(|(name, value)| name.len() + "String".len() + value.len());
    message.body.len() + attributes.sum::<usize>()
}

fn system_text(value: &str) -> MessageSystemAttributeValue {
    MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .expect("data_type is set")
}

fn text(value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .expect("data_type is set")
}
