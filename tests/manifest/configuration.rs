//! The template's parameters reach the code, and the code accepts every value that they may have.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use usher_aws::config::{Aws, RelayConfig, SecretSource};
use usher_core::policy::Policy;

use crate::code;
use crate::manifest::RELAY;
use crate::template::{bounds, environment, parameters};

#[test]
fn every_variable_of_the_template_is_one_its_function_reads() {
    for provider in code::providers() {
        let asked = RefCell::default();
        (provider.configure)(&listening(provider.name, "Default", &asked)).expect("the defaults are taken");
        assert_all_read(provider.name, &asked.into_inner());
    }
    let asked = RefCell::default();
    RelayConfig::from_environment(&listening(RELAY, "Default", &asked)).expect("the defaults are taken");
    assert_all_read(RELAY, &asked.into_inner());
}

#[test]
fn what_is_deployed_unchanged_is_what_the_code_does_unasked() {
    for provider in code::providers() {
        let config =
            (provider.configure)(&variables(provider.name, "Default")).expect("the defaults are taken");
        assert_eq!(config.policy.max_body_bytes, Policy::MAX_BODY_BYTES);
        assert_eq!(config.policy.retention, Policy::RETENTION);
        assert!(!config.policy.allow_unsigned);
        assert!(!config.policy.accept_standard_webhooks);
        assert_eq!((config.stores.table.as_str(), config.stores.queue_url.as_str()), ("Ledger", "Queue"));
        assert!(matches!(config.secrets, SecretSource::SecretsManager(_)));
        let Aws { dynamodb_endpoint, sqs_endpoint, secrets_manager_endpoint, .. } = config.aws;
        assert_eq!((dynamodb_endpoint, sqs_endpoint, secrets_manager_endpoint), (None, None, None));
    }
    let config = RelayConfig::from_environment(&variables(RELAY, "Default")).expect("the defaults are taken");
    assert_eq!(config.retention, Policy::RETENTION);
}

#[test]
fn every_value_that_a_deployer_may_choose_is_taken() {
    for bound in ["MinValue", "MaxValue"] {
        for provider in code::providers() {
            (provider.configure)(&variables(provider.name, bound))
                .unwrap_or_else(|error| panic!("{bound} for {}: {error}", provider.name));
        }
        RelayConfig::from_environment(&variables(RELAY, bound))
            .unwrap_or_else(|error| panic!("{bound}: {error}"));
    }
    for switch in parameters().values().filter(|parameter| parameter["Default"] == "false") {
        assert_eq!(switch["AllowedValues"], serde_json::json!(["true", "false"]));
    }
}

/// Returns the environment of a deployed function: the template's variables, with the value of each parameter that
/// `which` names, and Lambda's own.
fn variables(binary: &str, which: &str) -> impl Fn(&str) -> Option<String> + use<> {
    let lambda = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let lambda = lambda.into_iter().map(|name| (name.to_owned(), "set-by-Lambda".to_owned()));
    let stated = environment(binary).into_iter().map(|(name, value)| (name, resolved(&value, which)));
    let all: BTreeMap<String, String> = stated.chain(lambda).collect();
    move |name| all.get(name).cloned()
}

fn listening<'a>(
    binary: &str,
    which: &str,
    asked: &'a RefCell<BTreeSet<String>>,
) -> impl Fn(&str) -> Option<String> + use<'a> {
    let variables = variables(binary, which);
    move |name| {
        asked.borrow_mut().insert(name.to_owned());
        variables(name)
    }
}

fn assert_all_read(binary: &str, asked: &BTreeSet<String>) {
    let stated = environment(binary);
    let ignored: Vec<_> = stated.keys().filter(|name| !asked.contains(*name)).collect();
    assert!(ignored.is_empty(), "{binary} does not read {ignored:?}");
}

/// Returns a parameter's value, or the text that the template has instead of a parameter.
fn resolved(value: &Value, which: &str) -> String {
    // A secret of the stack's own, unless the deployer names one.
    let name = value.as_array().map_or(value, |choice| &choice[1]).as_str().expect("a variable is text");
    let Some(parameter) = parameters().get(name) else { return name.replace("${AWS::StackName}", "usher") };
    let bound = bounds(name).and_then(|(min, max)| match which {
        "MinValue" => Some(min),
        "MaxValue" => Some(max),
        _ => None,
    });
    if let Some(bound) = bound {
        return bound.to_string();
    }
    match &parameter["Default"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
