//! The code's calls of AWS. The code runs against an endpoint that answers `{}` to everything and records the requests.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use usher_aws::Clients;
use usher_aws::config::{Aws, SecretSource};
use usher_aws::dynamodb::DynamoDbLedger;
use usher_aws::secrets::Secrets;
use usher_aws::sqs::SqsQueue;
use usher_core::digest::Digest;
use usher_core::ledger::{Backlog as _, Delivery, Fence, Ledger as _, Pending, Setbacks};
use usher_core::policy::Policy;
use usher_core::provider::Provider as _;
use usher_core::providers::Luma;
use usher_core::queue::{Message, Queue as _};
use usher_core::secret::SecretStore as _;
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

/// One request as it was sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation as policies write it: `dynamodb:PutItem`.
    pub operation: String,
    pub body: Value,
}

/// The calls of a provider's function.
pub static HANDLER: LazyLock<Vec<Call>> = LazyLock::new(|| {
    recorded(async |clients| {
        let ledger = DynamoDbLedger::new(clients.dynamodb, "ledger");
        let delivery = delivery();
        let _claimed = ledger.claim(&delivery).await;
        let _settled = ledger.settle(&Fence::claimed(&delivery), delivery.received, delivery.received).await;
        let _sent = SqsQueue::new(clients.sqs, "http://127.0.0.1/queue").send(&message()).await;
        let secret = SecretSource::SecretsManager("secret".to_owned());
        let policy = Policy::with_tolerance(Luma::TOLERANCE);
        let _read = Secrets::<Luma>::new(&secret, clients.secrets_manager, policy).current().await;
    })
});

/// The calls of the relay.
pub static RELAY: LazyLock<Vec<Call>> = LazyLock::new(|| {
    recorded(async |clients| {
        let ledger = DynamoDbLedger::new(clients.dynamodb, "ledger");
        let delivery = delivery();
        let now = delivery.received;
        let fence = Fence::claimed(&delivery);
        let pending = Pending { ledger_key: delivery.ledger_key, due: now, received: now };
        let _listed = ledger.pending(0, Some(&pending), 1).await;
        let _leased = ledger.lease(&pending, "relay", now).await;
        let _retaken = ledger.retake(&pending, "relay", now).await;
        let _sent = SqsQueue::new(clients.sqs, "http://127.0.0.1/queue").send_batch(&[message()]).await;
        let _settled = ledger.settle(&fence, now, now).await;
        let _postponed = ledger.postpone(&fence, now, Setbacks::default()).await;
        let _parked = ledger.park(&fence, now).await;
    })
});

/// Returns the names of the operations called.
pub fn operations(calls: &[Call]) -> BTreeSet<&str> {
    calls.iter().map(|call| call.operation.as_str()).collect()
}

/// Returns the body of the first call of an operation. Panics if there is none.
pub fn call<'c>(calls: &'c [Call], operation: &str) -> &'c Value {
    let found = calls.iter().find(|call| call.operation == operation);
    &found.unwrap_or_else(|| panic!("{operation} is not called")).body
}

fn delivery() -> Delivery {
    let body = Bytes::from_static(b"{}");
    Delivery {
        ledger_key: "luma#key".to_owned(),
        digest: Digest::of(&body),
        body,
        received: Timestamp::UNIX_EPOCH,
        token: "token".to_owned(),
        trace: Trace::default(),
        verified_by: VerifiedBy::default(),
    }
}

fn message() -> Message {
    Message {
        body: "{}".to_owned(),
        attributes: Vec::new(),
        trace_header: None,
        group: String::new(),
        deduplication_id: String::new(),
    }
}

fn recorded(run: impl AsyncFnOnce(Clients)) -> Vec<Call> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let endpoint = Some(format!("http://{}", listener.local_addr().expect("it is bound")));
    let (calls, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(&stream, &calls);
        }
    });
    let clients = Clients::new(&Aws {
        region: "us-east-1".to_owned(),
        access_key_id: "id".to_owned(),
        secret_access_key: "secret".to_owned(),
        session_token: None,
        dynamodb_endpoint: endpoint.clone(),
        sqs_endpoint: endpoint.clone(),
        secrets_manager_endpoint: endpoint,
        ca_bundle: None,
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(run(clients));
    received.try_iter().collect()
}

/// Answers one request of a connection, and closes the connection.
fn answer(mut stream: &TcpStream, calls: &Sender<Call>) {
    let mut reader = BufReader::new(stream);
    let mut operation = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a request has lines");
        match line.trim_end().split_once(": ") {
            Some(("x-amz-target", target)) => operation = action(target),
            Some(("content-length", bytes)) => length = bytes.parse().expect("it is a number"),
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body is as long as its length");
    let body = serde_json::from_slice(&body).expect("a body is JSON");
    calls.send(Call { operation, body }).expect("the receiver lives as long as the run");
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        .expect("the caller waits");
}

/// Returns an operation as policies write it: `dynamodb:PutItem` for `DynamoDB_20120810.PutItem`.
fn action(target: &str) -> String {
    let (service, operation) = target.split_once('.').expect("a target has two parts");
    let service = match service {
        "DynamoDB_20120810" => "dynamodb",
        "AmazonSQS" => "sqs",
        "secretsmanager" => "secretsmanager",
        other => panic!("add the name that policies have for {other}"),
    };
    format!("{service}:{operation}")
}
