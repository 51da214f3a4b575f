//! The search for a person's address in stored deliveries.

use std::fmt::Write as _;

use usher_core::event::Event;
use usher_core::ledger::State;
use usher_core::ledger::operator::Item;
use usher_core::mention::Address;
use usher_core::policy::Policy;

use crate::ledger::tally::Tally;
use crate::ledger::{event, state};

/// The addresses to search for, and the deliveries found so far.
pub(crate) struct Search<'a> {
    addresses: &'a [Address],
    /// The deliveries found, without their bodies: those are personal data, and can be many.
    pub(crate) found: Vec<Item>,
    tally: Tally,
    searched: usize,
    /// The number of bodies that cannot be unpacked.
    unreadable: usize,
}

impl<'a> Search<'a> {
    pub(crate) fn new(addresses: &'a [Address]) -> Self {
        Self { addresses, found: Vec::new(), tally: Tally::default(), searched: 0, unreadable: 0 }
    }

    /// Keeps the delivery if an address is in its body.
    pub(crate) fn examine(&mut self, stored: Item) {
        let Some(body) = &stored.body else { return };
        let Ok(body) = body.unpack(Policy::MAX_BODY_BYTES) else {
            self.unreadable += 1;
            return;
        };
        self.searched += 1;
        if !self.addresses.iter().any(|address| address.is_in(&body)) {
            return;
        }
        let normalized = event(&stored).and_then(Result::ok).map(|(event, _)| event);
        let event_type = normalized.as_ref().map_or("?", |event| &event.event_type).to_owned();
        let role = normalized.as_ref().map_or("elsewhere", |event| self.role(event)).to_owned();
        let kind = [stored.provider().to_owned(), event_type, role, state(&stored).to_owned()];
        self.tally.add(kind, stored.received);
        self.found.push(Item { body: None, ..stored });
    }

    /// Returns the role of the person in the event: the one it is about, its host, or mentioned elsewhere.
    fn role(&self, event: &Event) -> &'static str {
        let is = |email: Option<&String>| {
            email.is_some_and(|email| self.addresses.iter().any(|address| address.is(email)))
        };
        let data = &event.data;
        if is(data.person.as_ref().and_then(|person| person.email.as_ref())) {
            "person"
        } else if is(data.host.as_ref().and_then(|host| host.email.as_ref())) {
            "host"
        } else {
            "elsewhere"
        }
    }

    pub(crate) fn pending(&self) -> usize {
        self.found.iter().filter(|stored| stored.state() == State::Pending).count()
    }

    pub(crate) fn text(&self) -> String {
        let searched = format!("{} searched", self.searched);
        let mut text = if self.found.is_empty() {
            format!("No delivery has the address in it ({searched}).\n")
        } else {
            let head = ["PROVIDER", "TYPE", "ROLE", "STATE", "DELIVERIES"];
            let found = match self.found.len() {
                1 => "1 delivery has the address in it".to_owned(),
                number => format!("{number} deliveries have the address in them"),
            };
            format!("{found} ({searched}):\n\n{}", self.tally.table(&head))
        };
        if self.unreadable > 0 {
            let _ = writeln!(text, "{} could not be read, so they were not searched", self.unreadable);
        }
        text
    }
}
