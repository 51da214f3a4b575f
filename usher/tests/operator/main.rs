//! The operator's commands as a user meets them, as far as they run without AWS.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod followed;
mod help;
mod providers;
mod refused;
mod retired;
mod shown;

use std::process::{Command, Output};

/// Runs the tool without the user's own AWS configuration, and with an endpoint where nothing listens.
fn usher(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command.args(arguments).env_clear().envs([
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_MAX_ATTEMPTS", "1"),
    ]);
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
