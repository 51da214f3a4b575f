//! Luma's deliveries, signed now, each under an id of its own.

use events::{BodyEncoding, Provider, Request, Secrets, function_url_event};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The secret of the benchmark, with which every contestant verifies.
const SECRET: &str = "whsec_for-the-benchmark-only";

/// A sample of medium size.
const MIDDLING: &str = "luma/guest.registered";

/// A small sample with a description, which can be as long as needed.
const SMALL: &str = "luma/event.updated";

/// Returns the document that Secrets Manager holds.
pub fn secret_document() -> String {
    json!({ "signing": [SECRET] }).to_string()
}

/// Returns the usual body, without white space, as Luma sends none.
pub fn sample() -> Vec<u8> {
    read(MIDDLING).to_string().into_bytes()
}

fn read(sample: &str) -> Value {
    let sample = events::sample(sample).expect("the sample is there");
    serde_json::from_slice(&sample.body).expect("it is JSON")
}

/// Returns the event that Lambda hands to a function for a delivery of this body.
pub fn event(body: Vec<u8>) -> String {
    let secrets = Secrets { signing: Some(SECRET.to_owned()), url: None };
    let now = Timestamp::now().as_second();
    let id = Provider::Luma.new_delivery_id();
    let request = Request::delivery(Provider::Luma, &secrets, &id, now, body).expect("there is a secret");
    function_url_event(&request, now, BodyEncoding::Text).to_string()
}

/// The kind of text in a body, which decides how well it can be compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Words, as people write them.
    Prose,
    /// Random letters, as in base64.
    Random,
}

/// Returns a small sample with a description so long that the whole has `bytes`, if the sample is not longer without
/// it.
pub fn body_of(bytes: usize, text: Text) -> Vec<u8> {
    let mut body = read(SMALL);
    body["data"]["description"] = "".into();
    let missing = bytes.saturating_sub(body.to_string().len());
    body["data"]["description"] = text.of(missing).into();
    body.to_string().into_bytes()
}

impl Text {
    fn of(self, length: usize) -> String {
        const PROSE: [&str; 8] =
            ["the ", "workshop ", "begins ", "at ", "seven, ", "please ", "bring ", "a laptop. "];
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut text = String::with_capacity(length + 16);
        while text.len() < length {
            for byte in events::random::<64>() {
                match self {
                    Self::Prose => text.push_str(PROSE[usize::from(byte % 8)]),
                    Self::Random => text.push(char::from(LETTERS[usize::from(byte % 64)])),
                }
            }
        }
        text.truncate(length);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_length_asked_for_in_either_text() {
        for text in [Text::Prose, Text::Random] {
            for bytes in [1_024, 65_536, 262_144] {
                assert_eq!(body_of(bytes, text).len(), bytes);
            }
        }
        assert!(body_of(0, Text::Prose).len() > 500, "the sample itself is never cut");
    }

    #[test]
    fn every_event_has_an_id_of_its_own() {
        let [one, other] = [event(sample()), event(sample())].map(|event| {
            let event: Value = serde_json::from_str(&event).expect("it is JSON");
            event["headers"]["webhook-id"].as_str().expect("it has an id").to_owned()
        });
        assert_ne!(one, other);
    }
}
