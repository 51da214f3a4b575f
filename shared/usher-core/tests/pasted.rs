//! What operators paste: read as it is meant, or refused with a sentence that says how it looks wrong.

mod support;

use support::policy;
use usher_core::provider;
use usher_core::providers::Luma;
use usher_core::secret::{DocumentError, Flaw, Keyring, KeyringError, Secret, pasted};

const SECRET: &str = "whsec_b2xkZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw==";
const SAMPLE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn parse(document: &str) -> Result<Keyring, KeyringError> {
    provider::keyring::<Luma>(document, &policy::<Luma>())
}

fn one() -> Keyring {
    Keyring::unnamed(vec![Secret::new(SECRET)], Vec::new())
}

/// The tool asks by `pasted`, the function by `Keyring::parse`. Both take the same texts for the same secret.
fn is_read(text: &str) {
    assert_eq!(pasted(text), Ok(Secret::new(SECRET)), "{text:?}");
    assert_eq!(parse(text), Ok(one()), "{text:?}");
}

fn is_refused(text: &str, error: DocumentError, cause: KeyringError) {
    assert_eq!(pasted(text), Err(error), "{text:?}");
    assert_eq!(parse(text), Err(cause), "{text:?}");
    let said = format!("{error} {error:?} {cause} {cause:?}");
    assert!(!said.contains("b2xk") && !said.contains("s3cret"), "{said}");
}

