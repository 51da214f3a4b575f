//! The check of a pasted text: what is cut off around a secret, and what shows that more than the secret was pasted.
//!
//! A secret with a character too many is a key like any other. It raises no error and never matches, so it is checked
//! where it is read.

/// The reason why a text is not a secret as a provider shows it. No variant carries any of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it stands in quotation marks: leave them out")]
    Quoted,
    #[error(
        "it is JSON inside a text, as the console's key/value form makes it of a list: use the plaintext form"
    )]
    Json,
    #[error("a name and `=` stand before it: leave them out")]
    Assignment,
    #[error("`whsec_` stands in the middle of it: more than one secret was copied")]
    MoreThanSecret,
    #[error(
        "it holds a line break or a character that can't be seen: copy it again, without what is around it"
    )]
    Unprintable,
}

/// The beginning of a secret of Luma, and of every Standard Webhooks sender.
pub const PREFIX: &str = "whsec_";

/// Returns a text without the white space and the invisible characters around it.
///
/// Windows editors save a byte order mark. Web pages and chats add no-break and zero-width spaces. No provider's
/// secret begins or ends with any of them.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|char: char| char.is_whitespace() || is_invisible(char))
}

/// Checks that a trimmed text is a secret as a provider shows it.
///
/// Blanks and quotation marks inside it pass: an operator chooses Lunacal's secret, and may choose any text.
pub fn check(text: &str) -> Result<(), Flaw> {
    if is_quoted(text) {
        Err(Flaw::Quoted)
    } else if is_json(text) {
        Err(Flaw::Json)
    } else if is_assignment(text) {
        Err(Flaw::Assignment)
    } else if text.rfind(PREFIX).is_some_and(|place| place > 0) {
        Err(Flaw::MoreThanSecret)
    } else if text.contains(is_unprintable) {
        Err(Flaw::Unprintable)
    } else {
        Ok(())
    }
}

/// Returns whether there is a quotation mark at both ends: a shell's, or one that a word processor put there.
fn is_quoted(text: &str) -> bool {
    const MARKS: &[char] = &['\'', '"', '`', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›'];
    text.strip_prefix(MARKS).is_some_and(|rest| rest.ends_with(MARKS))
}

/// Returns whether it is a JSON list or object.
fn is_json(text: &str) -> bool {
    text.starts_with(['[', '{']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Returns whether it is a variable with its value, as in `.env` files: `LUMA_SECRET=…`.
///
/// The name has to be in capitals and the value must not be empty. Base64 has `=` only at its end, so it is never
/// taken for an assignment.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let Some((name, value)) = text.split_once('=') else { return false };
    let is_name = |name: &str| {
        name.len() >= 3
            && name.starts_with(|char: char| char.is_ascii_uppercase())
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    is_name(name) && !value.trim_start_matches('=').is_empty()
}

/// Returns whether a character can't be seen, or ends the line. A blank is neither.
fn is_unprintable(char: char) -> bool {
    // U+FFFD is left where text was read in a wrong encoding.
    char.is_control() || is_invisible(char) || (char.is_whitespace() && char != ' ') || char == '\u{fffd}'
}

/// Returns whether it is a format character that editors, web pages and office programs leave in texts: soft hyphens,
/// zero-width characters, marks of the writing direction, byte order marks (Unicode, general category Cf).
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}
