//! The signature of Cal.com's sender, which Lunacal inherited: `X-Cal-Signature-256: <hex>` over the body.

use crate::request::Request;
use crate::secret::{Account, listed};
use crate::signature::{Candidate, Check, Refusal, Tag, tag_from_hex};

/// The text that the sender writes in place of a signature when no secret is set. It proves nothing.
const NO_SECRET: &str = "no-secret-provided";

/// Returns the header's text.
pub fn header(request: &Request) -> Result<Option<&str>, Refusal> {
    request.header("x-cal-signature-256").map_err(|_| Refusal::MalformedSignature)
}

/// Returns whether a header holds no signature.
pub fn is_unsigned(header: Option<&str>) -> bool {
    header.is_none_or(|header| header == NO_SECRET)
}

/// Describes the check of a signature that has to be there.
pub fn check<'r>(
    request: &'r Request,
    header: Option<&str>,
    accounts: &'r [Account],
) -> Result<Check<'r>, Refusal> {
    Ok(Check::Mac {
        keys: listed(accounts).map(Candidate::undecoded).collect(),
        signed: vec![&request.body],
        signatures: vec![parse(header.ok_or(Refusal::MissingSignature)?)?],
        signed_at: None,
    })
}

/// `<hex>`, with `sha256=` before it or not.
fn parse(header: &str) -> Result<Tag, Refusal> {
    if header == NO_SECRET {
        return Err(Refusal::NoSecretAtSender);
    }
    tag_from_hex(header.strip_prefix("sha256=").unwrap_or(header)).ok_or(Refusal::MalformedSignature)
}
