//! `tail` reads the same deliveries again and again, and shows every state of a delivery once.

#[path = "../../src/ledger/follow.rs"]
mod follow;

use std::time::Duration;

use follow::Follow;
use jiff::Timestamp;
use usher_core::ledger::Setbacks;
use usher_core::ledger::operator::Item;
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

const MINUTE: Duration = Duration::from_mins(1);

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + minute * 60).unwrap()
}

fn sent(ledger_key: &str) -> Item {
    Item {
        ledger_key: ledger_key.to_owned(),
        token: String::new(),
        attempt: 0,
        lease: None,
        setbacks: Setbacks::default(),
        replay: 0,
        trace: Trace::default(),
        digest: None,
        received: at(10),
        due: None,
        sent: Some(at(10)),
        parked: None,
        replayed: None,
        forgotten: None,
        expires: None,
        verified_by: VerifiedBy::default(),
        body: None,
    }
}

#[test]
fn what_was_shown_is_not_shown_again_until_it_changes() {
    let mut follow = Follow::since(at(0));
    let pending = Item { due: Some(at(11)), sent: None, ..sent("luma#1") };
    let parked = Item { parked: Some(at(12)), attempt: 20, sent: None, ..sent("luma#1") };
    let replayed = Item { replay: 1, ..sent("luma#1") };
    for minute in 10..14 {
        follow.next_pass(at(minute));
        for stored in [&pending, &parked, &sent("luma#1"), &replayed, &sent("luma#2")] {
            assert_eq!(follow.unless_shown(stored.clone()).is_some(), minute == 10, "{minute}");
        }
    }
    follow.next_pass(at(14));
    let tried = Item { attempt: 1, ..pending };
    assert!(follow.unless_shown(tried).is_some(), "another try");
}

#[test]
fn a_pass_looks_back_behind_the_one_before_and_never_before_the_beginning() {
    let mut follow = Follow::since(at(0));
    assert_eq!(follow.next_pass(at(1)), at(0));
    assert_eq!(follow.next_pass(at(9)), at(0));
    let looks_back = at(9).checked_sub(MINUTE).unwrap();
    assert!(follow.next_pass(at(30)) <= looks_back, "what the last pass may have missed");
    assert!(follow.next_pass(at(60)) > at(10), "and not all of it again");
}
