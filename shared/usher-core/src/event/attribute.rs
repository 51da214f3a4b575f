//! A provider's free text, as an attribute of an event may hold it.
//!
//! Consumers' routers, filters and logs handle attributes before any code reads `data`, often within narrow limits. The
//! provider's own text is in `raw`.

use crate::digest::Digest;

/// The length in bytes above which a text is cut. No provider's id or type comes near, and one as long as a body would
/// double the message.
const MAX_BYTES: usize = 128;

/// Makes a text fit for an attribute.
///
/// A text that is short and holds nothing that CloudEvents forbids stays as it is. Any other loses what is forbidden, is
/// cut to [`MAX_BYTES`], and ends in `~` and the digest of the whole: equal texts stay equal, different ones different.
pub fn attribute_safe(text: String) -> String {
    if text.len() <= MAX_BYTES && !text.contains(is_forbidden) {
        return text;
    }
    let digest = Digest::of(text.as_bytes()).text();
    let mut kept: String =
        text.chars().filter(|character| !is_forbidden(*character)).take(MAX_BYTES).collect();
    kept.truncate(kept.floor_char_boundary(MAX_BYTES - 1 - digest.len()));
    format!("{kept}~{digest}")
}

/// Returns whether it is a control character or one of Unicode's noncharacters (CloudEvents 1.0, "Type System").
fn is_forbidden(character: char) -> bool {
    let code = u32::from(character);
    character.is_control() || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}
