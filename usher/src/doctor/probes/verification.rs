//! Probes of verification: forgeries must be refused, and genuine deliveries accepted.

use events::{Provider, forged_secret, unix_now};

use crate::doctor::probe::{Probe, must_accept, must_refuse, must_refuse_changed};
use crate::doctor::tamper::{
    first_half, id_header, token, value, with, with_digit_changed, with_mac, with_signature, with_tokens,
    without,
};
use crate::sender::Sender;

pub(super) fn probes() -> Vec<Probe> {
    [signatures(), schemes(), tokens(), bytes()].into_iter().flatten().collect()
}

fn signs(sender: &Sender) -> bool {
    sender.signs()
}

fn has_token(sender: &Sender) -> bool {
    sender.has_token()
}

/// Returns whether the signature header holds the signed time, as Luma's does.
fn has_time_in_signature(sender: &Sender) -> bool {
    sender.provider == Provider::Luma
}

/// Returns whether the sender is one that writes words in place of a signature, as Lunacal's and Cal.com's.
fn signs_optionally(sender: &Sender) -> bool {
    sender.provider.is_cal() && sender.signs()
}

/// Returns whether the delivery id is part of what is signed, as with Svix.
fn signs_delivery_id(sender: &Sender) -> bool {
    sender.provider.is_standard_webhooks()
}

fn signatures() -> Vec<Probe> {
    vec![
        must_accept("genuine delivery", "deliveries of the provider must be accepted", |sender, _| {
            sender.genuine()
        }),
        must_refuse("no signature", "anyone who knows the URL could send anything", |sender, mark| {
            without(sender.event(mark), sender.provider.signature_header())
        })
        .only(signs),
        must_refuse("empty signature", "an empty value is no signature", |sender, mark| {
            with(sender.event(mark), sender.provider.signature_header(), "")
        })
        .only(signs),
        must_refuse(
            "garbage for a signature",
            "a malformed value must be refused, and not crash the parser",
            |sender, mark| with(sender.event(mark), sender.provider.signature_header(), "t=,v1=,v1,,=%00 =="),
        )
        .only(signs),
        must_refuse(
            "signature without digits",
            "an empty MAC equals the empty beginning of any other",
            |sender, mark| with_mac(sender.event(mark), sender.provider, |_| String::new()),
        )
        .only(signs),
        must_refuse("another secret", "only a sender with the secret can sign", |sender, mark| {
            sender.event_signed_with(&forged_secret(), mark)
        })
        .only(signs),
        must_refuse(
            "empty secret",
            "a receiver that lost its secret must not accept the empty one",
            |sender, mark| {
                // HMAC pads its key with zero bytes: one such byte is the same key as none at all (RFC 2104).
                let empty = if sender.provider.is_standard_webhooks() { "whsec_AA==" } else { "\0" };
                sender.event_signed_with(empty, mark)
            },
        )
        .only(signs),
        must_refuse_changed(
            "signature of another body",
            "a captured signature must not fit another body",
            |sender, mark| {
                let mut request = sender.event(mark);
                request.body = sender.event(&format!("{mark}-other")).body;
                request
            },
        )
        .only(signs),
        must_refuse_changed(
            "one digit of the signature changed",
            "the whole value must be compared",
            |sender, mark| with_mac(sender.event(mark), sender.provider, with_digit_changed),
        )
        .only(signs),
        must_refuse_changed(
            "first half of the signature",
            "comparing only as much as was sent lets short guesses pass",
            |sender, mark| with_mac(sender.event(mark), sender.provider, first_half),
        )
        .only(signs),
    ]
}

fn schemes() -> Vec<Probe> {
    vec![
        must_refuse_changed(
            "unknown version of the scheme",
            "an older, weaker scheme must not be accepted",
            |sender, mark| {
                with_signature(sender.event(mark), sender.provider, |value| value.replacen("v1", "v0", 1))
            },
        )
        .only(|sender| sender.signs() && !sender.provider.is_cal()),
        must_accept(
            "a second signature beside the right one",
            "during a rotation providers sign with both secrets",
            |sender, _| {
                let provider = sender.provider;
                let other = sender.event_signed_with(&forged_secret(), "other");
                let other = value(&other, provider.signature_header());
                with_signature(sender.genuine(), provider, |value| match provider {
                    Provider::Luma => {
                        let (time, right) = value.split_once(',').unwrap_or_default();
                        let (_, wrong) = other.split_once(',').unwrap_or_default();
                        format!("{time},{wrong},{right}")
                    }
                    _ => format!("{other} {value}"),
                })
            },
        )
        .only(|sender| sender.signs() && !sender.provider.is_cal()),
        must_refuse("no delivery id", "the id is part of what is signed", |sender, mark| {
            without(sender.event(mark), id_header(sender.provider))
        })
        .only(signs_delivery_id),
        must_refuse_changed(
            "another delivery id",
            "with a new id an old delivery would count as new",
            |sender, mark| with(sender.event(mark), id_header(sender.provider), format!("{mark}-other")),
        )
        .only(signs_delivery_id),
        must_refuse_changed(
            "id and body separated elsewhere",
            "parts joined by dots must not be separable elsewhere",
            |sender, mark| {
                // Signed as id.time.body, where the body begins like a time: the same bytes, separated one dot later.
                let time = unix_now();
                let inner = sender.event(mark).body;
                let body = [format!("{time}.").as_bytes(), &inner].concat();
                let mut request = sender.sign_at(mark, body, time);
                request.body = inner;
                with(request, id_header(sender.provider), format!("{mark}.{time}"))
            },
        )
        .only(signs_delivery_id),
        must_refuse(
            "the words no-secret-provided",
            "Cal.com writes them where it has no secret",
            |sender, mark| with(sender.event(mark), sender.provider.signature_header(), "no-secret-provided"),
        )
        .only(signs_optionally),
        must_refuse_changed(
            "a fresh time beside the signed one",
            "Webhook-Timestamp is not signed: t is",
            |sender, mark| {
                let stale = sender.sign(mark, sender.event(mark).body, -sender.tolerance - 60);
                with(stale, "Webhook-Timestamp", unix_now().to_string())
            },
        )
        .only(has_time_in_signature),
        must_refuse_changed(
            "two times in one signature",
            "a sender must not choose which one counts",
            |sender, mark| {
                let stale = sender.sign(mark, sender.event(mark).body, -sender.tolerance - 60);
                with_signature(stale, sender.provider, |value| format!("{value},t={}", unix_now()))
            },
        )
        .only(has_time_in_signature),
    ]
}

