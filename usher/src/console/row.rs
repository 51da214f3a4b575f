//! One line of the list.

use jiff::Timestamp;
use serde::Serialize;
use usher_core::event::Event;
use usher_core::event::data::Data;
use usher_core::ledger::operator::Item;

use crate::ledger::{event, state};

/// One delivery, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) id: String,
    #[serde(skip)]
    pub(super) key: String,
    pub(super) provider: String,
    #[serde(rename = "type")]
    pub(super) event_type: Option<String>,
    pub(super) subject: Option<String>,
    /// The person it is about, or else the title. `None` where there is neither, or where it is hidden.
    pub(super) who: Option<String>,
    /// `true` if there is a `who` that is not shown.
    pub(super) hidden: bool,
    /// `pending`, `sent`, `parked` or `erased`.
    pub(super) state: &'static str,
    pub(super) received: Timestamp,
    pub(super) changed: Timestamp,
    pub(super) replays: u32,
    pub(super) attempts: u32,
    /// The number of places where the body deviates from the provider's documentation.
    pub(super) drift: usize,
}

impl Row {
    pub(super) fn new(item: &Item, discreet: bool) -> Self {
        let made = event(item).and_then(Result::ok).map(|(event, _)| event);
        let who = made.as_ref().and_then(|event| who(&event.data));
        let hidden = discreet && who.is_some();
        Self {
            id: item.event_id(),
            key: item.ledger_key.clone(),
            provider: item.provider().to_owned(),
            event_type: made.as_ref().map(|event| event.event_type.clone()),
            subject: made.as_ref().and_then(|event: &Event| event.subject.clone()),
            who: who.filter(|_| !hidden),
            hidden,
            state: state_of(item),
            received: item.received,
            changed: item.changed(),
            replays: item.replay,
            attempts: item.attempt,
            drift: made.map_or(0, |event| event.data.drift.len()),
        }
    }

    /// Returns whether it shows the item as it is: a body does not change, unless it is erased.
    pub(super) fn shows(&self, item: &Item) -> bool {
        (self.state, self.changed, self.replays, self.attempts)
            == (state_of(item), item.changed(), item.replay, item.attempt)
    }
}

/// Names the state of an item in the words of the page.
pub(super) fn state_of(item: &Item) -> &'static str {
    if item.forgotten.is_some() { "erased" } else { state(item) }
}

/// Returns whom it is about, or else what.
fn who(data: &Data) -> Option<String> {
    let person = data.person.as_ref().and_then(|person| person.name.as_ref().or(person.email.as_ref()));
    person.or_else(|| data.event.as_ref()?.title.as_ref()).cloned()
}
