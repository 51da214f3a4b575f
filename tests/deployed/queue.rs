//! The queues as they were deployed, and the same queues on moto.
//!
//! moto is wrong in two points by AWS's documents, which CONTRIBUTING.md quotes. The tests leave out just these.

use std::cell::LazyCell;

use usher_aws::sqs::SqsQueue;
use usher_core::queue::{MAX_BATCH, Message, Queue as _};

use stacks::delivery::unique_text;
use stacks::mailbox::{Mailbox, Received};
use stacks::moto;
use stacks::stack::{FIFO, STANDARD, Stack, block_on, open_mailbox};

/// More messages, and more bytes, than one request can carry.
const MANY: usize = 2 * MAX_BATCH + 3;
const LARGE: usize = 200_000;

#[test]
fn a_standard_queue_takes_more_than_fits_one_request_and_delivers_it_unchanged() {
    for queue in [TestedQueue::deployed(&STANDARD), TestedQueue::on_moto(&STANDARD)] {
        send_and_receive_many(&queue);
    }
}

#[test]
fn a_fifo_queue_takes_more_than_fits_one_request_and_keeps_its_order() {
    for queue in [TestedQueue::deployed(&FIFO), TestedQueue::on_moto(&FIFO)] {
        let (group, received) = send_and_receive_many(&queue);
        let bodies = |messages: &[Received]| -> Vec<_> {
            messages.iter().map(|message| message.body.clone()).collect()
        };
        assert!(bodies(&received) == bodies(&queue.mailbox.containing(&group)), "{}", queue.url);
        let numbers: Vec<_> = received.iter().map(|received| received.sequence.clone()).collect();
        assert!(numbers.iter().all(Option::is_some));
        // moto's sequence numbers are random.
        assert!(numbers.is_sorted() || queue.is_on_moto, "{numbers:?}");
    }
}

/// A message reaches SQS twice if its first answer is lost. Within five minutes, a FIFO queue drops the second copy.
#[test]
fn a_fifo_queue_drops_a_second_copy_and_a_standard_queue_delivers_it() {
    for (stack, copies) in [(&*STANDARD, 2), (&*FIFO, 1)] {
        for queue in [TestedQueue::deployed(stack), TestedQueue::on_moto(stack)] {
            let message = message(0, 100, &unique_text());
            block_on(async {
                queue.queue.send(&message).await.expect("the queue takes it");
                queue.queue.send(&message).await.expect("the queue takes it again");
            });
            // On moto nobody has read the queue before: moto forgets a deduplication id when its message is deleted.
            queue.mailbox.sweep();
            assert_eq!(queue.mailbox.copies(&message.deduplication_id).len(), copies, "{}", queue.url);
        }
    }
}

/// A queue and its only reader.
struct TestedQueue {
    url: String,
    queue: SqsQueue,
    /// The reader, which starts when it is first asked.
    mailbox: LazyCell<&'static Mailbox, Box<dyn FnOnce() -> &'static Mailbox>>,
    is_fifo: bool,
    is_on_moto: bool,
}

impl TestedQueue {
    fn deployed(stack: &'static Stack) -> Self {
        Self {
            url: stack.is.queue.clone(),
            queue: SqsQueue::new(stack.clients.sqs.clone(), &stack.is.queue),
            mailbox: LazyCell::new(Box::new(|| *stack.mailbox)),
            is_fifo: stack.is_fifo(),
            is_on_moto: false,
        }
    }

    /// Creates a queue like the stack's.
    fn on_moto(stack: &Stack) -> Self {
        let url = block_on(moto::create_queue_like(stack));
        let sqs = moto::CLIENTS.sqs.clone();
        let queue = SqsQueue::new(sqs.clone(), &url);
        let open = {
            let url = url.clone();
            move || open_mailbox(sqs, url)
        };
        Self {
            url,
            queue,
            mailbox: LazyCell::new(Box::new(open)),
            is_fifo: stack.is_fifo(),
            is_on_moto: true,
        }
    }
}

/// Returns the messages' group, and the messages in the order they were sent.
fn send_and_receive_many(queue: &TestedQueue) -> (String, Vec<Received>) {
    let group = unique_text();
    let messages: Vec<Message> = (0..MANY).map(|number| message(number, LARGE, &group)).collect();
    let results = block_on(async { queue.queue.send_batch(&messages).await });
    assert_eq!(results, vec![Ok(()); MANY], "{}", queue.url);
    queue.mailbox.sweep();
    let received: Vec<Received> =
        messages.iter().flat_map(|message| queue.mailbox.copies(&message.deduplication_id)).collect();
    assert_eq!(received.len(), MANY, "{}", queue.url);
    for (message, received) in messages.iter().zip(&received) {
        assert!(message.body == received.body, "the body arrives as it was sent");
        let attributes = received.attributes.iter().map(|(name, value)| (name.as_str(), value.clone()));
        assert!(attributes.eq(message.attributes.iter().cloned()));
        assert_eq!(received.group.as_ref(), queue.is_fifo.then_some(&message.group));
        assert_eq!(received.deduplication_id.as_ref(), queue.is_fifo.then_some(&message.deduplication_id));
    }
    (group, received)
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
