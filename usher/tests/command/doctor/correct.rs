//! In a correct receiver the doctor finds no fault.

use std::thread;

use events::{Provider, forged_secret};

use super::{Receiver, doctor, examined, report};

#[test]
fn a_correct_receiver_passes_every_probe_and_what_is_looked_for_on_the_queue() {
    thread::scope(|scope| {
        for provider in Provider::ALL {
            scope.spawn(move || {
                let receiver = Receiver::start(provider, None);
                let report = examined(&receiver, true);
                assert_eq!((report.failed(), report.code), (vec![], Some(0)), "{provider}");
                assert!(report.probes() > 45, "{provider}: {}", report.probes());
                assert!(receiver.queue.is_empty(), "{provider}: the doctor leaves nothing of its own");
            });
        }
    });
}

#[test]
fn lunacal_passes_with_a_token_alone_and_with_a_signature_alone() {
    for document in [
        r#"{"url":["t0ken-that-nobody-guesses"]}"#.to_owned(),
        format!(r#"{{"signing":["{}"]}}"#, forged_secret()),
    ] {
        let receiver = Receiver::with_document(Provider::Lunacal, None, document);
        let report = examined(&receiver, false);
        assert_eq!((report.failed(), report.code), (vec![], Some(0)));
    }
}

#[test]
fn without_the_secret_only_refusals_are_asked_for() {
    for provider in Provider::ALL {
        let receiver = Receiver::start(provider, None);
        let report = report(&receiver, &[]);
        assert_eq!((report.failed(), report.code), (vec![], Some(0)), "{provider}");
        assert!(report.json["left_out"]["without_secret"].as_u64() > Some(10));
        let expected =
            report.json["probes"].as_array().unwrap().iter().map(|probe| probe["expected"].as_str());
        assert!(expected.flatten().all(|expected| expected != "2xx"));
        let table = String::from_utf8(doctor(&receiver, &[]).stdout).unwrap();
        assert!(
            table.contains("No secret is known, so only requests that must be refused are sent"),
            "{table}"
        );
        assert!(receiver.queue.is_empty());
    }
}

#[test]
fn no_events_leaves_nothing_on_the_queue() {
    for provider in Provider::ALL {
        let receiver = Receiver::start(provider, None);
        let report = report(&receiver, &["--secret", &receiver.document, "--no-events"]);
        assert_eq!((report.failed(), report.code), (vec![], Some(0)), "{provider}");
        assert!(receiver.queue.is_empty());
    }
}

#[test]
fn what_others_have_on_the_queue_is_put_back() {
    let receiver = Receiver::start(Provider::Luma, None);
    receiver.queue.send("somebody else's".to_owned());
    assert_eq!(examined(&receiver, true).code, Some(0));
    assert!(receiver.queue.offers("somebody else's"));
}
