//! Every figure of cost in README.md and RUNBOOK.md, computed from AWS's prices.
//!
//! `cargo test --test manifest -- cost --nocapture` prints the tables. The units of a delivery are those that
//! `tests/binaries/cost.rs` counts.

use serde_json::{Value, json};
use usher_core::ledger::SHARDS;

use crate::document::text;
use crate::manifest::providers;
use crate::metrics::{Metric, SENT};
use crate::prices::{
    ALARM, DASHBOARD, DAYS_A_MONTH, FREE_ALARMS, FREE_METRICS, METRIC, READ_UNITS, SECONDS_A_DAY, SECRET,
    SECRET_CALLS, SQS_FIFO, SQS_STANDARD, TABLE_GB_MONTH, WRITE_UNITS, lambda, log,
};
use crate::template::{parameters, resources};

/// The milliseconds billed for a delivery, at the latencies of AWS's services within a region.
const MS_OF_AN_EVENT: f64 = 30.0;
const MS_OF_A_DUPLICATE: f64 = 12.0;
const MS_OF_A_REFUSAL: f64 = 5.0;
/// The milliseconds billed for INIT: the start of the process, three connections, and the secrets.
const MS_OF_INIT: f64 = 100.0;

/// The bytes of a log line, with what CloudWatch adds to each (26).
const LINE_OF_AN_EVENT: f64 = 460.0;
const LINE_OF_ANOTHER: f64 = 440.0;
const LINE_OF_THE_RELAY: f64 = 250.0;

/// The cost of a million deliveries of one kind.
#[derive(Clone, Copy, Default)]
struct Million {
    dynamodb: f64,
    sqs: f64,
    lambda: f64,
    log: f64,
    secrets: f64,
}

impl Million {
    fn event(write_units: f64, sqs: f64) -> Self {
        Self {
            dynamodb: write_units * WRITE_UNITS,
            sqs,
            lambda: lambda(MS_OF_AN_EVENT),
            log: log(LINE_OF_AN_EVENT),
            secrets: 0.0,
        }
    }

    fn duplicate(write_units: f64) -> Self {
        let dynamodb = write_units * WRITE_UNITS;
        Self { dynamodb, lambda: lambda(MS_OF_A_DUPLICATE), log: log(LINE_OF_ANOTHER), ..Self::default() }
    }

    fn refusal() -> Self {
        Self { lambda: lambda(MS_OF_A_REFUSAL), log: log(LINE_OF_ANOTHER), ..Self::default() }
    }

    /// Returns the cost if each delivery starts a sandbox, which reads its secret.
    fn cold(self) -> Self {
        Self { lambda: self.lambda + lambda(MS_OF_INIT) - lambda(0.0), secrets: SECRET_CALLS, ..self }
    }

    fn total(self) -> f64 {
        self.dynamodb + self.sqs + self.lambda + self.log + self.secrets
    }

    fn columns(self) -> [f64; 6] {
        [self.dynamodb, self.sqs, self.lambda, self.log, self.secrets, self.total()]
    }
}

/// Returns a row of README.md's table, for one kind of delivery or for a range between two.
fn row(kind: &str, from: Million, to: Million) -> String {
    let cells =
        from.columns().into_iter().zip(to.columns()).map(|(from, to)| match (cents(from), cents(to)) {
            (from, to) if from == "0.00" && to == "0.00" => "0".to_owned(),
            (from, to) if from == to => from,
            (from, to) => format!("{from}–{to}"),
        });
    let mut cells: Vec<_> = cells.collect();
    if let Some(total) = cells.last_mut() {
        *total = format!("**{total}**");
    }
    format!("| {kind} | {} |", cells.join(" | "))
}

fn cents(dollars: f64) -> String {
    format!("{:.2}", (dollars * 100.0).round() / 100.0)
}

