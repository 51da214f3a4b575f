//! Probes signed for another time. They apply where the signature includes the time.

use events::unix_now;

use crate::doctor::probe::{Probe, must_accept, must_refuse, must_refuse_changed};
use crate::doctor::tamper::{time_header, with_signature, with_time, without};
use crate::sender::Sender;

/// The distance from the limit, large enough that neither clocks nor a slow network matter.
const MARGIN_SECONDS: i64 = 60;

fn signs_time(sender: &Sender) -> bool {
    sender.signs() && sender.signs_time()
}

pub(super) fn probes() -> Vec<Probe> {
    let probes = vec![
        must_refuse_changed("stale", "a captured delivery must not be replayed for ever", |sender, mark| {
            sender.sign(mark, sender.event(mark).body, -sender.tolerance - MARGIN_SECONDS)
        }),
        must_refuse_changed(
            "from the future",
            "it could be replayed until its time has come",
            |sender, mark| sender.sign(mark, sender.event(mark).body, sender.tolerance + MARGIN_SECONDS),
        ),
        must_accept("nearly stale", "a provider's retry may carry the time of its first try", |sender, _| {
            let genuine = sender.genuine();
            // A receiver that tolerates less than the margin gets a fresh time.
            let seconds = (MARGIN_SECONDS - sender.tolerance).min(0);
            sender.sign(&sender.mark("genuine"), genuine.body, seconds)
        }),
        must_refuse_changed(
            "a stale signature under a fresh time",
            "the time must be signed, too",
            |sender, mark| {
                let stale = sender.sign(mark, sender.event(mark).body, -sender.tolerance - MARGIN_SECONDS);
                with_time(stale, sender.provider, &unix_now().to_string())
            },
        ),
        must_refuse("no time", "without one a delivery would be valid for ever", |sender, mark| {
            let request = without(sender.event(mark), time_header(sender.provider));
            with_signature(request, sender.provider, |value| {
                value.split(',').filter(|item| !item.starts_with("t=")).collect::<Vec<_>>().join(",")
            })
        }),
        must_refuse(
            "a time that is no number",
            "a malformed value must be refused, and not crash the parser",
            |sender, mark| with_time(sender.event(mark), sender.provider, "yesterday"),
        ),
        must_refuse(
            "a time that fits no integer",
            "a malformed value must be refused, and not crash the parser",
            |sender, mark| with_time(sender.event(mark), sender.provider, "99999999999999999999999999"),
        ),
        must_refuse_changed("the last time there is", "now minus such a time overflows", |sender, mark| {
            sender.sign_at(mark, sender.event(mark).body, i64::MAX)
        }),
        must_refuse_changed("a negative time", "no provider sends such a time", |sender, mark| {
            sender.sign_at(mark, sender.event(mark).body, -1)
        }),
    ];
    probes.into_iter().map(|probe| probe.only(signs_time)).collect()
}
