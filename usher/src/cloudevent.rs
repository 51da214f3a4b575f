//! An event as an HTTP request to a consumer: a CloudEvent, or the SQS event that AWS Lambda makes of a message.

mod receiver;
mod sqs;

use std::collections::BTreeMap;

use clap::ValueEnum;
use events::{Answer, Request};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::value::RawValue;
use usher_core::queue::Message;

pub(crate) use receiver::Receiver;

/// The form in which an event is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Form {
    /// CloudEvents' structured mode: the body is the message, as it is on the queue.
    #[default]
    Structured,
    /// CloudEvents' binary mode: the attributes are headers, and the body is `data`.
    Binary,
    /// The event with which Lambda invokes the consumer of an SQS queue.
    Sqs,
}

/// The wrapping that `--as` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wrapping {
    /// Lambda's SQS event of one record, for a local function endpoint
    Sqs,
}

/// The options that choose a form.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct FormArgs {
    /// Post CloudEvents in binary mode: attributes as headers, data as the body [default: structured mode]
    #[arg(long, requires = "to", conflicts_with = "wrapping")]
    binary: bool,
    /// Post something other than a CloudEvent
    #[arg(long = "as", value_name = "FORM", requires = "to")]
    wrapping: Option<Wrapping>,
}

impl FormArgs {
    pub(crate) fn form(self) -> Form {
        match (self.wrapping, self.binary) {
            (Some(Wrapping::Sqs), _) => Form::Sqs,
            (None, true) => Form::Binary,
            (None, false) => Form::Structured,
        }
    }
}

/// The receiver's verdict on one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The receiver has it.
    Taken,
    /// The receiver will not take it later either.
    Refused,
    /// The receiver may take it later. Holds the reason where the status does not tell it.
    Later(Option<&'static str>),
}

/// Makes the request that posts an event.
pub(crate) fn request(form: Form, message: &Message) -> Result<Request, serde_json::Error> {
    match form {
        Form::Structured => {
            // Without a charset, which JSON does not need: the SDK for JavaScript refuses one.
            let headers = vec![content_type("application/cloudevents+json")];
            Ok(post(headers, message.body.clone().into_bytes()))
        }
        Form::Binary => binary(message),
        Form::Sqs => Ok(post(vec![content_type("application/json")], sqs::event(message)?.into_bytes())),
    }
}

/// Judges the answer of a receiver.
pub(crate) fn verdict(form: Form, answer: &Answer) -> Verdict {
    match answer.status {
        200..=299 if form == Form::Sqs => sqs::verdict(answer),
        200..=299 => Verdict::Taken,
        500.. => Verdict::Later(None),
        _ => Verdict::Refused,
    }
}

/// Makes the request of the binary mode (CloudEvents' HTTP binding, 3.1).
fn binary(message: &Message) -> Result<Request, serde_json::Error> {
    let mut members: BTreeMap<&str, &RawValue> = serde_json::from_str(&message.body)?;
    // The bytes of `data` themselves: printed anew, a number or an escape in `raw` would not be what was received.
    let data = members.remove("data").map_or("null", RawValue::get).to_owned();
    let mut headers = Vec::with_capacity(members.len());
    for (name, value) in members {
        let value = text(value)?;
        headers.push(match name {
            "datacontenttype" => content_type(&value),
            _ => (format!("ce-{name}"), utf8_percent_encode(&value, ENCODED).to_string()),
        });
    }
    Ok(post(headers, data.into_bytes()))
}

/// The ASCII characters that a header's value has percent-encoded (CloudEvents' HTTP binding, 3.1.3.2). All others that
/// are encoded are not ASCII.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// Returns the text of an attribute: a string's, or a number as it is written.
fn text(value: &RawValue) -> Result<String, serde_json::Error> {
    if value.get().starts_with('"') { serde_json::from_str(value.get()) } else { Ok(value.get().to_owned()) }
}

fn content_type(value: &str) -> (String, String) {
    ("Content-Type".to_owned(), value.to_owned())
}

fn post(mut headers: Vec<(String, String)>, body: Vec<u8>) -> Request {
    headers.push(("User-Agent".to_owned(), concat!("usher/", env!("CARGO_PKG_VERSION")).to_owned()));
    Request { method: "POST".to_owned(), path: "/".to_owned(), query: Vec::new(), headers, body }
}