/// Checks that a document has a line, and prints it.
#[expect(clippy::print_stdout, reason = "the tables, shown with --nocapture")]
fn has(document: &str, expected: &str) {
    println!("{document}: {expected}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&text(document)).contains(&words(expected)), "{document} has to say: {expected}");
}

#[test]
fn the_cost_of_deliveries_is_what_the_readme_says() {
    let small = Million::event(4.0, SQS_STANDARD);
    let rows = [
        row("new events whose stored item fits 1 KB (most do): 4 write units", small, small),
        row("the same, on a FIFO queue", Million::event(4.0, SQS_FIFO), Million::event(4.0, SQS_FIFO)),
        row("the same, so sparse that each starts a function", small.cold(), small.cold()),
        row(
            "new events of up to 2 KB stored: 6 write units",
            Million::event(6.0, SQS_STANDARD),
            Million::event(6.0, SQS_STANDARD),
        ),
        row("duplicates: 1 to 2 write units", Million::duplicate(1.0), Million::duplicate(2.0)),
        row("refused: no AWS call", Million::refusal(), Million::refusal()),
    ];
    for row in rows {
        has("README.md", &row);
    }
    has(
        "README.md",
        &format!(
            "Lambda bills {MS_OF_AN_EVENT} ms for a new event, {MS_OF_A_DUPLICATE} for a duplicate, {MS_OF_A_REFUSAL} \
             for a refusal and {MS_OF_INIT} for INIT"
        ),
    );
    let kept = TABLE_GB_MONTH * 35.0 / DAYS_A_MONTH;
    has("README.md", &format!("for the 35 days costs another {:.0} cents, backups included", kept * 100.0));
}

/// The requests a second that one URL takes for each function that runs at once. Source: AWS Lambda, "Lambda function
/// URLs": ten times the reserved concurrency.
const REQUESTS_PER_SANDBOX: f64 = 10.0;

/// The functions of an account that run at once, unless AWS has raised or lowered that.
const USUAL_CONCURRENCY: f64 = 1_000.0;

#[test]
fn the_cost_of_a_flood_is_what_the_documents_say() {
    for (name, at_once) in [("without a bound", USUAL_CONCURRENCY), ("with `ReservedConcurrency=10`", 10.0)] {
        let requests = at_once * REQUESTS_PER_SANDBOX;
        let day = requests * SECONDS_A_DAY / 1e6 * Million::refusal().total();
        has(
            "RUNBOOK.md",
            &format!(
                "| {name} | {} | {} | {} |",
                thousands(requests),
                dollars(day),
                dollars(day * DAYS_A_MONTH)
            ),
        );
        has("README.md", &format!("{} a day", dollars(day)));
    }
}

/// Returns a sum with two digits that count.
fn dollars(sum: f64) -> String {
    if sum < 10.0 {
        return format!("${sum:.1}0");
    }
    let unit = 10_f64.powf(sum.log10().floor() - 1.0);
    format!("${}", thousands((sum / unit).round() * unit))
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    match digits.len() {
        0..=3 => digits,
        length => format!("{},{}", &digits[..length - 3], &digits[length - 3..]),
    }
}

/// The parts of a stack that cost the same whatever it receives.
struct Standing {
    providers: u32,
    metrics: u32,
    alarms: u32,
    has_dashboard: bool,
}

impl Standing {
    fn total(&self) -> f64 {
        let dashboard = if self.has_dashboard { DASHBOARD } else { 0.0 };
        let secrets = f64::from(self.providers) * SECRET;
        secrets + f64::from(self.metrics) * METRIC + f64::from(self.alarms) * ALARM + dashboard + relay()
    }

    /// Returns the total if nothing else uses the account's free tier, which covers the relay but for its reads.
    fn total_with_free_tier(&self) -> f64 {
        let metrics = self.metrics.saturating_sub(FREE_METRICS);
        let alarms = self.alarms.saturating_sub(FREE_ALARMS);
        let secrets = f64::from(self.providers) * SECRET;
        secrets + f64::from(metrics) * METRIC + f64::from(alarms) * ALARM + relay_reads()
    }
}

/// Returns the relay's runs in a month, one a minute.
fn runs() -> f64 {
    SECONDS_A_DAY / 60.0 * DAYS_A_MONTH
}

/// Returns the price of the reads of the relay, which finds nothing in any shard: half a unit for each.
fn relay_reads() -> f64 {
    runs() / 1e6 * f64::from(SHARDS) / 2.0 * READ_UNITS
}

/// Returns the price of all runs of the relay.
fn relay() -> f64 {
    relay_reads() + runs() / 1e6 * (lambda(MS_OF_AN_EVENT) + log(LINE_OF_THE_RELAY))
}

/// The metrics that the relay sends in each run, and those of a provider's requests around the clock.
const METRICS_OF_THE_RELAY: u32 = 1;
const METRICS_OF_A_PROVIDER: u32 = 2;
/// The alarms of each provider, without the one for silence.
const ALARMS_OF_A_PROVIDER: u32 = 5;

/// Returns the names of the providers that are off unless a parameter turns them on, as in the template's names.
fn off_by_default() -> Vec<String> {
    let is_off = |parameter: &Value| {
        parameter["AllowedValues"] == json!(["on", "off"]) && parameter["Default"] == "off"
    };
    parameters().iter().filter(|(_, parameter)| is_off(parameter)).map(|(name, _)| name.clone()).collect()
}

#[test]
fn what_stands_still_costs_what_the_runbook_says() {
    let off = off_by_default();
    let is_there = |resource: &Value| {
        let condition = resource["Condition"].as_str().unwrap_or_default();
        !off.iter().any(|name| condition.ends_with(name.as_str()))
    };
    let all = u32::try_from(providers().len() - off.len()).expect("providers are few");
    let alarms = resources("AWS::CloudWatch::Alarm").filter(|(_, alarm)| is_there(alarm)).count();
    let alarms = u32::try_from(alarms).expect("alarms are few");
    let metrics = METRICS_OF_THE_RELAY + all * METRICS_OF_A_PROVIDER;
    let stack = |alarms, has_dashboard| Standing { providers: all, metrics, alarms, has_dashboard };
    let columns = [stack(0, false), stack(alarms - all, true), stack(alarms, true)];
    let cells =
        |total: fn(&Standing) -> f64| columns.each_ref().map(|stack| format!("**{:.2}**", total(stack)));
    has("RUNBOOK.md", &format!("| **total** | | {} |", cells(Standing::total).join(" | ")));
    has(
        "RUNBOOK.md",
        &format!(
            "| **with the whole free tier of the account** | | {} |",
            cells(Standing::total_with_free_tier).join(" | ")
        ),
    );
    has("RUNBOOK.md", &format!("| the relay's runs: 43,800 | | {0:.2} | {0:.2} | {0:.2} |", relay()));
    has("RUNBOOK.md", &format!("| alarms: {}, and {all} for silence |", alarms - all));

    let idle = |providers, alarms, has_dashboard| Standing {
        providers,
        metrics: METRICS_OF_THE_RELAY,
        alarms,
        has_dashboard,
    };
    let (bare, full) = (idle(all, 0, false).total(), idle(all, alarms - all, true).total());
    has("RUNBOOK.md", &format!("only the relay's metric: ${bare:.2}, or ${full:.2} with alarms"));
    has("README.md", &format!("costs ${bare:.2} a month without alarms and dashboard, ${full:.2} with them"));
    let (bare, full) =
        (idle(1, 0, false).total(), idle(1, alarms - all - (all - 1) * ALARMS_OF_A_PROVIDER, true).total());
    has(
        "RUNBOOK.md",
        &format!("With one provider on (`Lunacal=off Allfly=off`), it is ${bare:.2}, or ${full:.2}"),
    );
    // A name of a secret adds one only while its older secret is in use, which the runbook says beside it.
    let has_name = |metric: &&Metric| {
        ["secret_name", "token_name"].iter().any(|name| metric.dimensions.contains_key(*name))
    };
    let most = SENT.iter().filter(|metric| !has_name(metric)).count();
    let most = u32::try_from(most).expect("metrics are few");
    has(
        "RUNBOOK.md",
        &format!("Metrics can never cost more than ${:.2}: all {most} of them", f64::from(most) * METRIC),
    );
    let around_the_clock = f64::from(all * METRICS_OF_A_PROVIDER) * METRIC;
    has("README.md", &format!("Deliveries around the clock add ${around_the_clock:.2} of metrics"));
}
