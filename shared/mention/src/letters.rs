//! One spelling for texts that mean the same: one case, one normal form, domains in their own script.

use icu_casemap::CaseMapper;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// Spells a text in the way in which texts are compared.
///
/// Case is folded letter by letter: `ß` and `ss` are two names, and two domains.
pub(crate) fn spelled(text: &str) -> String {
    if text.is_ascii() {
        return in_own_script(text.to_ascii_lowercase());
    }
    let normalizer = ComposingNormalizerBorrowed::new_nfkc();
    let case = CaseMapper::new();
    let folded: String = normalizer
        .normalize(text)
        .chars()
        .filter(|letter| !is_ignored(*letter))
        .map(|letter| if letter == '\u{3002}' { '.' } else { case.simple_fold(letter) })
        .collect();
    in_own_script(normalizer.normalize(&folded).into_owned())
}

/// Soft hyphens and joiners, which nobody sees.
fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}')
}

/// Turns each label of a domain that is written in Punycode into its letters.
fn in_own_script(text: String) -> String {
    const PUNYCODE: &str = "xn--";
    if !text.contains(PUNYCODE) {
        return text;
    }
    let mut read = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(PUNYCODE) {
        let (before, label) = rest.split_at(at);
        read.push_str(before);
        let end = label.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        let (label, after) = label.split_at(end.unwrap_or(label.len()));
        let (letters, valid) = idna::domain_to_unicode(label);
        read.push_str(if valid.is_ok() { &letters } else { label });
        rest = after;
    }
    read + rest
}

/// Returns whether a character belongs to a word. A mark that is set on a letter does, too.
pub(crate) fn is_of_a_word(letter: char) -> bool {
    letter.is_alphanumeric() || (!letter.is_ascii() && is_mark(letter))
}

fn is_mark(letter: char) -> bool {
    CanonicalCombiningClassMapBorrowed::new().get_u8(letter) != 0
}

/// Returns whether a character is of a script that is written without blanks between words.
pub(crate) fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{20000}'..='\u{3FFFF}')
}
