//! The doctor on deployed functions.

use std::thread::sleep;
use std::time::Duration;

use events::Provider;
use serde_json::Value;

use crate::stacks::STANDARD;

#[test]
fn the_doctor_finds_nothing_wrong_with_what_is_deployed_nor_with_its_queue() {
    // A reader of the earlier tests may still have a request open, for a second, which would take the first message.
    sleep(Duration::from_secs(2));
    // The doctor would not find its own messages behind those that the earlier tests left.
    STANDARD.empty_queue();
    for provider in Provider::ALL {
        let output = STANDARD.usher(&["doctor", "--provider", provider.name(), "--queue", "--json"], "");
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let probes = report["probes"].as_array().unwrap();
        let failed: Vec<_> = probes.iter().filter(|probe| probe["passed"] != true).collect();
        assert!(failed.is_empty(), "{provider}: {failed:#?}");
        assert!(probes.len() > 30, "{provider}: {}", probes.len());
        assert_eq!(output.status.code(), Some(0));
    }
}
