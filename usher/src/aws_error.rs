//! The reason why a request to AWS failed, in words.

use std::error::Error;
use std::fmt::Write as _;

use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};

/// Returns the service's own code and message or, if the request did not reach the service, the chain of errors.
///
/// The response itself is never part of it, as it would be with the SDK's `DisplayErrorContext`: it may hold a secret.
pub(crate) fn explain<E, R>(error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug,
{
    if let Some(code) = error.code() {
        return error.message().map_or_else(|| code.to_owned(), |message| format!("{code}: {message}"));
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text
}
