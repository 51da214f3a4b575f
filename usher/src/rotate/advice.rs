//! Advice for each provider: what to do there, and what it does by itself.

use events::Provider;
use jiff::Timestamp;

use super::args::{Kind, command};
use super::retirement::{Obstacle, Wait};
use crate::terminal::plain::plain;
use crate::terminal::table::table;
use crate::terminal::time::moment;

/// Returns the advice for a provider that has no secret yet.
pub(crate) fn first(provider: Provider) -> String {
    format!(
        "No secret is stored yet, so every delivery of {provider} is answered 500, and {provider} retries.\nNext: {}",
        command(provider, "stage", Kind::default_of(provider), None)
    )
}

/// Returns the warning that a second kind of proof would be required at once.
pub(crate) fn requires_more(kind: Kind) -> String {
    format!(
        "once the first {0} is staged, every delivery of Lunacal must carry one: deliveries without it are refused and \
         never sent again. {1}, or run again with `--yes`",
        kind.name(),
        match kind {
            Kind::Signing =>
                "Choose a secret, set it at Lunacal (its signature is ignored until the secret is staged), then stage it \
                 without --generate",
            Kind::Token => "Do it while no deliveries are expected",
        }
    )
}

/// Returns what to know about the provider once the new secret is staged, and before it is watched.
pub(crate) fn staged(provider: Provider, kind: Kind, rotates: bool) -> &'static str {
    match (provider, kind, rotates) {
        (Provider::Luma, _, false) => {
            "Luma signs with this secret already. What it signed with it before was refused, and is retried for seven \
             minutes."
        }
        (Provider::Luma, _, true) => {
            "Luma cannot rotate a secret: a new one comes with a second webhook, at the same URL with another query, such \
             as ?2. Keep that one paused, and the old one active, until `watch` has succeeded."
        }
        (Provider::Allfly, ..) => {
            "At AllFly Connect there is nothing more to do, if you have rotated the secret there: it signs with the old and \
             the new one for 24 hours."
        }
        (Provider::Calcom, _, false) => {
            "Deliveries of Cal.com have to be signed with this secret from now on."
        }
        (Provider::Calcom, _, true) => {
            "Change nothing at Cal.com yet: it does not retry, and not every function knows the new secret. `watch` says \
             when."
        }
        (Provider::Standard, ..) => {
            "At the sender there is nothing more to do, if it gave you this secret: most senders sign with the old and the \
             new one for a day."
        }
        (Provider::Lunacal, Kind::Token, _) => {
            "Change nothing at Lunacal yet: it documents no retry, and not every function knows the new token. `watch` \
             says when."
        }
        (Provider::Lunacal, Kind::Signing, false) => {
            "Deliveries of Lunacal have to be signed with this secret from now on."
        }
        (Provider::Lunacal, Kind::Signing, true) => {
            "Change nothing at Lunacal yet: it documents no retry, and not every function knows the new secret. `watch` \
             says when."
        }
    }
}

/// Returns what to do at the provider, once every function knows the newest secret beside an older one.
pub(crate) fn change_over(provider: Provider, kind: Kind) -> &'static str {
    match (provider, kind) {
        (Provider::Luma, _) => {
            "Now at Luma:\n  1. Resume the new webhook.\n  2. Pause the old one.\n  3. When `retire` has taken the old \
             secret, delete the old webhook."
        }
        (Provider::Allfly, _) => "Now at AllFly Connect: nothing. It signs with the new secret already.",
        (Provider::Calcom, _) => {
            "Now at Cal.com: replace the webhook's secret by the new one, and press its ping test."
        }
        (Provider::Standard, _) => {
            "Now at the sender: nothing, if it has generated the secret. It signs with it already."
        }
        (Provider::Lunacal, Kind::Token) => {
            "Now at Lunacal: for each event type, open Advanced, replace the webhook's URL by the new one (`--show` prints \
             it), and press Ping Test."
        }
        (Provider::Lunacal, Kind::Signing) => {
            "Now at Lunacal: for each event type, open Advanced, and replace the webhook's secret by the new one."
        }
    }
}

/// Returns what the ledger has shown before the old secret is retired.
pub(crate) fn unused(kind: Kind) -> &'static str {
    match kind {
        Kind::Signing => {
            "The ledger shows that the newest is used, and that no delivery came with an older one lately."
        }
        Kind::Token => {
            "The ledger shows that every event type that was booked has come under the newest, and under none else lately."
        }
    }
}

/// Returns what to check at the provider before the old secret is retired without asking the ledger.
pub(crate) fn before_retiring(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => {
            "Luma's own list of deliveries shows whether Luma uses the new one: the latest have to be answered 200. Its \
             retries go on for seven minutes."
        }
        Provider::Allfly => {
            "AllFly Connect signs with both for 24 hours after a rotation, so wait for that long. Its retries go on for 28 \
             hours, but each is signed again when it is sent."
        }
        Provider::Calcom => {
            "Only a delivery shows whether Cal.com uses the new one: press its ping test, or wait for a booking. Deliveries \
             with the old one are refused once that is retired, and Cal.com does not retry."
        }
        Provider::Standard => {
            "Most senders sign with both for a day after a rotation, so wait for that long. The sender's own list of \
             deliveries shows whether the latest are answered 200."
        }
        Provider::Lunacal => {
            "Only a delivery shows whether Lunacal uses the new one: press its ping test, or wait for a booking. \
             Deliveries with the old one are refused once that is retired, and Lunacal documents no retry."
        }
    }
}

/// Returns what has to happen before older secrets may be retired.
pub(crate) fn not_yet(provider: Provider, kind: Kind, obstacles: &[Obstacle], now: Timestamp) -> String {
    let kind = kind.name();
    if provider == Provider::Lunacal {
        let head = ["EVENT TYPE", "LAST UNDER AN OLDER ONE", "MAY BE RETIRED"];
        let rows: Vec<Vec<String>> = obstacles.iter().map(|obstacle| row(obstacle, now)).collect();
        return format!(
            "{} of {provider} has to come under the newest {kind} first:\n\n{}",
            if rows.len() == 1 { "This event type" } else { "Each of these event types" },
            table(&head, &rows)
        );
    }
    let says = |obstacle: &Obstacle| match (obstacle.wait, obstacle.older) {
        (Wait::Until(time), Some(older)) => format!(
            "The last delivery that came with an older {kind} of {provider}, or may have: {}. It may be retired if none comes \
             with it until {}.",
            moment(older, now),
            moment(time, now)
        ),
        (Wait::Until(time), None) => {
            format!(
                "The newest {kind} of {provider} was stored lately. The older may be retired: {}.",
                moment(time, now)
            )
        }
        (Wait::ForNewest(since), _) => format!(
            "No delivery of {provider} has come with the newest {kind} since {}. The older may be retired once one has.",
            moment(since, now)
        ),
    };
    obstacles.iter().map(says).collect::<Vec<_>>().join("\n")
}

/// Returns the table's row of one event type.
fn row(obstacle: &Obstacle, now: Timestamp) -> Vec<String> {
    let sender = match (obstacle.sender.as_str(), &obstacle.slug) {
        ("", None) => "(not named in the body)".to_owned(),
        (id, None) => plain(id),
        (id, Some(slug)) => plain(&format!("{id} ({slug})")),
    };
    let waits = match obstacle.wait {
        Wait::Until(time) => format!("after {}, once it has come under the newest", moment(time, now)),
        Wait::ForNewest(_) => "once it has come under the newest".to_owned(),
    };
    vec![sender, obstacle.older.map_or_else(|| "-".to_owned(), |older| moment(older, now)), waits]
}
