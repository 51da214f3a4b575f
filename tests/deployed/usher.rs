//! The operator's tool, on a deployed stack.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use serde_json::Value;

use crate::stack::{REGION, Stack, owner};

/// What it printed, and how it ended.
pub struct Said {
    pub out: String,
    pub error: String,
    pub code: Option<i32>,
}

impl Said {
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.error);
        self.out
    }

    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.well()).expect("it is JSON")
    }
}

/// Runs `usher` as an operator who has the account's rights, and no configuration file.
pub fn usher(stack: &Stack, arguments: &[&str]) -> Said {
    usher_reading(stack, arguments, "")
}

/// The same, with something on standard input.
pub fn usher_reading(stack: &Stack, arguments: &[&str], input: &str) -> Said {
    let owner = owner();
    let mut child = Command::new(binary())
        .args(arguments)
        .env_clear()
        .envs([
            ("USHER_STACK", stack.is.name.as_str()),
            ("AWS_ENDPOINT_URL", &stack.endpoint),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", owner.access_key_id()),
            ("AWS_SECRET_ACCESS_KEY", owner.secret_access_key()),
        ])
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

/// Another package's binary, of which cargo tells a test nothing: it lies beside the directory of this one.
fn binary() -> PathBuf {
    let test = env::current_exe().expect("this program is somewhere");
    let directory = test.ancestors().nth(2).expect("target/debug/deps is deep enough");
    directory.join("usher")
}

/// For whoever writes down what the tool prints: `USHER_SHOWN` names a directory for it.
fn keep(arguments: &[&str], output: &Output) {
    if let Some(directory) = env::var_os("USHER_SHOWN") {
        let path = PathBuf::from(directory).join(format!("{}.txt", arguments[0]));
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
