//! The operator's commands as a user meets them, as far as they run without AWS.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod clock;
mod followed;
mod forgotten;
mod help;
#[path = "../command/http.rs"]
#[expect(dead_code, reason = "the account tells its services apart by a header")]
mod http;
mod linked;
mod moved;
mod providers;
mod refused;
mod replayed;
mod retired;
mod shown;
mod told;

use std::process::{Command, Output};

/// Runs the tool without the user's own AWS configuration, and with an endpoint where nothing listens.
fn usher(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// Runs the tool on an account on loopback.
fn usher_at(account: &account::Account, arguments: &[&str]) -> Output {
    command(arguments).env("AWS_ENDPOINT_URL", &account.endpoint).output().unwrap()
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
