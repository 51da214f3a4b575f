//! CloudWatch Logs' filter patterns, as far as RUNBOOK.md uses them.
//!
//! Source: Amazon CloudWatch Logs, "Filter pattern syntax": `?a ?"b c"` matches lines with any of the terms, and
//! `{ $.a.b = "c" }` compares a member of a line of JSON. A member that is missing equals nothing and differs from nothing.

use serde_json::Value;

pub enum Pattern {
    /// Any of these terms.
    Terms(Vec<String>),
    Comparison {
        path: Vec<String>,
        operator: String,
        value: String,
    },
}

impl Pattern {
    /// Parses a pattern. Panics at a form that is not known here.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix("{ $.").and_then(|rest| rest.strip_suffix(" }")) {
            Some(comparison) => {
                let [path, operator, value] = comparison.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("{text} is no single comparison")
                };
                Self::Comparison {
                    path: path.split('.').map(str::to_owned).collect(),
                    operator: operator.to_owned(),
                    value: value.to_owned(),
                }
            }
            None => Self::Terms(terms(text)),
        }
    }

    pub fn matches(&self, line: &str) -> bool {
        match self {
            Self::Terms(terms) => terms.iter().any(|term| holds(line, term)),
            Self::Comparison { path, operator, value } => {
                let Ok(json) = serde_json::from_str::<Value>(line) else { return false };
                let found = path.iter().try_fold(&json, |json, name| json.get(name));
                found.is_some_and(|found| compare(found, operator, value))
            }
        }
    }
}

/// Returns the terms of a pattern in which each is optional. A term with a sign in it has to be quoted.
fn terms(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        rest = rest.strip_prefix('?').unwrap_or_else(|| panic!("{text}: each term is optional"));
        let (term, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').expect("a quote ends"),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        let is_plain = term.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
        assert!(rest.starts_with('"') || is_plain, "{text}: {term} has to be quoted");
        terms.push(term.to_owned());
        rest = after.trim_start();
    }
    terms
}

/// Returns whether a line holds a term as whole words.
fn holds(line: &str, term: &str) -> bool {
    let is_word = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    line.match_indices(term).any(|(at, _)| {
        !is_word(line[..at].chars().next_back()) && !is_word(line[at + term.len()..].chars().next())
    })
}

fn compare(found: &Value, operator: &str, value: &str) -> bool {
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    match (quoted, operator) {
        (Some(text), "=") => found == text,
        (Some(text), "!=") => found != text,
        (None, _) => {
            let Some(found) = found.as_f64() else { return false };
            let value: f64 = value.parse().expect("it is a number or quoted");
            match operator {
                "=" => (found - value).abs() < f64::EPSILON,
                ">" => found > value,
                other => panic!("{other} is not known here"),
            }
        }
        (_, other) => panic!("{other} is not known here"),
    }
}
