//! Changes to a signed request, as a forger, a proxy or a careless sender makes them.

use events::{Provider, Request};

/// Returns the name of the header that holds the delivery's id, where the id is signed.
pub(crate) const fn id_header(provider: Provider) -> &'static str {
    if matches!(provider, Provider::Allfly) { "svix-id" } else { "webhook-id" }
}

/// Returns the name of the header that holds the time.
pub(crate) const fn time_header(provider: Provider) -> &'static str {
    if matches!(provider, Provider::Allfly) { "svix-timestamp" } else { "webhook-timestamp" }
}

/// Returns a header's value; empty where there is none.
pub(crate) fn value(request: &Request, header: &str) -> String {
    let mut found = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(header));
    found.next().map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Removes a header.
pub(crate) fn without(mut request: Request, header: &str) -> Request {
    request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
    request
}

/// Sets a header.
pub(crate) fn with(request: Request, header: &str, value: impl Into<String>) -> Request {
    let mut request = without(request, header);
    request.headers.push((header.to_owned(), value.into()));
    request
}

/// Changes the header that holds the signature.
pub(crate) fn with_signature(
    request: Request,
    provider: Provider,
    edit: impl FnOnce(String) -> String,
) -> Request {
    let header = provider.signature_header();
    let edited = edit(value(&request, header));
    with(request, header, edited)
}

/// Changes the digits of the signature, and nothing before them.
pub(crate) fn with_mac(request: Request, provider: Provider, edit: impl FnOnce(&str) -> String) -> Request {
    with_signature(request, provider, |value| {
        // The first one: base64 may hold the same two letters.
        let digits = value.find("v1").map_or(0, |scheme| scheme + "v1=".len());
        let (before, mac) = value.split_at_checked(digits).unwrap_or((&value, ""));
        format!("{before}{}", edit(mac))
    })
}

/// Changes one digit near the end of a signature. Base64's very last digit may stand for bits that do not count.
pub(crate) fn with_digit_changed(mac: &str) -> String {
    let digits = mac.trim_end_matches('=');
    match digits.char_indices().nth_back(1) {
        Some((place, digit)) => {
            let other = if digit == '7' { '8' } else { '7' };
            format!("{}{other}{}", &mac[..place], &mac[place + digit.len_utf8()..])
        }
        None => "7".to_owned(),
    }
}

/// Returns the first half of a signature.
pub(crate) fn first_half(mac: &str) -> String {
    mac.chars().take(mac.chars().count() / 2).collect()
}

/// Replaces the token in the URL by other tokens.
pub(crate) fn with_tokens<const N: usize>(mut request: Request, tokens: [&str; N]) -> Request {
    request.query = tokens.iter().map(|token| ("token".to_owned(), (*token).to_owned())).collect();
    request
}

/// Returns the token in the URL; empty where there is none.
pub(crate) fn token(request: &Request) -> String {
    request.query.first().map(|(_, token)| token.clone()).unwrap_or_default()
}

/// Shows another time than the signed one.
pub(crate) fn with_time(request: Request, provider: Provider, time: &str) -> Request {
    match provider {
        Provider::Luma => with_signature(with(request, "Webhook-Timestamp", time), provider, |value| {
            let signatures = value.split_once(',').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
            format!("t={time},{signatures}")
        }),
        Provider::Allfly | Provider::Standard => with(request, time_header(provider), time),
        Provider::Lunacal | Provider::Calcom => request,
    }
}
