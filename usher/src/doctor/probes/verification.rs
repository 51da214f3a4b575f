//! Nothing unverified passes, and all that is genuine does.

use events::{Provider, forged_secret, unix_now};

use crate::doctor::probe::{Probe, accepted, refused, tampered};
use crate::doctor::sender::Sender;
use crate::doctor::tamper::{signature_header, token, with, with_mac, with_signature, with_tokens, without};

pub(super) fn probes() -> Vec<Probe> {
    [signatures(), schemes(), tokens(), bytes()].into_iter().flatten().collect()
}

fn signs(sender: &Sender) -> bool {
    sender.signs()
}

fn has_token(sender: &Sender) -> bool {
    sender.has_token()
}

fn is_luma(sender: &Sender) -> bool {
    sender.provider == Provider::Luma
}

fn is_lunacal(sender: &Sender) -> bool {
    sender.provider == Provider::Lunacal && sender.signs()
}

fn is_svix(sender: &Sender) -> bool {
    sender.provider == Provider::Allfly
}

fn signatures() -> Vec<Probe> {
    vec![
        accepted("genuine delivery", "what the provider sends has to get in", |sender, _| sender.genuine()),
        refused("no signature", "whoever knows the URL could send anything", |sender, mark| {
            without(sender.event(mark), signature_header(sender.provider))
        })
        .only(signs),
        refused("empty signature", "an empty value is no signature", |sender, mark| {
            with(sender.event(mark), signature_header(sender.provider), "")
        })
        .only(signs),
        refused(
            "garbage for a signature",
            "it has to be refused, not to crash the parser",
            |sender, mark| with(sender.event(mark), signature_header(sender.provider), "t=,v1=,v1,,=%00 =="),
        )
        .only(signs),
        refused(
            "signature without digits",
            "an empty MAC equals an empty prefix of any other",
            |sender, mark| with_mac(sender.event(mark), sender.provider, |_| String::new()),
        )
        .only(signs),
        refused("another secret", "only who has the secret can sign", |sender, mark| {
            sender.event_signed_with(&forged_secret(), mark)
        })
        .only(signs),
        refused(
            "empty secret",
            "a receiver that lost its secret must not take the empty one",
            |sender, mark| {
                // HMAC pads its key with zero bytes: one such byte is the same key as none at all (RFC 2104).
                let empty = if sender.provider == Provider::Allfly { "whsec_AA==" } else { "\0" };
                sender.event_signed_with(empty, mark)
            },
        )
        .only(signs),
        tampered(
            "signature of another body",
            "a captured signature must fit no other body",
            |sender, mark| {
                let mut request = sender.event(mark);
                request.body = sender.event(&format!("{mark}-other")).body;
                request
            },
        )
        .only(signs),
        tampered("one digit of the signature changed", "all of it has to be compared", |sender, mark| {
            with_mac(sender.event(mark), sender.provider, |mac| {
                let last = mac.trim_end_matches('=').len() - 2;
                let digit = if mac.as_bytes()[last] == b'7' { "8" } else { "7" };
                format!("{}{digit}{}", &mac[..last], &mac[last + 1..])
            })
        })
        .only(signs),
        tampered(
            "first half of the signature",
            "comparing as much as is sent lets a guess through",
            |sender, mark| {
                with_mac(sender.event(mark), sender.provider, |mac| mac[..mac.len() / 2].to_owned())
            },
        )
        .only(signs),
    ]
}

fn schemes() -> Vec<Probe> {
    vec![
        tampered(
            "unknown version of the scheme",
            "an older, weaker scheme must not be an option",
            |sender, mark| {
                with_signature(sender.event(mark), sender.provider, |value| value.replace("v1", "v0"))
            },
        )
        .only(|sender| sender.signs() && sender.provider != Provider::Lunacal),
        accepted(
            "a second signature beside the right one",
            "in a rotation providers sign with both",
            |sender, _| {
                let provider = sender.provider;
                let other = sender.event_signed_with(&forged_secret(), "other");
                let other = crate::doctor::tamper::value(&other, signature_header(provider));
                with_signature(sender.genuine(), provider, |value| match provider {
                    Provider::Luma => {
                        let (time, right) = value.split_once(',').unwrap_or_default();
                        let (_, wrong) = other.split_once(',').unwrap_or_default();
                        format!("{time},{wrong},{right}")
                    }
                    Provider::Allfly | Provider::Lunacal => format!("{other} {value}"),
                })
            },
        )
        .only(|sender| sender.signs() && sender.provider != Provider::Lunacal),
        refused("no delivery id", "the id is part of what is signed", |sender, mark| {
            without(sender.event(mark), "svix-id")
        })
        .only(is_svix),
        tampered(
            "another delivery id",
            "with a new id an old delivery would count as new",
            |sender, mark| with(sender.event(mark), "svix-id", format!("{mark}-other")),
        )
        .only(is_svix),
        tampered("id and body cut elsewhere", "parts joined by dots must not be cut anew", |sender, mark| {
            // Signed as id.time.body, where the body begins like a time: the same bytes, cut one dot later.
            let time = unix_now();
            let inner = sender.event(mark).body;
            let body = [format!("{time}.").as_bytes(), &inner].concat();
            let mut request = sender.sign_at(mark, body, time);
            request.body = inner;
            with(request, "svix-id", format!("{mark}.{time}"))
        })
        .only(is_svix),
        refused(
            "the words no-secret-provided",
            "Cal.com writes them where it has no secret",
            |sender, mark| with(sender.event(mark), signature_header(sender.provider), "no-secret-provided"),
        )
        .only(is_lunacal),
        tampered(
            "a fresh time beside the signed one",
            "Webhook-Timestamp is not signed: t is",
            |sender, mark| {
                let stale = sender.sign(mark, sender.event(mark).body, -sender.tolerance - 60);
                with(stale, "Webhook-Timestamp", unix_now().to_string())
            },
        )
        .only(is_luma),
        tampered(
            "two times in one signature",
            "which one was signed must not be the sender's choice",
            |sender, mark| {
                let stale = sender.sign(mark, sender.event(mark).body, -sender.tolerance - 60);
                with_signature(stale, sender.provider, |value| format!("{value},t={}", unix_now()))
            },
        )
        .only(is_luma),
    ]
}

