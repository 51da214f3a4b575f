//! RUNBOOK.md's searches of the log find the lines that they are for, and not the others.

use regex_lite::Regex;
use serde_json::Value;
use usher_aws::log;
use usher_core::outcome::Outcome;

use crate::document::text;
use crate::lines::{PROVIDERS, requests};
use crate::pattern::Pattern;

/// Lines that Lambda itself writes in a log of JSON. Sources: AWS Lambda, "Event schemas for Telemetry API" (`platform.…`
/// have `record.status`) and "System log level event mapping" (at WARN only what did not succeed is written).
const OF_LAMBDA: [&str; 3] = [
    r#"{"time":"2026-11-22T14:50:45.482Z","type":"platform.report","record":{"requestId":"8476a536-e9f4-11e8-9739-2dfe598c3fcd","metrics":{"durationMs":10000,"billedDurationMs":10000,"memorySizeMB":128,"maxMemoryUsedMB":18},"status":"timeout"}}"#,
    r#"{"time":"2026-11-22T14:50:45.482Z","type":"platform.initReport","record":{"initializationType":"on-demand","phase":"init","status":"error","errorType":"Runtime.ExitError","metrics":{"durationMs":12.4}}}"#,
    "RequestId: 8476a536-e9f4-11e8-9739-2dfe598c3fcd Error: Runtime exited with error: exit status 1",
];

/// Returns the patterns of RUNBOOK.md's commands.
fn patterns() -> Vec<String> {
    let pattern = Regex::new("--filter-pattern '([^']+)'").expect("it is a regular expression");
    pattern.captures_iter(&text("RUNBOOK.md")).map(|found| found[1].to_owned()).collect()
}

/// Returns the only pattern with a text in it.
fn pattern(with: &str) -> Pattern {
    let patterns: Vec<_> = patterns().into_iter().filter(|pattern| pattern.contains(with)).collect();
    let [pattern] = &patterns[..] else { panic!("one search of RUNBOOK.md has {with:?}: {patterns:?}") };
    Pattern::parse(pattern)
}

fn not_ours() -> Vec<String> {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let mut lines = OF_LAMBDA.map(str::to_owned).to_vec();
    lines.push(log::failure(now, "luma", &"TABLE_NAME is empty"));
    lines.push(log::panicked(now, "shared/usher-core/src/receive.rs:12:5"));
    lines
}

#[test]
fn the_search_for_errors_finds_every_crash_and_no_request() {
    let errors = pattern("ERROR");
    for line in not_ours() {
        assert!(errors.matches(&line), "{line}");
    }
    for (_, line) in requests("Usher/usher") {
        assert!(!errors.matches(&line), "{line}");
    }
}

#[test]
fn the_searches_for_outcomes_find_theirs() {
    let (refused, not_accepted) = (pattern("= \"refused\""), pattern("!= \"accepted\""));
    let (failed, drifted) = (pattern("Failures"), pattern("Drift"));
    let (mut failures, mut drifts) = (0, 0);
    for (outcome, line) in requests("Usher/usher") {
        assert_eq!(refused.matches(&line), matches!(outcome, Outcome::Refused(_)), "{line}");
        assert_eq!(not_accepted.matches(&line), !matches!(outcome, Outcome::Accepted(_)), "{line}");
        let fields: Value = serde_json::from_str(&line).expect("a line is JSON");
        assert_eq!(failed.matches(&line), fields.get("Failures").is_some(), "{line}");
        assert_eq!(drifted.matches(&line), fields["Drift"].as_u64().is_some_and(|drift| drift > 0), "{line}");
        failures += usize::from(failed.matches(&line));
        drifts += usize::from(drifted.matches(&line));
    }
    assert!(failures >= PROVIDERS.len() && drifts > 0, "{failures} failures, {drifts} with drift");
}

#[test]
fn every_search_of_the_runbook_is_checked_here() {
    let checked = ["ERROR", "= \"refused\"", "!= \"accepted\"", "Failures", "Drift"];
    for pattern in patterns() {
        assert!(checked.iter().any(|known| pattern.contains(known)), "add a test of the search {pattern}");
    }
}
