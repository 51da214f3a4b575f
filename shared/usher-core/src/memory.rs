//! The ledger and the queue in memory, for tests and simulations. They pass the same `contract` suite as
//! DynamoDB's and SQS's.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::ledger::operator::{Item, OperatorLedger, Page, Selection};
use crate::ledger::{
    Backlog, Claim, Delivery, Earlier, Fence, GRACE, Lease, Leased, Ledger, LedgerError, Packed, Pending,
    Setbacks, Transition, mark, shard,
};
use crate::queue::{Message, Queue, QueueError};
use crate::secret::{Keyring, SecretStore, SecretsError};
use crate::trace::Trace;

/// A ledger that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    items: Mutex<BTreeMap<String, Item>>,
}

/// Returns whether the item is still as the operator saw it.
fn is_as_seen(item: &Item, seen: &Item) -> bool {
    item.forgotten.is_none()
        && item.due.is_some() == seen.due.is_some()
        && (&item.token, item.attempt) == (&seen.token, seen.attempt)
}

/// Returns whether a claim may take the item's place: it has expired.
fn is_replaceable(item: &Item, now: Timestamp) -> bool {
    item.expires.is_some_and(|expires| expires < now)
}

/// Returns whether the item's last attempt is the one that the fence is of.
fn is_at(item: &Item, fence: &Fence) -> bool {
    item.token == fence.token && item.attempt == fence.attempt
}

/// Returns whether this very lease was applied before: no other has both its mark and its end.
fn is_leased_to(item: &Item, relay: &str, until: Timestamp) -> bool {
    item.due == Some(until) && item.lease.as_deref() == Some(relay)
}

/// Leases an item that may be leased.
fn take(item: &mut Item, relay: &str, until: Timestamp) {
    item.attempt += 1;
    item.due = Some(until);
    item.lease = Some(relay.to_owned());
}

fn leased(item: &Item) -> Option<Leased> {
    let delivery = item.delivery()?;
    let (ledger_key, token) = (item.ledger_key.clone(), item.token.clone());
    let fence = Fence { ledger_key, token, attempt: item.attempt };
    Some(Leased { fence, setbacks: item.setbacks, delivery })
}

impl MemoryLedger {
    /// Returns a copy of one item.
    pub fn item(&self, ledger_key: &str) -> Option<Item> {
        self.lock().get(ledger_key).cloned()
    }

    /// Returns the keys of all items.
    pub fn keys(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes an item that is still the fence's, and ends its lease. `is_done` tells the change from an earlier try.
    fn transition(
        &self,
        fence: &Fence,
        is_done: impl FnOnce(&Item) -> bool,
        change: impl FnOnce(&mut Item),
    ) -> Transition {
        match self.lock().get_mut(&fence.ledger_key).filter(|item| is_at(item, fence)) {
            Some(item) if item.due.is_some() => {
                item.lease = None;
                change(item);
                Transition::Done
            }
            Some(item) if is_done(item) => Transition::Done,
            _ => Transition::Overtaken,
        }
    }
}

impl Ledger for MemoryLedger {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        let mut items = self.lock();
        if let Some(item) =
            items.get(&delivery.ledger_key).filter(|item| !is_replaceable(item, delivery.received))
        {
            if item.token == delivery.token {
                return Ok(Claim::New);
            }
            return Ok(Claim::Duplicate(Earlier {
                state: item.state(),
                same_body: item.digest == Some(delivery.digest),
            }));
        }
        let item = Item {
            ledger_key: delivery.ledger_key.clone(),
            body: Some(Packed::pack(&delivery.body)),
            digest: Some(delivery.digest),
            token: delivery.token.clone(),
            attempt: 0,
            lease: None,
            setbacks: Setbacks::default(),
            replay: 0,
            received: delivery.received,
            due: Some(delivery.received + GRACE),
            sent: None,
            parked: None,
            replayed: None,
            forgotten: None,
            expires: None,
            trace: delivery.trace,
            verified_by: mark::read(mark::write(&delivery.verified_by).as_deref()),
        };
        items.insert(delivery.ledger_key.clone(), item);
        Ok(Claim::New)
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let is_done = |item: &Item| item.sent.is_some();
        Ok(self.transition(fence, is_done, |item| {
            item.due = None;
            item.sent = Some(sent);
            item.expires = Some(expires);
        }))
    }
}

