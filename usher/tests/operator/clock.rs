//! An operator's clock that is minutes off decides nothing: AWS's does.

use jiff::SignedDuration;
use serde_json::json;

use crate::account::{Account, millis, stored, time};
use crate::{stderr, stdout, usher_at};

const GUEST: &str = r#"{"type":"guest.registered","data":{"id":"gst-1","user_email":"ada@example.com"}}"#;
const EMAIL: [&str; 2] = ["--email", "ada@example.com"];

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Returns accounts whose clocks are ahead of this machine's, and behind it.
fn skewed() -> [Account; 2] {
    [25, -25].map(|ahead| {
        let account = Account::new();
        account.state().ahead = Some(minutes(ahead));
        account
    })
}

#[test]
fn a_replay_is_dated_and_selected_by_aws_s_clock() {
    for account in skewed() {
        let now = account.now();
        account.sent("luma#in", now - minutes(5), GUEST);
        account.sent("luma#out", now - minutes(15), GUEST);
        let done = usher_at(&account, &["replay", "--since", "10min", "--yes"]);
        assert!(done.status.success(), "{}", stderr(&done));
        assert_eq!(account.with("replay"), ["luma#in"]);
        let dated = time(&account.item("luma#in")["replayed"]).duration_since(now).abs();
        assert!(dated < minutes(2), "{dated}");
        assert!(stderr(&done).contains("This machine's clock is"), "{}", stderr(&done));
    }
}

#[test]
fn what_is_being_sent_is_told_by_aws_s_clock() {
    for account in skewed() {
        let now = account.now();
        let pending = |due| [("pending", json!({ "S": "0" })), ("due", millis(due))];
        let being_sent = stored("luma#sending", now, GUEST, pending(now + minutes(1)));
        let waiting = stored("luma#waiting", now - minutes(20), GUEST, pending(now - minutes(10)));
        account.dynamodb.seed([being_sent, waiting]);
        let done = usher_at(&account, &[&["forget", "--yes", "--also-pending"][..], &EMAIL].concat());
        assert_eq!(done.status.code(), Some(1), "{}", stderr(&done));
        assert_eq!(account.with("forgotten"), ["luma#waiting"], "{}", stdout(&done));
        assert!(stdout(&done).contains("Left: 1 being sent at this moment"), "{}", stdout(&done));
    }
}

#[test]
fn what_is_overdue_is_told_by_aws_s_clock() {
    for account in skewed() {
        let now = account.now();
        let pending = |due| [("pending", json!({ "S": "0" })), ("due", millis(due))];
        account.dynamodb.seed([stored("luma#0", now, GUEST, pending(now + minutes(1)))]);
        let fine = usher_at(&account, &["pending"]);
        assert_eq!(fine.status.code(), Some(0), "{}", stdout(&fine));
        account.dynamodb.seed([stored("luma#0", now - minutes(9), GUEST, pending(now - minutes(8)))]);
        let overdue = usher_at(&account, &["pending", "--json"]);
        assert_eq!(overdue.status.code(), Some(1), "{}", stdout(&overdue));
    }
}

#[test]
fn tail_shows_what_happened_since_by_aws_s_clock() {
    for account in skewed() {
        let now = account.now();
        account.sent("luma#in", now - minutes(5), GUEST);
        account.sent("luma#out", now - minutes(15), GUEST);
        let shown = stdout(&usher_at(&account, &["tail", "--once", "--since", "10min"]));
        assert!(shown.contains("luma:in") && !shown.contains("luma:out"), "{shown}");
    }
}

#[test]
fn without_a_date_in_the_answers_it_goes_by_its_own_clock() {
    let account = Account::new();
    account.state().ahead = None;
    account.sent("luma#in", account.now() - minutes(5), GUEST);
    let shown = usher_at(&account, &["tail", "--once", "--since", "10min"]);
    assert!(stdout(&shown).contains("luma:in"), "{}", stderr(&shown));
}
