//! The Standard Webhooks scheme (<https://www.standardwebhooks.com>), as Svix and many others send it, and as Luma might.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Account, Keyring, KeyringError, Secret, listed};
use crate::signature::{Candidate, Check, Description, MAX_SIGNATURES, Refusal, SignedAt, Tag};

/// The three headers of one naming scheme.
#[derive(Clone, Copy)]
pub struct Headers {
    pub id: &'static str,
    pub timestamp: &'static str,
    pub signature: &'static str,
}

/// Svix's own names, which it sends by default.
pub const SVIX: Headers = Headers { id: "svix-id", timestamp: "svix-timestamp", signature: "svix-signature" };
/// The names of the specification.
pub const WEBHOOK: Headers =
    Headers { id: "webhook-id", timestamp: "webhook-timestamp", signature: "webhook-signature" };

/// Returns the naming scheme in use. It holds for all three headers, so that the key can't be of another id than the one
/// that is verified.
fn headers(request: &Request) -> Headers {
    if request.headers.contains_key(SVIX.signature) { SVIX } else { WEBHOOK }
}

/// Checks that every secret is one of this scheme, and that there is one.
pub fn check_keyring(keyring: &Keyring) -> Result<(), KeyringError> {
    if keyring.signing.is_empty() {
        return Err(KeyringError::NoSigningSecret);
    }
    if listed(&keyring.signing).any(|listed| key(listed.secret).is_none()) {
        return Err(KeyringError::NotBase64);
    }
    Ok(())
}

/// Describes the check of a delivery, with its id.
pub fn describe<'r>(
    request: &'r Request,
    keyring: &'r Keyring,
    policy: &Policy,
) -> Result<Description<'r>, Refusal> {
    let headers = headers(request);
    let check = check(request, headers, &keyring.signing, policy)?;
    let delivery_id = request.header(headers.id).ok().flatten().filter(|id| !id.is_empty());
    Ok(Description { request, delivery_id, checks: vec![check] })
}

/// Signed bytes are `{id}.{timestamp}.{body}`, the key is the decoded secret, signatures are `v1,<base64>` separated
/// by spaces. Versions other than `v1` (such as the asymmetric `v1a`) are skipped, never taken for "no check".
pub fn check<'r>(
    request: &'r Request,
    headers: Headers,
    accounts: &'r [Account],
    policy: &Policy,
) -> Result<Check<'r>, Refusal> {
    let header = |name| request.header(name).map_err(|_| Refusal::MalformedSignature);
    let signatures = header(headers.signature)?.ok_or(Refusal::MissingSignature)?;
    let id = header(headers.id)?.filter(|id| !id.is_empty()).ok_or(Refusal::MissingDeliveryId)?;
    // The parts are signed joined by dots. With a dot in the id, whoever can have one body signed could move the cut:
    // its first part would become the id's end, a number in it the timestamp.
    if id.contains('.') {
        return Err(Refusal::MalformedDeliveryId);
    }
    let timestamp = header(headers.timestamp)?.ok_or(Refusal::MissingTimestamp)?;
    Ok(Check::Mac {
        keys: listed(accounts)
            .filter_map(|listed| Some(Candidate { listed, bytes: Cow::Owned(key(listed.secret)?) }))
            .collect(),
        signed: vec![id.as_bytes(), b".", timestamp.as_bytes(), b".", &request.body],
        signatures: tags(signatures)?,
        signed_at: Some(signed_at(timestamp, policy)?),
    })
}

/// The MAC key of a secret: base64 of what follows `whsec_`, the prefix being optional. `None` if it isn't that, or
/// is empty.
pub fn key(secret: &Secret) -> Option<Vec<u8>> {
    let text = secret.expose();
    let key = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
    (!key.is_empty()).then_some(key)
}

/// A Unix timestamp as signed: digits only. A sign or a space would be one more spelling of the same moment.
pub fn signed_at(text: &str, policy: &Policy) -> Result<SignedAt, Refusal> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::MalformedTimestamp);
    }
    let unix_seconds = text.parse().map_err(|_| Refusal::MalformedTimestamp)?;
    Ok(SignedAt {
        unix_seconds,
        tolerance_seconds: i64::try_from(policy.tolerance.as_secs()).unwrap_or(i64::MAX),
    })
}

fn tags(listed: &str) -> Result<Vec<Tag>, Refusal> {
    let versions: Vec<(&str, &str)> =
        listed.split(' ').filter_map(|item| item.split_once(',')).take(MAX_SIGNATURES).collect();
    let v1: Vec<&str> =
        versions.iter().filter(|(version, _)| *version == "v1").map(|(_, value)| *value).collect();
    if v1.is_empty() {
        return Err(if versions.is_empty() { Refusal::MalformedSignature } else { Refusal::UnknownScheme });
    }
    let tags: Vec<Tag> = v1
        .iter()
        .filter_map(|text| STANDARD.decode(text).ok())
        .filter_map(|bytes| bytes.try_into().ok())
        .collect();
    if tags.is_empty() { Err(Refusal::MalformedSignature) } else { Ok(tags) }
}
