//! A refused delivery leaves nothing behind.
//!
//! The probes of `usher doctor` have every kind of forgery. `usher/tests/deployed` runs them on the same functions.

use events::{Provider, Request, Secrets, forged_secret};
use stacks::delivery::Delivery;
use stacks::stack::{FIFO, STANDARD, Stack};

#[test]
fn what_is_refused_leaves_no_item_and_no_message() {
    let forged = Secrets { signing: Some(forged_secret()), url: Some(forged_secret()) };
    for (provider, cause) in [
        (Provider::Luma, "wrong signature"),
        (Provider::Lunacal, "wrong token"),
        (Provider::Allfly, "wrong signature"),
    ] {
        let delivery = Delivery::any(provider);
        refused(&STANDARD, &delivery, &delivery.signed(&forged), cause);
    }
}

/// The doctor's probes run on the stack where Lunacal has a token alone.
#[test]
fn where_lunacal_signs_the_token_alone_is_not_enough() {
    let delivery = Delivery::any(Provider::Lunacal);
    let mut unsigned = FIFO.sign(&delivery);
    unsigned.headers.retain(|(name, _)| name != "X-Cal-Signature-256");
    refused(&FIFO, &delivery, &unsigned, "missing signature");
}

#[track_caller]
fn refused(stack: &Stack, delivery: &Delivery, request: &Request, cause: &str) {
    stack.send(delivery.provider, request).assert_refused(cause);
    stack.assert_untouched_by(std::slice::from_ref(delivery));
}
