//! The two stacks, and the clients that look into them.

use std::env;
use std::sync::LazyLock;
use std::time::Duration;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use events::{Provider, Request, Secrets};
use serde::Deserialize;
use tokio::runtime::{Builder, Runtime};
use usher_aws::dynamodb::DynamoDbLedger;
use usher_aws::{Clients, config};

use crate::delivery::Delivery;
use crate::http::{Answer, send};
use crate::mailbox::Mailbox;
use crate::secrets::{self, Document, Documents};
use crate::stored::Stored;

/// The key, and also the secret, that the emulator accepts as those of the account's owner.
const OWNER: &str = "test";
pub const REGION: &str = "us-east-1";

/// The stack with a standard queue. Its Lunacal deliveries have a token in the URL and no signature.
pub static STANDARD: LazyLock<Stack> = LazyLock::new(|| Stack::new(|stacks| stacks.standard, false));

/// The stack with a FIFO queue. Its Lunacal deliveries are signed as well.
pub static FIFO: LazyLock<Stack> = LazyLock::new(|| Stack::new(|stacks| stacks.fifo, true));

/// The runtime of all tests. A connection outlives the test that opened it, and needs its runtime.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started")
});

/// The description that `tests/emulator/system_tests.py` writes of what it deployed.
#[derive(Deserialize)]
struct Stacks {
    endpoint: String,
    /// The endpoint of moto's server.
    moto: String,
    standard: Description,
    fifo: Description,
}

impl Stacks {
    fn read() -> Self {
        let path = env::var("USHER_STACKS").expect("USHER_STACKS names the file that describes the stacks");
        let file = std::fs::read(path).expect("USHER_STACKS can be read");
        serde_json::from_slice(&file).expect("USHER_STACKS is complete")
    }
}

#[derive(Deserialize)]
pub struct Description {
    pub name: String,
    pub table: String,
    pub queue: String,
    pub dlq: String,
    pub urls: PerProvider,
    pub secrets: PerProvider,
    pub functions: Functions,
}

#[derive(Clone, Deserialize)]
pub struct PerProvider {
    luma: String,
    lunacal: String,
    allfly: String,
    calcom: String,
    standard: String,
}

#[derive(Deserialize)]
pub struct Functions {
    pub relay: String,
}

impl PerProvider {
    pub fn of(&self, provider: Provider) -> &str {
        match provider {
            Provider::Luma => &self.luma,
            Provider::Lunacal => &self.lunacal,
            Provider::Allfly => &self.allfly,
            Provider::Calcom => &self.calcom,
            Provider::Standard => &self.standard,
        }
    }
}

pub struct Stack {
    pub endpoint: String,
    pub is: Description,
    pub clients: Clients,
    /// The secrets. Their first use adds an older secret to each document. That is before the first signed delivery,
    /// for a function caches what it has read for five minutes.
    pub secrets: Lazy<Documents>,
    /// The reader of the queue. Its first use starts it.
    pub mailbox: Lazy<&'static Mailbox>,
}

type Lazy<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

impl Stack {
    fn new(which: fn(Stacks) -> Description, lunacal_signs: bool) -> Self {
        let stacks = Stacks::read();
        let endpoint = stacks.endpoint.clone();
        let is = which(stacks);
        let clients = clients_of(&endpoint);
        let (manager, ids) = (clients.secrets_manager.clone(), is.secrets.clone());
        let put = move || block_on(secrets::put(&manager, &ids, lunacal_signs));
        let (sqs, queue) = (clients.sqs.clone(), is.queue.clone());
        let open = move || open_mailbox(sqs, queue);
        let (secrets, mailbox) = (LazyLock::new(Box::new(put) as _), LazyLock::new(Box::new(open) as _));
        Self { endpoint, is, clients, secrets, mailbox }
    }

    /// Returns the newest secrets that are stored, without adding any.
    pub fn stored_secrets(&self, provider: Provider) -> Secrets {
        block_on(Document::read(&self.clients.secrets_manager, self.is.secrets.of(provider))).newest()
    }

