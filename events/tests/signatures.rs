//! The signatures are those the providers make: published vectors, and the traps of each scheme.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use events::{Headers, Provider, Request, Secrets, SignError, forged_secret, sign};
use serde_json::Value;

fn value_of<'a>(headers: &'a Headers, name: &str) -> &'a str {
    let found = headers.iter().find(|(header, _)| *header == name);
    &found.unwrap_or_else(|| panic!("no {name} in {headers:?}")).1
}

#[test]
fn every_vector_is_signed_as_its_source_signs_it() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors.json")).unwrap();
    for vector in &vectors {
        let text = |name: &str| vector[name].as_str().unwrap_or_default();
        // No provider signs with asymmetric keys. usher-core's tests check that such a signature is refused.
        if text("provider") == "standard-webhooks-ed25519" {
            continue;
        }
        let provider: Provider = text("provider").parse().unwrap();
        let time = vector["timestamp"].as_i64().unwrap_or_default();
        let headers = sign(provider, text("secret"), text("id"), time, text("body").as_bytes()).unwrap();
        assert_eq!(value_of(&headers, text("header")), text("signature"), "{}", text("source"));
    }
    for provider in Provider::ALL {
        assert!(
            vectors.iter().any(|vector| vector["provider"] == provider.name()),
            "no vector for {provider}"
        );
    }
}

#[test]
fn headers_carry_the_id_and_the_time_that_the_provider_sends() {
    let secret = forged_secret();
    let luma = sign(Provider::Luma, &secret, "evt_1", 1_700_000_000, b"{}").unwrap();
    assert_eq!(value_of(&luma, "Webhook-Id"), "evt_1");
    assert_eq!(value_of(&luma, "Webhook-Timestamp"), "1700000000");
    let allfly = sign(Provider::Allfly, &secret, "msg_1", 1_700_000_000, b"{}").unwrap();
    assert_eq!(value_of(&allfly, "svix-id"), "msg_1");
    assert_eq!(value_of(&allfly, "svix-timestamp"), "1700000000");
    let lunacal = sign(Provider::Lunacal, &secret, "msg_1", 1_700_000_000, b"{}").unwrap();
    assert_eq!(lunacal.len(), 1, "Lunacal sends neither an id nor a time");
}

#[test]
fn luma_does_not_sign_its_id_and_allfly_does() {
    let secret = forged_secret();
    let signature = |provider, id: &str| sign(provider, &secret, id, 1, b"{}").unwrap().pop().unwrap().1;
    assert_eq!(signature(Provider::Luma, "a"), signature(Provider::Luma, "b"));
    assert_ne!(signature(Provider::Allfly, "a"), signature(Provider::Allfly, "b"));
}

#[test]
fn bodies_that_are_not_text_can_be_signed() {
    for provider in Provider::ALL {
        assert!(sign(provider, &forged_secret(), "id", 1, &[0xff, 0x00, 0xfe]).is_ok());
    }
}

#[test]
fn secrets_that_cannot_be_a_key_are_refused() {
    for provider in Provider::ALL {
        assert_eq!(sign(provider, "", "id", 1, b"{}"), Err(SignError::EmptySecret(provider)));
    }
    let allfly = |secret| sign(Provider::Allfly, secret, "id", 1, b"{}");
    assert_eq!(allfly("whsec_"), Err(SignError::EmptySecret(Provider::Allfly)));
    assert_eq!(allfly("whsec_no base64!"), Err(SignError::NotBase64(Provider::Allfly)));
}

#[test]
fn lunacal_may_be_unsigned_and_nobody_else() {
    let secrets = Secrets { signing: None, url: Some("a b&c".to_owned()) };
    let delivery = |provider| Request::delivery(provider, &secrets, "id", 1, b"{}".to_vec());
    let lunacal = delivery(Provider::Lunacal).unwrap();
    assert!(lunacal.headers.iter().all(|(name, _)| name != "X-Cal-Signature-256"));
    assert_eq!(lunacal.raw_query(), "token=a%20b%26c");
    assert!(delivery(Provider::Luma).is_err());
    assert!(delivery(Provider::Allfly).is_err());
    assert!(delivery(Provider::Calcom).is_err());
    assert!(delivery(Provider::Standard).is_err());
}
