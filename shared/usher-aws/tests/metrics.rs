//! The log line of a request or run, which carries its metrics: short, bounded, with values from closed lists.

mod lines;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use lines::{NAME, PROVIDERS, all_metrics, by, metrics_of, request, request_with, requests, runs};
use serde_json::Value;
use usher_aws::metrics;
use usher_core::event::Deduplication;
use usher_core::event::{Acknowledged, Drift, EventType, Problem};
use usher_core::ledger::{LedgerError, Transition};
use usher_core::outcome::{Accepted, Outcome};
use usher_core::queue::QueueError;
use usher_core::relay::Report;
use usher_core::secret::Age;
use usher_core::signature::{Refusal, VerifiedBy};

/// The namespace as the template makes it, for a stack with a long name.
const NAMESPACE: &str = "Usher/usher-production-europe";

fn parsed(line: &str) -> Value {
    serde_json::from_str(line).expect("a line is JSON")
}

fn accepted() -> Accepted {
    Accepted {
        id: "luma:evt_1".to_owned(),
        event_type: "usher.event.created".to_owned(),
        verified_by: VerifiedBy::default(),
        deduplication: Deduplication::Checked,
        unclaimed: None,
        drift: Vec::new(),
        settled: Some(Ok(Transition::Done)),
        unsent: None,
    }
}

