//! The ledger and the queue in memory, for tests and simulations. They pass the same `contract` suite as
//! DynamoDB's and SQS's.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;

use crate::archive::{Archive, Page, Selection, Stored};
use crate::delivery::{Delivery, Digest};
use crate::ledger::{
    Backlog, Claim, Earlier, Fence, Leased, Ledger, LedgerError, Pending, State, Transition, shard,
};
use crate::packed::Packed;
use crate::policy::Policy;
use crate::queue::{Message, Queue, QueueError};
use crate::secret::{Keyring, SecretStore, SecretsError};

/// A ledger that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    items: Mutex<BTreeMap<String, Item>>,
}

/// One item, as DynamoDB would hold it.
#[derive(Debug, Clone)]
pub struct Item {
    pub body: Packed,
    pub digest: Digest,
    pub token: String,
    pub attempt: u32,
    pub replay: u32,
    pub received: Timestamp,
    pub same_until: Option<Timestamp>,
    /// When it is due, while it is pending.
    pub due: Option<Timestamp>,
    pub sent: Option<Timestamp>,
    pub parked: Option<Timestamp>,
    pub replayed: Option<Timestamp>,
    /// When its body was erased: what is left of that is empty.
    pub forgotten: Option<Timestamp>,
    pub expires: Option<Timestamp>,
}

impl Item {
    fn state(&self) -> State {
        State::of(self.due.is_some(), self.parked.is_some())
    }

    fn stored(&self, pk: &str) -> Stored {
        Stored {
            pk: pk.to_owned(),
            token: self.token.clone(),
            attempt: self.attempt,
            replay: self.replay,
            digest: Some(self.digest),
            received: self.received,
            same_until: self.same_until,
            due: self.due,
            sent: self.sent,
            parked: self.parked,
            replayed: self.replayed,
            forgotten: self.forgotten,
            expires: self.expires,
            body: self.forgotten.is_none().then(|| self.body.clone()),
        }
    }

    fn is_as_seen(&self, seen: &Stored) -> bool {
        self.forgotten.is_none()
            && self.due.is_some() == seen.due.is_some()
            && (&self.token, self.attempt) == (&seen.token, seen.attempt)
    }

    fn replaceable(&self, now: Timestamp) -> bool {
        let expired = self.expires.is_some_and(|expires| expires < now);
        let over = self.state() == State::Sent && self.same_until.is_some_and(|until| until < now);
        expired || over
    }

    fn is_at(&self, fence: &Fence) -> bool {
        self.due.is_some() && self.token == fence.token && self.attempt == fence.attempt
    }
}

impl MemoryLedger {
    /// A copy of one item.
    pub fn item(&self, pk: &str) -> Option<Item> {
        self.lock().get(pk).cloned()
    }

