//! Faults that receivers have.

use std::thread;
use std::time::Duration;

use events::{Provider, Secrets, sign};
use jiff::Timestamp;
use usher_core::outcome::Outcome;
use usher_core::signature::VerifiedBy;

use super::receiver::{Handler, reply};
use crate::http::{Reply, Request};

/// One fault of a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    AcceptsMissingSignature,
    AcceptsEmptySignature,
    AcceptsStale,
    AcceptsFuture,
    ComparesParsedBody,
    ComparesPrefix,
    ComparesNothing,
    TakesEveryVersion,
    TakesTheFirstSignatureOnly,
    SignsNoId,
    Answers410,
    Redirects,
    CrashesOnOddTimes,
    EchoesTheBody,
    AnswersSlowly,
    AnswersDuplicatesUnverified,
    QueuesDuplicates,
    QueuesBeforeVerifying,
    LosesEvents,
    RefusesWhatIsNoJson,
    RefusesOtherContentTypes,
    MindsTheCaseOfNames,
    TakesEveryMethod,
    ForgetsAllow,
    HasNoLimit,
    AnswersWithoutFields,
    FindsTheTokenAnywhere,
    ClosesOnOddTimes,
    IsLostAfterTen,
    IsForbiddenByAws,
    IsElsewhere,
}

impl Fault {
    pub fn serve(self, handler: &Handler, mut request: Request, number: usize) -> Reply {
        let now = Timestamp::now();
        let signature = handler.provider.signature_header();
        match self {
            Self::AcceptsMissingSignature
                if request.method == "POST" && request.header(signature).is_none() =>
            {
                return accepted();
            }
            Self::AcceptsEmptySignature if request.header(signature) == Some("") => return accepted(),
            Self::AcceptsStale => return handler.serve_correctly(&request, now.min(signed_at(&request))),
            Self::AcceptsFuture => return handler.serve_correctly(&request, now.max(signed_at(&request))),
            Self::ComparesParsedBody => {
                if let Ok(parsed) = serde_json::from_slice::<serde_json::Value>(&request.body) {
                    request.body = parsed.to_string().into_bytes();
                }
            }
            Self::ComparesPrefix => complete(handler, &mut request),
            Self::ComparesNothing => resign(handler, &mut request),
            Self::TakesEveryVersion => edit(&mut request, signature, |value| value.replace("v0", "v1")),
            Self::TakesTheFirstSignatureOnly => {
                edit(&mut request, signature, |value| match handler.provider {
                    Provider::Luma => value.split(',').take(2).collect::<Vec<_>>().join(","),
                    _ => value.split(' ').next().unwrap_or_default().to_owned(),
                });
            }
            Self::SignsNoId => {
                if let Outcome::Refused(_) = handler.outcome(&request, now)
                    && let Some(name) =
                        ["svix-id", "webhook-id"].into_iter().find(|name| request.header(name).is_some())
                {
                    edit(&mut request, name, |id| id.trim_end_matches("-other").to_owned());
                }
            }
            Self::RefusesWhatIsNoJson
                if serde_json::from_slice::<serde_json::Value>(&request.body).is_err() =>
            {
                return Reply::json(400, "{}");
            }
            Self::RefusesOtherContentTypes
                if request.method == "POST" && request.header("content-type") != Some("application/json") =>
            {
                return Reply::json(415, "{}");
            }
            Self::MindsTheCaseOfNames => {
                request
                    .headers
                    .retain(|(name, _)| name == signature || !name.eq_ignore_ascii_case(signature));
            }
            Self::TakesEveryMethod => "POST".clone_into(&mut request.method),
            Self::QueuesBeforeVerifying => handler.queue(&request.body),
            Self::AnswersSlowly if number == 0 => thread::sleep(Duration::from_millis(5200)),
            Self::HasNoLimit if request.body.len() > super::receiver::MAX_BODY_BYTES => return accepted(),
            Self::CrashesOnOddTimes if stamp(&request).is_some_and(|time| time.parse::<i64>().is_err()) => {
                return Reply::json(500, "{}");
            }
            Self::ClosesOnOddTimes if stamp(&request).is_some_and(|time| time.parse::<i64>().is_err()) => {
                return Reply { status: Reply::NONE, ..Reply::json(200, "") };
            }
            Self::IsLostAfterTen if number >= 10 => {
                return Reply { status: Reply::NONE, ..Reply::json(200, "") };
            }
            Self::IsForbiddenByAws => return Reply::json(403, r#"{"Message":"Forbidden"}"#),
            Self::IsElsewhere => return Reply::json(404, "<html>"),
            Self::FindsTheTokenAnywhere => {
                let token = request.header("token").map(str::to_owned);
                let token = token.or_else(|| request.query.rsplit("token=").next().map(str::to_owned));
                request.query = token.map(|token| format!("token={token}")).unwrap_or_default();
            }
            _ => {}
        }
        let outcome = handler.outcome(&request, now);
        self.answer(handler, &request, &outcome)
    }

    /// Makes the answer, with the faults that concern the answer itself.
    fn answer(self, handler: &Handler, request: &Request, outcome: &Outcome) -> Reply {
        let mut reply = reply(outcome);
        match (self, outcome) {
            (Self::Answers410, Outcome::Refused(_)) => reply.status = 410,
            (Self::Redirects, Outcome::Accepted(_) | Outcome::Duplicate(_) | Outcome::Ping(_)) => {
                reply.status = 302;
            }
            (Self::EchoesTheBody, Outcome::Refused(_)) => {
                reply.body = String::from_utf8_lossy(&request.body).into_owned();
            }
            (Self::QueuesDuplicates, Outcome::Duplicate(_)) => handler.queue(&request.body),
            (Self::AnswersDuplicatesUnverified, Outcome::Refused(_)) if handler.knows(&request.body) => {
                return accepted();
            }
            (Self::ForgetsAllow, _) => reply.headers.retain(|(name, _)| *name != "allow"),
            (Self::AnswersWithoutFields, _) => "ok".clone_into(&mut reply.body),
            _ => {}
        }
        reply
    }
}

fn accepted() -> Reply {
    reply(&Outcome::Ping(VerifiedBy::default()))
}

fn edit(request: &mut Request, header: &str, edit: impl FnOnce(&str) -> String) {
    let found = request.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(header));
    if let Some((_, value)) = found {
        *value = edit(value);
    }
}