impl Backlog for MemoryLedger {
    async fn pending(
        &self,
        of: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> Result<Vec<Pending>, LedgerError> {
        let mut pending: Vec<Pending> = self
            .lock()
            .iter()
            .filter(|(ledger_key, _)| shard(ledger_key) == of)
            .filter_map(|(ledger_key, item)| {
                item.due.map(|due| Pending { ledger_key: ledger_key.clone(), due, received: item.received })
            })
            .collect();
        let order = |pending: &Pending| (pending.due, pending.ledger_key.clone());
        pending.sort_by_key(order);
        Ok(pending
            .into_iter()
            .filter(|pending| after.is_none_or(|after| order(pending) > order(after)))
            .take(limit)
            .collect())
    }

    async fn lease(&self, pending: &Pending, relay: &str, until: Timestamp) -> Result<Lease, LedgerError> {
        let mut items = self.lock();
        let Some(item) = items.get_mut(&pending.ledger_key) else { return Ok(Lease::Gone) };
        if !is_leased_to(item, relay, until) {
            match &item.lease {
                _ if item.due != Some(pending.due) => return Ok(Lease::Gone),
                Some(_) => return Ok(Lease::Abandoned),
                None => take(item, relay, until),
            }
        }
        Ok(leased(item).map_or(Lease::Gone, |leased| Lease::Taken(Box::new(leased))))
    }

    async fn retake(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
    ) -> Result<Option<Leased>, LedgerError> {
        let mut items = self.lock();
        let Some(item) = items.get_mut(&pending.ledger_key) else { return Ok(None) };
        if !is_leased_to(item, relay, until) {
            if item.due != Some(pending.due) || item.lease.is_none() {
                return Ok(None);
            }
            take(item, relay, until);
            item.setbacks.failed += 1;
        }
        Ok(leased(item))
    }

    async fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
        setbacks: Setbacks,
    ) -> Result<Transition, LedgerError> {
        // A second try changes the item once more, to the same.
        Ok(self.transition(
            fence,
            |_| false,
            |item| {
                item.due = Some(due);
                item.setbacks = setbacks;
            },
        ))
    }

    async fn park(&self, fence: &Fence, parked: Timestamp) -> Result<Transition, LedgerError> {
        let is_done = |item: &Item| item.parked.is_some();
        Ok(self.transition(fence, is_done, |item| {
            item.due = None;
            item.parked = Some(parked);
        }))
    }
}

/// The number of items in a page. It is small, so that tests notice code that reads only the first.
const PAGE: usize = 2;

impl OperatorLedger for MemoryLedger {
    async fn get(&self, ledger_key: &str) -> Result<Option<Item>, LedgerError> {
        Ok(self.item(ledger_key))
    }

    async fn scan(&self, selection: &Selection, after: Option<&str>) -> Result<Page, LedgerError> {
        let items = self.lock();
        let begin = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = items.range::<str, _>((begin, Bound::Unbounded));
        let page: Vec<Item> = rest.take(PAGE).map(|(_, item)| item.clone()).collect();
        let next = (page.len() == PAGE).then(|| page[PAGE - 1].ledger_key.clone());
        let items = page.into_iter().filter(|item| selection.takes(item)).collect();
        Ok(Page { items, unreadable: Vec::new(), next, read_units: 0.0 })
    }

    async fn replay(&self, seen: &Item, token: &str, now: Timestamp) -> Result<Transition, LedgerError> {
        let mut items = self.lock();
        let item = items.get_mut(&seen.ledger_key);
        let is_done = |item: &Item| item.token == token && item.replay == seen.replay + 1;
        let Some(item) = item.filter(|item| is_done(item) || (item.due.is_none() && is_as_seen(item, seen)))
        else {
            return Ok(Transition::Overtaken);
        };
        if is_done(item) {
            return Ok(Transition::Done);
        }
        token.clone_into(&mut item.token);
        item.attempt = 0;
        item.setbacks = Setbacks::default();
        item.replay += 1;
        item.due = Some(seen.due_when_replayed(now));
        item.replayed = Some(now);
        (item.sent, item.parked, item.expires) = (None, None, None);
        Ok(Transition::Done)
    }

    async fn forget(
        &self,
        seen: &Item,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let mut items = self.lock();
        let item = items.get_mut(&seen.ledger_key);
        let is_done = |item: &Item| item.forgotten == Some(now) && item.token == seen.token;
        let may_be_erased = |item: &Item| is_as_seen(item, seen) && !item.is_being_sent(now);
        let Some(item) = item.filter(|item| is_done(item) || may_be_erased(item)) else {
            return Ok(Transition::Overtaken);
        };
        if is_done(item) {
            return Ok(Transition::Done);
        }
        item.expires = item.expires.or(Some(item.tombstone_expires(now, expires)));
        item.body = None;
        item.trace = Trace::default();
        (item.due, item.lease, item.parked) = (None, None, None);
        item.forgotten = Some(now);
        Ok(Transition::Done)
    }
}

/// A standard queue: it keeps every message it was given.
#[derive(Debug, Default)]
pub struct MemoryQueue {
    messages: Mutex<Vec<Message>>,
}

impl MemoryQueue {
    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Queue for MemoryQueue {
    fn drops_copies(&self) -> bool {
        false
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(())
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(messages);
        messages.iter().map(|_| Ok(())).collect()
    }
}

/// Secrets that never change.
#[derive(Debug, Clone)]
pub struct FixedSecrets(pub Keyring);

impl SecretStore for FixedSecrets {
    async fn current(&self) -> Result<Keyring, SecretsError> {
        Ok(self.0.clone())
    }

    async fn reread(&self) -> Option<Keyring> {
        None
    }
}
