//! The rehearsal that ends INIT: one delivery goes the whole way before there is any.
//!
//! The code that a first delivery runs is on pages that nobody has touched, the allocator has nothing to give, and a
//! 128 MB function has 7 % of a core for all that. INIT has a whole one.

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

/// Answers every request by itself, as a service does that is content. Nothing leaves the process: a rehearsal can
/// neither write an item nor send an event.
#[derive(Debug)]
struct Nobody;

impl HttpConnector for Nobody {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let status = aws_smithy_runtime_api::http::StatusCode::try_from(200).expect("it is one");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from("{}"))))
    }
}

/// Takes the provider's sample from its parse to the line that is logged of it, which is not printed.
pub async fn rehearse<P: Provider>(config: &ProviderConfig) -> Outcome {
    let nobody: SharedHttpClient = http_client_fn(|_, _| SharedHttpConnector::new(Nobody));
    let clients = Clients::over(&nobody, &config.aws);
    let ledger = DynamoDbLedger::new(clients.dynamodb, &config.stores.table);
    let queue = SqsQueue::new(clients.sqs, &config.stores.queue_url);
    let now = Timestamp::now();
    let outcome = receive::rehearse::<P>(now, &config.policy, &ledger, &queue).await;
    let _unprinted = metrics::request(
        &config.metrics_namespace,
        &Served {
            provider: P::NAME,
            request_id: "",
            outcome: &outcome,
            body_bytes: P::SAMPLE.len(),
            arrived: now,
            took: Duration::ZERO,
            timings: &Timings::default(),
            init: None,
        },
    );
    outcome
}
