//! A stack in this process: the pipeline of the functions, with the ledger and the queue in memory.

use std::time::Duration;

use bytes::Bytes;
use events::{Provider, Sample, Secrets, hex, random, unix_now};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::sleep;
use usher_core::ledger::{Backlog as _, SHARDS};
use usher_core::memory::{FixedSecrets, MemoryLedger, MemoryQueue};
use usher_core::outcome::Outcome;
use usher_core::policy::Policy;
use usher_core::provider::{Provider as Receives, keyring};
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, READERS, Standard};
use usher_core::queue::Message;
use usher_core::receive::{Arrival, receive};
use usher_core::relay::Relay;
use usher_core::request::Request;

use super::secrets;
use crate::console::board::Figures;
use crate::terminal::Failure;

/// The time from one run of the relay to the next, unless a replay wakes it.
const RELAY_EVERY: Duration = Duration::from_secs(5);

/// The time after which a run of the relay begins nothing new.
const RELAY_FOR: Duration = Duration::from_secs(30);

/// The stack.
pub(in crate::console) struct LocalStack {
    ledger: MemoryLedger,
    queue: MemoryQueue,
    doors: Vec<Door>,
    changed: Notify,
    relay_wanted: Notify,
}

/// The entrance of one provider.
struct Door {
    provider: Provider,
    policy: Policy,
    secrets: FixedSecrets,
    /// The newest secrets, to sign samples with.
    own: Secrets,
    is_made_up: bool,
}

impl LocalStack {
    /// Starts a stack with the secrets given.
    pub(in crate::console) fn new(given: &[String]) -> Result<Self, Failure> {
        let doors = secrets::read(given)?.into_iter().map(|secret| {
            let (policy, secrets) = match secret.provider {
                Provider::Luma => fitted::<Luma>(&secret.document)?,
                Provider::Lunacal => fitted::<Lunacal>(&secret.document)?,
                Provider::Allfly => fitted::<Allfly>(&secret.document)?,
                Provider::Calcom => fitted::<Calcom>(&secret.document)?,
                Provider::Standard => fitted::<Standard>(&secret.document)?,
            };
            let own = secret.newest()?;
            Ok(Door { provider: secret.provider, policy, secrets, own, is_made_up: secret.is_made_up })
        });
        Ok(Self {
            doors: doors.collect::<Result<_, Failure>>()?,
            ledger: MemoryLedger::default(),
            queue: MemoryQueue::default(),
            changed: Notify::new(),
            relay_wanted: Notify::new(),
        })
    }

    pub(in crate::console) fn ledger(&self) -> &MemoryLedger {
        &self.ledger
    }

    /// Returns the providers, each with whether its secret is made up.
    pub(in crate::console) fn providers(&self) -> Vec<(Provider, bool)> {
        self.doors.iter().map(|door| (door.provider, door.is_made_up)).collect()
    }

    /// Takes one request the way that the provider's function would.
    pub(in crate::console) async fn receive(&self, provider: Provider, request: &Request) -> Option<Outcome> {
        let door = self.doors.iter().find(|door| door.provider == provider)?;
        let token = hex(&random::<16>());
        let arrival = Arrival { now: Timestamp::now(), token: &token, xray: None };
        let Door { policy, secrets, .. } = door;
        let outcome = match provider {
            Provider::Luma => {
                receive::<Luma>(request, arrival, policy, secrets, &self.ledger, &self.queue).await
            }
            Provider::Lunacal => {
                receive::<Lunacal>(request, arrival, policy, secrets, &self.ledger, &self.queue).await
            }
            Provider::Allfly => {
                receive::<Allfly>(request, arrival, policy, secrets, &self.ledger, &self.queue).await
            }
            Provider::Calcom => {
                receive::<Calcom>(request, arrival, policy, secrets, &self.ledger, &self.queue).await
            }
            Provider::Standard => {
                receive::<Standard>(request, arrival, policy, secrets, &self.ledger, &self.queue).await
            }
        };
        self.changed.notify_one();
        Some(outcome)
    }

    /// Signs a sample with the stack's own secret, and takes it as a delivery. Returns the answer's status.
    pub(in crate::console) async fn send_sample(&self, sample: Sample) -> Result<u16, Failure> {
        let door = self.doors.iter().find(|door| door.provider == sample.provider);
        let secrets = door.map(|door| &door.own).ok_or("this stack does not have the provider")?;
        let id = sample.provider.new_delivery_id();
        let signed = events::Request::delivery(sample.provider, secrets, &id, unix_now(), sample.body)?;
        let request = received(&signed)?;
        let outcome = self.receive(sample.provider, &request).await;
        Ok(outcome.map_or(404, |outcome| outcome.answer().status))
    }

    /// Wakes the relay.
    pub(in crate::console) fn relay_now(&self) {
        self.relay_wanted.notify_one();
        self.changed.notify_one();
    }

    /// Runs the relay again and again.
    pub(in crate::console) async fn relay(&self) {
        loop {
            tokio::select! {
                () = sleep(RELAY_EVERY) => {}
                () = self.relay_wanted.notified() => {}
            }
            let token = hex(&random::<16>());
            let relay = Relay {
                backlog: &self.ledger,
                queue: &self.queue,
                clock: Timestamp::now,
                token: &token,
                readers: &READERS,
                max_body_bytes: Policy::MAX_BODY_BYTES,
                retention: Policy::RETENTION,
                stop: Timestamp::now() + RELAY_FOR,
            };
            relay.run().await;
            self.changed.notify_one();
        }
    }

    /// Waits until something may have changed.
    pub(in crate::console) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(in crate::console) async fn figures(&self) -> Result<Figures, Failure> {
        let mut pending = Vec::new();
        for shard in 0..SHARDS {
            pending.extend(self.ledger.pending(shard, None, usize::MAX).await?);
        }
        Ok(Figures {
            queued: Some(self.queue.messages().len()),
            dead_letters: None,
            pending: Some(pending.len()),
            oldest_pending: pending.iter().map(|pending| pending.received).min(),
        })
    }

    /// Returns the messages on the queue, the oldest first. No consumer takes them away.
    pub(in crate::console) fn queued(&self) -> Vec<Message> {
        self.queue.messages()
    }
}

/// Returns the usual settings of a provider, and its secrets. Its own scheme decides whether they can be used.
fn fitted<P: Receives>(document: &str) -> Result<(Policy, FixedSecrets), Failure> {
    let policy = Policy::with_tolerance(P::TOLERANCE);
    let keyring = keyring::<P>(document, &policy).map_err(|error| format!("{}: {error}", P::NAME))?;
    Ok((policy, FixedSecrets(keyring)))
}

/// Returns a signed request as a function receives it.
fn received(signed: &events::Request) -> Result<Request, Failure> {
    let mut headers = axum::http::HeaderMap::new();
    for (name, value) in &signed.headers {
        let name: axum::http::HeaderName = name.parse()?;
        headers.append(name, value.parse()?);
    }
    let body = Bytes::from(signed.body.clone());
    Ok(Request { method: axum::http::Method::POST, headers, query: signed.raw_query(), body })
}
