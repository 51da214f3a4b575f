//! The Lambda function: takes batches off Usher's queue, and has each event handled once.

mod handler;
mod settings;

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use settings::Settings;
use usher_consumer::batch::Consumer;
use usher_consumer::lambda::{self, Batch, Response};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let settings = Settings::from_environment()?;
    lambda_runtime::run(service_fn(|batch| consume(&settings, batch))).await
}

/// Handles a batch of messages. Returns those that failed, and logs the reasons.
#[allow(clippy::print_stderr, reason = "Lambda's log is what a function prints")]
async fn consume(settings: &Settings, batch: LambdaEvent<Batch>) -> Result<Response, lambda_runtime::Error> {
    let consumer = Consumer {
        seen: &settings.seen,
        clock: Timestamp::now,
        token: &batch.context.request_id,
        ends: Timestamp::from_millisecond(i64::try_from(batch.context.deadline)?)?,
        retention: settings.retention,
    };
    let (messages, order) = lambda::messages(batch.payload);
    let failed = consumer.consume(&messages, order, handler::handle).await;
    for failed in &failed {
        eprintln!("message {} failed: {}", failed.message_id, failed.failure);
    }
    Ok(lambda::response(&failed))
}
