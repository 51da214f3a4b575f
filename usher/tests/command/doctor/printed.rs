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
fn a_probe_that_is_broken_is_not_told_as_a_receiver_that_is() {
    let mut receiver = Receiver::start(Provider::Luma, None);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let no_tls = receiver.url.replace("http://", "https://");
    let secret = &["--secret", "whsec_abc"][..];
    for (url, arguments, says, code) in [
        (format!("http://{free}/"), secret, "nothing answered", 1),
        ("http://no-such-host.invalid/".to_owned(), secret, "No such host is known", 1),
        (no_tls, secret, "TLS failed, so nothing was sent", 1),
        ("localhost".to_owned(), secret, "--url is not a URL", 2),
        (receiver.url.clone(), &["--secret", "{"], "begins as JSON and is not", 2),
        (receiver.url.clone(), &["--queue"], "--queue URL", 2),
    ] {
        receiver.url = url;
        let output = doctor(&receiver, arguments);
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(says), "{message}");
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(output.stdout.is_empty() || code == 1, "{message}");
    }
}
