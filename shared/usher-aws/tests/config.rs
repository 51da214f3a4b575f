//! Every environment variable: its effect, its default, and the error for a wrong value.

use std::collections::HashMap;
use std::time::Duration;

use usher_aws::config::{ConfigError, ProviderConfig, RelayConfig, SecretSource};
use usher_core::policy::Policy;
use usher_core::provider::Provider;
use usher_core::providers::Allfly;
use usher_core::providers::{Luma, Lunacal};

/// A set of variables.
#[derive(Clone)]
struct Variables(HashMap<&'static str, &'static str>);

/// Returns the variables that a provider's function can't do without.
fn least() -> Variables {
    Variables(HashMap::from([
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "key-id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
        ("TABLE_NAME", "ledger"),
        ("QUEUE_URL", "https://sqs.example/1/usher"),
        ("WEBHOOK_SECRETS_ID", "usher/luma"),
    ]))
}

impl Variables {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.insert(name, value);
        self
    }

    fn without(mut self, name: &'static str) -> Self {
        self.0.remove(name);
        self
    }

    fn read<P: Provider>(&self) -> Result<ProviderConfig, ConfigError> {
        ProviderConfig::from_environment::<P>(&|name: &str| self.0.get(name).map(|value| (*value).to_owned()))
    }

    fn read_relay(&self) -> Result<RelayConfig, ConfigError> {
        RelayConfig::from_environment(&|name: &str| self.0.get(name).map(|value| (*value).to_owned()))
    }

    fn luma(&self) -> ProviderConfig {
        self.read::<Luma>().unwrap_or_else(|error| panic!("{error}"))
    }

    fn error<P: Provider>(&self) -> ConfigError {
        self.read::<P>().err().expect("it is wrong")
    }
}

#[test]
fn the_least_is_enough_and_the_rest_has_defaults() {
    let config = least().luma();
    assert_eq!(config.stores.table, "ledger");
    assert_eq!(config.stores.queue_url, "https://sqs.example/1/usher");
    assert!(config.secrets == SecretSource::SecretsManager("usher/luma".to_owned()));
    assert_eq!(config.policy.tolerance, Luma::TOLERANCE);
    assert_eq!(config.policy.max_body_bytes, 256 * 1024);
    assert_eq!(config.policy.retention, Duration::from_hours(35 * 24));
    assert!(!config.policy.allow_unsigned && !config.policy.accept_standard_webhooks);
    assert_eq!(config.aws.region, "eu-central-1");
    assert_eq!((config.aws.access_key_id.as_str(), config.aws.secret_access_key.as_str()), ("key-id", "key"));
    assert_eq!(config.aws.session_token, None);
    assert_eq!(config.aws.dynamodb_endpoint, None);
    assert_eq!(config.aws.sqs_endpoint, None);
    assert_eq!(config.aws.secrets_manager_endpoint, None);
    assert!(config.aws.ca_bundle.is_none());
}

#[test]
fn every_provider_has_its_own_tolerance() {
    assert_eq!(least().read::<Allfly>().ok().map(|config| config.policy.tolerance), Some(Allfly::TOLERANCE));
    assert_eq!(
        least().read::<Lunacal>().ok().map(|config| config.policy.tolerance),
        Some(Lunacal::TOLERANCE)
    );
}

#[test]
fn what_is_required_is_named_when_missing_or_empty() {
    for name in ["TABLE_NAME", "QUEUE_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        assert_eq!(least().without(name).error::<Luma>(), ConfigError::Missing(name));
        assert_eq!(least().with(name, "").error::<Luma>(), ConfigError::Empty(name));
        assert_eq!(least().with(name, " \n").error::<Luma>(), ConfigError::Empty(name));
    }
}

#[test]
fn the_region_may_come_from_aws_default_region_but_aws_region_goes_first() {
    let both = least().with("AWS_DEFAULT_REGION", "us-east-1");
    assert_eq!(both.luma().aws.region, "eu-central-1");
    assert_eq!(both.without("AWS_REGION").luma().aws.region, "us-east-1");
}

#[test]
fn a_session_token_is_optional() {
    let with = |token| least().with("AWS_SESSION_TOKEN", token).luma().aws.session_token;
    assert_eq!(with("token").as_deref(), Some("token"));
    assert_eq!(with(""), None);
}

#[test]
fn metrics_have_a_namespace_that_cloudwatch_takes() {
    assert_eq!(least().luma().metrics_namespace, "Usher");
    let named = |name| least().with("METRICS_NAMESPACE", name);
    assert_eq!(named("Usher/staging-2").luma().metrics_namespace, "Usher/staging-2");
    let too_long: &str = "n".repeat(256).leak();
    for name in ["AWS/Lambda", "with space", "ümlaut", "quote\"", too_long] {
        assert_eq!(named(name).error::<Luma>(), ConfigError::NotANamespace("METRICS_NAMESPACE"));
    }
}

