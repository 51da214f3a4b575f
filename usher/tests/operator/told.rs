//! What is shown is what it is said to be, and its price is told before it is paid.

use serde_json::Value;

use crate::account::Account;
use crate::{stderr, stdout, usher_at};

const GUEST: &str = r#"{"type":"guest.registered","data":{"id":"gst-1","user_email":"ada@example.com"}}"#;

fn account() -> Account {
    let account = Account::new();
    account.sent("luma#1", account.now(), GUEST);
    account
}

#[test]
fn tail_tells_the_price_of_a_pass_before_it_reads() {
    let account = account();
    account.state().table_bytes = Some(81_920_000);
    let shown = usher_at(&account, &["tail", "--once", "--since", "1h"]);
    assert!(shown.status.success(), "{}", stderr(&shown));
    assert!(
        stderr(&shown).contains("81.9 MB, about 10000 read units ($0.0013) a pass"),
        "{}",
        stderr(&shown)
    );
}

#[test]
fn tail_reads_a_large_ledger_only_if_the_operator_agrees() {
    let account = account();
    account.state().table_bytes = Some(2_000_000_000);
    let refused = usher_at(&account, &["tail", "--once"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("add --yes"), "{}", stderr(&refused));
    assert!(account.calls("Scan").is_empty(), "nothing was read");
    assert!(usher_at(&account, &["tail", "--once", "--yes"]).status.success());
    assert!(!account.calls("Scan").is_empty());
}

#[test]
fn a_ledger_of_unknown_size_is_read_and_the_missing_permission_told() {
    let account = account();
    let shown = usher_at(&account, &["tail", "--once"]);
    assert!(shown.status.success());
    assert!(stderr(&shown).contains("dynamodb:DescribeTable"), "{}", stderr(&shown));
}

#[test]
fn no_event_is_said_to_be_the_one_that_was_sent() {
    let account = account();
    let line = stdout(&usher_at(&account, &["tail", "--once", "--since", "1h", "--json"]));
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&line["state"], &line["made_today"]["id"]), (&"sent".into(), &"luma:1".into()));
    let shown = stdout(&usher_at(&account, &["inspect", "luma:1", "--json"]));
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["made_today"]["id"], "luma:1");
    let text = stdout(&usher_at(&account, &["inspect", "luma:1"]));
    assert!(text.contains("as it would be made today, which may differ from what was sent"), "{text}");
}

#[test]
fn a_body_that_is_not_the_one_received_makes_the_status_1() {
    let account = account();
    let mut item = account.item("luma#1");
    item.insert("digest".to_owned(), serde_json::json!({ "B": "AAAAAAAAAAAAAAAAAAAAAA==" }));
    account.dynamodb.seed([item]);
    let shown = usher_at(&account, &["inspect", "luma:1"]);
    assert_eq!(shown.status.code(), Some(1), "{}", stdout(&shown));
}

#[test]
fn what_is_parked_makes_the_status_1() {
    let account = account();
    assert_eq!(usher_at(&account, &["pending", "--parked"]).status.code(), Some(0));
    let mut item = account.item("luma#1");
    item.remove("sent");
    item.insert("parked".to_owned(), crate::account::millis(account.now()));
    account.dynamodb.seed([item]);
    let found = usher_at(&account, &["pending", "--parked", "--json"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(stdout(&found).contains(r#""id":"luma:1""#), "{}", stdout(&found));
}
