//! The table of answers: for each outcome its status, header and body, word for word.

mod support;

use std::collections::BTreeSet;

use usher_core::cause::SAME_ID_OTHER_BODY;
use usher_core::event::Deduplication;
use usher_core::ledger::{Earlier, LedgerError, State, Transition};
use usher_core::outcome::{Accepted, Details, Duplicate, Outcome};
use usher_core::queue::QueueError;
use usher_core::secret::KeyringError;
use usher_core::signature::{Refusal, VerifiedBy};

fn accepted(settled: Option<Result<Transition, LedgerError>>, unsent: Option<QueueError>) -> Outcome {
    let event_type = "usher.booking.created".to_owned();
    let id = "lunacal:x".to_owned();
    Outcome::Accepted(Box::new(Accepted {
        id,
        event_type,
        verified_by: VerifiedBy::default(),
        deduplication: Deduplication::Checked,
        unclaimed: None,
        drift: Vec::new(),
        settled,
        unsent,
    }))
}

fn duplicate(state: State) -> Outcome {
    let earlier = Earlier { state, same_body: false };
    let verified_by = VerifiedBy::default();
    Outcome::Duplicate(Duplicate { id: "lunacal:x".to_owned(), verified_by, earlier })
}

fn all() -> Vec<Outcome> {
    let mut all = vec![
        accepted(Some(Ok(Transition::Done)), None),
        accepted(Some(Ok(Transition::Overtaken)), None),
        accepted(Some(Err(LedgerError::new("x"))), None),
        accepted(None, Some(QueueError::refused("x"))),
        duplicate(State::Pending),
        duplicate(State::Sent),
        duplicate(State::Parked),
        Outcome::Ping(VerifiedBy::default()),
        Outcome::MethodNotAllowed,
        Outcome::TooLarge { genuine: false },
        Outcome::TooLarge { genuine: true },
        Outcome::Undecodable,
        Outcome::SecretsUnreachable("timeout at 10.0.0.1".to_owned()),
        Outcome::Unavailable { ledger: LedgerError::new("x"), queue: QueueError::refused("y") },
    ];
    all.extend(Refusal::ALL.iter().copied().map(Outcome::Refused));
    all.extend(KeyringError::ALL.iter().copied().map(Outcome::SecretsInvalid));
    all
}

