//! The kills of [`killed`](super::killed), with a table and a queue of the emulator's behind the endpoints.
//!
//! Part of `make test`, which names in USHER_STACKS the file that says where the emulator is.

use fakes::dynamodb::{Item, is_pending};
use fakes::endpoint::{Endpoint, Service};
use fakes::function::Function;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::delivery::Provider;
use crate::emulated::Emulated;
use crate::killed::{self, Sent, Services};

struct World {
    dynamodb: Endpoint<Emulated>,
    sqs: Endpoint<Emulated>,
    table: String,
    queue: String,
}

impl World {
    /// Creates an empty table and an empty standard queue.
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
}

impl Services for World {
    fn dynamodb(&self) -> &Endpoint<impl Service> {
        &self.dynamodb
    }

    fn sqs(&self) -> &Endpoint<impl Service> {
        &self.sqs
    }

    async fn start_luma(&self) -> Function {
        let document = Provider::Luma.secret_document();
        self.start(Provider::Luma.binary(), &[("WEBHOOK_SECRETS", &document)]).await
    }

    async fn start_relay(&self) -> Function {
        self.start(env!("CARGO_BIN_EXE_relay"), &[]).await
    }

    fn items(&self) -> Vec<Item> {
        let scanned = self.dynamodb.service().expect("Scan", &json!({ "TableName": self.table }));
        serde_json::from_value(scanned["Items"].clone()).expect("a scan lists items")
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

    fn sent(&self) -> Vec<Sent> {
        let receive = json!({ "QueueUrl": self.queue, "MaxNumberOfMessages": 10 });
        let received = self.sqs.service().expect("ReceiveMessage", &receive);
        let messages = received["Messages"].as_array().cloned().unwrap_or_default();
        let sent = messages.iter().map(|message| {
            let body = message["Body"].as_str().expect("a message has a body");
            let event: Value = serde_json::from_str(body).expect("an event is JSON");
            let event_id = event["id"].as_str().expect("an event has an id").to_owned();
            Sent { event_id, deduplication_id: None }
        });
        sent.collect()
    }
}

/// Describes a table with the ledger's key and index.
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

#[tokio::test]
async fn every_kill_is_survived_with_the_emulators_table_and_queue() {
    for kill in killed::ALL {
        kill.is_survived_by(&World::new().await).await;
    }
}
