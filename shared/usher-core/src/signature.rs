//! The only place that decides whether a delivery is genuine.
//!
//! A provider *describes* what there is to check ([`Description`]): which bytes were signed, with which signatures,
//! under which clock. This module alone computes the MAC, compares, and can construct [`Verified`]. It knows no
//! provider.

use std::borrow::Cow;

use base16ct::mixed;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq};

use crate::cause::causes;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::{Age, Listed, Used};

/// An HMAC-SHA256 tag.
pub type Tag = [u8; 32];

/// The number of signatures in one header that are looked at. No provider sends more than one per live secret, and the
/// bound keeps the work that a stranger can cause small.
pub const MAX_SIGNATURES: usize = 16;

/// Everything that has to hold for one request to be genuine.
pub struct Description<'r> {
    /// The request that the checks are about. It is bound to them here, so that nothing can verify one request and
    /// take the body of another.
    pub request: &'r Request,
    /// The provider's id of this delivery, the same on every retry, if it sends one.
    pub delivery_id: Option<&'r str>,
    /// The checks, all of which have to hold. The list is empty only where the deployer allowed unsigned deliveries.
    pub checks: Vec<Check<'r>>,
}

/// One thing to check.
pub enum Check<'r> {
    /// HMAC-SHA256 over `signed`, optionally bound to a time. The parts are fed in order, so the body is never copied.
    Mac { keys: Vec<Candidate<'r>>, signed: Vec<&'r [u8]>, signatures: Vec<Tag>, signed_at: Option<SignedAt> },
    /// A bearer token, compared with each accepted one.
    Token { presented: Vec<u8>, accepted: Vec<Candidate<'r>> },
}

/// A secret that the sender may have used.
pub struct Candidate<'r> {
    /// The secret's place in the document.
    pub listed: Listed<'r>,
    /// The key or token that the scheme makes of it.
    pub bytes: Cow<'r, [u8]>,
}

impl<'r> Candidate<'r> {
    /// Takes a secret as it is, as UTF-8.
    pub fn undecoded(listed: Listed<'r>) -> Self {
        Self { listed, bytes: Cow::Borrowed(listed.secret.expose().as_bytes()) }
    }
}

/// The moment at which the sender says it signed, and how far off it may be either way.
#[derive(Debug, Clone, Copy)]
pub struct SignedAt {
    /// Seconds since the Unix epoch.
    pub unix_seconds: i64,
    /// Seconds by which it may differ from now.
    pub tolerance_seconds: i64,
}

/// Proof that a body came from the provider. Only [`verify`] makes one, and only from a request that passed.
#[derive(Debug)]
pub struct Verified {
    body: Bytes,
    delivery_id: Option<String>,
    by: VerifiedBy,
}

/// The secrets that a delivery was verified by: names and ages, never the secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifiedBy {
    /// The signing secret, if a signature was checked.
    pub secret: Option<Used>,
    /// The URL token, if one was checked.
    pub token: Option<Used>,
}

impl VerifiedBy {
    /// Returns whether the provider used a secret or token that is to be retired.
    pub fn is_older(&self) -> bool {
        [&self.secret, &self.token].into_iter().flatten().any(|used| used.age == Age::Older)
    }
}

impl Verified {
    /// Returns the body, byte for byte as it was verified.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the provider's id of this delivery, if it sent one. Not every scheme signs it: the provider's
    /// [`key`](crate::provider::Provider::key) takes that into account.
    pub fn delivery_id(&self) -> Option<&str> {
        self.delivery_id.as_deref()
    }

    /// Returns which secrets it was verified by. There are none only where the deployer allowed unsigned deliveries.
    pub fn by(&self) -> &VerifiedBy {
        &self.by
    }
}

causes! {
    /// The reason for refusing a delivery. The message is what the caller reads.
    Refusal {
        MissingSignature = "signature_missing", "missing signature";
        NoSecretAtSender = "signature_without_secret", "the sender has no secret to sign with";
        MalformedSignature = "signature_malformed", "malformed signature";
        UnknownScheme = "signature_scheme_unknown", "unknown signature scheme";
        MissingTimestamp = "timestamp_missing", "missing timestamp";
        MalformedTimestamp = "timestamp_malformed", "malformed timestamp";
        Stale = "timestamp_stale", "timestamp too old";
        FromTheFuture = "timestamp_from_the_future", "timestamp in the future";
        WrongSignature = "signature_wrong", "wrong signature";
        MissingDeliveryId = "delivery_id_missing", "missing delivery id";
        MalformedDeliveryId = "delivery_id_malformed", "malformed delivery id";
        MissingToken = "token_missing", "missing token";
        WrongToken = "token_wrong", "wrong token";
        NothingToCheck = "nothing_to_check", "nothing to check the delivery with";
    }
}

