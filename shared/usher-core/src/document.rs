//! A body, parsed once for all that is asked of it: the reading, the key, the event's `raw`.

use std::borrow::Cow;

use serde_json_borrow::Value;

/// A body and what it says.
pub struct Document<'b> {
    body: &'b [u8],
    json: Json<'b>,
}

enum Json<'b> {
    /// The text is that of the body.
    Verbatim { text: &'b str, value: Value<'b> },
    /// The text is mended, and parsed when it is read: it is rare.
    Mended(String),
    /// Or not JSON that can be read.
    None,
}

impl<'b> Document<'b> {
    /// Half an emoji, which JavaScript leaves when it cuts a text to a length, is an escape that JSON allows and no
    /// Rust string can hold. It is read as U+FFFD, rather than let it hide all the rest. What is sent on as raw isn't
    /// changed.
    pub fn parse(body: &'b [u8]) -> Self {
        let Ok(text) = std::str::from_utf8(body) else { return Self { body, json: Json::None } };
        let json = match serde_json::from_str(text) {
            Ok(value) => Json::Verbatim { text, value },
            Err(_) => without_lone_surrogates(text).map_or(Json::None, Json::Mended),
        };
        Self { body, json }
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &'b [u8] {
        self.body
    }

    /// Reads a body that is JSON; `None` where it isn't.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Value<'_>) -> T) -> Option<T> {
        match &self.json {
            Json::Verbatim { value, .. } => Some(read(value)),
            Json::Mended(text) => serde_json::from_str(text).ok().map(|value| read(&value)),
            Json::None => None,
        }
    }

    /// The body as text, if it is JSON that can stand inside other JSON and that SQS carries unchanged.
    ///
    /// SQS takes #x9, #xA, #xD, #x20–#xD7FF, #xE000–#xFFFD and #x10000–#x10FFFF, and replaces what is outside by U+FFFD
    /// without a word. Of those, JSON text can hold only U+FFFE and U+FFFF unescaped. What is nested too deeply for our
    /// parser would be for many a consumer's, too, and then take the whole event with it: so the body may only be as
    /// deep as leaves room for the two levels around it.
    pub(crate) fn embeddable(&self) -> Option<&'b str> {
        match &self.json {
            Json::Verbatim { text, value } => {
                (depth(value) <= MAX_DEPTH && !holds_noncharacters(text)).then_some(text)
            }
            Json::Mended(_) | Json::None => None,
        }
    }
}

/// Whether there is U+FFFE or U+FFFF in it.
pub fn holds_noncharacters(text: &str) -> bool {
    // Few texts hold the byte that both begin with, and it is found many times faster than a character.
    text.as_bytes().contains(&0xEF) && text.contains(['\u{FFFE}', '\u{FFFF}'])
}

/// `serde_json` goes 127 levels deep; the event and its `data` are two of them.
const MAX_DEPTH: usize = 125;

fn depth(value: &Value<'_>) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(object) => 1 + object.as_vec().iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// `None` if there are none.
fn without_lone_surrogates(json: &str) -> Option<String> {
    let json = json.as_bytes();
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
    match mended {
        Cow::Owned(mended) => String::from_utf8(mended).ok(),
        Cow::Borrowed(_) => None,
    }
}

/// The code unit of a `\uXXXX` that begins there.
fn escaped(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u16::from_str_radix(digits, 16).ok()
}
