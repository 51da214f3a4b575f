//! The mark of an item: which secrets verified its delivery, in a few bytes and without any secret.

mod support;

use proptest::prelude::*;
use support::cases::cases;
use usher_core::ledger::mark;
use usher_core::secret::{Age, Used};
use usher_core::signature::VerifiedBy;

fn used() -> impl Strategy<Value = Option<Used>> {
    let age = prop_oneof![Just(Age::Newest), Just(Age::Older)];
    let name = prop::option::of("[A-Za-z0-9._-]{1,32}".prop_filter_map("a name", |name| name.parse().ok()));
    prop::option::of((name, age).prop_map(|(name, age)| Used { name, age }))
}

fn says_more(by: &VerifiedBy) -> bool {
    [&by.secret, &by.token].into_iter().flatten().any(|used| used.age == Age::Older || used.name.is_some())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn a_mark_is_read_as_it_was_written(secret in used(), token in used()) {
        let by = VerifiedBy { secret, token };
        let written = mark::write(&by);
        prop_assert_eq!(written.is_some(), says_more(&by), "the newest without a name costs nothing");
        if let Some(written) = written {
            prop_assert_eq!(mark::read(Some(&written)), by);
        }
    }

    /// A later version may write more, and an operator must still be able to read the item.
    #[test]
    fn every_text_is_read(text in ".{0,40}") {
        mark::read(Some(&text));
    }
}

/// With `by` as the attribute's name, that is what a name adds to an item.
#[test]
fn a_mark_is_short() {
    let of =
        |age, name: Option<&str>| Some(Used { name: name.map(|name| name.parse().expect("a name")), age });
    let write = |secret, token| mark::write(&VerifiedBy { secret, token });
    assert_eq!(write(of(Age::Newest, None), None), None);
    assert_eq!(write(of(Age::Older, None), None).as_deref(), Some("s-"));
    assert_eq!(write(of(Age::Newest, Some("berlin")), None).as_deref(), Some("s+berlin"));
    assert_eq!(write(of(Age::Newest, None), of(Age::Older, None)).as_deref(), Some("s+,t-"));
    assert_eq!(mark::read(None), VerifiedBy::default());
    assert_eq!(
        mark::read(Some("x-a,s-berlin,t?b")),
        VerifiedBy { secret: of(Age::Older, Some("berlin")), token: None }
    );
}
