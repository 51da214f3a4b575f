//! The consumers' templates against Usher's own: times and names that have to agree.

use std::fs;

use serde_json::Value;

use crate::template::{outputs, parameters, properties};

const LANGUAGES: [&str; 3] = ["python", "typescript", "rust"];

/// The number of times a consumer's timeout for which a received message has to stay hidden (AWS Lambda Developer Guide,
/// "Using Lambda with Amazon SQS"): Lambda retries a throttled batch, and the message must not be received meanwhile.
const TIMES: u64 = 6;

fn template(folder: &str) -> Value {
    let path = format!("{}/events/consumers/{folder}/template.yaml", env!("CARGO_MANIFEST_DIR"));
    serde_saphyr::from_str(&fs::read_to_string(path).expect("the consumer has a template"))
        .expect("it is YAML")
}

fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn a_received_event_stays_hidden_for_six_times_a_consumer_s_timeout() {
    assert_eq!(properties("Queue")["VisibilityTimeout"], "VisibilityTimeoutSeconds");
    let hidden = number(&parameters()["VisibilityTimeoutSeconds"]["Default"]);
    for language in LANGUAGES {
        let timeout = number(&template(language)["Resources"]["Function"]["Properties"]["Timeout"]);
        assert!(hidden >= TIMES * timeout, "{language}: {hidden} s is less than {TIMES} times {timeout} s");
    }
}

#[test]
fn a_handled_event_is_remembered_for_as_long_as_usher_may_send_a_copy() {
    let kept = &parameters()["RetentionDays"];
    for language in LANGUAGES {
        let template = template(language);
        let remembered = &template["Parameters"]["RetentionDays"];
        assert!(number(&remembered["Default"]) >= number(&kept["Default"]), "{language}");
        assert_eq!(
            remembered["AllowedPattern"], kept["AllowedPattern"],
            "{language}: Usher's longest fits, too"
        );
        let variables = &template["Resources"]["Function"]["Properties"]["Environment"]["Variables"];
        assert_eq!(variables["RETENTION_DAYS"], "RetentionDays", "{language}");
        let expiry = &template["Resources"]["Seen"]["Properties"]["TimeToLiveSpecification"];
        assert_eq!((&expiry["AttributeName"], &expiry["Enabled"]), (&"expiration".into(), &true.into()));
    }
}

#[test]
fn one_bad_event_brings_back_no_other_and_a_burst_is_bounded() {
    for language in LANGUAGES {
        let template = template(language);
        let source = &template["Resources"]["Source"]["Properties"];
        assert_eq!(
            source["FunctionResponseTypes"],
            serde_json::json!(["ReportBatchItemFailures"]),
            "{language}"
        );
        assert_eq!(source["ScalingConfig"]["MaximumConcurrency"], "MaximumConcurrency", "{language}");
        let bound = &template["Parameters"]["MaximumConcurrency"];
        // Lambda takes no less than 2 and no more than 1,000.
        assert_eq!((number(&bound["MinValue"]), number(&bound["MaxValue"])), (2, 1000), "{language}");
    }
}

#[test]
fn every_name_that_a_consumer_imports_is_exported() {
    let exported = |name: &str| outputs()[name]["Export"]["Name"] == format!("${{AWS::StackName}}-{name}");
    for folder in LANGUAGES.into_iter().chain(["fan-out"]) {
        let imports = imports(&template(folder));
        assert!(!imports.is_empty(), "{folder} finds Usher's queue");
        for name in imports {
            let output = name.strip_prefix("${UsherStack}-").unwrap_or_else(|| panic!("{folder}: {name}"));
            assert!(exported(output), "{folder} imports {output}, which is not exported");
        }
    }
}

/// Returns the names of `!ImportValue {"Fn::Sub": …}`.
fn imports(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("Fn::Sub").and_then(Value::as_str);
            let own = own.filter(|name| name.starts_with("${UsherStack}")).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(imports)).collect()
        }
        Value::Array(values) => values.iter().flat_map(imports).collect(),
        _ => Vec::new(),
    }
}
