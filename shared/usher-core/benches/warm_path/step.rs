//! The steps of the warm path. Each takes what the steps before it return.

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
use usher_core::trace::Trace;

use crate::body::padded;
use crate::support::signing::Signs;
use crate::support::{NOW, now, policy};

/// Something that measures steps.
pub trait Meter {
    /// Measures a step. `input` makes what it consumes, and is not measured.
    fn step<I, T>(&mut self, name: &'static str, input: impl Fn() -> I, run: impl Fn(I) -> T);
}

/// One provider's way from a signed request to a message.
pub struct Path<P> {
    request: Request,
    keyring: Keyring,
    policy: Policy,
    now: Timestamp,
    provider: PhantomData<fn(P)>,
}

impl<P: Signs> Path<P> {
    /// Hands every step to a meter, and the way from request to message as a whole.
    pub fn steps(meter: &mut impl Meter) {
        let path = Self::new();
        let verified = path.verify();
        let document = ParsedBody::parse(verified.body());
        let delivery = path.key(&verified, &document);
        let reading = Self::read(&document);
        meter.step("verify", || (), |()| path.verify());
        meter.step("parse", || (), |()| ParsedBody::parse(verified.body()));
        meter.step("read", || (), |()| Self::read(&document));
        meter.step("key", || (), |()| path.key(&verified, &document));
        meter.step("pack", || (), |()| Self::pack(&delivery));
        meter.step("message", || reading.clone(), |reading| Self::message(&delivery, &document, reading));
        meter.step("verify to message", || (), |()| path.whole());
    }

    fn new() -> Self {
        Self {
            request: P::sign(P::SECRET, "evt_9fQ2sZb7", NOW, &padded(P::NAME)),
            keyring: P::keyring(),
            policy: policy::<P>(),
            now: now(),
            provider: PhantomData,
        }
    }

    fn verify(&self) -> Verified {
        provider::verify::<P>(&self.request, &self.keyring, &self.policy, self.now).expect("it is genuine")
    }

    fn read(document: &ParsedBody<'_>) -> Reading {
        Reading::attempt(P::read, document)
    }

    /// Makes the delivery: key, digest and body.
    fn key(&self, verified: &Verified, document: &ParsedBody<'_>) -> Delivery {
        let key = P::key(verified, document);
        Delivery::new(
            P::NAME,
            &key,
            verified,
            self.now,
            "8f0c2d51-3f1b-4c57-9e0e-0d6f4a1c7b25",
            Trace::default(),
        )
    }

    /// Packs the body, as the ledger's claim does.
    fn pack(delivery: &Delivery) -> Packed {
        Packed::pack(&delivery.body)
    }

    fn message(delivery: &Delivery, document: &ParsedBody<'_>, reading: Reading) -> Message {
        let origin = Origin {
            provider: P::NAME,
            id: delivery.event_id(),
            received: delivery.received,
            deduplication: Deduplication::Checked,
            replay: 0,
            trace: delivery.trace,
        };
        let facts = reading.into_facts().expect("it is no ping");
        normalize::message(facts, document, &delivery.ledger_key, &origin).1
    }

    /// Verifies and normalizes. The body is not packed.
    fn whole(&self) -> Message {
        let verified = self.verify();
        let document = ParsedBody::parse(verified.body());
        let reading = Self::read(&document);
        let delivery = self.key(&verified, &document);
        Self::message(&delivery, &document, reading)
    }
}
