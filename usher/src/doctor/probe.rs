//! One probe: a request, and the answer that it must get.

use events::{Answer, Request};

use crate::sender::Sender;

/// A request, the reason for it, and the answer that it must get.
pub(crate) struct Probe {
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    /// The attack that the right answer stops, or the promise that it keeps.
    pub(crate) why: &'static str,
    pub(crate) expected: Expected,
    /// The function that makes the request with the probe's mark.
    pub(crate) request: fn(&Sender, &str) -> Request,
    /// The condition under which it makes sense.
    applies: fn(&Sender) -> bool,
    /// `true` if only a sender with the real secret can make it.
    needs_secret: bool,
    /// `true` if it becomes an event even where the provider has a ping.
    always_an_event: bool,
}

/// The answer that a probe must get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Expected {
    Accepted,
    Refused,
    NotAllowed,
    TooLarge,
}

type MakeRequest = fn(&Sender, &str) -> Request;

/// Makes a probe of a genuine delivery.
pub(crate) const fn must_accept(name: &'static str, why: &'static str, request: MakeRequest) -> Probe {
    Probe { needs_secret: true, ..Probe::new(name, why, Expected::Accepted, request) }
}

/// Makes a probe of a forgery that anyone can make.
pub(crate) const fn must_refuse(name: &'static str, why: &'static str, request: MakeRequest) -> Probe {
    Probe::new(name, why, Expected::Refused, request)
}

/// Makes a probe of a forgery that starts from a genuine delivery, with one thing changed.
pub(crate) const fn must_refuse_changed(
    name: &'static str,
    why: &'static str,
    request: MakeRequest,
) -> Probe {
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

    /// Limits the probe to some providers, or to some of their ways to authenticate.
    pub(crate) const fn only(self, applies: fn(&Sender) -> bool) -> Self {
        Self { applies, ..self }
    }

    /// Marks the probe as one that becomes an event with every provider.
    pub(crate) const fn always_an_event(self) -> Self {
        Self { always_an_event: true, ..self }
    }

    /// Puts the probe into a group of the report.
    pub(crate) fn in_group(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    pub(crate) fn applies_to(&self, sender: &Sender) -> bool {
        (self.applies)(sender)
    }

    pub(crate) fn needs_secret(&self) -> bool {
        self.needs_secret
    }

    /// Returns whether a correct receiver queues an event for it.
    pub(crate) fn becomes_an_event(&self, sender: &Sender) -> bool {
        self.expected == Expected::Accepted && (self.always_an_event || !sender.provider.is_cal())
    }
}

impl Expected {
    pub(crate) fn is_met_by(self, answer: &Answer) -> bool {
        match self {
            Self::Accepted => answer.is_2xx(),
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