/// Returns the time of a request, as it is written.
fn stamp(request: &Request) -> Option<String> {
    let in_signature = request.header("webhook-signature").and_then(|value| value.strip_prefix("t="));
    let in_signature = in_signature.and_then(|value| value.split(',').next());
    let in_header = || request.header("webhook-timestamp");
    request.header("svix-timestamp").or(in_signature).or_else(in_header).map(str::to_owned)
}

fn signed_at(request: &Request) -> Timestamp {
    let seconds = stamp(request).and_then(|time| time.parse().ok());
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_else(Timestamp::now)
}

/// Computes the right signature of a request.
fn right(handler: &Handler, request: &Request) -> Option<String> {
    let secret = Secrets::read(&handler.document, None).unwrap().signing?;
    let id = request.header("svix-id").or(request.header("webhook-id")).unwrap_or_default();
    let time = stamp(request).and_then(|time| time.parse().ok()).unwrap_or_default();
    let headers = sign(handler.provider, &secret, id, time, &request.body).unwrap();
    headers.into_iter().find(|(name, _)| *name == handler.provider.signature_header()).map(|(_, value)| value)
}

/// Completes a signature of which only the beginning was sent.
fn complete(handler: &Handler, request: &mut Request) {
    let Some(right) = right(handler, request) else { return };
    edit(request, handler.provider.signature_header(), |value| {
        if !value.is_empty() && right.starts_with(value) { right } else { value.to_owned() }
    });
}

/// Replaces any signature by the right one.
fn resign(handler: &Handler, request: &mut Request) {
    let Some(right) = right(handler, request) else { return };
    edit(request, handler.provider.signature_header(), |_| right);
}
