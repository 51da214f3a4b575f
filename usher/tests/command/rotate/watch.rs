//! `usher rotate … watch`: it succeeds when every sandbox of the function accepts the newest secret, and no sooner.

use super::rotate;
use crate::account::Account;
use crate::{stderr, stdout};

const ROTATING: &str = r#"{"signing":["whsec_new","whsec_old"]}"#;

#[test]
fn watch_waits_until_what_the_newest_signs_is_accepted_and_says_how_the_older_fares() {
    let account = Account::with("luma", ROTATING);
    account.refuse(1);
    let watched = stdout(&rotate(&account, &["luma", "watch"], ""));
    assert!(watched.contains("not accepted yet (401"), "{watched}");
    assert!(watched.contains("the newest signing secret is accepted"), "{watched}");
    assert!(watched.contains("the one before it is accepted, too"), "{watched}");
    assert!(watched.contains("every instance of the function accepts the newest"), "{watched}");
    let delivered = account.delivered();
    assert_eq!(delivered.len(), 3);
    assert!(delivered.iter().all(|delivery| delivery.body == delivered[0].body), "one event at most");
}

#[test]
fn watch_gives_up_in_time_and_fails() {
    let account = Account::with("luma", "whsec_new");
    account.refuse(1000);
    let watched = rotate(&account, &["luma", "watch", "--for", "6"], "");
    assert_eq!(watched.status.code(), Some(1));
    assert!(stderr(&watched).contains("is not accepted after"), "{}", stderr(&watched));
}

/// Another sandbox may have read the secrets a moment before they were stored, and must not read them again for a minute.
#[test]
fn a_secret_that_one_instance_accepts_is_not_taken_for_known_to_all() {
    for (provider, document) in [("luma", ROTATING), ("lunacal", r#"{"url":["new","old"]}"#)] {
        let account = Account::with(provider, document);
        account.store_just_now();
        let watched = rotate(&account, &[provider, "watch", "--for", "20"], "");
        assert_eq!(watched.status.code(), Some(1));
        assert!(stderr(&watched).contains("the others do so in"), "{}", stderr(&watched));
        let said = String::from_utf8(watched.stdout).unwrap();
        assert!(said.contains("is accepted") && !said.contains("Now at"), "{said}");
    }
}

/// Lunacal documents no retry: under a URL whose token a sandbox does not know yet, a booking would be lost.
#[test]
fn the_provider_s_step_is_told_after_the_watch_and_not_before() {
    let account = Account::with("lunacal", r#"{"url":"old"}"#);
    let staged = stdout(&rotate(&account, &["lunacal", "stage"], ""));
    assert!(staged.contains("Change nothing at Lunacal yet"), "{staged}");
    assert!(staged.contains("Next: usher rotate lunacal watch"), "{staged}");
    let watched = stdout(&rotate(&account, &["lunacal", "watch", "--show"], ""));
    let token = super::current(&account, "lunacal")["url"][0].as_str().unwrap().to_owned();
    assert!(watched.contains("Now at Lunacal: for each event type"), "{watched}");
    assert!(watched.contains(&format!("?token={token}")), "{watched}");
    let account = Account::with("luma", "whsec_a");
    let staged = stdout(&rotate(&account, &["luma", "stage"], "whsec_b"));
    assert!(staged.contains("a new one comes with a second webhook"), "{staged}");
    let watched = stdout(&rotate(&account, &["luma", "watch"], ""));
    assert!(watched.contains("1. Resume the new webhook"), "{watched}");
}

#[test]
fn one_account_of_several_is_watched_by_its_name() {
    let document = r#"{"signing":{"berlin":["whsec_b2","whsec_b1"],"lisbon":["whsec_l1"]}}"#;
    let account = Account::with("luma", document);
    let watched = stdout(&rotate(&account, &["luma", "watch", "--name", "berlin"], ""));
    assert!(watched.contains("usher rotate luma retire --name berlin"), "{watched}");
    let unnamed = rotate(&account, &["luma", "watch"], "");
    assert!(stderr(&unnamed).contains("berlin, lisbon"), "{}", stderr(&unnamed));
}
