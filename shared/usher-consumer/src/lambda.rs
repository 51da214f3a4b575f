//! Lambda's batches of SQS messages, and the answer that names those that failed.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};

use crate::batch::{Message, Order};
use crate::failure::Failed;

/// Returns the messages of a batch, and the order in which its queue delivers.
pub fn messages(batch: SqsEvent) -> (Vec<Message>, Order) {
    let is_fifo = |arn: &str| arn.ends_with(FIFO);
    let arn = batch.records.first().and_then(|record| record.event_source_arn.as_deref());
    let order = if arn.is_some_and(is_fifo) { Order::Fifo } else { Order::Standard };
    let messages = batch.records.into_iter().map(|record| Message {
        id: record.message_id.unwrap_or_default(),
        body: record.body.unwrap_or_default(),
    });
    (messages.collect(), order)
}

/// The end of every FIFO queue's name.
const FIFO: &str = ".fifo";

/// Returns the answer by which only the failed messages come again (`ReportBatchItemFailures`).
pub fn response(failed: &[Failed]) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    response.batch_item_failures = failed
        .iter()
        .map(|failed| {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier.clone_from(&failed.message_id);
            failure
        })
        .collect();
    response
}
