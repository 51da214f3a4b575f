//! Telephone numbers.

use icu_normalizer::ComposingNormalizerBorrowed;

/// A telephone number to look for: its digits, without the `+` or `00` of an international one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

/// The error for a text that is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no telephone number: it needs 7 to 15 digits, and may have +, blanks, -, ., / and brackets")]
pub struct NoPhone;

/// The numbers of digits that a number may have: 15 by ITU-T E.164. Fewer than seven would find too much.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

impl Phone {
    /// Reads a number as a person would type it.
    pub fn parse(text: &str) -> Result<Self, NoPhone> {
        let mut numbers = numbers(text.trim());
        match (numbers.pop(), numbers.is_empty()) {
            (Some((number, length)), true)
                if length == text.trim().len() && DIGITS.contains(&number.len()) =>
            {
                Ok(Self(number))
            }
            _ => Err(NoPhone),
        }
    }

    /// Returns whether a text is the number, and nothing else.
    pub fn is(&self, text: &str) -> bool {
        Self::parse(text).as_ref() == Ok(self)
    }

    /// Returns whether one reading of a body holds the number: the whole of a run of digits, whatever separates them.
    pub(crate) fn is_in_text(&self, text: &str) -> bool {
        if text.is_ascii() {
            return numbers(text).iter().any(|(number, _)| *number == self.0);
        }
        let text = ComposingNormalizerBorrowed::new_nfkc().normalize(text);
        numbers(&text).iter().any(|(number, _)| *number == self.0)
    }
}

/// Returns the runs of digits in a text, without a leading `+`, `00` and a bracketed `(0)`, and each run's length in bytes.
fn numbers(text: &str) -> Vec<(String, usize)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit() || "+(".contains(letter)) {
        rest = &rest[start..];
        let (digits, length) = number(rest);
        rest = &rest[length.max(1)..];
        if !digits.is_empty() {
            let international = digits.strip_prefix("00").map(str::to_owned);
            numbers.push((international.unwrap_or(digits), length));
        }
    }
    numbers
}

/// Reads the digits of the number that begins here, and its length. One separator may stand between two digits, or a
/// blank and a bracket.
fn number(text: &str) -> (String, usize) {
    let is_international = text.starts_with('+');
    let mut digits = String::new();
    let mut end = 0;
    let mut separators = String::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '+' if at == 0 => separators.clear(),
            '0'..='9' => {
                // The national prefix of "+49 (0)30", which is not dialled from abroad.
                let is_national =
                    letter == '0' && separators.ends_with('(') && text[at + 1..].starts_with(')');
                if !(is_national && (is_international || digits.starts_with("00"))) {
                    digits.push(letter);
                }
                end = at + 1;
                separators.clear();
            }
            ' ' | '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                separators.push(letter);
                let bracket = separators.matches(['(', ')']).count();
                if separators.chars().count() - bracket > 1 || bracket > 1 {
                    break;
                }
                // "(030) 123": the bracket that closes belongs to the number, and a list's "1) 030" does not.
                if letter == ')' && !text[..at].contains('(') {
                    break;
                }
                if letter == ')' {
                    end = at + 1;
                }
            }
            _ => break,
        }
    }
    (digits, end)
}
