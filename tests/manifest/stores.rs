//! The table and the queues are as the code expects, and outlive the stack.

use std::collections::{BTreeMap, BTreeSet};

use fakes::dynamodb::PENDING;
use serde_json::Value;

use crate::calls::{HANDLER, RELAY, call};
use crate::template::{outputs, properties, resources};

#[test]
fn the_tables_keys_are_the_ones_the_code_writes() {
    let table = properties("Ledger");
    let item = call(&HANDLER, "dynamodb:PutItem")["Item"].as_object().expect("it puts an item");
    let key: Vec<_> = keys(&table["KeySchema"]).into_iter().collect();
    assert_eq!(key, [("HASH".to_owned(), "pk".to_owned())]);
    for definition in table["AttributeDefinitions"].as_array().expect("attributes are defined") {
        let name = definition["AttributeName"].as_str().expect("an attribute has a name");
        let kind = definition["AttributeType"].as_str().expect("an attribute has a type");
        assert!(item[name].get(kind).is_some(), "{name} is written as {}", item[name]);
    }
}

#[test]
fn the_index_is_the_one_the_relay_queries() {
    let [index] = properties("Ledger")["GlobalSecondaryIndexes"].as_array().expect("a list").as_slice()
    else {
        panic!("there is one index")
    };
    let query = call(&RELAY, "dynamodb:Query");
    assert_eq!(index["IndexName"], query["IndexName"]);
    let keys = keys(&index["KeySchema"]);
    assert_eq!(query["KeyConditionExpression"], format!("#{} = :shard", keys["HASH"]));
    // A page begins after an entry with these keys of index and table.
    let start = query["ExclusiveStartKey"].as_object().expect("the second page begins somewhere");
    let start: BTreeSet<_> = start.keys().map(String::as_str).collect();
    assert_eq!(start, ["pk", &keys["HASH"], &keys["RANGE"]].into());
    // The relay reads the age of the oldest pending event from the index alone.
    assert_eq!(index["Projection"]["NonKeyAttributes"], serde_json::json!(["received"]));
    // The costs in tests/binaries are computed for this index.
    assert_eq!(start, PENDING.keys.iter().copied().collect());
    assert_eq!(PENDING.projects, ["received"]);
}

#[test]
fn dynamodb_deletes_an_item_by_the_time_that_settling_writes() {
    let ttl = &properties("Ledger")["TimeToLiveSpecification"];
    assert_eq!(ttl["Enabled"], true);
    let attribute = ttl["AttributeName"].as_str().expect("an attribute has a name");
    let is_written = |body: &Value| {
        body["UpdateExpression"].as_str().is_some_and(|update| update.contains(&format!("#{attribute} = ")))
    };
    assert!(is_written(call(&HANDLER, "dynamodb:UpdateItem")), "settling writes it");
    let claimed = &call(&HANDLER, "dynamodb:PutItem")["Item"];
    assert_eq!(claimed.get(attribute), None, "what is not sent must not expire");
}

#[test]
fn what_was_received_outlives_the_stack_and_a_mistake() {
    let kept = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret"];
    for (name, resource) in kept.into_iter().flat_map(resources) {
        // A first deployment that fails leaves nothing behind.
        assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{name}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}");
        // A fixed name would collide with the kept resource when a new stack is created.
        for fixed in ["TableName", "QueueName", "Name"] {
            assert_eq!(resource["Properties"].get(fixed), None, "{name}");
        }
    }
    let table = properties("Ledger");
    assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    assert_eq!(
        table.get("SSESpecification"),
        None,
        "DynamoDB's own key costs nothing, and KMS is in no request"
    );
    assert_eq!(outputs()["TableName"]["Value"], "Ledger");
}

#[test]
fn what_a_consumer_fails_at_waits_in_a_queue_of_its_own_for_longer() {
    let (queue, dead_letters) = (properties("Queue"), properties("DeadLetterQueue"));
    assert_eq!(queue["RedrivePolicy"]["deadLetterTargetArn"], "DeadLetterQueue.Arn");
    let days = |queue: &Value| queue["MessageRetentionPeriod"].as_u64().expect("it is kept for some time");
    assert!(days(dead_letters) >= 2 * days(queue), "a message's age moves with it");
    for queue in [queue, dead_letters] {
        assert_eq!(queue["SqsManagedSseEnabled"], true);
        assert_eq!(queue["FifoQueue"], serde_json::json!(["IsFifo", true, "AWS::NoValue"]));
    }
}

/// Sources: Amazon SQS, "Amazon SQS quotas" (a message has at most 1 MiB) and "High throughput for FIFO queues".
#[test]
fn the_queue_takes_the_largest_event_and_a_fifo_queue_is_as_fast_as_it_may_be() {
    let (queue, dead_letters) = (properties("Queue"), properties("DeadLetterQueue"));
    for queue in [queue, dead_letters] {
        assert_eq!(queue["MaximumMessageSize"], 1_048_576, "the default was 256 KiB once");
    }
    assert_eq!(queue["DeduplicationScope"], serde_json::json!(["IsFifo", "messageGroup", "AWS::NoValue"]));
    assert_eq!(
        queue["FifoThroughputLimit"],
        serde_json::json!(["IsFifo", "perMessageGroupId", "AWS::NoValue"])
    );
    assert_eq!(queue["RedriveAllowPolicy"]["redrivePermission"], "denyAll");
}

/// Returns the keys' names by their kind: `HASH` or `RANGE`.
fn keys(schema: &Value) -> BTreeMap<String, String> {
    let keys = schema.as_array().expect("a schema lists keys").iter();
    let text = |value: &Value| value.as_str().expect("it is text").to_owned();
    keys.map(|key| (text(&key["KeyType"]), text(&key["AttributeName"]))).collect()
}
