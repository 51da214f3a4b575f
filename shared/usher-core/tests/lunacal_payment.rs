//! How much a booking costs by its list, and how much was charged for it.

mod support;

use serde_json::{Value, json};
use support::booking::told;

fn payment(trigger: &str, changes: Value) -> Value {
    told(trigger, changes).get("payment").cloned().unwrap_or(Value::Null)
}

#[test]
fn the_list_price_is_not_what_was_charged() {
    let listed = payment("BOOKING_CREATED", json!({"price": 4500, "currency": "eur"}));
    assert_eq!(listed, json!({"list_price": {"amount": 4500, "currency": "EUR"}}));
    let paid = payment(
        "BOOKING_PAID",
        json!({"price": 4500, "currency": "eur", "paymentData": {"amount": 3600, "currency": "usd"}}),
    );
    assert_eq!(paid["list_price"], json!({"amount": 4500, "currency": "EUR"}));
    assert_eq!(paid["amount"], json!({"amount": 3600, "currency": "USD"}));
    let without_its_own =
        payment("BOOKING_PAID", json!({"price": 5, "currency": "jpy", "paymentData": {"amount": 4}}));
    assert_eq!(without_its_own["amount"], json!({"amount": 4, "currency": "JPY"}));
}

#[test]
fn a_meeting_for_nothing_has_no_payment() {
    for price in [json!(0), Value::Null, json!("4500"), json!(4.5)] {
        assert_eq!(
            payment("BOOKING_CREATED", json!({"price": price, "currency": "usd"})),
            Value::Null,
            "{price}"
        );
    }
    assert_eq!(payment("BOOKING_CREATED", json!({"paymentData": {}})), Value::Null);
}

#[test]
fn what_a_coupon_made_free_was_charged_nothing() {
    let changes = json!({"price": 4500, "currency": "eur", "paymentData": {"amount": 0}});
    assert_eq!(payment("BOOKING_PAID", changes)["amount"], json!({"amount": 0, "currency": "EUR"}));
}

#[test]
fn the_processors_own_id_is_found_in_the_payment_or_beside_it() {
    let external_id = |changes: Value| payment("BOOKING_PAID", changes).get("external_id").cloned();
    let both = json!({"paymentData": {"externalId": "pi_2"}, "metadata": {"externalId": "pi_1"}});
    assert_eq!(external_id(both), Some(json!("pi_2")));
    assert_eq!(external_id(json!({"metadata": {"externalId": "pi_1"}})), Some(json!("pi_1")));
    assert_eq!(external_id(json!({"paymentData": {"externalId": null}})), None);
}

#[test]
fn the_payments_number_is_found_in_the_payment_or_beside_it() {
    let id = |changes: Value| payment("BOOKING_PAID", changes).get("id").cloned();
    assert_eq!(id(json!({"paymentId": 7, "paymentData": {"id": 8}})), Some(json!("7")));
    assert_eq!(id(json!({"paymentData": {"id": 8}})), Some(json!("8")));
}

#[test]
fn a_payment_that_was_given_back_was_given_back_whole() {
    let refunded = |data: Value| {
        payment("BOOKING_CANCELLED", json!({"currency": "eur", "paymentData": data})).get("refunded").cloned()
    };
    assert_eq!(
        refunded(json!({"amount": 3600, "refunded": true})),
        Some(json!({"amount": 3600, "currency": "EUR"}))
    );
    for data in [
        json!({"amount": 3600, "refunded": false}),
        json!({"amount": 3600}),
        json!({"amount": 3600, "refunded": "true"}),
        // A sum that is not told is not guessed.
        json!({"refunded": true}),
    ] {
        assert_eq!(refunded(data.clone()), None, "{data}");
    }
}

#[test]
fn the_trigger_says_whether_the_money_was_taken() {
    let captured =
        |trigger: &str| payment(trigger, json!({"price": 1, "currency": "eur"})).get("captured").cloned();
    assert_eq!(captured("BOOKING_PAID"), Some(json!(true)));
    assert_eq!(captured("BOOKING_PAYMENT_INITIATED"), Some(json!(false)));
    assert_eq!(captured("BOOKING_CREATED"), None);
}
