//! The steps of the warm path, each with what the ones before it make.

use std::marker::PhantomData;

use jiff::Timestamp;
use usher_core::event::{Deduplication, Origin};
use usher_core::ledger::Delivery;
use usher_core::ledger::Packed;
use usher_core::normalize;
use usher_core::parsed_body::ParsedBody;
use usher_core::policy::Policy;
use usher_core::provider::{self, Reading};
use usher_core::queue::Message;
use usher_core::request::Request;
use usher_core::secret::Keyring;
use usher_core::signature::Verified;

use crate::body::padded;
use crate::support::signing::Signs;
use crate::support::{NOW, now, policy};

pub struct Path<P> {
    request: Request,
    keyring: Keyring,
    policy: Policy,
    now: Timestamp,
    provider: PhantomData<fn(P)>,
}

impl<P: Signs> Path<P> {
    pub fn new() -> Self {
        Self {
            request: P::sign(P::SECRET, "evt_9fQ2sZb7", NOW, &padded(P::NAME)),
            keyring: P::keyring(),
            policy: policy::<P>(),
            now: now(),
            provider: PhantomData,
        }
    }

    pub fn verify(&self) -> Verified {
        provider::verify::<P>(&self.request, &self.keyring, &self.policy, self.now).expect("it is genuine")
    }

    pub fn read(document: &ParsedBody<'_>) -> Reading {
        Reading::attempt(P::read, document)
    }

    /// The key, the digest, and what is stored with them.
    pub fn key(&self, verified: &Verified, document: &ParsedBody<'_>) -> Delivery {
        let key = P::key(verified, document);
        Delivery::new(P::NAME, &key, verified, self.now, "8f0c2d51-3f1b-4c57-9e0e-0d6f4a1c7b25")
    }

    /// What the ledger's claim does with the body.
    pub fn pack(delivery: &Delivery) -> Packed {
        Packed::pack(&delivery.body)
    }

    pub fn message(delivery: &Delivery, document: &ParsedBody<'_>, reading: Reading) -> Message {
        let origin = Origin {
            provider: P::NAME,
            id: delivery.event_id(),
            received: delivery.received,
            deduplication: Deduplication::Checked,
            replay: 0,
        };
        let facts = reading.into_facts().expect("it is no ping");
        normalize::message(facts, document, &delivery.ledger_key, &origin).1
    }

    /// From the request to the message: verify and normalize.
    pub fn whole(&self) -> Message {
        let verified = self.verify();
        let document = ParsedBody::parse(verified.body());
        let reading = Self::read(&document);
        let delivery = self.key(&verified, &document);
        Self::message(&delivery, &document, reading)
    }
}
