//! Every line that the functions can write, at its longest, and the metrics in it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use usher_aws::metrics::{self, Served};
use usher_aws::timings::{Step, Timings};
use usher_core::event::EventType;
use usher_core::event::{Acknowledged, Deduplication, Drift};
use usher_core::ledger::{Earlier, LedgerError, State, Transition};
use usher_core::outcome::{Accepted, Duplicate, Outcome};
use usher_core::provider::Provider as _;
use usher_core::provider::shape::MAX_DRIFT;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::queue::QueueError;
use usher_core::relay::{Failure, Report};
use usher_core::secret::{Age, KeyringError, Used};
use usher_core::signature::{Refusal, VerifiedBy};

pub const PROVIDERS: [&str; 5] = [Luma::NAME, Lunacal::NAME, Allfly::NAME, Calcom::NAME, Standard::NAME];

/// The longest name that a deployer can give to a secret.
pub const NAME: &str = "berlin-calendar-of-the-main-hall";

/// The parts that identify a metric in CloudWatch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metric {
    pub namespace: String,
    pub name: String,
    pub dimensions: BTreeMap<String, String>,
}

/// Returns every outcome of every provider, each with its line.
pub fn requests(namespace: &str) -> Vec<(Outcome, String)> {
    let served = PROVIDERS.into_iter().flat_map(|provider| {
        outcomes().into_iter().map(move |outcome| (request(namespace, provider, &outcome), outcome))
    });
    served.map(|(line, outcome)| (outcome, line)).collect()
}

/// Returns the line of a request that was a cold start and waited for every call.
pub fn request(namespace: &str, provider: &'static str, outcome: &Outcome) -> String {
    request_with(namespace, provider, outcome, &Acknowledged::default())
}

/// Returns the same line where the deployer has acknowledged some drift.
pub fn request_with(
    namespace: &str,
    provider: &'static str,
    outcome: &Outcome,
    acknowledged: &Acknowledged,
) -> String {
    let wait = Duration::from_micros(3_399_870);
    let timings = Timings::default();
    let steps: &[Step] = match outcome {
        Outcome::Accepted(_) | Outcome::Unavailable { .. } => {
            &[Step::Secrets, Step::Claim, Step::Send, Step::Settle]
        }
        Outcome::Duplicate(_) => &[Step::Secrets, Step::Claim],
        _ => &[Step::Secrets],
    };
    // Each step takes a second longer than the one before.
    steps
        .iter()
        .zip(3..)
        .for_each(|(step, seconds)| timings.add(*step, Duration::from_micros(seconds * 1_000_000 + 120_120)));
    metrics::request(
        namespace,
        &Served {
            provider,
            request_id: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            outcome,
            acknowledged,
            body_bytes: 262_144,
            arrived: Timestamp::UNIX_EPOCH + Duration::from_hours(500_000),
            duration: wait,
            timings: &timings,
            init: Some(wait),
        },
    )
}

/// Returns the line of a run with an event of every kind, and that of one that could not read the pending index.
pub fn runs(namespace: &str) -> [String; 2] {
    let now = Timestamp::UNIX_EPOCH + Duration::from_hours(500_000);
    let failure =
        Failure { ledger_key: Some("luma#x".to_owned()), attempt: 20, reason: "Timeout".to_owned() };
    let busy = Report {
        sent: 1,
        failed: 2,
        parked: 3,
        abandoned: 4,
        overtaken: 5,
        oldest: Some(now - Duration::from_secs(301)),
        failures: vec![failure],
        ..Report::default()
    };
    let blind = Report { unread: 8, ..busy.clone() };
    [busy, blind].map(|report| metrics::run(namespace, &report, Duration::from_secs(1), now))
}