#[test]
fn what_is_meant_as_one_secret_is_read_as_that() {
    for text in [
        SECRET.to_owned(),
        format!("  {SECRET}\r\n"),
        format!("\u{feff}{SECRET}"),
        format!("{SECRET}\u{200b}"),
        format!("\u{a0}\u{2060}{SECRET}\u{202f}"),
        format!(r#"{{"signing":"{SECRET}"}}"#),
        format!(r#"{{"signing":["{SECRET}"]}}"#),
        format!(r#"{{"signing":["\ufeff{SECRET} \n"]}}"#),
        format!("\u{feff}{{ \"signing\" : [ \"{SECRET}\" ] }}\n"),
    ] {
        is_read(&text);
    }
}

/// `GET …/secret` of AllFly, and the member of Luma's answers.
#[test]
fn what_the_apis_answer_is_read() {
    for text in [
        format!(r#"{{"key":"{SECRET}"}}"#),
        format!(r#"{{"secret":"{SECRET}"}}"#),
        format!("{{\n  \"key\": \"{SECRET}\"\n}}\n"),
    ] {
        is_read(&text);
    }
}

/// A misspelt name must not become a secret: the API's form is known by `whsec_`, alone in its object.
#[test]
fn what_only_resembles_an_answer_is_refused() {
    for text in [
        r#"{"key":"s3cret"}"#.to_owned(),
        r#"{"secret":""}"#.to_owned(),
        r#"{"secret":["whsec_b2xk"]}"#.to_owned(),
        format!(r#"{{"whatever":"{SECRET}"}}"#),
        format!(r#"{{"Signing":"{SECRET}"}}"#),
        format!(r#"{{"key":"{SECRET}","signing":"{SECRET}"}}"#),
        format!(r#"{{"id":"wh_1","status":"active","secret":"{SECRET}"}}"#),
    ] {
        is_refused(&text, DocumentError::UnknownMember, KeyringError::Malformed);
    }
}

#[test]
fn quotation_marks_are_refused_as_such() {
    for (open, close) in
        [("'", "'"), ("\"", "\""), ("`", "`"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»")]
    {
        let quoted = format!("{open}{SECRET}{close}");
        is_refused(&quoted, DocumentError::Bare(Flaw::Quoted), KeyringError::Malformed);
        is_refused(&format!(" {quoted}\n"), DocumentError::Bare(Flaw::Quoted), KeyringError::Malformed);
        let listed = serde_json::json!({ "signing": [quoted] }).to_string();
        is_refused(&listed, DocumentError::Listed(Flaw::Quoted), KeyringError::MalformedSecret);
        // The document itself in a shell's quotation marks.
        let document = format!("{open}{{\"signing\":[\"{SECRET}\"]}}{close}");
        is_refused(&document, DocumentError::Bare(Flaw::Quoted), KeyringError::Malformed);
    }
    // As `aws secretsmanager get-secret-value --query SecretString` prints a document.
    let printed = serde_json::json!(format!(r#"{{"signing":["{SECRET}"]}}"#)).to_string();
    is_refused(&printed, DocumentError::Bare(Flaw::Quoted), KeyringError::Malformed);
}

#[test]
fn a_name_in_front_is_refused() {
    for text in [
        "LUMA_SECRET=s3cret",
        "export LUMA_SECRET=s3cret",
        "WEBHOOK_SECRETS={\"signing\":\"s3cret\"}",
        "KEY='s3cret'",
    ] {
        is_refused(text, DocumentError::Bare(Flaw::Assignment), KeyringError::Malformed);
    }
    for text in [
        format!("secret={SECRET}"),
        format!("Signing secret: {SECRET}"),
        format!("{SECRET} {SECRET}"),
        format!("{SECRET}\n{SECRET}\n"),
    ] {
        is_refused(&text, DocumentError::Bare(Flaw::MoreThanSecret), KeyringError::Malformed);
    }
    let listed = format!(r#"{{"signing":"LUMA={SECRET}"}}"#);
    is_refused(&listed, DocumentError::Listed(Flaw::Assignment), KeyringError::MalformedSecret);
}

#[test]
fn line_breaks_and_invisible_characters_inside_are_refused() {
    for inside in [
        "\n", "\r\n", "\t", "\0", "\u{a0}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{feff}",
        "\u{ad}", "\u{202e}", "\u{fffd}", "\u{1b}",
    ] {
        let text = format!("whsec_b2xk{inside}ZXIg");
        is_refused(&text, DocumentError::Bare(Flaw::Unprintable), KeyringError::Malformed);
        let listed = serde_json::json!({ "signing": { "berlin": text } }).to_string();
        is_refused(&listed, DocumentError::Listed(Flaw::Unprintable), KeyringError::MalformedSecret);
    }
}

/// The console's key/value form makes one text of whatever is typed into a row.
#[test]
fn a_list_in_the_consoles_key_value_form_is_refused() {
    for typed in [r#"["s3cret","older"]"#, r#"{"berlin":["s3cret"]}"#, "[]"] {
        let stored = serde_json::json!({ "signing": typed }).to_string();
        is_refused(&stored, DocumentError::Listed(Flaw::Json), KeyringError::MalformedSecret);
    }
}

#[test]
fn what_is_broken_json_says_so() {
    for text in [
        "{",
        "{s3cret}",
        "{'signing':'s3cret'}",
        "{“signing”: “s3cret”}",
        r#"{"signing":["s3cret",]}"#,
        r#"{"signing":"s3cret"} x"#,
    ] {
        is_refused(text, DocumentError::NotJson, KeyringError::Malformed);
    }
    is_refused(r#"["s3cret"]"#, DocumentError::List, KeyringError::Malformed);
}

#[test]
fn every_other_text_is_a_secret_whatever_its_characters_are() {
    let bare = [
        "with space",
        "it's",
        "abc=",
        "ab==",
        "=",
        "a=b",
        "x}",
        "x]",
        "q7F+2/x==",
        "100%25",
        "ünïcode",
        "A=",
        "'",
    ];
    for text in bare {
        assert_eq!(parse(text), Ok(Keyring::unnamed(vec![Secret::new(text)], Vec::new())), "{text}");
    }
    for text in bare.into_iter().chain(["[x", "{x", "\"quoted\" at first"]) {
        let listed = serde_json::json!({ "signing": text }).to_string();
        assert_eq!(parse(&listed), Ok(Keyring::unnamed(vec![Secret::new(text)], Vec::new())), "{text}");
    }
}

#[test]
fn where_one_secret_is_wanted_a_document_of_none_or_several_is_refused() {
    for text in ["", " \n", "\u{feff}", "{}", r#"{"signing":[]}"#] {
        assert_eq!(pasted(text), Err(DocumentError::EmptySecret), "{text:?}");
    }
    for text in ["whsec_", r#"{"signing":""}"#, r#"{"key":"whsec_"}"#] {
        assert_eq!(pasted(text), Err(DocumentError::EmptySecret), "{text:?}");
    }
    for text in [
        r#"{"signing":["s3cret","older"]}"#,
        r#"{"signing":{"berlin":"s3cret","lisbon":"other"}}"#,
        r#"{"signing":"s3cret","url":"token"}"#,
        r#"{"url":"token"}"#,
    ] {
        assert_eq!(pasted(text), Err(DocumentError::NotOne), "{text:?}");
    }
}

/// The test vectors are signed with it, so a function has to take it.
#[test]
fn the_public_sample_is_refused_where_it_is_pasted_and_taken_by_a_function() {
    for text in
        [SAMPLE, &SAMPLE["whsec_".len()..], &format!(" {SAMPLE}\n"), &format!(r#"{{"key":"{SAMPLE}"}}"#)]
    {
        assert_eq!(pasted(text), Err(DocumentError::PublicSample), "{text}");
        assert!(parse(text).is_ok(), "{text}");
    }
    assert!(Secret::new(SAMPLE).is_public_sample());
    assert!(!Secret::new(SECRET).is_public_sample());
}
