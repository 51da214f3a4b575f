//! `usher rotate … retire` waits for the facts: it asks the ledger whether the provider still uses an older secret.

use serde_json::json;

use super::{current, rotate};
use crate::account::Account;
use crate::{stderr, stdout};

const ROTATING: &str = r#"{"signing":["whsec_new","whsec_old"]}"#;

/// A booking of this event type.
fn booking(event_type: u32, slug: &str) -> String {
    json!({ "triggerEvent": "BOOKING_CREATED", "payload": { "eventTypeId": event_type, "type": slug } })
        .to_string()
}

/// What is said when the secret is not retired.
#[track_caller]
fn refused(account: &Account, arguments: &[&str]) -> String {
    let provider = arguments[0];
    let before = account.current(provider);
    let output = rotate(account, &[arguments, &["--yes"]].concat(), "");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert_eq!(account.current(provider), before, "nothing was changed");
    assert!(stderr(&output).contains("run again with --anyway"), "{}", stderr(&output));
    format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output))
}

#[test]
fn an_older_secret_in_use_is_not_retired_and_the_time_is_told() {
    let account = Account::with("luma", ROTATING);
    account.keep("luma", 0, "", "{}");
    account.keep("luma", 3, "s-", "{}");
    let said = refused(&account, &["luma", "retire"]);
    assert!(said.contains("The last delivery that came with an older signing secret of luma"), "{said}");
    assert!(said.contains("3m ago") && said.contains("in 1"), "{said}");
}

#[test]
fn an_older_secret_is_not_retired_before_the_newest_was_used() {
    let account = Account::with("luma", ROTATING);
    let said = refused(&account, &["luma", "retire"]);
    assert!(said.contains("No delivery of luma has come with the newest signing secret"), "{said}");
    account.keep("luma", 60, "s-", "{}");
    refused(&account, &["luma", "retire"]);
    account.keep("luma", 30, "", "{}");
    stdout(&rotate(&account, &["luma", "retire", "--yes"], ""));
    assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_new"] }));
}

/// A function that has read the secrets before they were changed calls the older one its newest.
#[test]
fn nothing_counts_as_the_newest_until_every_function_knows_it() {
    let account = Account::with("luma", ROTATING);
    account.store_just_now();
    account.keep("luma", 30, "", "{}");
    account.keep("luma", 0, "", "{}");
    refused(&account, &["luma", "retire"]);
}

#[test]
fn allfly_s_retries_of_a_day_and_more_are_waited_for() {
    let key = |name: &str| {
        format!("whsec_{}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, name))
    };
    let document = json!({ "signing": [key("new"), key("old")] }).to_string();
    for (hours, is_over) in [(1, false), (24, false), (51, false), (53, true)] {
        let account = Account::with("allfly", &document);
        account.set_parameters(&[("Allfly", "on")]);
        account.keep("allfly", hours * 60, "s-", "{}");
        account.keep("allfly", 0, "", "{}");
        let retired = rotate(&account, &["allfly", "retire", "--yes"], "");
        assert_eq!(retired.status.success(), is_over, "{hours}: {}", stderr(&retired));
    }
}

/// Each event type holds a copy of the URL.
#[test]
fn lunacal_s_event_types_that_still_come_under_the_old_token_are_listed() {
    let account = Account::with("lunacal", r#"{"url":["new","old"]}"#);
    account.keep("lunacal", 60, "t-", &booking(975, "quint"));
    account.keep("lunacal", 5, "", &booking(975, "quint"));
    account.keep("lunacal", 600, "t-", &booking(12, "intro"));
    account.keep("lunacal", 40, "t-", "no JSON");
    let said = refused(&account, &["lunacal", "retire"]);
    assert!(said.contains("12 (intro)") && said.contains("(not named in the body)"), "{said}");
    assert!(!said.contains("975"), "it has changed over: {said}");
    account.keep("lunacal", 5, "", &booking(12, "intro"));
    account.keep("lunacal", 5, "", "no JSON");
    stdout(&rotate(&account, &["lunacal", "retire", "--yes"], ""));
    assert_eq!(current(&account, "lunacal"), json!({ "url": ["new"] }));
}

#[test]
fn a_ledger_that_cannot_be_read_is_no_reason_to_retire() {
    let account = Account::with("luma", ROTATING);
    account.close_ledger();
    let said = refused(&account, &["luma", "retire"]);
    assert!(said.contains("cannot learn from the ledger"), "{said}");
    assert_eq!(account.scans(), 1);
    stdout(&rotate(&account, &["luma", "retire", "--yes", "--anyway"], ""));
    assert_eq!(account.scans(), 1, "a leaked secret is retired without asking");
    assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_new"] }));
}
