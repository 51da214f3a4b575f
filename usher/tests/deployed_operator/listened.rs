//! `usher listen` on the deployed stack: an event arrives, and so does its replay.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use events::Provider;
use serde_json::Value;

use crate::usher::{command, usher};
use stacks::delivery::Delivery;
use stacks::stack::STANDARD;

/// The longest wait for an event: the relay of the emulator runs each minute.
const PATIENCE: Duration = Duration::from_secs(150);

/// Receives events on a port of its own, and answers 200.
fn receiver() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("it listens"));
    let (sender, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap_or(0);
                }
            }
            let mut body = vec![0; length];
            let _ = stream.read_exact(&mut body);
            let _ = stream
                .get_mut()
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = serde_json::from_slice(&body).map(|event| sender.send(event));
        }
    });
    (url, received)
}

#[test]
fn an_event_and_its_replay_are_posted_to_a_program_on_this_machine() {
    let (url, received) = receiver();
    let delivery = Delivery::any(Provider::Luma);
    let id = delivery.event_id();
    let arguments = ["listen", "--to", &url, "--provider", "luma", "--since", "5min"];
    let mut listening = command(&STANDARD, &arguments).stdout(Stdio::null()).spawn().expect("it starts");
    let next = || {
        let wanted = |event: &Value| event["id"] == id.as_str();
        loop {
            // Other tests send events of their own.
            let event = received.recv_timeout(PATIENCE).expect("it is posted");
            if wanted(&event) {
                return event;
            }
        }
    };
    STANDARD.post(&delivery).assert_received();
    let first = next();
    assert_eq!(first.get("replay"), None);
    usher(&STANDARD, &["replay", &id, "--yes"]).well();
    assert_eq!(next()["replay"], 1);
    listening.kill().expect("it runs");
    listening.wait().expect("it ends");
}
