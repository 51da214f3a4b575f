//! The operator's tool brings dead letters back to the queue unchanged.

use aws_sdk_sqs::types::MessageAttributeValue;

use crate::usher::usher;
use stacks::delivery::unique_text;
use stacks::stack::{FIFO, STANDARD, Stack, block_on};

/// More messages than one request can carry.
const DEAD: usize = 12;

#[test]
fn what_died_on_a_standard_queue_comes_back_as_it_was() {
    come_back(&STANDARD);
}

#[test]
fn what_died_on_a_fifo_queue_comes_back_as_it_was_and_in_order() {
    come_back(&FIFO);
}

fn come_back(stack: &Stack) {
    let group = unique_text();
    let ids: Vec<String> = (0..DEAD).map(|number| format!("{group}-{number}")).collect();
    for id in &ids {
        die(stack, id, &group);
    }
    let counted = usher(stack, &["redrive"]).well();
    assert!(counted.contains("12 messages") && counted.contains("Nothing was moved"), "{counted}");
    let moved = usher(stack, &["redrive", "--yes"]).well();
    assert!(moved.contains("Moved 12 messages"), "{moved}");
    assert!(usher(stack, &["redrive"]).well().contains("0 messages"));

    stack.mailbox.sweep();
    let copies: Vec<_> = ids.iter().flat_map(|id| stack.mailbox.copies(id)).collect();
    assert_eq!(copies.len(), DEAD, "each once");
    let is_fifo = stack.is_fifo();
    for (id, copy) in ids.iter().zip(&copies) {
        assert_eq!(copy.body, body(id));
        assert_eq!(copy.attributes["type"], "usher.test");
        assert_eq!(copy.group.as_ref(), is_fifo.then_some(&group));
        let own_id = !is_fifo || copy.deduplication_id.as_ref() != Some(id);
        assert!(own_id, "else SQS could take it for a copy, and drop it");
    }
    assert!(copies.iter().map(|copy| copy.sequence.as_ref()).is_sorted());
}

fn body(id: &str) -> String {
    format!(r#"{{"id":"{id}","text":"ü"}}"#)
}

/// Puts a message on the dead-letter queue, as SQS does with one that was received too often.
fn die(stack: &Stack, id: &str, group: &str) {
    let is_fifo = stack.is_fifo();
    let text = MessageAttributeValue::builder().data_type("String").string_value("usher.test").build();
    block_on(async {
        let request = stack.clients.sqs.send_message().queue_url(&stack.is.dlq).message_body(body(id));
        let request = request
            .message_attributes("type", text.expect("it is complete"))
            .set_message_group_id(is_fifo.then(|| group.to_owned()))
            .set_message_deduplication_id(is_fifo.then(|| id.to_owned()));
        request.send().await.expect("the dead-letter queue takes it");
    });
}
