//! A DynamoDB of one table: `PutItem`, `UpdateItem` and `Query`, conditions included.

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::read::DeflateDecoder;
use serde_json::{Value, json};

use super::endpoint::{Failure, Service, lock};
use super::expression::{Item, Placeholders, number};

#[derive(Default)]
pub struct DynamoDb {
    items: Mutex<BTreeMap<String, Item>>,
}

impl DynamoDb {
    /// Every item, by key.
    pub fn items(&self) -> Vec<Item> {
        lock(&self.items).values().cloned().collect()
    }

    /// The only item there is.
    pub fn item(&self) -> Item {
        let items = self.items();
        assert_eq!(items.len(), 1, "{items:?}");
        items[0].clone()
    }

    /// Lets the grace of everything pending be over.
    pub fn make_due(&self) {
        for item in lock(&self.items).values_mut().filter(|item| item.contains_key("due")) {
            item.insert("due".to_owned(), json!({ "N": "0" }));
        }
    }

    fn put(&self, input: &Value) -> Result<Value, Failure> {
        let placeholders = Placeholders::of(input).ok_or("ValidationException")?;
        let item = input["Item"].as_object().expect("an item").clone();
        let key = key(&item);
        let mut items = lock(&self.items);
        let before = items.get(&key).cloned().unwrap_or_default();
        if !placeholders.hold(condition(input), &before) {
            let code = "ConditionalCheckFailedException";
            assert_eq!(input["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
            return Err(Failure { code, members: json!({ "Item": before }) });
        }
        items.insert(key, item);
        Ok(json!({}))
    }

    fn update(&self, input: &Value) -> Result<Value, Failure> {
        let placeholders = Placeholders::of(input).ok_or("ValidationException")?;
        let key = key(input["Key"].as_object().expect("a key"));
        let mut items = lock(&self.items);
        let before = items.get(&key).cloned().unwrap_or_default();
        if !placeholders.hold(condition(input), &before) {
            return Err("ConditionalCheckFailedException".into());
        }
        let mut item = before;
        placeholders.update(input["UpdateExpression"].as_str().expect("an update"), &mut item);
        items.insert(key, item.clone());
        Ok(if input["ReturnValues"] == "ALL_NEW" { json!({ "Attributes": item }) } else { json!({}) })
    }

    /// The index of what is pending: its keys, and what template.yaml projects.
    fn query(&self, input: &Value) -> Result<Value, Failure> {
        let placeholders = Placeholders::of(input).ok_or("ValidationException")?;
        assert_eq!(input["IndexName"], "pending");
        let condition = input["KeyConditionExpression"].as_str().expect("a condition");
        let mut found = self.items();
        found.retain(|item| item.contains_key("due") && placeholders.hold(condition, item));
        found.sort_by_key(|item| (number(&item["due"]), key(item)));
        if let Some(after) = input["ExclusiveStartKey"].as_object() {
            let after = (number(&after["due"]), key(after));
            found.retain(|item| (number(&item["due"]), key(item)) > after);
        }
        found.truncate(input["Limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000));
        for item in &mut found {
            item.retain(|name, _| ["pk", "pending", "due", "received"].contains(&name.as_str()));
        }
        Ok(json!({ "Items": found, "Count": found.len() }))
    }
}

impl Service for DynamoDb {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure> {
        assert_eq!(input["TableName"], "usher-ledger");
        match operation {
            "PutItem" => self.put(input),
            "UpdateItem" => self.update(input),
            "Query" => self.query(input),
            _ => Err("AccessDeniedException".into()),
        }
    }
}

/// Whether the relay would still find it.
pub fn is_pending(item: &Item) -> bool {
    item.contains_key("pending") && item.contains_key("due")
}

/// The body as it was received.
pub fn body(item: &Item) -> Vec<u8> {
    let bytes = |name: &str| {
        let text = item.get(name)?["B"].as_str()?;
        BASE64.decode(text).ok()
    };
    match bytes("body") {
        Some(deflated) => {
            let mut body = Vec::new();
            std::io::Read::read_to_end(&mut DeflateDecoder::new(&*deflated), &mut body).expect("it inflates");
            body
        }
        None => bytes("plain").expect("a body, deflated or plain"),
    }
}

fn key(item: &Item) -> String {
    item["pk"]["S"].as_str().expect("a key").to_owned()
}

fn condition(input: &Value) -> &str {
    input["ConditionExpression"].as_str().expect("every write has a condition")
}
