//! A provider's documented fields, and the comparison of a body with them.
//!
//! Each provider's fields stand in one table ([`Shape`]) beside the code that reads them. The table says where each field
//! goes. [`deviations`] compares a body with it. The result is reported as [drift](crate::event::Drift); the event goes
//! out with whatever could be read.

use serde_json_borrow::Value;

use super::fields::{self, says_nothing};
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
    finder.object(body, shape);
    finder.found
}

/// An object that stands elsewhere in a body than documented.
pub struct Moved<'n> {
    /// The names that lead to it. Empty for the body itself.
    pub place: &'n [&'static str],
    /// The documented fields of it.
    pub shape: Shape,
}

/// Compares a body with what is documented of it, and objects that stand elsewhere with what is documented of them.
///
/// The place itself is reported as an unknown field, so fields in it that are unknown are not.
pub fn deviations_with_moved(body: &Value<'_>, shape: Shape, moved: &[Moved<'_>]) -> Vec<Drift> {
    let mut finder = Finder { only_known: true, ..Finder::default() };
    for Moved { place, shape } in moved {
        let found = place.iter().try_fold(body, |value, name| value.as_object()?.get(name));
        if let Some(value) = found {
            finder.path = place.to_vec();
            finder.object(value, shape);
        }
    }
    finder.path.clear();
    finder.only_known = false;
    finder.object(body, shape);
    finder.found
}

/// Finds the members that are there more than once, for bodies of which nothing is documented.
pub fn repeated_members(body: &Value<'_>) -> Vec<Drift> {
    let mut finder = Finder::default();
    finder.undocumented(body, Names::Told);
    finder.found
}

/// The form of a path through an undocumented object.
#[derive(Clone, Copy)]
enum Names {
    /// The members' names.
    Told,
    /// `*` for each member: its name may be a person's words, such as a question.
    Hidden,
}

#[derive(Default)]
struct Finder<'v> {
    path: Vec<&'v str>,
    found: Vec<Drift>,
    /// Passes over fields that are not documented.
    only_known: bool,
}

impl<'v> Finder<'v> {
    fn object(&mut self, value: &'v Value<'_>, shape: Shape) {
        let Value::Object(object) = value else { return self.unexpected(value) };
        let members = object.as_vec();
        // Bodies and tables are in the documents' order, so the next field is mostly the one after the last.
        let mut next = 0;
        for (name, value) in members {
            self.path.push(name);
            let (passed, following) = shape.split_at(next);
            match following.iter().chain(passed).position(|known| known.name == &**name) {
                Some(skipped) => {
                    let found = (next + skipped) % shape.len();
                    next = found + 1;
                    self.check(value, &shape[found].expect);
                }
                None if self.only_known => {}
                None => {
                    // A field that says nothing is a field of the sender's database, not a fact that consumers miss.
                    if !says_nothing(value) {
                        self.add(Problem::UnknownField);
                    }
                    self.undocumented(value, Names::Hidden);
                }
            }
            self.path.pop();
        }
        self.repeated(members.iter().map(|(name, _)| &**name), Names::Told);
    }

    /// Reports each name that stands before in the same object. A parser that takes the first of such members and one
    /// that takes the last would read different bodies.
    fn repeated(&mut self, names: impl ExactSizeIterator<Item = &'v str> + Clone, told: Names) {
        for name in names_there_twice(names) {
            self.path.push(match told {
                Names::Told => name,
                Names::Hidden => "*",
            });
            self.add(Problem::DuplicateMember);
            self.path.pop();
        }
    }

    /// Looks for repeated members in a value whose members are not documented.
    fn undocumented(&mut self, value: &'v Value<'_>, names: Names) {
        match value {
            Value::Object(object) => {
                let members = object.as_vec();
                for (name, value) in members {
                    self.path.push(match names {
                        Names::Told => name,
                        Names::Hidden => "*",
                    });
                    self.undocumented(value, names);
                    self.path.pop();
                }
                self.repeated(members.iter().map(|(name, _)| &**name), names);
            }
            Value::Array(list) => {
                self.path.push("[]");
                for value in list {
                    self.undocumented(value, names);
                }
                self.path.pop();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Str(_) => {}
        }
    }

    fn unexpected(&mut self, value: &'v Value<'_>) {
        self.add(Problem::UnexpectedType);
        self.undocumented(value, Names::Hidden);
    }

    fn check(&mut self, value: &'v Value<'_>, expect: &Expect) {
        match (expect, value) {
            (Expect::Anything, _) => self.undocumented(value, Names::Hidden),
            (_, Value::Null)
            | (Expect::Text | Expect::Id, Value::Str(_))
            | (Expect::Bool, Value::Bool(_))
            | (Expect::Number, Value::Number(_)) => {}
            // Blank text says what null says.
            (Expect::Word(_) | Expect::Time | Expect::Duration, Value::Str(text))
                if text.trim().is_empty() => {}
            (Expect::Word(words), Value::Str(word)) => {
                if !words.contains(&word.trim()) {
                    self.add(Problem::UnknownValue);
                }
            }
            (Expect::Time, Value::Str(_) | Value::Number(_)) => {
                if fields::time(value).is_none() {
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
                let members = map.as_vec();
                self.path.push("*");
                for (_, value) in members {
                    self.object(value, shape);
                }
                self.path.pop();
                self.repeated(members.iter().map(|(name, _)| &**name), Names::Hidden);
            }
            (Expect::List(element), Value::Array(list)) => {
                self.path.push("[]");
                for value in list {
                    self.check(value, element);
                }
                self.path.pop();
            }
            _ => self.unexpected(value),
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
