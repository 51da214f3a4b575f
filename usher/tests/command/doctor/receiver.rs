//! A receiver of webhooks: Usher's own pipeline, with the ledger in memory. It is correct except for the fault it is given.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use events::{Provider, forged_secret};
use jiff::Timestamp;
use usher_core::memory::{FixedSecrets, MemoryLedger, MemoryQueue};
use usher_core::outcome::Outcome;
use usher_core::policy::Policy;
use usher_core::provider::{self};
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::receive::{Arrival, receive};
use usher_core::request::Request;

use super::fault::Fault;
use super::queue::Queue;
use crate::http::{self, Reply};

/// The size limit of the receiver: smaller than Usher's own, for the sake of speed.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

pub struct Receiver {
    pub provider: Provider,
    /// The scheme, host and port.
    pub origin: String,
    pub url: String,
    /// The secret document.
    pub document: String,
    pub queue: Arc<Queue>,
    pub queue_url: String,
}

/// The state of the receiver while it handles requests.
pub struct Handler {
    pub provider: Provider,
    pub fault: Option<Fault>,
    pub document: String,
    ledger: MemoryLedger,
    queue: Arc<Queue>,
    served: AtomicUsize,
    known: Mutex<HashSet<Vec<u8>>>,
}

impl Receiver {
    pub fn start(provider: Provider, fault: Option<Fault>) -> Self {
        let (signing, token) = (forged_secret(), "t0ken-that-nobody-guesses");
        let document = match provider {
            Provider::Lunacal => format!(r#"{{"signing":["{signing}"],"url":["{token}"]}}"#),
            _ => format!(r#"{{"signing":["{signing}"]}}"#),
        };
        Self::with_document(provider, fault, document)
    }

    pub fn with_document(provider: Provider, fault: Option<Fault>, document: String) -> Self {
        let queue = Arc::new(Queue::default());
        let handler = Handler {
            provider,
            fault,
            document: document.clone(),
            ledger: MemoryLedger::default(),
            queue: Arc::clone(&queue),
            served: AtomicUsize::new(0),
            known: Mutex::default(),
        };
        let origin = http::serve(move |request| match request.header("x-amz-target").map(str::to_owned) {
            Some(target) => handler.queue.answer(target.rsplit('.').next().unwrap(), &request),
            None => handler.serve(request),
        });
        let (url, queue_url) = (format!("{origin}/hook/"), format!("{origin}/000000000000/events"));
        Self { provider, origin, url, document, queue, queue_url }
    }
}

impl Handler {
    fn serve(&self, request: http::Request) -> Reply {
        let number = self.served.fetch_add(1, Ordering::Relaxed);
        match self.fault {
            Some(fault) => fault.serve(self, request, number),
            None => self.serve_correctly(&request, Timestamp::now()),
        }
    }

    pub fn serve_correctly(&self, request: &http::Request, now: Timestamp) -> Reply {
        reply(&self.outcome(request, now))
    }

    /// Handles a request, and puts its message on the queue.
    pub fn outcome(&self, request: &http::Request, now: Timestamp) -> Outcome {
        match self.provider {
            Provider::Luma => self.receive::<Luma>(request, now),
            Provider::Lunacal => self.receive::<Lunacal>(request, now),
            Provider::Allfly => self.receive::<Allfly>(request, now),
            Provider::Calcom => self.receive::<Calcom>(request, now),
            Provider::Standard => self.receive::<Standard>(request, now),
        }
    }

    /// Puts a body on the queue.
    pub fn queue(&self, body: &[u8]) {
        self.queue.send(String::from_utf8_lossy(body).into_owned());
    }

    /// Returns whether it accepted this body before.
    pub fn knows(&self, body: &[u8]) -> bool {
        self.known.lock().unwrap().contains(body)
    }

    fn receive<P: provider::Provider>(&self, request: &http::Request, now: Timestamp) -> Outcome {
        let policy = Policy { max_body_bytes: MAX_BODY_BYTES, ..Policy::with_tolerance(P::TOLERANCE) };
        let secrets = provider::keyring::<P>(&self.document, &policy).map(FixedSecrets).unwrap();
        let token = self.served.fetch_add(1, Ordering::Relaxed).to_string();
        let arrival = Arrival { now, token: &token, xray: None };
        let queue = MemoryQueue::default();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let request = core(request);
        let received = receive::<P>(&request, arrival, &policy, &secrets, &self.ledger, &queue);
        let outcome = runtime.block_on(received);
        if self.fault != Some(Fault::LosesEvents) {
            queue.messages().into_iter().for_each(|message| self.queue.send(message.body));
        }
        if let Outcome::Accepted(_) = outcome {
            self.known.lock().unwrap().insert(request.body.to_vec());
        }
        outcome
    }
}

pub fn reply(outcome: &Outcome) -> Reply {
    let answer = outcome.answer();
    let mut reply = Reply::json(answer.status, answer.body);
    reply.headers.extend(answer.header.map(|(name, value)| (name, value.to_owned())));
    reply
}

fn core(request: &http::Request) -> Request {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    Request {
        method: Method::from_bytes(request.method.as_bytes()).unwrap(),
        headers,
        query: request.query.clone(),
        body: request.body.clone().into(),
    }
}
