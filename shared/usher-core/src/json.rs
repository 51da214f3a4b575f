//! Parsing a body.

use std::borrow::Cow;

use serde_json_borrow::Value;

/// Reads a body that is JSON; `None` where it isn't.
///
/// Half an emoji, which JavaScript leaves when it cuts a text to a length, is an escape that JSON allows and no Rust
/// string can hold. It is read as U+FFFD, rather than let it hide all the rest. What is sent on as raw isn't changed.
pub fn parse<T>(body: &[u8], read: impl FnOnce(&Value<'_>) -> T) -> Option<T> {
    if let Ok(value) = serde_json::from_slice::<Value<'_>>(body) {
        return Some(read(&value));
    }
    let Cow::Owned(mended) = without_lone_surrogates(body) else { return None };
    serde_json::from_slice::<Value<'_>>(&mended).ok().map(|value| read(&value))
}

fn without_lone_surrogates(json: &[u8]) -> Cow<'_, [u8]> {
    let mut mended = Cow::Borrowed(json);
    let mut at = 0;
    // Outside strings there are no backslashes, and within them one begins an escape.
    while let Some(distance) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += distance;
        at += match (escaped(json, at), escaped(json, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                mended.to_mut()[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            _ => 2,
        };
        at = at.min(json.len());
    }
    mended
}

/// The code unit of a `\uXXXX` that begins there.
fn escaped(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u16::from_str_radix(digits, 16).ok()
}
