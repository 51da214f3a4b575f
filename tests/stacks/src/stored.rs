//! A delivery's item in the ledger's table.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use jiff::Timestamp;
use usher_core::ledger::Packed;
use usher_core::policy::Policy;

pub struct Stored(HashMap<String, AttributeValue>);

impl Stored {
    pub async fn read(client: &Client, table: &str, pk: &str) -> Option<Self> {
        let key = AttributeValue::S(pk.to_owned());
        let read = client.get_item().table_name(table).key("pk", key).consistent_read(true).send();
        read.await.expect("the table can be read").item.map(Self)
    }

    /// Returns whether the delivery is sent and nothing is left to do.
    pub fn is_settled(&self) -> bool {
        !self.is_pending() && !self.0.contains_key("due") && self.0.contains_key("sent")
    }

    pub fn is_pending(&self) -> bool {
        self.0.contains_key("pending")
    }

    pub fn received(&self) -> Timestamp {
        Timestamp::from_millisecond(self.number("received").expect("received")).expect("it is a time")
    }

    /// Returns the time at which DynamoDB deletes the item, in Unix seconds.
    pub fn expires_at(&self) -> Option<i64> {
        self.number("expires_at")
    }

    /// Returns the number of times the relay has leased it.
    pub fn attempt(&self) -> Option<i64> {
        self.number("attempt")
    }

    /// Returns the body, byte for byte as it was received.
    pub fn body(&self) -> Bytes {
        let packed = match (self.bytes("body"), self.bytes("plain")) {
            (Some(deflated), None) => Packed::Deflated(deflated),
            (None, Some(plain)) => Packed::Plain(plain.into()),
            _ => panic!("an item has one body"),
        };
        packed.unpack(Policy::MAX_BODY_BYTES).expect("the body unpacks")
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_n().ok()?.parse().ok()
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        Some(self.0.get(name)?.as_b().ok()?.as_ref().to_vec())
    }
}
