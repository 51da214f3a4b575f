//! The dead-letter queue, and moving messages out of it.

use std::collections::HashMap;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName as System, QueueAttributeName,
    SendMessageBatchRequestEntry,
};
use usher_aws::sqs::batch_len;
use usher_core::queue::MAX_BATCH;

use crate::terminal::Failure;

/// The time that a received message is hidden from others: far longer than sending and deleting it takes.
const HIDDEN_SECONDS: i32 = 60;

/// The dead-letter queue, and the queue that its messages came from.
pub(crate) struct DeadLetters {
    client: Client,
    from: String,
    to: String,
}

/// The number of messages, by SQS's approximate count.
pub(crate) struct Waiting {
    pub(crate) visible: usize,
    /// Those that another program received a short while ago.
    pub(crate) hidden: usize,
}

/// The result of moving some messages.
#[derive(Default)]
pub(crate) struct Moved {
    /// The ids that the queue gave them. A message that becomes a dead letter again keeps its id.
    pub(crate) ids: Vec<String>,
    /// The number that the queue did not accept. They stay where they are.
    pub(crate) rejected: usize,
    /// The number that was sent, but is still in the dead-letter queue.
    pub(crate) undeleted: usize,
}

impl DeadLetters {
    pub(crate) fn new(client: Client, from: &str, to: &str) -> Self {
        Self { client, from: from.to_owned(), to: to.to_owned() }
    }

    pub(crate) async fn count(&self) -> Result<Waiting, Failure> {
        let (visible, hidden) = (
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        );
        let request = self.client.get_queue_attributes().queue_url(&self.from);
        let request = request.attribute_names(visible.clone()).attribute_names(hidden.clone());
        let answer = request.send().await.map_err(|error| failure("count", &error))?;
        let number = |name| {
            answer.attributes().and_then(|attributes| attributes.get(&name)?.parse().ok()).unwrap_or(0)
        };
        Ok(Waiting { visible: number(visible), hidden: number(hidden) })
    }

    /// Receives at most `limit` messages; none once the queue is empty.
    pub(crate) async fn receive(&self, limit: usize) -> Result<Vec<Message>, Failure> {
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.from)
            .max_number_of_messages(i32::try_from(limit.min(MAX_BATCH)).unwrap_or(1))
            .visibility_timeout(HIDDEN_SECONDS)
            // A request that does not wait may get an empty answer though the queue is not empty.
            .wait_time_seconds(2)
            .message_attribute_names("All")
            .message_system_attribute_names(System::All)
            .send()
            .await
            .map_err(|error| failure("read", &error))?;
        Ok(answer.messages.unwrap_or_default())
    }

    /// Sends messages to the queue, and deletes those that it accepted.
    pub(crate) async fn move_to_queue(&self, messages: &[Message]) -> Result<Moved, Failure> {
        let mut moved = Moved::default();
        let mut rest = messages;
        while !rest.is_empty() {
            let (batch, later) = rest.split_at(batch_len(rest.iter().map(size)));
            rest = later;
            let (sent, ids) = self.send(batch).await?;
            moved.rejected += batch.len() - sent.len();
            moved.ids.extend(ids);
            if !sent.is_empty() {
                moved.undeleted += self.delete(&sent).await?;
            }
        }
        Ok(moved)
    }

    /// Sends messages to the queue. Returns those that it accepted, and the ids it gave them.
    async fn send<'m>(&self, messages: &'m [Message]) -> Result<(Vec<&'m Message>, Vec<String>), Failure> {
        let mut request = self.client.send_message_batch().queue_url(&self.to);
        for (index, message) in messages.iter().enumerate() {
            let fifo = system(message, &System::MessageGroupId);
            let entry = SendMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .message_body(message.body().unwrap_or_default())
                .set_message_attributes(message.message_attributes.clone().map(sendable))
                // The event's own id would make SQS accept and drop the message within five minutes of the first.
                .set_message_deduplication_id(fifo.and_then(|_| message.message_id.clone()))
                .set_message_group_id(fifo.cloned());
            request = request.entries(entry.build()?);
        }
        let answer = request.send().await.map_err(|error| failure("send to the queue", &error))?;
        let accepted = answer.successful().iter().filter_map(|sent| {
            let message = messages.get(sent.id().parse::<usize>().ok()?)?;
            Some((message, sent.message_id().to_owned()))
        });
        Ok(accepted.unzip())
    }

    /// Deletes messages from the dead-letter queue. Returns how many could not be deleted.
    async fn delete(&self, messages: &[&Message]) -> Result<usize, Failure> {
        let mut request = self.client.delete_message_batch().queue_url(&self.from);
        for (index, message) in messages.iter().enumerate() {
            let entry = DeleteMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .set_receipt_handle(message.receipt_handle.clone());
            request = request.entries(entry.build()?);
        }
        let answer = request.send().await.map_err(|error| failure("delete from", &error))?;
        Ok(messages.len() - answer.successful().len())
    }
}

fn system<'m>(message: &'m Message, name: &System) -> Option<&'m String> {
    message.attributes()?.get(name)
}

type Attributes = HashMap<String, aws_sdk_sqs::types::MessageAttributeValue>;

/// Removes the lists, which SQS returns with every attribute and accepts with none.
fn sendable(attributes: Attributes) -> Attributes {
    let without_lists = |(name, mut value): (String, aws_sdk_sqs::types::MessageAttributeValue)| {
        (value.string_list_values, value.binary_list_values) = (None, None);
        (name, value)
    };
    attributes.into_iter().map(without_lists).collect()
}

fn size(message: &Message) -> usize {
    let attributes = message.message_attributes().into_iter().flatten().map(|(name, value)| {
        let text = value.string_value().map_or(0, str::len);
        name.len()
            + value.data_type().len()
            + text
            + value.binary_value().map_or(0, |blob| blob.as_ref().len())
    });
    message.body().map_or(0, str::len) + attributes.sum::<usize>()
}

/// Describes an error by its code alone: the whole error could quote a message.
fn failure(verb: &str, error: &impl ProvideErrorMetadata) -> Failure {
    format!("cannot {verb} (dead-letter queue): {}", error.code().unwrap_or("SQS did not answer")).into()
}
