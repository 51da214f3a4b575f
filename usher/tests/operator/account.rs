//! An AWS account with one stack of Usher, whose clock and failures the test sets: CloudFormation, DynamoDB, and SQS with a
//! queue and a dead-letter queue.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fakes::dynamodb::{DynamoDb, Item};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use usher_core::digest::Digest;

use crate::http::{Reply, Request, serve};

pub struct Account {
    pub endpoint: String,
    pub dynamodb: Arc<DynamoDb>,
    state: Arc<Mutex<State>>,
}

type Interference = Box<dyn FnMut(&DynamoDb) + Send>;

#[derive(Default)]
pub struct State {
    /// The time by which AWS's clock is ahead of this machine's. `None` if its answers have no date.
    pub ahead: Option<SignedDuration>,
    /// The size of the table that DynamoDB tells; `None` if the operator may not ask.
    pub table_bytes: Option<u64>,
    /// The number of `UpdateItem`s after which DynamoDB refuses each.
    pub updates: Option<usize>,
    /// An event that takes place with the next `UpdateItem`.
    pub meanwhile: Option<Interference>,
    pub dead: Vec<Letter>,
    pub queue: Vec<Letter>,
    /// The operations of SQS that are done and then not answered, each once.
    pub unanswered: Vec<&'static str>,
    /// The text of messages that the queue does not accept.
    pub poison: Option<&'static str>,
    /// The operations, with their input, in order.
    pub calls: Vec<(String, Value)>,
}

/// A message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Letter {
    pub id: String,
    pub body: String,
    pub group: Option<String>,
    pub deduplication_id: Option<String>,
    pub is_hidden: bool,
}

