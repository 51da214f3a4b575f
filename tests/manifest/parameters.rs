//! The template's parameters take what they say they take, and reach the versions that the URLs call.

use std::collections::BTreeSet;

use regex_lite::Regex;
use serde_json::Value;

use crate::manifest::binaries;
use crate::template::{self, bounds, function, globals, parameters};

/// Parameters are strings, as CloudFormation's numbers take `1.5` and `0.0`, and the function would refuse to start.
#[test]
fn a_parameter_takes_whole_numbers_within_its_bounds_and_nothing_else() {
    let mut checked = 0;
    for (name, parameter) in parameters() {
        assert_eq!(parameter["Type"], "String", "{name}");
        let Some((min, max)) = bounds(name) else { continue };
        checked += 1;
        let takes = pattern(parameter);
        for number in [min, min + 1, u64::midpoint(min, max), max - 1, max] {
            assert!(takes.is_match(&number.to_string()), "{name} takes {number}");
        }
        let beyond = [Some(max + 1), Some(max * 10), min.checked_sub(1)];
        let odd = ["", " ", "1.5", "0.0", "-1", "01", "1e3", "+1", "one", "10 "].map(str::to_owned);
        for text in beyond.into_iter().flatten().map(|number| number.to_string()).chain(odd) {
            assert!(!takes.is_match(&text), "{name} takes {text:?}");
        }
        let default = parameter["Default"].as_str().expect("a default is text");
        assert!(takes.is_match(default), "{name}'s default");
    }
    assert_eq!(checked, 11, "each number has bounds");
}

fn pattern(parameter: &Value) -> Regex {
    let pattern = parameter["AllowedPattern"].as_str().expect("it has a pattern");
    Regex::new(pattern).expect("a pattern is a regular expression")
}

/// SAM publishes a version only when the text of a function's properties changes, and a parameter's value is no part of it.
/// So the version's description has to name each parameter, or its new value never reaches the alias.
#[test]
fn every_parameter_that_reaches_a_function_is_named_in_its_version() {
    for binary in binaries() {
        let function = function(&binary);
        let description = function["VersionDescription"].as_str().expect("a version is described");
        let named: BTreeSet<String> = references(description).collect();
        let mut reaching = BTreeSet::new();
        for (place, value) in
            [globals(), function].into_iter().flat_map(|place| place.as_object().expect("an object"))
        {
            if !NOT_OF_A_VERSION.contains(&place.as_str()) {
                reach(value, &mut reaching);
            }
        }
        assert_eq!(named, reaching, "{binary}");
        // What CloudFormation takes.
        assert!(longest(description) <= 256, "{binary}: {} characters", longest(description));
    }
}

/// Properties of a function that its versions don't hold, or that CloudFormation applies to the alias by itself.
const NOT_OF_A_VERSION: [&str; 8] = [
    "Description",
    "VersionDescription",
    "ReservedConcurrentExecutions",
    "DeploymentPreference",
    "FunctionUrlConfig",
    "LoggingConfig",
    "Policies",
    "Events",
];

/// Collects the parameters that a value depends on. A queue of another type is another queue.
fn reach(value: &Value, reaching: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text == "Queue" => {
            reaching.insert("QueueType".to_owned());
        }
        Value::String(text) if parameters().contains_key(text) => {
            reaching.insert(text.clone());
        }
        Value::String(text) => reaching.extend(references(text)),
        Value::Array(items) => items.iter().for_each(|item| reach(item, reaching)),
        Value::Object(members) => members.values().for_each(|member| reach(member, reaching)),
        _ => {}
    }
}

/// Returns the parameters in `${…}`.
fn references(text: &str) -> impl Iterator<Item = String> + '_ {
    let inside = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    inside.map(|(name, _)| name.to_owned()).filter(|name| parameters().contains_key(name))
}

/// Returns the length of a description in which each parameter has its longest value.
fn longest(description: &str) -> usize {
    let longest = references(description).map(|name| {
        let parameter = &parameters()[&name];
        let listed = parameter["AllowedValues"].as_array().into_iter().flatten();
        let listed = listed.filter_map(Value::as_str).map(str::len).max();
        let most = listed.or(bounds(&name).map(|(_, max)| max.to_string().len()));
        let most = most.or(parameter["MaxLength"].as_u64().and_then(|most| usize::try_from(most).ok()));
        most.unwrap_or_else(|| {
            assert!(name.ends_with("SecretArn"), "{name} has no longest value");
            // arn:aws-us-gov:secretsmanager:ap-southeast-1:123456789012:secret: and a name of 60.
            66 + 60
        })
    });
    let named: usize = references(description).map(|name| name.len() + "${}".len()).sum();
    description.len() - named + longest.sum::<usize>()
}

#[test]
fn a_rule_that_refuses_a_deployment_says_what_to_do() {
    let rules = template::rules();
    let names: BTreeSet<&str> = rules.keys().map(String::as_str).collect();
    assert_eq!(names, ["HasAProvider", "RegionHasFunctionUrls", "SlackIsComplete"].into());
    for (name, rule) in rules {
        let sentence = rule["Assertions"][0]["AssertDescription"].as_str().expect("it says why");
        assert!(sentence.ends_with('.') && sentence.len() > 40, "{name}: {sentence}");
    }
}

/// Source: AWS Lambda, "Lambda function URLs".
#[test]
fn regions_without_function_urls_are_refused() {
    let refused = &template::rules()["RegionHasFunctionUrls"]["Assertions"][0]["Assert"][0];
    assert_eq!(refused[1], "AWS::Region");
    let refused = refused[0].as_array().expect("it lists regions");
    let regions = [
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-south-2",
        "il-central-1",
        "me-central-1",
    ];
    assert_eq!(*refused, regions);
}
