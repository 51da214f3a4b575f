//! One pass through the ledger in search of a person.

use std::fmt::Write as _;

use jiff::Timestamp;
use mention::{Finding, Person};
use usher_core::event::Event;
use usher_core::ledger::State;
use usher_core::ledger::operator::Item;
use usher_core::policy::Policy;

use crate::ledger::tally::Tally;
use crate::ledger::{event, state};

/// The person to search for, and the deliveries found so far.
pub(crate) struct Search<'a> {
    person: &'a Person,
    /// The deliveries found, without their bodies: those are personal data, and can be many.
    pub(crate) found: Vec<Item>,
    /// The deliveries that could not be searched.
    pub(crate) unread: Vec<Unread>,
    pub(crate) searched: usize,
    tally: Tally,
}

/// A delivery that could not be searched, or not in full. The person may be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) ledger_key: String,
    pub(crate) why: &'static str,
}

impl<'a> Search<'a> {
    pub(crate) fn new(person: &'a Person) -> Self {
        Self { person, found: Vec::new(), unread: Vec::new(), searched: 0, tally: Tally::default() }
    }

    /// Keeps the delivery if the person is in its body.
    pub(crate) fn examine(&mut self, stored: Item) {
        let Some(body) = &stored.body else {
            if stored.forgotten.is_none() {
                self.leave(stored.ledger_key, "it has no body, though nobody erased it");
            }
            return;
        };
        let Ok(body) = body.unpack(Policy::MAX_BODY_BYTES) else {
            self.leave(stored.ledger_key, "its body can't be unpacked");
            return;
        };
        self.searched += 1;
        match self.person.find(stored.provider(), &body) {
            Finding::Absent => {}
            Finding::Unfinished => {
                self.leave(stored.ledger_key, "its body is escaped in too many ways to be searched in full");
            }
            Finding::Found => self.keep(stored),
        }
    }

    /// Lists an item of the ledger that could not be searched.
    pub(crate) fn leave(&mut self, ledger_key: String, why: &'static str) {
        self.unread.push(Unread { ledger_key, why });
    }

    fn keep(&mut self, stored: Item) {
        let normalized = event(&stored).and_then(Result::ok).map(|(event, _)| event);
        let event_type = normalized.as_ref().map_or("?", |event| &event.event_type).to_owned();
        let role = normalized.as_ref().map_or("elsewhere", |event| self.role(event)).to_owned();
        let kind = [stored.provider().to_owned(), event_type, role, state(&stored).to_owned()];
        self.tally.add(kind, stored.received);
        self.found.push(Item { body: None, ..stored });
    }

    /// Returns the role of the person in the event: the one it is about, its host, or mentioned elsewhere.
    fn role(&self, event: &Event) -> &'static str {
        let is = |who: Option<&usher_core::event::data::Person>| {
            who.is_some_and(|who| self.is(&event.provider, who))
        };
        if is(event.data.person.as_ref()) {
            "person"
        } else if is(event.data.host.as_ref()) {
            "host"
        } else {
            "elsewhere"
        }
    }

    fn is(&self, provider: &str, who: &usher_core::event::data::Person) -> bool {
        let has_address = |email: &String| self.person.addresses.iter().any(|address| address.is(email));
        let has_phone = |phone: &String| self.person.phones.iter().any(|wanted| wanted.is(phone));
        let has_id = |id: &String| {
            self.person.ids.iter().any(|wanted| wanted.provider() == provider && wanted.id() == id)
        };
        who.email.as_ref().is_some_and(has_address)
            || who.phone.as_ref().is_some_and(has_phone)
            || who.id.as_ref().is_some_and(has_id)
    }

    pub(crate) fn pending(&self) -> usize {
        self.found.iter().filter(|stored| stored.state() == State::Pending).count()
    }

    /// Returns the number of those that a handler or relay may be sending at this moment.
    pub(crate) fn being_sent(&self, now: Timestamp) -> usize {
        self.found.iter().filter(|stored| stored.is_being_sent(now)).count()
    }

    pub(crate) fn text(&self) -> String {
        let searched = format!("{} searched", self.searched);
        let mut text = if self.found.is_empty() {
            format!("No delivery has the person in it ({searched}).\n")
        } else {
            let head = ["PROVIDER", "TYPE", "ROLE", "STATE", "DELIVERIES"];
            let found = match self.found.len() {
                1 => "1 delivery has the person in it".to_owned(),
                number => format!("{number} deliveries have the person in them"),
            };
            format!("{found} ({searched}):\n\n{}", self.tally.table(&head))
        };
        if !self.unread.is_empty() {
            let _ = writeln!(text, "\nNot searched, so the person may be in them:");
            for unread in &self.unread {
                let _ = writeln!(text, "  {}: {}", unread.ledger_key, unread.why);
            }
        }
        text
    }
}
