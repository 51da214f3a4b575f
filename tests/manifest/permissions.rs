//! Every function may make the calls that its code makes, on its own resources, and no others.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::calls::{HANDLER, RELAY as RELAY_CALLS, operations};
use crate::manifest::{RELAY, binaries, providers};
use crate::template::{function, logical, properties, resources};

#[test]
fn a_providers_function_may_call_what_it_calls() {
    for provider in providers() {
        let secret = format!("{}.Id", logical(&provider, "Secret"));
        let expected = [
            ("dynamodb:PutItem", "Ledger.Arn"),
            ("dynamodb:UpdateItem", "Ledger.Arn"),
            ("sqs:SendMessage", "Queue.Arn"),
            ("secretsmanager:GetSecretValue", secret.as_str()),
        ];
        assert_eq!(allowed(&provider), owned(&expected), "{provider}");
        assert_eq!(operations(&HANDLER), expected.map(|(action, _)| action).into());
    }
}

#[test]
fn the_relay_may_call_what_it_calls() {
    let expected = [
        ("dynamodb:Query", "${Ledger.Arn}/index/pending"),
        ("dynamodb:UpdateItem", "Ledger.Arn"),
        // On AWS, SendMessage also allows SendMessageBatch.
        ("sqs:SendMessage", "Queue.Arn"),
    ];
    assert_eq!(allowed(RELAY), owned(&expected));
    let called = ["dynamodb:Query", "dynamodb:UpdateItem", "sqs:SendMessageBatch"];
    assert_eq!(operations(&RELAY_CALLS), called.into());
}

#[test]
fn nothing_is_allowed_but_by_the_functions_own_policies() {
    let policies: Vec<_> = resources("AWS::IAM::").map(|(name, _)| name).collect();
    // The role of the Slack channel is none of a function's.
    assert_eq!(policies, ["AlarmChannelRole", SHARED]);
    // SAM gives each function a role of its own unless the template names one.
    assert!(binaries().iter().all(|binary| function(binary).get("Role").is_none()));
}

/// A log group that a late line recreates after `sam delete` would have no end, and block the next deployment, whose own
/// group has the same name. SAM's basic role lets a function make one.
#[test]
fn no_function_may_make_a_log_group() {
    for binary in binaries() {
        let denied = statements(&binary).into_iter().any(|statement| {
            statement["Effect"] == "Deny"
                && list(&statement["Action"]).contains(&&"logs:CreateLogGroup".into())
                && statement["Resource"] == "*"
        });
        assert!(denied, "{binary}");
    }
}

/// The policy of all providers' functions.
const SHARED: &str = "ReceivePolicy";

/// Returns pairs of action and resource.
fn allowed(binary: &str) -> BTreeSet<(String, String)> {
    statements(binary).into_iter().flat_map(pairs).collect()
}

/// Returns the statements of a function's policies.
fn statements(binary: &str) -> Vec<&'static Value> {
    let policies = list(&function(binary)["Policies"]);
    let statements = policies.into_iter().flat_map(|policy| match policy {
        Value::String(name) if name == SHARED => list(&properties(name)["PolicyDocument"]["Statement"]),
        Value::Object(policy) => list(&policy["Statement"]),
        other => panic!("{binary} has the policy {other}, which this test does not know"),
    });
    statements.collect()
}

fn pairs(statement: &Value) -> Vec<(String, String)> {
    let members: BTreeSet<_> =
        statement.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    assert_eq!(members, ["Action", "Effect", "Resource"].into());
    if statement["Effect"] == "Deny" {
        assert_eq!(
            (&statement["Action"], &statement["Resource"]),
            (&"logs:CreateLogGroup".into(), &"*".into())
        );
        return Vec::new();
    }
    assert_eq!(statement["Effect"], "Allow");
    // A secret of the stack's own, unless the deployer names one.
    let resource = statement["Resource"].as_array().map_or(&statement["Resource"], |choice| &choice[1]);
    let resource = resource.as_str().expect("a statement is about one resource");
    let actions = list(&statement["Action"]).into_iter().map(|action| action.as_str().expect("it is text"));
    actions.map(|action| (action.to_owned(), resource.to_owned())).collect()
}

/// Returns the elements of a list, or a value that stands for a list of one.
fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

fn owned(pairs: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    pairs.iter().map(|(action, resource)| ((*action).to_owned(), (*resource).to_owned())).collect()
}
