//! The messages on the queue, as a consumer reads them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use usher_core::digest::Digest;
use usher_core::event::Deduplication;

use crate::evidence::Copy;
use crate::world::World;

/// One of them.
pub struct Sent<'a> {
    pub id: String,
    pub unchecked: bool,
    pub traceparent: Option<String>,
    /// Which delivery's it is, if anybody's who may send.
    pub delivery: Option<usize>,
    pub copy: &'a Copy,
}

#[derive(Deserialize)]
struct Event<'a> {
    id: String,
    deduplication: Deduplication,
    traceparent: Option<String>,
    #[serde(borrow)]
    data: Body<'a>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    raw: Option<&'a RawValue>,
    raw_base64: Option<String>,
}

impl<'a> Sent<'a> {
    pub fn read(world: &World, copy: &'a Copy) -> Self {
        let event: Event = serde_json::from_str(&copy.message.body).expect("a message is an event");
        let text = event.data.raw.map(|raw| raw.get().as_bytes().to_vec());
        let bytes = || STANDARD.decode(event.data.raw_base64.unwrap_or_default()).expect("it is base64");
        let body = text.unwrap_or_else(bytes);
        let scenario = &world.scenario;
        let genuine = |number: usize| {
            let mut arrivals = scenario.arrivals.iter();
            arrivals.any(|arrival| arrival.delivery == number && arrival.is_genuine())
        };
        let mut deliveries = scenario.deliveries.iter().enumerate();
        let delivery =
            deliveries.find(|(number, delivery)| delivery.is(&event.id, &body) && genuine(*number));
        Self {
            delivery: delivery.map(|(number, _)| number),
            id: event.id,
            unchecked: event.deduplication == Deduplication::Unchecked,
            traceparent: event.traceparent,
            copy,
        }
    }
}

/// X-Ray's header of an invocation: another for each.
pub fn xray_of(token: &str) -> String {
    let id = base16ct::lower::encode_string(&Digest::of(token.as_bytes()).0);
    format!("Root=1-{}-{};Parent=53995c3f42cd8ad8;Sampled=1", &id[..8], &id[8..])
}
