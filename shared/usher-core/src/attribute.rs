//! A provider's free text, as an attribute of an event may hold it.
//!
//! Attributes are what routers, filters and logs of consumers handle before anybody reads `data`, often within narrow
//! limits. What the provider really wrote is in `raw`.

use crate::delivery::Digest;

/// Longer texts are cut: no provider's id or type comes near, and one as long as a body would double the message.
const MAX_BYTES: usize = 128;

/// As it is if it is short and holds nothing that CloudEvents forbids. Else what can stay of it, cut to [`MAX_BYTES`],
/// and behind `~` the digest of all of it: equal texts stay equal, and different ones different.
pub fn bounded(text: String) -> String {
    if text.len() <= MAX_BYTES && !text.contains(is_forbidden) {
        return text;
    }
    let digest = Digest::of(text.as_bytes()).text();
    let mut kept: String =
        text.chars().filter(|character| !is_forbidden(*character)).take(MAX_BYTES).collect();
    kept.truncate(kept.floor_char_boundary(MAX_BYTES - 1 - digest.len()));
    format!("{kept}~{digest}")
}

/// Control characters and those that Unicode assigns to nobody for ever (CloudEvents 1.0, "Type System").
fn is_forbidden(character: char) -> bool {
    let code = u32::from(character);
    character.is_control() || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}
