//! The place of a meeting.
//!
//! The sender's `location` holds either a kind of place or the value itself: a street address, a telephone number, a
//! link. The kind that was chosen is in `responses.location`, as `{value, optionValue}`; older bookings have the value
//! there, too.

use super::answers;
use crate::event::data::Place;
use crate::event::words::PlaceKind;
use crate::provider::fields::Field;

/// The place of a meeting, and the link to join it.
pub struct Location {
    pub meeting_url: Option<String>,
    pub place: Option<Place>,
}

impl Location {
    /// Reads where a meeting takes place.
    pub fn of(payload: Field<'_, '_>) -> Self {
        let text = payload.get("location").trimmed();
        let answer = answers::value(payload, "location");
        let (chosen, typed) =
            (answer.get("value").trimmed().or(answer.trimmed()), answer.get("optionValue").trimmed());
        let kind = chosen
            .and_then(|word| kind(word).or_else(|| new_kind(word, typed)))
            .or_else(|| text.and_then(kind));
        let value = [text, typed, chosen].into_iter().flatten().find(|value| !is_kind(value, kind.as_ref()));
        let mut place = Place::default();
        let mut link = None;
        let told = value.map(|value| Value::of(value, kind.as_ref()));
        place.kind = kind.or_else(|| told.as_ref().map(|told| told.kind(payload)));
        match told {
            Some(Value::Link(url)) => link = Some(url),
            Some(Value::Phone(number)) => place.phone = Some(number),
            Some(Value::Address(address)) => place.address = Some(address),
            None => {}
        }
        Self {
            meeting_url: video_link(payload).or(link),
            place: (place != Place::default()).then_some(place),
        }
    }
}

/// The meaning of a location that is not a kind of place.
enum Value {
    Link(String),
    Phone(String),
    Address(String),
}

impl Value {
    /// Reads a location as what the chosen kind says it is. Where none was chosen, its form tells.
    fn of(text: &str, kind: Option<&PlaceKind>) -> Self {
        let text = text.strip_prefix("tel:").unwrap_or(text);
        match kind {
            // A map has a link, and a house may be known by a number.
            Some(PlaceKind::InPerson) => Self::Address(text.to_owned()),
            _ => match link(text) {
                Some(url) => Self::Link(url),
                None if kind == Some(&PlaceKind::Phone) || is_telephone_number(text) => {
                    Self::Phone(text.to_owned())
                }
                None => Self::Address(text.to_owned()),
            },
        }
    }

    /// Returns the kind of place that this is at.
    fn kind(&self, payload: Field<'_, '_>) -> PlaceKind {
        match self {
            Self::Link(_) => {
                payload.get("videoCallData").get("type").word(PlaceKind::known).unwrap_or(PlaceKind::Online)
            }
            Self::Phone(_) => PlaceKind::Phone,
            Self::Address(_) => PlaceKind::InPerson,
        }
    }
}

/// The sender's own kinds. Its video apps are `integrations:…`.
const KINDS: [&str; 7] =
    ["attendeeInPerson", "inPerson", "phone", "userPhone", "link", "conferencing", "somewhereElse"];

/// Reads a word of the sender's list. Any other text is a value, though it may look like a word: `Cork`.
fn kind(text: &str) -> Option<PlaceKind> {
    (KINDS.contains(&text) || text.starts_with("integrations:")).then(|| PlaceKind::from_word(text)).flatten()
}

/// Reads a kind that the sender added since, which is one only where the value stands beside it. All its kinds begin with a
/// small letter.
fn new_kind(word: &str, typed: Option<&str>) -> Option<PlaceKind> {
    typed
        .filter(|_| word.starts_with(|first: char| first.is_ascii_lowercase()))
        .and_then(|_| PlaceKind::from_word(word))
}

/// Returns whether a text is a kind of place and no value.
fn is_kind(text: &str, chosen: Option<&PlaceKind>) -> bool {
    kind(text).is_some() || matches!(chosen, Some(PlaceKind::Other(word)) if word == text)
}

/// Returns the link to join, from the places that hold nothing else.
fn video_link(payload: Field<'_, '_>) -> Option<String> {
    let additional = payload.get("additionalInformation");
    let entry_points = additional
        .get("entryPoints")
        .objects()
        .filter(|point| point.get("entryPointType").trimmed() == Some("video"))
        .map(|point| point.get("uri"));
    // A public link to the service's own room stands in `metadata`, beside the room's own.
    [
        payload.get("metadata").get("videoCallUrl"),
        payload.get("videoCallData").get("url"),
        additional.get("hangoutLink"),
    ]
    .into_iter()
    .chain(entry_points)
    .find_map(|place| link(place.trimmed()?))
}

/// Reads a link of the web, with a scheme before it. Others are none: who books types the location, and a link such as
/// `javascript:…` would run in a consumer's page.
fn link(text: &str) -> Option<String> {
    let has_scheme = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && text.len() > scheme.len()
    };
    if has_scheme("https://") || has_scheme("http://") {
        // People write after it how to get in.
        return text.split_whitespace().next().map(str::to_owned);
    }
    is_link_without_scheme(text).then(|| format!("https://{text}"))
}

/// Returns whether a text is a host's name, with a path or a port or not. `St.Mary` is none: a name that stands alone is
/// written in small letters.
fn is_link_without_scheme(text: &str) -> bool {
    let (authority, rest) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    name.split('.').all(is_label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && port.parse::<u16>().is_ok()
        && !text.contains(char::is_whitespace)
        && (!rest.is_empty() || !host.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// Returns whether a text is written as a telephone number. E.164 has 15 digits at most.
fn is_telephone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (7..=15).contains(&digits)
        && rest.starts_with(|first: char| first.is_ascii_digit() || first == '(')
        && rest.bytes().all(|byte| byte.is_ascii_digit() || b" ().-/".contains(&byte))
}
