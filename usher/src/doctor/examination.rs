//! One run of the doctor: sends the probes and keeps the answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use events::{Answer, PostError, Request, Target};

use super::probe::Probe;
use super::probes::AGAIN;
use super::reach;
use crate::sender::Sender;
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
    /// The time from request to answer, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) milliseconds: Option<u128>,
}

/// A probe that was sent, and its answer.
pub(crate) struct Observed {
    pub(crate) name: &'static str,
    /// The text in the delivery's id and body by which its messages are found.
    pub(crate) mark: String,
    pub(crate) accepted: bool,
    /// `true` if a correct receiver makes an event of it.
    pub(crate) is_event: bool,
    /// The body as base64, if it is not JSON: the event holds it encoded, so the mark cannot be read there.
    pub(crate) encoded: Option<String>,
    pub(crate) answer: Option<Answer>,
}

/// The receiver, and the results so far.
pub(crate) struct Examination<'e> {
    pub(crate) target: &'e Target,
    pub(crate) sender: &'e Sender,
    pub(crate) observed: Vec<Observed>,
    /// The number of probes left out because the secret is unknown.
    pub(crate) without_secret: usize,
    /// The number of probes left out because they become events.
    pub(crate) without_events: usize,
    rows: Vec<Row>,
    /// The first request that was answered. Without an answer to a later one, it shows whether the connection still works.
    control: Option<Request>,
}

impl<'e> Examination<'e> {
    pub(crate) fn new(target: &'e Target, sender: &'e Sender) -> Self {
        let (observed, rows) = (Vec::new(), Vec::new());
        Self { target, sender, observed, without_secret: 0, without_events: 0, rows, control: None }
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn add(&mut self, row: Row) -> &Row {
        self.rows.push(row);
        self.rows.last().expect("a row was pushed")
    }

    /// Sends a probe, unless it does not apply.
    ///
    /// # Errors
    /// When no receiver is reached: the very first probe gets no answer or one of something else, or the connection is
    /// lost later.
    pub(crate) fn run(&mut self, probe: &Probe, no_events: bool) -> Result<Option<&Row>, Failure> {
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
        let mark = sender.mark(&format!("probe{}", self.observed.len()));
        let request = (probe.request)(sender, &mark);
        let shared = [sender.mark("genuine"), sender.mark(AGAIN)];
        let mark = shared.into_iter().find(|shared| holds(&request, shared)).unwrap_or(mark);
        let is_json = serde_json::from_slice::<serde_json::Value>(&request.body).is_ok();
        let encoded = (!is_json).then(|| BASE64.encode(&request.body));
        let answer = self.target.send(&request);
        self.check_reach(&request, &answer)?;
        let row = Row {
            group: probe.group,
            name: probe.name,
            why: probe.why,
            passed: answer.as_ref().is_ok_and(|answer| probe.expected.is_met_by(answer)),
            expected: probe.expected.text(),
            seen: match &answer {
                Ok(answer) => summary(answer, sender),
                Err(error) => error.to_string(),
            },
            milliseconds: answer.as_ref().ok().map(|answer| answer.elapsed.as_millis()),
        };
        let accepted = answer.as_ref().is_ok_and(Answer::is_2xx);
        self.observed.push(Observed {
            name: probe.name,
            mark,
            accepted,
            is_event,
            encoded,
            answer: answer.ok(),
        });
        Ok(Some(self.add(row)))
    }
}

impl Examination<'_> {
    /// Checks that the receiver was reached, or at least can be.
    fn check_reach(&mut self, request: &Request, answer: &Result<Answer, PostError>) -> Result<(), Failure> {
        match (answer, &self.control) {
            (Ok(answer), None) => {
                reach::check(answer, self.target.name())?;
                self.control = Some(request.clone());
                Ok(())
            }
            (Ok(_), Some(_)) => Ok(()),
            (Err(error), None) => Err(error.to_string().into()),
            // A receiver may close the connection on a probe, and is at fault then. It answers what it has answered before.
            (Err(_), Some(control)) => match self.target.send(control) {
                Ok(_) => Ok(()),
                Err(error) => Err(reach::lost(self.observed.len(), &error)),
            },
        }
    }
}

/// Summarizes an answer in a few words. What was sent is left out: a receiver may echo a token.
fn summary(answer: &Answer, sender: &Sender) -> String {
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

/// Returns whether the body holds the mark.
fn holds(request: &Request, mark: &str) -> bool {
    request.body.windows(mark.len()).any(|part| part == mark.as_bytes())
}
