//! What is not genuine gets its answer, and leaves nothing behind.

use events::{Provider, Request, Secrets, forged_secret};
use usher_core::policy::Policy;

use crate::delivery::Delivery;
use crate::stack::{STANDARD, Stack};

/// More than any provider's tolerance.
const SECONDS_OFF: i64 = 660;

#[test]
fn a_body_changed_after_it_was_signed_is_refused() {
    let refused = [Provider::Luma, Provider::Allfly]
        .map(|provider| refused(&STANDARD, provider, "wrong signature", |request| request.body[10] ^= 1));
    STANDARD.assert_untouched_by(refused.as_flattened());
}

#[test]
fn a_body_signed_with_another_secret_is_refused() {
    let secrets = Secrets { signing: Some(forged_secret()), url: None };
    let refused = [Provider::Luma, Provider::Allfly].map(|provider| {
        let delivery = Delivery::any(provider);
        STANDARD.send(provider, &delivery.signed(&secrets)).assert_refused("wrong signature");
        delivery
    });
    STANDARD.assert_untouched_by(&refused);
}

#[test]
fn a_delivery_from_another_time_is_refused() {
    let refused = [
        (Provider::Luma, -SECONDS_OFF, "timestamp too old"),
        (Provider::Luma, SECONDS_OFF, "timestamp in the future"),
        (Provider::Allfly, -SECONDS_OFF, "timestamp too old"),
        (Provider::Allfly, SECONDS_OFF, "timestamp in the future"),
    ]
    .map(|(provider, seconds, cause)| {
        let delivery = Delivery::any(provider);
        let secrets = STANDARD.secrets.of(provider).newest();
        STANDARD.send(provider, &delivery.signed_at(&secrets, seconds)).assert_refused(cause);
        delivery
    });
    STANDARD.assert_untouched_by(&refused);
}

#[test]
fn a_delivery_without_its_signature_id_or_time_is_refused() {
    let headers = [
        (Provider::Luma, "Webhook-Signature", "missing signature"),
        (Provider::Allfly, "svix-signature", "missing signature"),
        (Provider::Allfly, "svix-id", "missing delivery id"),
        (Provider::Allfly, "svix-timestamp", "missing timestamp"),
    ];
    let removed = headers.map(|(provider, header, cause)| {
        refused(&STANDARD, provider, cause, |request| request.headers.retain(|(name, _)| name != header))
    });
    STANDARD.assert_untouched_by(removed.as_flattened());
    // Luma's time is in the signature's header.
    let timeless = refused(&STANDARD, Provider::Luma, "missing timestamp", |request| {
        for (_, value) in request.headers.iter_mut().filter(|(name, _)| name == "Webhook-Signature") {
            let (_, signature) = value.split_once(',').expect("the time comes first");
            *value = signature.to_owned();
        }
    });
    STANDARD.assert_untouched_by(&timeless);
}

#[test]
fn a_signature_of_a_scheme_nobody_agreed_on_is_refused() {
    let unknown = "unknown signature scheme";
    let refused = [
        refused(&STANDARD, Provider::Luma, unknown, |request| rename(request, "v1=", "v9=")),
        refused(&STANDARD, Provider::Allfly, unknown, |request| rename(request, "v1,", "v1a,")),
        // As Standard Webhooks writes it, which Luma's headers look like and which Luma does not.
        refused(&STANDARD, Provider::Luma, "malformed signature", |request| rename(request, "v1=", "v1 ")),
    ];
    STANDARD.assert_untouched_by(refused.as_flattened());
}

#[test]
fn any_method_but_post_is_answered_405() {
    let deliveries = Provider::ALL.map(|provider| {
        ["GET", "PUT", "DELETE"].map(|method| {
            let delivery = Delivery::any(provider);
            let request = Request { method: method.to_owned(), ..STANDARD.sign(&delivery) };
            let answer = STANDARD.send(provider, &request);
            answer.assert(405, "method not allowed");
            assert_eq!(answer.header("allow"), Some("POST"));
            delivery
        })
    });
    STANDARD.assert_untouched_by(deliveries.as_flattened());
}

#[test]
fn a_body_beyond_the_limit_is_answered_413() {
    let deliveries = Provider::ALL.map(|provider| {
        let mut delivery = Delivery::any(provider);
        delivery.body.resize(Policy::MAX_BODY_BYTES + 1, b' ');
        STANDARD.post(&delivery).assert(413, "body too large");
        delivery
    });
    STANDARD.assert_untouched_by(&deliveries);
}

#[test]
fn no_refusal_repeats_anything_of_the_request() {
    let marker = "5f3e-not-to-be-repeated";
    let delivery = Delivery::new(Provider::Luma, marker);
    let mut request = STANDARD.sign(&delivery);
    request.headers.retain(|(name, _)| name != "Webhook-Signature");
    request.headers.push(("Webhook-Signature".to_owned(), format!("t={marker},v1={marker}")));
    request.query.push((marker.to_owned(), marker.to_owned()));
    let answer = STANDARD.send(Provider::Luma, &request);
    assert_eq!(answer.status, 401);
    assert!(!format!("{:?} {}", answer.headers, answer.body).contains(marker));
}

/// Sends a delivery with something done to it after it was signed. Gives it as it was, and as it was sent.
#[track_caller]
pub fn refused(
    stack: &Stack,
    provider: Provider,
    cause: &str,
    tamper: impl Fn(&mut Request),
) -> [Delivery; 2] {
    let delivery = Delivery::any(provider);
    let mut request = stack.sign(&delivery);
    tamper(&mut request);
    stack.send(provider, &request).assert_refused(cause);
    let tampered = Delivery { body: request.body, ..delivery.clone() };
    [delivery, tampered]
}

fn rename(request: &mut Request, scheme: &str, other: &str) {
    for (_, value) in request.headers.iter_mut().filter(|(name, _)| name.ends_with("ignature")) {
        *value = value.replace(scheme, other);
    }
}
