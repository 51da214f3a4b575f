//! The use that a provider still makes of an account's secrets, as the ledger shows it. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use events::Provider;
use jiff::Timestamp;
use serde::Deserialize;
use usher_core::ledger::operator::Item;
use usher_core::policy::Policy;
use usher_core::secret::{Age, FRESH_FOR, Kind, Name, Used};

/// The time for which a request may go on with the secrets that it began with. No handler lives longer.
const REQUEST: Duration = usher_core::ledger::GRACE;

/// The last uses of an account's secrets by one sender: a whole provider or, at Lunacal, one event type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// The name of the event type in its URL, if it has one.
    pub(crate) slug: Option<String>,
    /// The last delivery that certainly used the newest.
    pub(crate) newest: Option<Timestamp>,
    /// The last delivery that used an older one, or may have.
    pub(crate) older: Option<Timestamp>,
}

/// The uses of one account's secrets of one kind.
#[derive(Debug)]
pub(crate) struct Usage<'n> {
    kind: Kind,
    name: Option<&'n Name>,
    /// The time from which on every function knows the present document.
    known: Timestamp,
    /// The uses by sender: the id of an event type at Lunacal, else nothing.
    pub(crate) senders: BTreeMap<String, Uses>,
}

impl<'n> Usage<'n> {
    /// Begins with no use. `stored` is the time at which the present document was stored.
    pub(crate) fn new(kind: Kind, name: Option<&'n Name>, stored: Timestamp) -> Self {
        let known = stored.saturating_add(FRESH_FOR + REQUEST).unwrap_or(Timestamp::MAX);
        Self { kind, name, known, senders: BTreeMap::new() }
    }

    /// Returns the time from which on every function knows the present document.
    pub(crate) fn known(&self) -> Timestamp {
        self.known
    }

    /// Takes a delivery of the provider into account.
    ///
    /// Before every function knows the present document, a function may have taken for the newest what is an older secret
    /// now. Such a delivery counts as one with an older secret.
    pub(crate) fn add(&mut self, provider: Provider, item: &Item) {
        let Some(used) = self.used(item) else { return };
        let is_known = item.received >= self.known;
        let is_own = used.name.as_ref() == self.name || (!is_known && used.name.is_none());
        if !is_own {
            return;
        }
        let (id, slug) = if provider == Provider::Lunacal { event_type(item) } else { Default::default() };
        let uses = self.senders.entry(id).or_default();
        uses.slug = uses.slug.take().or(slug);
        let last = if is_known && used.age == Age::Newest { &mut uses.newest } else { &mut uses.older };
        *last = (*last).max(Some(item.received));
    }

    /// Returns the secret of this kind that verified a delivery. An item without a mark was verified by the newest of an
    /// account without a name.
    fn used(&self, item: &Item) -> Option<Used> {
        let by = &item.verified_by;
        let used = match self.kind {
            Kind::Signing => &by.secret,
            Kind::Url => &by.token,
        };
        match (used, &by.secret, &by.token) {
            (None, None, None) => Some(Used { name: None, age: Age::Newest }),
            (used, ..) => used.clone(),
        }
    }
}

/// Returns the id of the event type that was booked, and its name in the URL. Both are missing in bodies of a payload
/// template and in erased ones.
fn event_type(item: &Item) -> (String, Option<String>) {
    #[derive(Default, Deserialize)]
    struct Body {
        payload: Payload,
    }
    #[derive(Default, Deserialize)]
    struct Payload {
        #[serde(rename = "eventTypeId")]
        event_type_id: Option<serde_json::Value>,
        #[serde(rename = "type")]
        slug: Option<String>,
    }
    let body =
        item.body.as_ref().and_then(|body| body.unpack(Policy::MAX_BODY_BYTES).ok()).unwrap_or_default();
    let Body { payload } = serde_json::from_slice(&body).unwrap_or_default();
    let id = payload.event_type_id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    (id.unwrap_or_default(), payload.slug)
}
