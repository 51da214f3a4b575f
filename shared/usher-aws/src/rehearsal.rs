//! The rehearsal that ends INIT: one sample delivery runs through the whole pipeline before a real one arrives.
//!
//! The first delivery would otherwise run code whose pages are not in memory yet, with an allocator that has no free
//! blocks, on the 7 % of a core that a function with 128 MB has. INIT has a whole core.

use std::time::Duration;

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use usher_core::outcome::Outcome;
use usher_core::provider::Provider;
use usher_core::receive;

use crate::clients::Clients;
use crate::config::ProviderConfig;
use crate::dynamodb::DynamoDbLedger;
use crate::metrics::{self, Served};
use crate::sqs::SqsQueue;
use crate::timings::Timings;

/// An HTTP client that answers every request with status 200 and `{}`, without a network. Nothing leaves the process:
/// a rehearsal can neither write an item nor send an event.
#[derive(Debug)]
struct CannedOk;

impl HttpConnector for CannedOk {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let status = aws_smithy_runtime_api::http::StatusCode::try_from(200).expect("200 is a status");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from("{}"))))
    }
}

/// Runs the provider's sample through everything after verification, up to a log line that is made but not written.
pub async fn rehearse<P: Provider>(config: &ProviderConfig) -> Outcome {
    let canned: SharedHttpClient = http_client_fn(|_, _| SharedHttpConnector::new(CannedOk));
    let clients = Clients::over(&canned, &config.aws);
    let ledger = DynamoDbLedger::new(clients.dynamodb, &config.stores.table);
    let queue = SqsQueue::new(clients.sqs, &config.stores.queue_url);
    let now = Timestamp::now();
    let outcome = receive::rehearse::<P>(now, &config.policy, &ledger, &queue).await;
    let _unwritten = metrics::request(
        &config.metrics_namespace,
        &Served {
            provider: P::NAME,
            request_id: "",
            outcome: &outcome,
            acknowledged: &config.acknowledged,
            body_bytes: P::SAMPLE.len(),
            arrived: now,
            duration: Duration::ZERO,
            timings: &Timings::default(),
            init: None,
        },
    );
    outcome
}
