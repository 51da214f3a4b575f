//! Every fault is found by the probe that was made for it.

use std::thread;

use events::Provider;

use super::fault::Fault;
use super::{Receiver, doctor, examined};

const ALL: [Provider; 5] = Provider::ALL;
/// The providers whose signatures include a time.
const TIMED: [Provider; 3] = [Provider::Luma, Provider::Allfly, Provider::Standard];

/// Asserts that the doctor finds the fault by each of these probes, and that its exit code says so.
fn is_found(fault: Fault, providers: &[Provider], probes: &[&str]) {
    finds(fault, providers, probes, false);
}

/// Asserts the same of a fault that only the queue shows.
fn is_found_on_the_queue(fault: Fault, providers: &[Provider], probes: &[&str]) {
    finds(fault, providers, probes, true);
}

fn finds(fault: Fault, providers: &[Provider], probes: &[&str], look_into_queue: bool) {
    thread::scope(|scope| {
        for provider in providers {
            scope.spawn(move || {
                let report = examined(&Receiver::start(*provider, Some(fault)), look_into_queue);
                let failed = report.failed();
                for probe in probes {
                    assert!(
                        failed.contains(probe),
                        "{provider} {fault:?}: {probe:?} is not among {failed:?}"
                    );
                }
                assert_eq!(report.code, Some(1));
            });
        }
    });
}

#[test]
fn a_missing_or_empty_signature_that_is_accepted() {
    is_found(Fault::AcceptsMissingSignature, &ALL, &["no signature"]);
    is_found(Fault::AcceptsEmptySignature, &ALL, &["empty signature"]);
}

#[test]
fn a_time_that_is_not_looked_at() {
    is_found(Fault::AcceptsStale, &TIMED, &["stale"]);
    is_found(Fault::AcceptsFuture, &TIMED, &["from the future"]);
    is_found(Fault::CrashesOnOddTimes, &TIMED, &["a time that is no number", "never a crash"]);
}

#[test]
fn a_parsed_body_that_is_compared() {
    let probes = ["JSON that no printer prints", "the same JSON, printed differently"];
    is_found(Fault::ComparesParsedBody, &ALL, &probes);
}

#[test]
fn signatures_that_are_not_compared_in_full() {
    is_found(Fault::ComparesPrefix, &ALL, &["first half of the signature"]);
    let forgeries =
        ["another secret", "empty secret", "signature of another body", "one digit of the signature changed"];
    is_found(Fault::ComparesNothing, &ALL, &forgeries);
    is_found(Fault::TakesEveryVersion, &TIMED, &["unknown version of the scheme"]);
    is_found(Fault::TakesTheFirstSignatureOnly, &TIMED, &["a second signature beside the right one"]);
    is_found(Fault::SignsNoId, &[Provider::Allfly, Provider::Standard], &["another delivery id"]);
}

#[test]
fn answers_that_stop_a_provider() {
    is_found(Fault::Answers410, &ALL, &["never 410", "no signature"]);
    is_found(Fault::Redirects, &ALL, &["never a redirect", "genuine delivery"]);
    is_found(Fault::AnswersSlowly, &ALL, &["in time"]);
}

#[test]
fn answers_that_give_something_away_or_lack_something() {
    is_found(Fault::EchoesTheBody, &ALL, &["nothing repeated"]);
    is_found(Fault::AnswersWithoutFields, &[Provider::Lunacal], &["Lunacal's own fields"]);
}

#[test]
fn a_connection_that_is_closed_on_one_probe_is_the_receiver_s_fault() {
    is_found(Fault::ClosesOnOddTimes, &TIMED, &["a time that is no number"]);
}

