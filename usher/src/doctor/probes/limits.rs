//! Much of anything.

use crate::doctor::probe::{Expected, Probe, accepted, refused};
use crate::doctor::sender::Sender;
use crate::doctor::tamper::{signature_header, value, with};

/// Below what gateways let through in one header.
const MANY: usize = 60;
/// Deeper than any parser's stack without a limit of its own.
const DEEP: usize = 20_000;

pub(super) fn probes() -> Vec<Probe> {
    vec![
        accepted("the largest body", "nothing within the limit is refused", |sender, mark| {
            sender.sign(mark, padded(sender, mark, sender.max_body_bytes), 0)
        }),
        Probe::new(
            "a byte too many",
            "work for one request is bounded",
            Expected::TooLarge,
            |sender, mark| sender.sign(mark, padded(sender, mark, sender.max_body_bytes + 1), 0),
        )
        .with_secret(),
        accepted("JSON nested deeply", "a parser that recurses runs out of stack", |sender, mark| {
            let nested = format!(r#"{}"{mark}"{}"#, "[".repeat(DEEP), "]".repeat(DEEP));
            sender.sign(mark, nested.into_bytes(), 0)
        })
        .an_event(),
        refused("sixty signatures", "work for one request is bounded", |sender, mark| {
            let header = signature_header(sender.provider);
            let request = sender.event_signed_with(&events::forged_secret(), mark);
            let one = value(&request, header);
            let separator = if sender.provider == events::Provider::Luma { "," } else { " " };
            let mac = one.rsplit(',').next().unwrap_or_default().to_owned();
            let item = if sender.provider == events::Provider::Allfly { format!("v1,{mac}") } else { mac };
            with(request, header, format!("{one}{}", format!("{separator}{item}").repeat(MANY)))
        })
        .only(Sender::signs),
        refused("a long header", "it has to be refused, not to crash the parser", |sender, mark| {
            with(sender.event(mark), signature_header(sender.provider), "v1=".repeat(1500))
        })
        .only(Sender::signs),
    ]
}

/// A body of exactly so many bytes.
fn padded(sender: &Sender, mark: &str, bytes: usize) -> Vec<u8> {
    let mut body = sender.harmless(mark);
    let blanks = bytes.saturating_sub(body.len());
    let end = body.len() - 1;
    body.splice(end..end, std::iter::repeat_n(b' ', blanks));
    body
}
