//! The booker's answers.

use std::collections::BTreeSet;

use crate::event::data::Answer;
use crate::provider::fields::Field;

/// Returns the answers, from the first place that has any: newer places repeat what the older ones hold.
pub fn answers(payload: Field<'_, '_>) -> Vec<Answer> {
    [
        distinct(payload.get("responses"), response),
        distinct(payload.get("userFieldsResponses"), response),
        distinct(payload.get("customInputs"), custom_input),
    ]
    .into_iter()
    .find(|answers| !answers.is_empty())
    .unwrap_or_default()
}

/// Returns the value of one answer.
pub fn value<'v, 'b>(payload: Field<'v, 'b>, slug: &str) -> Field<'v, 'b> {
    payload.get("responses").get(slug).get("value")
}

/// Reads the answers of an object. Of members with one name the first counts, as everywhere.
fn distinct(answers: Field<'_, '_>, read: impl Fn(&str, Field<'_, '_>) -> Option<Answer>) -> Vec<Answer> {
    let mut names = BTreeSet::new();
    answers
        .entries()
        .filter(|(name, _)| names.insert(*name))
        .filter_map(|(name, answer)| read(name, answer))
        .collect()
}

/// `{label, value}` under a name of its own; `value` may be absent, text, a list, or `{optionValue, value}`.
fn response(name: &str, response: Field<'_, '_>) -> Option<Answer> {
    Some(Answer {
        id: Some(name.to_owned()),
        question: response.get("label").text(),
        value: response.get("value").to_json()?,
    })
}

/// The value itself under the question.
fn custom_input(question: &str, value: Field<'_, '_>) -> Option<Answer> {
    Some(Answer {
        id: Some(question.to_owned()),
        question: Some(question.to_owned()),
        value: value.to_json()?,
    })
}
