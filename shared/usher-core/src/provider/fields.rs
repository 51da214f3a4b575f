//! Reads fields out of JSON whose shape may have drifted: a value that is absent, null or of another type is `None`.

use jiff::{Span, SpanRelativeTo, Timestamp};
use serde_json_borrow::Value;

/// A place in a JSON document, which may not exist.
#[derive(Clone, Copy)]
pub struct Field<'v, 'b>(Option<&'v Value<'b>>);

impl<'v, 'b> Field<'v, 'b> {
    /// Returns the place of the whole document.
    pub fn root(value: &'v Value<'b>) -> Self {
        Self(Some(value))
    }

    /// Returns the place of a member of an object.
    pub fn get(self, name: &str) -> Self {
        Self(self.0.and_then(Value::as_object).and_then(|object| object.get(name)))
    }

    /// Returns what can be read under the first of several names: providers rename fields and send both for a while.
    pub fn first<T>(self, names: &[&str], read: impl Fn(Self) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| read(self.get(name)))
    }

    /// Returns whether there is nothing, or a value that [says nothing](says_nothing).
    pub fn is_empty(self) -> bool {
        self.0.is_none_or(says_nothing)
    }

    /// Returns whether there is an object.
    pub fn is_object(self) -> bool {
        self.0.is_some_and(Value::is_object)
    }

    /// Returns the objects of a list.
    pub fn objects(self) -> impl Iterator<Item = Field<'v, 'b>> {
        self.elements().filter(|field| field.is_object())
    }

    /// Returns the elements of a list.
    pub fn elements(self) -> impl Iterator<Item = Field<'v, 'b>> {
        self.0.and_then(Value::as_array).unwrap_or_default().iter().map(|value| Field(Some(value)))
    }

    /// Returns the members of an object.
    pub fn entries(self) -> impl Iterator<Item = (&'v str, Field<'v, 'b>)> {
        self.0
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|object| object.as_vec().iter().map(|(name, value)| (&**name, Field(Some(value)))))
    }

    /// Returns a string as it is, even an empty one.
    pub fn str(self) -> Option<&'v str> {
        self.0.and_then(Value::as_str)
    }

    /// Returns a string that is not blank, without the white space around it.
    pub fn text(self) -> Option<String> {
        self.trimmed().map(str::to_owned)
    }

    /// Returns a string that is not blank, without the white space around it, borrowed.
    pub fn trimmed(self) -> Option<&'v str> {
        self.str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// Reads a word of a closed list.
    pub fn word<T>(self, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        read(self.trimmed()?)
    }

    /// Returns an id, which some providers send as a number.
    pub fn id(self) -> Option<String> {
        self.text().or_else(|| self.integer().map(|number| number.to_string()))
    }

    /// Returns a truth value.
    pub fn bool(self) -> Option<bool> {
        self.0.and_then(Value::as_bool)
    }

    /// Returns a whole number, exactly.
    pub fn integer(self) -> Option<i64> {
        whole(self.0?)
    }

    /// Returns a number.
    pub fn float(self) -> Option<f64> {
        self.0.and_then(Value::as_f64)
    }

    /// Returns a moment, in any of the forms that [`time`] reads.
    pub fn time(self) -> Option<Timestamp> {
        time(self.0?)
    }

    /// Returns whether there is a value that should be a moment and can't be read as one.
    pub fn is_unreadable_time(self) -> bool {
        !self.is_empty() && self.time().is_none()
    }

    /// Returns an ISO 8601 duration, in seconds.
    pub fn duration_seconds(self) -> Option<i64> {
        duration_seconds(self.str()?)
    }

    /// Returns the value as `serde_json` has it, for what is passed on in the provider's own form.
    pub fn to_json(self) -> Option<serde_json::Value> {
        self.0.filter(|value| !value.is_null()).map(|value| serde_json::Value::from(value.clone()))
    }
}

/// Returns whether a value says nothing: null, false, or empty.
pub fn says_nothing(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Str(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.as_vec().is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// Reads a moment: RFC 3339, or Unix seconds or milliseconds, as a number or as digits in a string.
///
/// An RFC 3339 time without an offset names no moment, and one before the year 0 can't be written in RFC 3339: both are
/// `None`. A number is told apart by its magnitude, and only within 2000 to 2099: the ranges of seconds and of
/// milliseconds don't overlap there, and an id or an amount is rarely taken for a time.
pub fn time(value: &Value<'_>) -> Option<Timestamp> {
    let Some(text) = value.as_str() else { return unix_time(whole(value)?) };
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return unix_time(text.parse().ok()?);
    }
    let time: Timestamp = text.parse().ok()?;
    (time.as_second() >= YEAR_0).then_some(time)
}

fn unix_time(number: i64) -> Option<Timestamp> {
    match number {
        YEAR_2000..YEAR_2100 => Timestamp::from_second(number).ok(),
        YEAR_2000_MILLIS..YEAR_2100_MILLIS => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// 0000-01-01T00:00:00Z.
const YEAR_0: i64 = -62_167_219_200;
/// 2000-01-01T00:00:00Z.
const YEAR_2000: i64 = 946_684_800;
/// 2100-01-01T00:00:00Z.
const YEAR_2100: i64 = 4_102_444_800;
const YEAR_2000_MILLIS: i64 = YEAR_2000 * 1000;
const YEAR_2100_MILLIS: i64 = YEAR_2100 * 1000;

/// Reads a whole number, exactly: `12.0` is one, `12.5` and what 64 bits can't hold are not.
pub fn whole(value: &Value<'_>) -> Option<i64> {
    value.as_i64().or_else(|| {
        let float = value.as_f64()?;
        // From 2^53 on a float no longer tells neighbouring integers apart.
        let exact = float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        exact.then_some(float as i64)
    })
}

/// Reads an ISO 8601 duration, in seconds. A day is 24 hours, as it is everywhere but where clocks change. Months and years
/// have no fixed length, so a duration with any is `None`.
pub fn duration_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    // Jiff reads English, too.
    text.trim_start_matches(['+', '-']).starts_with('P').then_some(())?;
    let span: Span = text.parse().ok()?;
    Some(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.as_secs())
}

/// Returns whether two texts are the same e-mail address: case and the white space around don't matter.
pub fn same_address(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    !one.is_empty() && one.to_lowercase() == other.to_lowercase()
}
