//! The knowledge of what became of a message that SQS did not confirm, from all tries of its request.
//!
//! | the try | the message |
//! |---|---|
//! | SQS names a fault of the message or of its request, or answers 413 | rejected |
//! | SQS answers another 4xx: throttled, not permitted, no such queue, a signature that it does not accept | refused |
//! | no connection was made, or the request could not be signed | refused |
//! | no answer, one that can't be read, 5xx, or anything else | unconfirmed |
//!
//! The SDK's own error is that of the last try only. A second try that is refused says nothing of the first, which may
//! have been taken although its answer was lost. So an interceptor keeps what each try was worth.

use std::error::Error;
use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_sqs::config::http::HttpResponse;
use aws_sdk_sqs::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_sqs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sqs::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::result::ConnectorError;
use hyper_util::client::legacy::Error as ClientError;
use usher_core::queue::{QueueError, SendFailure};

use crate::error_code::error_code;

/// The errors that are the message's or its request's fault, without `AWS.SimpleQueueService.` before and `Exception`
/// behind them (Amazon SQS API Reference, "SendMessage", "SendMessageBatch", "Common Error Types").
const REJECTED: [&str; 9] = [
    "BatchEntryIdsNotDistinct",
    "BatchRequestTooLong",
    "InvalidAttributeValue",
    "InvalidBatchEntryId",
    "InvalidMessageContents",
    "InvalidParameterValue",
    "MissingParameter",
    "TooManyEntriesInBatchRequest",
    "UnsupportedOperation",
];

/// The errors of an entry of a batch that are not the message's fault, in the same form.
const REFUSED: [&str; 21] = [
    "AccessDenied",
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidAddress",
    "InvalidClientTokenId",
    "InvalidSecurity",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "NonExistentQueue",
    "NotAuthorized",
    "OptInRequired",
    "OverLimit",
    "QueueDeletedRecently",
    "QueueDoesNotExist",
    "RequestExpired",
    "RequestThrottled",
    "SignatureDoesNotMatch",
    "Throttled",
    "Throttling",
    "TooManyRequests",
    "UnrecognizedClient",
];

/// The errors after which SQS may have taken the message all the same, in the same form.
const UNCONFIRMED: [&str; 5] =
    ["InternalError", "InternalFailure", "InternalServerError", "RequestTimeout", "ServiceUnavailable"];

/// The record of one request's tries. `E` is the operation's error.
pub(super) struct Tries<E> {
    may_be_taken: Arc<AtomicBool>,
    error: PhantomData<fn() -> E>,
}

impl<E: ProvideErrorMetadata + Error + Send + Sync + 'static> Tries<E> {
    /// Makes the record of a request that was not tried yet.
    pub(super) fn none() -> Self {
        Self { may_be_taken: Arc::default(), error: PhantomData }
    }

    /// Returns the interceptor that keeps the record.
    pub(super) fn recorder(&self) -> impl Intercept + use<E> {
        Self { may_be_taken: Arc::clone(&self.may_be_taken), error: PhantomData }
    }

    /// Returns the error of a message whose request failed as a whole.
    pub(super) fn failed(&self, error: &SdkError<E, HttpResponse>) -> QueueError {
        self.error(of_request(error), error_code(error))
    }

    /// Returns the error of one entry of a batch that was answered.
    pub(super) fn entry_failed(&self, code: &str, is_sender_s_fault: bool) -> QueueError {
        self.error(of_entry(code, is_sender_s_fault), code)
    }

    fn error(&self, last: SendFailure, error_code: impl Into<String>) -> QueueError {
        let may_be_taken = self.may_be_taken.load(Ordering::Relaxed);
        let failure = if may_be_taken { SendFailure::Unconfirmed } else { last };
        QueueError { failure, error_code: error_code.into() }
    }
}

impl<E> Debug for Tries<E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tries").field("may_be_taken", &self.may_be_taken).finish()
    }
}

impl<E: ProvideErrorMetadata + Error + Send + Sync + 'static> Intercept for Tries<E> {
    fn name(&self) -> &'static str {
        "Tries"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if of_try::<E>(context) == Some(SendFailure::Unconfirmed) {
            self.may_be_taken.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Returns what one try was worth; `None` if SQS answered it with success.
fn of_try<E: ProvideErrorMetadata + Error + Send + Sync + 'static>(
    context: &FinalizerInterceptorContextRef<'_>,
) -> Option<SendFailure> {
    let error = match context.output_or_error() {
        Some(Ok(_)) => return None,
        Some(Err(error)) => error,
        None => return Some(SendFailure::Unconfirmed),
    };
    if let Some(error) = error.as_connector_error() {
        return Some(of_connector(error));
    }
    let answered =
        error.as_operation_error().and_then(|error| error.downcast_ref::<E>()).zip(context.response());
    Some(match answered {
        Some((error, response)) => of_answer(error.code(), response.status().as_u16()),
        // The request is taken out of the context when it is sent. It was not: it had no signature, for example.
        None if context.request().is_some() && !error.is_timeout_error() => SendFailure::Refused,
        None => SendFailure::Unconfirmed,
    })
}

/// Returns what the last try was worth, by the SDK's error.
fn of_request<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> SendFailure {
    match error {
        SdkError::ConstructionFailure(_) => SendFailure::Rejected,
        SdkError::ServiceError(error) => of_answer(error.err().code(), error.raw().status().as_u16()),
        SdkError::DispatchFailure(failure) => {
            failure.as_connector_error().map_or(SendFailure::Unconfirmed, of_connector)
        }
        _ => SendFailure::Unconfirmed,
    }
}

/// Returns what a try was worth that ended without a response. Nothing was sent without a connection.
fn of_connector(error: &ConnectorError) -> SendFailure {
    let mut source = error.source();
    while let Some(error) = source {
        if error.downcast_ref::<ClientError>().is_some_and(ClientError::is_connect) {
            return SendFailure::Refused;
        }
        source = error.source();
    }
    SendFailure::Unconfirmed
}

/// Returns what an answer to a whole request means.
fn of_answer(code: Option<&str>, status: u16) -> SendFailure {
    match (known(code.unwrap_or_default()), status) {
        (_, 413) => SendFailure::Rejected,
        (Some(failure), 400..=499) => failure,
        (None, 400..=407 | 409..=499) => SendFailure::Refused,
        _ => SendFailure::Unconfirmed,
    }
}

/// Returns what an entry's error in the answer to a batch means.
fn of_entry(code: &str, is_sender_s_fault: bool) -> SendFailure {
    let unknown = if is_sender_s_fault { SendFailure::Rejected } else { SendFailure::Unconfirmed };
    known(code).unwrap_or(unknown)
}

fn known(code: &str) -> Option<SendFailure> {
    let name = code.rsplit('.').next().unwrap_or(code);
    let name = name.strip_suffix("Exception").unwrap_or(name);
    if UNCONFIRMED.contains(&name) {
        Some(SendFailure::Unconfirmed)
    } else if REJECTED.contains(&name) {
        Some(SendFailure::Rejected)
    } else if REFUSED.contains(&name) || is_kms(code) {
        Some(SendFailure::Refused)
    } else {
        None
    }
}

/// Returns whether the key that encrypts the queue is the cause: `KMS.DisabledException`, in older answers `KmsDisabled`.
fn is_kms(code: &str) -> bool {
    code.contains("KMS.") || code.contains("Kms")
}
