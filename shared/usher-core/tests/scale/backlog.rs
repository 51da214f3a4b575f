//! A ledger of pending events with an ordered index, as DynamoDB has, so that its size costs nothing to a query.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use usher_core::ledger::{
    Backlog, Claim, Delivery, Fence, Lease, Leased, Ledger, LedgerError, Packed, Pending, SHARDS, Setbacks,
    StoredDelivery, Transition, shard,
};
use usher_core::trace::Trace;

use crate::broker::give_way;

const SHARD_COUNT: usize = SHARDS as usize;

type Line = (Timestamp, String);

pub struct ListedBacklog {
    received: Timestamp,
    body: Packed,
    index: RefCell<[BTreeSet<Line>; SHARD_COUNT]>,
    items: RefCell<HashMap<String, Item>>,
}

#[derive(Clone, Copy)]
struct Item {
    due: Timestamp,
    attempt: u32,
    setbacks: Setbacks,
}

impl ListedBacklog {
    /// That many events, received an hour ago and due now.
    pub fn of(count: usize, now: Timestamp) -> Self {
        let body =
            Bytes::from_static(br#"{"type":"guest.updated","data":{"id":"gst-1","user_name":"A Guest"}}"#);
        let backlog = Self {
            received: now - Duration::from_hours(1),
            body: Packed::pack(&body),
            index: RefCell::default(),
            items: RefCell::default(),
        };
        for number in 0..count {
            let item = Item { due: now, attempt: 0, setbacks: Setbacks::default() };
            backlog.list(&format!("luma#evt_{number}"), item);
        }
        backlog
    }

    pub fn pending_count(&self) -> usize {
        self.items.borrow().len()
    }

    fn list(&self, ledger_key: &str, item: Item) {
        self.items.borrow_mut().insert(ledger_key.to_owned(), item);
        self.index.borrow_mut()[place(ledger_key)].insert((item.due, ledger_key.to_owned()));
    }

    fn unlist(&self, ledger_key: &str) {
        if let Some(Item { due, .. }) = self.items.borrow_mut().remove(ledger_key) {
            self.index.borrow_mut()[place(ledger_key)].remove(&(due, ledger_key.to_owned()));
        }
    }

    fn transition(&self, fence: &Fence, postponed: Option<(Timestamp, Setbacks)>) -> Transition {
        if self.items.borrow().get(&fence.ledger_key).is_none_or(|item| item.attempt != fence.attempt) {
            return Transition::Overtaken;
        }
        self.unlist(&fence.ledger_key);
        if let Some((due, setbacks)) = postponed {
            self.list(&fence.ledger_key, Item { due, attempt: fence.attempt, setbacks });
        }
        Transition::Done
    }
}

fn place(ledger_key: &str) -> usize {
    usize::try_from(shard(ledger_key)).expect("a shard")
}

impl Ledger for ListedBacklog {
    async fn claim(&self, _: &Delivery) -> Result<Claim, LedgerError> {
        unreachable!("a relay claims nothing")
    }

    async fn settle(&self, fence: &Fence, _: Timestamp, _: Timestamp) -> Result<Transition, LedgerError> {
        give_way().await;
        Ok(self.transition(fence, None))
    }
}

impl Backlog for ListedBacklog {
    async fn pending(
        &self,
        shard: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> Result<Vec<Pending>, LedgerError> {
        give_way().await;
        let after =
            after.map_or(Bound::Unbounded, |last| Bound::Excluded((last.due, last.ledger_key.clone())));
        let index = self.index.borrow();
        let lines = index[usize::try_from(shard).expect("a shard")].range((after, Bound::Unbounded));
        Ok(lines
            .take(limit)
            .map(|(due, ledger_key)| Pending {
                ledger_key: ledger_key.clone(),
                due: *due,
                received: self.received,
            })
            .collect())
    }

    async fn lease(&self, pending: &Pending, _: &str, until: Timestamp) -> Result<Lease, LedgerError> {
        give_way().await;
        let item = self.items.borrow().get(&pending.ledger_key).copied();
        let Some(item) = item.filter(|item| item.due == pending.due) else { return Ok(Lease::Gone) };
        let item = Item { due: until, attempt: item.attempt + 1, ..item };
        self.unlist(&pending.ledger_key);
        self.list(&pending.ledger_key, item);
        Ok(Lease::Taken(Box::new(Leased {
            fence: Fence {
                ledger_key: pending.ledger_key.clone(),
                token: String::new(),
                attempt: item.attempt,
            },
            setbacks: item.setbacks,
            delivery: StoredDelivery {
                ledger_key: pending.ledger_key.clone(),
                body: self.body.clone(),
                received: self.received,
                replay: 0,
                trace: Trace::default(),
            },
        })))
    }

    async fn retake(&self, _: &Pending, _: &str, _: Timestamp) -> Result<Option<Leased>, LedgerError> {
        unreachable!("every lease has a result")
    }

    async fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
        setbacks: Setbacks,
    ) -> Result<Transition, LedgerError> {
        give_way().await;
        Ok(self.transition(fence, Some((due, setbacks))))
    }

    async fn park(&self, fence: &Fence, _: Timestamp) -> Result<Transition, LedgerError> {
        give_way().await;
        Ok(self.transition(fence, None))
    }
}
