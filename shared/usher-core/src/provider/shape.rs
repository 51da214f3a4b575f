//! A provider's documented fields, and the comparison of a body with them.
//!
//! Each provider's fields stand in one table ([`Shape`]) beside the code that reads them. The table says where each field
//! goes. [`deviations`] compares a body with it. The result is reported as [drift](crate::event::Drift); the event goes
//! out with whatever could be read.

use jiff::Timestamp;
use serde_json_borrow::Value;

use super::fields;
use crate::event::{Drift, Problem};

/// The documented fields of an object.
pub type Shape = &'static [Known];

/// One documented field.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The provider's name of the field.
    pub name: &'static str,
    /// The documented type of its value.
    pub expect: Expect,
    /// The place in the event's `data` that it goes to; `None` for what is deliberately left to `raw`.
    pub to: Option<&'static str>,
}

/// The documented type of a value. `null` is always fine: it means the same as absence.
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

/// Declares a field that is mapped.
pub const fn to(name: &'static str, expect: Expect, to: &'static str) -> Known {
    Known { name, expect, to: Some(to) }
}

/// Declares a field that is deliberately left to `raw`.
pub const fn raw(name: &'static str, expect: Expect) -> Known {
    Known { name, expect, to: None }
}

/// Declares an object or list, whose own shape says where its parts go.
pub const fn parts(name: &'static str, expect: Expect) -> Known {
    Known { name, expect, to: Some("") }
}

/// The number of deviations that an event lists at most, so that a body of nothing else can't swell it.
pub const MAX_DRIFT: usize = 20;

/// The number of characters of a name in a path: the sender chose it, so it is cut.
const MAX_NAME: usize = 64;

/// Compares a value with what is documented of it.
pub fn deviations(value: &Value<'_>, shape: Shape) -> Vec<Drift> {
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
            let (passed, following) = shape.split_at(next);
            match following.iter().chain(passed).position(|known| known.name == &**name) {
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
