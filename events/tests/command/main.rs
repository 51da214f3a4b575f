//! The `events` command as a user meets it. `usher send` and `usher event` are the same code.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod event;
mod help;
mod send;

use std::process::{Command, Output};

const SAMPLE: &str = "luma/guest.registered";
const LUNACAL_SAMPLE: &str = "lunacal/BOOKING_CREATED";

fn events(arguments: &[&str], secret: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_events"));
    command.args(arguments).env_remove("USHER_SECRET");
    command.envs(secret.map(|secret| ("USHER_SECRET", secret)));
    command.output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
