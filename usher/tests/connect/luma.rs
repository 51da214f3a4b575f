//! Luma's webhook is created and paused, its secret stored, and then it is resumed.

use serde_json::{Value, json};

use crate::world::{World, failed, said, secret, well};

#[test]
fn a_webhook_is_created_and_resumed_only_when_the_function_accepts_its_secret() {
    let world = World::new("luma");
    let said = well(&world.run("connect"));
    assert!(said.contains("luma is connected"), "{said}");
    world.assert_connected();
    let state = world.state();
    assert_eq!(state.changes, ["create", "disable", "put", "enable"]);
    assert!(state.delivered >= 2, "one before it is resumed, and one after");
    assert_eq!(state.document(), json!({ "signing": [secret("wh1")] }).to_string());
}

#[test]
fn run_again_it_changes_nothing() {
    let world = World::new("luma");
    well(&world.run("connect"));
    let before = world.state().changes.len();
    well(&world.run("connect"));
    well(&world.run("connect --check"));
    assert_eq!(world.state().changes.len(), before);
    world.assert_connected();
}

#[test]
fn a_webhook_at_the_stacks_url_is_taken_over_whatever_its_query() {
    for (query, enabled) in [("", true), ("?2", true), ("", false)] {
        let world = World::new("luma");
        world.put("byhand", query, enabled);
        well(&world.run("connect"));
        world.assert_connected();
        assert_eq!(world.state().created, 0);
        assert_eq!(world.own()[0].id, "byhand");
        let from = usize::from(!enabled);
        assert_eq!(
            world.state().changes,
            ["disable", "put", "enable"][from..],
            "paused before its secret is stored"
        );
    }
}

#[test]
fn a_webhook_of_some_types_is_subscribed_to_all() {
    let world = World::with_document("luma", &secret("byhand"));
    world.put("byhand", "", true);
    world.state().webhooks.last_mut().unwrap().types = vec!["guest.registered".to_owned()];
    assert!(failed(&world.run("connect --check")).contains("✗ all types"));
    well(&world.run("connect"));
    world.assert_connected();
    assert_eq!(world.state().changes, ["subscribe"]);
}

#[test]
fn of_several_calendars_each_has_a_name_and_none_loses_its_secret() {
    let world =
        World::with_document("luma", &format!(r#"{{"signing":{{"lisbon":["{}"]}}}}"#, secret("lisbon")));
    assert!(failed(&world.run("connect")).contains("--name"));
    well(&world.run("connect --name berlin"));
    world.assert_connected();
    let document: Value = serde_json::from_str(&world.state().document()).unwrap();
    assert_eq!(document, json!({ "signing": { "lisbon": [secret("lisbon")], "berlin": [secret("wh1")] } }));
    let other = failed(&world.run("connect --name lisbon"));
    assert!(other.contains("listed under the name berlin"), "{other}");
}

/// `retire` would silence the other calendar if both stood in one account.
#[test]
fn a_second_secret_in_an_account_needs_confirmation_before_anything_is_created() {
    let world = World::with_document("luma", &secret("other"));
    assert!(failed(&world.run("connect")).contains("--yes"));
    assert!(failed(&world.run("connect --name berlin --yes")).contains("usher rotate luma rename"));
    assert_eq!(world.state().changes, Vec::<String>::new());
    well(&world.run("connect --yes"));
    world.assert_connected();
    assert_eq!(world.state().secrets(), [secret("wh1"), secret("other")]);
}

#[test]
fn a_function_that_has_not_read_the_secret_yet_is_waited_for() {
    let world = World::new("luma");
    world.state().stale = 1;
    let output = world.run("connect");
    well(&output);
    assert!(said(&output).contains("does not accept the secret yet"), "{}", said(&output));
    world.assert_connected();
}

#[test]
fn the_webhook_stays_paused_if_the_function_never_accepts_its_secret() {
    let world = World::new("luma");
    world.state().stale = 1000;
    let said = failed(&world.run("connect --for 1"));
    assert!(said.contains("longer --for"), "{said}");
    assert!(!world.own()[0].enabled);
}

/// The function is many sandboxes, and only one has answered.
#[test]
fn the_webhook_stays_paused_while_a_sandbox_may_not_know_its_secret() {
    let world = World::new("luma");
    world.state().stored = jiff::Timestamp::now().as_second();
    failed(&world.run("connect --for 1"));
    assert!(!world.own()[0].enabled);
    world.state().stored = 0;
    well(&world.run("connect"));
    world.assert_connected();
}

#[test]
fn check_says_what_differs_and_changes_nothing() {
    let world = World::new("luma");
    assert!(failed(&world.run("connect --check")).contains("✗ webhook"));
    world.put("byhand", "", true);
    assert!(failed(&world.run("connect --check")).contains("✗ secret"));
    world.state().versions.push((secret("byhand"), vec!["AWSCURRENT".to_owned()]));
    let all = well(&world.run("connect --check"));
    assert!(!all.contains('✗'), "{all}");
    let json: Value = serde_json::from_str(&well(&world.run("connect --check --json"))).unwrap();
    assert_eq!((&json["passed"], &json["webhooks"][0]["id"]), (&json!(true), &json!("byhand")));
    world.put("second", "?2", true);
    assert!(failed(&world.run("connect --check")).contains("✗ enabled"));
    let older = json!({ "signing": [secret("newer"), secret("byhand")] }).to_string();
    world.state().webhooks.pop();
    world.state().versions = vec![(older, vec!["AWSCURRENT".to_owned()])];
    assert!(failed(&world.run("connect --check")).contains("✗ newest secret"));
    assert_eq!(world.state().changes, Vec::<String>::new());
}

#[test]
fn json_is_one_object_and_holds_no_secret() {
    let world = World::new("luma");
    let json: Value = serde_json::from_str(&well(&world.run("connect --json"))).unwrap();
    assert_eq!(json["webhook"]["enabled"], true);
    assert_eq!(json["test_status"], 200);
    assert_eq!(json["steps"].as_array().unwrap().len(), 4, "{json}");
}

#[test]
fn disconnect_shows_first_then_pauses_and_deletes_and_leaves_the_secret() {
    let world = World::new("luma");
    well(&world.run("connect"));
    let document = world.state().document();
    let before = world.state().changes.len();
    assert!(well(&world.run("disconnect")).contains("run again with --yes"));
    assert_eq!(world.state().changes.len(), before);
    let said = well(&world.run("disconnect --yes"));
    assert!(said.contains("only account"), "{said}");
    let state = world.state();
    assert_eq!(state.changes[before..], ["disable", "delete"]);
    assert_eq!(state.webhooks, [World::foreign()]);
    assert_eq!(state.document(), document);
}