#[test]
fn secrets_come_from_one_source_and_not_from_two() {
    let document = least().without("WEBHOOK_SECRETS_ID").with("WEBHOOK_SECRETS", "whsec_x");
    assert!(document.luma().secrets == SecretSource::Document("whsec_x".to_owned()));
    assert_eq!(least().without("WEBHOOK_SECRETS_ID").error::<Luma>(), ConfigError::NoSecrets);
    assert_eq!(least().with("WEBHOOK_SECRETS", "x").error::<Luma>(), ConfigError::TwoSecrets);
    assert_eq!(least().with("WEBHOOK_SECRETS", "").error::<Luma>(), ConfigError::TwoSecrets);
    assert_eq!(
        least().with("WEBHOOK_SECRETS_ID", "").error::<Luma>(),
        ConfigError::Empty("WEBHOOK_SECRETS_ID")
    );
    // A document without a secret: answered 500, like one in Secrets Manager.
    let empty = least().without("WEBHOOK_SECRETS_ID").with("WEBHOOK_SECRETS", "");
    assert!(empty.luma().secrets == SecretSource::Document(String::new()));
}

#[test]
fn an_endpoint_of_one_service_goes_before_the_one_of_all() {
    let everywhere = least().with("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
    let aws = everywhere.luma().aws;
    for endpoint in [aws.dynamodb_endpoint, aws.sqs_endpoint, aws.secrets_manager_endpoint] {
        assert_eq!(endpoint.as_deref(), Some("http://127.0.0.1:4566"));
    }
    let aws = everywhere.with("AWS_ENDPOINT_URL_SQS", "https://sqs.example").luma().aws;
    assert_eq!(aws.sqs_endpoint.as_deref(), Some("https://sqs.example"));
    assert_eq!(aws.dynamodb_endpoint.as_deref(), Some("http://127.0.0.1:4566"));
}

#[test]
fn each_service_s_endpoint_is_its_own() {
    let aws = least()
        .with("AWS_ENDPOINT_URL_DYNAMODB", "http://dynamodb")
        .with("AWS_ENDPOINT_URL_SQS", "http://sqs")
        .with("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secrets")
        .luma()
        .aws;
    assert_eq!(aws.dynamodb_endpoint.as_deref(), Some("http://dynamodb"));
    assert_eq!(aws.sqs_endpoint.as_deref(), Some("http://sqs"));
    assert_eq!(aws.secrets_manager_endpoint.as_deref(), Some("http://secrets"));
}

#[test]
fn an_endpoint_without_a_scheme_is_named() {
    for name in [
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_ENDPOINT_URL_SQS",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    ] {
        for wrong in ["localhost:4566", "ftp://localhost", "//localhost"] {
            assert_eq!(least().with(name, wrong).error::<Luma>(), ConfigError::NotAnEndpoint(name));
        }
    }
}

#[test]
fn numbers_override_the_defaults() {
    let policy = least()
        .with("TOLERANCE_SECONDS", "60")
        .with("MAX_BODY_BYTES", "1024")
        .with("RETENTION_DAYS", "7")
        .luma()
        .policy;
    assert_eq!(policy.tolerance, Duration::from_mins(1));
    assert_eq!(policy.max_body_bytes, 1024);
    assert_eq!(policy.retention, Duration::from_hours(7 * 24));
}

#[test]
fn numbers_are_taken_from_one_to_their_largest() {
    let largest = [
        ("TOLERANCE_SECONDS", "86400", "86401"),
        ("MAX_BODY_BYTES", "262144", "262145"),
        ("RETENTION_DAYS", "3650", "3651"),
    ];
    for (name, most, too_much) in largest {
        for right in ["1", most] {
            assert!(least().with(name, right).read::<Luma>().is_ok(), "{name} {right}");
        }
        for wrong in ["0", too_much, "-1", "1.5", "1e3", "0x10", "many", " 1", "99999999999999999999999"] {
            let error = least().with(name, wrong).error::<Luma>();
            assert!(
                matches!(error, ConfigError::NotANumber { name: named, min: 1, .. } if named == name),
                "{name} {wrong}: {error}"
            );
        }
        assert_eq!(least().with(name, "").error::<Luma>(), ConfigError::Empty(name));
    }
}

#[test]
fn switches_are_true_or_false_and_apply_to_one_provider() {
    let unsigned = least().with("ALLOW_UNSIGNED", "true");
    assert!(unsigned.read::<Lunacal>().is_ok_and(|config| config.policy.allow_unsigned));
    let standard = least().with("ACCEPT_STANDARD_WEBHOOKS", "true");
    assert!(standard.luma().policy.accept_standard_webhooks);

    let elsewhere = |name, provider| ConfigError::NotForThisProvider { name, provider };
    assert_eq!(unsigned.error::<Luma>(), elsewhere("ALLOW_UNSIGNED", "luma"));
    assert_eq!(unsigned.error::<Allfly>(), elsewhere("ALLOW_UNSIGNED", "allfly"));
    assert_eq!(standard.error::<Allfly>(), elsewhere("ACCEPT_STANDARD_WEBHOOKS", "allfly"));
    assert_eq!(standard.error::<Lunacal>(), elsewhere("ACCEPT_STANDARD_WEBHOOKS", "lunacal"));

    for name in ["ALLOW_UNSIGNED", "ACCEPT_STANDARD_WEBHOOKS"] {
        assert!(least().with(name, "false").read::<Allfly>().is_ok(), "off is off everywhere");
        for wrong in ["TRUE", "1", "yes", "true "] {
            assert_eq!(
                least().with(name, wrong).error::<Lunacal>(),
                ConfigError::NotABoolean(name),
                "{wrong}"
            );
        }
    }
}

#[test]
fn a_ca_bundle_is_read_and_looked_into() {
    let bundle = |path| least().with("AWS_CA_BUNDLE", path);
    let roots = concat!(env!("CARGO_MANIFEST_DIR"), "/src/amazon_roots.pem");
    assert!(
        bundle(roots)
            .luma()
            .aws
            .ca_bundle
            .is_some_and(|pem| pem == include_bytes!("../src/amazon_roots.pem"))
    );
    assert_eq!(
        bundle("/nowhere/at/all.pem").error::<Luma>(),
        ConfigError::CaBundle(std::io::ErrorKind::NotFound)
    );
    let no_pem = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert_eq!(bundle(no_pem).error::<Luma>(), ConfigError::NoCertificate);
    assert_eq!(bundle("").error::<Luma>(), ConfigError::Empty("AWS_CA_BUNDLE"));
    let broken = concat!(env!("CARGO_TARGET_TMPDIR"), "/broken.pem");
    for pem in
        ["-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"]
    {
        std::fs::write(broken, pem).expect("the folder is there");
        assert_eq!(bundle(broken).error::<Luma>(), ConfigError::BadCertificate, "{pem}");
    }
}

#[test]
fn the_relay_needs_no_secrets() {
    let config = least().without("WEBHOOK_SECRETS_ID").read_relay();
    let config = config.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(config.stores, least().luma().stores);
    assert_eq!(config.retention, Policy::RETENTION);
    let week = least().with("RETENTION_DAYS", "7").read_relay();
    assert_eq!(week.ok().map(|config| config.retention), Some(Duration::from_hours(7 * 24)));
    for name in ["TABLE_NAME", "QUEUE_URL", "AWS_REGION"] {
        assert_eq!(least().without(name).read_relay().err(), Some(ConfigError::Missing(name)));
    }
}

#[test]
fn a_tolerance_is_refused_where_no_signature_has_a_time() {
    let set = least().with("TOLERANCE_SECONDS", "60");
    let refused = |provider| ConfigError::NotForThisProvider { name: "TOLERANCE_SECONDS", provider };
    assert_eq!(set.error::<Lunacal>(), refused("lunacal"));
    assert_eq!(set.read_relay().err(), Some(refused("the relay")));
    assert!(set.read::<Luma>().is_ok() && set.read::<Allfly>().is_ok());
}

#[test]
fn a_blank_pasted_into_a_name_or_url_is_named() {
    for name in [
        "TABLE_NAME",
        "QUEUE_URL",
        "WEBHOOK_SECRETS_ID",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_ENDPOINT_URL_SQS",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    ] {
        for value in
            [" https://one.example", "https://one.example\n", "https://one.example /two", "https://\u{a0}x"]
        {
            assert_eq!(least().with(name, value).error::<Luma>(), ConfigError::Blank(name), "{value:?}");
        }
    }
    assert_eq!(
        least().with("QUEUE_URL", "https://x\t").read_relay().err(),
        Some(ConfigError::Blank("QUEUE_URL"))
    );
}

#[test]
fn a_retention_shorter_than_the_provider_s_retries_is_warned_of() {
    let kept = |days| least().with("RETENTION_DAYS", days);
    let warning = |days| kept(days).read::<Allfly>().ok().and_then(|config| config.warning::<Allfly>());
    assert!(warning("1").is_some_and(|warning| warning.contains("28 hours for which allfly")));
    assert_eq!(warning("2"), None);
    assert_eq!(kept("1").luma().warning::<Luma>(), None, "it retries for minutes");
}

#[test]
fn no_message_and_no_debug_output_holds_a_credential() {
    let aws = least().with("AWS_SECRET_ACCESS_KEY", "never-printed").luma().aws;
    let printed = format!("{aws:?}");
    assert!(!printed.contains("never-printed") && !printed.contains("key-id"), "{printed}");
}
