//! One probe: a request, and what is to be answered.

use events::{Answer, Provider, Request};

use super::sender::Sender;

/// What is sent, why, and what has to come of it.
pub(crate) struct Probe {
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    /// The attack it stops, or the promise it keeps.
    pub(crate) why: &'static str,
    pub(crate) expected: Expected,
    /// Makes the request. The text is the probe's mark.
    pub(crate) request: fn(&Sender, &str) -> Request,
    /// For whom it makes sense.
    applies: fn(&Sender) -> bool,
    /// Whether it takes the real secret.
    needs_secret: bool,
    /// Whether what is accepted is an event, also where the provider has a ping.
    always_an_event: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expected {
    Accepted,
    Refused,
    NotAllowed,
    TooLarge,
}

type MakeRequest = fn(&Sender, &str) -> Request;

/// A genuine delivery.
pub(crate) const fn accepted(name: &'static str, why: &'static str, request: MakeRequest) -> Probe {
    Probe { needs_secret: true, ..Probe::new(name, why, Expected::Accepted, request) }
}

/// A forgery that anybody can make.
pub(crate) const fn refused(name: &'static str, why: &'static str, request: MakeRequest) -> Probe {
    Probe::new(name, why, Expected::Refused, request)
}

/// A forgery that takes a genuine delivery, or one that would be genuine but for one thing.
pub(crate) const fn tampered(name: &'static str, why: &'static str, request: MakeRequest) -> Probe {
    Probe { needs_secret: true, ..Probe::new(name, why, Expected::Refused, request) }
}

impl Probe {
    pub(crate) const fn new(
        name: &'static str,
        why: &'static str,
        expected: Expected,
        request: MakeRequest,
    ) -> Self {
        Self {
            group: "",
            name,
            why,
            expected,
            request,
            applies: |_| true,
            needs_secret: false,
            always_an_event: false,
        }
    }

    pub(crate) const fn with_secret(self) -> Self {
        Self { needs_secret: true, ..self }
    }

    /// Only for some providers, or some of what they may send.
    pub(crate) const fn only(self, applies: fn(&Sender) -> bool) -> Self {
        Self { applies, ..self }
    }

    /// What it sends is an event, whoever the provider is.
    pub(crate) const fn an_event(self) -> Self {
        Self { always_an_event: true, ..self }
    }

    /// Its group, by the title in the report.
    pub(crate) fn in_group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    pub(crate) fn applies_to(&self, sender: &Sender) -> bool {
        (self.applies)(sender)
    }

    pub(crate) fn needs_secret(&self) -> bool {
        self.needs_secret
    }

    /// Whether a correct receiver queues an event for it.
    pub(crate) fn becomes_an_event(&self, sender: &Sender) -> bool {
        self.expected == Expected::Accepted && (self.always_an_event || sender.provider != Provider::Lunacal)
    }
}

impl Expected {
    pub(crate) fn is_met_by(self, answer: &Answer) -> bool {
        match self {
            Self::Accepted => (200..300).contains(&answer.status),
            Self::Refused => [400, 401, 403].contains(&answer.status),
            Self::NotAllowed => {
                let allowed = answer.header("allow").unwrap_or_default();
                answer.status == 405
                    && allowed.split(',').any(|method| method.trim().eq_ignore_ascii_case("POST"))
            }
            Self::TooLarge => answer.status == 413,
        }
    }

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Accepted => "2xx",
            Self::Refused => "401",
            Self::NotAllowed => "405, Allow: POST",
            Self::TooLarge => "413",
        }
    }
}
