//! HTTP, as providers, proxies and strangers speak it.

use events::Request;

use crate::doctor::probe::{Expected, Probe, accepted};
use crate::doctor::sender::Sender;
use crate::doctor::tamper::{with, without};

pub(super) fn probes() -> Vec<Probe> {
    vec![
        method("GET", |sender, mark| by("GET", sender, mark)),
        method("HEAD", |sender, mark| by("HEAD", sender, mark)),
        method("PUT", |sender, mark| by("PUT", sender, mark)),
        method("PATCH", |sender, mark| by("PATCH", sender, mark)),
        method("DELETE", |sender, mark| by("DELETE", sender, mark)),
        method("OPTIONS", |sender, mark| by("OPTIONS", sender, mark)),
        accepted("header names in upper case", "names have no case (RFC 9110, 5.1)", |sender, _| {
            let mut request = sender.genuine();
            request.headers.iter_mut().for_each(|(name, _)| name.make_ascii_uppercase());
            request
        }),
        accepted("header names in lower case", "names have no case (RFC 9110, 5.1)", |sender, _| {
            let mut request = sender.genuine();
            request.headers.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase());
            request
        }),
        accepted(
            "blanks around header values",
            "they are not part of the value (RFC 9110, 5.5)",
            |sender, _| {
                let mut request = sender.genuine();
                request.headers.iter_mut().for_each(|(_, value)| *value = format!("  {value}\t "));
                request
            },
        ),
        accepted("a charset", "it is a parameter, not another type", |sender, _| {
            with(sender.genuine(), "Content-Type", "application/json; charset=utf-8")
        }),
        accepted("another content type", "a signature says more than a label", |sender, _| {
            with(sender.genuine(), "Content-Type", "text/plain")
        }),
        accepted("no content type", "a signature says more than a label", |sender, _| {
            without(sender.genuine(), "Content-Type")
        }),
        accepted("a binary content type", "Lambda gets such a body as base64", |sender, _| {
            with(sender.genuine(), "Content-Type", "application/octet-stream")
        }),
        accepted("a parameter in the URL", "proxies and trackers add them", |sender, _| {
            let mut request = sender.genuine();
            request.query.push(("utm_source".to_owned(), "doctor".to_owned()));
            request
        }),
    ]
}

const fn method(name: &'static str, request: fn(&Sender, &str) -> Request) -> Probe {
    Probe::new(
        name,
        "only POST is for webhooks, and Allow says so (RFC 9110, 15.5.6)",
        Expected::NotAllowed,
        request,
    )
}

/// A signed event by another method, with a body only where that method has one.
fn by(method: &str, sender: &Sender, mark: &str) -> Request {
    let mut request = sender.event(mark);
    method.clone_into(&mut request.method);
    if !["PUT", "PATCH"].contains(&method) {
        request.body.clear();
    }
    request
}
