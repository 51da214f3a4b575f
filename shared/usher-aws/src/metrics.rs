//! One line of JSON per request or run: the log line, and CloudWatch's Embedded Metric Format at once.
//!
//! It holds ids, outcomes, causes and timings. Never a body, a header, a secret, a name or an e-mail address.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use usher_core::outcome::Outcome;
use usher_core::relay::Report;

const NAMESPACE: &str = "Usher";

/// The line of one request.
pub fn request(
    provider: &str,
    request_id: &str,
    outcome: &Outcome,
    body_bytes: usize,
    took: Duration,
    now: Timestamp,
) -> String {
    let mut line =
        metrics(now, &["provider", "outcome"], &[("Requests", "Count"), ("Duration", "Milliseconds")]);
    line.insert("provider".into(), provider.into());
    line.insert("outcome".into(), outcome.name().into());
    line.insert("Requests".into(), 1.into());
    line.insert("Duration".into(), milliseconds(took));
    line.insert("request_id".into(), request_id.into());
    line.insert("body_bytes".into(), body_bytes.into());
    if let Outcome::Accepted(accepted) = outcome
        && accepted.drift > 0
    {
        // By the event's own type: a closed list, so that nobody can make CloudWatch bill a metric per made-up word.
        add_metrics(&mut line, &["provider", "type"], &[("Drift", "Count")]);
        line.insert("Drift".into(), accepted.drift.into());
    }
    line.extend(outcome.details().into_iter().map(|(name, value)| (name.to_owned(), value.into())));
    Value::Object(line).to_string()
}

/// The line of one relay run.
pub fn run(report: &Report, took: Duration, now: Timestamp) -> String {
    let counts = [
        ("Sent", "Count"),
        ("Failed", "Count"),
        ("Parked", "Count"),
        ("OldestPendingAge", "Seconds"),
        ("Duration", "Milliseconds"),
    ];
    let mut line = metrics(now, &["function"], &counts);
    let age = report.oldest.map_or(0, |oldest| now.as_second().saturating_sub(oldest.as_second()).max(0));
    line.insert("function".into(), "relay".into());
    line.insert("Sent".into(), report.sent.into());
    line.insert("Failed".into(), report.failed.into());
    line.insert("Parked".into(), report.parked.into());
    line.insert("OldestPendingAge".into(), age.into());
    line.insert("Duration".into(), milliseconds(took));
    let failures: Vec<Value> = report
        .failures
        .iter()
        .map(|failure| json!({ "pk": failure.pk, "attempt": failure.attempt, "cause": failure.cause }))
        .collect();
    if !failures.is_empty() {
        line.insert("failures".into(), failures.into());
    }
    Value::Object(line).to_string()
}

/// A line with the `_aws` member in it (CloudWatch Embedded Metric Format specification).
fn metrics(now: Timestamp, dimensions: &[&str], metrics: &[(&str, &str)]) -> Map<String, Value> {
    let aws = json!({ "Timestamp": now.as_millisecond(), "CloudWatchMetrics": [] });
    let mut line = Map::from_iter([("_aws".to_owned(), aws)]);
    add_metrics(&mut line, dimensions, metrics);
    line
}

/// Tells CloudWatch which of the line's members are metrics, and by which it is to count them.
fn add_metrics(line: &mut Map<String, Value>, dimensions: &[&str], metrics: &[(&str, &str)]) {
    let metrics: Vec<Value> =
        metrics.iter().map(|(name, unit)| json!({ "Name": name, "Unit": unit })).collect();
    let directive = json!({ "Namespace": NAMESPACE, "Dimensions": [dimensions], "Metrics": metrics });
    if let Some(directives) = line.get_mut("_aws").and_then(|aws| aws["CloudWatchMetrics"].as_array_mut()) {
        directives.push(directive);
    }
}

/// To a hundredth.
fn milliseconds(duration: Duration) -> Value {
    ((duration.as_secs_f64() * 100_000.0).round() / 100.0).into()
}
