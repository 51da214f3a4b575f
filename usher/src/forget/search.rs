//! Which deliveries have a person's address in them.

use std::fmt::Write as _;

use usher_core::archive::Stored;
use usher_core::event::Event;
use usher_core::ledger::State;
use usher_core::mention::Address;
use usher_core::policy::Policy;

use crate::ledger::tally::Tally;
use crate::ledger::{event, state};

pub(crate) struct Search<'a> {
    addresses: &'a [Address],
    /// Without their bodies: they are not kept a moment longer than needed, and can be many.
    pub(crate) found: Vec<Stored>,
    tally: Tally,
    searched: usize,
    /// Bodies that don't unpack.
    unreadable: usize,
}

impl<'a> Search<'a> {
    pub(crate) fn new(addresses: &'a [Address]) -> Self {
        Self { addresses, found: Vec::new(), tally: Tally::default(), searched: 0, unreadable: 0 }
    }

    pub(crate) fn look(&mut self, stored: Stored) {
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
        self.found.push(Stored { body: None, ..stored });
    }

    /// As whom the event names the person: as the one it is about, as its host, or by the way.
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
            let _ = writeln!(text, "{} could not be read, and so not searched", self.unreadable);
        }
        text
    }
}
