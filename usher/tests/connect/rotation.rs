//! Luma cannot replace a secret, so a second webhook takes over.

use crate::world::{World, failed, secret, well};

#[test]
fn a_second_webhook_takes_over_before_the_first_is_paused() {
    let world = World::new("luma");
    assert!(failed(&world.run("connect --rotate")).contains("nothing is connected"));
    well(&world.run("connect"));
    let waiting = failed(&world.run("connect --rotate"));
    assert!(waiting.contains("--yes"), "{waiting}");
    let [old, new] = &world.own()[..] else { panic!("two webhooks") };
    assert!(old.enabled && !new.enabled && new.url == format!("{}?2", world.url()), "{old:?} {new:?}");
    assert_eq!(world.state().secrets(), [secret("wh2"), secret("wh1")]);

    let done = well(&world.run("connect --rotate --yes"));
    assert!(done.contains("usher rotate luma retire"), "{done}");
    world.assert_connected();
    let own = world.own();
    assert!(!own[0].enabled && own[1].enabled);
    assert_eq!(world.state().changes[8..], ["enable", "disable"], "the new one first");
}

#[test]
fn a_rotation_that_was_not_retired_is_not_begun_again_and_the_next_one_is() {
    let world = World::new("luma");
    well(&world.run("connect"));
    well(&world.run("connect --rotate --yes"));
    well(&world.run("connect --rotate --yes"));
    well(&world.run("connect"));
    assert_eq!(world.state().created, 2);
    let document = format!(r#"{{"signing":["{}"]}}"#, secret("wh2"));
    world.state().versions = vec![(document, vec!["AWSCURRENT".to_owned()])];
    well(&world.run("connect --rotate --yes"));
    world.assert_connected();
    assert_eq!(world.own().last().unwrap().url, format!("{}?3", world.url()));
    assert_eq!(world.state().secrets(), [secret("wh3"), secret("wh2")]);
}
