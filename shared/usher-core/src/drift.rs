//! What a provider sent otherwise than it documents: seen, never suffered.
//!
//! Each provider's documented fields stand in one table ([`Shape`]) beside the code that reads them, and say where each
//! goes. [`find`] compares a body with it. Nothing depends on the result but what is told of it: the event goes out
//! with whatever could be read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json_borrow::Value;

use crate::fields;

/// One deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drift {
    /// Where in the body: names joined by `.`, `[]` for any element of a list. Never a value. Empty for all of it.
    pub path: String,
    /// What is odd there.
    pub problem: Problem,
}

impl Drift {
    /// The whole body is of a type or form that Usher doesn't know.
    pub fn unrecognized() -> Self {
        Self { path: String::new(), problem: Problem::Unrecognized }
    }
}

/// In what way a value deviates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(transform = crate::schema::open))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Problem {
    /// A type that Usher doesn't know, or a body that isn't JSON: all of it is in `raw` or `raw_base64`.
    Unrecognized,
    /// The provider doesn't document the field: it may be worth mapping.
    UnknownField,
    /// Text where a number was due, and the like: the field is left out of the typed data.
    UnexpectedType,
    /// A word that is not on the documented list: passed on as `other`.
    UnknownValue,
    /// Not an RFC 3339 time with an offset: the field is left out of the typed data.
    NotATime,
    /// Not an ISO 8601 duration of fixed length: the field is left out of the typed data.
    NotADuration,
    /// Not a whole number that 64 bits hold: the amount is left out of the typed data.
    NotAWholeNumber,
    /// Something that a later version of Usher tells of.
    #[cfg_attr(feature = "schema", schemars(skip))]
    #[serde(other)]
    Unknown,
}

/// The documented fields of an object.
pub type Shape = &'static [Known];

/// One documented field.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    pub name: &'static str,
    pub expect: Expect,
    /// Where in the event's `data` it goes; `None` for what is deliberately left to `raw`.
    pub to: Option<&'static str>,
}

/// What is documented of a value. `null` is always fine: it says what absence says.
#[derive(Debug, Clone, Copy)]
pub enum Expect {
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// RFC 3339.
    Time,
    /// ISO 8601.
    Duration,
    Bool,
    Number,
    /// A number of something that can't be split.
    Whole,
    /// A number or text: ids are sent as either.
    Id,
    Object(Shape),
    /// An object whose names are the sender's own.
    Map(Shape),
    List(&'static Expect),
    /// Documented as of several types, or not at all.
    Anything,
}

/// A field that is mapped.
pub const fn to(name: &'static str, expect: Expect, to: &'static str) -> Known {
    Known { name, expect, to: Some(to) }
}

/// A field that is deliberately left to `raw`.
pub const fn raw(name: &'static str, expect: Expect) -> Known {
    Known { name, expect, to: None }
}

/// An object or list: where its parts go is said by its own shape.
pub const fn parts(name: &'static str, expect: Expect) -> Known {
    Known { name, expect, to: Some("") }
}

/// An event lists this many deviations at most, so that a body of nothing else can't swell it.
pub const MAX_DRIFT: usize = 20;

/// A name of the sender's own, in a path, is cut here.
const MAX_NAME: usize = 64;

/// Compares a value with what is documented of it.
pub fn find(value: &Value<'_>, shape: Shape) -> Vec<Drift> {
    let mut finder = Finder { path: Vec::new(), found: Vec::new() };
    finder.object(value, shape);
    finder.found
}

struct Finder<'v> {
    path: Vec<&'v str>,
    found: Vec<Drift>,
}

impl<'v> Finder<'v> {
    fn object(&mut self, value: &'v Value<'_>, shape: Shape) {
        let Value::Object(object) = value else { return self.add(Problem::UnexpectedType) };
        // Bodies and tables are in the documents' order, so the next field is mostly the one after the last.
        let mut next = 0;
        for (name, value) in object.as_vec() {
            self.path.push(name);
            let (passed, ahead) = shape.split_at(next);
            match ahead.iter().chain(passed).position(|known| known.name == &**name) {
                Some(skipped) => {
                    let found = (next + skipped) % shape.len();
                    next = found + 1;
                    self.check(value, &shape[found].expect);
                }
                None => self.add(Problem::UnknownField),
            }
            self.path.pop();
        }
    }

    fn check(&mut self, value: &'v Value<'_>, expect: &Expect) {
        match (expect, value) {
            (_, Value::Null)
            | (Expect::Anything, _)
            | (Expect::Text | Expect::Id, Value::Str(_))
            | (Expect::Bool, Value::Bool(_))
            | (Expect::Number, Value::Number(_)) => {}
            (Expect::Word(words), Value::Str(word)) => {
                if !words.contains(&&**word) {
                    self.add(Problem::UnknownValue);
                }
            }
            (Expect::Time, Value::Str(time)) => {
                if time.trim().parse::<Timestamp>().is_err() {
                    self.add(Problem::NotATime);
                }
            }
            (Expect::Duration, Value::Str(duration)) => {
                if fields::duration_seconds(duration).is_none() {
                    self.add(Problem::NotADuration);
                }
            }
            (Expect::Whole | Expect::Id, Value::Number(_)) => {
                if fields::whole(value).is_none() {
                    self.add(Problem::NotAWholeNumber);
                }
            }
            (Expect::Object(shape), _) => self.object(value, shape),
            (Expect::Map(shape), Value::Object(map)) => {
                self.path.push("*");
                for (_, value) in map.as_vec() {
                    self.object(value, shape);
                }
                self.path.pop();
            }
            (Expect::List(element), Value::Array(list)) => {
                self.path.push("[]");
                for value in list {
                    self.check(value, element);
                }
                self.path.pop();
            }
            _ => self.add(Problem::UnexpectedType),
        }
    }

    fn add(&mut self, problem: Problem) {
        if self.found.len() >= MAX_DRIFT {
            return;
        }
        let drift = Drift { path: self.joined(), problem };
        if !self.found.contains(&drift) {
            self.found.push(drift);
        }
    }

    fn joined(&self) -> String {
        let mut joined = String::new();
        for name in &self.path {
            if !joined.is_empty() && *name != "[]" {
                joined.push('.');
            }
            joined.extend(name.chars().take(MAX_NAME));
        }
        joined
    }
}
