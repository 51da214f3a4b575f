//! Every function has all its parts.

use std::collections::BTreeSet;

use serde_json::Value;
use usher_core::providers::READERS;

use crate::manifest::{MANIFEST, RELAY, binaries, files, providers, source};
use crate::template::{function, globals, logical, outputs, properties, resources};
use crate::{code, template};

#[test]
fn every_binary_has_one_source_and_one_deployed_function() {
    assert_eq!(binaries(), files("functions", "rs"), "functions/*.rs");
    for bin in MANIFEST["bin"].as_array().expect("the manifest lists binaries") {
        let name = bin["name"].as_str().expect("a binary has a name");
        assert_eq!(bin["path"], format!("functions/{name}.rs"));
    }
    let deployed = resources("AWS::Serverless::Function").map(|(name, function)| {
        let binary = function["Metadata"]["BuildProperties"]["Binary"].as_str().expect("it names its binary");
        assert_eq!(name, logical(binary, "Function"));
        assert_eq!(function["Metadata"]["BuildMethod"], "rust-cargolambda");
        binary.to_owned()
    });
    assert_eq!(binaries(), deployed.collect::<BTreeSet<_>>(), "template.yaml");
}

#[test]
fn every_provider_has_its_own_code_and_the_relay_knows_it() {
    for provider in code::providers() {
        let (name, kind) = (provider.name, provider.type_name);
        assert!(
            source(name).contains(&format!("usher_aws::run::<{kind}>()")),
            "functions/{name}.rs runs {kind}"
        );
    }
    assert!(source(RELAY).contains("usher_aws::relay(&READERS)"));
    let read = READERS.map(|(name, _)| name.to_owned());
    assert_eq!(providers(), read.into(), "the relay reads every provider's bodies");
}

#[test]
fn every_provider_has_samples_and_a_sender_of_them() {
    for provider in providers() {
        assert!(!files(&format!("events/{provider}"), "json").is_empty(), "events/{provider} has samples");
    }
    let senders = events::Provider::ALL.map(|provider| provider.name().to_owned());
    assert_eq!(providers(), senders.into());
}

#[test]
fn every_provider_has_a_public_url_among_the_outputs() {
    for provider in providers() {
        assert_eq!(function(&provider)["FunctionUrlConfig"]["AuthType"], "NONE", "{provider}");
        let url = &outputs()[logical(&provider, "Url")]["Value"];
        assert_eq!(*url, format!("{}.FunctionUrl", logical(&provider, "FunctionUrl")));
    }
    assert_eq!(function(RELAY)["FunctionUrlConfig"], Value::Null);
    assert_eq!(globals()["AutoPublishAlias"], "live", "turning it off, or renaming it, changes every URL");
}

#[test]
fn every_provider_has_a_secret_of_its_own_among_the_outputs() {
    for provider in providers() {
        let (own, given) = (logical(&provider, "Secret"), logical(&provider, "SecretArn"));
        let id = serde_json::json!([format!("Makes{own}"), format!("{own}.Id"), given]);
        assert_eq!(template::environment(&provider)["WEBHOOK_SECRETS_ID"], id, "{provider}");
        assert_eq!(outputs()[logical(&provider, "SecretId")]["Value"], id);
    }
    let secrets: BTreeSet<_> =
        resources("AWS::SecretsManager::Secret").map(|(name, _)| name.to_owned()).collect();
    assert_eq!(secrets, providers().iter().map(|provider| logical(provider, "Secret")).collect());
}

/// Not even a value for tests: a value in the template would overwrite the deployer's at each deployment.
#[test]
fn no_secret_has_a_value_in_the_template() {
    for (name, _) in resources("AWS::SecretsManager::Secret") {
        let secret = properties(name);
        assert_eq!(secret.get("SecretString"), None, "{name}");
        if let Some(generated) = secret.get("GenerateSecretString") {
            assert_eq!(generated["SecretStringTemplate"], r#"{"signing": []}"#, "{name}");
            assert_eq!(generated["GenerateStringKey"], "url", "{name}");
            assert!(generated["PasswordLength"].as_u64() >= Some(32), "{name}");
        }
    }
    for (at, _) in template::text().match_indices("whsec_") {
        assert!(template::text()[at..].starts_with("whsec_…"), "a secret, or what looks like one");
    }
    assert!(binaries().iter().all(|binary| !template::environment(binary).contains_key("WEBHOOK_SECRETS")));
}

#[test]
fn every_function_has_a_log_that_ends() {
    for binary in binaries() {
        let log = logical(&binary, "Logs");
        assert_eq!(function(&binary)["LoggingConfig"]["LogGroup"], log);
        assert_eq!(properties(&log)["RetentionInDays"], "LogRetentionDays");
    }
}

/// The relay catches the panic of one event and goes on. An abort would stop all other events.
#[test]
fn a_panic_can_be_caught_in_what_is_deployed() {
    assert_eq!(MANIFEST["profile"]["release"]["panic"], "unwind");
}
