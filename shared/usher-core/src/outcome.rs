//! The outcome of a request, with one table to the answer and one to the log.

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::cause::{GENUINE, SAME_ID_OTHER_BODY};
use crate::event::{Deduplication, Drift};
use crate::ledger::{Earlier, LedgerError, Transition};
use crate::queue::QueueError;
use crate::secret::{KeyringError, Name, Used};
use crate::signature::{Refusal, VerifiedBy};

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Durable: in the ledger, or taken by the queue, or both.
    Accepted(Box<Accepted>),
    /// Item before; its event is sent, or will be.
    Duplicate(Duplicate),
    /// A test of the connection, with what it was verified by.
    Ping(VerifiedBy),
    /// Not genuine, as far as can be told.
    Refused(Refusal),
    /// A method other than POST.
    MethodNotAllowed,
    /// A body larger than the policy allows. Whether it is genuine was checked if it is not much larger.
    TooLarge { genuine: bool },
    /// The body's base64, or the whole event, is broken.
    Undecodable,
    /// The secret document can't be used.
    SecretsInvalid(KeyringError),
    /// The secrets can't be read. Carries a short name, such as a service's error code.
    SecretsUnreachable(String),
    /// Neither the ledger nor the queue took it.
    Unavailable { ledger: LedgerError, queue: QueueError },
}

/// The details of an accepted delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The event's id.
    pub id: String,
    /// The event's type.
    pub event_type: String,
    /// The secrets that verified it.
    pub verified_by: VerifiedBy,
    /// The state of the check for duplicates, as its event says it.
    pub deduplication: Deduplication,
    /// The reason why the delivery is not in the ledger, if it isn't: its event went out `unchecked`.
    pub unclaimed: Option<LedgerError>,
    /// The places where the body deviates from what the provider documents.
    pub drift: Vec<Drift>,
    /// The result of settling, where it was tried.
    pub settled: Option<Result<Transition, LedgerError>>,
    /// The reason why the event is still pending, if the queue did not take it.
    pub unsent: Option<QueueError>,
}

/// A delivery that had come before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The id of the event that the first one made.
    pub id: String,
    /// The secrets that verified this one.
    pub verified_by: VerifiedBy,
    /// The facts that the ledger holds of the first one.
    pub earlier: Earlier,
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// A header besides the content type, if any: name and value.
    pub header: Option<(&'static str, &'static str)>,
    /// The JSON body.
    pub body: String,
}

/// The header that asks a provider to try again after 30 seconds (RFC 9110, 10.2.3).
const RETRY_AFTER: (&str, &str) = ("retry-after", "30");

