//! A provider's documented fields, and the comparison of a body with them.
//!
//! Each provider's fields stand in one table ([`Shape`]) beside the code that reads them. The table says where each field
//! goes. [`deviations`] compares a body with it. The result is reported as [drift](crate::event::Drift); the event goes
//! out with whatever could be read.

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

/// Compares a body with what is documented of it.
pub fn deviations(body: &Value<'_>, shape: Shape) -> Vec<Drift> {
    let mut finder = Finder::default();
    finder.repeated(body);
    finder.object(body, shape);
    finder.found
}

/// Finds the members that are there more than once, for bodies of which nothing is documented.
pub fn repeated_members(body: &Value<'_>) -> Vec<Drift> {
    let mut finder = Finder::default();
    finder.repeated(body);
    finder.found
}

/// Returns whether a value says nothing: null, false, or empty.
fn is_nothing(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Str(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.as_vec().is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[derive(Default)]
struct Finder<'v> {
    path: Vec<&'v str>,
    found: Vec<Drift>,
}

impl<'v> Finder<'v> {
    /// Reports each member whose name stands before it in the same object. A parser that takes the first of them and one
    /// that takes the last would tell two stories of one body.
    fn repeated(&mut self, value: &'v Value<'_>) {
        match value {
            Value::Object(object) => {
                let members = object.as_vec();
                for (name, value) in members {
                    self.path.push(name);
                    self.repeated(value);
                    self.path.pop();
                }
                for name in names_there_twice(members.iter().map(|(name, _)| &**name)) {
                    self.path.push(name);
                    self.add(Problem::DuplicateMember);
                    self.path.pop();
                }
            }
            Value::Array(list) => {
                self.path.push("[]");
                for value in list {
                    self.repeated(value);
                }
                self.path.pop();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Str(_) => {}
        }
    }

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
                // A field that says nothing is a field of the sender's database, not a fact that consumers miss.
                None if is_nothing(value) => {}
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
            (Expect::Time, Value::Str(_) | Value::Number(_)) => {
                // A blank one says what null says.
                if fields::time(value).is_none() && !is_nothing(value) {
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

/// The number of names up to which comparing each with each is faster than sorting them.
const FEW: usize = 64;

/// Returns the names that occur more than once. Sorts where there are many: a hostile body can hold thousands.
fn names_there_twice<'v>(names: impl ExactSizeIterator<Item = &'v str> + Clone) -> Vec<&'v str> {
    if names.len() <= FEW {
        let earlier = |index: usize| names.clone().take(index);
        return names
            .clone()
            .enumerate()
            .filter(|(index, name)| earlier(*index).any(|other| other == *name))
            .map(|(_, name)| name)
            .collect();
    }
    let mut sorted: Vec<&str> = names.collect();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect()
}
