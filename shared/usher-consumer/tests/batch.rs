//! What becomes of the messages of a batch.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::time::Duration;

use futures_executor::block_on;
use futures_util::FutureExt as _;
use jiff::Timestamp;
use usher_consumer::batch::{Consumer, Message, Order};
use usher_consumer::failure::{Failed, Failure};
use usher_consumer::lambda;
use usher_consumer::memory::MemorySeen;
use usher_core::event::Event;

const LEASE: Duration = Duration::from_secs(30);
const RETENTION: Duration = Duration::from_hours(35 * 24);

/// A consumer that writes down what it handles, and fails at what it is told to.
#[derive(Default)]
struct World {
    seen: MemorySeen,
    now: Cell<Timestamp>,
    invocations: Cell<u32>,
    handled: RefCell<Vec<String>>,
    poisoned: RefCell<Vec<&'static str>>,
}

impl World {
    fn consume(&self, order: Order, messages: &[Message]) -> Vec<Failed> {
        let handler = async |event: &Event| {
            if self.poisoned.borrow().contains(&event.id.as_str()) {
                return Err("poisoned");
            }
            self.handled.borrow_mut().push(event.id.clone());
            Ok(())
        };
        block_on(self.consumer(&self.token()).consume(messages, order, handler))
    }

    fn consumer<'a>(&'a self, token: &'a str) -> Consumer<'a, MemorySeen, impl Fn() -> Timestamp> {
        let now = || self.now.get();
        Consumer { seen: &self.seen, clock: now, token, ends: self.now.get() + LEASE, retention: RETENTION }
    }

    fn token(&self) -> String {
        self.invocations.set(self.invocations.get() + 1);
        format!("invocation {}", self.invocations.get())
    }

    fn pass(&self, time: Duration) {
        self.now.set(self.now.get() + time);
    }

    fn handled(&self) -> Vec<String> {
        self.handled.borrow().clone()
    }
}

fn message(number: usize, event_id: &str, more: &str) -> Message {
    let body = format!(
        r#"{{"specversion":"1.0","id":"{event_id}","source":"/luma","type":"usher.event.created",
        "time":"2026-01-01T00:00:00Z","datacontenttype":"application/json","dataschema":"urn:usher:event:1",
        "provider":"luma","receivedtime":"2026-01-01T00:00:00Z","deduplication":"checked",{more}"data":{{"raw":{{}}}}}}"#
    );
    Message { id: format!("message {number}"), body }
}

fn ten() -> (Vec<Message>, Vec<String>) {
    let ids: Vec<String> = (0..10).map(|number| format!("luma:{number}")).collect();
    (ids.iter().enumerate().map(|(number, id)| message(number, id, "")).collect(), ids)
}

#[test]
fn one_poisoned_of_ten_fails_alone() {
    let (messages, mut ids) = ten();
    let world = World::default();
    world.poisoned.borrow_mut().push("luma:3");
    let failed = world.consume(Order::Standard, &messages);
    let expected =
        Failed { message_id: "message 3".to_owned(), failure: Failure::Handler("poisoned".to_owned()) };
    assert_eq!(failed, [expected]);
    ids.remove(3);
    assert_eq!(world.handled(), ids);
}

#[test]
fn on_a_fifo_queue_nothing_overtakes_a_failed_message() {
    let (messages, ids) = ten();
    let world = World::default();
    world.poisoned.borrow_mut().push("luma:3");
    let failed = world.consume(Order::Fifo, &messages);
    let failures: Vec<&Failure> = failed.iter().map(|failed| &failed.failure).collect();
    assert_eq!((failed[0].message_id.as_str(), failed.len()), ("message 3", 7));
    assert!(failures[1..].iter().all(|failure| **failure == Failure::Behind), "{failures:?}");
    assert_eq!(world.handled(), ids[..3]);

    world.poisoned.borrow_mut().clear();
    assert_eq!(world.consume(Order::Fifo, &messages[3..]), []);
    assert_eq!(world.handled(), ids, "and in order when it comes again");
}

