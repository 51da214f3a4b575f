//! `usher send`, `usher event` and `usher completions`. The tests of the `events` command cover what it shares with the
//! first two: reading, signing, printing and the errors about them.

use std::net::TcpListener;

use serde_json::Value;

use crate::account::Account;
use crate::{stderr, stdout, usher};

const LUMA: &str = r#"{"signing":["whsec_newest","whsec_older"]}"#;

#[test]
fn without_url_and_secret_both_come_from_the_stack() {
    let account = Account::with("luma", LUMA);
    let output =
        usher(&account.endpoint, &["send", "luma/guest.registered", "--id", "evt_1"]).output().unwrap();
    assert_eq!(stdout(&output), "200 {\"ok\":true,\"status\":200,\"message\":\"Webhook received\"}\n");
    let delivered = account.delivered();
    assert_eq!(delivered.len(), 1);
    let body = &delivered[0].body;
    assert_eq!(*body, events::sample("luma/guest.registered").unwrap().body);
    let header = |name: &str| delivered[0].headers.iter().find(|(own, _)| own == name).unwrap().1.clone();
    let time = header("Webhook-Timestamp").parse().unwrap();
    let right = events::sign(events::Provider::Luma, "whsec_newest", "evt_1", time, body).unwrap();
    let signature = right.iter().find(|(name, _)| *name == "Webhook-Signature").unwrap();
    assert_eq!(
        header("Webhook-Signature"),
        signature.1,
        "as Luma writes the name, and with the newest secret"
    );
}

