//! What is signed for another time is refused. For deliveries whose signature has a time in it.

use events::unix_now;

use crate::doctor::probe::{Probe, accepted, refused, tampered};
use crate::doctor::sender::Sender;
use crate::doctor::tamper::{with_signature, with_time, without};

/// Far enough from the limit that neither clocks nor a slow network matter.
const MARGIN_SECONDS: i64 = 60;

fn signs_time(sender: &Sender) -> bool {
    sender.signs() && sender.signs_time()
}

pub(super) fn probes() -> Vec<Probe> {
    let probes = vec![
        tampered("stale", "a captured delivery must not be replayed for ever", |sender, mark| {
            sender.sign(mark, sender.event(mark).body, -sender.tolerance - MARGIN_SECONDS)
        }),
        tampered("from the future", "it could be replayed until its time has come", |sender, mark| {
            sender.sign(mark, sender.event(mark).body, sender.tolerance + MARGIN_SECONDS)
        }),
        accepted("nearly stale", "a provider's retry may carry the time of its first try", |sender, _| {
            let genuine = sender.genuine();
            sender.sign(&sender.mark("genuine"), genuine.body, MARGIN_SECONDS - sender.tolerance)
        }),
        tampered("a stale signature under a fresh time", "the time has to be signed, too", |sender, mark| {
            let stale = sender.sign(mark, sender.event(mark).body, -sender.tolerance - MARGIN_SECONDS);
            with_time(stale, sender.provider, &unix_now().to_string())
        }),
        refused("no time", "without one a delivery would be valid for ever", |sender, mark| {
            let request = without(without(sender.event(mark), "svix-timestamp"), "Webhook-Timestamp");
            with_signature(request, sender.provider, |value| {
                value.split(',').filter(|item| !item.starts_with("t=")).collect::<Vec<_>>().join(",")
            })
        }),
        refused(
            "a time that is no number",
            "it has to be refused, not to crash the parser",
            |sender, mark| with_time(sender.event(mark), sender.provider, "yesterday"),
        ),
        refused(
            "a time that fits no integer",
            "it has to be refused, not to crash the parser",
            |sender, mark| with_time(sender.event(mark), sender.provider, "99999999999999999999999999"),
        ),
        tampered("the last time there is", "now minus such a time overflows", |sender, mark| {
            sender.sign_at(mark, sender.event(mark).body, i64::MAX)
        }),
        tampered("a negative time", "it is none that a provider sends", |sender, mark| {
            sender.sign_at(mark, sender.event(mark).body, -1)
        }),
    ];
    probes.into_iter().map(|probe| probe.only(signs_time)).collect()
}
