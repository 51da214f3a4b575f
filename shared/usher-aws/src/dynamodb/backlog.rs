//! The relay's operations on the table: list, lease, postpone and park.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use jiff::Timestamp;
use usher_core::ledger::{Backlog, Fence, Lease, Leased, LedgerError, Pending, Setbacks, Transition};

use super::item::{Attributes, ItemView, index_key, millis, number, text};
use super::{Change, DynamoDbLedger, changed, names};
use crate::error_code::error_code;

/// The table's index of pending items.
const INDEX: &str = "pending";

/// The condition for a lease: the item is as the index showed it, and its last lease has had a result.
const FREE: &str = "attribute_exists(#pending) AND #due = :seen AND attribute_not_exists(#lease)";

/// The condition for taking a lease over: the item is as the index showed it, and its last lease has had no result.
const ABANDONED: &str = "attribute_exists(#pending) AND #due = :seen AND attribute_exists(#lease)";

impl DynamoDbLedger {
    /// Makes an update that gives the item to `relay` until `until`. `also` is counted besides the attempt.
    fn take(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
        condition: &str,
        also: &str,
    ) -> UpdateItemFluentBuilder {
        let update = format!("SET #due = :until, #lease = :relay ADD #attempt :one{also}");
        self.update(&pending.ledger_key, &update, condition)
            .expression_attribute_values(":until", millis(until))
            .expression_attribute_values(":relay", text(relay))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":seen", millis(pending.due))
            .return_values(ReturnValue::AllNew)
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
            .set_exclusive_start_key(after.map(index_key))
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

    async fn lease(&self, pending: &Pending, relay: &str, until: Timestamp) -> Result<Lease, LedgerError> {
        let taken = |item: &Attributes| leased(item).map(|leased| Lease::Taken(Box::new(leased)));
        match changed(self.take(pending, relay, until, FREE, "")).await? {
            Change::Made(item) => taken(&item),
            Change::Refused(item) => match ItemView(&item) {
                found if found.is_leased_to(relay, until) => taken(&item),
                found if found.is_due_at(pending.due) && found.has("lease") => Ok(Lease::Abandoned),
                _ => Ok(Lease::Gone),
            },
        }
    }

    async fn retake(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
    ) -> Result<Option<Leased>, LedgerError> {
        match changed(self.take(pending, relay, until, ABANDONED, ", #failed :one")).await? {
            Change::Made(item) => leased(&item).map(Some),
            Change::Refused(item) if ItemView(&item).is_leased_to(relay, until) => leased(&item).map(Some),
            Change::Refused(_) => Ok(None),
        }
    }

    async fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
        setbacks: Setbacks,
    ) -> Result<Transition, LedgerError> {
        // The numbers are set, not added to: a second try changes nothing more.
        let update = "SET #due = :due, #failed = :failed, #unconfirmed = :unconfirmed REMOVE #lease";
        let values = [
            (":due", millis(due)),
            (":failed", number(setbacks.failed)),
            (":unconfirmed", number(setbacks.unconfirmed)),
        ];
        self.transition(fence, update, values, None).await
    }

    async fn park(&self, fence: &Fence, parked: Timestamp) -> Result<Transition, LedgerError> {
        let update = "SET #parked = :parked REMOVE #pending, #due, #lease";
        self.transition(fence, update, [(":parked", millis(parked))], Some("parked")).await
    }
}

/// Returns what the relay needs to send the event, or an error for an item that is not one of Usher's.
fn leased(item: &Attributes) -> Result<Leased, LedgerError> {
    ItemView(item).leased().ok_or_else(|| LedgerError::new("MalformedItem"))
}
