//! The operator's operations on the table: read, scan, replay and forget.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity, TableDescription};
use jiff::Timestamp;
use usher_core::ledger::operator::{CLOCK_SKEW, Item, OperatorLedger, Page, Selection};
use usher_core::ledger::{LedgerError, Transition, shard};

use super::item::{Attributes, ItemView, millis, number, seconds, text};
use super::{Change, DynamoDbLedger, changed, names};
use crate::error_code::error_code;

/// The condition for an operator's change: since the operator read the item, it was neither replaced, leased, replayed
/// nor erased.
const AS_SEEN: &str =
    "#token = :seen_token AND #attempt = :seen_attempt AND attribute_not_exists(#forgotten)";

/// The condition for erasing a pending item: neither a handler nor a relay can be sending it. A handler has no lease; it
/// owns the item from the claim until the item is due, and nothing that was leased or replayed is a handler's.
const NOT_BEING_SENT: &str = "attribute_exists(#pending) AND (#due <= :certainly_over OR \
     (attribute_not_exists(#lease) AND (#attempt > :none OR attribute_exists(#replayed))))";

/// The size of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSize {
    /// The number of items.
    pub items: u64,
    /// The number of bytes, as DynamoDB charges for them.
    pub bytes: u64,
}

impl DynamoDbLedger {
    /// Returns the size of the table, as DynamoDB counted it within the last six hours or so.
    pub async fn size(&self) -> Result<TableSize, LedgerError> {
        let request = self.client.describe_table().table_name(&self.table);
        let answer = request.send().await.map_err(|error| LedgerError::new(error_code(&error)))?;
        let number =
            |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok()).unwrap_or_default();
        let table = answer.table();
        Ok(TableSize {
            items: number(table.and_then(TableDescription::item_count)),
            bytes: number(table.and_then(TableDescription::table_size_bytes)),
        })
    }

    /// Sends an update that holds only if the item is still as it was seen. `is_done` tells the change that an earlier
    /// try has made.
    async fn unless_changed(
        &self,
        request: UpdateItemFluentBuilder,
        seen: &Item,
        is_done: impl FnOnce(ItemView<'_>) -> bool,
    ) -> Result<Transition, LedgerError> {
        let request = request
            .expression_attribute_values(":seen_token", text(&seen.token))
            .expression_attribute_values(":seen_attempt", number(seen.attempt));
        Ok(match changed(request).await? {
            Change::Made(_) => Transition::Done,
            Change::Refused(item) if is_done(ItemView(&item)) => Transition::Done,
            Change::Refused(_) => Transition::Overtaken,
        })
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
            .consistent_read(selection.consistent)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .set_exclusive_start_key(after.map(|pk| HashMap::from([("pk".to_owned(), text(pk))])))
            .set_filter_expression(filter.expression())
            .set_expression_attribute_names(filter.names())
            .set_expression_attribute_values(filter.values());
        let answer = request.send().await.map_err(|error| LedgerError::new(error_code(&error)))?;
        let last = answer.last_evaluated_key().and_then(|key| key.get("pk")?.as_s().ok().cloned());
        let (items, unreadable): (Vec<_>, Vec<_>) =
            answer.items().iter().map(|item| read_item(item).map_err(|_| key(item))).partition(Result::is_ok);
        Ok(Page {
            items: items.into_iter().filter_map(Result::ok).collect(),
            unreadable: unreadable.into_iter().filter_map(Result::err).collect(),
            next: last,
            // Half a unit is possible: an eventually consistent read of 4 KB costs that much.
            read_units: answer.consumed_capacity().and_then(ConsumedCapacity::capacity_units).unwrap_or(0.0),
        })
    }

    async fn replay(&self, seen: &Item, token: &str, now: Timestamp) -> Result<Transition, LedgerError> {
        let update = "SET #pending = :shard, #due = :due, #token = :token, #attempt = :none, #replayed = :now \
                      ADD #replay :one REMOVE #sent, #parked, #expires_at, #failed, #unconfirmed, #lease";
        let condition = format!("{AS_SEEN} AND attribute_not_exists(#pending)");
        let request = self
            .update(&seen.ledger_key, update, &condition)
            .expression_attribute_values(":shard", text(shard(&seen.ledger_key).to_string()))
            .expression_attribute_values(":due", millis(seen.due_when_replayed(now)))
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":token", text(token))
            .expression_attribute_values(":none", number(0))
            .expression_attribute_values(":one", number(1));
        let is_done =
            |item: ItemView<'_>| item.has_token(token) && item.replay() == seen.replay.saturating_add(1);
        self.unless_changed(request, seen, is_done).await
    }

    async fn forget(
        &self,
        seen: &Item,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let update = "SET #forgotten = :now, #expires_at = if_not_exists(#expires_at, :expires_at) \
                      REMOVE #body, #plain, #trace, #xray, #pending, #due, #parked, #lease";
        let state = if seen.due.is_some() { NOT_BEING_SENT } else { "attribute_not_exists(#pending)" };
        let condition = format!("{AS_SEEN} AND {state}");
        let mut request = self
            .update(&seen.ledger_key, update, &condition)
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":expires_at", seconds(seen.tombstone_expires(now, expires)));
        if seen.due.is_some() {
            let certainly_over = now.saturating_sub(CLOCK_SKEW).unwrap_or(Timestamp::MIN);
            request = request
                .expression_attribute_values(":certainly_over", millis(certainly_over))
                .expression_attribute_values(":none", number(0));
        }
        let is_done = |item: ItemView<'_>| item.has_token(&seen.token) && item.was_forgotten_at(now);
        self.unless_changed(request, seen, is_done).await
    }
}

/// Returns all that the ledger holds of a delivery, or an error for an item that is not one of Usher's.
fn read_item(item: &Attributes) -> Result<Item, LedgerError> {
    ItemView(item).full_item().ok_or_else(|| LedgerError::new("MalformedItem"))
}

/// Returns the key of any item of the table.
fn key(item: &Attributes) -> String {
    item.get("pk").and_then(|key| key.as_s().ok()).cloned().unwrap_or_default()
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
