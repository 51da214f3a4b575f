//! Trace context: which headers are taken, and what becomes of them.

mod support;

use proptest::prelude::*;
use support::cases::cases;
use support::fakes::fakes;
use support::pipeline::{accepted, deliver_under};
use support::signing::Signs;
use support::{NOW, now, policy};
use usher_core::providers::Luma;
use usher_core::receive::Arrival;
use usher_core::request::Request;
use usher_core::trace::{Span, Trace};

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const XRAY: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
const XRAY_AS_TRACEPARENT: &str = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";

fn request(headers: &[&str]) -> Request {
    let mut request = Luma::genuine(NOW);
    for header in headers {
        request.headers.append("traceparent", header.parse().expect("a header value"));
    }
    request
}

#[test]
fn a_traceparent_is_taken_as_it_came() {
    let span = Span::from_traceparent(TRACEPARENT).expect("it is valid");
    assert_eq!(span.traceparent(), TRACEPARENT);
    assert_eq!(Span::from_bytes(&span.to_bytes()), Some(span));
}

#[test]
fn what_w3c_calls_invalid_is_not_taken() {
    for invalid in [
        "",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
        "0-00af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
        " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ] {
        assert_eq!(Span::from_traceparent(invalid), None, "{invalid:?}");
    }
}

#[test]
fn a_later_version_is_read_as_far_as_ours_goes_and_sent_in_ours() {
    let later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff-what-the-future-will-be-like";
    let span = Span::from_traceparent(later).expect("a later version is read");
    assert_eq!(span.traceparent(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03");
}

#[test]
fn x_rays_header_is_converted() {
    for (sampled, flags) in
        [("Sampled=1", "01"), ("Sampled=0", "00"), ("Sampled=?", "00"), ("Lineage=1:a:0", "00")]
    {
        let header = format!("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;{sampled}");
        let span = Span::from_xray(&header).expect("it is valid");
        assert_eq!(span.traceparent(), format!("{}{flags}", &XRAY_AS_TRACEPARENT[..53]));
    }
    for invalid in [
        "",
        "Root=1-5759e988-bd862e3fe1be46a994272793",
        "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
    ] {
        assert_eq!(Span::from_xray(invalid), None, "{invalid:?}");
    }
}

#[test]
fn the_senders_trace_goes_before_x_rays_and_none_is_made_up() {
    for (headers, xray, expected) in [
        (&[TRACEPARENT][..], Some(XRAY), Some(TRACEPARENT)),
        (&[TRACEPARENT], None, Some(TRACEPARENT)),
        (&["nonsense"], Some(XRAY), Some(XRAY_AS_TRACEPARENT)),
        (&[TRACEPARENT, XRAY_AS_TRACEPARENT], None, None),
        (&[], Some(XRAY), Some(XRAY_AS_TRACEPARENT)),
        (&[], Some("nonsense"), None),
        (&[], None, None),
    ] {
        let trace = Trace::read(&request(headers), xray);
        assert_eq!(trace.traceparent().as_deref(), expected, "{headers:?} {xray:?}");
    }
}

/// A sender that sets the flag must not have every consumer's invocation recorded and billed.
#[test]
fn x_rays_header_on_the_message_is_never_the_senders() {
    assert_eq!(Trace::read(&request(&[TRACEPARENT]), None).xray_header(), None);
    let unsampled = XRAY.replace("Sampled=1", "Sampled=0");
    let trace = Trace::read(&request(&[TRACEPARENT]), Some(&unsampled));
    assert_eq!(trace.xray_header(), Some(unsampled));
}

#[test]
fn the_event_and_its_message_carry_the_traces_of_the_request() {
    let (ledger, queue) = fakes();
    let arrival = Arrival { now: now(), token: "only", xray: Some(XRAY) };
    let request = request(&[TRACEPARENT]);
    let outcome = futures_executor::block_on(deliver_under::<Luma>(
        &policy::<Luma>(),
        &request,
        arrival,
        &ledger,
        &queue,
    ));
    accepted(outcome);
    let message = queue.memory.messages().pop().expect("it was sent");
    let event: serde_json::Value = serde_json::from_str(&message.body).expect("an event");
    assert_eq!(event["traceparent"], TRACEPARENT);
    assert_eq!(message.trace_header.as_deref(), Some(XRAY));
}

proptest! {
    #![proptest_config(cases(2000))]

    /// Whatever the header says, what goes on has the one form.
    #[test]
    fn no_header_puts_text_of_its_own_into_an_event(header in "[0-9a-f-]{50,60}|\\PC{0,80}|00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.{0,4}") {
        if let Some(span) = Span::from_traceparent(&header) {
            let sent = span.traceparent();
            prop_assert_eq!(sent.len(), 55);
            prop_assert!(sent.starts_with("00-") && sent.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()));
            prop_assert_eq!(&sent[..53], &format!("00{}", &header[2..53]));
        }
    }
}
