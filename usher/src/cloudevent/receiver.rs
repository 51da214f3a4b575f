//! Posting events to a receiver, one at a time.

use std::time::Duration;

use events::{Answer, PostError, Target};
use jiff::Timestamp;
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use usher_core::queue::Message;

use super::{Form, Verdict, request, verdict};
use crate::terminal::plain::plain;
use crate::terminal::{Failure, print};

/// The wait after the first try that failed. Each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A program that takes events over HTTP.
pub(crate) struct Receiver {
    target: Target,
    form: Form,
}

/// The result of one post.
pub(crate) struct Posted {
    pub(crate) verdict: Verdict,
    /// The answer, or the reason why there was none.
    pub(crate) answer: Result<Answer, PostError>,
}

impl Receiver {
    pub(crate) fn new(target: Target, form: Form) -> Self {
        Self { target, form }
    }

    /// Returns the receiver's scheme, host and port.
    pub(crate) fn name(&self) -> &str {
        self.target.name()
    }

    /// Posts an event until the receiver has taken or refused it, and prints a line for each try.
    pub(crate) async fn deliver(&self, id: &str, message: &Message) -> Result<Verdict, Failure> {
        let mut wait = FIRST_WAIT;
        loop {
            let posted = self.post(message).await?;
            let then = match &posted.verdict {
                Verdict::Later(_) => format!("  again in {} s", wait.as_secs()),
                Verdict::Taken | Verdict::Refused => String::new(),
            };
            print(&format!("{}{then}", posted.line(id, message)))?;
            match posted.verdict {
                Verdict::Later(_) => sleep(wait).await,
                taken_or_refused => return Ok(taken_or_refused),
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Posts an event once.
    pub(crate) async fn post(&self, message: &Message) -> Result<Posted, Failure> {
        let request = request(self.form, message)?;
        let target = self.target.clone();
        let answer = spawn_blocking(move || target.send(&request)).await?;
        let verdict = match &answer {
            Ok(answer) => verdict(self.form, answer),
            // The request is not HTTP, and will not be later.
            Err(PostError::Request(_) | PostError::Url) => Verdict::Refused,
            Err(PostError::NoAnswer(..) | PostError::HalfAnswer(..)) => Verdict::Later(None),
        };
        Ok(Posted { verdict, answer })
    }
}

impl Posted {
    /// Prints time, type, id, status and duration, and the reason of a failure.
    pub(crate) fn line(&self, id: &str, message: &Message) -> String {
        let event_type = message.attributes.iter().find(|(name, _)| *name == "type");
        let event_type = event_type.map_or("-", |(_, value)| value);
        let result = match &self.answer {
            Ok(answer) => format!("{}  {:>5} ms", answer.status, answer.elapsed.as_millis()),
            Err(error) => plain(&error.to_string()),
        };
        let why = match (&self.verdict, &self.answer) {
            (Verdict::Later(Some(why)), _) => format!("  {why}"),
            (Verdict::Refused, Ok(_)) => "  refused: not posted again".to_owned(),
            _ => String::new(),
        };
        format!("{:.3}  {event_type:<30}  {id}  {result}{why}", Timestamp::now())
    }
}
