//! The secret document: what is taken, what is refused when it is read, and that no message holds any of it.

mod support;

use support::policy;
use usher_core::policy::Policy;
use usher_core::provider::{self, Provider};
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::secret::{Keyring, KeyringError, Secret};

const BASE64: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn parse<P: Provider>(document: &str) -> Result<Keyring, KeyringError> {
    provider::keyring::<P>(document, &policy::<P>())
}

fn keyring(signing: &[&str], url: &[&str]) -> Keyring {
    let secrets = |texts: &[&str]| texts.iter().map(|text| Secret::new(*text)).collect();
    Keyring::unnamed(secrets(signing), secrets(url))
}

#[test]
fn a_bare_string_is_one_signing_secret() {
    for document in ["s3cret", "  s3cret", "s3cret\n", "\r\n\ts3cret \r\n"] {
        assert_eq!(parse::<Luma>(document), Ok(keyring(&["s3cret"], &[])), "{document:?}");
    }
}

#[test]
fn a_bare_secret_keeps_what_is_inside_it() {
    for secret in ["with space", "with\"quote", "with{brace}", "ünïcode", "a,b", "=", "whsec_not base64"] {
        assert_eq!(parse::<Luma>(secret), Ok(keyring(&[secret], &[])));
    }
}

#[test]
fn a_document_lists_secrets_newest_first_or_holds_one_of_a_kind() {
    for (document, expected) in [
        (r#"{"signing":["new","old"]}"#, keyring(&["new", "old"], &[])),
        (r#"{"signing":"one"}"#, keyring(&["one"], &[])),
        (r#"{"signing":["one"],"url":["token"]}"#, keyring(&["one"], &["token"])),
        (r#"{"url":"token","signing":"one"}"#, keyring(&["one"], &["token"])),
        (r#"{"url":["new","old"]}"#, keyring(&[], &["new", "old"])),
        (r#"{"signing":[],"url":"token"}"#, keyring(&[], &["token"])),
        ("\n {\n\"signing\" : \"one\"\n}\n", keyring(&["one"], &[])),
        (r#"{"signing":"\u0073\"x"}"#, keyring(&["s\"x"], &[])),
    ] {
        assert_eq!(parse::<Lunacal>(document), Ok(expected), "{document}");
    }
}

#[test]
fn white_space_pasted_along_is_left_out() {
    let document = "{\"signing\": [\" one\\n\", \"\\ttwo \"], \"url\": \"token\\r\\n\"}";
    assert_eq!(parse::<Lunacal>(document), Ok(keyring(&["one", "two"], &["token"])));
    let trimmed = parse::<Lunacal>(document).expect("it is read").url;
    assert_eq!(trimmed[0].secrets[0].expose(), "token");
}

/// Windows editors save a byte order mark. It must not make one bare secret of a whole document.
#[test]
fn invisible_characters_around_a_document_or_a_secret_are_left_out() {
    let document = r#"{"signing":["one","two"],"url":"token"}"#;
    for invisible in
        ["\u{feff}", "\u{200b}", "\u{200c}\u{200d}", "\u{2060}", "\u{a0}", "\u{feff}\r\n\u{a0}", "\u{ad}"]
    {
        for text in [format!("{invisible}{document}"), format!("{document}{invisible}\n")] {
            assert_eq!(parse::<Lunacal>(&text), Ok(keyring(&["one", "two"], &["token"])), "{invisible:?}");
        }
        for text in
            [format!("{invisible}whsec_x"), format!("whsec_x{invisible}"), format!(" {invisible} whsec_x\n")]
        {
            assert_eq!(parse::<Luma>(&text), Ok(keyring(&["whsec_x"], &[])), "{invisible:?}");
        }
        let inside = format!(r#"{{"signing":["{invisible}one","two"],"url":"token{invisible}"}}"#)
            .replace(['\r', '\n'], "");
        assert_eq!(parse::<Lunacal>(&inside), Ok(keyring(&["one", "two"], &["token"])), "{invisible:?}");
        is_refused_by_all(invisible, KeyringError::Empty);
    }
}

#[test]
fn quotation_marks_around_a_bare_secret_are_malformed() {
    for document in [
        "'whsec_x'",
        "\u{feff}'whsec_x'\n",
        "\"whsec_x\"",
        "`whsec_x`",
        "“whsec_x”",
        "„whsec_x“",
        "‘whsec_x’",
        "«x»",
    ] {
        is_refused_by_all(document, KeyringError::Malformed);
    }
}

fn is_refused<P: Provider>(document: &str, error: KeyringError) {
    assert_eq!(parse::<P>(document), Err(error), "{document:?} for {}", P::NAME);
}

fn is_refused_by_all(document: &str, error: KeyringError) {
    is_refused::<Luma>(document, error);
    is_refused::<Lunacal>(document, error);
    is_refused::<Allfly>(document, error);
}

#[test]
fn a_document_without_a_secret_is_empty() {
    for document in ["", " ", "\n\t\r\n", "{}", r#"{"signing":[]}"#, r#"{"signing":[],"url":[]}"#] {
        is_refused_by_all(document, KeyringError::Empty);
    }
}

#[test]
fn an_empty_secret_is_refused_even_beside_a_good_one() {
    for document in [
        r#"{"signing":""}"#,
        r#"{"signing":[""]}"#,
        r#"{"signing":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",""]}"#,
        r#"{"signing":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"," \n"]}"#,
        r#"{"signing":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],"url":[""]}"#,
        r#"{"signing":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],"url":" "}"#,
    ] {
        is_refused_by_all(document, KeyringError::EmptySecret);
    }
}

/// The prefix is everybody's: as a key it is as good as none, whether it is decoded or not.
#[test]
fn the_prefix_alone_is_an_empty_secret() {
    for document in ["whsec_", " whsec_\n", r#"{"signing":["whsec_"]}"#, r#"{"signing":["whsec_ "]}"#] {
        is_refused_by_all(document, KeyringError::EmptySecret);
    }
}

#[test]
fn what_is_neither_a_secret_nor_a_document_is_malformed() {
    for document in [
        "{",
        "{s3cret}",
        r#"{"signing":1}"#,
        r#"{"signing":null}"#,
        r#"{"signing":true}"#,
        r#"{"signing":[1]}"#,
        r#"{"signing":["a",["b"]]}"#,
        r#"{"signing":"a"} x"#,
        r#"{"signing":"a","signing":"b"}"#,
        r#""s3cret""#,
        "[",
        "[]",
    ] {
        is_refused_by_all(document, KeyringError::Malformed);
    }
}

/// A name spelt wrong would be a secret that is never checked.
#[test]
fn an_unknown_name_is_malformed() {
    for document in [r#"{"secret":"a"}"#, r#"{"signing":"a","token":"b"}"#, r#"{"Signing":"a"}"#] {
        is_refused_by_all(document, KeyringError::Malformed);
    }
}

/// As names left out they would be taken in order: the older signing secret would become a token of the URL.
#[test]
fn a_list_without_names_is_malformed() {
    for document in [r#"["new"]"#, r#"["new","old"]"#, r#"[["new"],["old"]]"#] {
        is_refused_by_all(document, KeyringError::Malformed);
    }
}

#[test]
fn luma_and_allfly_need_a_signing_secret() {
    is_refused::<Luma>(r#"{"url":["token"]}"#, KeyringError::NoSigningSecret);
    is_refused::<Allfly>(r#"{"url":["token"]}"#, KeyringError::NoSigningSecret);
}

#[test]
fn allfly_needs_every_secret_to_be_base64() {
    for secret in
        ["s3cret", "whsec_s3cret!", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsk_MfKQ9r8GKYqrTwjU"]
    {
        is_refused::<Allfly>(secret, KeyringError::NotBase64);
        is_refused::<Allfly>(&format!(r#"{{"signing":["{BASE64}","{secret}"]}}"#), KeyringError::NotBase64);
    }
    assert!(parse::<Allfly>(BASE64).is_ok());
    assert!(parse::<Allfly>(BASE64.trim_start_matches("whsec_")).is_ok());
}

#[test]
fn with_unsigned_deliveries_allowed_there_need_be_no_secret() {
    let policy = Policy { allow_unsigned: true, ..policy::<Lunacal>() };
    for document in ["", "{}"] {
        assert_eq!(provider::keyring::<Lunacal>(document, &policy), Ok(Keyring::default()));
    }
    let empty = provider::keyring::<Lunacal>(r#"{"url":[""]}"#, &policy);
    assert_eq!(empty, Err(KeyringError::EmptySecret), "but an empty one stays an error");
}

#[test]
fn nothing_that_can_be_printed_holds_a_secret() {
    let keyring =
        parse::<Lunacal>(r#"{"signing":["s3cret-one"],"url":["s3cret-two"]}"#).expect("a good document");
    for printed in
        [format!("{keyring:?}"), format!("{keyring:#?}"), format!("{:?}", keyring.signing[0].secrets[0])]
    {
        assert!(!printed.contains("s3cret"), "{printed}");
        assert!(printed.contains('…'), "{printed}");
    }
    for document in
        ["{s3cret", r#"{"signing":"s3cret""#, r#"{"s3cret":1}"#, r#"{"signing":{"s3cret":1}}"#, r#""s3cret""#]
    {
        let error = parse::<Allfly>(document).expect_err("it is malformed");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{document}");
    }
    let error = parse::<Allfly>("s3cret!").expect_err("it is not base64");
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}
