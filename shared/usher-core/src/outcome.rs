//! What came of a request: one table to the answer, one to the log.

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::cause::SAME_ID_OTHER_BODY;
use crate::ledger::{Earlier, LedgerError, Transition};
use crate::queue::QueueError;
use crate::secret::KeyringError;
use crate::signature::Refusal;

/// Everything that can come of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Durable: in the ledger, or taken by the queue, or both.
    Accepted(Box<Accepted>),
    /// Stored before; its event is sent, or will be.
    Duplicate(Duplicate),
    /// A test of the connection.
    Ping,
    Refused(Refusal),
    MethodNotAllowed,
    TooLarge,
    /// The body's base64, or the whole event, is broken.
    Undecodable,
    SecretsInvalid(KeyringError),
    SecretsUnreachable(String),
    /// Neither the ledger nor the queue took it.
    Unavailable {
        ledger: LedgerError,
        queue: QueueError,
    },
}

/// How an accepted delivery fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The event's id.
    pub id: String,
    pub event_type: String,
    /// Why the delivery is not in the ledger, if it isn't: its event went out `unchecked`.
    pub unclaimed: Option<LedgerError>,
    /// In how many places the body deviates from what the provider documents.
    pub drift: usize,
    /// What settling found, where it was tried.
    pub settled: Option<Result<Transition, LedgerError>>,
    /// Why the event is still pending, if the queue did not take it.
    pub unsent: Option<QueueError>,
}

/// A delivery that had come before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The id of the event that the first one made.
    pub id: String,
    pub earlier: Earlier,
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub header: Option<(&'static str, &'static str)>,
    pub body: String,
}

/// Seconds after which a provider that reads `Retry-After` (RFC 9110, 10.2.3) should try again.
const RETRY_AFTER: (&str, &str) = ("retry-after", "30");

impl Outcome {
    /// The answer to the caller: terse, and echoing nothing of the request.
    ///
    /// Never 410 or a redirect: Luma pauses and Svix disables an endpoint on 410, and both count 3xx as failure.
    pub fn answer(&self) -> Answer {
        let refusal;
        let (status, message, header) = match self {
            // The very fields that Lunacal's documents ask for.
            Self::Accepted(_) | Self::Duplicate(_) | Self::Ping => (200, "Webhook received", None),
            Self::Refused(reason) => {
                refusal = reason.to_string();
                (401, refusal.as_str(), None)
            }
            Self::MethodNotAllowed => (405, "method not allowed", Some(("allow", "POST"))),
            Self::TooLarge => (413, "body too large", None),
            Self::Undecodable => (400, "body not decodable", None),
            Self::SecretsInvalid(_) => (500, "not configured", None),
            Self::SecretsUnreachable(_) | Self::Unavailable { .. } => {
                (503, "temporarily unavailable", Some(RETRY_AFTER))
            }
        };
        let body = format!(r#"{{"ok":{},"status":{status},"message":"{message}"}}"#, status == 200);
        Answer { status, header, body }
    }

    /// The outcome's name, in logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Duplicate(_) => "duplicate",
            Self::Ping => "ping",
            Self::Refused(_) => "refused",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TooLarge => "too_large",
            Self::Undecodable => "undecodable",
            Self::SecretsInvalid(_) => "secrets_invalid",
            Self::SecretsUnreachable(_) => "secrets_unreachable",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// Why it is not as it should be, where the name leaves that open: one of the list in [`cause`](crate::cause).
    pub fn cause(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.cause()),
            Self::SecretsInvalid(error) => Some(error.cause()),
            Self::Duplicate(duplicate) if !duplicate.earlier.same_body => Some(SAME_ID_OTHER_BODY),
            _ => None,
        }
    }

    /// Whether it is Usher that failed, and not the sender: a genuine delivery may have been turned away.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::SecretsInvalid(_) | Self::SecretsUnreachable(_) | Self::Unavailable { .. })
    }

    /// What whoever reads the log needs besides name and cause. Never anything of the request's body, headers or
    /// secrets.
    pub fn details(&self) -> Details<'_> {
        match self {
            Self::Accepted(accepted) => accepted.details(),
            Self::Duplicate(duplicate) => Details {
                id: Some(&duplicate.id),
                earlier: Some(duplicate.earlier.state.as_str()),
                ..Details::default()
            },
            Self::SecretsUnreachable(cause) => Details { secrets: Some(cause), ..Details::default() },
            Self::Unavailable { ledger, queue } => {
                Details { ledger: Some(&ledger.cause), queue: Some(&queue.cause), ..Details::default() }
            }
            _ => Details::default(),
        }
    }
}

/// Members of the log line. What a dependency failed of is its own word, such as a service's error code.
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
    /// `unchecked`, if the ledger could not be asked.
    pub deduplication: Option<&'static str>,
    /// What the claim failed of.
    pub ledger: Option<&'a str>,
    /// What the send failed of: the event waits for the relay.
    pub queue: Option<&'a str>,
    /// What settling failed of, or `overtaken`: the relay may send a second copy.
    pub settle: Option<&'a str>,
    /// What reading the secrets failed of.
    pub secrets: Option<&'a str>,
}

impl Accepted {
    fn details(&self) -> Details<'_> {
        Details {
            id: Some(&self.id),
            event_type: Some(&self.event_type),
            deduplication: self.unclaimed.as_ref().map(|_| "unchecked"),
            ledger: self.unclaimed.as_ref().map(|error| error.cause.as_str()),
            queue: self.unsent.as_ref().map(|error| error.cause.as_str()),
            settle: match &self.settled {
                Some(Err(error)) => Some(&error.cause),
                Some(Ok(Transition::Overtaken)) => Some("overtaken"),
                Some(Ok(Transition::Done)) | None => None,
            },
            ..Details::default()
        }
    }
}