#[test]
fn what_is_received_is_answered_with_the_fields_that_lunacal_documents() {
    for outcome in all().into_iter().take(8) {
        let answer = outcome.answer();
        assert_eq!((answer.status, answer.header), (200, None), "{outcome:?}");
        assert_eq!(answer.body, r#"{"ok":true,"status":200,"message":"Webhook received"}"#);
    }
}

#[test]
fn every_other_outcome_has_its_status_header_and_words() {
    let unavailable = Outcome::Unavailable { ledger: LedgerError::new("x"), queue: QueueError::refused("y") };
    let retry_after = Some(("retry-after", "30"));
    for (outcome, status, header, message) in [
        (Outcome::Undecodable, 400, None, "body not decodable"),
        (Outcome::MethodNotAllowed, 405, Some(("allow", "POST")), "method not allowed"),
        (Outcome::TooLarge { genuine: true }, 413, None, "body too large"),
        (Outcome::SecretsInvalid(KeyringError::Empty), 500, None, "not configured"),
        (Outcome::SecretsUnreachable("x".to_owned()), 503, retry_after, "temporarily unavailable"),
        (unavailable, 503, retry_after, "temporarily unavailable"),
        (Outcome::Refused(Refusal::WrongSignature), 401, None, "wrong signature"),
        (Outcome::Refused(Refusal::Stale), 401, None, "timestamp too old"),
    ] {
        let answer = outcome.answer();
        assert_eq!((answer.status, answer.header), (status, header), "{outcome:?}");
        assert_eq!(answer.body, format!(r#"{{"ok":false,"status":{status},"message":"{message}"}}"#));
    }
}

#[test]
fn every_refusal_is_401_and_says_no_more_than_its_kind() {
    for refusal in Refusal::ALL {
        let answer = Outcome::Refused(*refusal).answer();
        assert_eq!((answer.status, answer.header), (401, None));
        assert_eq!(answer.body, format!(r#"{{"ok":false,"status":401,"message":"{refusal}"}}"#));
        assert!(answer.body.len() < 100);
    }
}

#[test]
fn every_answer_is_json_and_none_tells_a_provider_to_stop() {
    for outcome in all() {
        let answer = outcome.answer();
        let body: serde_json::Value = serde_json::from_str(&answer.body).expect("the answer is JSON");
        assert_eq!(body["status"], answer.status);
        assert_eq!(body["ok"], answer.status == 200);
        assert!([200, 400, 401, 405, 413, 500, 503].contains(&answer.status), "{outcome:?}");
    }
}

#[test]
fn an_answer_tells_a_stranger_nothing_of_the_inside() {
    for outcome in all() {
        let body = outcome.answer().body;
        for inside in ["10.0.0.1", "secret document", "usher.", "Overtaken", "parked"] {
            assert!(!body.contains(inside), "{body}");
        }
    }
}

/// Metrics are counted by these names, alarms and people look for them, and each new one is billed: a change is one of
/// the interface.
#[test]
fn the_names_that_logs_and_metrics_use_are_a_closed_list() {
    let names: BTreeSet<&str> = all().iter().map(Outcome::name).collect();
    let expected = [
        "accepted",
        "duplicate",
        "method_not_allowed",
        "ping",
        "refused",
        "secrets_invalid",
        "secrets_unreachable",
        "too_large",
        "unavailable",
        "undecodable",
    ];
    assert_eq!(names, expected.into());

    let causes: BTreeSet<&str> = all().iter().filter_map(Outcome::cause).collect();
    let expected = [
        "delivery_id_malformed",
        "delivery_id_missing",
        "document_empty",
        "document_malformed",
        "genuine",
        "name_malformed",
        "name_without_secret",
        "nothing_to_check",
        "same_id_other_body",
        "secret_empty",
        "secret_malformed",
        "secret_not_base64",
        "secrets_too_many",
        "signature_malformed",
        "signature_missing",
        "signature_scheme_unknown",
        "signature_without_secret",
        "signature_wrong",
        "signing_secret_missing",
        "timestamp_from_the_future",
        "timestamp_malformed",
        "timestamp_missing",
        "timestamp_stale",
        "token_missing",
        "token_wrong",
    ];
    assert_eq!(causes, expected.into());
    assert_eq!(causes.len(), Refusal::ALL.len() + KeyringError::ALL.len() + 2, "each has a name of its own");
}

#[test]
fn the_table_of_causes_lists_each_with_its_outcome() {
    let table: BTreeSet<(String, String)> = include_str!("../src/cause.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `")?.split_once("` | `"))
        .map(|(cause, rest)| (cause.to_owned(), rest.split('`').next().unwrap_or_default().to_owned()))
        .collect();
    let said = |outcome: &Outcome| Some((outcome.cause()?.to_owned(), outcome.name().to_owned()));
    assert_eq!(table, all().iter().filter_map(said).collect());
}

#[test]
fn a_failure_is_what_is_answered_5xx() {
    for outcome in all() {
        assert_eq!(outcome.is_failure(), outcome.answer().status >= 500, "{outcome:?}");
    }
}

#[test]
fn the_log_says_why_an_accepted_event_is_not_as_it_should_be() {
    let said =
        Details { id: Some("lunacal:x"), event_type: Some("usher.booking.created"), ..Details::default() };
    assert_eq!(accepted(Some(Ok(Transition::Done)), None).details(), said);
    let overtaken = accepted(Some(Ok(Transition::Overtaken)), None);
    assert_eq!(overtaken.details(), Details { settle: Some("overtaken"), ..said });
    let unsettled = accepted(Some(Err(LedgerError::new("Throttled"))), None);
    assert_eq!(unsettled.details(), Details { settle: Some("Throttled"), ..said });
    let unsent = accepted(None, Some(QueueError::unconfirmed("Timeout")));
    assert_eq!(unsent.details(), Details { queue: Some("Timeout"), ..said });
}

#[test]
fn the_log_says_of_an_unchecked_event_why_the_ledger_was_not_asked() {
    let Outcome::Accepted(checked) = accepted(None, None) else { unreachable!("it is accepted") };
    let unclaimed = Some(LedgerError::new("ThrottlingException"));
    let unchecked = Outcome::Accepted(Box::new(Accepted {
        unclaimed,
        deduplication: Deduplication::Unchecked,
        ..*checked
    }));
    let details = unchecked.details();
    assert_eq!(details.id, Some("lunacal:x"));
    assert_eq!(details.deduplication, Some("unchecked"));
    assert_eq!(details.ledger, Some("ThrottlingException"));
}

#[test]
fn the_log_names_a_duplicate_s_event_and_what_became_of_it() {
    let parked = duplicate(State::Parked);
    let expected = Details { id: Some("lunacal:x"), earlier: Some("parked"), ..Details::default() };
    assert_eq!(parked.details(), expected);
    assert_eq!(parked.cause(), Some(SAME_ID_OTHER_BODY));
}
