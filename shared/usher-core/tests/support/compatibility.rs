//! The check that what is valid by one version of the event's schema is what readers of an earlier version expect.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every way in which events of the new schema would surprise who relies on the published one.
///
/// New members and new definitions surprise nobody, and comments and examples mean nothing here.
pub fn breaks(published: &Value, new: &Value) -> Vec<String> {
    let mut breaks = Vec::new();
    Versions { published, new }.compare(published, new, "event", &mut Vec::new(), &mut breaks);
    breaks
}

struct Versions<'v> {
    published: &'v Value,
    new: &'v Value,
}

impl<'v> Versions<'v> {
    fn compare(
        &self,
        was: &'v Value,
        is: &'v Value,
        place: &str,
        above: &mut Vec<*const Value>,
        breaks: &mut Vec<String>,
    ) {
        let (was, is) = (resolve(was, self.published), resolve(is, self.new));
        if above.contains(&std::ptr::from_ref(was)) {
            return;
        }
        above.push(was);
        let mut found = |what: String| breaks.push(format!("{place}: {what}"));
        for keyword in ["type", "format", "const", "$id"] {
            match (was.get(keyword), is.get(keyword)) {
                (Some(was), is) if is != Some(was) => {
                    found(format!(
                        "{keyword} was {was} and is {}",
                        is.map_or("gone".to_owned(), Value::to_string)
                    ));
                }
                // What could be anything has been used as such.
                (None, Some(is)) if keyword == "type" && was.get("anyOf").is_none() => {
                    found(format!("could be anything, and is a {is}"));
                }
                _ => {}
            }
        }
        for name in names(was, "required").difference(&names(is, "required")) {
            found(format!("{name} was always there, and need no longer be"));
        }
        if !words(was).is_empty() && !is_open(was) {
            for word in words(is).difference(&words(was)) {
                found(format!("the word {word} is new"));
            }
            if words(is).is_empty() {
                found("was one of a list of words, and is any text".to_owned());
            }
        }
        if minimum(is) < minimum(was) {
            found("its minimum is lower".to_owned());
        }
        if forms(was, self.published) != forms(is, self.new) {
            found("it has other forms".to_owned());
        }
        for (name, member) in was["properties"].as_object().into_iter().flatten() {
            match is["properties"].get(name) {
                Some(now) => self.compare(member, now, &format!("{place}.{name}"), above, breaks),
                None => breaks.push(format!("{place}.{name} is gone")),
            }
        }
        match (was.get("items"), is.get("items")) {
            (Some(was), Some(is)) => self.compare(was, is, &format!("{place}[]"), above, breaks),
            (Some(_), None) => breaks.push(format!("{place}[]: could be relied on, and is anything")),
            _ => {}
        }
        above.pop();
    }
}

/// The definition that is referred to, alone or as the one part of `allOf`.
fn resolve<'v>(schema: &'v Value, root: &'v Value) -> &'v Value {
    let schema = schema.pointer("/allOf/0").unwrap_or(schema);
    let reference =
        schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(schema, |pointer| root.pointer(pointer).expect("what is referred to is defined"))
}

fn names(schema: &Value, keyword: &str) -> BTreeSet<String> {
    let names = schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
    names.map(|name| name.as_str().expect("a name").to_owned()).collect()
}

/// The words that a value may be, whether or not it may be something else, too.
fn words(schema: &Value) -> BTreeSet<String> {
    let forms = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    forms.flat_map(|form| names(form, "enum")).chain(names(schema, "enum")).collect()
}

/// Returns `true` if any text will do besides the words.
fn is_open(schema: &Value) -> bool {
    let mut forms = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    forms.any(|form| form["type"] == "string" && form.get("enum").is_none())
}

/// The types that a value may be of.
fn forms(schema: &Value, root: &Value) -> BTreeSet<String> {
    let forms = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    forms.map(|form| resolve(form, root)["type"].to_string()).collect()
}

fn minimum(schema: &Value) -> Option<i64> {
    schema.get("minimum").and_then(Value::as_i64)
}
