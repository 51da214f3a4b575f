//! How large a stored body is, which is what DynamoDB bills for: an item of at most 1 KB takes four write units on its
//! way, one of at most 2 KB six.

mod support;

use bytes::Bytes;
use proptest::prelude::*;
use support::cases::cases;
use support::samples::samples;
use usher_core::ledger::Packed;

/// An item's names and its other values, with an id of 24 bytes and the trace that Lambda gives every request.
const BESIDE_THE_BODY: usize = 203;

/// The trace of a sender that sends one; none of the three is known to.
const SENDER_S_TRACE: usize = 30;

const UNIT: usize = 1024;

/// Bodies of 3.4 and 4.5 KB, with addresses, descriptions and answers that no dictionary can know.
const LONG: [&str; 2] = ["guest.registered", "ticket.registered"];

fn stored(body: &str) -> usize {
    match Packed::pack(&Bytes::copy_from_slice(body.as_bytes())) {
        Packed::Deflated(stored) => stored.len(),
        Packed::Plain(body) => body.len(),
    }
}

/// As a provider sends it: without the white space that makes the file readable.
fn sent(body: &[u8]) -> String {
    let value: serde_json_borrow::Value<'_> = serde_json::from_slice(body).expect("a sample is JSON");
    serde_json::to_string(&value).expect("it was JSON")
}

#[test]
fn all_samples_but_the_two_longest_are_stored_in_one_write_unit() {
    for sample in samples() {
        let units = if LONG.contains(&&*sample.name) { 2 } else { 1 };
        let limit = units * UNIT - BESIDE_THE_BODY - SENDER_S_TRACE;
        let stored = stored(&sent(&sample.body));
        assert!(stored <= limit, "{} {}: {stored} bytes", sample.provider, sample.name);
    }
}

/// The body with its values' letters and digits put for others, each always for the same: what repeats still does, but
/// nothing of what the sample's author wrote is left. Names, closed words and what is no text stay.
fn reworded(body: &str, letters: &[u8], digits: &[u8]) -> String {
    let substitute = |letter: char| match letter {
        'a'..='z' => char::from(letters[usize::from(letter as u8 - b'a')]),
        'A'..='Z' => char::from(letters[usize::from(letter as u8 - b'A')]).to_ascii_uppercase(),
        '0'..='9' => char::from(digits[usize::from(letter as u8 - b'0')]),
        other => other,
    };
    let mut reworded = String::new();
    let mut parts = body.split('"').peekable();
    let mut is_text = false;
    while let Some(part) = parts.next() {
        let is_name = parts.peek().is_some_and(|after| after.starts_with(':'));
        let is_known = DICTIONARY.contains(&format!("\"{part}\""));
        if is_text && !is_name && !is_known {
            reworded.extend(part.chars().map(substitute));
        } else {
            reworded.push_str(part);
        }
        if parts.peek().is_some() {
            reworded.push('"');
        }
        is_text = !is_text;
    }
    reworded
}

const DICTIONARY: &str = include_str!("../src/ledger/packed/dictionary.1.txt");

proptest! {
    #![proptest_config(cases(8))]

    /// The dictionary knows what providers say, and nothing of the samples.
    #[test]
    fn bodies_with_other_values_are_stored_in_as_many_write_units(
        letters in Just((b'a'..=b'z').collect::<Vec<_>>()).prop_shuffle(),
        digits in Just((b'0'..=b'9').collect::<Vec<_>>()).prop_shuffle(),
    ) {
        for sample in samples() {
            let units = if LONG.contains(&&*sample.name) { 2 } else { 1 };
            let limit = units * UNIT - BESIDE_THE_BODY;
            let body = reworded(&sent(&sample.body), &letters, &digits);
            let stored = stored(&body);
            prop_assert!(stored <= limit, "{} {}: {} bytes of {}", sample.provider, sample.name, stored, body);
        }
    }
}
