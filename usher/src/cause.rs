//! Why AWS did not do as it was asked.

use std::error::Error;
use std::fmt::Write as _;

use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};

/// The service's own code and message, else what went wrong on the way to it.
///
/// Never the response itself, which the SDK's `DisplayErrorContext` would show: it may hold a secret.
pub(crate) fn cause<E, R>(error: &SdkError<E, R>) -> String
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
