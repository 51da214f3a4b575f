//! The subcommands `send` and `event`, defined once: the `events` command has these two alone, and `usher` has them
//! among others. No type here has `Debug`: they hold secrets.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;

use crate::body::{Body, BodyError};
use crate::clock::unix_now;
use crate::function_url::{BodyEncoding, function_url_event};
use crate::post::{Answer, PostError, Target};
use crate::sample::{SampleError, samples};
use crate::secret::Secrets;
use crate::signing_args::{SigningArgs, SigningError};

/// Sign a sample or file as its provider would, and post it
///
/// Prints the answer as `<status> <body>`. The exit code is 0 if the status is 2xx, else 1. Redirects are not followed.
#[derive(Args)]
pub struct SendArgs {
    /// Sample's name, such as luma/guest.registered, or a file that holds a body
    #[arg(value_name = "SAMPLE|FILE", required_unless_present = "list")]
    body: Option<String>,
    /// Print the name of every sample, one per line, and send nothing
    #[arg(long, conflicts_with = "body")]
    list: bool,
    /// Print the answer as JSON: status, body, milliseconds
    #[arg(long)]
    json: bool,
    /// URL to post to [default of `usher send`: the URL of the provider's function in the stack]
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// The way to sign it.
    #[command(flatten)]
    pub signing: SigningArgs,
}

/// Print signed deliveries as Function URL events, one per line
///
/// `sam local invoke --event -` reads one such event. The secret is the one that your local function has.
#[derive(Args)]
pub struct EventArgs {
    /// Samples' names, such as luma/guest.registered, or files that hold a body (`send --list` prints the samples)
    #[arg(value_name = "SAMPLE|FILE", required = true)]
    bodies: Vec<String>,
    /// Encode the body as base64, as AWS does with content types that it takes for binary
    #[arg(long)]
    base64: bool,
    #[command(flatten)]
    signing: SigningArgs,
}

/// The reason why a command failed. Every message says what to do about it, and none shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no body.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The body cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The URL of `--to` cannot be posted to.
    #[error("--to is {0}")]
    To(PostError),
    /// No URL to post to is known.
    #[error("no URL to post to: add --to URL (only `usher send` knows the URLs of the stack)")]
    NoTarget,
    /// There was no answer.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The samples cannot be listed.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(io::Error),
}

impl SendArgs {
    /// Reads the body to send; `None` where `--list` asks for the names of the samples instead.
    ///
    /// # Errors
    /// When there is no such body, or a file comes without its provider.
    pub fn body(&self) -> Result<Option<Body>, CommandError> {
        let find = |name: &String| Body::find(name, self.signing.provider);
        Ok(self.body.as_ref().map(find).transpose()?)
    }

    /// Returns the target that `--to` names, if it is given.
    ///
    /// # Errors
    /// When the text is no HTTP URL.
    pub fn target(&self) -> Result<Option<Target>, CommandError> {
        self.to.as_deref().map(Target::parse).transpose().map_err(CommandError::To)
    }

    /// Signs the body, posts it, and prints the answer. Returns success if the status is 2xx.
    ///
    /// # Errors
    /// When the body cannot be signed, nothing answers, or the output cannot be written.
    pub fn send(&self, body: Body, secrets: Secrets, target: &Target) -> Result<ExitCode, CommandError> {
        let request = self.signing.sign(body, secrets, target.query(), unix_now())?;
        let answer = target.send(&request)?;
        print_line(&if self.json { as_json(&answer) } else { answer.to_string() })?;
        Ok(if answer.is_2xx() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl EventArgs {
    /// Prints the signed events.
    ///
    /// # Errors
    /// When a body or its secret is missing, or the output cannot be written.
    pub fn print(&self) -> Result<(), CommandError> {
        let encoding = if self.base64 { BodyEncoding::Base64 } else { BodyEncoding::Text };
        let now = unix_now();
        for name in &self.bodies {
            let body = Body::find(name, self.signing.provider)?;
            let secrets = self.signing.secrets()?.unwrap_or_default();
            let request = self.signing.sign(body, secrets, None, now)?;
            print_line(&function_url_event(&request, now, encoding).to_string())?;
        }
        Ok(())
    }
}

/// Writes an answer as one line of JSON.
fn as_json(answer: &Answer) -> String {
    let milliseconds = u64::try_from(answer.elapsed.as_millis()).unwrap_or(u64::MAX);
    serde_json::json!({ "status": answer.status, "body": answer.body, "milliseconds": milliseconds })
        .to_string()
}

/// Prints the name of every sample, one per line.
///
/// # Errors
/// When the samples cannot be read, or the output cannot be written.
pub fn list_samples() -> Result<(), CommandError> {
    samples()?.iter().try_for_each(|sample| print_line(&sample.name))
}

/// Prints a line. A reader that went away (`events send --list | head -1`) is no error.
fn print_line(line: &str) -> Result<(), CommandError> {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Output(error)),
        _ => Ok(()),
    }
}
