//! An erasure finds all, says what it left, and leaves a record without the person.

use std::fs;
use std::path::PathBuf;

use fakes::dynamodb::DynamoDb;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::account::{Account, millis, stored};
use crate::{stderr, stdout, usher_at};

const GUEST: &str = r#"{"type":"guest.registered","data":{"id":"gst-1","user_id":"usr-1","user_email":"ada@example.com","phone_number":"+49 30 1234567"}}"#;
const OTHER: &str = r#"{"type":"guest.registered","data":{"id":"gst-2","user_id":"usr-12","user_email":"canada@example.com","phone_number":"+49 30 12345678"}}"#;
const FORGET: [&str; 4] = ["forget", "--yes", "--email", "ada@example.com"];

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Returns an account with three deliveries of the person and one of another.
fn account() -> Account {
    let account = Account::new();
    for number in 1..=3 {
        account.sent(&format!("luma#{number}"), account.now() - hours(2), GUEST);
    }
    account.sent("luma#other", account.now() - hours(2), OTHER);
    account
}

fn new_file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _gone = fs::remove_file(&path);
    path
}

#[test]
fn what_arrives_behind_the_search_is_found_by_the_next_pass() {
    let account = account();
    let late = stored("luma#0", account.now() - hours(1), GUEST, [("sent", millis(account.now()))]);
    account.state().meanwhile = Some(Box::new(move |table: &DynamoDb| table.seed([late.clone()])));
    let done = usher_at(&account, &FORGET);
    assert!(done.status.success(), "{}{}", stdout(&done), stderr(&done));
    assert_eq!(account.with("forgotten"), ["luma#0", "luma#1", "luma#2", "luma#3"]);
    assert!(stdout(&done).contains("Erased the bodies of 4, in 3 passes"), "{}", stdout(&done));
}

#[test]
fn every_read_of_a_search_is_consistent() {
    let account = account();
    assert!(usher_at(&account, &FORGET).status.success());
    let scans = account.calls("Scan");
    assert!(scans.len() > 2 && scans.iter().all(|scan| scan["ConsistentRead"] == true), "{scans:?}");
}

#[test]
fn a_person_is_erased_by_number_and_by_a_provider_s_id_and_nobody_else() {
    for who in [["--phone", "0049-30/1234567"], ["--id", "luma:usr-1"]] {
        let account = account();
        account.sent("lunacal#usr-1", account.now(), r#"{"triggerEvent":"PING","id":"usr-1"}"#);
        let done = usher_at(&account, &[&["forget", "--yes"][..], &who].concat());
        assert!(done.status.success(), "{}{}", stdout(&done), stderr(&done));
        assert_eq!(account.with("forgotten"), ["luma#1", "luma#2", "luma#3"], "{who:?}");
        assert!(stdout(&done).contains("person"), "the role: {}", stdout(&done));
    }
    for refused in [["--phone", "12"], ["--id", "usr-1"], ["--id", "nobody:usr-1"]] {
        assert_eq!(
            usher_at(&account(), &[&["forget"][..], &refused].concat()).status.code(),
            Some(2),
            "{refused:?}"
        );
    }
}

#[test]
fn what_could_not_be_searched_is_listed_and_makes_the_status_1() {
    let account = account();
    let mut broken = stored("luma#broken", account.now(), "", [("body", json!({ "B": "bm8gZGVmbGF0ZQ==" }))]);
    broken.remove("plain");
    let mut strange = stored("strange", account.now(), "{}", []);
    strange.remove("token");
    let mut empty = stored("luma#empty", account.now(), "{}", []);
    empty.remove("plain");
    account.dynamodb.seed([broken, strange, empty]);
    for arguments in [&FORGET[..], &FORGET[..1].iter().chain(&FORGET[2..]).copied().collect::<Vec<_>>()] {
        let left = usher_at(&account, arguments);
        assert_eq!(left.status.code(), Some(1), "{arguments:?}: {}", stdout(&left));
        for key in ["luma#broken", "strange", "luma#empty"] {
            assert!(stdout(&left).contains(&format!("  {key}: ")), "{}", stdout(&left));
        }
    }
    assert_eq!(account.with("forgotten").len(), 3, "the others are erased all the same");
}

#[test]
fn the_report_says_what_was_erased_when_by_key_and_nothing_of_the_person() {
    let account = account();
    let now = account.now();
    let sending = [("pending", json!({ "S": "0" })), ("due", millis(now + hours(1)))];
    account.dynamodb.seed([stored("luma#sending", now, GUEST, sending)]);
    let path = new_file("report");
    let report =
        ["--report", path.to_str().unwrap(), "--phone", "+49 30 1234567", "--json", "--also-pending"];
    let done = usher_at(&account, &[&FORGET[..], &report].concat());
    assert_eq!(done.status.code(), Some(1), "one is being sent");
    let text = fs::read_to_string(&path).unwrap();
    for personal in ["ada", "example.com", "1234567", "usr-1", "gst-1"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report, serde_json::from_str::<Value>(&stdout(&done)).unwrap(), "--json prints the same");
    let keys: Vec<&Value> =
        report["erased"].as_array().unwrap().iter().map(|erased| &erased["key"]).collect();
    assert_eq!(keys, ["luma#1", "luma#2", "luma#3"]);
    let at: jiff::Timestamp = report["erased"][0]["erased"].as_str().unwrap().parse().unwrap();
    assert!(at.duration_since(now).abs() < SignedDuration::from_mins(2), "{at}");
    assert_eq!(report["left"], json!([{ "key": "luma#sending", "why": "being sent at this moment" }]));
    assert_eq!(report["searched_for"], json!({ "emails": 1, "phones": 1, "ids": 0 }));
    assert_eq!((&report["complete"], &report["changes_made"]), (&false.into(), &true.into()));
}

#[test]
fn an_earlier_report_is_not_overwritten_and_nothing_is_erased_unrecorded() {
    let account = account();
    let path = new_file("earlier");
    fs::write(&path, "of another person").unwrap();
    let refused = usher_at(&account, &[&FORGET[..], &["--report", path.to_str().unwrap()]].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("name a new one"), "{}", stderr(&refused));
    assert_eq!(fs::read_to_string(&path).unwrap(), "of another person");
    assert!(account.with("forgotten").is_empty());
}

#[test]
fn an_erasure_that_fails_in_the_middle_has_recorded_what_it_did() {
    let account = account();
    account.state().updates = Some(2);
    let path = new_file("half");
    let stopped = usher_at(&account, &[&FORGET[..], &["--report", path.to_str().unwrap()]].concat());
    assert_eq!(stopped.status.code(), Some(1));
    assert!(stderr(&stopped).contains("run the same command again"), "{}", stderr(&stopped));
    let report: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(report["erased"].as_array().unwrap().len(), 2);
    assert_eq!(account.with("forgotten").len(), 2);
}
