//! `usher rotate`, against an account on loopback.

mod retire;
mod sequences;
mod watch;

use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::account::Account;
use crate::{stderr, stdout, usher};

/// Runs a step with a text on standard input.
fn rotate(account: &Account, arguments: &[&str], input: &str) -> Output {
    let mut command = usher(&account.endpoint, &[&["rotate"], arguments].concat());
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn current(account: &Account, secret: &str) -> Value {
    serde_json::from_str(&account.current(secret).unwrap()).unwrap()
}

#[test]
fn stage_puts_the_new_secret_in_front_and_retire_takes_the_old_ones_away() {
    let account = Account::with("luma", "whsec_old");
    let staged = rotate(&account, &["luma", "stage"], "whsec_new\n");
    assert!(stdout(&staged).contains("2 signing secrets valid now"), "{}", stdout(&staged));
    assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_new", "whsec_old"] }));
    let status = stdout(&rotate(&account, &["luma"], ""));
    assert!(
        status.contains("2 signing secrets valid") && status.contains("usher rotate luma watch"),
        "{status}"
    );
    account.keep("luma", 30, "", "{}");
    let retired = stdout(&rotate(&account, &["luma", "retire", "--yes"], ""));
    assert!(retired.contains("1 signing secret retired, one stays"), "{retired}");
    assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_new"] }));
}

#[test]
fn the_first_secret_is_put_where_there_is_none() {
    let account = Account::new();
    assert!(stdout(&rotate(&account, &["luma"], "")).contains("No secret is stored yet"));
    stdout(&rotate(&account, &["luma", "stage"], "whsec_first"));
    assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_first"] }));
}

#[test]
fn of_two_operators_at_once_one_is_refused_and_nothing_is_lost() {
    let account = Account::with("luma", "whsec_old");
    let others = r#"{"signing":["whsec_others","whsec_old"]}"#;
    account.meddle(others);
    let staged = rotate(&account, &["luma", "stage"], "whsec_new");
    assert!(stderr(&staged).contains("another operator changed the secret"), "{}", stderr(&staged));
    assert_eq!(account.current("luma").unwrap(), others);
    stdout(&rotate(&account, &["luma", "stage"], "whsec_new"));
    let all = json!({ "signing": ["whsec_new", "whsec_others", "whsec_old"] });
    assert_eq!(current(&account, "luma"), all);
}

#[test]
fn lunacals_token_is_generated_and_shown_only_when_asked_for() {
    let account = Account::with("lunacal", r#"{"signing":[],"url":"old"}"#);
    let staged = stdout(&rotate(&account, &["lunacal", "stage"], ""));
    let document = current(&account, "lunacal");
    let token = document["url"][0].as_str().unwrap();
    assert!(token.len() == 40 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{token}");
    assert_eq!(document, json!({ "url": [token, "old"] }));
    assert!(!staged.contains(token), "{staged}");
    let shown = stdout(&rotate(&account, &["lunacal", "--show"], ""));
    assert!(shown.contains(&format!("{}?token={token}", account.url("lunacal"))), "{shown}");
    let again = stdout(&rotate(&account, &["lunacal", "stage", "--show"], ""));
    let newest = current(&account, "lunacal")["url"][0].as_str().unwrap().to_owned();
    assert!(newest != token && again.contains(&newest));
}

/// Two calendars, of which one is being rotated.
const BERLIN_AND_LISBON: &str = r#"{"signing":{"berlin":["whsec_b2","whsec_b1"],"lisbon":["whsec_l1"]}}"#;

/// Before there were names, every second secret was taken for a rotation, and `retire` silenced the other calendars.
#[test]
fn a_rotation_of_one_account_leaves_the_others_as_they_are() {
    let account = Account::with("luma", BERLIN_AND_LISBON);
    stdout(&rotate(&account, &["luma", "stage", "--name", "lisbon"], "whsec_l2"));
    account.keep("luma", 30, "s+berlin", "{}");
    account.keep("luma", 1, "s-lisbon", "{}");
    stdout(&rotate(&account, &["luma", "retire", "--yes", "--name", "berlin"], ""));
    let expected = json!({ "signing": { "berlin": ["whsec_b2"], "lisbon": ["whsec_l2", "whsec_l1"] } });
    assert_eq!(current(&account, "luma"), expected);
    let state = stdout(&rotate(&account, &["luma"], ""));
    assert!(state.contains("luma, berlin: 1 signing secret valid"), "{state}");
    assert!(state.contains("usher rotate luma retire --name lisbon"), "{state}");
}

#[test]
fn the_only_account_gets_a_name_and_another_is_added_beside_it() {
    let account = Account::with("luma", "whsec_a");
    stdout(&rotate(&account, &["luma", "rename", "--name", "berlin"], ""));
    stdout(&rotate(&account, &["luma", "stage", "--name", "lisbon"], "whsec_b"));
    let expected = json!({ "signing": { "berlin": ["whsec_a"], "lisbon": ["whsec_b"] } });
    assert_eq!(current(&account, "luma"), expected);
}

/// An API's answer and what an editor leaves around a text are read as they are meant.
#[test]
fn what_is_pasted_along_with_a_secret_is_left_out() {
    for pasted in [
        "\u{feff}whsec_new\r\n",
        r#"{"secret":"whsec_new"}"#,
        r#"{"signing":["whsec_new"]}"#,
        "\u{200b}whsec_new ",
    ] {
        let account = Account::with("luma", "whsec_old");
        stdout(&rotate(&account, &["luma", "stage"], pasted));
        assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_new", "whsec_old"] }), "{pasted:?}");
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let account = Account::with("luma", r#"{"signing":["whsec_b","whsec_a"]}"#);
    stdout(&rotate(&account, &["luma", "stage", "--dry-run"], "whsec_new"));
    stdout(&rotate(&account, &["luma", "retire", "--dry-run", "--anyway"], ""));
    assert_eq!(account.versions("luma"), 1);
}

#[test]
fn what_would_harm_is_refused_and_changes_nothing() {
    for (provider, document, arguments, input, says) in [
        ("luma", "whsec_a", &["retire", "--yes"][..], "", "there is none to retire"),
        (
            "luma",
            r#"{"signing":["whsec_b","whsec_a"]}"#,
            &["retire", "--anyway"],
            "y\n",
            "run again with `--yes`",
        ),
        ("luma", r#"{"signing":["whsec_b","whsec_a"]}"#, &["retire", "--yes"], "", "may still use an older"),
        ("luma", "whsec_a", &["stage", "--anyway"], "whsec_b", "for the step `retire`"),
        ("luma", "whsec_a", &["stage"], "whsec_a", "listed already"),
        ("luma", "whsec_a", &["stage"], "", "no secret was given"),
        ("luma", "whsec_a", &["stage"], "whsec_", "an empty secret"),
        ("luma", "whsec_a", &["stage"], "whsec_b whsec_c", "is not a secret as the provider shows it"),
        ("luma", "whsec_a", &["stage"], "'whsec_b'", "is not a secret as the provider shows it"),
        ("luma", "whsec_a", &["stage"], r#"{"signing":["whsec_b","whsec_c"]}"#, "exactly one signing secret"),
        ("luma", "whsec_a", &["stage"], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "sample secret"),
        ("luma", "whsec_a", &["stage", "--start-over"], "whsec_b", "run again with `--yes`"),
        ("luma", "whsec_a", &["stage", "--name", "lisbon"], "whsec_b", "rename --name NAME"),
        ("luma", BERLIN_AND_LISBON, &["stage"], "whsec_b", "--name"),
        ("luma", BERLIN_AND_LISBON, &["retire", "--yes"], "", "berlin, lisbon"),
        ("luma", BERLIN_AND_LISBON, &["retire", "--yes", "--name", "lisbon"], "", "there is none to retire"),
        ("luma", "whsec_a", &["stage", "--kind", "token"], "", "no URL token"),
        ("luma", "whsec_a", &["retire", "--generate"], "", "for the step `stage`"),
        ("luma", "{", &["stage"], "whsec_b", "--start-over"),
    ] {
        let account = Account::with(provider, document);
        let output = rotate(&account, &[&[provider], arguments].concat(), input);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(stderr(&output).contains(says), "{arguments:?}: {}", stderr(&output));
        assert_eq!(account.current(provider).unwrap(), document);
    }
}

/// Lunacal documents no retry, so its deliveries without the new proof would be lost.
#[test]
fn a_second_kind_of_proof_is_not_required_of_lunacal_by_accident() {
    let account = Account::with("lunacal", r#"{"signing":[],"url":"t0ken"}"#);
    let arguments = ["lunacal", "stage", "--kind", "signing", "--generate"];
    let refused = rotate(&account, &arguments, "");
    assert!(stderr(&refused).contains("set it at Lunacal"), "{}", stderr(&refused));
    assert_eq!(account.versions("lunacal"), 1);
    stdout(&rotate(&account, &["lunacal", "stage", "--kind", "signing"], "chosen"));
    assert_eq!(current(&account, "lunacal"), json!({ "signing": ["chosen"], "url": ["t0ken"] }));
    stdout(&rotate(&account, &[&arguments[..], &["--yes"]].concat(), ""));
    assert_eq!(current(&account, "lunacal")["signing"].as_array().unwrap().len(), 2);
}

#[test]
fn a_document_that_cannot_be_read_is_replaced_when_that_is_asked_for() {
    let account = Account::with("luma", "{");
    stdout(&rotate(&account, &["luma", "stage", "--start-over"], "whsec_new"));
    assert_eq!(current(&account, "luma"), json!({ "signing": ["whsec_new"] }));
}

#[test]
fn no_secret_is_printed() {
    let account = Account::with("luma", "whsec_old");
    let mut text = String::new();
    for (arguments, input) in [
        (&["luma", "stage"][..], "whsec_new"),
        (&["luma", "--show"], ""),
        (&["luma", "stage"], "whsec_new"),
        (&["luma", "watch"], ""),
        (&["luma", "--json"], ""),
        (&["luma", "retire", "--yes"], ""),
        (&["luma", "retire", "--yes", "--anyway"], ""),
        (&["luma", "stage"], "whsec_not-one whsec_two"),
    ] {
        let output = rotate(&account, arguments, input);
        text += &String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    }
    assert!(text.contains("retired") && !text.contains("whsec_old") && !text.contains("whsec_new"), "{text}");
    assert!(!text.contains("whsec_not-one"), "{text}");
}

#[test]
fn the_state_is_printed_as_json_for_scripts() {
    let account = Account::with("luma", BERLIN_AND_LISBON);
    let state: Value = serde_json::from_str(&stdout(&rotate(&account, &["luma", "--json"], ""))).unwrap();
    let of = |name: &str, secrets: usize| json!({ "kind": "signing", "name": name, "secrets": secrets, "rotating": secrets > 1 });
    let expected = json!({
        "provider": "luma",
        "accounts": [of("berlin", 2), of("lisbon", 1)],
        "stored": "2026-01-01T00:00:00Z",
    });
    assert_eq!(state, expected);
    let empty: Value =
        serde_json::from_str(&stdout(&rotate(&Account::new(), &["luma", "--json"], ""))).unwrap();
    assert_eq!(empty, json!({ "provider": "luma", "accounts": [], "stored": null }));
}
