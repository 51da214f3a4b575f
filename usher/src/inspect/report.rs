//! The report on one delivery.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use usher_core::digest::Digest;
use usher_core::event::Event;
use usher_core::ledger::operator::Item;
use usher_core::policy::Policy;
use usher_core::secret::Used;
use usher_core::signature::VerifiedBy;

use crate::ledger::{event, state};
use crate::terminal::Failure;
use crate::terminal::json::{indented, on_one_line};
use crate::terminal::plain::plain;
use crate::terminal::time::moment;

/// The ledger's item, and the event that is made of it today.
#[derive(Serialize)]
pub(crate) struct Report {
    id: String,
    key: String,
    state: &'static str,
    received: Timestamp,
    sent: Option<Timestamp>,
    parked: Option<Timestamp>,
    due: Option<Timestamp>,
    /// The number of times the relay has tried since it was received or last replayed.
    attempts: u32,
    replays: u32,
    replayed: Option<Timestamp>,
    forgotten: Option<Timestamp>,
    /// The time at which the ledger deletes it.
    expires: Option<Timestamp>,
    /// The secrets that verified it; empty if it was the newest of an account without a name.
    verified_by: Vec<UsedSecret>,
    body_bytes: Option<usize>,
    /// The result of comparing the body with the digest taken at its receipt.
    intact: Option<bool>,
    /// The event as it would be queued today, with `raw`. What was sent may differ, if the mapping changed since.
    made_today: Option<Box<RawValue>>,
    /// The reason why there is no event.
    problem: Option<String>,
    #[serde(skip)]
    normalized: Option<Event>,
    #[serde(skip)]
    body: Option<Vec<u8>>,
}

/// One of the secrets that verified a delivery.
#[derive(Serialize)]
struct UsedSecret {
    /// `secret` or `token`.
    kind: &'static str,
    name: Option<String>,
    /// `newest` or `older`.
    age: &'static str,
}

impl UsedSecret {
    fn of(by: &VerifiedBy) -> Vec<Self> {
        let of = |kind, used: &Option<Used>| {
            let Used { name, age } = used.clone()?;
            Some(Self { kind, name: name.map(|name| name.to_string()), age: age.as_str() })
        };
        [of("secret", &by.secret), of("token", &by.token)].into_iter().flatten().collect()
    }

    fn text(&self) -> String {
        let name = self.name.as_deref().map(|name| format!(" of {name}")).unwrap_or_default();
        format!("the {} {}{name}", self.age, self.kind)
    }
}

impl Report {
    pub(crate) fn new(stored: &Item) -> Self {
        let body = stored.body.as_ref().and_then(|body| body.unpack(Policy::MAX_BODY_BYTES).ok());
        let (normalized, queued, problem) = match event(stored) {
            None => (None, None, Some("its body was erased".to_owned())),
            Some(Err(error)) => (None, None, Some(error.to_string())),
            Some(Ok((event, message))) => (Some(event), RawValue::from_string(message.body).ok(), None),
        };
        Self {
            id: stored.event_id(),
            key: stored.ledger_key.clone(),
            state: state(stored),
            received: stored.received,
            sent: stored.sent,
            parked: stored.parked,
            due: stored.due,
            attempts: stored.attempt,
            replays: stored.replay,
            replayed: stored.replayed,
            forgotten: stored.forgotten,
            expires: stored.expires,
            verified_by: UsedSecret::of(&stored.verified_by),
            body_bytes: body.as_deref().map(<[u8]>::len),
            intact: body.as_ref().and_then(|body| Some(Digest::of(body) == stored.digest?)),
            made_today: queued,
            problem,
            normalized,
            body: body.map(Vec::from),
        }
    }

    /// Returns whether the body is the one that was received, as far as that is known.
    pub(crate) fn is_intact(&self) -> bool {
        self.intact != Some(false)
    }

    /// Prints the report as one line of JSON.
    pub(crate) fn json(&self) -> Result<String, Failure> {
        Ok(on_one_line(&serde_json::to_string(self)?))
    }

    pub(crate) fn text(&self, now: Timestamp) -> Result<String, Failure> {
        let mut text = format!("{}  {}\n\n", self.id, self.state);
        for (name, value) in self.facts(now) {
            let _ = writeln!(text, "  {name:<11} {value}");
        }
        match (&self.normalized, &self.problem) {
            (Some(event), _) => {
                let event = indented(&serde_json::to_string(event)?);
                let _ = writeln!(
                    text,
                    "\nThe event as it would be made today, which may differ from what was sent:\n\n{}",
                    plain(&event)
                );
            }
            (None, problem) => {
                let problem = problem.as_deref().unwrap_or_default();
                let _ = writeln!(text, "\nIt makes no event: {problem}");
            }
        }
        if let Some(body) = &self.body {
            let body = match std::str::from_utf8(body) {
                Ok(json) if serde_json::from_str::<&RawValue>(json).is_ok() => indented(json),
                _ => String::from_utf8_lossy(body).into_owned(),
            };
            let _ =
                writeln!(text, "\nThe body as it was received (--raw prints the bytes):\n\n{}", plain(&body));
        }
        Ok(text)
    }

    fn facts(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        let at = |name: &'static str, time: Option<Timestamp>| time.map(|time| (name, moment(time, now)));
        let times = |number: u32| if number == 1 { "once".to_owned() } else { format!("{number} times") };
        let mut facts = vec![("Ledger key", self.key.clone()), ("Received", moment(self.received, now))];
        if !self.verified_by.is_empty() {
            let used: Vec<String> = self.verified_by.iter().map(UsedSecret::text).collect();
            facts.push(("Verified by", used.join(", ")));
        }
        facts.extend(at("Sent", self.sent));
        facts.extend(at("Parked", self.parked));
        facts.extend(at("Due", self.due));
        if self.attempts > 0 {
            facts.push(("Relayed", format!("tried {}", times(self.attempts))));
        }
        if let Some(replayed) = self.replayed {
            facts.push(("Replayed", format!("{}, last {}", times(self.replays), moment(replayed, now))));
        }
        facts.extend(at("Forgotten", self.forgotten));
        facts.extend(at("Kept until", self.expires));
        if let Some(bytes) = self.body_bytes {
            let intact =
                if self.intact == Some(false) { ", NOT the body whose digest is stored" } else { "" };
            facts.push(("Body", format!("{bytes} bytes{intact}")));
        }
        for drift in self.normalized.iter().flat_map(|event| &event.data.drift) {
            let problem = serde_json::to_string(&drift.problem).unwrap_or_default();
            let path = if drift.path.is_empty() { "the body" } else { &drift.path };
            facts
                .push(("Drift", format!("{}: {}", plain(path), problem.trim_matches('"').replace('_', " "))));
        }
        facts
    }
}
