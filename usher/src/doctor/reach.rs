//! Failures to reach the receiver at all. They say nothing about it, so the doctor stops with a sentence of its own.

use events::Answer;

use crate::terminal::Failure;

/// Checks by its first answer that a receiver was reached.
///
/// # Errors
/// When something before it has answered: AWS, or a server that knows no such URL.
pub(super) fn check(answer: &Answer, name: &str) -> Result<(), Failure> {
    if answer.status == 403 && is_of_aws(answer) {
        return Err(format!(
            "AWS refused the request before it reached a function at {name}. Either no function has this URL, or it is not \
             open to everyone: its policy must allow lambda:InvokeFunctionUrl and lambda:InvokeFunction, and its AuthType \
             must be NONE"
        )
        .into());
    }
    if answer.status == 404 {
        return Err(format!("{name} answers 404: no receiver has this URL. Is its path right?").into());
    }
    Ok(())
}

/// Returns whether AWS has made the answer, and no function.
fn is_of_aws(answer: &Answer) -> bool {
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
    answer.header("x-amzn-errortype").is_some()
        || body["Message"].as_str().is_some_and(|message| message.starts_with("Forbidden"))
}

/// Says that the connection was lost in the middle, after so many answers.
pub(super) fn lost(answers: usize, error: &dyn std::error::Error) -> Failure {
    format!(
        "the connection was lost after {answers} answers, and a request that was answered before is not answered now, so \
         nothing is known about the receiver: {error}"
    )
    .into()
}
