//! The envelope around a booking: a trigger, a moment, and the booking itself.

use serde_json_borrow::Value;

use super::shape::{ENVELOPE, ENVELOPE_WITH_DATA, FLAT};
use crate::event::{EventType, Facts};
use crate::provider::fields::Field;
use crate::provider::shape::{Shape, deviations};

/// Reads a body about a whole booking. `None` where there is no booking in it.
pub fn booking(json: &Value<'_>, event_type: EventType) -> Option<Facts> {
    let body = Field::root(json);
    let (payload, shape) = payload(body)?;
    let mut facts = super::facts(payload, event_type);
    facts.data.drift = deviations(json, shape);
    Some(Facts { time: body.get("createdAt").time(), ..facts })
}

/// Returns the booking and the form of the body that has it there. A custom template may leave the envelope out or name
/// it otherwise. The sender never puts JSON into a text, so such a payload is none.
fn payload<'v, 'b>(body: Field<'v, 'b>) -> Option<(Field<'v, 'b>, Shape)> {
    [(body.get("payload"), ENVELOPE), (body.get("data"), ENVELOPE_WITH_DATA), (body, FLAT)]
        .into_iter()
        .find(|(payload, _)| super::is_booking(*payload))
}
