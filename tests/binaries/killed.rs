//! A function killed at any step (SIGKILL) loses nothing: the provider's retry or the relay finishes its work.
//!
//! [`killed_on_the_emulator`](super::killed_on_the_emulator) repeats these kills with a real table and queue.

use events::Request;
use fakes::behaviour::Behaviour;
use fakes::dynamodb::{Item, is_pending};
use fakes::endpoint::{Endpoint, Service};
use fakes::function::Function;

use crate::delivery::{Provider, delivery, event};
use crate::world::World;

/// The table and the queue of one test, and the functions that use them.
pub trait Services {
    fn dynamodb(&self) -> &Endpoint<impl Service>;
    fn sqs(&self) -> &Endpoint<impl Service>;
    /// Starts Luma's function.
    async fn start_luma(&self) -> Function;
    async fn start_relay(&self) -> Function;
    fn items(&self) -> Vec<Item>;
    /// Makes every pending item due, as its grace makes it after a minute.
    fn make_due(&self);
    /// Returns the messages on the queue.
    fn sent(&self) -> Vec<Sent>;
}

/// A message on the queue: its event's id, and on a FIFO queue the id by which the queue drops a second copy.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    pub event_id: String,
    pub deduplication_id: Option<String>,
}

/// One kill, and the state it leaves behind.
#[derive(Debug)]
pub struct Kill {
    /// The operation for whose answer the function waits when it is killed.
    operation: &'static str,
    /// The behaviour of the endpoint, which carries out the operation or does not.
    behaviour: Behaviour,
    left: Left,
    /// The number of messages in the end.
    copies: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Left {
    Nothing,
    Pending,
    Settled,
}

const fn kill(operation: &'static str, behaviour: Behaviour, left: Left, copies: usize) -> Kill {
    Kill { operation, behaviour, left, copies }
}

const BEFORE_THE_CLAIM: Kill = kill("PutItem", Behaviour::NeverAnswer, Left::Nothing, 1);
const AFTER_THE_CLAIM: Kill = kill("PutItem", Behaviour::ActAndNeverAnswer, Left::Pending, 1);
const BEFORE_THE_SEND: Kill = kill("SendMessage", Behaviour::NeverAnswer, Left::Pending, 1);
const AFTER_THE_SEND: Kill = kill("SendMessage", Behaviour::ActAndNeverAnswer, Left::Pending, 2);
const BEFORE_THE_SETTLE: Kill = kill("UpdateItem", Behaviour::NeverAnswer, Left::Pending, 2);
const AFTER_THE_SETTLE: Kill = kill("UpdateItem", Behaviour::ActAndNeverAnswer, Left::Settled, 1);

#[cfg(feature = "deployed")]
pub const ALL: [Kill; 6] =
    [BEFORE_THE_CLAIM, AFTER_THE_CLAIM, BEFORE_THE_SEND, AFTER_THE_SEND, BEFORE_THE_SETTLE, AFTER_THE_SETTLE];

impl Kill {
    /// Kills a function, has the provider send again and the relay run, and checks what is stored and sent.
    pub async fn is_survived_by(&self, services: &impl Services) {
        let request = delivery(Provider::Luma);
        self.strike(services, &request).await;
        assert_eq!(left(&services.items()), self.left, "{self:?}");

        assert_eq!(services.start_luma().await.deliver(&request).await.status, 200);
        services.make_due();
        assert_eq!(services.start_relay().await.invoke("{}".to_owned()).await.kind, "response");

        assert_eq!(left(&services.items()), Left::Settled, "{self:?}");
        let sent = services.sent();
        assert_eq!(sent.len(), self.copies, "{self:?}");
        // A FIFO queue drops the second copy by its deduplication id, and any consumer can by its event's id.
        assert!(sent.iter().all(|copy| *copy == sent[0]), "{self:?}: {sent:?}");
    }

    async fn strike(&self, services: &impl Services, request: &Request) {
        services.dynamodb().behave_once(self.operation, self.behaviour);
        services.sqs().behave_once(self.operation, self.behaviour);
        let function = services.start_luma().await;
        function.send(event(request).to_string());
        tokio::select! {
            () = services.dynamodb().called(self.operation) => {}
            () = services.sqs().called(self.operation) => {}
        }
        function.kill().await;
    }
}

fn left(items: &[Item]) -> Left {
    match items {
        [] => Left::Nothing,
        [item] if is_pending(item) => Left::Pending,
        [_] => Left::Settled,
        more => panic!("one delivery is one item: {more:?}"),
    }
}

impl Services for World {
    fn dynamodb(&self) -> &Endpoint<impl Service> {
        &self.dynamodb
    }

    fn sqs(&self) -> &Endpoint<impl Service> {
        &self.sqs
    }

    async fn start_luma(&self) -> Function {
        self.start(Provider::Luma).await
    }

    async fn start_relay(&self) -> Function {
        self.start_relay().await
    }

    fn items(&self) -> Vec<Item> {
        self.dynamodb.service().items()
    }

    fn make_due(&self) {
        self.dynamodb.service().make_due();
    }

    fn sent(&self) -> Vec<Sent> {
        let messages = self.sqs.service().messages().into_iter();
        let id = |event: serde_json::Value| event["id"].as_str().expect("an event has an id").to_owned();
        messages
            .map(|message| Sent { event_id: id(message.event()), deduplication_id: message.deduplication_id })
            .collect()
    }
}

#[tokio::test]
async fn killed_before_the_claim_the_provider_s_retry_is_the_first_delivery() {
    BEFORE_THE_CLAIM.is_survived_by(&World::new().await).await;
}

#[tokio::test]
async fn killed_after_the_claim_the_relay_sends_the_event() {
    AFTER_THE_CLAIM.is_survived_by(&World::new().await).await;
}

#[tokio::test]
async fn killed_before_the_send_the_relay_sends_the_event() {
    BEFORE_THE_SEND.is_survived_by(&World::new().await).await;
}

/// The fake queue takes no message without a deduplication id where it is FIFO, and keeps every copy.
#[tokio::test]
async fn killed_between_send_and_settle_a_second_copy_has_the_same_ids() {
    for kill in [AFTER_THE_SEND, BEFORE_THE_SETTLE] {
        kill.is_survived_by(&World::with_fifo_queue().await).await;
    }
}

#[tokio::test]
async fn killed_after_the_settle_nothing_is_sent_again() {
    AFTER_THE_SETTLE.is_survived_by(&World::new().await).await;
}
