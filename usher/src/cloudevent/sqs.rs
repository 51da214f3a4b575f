//! The event with which Lambda invokes the consumer of an SQS queue, and the answer of such a consumer.

use events::{Answer, hex, random};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use usher_core::queue::Message;

use super::Verdict;

/// Makes the event of one record. Its ids are made up; a FIFO queue's attributes are there in any case.
pub(super) fn event(message: &Message) -> Result<String, serde_json::Error> {
    let now = Timestamp::now().as_millisecond().to_string();
    let attributes: Map<String, Value> =
        message.attributes.iter().map(|(name, value)| ((*name).to_owned(), attribute(value))).collect();
    let mut system = json!({
        "ApproximateReceiveCount": "1",
        "SentTimestamp": now,
        "SenderId": "usher-listen",
        "ApproximateFirstReceiveTimestamp": now,
        "MessageGroupId": message.group,
        "MessageDeduplicationId": message.deduplication_id,
    });
    if let Some(header) = &message.trace_header {
        system["AWSTraceHeader"] = header.as_str().into();
    }
    serde_json::to_string(&json!({ "Records": [{
        "messageId": id(&message.deduplication_id),
        "receiptHandle": hex(&random::<16>()),
        "body": message.body,
        "attributes": system,
        "messageAttributes": attributes,
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:usher-listen",
        "awsRegion": "us-east-1",
    }]}))
}

fn attribute(value: &str) -> Value {
    json!({ "stringValue": value, "stringListValues": [], "binaryListValues": [], "dataType": "String" })
}

/// Returns an id in the form of SQS's own, the same for every try of one event.
fn id(deduplication_id: &str) -> String {
    let part = |from: usize, to: usize| deduplication_id.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// The parts of a function's answer that say whether it has failed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Returned {
    #[serde(default)]
    batch_item_failures: Option<Vec<Value>>,
    /// Only there when the function failed.
    error_message: Option<Value>,
    error_type: Option<Value>,
}

/// Judges the answer of a function that Lambda, or what plays it here, has run: its status is 200 even if the function
/// failed.
pub(super) fn verdict(answer: &Answer) -> Verdict {
    if answer.header("x-amz-function-error").is_some() {
        return Verdict::Later(Some("the function failed"));
    }
    // A function that returns something else, or nothing, has taken the whole batch.
    let Ok(returned) = serde_json::from_str::<Returned>(&answer.body) else { return Verdict::Taken };
    if returned.error_message.is_some() && returned.error_type.is_some() {
        return Verdict::Later(Some("the function failed"));
    }
    match returned.batch_item_failures {
        // The batch is this one event, so any failure is its own. Lambda, too, takes an unknown id for all of them.
        Some(failures) if !failures.is_empty() => Verdict::Later(Some("batchItemFailures lists it")),
        _ => Verdict::Taken,
    }
}