/// Returns the metrics in a line.
pub fn metrics_of(line: &str) -> BTreeSet<Metric> {
    let line: Value = serde_json::from_str(line).expect("a line is JSON");
    let mut found = BTreeSet::new();
    for directive in list(&line["_aws"]["CloudWatchMetrics"]) {
        for (metric, set) in pairs(list(&directive["Metrics"]), list(&directive["Dimensions"])) {
            let name = text(&metric["Name"]);
            assert!(line[&name].is_number(), "{name} is a number of {line}");
            let dimensions = list(set).iter().map(text);
            let dimensions = dimensions.map(|name| (name.clone(), text(&line[name])));
            let namespace = text(&directive["Namespace"]);
            found.insert(Metric { namespace, name, dimensions: dimensions.collect() });
        }
    }
    found
}

/// Returns every metric that the functions can send to CloudWatch.
pub fn all_metrics(namespace: &str) -> BTreeSet<Metric> {
    let requests = requests(namespace).into_iter().map(|(_, line)| line);
    requests.chain(runs(namespace)).flat_map(|line| metrics_of(&line)).collect()
}

fn pairs<'v>(left: &'v [Value], right: &'v [Value]) -> Vec<(&'v Value, &'v Value)> {
    left.iter().flat_map(|left| right.iter().map(move |right| (left, right))).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is not a list"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text")).to_owned()
}

/// Returns a signing secret and a token of this name and age.
pub fn by(name: Option<&str>, age: Age) -> VerifiedBy {
    let used = Some(Used { name: name.map(|name| name.parse().expect("a name")), age });
    VerifiedBy { secret: used.clone(), token: used }
}

fn outcomes() -> Vec<Outcome> {
    let id = || format!("luma:{}.{}", "i".repeat(128), "d".repeat(22));
    let refused_by_dynamodb = || LedgerError::new("ProvisionedThroughputExceededException");
    let refused_by_sqs = || QueueError::refused("AWS.SimpleQueueService.NonExistentQueue");
    let accepted = |event_type: EventType| Accepted {
        id: id(),
        event_type: event_type.as_str().to_owned(),
        verified_by: VerifiedBy::default(),
        deduplication: Deduplication::Checked,
        unclaimed: None,
        drift: vec![Drift::unrecognized(); MAX_DRIFT],
        settled: Some(Ok(Transition::Done)),
        unsent: None,
    };
    let mut accepted: Vec<Accepted> = EventType::ALL
        .iter()
        .flat_map(|event_type| {
            let usual = accepted(*event_type);
            [
                Accepted { drift: Vec::new(), ..usual.clone() },
                Accepted { unclaimed: Some(refused_by_dynamodb()), settled: None, ..usual.clone() },
                Accepted { unsent: Some(refused_by_sqs()), settled: None, ..usual.clone() },
                Accepted { settled: Some(Err(refused_by_dynamodb())), ..usual.clone() },
                Accepted { settled: Some(Ok(Transition::Overtaken)), ..usual.clone() },
                Accepted { drift: Vec::new(), verified_by: by(None, Age::Older), ..usual.clone() },
                Accepted { verified_by: by(Some(NAME), Age::Newest), ..usual },
            ]
        })
        .collect();
    let mut outcomes: Vec<Outcome> =
        accepted.drain(..).map(|accepted| Outcome::Accepted(Box::new(accepted))).collect();
    for same_body in [true, false] {
        let earlier = Earlier { state: State::Pending, same_body };
        let verified_by = by(Some(NAME), Age::Older);
        outcomes.push(Outcome::Duplicate(Duplicate { id: id(), verified_by, earlier }));
    }
    outcomes.extend([
        Outcome::Ping(VerifiedBy::default()),
        Outcome::MethodNotAllowed,
        Outcome::TooLarge { genuine: false },
        Outcome::TooLarge { genuine: true },
        Outcome::Undecodable,
        Outcome::SecretsUnreachable("InternalServiceError".to_owned()),
        Outcome::Unavailable { ledger: refused_by_dynamodb(), queue: refused_by_sqs() },
    ]);
    outcomes.extend(Refusal::ALL.iter().copied().map(Outcome::Refused));
    outcomes.extend(KeyringError::ALL.iter().copied().map(Outcome::SecretsInvalid));
    outcomes
}
