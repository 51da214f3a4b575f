//! Deliveries that no other test makes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use events::{Provider, Request, Sample, Secrets, hex, random, samples};
use jiff::Timestamp;
use usher_core::digest::Digest;

/// A webhook, ready to be signed.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub provider: Provider,
    /// The delivery's id, which Lunacal does not send.
    pub id: String,
    pub body: Vec<u8>,
}

impl Delivery {
    /// Makes a delivery of this body. For Lunacal, whose deliveries have no id, the body must be [`unique`].
    pub fn new(provider: Provider, body: impl Into<Vec<u8>>) -> Self {
        Self { provider, id: provider.new_delivery_id(), body: body.into() }
    }

    pub fn of(sample: &Sample) -> Self {
        let body = if sample.provider.is_cal() { unique(&sample.body) } else { sample.body.clone() };
        Self::new(sample.provider, body)
    }

    /// Makes an ordinary delivery.
    pub fn any(provider: Provider) -> Self {
        let name = match provider {
            Provider::Luma => "luma/guest.registered",
            Provider::Lunacal => "lunacal/BOOKING_CREATED",
            Provider::Allfly => "allfly/event_attendee.joined_event",
            Provider::Calcom => "calcom/BOOKING_CREATED",
            Provider::Standard => "standard/contact.created",
        };
        Self::of(&events::sample(name).expect("the sample is there"))
    }

    /// Returns the key in the ledger, computed from its description in the documents. A body of Lunacal's must name its
    /// moment, for any other has a key of Usher's own making.
    pub fn pk(&self) -> String {
        let digest = URL_SAFE_NO_PAD.encode(Digest::of(&self.body).0);
        match self.provider {
            Provider::Luma => format!("luma#{}.{digest}", self.id),
            Provider::Lunacal | Provider::Calcom => format!("{}#{digest}", self.provider),
            Provider::Allfly | Provider::Standard => format!("{}#{}", self.provider, self.id),
        }
    }

    /// Returns the id of the event.
    pub fn event_id(&self) -> String {
        self.pk().replacen('#', ":", 1)
    }

    pub fn signed(&self, secrets: &Secrets) -> Request {
        self.signed_at(secrets, 0)
    }

    /// Signs the delivery for a time so many seconds from now.
    pub fn signed_at(&self, secrets: &Secrets, seconds: i64) -> Request {
        let time = Timestamp::now().as_second() + seconds;
        Request::delivery(self.provider, secrets, &self.id, time, self.body.clone())
            .expect("the secrets fit the provider")
    }
}

/// The sample that does not name itself, and so has a key of Usher's own making.
pub const UNNAMED: &str = "lunacal/custom-template";

/// Returns the samples of a provider that become events and whose keys are known in advance.
pub fn samples_of(provider: Provider) -> Vec<Sample> {
    let samples = samples().expect("the samples can be read").into_iter();
    samples
        .filter(|sample| {
            sample.provider == provider && !["lunacal/PING", "calcom/PING", UNNAMED].contains(&&*sample.name)
        })
        .collect()
}

/// Returns a JSON object with one more member, whose value is in no other object.
pub fn unique(object: &[u8]) -> Vec<u8> {
    let members = object.strip_prefix(b"{").expect("it is a JSON object");
    [format!(r#"{{"delivery":"{}","#, unique_text()).as_bytes(), members].concat()
}

pub fn unique_text() -> String {
    hex(&random::<8>())
}
