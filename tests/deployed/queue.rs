//! The queues as they were deployed.

use usher_aws::sqs::SqsQueue;
use usher_core::queue::{MAX_BATCH, Message, Queue as _};

use stacks::delivery::unique_text;
use stacks::mailbox::Received;
use stacks::stack::{FIFO, STANDARD, Stack, block_on};

/// More messages, and more bytes, than one request can carry.
const MANY: usize = 2 * MAX_BATCH + 3;
const LARGE: usize = 200_000;

#[test]
fn a_standard_queue_takes_more_than_fits_one_request_and_delivers_it_unchanged() {
    send_and_receive_many(&STANDARD);
}

#[test]
fn a_fifo_queue_takes_more_than_fits_one_request_and_keeps_its_order() {
    let received = send_and_receive_many(&FIFO);
    let numbers: Vec<_> = received.iter().map(|received| received.sequence.clone()).collect();
    assert!(numbers.iter().all(Option::is_some));
    assert!(numbers.is_sorted(), "{numbers:?}");
}

/// A message reaches SQS twice if its first answer is lost. Within five minutes, a FIFO queue drops the second copy.
#[test]
fn a_fifo_queue_drops_a_second_copy_and_a_standard_queue_delivers_it() {
    for (stack, copies) in [(&*STANDARD, 2), (&*FIFO, 1)] {
        let message = message(0, 100, &unique_text());
        let queue = queue(stack);
        block_on(async {
            queue.send(&message).await.expect("the queue takes it");
            queue.send(&message).await.expect("the queue takes it again");
        });
        stack.mailbox.sweep();
        assert_eq!(stack.mailbox.copies(&message.deduplication_id).len(), copies);
    }
}

fn send_and_receive_many(stack: &Stack) -> Vec<Received> {
    let group = unique_text();
    let messages: Vec<Message> = (0..MANY).map(|number| message(number, LARGE, &group)).collect();
    let results = block_on(async { queue(stack).send_batch(&messages).await });
    assert_eq!(results, vec![Ok(()); MANY]);
    stack.mailbox.sweep();
    let received: Vec<Received> =
        messages.iter().flat_map(|message| stack.mailbox.copies(&message.deduplication_id)).collect();
    assert_eq!(received.len(), MANY);
    for (message, received) in messages.iter().zip(&received) {
        assert!(message.body == received.body, "the body arrives as it was sent");
        let attributes = received.attributes.iter().map(|(name, value)| (name.as_str(), value.clone()));
        assert!(attributes.eq(message.attributes.iter().cloned()));
        let is_fifo = stack.is_fifo();
        assert_eq!(received.group.as_ref(), is_fifo.then_some(&message.group));
        assert_eq!(received.deduplication_id.as_ref(), is_fifo.then_some(&message.deduplication_id));
    }
    received
}

fn message(number: usize, bytes: usize, group: &str) -> Message {
    let id = format!("{group}-{number}");
    Message {
        body: format!(r#"{{"id":"{id}","text":"{}"}}"#, "ü".repeat(bytes / 2)),
        attributes: vec![("provider", "test".to_owned()), ("type", format!("test.{number}"))],
        trace_header: None,
        group: group.to_owned(),
        deduplication_id: id,
    }
}

fn queue(stack: &Stack) -> SqsQueue {
    SqsQueue::new(stack.clients.sqs.clone(), &stack.is.queue)
}
