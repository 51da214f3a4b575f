//! Text from strangers, made safe for a terminal.

/// Escapes the characters that command the terminal or turn the reading direction. A subject or body is written by
/// strangers: with such characters it could overwrite the lines above it, or look like another text.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '\n' || !is_command(letter) {
            plain.push(letter);
        } else {
            plain.extend(letter.escape_unicode());
        }
    }
    plain
}

fn is_command(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
