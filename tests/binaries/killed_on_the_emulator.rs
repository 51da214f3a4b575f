//! The kills of [`killed`](super::killed) once more, with the emulator's table and queue behind the endpoints.
//!
//! Part of `make test`, which says in USHER_STACKS where the emulator is.

use events::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::delivery::{Provider, delivery, event};
use crate::emulated::Emulated;
use fakes::behaviour::Behaviour;
use fakes::endpoint::Endpoint;
use fakes::function::Function;

struct World {
    dynamodb: Endpoint<Emulated>,
    sqs: Endpoint<Emulated>,
    table: String,
    queue: String,
}

impl World {
    /// With an empty table and an empty queue of its own.
    async fn new() -> Self {
        let dynamodb = Endpoint::start(Emulated::new("dynamodb", "DynamoDB_20120810")).await;
        let sqs = Endpoint::start(Emulated::new("sqs", "AmazonSQS")).await;
        let table = format!("killed-{}", events::hex(&events::random::<8>()));
        dynamodb.service().expect("CreateTable", &like_the_ledger(&table));
        let queue = sqs.service().expect("CreateQueue", &json!({ "QueueName": table }));
        let queue = queue["QueueUrl"].as_str().expect("a queue has a URL").to_owned();
        Self { dynamodb, sqs, table, queue }
    }

    async fn start(&self, binary: &str, variables: &[(&str, &str)]) -> Function {
        let endpoints = [self.dynamodb.url(), self.sqs.url()];
        let mut all = vec![
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL_DYNAMODB", endpoints[0].as_str()),
            ("AWS_ENDPOINT_URL_SQS", endpoints[1].as_str()),
            ("TABLE_NAME", self.table.as_str()),
            ("QUEUE_URL", self.queue.as_str()),
        ];
        all.extend(variables);
        Function::start(binary, &all).await
    }

    async fn start_luma(&self) -> Function {
        let document = Provider::Luma.secret_document();
        self.start(Provider::Luma.binary(), &[("WEBHOOK_SECRETS", &document)]).await
    }

    /// Runs a function until it waits for the answer to `operation`, and kills it there.
    async fn kill_at(&self, operation: &'static str, behaviour: Behaviour, request: &Request) {
        self.dynamodb.behave_once(operation, behaviour);
        self.sqs.behave_once(operation, behaviour);
        let function = self.start_luma().await;
        function.send(event(request).to_string());
        tokio::select! {
            () = self.dynamodb.called(operation) => {}
            () = self.sqs.called(operation) => {}
        }
        function.kill().await;
    }

    /// What happens next: the provider sends again, and the relay runs when everything is due.
    async fn retry_and_relay(&self, request: &Request) {
        assert_eq!(self.start_luma().await.deliver(request).await.status, 200);
        self.make_due();
        let mut relay = self.start(env!("CARGO_BIN_EXE_relay"), &[]).await;
        assert_eq!(relay.invoke("{}".to_owned()).await.kind, "response");
        let [item] = &self.items()[..] else { panic!("one delivery is one item: {:?}", self.items()) };
        assert!(!is_pending(item), "everything is settled");
    }

    fn make_due(&self) {
        for item in self.items().iter().filter(|item| is_pending(item)) {
            let long_ago = (Timestamp::now().as_millisecond() - 60_000).to_string();
            let update = json!({
                "TableName": self.table,
                "Key": { "pk": item["pk"] },
                "UpdateExpression": "SET #due = :due",
                "ExpressionAttributeNames": { "#due": "due" },
                "ExpressionAttributeValues": { ":due": { "N": long_ago } },
            });
            self.dynamodb.service().expect("UpdateItem", &update);
        }
    }

    fn items(&self) -> Vec<Value> {
        let scanned = self.dynamodb.service().expect("Scan", &json!({ "TableName": self.table }));
        scanned["Items"].as_array().expect("a scan lists items").clone()
    }

    /// The ids of the events on the queue.
    fn event_ids(&self) -> Vec<String> {
        let receive = json!({ "QueueUrl": self.queue, "MaxNumberOfMessages": 10 });
        let received = self.sqs.service().expect("ReceiveMessage", &receive);
        let messages = received["Messages"].as_array().cloned().unwrap_or_default();
        messages
            .iter()
            .map(|message| {
                let body = message["Body"].as_str().expect("a message has a body");
                let event: Value = serde_json::from_str(body).expect("an event is JSON");
                event["id"].as_str().expect("an event has an id").to_owned()
            })
            .collect()
    }
}

fn like_the_ledger(table: &str) -> Value {
    json!({
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            { "AttributeName": "pk", "AttributeType": "S" },
            { "AttributeName": "pending", "AttributeType": "S" },
            { "AttributeName": "due", "AttributeType": "N" },
        ],
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "pending",
            "KeySchema": [
                { "AttributeName": "pending", "KeyType": "HASH" },
                { "AttributeName": "due", "KeyType": "RANGE" },
            ],
            "Projection": { "ProjectionType": "INCLUDE", "NonKeyAttributes": ["received"] },
        }],
    })
}

fn is_pending(item: &Value) -> bool {
    item.get("pending").is_some()
}

#[tokio::test]
async fn killed_before_the_claim() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    world.kill_at("PutItem", Behaviour::NeverAnswer, &request).await;
    assert!(world.items().is_empty());
    world.retry_and_relay(&request).await;
    assert_eq!(world.event_ids().len(), 1);
}

#[tokio::test]
async fn killed_after_the_claim() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    world.kill_at("PutItem", Behaviour::ActAndNeverAnswer, &request).await;
    assert!(is_pending(&world.items()[0]));
    world.retry_and_relay(&request).await;
    assert_eq!(world.event_ids().len(), 1);
}

#[tokio::test]
async fn killed_before_the_send() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    world.kill_at("SendMessage", Behaviour::NeverAnswer, &request).await;
    assert!(is_pending(&world.items()[0]));
    world.retry_and_relay(&request).await;
    assert_eq!(world.event_ids().len(), 1);
}

#[tokio::test]
async fn killed_between_send_and_settle() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    world.kill_at("SendMessage", Behaviour::ActAndNeverAnswer, &request).await;
    world.retry_and_relay(&request).await;
    let ids = world.event_ids();
    assert_eq!(ids.len(), 2, "the case of a second copy");
    assert_eq!(ids[0], ids[1], "which any consumer can drop");
}

#[tokio::test]
async fn killed_after_the_settle() {
    let (world, request) = (World::new().await, delivery(Provider::Luma));
    world.kill_at("UpdateItem", Behaviour::ActAndNeverAnswer, &request).await;
    world.retry_and_relay(&request).await;
    assert_eq!(world.event_ids().len(), 1);
}
