//! A replay that is interrupted and resumed is one replay.

use jiff::SignedDuration;

use crate::account::Account;
use crate::{command, stderr, stdout, usher_at};

const GUEST: &str = r#"{"type":"guest.registered","data":{"id":"gst-1","user_email":"ada@example.com"}}"#;

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Returns the command that the tool printed to go on.
fn printed_command(error: &str) -> Vec<String> {
    let line = error.lines().map(str::trim).find(|line| line.starts_with("usher replay")).unwrap();
    shlex::split(line).unwrap().into_iter().skip(1).collect()
}

#[test]
fn a_resumed_replay_selects_what_the_first_run_did() {
    let account = Account::new();
    let first = account.now();
    // Ten days ago and later are wanted, and after three hours the oldest of them would not be.
    for (key, age) in
        [("luma#old", 243), ("luma#1", 239), ("luma#2", 238), ("luma#3", 200), ("luma#late", 167)]
    {
        account.sent(key, first - hours(age), GUEST);
    }
    account.state().updates = Some(1);
    let wanted = ["replay", "--since", "10d", "--until", "7d", "--yes"];
    let stopped = usher_at(&account, &wanted);
    assert_eq!(stopped.status.code(), Some(1), "{}", stdout(&stopped));
    assert_eq!(account.with("replay"), ["luma#1"]);

    account.state().updates = None;
    account.state().ahead = Some(hours(3));
    let again = printed_command(&stderr(&stopped));
    let again: Vec<&str> = again.iter().map(String::as_str).collect();
    let resumed = usher_at(&account, &again);
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    assert_eq!(
        account.with("replay"),
        ["luma#1", "luma#2", "luma#3"],
        "those of the first run, and no other"
    );
    let counts = ["luma#1", "luma#2", "luma#3"].map(|key| account.item(key)["replay"]["N"].clone());
    assert_eq!(counts, ["1", "1", "1"]);
}

/// Even if the operator types `--resume` to the first command.
#[test]
fn how_long_ago_counts_from_the_beginning_of_the_run() {
    let account = Account::new();
    let now = account.now();
    for (key, age) in [("luma#1", 2), ("luma#2", 4), ("luma#new", 0)] {
        account.sent(key, now - hours(age), GUEST);
    }
    let began = (now - hours(1)).to_string();
    let json = usher_at(&account, &["replay", "--since", "2h", "--resume", &began, "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!(plan["plan"]["ids"], serde_json::json!(["luma:1"]), "3 hours to 1 hour ago: {plan}");
    assert_eq!((&plan["changes_made"], &plan["resumed"]), (&false.into(), &true.into()));
}

#[test]
fn a_run_that_cannot_have_begun_is_refused() {
    let account = Account::new();
    account.sent("luma#1", account.now() - hours(2), GUEST);
    let future = (account.now() + hours(1)).to_string();
    let refused = usher_at(&account, &["replay", "--since", "3h", "--resume", &future, "--yes"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("is in the future"), "{}", stderr(&refused));
    assert!(account.with("replay").is_empty());
}

#[test]
fn the_command_to_resume_has_ids_and_account_of_the_first() {
    let account = Account::new();
    account.sent("luma#1", account.now() - hours(2), GUEST);
    account.state().updates = Some(0);
    let stopped = command(&["replay", "luma:1", "--yes", "--per-second", "7", "--region", "eu-west-1"])
        .env("AWS_ENDPOINT_URL", &account.endpoint)
        .output()
        .unwrap();
    let again = printed_command(&stderr(&stopped)).join(" ");
    assert!(again.starts_with("replay luma:1 --resume "), "{again}");
    assert!(again.contains("--yes --per-second 7 --region eu-west-1"), "{again}");
}

#[test]
fn what_was_named_and_left_out_makes_the_status_1() {
    let account = Account::new();
    let erased = crate::account::millis(account.now());
    let mut item = crate::account::stored("luma#1", account.now() - hours(2), GUEST, [("forgotten", erased)]);
    item.remove("plain");
    account.dynamodb.seed([item]);
    let left = usher_at(&account, &["replay", "luma:1", "--yes", "--json"]);
    assert_eq!(left.status.code(), Some(1), "{}", stdout(&left));
    assert!(stdout(&left).contains(r#""forgotten":1"#), "{}", stdout(&left));
}
