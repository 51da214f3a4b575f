//! The word that the log has for why a call to AWS failed.
//!
//! | error code | meaning |
//! |---|---|
//! | the service's own, such as `ThrottlingException` | the service refused the call |
//! | `Status` and a number | the service answered with this HTTP status and named no error code |
//! | `UnreadableResponse` | the response broke off, or is not what the service documents |
//! | `Timeout` | no attempt was answered in time |
//! | `ConnectTimeout`, `ConnectionFailed` | no connection was made, or it broke before the response |
//! | `InvalidRequest` | the SDK could not build the request |
//! | `OutOfTime` | the call's share of the request's time was over: see [`deadline`](crate::deadline) |

use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The code of a call that was given up because its share of the request's time was over.
pub const OUT_OF_TIME: &str = "OutOfTime";

/// Returns the service's error code, or a word for how far the call got. It holds nothing of the request, which may
/// contain a body or a secret.
pub fn error_code<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> String {
    let code = match error {
        SdkError::ServiceError(error) => match error.err().code() {
            Some(code) => code,
            // The SDK reports a successful response that it can't parse as the service's error, too.
            None if error.raw().status().is_success() => "UnreadableResponse",
            None => return format!("Status{}", error.raw().status().as_u16()),
        },
        SdkError::TimeoutError(_) => "Timeout",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "ConnectTimeout",
        SdkError::DispatchFailure(_) => "ConnectionFailed",
        SdkError::ResponseError(_) => "UnreadableResponse",
        _ => "InvalidRequest",
    };
    code.to_owned()
}