fn tokens() -> Vec<Probe> {
    vec![
        must_refuse("no token", "only the token keeps strangers out", |sender, mark| {
            with_tokens(sender.event(mark), [])
        })
        .only(has_token),
        must_refuse("empty token", "an empty token must not count as one", |sender, mark| {
            with_tokens(sender.event(mark), [""])
        })
        .only(has_token),
        must_refuse("another token", "only the provider knows it", |sender, mark| {
            with_tokens(sender.event(mark), [&forged_secret()])
        })
        .only(has_token),
        must_refuse_changed(
            "all but the last letter of the token",
            "the whole value must be compared",
            |sender, mark| {
                let request = sender.event(mark);
                let mut token = token(&request);
                token.pop();
                with_tokens(request, [&token])
            },
        )
        .only(has_token),
        must_refuse_changed("the token in a header", "a token counts only in the URL", |sender, mark| {
            let request = sender.event(mark);
            let token = token(&request);
            with(with_tokens(request, []), "token", token)
        })
        .only(has_token),
        must_refuse_changed(
            "the token after a wrong one",
            "two values for one name are two guesses",
            |sender, mark| {
                let request = sender.event(mark);
                let token = token(&request);
                with_tokens(request, [&forged_secret(), &token])
            },
        )
        .only(has_token),
        must_accept(
            "the token among other parameters",
            "providers and proxies add their own",
            |sender, _| {
                let mut request = sender.genuine();
                request.query.insert(0, ("a b&c".to_owned(), "ä/?#".to_owned()));
                request
            },
        )
        .only(has_token),
    ]
}

fn bytes() -> Vec<Probe> {
    vec![
        must_accept(
            "JSON that no printer prints",
            "the raw bytes are signed, not the parsed values",
            |sender, mark| {
                let (member, kind) = (sender.type_member(), sender.harmless_type());
                let body = format!(
                    "\n{{ \"{member}\" :\"{kind}\",\"{member}\":\t\"{kind}\", \"n\":1.0e0,\"big\":12345678901234567890123,\
                 \"\\u006dark\":\"{mark}\", \"text\":\"\\u00e9\\/é\" , \"z\":{{}},\"a\":[ ]}}\r\n\n"
                );
                sender.sign(mark, body.into_bytes(), 0)
            },
        ),
        must_refuse_changed(
            "the same JSON, printed differently",
            "a receiver that compares parsed values accepts a changed body",
            |sender, mark| {
                let mut request = sender.event(mark);
                let printed =
                    String::from_utf8_lossy(&request.body).replace("\":", "\": ").replace(",\"", ", \"");
                request.body = printed.into_bytes();
                request
            },
        )
        .only(signs),
        must_refuse_changed(
            "a blank after the body",
            "a receiver that trims the body accepts a changed one",
            |sender, mark| {
                let mut request = sender.event(mark);
                request.body.push(b'\n');
                request
            },
        )
        .only(signs),
        must_accept("a byte order mark", "it is part of the signed bytes", |sender, mark| {
            let body = [b"\xef\xbb\xbf", &sender.harmless(mark)[..]].concat();
            sender.sign(mark, body, 0)
        })
        .always_an_event(),
        must_accept(
            "bytes that are no text",
            "verified input is never refused for its shape",
            |sender, mark| {
                let body = [b"\x00\xff\xfe\xc3(\xed\xa0\x80 ", mark.as_bytes()].concat();
                with(sender.sign(mark, body, 0), "Content-Type", "application/octet-stream")
            },
        )
        .always_an_event(),
        must_accept("an empty body", "verified input is never refused for its shape", |sender, mark| {
            sender.sign(mark, Vec::new(), 0)
        })
        // Without an id the event could not be found on the queue.
        .only(Sender::signs_time)
        .always_an_event(),
        must_refuse("an empty body, unsigned", "an empty body must be signed, too", |sender, mark| {
            let mut request = without(sender.event(mark), sender.provider.signature_header());
            request.body.clear();
            with_tokens(request, [])
        }),
    ]
}
