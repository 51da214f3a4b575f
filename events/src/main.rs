//! The `events` command: lists the samples, prints one as a Function URL event, or posts it.
//!
//! `cli` says what can be asked for; the library does it.

mod cli;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use cli::{Cli, Command};
use events::{Body, BodyEncoding, Request, Signing, Target, function_url_event, samples, unix_now};

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
                let request = request(&body, &signing, None, now)?;
                cli::print_line(&function_url_event(&request, now, encoding).to_string())?;
            }
        }
        Command::Post { body, url, signing } => {
            let target = Target::parse(&url).map_err(|error| format!("--url is {error}"))?;
            let request = request(&body, &signing, target.query(), now)?;
            cli::print_line(&target.send(&request)?.to_string())?;
        }
    }
    Ok(())
}

fn request(
    body: &str,
    signing: &Signing,
    url_query: Option<&str>,
    now: i64,
) -> Result<Request, Box<dyn std::error::Error>> {
    let body = Body::find(body, signing.provider)?;
    let secrets = signing.secrets().map_err(events::DeliveryError::Secret)?.unwrap_or_default();
    Ok(body.sign(signing, secrets, url_query, now)?)
}
