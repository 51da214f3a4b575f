//! A provider's function.

use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::value::RawValue;
use tokio::time::Instant;
use usher_core::budget::ANSWER_WITHIN;
use usher_core::event::Acknowledged;
use usher_core::outcome::Outcome;
use usher_core::policy::Policy;
use usher_core::provider::Provider;
use usher_core::receive::{Arrival, receive};

use crate::clients::Clients;
use crate::config::{Process, ProviderConfig};
use crate::deadline::Within;
use crate::dynamodb::DynamoDbLedger;
use crate::metrics::Served;
use crate::secrets::Secrets;
use crate::sqs::SqsQueue;
use crate::timings::{Step, Timings};
use crate::{http, log, metrics, rehearsal, start};

/// Runs provider `P`'s Lambda until Lambda stops it.
pub fn run<P: Provider>() -> ExitCode {
    start::start(P::NAME, ProviderConfig::from_environment::<P>(&Process), async |config| {
        let function = Function::<P>::init(&config).await;
        lambda_runtime::run(service_fn(|event| function.handle(event))).await
    })
}

/// All that outlives a request.
struct Function<P> {
    policy: Policy,
    secrets: Secrets<P>,
    ledger: DynamoDbLedger,
    queue: SqsQueue,
    metrics_namespace: String,
    acknowledged: Acknowledged,
    /// The time that INIT took, until the first request takes it out: it counts against that request's time, as the
    /// provider was waiting already.
    init: std::cell::Cell<Option<Duration>>,
}

impl<P: Provider> Function<P> {
    /// Builds everything once, opens the connections and fetches the secrets, while Lambda grants a whole core.
    async fn init(config: &ProviderConfig) -> Self {
        let began = Instant::now();
        if let Some(warning) = config.warning::<P>() {
            log::warn(&warning);
        }
        let clients = Clients::new(&config.aws);
        let function = Self {
            policy: config.policy,
            secrets: Secrets::new(&config.secrets, clients.secrets_manager, config.policy),
            ledger: DynamoDbLedger::new(clients.dynamodb, &config.stores.table),
            queue: SqsQueue::new(clients.sqs, &config.stores.queue_url),
            metrics_namespace: config.metrics_namespace.clone(),
            acknowledged: config.acknowledged.clone(),
            init: std::cell::Cell::default(),
        };
        start::prepare(async {
            tokio::join!(function.secrets.fetch_ahead(), function.ledger.connect(), function.queue.connect())
        })
        .await;
        // A rehearsal that fails changes nothing: the first delivery is only slower.
        let _outcome = rehearsal::rehearse::<P>(config).await;
        // The log line has this time in `init_ms`; left here it would also count as the first request's `secrets_ms`.
        function.secrets.take_elapsed();
        function.init.set(Some(began.elapsed()));
        function
    }

    /// Answers one request and writes its log line.
    async fn handle(
        &self,
        event: LambdaEvent<Box<RawValue>>,
    ) -> Result<ApiGatewayV2httpResponse, lambda_runtime::Error> {
        let began = Instant::now();
        let now = Timestamp::now();
        let init = self.init.take();
        let deadline = began + ANSWER_WITHIN.saturating_sub(init.unwrap_or_default());
        let timings = Timings::default();
        let (outcome, body_bytes) = match http::request(&event.payload) {
            Err(http::Undecodable) => (Outcome::Undecodable, 0),
            Ok(request) => {
                let context = &event.context;
                let arrival =
                    Arrival { now, token: &context.request_id, xray: context.xray_trace_id.as_deref() };
                let ledger = Within { inner: &self.ledger, deadline, timings: &timings };
                let queue = Within { inner: &self.queue, deadline, timings: &timings };
                let outcome =
                    receive::<P>(&request, arrival, &self.policy, &self.secrets, &ledger, &queue).await;
                (outcome, request.body.len())
            }
        };
        if let Some(elapsed) = self.secrets.take_elapsed() {
            timings.add(Step::Secrets, elapsed);
        }
        let line = metrics::request(
            &self.metrics_namespace,
            &Served {
                provider: P::NAME,
                request_id: &event.context.request_id,
                outcome: &outcome,
                acknowledged: &self.acknowledged,
                body_bytes,
                arrived: now,
                duration: began.elapsed(),
                timings: &timings,
                init,
            },
        );
        log::write(&line);
        Ok(http::response(outcome.answer()))
    }
}
