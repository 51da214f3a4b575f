//! Texts that are a secret, and texts that are not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use events::{Secrets, SecretsError};

fn read(text: &str) -> (Option<String>, Option<String>) {
    let secrets = Secrets::read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    (secrets.signing, secrets.url)
}

#[test]
fn a_bare_string_is_the_signing_secret() {
    assert_eq!(read("whsec_abc"), (Some("whsec_abc".to_owned()), None));
    assert_eq!(read("whsec_abc\n"), (Some("whsec_abc".to_owned()), None));
}

#[test]
fn a_document_gives_its_newest_secrets() {
    assert_eq!(
        read(r#"{"signing": ["new", "old"], "url": ["token"]}"#),
        (Some("new".to_owned()), Some("token".to_owned()))
    );
    assert_eq!(read(r#"{"url": ["token"]}"#), (None, Some("token".to_owned())));
}

#[test]
fn a_generated_document_may_hold_a_string_for_a_list() {
    assert_eq!(read(r#"{"signing": [], "url": "token"}"#), (None, Some("token".to_owned())));
}

#[test]
fn quotes_of_the_aws_cli_are_taken_off() {
    assert_eq!(read(r#""{\"signing\": [\"new\"]}""#), (Some("new".to_owned()), None));
    assert_eq!(read(r#""whsec_abc""#), (Some("whsec_abc".to_owned()), None));
}

#[test]
fn what_is_no_secret_is_refused_without_showing_it() {
    for text in [" \n", "whsec_", r#"{"signing": [""]}"#] {
        assert_eq!(Secrets::read(text).err(), Some(SecretsError::Empty), "{text}");
    }
    for text in ["{", "{}", r#"{"signing": []}"#, r#"{"signing": 7715}"#, r#"{"signing": [7715]}"#, "\"open"]
    {
        let error = Secrets::read(text).err().unwrap_or_else(|| panic!("{text} is taken"));
        assert_eq!(error, SecretsError::Malformed, "{text}");
        assert!(!error.to_string().contains("7715"));
    }
}
