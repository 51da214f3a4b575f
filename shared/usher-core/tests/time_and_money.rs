//! Times name the moment they named, amounts are exact, and what is neither is left out and told.

mod support;

use jiff::Timestamp;
use serde_json::{Value, json};
use support::table::{data, facts, read};
use usher_core::event::Problem::{self, NotADuration, NotATime, NotAWholeNumber, UnexpectedType};
use usher_core::event::data::{Data, Money};
use usher_core::provider::Reading;

/// What Luma's data becomes whose one field of interest holds this JSON text.
fn luma(name: &str, json_text: &str) -> Data {
    let body = format!(r#"{{"type":"event.updated","data":{{"id":"evt-1","{name}":{json_text}}}}}"#);
    data_of("luma", &body)
}

fn ticket(amount: &str, currency: &str) -> Data {
    let body = format!(
        r#"{{"type":"ticket.registered","data":{{"event_ticket":{{"id":"t","amount":{amount},"currency":{currency}}}}}}}"#
    );
    data_of("luma", &body)
}

fn price(amount: &str, currency: &str) -> Option<Money> {
    ticket(amount, currency).ticket.expect("there is a ticket").price
}

fn data_of(provider: &str, body: &str) -> Data {
    match read(provider, body.as_bytes()) {
        Reading::Event(facts) => facts.data,
        other => panic!("not an event: {other:?}"),
    }
}

fn money(amount: i64, currency: &str) -> Money {
    Money { amount, currency: Some(currency.to_owned()) }
}

fn problems(data: &Data) -> Vec<Problem> {
    data.drift.iter().map(|drift| drift.problem).collect()
}

fn start(text: &str) -> Data {
    luma("start_at", &json!(text).to_string())
}

#[test]
fn a_time_is_the_same_moment_in_utc_however_its_offset_is_written() {
    for text in [
        "2026-05-21T18:00:00Z",
        "2026-05-21T18:00:00.000Z",
        "2026-05-21T18:00:00+00:00",
        "2026-05-21T18:00:00-00:00",
        "2026-05-21T18:00Z",
        "2026-05-21T23:30:00+05:30",
        "2026-05-21T23:45:00+05:45",
        "2026-05-21T08:30-09:30",
        "2026-05-22T08:00:00+14:00",
        "2026-05-21t18:00:00z",
        "2026-05-21 18:00:00Z",
        " 2026-05-21T18:00:00Z\n",
    ] {
        let data = start(text);
        assert_eq!(problems(&data), [], "{text}");
        let event = serde_json::to_value(data.event.expect("an event")).expect("it is JSON");
        assert_eq!(event["start"], "2026-05-21T18:00:00Z", "{text}");
    }
}

#[test]
fn the_digits_of_a_fraction_are_kept_to_the_nanosecond() {
    for (text, expected) in [
        ("2026-05-21T18:00:00.5Z", "2026-05-21T18:00:00.5Z"),
        ("2026-05-21T18:00:00.318Z", "2026-05-21T18:00:00.318Z"),
        ("2026-05-21T18:00:00.123456789Z", "2026-05-21T18:00:00.123456789Z"),
        ("2026-05-21T18:00:00,25Z", "2026-05-21T18:00:00.25Z"),
    ] {
        let start = start(text).event.expect("an event").start;
        assert_eq!(start.map(|start| start.to_string()).as_deref(), Some(expected), "{text}");
    }
}

/// Nobody's clock shows it for long, and most software has no such second.
#[test]
fn a_leap_second_is_the_second_before_it() {
    let event = start("2016-12-31T23:59:60Z").event.expect("an event");
    assert_eq!(event.start, Some("2016-12-31T23:59:59Z".parse::<Timestamp>().expect("a time")));
}

#[test]
fn what_names_no_moment_is_left_out_and_told() {
    for text in [
        "2026-05-21",
        "2026-05-21T18:00:00",
        "2026-05-21T18:00:00.000",
        "18:00:00Z",
        "2026-02-30T18:00:00Z",
        "2026-05-21T25:00:00Z",
        "177938640",
        "4102444800",
        "-1779386400",
        "1779386400.5",
        "20260521",
        "Thu, 21 May 2026 18:00:00 GMT",
        "soon",
    ] {
        let data = start(text);
        assert_eq!(problems(&data), [NotATime], "{text}");
        assert_eq!(data.event.expect("an event").start, None, "{text}");
    }
    for number in
        ["0", "-1", "17", "946684799", "4102444800", "946684799999", "4102444800000", "1779386400.5", "1e300"]
    {
        let data = luma("start_at", number);
        assert_eq!(problems(&data), [NotATime], "{number}");
        assert_eq!(data.event.expect("an event").start, None, "{number}");
    }
    for (json_text, problem) in
        [("true", UnexpectedType), ("[1779386400]", UnexpectedType), ("{}", UnexpectedType)]
    {
        assert_eq!(problems(&luma("start_at", json_text)), [problem], "{json_text}");
    }
}

#[test]
fn a_blank_time_or_duration_is_none_and_no_deviation() {
    for json_text in ["null", r#""""#, r#"" ""#] {
        let data = luma("start_at", json_text);
        assert_eq!(problems(&data), [], "{json_text}");
        assert_eq!(data.event.expect("an event").start, None, "{json_text}");
        let data = luma("duration_interval", json_text);
        assert_eq!(problems(&data), [], "{json_text}");
        assert_eq!(data.event.expect("an event").duration_seconds, None, "{json_text}");
    }
}

#[test]
fn a_number_is_seconds_or_milliseconds_by_its_magnitude() {
    for (json_text, expected) in [
        ("1779386400", "2026-05-21T18:00:00Z"),
        ("1779386400.0", "2026-05-21T18:00:00Z"),
        ("1779386400318", "2026-05-21T18:00:00.318Z"),
        (r#""1779386400""#, "2026-05-21T18:00:00Z"),
        (r#"" 1779386400318 ""#, "2026-05-21T18:00:00.318Z"),
        ("946684800", "2000-01-01T00:00:00Z"),
        ("946684800000", "2000-01-01T00:00:00Z"),
        ("4102444799", "2099-12-31T23:59:59Z"),
        ("4102444799999", "2099-12-31T23:59:59.999Z"),
    ] {
        let data = luma("start_at", json_text);
        assert_eq!(problems(&data), [], "{json_text}");
        let start = data.event.expect("an event").start;
        assert_eq!(start.map(|start| start.to_string()).as_deref(), Some(expected), "{json_text}");
    }
}

#[test]
fn the_zone_is_kept_beside_the_times() {
    let body = json!({"type": "event.updated", "data": {"start_at": "2026-05-21T18:00:00Z", "timezone": "Europe/Lisbon"}});
    let event = &data(&facts("luma", &body))["event"];
    assert_eq!(
        (&event["start"], &event["timezone"]),
        (&json!("2026-05-21T18:00:00Z"), &json!("Europe/Lisbon"))
    );
}

#[test]
fn a_duration_is_told_in_seconds() {
    for (text, seconds) in [
        ("PT2H", 7200),
        ("PT3H30M", 12_600),
        ("PT90M", 5400),
        ("PT0S", 0),
        ("PT0M", 0),
        ("P1D", 86_400),
        ("P2DT1H", 176_400),
        ("P1W", 604_800),
        ("P0Y0M0DT2H0M0S", 7200),
        ("PT1.5H", 5400),
        ("PT0.9S", 0),
    ] {
        let data = luma("duration_interval", &json!(text).to_string());
        assert_eq!(problems(&data), [], "{text}");
        assert_eq!(data.event.expect("an event").duration_seconds, Some(seconds), "{text}");
    }
}

#[test]
fn a_duration_without_a_fixed_length_is_left_out_and_told() {
    for text in ["P1M", "P1Y", "P1Y2M3DT4H", "2 hours", "2h", "02:00:00", "P"] {
        let data = luma("duration_interval", &json!(text).to_string());
        assert_eq!(problems(&data), [NotADuration], "{text}");
        assert_eq!(data.event.expect("an event").duration_seconds, None, "{text}");
    }
}

#[test]
fn the_minutes_of_lunacal_are_told_in_seconds() {
    let length = |minutes: Value| {
        let facts = facts(
            "lunacal",
            &json!({"triggerEvent": "BOOKING_CREATED", "payload": {"uid": "u", "length": minutes}}),
        );
        facts.data.event.expect("an event").duration_seconds
    };
    assert_eq!(length(json!(45)), Some(2700));
    assert_eq!(length(json!(null)), None);
    assert_eq!(length(json!(i64::MAX)), None, "more seconds than can be told");
}

#[test]
fn an_amount_is_the_provider_s_number_of_minor_units_whatever_the_currency() {
    for (currency, code) in [("usd", "USD"), ("jpy", "JPY"), ("kwd", "KWD"), ("solana_usdc", "SOLANA_USDC")] {
        assert_eq!(price("2500", &format!("\"{currency}\"")), Some(money(2500, code)));
    }
}

#[test]
fn an_amount_may_be_zero_or_negative_and_a_currency_may_be_missing() {
    assert_eq!(price("0", r#""usd""#), Some(money(0, "USD")));
    assert_eq!(price("-0", r#""usd""#), Some(money(0, "USD")));
    assert_eq!(price("-450", r#""eur""#), Some(money(-450, "EUR")));
    assert_eq!(price("0", "null"), Some(Money { amount: 0, currency: None }));
}

#[test]
fn no_amount_is_no_money_and_no_deviation() {
    let data = ticket("null", r#""usd""#);
    assert_eq!(problems(&data), []);
    assert_eq!(data.ticket.expect("a ticket").price, None);
    let without =
        data_of("luma", r#"{"type":"ticket.registered","data":{"event_ticket":{"currency":"usd"}}}"#);
    assert_eq!(without.ticket.expect("a ticket").price, None);
}

#[test]
fn a_whole_number_is_exact_however_large_it_is() {
    for (text, amount) in [
        ("12.0", 12),
        ("1.2e1", 12),
        ("9007199254740993", 9_007_199_254_740_993),
        ("-9007199254740993", -9_007_199_254_740_993),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        let data = ticket(text, r#""usd""#);
        assert_eq!(problems(&data), [], "{text}");
        assert_eq!(data.ticket.expect("a ticket").price, Some(money(amount, "USD")), "{text}");
    }
}

#[test]
fn an_amount_that_would_have_to_be_rounded_is_left_out_and_told() {
    // A float from 2^53 on may be the neighbour of what was meant.
    for text in [
        "12.5",
        "9223372036854775808",
        "-9223372036854775809",
        "9007199254740992.0",
        "9007199254740993.0",
        "1e300",
        "0.1",
    ] {
        let data = ticket(text, r#""usd""#);
        assert_eq!(problems(&data), [NotAWholeNumber], "{text}");
        assert_eq!(data.ticket.expect("a ticket").price, None, "{text}");
    }
}

#[test]
fn an_amount_in_text_is_left_out_and_told_where_numbers_are_documented() {
    for text in [r#""450""#, r#""4.50""#, r#""free""#, "true", "[450]"] {
        let data = ticket(text, r#""usd""#);
        assert_eq!(problems(&data), [UnexpectedType], "{text}");
        assert_eq!(data.ticket.expect("a ticket").price, None, "{text}");
    }
}
