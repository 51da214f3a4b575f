//! Secrets with names: one per calendar, event type or endpoint. A delivery says which one verified it, never the secret.

mod support;

use futures_executor::block_on;
use support::fakes::fakes;
use support::signing::{Signs, post, standard_tag};
use support::{NOW, now, policy};
use usher_core::memory::FixedSecrets;
use usher_core::outcome::{Details, Outcome};
use usher_core::policy::Policy;
use usher_core::provider::{self, Provider};
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::receive::{Arrival, receive};
use usher_core::request::Request;
use usher_core::secret::{Account, Age, Keyring, KeyringError, MAX_SECRETS, Name, Secret, Used};
use usher_core::signature::VerifiedBy;

const NEW: &str = "whsec_bmV3ZXN0IHNlY3JldCBvZiBiZXJsaW4gIQ==";
const OLD: &str = "whsec_b2xkZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cw==";
const LISBON: &str = "whsec_dGhlIG9ubHkgc2VjcmV0IG9mIGxpc2Jvbg==";

fn parse<P: Provider>(document: &str) -> Result<Keyring, KeyringError> {
    provider::keyring::<P>(document, &policy::<P>())
}

fn named<P: Provider>() -> Keyring {
    parse::<P>(&format!(r#"{{"signing":{{"berlin":["{NEW}","{OLD}"],"lisbon":"{LISBON}"}}}}"#))
        .expect("a good document")
}

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

fn used(name: Option<&str>, age: Age) -> Used {
    Used { name: name.map(self::name), age }
}

#[test]
fn accounts_stand_in_the_order_of_the_document() {
    let account = |text: &str, secrets: &[&str]| Account {
        name: Some(name(text)),
        secrets: secrets.iter().map(Secret::new).collect(),
    };
    let document = r#"{"url":{"z.1":["c","d"],"a_2":"e","M-3":["f"]},"signing":["a"]}"#;
    let expected = Keyring {
        url: vec![account("z.1", &["c", "d"]), account("a_2", &["e"]), account("M-3", &["f"])],
        ..Keyring::unnamed(vec![Secret::new("a")], Vec::new())
    };
    assert_eq!(parse::<Lunacal>(document), Ok(expected));
    assert_eq!(
        parse::<Lunacal>(r#"{"signing":{},"url":"e"}"#),
        Ok(Keyring::unnamed(Vec::new(), vec![Secret::new("e")]))
    );
}

#[test]
fn a_name_that_could_be_a_secret_or_no_dimension_of_a_metric_is_refused() {
    let longest = "n".repeat(Name::MAX_LENGTH);
    for text in ["b", "berlin", "Berlin.2-a_b", longest.as_str(), "0"] {
        assert!(parse::<Luma>(&format!(r#"{{"signing":{{"{text}":"a"}}}}"#)).is_ok(), "{text}");
    }
    let too_long = "n".repeat(Name::MAX_LENGTH + 1);
    for text in [
        "",
        " ",
        "a b",
        "berlin ",
        "münchen",
        "a/b",
        "a:b",
        "a\\nb",
        "a\\\"b",
        "\u{200b}a",
        LISBON,
        "whsec_a",
        too_long.as_str(),
    ] {
        let document = format!(r#"{{"signing":{{"{text}":"a"}}}}"#);
        assert_eq!(parse::<Luma>(&document), Err(KeyringError::MalformedName), "{text:?}");
    }
}

/// A JSON parser takes the last of the two: the first one's deliveries would be refused.
#[test]
fn a_name_or_member_that_is_there_twice_is_malformed() {
    for document in [
        r#"{"signing":{"berlin":"a","berlin":"b"}}"#,
        r#"{"signing":{"berlin":"a","lisbon":"b","\u0062erlin":"c"}}"#,
        r#"{"signing":{"berlin":"a","berlin":"a"}}"#,
        r#"{"signing":{"berlin":"a"},"signing":{"lisbon":"b"}}"#,
        r#"{"url":"a","signing":"a","url":"b"}"#,
    ] {
        assert_eq!(parse::<Luma>(document), Err(KeyringError::Malformed), "{document}");
    }
}

#[test]
fn a_name_without_a_secret_is_refused() {
    for (document, error) in [
        (r#"{"signing":{"berlin":[]}}"#, KeyringError::NoSecretUnderName),
        (r#"{"signing":{"berlin":["a"],"lisbon":[]}}"#, KeyringError::NoSecretUnderName),
        (r#"{"signing":{"berlin":""}}"#, KeyringError::EmptySecret),
        (r#"{"signing":{"berlin":["a","whsec_"]}}"#, KeyringError::EmptySecret),
        (r#"{"signing":{"berlin":null}}"#, KeyringError::Malformed),
        (r#"{"signing":{"berlin":{"newest":"a"}}}"#, KeyringError::Malformed),
        (r#"{"signing":[{"berlin":"a"}]}"#, KeyringError::Malformed),
        (r#"{"signing":{}}"#, KeyringError::Empty),
    ] {
        assert_eq!(parse::<Luma>(document), Err(error), "{document}");
    }
    let not_base64 =
        r#"{"signing":{"berlin":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],"lisbon":["s3cret!"]}}"#;
    assert_eq!(
        parse::<Allfly>(not_base64),
        Err(KeyringError::NotBase64),
        "the provider's check sees every account"
    );
}

/// Each secret costs a forged delivery one MAC.
#[test]
fn the_number_of_secrets_is_bounded() {
    let document = |signing: usize, url: usize| {
        let secrets = |count| (0..count).map(|number| format!("secret {number}")).collect::<Vec<_>>();
        serde_json::json!({ "signing": { "berlin": secrets(signing), "lisbon": ["x"] }, "url": secrets(url) })
            .to_string()
    };
    assert!(parse::<Lunacal>(&document(MAX_SECRETS - 3, 2)).is_ok());
    assert_eq!(parse::<Lunacal>(&document(MAX_SECRETS - 3, 3)), Err(KeyringError::TooMany));
    assert_eq!(parse::<Lunacal>(&document(MAX_SECRETS, 0)), Err(KeyringError::TooMany));
    assert!(KeyringError::TooMany.to_string().contains(&MAX_SECRETS.to_string()));
}

fn verified_by<P: Signs>(secret: &str, keyring: &Keyring) -> Option<Used> {
    let request = P::sign(secret, "msg_1", NOW, P::BODY.as_bytes());
    let verified = provider::verify::<P>(&request, keyring, &policy::<P>(), now()).expect("it is genuine");
    assert_eq!(verified.by().token, None);
    verified.by().secret.clone()
}

fn a_delivery_says_which_secret_verified_it<P: Signs>() {
    let keyring = named::<P>();
    assert_eq!(verified_by::<P>(NEW, &keyring), Some(used(Some("berlin"), Age::Newest)));
    assert_eq!(verified_by::<P>(OLD, &keyring), Some(used(Some("berlin"), Age::Older)));
    assert_eq!(verified_by::<P>(LISBON, &keyring), Some(used(Some("lisbon"), Age::Newest)));
    let unnamed = support::signing::keyring(&[NEW, OLD, LISBON]);
    assert_eq!(verified_by::<P>(NEW, &unnamed), Some(used(None, Age::Newest)));
    assert_eq!(verified_by::<P>(LISBON, &unnamed), Some(used(None, Age::Older)));
}

#[test]
fn a_delivery_of_each_provider_says_which_secret_verified_it() {
    a_delivery_says_which_secret_verified_it::<Luma>();
    a_delivery_says_which_secret_verified_it::<Lunacal>();
    a_delivery_says_which_secret_verified_it::<Allfly>();
}

#[test]
fn a_secret_that_is_listed_twice_counts_for_its_first_place() {
    let document = format!(r#"{{"signing":{{"berlin":["{NEW}","{OLD}","{NEW}"],"lisbon":["{OLD}"]}}}}"#);
    let keyring = parse::<Luma>(&document).expect("a good document");
    assert_eq!(verified_by::<Luma>(NEW, &keyring), Some(used(Some("berlin"), Age::Newest)));
    assert_eq!(verified_by::<Luma>(OLD, &keyring), Some(used(Some("berlin"), Age::Older)));
}

/// For 24 hours after a rotation AllFly signs with both keys, the older one's signature perhaps first.
#[test]
fn a_delivery_that_is_signed_with_both_secrets_was_verified_by_the_newest() {
    let time = NOW.to_string();
    let tag = |secret| standard_tag(secret, "msg_1", &time, b"{}");
    for signature in [format!("{} {}", tag(OLD), tag(NEW)), format!("{} {}", tag(NEW), tag(OLD))] {
        let headers = [("svix-id", "msg_1"), ("svix-timestamp", &time), ("svix-signature", &signature)];
        let verified = provider::verify::<Allfly>(
            &post(&headers, b"{}"),
            &named::<Allfly>(),
            &policy::<Allfly>(),
            now(),
        );
        assert_eq!(verified.expect("it is genuine").by().secret, Some(used(Some("berlin"), Age::Newest)));
    }
}

/// Secrets that can't be keys of the scheme must not shift the places of the others.
#[test]
fn with_lumas_insurance_the_name_is_still_that_of_the_secret() {
    let policy = Policy { accept_standard_webhooks: true, ..policy::<Luma>() };
    let document =
        format!(r#"{{"signing":{{"berlin":["whsec_not base64"],"lisbon":["{LISBON}","{OLD}"]}}}}"#);
    let keyring = parse::<Luma>(&document).expect("a good document");
    for (secret, age) in [(LISBON, Age::Newest), (OLD, Age::Older)] {
        let time = NOW.to_string();
        let signature = standard_tag(secret, "evt_1", &time, b"{}");
        let headers =
            [("webhook-id", "evt_1"), ("webhook-timestamp", &time), ("webhook-signature", &signature)];
        let verified = provider::verify::<Luma>(&post(&headers, b"{}"), &keyring, &policy, now());
        assert_eq!(verified.expect("it is genuine").by().secret, Some(used(Some("lisbon"), age)));
    }
}

const BOTH: &str = r#"{"signing":{"host":["test-secret"]},"url":{"intro":["token-new","token-old"],"sprint":["token-other"]}}"#;

fn with_token(query: &str, body: &[u8]) -> Request {
    Request { query: query.to_owned(), ..Lunacal::sign(Lunacal::SECRET, "", NOW, body) }
}

#[test]
fn a_delivery_says_of_secret_and_token_which_it_was() {
    let keyring = parse::<Lunacal>(BOTH).expect("a good document");
    for (query, name, age) in [
        ("token=token-new", "intro", Age::Newest),
        ("token=token-old", "intro", Age::Older),
        ("token=token-other", "sprint", Age::Newest),
    ] {
        let request = with_token(query, Lunacal::BODY.as_bytes());
        let verified =
            provider::verify::<Lunacal>(&request, &keyring, &policy::<Lunacal>(), now()).expect("genuine");
        let expected =
            VerifiedBy { secret: Some(used(Some("host"), Age::Newest)), token: Some(used(Some(name), age)) };
        assert_eq!(*verified.by(), expected);
    }
}

#[test]
fn an_unsigned_delivery_that_is_allowed_was_verified_by_nothing() {
    let policy = Policy { allow_unsigned: true, ..policy::<Lunacal>() };
    let verified =
        provider::verify::<Lunacal>(&post(&[], b"{}"), &Keyring::default(), &policy, now()).expect("allowed");
    assert_eq!(*verified.by(), VerifiedBy::default());
}

#[test]
fn the_log_line_of_an_event_a_duplicate_and_a_ping_names_what_verified_it() {
    let (ledger, queue) = fakes();
    let secrets = FixedSecrets(parse::<Lunacal>(BOTH).expect("a good document"));
    let receive = |query: &str, body: &[u8]| {
        let request = with_token(query, body);
        let arrival = Arrival { now: now(), token: query, xray: None };
        block_on(receive::<Lunacal>(&request, arrival, &policy::<Lunacal>(), &secrets, &ledger, &queue))
    };
    let first = receive("token=token-old", Lunacal::BODY.as_bytes());
    let again = receive("token=token-new", Lunacal::BODY.as_bytes());
    let ping = receive("token=token-other", br#"{"triggerEvent":"PING"}"#);
    assert!(matches!(
        (&first, &again, &ping),
        (Outcome::Accepted(_), Outcome::Duplicate(_), Outcome::Ping(_))
    ));
    for (outcome, token_name, token_age) in
        [(&first, "intro", "older"), (&again, "intro", "newest"), (&ping, "sprint", "newest")]
    {
        let said = outcome.details();
        let expected = Details {
            secret_name: Some("host"),
            secret_age: Some("newest"),
            token_name: Some(token_name),
            token_age: Some(token_age),
            ..said
        };
        assert_eq!(said, expected);
        for secret in ["test-secret", "token-old", "token-new", "token-other"] {
            assert!(!format!("{outcome:?} {said:?}").contains(secret), "{outcome:?}");
        }
    }
    assert_eq!(receive("token=wrong", b"{}").details(), Details::default());
}

#[test]
fn the_log_line_has_no_name_where_there_is_none() {
    let (ledger, queue) = fakes();
    let outcome = support::pipeline::deliver_now::<Luma>(&Luma::genuine(NOW), &ledger, &queue);
    let line = serde_json::to_value(outcome.details()).expect("it is JSON");
    assert_eq!(line["secret_age"], "newest");
    for absent in ["secret_name", "token_name", "token_age"] {
        assert_eq!(line.get(absent), None, "{absent}");
    }
}
