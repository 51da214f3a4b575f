//! Lunacal's ping, as the function's log shows it: a ping is answered and counted, and neither kept nor queued.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use tokio::time::{Instant, sleep};
use usher_core::ledger::operator::CLOCK_SKEW;

use super::function_log::FunctionLog;
use crate::terminal::Failure;

/// The time between two looks: CloudWatch shows a line some seconds after it was written.
const EVERY: Duration = Duration::from_secs(3);

/// A ping that a genuine token came with.
#[derive(Deserialize)]
pub(crate) struct Ping {
    outcome: String,
    pub(crate) token_name: Option<String>,
    pub(crate) token_age: Option<String>,
}

/// The pings in a function's log.
pub(crate) struct Pings {
    log: FunctionLog,
    /// The time to look from. An operator's clock may be off, so what is new is told by the lines seen before.
    since: i64,
    seen: HashSet<String>,
}

impl Pings {
    /// Opens the log, and notes the pings that are there.
    pub(crate) async fn open(log: FunctionLog) -> Result<Self, Failure> {
        let since = (Timestamp::now() - CLOCK_SKEW).as_millisecond();
        let mut pings = Self { log, since, seen: HashSet::new() };
        pings.new_lines().await?;
        Ok(pings)
    }

    /// Waits for the next ping. Returns `None` if none comes in time.
    pub(crate) async fn next(&mut self, patience: Duration) -> Result<Option<Ping>, Failure> {
        let began = Instant::now();
        loop {
            let lines = self.new_lines().await?;
            let ping = lines.iter().find_map(|line| ping(line));
            if ping.is_some() || began.elapsed() + EVERY > patience {
                return Ok(ping);
            }
            sleep(EVERY).await;
        }
    }

    async fn new_lines(&mut self) -> Result<Vec<String>, Failure> {
        let mut lines = self.log.lines_with("ping", self.since).await?;
        // A line has the id of its request, so no two are the same.
        lines.retain(|line| self.seen.insert(line.clone()));
        Ok(lines)
    }
}

/// Reads a log line of a ping that was accepted.
fn ping(line: &str) -> Option<Ping> {
    serde_json::from_str(line).ok().filter(|ping: &Ping| ping.outcome == "ping")
}