/// Sixty failed probes would look like a receiver that lets everything in, or nothing.
#[test]
fn a_receiver_that_is_not_reached_is_told_in_one_sentence_and_not_judged() {
    for (fault, says) in [
        (Fault::IsLostAfterTen, "the connection was lost after "),
        (Fault::IsForbiddenByAws, "lambda:InvokeFunctionUrl"),
        (Fault::IsElsewhere, "no receiver has this URL"),
    ] {
        for with_secret in [true, false] {
            let receiver = Receiver::start(Provider::Luma, Some(fault));
            let secret = ["--secret", receiver.document.as_str()];
            let output = doctor(
                &receiver,
                [&secret[..], &["--json"]].concat().get(if with_secret { 0.. } else { 2.. }).unwrap(),
            );
            let message = String::from_utf8(output.stderr).unwrap();
            assert!(message.contains(says), "{fault:?}: {message}");
            assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{fault:?}");
        }
    }
}

#[test]
fn a_secret_that_everyone_can_read_in_the_documentation_is_found() {
    let document = r#"{"signing":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}"#.to_owned();
    let report = examined(&Receiver::with_document(Provider::Allfly, None, document), false);
    assert_eq!((report.failed(), report.code), (vec!["not the public sample"], Some(1)));
}

#[test]
fn duplicates_that_are_queued_again() {
    is_found_on_the_queue(Fault::QueuesDuplicates, &ALL, &["nothing is queued twice"]);
}

#[test]
fn what_is_queued_though_it_is_refused_or_not_queued_though_it_is_accepted() {
    is_found_on_the_queue(Fault::QueuesBeforeVerifying, &ALL, &["refused is not queued"]);
    is_found_on_the_queue(Fault::LosesEvents, &ALL, &["accepted is queued"]);
}

#[test]
fn what_is_missing_on_the_queue_may_be_read_by_others_or_stand_behind_theirs() {
    let receiver = Receiver::start(Provider::Luma, Some(Fault::LosesEvents));
    let seen = || {
        let report = examined(&receiver, true);
        let probes = report.json["probes"].as_array().unwrap();
        let probe = probes.iter().find(|probe| probe["name"] == "accepted is queued").unwrap();
        probe["seen"].as_str().unwrap().to_owned()
    };
    let seen_alone = seen();
    assert!(seen_alone.ends_with(". Does another consumer read this queue?"), "{seen_alone}");
    for body in ["somebody else's", "another's"] {
        receiver.queue.send(body.to_owned());
    }
    let seen = seen();
    assert!(seen.ends_with("queue? Messages about anything else that came first: 2"), "{seen}");
}

#[test]
fn duplicates_that_are_answered_before_they_are_verified() {
    let probes = ["a forgery of that event", "that event without a signature"];
    is_found(Fault::AnswersDuplicatesUnverified, &ALL, &probes);
}

#[test]
fn genuine_deliveries_that_are_refused_for_their_form() {
    is_found(Fault::RefusesWhatIsNoJson, &ALL, &["bytes that are no text", "a byte order mark"]);
    is_found(
        Fault::RefusesOtherContentTypes,
        &ALL,
        &["another content type", "no content type", "a charset"],
    );
    let names = ["header names in upper case", "header names in lower case"];
    is_found(Fault::MindsTheCaseOfNames, &[Provider::Luma, Provider::Lunacal, Provider::Calcom], &names);
    let in_lower_case = [Provider::Allfly, Provider::Standard];
    is_found(Fault::MindsTheCaseOfNames, &in_lower_case, &["header names in upper case"]);
}

#[test]
fn methods_and_sizes_that_are_not_looked_at() {
    is_found(Fault::TakesEveryMethod, &ALL, &["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]);
    is_found(Fault::ForgetsAllow, &ALL, &["GET", "OPTIONS"]);
    is_found(Fault::HasNoLimit, &ALL, &["a byte too many"]);
}

#[test]
fn a_token_that_is_found_where_it_must_not_be() {
    let probes = ["the token in a header", "the token after a wrong one"];
    is_found(Fault::FindsTheTokenAnywhere, &[Provider::Lunacal], &probes);
}
