//! The instructions that a warm event takes in user space, counted by Valgrind's Callgrind.
//!
//! Processor time varies with the machine and its load, and a count does not: two runs differ by a few tenths of a
//! percent. Kernel time, caches and branches are not in it. The services speak plain HTTP, so TLS is not in it either.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fakes::aws::Aws;
use fakes::dynamodb::DynamoDb;
use fakes::function::{Function, Log};
use serde_json::Value;
use tokio::process::Command;

use crate::contestant::SECRET_ID;
use crate::delivery::{Text, body_of, event, sample, secret_document};
use crate::figure::figure;
use crate::markdown::Table;
use crate::progress::Progress;

/// The numbers of warm events in the two runs of which the difference is taken: it leaves out INIT, the first event and
/// the end of the process.
const EVENTS: [u32; 2] = [20, 120];

/// The bytes of a small delivery, which the target is for.
const SMALL: usize = 1_200;

/// The reason why instructions can't be counted.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    #[error("valgrind is not installed")]
    NoValgrind,
    #[error("a delivery was not answered with a 200. The function logged: {0}")]
    Refused(String),
    #[error("Callgrind's result has no line of totals")]
    NoTotals,
    #[error("reading Callgrind's result: {0}")]
    Result(#[from] io::Error),
}

/// The instructions of a warm event.
pub struct Instructions {
    /// Of a body of 1.2 KB.
    pub small: f64,
    /// Of the usual sample.
    pub middling: f64,
    middling_bytes: usize,
}

impl Instructions {
    /// Counts the instructions of a program, Usher's function for Luma. Writes its files to `folder`.
    pub async fn count(program: &Path, folder: &Path) -> Result<Self, CountError> {
        let progress = Progress::new("Instructions of a warm event", 4);
        let small = per_event(program, folder, &progress, || body_of(SMALL, Text::Prose)).await?;
        let middling = per_event(program, folder, &progress, sample).await?;
        progress.done();
        Ok(Self { small, middling, middling_bytes: sample().len() })
    }
}

async fn per_event(
    program: &Path,
    folder: &Path,
    progress: &Progress,
    body: impl Fn() -> Vec<u8>,
) -> Result<f64, CountError> {
    let [mut fewer, mut more] = [0; 2];
    for (events, total) in EVENTS.into_iter().zip([&mut fewer, &mut more]) {
        progress.next();
        *total =
            in_one_sandbox(program, &folder.join(format!("callgrind-{events}.out")), events, &body).await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "it is shown with three digits")]
    let more = more.saturating_sub(fewer) as f64;
    Ok(more / f64::from(EVENTS[1] - EVENTS[0]))
}

/// Runs one sandbox from its start to its end and returns all its instructions.
async fn in_one_sandbox(
    program: &Path,
    result: &Path,
    events: u32,
    body: impl Fn() -> Vec<u8>,
) -> Result<u64, CountError> {
    let aws = Aws::start_as(DynamoDb::for_any_client(), None).await;
    aws.secrets.service().put(SECRET_ID, secret_document());
    aws.sqs.service().forget_messages();
    let mut command = Command::new(valgrind()?);
    command.env_clear().envs(aws.variables()).env("WEBHOOK_SECRETS_ID", SECRET_ID);
    command.args(["--tool=callgrind", "--quiet"]).arg(option("--callgrind-out-file=", result)).arg(program);
    let mut function = Function::spawn(command, Log::Kept).await;
    function.ready().await;
    // One more, which is the first and fills the caches.
    for _ in 0..=events {
        let reply = function.invoke(event(body())).await;
        if reply.body.get("statusCode").and_then(Value::as_u64) != Some(200) {
            return Err(CountError::Refused(function.output()));
        }
    }
    // Callgrind writes its result when the process is ended by a signal that it can see.
    function.terminate().await;
    total(&fs::read_to_string(result)?).ok_or(CountError::NoTotals)
}

/// Finds Valgrind on the path: the function's environment is cleared, and with it the path.
fn valgrind() -> Result<PathBuf, CountError> {
    let path = std::env::var_os("PATH").ok_or(CountError::NoValgrind)?;
    let found =
        std::env::split_paths(&path).map(|folder| folder.join("valgrind")).find(|file| file.is_file());
    found.ok_or(CountError::NoValgrind)
}

fn option(name: &str, path: &Path) -> std::ffi::OsString {
    let mut option = std::ffi::OsString::from(name);
    option.push(path);
    option
}

/// Returns the instructions of the whole run (Callgrind Format Specification, "totals").
fn total(result: &str) -> Option<u64> {
    result.lines().find_map(|line| line.strip_prefix("totals:"))?.trim().parse().ok()
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e3)
}

impl std::fmt::Display for Instructions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut table = Table::new(["a warm event of", "million instructions"]);
        table.row([kilobytes(SMALL), figure(self.small / 1e6)]);
        table.row([kilobytes(self.middling_bytes), figure(self.middling / 1e6)]);
        write!(
            f,
            "## Instructions of a warm event of Usher\n\nIn user space, over plain HTTP, counted by Callgrind.\n\n{table}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_from_callgrinds_result() {
        let result = "version: 1\nevents: Ir\nsummary: 12\n\nfn=(1) main\n16 12\n\ntotals: 3456\n";
        assert_eq!(total(result), Some(3456));
        assert_eq!(total("version: 1\n"), None);
    }
}
