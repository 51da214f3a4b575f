//! One snapshot per sample payload: the whole event that it becomes, except for its raw body, which is compared byte for
//! byte instead.
//!
//! After a change of the mapping run with `INSTA_UPDATE=always` and read the difference against the sample.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json_borrow::Value;
use support::samples::{message, samples};

/// The event as JSON to read, in the order in which it is sent.
fn without_raw(encoded: &str, body: &str) -> String {
    let raw = format!(r#""raw":{body}}}}}"#);
    let envelope = encoded.strip_suffix(&raw).expect("the body stands at the end, byte for byte");
    let readable = format!(r#"{envelope}"raw":"(as received)"}}}}"#);
    let event: Value<'_> = serde_json::from_str(&readable).expect("the event is JSON");
    serde_json::to_string_pretty(&event).expect("what was JSON is JSON")
}

#[test]
fn every_sample_becomes_the_event_that_its_snapshot_shows() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    for sample in samples() {
        let body = std::str::from_utf8(&sample.body).expect("samples are text");
        let event = match message(sample.provider, &sample.body) {
            Some(message) => without_raw(&message.body, body),
            None => "(answered as a ping; nothing is queued)".to_owned(),
        };
        insta::assert_snapshot!(format!("{}.{}", sample.provider, sample.name), event);
    }
}

#[test]
fn every_snapshot_is_of_a_sample_that_is_still_there() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let files = std::fs::read_dir(directory).expect("there are snapshots");
    let names =
        files.map(|file| file.expect("the directory can be read").file_name().to_string_lossy().into_owned());
    let snapshots: BTreeSet<String> =
        names.filter_map(|name| Some(name.strip_suffix(".snap")?.to_owned())).collect();
    let samples = samples().iter().map(|sample| format!("{}.{}", sample.provider, sample.name)).collect();
    assert_eq!(snapshots, samples);
}

/// The types of the design's table, each shown by at least one sample.
#[test]
fn every_type_of_event_has_a_sample() {
    use usher_core::event::Event;
    use usher_core::event::EventType;
    let messages = samples().into_iter().filter_map(|sample| message(sample.provider, &sample.body));
    let shown: BTreeSet<String> = messages
        .map(|message| {
            serde_json::from_str::<Event>(&message.body).expect("the message is an event").event_type
        })
        .collect();
    let all = EventType::ALL.iter().map(|event_type| event_type.as_str().to_owned()).collect();
    assert_eq!(shown, all);
}
