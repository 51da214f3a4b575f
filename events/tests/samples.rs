//! The samples in this crate's folders.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use events::{Provider, SampleError, sample, samples};
use serde_json::Value;

#[test]
fn every_provider_has_samples_and_each_is_json() {
    let all = samples().unwrap();
    for provider in Provider::ALL {
        assert!(all.iter().any(|sample| sample.provider == provider), "{provider} has none");
    }
    for sample in all {
        let parsed: Result<Value, _> = serde_json::from_slice(&sample.body);
        assert!(parsed.is_ok(), "{}: {parsed:?}", sample.name);
    }
}

#[test]
fn a_sample_is_found_by_the_name_it_is_listed_under() {
    for listed in samples().unwrap() {
        assert_eq!(sample(&listed.name).unwrap(), listed);
    }
}

#[test]
fn names_do_not_lead_out_of_the_folders() {
    for name in [
        "",
        "luma",
        "luma/",
        "luma/nothing",
        "src/lib",
        "luma/../luma/guest.registered",
        "../events/luma/guest.registered",
    ] {
        assert!(matches!(sample(name), Err(SampleError::Unknown(_))), "{name}");
    }
}
