//! A wrong configuration ends a function as it starts. The one line that it prints names the variable, never its value.

use crate::delivery::Provider;
use crate::world::AWS;
use fakes::function::Function;
use jiff::Timestamp;
use serde_json::Value;

/// A value, right or wrong, which must not be printed.
const VALUE: &str = "a-value-never-to-be-printed";

/// Returns variables with which a provider's function starts.
fn complete() -> Vec<(&'static str, &'static str)> {
    let mut variables = AWS.to_vec();
    variables.extend([
        ("TABLE_NAME", VALUE),
        ("QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/1/a-value-never-to-be-printed"),
        ("WEBHOOK_SECRETS", VALUE),
    ]);
    variables
}

/// Starts a binary, which has to fail, and returns the function and the message of the line it ends with.
async fn complaint(binary: &str, variables: &[(&str, &str)]) -> String {
    let mut function = Function::start(binary, variables).await;
    let status = function.ended().await;
    let output = function.output();
    assert!(!status.success(), "{output}");
    assert_eq!(output.lines().count(), 1, "one line: {output}");
    for (name, value) in variables.iter().filter(|(_, value)| value.trim().len() > 5) {
        assert!(!output.contains(value), "{name}'s value is printed: {output}");
    }
    let line: Value = serde_json::from_str(&output).expect("the line is JSON, as every other of the log");
    assert_eq!(line["level"], "ERROR");
    // Lambda ignores a level without a timestamp.
    assert!(line["timestamp"].as_str().is_some_and(|time| time.parse::<Timestamp>().is_ok()), "{line}");
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    format!("{}: {}", text("function"), text("message"))
}

/// Starts a function with [`complete`] variables but for one, and returns its name and what it ends with.
async fn complaint_about(provider: Provider, name: &str, value: Option<&str>) -> String {
    let mut variables: Vec<(&str, &str)> = complete();
    variables.retain(|(other, _)| *other != name);
    variables.extend(value.map(|value| (name, value)));
    complaint(provider.binary(), &variables).await
}

/// Each message that a wrong variable can have. `usher-aws/tests/config.rs` has every value that leads to one.
#[tokio::test]
async fn every_kind_of_mistake_is_named() {
    for (provider, name, value, said) in [
        (Provider::Luma, "TABLE_NAME", None, "TABLE_NAME is not set"),
        (Provider::Luma, "QUEUE_URL", Some(" \t"), "QUEUE_URL is empty"),
        (Provider::Lunacal, "WEBHOOK_SECRETS", None, "neither WEBHOOK_SECRETS_ID nor WEBHOOK_SECRETS is set"),
        (
            Provider::Lunacal,
            "WEBHOOK_SECRETS_ID",
            Some(VALUE),
            "both WEBHOOK_SECRETS_ID and WEBHOOK_SECRETS are set; set one",
        ),
        (
            Provider::Allfly,
            "RETENTION_DAYS",
            Some(VALUE),
            "RETENTION_DAYS is not a whole number from 1 to 3650",
        ),
        (Provider::Lunacal, "ALLOW_UNSIGNED", Some(VALUE), "ALLOW_UNSIGNED is neither `true` nor `false`"),
        (Provider::Luma, "ALLOW_UNSIGNED", Some("true"), "ALLOW_UNSIGNED does not apply to luma"),
        (
            Provider::Luma,
            "AWS_CA_BUNDLE",
            Some("/a-value-never-to-be-printed"),
            "AWS_CA_BUNDLE can't be read: entity not found",
        ),
        (
            Provider::Allfly,
            "METRICS_NAMESPACE",
            Some("a value never to be printed"),
            "METRICS_NAMESPACE is no CloudWatch namespace: letters, digits and .-_/#: only, 255 at most",
        ),
        (
            Provider::Luma,
            "AWS_ENDPOINT_URL_SQS",
            Some(VALUE),
            "AWS_ENDPOINT_URL_SQS does not begin with http:// or https://",
        ),
    ] {
        let complaint = complaint_about(provider, name, value).await;
        assert_eq!(complaint, format!("{}: {said}", provider.name()));
    }
}

#[tokio::test]
async fn a_bad_ca_bundle_is_named() {
    let bundle = concat!(env!("CARGO_TARGET_TMPDIR"), "/a-value-never-to-be-printed.pem");
    for (pem, said) in [
        ("no PEM at all", "holds no certificate in PEM form"),
        (
            "-----BEGIN CERTIFICATE-----\nQUFB\n-----END CERTIFICATE-----\n",
            "holds a certificate that can't be read",
        ),
    ] {
        std::fs::write(bundle, pem).expect("the folder is there");
        let complaint = complaint_about(Provider::Luma, "AWS_CA_BUNDLE", Some(bundle)).await;
        assert_eq!(complaint, format!("luma: AWS_CA_BUNDLE {said}"), "{pem}");
    }
}

#[tokio::test]
async fn the_relay_names_its_variables_too() {
    let relay = env!("CARGO_BIN_EXE_relay");
    assert_eq!(complaint(relay, &AWS).await, "relay: TABLE_NAME is not set");
    let mut variables = complete();
    variables.push(("RETENTION_DAYS", VALUE));
    let said = complaint(relay, &variables).await;
    assert!(said.starts_with("relay: RETENTION_DAYS is not a whole number"), "{said}");
}
