//! A short name for what an AWS call failed of.

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The service's error code, or how far the call got. Nothing of the request, which may hold a body or a secret.
pub fn cause<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    let kind = match error {
        SdkError::ServiceError(error) => match error.err().code() {
            Some(code) => code,
            // The SDK calls it the service's error as well when a success can't be read.
            None if error.raw().status().is_success() => "UnreadableResponse",
            None => return format!("Status{}", error.raw().status().as_u16()),
        },
        SdkError::TimeoutError(_) => "Timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "ConnectTimeout",
        SdkError::DispatchFailure(_) => "ConnectionFailed",
        SdkError::ResponseError(_) => "UnreadableResponse",
        _ => "InvalidRequest",
    };
    kind.to_owned()
}
