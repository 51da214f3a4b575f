//! The `events` command: lists the samples, prints one as a Function URL event, or posts it.
//!
//! `cli` says what can be asked for, `delivery` turns that into a signed request, `post` sends it.

mod cli;
mod delivery;
mod post;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser as _;
use cli::{Cli, Command};
use events::{BodyEncoding, function_url_event, samples};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where not even stderr can be written to, the exit code has to do.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let now = unix_now();
    match cli.command {
        Command::List => {
            for sample in samples()? {
                cli::print_line(&sample.name)?;
            }
        }
        Command::Print { bodies, base64, signing } => {
            let encoding = if base64 { BodyEncoding::Base64 } else { BodyEncoding::Text };
            for body in bodies {
                let request = delivery::request(&body, &signing, None, now)?;
                cli::print_line(&function_url_event(&request, now, encoding).to_string())?;
            }
        }
        Command::Post { body, url, signing } => {
            let target = post::Target::parse(&url)?;
            let request = delivery::request(&body, &signing, target.query(), now)?;
            cli::print_line(&target.post(&request)?)?;
        }
    }
    Ok(())
}

/// Seconds since 1970; a clock set before that reads as 0.
fn unix_now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}
