//! The changes of a secret document: none of them, nor any sequence of them, takes the last secret of an account that is
//! still connected, or touches another account.

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::cases::cases;
use support::policy;
use usher_core::provider;
use usher_core::providers::Lunacal;
use usher_core::secret::{ChangeError, Document, DocumentError, Flaw, Kind, MAX_SECRETS, Name, Secret};

fn document(value: &Value) -> Document {
    Document::parse(&value.to_string()).expect("a good document")
}

/// What a change makes of the signing secrets of a document.
fn changed(
    before: &Value,
    change: impl Fn(&Document) -> Result<Document, ChangeError>,
) -> Result<Value, ChangeError> {
    let changed = change(&document(&json!({ "signing": before, "url": ["token"] })))?;
    let mut after: Value = serde_json::from_str(&changed.print()).expect("it is JSON");
    assert_eq!(after["url"], json!(["token"]), "the other kind is left alone");
    Ok(after["signing"].take())
}

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

fn stage(before: &Value, account: Option<&str>, secret: &str) -> Result<Value, ChangeError> {
    let name = account.map(name);
    changed(before, |document| document.stage(Kind::Signing, name.as_ref(), &Secret::new(secret)))
}

fn retire(before: &Value, account: Option<&str>) -> Result<Value, ChangeError> {
    let name = account.map(name);
    changed(before, |document| document.retire(Kind::Signing, name.as_ref()))
}

fn rename(before: &Value, from: Option<&str>, to: &str) -> Result<Value, ChangeError> {
    let from = from.map(name);
    changed(before, |document| document.rename(Kind::Signing, from.as_ref(), &name(to)))
}

fn remove(before: &Value, account: &str) -> Result<Value, ChangeError> {
    changed(before, |document| document.remove(Kind::Signing, &name(account)))
}

#[test]
fn a_staged_secret_is_the_newest_of_its_account() {
    let named = json!({"z": ["a", "b"], "m": ["c"]});
    assert_eq!(stage(&named, Some("m"), " new\n"), Ok(json!({"z": ["a", "b"], "m": ["new", "c"]})));
    assert_eq!(stage(&named, Some("a"), "new"), Ok(json!({"z": ["a", "b"], "m": ["c"], "a": ["new"]})));
    assert_eq!(stage(&json!(["a", "b"]), None, "new"), Ok(json!(["new", "a", "b"])));
    assert_eq!(stage(&json!("a"), None, "new"), Ok(json!(["new", "a"])));
    for empty in [json!([]), json!({})] {
        assert_eq!(stage(&empty, None, "new"), Ok(json!(["new"])));
        assert_eq!(stage(&empty, Some("m"), "new"), Ok(json!({"m": ["new"]})));
    }
}

#[test]
fn a_secret_that_is_listed_or_none_is_not_staged() {
    let named = json!({"z": ["a", "b"], "m": ["c"]});
    for listed in ["a", "b", "c", " c"] {
        assert_eq!(stage(&named, Some("m"), listed), Err(ChangeError::Listed));
        assert_eq!(stage(&named, Some("new"), listed), Err(ChangeError::Listed));
    }
    for (secret, error) in [
        ("", DocumentError::EmptySecret),
        ("whsec_", DocumentError::EmptySecret),
        ("'s3cret'", DocumentError::Listed(Flaw::Quoted)),
        ("a\nb", DocumentError::Listed(Flaw::Unprintable)),
    ] {
        assert_eq!(stage(&named, Some("m"), secret), Err(ChangeError::Document(error)));
    }
    let full = json!((0..MAX_SECRETS - 1).map(|number| format!("secret {number}")).collect::<Vec<_>>());
    assert_eq!(stage(&full, None, "new"), Err(ChangeError::Document(DocumentError::TooMany)));
}

/// Which of three calendars is meant must not be a guess: the wrong one's secret would be retired later.
#[test]
fn an_account_is_never_guessed() {
    let (named, unnamed) = (json!({"z": ["a", "b"]}), json!(["a", "b"]));
    assert_eq!(stage(&named, None, "new"), Err(ChangeError::NameNeeded));
    assert_eq!(retire(&named, None), Err(ChangeError::NameNeeded));
    assert_eq!(rename(&named, None, "m"), Err(ChangeError::NameNeeded));
    assert_eq!(stage(&unnamed, Some("z"), "new"), Err(ChangeError::Unnamed));
    assert_eq!(retire(&unnamed, Some("z")), Err(ChangeError::Unnamed));
    assert_eq!(remove(&unnamed, "z"), Err(ChangeError::Unnamed));
    for missing in [
        retire(&named, Some("m")),
        rename(&named, Some("m"), "n"),
        remove(&named, "m"),
        retire(&json!([]), None),
    ] {
        assert_eq!(missing, Err(ChangeError::NoSuchName));
    }
}

