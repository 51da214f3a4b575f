//! The table of answers: for each outcome its status, header and body, word for word.

mod support;

use support::now;
use usher_core::ledger::{Earlier, LedgerError, State, Transition};
use usher_core::outcome::{Accepted, Outcome};
use usher_core::queue::QueueError;
use usher_core::secret::KeyringError;
use usher_core::signature::Refusal;

fn accepted(settled: Option<Result<Transition, LedgerError>>, unsent: Option<QueueError>) -> Outcome {
    let event_type = "usher.booking.created".to_owned();
    let id = "lunacal:x".to_owned();
    Outcome::Accepted(Box::new(Accepted { id, event_type, unclaimed: None, drift: 0, settled, unsent }))
}

fn duplicate(state: State) -> Outcome {
    Outcome::Duplicate(Earlier { state, same_body: false, same_until: Some(now()) })
}

const REFUSALS: [Refusal; 13] = [
    Refusal::MissingSignature,
    Refusal::MalformedSignature,
    Refusal::UnknownScheme,
    Refusal::MissingTimestamp,
    Refusal::MalformedTimestamp,
    Refusal::Stale,
    Refusal::FromTheFuture,
    Refusal::WrongSignature,
    Refusal::MissingDeliveryId,
    Refusal::MalformedDeliveryId,
    Refusal::MissingToken,
    Refusal::WrongToken,
    Refusal::NothingToCheck,
];

fn all() -> Vec<Outcome> {
    let mut all = vec![
        accepted(Some(Ok(Transition::Done)), None),
        accepted(Some(Ok(Transition::Overtaken)), None),
        accepted(Some(Err(LedgerError::new("x"))), None),
        accepted(None, Some(QueueError::new("x"))),
        duplicate(State::Pending),
        duplicate(State::Sent),
        duplicate(State::Parked),
        Outcome::Ping,
        Outcome::MethodNotAllowed,
        Outcome::TooLarge,
        Outcome::Undecodable,
        Outcome::SecretsInvalid(KeyringError::Malformed),
        Outcome::SecretsUnreachable("timeout at 10.0.0.1".to_owned()),
        Outcome::Unavailable { ledger: LedgerError::new("x"), queue: QueueError::new("y") },
    ];
    all.extend(REFUSALS.map(Outcome::Refused));
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
    let unavailable = Outcome::Unavailable { ledger: LedgerError::new("x"), queue: QueueError::new("y") };
    let retry_after = Some(("retry-after", "30"));
    for (outcome, status, header, message) in [
        (Outcome::Undecodable, 400, None, "body not decodable"),
        (Outcome::MethodNotAllowed, 405, Some(("allow", "POST")), "method not allowed"),
        (Outcome::TooLarge, 413, None, "body too large"),
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
    for refusal in REFUSALS {
        let answer = Outcome::Refused(refusal).answer();
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

#[test]
fn every_outcome_has_a_name_of_its_own_for_logs() {
    let mut names: Vec<&str> = all().iter().map(Outcome::name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 10);
}

#[test]
fn the_log_says_why_an_accepted_event_is_not_as_it_should_be() {
    // Behind the event's type and id.
    let details = |outcome: Outcome| outcome.details()[2..].to_vec();
    assert_eq!(details(accepted(Some(Ok(Transition::Done)), None)), []);
    let overtaken = accepted(Some(Ok(Transition::Overtaken)), None);
    assert_eq!(details(overtaken), [("settle", "overtaken".to_owned())]);
    let unsettled = accepted(Some(Err(LedgerError::new("Throttled"))), None);
    assert_eq!(details(unsettled), [("settle", "Throttled".to_owned())]);
    let unsent = accepted(None, Some(QueueError::new("Timeout")));
    assert_eq!(details(unsent), [("queue", "Timeout".to_owned())]);
}

#[test]
fn the_log_says_of_an_unchecked_event_why_the_ledger_was_not_asked() {
    let Outcome::Accepted(checked) = accepted(None, None) else { unreachable!("it is accepted") };
    let unclaimed = Some(LedgerError::new("ThrottlingException"));
    let details = Outcome::Accepted(Box::new(Accepted { unclaimed, ..*checked })).details();
    let said = |name: &str| details.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    assert_eq!(said("id"), Some("lunacal:x"));
    assert_eq!(said("deduplication"), Some("unchecked"));
    assert_eq!(said("ledger"), Some("ThrottlingException"));
}
