//! Posting a stored event to a program on this machine.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use events::Target;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{allowed, find};
use crate::cloudevent::{Form, Receiver, Verdict};
use crate::console::problem::Problem;
use crate::console::state::Console;
use crate::ledger::event;

#[derive(Deserialize)]
pub(in crate::console) struct Wanted {
    id: String,
    to: String,
    form: FormName,
}

/// A form by the name that the page has for it.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum FormName {
    Structured,
    Binary,
    Sqs,
}

/// Posts the event of a delivery once, and says what was answered. The ledger stays as it is.
pub(in crate::console) async fn forward(
    State(console): State<Arc<Console>>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Value>, Problem> {
    allowed(&console)?;
    let bad = |sentence: String| Problem::new(StatusCode::BAD_REQUEST, sentence);
    let target = Target::parse(&wanted.to).map_err(|error| bad(format!("the URL is {error}")))?;
    // Else a slip of the pen would send personal data to a stranger.
    if !target.is_local() {
        return Err(bad(format!("{} is not on this machine: give a URL of localhost", target.name())));
    }
    let form = match wanted.form {
        FormName::Structured => Form::Structured,
        FormName::Binary => Form::Binary,
        FormName::Sqs => Form::Sqs,
    };
    let item = find(&console, &wanted.id).await?;
    let (_, message) = event(&item)
        .ok_or_else(|| Problem::new(StatusCode::GONE, "its body was erased"))?
        .map_err(|why| Problem::new(StatusCode::CONFLICT, format!("it makes no event: {why}")))?;
    let posted = Receiver::new(target, form).post(&message).await.map_err(Problem::upstream)?;
    let answer = posted.answer.map_err(Problem::upstream)?;
    let milliseconds = u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX);
    let taken = posted.verdict == Verdict::Taken;
    Ok(Json(json!({ "status": answer.status, "milliseconds": milliseconds, "taken": taken })))
}
