//! One line of JSON per request or run: the log line, and CloudWatch's Embedded Metric Format at once
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>).
//!
//! It holds ids, outcomes, causes and timings. Never a body, a header, a secret, a name or an e-mail address.
//!
//! | metric | by | counts |
//! |---|---|---|
//! | `Requests` | provider, outcome | requests |
//! | `Unchecked` | provider, outcome | events sent without the ledger: a redelivery would be another copy |
//! | `Unsent` | provider, outcome | events left to the relay |
//! | `Unsettled` | provider, outcome | events sent and not marked so: the relay may send a second copy |
//! | `Refused` | provider, cause | requests refused by [`signature`](usher_core::signature) |
//! | `Failures` | provider | requests answered 5xx: a genuine delivery may have been turned away |
//! | `Drift` | provider, type; provider | deviations from what the provider documents |
//! | `Sent`, `Failed`, `Parked` | | what the relay did |
//! | `OldestPendingAge` | | seconds; missing if any part of the pending index could not be read |
//!
//! CloudWatch bills each combination of a name and dimensions for every hour in which it is sent. So each dimension's
//! values are a closed list, which no sender can add to, and what happens seldom is sent when it happens only: not as
//! a zero. How long a request took is in the log; Lambda itself measures it for nothing (`UrlRequestLatency`).

mod emf;

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_with::skip_serializing_none;
use usher_core::outcome::{Details, Outcome};
use usher_core::relay::Report;

use crate::timings::{Step, Timings};
use emf::{Aws, Directive, metric};

/// One request served, as its line tells it.
pub struct Served<'a> {
    pub provider: &'static str,
    pub request_id: &'a str,
    pub outcome: &'a Outcome,
    pub body_bytes: usize,
    pub arrived: Timestamp,
    pub took: Duration,
    pub timings: &'a Timings,
    /// What INIT took, on the first request of a cold start.
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

/// The metrics' values: 1 or nothing, but for the drift.
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
    drift: Option<usize>,
}

/// The line of one request.
pub fn request(namespace: &str, served: &Served<'_>) -> String {
    let outcome = served.outcome;
    let counts = Counts::of(outcome);
    let call = |step| served.timings.of(step).map(milliseconds);
    let directives = counts.directives(namespace);
    line(&RequestLine {
        provider: served.provider,
        outcome: outcome.name(),
        cause: outcome.cause(),
        details: outcome.details(),
        request_id: served.request_id,
        body_bytes: served.body_bytes,
        duration_ms: milliseconds(served.took),
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
    fn of(outcome: &Outcome) -> Self {
        let one_if = |is: bool| is.then_some(1);
        let details = outcome.details();
        let accepted = match outcome {
            Outcome::Accepted(accepted) => Some(accepted),
            _ => None,
        };
        Self {
            requests: 1,
            unchecked: one_if(details.deduplication.is_some()),
            unsent: one_if(accepted.is_some() && details.queue.is_some()),
            unsettled: one_if(details.settle.is_some()),
            refused: one_if(matches!(outcome, Outcome::Refused(_))),
            failures: one_if(outcome.is_failure()),
            drift: accepted.map(|accepted| accepted.drift).filter(|drift| *drift > 0),
        }
    }

    fn directives<'a>(&self, namespace: &'a str) -> Vec<Directive<'a>> {
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
        if self.drift.is_some() {
            // By the event's own type: the provider's is free text, and every made-up word would be billed.
            let dimensions: &[&[&str]] = &[&["provider", "type"], &["provider"]];
            directives.push(Directive::new(namespace, dimensions, vec![metric("Drift")]));
        }
        directives
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
    #[serde(rename = "OldestPendingAge")]
    oldest: Option<i64>,
    /// Shards of the pending index that could not be read.
    unread: Option<usize>,
    duration_ms: f64,
    failures: Option<Vec<FailureLine<'a>>>,
    #[serde(rename = "_aws")]
    aws: Aws<'a>,
}

#[skip_serializing_none]
#[derive(Serialize)]
struct FailureLine<'a> {
    pk: Option<&'a str>,
    attempt: u32,
    cause: &'a str,
}

/// The line of one relay run.
pub fn run(namespace: &str, report: &Report, took: Duration, now: Timestamp) -> String {
    let age = report.oldest.map_or(0, |oldest| now.as_second().saturating_sub(oldest.as_second()).max(0));
    // "Nothing waits" is not known of a shard that could not be read; the alarm takes a missing age for a bad one.
    let oldest = (report.unread == 0).then_some(age);
    let mut metrics = vec![metric("Parked")];
    metrics.extend(oldest.map(|_| metric("OldestPendingAge").in_seconds()));
    let seldom = [("Sent", report.sent), ("Failed", report.failed)];
    metrics.extend(seldom.iter().filter(|(_, count)| *count > 0).map(|(name, _)| metric(name)));
    let failures = report.failures.iter().map(|failure| FailureLine {
        pk: failure.pk.as_deref(),
        attempt: failure.attempt,
        cause: &failure.cause,
    });
    line(&RunLine {
        function: "relay",
        sent: report.sent,
        failed: report.failed,
        parked: report.parked,
        oldest,
        unread: (report.unread > 0).then_some(report.unread),
        duration_ms: milliseconds(took),
        failures: (!report.failures.is_empty()).then(|| failures.collect()),
        aws: Aws::new(now, vec![Directive::new(namespace, &[&[]], metrics)]),
    })
}

fn line(members: &impl Serialize) -> String {
    serde_json::to_string(members).expect("its keys are text and its numbers finite")
}

/// To a hundredth.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
