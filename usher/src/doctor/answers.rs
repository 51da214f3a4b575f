//! What holds for every answer, whatever was sent.

use std::time::Duration;

use events::{Answer, Provider};
use serde_json::Value;

use super::examination::{Examination, Row, Seen};
use super::sender::Sender;

/// Luma waits no longer.
const WITHIN: Duration = Duration::from_secs(5);

struct Rule {
    name: &'static str,
    why: &'static str,
    expected: &'static str,
    keeps: fn(&Seen, &Answer, &Sender) -> bool,
    applies: fn(&Sender) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        name: "in time",
        why: "Luma waits for five seconds, and takes silence for a failure",
        expected: "within 5 s",
        keeps: |_, answer, _| answer.elapsed <= WITHIN,
        applies: |_| true,
    },
    Rule {
        name: "never 410",
        why: "Luma pauses a webhook on 410, and Svix disables it",
        expected: "no 410",
        keeps: |_, answer, _| answer.status != 410,
        applies: |_| true,
    },
    Rule {
        name: "never a redirect",
        why: "providers do not follow them, and take them for failures",
        expected: "no 3xx",
        keeps: |_, answer, _| !(300..400).contains(&answer.status),
        applies: |_| true,
    },
    Rule {
        name: "never a crash",
        why: "what a stranger sends is refused, not retried",
        expected: "no 5xx",
        keeps: |_, answer, _| answer.status < 500,
        applies: |_| true,
    },
    Rule {
        name: "nothing repeated",
        why: "an answer that shows ids, secrets or bodies shows them to whoever asks",
        expected: "no echo",
        keeps: |_, answer, sender| {
            let headers = answer.headers.iter().any(|(_, value)| sender.is_echoed_in(value));
            !headers && !sender.is_echoed_in(&answer.body)
        },
        applies: |_| true,
    },
    Rule {
        name: "Lunacal's own fields",
        why: r#"Lunacal documents the answer {"ok":true,"status":200,"message":…}"#,
        expected: "ok, status, message",
        keeps: |seen, answer, _| !seen.accepted || has_lunacals_fields(answer),
        applies: |sender| sender.provider == Provider::Lunacal,
    },
];

/// A line for each rule. It names the probes whose answers break it.
pub(crate) fn judge(examination: &Examination<'_>) -> Vec<Row> {
    let rules = RULES.iter().filter(|rule| (rule.applies)(examination.sender));
    rules.map(|rule| rule.judge(examination)).collect()
}

impl Rule {
    fn judge(&self, examination: &Examination<'_>) -> Row {
        let answered = || examination.seen.iter().filter_map(|seen| Some((seen, seen.answer.as_ref()?)));
        let broken: Vec<&str> = answered()
            .filter(|(seen, answer)| !(self.keeps)(seen, answer, examination.sender))
            .map(|(seen, _)| seen.name)
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