#[test]
fn retiring_leaves_the_newest() {
    assert_eq!(
        retire(&json!({"z": ["a", "b", "c"], "m": ["d", "e"]}), Some("z")),
        Ok(json!({"z": ["a"], "m": ["d", "e"]}))
    );
    assert_eq!(retire(&json!(["a", "b"]), None), Ok(json!(["a"])));
    assert_eq!(retire(&json!(["a"]), None), Err(ChangeError::NothingToRetire));
    assert_eq!(retire(&json!({"z": ["a"], "m": ["d", "e"]}), Some("z")), Err(ChangeError::NothingToRetire));
}

#[test]
fn the_unnamed_account_gets_a_name_and_others_stand_beside_it() {
    let named = rename(&json!(["a", "b"]), None, "berlin").expect("it is renamed");
    assert_eq!(named, json!({"berlin": ["a", "b"]}));
    assert_eq!(stage(&named, Some("lisbon"), "c"), Ok(json!({"berlin": ["a", "b"], "lisbon": ["c"]})));
    let two = json!({"berlin": ["a"], "lisbon": ["b"]});
    assert_eq!(rename(&two, Some("berlin"), "lisbon"), Err(ChangeError::NameTaken));
    assert_eq!(rename(&two, Some("berlin"), "berlin"), Err(ChangeError::NameTaken));
    assert_eq!(rename(&two, Some("berlin"), "porto"), Ok(json!({"porto": ["a"], "lisbon": ["b"]})));
}

#[test]
fn an_account_is_removed_but_the_last_one_never() {
    let two = json!({"berlin": ["a", "b"], "lisbon": ["c"]});
    assert_eq!(remove(&two, "berlin"), Ok(json!({"lisbon": ["c"]})));
    assert_eq!(remove(&json!({"berlin": ["a", "b"]}), "berlin"), Err(ChangeError::LastAccount));
}

