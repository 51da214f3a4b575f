//! A body with other persons in it, to keep as a sample.

use std::collections::HashMap;
use std::ops::Range;

use super::places::{Place, Scalar, parse, places};

/// The parts of a member's name by which a value is a person's.
const OF_A_PERSON: [&str; 12] = [
    "email",
    "phone",
    "firstname",
    "lastname",
    "fullname",
    "username",
    "attendeename",
    "bookername",
    "address",
    "avatar",
    "answer",
    "secret",
];

/// Parts of names that look like a person's and are not.
const NOT_OF_A_PERSON: [&str; 4] = ["timezone", "eventname", "calendar", "place"];

/// Replaces e-mail addresses, telephone numbers, names and answers. All else stays as it is, byte for byte: numbers, order and
/// spaces. Equal values are replaced by equal ones. `None` if the text is not JSON.
///
/// It replaces what it can tell. A person has to read the sample before it is shared.
pub(super) fn redacted(text: &str) -> Option<String> {
    let root = parse(text)?;
    let places = places(&root);
    let mut names = Names::default();
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for place in &places {
        if let Some(Scalar::Text(value)) = &place.scalar
            && let Some(kind) = kind(place, value, &places)
        {
            changes.push((place.value.clone(), names.instead(kind, value)));
        }
    }
    let replaced = names.replaced();
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;
    for (range, new) in changes {
        redacted.push_str(&text[end..range.start]);
        redacted.push_str(&serde_json::to_string(&new).ok()?);
        end = range.end;
    }
    redacted.push_str(&text[end..]);
    // A name or an address may stand within other texts, such as a title.
    for (old, new) in replaced {
        let (old, new) = (serde_json::to_string(&old).ok()?, serde_json::to_string(&new).ok()?);
        redacted = redacted.replace(old.trim_matches('"'), new.trim_matches('"'));
    }
    Some(redacted)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Email,
    Phone,
    Name,
    Other,
}

/// Tells whether a text is a person's, by itself or by the names that lead to it.
fn kind(place: &Place, value: &str, places: &[Place]) -> Option<Kind> {
    let text = value.trim();
    if text.is_empty() {
        return None;
    }
    if text.contains('@') && !text.contains(char::is_whitespace) && text.contains('.') {
        return Some(Kind::Email);
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.starts_with('+') && digits >= 7 {
        return Some(Kind::Phone);
    }
    let last = plain(place.path.rsplit('.').next().unwrap_or_default());
    if NOT_OF_A_PERSON.iter().any(|part| last.contains(part)) {
        return None;
    }
    if last.contains("phone") {
        return Some(Kind::Phone);
    }
    // An object with an e-mail address is a person, and its `name` is that person's.
    let parent = place.exact.rsplit_once('.').map_or("", |(parent, _)| parent);
    let has_email = || {
        places.iter().any(|other| {
            other.exact.rsplit_once('.').map_or("", |(of, _)| of) == parent
                && plain(&other.path).ends_with("email")
        })
    };
    let is_answer =
        ["responses", "answers", "custominputs"].iter().any(|list| plain(&place.path).contains(list))
            && (last == "value" || last == "answer" || plain(&place.path).contains("custominputs"));
    if last == "username"
        || last.ends_with("name") && (has_email() || last != "name") && last != "tickettypename"
    {
        return Some(Kind::Name);
    }
    (is_answer || OF_A_PERSON.iter().any(|part| last.contains(part))).then_some(Kind::Other)
}

/// Returns a name in lower case, without underscores and hyphens.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// The replacements so far.
#[derive(Default)]
struct Names {
    given: HashMap<(Kind, String), String>,
    count: HashMap<Kind, usize>,
}

impl Names {
    fn instead(&mut self, kind: Kind, value: &str) -> String {
        if let Some(given) = self.given.get(&(kind, value.to_owned())) {
            return given.clone();
        }
        let count = self.count.entry(kind).or_default();
        *count += 1;
        let new = match kind {
            Kind::Email => format!("person{count}@example.com"),
            Kind::Phone => format!("+1202555{:04}", *count % 10_000),
            Kind::Name => format!("Person {count}"),
            Kind::Other => format!("text {count}"),
        };
        self.given.insert((kind, value.to_owned()), new.clone());
        new
    }

    /// Returns names and addresses with their replacements, the longest first: one may be a part of another. Short ones would be
    /// found within words that have nothing to do with them.
    fn replaced(self) -> Vec<(String, String)> {
        let telling =
            self.given.into_iter().filter(|((kind, old), _)| *kind != Kind::Other && old.len() >= 4);
        let mut replaced: Vec<_> = telling.map(|((_, old), new)| (old, new)).collect();
        replaced.sort_by_key(|(old, _)| std::cmp::Reverse(old.len()));
        replaced
    }
}
