//! The output and the exit codes of the command.

use std::net::TcpListener;

use events::Provider;

use super::fault::Fault;
use super::{Receiver, doctor};

#[test]
fn the_table_names_each_probe_with_what_was_expected_and_seen() {
    let receiver = Receiver::start(Provider::Luma, Some(Fault::AcceptsStale));
    let output = doctor(&receiver, &["--secret", &receiver.document]);
    let table = String::from_utf8(output.stdout).unwrap();
    let line =
        |name: &str| table.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{table}"));
    let words = |name: &str| line(name).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words(" no signature ").starts_with("✓ verification no signature 401 401 missing signature"),
        "{table}"
    );
    assert!(words(" stale ").starts_with("✗ time and replay stale 401 200 Webhook received"), "{table}");
    assert!(table.contains("a captured delivery must not be replayed for ever"), "{table}");
    assert!(table.contains("2 failed"), "stale, and a time beyond: {table}");
}

#[test]
fn no_secret_is_printed_though_a_receiver_echoes_it() {
    let receiver = Receiver::start(Provider::Lunacal, Some(Fault::EchoesTheBody));
    let output = doctor(&receiver, &["--secret", &receiver.document]);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!text.contains("whsec_") && !text.contains("t0ken"), "{text}");
}

#[test]
fn what_could_not_be_run_is_told_apart_by_the_exit_code() {
    let mut receiver = Receiver::start(Provider::Luma, None);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, arguments, says) in [
        (format!("http://{free}/"), &["--secret", "whsec_abc"][..], "nothing answered"),
        ("localhost".to_owned(), &["--secret", "whsec_abc"], "--url is not a URL"),
        (receiver.url.clone(), &["--secret", "{"], "secret document"),
        (receiver.url.clone(), &["--queue"], "--queue URL"),
    ] {
        receiver.url = url;
        let output = doctor(&receiver, arguments);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(says), "{message}");
        assert_eq!(output.status.code(), Some(2), "{message}");
    }
}
