//! A ledger and a queue that record what is asked of them, fail on command and let others run in between.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use jiff::Timestamp;
use usher_core::ledger::{
    Backlog, Claim, Delivery, Fence, Lease, Leased, Ledger, LedgerError, Pending, Setbacks, Transition,
};
use usher_core::memory::{MemoryLedger, MemoryQueue};
use usher_core::queue::{Message, Queue, QueueError};

/// A ledger and a queue that write one log.
pub fn fakes() -> (FakeLedger, FakeQueue) {
    let ledger = FakeLedger::default();
    let queue = FakeQueue { log: Rc::clone(&ledger.log), ..FakeQueue::default() };
    (ledger, queue)
}

/// What was called, in order, by ledger and queue alike.
#[derive(Default)]
pub struct Log(RefCell<Vec<&'static str>>);

impl Log {
    fn note(&self, call: &'static str) {
        self.0.borrow_mut().push(call);
    }

    pub fn calls(&self) -> Vec<&'static str> {
        self.0.borrow().clone()
    }

    pub fn count(&self, call: &str) -> usize {
        self.0.borrow().iter().filter(|noted| **noted == call).count()
    }
}

/// Lets every other future of the executor have a turn, as a network call would.
async fn others_run() {
    let mut had_a_turn = false;
    poll_fn(|context| {
        if std::mem::replace(&mut had_a_turn, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The ledger in memory behind a network that can break.
#[derive(Default)]
pub struct FakeLedger {
    pub memory: MemoryLedger,
    pub log: Rc<Log>,
    /// Calls of these names fail, without having been applied.
    pub broken: RefCell<BTreeSet<&'static str>>,
    /// Settling this item panics, as a bug of ours would.
    pub panics_at: RefCell<Option<String>>,
}

impl FakeLedger {
    pub fn break_calls(&self, calls: &[&'static str]) {
        self.broken.borrow_mut().extend(calls);
    }

    pub fn repair(&self) {
        self.broken.borrow_mut().clear();
    }

    async fn call(&self, name: &'static str) -> Result<(), LedgerError> {
        self.log.note(name);
        others_run().await;
        if self.broken.borrow().contains(name) { Err(LedgerError::new("ledger down")) } else { Ok(()) }
    }
}

impl Ledger for FakeLedger {
    async fn claim(&self, delivery: &Delivery) -> Result<Claim, LedgerError> {
        self.call("claim").await?;
        let claim = self.memory.claim(delivery).await;
        others_run().await;
        claim
    }

    async fn settle(
        &self,
        fence: &Fence,
        sent: Timestamp,
        expires: Timestamp,
    ) -> Result<Transition, LedgerError> {
        self.call("settle").await?;
        assert_ne!(self.panics_at.borrow().as_ref(), Some(&fence.ledger_key), "a bug");
        self.memory.settle(fence, sent, expires).await
    }
}

impl Backlog for FakeLedger {
    async fn pending(
        &self,
        shard: u32,
        after: Option<&Pending>,
        limit: usize,
    ) -> Result<Vec<Pending>, LedgerError> {
        self.call("pending").await?;
        let page = self.memory.pending(shard, after, limit).await;
        others_run().await;
        page
    }

    async fn lease(&self, pending: &Pending, relay: &str, until: Timestamp) -> Result<Lease, LedgerError> {
        self.call("lease").await?;
        self.memory.lease(pending, relay, until).await
    }

    async fn retake(
        &self,
        pending: &Pending,
        relay: &str,
        until: Timestamp,
    ) -> Result<Option<Leased>, LedgerError> {
        self.call("retake").await?;
        self.memory.retake(pending, relay, until).await
    }

    async fn postpone(
        &self,
        fence: &Fence,
        due: Timestamp,
        setbacks: Setbacks,
    ) -> Result<Transition, LedgerError> {
        self.call("postpone").await?;
        self.memory.postpone(fence, due, setbacks).await
    }

    async fn park(&self, fence: &Fence, parked: Timestamp) -> Result<Transition, LedgerError> {
        self.call("park").await?;
        self.memory.park(fence, parked).await
    }
}

/// The queue in memory behind a network that can break. Messages go by a part of their bodies.
#[derive(Default)]
pub struct FakeQueue {
    pub memory: MemoryQueue,
    pub log: Rc<Log>,
    pub drops_copies: Cell<bool>,
    /// It refuses everything.
    pub down: Cell<bool>,
    /// It takes everything and answers nothing.
    pub mute: Cell<bool>,
    pub refused: RefCell<Vec<String>>,
    pub rejected: RefCell<Vec<String>>,
    /// A rejected message makes it reject the whole request.
    pub rejects_requests: Cell<bool>,
    /// Whoever sends one of these dies of it.
    pub deadly: RefCell<Vec<String>>,
}

fn is_one_of(parts: &RefCell<Vec<String>>, message: &Message) -> bool {
    parts.borrow().iter().any(|part| message.body.contains(part.as_str()))
}

impl FakeQueue {
    pub fn bodies(&self) -> Vec<String> {
        self.memory.messages().into_iter().map(|message| message.body).collect()
    }

    async fn take(&self, message: &Message) -> Result<(), QueueError> {
        if self.down.get() || is_one_of(&self.refused, message) {
            return Err(QueueError::refused("queue down"));
        }
        if is_one_of(&self.rejected, message) {
            return Err(QueueError::rejected("message rejected"));
        }
        self.memory.send(message).await?;
        if self.mute.get() { Err(QueueError::unconfirmed("no answer")) } else { Ok(()) }
    }
}

impl Queue for FakeQueue {
    fn drops_copies(&self) -> bool {
        self.drops_copies.get()
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        self.log.note("send");
        others_run().await;
        self.take(message).await
    }

    async fn send_batch(&self, messages: &[Message]) -> Vec<Result<(), QueueError>> {
        self.log.note("send_batch");
        others_run().await;
        assert!(!messages.iter().any(|message| is_one_of(&self.deadly, message)), "{KILLED}");
        if self.rejects_requests.get() && messages.iter().any(|message| is_one_of(&self.rejected, message)) {
            return vec![Err(QueueError::rejected("request rejected")); messages.len()];
        }
        let mut results = Vec::new();
        for message in messages {
            results.push(self.take(message).await);
        }
        results
    }
}

/// The end of a process, which a test has to survive.
pub const KILLED: &str = "killed";