#[test]
fn lunacal_gets_the_token_of_the_stack() {
    let account = Account::with("lunacal", r#"{"signing":[],"url":"t0ken"}"#);
    stdout(&usher(&account.endpoint, &["send", "lunacal/PING"]).output().unwrap());
    let delivered = account.delivered();
    assert_eq!((delivered[0].function.as_str(), delivered[0].query.as_str()), ("lunacal", "token=t0ken"));
}

/// Three calendars have three secrets, and the first one is not always meant.
#[test]
fn of_several_accounts_the_named_one_signs_and_without_a_name_they_are_listed() {
    let account = Account::with("luma", r#"{"signing":{"berlin":["whsec_b"],"lisbon":["whsec_l"]}}"#);
    let send = ["send", "luma/guest.registered", "--id", "evt_1"];
    let unnamed = usher(&account.endpoint, &send).output().unwrap();
    assert!(stderr(&unnamed).contains("add --name with one of berlin, lisbon"), "{}", stderr(&unnamed));
    let unknown = usher(&account.endpoint, &[&send[..], &["--name", "porto"]].concat()).output().unwrap();
    assert!(stderr(&unknown).contains("no account of this name: berlin, lisbon"), "{}", stderr(&unknown));
    assert!(account.delivered().is_empty());
    stdout(&usher(&account.endpoint, &[&send[..], &["--name", "lisbon"]].concat()).output().unwrap());
    let delivered = account.delivered();
    let header = |name: &str| delivered[0].headers.iter().find(|(own, _)| own == name).unwrap().1.clone();
    let time = header("Webhook-Timestamp").parse().unwrap();
    let right = events::sign(events::Provider::Luma, "whsec_l", "evt_1", time, &delivered[0].body).unwrap();
    assert!(right.iter().any(|(_, value)| *value == header("Webhook-Signature")));
}

/// What the function refuses is not signed with: it would look as if the stack refused a genuine delivery.
#[test]
fn a_document_that_the_function_refuses_is_not_signed_with() {
    for (provider, document) in [
        ("luma", r#""whsec_abc""#),
        ("luma", r#"{"signing":"whsec_abc","token":"t"}"#),
        ("luma", r#"{"signing":["whsec_abc",""]}"#),
        ("luma", r#"{"url":["t"]}"#),
    ] {
        let account = Account::with(provider, document);
        let output = usher(&account.endpoint, &["send", "luma/guest.registered"]).output().unwrap();
        assert!(stderr(&output).contains("holds no usable secret"), "{document}: {}", stderr(&output));
        assert!(account.delivered().is_empty());
    }
}

#[test]
fn the_answer_is_printed_as_json_for_scripts() {
    let account = Account::with("luma", LUMA);
    account.refuse(1);
    let send = ["send", "luma/guest.registered", "--json"];
    for (status, code) in [(401, 1), (200, 0)] {
        let output = usher(&account.endpoint, &send).output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&answer["status"], output.status.code()), (&status.into(), Some(code)));
        assert!(answer["body"].is_string() && answer["milliseconds"].is_u64(), "{answer}");
    }
}

#[test]
fn what_is_given_is_used_and_aws_is_not_asked() {
    let account = Account::new();
    let to = account.url("luma");
    let nowhere = "http://127.0.0.1:9";
    let send = ["send", "luma/guest.registered", "--to", &to];
    stdout(&usher(nowhere, &send).env("USHER_SECRET", "whsec_abc").output().unwrap());
    stdout(&usher(nowhere, &[&send[..], &["--secret", "whsec_abc"]].concat()).output().unwrap());
    stdout(&usher(nowhere, &[&send[..], &["--forge"]].concat()).output().unwrap());
    assert_eq!(account.delivered().len(), 3);
}

/// A stranger's server could use a URL token, or a signature that is valid for ten minutes, to forge or replay deliveries.
#[test]
fn the_stacks_secret_is_not_shown_to_another_server() {
    let account = Account::with("lunacal", r#"{"signing":[],"url":"t0ken"}"#);
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("http://{}/", other.local_addr().unwrap());
    let output = usher(&account.endpoint, &["send", "lunacal/PING", "--to", &to]).output().unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).contains("pass --secret"), "{}", stderr(&output));
    other.set_nonblocking(true).unwrap();
    assert!(other.accept().is_err(), "nothing connected");
}

#[test]
fn an_answer_that_is_not_2xx_is_printed_and_is_a_failure() {
    let account = Account::with("luma", LUMA);
    account.refuse(1);
    let output = usher(&account.endpoint, &["send", "luma/guest.registered", "--forge"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("401 "));
}

#[test]
fn errors_about_the_stack_say_what_to_do_next() {
    let empty = Account::new();
    for (arguments, advice) in [
        (&["send", "luma/guest.registered"][..], "usher rotate luma stage"),
        (&["send", "allfly/event_attendee.joined_event"], "template.yaml"),
        (&["send", "luma/guest.registered", "--secret", "{"], "begins as JSON and is not"),
    ] {
        let output = usher(&empty.endpoint, arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(stderr(&output).contains(advice), "{arguments:?}: {}", stderr(&output));
    }
}

/// The SDK's own description of an error shows the response, and with it the secret.
#[test]
fn an_answer_that_cannot_be_read_is_not_shown() {
    let account = Account::with("luma", "whsec_never-to-be-shown");
    account.garble();
    for arguments in
        [&["send", "luma/guest.registered"][..], &["rotate", "luma"], &["doctor", "--provider", "luma"]]
    {
        let output = usher(&account.endpoint, arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        let message = stderr(&output);
        assert!(message.contains("cannot read luma's secret") && !message.contains("whsec_"), "{message}");
    }
}

#[test]
fn list_prints_the_samples() {
    let listed = stdout(&usher("http://127.0.0.1:9", &["send", "--list"]).output().unwrap());
    assert!(listed.lines().any(|line| line == "lunacal/PING"), "{listed}");
}

#[test]
fn event_prints_a_function_url_event_a_line() {
    let arguments = ["event", "luma/guest.registered", "luma/event.created", "--base64"];
    let output = usher("http://127.0.0.1:9", &arguments).env("USHER_SECRET", "whsec_abc").output().unwrap();
    let events: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| event["isBase64Encoded"] == true && event["version"] == "2.0"));
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&usher("http://127.0.0.1:9", &["completions", shell]).output().unwrap());
        assert!(script.contains("doctor") && script.contains("rotate"), "{shell}");
    }
}
