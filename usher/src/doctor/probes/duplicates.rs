//! Probes that send the same delivery again. Only the queue shows that it is queued once: see `--queue`.

use events::{Request, forged_secret};

use crate::doctor::probe::{Probe, must_accept, must_refuse};
use crate::doctor::tamper::{with_signature, with_tokens};
use crate::sender::Sender;

/// The mark of the delivery that is sent several times.
pub(crate) const AGAIN: &str = "again";

pub(super) fn probes() -> Vec<Probe> {
    vec![
        sent("an event", "the next probes send it again"),
        sent(
            "the same event again",
            "a provider whose retry is refused tries again, and gives up in the end",
        ),
        sent("the same event a third time", "every retry must get the same answer"),
        must_refuse(
            "a forgery of that event",
            "known ids must not be answered before they are verified",
            |sender, _| {
                let request = sender.event_signed_with(&forged_secret(), &sender.mark(AGAIN));
                if sender.has_token() { with_tokens(request, [&forged_secret()]) } else { request }
            },
        ),
        must_refuse(
            "that event without a signature",
            "known bodies must not be answered before they are verified",
            |sender, _| {
                let unsigned = with_signature(event(sender), sender.provider, |_| String::new());
                with_tokens(unsigned, [])
            },
        ),
    ]
}

/// Makes a probe that sends the event once more.
const fn sent(name: &'static str, why: &'static str) -> Probe {
    must_accept(name, why, |sender, _| event(sender)).always_an_event()
}

fn event(sender: &Sender) -> Request {
    sender.event(&sender.mark(AGAIN))
}
