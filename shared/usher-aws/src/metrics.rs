//! One line of JSON per request or run: the log line, and CloudWatch's Embedded Metric Format at once
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! A line holds ids, outcomes, causes and timings, and never a body, a header, a secret, a name or an e-mail address.
//!
//! | metric | dimensions | value |
//! |---|---|---|
//! | `Requests` | provider, outcome | requests |
//! | `Unchecked` | provider, outcome | events sent without the ledger: a redelivery would be another copy |
//! | `Unsent` | provider, outcome | events left to the relay |
//! | `Unsettled` | provider, outcome | events sent and not marked so: the relay may send a second copy |
//! | `Refused` | provider, cause | requests refused by [`signature`](usher_core::signature) |
//! | `Failures` | provider | requests answered 5xx: a genuine delivery may have been turned away |
//! | `TooLarge` | | genuine bodies that were larger than `MAX_BODY_BYTES`: events that were turned away |
//! | `OlderSecret` | provider; provider, secret_name; provider, token_name | deliveries that an older secret or token verified: the provider has not changed over yet |
//! | `Drift` | provider, type; provider | deviations from what the provider documents, less those that were acknowledged |
//! | `Sent`, `Failed`, `Parked` | | events that the relay sent, could not send, and parked |
//! | `Abandoned` | | events that an earlier run left without a result: it died, or the ledger did not answer it |
//! | `Overtaken` | | events whose result came too late, so that there may be a second copy of each |
//! | `OldestPendingAge` | | the age of the oldest pending event in seconds; missing if any part of the pending index could not be read |
//!
//! CloudWatch bills each combination of a name and dimensions for every hour in which it is sent. So the values of each
//! dimension are a closed list, which no sender can extend, and a rare event is sent when it happens, never as a zero.
//! The names of secrets are the deployer's own, at most 64 of each provider, and each costs only while its older secret is
//! in use.
//! The duration of a request is in the log only: Lambda measures it without a charge (`UrlRequestLatency`).

mod emf;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_with::skip_serializing_none;
use usher_core::event::Acknowledged;
use usher_core::outcome::{Details, Outcome};
use usher_core::relay::Report;
use usher_core::secret::Age;

use crate::timings::{Step, Timings};
use emf::{Aws, Directive, metric};

/// The facts about one request that its line reports.
pub struct Served<'a> {
    /// The provider's name.
    pub provider: &'static str,
    /// Lambda's id of the invocation.
    pub request_id: &'a str,
    /// The result of the request.
    pub outcome: &'a Outcome,
    /// The drift that the deployer has acknowledged.
    pub acknowledged: &'a Acknowledged,
    /// The size of the request's body, without base64.
    pub body_bytes: usize,
    /// The time at which the request reached the function.
    pub arrived: Timestamp,
    /// The time from then until the answer was ready.
    pub duration: Duration,
    /// The parts of it that were spent waiting for other services.
    pub timings: &'a Timings,
    /// The time that INIT took, on the first request of a cold start. It is not part of `duration`.
    pub init: Option<Duration>,
}

#[skip_serializing_none]
#[derive(Serialize)]
struct RequestLine<'a> {
    provider: &'static str,
    outcome: &'static str,
    cause: Option<&'static str>,
    #[serde(flatten)]
    details: Details<'a>,
    request_id: &'a str,
    body_bytes: usize,
    duration_ms: f64,
    secrets_ms: Option<f64>,
    claim_ms: Option<f64>,
    send_ms: Option<f64>,
    settle_ms: Option<f64>,
    cold_start: Option<bool>,
    init_ms: Option<f64>,
    #[serde(flatten)]
    counts: Counts,
    #[serde(rename = "_aws")]
    aws: Aws<'a>,
}

/// The values of the metrics: 1 or missing, except for the drift, which is a count.
#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Counts {
    requests: usize,
    unchecked: Option<usize>,
    unsent: Option<usize>,
    unsettled: Option<usize>,
    refused: Option<usize>,
    failures: Option<usize>,
    too_large: Option<usize>,
    older_secret: Option<usize>,
    drift: Option<usize>,
}

/// Returns the line of one request.
pub fn request(namespace: &str, served: &Served<'_>) -> String {
    let outcome = served.outcome;
    let counts = Counts::of(outcome, served.acknowledged);
    let call = |step| served.timings.of(step).map(milliseconds);
    let directives = counts.directives(namespace, &outcome.details());
    line(&RequestLine {
        provider: served.provider,
        outcome: outcome.name(),
        cause: outcome.cause(),
        details: outcome.details(),
        request_id: served.request_id,
        body_bytes: served.body_bytes,
        duration_ms: milliseconds(served.duration),
        secrets_ms: call(Step::Secrets),
        claim_ms: call(Step::Claim),
        send_ms: call(Step::Send),
        settle_ms: call(Step::Settle),
        cold_start: served.init.map(|_| true),
        init_ms: served.init.map(milliseconds),
        counts,
        aws: Aws::new(served.arrived, directives),
    })
}

impl Counts {
    fn of(outcome: &Outcome, acknowledged: &Acknowledged) -> Self {
        let one_if = |is: bool| is.then_some(1);
        let details = outcome.details();
        let accepted = match outcome {
            Outcome::Accepted(accepted) => Some(accepted),
            _ => None,
        };
        let is_older = |age: Option<&str>| age == Some(Age::Older.as_str());
        Self {
            requests: 1,
            unchecked: one_if(accepted.is_some() && details.ledger.is_some()),
            unsent: one_if(accepted.is_some() && details.queue.is_some()),
            unsettled: one_if(details.settle.is_some()),
            refused: one_if(matches!(outcome, Outcome::Refused(_))),
            failures: one_if(outcome.is_failure()),
            too_large: one_if(matches!(outcome, Outcome::TooLarge { genuine: true })),
            older_secret: one_if(is_older(details.secret_age) || is_older(details.token_age)),
            drift: accepted.map(|accepted| acknowledged.count_new(&accepted.drift)).filter(|new| *new > 0),
        }
    }

