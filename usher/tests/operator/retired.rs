//! The decision whether older secrets may be retired, over every use that a ledger can show.

#[path = "../../src/rotate/known.rs"]
mod known;
#[path = "../../src/rotate/retirement.rs"]
mod retirement;
#[path = "../../src/rotate/usage.rs"]
mod usage;

use std::time::Duration;

use events::Provider;
use jiff::Timestamp;
use proptest::prelude::*;
use retirement::{APART, Obstacle, Wait, obstacles, quiet};
use usage::Usage;
use usher_core::ledger::operator::{CLOCK_SKEW, Item};
use usher_core::ledger::{Packed, Setbacks};
use usher_core::secret::{Age, FRESH_FOR, Kind, Name, REREAD_AFTER, Used};
use usher_core::signature::VerifiedBy;
use usher_core::trace::Trace;

const STORED: i64 = 1_767_225_600;
const HOUR: i64 = 3600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(STORED + seconds).unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// A delivery so many seconds after the document was stored.
fn delivery(provider: Provider, seconds: i64, token: Option<Used>, event_type: u8) -> Item {
    let body = format!(r#"{{"payload":{{"eventTypeId":{event_type},"type":"intro"}}}}"#);
    Item {
        ledger_key: format!("{provider}#{seconds}"),
        token: String::new(),
        attempt: 0,
        lease: None,
        setbacks: Setbacks::default(),
        replay: 0,
        trace: Trace::default(),
        digest: None,
        received: at(seconds),
        due: None,
        sent: None,
        parked: None,
        replayed: None,
        forgotten: None,
        expires: None,
        verified_by: VerifiedBy { secret: None, token },
        body: Some(Packed::Plain(body.into())),
    }
}

fn older() -> Used {
    Used { name: None, age: Age::Older }
}

fn decided(provider: Provider, items: &[Item], now: i64) -> Vec<Obstacle> {
    let mut usage = Usage::new(Kind::Url, None, at(0));
    for item in items {
        usage.add(provider, item);
    }
    obstacles(provider, &usage, at(now))
}

#[test]
fn the_time_fits_the_retries_that_each_provider_documents() {
    let least =
        |hours: u64, minutes: u64, seconds: u64| Duration::from_secs(hours * 3600 + minutes * 60 + seconds);
    assert!(quiet(Provider::Luma) >= least(0, 7, 0) + CLOCK_SKEW);
    assert!(quiet(Provider::Allfly) >= least(24, 0, 0) + least(27, 35, 5) + CLOCK_SKEW);
    assert!(Provider::ALL.into_iter().all(|provider| quiet(provider) >= APART + CLOCK_SKEW));
}

/// With two calendars, the use of one's secret says nothing about the other's.
#[test]
fn only_the_account_s_own_deliveries_count() {
    let used = |account: &str, age| Some(Used { name: Some(name(account)), age });
    let (berlin, day) = (name("berlin"), 24 * HOUR);
    let mut usage = Usage::new(Kind::Url, Some(&berlin), at(0));
    usage.add(Provider::Luma, &delivery(Provider::Luma, day, used("lisbon", Age::Older), 1));
    usage.add(Provider::Luma, &delivery(Provider::Luma, day - HOUR, used("lisbon", Age::Newest), 1));
    assert!(matches!(
        obstacles(Provider::Luma, &usage, at(day))[..],
        [Obstacle { wait: Wait::ForNewest(_), .. }]
    ));
    usage.add(Provider::Luma, &delivery(Provider::Luma, day - HOUR, used("berlin", Age::Newest), 1));
    assert_eq!(obstacles(Provider::Luma, &usage, at(day)), []);
}

/// A Lunacal delivery that carried a signature alone says nothing about tokens.
#[test]
fn only_secrets_of_the_kind_count() {
    let by_signature = VerifiedBy { secret: Some(older()), token: None };
    let item = Item { verified_by: by_signature, ..delivery(Provider::Luma, HOUR, None, 1) };
    assert!(matches!(decided(Provider::Luma, &[item], 2 * HOUR)[..], [Obstacle { older: None, .. }]));
}

#[test]
fn an_event_type_that_came_only_before_the_rotation_is_waited_for() {
    let before = delivery(Provider::Lunacal, -20 * 24 * HOUR, None, 7);
    let others = delivery(Provider::Lunacal, HOUR, None, 8);
    let found = decided(Provider::Lunacal, &[before, others], 24 * HOUR);
    assert!(
        matches!(&found[..], [Obstacle { sender, wait: Wait::ForNewest(_), .. }] if sender == "7"),
        "{found:?}"
    );
}

#[test]
fn the_wait_for_other_sandboxes_does_not_hang_on_the_operator_s_clock() {
    let second = Duration::from_secs(1);
    let whole = known::rest(None, at(0), Duration::ZERO);
    assert!(whole >= REREAD_AFTER);
    for clock in [-300, 0, 60, 300] {
        assert_eq!(known::rest(Some(at(0)), at(clock), Duration::ZERO), whole, "{clock}");
        assert_eq!(
            known::rest(Some(at(0)), at(clock), second * 20),
            whole.saturating_sub(second * 20),
            "{clock}"
        );
    }
    assert_eq!(known::rest(Some(at(0)), at(HOUR), Duration::ZERO), Duration::ZERO);
    assert_eq!(known::rest(Some(at(0)), at(60), second * 90), Duration::ZERO);
}

fn provider() -> impl Strategy<Value = Provider> {
    prop::sample::select(Provider::ALL.to_vec())
}

/// Deliveries around the time at which the document was stored, and after.
fn deliveries() -> impl Strategy<Value = Vec<(i64, bool, u8)>> {
    let seconds = prop_oneof![-HOUR..4 * HOUR, -HOUR..80 * HOUR];
    prop::collection::vec((seconds, any::<bool>(), 0..3_u8), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_may_be_retired_was_not_used_for_the_time_and_the_newest_was(
        provider in provider(),
        deliveries in deliveries(),
        now in 0..90 * HOUR,
    ) {
        let item = |(seconds, is_older, event_type): &(i64, bool, u8)| {
            delivery(provider, *seconds, is_older.then(older), *event_type)
        };
        let past: Vec<_> = deliveries.iter().filter(|(seconds, ..)| *seconds <= now).collect();
        let items: Vec<Item> = past.iter().copied().map(item).collect();
        let found = decided(provider, &items, now);
        // Promised without the code's own words: by event type at Lunacal, else all together.
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap();
        let known = seconds(FRESH_FOR);
        let sender = |event_type: u8| if provider == Provider::Lunacal { event_type.to_string() } else { String::new() };
        let mut senders: Vec<String> = past.iter().map(|(.., event_type)| sender(*event_type)).collect();
        senders.push(if provider == Provider::Lunacal && !senders.is_empty() { senders[0].clone() } else { String::new() });
        for one in senders {
            let of = |wants_older: bool| {
                let own = past.iter().filter(|(.., event_type)| sender(*event_type) == one || past.is_empty());
                own.filter(|(seconds, is_older, _)| (*is_older || *seconds < known) == wants_older)
                    .map(|(seconds, ..)| *seconds).max()
            };
            let last = of(true).unwrap_or(known).max(known);
            if found.iter().all(|obstacle| obstacle.sender != one) {
                prop_assert!(now - last >= seconds(quiet(provider)), "{one}: used {} s ago", now - last);
                prop_assert!(of(false).is_some_and(|newest| newest - last >= seconds(APART)), "{one}: the newest was not used");
            }
        }
        // Nothing that is asked for can be missing for ever: with the newest used after the time, it may be retired.
        let later = now + 100 * HOUR;
        let all_came = past.iter().map(|(.., event_type)| delivery(provider, later, None, *event_type));
        let none = past.is_empty().then(|| delivery(provider, later, None, 0));
        let items: Vec<Item> = items.iter().cloned().chain(all_came).chain(none).collect();
        prop_assert_eq!(decided(provider, &items, later), vec![]);
    }

    #[test]
    fn another_delivery_with_an_older_secret_never_allows_it(
        provider in provider(),
        deliveries in deliveries(),
        more in (0..80 * HOUR, 0..3_u8),
        now in 0..90 * HOUR,
    ) {
        let items: Vec<Item> = deliveries.iter()
            .map(|(seconds, is_older, event_type)| delivery(provider, *seconds, is_older.then(older), *event_type))
            .collect();
        let one_more: Vec<Item> = items.iter().cloned().chain([delivery(provider, more.0, Some(older()), more.1)]).collect();
        if !items.is_empty() && !decided(provider, &items, now).is_empty() {
            prop_assert!(!decided(provider, &one_more, now).is_empty());
        }
    }
}
