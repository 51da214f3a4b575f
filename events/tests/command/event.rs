//! `events event`, and the messages of every subcommand that cannot go on.

use serde_json::Value;

use super::{LUNACAL_SAMPLE, SAMPLE, events, stderr, stdout};

fn printed(arguments: &[&str], secret: Option<&str>) -> Value {
    serde_json::from_str(&stdout(&events(arguments, secret))).unwrap()
}

#[test]
fn each_event_is_printed_on_one_line() {
    let text = stdout(&events(&["event", SAMPLE, SAMPLE, "--base64"], Some("whsec_abc")));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["isBase64Encoded"], true);
    assert_ne!(lines[0]["headers"]["webhook-id"], lines[1]["headers"]["webhook-id"]);
}

#[test]
fn the_id_and_the_time_can_be_chosen() {
    let id = |event: &Value| event["headers"]["webhook-id"].clone();
    let time =
        |event: &Value| event["headers"]["webhook-timestamp"].as_str().unwrap().parse::<i64>().unwrap();
    let now = printed(&["event", SAMPLE], Some("whsec_abc"));
    let stale = printed(&["event", SAMPLE, "--id", "evt_1", "--at", "-700"], Some("whsec_abc"));
    assert_eq!(id(&stale), "evt_1");
    assert!((695..=700).contains(&(time(&now) - time(&stale))));
}

#[test]
fn forge_signs_with_another_key_each_time() {
    let signature =
        |arguments: &[&str]| printed(arguments, Some("whsec_abc"))["headers"]["x-cal-signature-256"].clone();
    let arguments = ["event", LUNACAL_SAMPLE];
    let forged = ["event", LUNACAL_SAMPLE, "--forge"];
    assert_eq!(signature(&arguments), signature(&arguments));
    assert_ne!(signature(&arguments), signature(&forged));
    assert_ne!(signature(&forged), signature(&forged));
}

#[test]
fn lunacal_is_sent_unsigned_with_its_token() {
    let event = printed(&["event", LUNACAL_SAMPLE, "--token", "-t0ken"], None);
    assert_eq!(event["rawQueryString"], "token=-t0ken");
    assert!(event["headers"].get("x-cal-signature-256").is_none());
}

#[test]
fn errors_say_what_to_do_next() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let bad_key = Some("whsec_not base64");
    for (arguments, secret, advice) in [
        (&["event", SAMPLE][..], None, "--secret or in USHER_SECRET"),
        (&["event", SAMPLE], Some("{"), "begins as JSON and is not"),
        (&["event", SAMPLE], Some(""), "empty"),
        (&["event", "luma/unknown"], None, "send --list"),
        (&["event", file], None, "--provider luma"),
        (&["event", SAMPLE, "--provider", "allfly"], None, "leave --provider out"),
        (&["event", file, "--provider", "allfly"], bad_key, "followed by base64"),
        (&["event", file, "--provider", "nobody"], None, "possible values: luma, lunacal, allfly"),
        (
            &["send", SAMPLE, "--to", "localhost:4566"],
            Some("whsec_abc"),
            "--to is not a URL: it must start with http://",
        ),
        (&["send", SAMPLE], Some("whsec_abc"), "add --to URL"),
        (&["send"], Some("whsec_abc"), "SAMPLE|FILE"),
    ] {
        let output = events(arguments, secret);
        assert!(!output.status.success(), "{arguments:?}");
        let message = stderr(&output);
        assert!(message.contains(advice), "{arguments:?}: {message}");
        assert!(!message.contains("not base64"), "{message}");
    }
}

#[test]
fn help_does_not_show_the_secret_of_the_environment() {
    let help = stdout(&events(&["send", "--help"], Some("whsec_abc")));
    assert!(help.contains("USHER_SECRET") && !help.contains("whsec_abc"), "{help}");
}