#[test]
fn a_printed_document_reads_as_it_was() {
    for text in [
        "{}",
        r#"{"signing":["a","b"]}"#,
        r#"{"url":["a"]}"#,
        r#"{"signing":{"z":["a","b"],"m":["c"],"a":["d"]},"url":["t\"\\é"]}"#,
        r#"{"signing":["a"],"url":{"z":["b","b"]}}"#,
    ] {
        assert_eq!(Document::parse(text).expect("a good document").print(), text);
    }
    for (text, printed) in [
        ("a", r#"{"signing":["a"]}"#),
        (r#"{"url":"t","signing":{"z":"a"}}"#, r#"{"signing":{"z":["a"]},"url":["t"]}"#),
        (r#"{"signing":[],"url":{}}"#, "{}"),
        (r#"{"key":"whsec_a"}"#, r#"{"signing":["whsec_a"]}"#),
    ] {
        assert_eq!(Document::parse(text).expect("a good document").print(), printed);
    }
}

#[test]
fn the_other_accounts_keep_their_order() {
    let mut all = document(&json!({"url": ["t"]}));
    for account in ["z", "m", "a"] {
        all = all.stage(Kind::Signing, Some(&name(account)), &Secret::new(account)).expect("it is added");
    }
    let staged = all.stage(Kind::Signing, Some(&name("m")), &Secret::new("new")).expect("it is added");
    assert_eq!(staged.print(), r#"{"signing":{"z":["z"],"m":["new","m"],"a":["a"]},"url":["t"]}"#);
    let removed = staged.remove(Kind::Signing, &name("z")).expect("it is removed");
    let renamed = removed.rename(Kind::Signing, Some(&name("m")), &name("x")).expect("it is renamed");
    assert_eq!(renamed.print(), r#"{"signing":{"x":["new","m"],"a":["a"]},"url":["t"]}"#);
}

#[test]
fn neither_a_document_nor_an_error_shows_a_secret() {
    let document = document(&json!({"signing": {"berlin": ["s3cret", "s3cret-too"]}}));
    let listed = document.stage(Kind::Signing, Some(&name("berlin")), &Secret::new("s3cret"));
    let flawed = document.stage(Kind::Signing, Some(&name("berlin")), &Secret::new("'s3cret'"));
    for error in [listed.expect_err("it is listed"), flawed.expect_err("it is quoted")] {
        assert!(!format!("{error} {error:?} {document:?} {document:#?}").contains("s3cret"));
    }
}

#[derive(Debug, Clone)]
enum Change {
    Stage(Option<String>, String),
    Retire(Option<String>),
    Rename(Option<String>, String),
    Remove(String),
}

impl Change {
    fn of(&self, kind: Kind, document: &Document) -> Result<Document, ChangeError> {
        let named = |account: &Option<String>| account.as_deref().map(name);
        match self {
            Self::Stage(account, secret) => {
                document.stage(kind, named(account).as_ref(), &Secret::new(secret))
            }
            Self::Retire(account) => document.retire(kind, named(account).as_ref()),
            Self::Rename(from, to) => document.rename(kind, named(from).as_ref(), &name(to)),
            Self::Remove(account) => document.remove(kind, &name(account)),
        }
    }
}

fn account() -> impl Strategy<Value = String> {
    "[a-d]"
}

fn secrets() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z]{2}", 1..4)
}

/// The accounts of one kind: none, one without a name, or several with names.
fn accounts() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!([])),
        secrets().prop_map(|secrets| json!(secrets)),
        prop::collection::btree_map(account(), secrets(), 1..4).prop_map(|accounts| json!(accounts)),
    ]
}

fn changes() -> impl Strategy<Value = Vec<(bool, Change)>> {
    let change = prop_oneof![
        3 => (prop::option::of(account()), "[a-z]{2}").prop_map(|(account, secret)| Change::Stage(account, secret)),
        3 => prop::option::of(account()).prop_map(Change::Retire),
        1 => (prop::option::of(account()), account()).prop_map(|(from, to)| Change::Rename(from, to)),
        1 => account().prop_map(Change::Remove),
    ];
    prop::collection::vec((any::<bool>(), change), 0..24)
}

/// The accounts of a kind as plain texts. Read from what is printed, which is what a function will read.
fn plain(document: &Document, kind: &str) -> Vec<(Option<String>, Vec<String>)> {
    let printed: Value = serde_json::from_str(&document.print()).expect("it is JSON");
    let list = |value: &Value| serde_json::from_value::<Vec<String>>(value.clone()).expect("a list of texts");
    match &printed[kind] {
        Value::Null => Vec::new(),
        Value::Object(accounts) => {
            accounts.iter().map(|(name, value)| (Some(name.clone()), list(value))).collect()
        }
        value => vec![(None, list(value))],
    }
}

/// Holds one change of one kind to what it may do.
fn is_allowed(
    change: &Change,
    before: &[(Option<String>, Vec<String>)],
    after: &[(Option<String>, Vec<String>)],
) -> Result<(), TestCaseError> {
    prop_assert!(after.iter().all(|(_, secrets)| !secrets.is_empty()), "an account lost its last secret");
    prop_assert!(before.is_empty() || !after.is_empty(), "no account is left");
    let meant = match change {
        Change::Stage(account, _) | Change::Retire(account) | Change::Rename(account, _) => account.clone(),
        Change::Remove(account) => Some(account.clone()),
    };
    for (account, secrets) in before {
        let now = |account: &Option<String>| {
            after.iter().find(|(name, _)| name == account).map(|(_, secrets)| secrets.clone())
        };
        let expected = match change {
            _ if *account != meant => Some(secrets.clone()),
            Change::Stage(_, secret) => Some([std::slice::from_ref(secret), secrets].concat()),
            Change::Retire(_) => Some(vec![secrets[0].clone()]),
            Change::Rename(_, to) => {
                prop_assert_eq!(now(&Some(to.clone())), Some(secrets.clone()));
                None
            }
            Change::Remove(_) => None,
        };
        prop_assert_eq!(now(account), expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn no_sequence_of_changes_loses_the_last_secret_of_an_account_or_touches_another(
        signing in accounts(),
        url in accounts(),
        changes in changes(),
    ) {
        let mut document = document(&json!({ "signing": signing, "url": url }));
        for (of_url, change) in changes {
            let (kind, member, other) =
                if of_url { (Kind::Url, "url", "signing") } else { (Kind::Signing, "signing", "url") };
            let Ok(changed) = change.of(kind, &document) else { continue };
            prop_assert_eq!(plain(&changed, other), plain(&document, other), "the other kind was touched");
            is_allowed(&change, &plain(&document, member), &plain(&changed, member))?;
            prop_assert_eq!(Document::parse(&changed.print()), Ok(changed.clone()), "it is printed as it is read");
            prop_assert!(provider::keyring::<Lunacal>(&changed.print(), &policy::<Lunacal>()).is_ok());
            document = changed;
        }
    }
}
