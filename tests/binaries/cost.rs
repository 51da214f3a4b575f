//! The cost of a delivery: AWS calls, DynamoDB units, SQS requests and bytes of log.
//!
//! `cargo test --test binaries -- cost --nocapture` prints the tables.

use events::Request;
use fakes::behaviour::Behaviour;
use fakes::billing;
use fakes::function::Function;
use serde_json::{Value, json};

use crate::delivery::{Provider, base64_event, delivery, event, forged, sample, samples, signed, signed_as};
use crate::world::{World, secret_id};

/// The most write units of a new event: claim and settle, index included.
const WRITE_UNITS: u64 = 6;

/// The most write units of most new events, whose items are within a kilobyte.
const WRITE_UNITS_OF_MOST: u64 = 4;

/// The most write units of a duplicate.
const WRITE_UNITS_OF_A_DUPLICATE: u64 = 2;

/// The most bytes of a log line, its line end included. Lambda writes everything else that is logged.
const LOG_LINE: usize = 900;

/// The sample that does not name itself, so that it is no duplicate when it comes again.
const UNNAMED: &str = "lunacal/custom-template";

/// The cost of one delivery.
#[derive(Debug, PartialEq, Eq)]
struct Cost {
    write_units: u64,
    sqs_requests: u64,
    calls: Vec<String>,
}

