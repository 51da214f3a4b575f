//! The alarms: each watches a metric that is sent, and tells the person it wakes what to do.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use usher_core::ledger::{GRACE, LEASE};

use crate::manifest::{binaries, providers};
use crate::metrics::{Metric, is_sent};
use crate::template::{bounds, function, logical, parameters, properties, resources};

/// The kinds of alarms that every provider has. The last exists only if its hours are set.
const OF_EACH_PROVIDER: [&str; 6] = ["Errors", "Throttles", "Failures", "Refused", "Drift", "Silence"];

/// The alarms of the relay. The first is also raised if the relay is silent.
const OF_THE_RELAY: [&str; 2] = ["RelayPendingAgeAlarm", "RelayParkedAlarm"];

const OF_ALL: [&str; 3] = ["DeadLettersAlarm", "QueueUnreadAlarm", "LargeBodyAlarm"];

fn alarms() -> impl Iterator<Item = (&'static str, &'static Value)> {
    resources("AWS::CloudWatch::Alarm").map(|(name, _)| (name, properties(name)))
}

fn metric(alarm: &Value) -> Metric {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value} is not text")).to_owned();
    let dimensions = alarm["Dimensions"].as_array().expect("an alarm has a list of dimensions").iter();
    Metric {
        namespace: text(&alarm["Namespace"]),
        name: text(&alarm["MetricName"]),
        dimensions: dimensions.map(|pair| (text(&pair["Name"]), text(&pair["Value"]))).collect(),
    }
}

#[test]
fn every_alarm_watches_a_metric_that_is_sent() {
    for (name, alarm) in alarms() {
        let metric = metric(alarm);
        assert!(is_sent(&metric), "{name} watches {metric:?}, which is never sent");
        assert_eq!(alarm.get("Metrics"), None, "the emulator takes no metric math");
    }
}

#[test]
fn every_provider_has_every_alarm_and_there_are_no_others() {
    let mut expected: BTreeSet<String> =
        OF_THE_RELAY.iter().chain(&OF_ALL).map(|name| (*name).to_owned()).collect();
    for provider in providers() {
        for kind in OF_EACH_PROVIDER {
            let name = logical(&provider, &format!("{kind}Alarm"));
            let watched: BTreeMap<_, _> = metric(properties(&name)).dimensions;
            let of_it = [watched.get("provider"), watched.get("FunctionName")];
            let function = logical(&provider, "Function");
            assert!(
                of_it.into_iter().flatten().all(|value| *value == provider || *value == function),
                "{name}"
            );
            expected.insert(name);
        }
    }
    assert_eq!(alarms().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>(), expected);
    let of_each = OF_EACH_PROVIDER.len() - 1;
    let of_none = expected.len() - OF_EACH_PROVIDER.len() * providers().len();
    let description = parameters()["Alarms"]["Description"].as_str().expect("it is described");
    assert!(
        (of_none, of_each) == (5, 5)
            && description.starts_with("Five CloudWatch alarms, five more for each provider"),
        "the deployer pays for {of_none} alarms and {of_each} for each provider: {description}"
    );
}

#[test]
fn alarms_exist_where_asked_for_and_notify_the_topic_if_there_is_one() {
    for (name, alarm) in alarms() {
        let resource = resources("AWS::CloudWatch::Alarm").find(|(found, _)| *found == name);
        let condition = resource.map(|(_, resource)| resource["Condition"].clone());
        let expected = match name.strip_suffix("SilenceAlarm") {
            Some(provider) => format!("Watches{provider}"),
            None => providers()
                .iter()
                .map(|provider| logical(provider, ""))
                .find(|provider| name.starts_with(provider))
                .map_or("HasAlarms".to_owned(), |provider| format!("Alarms{provider}")),
        };
        assert_eq!(condition, Some(expected.into()), "{name}");
        let topic = serde_json::json!([
            "HasAlarmTopic",
            [["HasOwnTopic", "AlarmTopicArn", "AlarmTopic"]],
            "AWS::NoValue"
        ]);
        assert_eq!((&alarm["AlarmActions"], &alarm["OKActions"]), (&topic, &topic), "{name}");
    }
    assert_eq!(parameters()["AlarmTopicArn"]["Default"], "");
}

