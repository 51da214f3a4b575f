//! One delivery, as the page shows it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use usher_core::digest::Digest;
use usher_core::event::Event;
use usher_core::ledger::operator::Item;
use usher_core::policy::Policy;
use usher_core::provider::{Provider as _, Shape};
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal};

use super::commands;
use super::links::{Basis, Link, links};
use super::marks::{Mark, Marker};
use super::places::{Place, parse, places};
use super::row::Row;
use crate::ledger::event;
use crate::terminal::json::indented;

/// The ledger's facts, and the body beside the event that is made of it today.
#[derive(Serialize)]
pub(super) struct Detail {
    row: Row,
    key: String,
    timeline: Vec<Step>,
    due: Option<Timestamp>,
    expires: Option<Timestamp>,
    /// The sends that the queue may have taken without confirming them.
    unconfirmed: u32,
    /// `None` once the body was erased, and while it is hidden.
    content: Option<Content>,
    /// `true` if there is content that is not shown.
    hidden: bool,
    /// The reason why there is no event.
    problem: Option<String>,
}

/// One thing that happened to it, as far as the ledger keeps that.
#[derive(Serialize)]
struct Step {
    what: &'static str,
    at: Option<Timestamp>,
    note: Option<String>,
}

#[derive(Serialize)]
struct Content {
    body: BodyText,
    bytes: usize,
    /// `true` if the body is the one whose digest was stored at its receipt.
    intact: Option<bool>,
    /// The event without `raw`, laid out.
    event: Option<String>,
    links: Vec<LinkMarks>,
    drift: Vec<DriftMarks>,
    commands: commands::Commands,
}

/// A body: the text itself, or base64 of bytes that are no text.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum BodyText {
    Text(String),
    Base64(String),
}

#[derive(Serialize)]
struct LinkMarks {
    field: String,
    event: Mark,
    from: Vec<PlaceMark>,
    basis: Basis,
}

#[derive(Serialize)]
struct PlaceMark {
    path: String,
    mark: Mark,
}

#[derive(Serialize)]
struct DriftMarks {
    path: String,
    problem: Value,
    marks: Vec<Mark>,
}

impl Detail {
    /// Makes the detail of an item. Without `reveal` it holds nothing of a person.
    pub(super) fn new(item: &Item, reveal: bool) -> Self {
        let (made, problem) = match event(item) {
            None => (None, Some("its body was erased".to_owned())),
            Some(Err(why)) => (None, Some(why.to_string())),
            Some(Ok((event, message))) => (Some((event, message.body)), None),
        };
        let content = item.body.as_ref().filter(|_| reveal).and_then(|body| {
            let body = body.unpack(Policy::MAX_BODY_BYTES).ok()?;
            Some(Content::new(item, &body, made.as_ref().map(|(event, message)| (event, message.as_str()))))
        });
        Self {
            row: Row::new(item, !reveal),
            key: item.ledger_key.clone(),
            timeline: timeline(item),
            due: item.due,
            expires: item.expires,
            unconfirmed: item.setbacks.unconfirmed,
            hidden: !reveal && item.body.is_some(),
            content,
            problem,
        }
    }
}

impl Content {
    fn new(item: &Item, body: &[u8], made: Option<(&Event, &str)>) -> Self {
        let intact = item.digest.map(|digest| Digest::of(body) == digest);
        let commands = commands::commands(item.provider(), body, made.map(|(_, message)| message));
        let event_text = made.and_then(|(event, _)| Some(indented(&serde_json::to_string(event).ok()?)));
        let (links, drift) = match (std::str::from_utf8(body), made, &event_text) {
            (Ok(body), Some((event, _)), Some(text)) => compared(event, text, body),
            _ => Default::default(),
        };
        let text = match std::str::from_utf8(body) {
            Ok(text) => BodyText::Text(text.to_owned()),
            Err(_) => BodyText::Base64(STANDARD.encode(body)),
        };
        Self { body: text, bytes: body.len(), intact, event: event_text, links, drift, commands }
    }
}

/// Links an event's fields with a body, and finds the places of its drift.
fn compared(event: &Event, event_text: &str, body_text: &str) -> (Vec<LinkMarks>, Vec<DriftMarks>) {
    let (Some(fields), Some(body)) = (parse(event_text), parse(body_text)) else {
        return (Vec::new(), drifts(event, &[], &Marker::of("")));
    };
    let (in_event, in_body) = (Marker::of(event_text), Marker::of(body_text));
    let shape = documented(&event.provider, event.providertype.as_deref().unwrap_or_default());
    let links = links(&fields, &body, shape).into_iter().map(|Link { field, from, basis }| LinkMarks {
        event: in_event.mark(&field.value),
        field: field.exact,
        from: from
            .into_iter()
            .map(|place| PlaceMark { mark: in_body.mark(&place.value), path: place.exact })
            .collect(),
        basis,
    });
    (links.collect(), drifts(event, &places(&body), &in_body))
}

fn drifts(event: &Event, places: &[Place], marker: &Marker<'_>) -> Vec<DriftMarks> {
    let drift = event.data.drift.iter().map(|drift| {
        let found = places.iter().filter(|place| !place.path.is_empty() && is_at(&place.path, &drift.path));
        DriftMarks {
            path: drift.path.clone(),
            problem: serde_json::to_value(drift.problem).unwrap_or_default(),
            marks: found.map(|place| marker.mark(place.name.as_ref().unwrap_or(&place.value))).collect(),
        }
    });
    drift.collect()
}

/// Returns whether a place has a drift's path, in which `*` stands for a name that drift does not tell.
fn is_at(place: &str, drift: &str) -> bool {
    let mut names = place.split('.');
    let mut wanted = drift.split('.');
    loop {
        match (names.next(), wanted.next()) {
            (None, None) => return true,
            (Some(name), Some(wanted)) => {
                let brackets = wanted.strip_prefix('*');
                let is_hidden = brackets.is_some_and(|brackets| name.ends_with(brackets));
                if !is_hidden && name != wanted {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// Returns the fields that a provider documents for a type.
fn documented(provider: &str, provider_type: &str) -> Option<Shape> {
    match provider {
        Luma::NAME => Luma::documented(provider_type),
        Lunacal::NAME => Lunacal::documented(provider_type),
        Allfly::NAME => Allfly::documented(provider_type),
        Calcom::NAME => Calcom::documented(provider_type),
        _ => None,
    }
}

fn timeline(item: &Item) -> Vec<Step> {
    let mut steps = vec![
        step("received", Some(item.received), None),
        // The claim is the write that stores it, and is dated by the receipt.
        step(
            "claimed",
            Some(item.received),
            Some("stored once, with all that is needed to send it".to_owned()),
        ),
    ];
    if let Some(replayed) = item.replayed {
        let note = format!("replay {}; the ledger keeps the time of the last one", item.replay);
        steps.push(step("replayed", Some(replayed), Some(note)));
    }
    if item.attempt > 0 {
        let since = if item.replayed.is_some() { "since the replay" } else { "since its receipt" };
        let failed = item.setbacks.failed;
        steps.push(step(
            "relayed",
            None,
            Some(format!("attempt {} {since}, {failed} failed in a row", item.attempt)),
        ));
    }
    let ends = [("sent", item.sent), ("parked", item.parked), ("erased", item.forgotten)];
    steps.extend(ends.into_iter().filter(|(_, at)| at.is_some()).map(|(what, at)| step(what, at, None)));
    steps
}

fn step(what: &'static str, at: Option<Timestamp>, note: Option<String>) -> Step {
    Step { what, at, note }
}
