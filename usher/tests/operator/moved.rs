//! Bringing back dead letters loses none, and says which may be there twice.

use crate::account::{Account, Letter};
use crate::{command, stderr, stdout, usher_at};

/// Returns an account with dead letters of these groups, in order.
fn dead(groups: &[Option<&str>]) -> Account {
    let account = Account::new();
    account.state().dead = groups
        .iter()
        .enumerate()
        .map(|(number, group)| Letter {
            id: format!("dead {number}"),
            body: format!(r#"{{"id":"luma:{number}"}}"#),
            group: group.map(str::to_owned),
            ..Letter::default()
        })
        .collect();
    account
}

fn bodies(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.body.trim_matches(|letter: char| !letter.is_ascii_digit())).collect()
}

/// Makes all dead letters visible, as SQS does after a minute.
fn later(account: &Account) {
    account.state().dead.iter_mut().for_each(|letter| letter.is_hidden = false);
}

#[test]
fn a_message_that_is_sent_and_not_deleted_is_lost_by_neither_queue_and_told() {
    for group in [None, Some("guest")] {
        let account = dead(&[group; 3]);
        account.state().unanswered = vec!["DeleteMessageBatch"];
        let undeleted = account.state().dead.clone();
        // The fake deletes before it fails to answer, so that the letters have to be put back: a kill in between.
        let stopped = usher_at(&account, &["redrive", "--yes"]);
        assert_eq!(stopped.status.code(), Some(1));
        assert!(stderr(&stopped).contains("not deleted from the dead-letter queue"), "{}", stderr(&stopped));
        assert!(stderr(&stopped).contains("run the same command again"), "{}", stderr(&stopped));
        account.state().dead = undeleted;
        let done = usher_at(&account, &["redrive", "--yes"]);
        assert!(done.status.success(), "{}", stderr(&done));
        let state = account.state();
        assert!(state.dead.is_empty());
        match group {
            Some(_) => assert_eq!(bodies(&state.queue), ["0", "1", "2"], "a FIFO queue drops the copies"),
            None => assert!(["0", "1", "2"].iter().all(|body| bodies(&state.queue).contains(body))),
        }
    }
}

#[test]
fn a_send_without_an_answer_is_not_tried_again_on_a_standard_queue_and_told() {
    let account = dead(&[None; 3]);
    account.state().unanswered = vec!["SendMessageBatch"];
    let stopped = command(&["redrive", "--yes", "--json"])
        .envs([("AWS_ENDPOINT_URL", account.endpoint.as_str()), ("AWS_MAX_ATTEMPTS", "3")])
        .output()
        .unwrap();
    assert_eq!(stopped.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_str(&stdout(&stopped)).unwrap();
    assert_eq!((&document["moved"], &document["unconfirmed"]), (&0.into(), &3.into()));
    assert_eq!(account.state().queue.len(), 3, "once each: the SDK has not repeated it");
    assert_eq!(account.state().dead.len(), 3, "and none is deleted");
}

#[test]
fn a_send_without_an_answer_is_tried_again_on_a_fifo_queue_which_drops_the_copy() {
    let account = dead(&[Some("guest"); 3]);
    account.state().unanswered = vec!["SendMessageBatch"];
    let done = usher_at(&account, &["redrive", "--yes"]);
    assert!(done.status.success(), "{}", stderr(&done));
    assert_eq!(bodies(&account.state().queue), ["0", "1", "2"]);
    assert!(account.state().dead.is_empty());
}

#[test]
fn no_message_overtakes_one_of_its_group_that_is_not_accepted() {
    let account = dead(&[Some("a"), Some("a"), Some("b"), Some("a")]);
    account.state().poison = Some("luma:1");
    let left = usher_at(&account, &["redrive", "--yes"]);
    assert_eq!(left.status.code(), Some(1));
    assert!(
        stderr(&left).contains("1 not accepted") && stderr(&left).contains("1 left behind"),
        "{}",
        stderr(&left)
    );
    assert_eq!(bodies(&account.state().queue), ["0", "2"]);
    account.state().poison = None;
    later(&account);
    assert!(usher_at(&account, &["redrive", "--yes"]).status.success());
    assert_eq!(bodies(&account.state().queue), ["0", "2", "1", "3"], "each group in its order");
}

#[test]
fn what_is_only_counted_is_a_document_too() {
    let account = dead(&[None; 2]);
    let counted = usher_at(&account, &["redrive", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&stdout(&counted)).unwrap();
    assert_eq!((&document["waiting"], &document["changes_made"]), (&2.into(), &false.into()));
    assert!(account.state().queue.is_empty());
}
