//! One run: what was sent, and what came back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use events::{Answer, PostError, Target};

use super::probe::Probe;
use super::probes::AGAIN;
use super::sender::Sender;
use crate::terminal::Failure;

/// One line of the report.
#[derive(serde::Serialize)]
pub(crate) struct Row {
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
    pub(crate) passed: bool,
    pub(crate) expected: &'static str,
    pub(crate) seen: String,
    /// How long the answer took, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) milliseconds: Option<u128>,
}

/// A probe's answer, for those who look at all of them.
pub(crate) struct Seen {
    pub(crate) name: &'static str,
    /// In the delivery's id and body.
    pub(crate) mark: String,
    pub(crate) accepted: bool,
    /// Whether an event has to come of it.
    pub(crate) is_event: bool,
    /// The body as base64, where it is nothing that a JSON parser takes: in the event its mark need not be legible.
    pub(crate) encoded: Option<String>,
    pub(crate) answer: Option<Answer>,
}

pub(crate) struct Examination<'e> {
    pub(crate) target: &'e Target,
    pub(crate) sender: &'e Sender,
    pub(crate) seen: Vec<Seen>,
    /// Probes left out for want of the secret.
    pub(crate) without_secret: usize,
    /// Probes left out because they become events.
    pub(crate) without_events: usize,
    rows: Vec<Row>,
}

impl<'e> Examination<'e> {
    pub(crate) fn new(target: &'e Target, sender: &'e Sender) -> Self {
        let (seen, rows) = (Vec::new(), Vec::new());
        Self { target, sender, seen, without_secret: 0, without_events: 0, rows }
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn add(&mut self, row: Row) -> &Row {
        self.rows.push(row);
        self.rows.last().expect("one was pushed just now")
    }

    /// Makes a probe, unless it does not apply.
    ///
    /// # Errors
    /// When nobody answers the very first one.
    pub(crate) fn probe(&mut self, probe: &Probe, no_events: bool) -> Result<Option<&Row>, Failure> {
        let sender = self.sender;
        if !probe.applies_to(sender) {
            return Ok(None);
        }
        if probe.needs_secret() && !sender.knows_secret {
            self.without_secret += 1;
            return Ok(None);
        }
        let is_event = probe.becomes_an_event(sender);
        if no_events && is_event {
            self.without_events += 1;
            return Ok(None);
        }
        let mark = sender.mark(&format!("probe{}", self.seen.len()));
        let request = (probe.request)(sender, &mark);
        let mark = [sender.mark("genuine"), sender.mark(AGAIN)]
            .into_iter()
            .find(|shared| request.is_marked(shared))
            .unwrap_or(mark);
        let is_json = serde_json::from_slice::<serde_json::Value>(&request.body).is_ok();
        let encoded = (!is_json).then(|| BASE64.encode(&request.body));
        let answer = match self.target.send(&request) {
            Err(error @ PostError::NoAnswer(..)) if self.seen.is_empty() => return Err(error.into()),
            answer => answer,
        };
        let row = Row {
            group: probe.group,
            name: probe.name,
            why: probe.why,
            passed: answer.as_ref().is_ok_and(|answer| probe.expected.is_met_by(answer)),
            expected: probe.expected.text(),
            seen: match &answer {
                Ok(answer) => shown(answer, sender),
                Err(error) => error.to_string(),
            },
            milliseconds: answer.as_ref().ok().map(|answer| answer.elapsed.as_millis()),
        };
        let accepted = answer.as_ref().is_ok_and(|answer| (200..300).contains(&answer.status));
        self.seen.push(Seen { name: probe.name, mark, accepted, is_event, encoded, answer: answer.ok() });
        Ok(Some(self.add(row)))
    }
}

/// An answer, short, and without anything that was sent: a receiver may echo a token.
fn shown(answer: &Answer, sender: &Sender) -> String {
    const LENGTH: usize = 48;
    if sender.is_echoed_in(&answer.body) {
        return format!("{} (it repeats what was sent)", answer.status);
    }
    let parsed: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let text = parsed["message"].as_str().map_or_else(|| answer.body.clone(), str::to_owned);
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let cut: String = text.chars().take(LENGTH).collect();
    let allow = answer.header("allow").map(|allow| format!(", Allow: {allow}")).unwrap_or_default();
    let mark = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{allow} {cut}{mark}", answer.status).trim_end().to_owned()
}

trait Marked {
    fn is_marked(&self, mark: &str) -> bool;
}

impl Marked for events::Request {
    /// Whether the body carries the mark.
    fn is_marked(&self, mark: &str) -> bool {
        self.body.windows(mark.len()).any(|part| part == mark.as_bytes())
    }
}
