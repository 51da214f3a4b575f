//! An SQS with one queue: `SendMessage` and `SendMessageBatch`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::billing;
use crate::endpoint::{Failure, Service};
use crate::lock;

#[derive(Default)]
pub struct Sqs {
    messages: Mutex<Vec<Message>>,
    /// The number of requests billed.
    billed: AtomicU64,
    forgets: AtomicBool,
    /// A text that makes an entry of a batch fail if its body contains it.
    poison: Mutex<Option<&'static str>>,
}

/// A message that the queue accepted.
#[derive(Debug, Clone)]
pub struct Message {
    pub body: String,
    pub attributes: Value,
    /// `AWSTraceHeader`, which is not billed.
    pub trace_header: Option<String>,
    pub group: Option<String>,
    pub deduplication_id: Option<String>,
}

impl Message {
    /// Returns the event in it.
    pub fn event(&self) -> Value {
        serde_json::from_str(&self.body).expect("an event is JSON")
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes[name]["StringValue"].as_str()
    }
}

impl Sqs {
    /// Stops keeping messages: a million would be too many.
    pub fn forget_messages(&self) {
        self.forgets.store(true, Ordering::Relaxed);
    }

    /// Returns the number of requests billed so far.
    pub fn billed(&self) -> u64 {
        self.billed.load(Ordering::Relaxed)
    }

    pub fn messages(&self) -> Vec<Message> {
        lock(&self.messages).clone()
    }

    /// Returns the only message. Panics if there is none or another.
    pub fn message(&self) -> Message {
        let messages = self.messages();
        assert_eq!(messages.len(), 1, "{messages:?}");
        messages[0].clone()
    }

    pub fn poison(&self, text: &'static str) {
        *lock(&self.poison) = Some(text);
    }

    fn send(&self, queue_url: &Value, entry: &Value) -> Result<(), &'static str> {
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        let message = Message {
            body: text("MessageBody").expect("a body"),
            attributes: entry["MessageAttributes"].clone(),
            trace_header: entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"]
                .as_str()
                .map(str::to_owned),
            group: text("MessageGroupId"),
            deduplication_id: text("MessageDeduplicationId"),
        };
        let fifo = queue_url.to_string().ends_with(".fifo\"");
        if message.group.is_some() != fifo || message.deduplication_id.is_some() != fifo {
            return Err("InvalidParameterValue");
        }
        let mut attributes = message.attributes.as_object().into_iter().flat_map(serde_json::Map::values);
        if attributes.any(|attribute| attribute["StringValue"].as_str().is_none_or(str::is_empty)) {
            return Err("InvalidParameterValue");
        }
        if !self.forgets.load(Ordering::Relaxed) {
            lock(&self.messages).push(message);
        }
        Ok(())
    }

    fn charge(&self, entries: &[Value]) {
        let payload = entries.iter().map(payload).sum();
        self.billed.fetch_add(billing::sqs_requests(payload), Ordering::Relaxed);
    }

    fn send_batch(&self, input: &Value) -> Value {
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        let entries = input["Entries"].as_array().expect("entries");
        self.charge(entries);
        for entry in entries {
            let poison = *lock(&self.poison);
            let poisoned = poison.is_some_and(|poison| entry["MessageBody"].to_string().contains(poison));
            let sent =
                if poisoned { Err("InvalidMessageContents") } else { self.send(&input["QueueUrl"], entry) };
            match sent {
                Ok(()) => successful
                    .push(json!({ "Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "unread" })),
                Err(code) => failed.push(json!({ "Id": entry["Id"], "SenderFault": true, "Code": code })),
            }
        }
        json!({ "Successful": successful, "Failed": failed })
    }
}

impl Service for Sqs {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure> {
        match operation {
            "SendMessage" => {
                self.charge(std::slice::from_ref(input));
                self.send(&input["QueueUrl"], input)?;
                Ok(json!({ "MessageId": "m", "MD5OfMessageBody": "unread" }))
            }
            "SendMessageBatch" => Ok(self.send_batch(input)),
            _ => Err("AccessDenied".into()),
        }
    }
}

/// Returns the bytes of a message: its body, and its attributes' names, types and values.
fn payload(entry: &Value) -> usize {
    let text = |value: &Value| value.as_str().map_or(0, str::len);
    let attributes = entry["MessageAttributes"].as_object().into_iter().flatten();
    let attributes =
        attributes.map(|(name, value)| name.len() + text(&value["DataType"]) + text(&value["StringValue"]));
    text(&entry["MessageBody"]) + attributes.sum::<usize>()
}
