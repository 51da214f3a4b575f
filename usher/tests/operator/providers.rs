//! The tool knows the providers that the relay knows.

use usher_core::providers::READERS;

use crate::{stderr, stdout, usher};

#[test]
fn the_tool_lists_exactly_the_providers_whose_bodies_can_be_read() {
    let names = READERS.map(|(name, _)| name);
    assert_eq!(events::Provider::ALL.map(events::Provider::name), names);
    let list = format!("[possible values: {}]", names.join(", "));
    for command in ["tail", "listen", "replay", "send", "event", "doctor", "rotate"] {
        let help = stdout(&usher(&[command, "--help"]));
        let unwrapped = help.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unwrapped.contains(&list), "{help}");
    }
    for arguments in [&["tail", "--provider", "x"][..], &["replay", "--provider", "x"], &["rotate", "x"]] {
        let refused = usher(arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains(&list), "{}", stderr(&refused));
    }
}
