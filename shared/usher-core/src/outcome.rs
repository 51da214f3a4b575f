//! What came of a request: one table to the answer, one to the log.

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
    Duplicate(Earlier),
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

    /// What whoever reads the log needs besides the name. Never anything of the request's body, headers or secrets.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Accepted(accepted) => accepted.details(),
            Self::Duplicate(earlier) => {
                let mut details = vec![("earlier", earlier.state.as_str().to_owned())];
                if !earlier.same_body {
                    details.push(("cause", "same id, other body".to_owned()));
                }
                details
            }
            Self::Refused(refusal) => vec![("cause", refusal.to_string())],
            Self::SecretsInvalid(error) => vec![("cause", error.to_string())],
            Self::SecretsUnreachable(cause) => vec![("cause", cause.clone())],
            Self::Unavailable { ledger, queue } => {
                vec![("ledger", ledger.cause.clone()), ("queue", queue.cause.clone())]
            }
            Self::Ping | Self::MethodNotAllowed | Self::TooLarge | Self::Undecodable => Vec::new(),
        }
    }
}

impl Accepted {
    fn details(&self) -> Vec<(&'static str, String)> {
        let mut details = vec![("type", self.event_type.clone()), ("id", self.id.clone())];
        if let Some(unclaimed) = &self.unclaimed {
            details.push(("deduplication", "unchecked".to_owned()));
            details.push(("ledger", unclaimed.cause.clone()));
        }
        if let Some(unsent) = &self.unsent {
            details.push(("queue", unsent.cause.clone()));
        }
        match &self.settled {
            Some(Err(error)) => details.push(("settle", error.cause.clone())),
            Some(Ok(Transition::Overtaken)) => details.push(("settle", "overtaken".to_owned())),
            Some(Ok(Transition::Done)) | None => {}
        }
        details
    }
}
