//! What is Lunacal's alone: a token in the URL, a signature perhaps, and a ping.

use events::{Provider, Request, Secrets, forged_secret, sample};

use crate::accepted::accepted;
use crate::delivery::Delivery;
use crate::refused::refused;
use crate::stack::{FIFO, STANDARD};

const SIGNATURE: &str = "X-Cal-Signature-256";

#[test]
fn a_ping_is_answered_as_lunacal_documents_and_is_no_event() {
    for stack in [&*STANDARD, &*FIFO] {
        let ping = ping();
        stack.post(&ping).assert_received();
        stack.assert_untouched_by(&[ping]);
    }
}

#[test]
fn a_ping_of_a_strangers_is_refused() {
    let forged = Secrets { signing: None, url: Some(forged_secret()) };
    STANDARD.send(Provider::Lunacal, &ping().signed(&forged)).assert_refused("wrong token");
}

#[test]
fn a_delivery_without_the_token_or_with_another_is_refused() {
    for stack in [&*STANDARD, &*FIFO] {
        let refused = [
            refused(stack, Provider::Lunacal, "missing token", |request| request.query.clear()),
            refused(stack, Provider::Lunacal, "wrong token", |request| request.query[0].1 = forged_secret()),
            // Nearly right is as wrong as any.
            refused(stack, Provider::Lunacal, "wrong token", |request| request.query[0].1.truncate(39)),
        ];
        stack.assert_untouched_by(refused.as_flattened());
    }
}

#[test]
fn where_a_signing_secret_is_configured_the_token_alone_is_not_enough() {
    let refused = [
        refused(&FIFO, Provider::Lunacal, "missing signature", |request| remove(request, SIGNATURE)),
        refused(&FIFO, Provider::Lunacal, "wrong signature", |request| request.body[20] ^= 1),
        // What Cal.com's sender writes where it has no secret.
        refused(&FIFO, Provider::Lunacal, "missing signature", |request| {
            remove(request, SIGNATURE);
            request.headers.push((SIGNATURE.to_owned(), "no-secret-provided".to_owned()));
        }),
    ];
    FIFO.assert_untouched_by(refused.as_flattened());
}

#[test]
fn a_signature_counts_with_and_without_its_algorithms_name() {
    let named = Delivery::any(Provider::Lunacal);
    let mut request = FIFO.sign(&named);
    for (_, value) in request.headers.iter_mut().filter(|(name, _)| name == SIGNATURE) {
        value.insert_str(0, "sha256=");
    }
    FIFO.send(Provider::Lunacal, &request).assert_received();
    FIFO.assert_queued_once([&named]);
    accepted(&FIFO, &Delivery::any(Provider::Lunacal));
}

#[test]
fn the_token_is_found_among_other_parameters() {
    let mut request = STANDARD.sign(&ping());
    request.query.insert(0, ("a b&c=d%".to_owned(), "ä/?".to_owned()));
    STANDARD.send(Provider::Lunacal, &request).assert_received();
}

fn ping() -> Delivery {
    Delivery::of(&sample("lunacal/PING").expect("the sample is there"))
}

fn remove(request: &mut Request, header: &str) {
    request.headers.retain(|(name, _)| name != header);
}
