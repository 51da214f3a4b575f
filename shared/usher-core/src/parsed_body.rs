//! A body, parsed once for everything that is made from it: the reading, the key, the event's `raw`.

use std::borrow::Cow;

use serde_json_borrow::Value;

/// A body and its JSON, if it is JSON.
pub struct ParsedBody<'b> {
    bytes: &'b [u8],
    json: Json<'b>,
}

enum Json<'b> {
    /// The text is the body's own.
    Verbatim { text: &'b str, value: Value<'b> },
    /// The text was repaired, and is parsed each time it is read: this is rare.
    Repaired(String),
    /// The body is not JSON that can be read.
    None,
}

impl<'b> ParsedBody<'b> {
    /// Parses a body. Never fails: a body that is not JSON has none.
    ///
    /// Some bodies are JSON that the parser refuses, and one odd value must not hide everything else:
    ///
    /// - Half an emoji, which JavaScript leaves when it cuts a text to a length, is an escape that JSON allows and no Rust
    ///   string can hold. It is read as U+FFFD.
    /// - A number beyond the range of a double is read as `null`.
    /// - A byte order mark in front is left out.
    ///
    /// The bytes that are sent on as `raw` are not changed.
    pub fn parse(bytes: &'b [u8]) -> Self {
        let Ok(text) = std::str::from_utf8(bytes) else { return Self { bytes, json: Json::None } };
        let json = match serde_json::from_str(text) {
            Ok(value) => Json::Verbatim { text, value },
            Err(_) => repaired(text).map_or(Json::None, Json::Repaired),
        };
        Self { bytes, json }
    }

    /// Returns the body, byte for byte.
    pub fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Calls `read` with the body's JSON. Returns `None` where it is not JSON.
    pub(crate) fn with_json<T>(&self, read: impl FnOnce(&Value<'_>) -> T) -> Option<T> {
        match &self.json {
            Json::Verbatim { value, .. } => Some(read(value)),
            Json::Repaired(text) => serde_json::from_str(text).ok().map(|value| read(&value)),
            Json::None => None,
        }
    }

    /// Returns the body as text, if it is JSON that can stand inside other JSON and that SQS carries unchanged.
    ///
    /// SQS takes #x9, #xA, #xD, #x20–#xD7FF, #xE000–#xFFFD and #x10000–#x10FFFF (SendMessage, `MessageBody`), and
    /// replaces other characters by U+FFFD without an error. Of those, JSON text can hold only U+FFFE and U+FFFF
    /// unescaped.
    ///
    /// Consumers' parsers have depth limits like ours. The event adds two levels, so deeper bodies go as base64.
    pub(crate) fn embeddable(&self) -> Option<&'b str> {
        match &self.json {
            Json::Verbatim { text, value } => {
                (depth(value) <= MAX_DEPTH && !holds_noncharacters(text)).then_some(text)
            }
            Json::Repaired(_) | Json::None => None,
        }
    }
}

/// Returns whether a text has U+FFFE or U+FFFF in it.
pub fn holds_noncharacters(text: &str) -> bool {
    // Both begin with this byte. Few texts hold it, and a byte is found many times faster than a character.
    text.as_bytes().contains(&0xEF) && text.contains(['\u{FFFE}', '\u{FFFF}'])
}

/// The depth up to which a body is embedded. `serde_json` parses 127 levels; the event and its `data` are two of them.
const MAX_DEPTH: usize = 125;

fn depth(value: &Value<'_>) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(object) => 1 + object.as_vec().iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Returns the text without what hides it from the parser. `None` if nothing of that is in it.
fn repaired(text: &str) -> Option<String> {
    const BYTE_ORDER_MARK: char = '\u{FEFF}';
    let unmarked = text.strip_prefix(BYTE_ORDER_MARK);
    let paired = without_lone_surrogates(unmarked.unwrap_or(text));
    let finite = without_infinite_numbers(paired.as_deref().or(unmarked).unwrap_or(text));
    finite.or(paired).or_else(|| unmarked.map(str::to_owned))
}

/// Replaces numbers beyond the range of a double by `null`. Returns `None` if there are none.
fn without_infinite_numbers(json: &str) -> Option<String> {
    let mut finite = String::new();
    let (mut copied, mut at) = (0, 0);
    let bytes = json.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'-' | b'0'..=b'9' => {
                let is_of_it = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let end = at + bytes[at..].iter().take_while(|byte| is_of_it(byte)).count();
                if json[at..end].parse().is_ok_and(f64::is_infinite) {
                    finite.push_str(&json[copied..at]);
                    finite.push_str("null");
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    (copied > 0).then(|| finite + &json[copied..])
}

/// Returns the place behind the string that begins here.
fn string_end(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// Replaces lone surrogate escapes by `\ufffd`. Returns `None` if there are none.
fn without_lone_surrogates(json: &str) -> Option<String> {
    let json = json.as_bytes();
    let mut repaired = Cow::Borrowed(json);
    let mut at = 0;
    // Outside strings there are no backslashes, and within them one begins an escape.
    while let Some(distance) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += distance;
        at += match (escaped(json, at), escaped(json, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                repaired.to_mut()[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            _ => 2,
        };
        at = at.min(json.len());
    }
    match repaired {
        Cow::Owned(repaired) => String::from_utf8(repaired).ok(),
        Cow::Borrowed(_) => None,
    }
}

/// Returns the code unit of a `\uXXXX` that begins at this place.
fn escaped(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u16::from_str_radix(digits, 16).ok()
}
