//! The ledger on DynamoDB: one table, one sparse index.
//!
//! | attribute | type | meaning |
//! |---|---|---|
//! | `pk` | S | `<provider>#<key>` |
//! | `pending` | S | the shard of the pending index; absent once sent or parked |
//! | `due` | N | Unix milliseconds from which the relay may lease the item; present with `pending` |
//! | `received` | N | Unix milliseconds |
//! | `token`, `attempt` | S, N | the fence |
//! | `digest` | B | the first 128 bits of the body's SHA-256 |
//! | `body` or `plain` | B | the body, deflated (RFC 1950, with a preset dictionary) or unchanged |
//! | `replay` | N | the number of replays; absent before the first |
//! | `sent`, `parked`, `replayed` | N | Unix milliseconds |
//! | `forgotten` | N | Unix milliseconds at which an operator erased the body |
//! | `expires_at` | N | Unix *seconds*: the TTL attribute |
//!
//! An item with `pending` is pending, any other with `parked` is parked, and the rest is sent. Names are short because
//! DynamoDB charges a write unit for every kilobyte of an item, for the claim and again for settling.

mod item;
mod operator;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use usher_core::ledger::{Backlog, Claim, Delivery, Fence, Leased, Ledger, LedgerError, Pending, Transition};

use crate::clients::only_connect;
use crate::error_code::error_code;
use item::{ItemView, millis, number, seconds, text};

/// The table's index of pending items.
const INDEX: &str = "pending";

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

    fn update(&self, ledger_key: &str, update: &str, condition: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(ledger_key))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_names(Some(names(&[update, condition])))
    }

    async fn transition(
        &self,
        fence: &Fence,
        update: &str,
        values: impl IntoIterator<Item = (&str, AttributeValue)>,
    ) -> Result<Transition, LedgerError> {
        let mut request = self
            .update(&fence.ledger_key, update, OWNED)
            .expression_attribute_values(":token", text(&fence.token))
            .expression_attribute_values(":attempt", number(fence.attempt));
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        match request.send().await {
            Ok(_) => Ok(Transition::Done),
            Err(error) if is_condition_failure(&error) => Ok(Transition::Overtaken),
            Err(error) => Err(LedgerError::new(error_code(&error))),
        }
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
        let update = "SET #sent = :sent, #expires_at = :expires_at REMOVE #pending, #due";
        let values = [(":sent", millis(sent)), (":expires_at", seconds(expires))];
        self.transition(fence, update, values).await
    }
}

impl Backlog for DynamoDbLedger {
    async fn pending(
        &self,
        shard: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> Result<Vec<Pending>, LedgerError> {
        let condition = "#pending = :shard";
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression(condition)
            .set_expression_attribute_names(Some(names(&[condition])))
            .expression_attribute_values(":shard", text(shard.to_string()))
            .set_exclusive_start_key(after.map(item::index_key))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| LedgerError::new(error_code(&error)))?;
        answer
            .items()
            .iter()
            .map(|item| ItemView(item).pending().ok_or_else(|| LedgerError::new("MalformedIndexEntry")))
            .collect()
    }

    async fn lease(&self, pending: &Pending, until: Timestamp) -> Result<Option<Leased>, LedgerError> {
        let answer = self
            .update(
                &pending.ledger_key,
                "SET #due = :until ADD #attempt :one",
                "attribute_exists(#pending) AND #due = :seen",
            )
            .expression_attribute_values(":until", millis(until))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":seen", millis(pending.due))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match answer {
            Ok(answer) => answer
                .attributes()
                .and_then(|attributes| ItemView(attributes).leased())
                .map(Some)
                .ok_or_else(|| LedgerError::new("MalformedItem")),
            Err(error) if is_condition_failure(&error) => Ok(None),
            Err(error) => Err(LedgerError::new(error_code(&error))),
        }
    }

    async fn postpone(&self, fence: &Fence, due: Timestamp) -> Result<Transition, LedgerError> {
        self.transition(fence, "SET #due = :due", [(":due", millis(due))]).await
    }

    async fn park(&self, fence: &Fence, parked: Timestamp) -> Result<Transition, LedgerError> {
        self.transition(fence, "SET #parked = :parked REMOVE #pending, #due", [(":parked", millis(parked))])
            .await
    }
}

fn is_condition_failure<R>(error: &SdkError<UpdateItemError, R>) -> bool {
    error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
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
