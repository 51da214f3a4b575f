//! Advice for each provider: what to do there, and what it does by itself.

use events::Provider;

use super::args::Kind;

/// Returns the advice for a provider that has no secret yet.
pub(crate) fn first(provider: Provider) -> String {
    format!(
        "No secret is stored yet, so every delivery of {provider} is answered 500, and {provider} retries.\nNext: usher \
         rotate {provider} stage"
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

/// Returns what to do at the provider once the new secret is staged.
pub(crate) fn staged(provider: Provider, kind: Kind) -> &'static str {
    match (provider, kind) {
        (Provider::Luma, _) => {
            "At Luma: nothing more, if Luma gave you this secret for the webhook that is in use. Luma signs with it from \
             now on. Deliveries that it signed with it before you staged it were refused, and are retried for seven \
             minutes."
        }
        (Provider::Allfly, _) => {
            "At Allfly Connect: nothing more, if you rotated the secret there. It signs with the old and the new one for 24 \
             hours."
        }
        (Provider::Calcom, _) => {
            "At Cal.com: set the webhook's secret to the new one. Cal.com does not retry, so the old one has to stay valid \
             until you have changed it there."
        }
        (Provider::Standard, _) => {
            "At the sender: nothing more, if it gave you this secret. Most senders sign with the old and the new one for a \
             day."
        }
        (Provider::Lunacal, Kind::Token) => {
            "At Lunacal: replace the webhook's URL by the new one (usher rotate lunacal --show). Lunacal documents no \
             retry, so the old one has to stay valid until you have changed it there."
        }
        (Provider::Lunacal, Kind::Signing) => {
            "At Lunacal: set the webhook's secret, if it is not set yet. Lunacal documents no retry, so the old one has to \
             stay valid until you have changed it there."
        }
    }
}

/// Returns what to check at the provider before the old secret is retired.
pub(crate) fn before_retiring(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => {
            "Luma's own list of deliveries shows whether Luma uses the new one: the latest have to be answered 200. Its \
             retries go on for seven minutes."
        }
        Provider::Allfly => {
            "Allfly Connect signs with both for 24 hours after a rotation, so wait for that long. Its retries go on for 28 \
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
