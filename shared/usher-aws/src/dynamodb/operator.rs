//! The operator's operations on the table: read, scan, replay and forget.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity};
use jiff::Timestamp;
use usher_core::ledger::operator::{Item, OperatorLedger, Page, Selection};
use usher_core::ledger::{LedgerError, Transition, shard};

use super::item::{Attributes, ItemView, millis, number, seconds, text};
use super::{DynamoDbLedger, is_condition_failure, names};
use crate::error_code::error_code;

/// The condition for an operator's change: since the operator read the item, it was neither replaced, leased, replayed
/// nor erased.
const AS_SEEN: &str =
    "#token = :seen_token AND #attempt = :seen_attempt AND attribute_not_exists(#forgotten)";

impl DynamoDbLedger {
    /// Sends an update that holds only if the item is still as it was seen.
    async fn unless_changed(
        &self,
        request: UpdateItemFluentBuilder,
        seen: &Item,
    ) -> Result<Transition, LedgerError> {
        let request = request
            .expression_attribute_values(":seen_token", text(&seen.token))
            .expression_attribute_values(":seen_attempt", number(seen.attempt));
        match request.send().await {
            Ok(_) => Ok(Transition::Done),
            Err(error) if is_condition_failure(&error) => Ok(Transition::Overtaken),
            Err(error) => Err(LedgerError::new(error_code(&error))),
        }
    }
}

impl OperatorLedger for DynamoDbLedger {
    async fn get(&self, ledger_key: &str) -> Result<Option<Item>, LedgerError> {
        let request =
            self.client.get_item().table_name(&self.table).key("pk", text(ledger_key)).consistent_read(true);
        let answer = request.send().await.map_err(|error| LedgerError::new(error_code(&error)))?;
        answer.item().map(read_item).transpose()
    }

    async fn scan(&self, selection: &Selection, after: Option<&str>) -> Result<Page, LedgerError> {
        let filter = Filter::new(selection);
        let request = self
            .client
            .scan()
            .table_name(&self.table)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .set_exclusive_start_key(after.map(|pk| HashMap::from([("pk".to_owned(), text(pk))])))
            .set_filter_expression(filter.expression())
            .set_expression_attribute_names(filter.names())
            .set_expression_attribute_values(filter.values());
        let answer = request.send().await.map_err(|error| LedgerError::new(error_code(&error)))?;
        let last = answer.last_evaluated_key().and_then(|key| key.get("pk")?.as_s().ok().cloned());
        Ok(Page {
            items: answer.items().iter().map(read_item).collect::<Result<_, _>>()?,
            next: last,
            // Half a unit is possible: an eventually consistent read of 4 KB costs that much, and a scan is one.
            read_units: answer.consumed_capacity().and_then(ConsumedCapacity::capacity_units).unwrap_or(0.0),
        })
    }

    async fn replay(&self, seen: &Item, token: &str, now: Timestamp) -> Result<Transition, LedgerError> {
        let update = "SET #pending = :shard, #due = :now, #token = :token, #attempt = :none, #replayed = :now \
                      ADD #replay :one REMOVE #sent, #parked, #expires_at";
        let condition = format!("{AS_SEEN} AND attribute_not_exists(#pending)");
        let request = self
            .update(&seen.ledger_key, update, &condition)
            .expression_attribute_values(":shard", text(shard(&seen.ledger_key).to_string()))
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":token", text(token))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":one", number(1));
        self.unless_changed(request, seen).await
    }

    async fn forget(
        &self,
        seen: &Item,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let update = "SET #forgotten = :now, #expires_at = if_not_exists(#expires_at, :expires_at) \
                      REMOVE #body, #plain, #pending, #due, #parked";
        let pending = if seen.due.is_some() { "attribute_exists" } else { "attribute_not_exists" };
        let condition = format!("{AS_SEEN} AND {pending}(#pending)");
        let request = self
            .update(&seen.ledger_key, update, &condition)
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":expires_at", seconds(expires));
        self.unless_changed(request, seen).await
    }
}

/// Returns all that the ledger holds of a delivery, or an error for an item that is not one of Usher's.
fn read_item(item: &Attributes) -> Result<Item, LedgerError> {
    ItemView(item).full_item().ok_or_else(|| LedgerError::new("MalformedItem"))
}

/// A selection as a filter of DynamoDB's. It saves transfer only: DynamoDB reads, and charges for, every item before it
/// applies the filter.
#[derive(Default)]
struct Filter {
    conditions: Vec<&'static str>,
    values: Attributes,
}

impl Filter {
    fn new(selection: &Selection) -> Self {
        let mut filter = Self::default();
        if let Some(provider) = &selection.provider {
            filter.and("begins_with(#pk, :provider)", ":provider", text(format!("{provider}#")));
        }
        if let Some(since) = selection.since {
            filter.and("#received >= :since", ":since", millis(since));
        }
        if let Some(until) = selection.until {
            filter.and("#received < :until", ":until", millis(until));
        }
        if let Some(changed) = selection.changed_since {
            let any = "(#received >= :changed OR #sent >= :changed OR #parked >= :changed \
                       OR #replayed >= :changed)";
            filter.and(any, ":changed", millis(changed));
        }
        if selection.parked {
            filter.conditions.push("attribute_exists(#parked)");
        }
        filter
    }

    fn and(&mut self, condition: &'static str, name: &str, value: AttributeValue) {
        self.conditions.push(condition);
        self.values.insert(name.to_owned(), value);
    }

    fn expression(&self) -> Option<String> {
        (!self.conditions.is_empty()).then(|| self.conditions.join(" AND "))
    }

    fn names(&self) -> Option<HashMap<String, String>> {
        (!self.conditions.is_empty()).then(|| names(&self.conditions))
    }

    fn values(self) -> Option<Attributes> {
        (!self.values.is_empty()).then_some(self.values)
    }
}
