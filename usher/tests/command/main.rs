//! The `usher` command as an operator meets it, against endpoints on loopback.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod background;
mod http;
mod table;

mod console;
mod doctor;
mod listen;
mod rotate;
mod send;

use std::process::{Command, Output};

/// Builds the command without the user's own AWS configuration, and with all of AWS at one endpoint.
fn usher(endpoint: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command
        .args(arguments)
        .env_remove("USHER_SECRET")
        .env_remove("USHER_STACK")
        .env_remove("AWS_PROFILE")
        .envs([
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("NO_PROXY", "127.0.0.1"),
        ]);
    command
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