#[test]
fn a_second_copy_is_dropped_and_a_replay_is_not() {
    let world = World::default();
    let copies = [message(1, "luma:1", ""), message(2, "luma:1", "")];
    assert_eq!(world.consume(Order::Standard, &copies), []);
    assert_eq!(world.handled(), ["luma:1"]);
    assert_eq!(world.consume(Order::Standard, &[message(3, "luma:1", "")]), []);
    assert_eq!(world.handled(), ["luma:1"]);
    for _ in 0..2 {
        assert_eq!(world.consume(Order::Standard, &[message(4, "luma:1", r#""replay":1,"#)]), []);
    }
    assert_eq!(world.handled(), ["luma:1", "luma:1"]);
}

#[test]
fn a_copy_is_known_for_as_long_as_usher_may_send_one() {
    let world = World::default();
    assert_eq!(world.consume(Order::Standard, &[message(1, "luma:1", "")]), []);
    world.pass(RETENTION * 34 / 35);
    assert_eq!(world.consume(Order::Standard, &[message(2, "luma:1", "")]), []);
    assert_eq!(world.handled(), ["luma:1"]);
}

#[test]
fn what_was_handled_and_not_marked_is_handled_again() {
    let world = World::default();
    let messages = [message(1, "luma:1", "")];
    let token = world.token();
    let consumer = world.consumer(&token);
    // Handled, and then the process ends: the future is dropped before the mark.
    let killed = consumer.consume(&messages, Order::Standard, async |event: &Event| -> Result<(), String> {
        world.handled.borrow_mut().push(event.id.clone());
        pending().await
    });
    assert_eq!(Box::pin(killed).now_or_never(), None);
    let failures = |failed: Vec<Failed>| failed.into_iter().map(|failed| failed.failure).collect::<Vec<_>>();
    assert_eq!(failures(world.consume(Order::Standard, &messages)), [Failure::Held]);
    world.pass(LEASE);
    assert_eq!(world.consume(Order::Standard, &messages), []);
    assert_eq!(world.handled(), ["luma:1", "luma:1"]);
}

#[test]
fn a_panic_fails_its_own_message() {
    let (messages, ids) = ten();
    let world = World::default();
    let token = world.token();
    let handler = async |event: &Event| -> Result<(), String> {
        assert_ne!(event.id, "luma:3", "it is there to panic");
        world.handled.borrow_mut().push(event.id.clone());
        Ok(())
    };
    let failed = block_on(world.consumer(&token).consume(&messages, Order::Standard, handler));
    assert_eq!(failed, [Failed { message_id: "message 3".to_owned(), failure: Failure::Panicked }]);
    assert_eq!(world.handled().len(), ids.len() - 1);
}

#[test]
fn what_is_no_event_or_of_another_version_fails_and_is_not_quoted() {
    let world = World::default();
    let secret = Message { id: "1".to_owned(), body: r#"{"specversion": ["whsec_c2VjcmV0"]}"#.to_owned() };
    let mut other = message(2, "luma:1", "");
    other.body = other.body.replace("urn:usher:event:1", "urn:usher:event:2");
    let failed = world.consume(Order::Standard, &[secret, other]);
    assert!(!failed[0].failure.to_string().contains("whsec"), "{failed:?}");
    assert_eq!(failed[1].failure, Failure::UnknownVersion("urn:usher:event:2".to_owned()));
    assert!(world.handled().is_empty());
}

#[test]
fn an_unknown_type_reaches_the_handler_which_may_leave_it_alone() {
    let world = World::default();
    let mut unknown = message(1, "luma:1", r#""later_field":{},"#);
    unknown.body = unknown.body.replace("usher.event.created", "usher.something.new");
    assert_eq!(world.consume(Order::Standard, &[unknown]), []);
    assert_eq!(world.handled(), ["luma:1"]);
}

/// Lambda takes an answer that it can't read for a success of all, and would delete what failed.
#[test]
fn the_answer_names_the_failed_messages_as_lambda_reads_it() {
    let batch = r#"{"Records": [{"messageId": "m-1", "receiptHandle": "r", "body": "no event", "attributes": {},
        "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "eu-central-1",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:usher.fifo"}]}"#;
    let (messages, order) = lambda::messages(serde_json::from_str(batch).expect("it is Lambda's"));
    assert_eq!(order, Order::Fifo);
    let response = lambda::response(&World::default().consume(order, &messages));
    let text = serde_json::to_string(&response).expect("it is JSON");
    assert_eq!(text, r#"{"batchItemFailures":[{"itemIdentifier":"m-1"}]}"#);
}
