//! The meeting that was booked.

use super::place::Location;
use crate::event::data::Gathering;
use crate::provider::fields::Field;

/// Reads the meeting.
pub fn meeting(payload: Field<'_, '_>) -> Gathering {
    let location = Location::of(payload);
    Gathering {
        // The type of meeting that was booked; the booking has its own id.
        id: payload.get("eventTypeId").id(),
        title: payload.first(&["eventTitle", "title"], Field::text),
        start: payload.get("startTime").time(),
        end: payload.get("endTime").time(),
        timezone: payload.get("organizer").get("timeZone").text(),
        meeting_url: location.meeting_url,
        place: location.place,
        description: payload.get("eventDescription").text(),
        duration_seconds: payload.get("length").integer().and_then(|minutes| minutes.checked_mul(60)),
        ..Gathering::default()
    }
}
