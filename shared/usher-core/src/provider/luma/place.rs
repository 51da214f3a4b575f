//! The places in a body where the object that a type is about may stand.
//!
//! Luma documents `data`. Public receivers also look for the guest in `data.guest`, with the event beside it, and some
//! senders between Luma and a receiver unwrap `data`. The same fields are read wherever they stand; a place that is not
//! documented is reported as drift.

use super::id::id;
use super::people;
use super::shape::{EVENT, GUEST, LISTING, SUBSCRIBER};
use crate::provider::fields::Field;
use crate::provider::shape::Moved;

/// A place where an object may stand.
pub struct Place {
    path: &'static [&'static str],
    /// The objects that the table of the whole body doesn't reach if the object stands here.
    pub moved: &'static [Moved<'static>],
}

impl Place {
    /// Returns a part of a guest that stands here: a member of it, or what stands beside its `guest`.
    pub fn part<'v, 'b>(&self, body: Field<'v, 'b>, guest: Field<'v, 'b>, name: &str) -> Field<'v, 'b> {
        let part = guest.get(name);
        match self.path.split_last() {
            Some((&"guest", around)) if part.is_empty() => object(body, around).get(name),
            _ => part,
        }
    }

    /// Returns the object's id. At the root an `id` may be the delivery's, so alone it names nothing.
    fn id(&self, object: Field<'_, '_>) -> Option<String> {
        if self.path.is_empty() { None } else { id(object) }
    }
}

fn object<'v, 'b>(body: Field<'v, 'b>, path: &[&str]) -> Field<'v, 'b> {
    path.iter().fold(body, |object, name| object.get(name))
}

/// An object that was found, and where.
pub type Found<'v, 'b> = (Field<'v, 'b>, &'static Place);

const EVENTS: &[Place] = &[
    Place { path: &["data"], moved: &[] },
    Place { path: &["data", "event"], moved: &[Moved { place: &["data", "event"], shape: EVENT }] },
    Place { path: &["event"], moved: &[Moved { place: &["event"], shape: EVENT }] },
    Place { path: &[], moved: &[Moved { place: &[], shape: EVENT }] },
];

const LISTINGS: &[Place] = &[
    Place { path: &["data"], moved: &[] },
    Place { path: &["data", "event"], moved: &[Moved { place: &["data", "event"], shape: LISTING }] },
    Place { path: &["event"], moved: &[Moved { place: &["event"], shape: LISTING }] },
    Place { path: &[], moved: &[Moved { place: &[], shape: LISTING }] },
];

const GUESTS: &[Place] = &[
    Place { path: &["data"], moved: &[] },
    Place { path: &["data", "guest"], moved: &[Moved { place: &["data", "guest"], shape: GUEST }] },
    Place {
        path: &["guest"],
        moved: &[
            Moved { place: &["guest"], shape: GUEST },
            // With what stands beside the guest.
            Moved { place: &[], shape: GUEST },
        ],
    },
    Place { path: &[], moved: &[Moved { place: &[], shape: GUEST }] },
];

const SUBSCRIBERS: &[Place] = &[
    Place { path: &["data"], moved: &[] },
    Place { path: &[], moved: &[Moved { place: &[], shape: SUBSCRIBER }] },
];

/// Finds the event of an event's own type: the first object with a name or a start, else with an id.
pub fn event<'v, 'b>(body: Field<'v, 'b>) -> Option<Found<'v, 'b>> {
    event_in(EVENTS, body)
}

/// Finds the event of a type that is about a calendar: as [`event`].
pub fn listing<'v, 'b>(body: Field<'v, 'b>) -> Option<Found<'v, 'b>> {
    event_in(LISTINGS, body)
}

fn event_in<'v, 'b>(places: &'static [Place], body: Field<'v, 'b>) -> Option<Found<'v, 'b>> {
    first(places, body, |_, object| {
        object.get("name").text().is_some() || object.get("start_at").time().is_some()
    })
    .or_else(|| first(places, body, |place, object| place.id(object).is_some()))
}

/// Finds the guest: the first object that names a person, else with an id, else with an event or a ticket.
pub fn guest<'v, 'b>(body: Field<'v, 'b>) -> Option<Found<'v, 'b>> {
    let has = |object: Field<'_, '_>, name: &str| object.get(name).is_object();
    first(GUESTS, body, |_, object| people::guest(object).is_some())
        .or_else(|| first(GUESTS, body, |place, object| place.id(object).is_some()))
        .or_else(|| first(GUESTS, body, |_, object| has(object, "event") || has(object, "event_ticket")))
}

/// Finds the subscription: the first object that names a person, else with an id.
pub fn subscriber<'v, 'b>(body: Field<'v, 'b>) -> Option<Found<'v, 'b>> {
    first(SUBSCRIBERS, body, |_, object| people::subscriber(object).is_some())
        .or_else(|| first(SUBSCRIBERS, body, |place, object| place.id(object).is_some()))
}

fn first<'v, 'b>(
    places: &'static [Place],
    body: Field<'v, 'b>,
    is_it: impl Fn(&Place, Field<'v, 'b>) -> bool,
) -> Option<Found<'v, 'b>> {
    places.iter().map(|place| (object(body, place.path), place)).find(|(object, place)| is_it(place, *object))
}
