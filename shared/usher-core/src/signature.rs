//! The only place that decides whether a delivery is genuine.
//!
//! A provider *describes* what there is to check ([`Description`]): which bytes were signed, with which signatures,
//! under which clock. This module alone computes the MAC, compares, and can construct [`Verified`].

use std::borrow::Cow;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use crate::cause::causes;
use crate::policy::Policy;
use crate::provider::Provider;
use crate::request::Request;
use crate::secret::{Keyring, Secret};

/// An HMAC-SHA256 tag.
pub type Tag = [u8; 32];

/// Signatures beyond this many in one header are not looked at: no provider sends more than one per live secret,
/// and work per request stays bounded.
pub const MAX_SIGNATURES: usize = 16;

/// What has to hold for a delivery to be genuine: every check of the list, which is never empty unless the deployer
/// allowed unsigned deliveries.
pub struct Description<'r> {
    pub checks: Vec<Check<'r>>,
}

/// One thing to check.
pub enum Check<'r> {
    /// HMAC-SHA256 over `signed` (parts are fed in order, so the body is never copied), optionally bound to a time.
    Mac { keys: Vec<Cow<'r, [u8]>>, signed: Vec<&'r [u8]>, signatures: Vec<Tag>, signed_at: Option<SignedAt> },
    /// A bearer token, compared with each accepted one.
    Token { presented: String, accepted: &'r [Secret] },
}

/// The moment the sender says it signed, in Unix seconds, and how far off it may be either way.
#[derive(Debug, Clone, Copy)]
pub struct SignedAt {
    pub unix_seconds: i64,
    pub tolerance_seconds: i64,
}

/// Proof that a body came from the provider. Only [`verify`] makes one, and only from a request that passed.
#[derive(Debug)]
pub struct Verified {
    body: Bytes,
    delivery_id: Option<String>,
}

impl Verified {
    /// The body, byte for byte as it was verified.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The provider's id of this delivery, if it sent one. Whether it is signed is the provider's matter: see
    /// [`Provider::key`].
    pub fn delivery_id(&self) -> Option<&str> {
        self.delivery_id.as_deref()
    }
}

causes! {
    /// Why a delivery was refused. The message is what the caller reads.
    Refusal {
        MissingSignature = "signature_missing", "missing signature";
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
    /// Whether secrets newer than the ones at hand could make the delivery pass.
    pub fn may_be_rotation(self) -> bool {
        matches!(self, Self::WrongSignature | Self::WrongToken | Self::MissingSignature | Self::MissingToken)
    }
}

/// Verifies a request against the secrets that are valid now.
///
/// Fails closed: whatever the provider module can't describe, and whatever has no check at all, is refused.
pub fn verify<P: Provider>(
    request: &Request,
    keyring: &Keyring,
    policy: &Policy,
    now: Timestamp,
) -> Result<Verified, Refusal> {
    let description = P::describe(request, keyring, policy)?;
    if description.checks.is_empty() && !policy.allow_unsigned {
        return Err(Refusal::NothingToCheck);
    }
    for check in &description.checks {
        check.hold(now)?;
    }
    Ok(Verified { body: request.body.clone(), delivery_id: P::delivery_id(request).map(str::to_owned) })
}

impl Check<'_> {
    fn hold(&self, now: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::Mac { keys, signed, signatures, signed_at } => {
                signed_at.map_or(Ok(()), |signed_at| signed_at.check(now))?;
                if any_tag_matches(keys, signed, signatures) { Ok(()) } else { Err(Refusal::WrongSignature) }
            }
            Self::Token { presented, accepted } => {
                // Constant time for tokens of one length: an early exit would let a sender guess byte by byte.
                let found = accepted.iter().fold(Choice::from(0), |found, token| {
                    found | token.expose().as_bytes().ct_eq(presented.as_bytes())
                });
                if found.into() { Ok(()) } else { Err(Refusal::WrongToken) }
            }
        }
    }
}

impl SignedAt {
    /// Exactly the tolerance off still passes, one second more does not, either way.
    ///
    /// Too old stops the replay of a captured delivery. From the future would stop it as little: a sender who can get
    /// one future timestamp signed could replay it until that time comes.
    fn check(self, now: Timestamp) -> Result<(), Refusal> {
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

/// Compares every signature with the tag under every key, in constant time and without stopping at a match: timing
/// tells a forger neither how much of a guess was right nor which key it was right for.
fn any_tag_matches(keys: &[Cow<'_, [u8]>], signed: &[&[u8]], signatures: &[Tag]) -> bool {
    let mut found = Choice::from(0);
    for key in keys {
        let expected = tag(key, signed);
        for signature in signatures {
            found |= expected.ct_eq(signature);
        }
    }
    found.into()
}

fn tag(key: &[u8], signed: &[&[u8]]) -> Tag {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length (RFC 2104)");
    for part in signed {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
