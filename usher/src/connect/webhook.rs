//! A webhook as its provider shows it, and the place that it posts to. Pure.

use ureq::http::Uri;
use usher_core::secret::Secret;

/// A webhook at the function's URL.
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) url: String,
    /// The number in its query: 1 without a query. Luma's second webhook at one function has `?2`.
    pub(crate) variant: u32,
    pub(crate) is_enabled: bool,
    /// `true` if it is subscribed to every type that the provider has.
    pub(crate) has_all_types: bool,
    pub(crate) types: Vec<String>,
    pub(crate) secret: Secret,
}

/// The URL of a function. Its query is not looked at when a delivery comes.
pub(crate) struct FunctionUrl {
    url: String,
    place: Place,
}

/// The parts of a URL that say where it leads.
#[derive(PartialEq, Eq)]
struct Place {
    scheme: String,
    authority: String,
    path: String,
}

impl FunctionUrl {
    /// Parses the stack's output. Returns `None` if it is no absolute URL.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (place, _) = place(url)?;
        Some(Self { url: url.split('?').next().unwrap_or_default().to_owned(), place })
    }

    /// Returns the variant that a webhook's URL is, or `None` if it leads elsewhere.
    pub(crate) fn variant(&self, url: &str) -> Option<u32> {
        let (place, query) = place(url)?;
        (place == self.place).then(|| query.and_then(|query| query.parse().ok()).unwrap_or(1))
    }

    /// Returns the URL of a variant.
    pub(crate) fn of_variant(&self, variant: u32) -> String {
        if variant < 2 { self.url.clone() } else { format!("{}?{variant}", self.url) }
    }
}

fn place(url: &str) -> Option<(Place, Option<String>)> {
    let uri: Uri = url.trim().parse().ok()?;
    let place = Place {
        scheme: uri.scheme_str()?.to_ascii_lowercase(),
        authority: uri.authority()?.as_str().to_ascii_lowercase(),
        path: uri.path().trim_end_matches('/').to_owned(),
    };
    Some((place, uri.query().map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_the_stacks_own_whatever_its_query_and_no_other_is() {
        let own = FunctionUrl::parse("https://abc.lambda-url.eu-west-1.on.aws/").expect("it is a URL");
        assert_eq!(own.variant("https://abc.lambda-url.eu-west-1.on.aws"), Some(1));
        assert_eq!(own.variant("https://ABC.lambda-url.eu-west-1.on.aws/?2"), Some(2));
        assert_eq!(own.variant("https://abc.lambda-url.eu-west-1.on.aws/?token=x"), Some(1));
        for other in [
            "https://abd.lambda-url.eu-west-1.on.aws/",
            "http://abc.lambda-url.eu-west-1.on.aws/",
            "https://abc.lambda-url.eu-west-1.on.aws/hook",
            "https://abc.lambda-url.eu-west-1.on.aws.example.com/",
            "https://example.com/?https://abc.lambda-url.eu-west-1.on.aws/",
            "",
        ] {
            assert_eq!(own.variant(other), None, "{other}");
        }
        assert_eq!(own.variant(&own.of_variant(3)), Some(3));
        assert_eq!(own.of_variant(1), "https://abc.lambda-url.eu-west-1.on.aws/");
    }
}
