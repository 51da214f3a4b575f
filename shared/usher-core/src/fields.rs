//! Reading fields out of JSON whose shape may have drifted: whatever is absent, null or of another type is `None`.

use jiff::Timestamp;
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

    /// The first of several names that has a value: providers rename fields and send both for a while.
    pub fn first(self, names: &[&str]) -> Self {
        names.iter().map(|name| self.get(name)).find(|field| field.is_some()).unwrap_or(Self(None))
    }

    /// Whether there is a value other than null.
    pub fn is_some(self) -> bool {
        self.0.is_some_and(|value| !value.is_null())
    }

    pub fn is_object(self) -> bool {
        self.0.is_some_and(Value::is_object)
    }

    pub fn items(self) -> impl Iterator<Item = Field<'v, 'b>> {
        self.0.and_then(Value::as_array).unwrap_or_default().iter().map(|value| Field(Some(value)))
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

    /// A whole number, exactly: `12.0` is one, `12.5` and what 64 bits can't hold are not.
    pub fn integer(self) -> Option<i64> {
        let value = self.0?;
        value.as_i64().or_else(|| {
            let float = value.as_f64()?;
            // Beyond 2^53 a float no longer tells neighbouring integers apart.
            let exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            exact.then_some(float as i64)
        })
    }

    pub fn float(self) -> Option<f64> {
        self.0.and_then(Value::as_f64)
    }

    /// An RFC 3339 time. One without an offset names no moment and is left to `raw`.
    pub fn time(self) -> Option<Timestamp> {
        self.str()?.trim().parse().ok()
    }

    /// The value as `serde_json` has it, for what is passed on in the provider's own form.
    pub fn to_json(self) -> Option<serde_json::Value> {
        self.0.filter(|value| !value.is_null()).map(|value| serde_json::Value::from(value.clone()))
    }
}
