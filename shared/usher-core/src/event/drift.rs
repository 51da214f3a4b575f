//! Drift: where a body deviates from its provider's documentation. It is reported, never a reason to refuse.

use serde::{Deserialize, Serialize};

/// One place where a body deviates from its provider's documentation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drift {
    /// The place in the body: names joined by `.`, `[]` for any element of a list. Never a value. Empty for all of it.
    pub path: String,
    /// The kind of deviation.
    pub problem: Problem,
}

impl Drift {
    /// Returns the deviation of a whole body whose type or form Usher doesn't know.
    pub fn unrecognized() -> Self {
        Self { path: String::new(), problem: Problem::Unrecognized }
    }
}

/// The kinds of deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transform = open))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// A type that Usher doesn't know, or a body that isn't JSON: all of it is in `raw` or `raw_base64`.
    Unrecognized,
    /// The provider doesn't document the field: it may be worth mapping.
    UnknownField,
    /// Text where a number was expected, and the like: the field is left out of the typed data.
    UnexpectedType,
    /// A word that is not on the documented list: passed on as `other`. Text that is no word, such as an address, is left out
    /// of the typed data.
    UnknownValue,
    /// A time that can't be read: neither RFC 3339 with an offset nor Unix seconds or milliseconds of a sensible year. The
    /// field is left out of the typed data.
    NotATime,
    /// Not an ISO 8601 duration of fixed length: the field is left out of the typed data.
    NotADuration,
    /// Not a whole number that 64 bits hold: the amount is left out of the typed data.
    NotAWholeNumber,
    /// The member is there more than once in one object, so readers may take different ones. Usher reads the first.
    DuplicateMember,
    /// A kind that a later version of Usher reports.
    #[cfg_attr(feature = "schema", schemars(skip))]
    #[serde(other)]
    Unknown,
}

/// Drift that the deployer has acknowledged: it stays in the events, and is no longer counted.
///
/// Each entry is a path as [`Drift::path`] has it. One that ends in `*` stands for every path that begins so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledged(Vec<String>);

impl Acknowledged {
    /// Reads entries separated by commas or white space.
    pub fn parse(list: &str) -> Self {
        let entries = list.split(|separator: char| separator == ',' || separator.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).map(str::to_owned).collect())
    }

    /// Returns the number of deviations that are new to the deployer.
    pub fn count_new(&self, drift: &[Drift]) -> usize {
        drift.iter().filter(|drift| !self.covers(&drift.path)).count()
    }

    fn covers(&self, path: &str) -> bool {
        self.0.iter().any(|entry| match entry.strip_suffix('*') {
            Some(beginning) => !path.is_empty() && path.starts_with(beginning),
            None => path == entry,
        })
    }
}

/// Opens a list of words in the schema: any other text is valid, too, as a later version may add words.
#[cfg(feature = "schema")]
pub(super) fn open(schema: &mut schemars::Schema) {
    if let Some(serde_json::Value::Array(forms)) = schema.get_mut("oneOf") {
        forms.push(serde_json::json!({"type": "string"}));
    }
}
