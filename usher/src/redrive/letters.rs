//! The dead-letter queue, and moving messages out of it.

use std::collections::{HashMap, HashSet};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
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
    /// The number that was left because an earlier message of the same group was not accepted: they must not overtake it.
    pub(crate) held_back: usize,
    /// The number that the queue may have accepted: it did not answer. They stay in the dead-letter queue, too.
    pub(crate) unconfirmed: usize,
    /// The number that was sent, but is still in the dead-letter queue.
    pub(crate) undeleted: usize,
    /// The reason why it ended before the last message.
    pub(crate) stopped: Option<Failure>,
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

    /// Sends messages to the queue, and deletes those that it accepted. It ends at the first request that fails as a whole,
    /// because the next would fail, too.
    ///
    /// On a FIFO queue each message goes alone: of a batch, a later message of a group could be accepted and an earlier one
    /// not.
    pub(crate) async fn move_to_queue(&self, messages: &[Message]) -> Moved {
        let mut moved = Moved::default();
        let mut held_back = HashSet::new();
        let mut rest = messages;
        while !rest.is_empty() && moved.stopped.is_none() {
            let group = system(&rest[0], &System::MessageGroupId);
            let most = if group.is_some() { 1 } else { batch_len(rest.iter().map(size)) };
            let (batch, later) = rest.split_at(most);
            rest = later;
            if group.is_some_and(|group| held_back.contains(group)) {
                moved.held_back += 1;
                continue;
            }
            let rejected = moved.rejected;
            self.move_batch(batch, &mut moved).await;
            if moved.rejected > rejected {
                held_back.extend(group.cloned());
            }
        }
        moved
    }

    async fn move_batch(&self, batch: &[Message], moved: &mut Moved) {
        let sent = match self.send(batch).await {
            Ok((sent, ids)) => {
                moved.rejected += batch.len() - sent.len();
                moved.ids.extend(ids);
                sent
            }
            Err(NotSent { why, may_be_sent }) => {
                moved.unconfirmed += if may_be_sent { batch.len() } else { 0 };
                moved.stopped = Some(why);
                return;
            }
        };
        if sent.is_empty() {
            return;
        }
        match self.delete(&sent).await {
            Ok(undeleted) => moved.undeleted += undeleted,
            Err(failure) => {
                moved.undeleted += sent.len();
                moved.stopped = Some(failure);
            }
        }
    }

    /// Sends messages to the queue. Returns those that it accepted, and the ids it gave them.
    async fn send<'m>(&self, messages: &'m [Message]) -> Result<(Vec<&'m Message>, Vec<String>), NotSent> {
        let mut request = self.client.send_message_batch().queue_url(&self.to);
        let mut is_fifo = false;
        for (index, message) in messages.iter().enumerate() {
            let group = system(message, &System::MessageGroupId);
            is_fifo |= group.is_some();
            let entry = SendMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .message_body(message.body().unwrap_or_default())
                .set_message_attributes(message.message_attributes.clone().map(sendable))
                // The event's own id would make SQS accept and drop the message within five minutes of the first. The
                // message's is the same in every try, so that SQS drops the copy if an earlier try was accepted.
                .set_message_deduplication_id(group.and_then(|_| message.message_id.clone()))
                .set_message_group_id(group.cloned());
            let entry = entry.build().map_err(|error| NotSent { why: error.into(), may_be_sent: false })?;
            request = request.entries(entry);
        }
        // A standard queue does not know the SDK's second try again: the first, whose answer was lost, may be on it.
        let retries = if is_fifo { RetryConfig::standard() } else { RetryConfig::disabled() };
        let once = Builder::new().retry_config(retries);
        let answer = request.customize().config_override(once).send().await.map_err(|error| NotSent {
            why: failure("send to the queue", &error),
            may_be_sent: !matches!(&error, SdkError::ServiceError(error) if error.raw().status().is_client_error())
                && !matches!(&error, SdkError::ConstructionFailure(_)),
        })?;
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

/// The failure of a request to send.
struct NotSent {
    why: Failure,
    /// `true` if the queue may have accepted the messages all the same.
    may_be_sent: bool,
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
