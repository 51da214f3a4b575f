//! Cal.com's webhook is created with a secret that `usher` made, and is not active before the function accepts it.

use serde_json::{Value, json};

use crate::world::{World, failed, said, well};

#[test]
fn a_webhook_is_created_inactive_with_a_secret_of_its_own() {
    let world = World::new("calcom");
    well(&world.run("connect"));
    world.assert_connected();
    let state = world.state();
    assert_eq!(state.changes, ["create", "put", "enable"]);
    assert!(state.delivered >= 2, "one delivery proves the secret, and one is the test");
    let document: Value = serde_json::from_str(&state.document()).unwrap();
    let secret = document["signing"][0].as_str().unwrap();
    assert_eq!(secret.len(), 64, "256 bits in hexadecimal digits");
    drop(state);
    let said = well(&world.run("connect --check"));
    assert!(!said.contains(&world.state().secrets()[0]), "no secret is printed");
    well(&world.run("connect"));
    assert_eq!(world.own().len(), 1, "it is safe to run again");
}

#[test]
fn what_is_wrong_there_is_found_and_what_is_taken_over_is_completed() {
    let world = World::new("calcom");
    world.put("byhand", "", false);
    world.state().webhooks.last_mut().unwrap().types = vec!["BOOKING_CREATED".to_owned()];
    failed(&world.run("connect --check"));
    well(&world.run("connect"));
    world.assert_connected();
    assert_eq!(world.state().changes, ["put", "subscribe", "enable"]);
}

#[test]
fn a_rotation_is_left_to_the_command_that_stores_the_secret_first() {
    let world = World::new("calcom");
    let refused = world.run("connect --rotate");
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("usher rotate calcom"));
    assert_eq!(world.state().api_requests, 0);
}

#[test]
fn disconnecting_deletes_the_stacks_own_webhook_only() {
    let world = World::new("calcom");
    well(&world.run("connect"));
    well(&world.run("disconnect --yes"));
    assert_eq!(world.own(), []);
    assert!(world.state().webhooks.contains(&World::foreign()));
    assert_ne!(world.state().document(), json!({}).to_string(), "the secret stays");
}