impl Outcome {
    /// Returns the answer to the caller: terse, and echoing nothing of the request.
    ///
    /// Never 410 or a redirect: Luma pauses and Svix disables an endpoint on 410, and both count 3xx as failure.
    pub fn answer(&self) -> Answer {
        let refusal;
        let (status, message, header) = match self {
            // Lunacal's documents ask for exactly these fields.
            Self::Accepted(_) | Self::Duplicate(_) | Self::Ping(_) => (200, "Webhook received", None),
            Self::Refused(reason) => {
                refusal = reason.to_string();
                (401, refusal.as_str(), None)
            }
            Self::MethodNotAllowed => (405, "method not allowed", Some(("allow", "POST"))),
            Self::TooLarge { .. } => (413, "body too large", None),
            Self::Undecodable => (400, "body not decodable", None),
            Self::SecretsInvalid(_) => (500, "not configured", None),
            Self::SecretsUnreachable(_) | Self::Unavailable { .. } => {
                (503, "temporarily unavailable", Some(RETRY_AFTER))
            }
        };
        let body = format!(r#"{{"ok":{},"status":{status},"message":"{message}"}}"#, status == 200);
        Answer { status, header, body }
    }

    /// Returns the outcome's name, in logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Duplicate(_) => "duplicate",
            Self::Ping(_) => "ping",
            Self::Refused(_) => "refused",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge { .. } => "too_large",
            Self::Undecodable => "undecodable",
            Self::SecretsInvalid(_) => "secrets_invalid",
            Self::SecretsUnreachable(_) => "secrets_unreachable",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// Returns the cause, where the outcome's name leaves it open: one of the list in [`cause`](crate::cause).
    pub fn cause(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.cause()),
            Self::SecretsInvalid(error) => Some(error.cause()),
            Self::Duplicate(duplicate) if !duplicate.earlier.same_body => Some(SAME_ID_OTHER_BODY),
            Self::TooLarge { genuine: true } => Some(GENUINE),
            _ => None,
        }
    }

    /// Returns whether Usher failed, not the sender: a genuine delivery may have been turned away.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::SecretsInvalid(_) | Self::SecretsUnreachable(_) | Self::Unavailable { .. })
    }

    /// Returns the further members of the log line. Never anything of the request's body, headers or secrets.
    pub fn details(&self) -> Details<'_> {
        match self {
            Self::Accepted(accepted) => accepted.details(),
            Self::Duplicate(duplicate) => Details {
                id: Some(&duplicate.id),
                earlier: Some(duplicate.earlier.state.as_str()),
                ..Details::verified_by(&duplicate.verified_by)
            },
            Self::Ping(verified_by) => Details::verified_by(verified_by),
            Self::SecretsUnreachable(error_code) => {
                Details { secrets: Some(error_code), ..Details::default() }
            }
            Self::Unavailable { ledger, queue } => Details {
                ledger: Some(&ledger.error_code),
                queue: Some(&queue.error_code),
                ..Details::default()
            },
            _ => Details::default(),
        }
    }
}

/// Further members of the log line. Where a dependency failed, the reason is its own word, such as a service's error code.
#[skip_serializing_none]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Details<'a> {
    /// The event's id.
    pub id: Option<&'a str>,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: Option<&'a str>,
    /// The state in which a duplicate found the first delivery.
    pub earlier: Option<&'static str>,
    /// `unchecked`, if a copy of the delivery could not be told: it does not name itself, or the ledger was out of reach.
    pub deduplication: Option<&'static str>,
    /// The reason why the claim failed.
    pub ledger: Option<&'a str>,
    /// The reason why the send failed: the event waits for the relay.
    pub queue: Option<&'a str>,
    /// The reason why settling failed, or `overtaken`: the relay may send a second copy.
    pub settle: Option<&'a str>,
    /// The reason why the secrets could not be read.
    pub secrets: Option<&'a str>,
    /// The name of the signing secret that verified the delivery, if it has one.
    pub secret_name: Option<&'a str>,
    /// `newest` or `older`: the place of that secret in its list.
    pub secret_age: Option<&'static str>,
    /// The name of the URL token that verified the delivery, if it has one.
    pub token_name: Option<&'a str>,
    /// `newest` or `older`: the place of that token in its list.
    pub token_age: Option<&'static str>,
}

impl<'a> Details<'a> {
    fn verified_by(by: &'a VerifiedBy) -> Self {
        let name = |used: &'a Option<Used>| used.as_ref()?.name.as_ref().map(Name::as_str);
        let age = |used: &Option<Used>| used.as_ref().map(|used| used.age.as_str());
        Self {
            secret_name: name(&by.secret),
            secret_age: age(&by.secret),
            token_name: name(&by.token),
            token_age: age(&by.token),
            ..Self::default()
        }
    }
}

impl Accepted {
    fn details(&self) -> Details<'_> {
        Details {
            id: Some(&self.id),
            event_type: Some(&self.event_type),
            deduplication: (self.deduplication == Deduplication::Unchecked).then_some("unchecked"),
            ledger: self.unclaimed.as_ref().map(|error| error.error_code.as_str()),
            queue: self.unsent.as_ref().map(|error| error.error_code.as_str()),
            settle: match &self.settled {
                Some(Err(error)) => Some(&error.error_code),
                Some(Ok(Transition::Overtaken)) => Some("overtaken"),
                Some(Ok(Transition::Done)) | None => None,
            },
            ..Details::verified_by(&self.verified_by)
        }
    }
}
