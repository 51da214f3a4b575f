//! The senders' side of the three schemes, written from their descriptions and not from the code under test.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use sha2::Sha256;
use usher_core::provider::Provider;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::request::Request;
use usher_core::secret::{Keyring, Secret};

pub fn hmac(key: &[u8], signed: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length will do");
    mac.update(signed);
    mac.finalize().into_bytes().into()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// `{id}.{timestamp}.{body}` with as many parts as are given.
pub fn dotted(parts: &[&[u8]]) -> Vec<u8> {
    parts.join(&b'.')
}

/// `<hex>` of Luma's scheme, with whatever is to stand for the timestamp.
pub fn luma_tag(secret: &str, t: &str, body: &[u8]) -> String {
    hex(&hmac(secret.as_bytes(), &dotted(&[t.as_bytes(), body])))
}

/// `v1,<base64>` of Standard Webhooks.
pub fn standard_tag(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> String {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("the test's secret is base64");
    let tag = hmac(&key, &dotted(&[id.as_bytes(), timestamp.as_bytes(), body]));
    format!("v1,{}", STANDARD.encode(tag))
}

pub fn post(headers: &[(&str, &str)], body: &[u8]) -> Request {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
    }
    Request { method: Method::POST, headers: map, query: String::new(), body: Bytes::copy_from_slice(body) }
}

/// A provider whose deliveries the tests can sign.
pub trait Signs: Provider {
    const SECRET: &'static str;
    /// Its header that carries the signature.
    const SIGNATURE: &'static str;
    /// A body of a type that Usher knows: that of the scheme's vector.
    const BODY: &'static str;

    fn sign(secret: &str, id: &str, unix_seconds: i64, body: &[u8]) -> Request;

    fn keyring() -> Keyring {
        keyring(&[Self::SECRET])
    }

    /// A genuine delivery.
    fn genuine(unix_seconds: i64) -> Request {
        Self::sign(Self::SECRET, "msg_1", unix_seconds, Self::BODY.as_bytes())
    }
}

pub fn keyring(signing: &[&str]) -> Keyring {
    Keyring::unnamed(signing.iter().map(|text| Secret::new(*text)).collect(), Vec::new())
}

impl Signs for Luma {
    const SECRET: &'static str = "whsec_test_secret";
    const SIGNATURE: &'static str = "webhook-signature";
    const BODY: &'static str =
        r#"{"type":"guest.registered","data":{"id":"gst-abc123","event":{"id":"evt-abc123"}}}"#;

    fn sign(secret: &str, id: &str, unix_seconds: i64, body: &[u8]) -> Request {
        let t = unix_seconds.to_string();
        let signature = format!("t={t},v1={}", luma_tag(secret, &t, body));
        post(&[("webhook-id", id), ("webhook-timestamp", &t), (Self::SIGNATURE, &signature)], body)
    }
}

impl Signs for Lunacal {
    const SECRET: &'static str = "test-secret";
    const SIGNATURE: &'static str = "x-cal-signature-256";
    const BODY: &'static str = r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2025-07-02T07:14:48.795Z","payload":{"uid":"r543Dk3BeyfTafREgkSU8v"}}"#;

    /// Neither an id nor a time is sent.
    fn sign(secret: &str, _: &str, _: i64, body: &[u8]) -> Request {
        post(&[(Self::SIGNATURE, &hex(&hmac(secret.as_bytes(), body)))], body)
    }
}

impl Signs for Allfly {
    const SECRET: &'static str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const SIGNATURE: &'static str = "svix-signature";
    const BODY: &'static str = r#"{"type":"event_attendee.joined_event","data":{"id":"1"}}"#;

    fn sign(secret: &str, id: &str, unix_seconds: i64, body: &[u8]) -> Request {
        let timestamp = unix_seconds.to_string();
        let signature = standard_tag(secret, id, &timestamp, body);
        post(&[("svix-id", id), ("svix-timestamp", &timestamp), (Self::SIGNATURE, &signature)], body)
    }
}

impl Signs for Calcom {
    const SECRET: &'static str = "secret-of-cal-com";
    const SIGNATURE: &'static str = "x-cal-signature-256";
    const BODY: &'static str = r#"{"triggerEvent":"BOOKING_CREATED","createdAt":"2026-06-12T14:03:27.512Z","payload":{"uid":"kV3cQ9ZrT1mWb7xNfH2sLp"}}"#;

    /// Neither an id nor a time is sent.
    fn sign(secret: &str, _: &str, _: i64, body: &[u8]) -> Request {
        let signature = hex(&hmac(secret.as_bytes(), body));
        post(&[(Self::SIGNATURE, &signature), ("x-cal-webhook-version", "2021-10-20")], body)
    }
}

impl Signs for Standard {
    const SECRET: &'static str = "whsec_c2VjcmV0IG9mIHNvbWUgc2VuZGVyIQ==";
    const SIGNATURE: &'static str = "webhook-signature";
    const BODY: &'static str =
        r#"{"type":"contact.created","timestamp":"2026-06-12T14:03:27.512Z","data":{"id":"1"}}"#;

    fn sign(secret: &str, id: &str, unix_seconds: i64, body: &[u8]) -> Request {
        let timestamp = unix_seconds.to_string();
        let signature = standard_tag(secret, id, &timestamp, body);
        post(&[("webhook-id", id), ("webhook-timestamp", &timestamp), (Self::SIGNATURE, &signature)], body)
    }
}
