//! The doctor on deployed functions.

use std::thread::sleep;
use std::time::Duration;

use events::Provider;
use stacks::stack::{STANDARD, block_on};

use crate::usher::usher;

#[test]
fn the_doctor_finds_nothing_wrong_with_what_is_deployed_nor_with_its_queue() {
    // A reader of the earlier tests may still have a request open, for a second, which would take the first message.
    sleep(Duration::from_secs(2));
    // The doctor would not find its own messages behind those that the earlier tests left.
    block_on(STANDARD.clients.sqs.purge_queue().queue_url(&STANDARD.is.queue).send()).unwrap();
    for provider in Provider::ALL {
        let said = usher(&STANDARD, &["doctor", "--provider", provider.name(), "--queue", "--json"]);
        let code = said.code;
        let report = said.json();
        let probes = report["probes"].as_array().unwrap();
        let failed: Vec<_> = probes.iter().filter(|probe| probe["passed"] != true).collect();
        assert!(failed.is_empty(), "{provider}: {failed:#?}");
        assert!(probes.len() > 30, "{provider}: {}", probes.len());
        assert_eq!(code, Some(0));
    }
}
