//! AllFly's webhook is created without being enabled, and its secret is replaced by AllFly itself.

use serde_json::{Value, json};

use crate::world::{World, failed, secret, well};

#[test]
fn a_webhook_is_created_disabled_and_enabled_only_when_the_function_accepts_its_secret() {
    let world = World::new("allfly");
    well(&world.run("connect"));
    world.assert_connected();
    let state = world.state();
    assert_eq!(state.changes, ["create", "put", "enable"]);
    assert!(state.delivered >= 2, "one delivery proves the secret, and one is the test");
    assert_eq!(state.secrets(), [secret("wh1")]);
}

/// AllFly retries for a day what is refused until then. What a pause holds back, it would not send.
#[test]
fn a_webhook_that_is_enabled_already_is_not_interrupted() {
    let world = World::new("allfly");
    world.put("byhand", "", true);
    well(&world.run("connect"));
    world.assert_connected();
    assert_eq!(world.state().changes, ["put"]);
}

#[test]
fn rotation_stores_the_new_secret_beside_the_old_one_and_begins_no_second_one() {
    let world = World::new("allfly");
    assert!(failed(&world.run("connect --rotate")).contains("nothing is connected"));
    well(&world.run("connect"));
    let said = well(&world.run("connect --rotate"));
    assert!(
        said.contains("24 hours after the rotation") && said.contains("usher rotate allfly retire"),
        "{said}"
    );
    world.assert_connected();
    let document: Value = serde_json::from_str(&world.state().document()).unwrap();
    assert_eq!(document, json!({ "signing": [secret("rotated2"), secret("wh1")] }));
    well(&world.run("connect --rotate"));
    let state = world.state();
    assert_eq!(state.changes.iter().filter(|change| *change == "rotate").count(), 1);
    assert!(!state.changes[3..].contains(&"disable".to_owned()), "nothing is interrupted");
}

#[test]
fn a_name_that_goes_with_a_new_registration_is_kept_apart() {
    let world =
        World::with_document("allfly", &format!(r#"{{"signing":{{"spring":"{}"}}}}"#, secret("spring")));
    well(&world.run("connect --name autumn"));
    well(&world.run("connect --rotate --name autumn"));
    let document: Value = serde_json::from_str(&world.state().document()).unwrap();
    let autumn = json!([secret("rotated2"), secret("wh1")]);
    assert_eq!(document, json!({ "signing": { "spring": [secret("spring")], "autumn": autumn } }));
    let said = well(&world.run("disconnect --yes"));
    assert!(said.contains("take the member \"autumn\" out"), "{said}");
}

#[test]
fn the_host_has_to_be_given_and_reached_with_tls() {
    let world = World::new("allfly");
    let run = |host: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_usher"));
        command.args(["connect", "allfly"]).args(host).env_clear().env("ALLFLY_API_KEY", "key");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        crate::world::said(&output)
    };
    assert!(run(&[]).contains("ALLFLY_API_HOST"));
    assert!(run(&["--api-host", "http://api.example.com"]).contains("https://"));
    assert!(run(&["--api-host", "api.example.com/v1"]).contains("a host alone"));
    assert_eq!(world.state().api_requests, 0);
}
