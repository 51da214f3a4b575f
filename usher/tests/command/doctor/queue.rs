//! The part of SQS that the doctor uses.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{Reply, Request};

#[derive(Default)]
pub struct Queue {
    messages: Mutex<Vec<Message>>,
}

struct Message {
    id: usize,
    body: String,
    hidden: bool,
    deleted: bool,
}

impl Queue {
    pub fn send(&self, body: String) {
        let mut messages = self.lock();
        let id = messages.len();
        messages.push(Message { id, body, hidden: false, deleted: false });
    }

    /// Returns whether a consumer would receive it now.
    pub fn offers(&self, body: &str) -> bool {
        self.lock().iter().any(|message| message.body == body && !message.hidden && !message.deleted)
    }

    pub fn is_empty(&self) -> bool {
        self.lock().iter().all(|message| message.deleted)
    }

    pub fn answer(&self, operation: &str, request: &Request) -> Reply {
        let input: Value = serde_json::from_slice(&request.body).unwrap();
        let handle = || input["ReceiptHandle"].as_str().unwrap().parse::<usize>().unwrap();
        let output = match operation {
            "GetQueueAttributes" => json!({ "Attributes": { "ApproximateNumberOfMessages": "0" } }),
            "ReceiveMessage" => self.receive(),
            "DeleteMessage" => {
                self.lock()[handle()].deleted = true;
                json!({})
            }
            "ChangeMessageVisibility" => {
                self.lock()[handle()].hidden = input["VisibilityTimeout"] != 0;
                json!({})
            }
            other => panic!("{other} is not expected"),
        };
        Reply {
            status: 200,
            headers: vec![("content-type", "application/x-amz-json-1.0".to_owned())],
            body: output.to_string(),
        }
    }

    fn receive(&self) -> Value {
        let mut messages = self.lock();
        let offered = messages.iter_mut().filter(|message| !message.hidden && !message.deleted).take(10);
        let received: Vec<Value> = offered
            .map(|message| {
                message.hidden = true;
                let id = message.id.to_string();
                json!({ "MessageId": format!("message {id}"), "ReceiptHandle": id, "Body": message.body })
            })
            .collect();
        drop(messages);
        if received.is_empty() {
            thread::sleep(Duration::from_millis(300));
            return json!({});
        }
        json!({ "Messages": received })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
