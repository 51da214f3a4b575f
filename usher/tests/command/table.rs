//! A stack's table, with the part of DynamoDB, CloudFormation and SQS that looking at it uses.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::http::{Reply, Request, serve};

/// The time of receipt of the first delivery, in milliseconds: within the last hour, as `--since` wants it.
fn began() -> i64 {
    jiff::Timestamp::now().as_millisecond() - 600_000
}

/// The stored form of X-Ray's trace of each delivery: `Root=1-01010101-010101010101010101010101;Parent=…;Sampled=1`.
const XRAY: [u8; 25] = [1; 25];

pub struct Table {
    pub endpoint: String,
    state: Arc<Mutex<State>>,
}

struct State {
    items: Vec<Value>,
    operations: Vec<String>,
    /// The items on a page of a scan.
    page: usize,
    /// The read units of a page.
    units: f64,
    /// The size that the table says it has.
    bytes: u64,
}

impl Table {
    /// Makes a table with a delivery of each name, sent in this order.
    pub fn of(names: &[&str]) -> Self {
        let began = began();
        let items = (0_i64..).zip(names).map(|(place, name)| sent(name, began + 1000 * place)).collect();
        let state = State { items, operations: Vec::new(), page: 2, units: 0.5, bytes: 4096 };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        Self { endpoint: serve(move |request| lock(&shared).answer(&request)), state }
    }

    /// Makes the table large and a page of a scan dear.
    pub fn grow(&self, bytes: u64, units: f64) {
        let mut state = lock(&self.state);
        (state.bytes, state.units) = (bytes, units);
    }

    /// Changes a delivery as a replay and the relay do.
    pub fn replay(&self, name: &str) {
        let now = jiff::Timestamp::now().as_millisecond();
        let mut state = lock(&self.state);
        let item = state.items.iter_mut().find(|item| item["pk"]["S"] == key(name)).unwrap();
        item["replay"] = json!({ "N": "1" });
        item["replayed"] = json!({ "N": now.to_string() });
        item["sent"] = json!({ "N": now.to_string() });
    }

    /// Changes a delivery as an erasure does.
    pub fn erase(&self, name: &str) {
        let mut state = lock(&self.state);
        let item = state.items.iter_mut().find(|item| item["pk"]["S"] == key(name)).unwrap();
        item.as_object_mut().unwrap().remove("plain");
        item["forgotten"] = item["sent"].clone();
    }

    /// Changes a delivery as a program that is not Usher might: the rest of it stays.
    pub fn damage(&self, name: &str) {
        let mut state = lock(&self.state);
        let item = state.items.iter_mut().find(|item| item["pk"]["S"] == key(name)).unwrap();
        item.as_object_mut().unwrap().remove("plain");
        item["body"] = json!({ "B": STANDARD.encode("no deflated body") });
    }

    /// Returns the operations so far.
    pub fn operations(&self) -> Vec<String> {
        lock(&self.state).operations.clone()
    }

    pub fn count(&self, operation: &str) -> usize {
        self.operations().iter().filter(|done| *done == operation).count()
    }
}

/// Returns the ledger's key of a delivery.
fn key(name: &str) -> String {
    format!("luma#{name}")
}

fn sent(name: &str, received: i64) -> Value {
    let kind = if name.starts_with("event") { "event.created" } else { "guest.registered" };
    // The number is not as a parser would print it, and the name is not ASCII: both have to arrive as they are.
    let body = format!(
        r#"{{"type":"{kind}","data":{{"id":"{name}","user_name":"Zoë \"{name}\" 100%","event":{{"id":"e","price":1.50}}}}}}"#
    );
    json!({
        "pk": { "S": key(name) },
        "token": { "S": "t" },
        "attempt": { "N": "0" },
        "received": { "N": received.to_string() },
        "sent": { "N": received.to_string() },
        "plain": { "B": STANDARD.encode(body) },
        "xray": { "B": STANDARD.encode(XRAY) },
    })
}

impl State {
    fn answer(&mut self, request: &Request) -> Reply {
        let Some(target) = request.header("x-amz-target") else { return describe_stacks() };
        let operation = target.rsplit('.').next().unwrap().to_owned();
        let input: Value = serde_json::from_slice(&request.body).unwrap();
        self.operations.push(operation.clone());
        let answer = match operation.as_str() {
            "DescribeTable" => {
                json!({ "Table": { "TableSizeBytes": self.bytes, "ItemCount": self.items.len() } })
            }
            "Scan" => self.scan(&input),
            "Query" => json!({ "Items": [], "Count": 0 }),
            "GetItem" => {
                let found = self.items.iter().find(|item| item["pk"] == input["Key"]["pk"]);
                found.map_or_else(|| json!({}), |item| json!({ "Item": item }))
            }
            "UpdateItem" => json!({}),
            "GetQueueAttributes" => json!({ "Attributes": { "ApproximateNumberOfMessages": "3" } }),
            other => panic!("{other} is not expected"),
        };
        Reply::json(200, answer.to_string())
    }

    fn scan(&self, input: &Value) -> Value {
        let after = &input["ExclusiveStartKey"]["pk"];
        let first = self.items.iter().position(|item| item["pk"] == *after).map_or(0, |place| place + 1);
        let page = &self.items[first..self.items.len().min(first + self.page)];
        let provider = input["ExpressionAttributeValues"][":provider"]["S"].as_str();
        let wanted =
            |item: &&Value| provider.is_none_or(|begin| item["pk"]["S"].as_str().unwrap().starts_with(begin));
        let mut answer = json!({
            "Items": page.iter().filter(wanted).collect::<Vec<_>>(),
            "ConsumedCapacity": { "CapacityUnits": self.units },
        });
        if first + page.len() < self.items.len() {
            answer["LastEvaluatedKey"] = json!({ "pk": page.last().unwrap()["pk"] });
        }
        answer
    }
}

fn describe_stacks() -> Reply {
    Reply::stack(
        &[],
        &[
            ("TableName", "table"),
            ("QueueUrl", "https://sqs.invalid/queue"),
            ("DeadLetterQueueUrl", "https://sqs.invalid/dead"),
        ],
    )
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
