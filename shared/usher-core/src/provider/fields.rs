//! Reading fields out of JSON whose shape may have drifted: whatever is absent, null or of another type is `None`.

use jiff::{Span, SpanRelativeTo, Timestamp};
use serde_json_borrow::Value;

/// A place in a JSON document, which may not exist.
#[derive(Clone, Copy)]
pub struct Field<'v, 'b>(Option<&'v Value<'b>>);

impl<'v, 'b> Field<'v, 'b> {
    pub fn root(value: &'v Value<'b>) -> Self {
        Self(Some(value))
    }

    pub fn get(self, name: &str) -> Self {
        Self(self.0.and_then(Value::as_object).and_then(|object| object.get(name)))
    }

    /// What can be read under the first of several names: providers rename fields and send both for a while.
    pub fn first<T>(self, names: &[&str], read: impl Fn(Self) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| read(self.get(name)))
    }

    /// Whether there is a value other than null.
    pub fn is_some(self) -> bool {
        self.0.is_some_and(|value| !value.is_null())
    }

    pub fn is_object(self) -> bool {
        self.0.is_some_and(Value::is_object)
    }

    /// The objects of a list.
    pub fn objects(self) -> impl Iterator<Item = Field<'v, 'b>> {
        let values = self.0.and_then(Value::as_array).unwrap_or_default();
        values.iter().filter(|value| value.is_object()).map(|value| Field(Some(value)))
    }

    pub fn entries(self) -> impl Iterator<Item = (&'v str, Field<'v, 'b>)> {
        self.0
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|object| object.as_vec().iter().map(|(name, value)| (&**name, Field(Some(value)))))
    }

    pub fn str(self) -> Option<&'v str> {
        self.0.and_then(Value::as_str)
    }

    /// A string with something in it.
    pub fn text(self) -> Option<String> {
        self.str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// An id, which some providers send as a number.
    pub fn id(self) -> Option<String> {
        self.text().or_else(|| self.integer().map(|number| number.to_string()))
    }

    pub fn bool(self) -> Option<bool> {
        self.0.and_then(Value::as_bool)
    }

    /// A whole number, exactly.
    pub fn integer(self) -> Option<i64> {
        whole(self.0?)
    }

    pub fn float(self) -> Option<f64> {
        self.0.and_then(Value::as_f64)
    }

    /// An RFC 3339 time. One without an offset names no moment, and one before the year 0 can't be written in RFC 3339:
    /// both are left to `raw`.
    pub fn time(self) -> Option<Timestamp> {
        let time: Timestamp = self.str()?.trim().parse().ok()?;
        (time.as_second() >= YEAR_0).then_some(time)
    }

    /// An ISO 8601 duration, in seconds.
    pub fn duration_seconds(self) -> Option<i64> {
        duration_seconds(self.str()?)
    }

    /// The value as `serde_json` has it, for what is passed on in the provider's own form.
    pub fn to_json(self) -> Option<serde_json::Value> {
        self.0.filter(|value| !value.is_null()).map(|value| serde_json::Value::from(value.clone()))
    }
}

/// 0000-01-01T00:00:00Z.
const YEAR_0: i64 = -62_167_219_200;

/// A whole number, exactly: `12.0` is one, `12.5` and what 64 bits can't hold are not.
pub fn whole(value: &Value<'_>) -> Option<i64> {
    value.as_i64().or_else(|| {
        let float = value.as_f64()?;
        // From 2^53 on a float no longer tells neighbouring integers apart.
        let exact = float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        exact.then_some(float as i64)
    })
}

/// An ISO 8601 duration, in seconds. A day is 24 hours, as it is everywhere but where clocks change. Months and years
/// have no fixed length, so a duration with any is none.
pub fn duration_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    // Jiff reads English, too.
    text.trim_start_matches(['+', '-']).starts_with('P').then_some(())?;
    let span: Span = text.parse().ok()?;
    Some(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.as_secs())
}
