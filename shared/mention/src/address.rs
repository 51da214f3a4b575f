//! E-mail addresses.

use crate::Finding;
use crate::escape::{begins, ends_in_entity};
use crate::letters::{is_of_a_word, is_unspaced, spelled};
use crate::reading::search;

/// An e-mail address to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

/// The error for a text that is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no e-mail address: it needs a name, an @ and a domain")]
pub struct NoAddress;

impl Address {
    /// Reads an address as a person would type it. A part of one is refused: it would find other people's.
    pub fn parse(text: &str) -> Result<Self, NoAddress> {
        let address = spelled(text.trim());
        let (name, domain) = address.split_once('@').ok_or(NoAddress)?;
        let odd = |letter: char| letter.is_whitespace() || letter.is_control();
        let whole = !name.is_empty()
            && !name.starts_with(CONNECTING)
            && domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty())
            && !domain.contains('@')
            && !address.contains(odd);
        if whole { Ok(Self(address)) } else { Err(NoAddress) }
    }

    /// Returns whether a text is the address, and nothing else.
    pub fn is(&self, text: &str) -> bool {
        spelled(text.trim()) == self.0
    }

    /// Searches a body. The end of a longer address does not count: `ada@example.com` is not in `canada@example.com`,
    /// which is another person's.
    pub fn find(&self, body: &[u8]) -> Finding {
        search(body, |reading| self.is_in_text(reading))
    }

    /// Returns whether one reading of a body holds the address.
    pub(crate) fn is_in_text(&self, text: &str) -> bool {
        if !text.contains(['@', '\u{FF20}', '\u{FE6B}']) {
            return false;
        }
        self.is_in_spelled(&spelled(text))
            || with_spaced_sentences(text).is_some_and(|text| self.is_in_spelled(&spelled(&text)))
    }

    fn is_in_spelled(&self, text: &str) -> bool {
        let mut from = 0;
        while let Some(at) = text[from..].find(&self.0) {
            let (start, end) = (from + at, from + at + self.0.len());
            if !self.continues_before(&text[..start]) && !self.continues_after(&text[end..]) {
                return true;
            }
            // The next one may begin within this one.
            from = start + text[start..].chars().next().map_or(1, char::len_utf8);
        }
        false
    }

    /// Returns whether an address that seems to begin here is the end of a longer one. A connecting character alone does
    /// not make it longer: `'ada@example.com'` is quoted, `o'ada@example.com` is another person's.
    fn continues_before(&self, before: &str) -> bool {
        let first = self.0.chars().next();
        let mut letters = before.chars().rev();
        match letters.next() {
            // Another reading has the character that the entity stands for.
            Some(';') => ends_in_entity(before),
            Some(letter) if CONNECTING.contains(&letter) => letters.next().is_some_and(is_of_a_word),
            Some(letter) => joins(letter, first),
            None => false,
        }
    }

    /// Returns whether the domain goes on: `example.com.au` is another one, and the full stop of a sentence is not part of
    /// it.
    fn continues_after(&self, after: &str) -> bool {
        // Another reading has the character that the escape stands for.
        if begins(after) {
            return true;
        }
        let mut letters = after.chars();
        match letters.next() {
            Some(letter @ ('.' | '-')) => match letters.next() {
                Some(_) if begins(&after[letter.len_utf8()..]) => true,
                next => next.is_some_and(is_of_a_word),
            },
            Some(letter) => joins(letter, self.0.chars().next_back()),
            None => false,
        }
    }
}

/// The characters that join the parts of an address's name. Others that RFC 5321 allows (`=`, `/`, `?`…) stand around addresses
/// far more often than in them.
const CONNECTING: [char; 6] = ['.', '+', '\'', '_', '-', '%'];

/// Returns whether a character beside the address's own belongs to it. Chinese or Thai around `ada@example.com` does not:
/// it is written without blanks.
fn joins(letter: char, own: Option<char>) -> bool {
    is_of_a_word(letter) && (!is_unspaced(letter) || own.is_some_and(is_unspaced))
}

/// Sets a blank behind each full stop that has a small letter before and a capital behind it, as in `example.com.Thanks`.
/// `None` if there is none.
fn with_spaced_sentences(text: &str) -> Option<String> {
    let ends: Vec<usize> = text
        .match_indices('.')
        .map(|(at, _)| at)
        .filter(|at| text[..*at].chars().next_back().is_some_and(char::is_lowercase))
        .filter(|at| text[*at + 1..].chars().next().is_some_and(char::is_uppercase))
        .collect();
    if ends.is_empty() {
        return None;
    }
    let mut spaced = String::with_capacity(text.len() + ends.len());
    let mut from = 0;
    for end in ends {
        spaced.push_str(&text[from..=end]);
        spaced.push(' ');
        from = end + 1;
    }
    Some(spaced + &text[from..])
}
