//! Texts that are a secret, and texts that are not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use events::{Secrets, SecretsError};
use usher_core::secret::{DocumentError, Flaw};

fn read(text: &str) -> (Option<String>, Option<String>) {
    let secrets = Secrets::read(text, None).unwrap_or_else(|error| panic!("{text}: {error}"));
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

/// The sender would sign with a key of its own otherwise, and every genuine delivery would be refused.
#[test]
fn a_secret_is_taken_as_the_function_takes_it() {
    assert_eq!(read("{\"signing\": [\"whsec_abc\\n\"]}"), (Some("whsec_abc".to_owned()), None));
    assert_eq!(read("\u{feff}whsec_abc\u{200b}"), (Some("whsec_abc".to_owned()), None));
    assert_eq!(read(r#"{"key":"whsec_abc"}"#), (Some("whsec_abc".to_owned()), None));
}

#[test]
fn what_the_function_refuses_is_refused() {
    let refused = |text: &str| Secrets::read(text, None).err().unwrap_or_else(|| panic!("{text} is taken"));
    assert_eq!(refused(r#""whsec_abc""#), SecretsError::Document(DocumentError::Bare(Flaw::Quoted)));
    let unknown = r#"{"signing":"whsec_abc","token":"t"}"#;
    assert_eq!(refused(unknown), SecretsError::Document(DocumentError::UnknownMember));
    assert_eq!(refused(r#"{"signing":["whsec_abc",""]}"#), SecretsError::Empty);
}

#[test]
fn of_several_accounts_the_named_one_is_taken_and_none_is_guessed() {
    let document = r#"{"signing":{"berlin":["b2","b1"],"lisbon":["l1"]},"url":{"intro":["t"]}}"#;
    let of = |name: &str| {
        let secrets = Secrets::read(document, Some(&name.parse().unwrap()))?;
        Ok((secrets.signing.unwrap(), secrets.url.unwrap()))
    };
    let both = |signing: &str| Ok((signing.to_owned(), "t".to_owned()));
    assert_eq!(of("berlin"), both("b2"));
    assert_eq!(of("lisbon"), both("l1"));
    assert_eq!(of("intro"), both("b2"));
    let names = || "berlin, intro, lisbon".to_owned();
    assert_eq!(of("porto"), Err(SecretsError::NoSuchName(names())));
    assert_eq!(Secrets::read(document, None).err(), Some(SecretsError::NameNeeded(names())));
    let only = r#"{"signing":{"berlin":["b2","b1"]}}"#;
    assert_eq!(read(only), (Some("b2".to_owned()), None));
    let unnamed = Secrets::read("whsec_abc", Some(&"berlin".parse().unwrap())).err().unwrap();
    assert!(unnamed.to_string().contains("leave --name out"), "{unnamed}");
}

#[test]
fn what_is_no_secret_is_refused_without_showing_it() {
    for text in [" \n", "whsec_", r#"{"signing": [""]}"#, "{}", r#"{"signing": []}"#] {
        assert_eq!(Secrets::read(text, None).err(), Some(SecretsError::Empty), "{text}");
    }
    for text in ["{", r#"{"signing": 7715}"#, r#"{"signing": [7715]}"#, "\"open"] {
        let error = Secrets::read(text, None).err().unwrap_or_else(|| panic!("{text} is taken"));
        assert!(matches!(error, SecretsError::Document(_)), "{text}");
        assert!(!error.to_string().contains("7715"));
    }
}
