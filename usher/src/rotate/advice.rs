//! What to do at each provider, and what it does by itself.

use events::Provider;

use super::Kind;

/// Where nothing was ever put.
pub(crate) fn first(provider: Provider) -> String {
    format!(
        "Nothing was put yet, so every delivery of {provider} is answered 500, and {provider} retries.\nNext: usher rotate \
         {provider} stage"
    )
}

/// Where a second kind of proof would be required at once.
pub(crate) fn asks_for_more(kind: Kind) -> String {
    format!(
        "with its first {0} Lunacal would have to show one at once, and what it sends without is refused and never sent \
         again. {1}, or say --yes",
        kind.name(),
        match kind {
            Kind::Signing =>
                "Choose a secret, set it at Lunacal (until it is staged, its signature is not looked at), then stage it \
                 without --generate",
            Kind::Token => "Do it while nothing is expected",
        }
    )
}

/// After the new secret was staged.
pub(crate) fn staged(provider: Provider, kind: Kind) -> &'static str {
    match (provider, kind) {
        (Provider::Luma, _) => {
            "At Luma: nothing more, if Luma gave you this secret for the webhook that is in use; it signs with it from now \
             on. What it sent before you staged it was refused, and is retried for seven minutes."
        }
        (Provider::Allfly, _) => {
            "At AllFly Connect: nothing more, if you rotated the secret there. It signs with the old and the new one for 24 \
             hours."
        }
        (Provider::Lunacal, Kind::Token) => {
            "At Lunacal: replace the webhook's URL by the new one (usher rotate lunacal --show). Lunacal documents no \
             retry: until you have changed it there, the old one has to stay valid."
        }
        (Provider::Lunacal, Kind::Signing) => {
            "At Lunacal: set the webhook's secret, if it is not set yet. Lunacal documents no retry: until you have changed \
             it there, the old one has to stay valid."
        }
    }
}

/// Before the old secret is retired.
pub(crate) fn before_retiring(provider: Provider) -> &'static str {
    match provider {
        Provider::Luma => {
            "Whether Luma uses the new one, Luma's own list of deliveries shows: the last ones have to be answered 200. \
             Its retries go on for seven minutes."
        }
        Provider::Allfly => {
            "AllFly Connect signs with both for 24 hours after a rotation, so wait for as long: its retries, which go on \
             for 28 hours, are signed anew each time."
        }
        Provider::Lunacal => {
            "Whether Lunacal uses the new one, only a delivery shows: press its ping test, or wait for a booking. What \
             comes with the old one is refused once that is retired, and Lunacal documents no retry."
        }
    }
}
