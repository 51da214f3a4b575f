//! A short name for what an AWS call failed of.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The service's error code, or how far the call got. Nothing of the request, which may hold a body or a secret.
pub fn cause<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    let kind = match error {
        SdkError::ServiceError(error) => error.err().code().unwrap_or("ServiceError"),
        SdkError::TimeoutError(_) => "Timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "ConnectTimeout",
        SdkError::DispatchFailure(_) => "ConnectionFailed",
        SdkError::ResponseError(_) => "UnreadableResponse",
        _ => "InvalidRequest",
    };
    kind.to_owned()
}