/// Returns the names of the metrics in a line.
fn sent(outcome: &Outcome) -> BTreeSet<String> {
    metrics_of(&request(NAMESPACE, "luma", outcome)).into_iter().map(|metric| metric.name).collect()
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

#[test]
fn no_request_s_line_is_longer_than_900_bytes() {
    for (outcome, line) in requests(NAMESPACE) {
        // The deployer's own names are the exception.
        let limit = if line.contains(NAME) { 1200 } else { 900 };
        assert!(line.len() <= limit, "{} bytes of {outcome:?}: {line}", line.len());
        assert!(!line.contains('\n'), "or it would be two");
    }
}

/// An attacker without a secret can cause as many of these lines as they like.
#[test]
fn a_refused_request_s_line_is_shorter_and_two_metrics() {
    for (outcome, line) in requests(NAMESPACE).iter().filter(|(outcome, _)| outcome.name() == "refused") {
        assert!(line.len() <= 550, "{} bytes of {outcome:?}: {line}", line.len());
        assert_eq!(sent(outcome), names(["Refused", "Requests"]));
    }
}

#[test]
fn metrics_are_counted_by_these_dimensions_and_no_others() {
    let all = all_metrics(NAMESPACE);
    let by: BTreeSet<(&str, String)> = all
        .iter()
        .map(|metric| {
            let dimensions: Vec<&str> = metric.dimensions.keys().map(String::as_str).collect();
            (metric.name.as_str(), dimensions.join(" "))
        })
        .collect();
    let expected = [
        ("Abandoned", ""),
        ("Drift", "provider"),
        ("Drift", "provider type"),
        ("Failed", ""),
        ("Failures", "provider"),
        ("OlderSecret", "provider"),
        ("OlderSecret", "provider secret_name"),
        ("OlderSecret", "provider token_name"),
        ("OldestPendingAge", ""),
        ("Overtaken", ""),
        ("Parked", ""),
        ("Refused", "cause provider"),
        ("Requests", "outcome provider"),
        ("Sent", ""),
        ("TooLarge", ""),
        ("Unchecked", "outcome provider"),
        ("Unsent", "outcome provider"),
        ("Unsettled", "outcome provider"),
    ];
    assert_eq!(by, expected.map(|(name, dimensions)| (name, dimensions.to_owned())).into());
}

/// Text from a sender or from AWS never becomes a metric of its own, which would be billed.
#[test]
fn every_dimension_s_value_comes_from_a_closed_list() {
    let outcomes: Vec<&str> = requests(NAMESPACE).iter().map(|(outcome, _)| outcome.name()).collect();
    let causes: Vec<&str> = Refusal::ALL.iter().map(|refusal| refusal.cause()).collect();
    let types: Vec<&str> = EventType::ALL.iter().map(|event_type| event_type.as_str()).collect();
    let all = all_metrics(NAMESPACE);
    for (dimension, value) in all.iter().flat_map(|metric| &metric.dimensions) {
        let known: &[&str] = match dimension.as_str() {
            "provider" => &PROVIDERS,
            "outcome" => &outcomes,
            "cause" => &causes,
            "type" => &types,
            // The deployer's own, as many as the secret document has.
            "secret_name" | "token_name" => &[NAME],
            other => panic!("nothing is known of {other}"),
        };
        assert!(known.contains(&value.as_str()), "{dimension} {value}");
    }
    let of_no_name = all.iter().filter(|metric| !metric.dimensions.values().any(|value| value == NAME));
    // For each provider: 10 outcomes, 3 degraded ones, 14 refusals, failures, older secrets, 23 types and their total.
    assert_eq!(
        of_no_name.count(),
        5 * (10 + 3 + 14 + 1 + 1 + 23 + 1) + 7,
        "the most that can ever be billed"
    );
}

#[test]
fn what_did_not_happen_is_not_sent() {
    assert_eq!(sent(&Outcome::Ping(VerifiedBy::default())), names(["Requests"]));
    let good = accepted();
    assert_eq!(sent(&Outcome::Accepted(Box::new(good.clone()))), names(["Requests"]));
    for (name, degraded) in [
        ("Drift", Accepted { drift: vec![Drift::unrecognized(); 2], ..good.clone() }),
        ("Unchecked", Accepted { unclaimed: Some(LedgerError::new("x")), settled: None, ..good.clone() }),
        ("Unsent", Accepted { unsent: Some(QueueError::unconfirmed("x")), settled: None, ..good.clone() }),
        ("Unsettled", Accepted { settled: Some(Err(LedgerError::new("x"))), ..good.clone() }),
        ("Unsettled", Accepted { settled: Some(Ok(Transition::Overtaken)), ..good }),
    ] {
        assert_eq!(sent(&Outcome::Accepted(Box::new(degraded))), names([name, "Requests"]));
    }
}

/// A metric for each name is billed only while that name's older secret is in use.
#[test]
fn an_older_secret_is_counted_by_its_name_and_the_newest_is_not() {
    let dimensions = |name: Option<&str>, age| {
        let accepted = Accepted { verified_by: by(name, age), ..accepted() };
        let metrics = metrics_of(&request(NAMESPACE, "lunacal", &Outcome::Accepted(Box::new(accepted))));
        let older = metrics.into_iter().filter(|metric| metric.name == "OlderSecret");
        older.map(|metric| metric.dimensions.into_keys().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(dimensions(Some("berlin"), Age::Newest), Vec::<String>::new());
    assert_eq!(dimensions(None, Age::Older), ["provider"]);
    let all = ["provider", "provider secret_name", "provider token_name"];
    assert_eq!(dimensions(Some("berlin"), Age::Older), all);
}

#[test]
fn acknowledged_drift_is_not_counted_and_something_new_beside_it_is() {
    let at = |path: &str| Drift { path: path.to_owned(), problem: Problem::UnknownField };
    let drift = vec![at("payload.newField"), at("payload.app.version"), at("payload.app.name")];
    let drifted = Outcome::Accepted(Box::new(Accepted { drift, ..accepted() }));
    for (list, counted) in [
        ("", Some(3)),
        ("payload.newField", Some(2)),
        ("payload.newField,payload.app.*", None),
        (" payload.newField ,\n payload.app.version", Some(1)),
        ("payload.new, payload.app", Some(3)),
        ("*", None),
    ] {
        let line = parsed(&request_with(NAMESPACE, "lunacal", &drifted, &Acknowledged::parse(list)));
        assert_eq!(line.get("Drift").and_then(Value::as_u64), counted, "{list}");
    }
    let unknown = Outcome::Accepted(Box::new(Accepted { drift: vec![Drift::unrecognized()], ..accepted() }));
    let line = parsed(&request_with(NAMESPACE, "lunacal", &unknown, &Acknowledged::parse("*")));
    assert_eq!(line["Drift"], 1, "a type that Usher does not know is no path");
}

#[test]
fn drift_counts_deviations_by_the_event_s_type() {
    let drifted =
        Outcome::Accepted(Box::new(Accepted { drift: vec![Drift::unrecognized(); 2], ..accepted() }));
    let line = parsed(&request(NAMESPACE, "luma", &drifted));
    assert_eq!(line["Drift"], 2);
    assert_eq!(line["type"], "usher.event.created");
}

#[test]
fn the_line_says_what_came_of_it_and_how_long_each_call_took() {
    let unsent = Accepted { unsent: Some(QueueError::unconfirmed("Timeout")), settled: None, ..accepted() };
    let line = parsed(&request(NAMESPACE, "luma", &Outcome::Accepted(Box::new(unsent))));
    for (member, value) in [
        ("provider", "luma"),
        ("outcome", "accepted"),
        ("id", "luma:evt_1"),
        ("type", "usher.event.created"),
        ("queue", "Timeout"),
        ("request_id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
    ] {
        assert_eq!(line[member], value);
    }
    assert_eq!(line["body_bytes"], 262_144);
    assert_eq!(line["cold_start"], true);
    let times = ["duration_ms", "init_ms", "secrets_ms", "claim_ms", "send_ms", "settle_ms"];
    assert_eq!(times.map(|member| &line[member]), [3399.87, 3399.87, 3120.12, 4120.12, 5120.12, 6120.12]);
}

#[test]
fn what_is_refused_says_its_cause_and_what_was_not_called_is_not_in_it() {
    let line = parsed(&request(NAMESPACE, "luma", &Outcome::Refused(Refusal::WrongSignature)));
    assert_eq!((&line["outcome"], &line["cause"]), (&"refused".into(), &"signature_wrong".into()));
    for member in ["id", "type", "claim_ms", "send_ms", "settle_ms"] {
        assert_eq!(line.get(member), None);
    }
}

#[test]
fn a_run_counts_what_became_of_its_events() {
    let [busy, _] = runs(NAMESPACE);
    let sent: BTreeSet<String> = metrics_of(&busy).into_iter().map(|metric| metric.name).collect();
    assert_eq!(sent, names(["Abandoned", "Failed", "OldestPendingAge", "Overtaken", "Parked", "Sent"]));
    let line = parsed(&busy);
    assert_eq!((&line["Parked"], &line["OldestPendingAge"]), (&3.into(), &301.into()));
    assert_eq!(line["failures"][0], serde_json::json!({"pk": "luma#x", "attempt": 20, "cause": "Timeout"}));
}

/// CloudWatch bills a metric for each hour in which it is sent, and the relay runs each minute.
#[test]
fn an_idle_relay_sends_one_metric_and_no_zero_of_what_did_not_happen() {
    let idle = |report| metrics::run(NAMESPACE, &report, Duration::from_secs(1), Timestamp::UNIX_EPOCH);
    let line = idle(Report::default());
    let sent: BTreeSet<String> = metrics_of(&line).into_iter().map(|metric| metric.name).collect();
    assert_eq!(sent, names(["OldestPendingAge"]));
    for member in ["Abandoned", "Overtaken", "unread", "failures"] {
        assert_eq!(parsed(&line).get(member), None, "{member}");
    }
    let blind = idle(Report { unread: 8, ..Report::default() });
    assert_eq!(parsed(&blind)["_aws"]["CloudWatchMetrics"], serde_json::json!([]));
}

/// An age of zero would mean that nothing is pending.
#[test]
fn a_relay_that_can_not_read_what_waits_says_no_age() {
    let [_, blind] = runs(NAMESPACE);
    assert!(metrics_of(&blind).iter().all(|metric| metric.name != "OldestPendingAge"));
    let line = parsed(&blind);
    assert_eq!((line.get("OldestPendingAge"), &line["unread"]), (None, &8.into()));
}