    pub fn is_fifo(&self) -> bool {
        self.is.queue.rsplit('.').next() == Some("fifo")
    }

    /// Sends a delivery that no other test sends, signed with these secrets.
    pub fn deliver(&self, provider: Provider, secrets: &Secrets) -> Answer {
        self.send(provider, &Delivery::any(provider).signed(secrets))
    }

    /// Signs a delivery for this moment with the newest secrets.
    pub fn sign(&self, delivery: &Delivery) -> Request {
        delivery.signed(&self.secrets.of(delivery.provider).newest())
    }

    /// Sends a request to the provider's function URL.
    pub fn send(&self, provider: Provider, request: &Request) -> Answer {
        send(self.is.urls.of(provider), request)
    }

    /// Signs and sends a delivery.
    pub fn post(&self, delivery: &Delivery) -> Answer {
        self.send(delivery.provider, &self.sign(delivery))
    }

    /// Returns the ledger as the functions use it.
    pub fn ledger(&self) -> DynamoDbLedger {
        DynamoDbLedger::new(self.clients.dynamodb.clone(), &self.is.table)
    }

    /// Returns the ledger's item of a delivery.
    pub fn stored(&self, delivery: &Delivery) -> Option<Stored> {
        block_on(Stored::read(&self.clients.dynamodb, &self.is.table, &delivery.pk()))
    }

    /// Checks that nothing of these deliveries is in the ledger or on the queue.
    #[track_caller]
    pub fn assert_untouched_by(&self, deliveries: &[Delivery]) {
        self.mailbox.sweep();
        for delivery in deliveries {
            assert!(self.stored(delivery).is_none(), "{} is in the ledger", delivery.pk());
            assert!(self.mailbox.copies(&delivery.event_id()).is_empty(), "{} is queued", delivery.pk());
        }
    }

    /// Checks that each of these deliveries is on the queue exactly once.
    #[track_caller]
    pub fn assert_queued_once<'d>(&self, deliveries: impl IntoIterator<Item = &'d Delivery>) {
        self.mailbox.sweep();
        for delivery in deliveries {
            assert_eq!(self.mailbox.copies(&delivery.event_id()).len(), 1, "copies of {}", delivery.pk());
        }
    }
}

/// Starts to read a queue. No other reader may take its messages.
pub fn open_mailbox(sqs: aws_sdk_sqs::Client, queue: String) -> &'static Mailbox {
    Mailbox::open(&RUNTIME, sqs, queue)
}

/// Returns the clients of moto's server, the second emulator.
pub(crate) fn moto_clients() -> Clients {
    clients_of(&Stacks::read().moto)
}

fn clients_of(endpoint: &str) -> Clients {
    patient(&Clients::new(&aws(endpoint)))
}

/// Runs a future on the runtime of all tests.
pub fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

fn aws(endpoint: &str) -> config::Aws {
    let endpoint = Some(endpoint.to_owned());
    config::Aws {
        region: REGION.to_owned(),
        access_key_id: OWNER.to_owned(),
        secret_access_key: OWNER.to_owned(),
        session_token: None,
        dynamodb_endpoint: endpoint.clone(),
        sqs_endpoint: endpoint.clone(),
        secrets_manager_endpoint: endpoint,
        ca_bundle: None,
    }
}

/// Returns clients that wait longer than those of the functions, which have to answer within a provider's time.
fn patient(clients: &Clients) -> Clients {
    let patience = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(30)).build();
    macro_rules! patient {
        ($sdk:ident, $client:expr) => {
            $sdk::Client::from_conf($client.config().to_builder().timeout_config(patience.clone()).build())
        };
    }
    Clients {
        dynamodb: patient!(aws_sdk_dynamodb, clients.dynamodb),
        sqs: patient!(aws_sdk_sqs, clients.sqs),
        secrets_manager: patient!(aws_sdk_secretsmanager, clients.secrets_manager),
    }
}

/// Returns the credentials of the account's owner.
pub fn owner() -> aws_credential_types::Credentials {
    aws_credential_types::Credentials::from_keys(OWNER, OWNER, None)
}
