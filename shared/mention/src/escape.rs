//! The ways in which a text is escaped, each undone wherever it is found in a text.
//!
//! They are lenient: a body is often no document of one kind, but JSON with a URL in it, or HTML.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The undoing of one kind of escape. `None` if the text has none.
type Undo = fn(&str) -> Option<String>;

/// Every kind of escape.
pub(crate) const ESCAPES: [Undo; 6] = [json, percent, form, html, quoted_printable, zero_width];

/// Returns whether an escape begins at the start of this text, so that its first character is not what it seems.
pub(crate) fn begins(text: &str) -> bool {
    let head = |bytes: usize| text.get(..bytes);
    match text.as_bytes().first() {
        Some(b'%') => head(3).and_then(percent).is_some(),
        Some(b'\\') => head(6).is_some_and(|head| head.starts_with("\\u") && json(head).is_some()),
        Some(b'=') => quoted_printable(head(3).or(head(2)).unwrap_or(text)).is_some(),
        Some(b'&') => text.find(';').and_then(|end| html(&text[..=end])).is_some(),
        _ => false,
    }
}

/// Returns whether an HTML entity ends at the end of this text. The other escapes end in a letter or digit.
pub(crate) fn ends_in_entity(text: &str) -> bool {
    text.ends_with(';') && text.rfind('&').and_then(|start| html(&text[start..])).is_some()
}

/// `\u0040`, `\/`, `\"`.
fn json(text: &str) -> Option<String> {
    let mut rest = text;
    let mut read = String::with_capacity(text.len());
    let mut is_changed = false;
    while let Some(at) = rest.find('\\') {
        read.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else {
            read.push('\\');
            break;
        };
        let (letter, length) = match letter {
            'n' => ('\n', 1),
            'r' => ('\r', 1),
            't' => ('\t', 1),
            'b' | 'f' => (' ', 1),
            '"' | '\\' | '/' => (letter, 1),
            'u' | 'U' => {
                let Some(found) = unicode(rest) else {
                    read.push('\\');
                    continue;
                };
                found
            }
            _ => {
                read.push('\\');
                continue;
            }
        };
        is_changed = true;
        read.push(letter);
        rest = &rest[length..];
    }
    read.push_str(rest);
    is_changed.then_some(read)
}

/// Reads `uXXXX`, or the two of a surrogate pair. Returns the number of bytes it takes, too.
fn unicode(text: &str) -> Option<(char, usize)> {
    let unit = |from: usize| u16::from_str_radix(text.get(from..from + 4)?, 16).ok();
    let first = unit(1)?;
    let second = text.get(5..7).filter(|next| next.eq_ignore_ascii_case("\\u")).and_then(|_| unit(7));
    let pair = [Some(first), second].into_iter().flatten();
    match char::decode_utf16(pair).next()? {
        Ok(letter) if letter.len_utf16() == 2 => Some((letter, 11)),
        Ok(letter) => Some((letter, 5)),
        Err(_) => Some((char::REPLACEMENT_CHARACTER, 5)),
    }
}

/// `%40`.
fn percent(text: &str) -> Option<String> {
    match percent_decode_str(text).into() {
        Cow::Owned(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Cow::Borrowed(_) => None,
    }
}

/// A form's fields, in which a blank is a `+`. In a form an `@` is always escaped, so a word with a plain one is none: the
/// `+` of `grace+ada@example.com` belongs to the name.
fn form(text: &str) -> Option<String> {
    let is_escaped = |word: &str| ["%40", "%2B", "%2b"].iter().any(|escape| word.contains(escape));
    if !is_escaped(text) {
        return None;
    }
    let is_between = |letter: char| letter.is_whitespace() || "\"'<>&=?#,;\\".contains(letter);
    let mut read = String::with_capacity(text.len());
    for word in text.split_inclusive(is_between) {
        if is_escaped(word) && !word.contains('@') {
            read.push_str(&word.replace('+', " "));
        } else {
            read.push_str(word);
        }
    }
    percent(&read)
}

/// `&#64;`, `&commat;`.
fn html(text: &str) -> Option<String> {
    match html_escape::decode_html_entities(text) {
        Cow::Owned(read) => Some(read),
        Cow::Borrowed(_) => None,
    }
}

/// `=40`, and lines that were broken in the middle of a word.
fn quoted_printable(text: &str) -> Option<String> {
    let mut read = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) => rest = after,
            (b'=', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit =
                    |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                read.push(digit(*high)? << 4 | digit(*low)?);
                rest = after;
            }
            _ => read.push(*byte),
        }
    }
    (read.len() < text.len()).then(|| String::from_utf8_lossy(&read).into_owned())
}

/// Characters without a width that allow a line to be broken inside an address.
fn zero_width(text: &str) -> Option<String> {
    let invisible = ['\u{200B}', '\u{FEFF}'];
    text.contains(invisible).then(|| text.replace(invisible, ""))
}
