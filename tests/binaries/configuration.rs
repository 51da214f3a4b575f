//! A wrong configuration ends a function at its start, with one line that names the variable and never its value.

use crate::delivery::Provider;
use crate::world::AWS;
use fakes::function::Function;

/// Stands for every value, right or wrong: none may be printed.
const VALUE: &str = "a-value-never-to-be-printed";

/// Variables with which a provider's function starts.
fn complete() -> Vec<(&'static str, &'static str)> {
    let mut variables = AWS.to_vec();
    variables.extend([
        ("TABLE_NAME", VALUE),
        ("QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/1/a-value-never-to-be-printed"),
        ("WEBHOOK_SECRETS", VALUE),
    ]);
    variables
}

async fn complaint(binary: &str, variables: &[(&str, &str)]) -> String {
    let mut function = Function::start(binary, variables).await;
    let status = function.ended().await;
    let output = function.output();
    assert!(!status.success(), "{output}");
    assert_eq!(output.lines().count(), 1, "one line: {output}");
    for (name, value) in variables.iter().filter(|(_, value)| value.trim().len() > 5) {
        assert!(!output.contains(value), "{name}'s value is printed: {output}");
    }
    output
}

/// `complete()` with one variable set otherwise.
async fn complaint_about(provider: Provider, name: &str, value: &str) -> String {
    let mut variables = complete();
    variables.retain(|(other, _)| *other != name);
    let mut variables: Vec<(&str, &str)> = variables;
    variables.push((name, value));
    complaint(provider.binary(), &variables).await
}

#[tokio::test]
async fn every_required_variable_is_named_when_missing_or_empty() {
    for name in ["TABLE_NAME", "QUEUE_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        let mut without = complete();
        without.retain(|(other, _)| *other != name);
        let missing = complaint(Provider::Luma.binary(), &without).await;
        assert_eq!(missing, format!("usher luma: {name} is not set\n"));
        for blank in ["", " \t"] {
            let empty = complaint_about(Provider::Luma, name, blank).await;
            assert_eq!(empty, format!("usher luma: {name} is empty\n"));
        }
    }
}

#[tokio::test]
async fn exactly_one_source_of_secrets_is_required() {
    let mut neither = complete();
    neither.retain(|(name, _)| *name != "WEBHOOK_SECRETS");
    let neither = complaint(Provider::Lunacal.binary(), &neither).await;
    assert_eq!(neither, "usher lunacal: neither WEBHOOK_SECRETS_ID nor WEBHOOK_SECRETS is set\n");
    let both = complaint_about(Provider::Lunacal, "WEBHOOK_SECRETS_ID", VALUE).await;
    assert_eq!(both, "usher lunacal: both WEBHOOK_SECRETS_ID and WEBHOOK_SECRETS are set; set one\n");
    let empty = complaint_about(Provider::Lunacal, "WEBHOOK_SECRETS_ID", "").await;
    assert_eq!(empty, "usher lunacal: WEBHOOK_SECRETS_ID is empty\n");
}

#[tokio::test]
async fn a_bad_number_is_named() {
    for name in ["TOLERANCE_SECONDS", "MAX_BODY_BYTES", "RETENTION_DAYS"] {
        for bad in [VALUE, "0", "-1", "1.5", "99999999999999999999999"] {
            let said = complaint_about(Provider::AllFly, name, bad).await;
            assert!(
                said.starts_with(&format!("usher allfly: {name} is not a whole number from 1 to ")),
                "{said}"
            );
        }
    }
}

#[tokio::test]
async fn a_bad_switch_is_named() {
    for (provider, name) in
        [(Provider::Lunacal, "ALLOW_UNSIGNED"), (Provider::Luma, "ACCEPT_STANDARD_WEBHOOKS")]
    {
        let said = complaint_about(provider, name, VALUE).await;
        assert_eq!(said, format!("usher {}: {name} is neither `true` nor `false`\n", provider.name()));
    }
    let said = complaint_about(Provider::Luma, "ALLOW_UNSIGNED", "true").await;
    assert_eq!(said, "usher luma: ALLOW_UNSIGNED does not apply to luma\n");
}

#[tokio::test]
async fn a_bad_endpoint_is_named() {
    for name in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_ENDPOINT_URL_SQS",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    ] {
        let said = complaint_about(Provider::Luma, name, VALUE).await;
        assert_eq!(said, format!("usher luma: {name} does not begin with http:// or https://\n"));
    }
}

#[tokio::test]
async fn a_bad_ca_bundle_is_named() {
    let none = complaint_about(Provider::Luma, "AWS_CA_BUNDLE", "/a-value-never-to-be-printed").await;
    assert_eq!(none, "usher luma: AWS_CA_BUNDLE can't be read: entity not found\n");
    let bundle = concat!(env!("CARGO_TARGET_TMPDIR"), "/a-value-never-to-be-printed.pem");
    for (pem, said) in [
        ("", "holds no certificate in PEM form"),
        ("no PEM at all", "holds no certificate in PEM form"),
        ("-----BEGIN CERTIFICATE-----\n", "holds a certificate that can't be read"),
        (
            "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n",
            "holds a certificate that can't be read",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nQUFB\n-----END CERTIFICATE-----\n",
            "holds a certificate that can't be read",
        ),
    ] {
        std::fs::write(bundle, pem).expect("the folder is there");
        let complaint = complaint_about(Provider::Luma, "AWS_CA_BUNDLE", bundle).await;
        assert_eq!(complaint, format!("usher luma: AWS_CA_BUNDLE {said}\n"), "{pem}");
    }
}

#[tokio::test]
async fn the_relay_names_its_variables_too() {
    let relay = env!("CARGO_BIN_EXE_relay");
    assert_eq!(complaint(relay, &AWS).await, "usher relay: TABLE_NAME is not set\n");
    let mut variables = complete();
    variables.push(("RETENTION_DAYS", VALUE));
    let said = complaint(relay, &variables).await;
    assert!(said.starts_with("usher relay: RETENTION_DAYS is not a whole number"), "{said}");
}
