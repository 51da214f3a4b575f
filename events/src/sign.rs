//! The signatures, as the senders make them. All are HMAC-SHA256. They differ in the key, the bytes and the header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::provider::Provider;
use crate::random::hex;

/// Header names as the provider writes them, and their values.
pub type Headers = Vec<(&'static str, String)>;

/// The reason why a body could not be signed. The messages never show the secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The secret holds no key.
    #[error("the signing secret is empty: use the one that {0} shows for this webhook")]
    EmptySecret(Provider),
    /// The secret is not base64, as the keys of Standard Webhooks are.
    #[error(
        "the signing secret is not one of {0}'s: those are `whsec_` followed by base64, as the sender's dashboard shows them"
    )]
    NotBase64(Provider),
}

/// Returns the headers that make `body` an authentic delivery of `provider`.
///
/// `delivery_id` and `unix_seconds` are part of the headers, but for Lunacal and Cal.com, which have neither and ignore them.
///
/// # Errors
/// When `secret` cannot be a key of this provider: it is empty, or for AllFly and Standard not base64.
pub fn sign(
    provider: Provider,
    secret: &str,
    delivery_id: &str,
    unix_seconds: i64,
    body: &[u8],
) -> Result<Headers, SignError> {
    if secret.is_empty() {
        return Err(SignError::EmptySecret(provider));
    }
    match provider {
        Provider::Luma => Ok(luma(secret, delivery_id, unix_seconds, body)),
        Provider::Lunacal | Provider::Calcom => Ok(cal(secret, body)),
        Provider::Allfly | Provider::Standard => {
            standard_webhooks(provider, secret, delivery_id, unix_seconds, body)
        }
    }
}

/// Signs for Luma. Names and secret look like Standard Webhooks, but the scheme is Stripe's. The key is the whole secret,
/// `whsec_` included.
///
/// Luma documents the headers, but not how to compute them: this is what independent public receivers verify.
fn luma(secret: &str, delivery_id: &str, unix_seconds: i64, body: &[u8]) -> Headers {
    let time = unix_seconds.to_string();
    let mac = hmac_sha256(secret.as_bytes(), &[time.as_bytes(), b".", body]);
    let signature = format!("t={time},v1={}", hex(&mac));
    vec![
        ("Webhook-Id", delivery_id.to_owned()),
        ("Webhook-Timestamp", time),
        ("Webhook-Signature", signature),
    ]
}

/// Signs for Cal.com, which sends the bare hex of the body's HMAC
/// (<https://cal.com/docs/developing/guides/automation/webhooks>), and for Lunacal. Lunacal documents no signature, but its
/// payloads are Cal.com's.
fn cal(secret: &str, body: &[u8]) -> Headers {
    let mac = hmac_sha256(secret.as_bytes(), &[body]);
    vec![("X-Cal-Signature-256", hex(&mac))]
}

/// Signs by Standard Webhooks (<https://www.standardwebhooks.com>). AllFly Connect sends through Svix, which has names of its
/// own for the headers.
fn standard_webhooks(
    provider: Provider,
    secret: &str,
    delivery_id: &str,
    unix_seconds: i64,
    body: &[u8],
) -> Result<Headers, SignError> {
    let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
    let key = BASE64.decode(encoded).map_err(|_| SignError::NotBase64(provider))?;
    if key.is_empty() {
        return Err(SignError::EmptySecret(provider));
    }
    let time = unix_seconds.to_string();
    let mac = hmac_sha256(&key, &[delivery_id.as_bytes(), b".", time.as_bytes(), b".", body]);
    let signature = format!("v1,{}", BASE64.encode(mac));
    let [id, timestamp] = match provider {
        Provider::Allfly => ["svix-id", "svix-timestamp"],
        _ => ["webhook-id", "webhook-timestamp"],
    };
    Ok(vec![(id, delivery_id.to_owned()), (timestamp, time), (provider.signature_header(), signature)])
}

/// Computes the HMAC-SHA256 of the parts, one after the other.
fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
