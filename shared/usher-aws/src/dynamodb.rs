//! The ledger on DynamoDB: one table, one sparse index.
//!
//! | attribute | type | meaning |
//! |---|---|---|
//! | `pk` | S | `<provider>#<key>` |
//! | `pending` | S | the shard of the pending index; absent once sent or parked |
//! | `due` | N | Unix milliseconds from which the relay may lease the item; present with `pending` |
//! | `received` | N | Unix milliseconds |
//! | `token`, `attempt` | S, N | the fence |
//! | `lease` | S | the mark of the relay that leased the item; absent once the lease has a result |
//! | `failed`, `unconfirmed` | N | the [setbacks](Setbacks); absent before the first |
//! | `digest` | B | the first 128 bits of the body's SHA-256 |
//! | `body` or `plain` | B | the body, deflated (RFC 1950, with a preset dictionary) or unchanged |
//! | `by` | S | the [mark](usher_core::ledger::mark) of the secrets that verified it; absent for the newest without a name |
//! | `replay` | N | the number of replays; absent before the first |
//! | `sent`, `parked`, `replayed` | N | Unix milliseconds |
//! | `forgotten` | N | Unix milliseconds at which an operator erased the body |
//! | `expires_at` | N | Unix *seconds*: the TTL attribute |
//!
//! An item with `pending` is pending, any other with `parked` is parked, and the rest is sent. Names are short because
//! DynamoDB charges a write unit for every kilobyte of an item, for the claim and again for settling.
//!
//! The SDK tries a call again whose answer was lost, and the second try may find the change that the first has made. So
//! every conditional write asks for the item that makes its condition fail, which costs nothing more, and looks there
//! for its own mark.

mod backlog;
mod item;
mod operator;

pub use operator::TableSize;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
#[cfg(doc)]
use usher_core::ledger::Setbacks;
use usher_core::ledger::{Claim, Delivery, Fence, Ledger, LedgerError, Transition};

use crate::clients::only_connect;
use crate::error_code::error_code;
use item::{Attributes, ItemView, millis, number, seconds, text};

/// The condition for a claim: there is no item, or one that has expired, which DynamoDB may delete days late.
const CLAIMABLE: &str = "attribute_not_exists(#pk) OR #expires_at < :now_seconds";

/// The condition for a transition: the item is still pending, and no other handler or relay has leased it.
const OWNED: &str = "attribute_exists(#pending) AND #token = :token AND #attempt = :attempt";

/// The ledger's table.
#[derive(Clone)]
pub struct DynamoDbLedger {
    client: Client,
    table: String,
}

impl DynamoDbLedger {
    /// Makes a ledger of the table with this name. Nothing is called.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Opens a connection that later calls use.
    pub(crate) async fn connect(&self) {
        let once = Builder::new().retry_config(RetryConfig::disabled());
        // The SDK refuses a request without a table's name before it connects.
        let put = self.client.put_item().table_name(&self.table);
        let request = put.customize().config_override(once).mutate_request(only_connect);
        let _answered = request.send().await;
    }

    /// Makes an update that holds under a condition and returns the item if it fails.
    fn update(&self, ledger_key: &str, update: &str, condition: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(ledger_key))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_names(Some(names(&[update, condition])))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// Changes an item that is still the fence's. `result` is the attribute by which the change is known if an earlier
    /// try of it was applied: it takes the item out of the pending index and sets this one.
    async fn transition(
        &self,
        fence: &Fence,
        update: &str,
        values: impl IntoIterator<Item = (&str, AttributeValue)>,
        result: Option<&str>,
    ) -> Result<Transition, LedgerError> {
        let mut request = self
            .update(&fence.ledger_key, update, OWNED)
            .expression_attribute_values(":token", text(&fence.token))
            .expression_attribute_values(":attempt", number(fence.attempt));
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        let is_done = |item: ItemView<'_>| {
            item.is_at(fence) && !item.has("pending") && result.is_some_and(|result| item.has(result))
        };
        Ok(match changed(request).await? {
            Change::Made(_) => Transition::Done,
            Change::Refused(item) if is_done(ItemView(&item)) => Transition::Done,
            Change::Refused(_) => Transition::Overtaken,
        })
    }
}

/// The result of a conditional update.
enum Change {
    /// It was made. These are the attributes that the request asked for.
    Made(Attributes),
    /// Its condition failed. This is the item that it found, without attributes if there is none.
    Refused(Attributes),
}

/// Sends a conditional update.
async fn changed(request: UpdateItemFluentBuilder) -> Result<Change, LedgerError> {
    match request.send().await {
        Ok(answer) => Ok(Change::Made(answer.attributes.unwrap_or_default())),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failure)) => {
                Ok(Change::Refused(failure.item.clone().unwrap_or_default()))
            }
            _ => Err(LedgerError::new(error_code(&error))),
        },
    }
}

impl Ledger for DynamoDbLedger {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::claimed(delivery)))
            .condition_expression(CLAIMABLE)
            .set_expression_attribute_names(Some(names(&[CLAIMABLE])))
            .expression_attribute_values(":now_seconds", seconds(delivery.received))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let earlier = match request.send().await {
            Ok(_) => return Ok(Claim::New),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failure)) => failure.item.clone(),
                _ => return Err(LedgerError::new(error_code(&error))),
            },
        };
        let earlier = earlier.ok_or_else(|| LedgerError::new("ConditionFailedWithoutItem"))?;
        let earlier = ItemView(&earlier);
        // The SDK's first attempt may have been written although its answer was lost: the item is this delivery's own.
        if earlier.token() == Some(&delivery.token) {
            return Ok(Claim::New);
        }
        Ok(Claim::Duplicate(earlier.earlier(delivery)))
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let update = "SET #sent = :sent, #expires_at = :expires_at REMOVE #pending, #due, #lease";
        let values = [(":sent", millis(sent)), (":expires_at", seconds(expires))];
        self.transition(fence, update, values, Some("sent")).await
    }
}

/// Returns the `#name` placeholders in these expressions, each with its attribute. Every attribute has a placeholder
/// because DynamoDB reserves some six hundred words.
fn names(expressions: &[&str]) -> HashMap<String, String> {
    expressions
        .iter()
        .flat_map(|expression| expression.split('#').skip(1))
        .map(|rest| {
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .map(|name| (format!("#{name}"), name.to_owned()))
        .collect()
}
