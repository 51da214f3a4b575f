//! `usher listen`, and `usher replay --to`: events for a program on this machine.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::background::{Background, until};
use crate::http::{Reply, Request, serve, serve_on};
use crate::table::Table;
use crate::{stderr, stdout, usher};

type Got = Arc<Mutex<Vec<Request>>>;

/// Answers the requests with these statuses in turn, and the rest with 200, and remembers them.
fn receiver(statuses: &[u16], body: &'static str) -> (Got, impl Fn(Request) -> Reply + Send + Sync + use<>) {
    let got = Got::default();
    let (shared, statuses) = (Arc::clone(&got), statuses.to_vec());
    let answer = move |request| {
        let mut got = shared.lock().unwrap();
        got.push(request);
        match statuses.get(got.len() - 1) {
            Some(status) => Reply::json(*status, body),
            None => Reply::json(200, "{}"),
        }
    };
    (got, answer)
}

fn subjects(got: &Got) -> Vec<String> {
    let got = got.lock().unwrap();
    got.iter().map(|request| event(request)["subject"].as_str().unwrap().to_owned()).collect()
}

fn event(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[test]
fn a_receiver_that_is_down_and_up_again_gets_all_in_order_and_once() {
    let table = Table::of(&["g1", "g2", "g3"]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let to = format!("http://127.0.0.1:{port}/hook");
    let listening = usher(&table.endpoint, &["listen", "--to", &to, "--since", "1h", "--every", "1"]);
    let listening = Background::start(listening);
    let down = listening.line("nothing answered");
    assert!(down.contains("luma:g1") && down.contains("again in 1 s"), "{down}");

    // It comes up, and is not well at first.
    let (got, answer) = receiver(&[503], "{}");
    serve_on(TcpListener::bind(("127.0.0.1", port)).unwrap(), answer);
    until(|| (subjects(&got).len() >= 4).then_some(()), "all of them");
    assert_eq!(
        subjects(&got),
        ["g1", "g1", "g2", "g3"],
        "the one that was answered 503 again, and nothing else"
    );

    table.replay("g2");
    until(|| (subjects(&got).len() >= 5).then_some(()), "the replay");
    assert_eq!(event(&got.lock().unwrap()[4])["replay"], 1);
    // Two further passes bring nothing new.
    let scans = table.count("Scan");
    until(|| (table.count("Scan") >= scans + 4).then_some(()), "two passes of two pages");
    assert_eq!(subjects(&got), ["g1", "g1", "g2", "g3", "g2"]);
}

#[test]
fn what_is_refused_is_shown_and_passed() {
    let table = Table::of(&["g1", "g2"]);
    let (got, answer) = receiver(&[400], "{}");
    let to = serve(answer);
    let listened =
        usher(&table.endpoint, &["listen", "--to", &to, "--since", "1h", "--once"]).output().unwrap();
    let lines = stdout(&listened);
    assert_eq!(subjects(&got), ["g1", "g2"]);
    let (first, second) = lines.trim().split_once('\n').unwrap();
    assert!(first.contains("luma:g1  400") && first.contains("refused"), "{first}");
    assert!(second.contains("usher.registration.created") && second.contains("luma:g2  200"), "{second}");
    assert!(second.trim_end().ends_with(" ms"), "{second}");
}

#[test]
fn what_no_event_can_be_made_of_is_told_and_not_left_out_in_silence() {
    let table = Table::of(&["g1", "g2", "g3"]);
    table.erase("g1");
    table.damage("g2");
    let (got, answer) = receiver(&[], "{}");
    let to = serve(answer);
    let listened =
        usher(&table.endpoint, &["listen", "--to", &to, "--since", "1h", "--once"]).output().unwrap();
    assert_eq!(subjects(&got), ["g3"]);
    let notes = stderr(&listened);
    for note in
        ["Left out: luma:g1: it was erased", "Left out: luma:g2: the stored body", "Reading the whole ledger"]
    {
        assert!(notes.contains(note), "{note} is not in {notes}");
    }
}

#[test]
fn a_large_ledger_is_read_only_once_its_price_is_agreed_to() {
    let table = Table::of(&["g1"]);
    table.grow(9_000_000_000, 0.5);
    let (got, answer) = receiver(&[], "{}");
    let to = serve(answer);
    let arguments = ["listen", "--to", &to, "--since", "1h", "--once"];
    let refused = usher(&table.endpoint, &arguments).output().unwrap();
    assert_eq!((refused.status.code(), table.count("Scan")), (Some(1), 0));
    assert!(stderr(&refused).contains("add --yes if that is fine"), "{}", stderr(&refused));
    stdout(&usher(&table.endpoint, &[&arguments[..], &["--yes"]].concat()).output().unwrap());
    assert_eq!(subjects(&got), ["g1"]);
}

#[test]
fn only_wanted_types_are_posted() {
    let table = Table::of(&["g1", "event1", "g2"]);
    let (got, answer) = receiver(&[], "{}");
    let to = serve(answer);
    let arguments = ["listen", "--to", &to, "--since", "1h", "--once", "--type", "usher.event.created"];
    stdout(&usher(&table.endpoint, &arguments).output().unwrap());
    let other = ["listen", "--to", &to, "--since", "1h", "--once", "--provider", "lunacal"];
    stdout(&usher(&table.endpoint, &other).output().unwrap());
    assert_eq!(got.lock().unwrap().len(), 1);
    assert_eq!(event(&got.lock().unwrap()[0])["type"], "usher.event.created");
}

#[test]
fn the_binary_form_has_attributes_as_headers_and_the_body_as_it_was_received() {
    let table = Table::of(&["g1"]);
    let (got, answer) = receiver(&[], "{}");
    let to = serve(answer);
    let arguments = ["listen", "--to", &to, "--since", "1h", "--once", "--binary"];
    stdout(&usher(&table.endpoint, &arguments).output().unwrap());
    let got = got.lock().unwrap();
    let header = |name: &str| got[0].header(name).unwrap().to_owned();
    assert_eq!(header("ce-specversion"), "1.0");
    assert_eq!(header("ce-id"), "luma:g1");
    assert_eq!(header("ce-type"), "usher.registration.created");
    assert_eq!(header("ce-provider"), "luma");
    assert_eq!(header("ce-traceparent"), "00-01010101010101010101010101010101-0101010101010101-01");
    assert_eq!(header("content-type"), "application/json");
    let data = String::from_utf8(got[0].body.clone()).unwrap();
    assert!(data.contains(r#""price":1.50"#) && data.contains(r#""user_name":"Zoë \"g1\" 100%""#), "{data}");
}

#[test]
fn a_function_gets_the_sqs_event_and_again_what_it_lists_as_failed() {
    let table = Table::of(&["g1", "g2"]);
    let (got, answer) = receiver(&[200], r#"{"batchItemFailures":[{"itemIdentifier":"any"}]}"#);
    let to = serve(answer);
    let arguments = ["listen", "--to", &to, "--since", "1h", "--once", "--as", "sqs"];
    let lines = stdout(&usher(&table.endpoint, &arguments).output().unwrap());
    assert!(lines.contains("batchItemFailures lists it  again in 1 s"), "{lines}");
    let records: Vec<Value> =
        got.lock().unwrap().iter().map(|request| event(request)["Records"][0].clone()).collect();
    let bodies =
        records.iter().map(|record| serde_json::from_str::<Value>(record["body"].as_str().unwrap()).unwrap());
    let subjects: Vec<String> = bodies.map(|body| body["subject"].as_str().unwrap().to_owned()).collect();
    assert_eq!(subjects, ["g1", "g1", "g2"]);
    assert_eq!(records[0]["messageId"], records[1]["messageId"], "the same message");
    assert_eq!(records[0]["eventSource"], "aws:sqs");
    let trace = "Root=1-01010101-010101010101010101010101;Parent=0101010101010101;Sampled=1";
    assert_eq!(records[0]["attributes"]["AWSTraceHeader"], trace);
    assert_eq!(records[0]["messageAttributes"]["provider"]["stringValue"], "luma");
}

#[test]
fn a_function_that_failed_is_not_taken_for_one_that_worked() {
    let table = Table::of(&["g1"]);
    let (got, answer) = receiver(&[200], r#"{"errorMessage":"boom","errorType":"Error"}"#);
    let to = serve(answer);
    let arguments = ["listen", "--to", &to, "--since", "1h", "--once", "--as", "sqs"];
    stdout(&usher(&table.endpoint, &arguments).output().unwrap());
    assert_eq!(got.lock().unwrap().len(), 2);
}

#[test]
fn a_stored_event_is_posted_without_changing_anything() {
    let table = Table::of(&["g1", "g2"]);
    let (got, answer) = receiver(&[200, 500], "{}");
    let to = serve(answer);
    let posted = usher(&table.endpoint, &["replay", "luma:g2", "--to", &to]).output().unwrap();
    assert!(stdout(&posted).contains("luma:g2  200"), "{}", stdout(&posted));
    assert_eq!(subjects(&got), ["g2"]);
    assert!(event(&got.lock().unwrap()[0]).get("replay").is_none(), "it is the event as it was");
    assert_eq!(table.operations(), ["GetItem"]);
    let failed = usher(&table.endpoint, &["replay", "luma:g2", "--to", &to]).output().unwrap();
    assert_eq!(failed.status.code(), Some(1), "the receiver did not take it");
    assert_eq!(got.lock().unwrap().len(), 2, "it is posted once");
}

#[test]
fn what_does_not_go_together_is_refused() {
    for arguments in [
        &["replay", "--since", "1h", "--to", "http://127.0.0.1:1/"][..],
        &["replay", "luma:g1", "--yes", "--to", "http://127.0.0.1:1/"],
        &["replay", "luma:g1", "--binary"],
        &["listen", "--to", "http://127.0.0.1:1/", "--binary", "--as", "sqs"],
        &["listen"],
    ] {
        let refused = usher("http://127.0.0.1:1", arguments).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
    }
    let refused = usher("http://127.0.0.1:1", &["listen", "--to", "localhost:3000"]).output().unwrap();
    assert!(stderr(&refused).contains("--to is not a URL"), "{}", stderr(&refused));
}