    fn directives<'a>(&self, namespace: &'a str, details: &Details<'_>) -> Vec<Directive<'a>> {
        let degraded =
            [("Unchecked", self.unchecked), ("Unsent", self.unsent), ("Unsettled", self.unsettled)];
        let mut requests = vec![metric("Requests")];
        requests.extend(degraded.iter().filter(|(_, count)| count.is_some()).map(|(name, _)| metric(name)));
        let mut directives = vec![Directive::new(namespace, &[&["provider", "outcome"]], requests)];
        if self.refused.is_some() {
            directives.push(Directive::new(namespace, &[&["provider", "cause"]], vec![metric("Refused")]));
        }
        if self.failures.is_some() {
            directives.push(Directive::new(namespace, &[&["provider"]], vec![metric("Failures")]));
        }
        if self.too_large.is_some() {
            directives.push(Directive::new(namespace, &[&[]], vec![metric("TooLarge")]));
        }
        if self.older_secret.is_some() {
            let metrics = vec![metric("OlderSecret")];
            directives.push(Directive::new(namespace, older_secret_dimensions(details), metrics));
        }
        if self.drift.is_some() {
            // By Usher's type of the event: the provider's is free text, and each new word in it would be billed.
            let dimensions: &[&[&str]] = &[&["provider", "type"], &["provider"]];
            directives.push(Directive::new(namespace, dimensions, vec![metric("Drift")]));
        }
        directives
    }
}

/// Returns the dimensions of an older secret: its provider and, if it has one, its name.
fn older_secret_dimensions(details: &Details<'_>) -> &'static [&'static [&'static str]] {
    let is_named = |age: Option<&str>, name: Option<&str>| age == Some(Age::Older.as_str()) && name.is_some();
    let secret = is_named(details.secret_age, details.secret_name);
    let token = is_named(details.token_age, details.token_name);
    match (secret, token) {
        (false, false) => &[&["provider"]],
        (true, false) => &[&["provider"], &["provider", "secret_name"]],
        (false, true) => &[&["provider"], &["provider", "token_name"]],
        (true, true) => &[&["provider"], &["provider", "secret_name"], &["provider", "token_name"]],
    }
}

#[skip_serializing_none]
#[derive(Serialize)]
struct RunLine<'a> {
    function: &'static str,
    #[serde(rename = "Sent")]
    sent: usize,
    #[serde(rename = "Failed")]
    failed: usize,
    #[serde(rename = "Parked")]
    parked: usize,
    #[serde(rename = "Abandoned")]
    abandoned: Option<usize>,
    #[serde(rename = "Overtaken")]
    overtaken: Option<usize>,
    /// Seconds.
    #[serde(rename = "OldestPendingAge")]
    oldest_age: Option<i64>,
    /// The number of shards of the pending index that could not be read.
    unread: Option<usize>,
    duration_ms: f64,
    failures: Option<Vec<FailureLine<'a>>>,
    #[serde(rename = "_aws")]
    aws: Aws<'a>,
}

#[skip_serializing_none]
#[derive(Serialize)]
struct FailureLine<'a> {
    #[serde(rename = "pk")]
    ledger_key: Option<&'a str>,
    attempt: u32,
    cause: &'a str,
}

/// Returns the line of one relay run that took `duration` and ended at `now`.
///
/// [`Report::oldest`] is a time; the line has the age in whole seconds that it gives at `now`.
pub fn run(namespace: &str, report: &Report, duration: Duration, now: Timestamp) -> String {
    let age = report.oldest.map_or(0, |oldest| now.as_second().saturating_sub(oldest.as_second()).max(0));
    // An unread shard may hold the oldest event, so no age is known. The alarm treats a missing age as too old.
    let oldest_age = (report.unread == 0).then_some(age);
    let mut metrics = Vec::from_iter(oldest_age.map(|_| metric("OldestPendingAge").in_seconds()));
    let rare = [
        ("Sent", report.sent),
        ("Failed", report.failed),
        ("Parked", report.parked),
        ("Abandoned", report.abandoned),
        ("Overtaken", report.overtaken),
    ];
    metrics.extend(rare.iter().filter(|(_, count)| *count > 0).map(|(name, _)| metric(name)));
    // A run may have nothing to count, and a directive names at least one metric.
    let directives = (!metrics.is_empty()).then(|| Directive::new(namespace, &[&[]], metrics));
    let failures = report.failures.iter().map(|failure| FailureLine {
        ledger_key: failure.ledger_key.as_deref(),
        attempt: failure.attempt,
        cause: &failure.reason,
    });
    line(&RunLine {
        function: "relay",
        sent: report.sent,
        failed: report.failed,
        parked: report.parked,
        abandoned: if_any(report.abandoned),
        overtaken: if_any(report.overtaken),
        oldest_age,
        unread: if_any(report.unread),
        duration_ms: milliseconds(duration),
        failures: (!report.failures.is_empty()).then(|| failures.collect()),
        aws: Aws::new(now, Vec::from_iter(directives)),
    })
}

fn line(members: &impl Serialize) -> String {
    serde_json::to_string(members).expect("all keys are text and all numbers finite")
}

/// Returns the number unless it is zero.
fn if_any(number: usize) -> Option<usize> {
    (number > 0).then_some(number)
}

/// Returns milliseconds, rounded to a hundredth.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
