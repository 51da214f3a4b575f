//! Lambda's batches of SQS messages, and the answer that names those that failed.
//!
//! The crate aws_lambda_events has these types, too, with dozens of fields; it brings a calendar and a time zone database
//! for the five that are read here.

use serde::{Deserialize, Serialize};

use crate::batch::{Message, Order};
use crate::failure::Failed;

/// The event with which Lambda invokes a function that reads a queue.
#[derive(Debug, Clone, Deserialize)]
pub struct Batch {
    /// The messages, in the queue's order.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// One message.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The id by which a failure is reported.
    pub message_id: String,
    /// The text of the message.
    pub body: String,
    /// The ARN of the queue.
    #[serde(rename = "eventSourceARN")]
    pub event_source_arn: String,
}

/// The answer by which only the failed messages come again (`ReportBatchItemFailures`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The messages that failed.
    pub batch_item_failures: Vec<ItemFailure>,
}

/// One message that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// The message's id.
    pub item_identifier: String,
}

/// The end of every FIFO queue's name.
const FIFO: &str = ".fifo";

/// Returns the messages of a batch, and the order in which its queue delivers.
pub fn messages(batch: Batch) -> (Vec<Message>, Order) {
    let is_fifo = batch.records.first().is_some_and(|record| record.event_source_arn.ends_with(FIFO));
    let messages =
        batch.records.into_iter().map(|record| Message { id: record.message_id, body: record.body });
    (messages.collect(), if is_fifo { Order::Fifo } else { Order::Standard })
}

/// Returns the answer that names the failed messages.
pub fn response(failed: &[Failed]) -> Response {
    let item = |failed: &Failed| ItemFailure { item_identifier: failed.message_id.clone() };
    Response { batch_item_failures: failed.iter().map(item).collect() }
}