#[test]
fn what_should_be_heard_and_is_not_raises_an_alarm_and_nothing_else_does() {
    for (name, alarm) in alarms() {
        let breaching = name == OF_THE_RELAY[0] || name.ends_with("SilenceAlarm");
        let expected = if breaching { "breaching" } else { "notBreaching" };
        assert_eq!(alarm["TreatMissingData"], expected, "{name}");
    }
}

/// Source: `PutMetricAlarm`: "Period multiplied by `EvaluationPeriods` can't be more than 604,800 seconds", or a day if
/// the period is below an hour.
#[test]
fn no_alarm_looks_back_further_than_cloudwatch_does() {
    for (name, alarm) in alarms() {
        let period = alarm["Period"].as_u64().expect("a period is a number");
        let periods = match &alarm["EvaluationPeriods"] {
            Value::String(parameter) => bounds(parameter).expect("hours have bounds").1,
            number => number.as_u64().expect("periods are a number"),
        };
        let at_most = if period < 3600 { 86_400 } else { 604_800 };
        assert!(period * periods <= at_most, "{name}");
    }
}

#[test]
fn silence_raises_an_alarm_where_its_hours_are_set() {
    for provider in providers() {
        let hours = logical(&provider, "SilenceHours");
        let alarm = properties(&logical(&provider, "SilenceAlarm"));
        assert_eq!((&alarm["Period"], &alarm["EvaluationPeriods"]), (&3600.into(), &hours.as_str().into()));
        assert_eq!(alarm["ComparisonOperator"], "LessThanThreshold");
        assert_eq!(parameters()[&hours]["Default"], "0", "a provider may be rarely used, or not at all");
    }
}

#[test]
fn what_waits_raises_an_alarm_when_the_relay_should_have_sent_it() {
    let alarm = properties("RelayPendingAgeAlarm");
    let number = |name: &str| alarm[name].as_u64().expect("it is a number");
    assert_eq!(
        (number("Period"), number("EvaluationPeriods")),
        (60, 5),
        "silence is seen after five minutes"
    );
    let seconds = number("Threshold") + number("Period") * number("EvaluationPeriods");
    assert!(seconds <= 6 * 60, "it is raised within six minutes");
    assert!(seconds > (GRACE + LEASE).as_secs() + 2 * 60, "one lost lease is no alarm yet");
}

#[test]
fn every_alarm_names_its_section_of_the_runbook() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/RUNBOOK.md");
    let runbook = fs::read_to_string(path).expect("RUNBOOK.md is there");
    for (name, alarm) in alarms() {
        let description = alarm["AlarmDescription"].as_str().expect("an alarm is described");
        let section = description.split('"').nth(1).unwrap_or_else(|| panic!("{name}: {description}"));
        assert!(runbook.lines().any(|line| line == format!("### {section}")), "RUNBOOK.md has {section}");
    }
}

#[test]
fn receivers_move_to_a_new_version_as_asked_and_go_back_on_their_own_alarms() {
    assert_eq!(parameters()["DeploymentPreference"]["Default"], "off");
    for binary in binaries() {
        let preference = &function(&binary)["DeploymentPreference"];
        if !providers().contains(&binary) {
            assert_eq!(preference["Enabled"], false);
            continue;
        }
        let alarms = ["ErrorsAlarm", "FailuresAlarm"].map(|kind| logical(&binary, kind));
        assert_eq!(
            preference["Alarms"],
            serde_json::json!(["HasAlarms", alarms, ["AWS::NoValue"]]),
            "{binary}"
        );
    }
}
