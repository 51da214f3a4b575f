//! No sequence of commands drops the last secret of an account.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::rotate;
use crate::account::Account;

/// A command, and what is pasted into it.
fn command() -> impl Strategy<Value = (Vec<String>, String)> {
    let name = || prop::option::of("[ab]");
    let step = prop_oneof![
        4 => Just(vec!["stage"]),
        3 => Just(vec!["retire", "--yes", "--anyway"]),
        1 => Just(vec!["retire", "--yes"]),
        2 => Just(vec!["rename"]),
        1 => Just(vec!["stage", "--start-over"]),
        1 => Just(vec!["stage", "--dry-run"]),
    ];
    let pasted = prop_oneof![4 => "whsec_[a-e]", 1 => Just("'".to_owned()), 1 => Just(String::new())];
    (step, name(), pasted).prop_map(|(step, name, pasted)| {
        let mut arguments: Vec<String> =
            [vec!["luma"], step].concat().into_iter().map(str::to_owned).collect();
        arguments.extend(name.map(|name| format!("--name={name}")));
        (arguments, pasted)
    })
}

/// The secrets of each account.
fn accounts(document: &str) -> BTreeMap<String, Vec<String>> {
    let document: Value = serde_json::from_str(document).expect("it is printed as JSON");
    let list = |value: &Value| serde_json::from_value::<Vec<String>>(value.clone()).expect("a list of texts");
    match &document["signing"] {
        Value::Object(accounts) => accounts.iter().map(|(name, value)| (name.clone(), list(value))).collect(),
        value => BTreeMap::from([(String::new(), list(value))]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 40, ..Default::default() })]

    #[test]
    fn no_sequence_of_commands_drops_the_last_secret_of_an_account(commands in prop::collection::vec(command(), 1..10)) {
        let account = Account::with("luma", r#"{"signing":["whsec_first"]}"#);
        for (arguments, pasted) in commands {
            let before = accounts(&account.current("luma").unwrap());
            rotate(&account, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &pasted);
            let after = accounts(&account.current("luma").unwrap());
            prop_assert!(after.values().all(|secrets| !secrets.is_empty()), "{:?}: {:?}", arguments, after);
            for (name, secrets) in &before {
                let is_there = after.values().any(|others| others.contains(&secrets[0]));
                prop_assert!(is_there, "{:?} dropped the newest of {:?}: {:?}", arguments, name, after);
            }
            prop_assert!(after.len() >= before.len());
        }
    }
}