impl Refusal {
    /// Returns whether secrets newer than the ones at hand could make the delivery pass.
    pub fn may_be_rotation(self) -> bool {
        matches!(
            self,
            Self::WrongSignature
                | Self::WrongToken
                | Self::MissingSignature
                | Self::NoSecretAtSender
                | Self::MissingToken
        )
    }
}

/// Verifies a request as its provider described it.
///
/// Fails closed: a description without any check is refused, unless the policy allows unsigned deliveries.
pub fn verify(description: &Description<'_>, policy: &Policy, now: Timestamp) -> Result<Verified, Refusal> {
    if description.checks.is_empty() && !policy.allow_unsigned {
        return Err(Refusal::NothingToCheck);
    }
    let mut by = VerifiedBy::default();
    for check in &description.checks {
        match check {
            Check::Mac { keys, signed, signatures, signed_at } => {
                signed_at.map_or(Ok(()), |signed_at| signed_at.verify(now))?;
                let used = signed_with(keys, signed, signatures).ok_or(Refusal::WrongSignature)?;
                by.secret = Some(used.into());
            }
            Check::Token { presented, accepted } => {
                let used = presented_of(accepted, presented).ok_or(Refusal::WrongToken)?;
                by.token = Some(used.into());
            }
        }
    }
    Ok(Verified {
        body: description.request.body.clone(),
        delivery_id: description.delivery_id.map(str::to_owned),
        by,
    })
}

impl SignedAt {
    /// Refuses a time that is further off than the tolerance. Exactly the tolerance passes, one second more does not.
    ///
    /// An old timestamp may be the replay of a captured delivery. A future one is refused too: it could be replayed
    /// until that time.
    fn verify(self, now: Timestamp) -> Result<(), Refusal> {
        let age = now.as_second().saturating_sub(self.unix_seconds);
        if age > self.tolerance_seconds {
            Err(Refusal::Stale)
        } else if age < self.tolerance_seconds.saturating_neg() {
            Err(Refusal::FromTheFuture)
        } else {
            Ok(())
        }
    }
}

/// Returns the first key under which any signature is the tag.
fn signed_with<'r>(keys: &[Candidate<'r>], signed: &[&[u8]], signatures: &[Tag]) -> Option<Listed<'r>> {
    first_match(keys, |key| {
        let expected = tag(key, signed);
        signatures.iter().fold(Choice::from(0), |found, signature| found | expected.ct_eq(signature))
    })
}

/// Returns the first token that equals the presented one. Its time depends on the lengths only.
fn presented_of<'r>(accepted: &[Candidate<'r>], presented: &[u8]) -> Option<Listed<'r>> {
    first_match(accepted, |token| token.ct_eq(presented))
}

/// Returns the first candidate that matches.
///
/// Compares each in constant time and does not stop at a match, nor branch on one: timing must tell a forger neither
/// how much of a guess was right nor which secret it was right for. Only a sender whose delivery passed can learn
/// which one it was, and it knows the secret.
fn first_match<'r>(candidates: &[Candidate<'r>], matches: impl Fn(&[u8]) -> Choice) -> Option<Listed<'r>> {
    let mut found = Choice::from(0);
    let mut place = 0;
    for (index, candidate) in (0_u64..).zip(candidates) {
        let is_match = matches(&candidate.bytes);
        place.conditional_assign(&index, is_match & !found);
        found |= is_match;
    }
    if !bool::from(found) {
        return None;
    }
    candidates.get(usize::try_from(place).ok()?).map(|candidate| candidate.listed)
}

fn tag(key: &[u8], signed: &[&[u8]]) -> Tag {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length (RFC 2104)");
    for part in signed {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Reads a tag from 64 hexadecimal digits of either case. `None` for anything else.
pub fn tag_from_hex(text: &str) -> Option<Tag> {
    let mut tag = Tag::default();
    (mixed::decode(text, &mut tag).ok()?.len() == tag.len()).then_some(tag)
}
