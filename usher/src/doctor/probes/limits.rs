//! Probes of size, depth and number.

use crate::doctor::probe::{Expected, Probe, must_accept, must_refuse};
use crate::doctor::tamper::{value, with};
use crate::sender::Sender;

/// The number of signatures, which still fit the header size that gateways accept.
const MANY: usize = 60;
/// The depth of nested JSON, which overflows the stack of a parser without a limit.
const DEEP: usize = 20_000;

pub(super) fn probes() -> Vec<Probe> {
    vec![
        must_accept("the largest body", "a body within the limit must not be refused", |sender, mark| {
            sender.sign(mark, padded(sender, mark, sender.max_body_bytes), 0)
        }),
        Probe::new(
            "a byte too many",
            "the work for one request must be bounded",
            Expected::TooLarge,
            |sender, mark| sender.sign(mark, padded(sender, mark, sender.max_body_bytes + 1), 0),
        )
        .with_secret(),
        must_accept("JSON nested deeply", "a parser that recurses could run out of stack", |sender, mark| {
            // As deep as the receiver's limit on a body allows.
            let depth = DEEP.min(sender.max_body_bytes.saturating_sub(mark.len() + 2) / 2);
            let nested = format!(r#"{}"{mark}"{}"#, "[".repeat(depth), "]".repeat(depth));
            sender.sign(mark, nested.into_bytes(), 0)
        })
        .always_an_event(),
        must_refuse("sixty signatures", "the work for one request must be bounded", |sender, mark| {
            let header = sender.provider.signature_header();
            let request = sender.event_signed_with(&events::forged_secret(), mark);
            let one = value(&request, header);
            let separator = if sender.provider == events::Provider::Luma { "," } else { " " };
            let mac = one.rsplit(',').next().unwrap_or_default().to_owned();
            let item = if sender.provider.is_standard_webhooks() { format!("v1,{mac}") } else { mac };
            with(request, header, format!("{one}{}", format!("{separator}{item}").repeat(MANY)))
        })
        .only(Sender::signs),
        must_refuse(
            "a long header",
            "a malformed value must be refused, and not crash the parser",
            |sender, mark| with(sender.event(mark), sender.provider.signature_header(), "v1=".repeat(1500)),
        )
        .only(Sender::signs),
    ]
}

/// Makes a body of exactly `bytes` bytes.
fn padded(sender: &Sender, mark: &str, bytes: usize) -> Vec<u8> {
    let mut body = sender.harmless(mark);
    let blanks = bytes.saturating_sub(body.len());
    let end = body.len() - 1;
    body.splice(end..end, std::iter::repeat_n(b' ', blanks));
    body
}
