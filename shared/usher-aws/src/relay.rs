//! The relay's function.

use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::value::RawValue;
use tokio::time::Instant;
use usher_core::policy::Policy;
use usher_core::provider::Read;
use usher_core::relay::Relay;

use crate::clients::Clients;
use crate::config::{Process, RelayConfig};
use crate::dynamodb::DynamoDbLedger;
use crate::sqs::SqsQueue;
use crate::{log, metrics, start};

/// The time within which a run begins batches. The function's timeout (50 s, in `template.yaml`) leaves the last ones
/// ten seconds more, and a lease (60 s) outlasts both.
const RUN_FOR: Duration = Duration::from_secs(40);

/// Runs the relay's Lambda until Lambda stops it: one relay run for each event of its schedule. `readers` holds each
/// provider's name and the function that reads its bodies.
pub fn relay(readers: &[(&'static str, Read)]) -> ExitCode {
    start::start("relay", RelayConfig::from_environment(&Process), async |config| {
        let clients = Clients::new(&config.aws);
        let ledger = DynamoDbLedger::new(clients.dynamodb, &config.stores.table);
        let queue = SqsQueue::new(clients.sqs, &config.stores.queue_url);
        let relay = async |event: LambdaEvent<Box<RawValue>>| {
            let began = Instant::now();
            let report = Relay {
                backlog: &ledger,
                queue: &queue,
                clock: Timestamp::now,
                token: &event.context.request_id,
                readers,
                max_body_bytes: Policy::MAX_BODY_BYTES,
                retention: config.retention,
                stop: Timestamp::now() + RUN_FOR,
            }
            .run()
            .await;
            let line = metrics::run(&config.metrics_namespace, &report, began.elapsed(), Timestamp::now());
            log::write(&line);
            Ok::<_, lambda_runtime::Error>(())
        };
        lambda_runtime::run(service_fn(|event| relay(event))).await
    })
}
