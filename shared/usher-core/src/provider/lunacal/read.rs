//! The reading of Lunacal's bodies: a trigger, a moment, and a booking.

use serde_json_borrow::Value;

use crate::event::Facts;
use crate::parsed_body::ParsedBody;
use crate::provider::booking::{self, envelope};
use crate::provider::fields::Field;
use crate::provider::reading::Reading;

pub fn reading(body: &ParsedBody<'_>) -> Reading {
    body.with_json(of).unwrap_or_else(Reading::unrecognized)
}

fn of(json: &Value<'_>) -> Reading {
    let Some(provider_type) = Field::root(json).get("triggerEvent").text() else {
        return Reading::unrecognized();
    };
    if provider_type == "PING" {
        return Reading::Ping;
    }
    match booking::trigger(&provider_type).and_then(|event_type| envelope::booking(json, event_type)) {
        Some(facts) => Reading::Event(Box::new(Facts { provider_type, ..facts })),
        None => Reading::Unrecognized { provider_type: Some(provider_type) },
    }
}