    /// The keys of all items.
    pub fn keys(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Item>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn transition(&self, fence: &Fence, change: impl FnOnce(&mut Item)) -> Transition {
        match self.lock().get_mut(&fence.pk) {
            Some(item) if item.is_at(fence) => {
                change(item);
                Transition::Done
            }
            _ => Transition::Overtaken,
        }
    }
}

impl Ledger for MemoryLedger {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        let mut items = self.lock();
        if let Some(item) = items.get(&delivery.pk).filter(|item| !item.replaceable(delivery.received)) {
            if item.token == delivery.token {
                return Ok(Claim::New);
            }
            return Ok(Claim::Duplicate(Earlier {
                state: item.state(),
                same_body: item.digest == delivery.digest,
                same_until: item.same_until,
            }));
        }
        let item = Item {
            body: Packed::pack(&delivery.body),
            digest: delivery.digest,
            token: delivery.token.clone(),
            attempt: 0,
            replay: 0,
            received: delivery.received,
            same_until: delivery.same_until,
            due: Some(delivery.received + crate::ledger::GRACE),
            sent: None,
            parked: None,
            replayed: None,
            forgotten: None,
            expires: None,
        };
        items.insert(delivery.pk.clone(), item);
        Ok(Claim::New)
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        Ok(self.transition(fence, |item| {
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
            .filter(|(pk, _)| shard(pk) == of)
            .filter_map(|(pk, item)| {
                item.due.map(|due| Pending { pk: pk.clone(), due, received: item.received })
            })
            .collect();
        let order = |pending: &Pending| (pending.due, pending.pk.clone());
        pending.sort_by_key(order);
        Ok(pending
            .into_iter()
            .filter(|pending| after.is_none_or(|after| order(pending) > order(after)))
            .take(limit)
            .collect())
    }

    async fn lease(&self, pending: &Pending, until: Timestamp) -> Result<Option<Leased>, LedgerError> {
        let mut items = self.lock();
        let Some(item) = items.get_mut(&pending.pk).filter(|item| item.due == Some(pending.due)) else {
            return Ok(None);
        };
        item.attempt += 1;
        item.due = Some(until);
        Ok(Some(Leased {
            fence: Fence { pk: pending.pk.clone(), token: item.token.clone(), attempt: item.attempt },
            body: item.body.clone(),
            received: item.received,
            same_until: item.same_until,
            replay: item.replay,
        }))
    }

    async fn postpone(&self, fence: &Fence, due: Timestamp) -> Result<Transition, LedgerError> {
        Ok(self.transition(fence, |item| item.due = Some(due)))
    }

    async fn park(&self, fence: &Fence, parked: Timestamp) -> Result<Transition, LedgerError> {
        Ok(self.transition(fence, |item| {
            item.due = None;
            item.parked = Some(parked);
        }))
    }
}

/// Small, so that whoever reads the first page alone is found out.
const PAGE: usize = 2;

impl Archive for MemoryLedger {
    async fn read(&self, pk: &str) -> Result<Option<Stored>, LedgerError> {
        Ok(self.item(pk).map(|item| item.stored(pk)))
    }

    async fn scan(&self, selection: &Selection, after: Option<&str>) -> Result<Page, LedgerError> {
        let items = self.lock();
        let rest = items.iter().filter(|(pk, _)| after.is_none_or(|after| pk.as_str() > after));
        let page: Vec<Stored> = rest.take(PAGE).map(|(pk, item)| item.stored(pk)).collect();
        let next = (page.len() == PAGE).then(|| page[PAGE - 1].pk.clone());
        let items = page.into_iter().filter(|stored| selection.takes(stored)).collect();
        Ok(Page { items, next, read_units: 0.0 })
    }

    async fn replay(&self, seen: &Stored, token: &str, now: Timestamp) -> Result<Transition, LedgerError> {
        let mut items = self.lock();
        let Some(item) = items.get_mut(&seen.pk).filter(|item| item.due.is_none() && item.is_as_seen(seen))
        else {
            return Ok(Transition::Overtaken);
        };
        token.clone_into(&mut item.token);
        item.attempt = 0;
        item.replay += 1;
        item.due = Some(now);
        item.replayed = Some(now);
        (item.sent, item.parked, item.expires) = (None, None, None);
        Ok(Transition::Done)
    }

    async fn forget(
        &self,
        seen: &Stored,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        let mut items = self.lock();
        let Some(item) = items.get_mut(&seen.pk).filter(|item| item.is_as_seen(seen)) else {
            return Ok(Transition::Overtaken);
        };
        item.body = Packed::Plain(Bytes::new());
        (item.due, item.parked) = (None, None);
        item.forgotten = Some(now);
        item.expires = item.expires.or(Some(expires));
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
    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        Ok(())
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(messages);
        messages.iter().map(|_| Ok(())).collect()
    }
}

/// Secrets that never change: those of `WEBHOOK_SECRETS`.
#[derive(Debug, Clone)]
pub struct FixedSecrets(pub Keyring);

impl FixedSecrets {
    /// Reads a secret document.
    pub fn parse<P: crate::provider::Provider>(
        document: &str,
        policy: &Policy,
    ) -> Result<Self, crate::secret::KeyringError> {
        Keyring::parse::<P>(document, policy).map(Self)
    }
}

impl SecretStore for FixedSecrets {
    async fn current(&self) -> Result<Keyring, SecretsError> {
        Ok(self.0.clone())
    }

    async fn reread(&self) -> Option<Keyring> {
        None
    }
}
