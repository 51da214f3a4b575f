//! RUNBOOK.md's policy for the operator allows what the tool calls, and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex_lite::Regex;
use serde_json::Value;

use crate::document::section;

const SECTION: &str = "## What the tool may do in your account";

/// The code that the tool calls AWS with: its own, and the ledger's operations for operators.
const SOURCES: [&str; 3] =
    ["usher/src", "shared/usher-aws/src/dynamodb/operator.rs", "shared/usher-aws/src/dynamodb/backlog.rs"];

/// The name that policies have for a service, if it is not the crate's.
const SERVICES: [(&str, &str); 2] = [("cloudwatchlogs", "logs"), ("eventbridge", "events")];

#[test]
fn the_operators_policy_allows_what_the_tool_calls_and_nothing_else() {
    let called = called();
    assert!(called.len() >= 10, "the tool calls more than {called:?}: this test no longer finds its calls");
    let allowed = allowed();
    for (action, file) in &called {
        assert!(
            allowed.contains(action),
            "{file} calls {action}. In RUNBOOK.md, section {SECTION:?}, add the line\n    \"{action}\",\nto the \
             statement of its service, and the action to the table of commands"
        );
    }
    let called: BTreeSet<_> = called.into_iter().map(|(action, _)| action).collect();
    for action in &allowed {
        assert!(
            called.contains(action),
            "the tool no longer calls {action}: delete it from RUNBOOK.md's policy"
        );
    }
}

#[test]
fn the_table_of_commands_names_the_actions_of_the_policy() {
    let section = section("RUNBOOK.md", SECTION);
    let rows: String = section.lines().filter(|line| line.starts_with('|')).collect();
    for action in allowed() {
        let name = action.split_once(':').map_or(action.as_str(), |(_, name)| name);
        assert!(
            rows.contains(&format!("{name}`")) || section.contains(&format!("needs `{action}`")),
            "RUNBOOK.md, section {SECTION:?}: no command is said to need {action}"
        );
    }
}

#[test]
fn every_statement_of_the_policy_is_about_resources_of_the_stack() {
    for statement in statements() {
        let resources = list(&statement["Resource"]);
        assert!(!resources.is_empty(), "{statement}");
        for resource in resources {
            assert!(
                resource.contains('<') && !resource.ends_with(":*"),
                "{resource} in {} is wider than the stack",
                statement["Sid"]
            );
        }
        assert_eq!(statement["Effect"], "Allow");
        assert!(list(&statement["Action"]).iter().all(|action| !action.contains('*')), "{statement}");
    }
}

fn allowed() -> BTreeSet<String> {
    statements().iter().flat_map(|statement| list(&statement["Action"])).collect()
}

fn statements() -> Vec<Value> {
    let section = section("RUNBOOK.md", SECTION);
    let json = section.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
    let policy: Value =
        serde_json::from_str(json.expect("the section has a policy")).expect("a policy is JSON");
    assert_eq!(policy["Version"], "2012-10-17");
    policy["Statement"].as_array().expect("a policy has statements").clone()
}

/// Returns the elements of a list, or a text that stands for a list of one.
fn list(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
    items.into_iter().map(|item| item.as_str().expect("it is text").to_owned()).collect()
}

/// Returns the actions that the sources call, each with a file that calls it.
fn called() -> BTreeSet<(String, String)> {
    let mut called = BTreeSet::new();
    for source in SOURCES {
        for (path, code) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source)) {
            called.extend(calls(&path, &code).into_iter().map(|action| (action, path.clone())));
        }
    }
    called
}

/// Returns the actions that one file calls. A request of the SDK is made by a method with the operation's name and
/// without arguments, such as `.get_item()`, or comes as the operation's builder.
fn calls(path: &str, code: &str) -> BTreeSet<String> {
    let find = |pattern: &str| {
        let pattern = Regex::new(pattern).expect("it is a regular expression");
        let found = pattern.captures_iter(code).map(|found| found[1].to_owned());
        found.collect::<BTreeSet<_>>()
    };
    let services = find(r"aws_sdk_([a-z]+)");
    // Only requests of the SDK are sent without arguments.
    assert!(
        !services.is_empty() || find(r"\.(send)\(\)\s*\.await").is_empty(),
        "{path} sends a request of an SDK that it does not name: name the type of its client (aws_sdk_…::Client)"
    );
    // A request that the tool signs itself names its operation in a header.
    let signed = find(r#""Logs_[0-9]+\.([A-Za-z]+)""#).into_iter().map(|name| format!("logs:{name}"));
    if services.is_empty() {
        return signed.collect();
    }
    let [service] = services.iter().collect::<Vec<_>>()[..] else {
        panic!("{path} calls more than one service {services:?}: make it two files")
    };
    let service = SERVICES.iter().find(|(name, _)| name == service).map_or(service.as_str(), |(_, own)| own);
    let methods = find(&format!(r"\.((?:{VERBS})_[a-z_]+|scan|query|invoke)\(\)"));
    let built = find(r"operation::([a-z_]+)::builders");
    methods.union(&built).map(|name| action(service, name)).chain(signed).collect()
}

/// The verbs that operations begin with.
const VERBS: &str = "get|put|list|describe|start|cancel|stop|send|delete|receive|change|update|filter|create|set|batch|\
                     transact|simulate|tag|untag|purge|publish|lookup|restore|rotate|head|copy";

/// Returns an operation as policies write it. A batch needs the permission for its single operation.
fn action(service: &str, operation: &str) -> String {
    let words = operation.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    let name: String = words.collect();
    format!("{service}:{}", name.strip_suffix("Batch").filter(|_| service == "sqs").unwrap_or(&name))
}

/// Returns a file, or all Rust files in a folder, with their paths.
fn sources(path: &Path) -> Vec<(String, String)> {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("the folder can be read");
        return entries.flat_map(|entry| sources(&entry.expect("it can be read").path())).collect();
    }
    let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("it is in the repository");
    vec![(name.display().to_string(), fs::read_to_string(path).expect("a source is text"))]
}
