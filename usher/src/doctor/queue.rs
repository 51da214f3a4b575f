//! The check of the queue: only here a duplicate that was queued again can be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, QueueAttributeName};
use tokio::time::Instant;

use super::examination::{Examination, Observed, Row};
use crate::aws_error::explain;
use crate::terminal::Failure;

/// The time to look for messages: a receiver may answer before it queues.
const WATCH_FOR: Duration = Duration::from_secs(8);
/// The time to wait for a second copy after the last message.
const QUIET_FOR: Duration = Duration::from_secs(3);
/// The time that a received message is hidden from consumers, even if the doctor ends early.
const HIDDEN_SECONDS: i32 = 20;

/// The queue that is checked.
pub(crate) struct WatchedQueue {
    client: Client,
    url: String,
}

/// The messages found.
struct Found {
    /// The messages' ids, by the mark of their delivery.
    copies: BTreeMap<String, BTreeSet<String>>,
    /// The number of messages about anything else.
    others: usize,
}

impl WatchedQueue {
    /// Opens the queue.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub(crate) async fn open(config: &SdkConfig, url: String) -> Result<Self, Failure> {
        let client = Client::new(config);
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = client.get_queue_attributes().queue_url(&url).attribute_names(name).send().await;
        asked.map_err(|error| {
            format!("cannot read the queue ({}): may you receive from it?", explain(&error))
        })?;
        Ok(Self { client, url })
    }

    /// Compares the messages on the queue with the answers.
    pub(crate) async fn judge(&self, examination: &Examination<'_>) -> Result<Vec<Row>, Failure> {
        let found = self.read(examination).await?;
        let count = |seen: &Observed| found.copies.get(&seen.mark).map_or(0, BTreeSet::len);
        let of_events = || examination.observed.iter().filter(|seen| seen.is_event && seen.accepted);
        let refused = examination.observed.iter().filter(|seen| {
            // Another delivery with the same mark may have been accepted: its message may be there.
            !seen.accepted
                && !examination.observed.iter().any(|other| other.accepted && other.mark == seen.mark)
        });
        let mut queued = row(
            "accepted is queued",
            "a 2xx means that the event is safe",
            "one message each",
            of_events().filter(|seen| seen.encoded.is_none() && count(seen) == 0),
        );
        if !queued.passed {
            queued.seen.push_str(". Does another consumer read this queue?");
            if found.others > 0 {
                let _ =
                    write!(queued.seen, " Messages about anything else that came first: {}", found.others);
            }
        }
        Ok(vec![
            queued,
            row(
                "nothing is queued twice",
                "one delivery is one message, however often it comes",
                "one message each",
                of_events().filter(|seen| count(seen) > 1),
            ),
            row(
                "refused is not queued",
                "a refused request must leave nothing behind",
                "no message",
                refused.filter(|seen| count(seen) > 0),
            ),
        ])
    }

    /// Reads the queue until all expected messages were seen, or for [`WATCH_FOR`]. Deletes those of the doctor.
    async fn read(&self, examination: &Examination<'_>) -> Result<Found, Failure> {
        let mut until = Instant::now() + WATCH_FOR;
        let expected: BTreeSet<&str> = examination
            .observed
            .iter()
            .filter(|seen| seen.is_event && seen.accepted && seen.encoded.is_none())
            .map(|seen| seen.mark.as_str())
            .collect();
        let mut copies = BTreeMap::<String, BTreeSet<String>>::new();
        let mut others = Vec::new();
        while Instant::now() < until {
            let received = self
                .client
                .receive_message()
                .queue_url(&self.url)
                .max_number_of_messages(10)
                .wait_time_seconds(1)
                .visibility_timeout(HIDDEN_SECONDS)
                .send()
                .await
                .map_err(|error| format!("cannot read the queue ({})", explain(&error)))?;
            for message in received.messages.unwrap_or_default() {
                let body = message.body.as_deref().unwrap_or_default();
                let about = examination.observed.iter().find(|seen| seen.is_in(body));
                let Some(about) = about else {
                    others.push(message);
                    continue;
                };
                let id = message.message_id.clone().unwrap_or_default();
                copies.entry(about.mark.clone()).or_default().insert(id);
                self.delete(&message).await;
                if expected.iter().all(|mark| copies.contains_key(*mark)) {
                    until = Instant::now() + QUIET_FOR;
                }
            }
        }
        for message in &others {
            self.put_back(message).await;
        }
        Ok(Found { copies, others: others.len() })
    }

    /// Deletes a message. If that fails, it comes again and is recognized by its id.
    async fn delete(&self, message: &Message) {
        let handle = message.receipt_handle.clone();
        let _ = self.client.delete_message().queue_url(&self.url).set_receipt_handle(handle).send().await;
    }

    /// Makes a message visible again. If that fails, it becomes visible by itself in a few seconds.
    async fn put_back(&self, message: &Message) {
        let change = self.client.change_message_visibility().queue_url(&self.url).visibility_timeout(0);
        let _ = change.set_receipt_handle(message.receipt_handle.clone()).send().await;
    }
}

impl Observed {
    /// Returns whether a message is about this delivery. The mark of another delivery may begin in the same way.
    fn is_in(&self, message: &str) -> bool {
        let is_whole = |(at, mark): (usize, &str)| {
            !message[at + mark.len()..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-')
        };
        let encoded = self.encoded.as_ref().filter(|encoded| !encoded.is_empty());
        message.match_indices(&self.mark).any(is_whole)
            || encoded.is_some_and(|encoded| message.contains(encoded.as_str()))
    }
}

fn row<'s>(
    name: &'static str,
    why: &'static str,
    expected: &'static str,
    broken: impl Iterator<Item = &'s Observed>,
) -> Row {
    let broken: BTreeSet<&str> = broken.map(|seen| seen.name).collect();
    Row {
        group: "on the queue",
        name,
        why,
        passed: broken.is_empty(),
        expected,
        seen: if broken.is_empty() {
            "as expected".to_owned()
        } else {
            format!("broken by: {}", broken.into_iter().collect::<Vec<_>>().join(", "))
        },
        milliseconds: None,
    }
}