async fn cost(world: &World, function: &mut Function, request: &Request) -> Cost {
    let calls = || [world.dynamodb.calls(), world.sqs.calls(), world.secrets.calls()];
    let (bill, billed, before) = (world.dynamodb.service().bill(), world.sqs.service().billed(), calls());
    assert_eq!(function.deliver(request).await.status, 200);
    Cost {
        write_units: (world.dynamodb.service().bill() - bill).writes(),
        sqs_requests: world.sqs.service().billed() - billed,
        calls: calls().iter().zip(&before).flat_map(|(now, before)| now[before.len()..].to_vec()).collect(),
    }
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the table, shown with --nocapture")]
async fn every_sample_keeps_within_the_budget_the_first_time_and_again() {
    println!("{:44}{:>7}{:>7}{:>7}{:>7}", "sample", "bytes", "item", "units", "again");
    let mut units = Vec::new();
    for (provider, name, body) in samples().into_iter().filter(|(_, name, _)| !name.ends_with("/PING")) {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        function.ready().await;
        // The samples are laid out for reading. No provider sends white space between tokens.
        let body = without_white_space(&body);
        let (bytes, request) = (body.len(), signed(provider, body));

        let first = cost(&world, &mut function, &request).await;
        let stored = billing::bytes(&world.dynamodb.service().item());
        let again = cost(&world, &mut function, &request).await;

        println!("{name:44}{bytes:>7}{stored:>7}{:>7}{:>7}", first.write_units, again.write_units);
        assert!(
            first.write_units <= WRITE_UNITS,
            "{name} costs {} write units of {WRITE_UNITS}: it is stored as {stored} bytes, each kilobyte of which \
             is a unit when it is claimed and another when it is settled",
            first.write_units
        );
        assert_eq!(first.sqs_requests, 1, "{name}");
        assert_eq!(first.calls, ["PutItem", "UpdateItem", "SendMessage"], "{name}");
        if name == UNNAMED {
            assert_eq!(again, first, "without a name of its own it is another event");
        } else {
            assert!((1..=WRITE_UNITS_OF_A_DUPLICATE).contains(&again.write_units), "{name}: {again:?}");
            assert_eq!((again.sqs_requests, again.calls), (0, vec!["PutItem".to_owned()]), "{name}");
        }
        units.push(first.write_units);
    }
    let cheap = units.iter().filter(|units| **units <= WRITE_UNITS_OF_MOST).count();
    assert!(cheap * 10 >= units.len() * 9, "nine in ten samples: {units:?}");
}

/// Leaves out the white space between the tokens of JSON. What is not JSON stays as it is.
fn without_white_space(body: &[u8]) -> Vec<u8> {
    if serde_json::from_slice::<&serde_json::value::RawValue>(body).is_err() {
        return body.to_vec();
    }
    let (mut in_string, mut is_escaped) = (false, false);
    let keep = |byte: &u8| {
        let is_kept = in_string || !byte.is_ascii_whitespace();
        match byte {
            b'"' if !is_escaped => in_string = !in_string,
            _ => {}
        }
        is_escaped = in_string && *byte == b'\\' && !is_escaped;
        is_kept
    };
    body.iter().copied().filter(keep).collect()
}

#[test]
fn white_space_is_left_out_between_tokens_only() {
    let body = br#" { "a \\" : [ "b \" c" , 1 ] } "#;
    assert_eq!(without_white_space(body), br#"{"a \\":["b \" c",1]}"#);
    assert_eq!(without_white_space(b"no JSON"), b"no JSON");
}

/// The name of the secret stands in the item, and a begun kilobyte is paid.
#[tokio::test]
async fn a_secret_with_a_name_costs_no_further_write_unit() {
    for provider in Provider::ALL {
        let all: Value = serde_json::from_str(&provider.secret_document()).expect("it is JSON");
        // The kind that each calendar, event type or endpoint has by default.
        let kind = if provider == Provider::Lunacal { "url" } else { "signing" };
        let documents = [json!({ kind: all[kind] }), json!({ kind: { "berlin": all[kind] } })]
            .map(|document| document.to_string());
        let of_provider =
            |(of, name, _): &(Provider, String, Vec<u8>)| *of == provider && name != "lunacal/PING";
        for (_, name, body) in samples().into_iter().filter(of_provider) {
            let mut units = Vec::new();
            for document in &documents {
                let world = World::new().await;
                world.secrets.service().put(secret_id(provider), document.clone());
                let mut function = world.start(provider).await;
                function.ready().await;
                units.push(
                    cost(&world, &mut function, &signed(provider, without_white_space(&body)))
                        .await
                        .write_units,
                );
            }
            assert_eq!(units[0], units[1], "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_not_let_in_costs_one_read_of_the_secrets_and_nothing_else() {
    for provider in Provider::ALL {
        let world = World::new().await;
        let mut function = world.start(provider).await;
        function.ready().await;
        let traffic = || [world.dynamodb.traffic(), world.sqs.traffic()];
        let before = traffic();

        let mut another_method = delivery(provider);
        another_method.method = "GET".to_owned();
        let mut undecodable = base64_event(&delivery(provider));
        undecodable["body"] = "no base64".into();
        let mut events = vec![
            (event(&forged(provider)), 401),
            (event(&another_method), 405),
            (event(&signed(provider, vec![b'x'; 256 * 1024 + 1])), 413),
            (undecodable, 400),
        ];
        if matches!(provider, Provider::Lunacal | Provider::Calcom) {
            events.push((event(&signed(provider, sample(&format!("{}/PING", provider.name())))), 200));
        }
        for (event, status) in events.iter().cycle().take(30) {
            assert_eq!(function.deliver_event(event).await.status, *status);
        }

        assert_eq!(traffic(), before, "not even a connection");
        assert_eq!(world.secrets.calls(), ["GetSecretValue"], "the one of the start");
    }
}

#[tokio::test]
async fn a_run_of_the_relay_that_finds_nothing_costs_half_a_read_unit_a_shard() {
    let world = World::new().await;
    let mut relay = world.start_relay().await;
    assert_eq!(relay.invoke("{}".to_owned()).await.kind, "response");
    let bill = world.dynamodb.service().bill();
    assert_eq!((bill.writes(), bill.half_reads), (0, u64::from(usher_core::ledger::SHARDS)));
    assert!(world.sqs.calls().is_empty());
}

/// A function whose log lines are checked.
struct Logging {
    world: World,
    function: Function,
    provider: Provider,
}

impl Logging {
    async fn new(provider: Provider) -> Self {
        let world = World::new().await;
        let function = world.start(provider).await;
        function.ready().await;
        Self { world, function, provider }
    }

    /// Returns the request with the longest log line: the longest id that is logged unchanged, the longest type, and a
    /// body with an undocumented field.
    fn request(&self) -> Request {
        let nonce = events::hex(&events::random::<16>());
        signed_as(self.provider, &format!("{nonce:x<128}"), self.body(&nonce))
    }

    fn body(&self, nonce: &str) -> String {
        let (name, known) = match self.provider {
            Provider::Luma => ("luma/guest.refunded", "\"type\""),
            Provider::Lunacal => ("lunacal/BOOKING_RESCHEDULED", "\"triggerEvent\""),
            Provider::Allfly => ("allfly/event_attendee.joined_event", "\"type\""),
            Provider::Calcom => ("calcom/BOOKING_RESCHEDULED", "\"triggerEvent\""),
            Provider::Standard => ("standard/contact.created", "\"type\""),
        };
        let body = String::from_utf8(sample(name)).expect("samples are text");
        body.replacen(known, &format!(r#""odd":["{nonce}"],{known}"#), 1)
    }

    /// Delivers an event and checks that its line is within the budget.
    #[expect(clippy::print_stdout, reason = "the table, shown with --nocapture")]
    async fn line(&mut self, outcome: &str, event: &Value) -> Value {
        self.function.deliver_event(event).await;
        let line = self.function.log_line().await;
        assert_eq!(line["outcome"], outcome, "{line}");
        let output = self.function.output();
        let bytes = output.lines().next_back().map_or(0, |line| line.len() + 1);
        println!("{:10}{outcome:22}{bytes:>5}", self.provider.name());
        assert!(bytes <= LOG_LINE, "{bytes} bytes of {LOG_LINE}: {line}");
        line
    }
}

/// Failures of a call, including those with the longest names.
const FAILURES: [Behaviour; 4] =
    [Behaviour::Reset, Behaviour::InternalError, Behaviour::Throttle, Behaviour::AccessDenied];

#[tokio::test]
async fn every_outcome_of_a_genuine_delivery_is_logged_in_a_line_within_its_budget() {
    for provider in Provider::ALL {
        let mut logging = Logging::new(provider).await;
        let request = event(&logging.request());
        let line = logging.line("accepted", &request).await;
        assert!(line["id"].as_str().is_some_and(|id| id.len() > 28), "a long id: {line}");
        // Where no fields are documented, no field deviates.
        let documents = !matches!(provider, Provider::Allfly | Provider::Standard);
        assert_eq!(line["Drift"].as_u64(), documents.then_some(1), "{line}");
        logging.line("duplicate", &request).await;
        if provider == Provider::Allfly {
            let id = "x".repeat(128);
            for (nonce, outcome) in [("first", "accepted"), ("second", "duplicate")] {
                let request = signed_as(provider, &id, logging.body(nonce));
                logging.line(outcome, &event(&request)).await;
            }
        }

        for failure in FAILURES {
            logging.world.sqs.behave(failure);
            let line = logging.line("accepted", &event(&logging.request())).await;
            assert!(line["queue"].is_string(), "{line}");
            logging.world.dynamodb.behave(failure);
            logging.line("unavailable", &event(&logging.request())).await;
            logging.world.sqs.behave(Behaviour::Answer);
            let line = logging.line("accepted", &event(&logging.request())).await;
            assert_eq!(line["deduplication"], "unchecked");
            logging.world.dynamodb.behave(Behaviour::Answer);
            (0..3).for_each(|_| logging.world.dynamodb.behave_once("UpdateItem", failure));
            let line = logging.line("accepted", &event(&logging.request())).await;
            assert!(line["settle"].is_string(), "{line}");
        }
    }
}

#[tokio::test]
async fn every_refusal_is_logged_in_a_line_within_its_budget() {
    for provider in Provider::ALL {
        let mut logging = Logging::new(provider).await;
        let genuine = event(&logging.request());
        let mut unsigned = genuine.clone();
        unsigned["headers"] = Value::Object(serde_json::Map::new());
        unsigned["rawQueryString"] = "".into();
        let mut undecodable = base64_event(&logging.request());
        undecodable["body"] = "no base64".into();
        let mut another_method = genuine.clone();
        another_method["requestContext"]["http"]["method"] = "GET".into();
        let too_large = event(&signed(provider, vec![b'x'; 256 * 1024 + 1]));
        let forged = event(&forged(provider));
        for (outcome, event) in [
            ("refused", &forged),
            ("refused", &unsigned),
            ("undecodable", &undecodable),
            ("undecodable", &Value::Null),
            ("method_not_allowed", &another_method),
            ("too_large", &too_large),
        ] {
            logging.line(outcome, event).await;
        }
        for (document, outcome) in [("", "secrets_invalid"), ("{", "secrets_invalid")] {
            logging.world.secrets.service().put(secret_id(provider), document);
            logging.function = logging.world.start(provider).await;
            logging.line(outcome, &genuine).await;
        }
        logging.world.secrets.behave(Behaviour::AccessDenied);
        logging.function = logging.world.start(provider).await;
        logging.line("secrets_unreachable", &genuine).await;
    }
    let mut logging = Logging::new(Provider::Lunacal).await;
    logging.line("ping", &event(&signed(Provider::Lunacal, sample("lunacal/PING")))).await;
}