impl Account {
    pub fn new() -> Self {
        let state = Arc::new(Mutex::new(State { ahead: Some(SignedDuration::ZERO), ..State::default() }));
        let dynamodb = Arc::new(DynamoDb::for_any_client());
        let (shared, table) = (Arc::clone(&state), Arc::clone(&dynamodb));
        let endpoint = serve(move |request| {
            let mut state = lock(&shared);
            let mut reply = state.answer(&request, &table);
            if let Some(ahead) = state.ahead {
                let now = Timestamp::now() + ahead;
                reply.headers.push(("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()));
            }
            reply
        });
        Self { endpoint, dynamodb, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Returns AWS's time.
    pub fn now(&self) -> Timestamp {
        Timestamp::now() + self.state().ahead.unwrap_or_default()
    }

    /// Stores a delivery that was sent.
    pub fn sent(&self, key: &str, received: Timestamp, body: &str) {
        let sent = millis(received);
        self.dynamodb.seed([stored(key, received, body, [("sent", sent)])]);
    }

    pub fn item(&self, key: &str) -> Item {
        let mut items = self.dynamodb.items().into_iter();
        items.find(|item| item["pk"]["S"] == key).unwrap()
    }

    /// Returns the keys of the items that have this attribute, in order.
    pub fn with(&self, attribute: &str) -> Vec<String> {
        let items = self.dynamodb.items().into_iter().filter(|item| item.contains_key(attribute));
        items.map(|item| item["pk"]["S"].as_str().unwrap().to_owned()).collect()
    }

    /// Returns the inputs of an operation, in order.
    pub fn calls(&self, operation: &str) -> Vec<Value> {
        let state = self.state();
        let calls = state.calls.iter().filter(|(called, _)| called == operation);
        calls.map(|(_, input)| input.clone()).collect()
    }
}

/// Returns an item of the ledger.
pub fn stored<const N: usize>(key: &str, received: Timestamp, body: &str, more: [(&str, Value); N]) -> Item {
    let item = json!({
        "pk": { "S": key },
        "token": { "S": format!("token of {key}") },
        "attempt": { "N": "0" },
        "received": millis(received),
        "digest": { "B": BASE64.encode(Digest::of(body.as_bytes()).0) },
        "plain": { "B": BASE64.encode(body) },
    });
    let mut item = item.as_object().unwrap().clone();
    item.extend(more.map(|(name, value)| (name.to_owned(), value)));
    item
}

pub fn millis(time: Timestamp) -> Value {
    json!({ "N": time.as_millisecond().to_string() })
}

/// Returns the time in an attribute of milliseconds.
pub fn time(value: &Value) -> Timestamp {
    Timestamp::from_millisecond(value["N"].as_str().unwrap().parse().unwrap()).unwrap()
}

impl State {
    fn answer(&mut self, request: &Request, table: &DynamoDb) -> Reply {
        let Some(target) = request.header("x-amz-target") else { return describe_stacks() };
        let (service, operation) = target.split_once('.').unwrap();
        let input: Value = serde_json::from_slice(&request.body).unwrap();
        self.calls.push((operation.to_owned(), input.clone()));
        if service == "AmazonSQS" {
            self.sqs(operation, &input)
        } else {
            self.dynamodb(operation, &input, table)
        }
    }

    fn dynamodb(&mut self, operation: &str, input: &Value, table: &DynamoDb) -> Reply {
        match (operation, self.table_bytes) {
            ("DescribeTable", Some(bytes)) => {
                return Reply::json(200, json!({ "Table": { "TableSizeBytes": bytes } }).to_string());
            }
            ("DescribeTable", None) => return error("AccessDeniedException", &json!({})),
            _ => {}
        }
        if operation == "UpdateItem" {
            if let Some(mut meanwhile) = self.meanwhile.take() {
                meanwhile(table);
            }
            if let Some(updates) = &mut self.updates {
                if *updates == 0 {
                    return error("ValidationException", &json!({}));
                }
                *updates -= 1;
            }
        }
        match table.operate(operation, input) {
            Ok(answer) => Reply::json(200, answer.to_string()),
            Err(failure) => error(&failure.code, &failure.members),
        }
    }

    fn sqs(&mut self, operation: &str, input: &Value) -> Reply {
        let answer = match operation {
            "GetQueueAttributes" => {
                let visible = self.dead.iter().filter(|letter| !letter.is_hidden).count().to_string();
                json!({ "Attributes": {
                    "ApproximateNumberOfMessages": visible, "ApproximateNumberOfMessagesNotVisible": "0",
                } })
            }
            "ReceiveMessage" => self.receive(),
            "SendMessageBatch" => self.send(&input["Entries"]),
            "DeleteMessageBatch" => self.delete(&input["Entries"]),
            other => panic!("{other} is not expected"),
        };
        if let Some(place) = self.unanswered.iter().position(|unanswered| *unanswered == operation) {
            self.unanswered.remove(place);
            return Reply { status: 503, headers: Vec::new(), body: String::new() };
        }
        Reply::json(200, answer.to_string())
    }

    fn receive(&mut self) -> Value {
        let visible = self.dead.iter_mut().filter(|letter| !letter.is_hidden).take(10);
        let messages = visible.map(|letter| {
            letter.is_hidden = true;
            let attributes = letter.group.as_ref().map_or(json!({}), |group| json!({ "MessageGroupId": group }));
            json!({
                "MessageId": letter.id, "ReceiptHandle": letter.id, "Body": letter.body, "Attributes": attributes,
            })
        });
        json!({ "Messages": messages.collect::<Vec<_>>() })
    }

    fn send(&mut self, entries: &Value) -> Value {
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for entry in entries.as_array().unwrap() {
            let text = |name: &str| entry[name].as_str().map(str::to_owned);
            let letter = Letter {
                id: format!("new {}", self.queue.len()),
                body: text("MessageBody").unwrap(),
                group: text("MessageGroupId"),
                deduplication_id: text("MessageDeduplicationId"),
                is_hidden: false,
            };
            if self.poison.is_some_and(|poison| letter.body.contains(poison)) {
                failed.push(
                    json!({ "Id": entry["Id"], "SenderFault": true, "Code": "InvalidMessageContents" }),
                );
                continue;
            }
            successful
                .push(json!({ "Id": entry["Id"], "MessageId": letter.id, "MD5OfMessageBody": "unread" }));
            let is_copy = |known: &Letter| {
                known.deduplication_id.is_some() && known.deduplication_id == letter.deduplication_id
            };
            if !self.queue.iter().any(is_copy) {
                self.queue.push(letter);
            }
        }
        json!({ "Successful": successful, "Failed": failed })
    }

    fn delete(&mut self, entries: &Value) -> Value {
        let ids: Vec<&str> =
            entries.as_array().unwrap().iter().filter_map(|entry| entry["ReceiptHandle"].as_str()).collect();
        self.dead.retain(|letter| !ids.contains(&letter.id.as_str()));
        let done = entries.as_array().unwrap().iter().map(|entry| json!({ "Id": entry["Id"] }));
        json!({ "Successful": done.collect::<Vec<_>>(), "Failed": [] })
    }
}

fn describe_stacks() -> Reply {
    Reply::stack(
        &[],
        &[
            ("TableName", "usher-ledger"),
            ("QueueUrl", "https://sqs.invalid/queue"),
            ("DeadLetterQueueUrl", "https://sqs.invalid/dead"),
        ],
    )
}

fn error(code: &str, members: &Value) -> Reply {
    let mut body = json!({ "__type": code, "message": "as the test wants it" });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    Reply::json(400, body.to_string())
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
