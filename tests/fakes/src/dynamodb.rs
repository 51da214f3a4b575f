//! A DynamoDB with one table: `PutItem`, `UpdateItem` and `Query`, conditions included, and an operator's `GetItem` and
//! `Scan`.

mod expression;
mod table;

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use usher_core::ledger::Packed;

use crate::billing::{self, Bill};
use crate::endpoint::{Failure, Service};
pub use crate::item::Item;
use crate::lock;
use expression::Placeholders;
pub use table::PENDING;
use table::Table;

/// The name of the ledger's table.
pub const TABLE: &str = "usher-ledger";

/// The ledger's table with its index of pending items. The cost of a call does not grow with the number of items.
#[derive(Default)]
pub struct DynamoDb {
    table: Mutex<Table>,
    bill: Mutex<Bill>,
    any_client: bool,
}

impl DynamoDb {
    /// Returns a DynamoDB that also accepts requests that would be a mistake of Usher's: other tables' names, and
    /// writes without a condition.
    pub fn for_any_client() -> Self {
        Self { any_client: true, ..Self::default() }
    }

    /// Stores items without a bill.
    pub fn seed(&self, items: impl IntoIterator<Item = Item>) {
        let mut table = lock(&self.table);
        items.into_iter().for_each(|item| table.put(&item));
    }

    /// Returns the bill for all calls so far.
    pub fn bill(&self) -> Bill {
        *lock(&self.bill)
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        lock(&self.table).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns every item, ordered by key.
    pub fn items(&self) -> Vec<Item> {
        lock(&self.table).items().collect()
    }

    /// Returns the only item. Panics if there is none or another.
    pub fn item(&self) -> Item {
        let items = self.items();
        assert_eq!(items.len(), 1, "{items:?}");
        items[0].clone()
    }

    /// Makes every pending item due now.
    pub fn make_due(&self) {
        let mut table = lock(&self.table);
        for key in table.pending() {
            let mut item = table.get(&key).expect("what is pending is there");
            item.insert("due".to_owned(), json!({ "N": "0" }));
            table.put(&item);
        }
    }

    fn put(&self, input: &Value) -> Result<Value, Failure> {
        let placeholders = Placeholders::of(input).ok_or("ValidationException")?;
        let item = input["Item"].as_object().expect("an item");
        let mut table = lock(&self.table);
        let before = table.get(table::key(item));
        if !self.holds(&placeholders, input, before.as_ref()) {
            *lock(&self.bill) += billing::failed_condition(before.as_ref());
            return Err(self.condition_failed(input, before));
        }
        table.put(item);
        *lock(&self.bill) += billing::write(before.as_ref(), Some(item), PENDING);
        Ok(json!({}))
    }

    fn update(&self, input: &Value) -> Result<Value, Failure> {
        let placeholders = Placeholders::of(input).ok_or("ValidationException")?;
        let key = input["Key"].as_object().expect("a key");
        let mut table = lock(&self.table);
        let before = table.get(table::key(key));
        if !self.holds(&placeholders, input, before.as_ref()) {
            *lock(&self.bill) += billing::failed_condition(before.as_ref());
            return Err(self.condition_failed(input, before));
        }
        let mut item = before.clone().unwrap_or_else(|| key.clone());
        placeholders.update(input["UpdateExpression"].as_str().expect("an update"), &mut item);
        table.put(&item);
        *lock(&self.bill) += billing::write(before.as_ref(), Some(&item), PENDING);
        Ok(if input["ReturnValues"] == "ALL_NEW" { json!({ "Attributes": item }) } else { json!({}) })
    }

    /// Returns the error of a write whose condition failed, with the item that it found.
    fn condition_failed(&self, input: &Value, found: Option<Item>) -> Failure {
        let asks = input["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD";
        assert!(asks || self.any_client, "a write asks for the item that makes it fail");
        let members = match found {
            Some(item) if asks => json!({ "Item": item }),
            _ => json!({}),
        };
        Failure { code: "ConditionalCheckFailedException".into(), members }
    }

    fn holds(&self, placeholders: &Placeholders<'_>, input: &Value, stored: Option<&Item>) -> bool {
        let Some(condition) = input["ConditionExpression"].as_str() else {
            assert!(self.any_client, "every write has a condition");
            return true;
        };
        placeholders.hold(condition, stored.unwrap_or(&Item::new()))
    }

    /// Queries the index of pending items.
    fn query(&self, input: &Value) -> Result<Value, Failure> {
        Placeholders::of(input).ok_or("ValidationException")?;
        assert_eq!(input["IndexName"], "pending");
        assert_eq!(input["KeyConditionExpression"], "#pending = :shard");
        let shard = input["ExpressionAttributeValues"][":shard"]["S"].as_str().expect("a shard is a string");
        let limit = input["Limit"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000);
        let found = lock(&self.table).query(shard, input["ExclusiveStartKey"].as_object(), limit);
        *lock(&self.bill) += billing::query(&found);
        Ok(json!({ "Items": found, "Count": found.len() }))
    }
}

/// The items of a page of a scan. They are few, so that tests notice code that reads only the first page.
const PAGE: usize = 3;

impl DynamoDb {
    /// Does an operator's request. A function may make none of them.
    pub fn operate(&self, operation: &str, input: &Value) -> Result<Value, Failure> {
        match operation {
            "GetItem" => {
                let key = table::key(input["Key"].as_object().expect("a key"));
                Ok(lock(&self.table).get(key).map_or(json!({}), |item| json!({ "Item": item })))
            }
            "Scan" => self.scan(input),
            _ => self.act(operation, input),
        }
    }

    fn scan(&self, input: &Value) -> Result<Value, Failure> {
        let placeholders = Placeholders::of(input).ok_or("ValidationException")?;
        let after = input["ExclusiveStartKey"].as_object().map(|key| table::key(key).to_owned());
        let table = lock(&self.table);
        let rest = table.items().filter(|item| after.as_deref().is_none_or(|after| table::key(item) > after));
        let page: Vec<Item> = rest.take(PAGE).collect();
        let last = page.last().filter(|_| page.len() == PAGE).map(|item| json!({ "pk": item["pk"] }));
        let filter = input["FilterExpression"].as_str();
        let wanted = |item: &Item| filter.is_none_or(|filter| placeholders.hold(filter, item));
        let mut answer = json!({ "Items": page.into_iter().filter(wanted).collect::<Vec<_>>() });
        if let Some(last) = last {
            answer["LastEvaluatedKey"] = last;
        }
        Ok(answer)
    }
}

impl Service for DynamoDb {
    fn act(&self, operation: &str, input: &Value) -> Result<Value, Failure> {
        assert!(self.any_client || input["TableName"] == TABLE, "{}", input["TableName"]);
        match operation {
            "PutItem" => self.put(input),
            "UpdateItem" => self.update(input),
            "Query" => self.query(input),
            _ => Err("AccessDeniedException".into()),
        }
    }
}

/// Returns whether the relay would find the item.
pub fn is_pending(item: &Item) -> bool {
    item.contains_key("pending") && item.contains_key("due")
}

/// Returns the body as it was received.
pub fn body(item: &Item) -> Vec<u8> {
    let bytes = |name: &str| {
        let text = item.get(name)?["B"].as_str()?;
        BASE64.decode(text).ok()
    };
    match bytes("body") {
        Some(deflated) => Packed::Deflated(deflated).unpack(usize::MAX).expect("it inflates").to_vec(),
        None => bytes("plain").expect("a body, deflated or plain"),
    }
}
