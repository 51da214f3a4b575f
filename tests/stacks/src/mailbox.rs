//! The only reader of a queue. It keeps what it has read, so that each test finds its own messages.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, MessageSystemAttributeName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tokio::runtime::Runtime;
use usher_core::queue::MAX_BATCH;

/// The longest wait for a message. SQS delivers within milliseconds, but a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message as a consumer receives it.
#[derive(Clone, Debug)]
pub struct Received {
    /// The id of the event.
    id: String,
    pub body: String,
    /// The attributes to filter by.
    pub attributes: BTreeMap<String, String>,
    /// On a FIFO queue: the group, the deduplication id, and the number that states the order.
    pub group: Option<String>,
    pub deduplication_id: Option<String>,
    pub sequence: Option<String>,
    /// The number of times the message was received, this time included.
    pub receptions: Option<String>,
}

impl Received {
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("an event is JSON")
    }

    /// Checks that the event contains this very text. Parsed JSON could be equal where the text is not.
    #[track_caller]
    pub fn assert_carries(&self, body: &[u8]) {
        let body = std::str::from_utf8(body).expect("it is text");
        assert!(self.body.ends_with(&format!("\"raw\":{body}}}}}")), "{}", self.body);
    }

    /// Checks that the event contains these bytes as base64.
    #[track_caller]
    pub fn assert_carries_as_base64(&self, body: &[u8]) {
        let data = &self.event()["data"];
        assert_eq!(data.get("raw"), None);
        let carried = STANDARD.decode(data["raw_base64"].as_str().expect("raw_base64 is text"));
        assert!(carried.expect("it is base64") == body, "{}", self.body);
    }
}

pub struct Mailbox {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    messages: Vec<Received>,
    /// The number of the last request made.
    asked: u64,
    /// The number of the last request that found the queue empty.
    empty: u64,
}

impl Mailbox {
    /// Starts to read the queue, until the process ends.
    pub fn open(runtime: &Runtime, client: Client, url: String) -> &'static Self {
        let mailbox: &'static Self =
            Box::leak(Box::new(Self { seen: Mutex::default(), changed: Condvar::new() }));
        runtime.spawn(async move {
            loop {
                mailbox.read(&client, &url).await;
            }
        });
        mailbox
    }

    /// Waits for the first copy of an event.
    #[track_caller]
    pub fn event(&self, id: &str) -> Received {
        self.wait(PATIENCE, |seen| seen.of(id).next().cloned())
            .unwrap_or_else(|| panic!("{id} did not arrive on the queue"))
    }

    /// Waits for the first copy of an event, for this long at most.
    pub fn event_within(&self, patience: Duration, id: &str) -> Option<Received> {
        self.wait(patience, |seen| seen.of(id).next().cloned())
    }

    /// Returns all copies of an event read so far, in the order they were read.
    pub fn copies(&self, id: &str) -> Vec<Received> {
        self.lock().of(id).cloned().collect()
    }

    /// Returns all messages read so far whose body contains this text, in the order they were read.
    pub fn containing(&self, text: &str) -> Vec<Received> {
        self.lock().messages.iter().filter(|message| message.body.contains(text)).cloned().collect()
    }

    /// Waits until everything on the queue has been read: until a request made from now on finds it empty.
    #[track_caller]
    pub fn sweep(&self) {
        let asked = self.lock().asked;
        self.wait(PATIENCE, |seen| (seen.empty > asked).then_some(())).expect("the queue gets empty");
    }

    fn wait<T>(&self, patience: Duration, look: impl Fn(&Seen) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + patience;
        let mut seen = self.lock();
        loop {
            if let Some(found) = look(&seen) {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            seen = self.changed.wait_timeout(seen, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    async fn read(&self, client: &Client, url: &str) {
        self.lock().asked += 1;
        let answer = client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(i32::try_from(MAX_BATCH).expect("it is ten"))
            // Without a wait, an empty answer need not mean an empty queue.
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .expect("the queue can be read");
        let messages = answer.messages.unwrap_or_default();
        let mut delete = client.delete_message_batch().queue_url(url);
        for (index, message) in messages.iter().enumerate() {
            let entry = DeleteMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .set_receipt_handle(message.receipt_handle.clone());
            delete = delete.entries(entry.build().expect("it is complete"));
        }
        if !messages.is_empty() {
            let deleted = delete.send().await.expect("messages can be deleted");
            assert!(deleted.failed.is_empty(), "or they would come again");
        }
        let mut seen = self.lock();
        if messages.is_empty() {
            seen.empty = seen.asked;
        }
        seen.messages.extend(messages.into_iter().map(received));
        drop(seen);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Returns the messages whose event has this id.
    fn of(&self, id: &str) -> impl Iterator<Item = &Received> {
        self.messages.iter().filter(move |message| message.id == id)
    }
}

fn received(message: aws_sdk_sqs::types::Message) -> Received {
    let system = message.attributes.unwrap_or_default();
    let system = |name: MessageSystemAttributeName| system.get(&name).cloned();
    let attributes = message.message_attributes.unwrap_or_default().into_iter();
    let body = message.body.unwrap_or_default();
    let event: Value = serde_json::from_str(&body).expect("all that is on the queue is JSON");
    Received {
        id: event["id"].as_str().expect("all that is on the queue has an id").to_owned(),
        body,
        attributes: attributes.map(|(name, value)| (name, value.string_value.unwrap_or_default())).collect(),
        group: system(MessageSystemAttributeName::MessageGroupId),
        deduplication_id: system(MessageSystemAttributeName::MessageDeduplicationId),
        sequence: system(MessageSystemAttributeName::SequenceNumber),
        receptions: system(MessageSystemAttributeName::ApproximateReceiveCount),
    }
}
