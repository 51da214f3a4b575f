//! The tool as an operator runs it on a deployed stack.
//!
//! `USHER_SHOWN` names a folder to which every command and its output are written, for documents that show them.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use serde_json::Value;

use stacks::stack::{REGION, Stack, owner};

/// The output of a command, and its exit code.
pub struct Said {
    pub out: String,
    pub error: String,
    pub code: Option<i32>,
}

impl Said {
    /// Returns the output of a command that has to succeed.
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.error);
        self.out
    }

    /// Returns the output of a command that may have found something to tell by its status: other tests leave deliveries
    /// behind that are parked, or that cannot be read.
    #[track_caller]
    #[allow(dead_code, reason = "one of the two programs of tests needs it")]
    pub fn told(self) -> String {
        assert!(matches!(self.code, Some(0 | 1)), "{:?} {}{}", self.code, self.out, self.error);
        self.out
    }

    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.well()).expect("it is JSON")
    }
}

/// Runs `usher` with the rights of the account's owner and without a configuration file.
pub fn usher(stack: &Stack, arguments: &[&str]) -> Said {
    usher_reading(stack, arguments, "")
}

/// Builds the command with the rights of the account's owner and without a configuration file.
pub fn command(stack: &Stack, arguments: &[&str]) -> Command {
    let owner = owner();
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command.args(arguments).env_clear().envs([
        ("USHER_STACK", stack.is.name.as_str()),
        ("AWS_ENDPOINT_URL", &stack.endpoint),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", owner.access_key_id()),
        ("AWS_SECRET_ACCESS_KEY", owner.secret_access_key()),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
    ]);
    command
}

/// Runs `usher` with a text on standard input.
pub fn usher_reading(stack: &Stack, arguments: &[&str], input: &str) -> Said {
    let mut child = command(stack, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("it is piped").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    keep(arguments, &output);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    Said { out: text(output.stdout), error: text(output.stderr), code: output.status.code() }
}

/// Appends a command and its output to a file in the folder that `USHER_SHOWN` names, if it is set.
fn keep(arguments: &[&str], output: &Output) {
    if let Some(folder) = env::var_os("USHER_SHOWN") {
        let path = PathBuf::from(folder).join(format!("{}.txt", arguments[0]));
        let mut file =
            fs::OpenOptions::new().create(true).append(true).open(path).expect("it can be written");
        let code = output.status.code().unwrap_or(-1);
        let mut shown = format!("$ usher {}\n", arguments.join(" ")).into_bytes();
        shown.extend_from_slice(&output.stdout);
        shown.extend_from_slice(&output.stderr);
        shown.extend_from_slice(format!("(exit code {code})\n\n").as_bytes());
        file.write_all(&shown).expect("it can be written");
    }
}
