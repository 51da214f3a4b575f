//! The rules for every answer, whatever was sent.

use std::time::Duration;

use events::{Answer, Provider};
use serde_json::Value;

use super::examination::{Examination, Observed, Row};
use crate::sender::Sender;

/// The time that Luma waits for an answer.
const WITHIN: Duration = Duration::from_secs(5);

/// A rule that no answer may break.
struct Rule {
    name: &'static str,
    why: &'static str,
    expected: &'static str,
    is_kept: fn(&Observed, &Answer, &Sender) -> bool,
    applies: fn(&Sender) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        name: "in time",
        why: "Luma waits for five seconds, and counts no answer as a failure",
        expected: "within 5 s",
        is_kept: |_, answer, _| answer.elapsed <= WITHIN,
        applies: |_| true,
    },
    Rule {
        name: "never 410",
        why: "Luma pauses a webhook on 410, and Svix disables it",
        expected: "no 410",
        is_kept: |_, answer, _| answer.status != 410,
        applies: |_| true,
    },
    Rule {
        name: "never a redirect",
        why: "providers do not follow them, and count them as failures",
        expected: "no 3xx",
        is_kept: |_, answer, _| !(300..400).contains(&answer.status),
        applies: |_| true,
    },
    Rule {
        name: "never a crash",
        why: "a stranger's request has to be refused, or it counts as an error of yours",
        expected: "no 5xx",
        is_kept: |_, answer, _| answer.status < 500,
        applies: |_| true,
    },
    Rule {
        name: "nothing repeated",
        why: "an answer that repeats ids, secrets or bodies gives them away",
        expected: "no echo",
        is_kept: |_, answer, sender| {
            let headers = answer.headers.iter().any(|(_, value)| sender.is_echoed_in(value));
            !headers && !sender.is_echoed_in(&answer.body)
        },
        applies: |_| true,
    },
    Rule {
        name: "Lunacal's own fields",
        why: r#"Lunacal documents the answer {"ok":true,"status":200,"message":…}"#,
        expected: "ok, status, message",
        is_kept: |observed, answer, _| !observed.accepted || has_lunacals_fields(answer),
        applies: |sender| sender.provider == Provider::Lunacal,
    },
];

/// Judges each rule. Its row names the probes whose answers break it.
pub(crate) fn judge(examination: &Examination<'_>) -> Vec<Row> {
    let rules = RULES.iter().filter(|rule| (rule.applies)(examination.sender));
    rules.map(|rule| rule.judge(examination)).collect()
}

/// Judges the secret itself, if it is known.
pub(crate) fn judge_secret(sender: &Sender) -> Option<Row> {
    let known = sender.knows_secret && sender.signs();
    let is_public = sender.signs_with_public_sample();
    known.then(|| Row {
        group: "the secret",
        name: "not the public sample",
        why: "anyone can sign with the secret that the provider's documentation prints",
        passed: !is_public,
        expected: "a secret of its own",
        seen: if is_public { "the one of the documentation".to_owned() } else { "as expected".to_owned() },
        milliseconds: None,
    })
}

impl Rule {
    fn judge(&self, examination: &Examination<'_>) -> Row {
        let answered = || examination.observed.iter().filter_map(|one| Some((one, one.answer.as_ref()?)));
        let broken: Vec<&str> = answered()
            .filter(|(observed, answer)| !(self.is_kept)(observed, answer, examination.sender))
            .map(|(observed, _)| observed.name)
            .collect();
        let all = answered().count();
        Row {
            group: "every answer",
            name: self.name,
            why: self.why,
            passed: broken.is_empty() && all > 0,
            expected: self.expected,
            seen: match &broken[..] {
                [] => format!("in all {all} answers"),
                [only] => format!("broken by: {only}"),
                [first, rest @ ..] => format!("broken by: {first}, and {} more", rest.len()),
            },
            milliseconds: None,
        }
    }
}

fn has_lunacals_fields(answer: &Answer) -> bool {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    body["ok"] == true && body["status"] == 200 && body["message"].is_string()
}
