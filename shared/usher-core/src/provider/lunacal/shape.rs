//! Lunacal's envelope around a booking. The booking's own fields are in [`booking::shape`](crate::provider::booking::shape).

use crate::provider::booking::shape::PAYLOAD;
use crate::provider::shape::Expect::{Object, Text, Time};
use crate::provider::shape::{Known, Shape, parts, raw};

const TRIGGER_EVENT: Known = raw("triggerEvent", Text);
/// The event's `time`.
const CREATED_AT: Known = raw("createdAt", Time);

/// The documented form of a body of any of the seven types.
pub const BODY: Shape = &[TRIGGER_EVENT, CREATED_AT, parts("payload", Object(PAYLOAD))];

/// A custom template's form, with the booking in `data`.
pub const BODY_WITH_DATA: Shape = &[TRIGGER_EVENT, CREATED_AT, parts("data", Object(PAYLOAD))];

/// A custom template's form, with the booking's fields beside the trigger: the sender offers them to templates so.
pub const FLAT_BODY: Shape = &{
    let mut shape = [TRIGGER_EVENT; PAYLOAD.len() + 2];
    shape[1] = CREATED_AT;
    let mut index = 0;
    while index < PAYLOAD.len() {
        shape[index + 2] = PAYLOAD[index];
        index += 1;
    }
    shape
};
