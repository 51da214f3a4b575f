//! A delivery counts once, and only a genuine one counts. That it is queued once, the queue alone shows: see `--queue`.

use events::forged_secret;

use crate::doctor::probe::{Probe, accepted, refused};
use crate::doctor::tamper::{with_signature, with_tokens};

/// The mark of the delivery that is sent again and again.
pub(crate) const AGAIN: &str = "again";

pub(super) fn probes() -> Vec<Probe> {
    vec![
        accepted("an event", "it is sent again below", |sender, _| sender.event(&sender.mark(AGAIN)))
            .an_event(),
        accepted(
            "the same event again",
            "a provider that is refused retries, and gives up in the end",
            |sender, _| sender.event(&sender.mark(AGAIN)),
        )
        .an_event(),
        accepted("the same event a third time", "every retry is answered alike", |sender, _| {
            sender.event(&sender.mark(AGAIN))
        })
        .an_event(),
        refused(
            "a forgery of that event",
            "known ids must not be answered before they are verified",
            |sender, _| {
                let request = sender.event_signed_with(&forged_secret(), &sender.mark(AGAIN));
                if sender.has_token() { with_tokens(request, [&forged_secret()]) } else { request }
            },
        ),
        refused(
            "that event without a signature",
            "known bodies must not be answered before they are verified",
            |sender, _| {
                let request =
                    with_signature(sender.event(&sender.mark(AGAIN)), sender.provider, |_| String::new());
                with_tokens(request, [])
            },
        ),
    ]
}
