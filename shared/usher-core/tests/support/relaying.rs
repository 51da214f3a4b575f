//! A relay with a ledger of pending events, a queue and a clock that the test turns.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bytes::Bytes;
use futures_executor::block_on;
use jiff::Timestamp;
use usher_core::digest::Digest;
use usher_core::ledger::operator::Item;
use usher_core::ledger::{
    Backlog as _, Claim, Delivery, Lease, Ledger as _, Pending, Setbacks, Transition, shard,
};
use usher_core::policy::Policy;
use usher_core::provider::Read;
use usher_core::relay::{Relay, Report};
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

use super::fakes::{FakeLedger, FakeQueue, fakes};
use super::now;

pub const READERS: &[(&str, Read)] = &usher_core::providers::READERS;

pub struct World {
    pub ledger: FakeLedger,
    pub queue: FakeQueue,
    pub clock: Cell<Timestamp>,
    /// How much later it is each time the clock is asked.
    pub tick: Cell<Duration>,
    /// The number of runs so far, which makes each run's mark.
    pub runs: Cell<u32>,
}

impl World {
    /// Empty, at the moment of the tests.
    pub fn new() -> Self {
        let (ledger, queue) = fakes();
        Self { ledger, queue, clock: Cell::new(now()), tick: Cell::new(Duration::ZERO), runs: Cell::new(0) }
    }

    /// A delivery whose handler stored it now and did nothing more.
    pub fn stored(&self, ledger_key: &str) -> String {
        self.stored_body(
            ledger_key,
            format!(r#"{{"type":"guest.updated","data":{{"id":"{ledger_key}"}}}}"#).as_bytes(),
        )
    }

    pub fn stored_body(&self, ledger_key: &str, body: &[u8]) -> String {
        let delivery = Delivery {
            ledger_key: ledger_key.to_owned(),
            body: Bytes::copy_from_slice(body),
            digest: Digest::of(body),
            received: self.clock.get(),
            token: format!("token of {ledger_key}"),
            trace: Trace::default(),
            verified_by: VerifiedBy::default(),
        };
        assert_eq!(block_on(self.ledger.memory.claim(&delivery)), Ok(Claim::New));
        ledger_key.to_owned()
    }

    /// `count` deliveries that the index lists in one shard.
    pub fn stored_in_one_shard(&self, count: usize) -> Vec<String> {
        let ledger_keys =
            (0..).map(|number| format!("luma#evt_{number}")).filter(|ledger_key| shard(ledger_key) == 0);
        ledger_keys.take(count).map(|ledger_key| self.stored(&ledger_key)).collect()
    }

    /// As if that many sends of it had been rejected by now.
    pub fn rejected(&self, ledger_key: &str, times: u32) {
        self.attempted(ledger_key, times, |failed| Setbacks { failed, ..Setbacks::default() });
    }

    /// As if that many sends of it had been refused by now.
    pub fn refused(&self, ledger_key: &str, times: u32) {
        self.attempted(ledger_key, times, |_| Setbacks::default());
    }

    fn attempted(&self, ledger_key: &str, times: u32, setbacks: impl Fn(u32) -> Setbacks) {
        let memory = &self.ledger.memory;
        for attempt in 1..=times {
            let pending = self.line(ledger_key);
            let now = self.clock.get();
            block_on(async {
                let leased = memory.lease(&pending, "earlier", now).await.expect("it answers");
                let Lease::Taken(leased) = leased else { panic!("it is not free: {leased:?}") };
                let postponed = memory.postpone(&leased.fence, now, setbacks(attempt)).await;
                assert_eq!(postponed, Ok(Transition::Done));
            });
        }
    }

    /// The item's line in the pending index.
    pub fn line(&self, ledger_key: &str) -> Pending {
        let item = self.item(ledger_key);
        Pending { ledger_key: item.ledger_key, due: item.due.expect("pending"), received: item.received }
    }

    pub fn item(&self, ledger_key: &str) -> Item {
        self.ledger.memory.item(ledger_key).expect("it is stored")
    }

    pub fn later(&self, by: Duration) {
        self.clock.set(self.clock.get() + by);
    }

    /// One run that may take a minute.
    pub fn run(&self) -> Report {
        block_on(self.run_with(READERS, self.clock.get() + Duration::from_mins(1)))
    }

    /// One run that may be killed. Returns what it reported, if it came to that.
    pub fn run_that_may_die(&self) -> Option<Report> {
        catch_unwind(AssertUnwindSafe(|| self.run())).ok()
    }

    pub async fn run_with(&self, readers: &[(&'static str, Read)], stop: Timestamp) -> Report {
        let clock = || {
            self.later(self.tick.get());
            self.clock.get()
        };
        self.runs.update(|runs| runs + 1);
        let token = format!("run {}", self.runs.get());
        let relay = Relay {
            backlog: &self.ledger,
            queue: &self.queue,
            clock,
            token: &token,
            readers,
            max_body_bytes: Policy::MAX_BODY_BYTES,
            retention: Policy::RETENTION,
            stop,
        };
        relay.run().await
    }
}
