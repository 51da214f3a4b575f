//! The doctor examines a stack by the stack's own settings, and with exactly the key that its function uses.

use std::ops::RangeInclusive;

use crate::account::{Account, Delivered};
use crate::{stderr, usher};

fn header(delivered: &Delivered, name: &str) -> Option<String> {
    delivered.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
}

/// The deliveries of a run on a stack with these parameters.
fn sent(parameters: &[(&'static str, &'static str)], document: &str, arguments: &[&str]) -> Vec<Delivered> {
    let account = Account::with("luma", document);
    account.set_parameters(parameters);
    let doctor = [&["doctor", "--provider", "luma", "--json"], arguments].concat();
    // The account's function takes everything, so that the doctor finds much.
    let output = usher(&account.endpoint, &doctor).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    account.delivered()
}

fn largest(delivered: &[Delivered]) -> usize {
    delivered.iter().map(|one| one.body.len()).max().unwrap()
}

/// Returns whether something was signed for a time so many seconds ago.
fn signed(delivered: &[Delivered], seconds: RangeInclusive<i64>) -> bool {
    let now = jiff::Timestamp::now().as_second();
    let times = delivered.iter().filter_map(|one| header(one, "webhook-timestamp")?.parse::<i64>().ok());
    times.map(|time| now - time).any(|age| seconds.contains(&age))
}

#[test]
fn the_stack_s_own_limit_and_tolerance_are_probed() {
    let parameters = [("MaxBodyBytes", "2048"), ("LumaToleranceSeconds", "3600")];
    let delivered = sent(&parameters, "whsec_abc", &[]);
    assert_eq!(largest(&delivered), 2049);
    assert!(signed(&delivered, 3660..=3700), "stale by the stack's tolerance");
    assert!(!signed(&delivered, 660..=700), "and not by another");
}

#[test]
fn what_the_arguments_say_goes_before_the_stack_and_the_defaults_behind_it() {
    let parameters = [("MaxBodyBytes", "2048"), ("LumaToleranceSeconds", "3600")];
    let delivered = sent(&parameters, "whsec_abc", &["--max-body-bytes", "4096", "--tolerance", "60"]);
    assert_eq!(largest(&delivered), 4097);
    assert!(signed(&delivered, 120..=160));
    let delivered = sent(&[], "whsec_abc", &[]);
    assert_eq!(largest(&delivered), 262_145);
    assert!(signed(&delivered, 660..=700));
}

#[test]
fn it_signs_with_the_key_that_the_function_reads_of_the_document() {
    for (document, arguments, key) in [
        ("{\"signing\": [\"whsec_abc\\n\"]}", &[][..], "whsec_abc"),
        ("\u{feff}whsec_abc", &[], "whsec_abc"),
        (
            r#"{"signing":{"berlin":["whsec_b"],"lisbon":["whsec_l","whsec_old"]}}"#,
            &["--name", "lisbon"],
            "whsec_l",
        ),
    ] {
        let delivered = sent(&[], document, arguments);
        let genuine = &delivered[0];
        let (time, id) =
            (header(genuine, "webhook-timestamp").unwrap(), header(genuine, "webhook-id").unwrap());
        let signed =
            events::sign(events::Provider::Luma, key, &id, time.parse().unwrap(), &genuine.body).unwrap();
        let right = signed.iter().find(|(name, _)| *name == "Webhook-Signature").unwrap().1.clone();
        assert_eq!(header(genuine, "webhook-signature"), Some(right), "{document}");
    }
}

#[test]
fn a_document_that_the_function_refuses_is_told_and_nothing_is_sent() {
    for document in [r#""whsec_abc""#, r#"{"signing":"whsec_abc","token":"t"}"#, r#"{"url":["t"]}"#] {
        let account = Account::with("luma", document);
        let output = usher(&account.endpoint, &["doctor", "--provider", "luma"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("holds no usable secret of luma"), "{}", stderr(&output));
        assert!(account.delivered().is_empty());
    }
}
