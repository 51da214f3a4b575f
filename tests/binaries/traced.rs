//! The trace of the request that brought an event, on every way to the queue.

use fakes::behaviour::Behaviour;
use fakes::runtime_api::TRACE_HEADER;
use fakes::sqs::Message;
use serde_json::json;

use crate::delivery::{Provider, delivery};
use crate::world::World;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Posts a delivery with this `traceparent`, if any. Returns its message, sent by the handler or by the relay.
async fn sent(traceparent: Option<&str>, by_relay: bool) -> Message {
    let world = World::new().await;
    let mut function = world.start(Provider::Luma).await;
    let mut request = delivery(Provider::Luma);
    request.headers.extend(traceparent.map(|value| ("traceparent".to_owned(), value.to_owned())));
    if by_relay {
        // No client retries this failure.
        world.sqs.behave(Behaviour::AccessDenied);
    }
    assert_eq!(function.deliver(&request).await.status, 200);
    if by_relay {
        world.sqs.behave(Behaviour::Answer);
        world.dynamodb.service().make_due();
        world.start_relay().await.invoke(json!({}).to_string()).await;
    }
    world.sqs.service().message()
}

#[tokio::test]
async fn handler_and_relay_send_an_event_with_the_trace_of_its_request() {
    let xray = TRACE_HEADER.split(";Lineage").next();
    for by_relay in [false, true] {
        let message = sent(Some(TRACEPARENT), by_relay).await;
        assert_eq!(message.event()["traceparent"], TRACEPARENT);
        assert_eq!(message.trace_header.as_deref(), xray, "X-Ray's own, and never the sender's");
    }
}

#[tokio::test]
async fn without_a_sender_s_trace_an_event_carries_x_ray_s() {
    for traceparent in [None, Some("00-nonsense")] {
        for by_relay in [false, true] {
            let message = sent(traceparent, by_relay).await;
            let expected = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
            assert_eq!(message.event()["traceparent"], expected);
        }
    }
}
