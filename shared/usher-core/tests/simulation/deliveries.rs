//! What the providers send, signed as they sign it, and what forgers make of it.

use bytes::Bytes;
use usher_core::provider::Provider;
use usher_core::providers::{Allfly, Calcom, Luma, Lunacal, Standard};
use usher_core::request::Request;
use usher_core::secret::Keyring;

use crate::executor::Millis;
use crate::rng::Rng;
use crate::support::NOW;
use crate::support::signing::{Signs, keyring};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Its retries follow after 1, 2 and 4 minutes.
    Luma,
    /// Svix: its retries go on for a day.
    Allfly,
    /// It documents no retry.
    Lunacal,
    /// Its sender does not retry.
    Calcom,
    /// Its retries are those that the specification recommends.
    Standard,
}

/// One thing that a provider has to say, however often it says it.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub sender: Sender,
    pub id: String,
    pub body: Bytes,
    /// Does not name itself: a Lunacal body that holds no moment, or a Luma delivery without an id. Each time it comes it
    /// is another event.
    pub unnamed: bool,
    /// Signs each retry with its own time. Whether Luma does is not documented.
    pub resigns: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgery {
    WrongSecret,
    NoSignature,
    /// A genuine signature over another body.
    AlteredBody,
    /// A genuine delivery from yesterday.
    Stale,
}

impl Forgery {
    pub const ALL: [Self; 4] = [Self::WrongSecret, Self::NoSignature, Self::AlteredBody, Self::Stale];
}

/// The `number`-th delivery of a run. Luma may send the body of an `earlier` one again under another id: an update
/// from A to B and back to A.
pub fn delivery(number: usize, earlier: Option<&Delivery>, rng: &mut Rng) -> Delivery {
    let sender = rng.pick(&[
        Sender::Luma,
        Sender::Luma,
        Sender::Allfly,
        Sender::Lunacal,
        Sender::Calcom,
        Sender::Standard,
    ]);
    let unnamed = match sender {
        Sender::Lunacal | Sender::Calcom => rng.percent(50),
        Sender::Luma => rng.percent(10),
        Sender::Allfly | Sender::Standard => false,
    };
    let again = earlier.filter(|earlier| earlier.sender == Sender::Luma && sender == Sender::Luma);
    let body = match sender {
        Sender::Lunacal | Sender::Calcom if unnamed => format!(r#"{{"title":"template {number}"}}"#),
        Sender::Lunacal | Sender::Calcom => format!(
            r#"{{"triggerEvent":"BOOKING_CREATED","createdAt":"2025-07-02T07:14:48Z","payload":{{"uid":"{number}"}}}}"#
        ),
        _ if rng.percent(15) => format!("neither JSON nor {number}: \u{ffff}"),
        Sender::Luma => format!(r#"{{"type":"guest.registered","data":{{"id":"gst-{number}"}}}}"#),
        Sender::Allfly | Sender::Standard => {
            format!(r#"{{"type":"event_attendee.joined_event","data":{{"id":"{number}"}}}}"#)
        }
    };
    Delivery {
        sender,
        id: if unnamed { String::new() } else { format!("msg_{number}") },
        body: again.map_or(body.into(), |earlier| earlier.body.clone()),
        unnamed,
        resigns: sender != Sender::Luma || rng.percent(50),
    }
}

/// What a provider adopts when it rotates its secret.
pub trait Rotates: Signs {
    const NEXT: &'static str;

    /// What is configured before a rotation, or after it.
    fn secrets(rotated: bool) -> Keyring {
        if rotated { keyring(&[Self::NEXT, Self::SECRET]) } else { Self::keyring() }
    }
}

impl Rotates for Luma {
    const NEXT: &'static str = "whsec_next";
}

impl Rotates for Allfly {
    const NEXT: &'static str = "whsec_bmV4dCBzZWNyZXQgb2YgdGhlIHRlc3Rz";
}

impl Rotates for Lunacal {
    const NEXT: &'static str = "next";
}

impl Rotates for Calcom {
    const NEXT: &'static str = "next of Cal.com";
}

impl Rotates for Standard {
    const NEXT: &'static str = "whsec_bmV4dCBzZWNyZXQgb2Ygc29tZSBzZW5kZXI=";
}

impl Delivery {
    /// The request, signed at a moment.
    pub fn request<P: Rotates>(&self, signed: Millis, rotated: bool, forgery: Option<Forgery>) -> Request {
        let secret = if rotated { P::NEXT } else { P::SECRET };
        let seconds = NOW + i64::try_from(signed / 1000).expect("within some weeks");
        let sign = |secret, seconds| P::sign(secret, &self.id, seconds, &self.body);
        match forgery {
            None => sign(secret, seconds),
            // Nothing that Lunacal and Cal.com sign tells yesterday's from today's.
            Some(Forgery::Stale) if !matches!(self.sender, Sender::Lunacal | Sender::Calcom) => {
                sign(secret, seconds - 86_400)
            }
            Some(Forgery::WrongSecret | Forgery::Stale) => sign("whsec_Zm9yZ2Vk", seconds),
            Some(Forgery::NoSignature) => {
                let mut request = sign(secret, seconds);
                request.headers.remove(P::SIGNATURE);
                request
            }
            Some(Forgery::AlteredBody) => {
                Request { body: [&self.body[..], b" "].concat().into(), ..sign(secret, seconds) }
            }
        }
    }

    /// Returns `true` if an event's id, or an item's key, and a body are this delivery's. Told from what was sent, not by the
    /// code under test.
    pub fn is(&self, id: &str, body: &[u8]) -> bool {
        let (provider, key) = id.split_once([':', '#']).unwrap_or_default();
        body == self.body
            && match self.sender {
                _ if self.unnamed != key.starts_with('@') => false,
                Sender::Luma if self.unnamed => provider == Luma::NAME,
                Sender::Luma => provider == Luma::NAME && key.split('.').next() == Some(&self.id),
                Sender::Allfly => provider == Allfly::NAME && key == self.id,
                Sender::Lunacal => provider == Lunacal::NAME,
                Sender::Calcom => provider == Calcom::NAME,
                Sender::Standard => provider == Standard::NAME && key == self.id,
            }
    }
}
