//! Probes of HTTP, as providers, proxies and strangers use it.

use events::Request;

use crate::doctor::probe::{Expected, Probe, must_accept};
use crate::doctor::tamper::{with, without};
use crate::sender::Sender;

pub(super) fn probes() -> Vec<Probe> {
    vec![
        method("GET", |sender, mark| by("GET", sender, mark)),
        method("HEAD", |sender, mark| by("HEAD", sender, mark)),
        method("PUT", |sender, mark| by("PUT", sender, mark)),
        method("PATCH", |sender, mark| by("PATCH", sender, mark)),
        method("DELETE", |sender, mark| by("DELETE", sender, mark)),
        method("OPTIONS", |sender, mark| by("OPTIONS", sender, mark)),
        must_accept(
            "header names in upper case",
            "case does not matter in names (RFC 9110, 5.1)",
            |sender, _| with_header_names(sender.genuine(), str::make_ascii_uppercase),
        ),
        must_accept(
            "header names in lower case",
            "case does not matter in names (RFC 9110, 5.1)",
            |sender, _| with_header_names(sender.genuine(), str::make_ascii_lowercase),
        ),
        must_accept(
            "blanks around header values",
            "they are not part of the value (RFC 9110, 5.5)",
            |sender, _| {
                let mut request = sender.genuine();
                request.headers.iter_mut().for_each(|(_, value)| *value = format!("  {value}\t "));
                request
            },
        ),
        must_accept("a charset", "it is a parameter, not another type", |sender, _| {
            with(sender.genuine(), "Content-Type", "application/json; charset=utf-8")
        }),
        must_accept(
            "another content type",
            "a valid signature counts, not the label of the content",
            |sender, _| with(sender.genuine(), "Content-Type", "text/plain"),
        ),
        must_accept(
            "no content type",
            "a valid signature counts, not the label of the content",
            |sender, _| without(sender.genuine(), "Content-Type"),
        ),
        must_accept("a binary content type", "Lambda receives such a body as base64", |sender, _| {
            with(sender.genuine(), "Content-Type", "application/octet-stream")
        }),
        must_accept("a parameter in the URL", "proxies and trackers add them", |sender, _| {
            let mut request = sender.genuine();
            request.query.push(("utm_source".to_owned(), "doctor".to_owned()));
            request
        }),
    ]
}

const fn method(name: &'static str, request: fn(&Sender, &str) -> Request) -> Probe {
    Probe::new(
        name,
        "webhooks are sent with POST, and Allow must name it (RFC 9110, 15.5.6)",
        Expected::NotAllowed,
        request,
    )
}

/// Changes the case of all header names.
fn with_header_names(mut request: Request, change_case: fn(&mut str)) -> Request {
    request.headers.iter_mut().for_each(|(name, _)| change_case(name));
    request
}

/// Makes a signed event with another method, and a body only where that method has one.
fn by(method: &str, sender: &Sender, mark: &str) -> Request {
    let mut request = sender.event(mark);
    method.clone_into(&mut request.method);
    if !["PUT", "PATCH"].contains(&method) {
        request.body.clear();
    }
    request
}
