//! `usher doctor` against receivers on loopback: a correct one, in which it must find no fault, and the same one with one
//! fault at a time, which it must find.

mod fault;
mod queue;
mod receiver;

mod correct;
mod faulty;
mod printed;
mod settings;
mod tampered;

use std::process::Output;

use serde_json::Value;

use crate::usher;
use receiver::Receiver;

/// The JSON that `usher doctor` printed, and its exit code.
struct Report {
    json: Value,
    code: Option<i32>,
}

/// Runs the doctor against a receiver.
fn doctor(receiver: &Receiver, arguments: &[&str]) -> Output {
    let max_body_bytes = receiver::MAX_BODY_BYTES.to_string();
    let fixed = ["doctor", "--provider", receiver.provider.name(), "--url", &receiver.url];
    usher(&receiver.origin, &[&fixed[..], &["--max-body-bytes", &max_body_bytes], arguments].concat())
        .output()
        .unwrap()
}

fn report(receiver: &Receiver, arguments: &[&str]) -> Report {
    let output = doctor(receiver, &[arguments, &["--json"]].concat());
    let json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)));
    Report { json, code: output.status.code() }
}

/// Runs the doctor with the secrets, and with or without the queue.
fn examined(receiver: &Receiver, look_into_queue: bool) -> Report {
    let mut arguments = vec!["--secret", receiver.document.as_str()];
    if look_into_queue {
        arguments.extend(["--queue", &receiver.queue_url]);
    }
    report(receiver, &arguments)
}

impl Report {
    fn failed(&self) -> Vec<&str> {
        let probes = self.json["probes"].as_array().unwrap().iter();
        probes.filter(|probe| probe["passed"] == false).map(|probe| probe["name"].as_str().unwrap()).collect()
    }

    fn probes(&self) -> usize {
        self.json["probes"].as_array().unwrap().len()
    }
}
