//! Lunacal's particulars: a ping, and a signature in two spellings.

use events::{Provider, sample};
use stacks::delivery::Delivery;
use stacks::stack::{FIFO, STANDARD};

use crate::accepted::accepted;

#[test]
fn a_ping_is_answered_as_lunacal_documents_and_is_no_event() {
    for stack in [&*STANDARD, &*FIFO] {
        let ping = Delivery::of(&sample("lunacal/PING").expect("the sample is there"));
        stack.post(&ping).assert_received();
        stack.assert_untouched_by(&[ping]);
    }
}

#[test]
fn a_signature_counts_with_and_without_its_algorithms_name() {
    let named = Delivery::any(Provider::Lunacal);
    let mut request = FIFO.sign(&named);
    for (_, value) in request.headers.iter_mut().filter(|(name, _)| name == "X-Cal-Signature-256") {
        value.insert_str(0, "sha256=");
    }
    FIFO.send(Provider::Lunacal, &request).assert_received();
    FIFO.assert_queued_once([&named]);
    accepted(&FIFO, &Delivery::any(Provider::Lunacal));
}