fn tokens() -> Vec<Probe> {
    vec![
        refused("no token", "the token is all that keeps strangers out", |sender, mark| {
            with_tokens(sender.event(mark), [])
        })
        .only(has_token),
        refused("empty token", "an empty token is none", |sender, mark| {
            with_tokens(sender.event(mark), [""])
        })
        .only(has_token),
        refused("another token", "only the provider knows it", |sender, mark| {
            with_tokens(sender.event(mark), [&forged_secret()])
        })
        .only(has_token),
        tampered("all but the last letter of the token", "all of it has to be compared", |sender, mark| {
            let request = sender.event(mark);
            let mut token = token(&request);
            token.pop();
            with_tokens(request, [&token])
        })
        .only(has_token),
        tampered("the token in a header", "where it is not looked for it proves nothing", |sender, mark| {
            let request = sender.event(mark);
            let token = token(&request);
            with(with_tokens(request, []), "token", token)
        })
        .only(has_token),
        tampered(
            "the token behind a wrong one",
            "two values for one name are a guess each",
            |sender, mark| {
                let request = sender.event(mark);
                let token = token(&request);
                with_tokens(request, [&forged_secret(), &token])
            },
        )
        .only(has_token),
        accepted("the token among other parameters", "providers and proxies add their own", |sender, _| {
            let mut request = sender.genuine();
            request.query.insert(0, ("a b&c".to_owned(), "ä/?#".to_owned()));
            request
        })
        .only(has_token),
    ]
}

fn bytes() -> Vec<Probe> {
    vec![
        accepted(
            "JSON that no printer prints",
            "the raw bytes are signed, not what a parser makes of them",
            |sender, mark| {
                let (member, kind) = (sender.type_member(), sender.harmless_type());
                let body = format!(
                    "\n{{ \"{member}\" :\"{kind}\",\"{member}\":\t\"{kind}\", \"n\":1.0e0,\"big\":12345678901234567890123,\
                 \"\\u006dark\":\"{mark}\", \"text\":\"\\u00e9\\/é\" , \"z\":{{}},\"a\":[ ]}}\r\n\n"
                );
                sender.sign(mark, body.into_bytes(), 0)
            },
        ),
        tampered(
            "the same JSON, printed anew",
            "who compares what was parsed accepts a changed body",
            |sender, mark| {
                let mut request = sender.event(mark);
                let printed =
                    String::from_utf8_lossy(&request.body).replace("\":", "\": ").replace(",\"", ", \"");
                request.body = printed.into_bytes();
                request
            },
        )
        .only(signs),
        tampered("a blank behind the body", "trimming changes what was signed", |sender, mark| {
            let mut request = sender.event(mark);
            request.body.push(b'\n');
            request
        })
        .only(signs),
        accepted("a byte order mark", "it is part of what was signed", |sender, mark| {
            let body = [b"\xef\xbb\xbf", &sender.harmless(mark)[..]].concat();
            sender.sign(mark, body, 0)
        })
        .an_event(),
        accepted(
            "bytes that are no text",
            "verified input is never refused for its shape",
            |sender, mark| {
                let body = [b"\x00\xff\xfe\xc3(\xed\xa0\x80 ", mark.as_bytes()].concat();
                with(sender.sign(mark, body, 0), "Content-Type", "application/octet-stream")
            },
        )
        .an_event(),
        accepted("an empty body", "verified input is never refused for its shape", |sender, mark| {
            sender.sign(mark, Vec::new(), 0)
        })
        // Without an id nobody could tell whose event it is.
        .only(Sender::signs_time)
        .an_event(),
        refused("an empty body, unsigned", "nothing to sign is no reason not to", |sender, mark| {
            let mut request = without(sender.event(mark), signature_header(sender.provider));
            request.body.clear();
            with_tokens(request, [])
        }),
    ]
}
