//! What an API answers when something is wrong, and what an operator is told.

use std::io::Write as _;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use crate::provider_api::KEY;
use crate::world::{World, failed, said, well};

#[test]
fn a_refused_key_is_told_with_the_place_of_the_right_one() {
    for (provider, place) in [("luma", "Developer → API Keys"), ("allfly", "Connect API")] {
        for status in [401, 403] {
            let world = World::new(provider);
            world.state().refusals = vec![(status, None)];
            let said = failed(&world.run("connect"));
            assert!(said.contains("refuses the API key") && said.contains(place), "{said}");
            assert_eq!(world.state().changes, Vec::<String>::new());
        }
    }
}

#[test]
fn a_pause_that_the_api_asks_for_is_kept() {
    let world = World::new("luma");
    world.state().refusals = vec![(429, Some("2")), (429, None)];
    let began = Instant::now();
    well(&world.run("connect"));
    assert!(began.elapsed() >= Duration::from_secs(2));
    world.assert_connected();
}

#[test]
fn a_pause_beyond_a_minute_is_told_and_not_waited_for() {
    let world = World::new("luma");
    world.state().refusals = vec![(429, Some("3600"))];
    let began = Instant::now();
    assert!(failed(&world.run("connect")).contains("3600 s"));
    assert!(began.elapsed() < Duration::from_mins(1));
}

#[test]
fn a_failure_of_the_api_while_looking_is_tried_again() {
    let world = World::new("allfly");
    world.state().refusals = vec![(500, None), (503, None)];
    well(&world.run("connect"));
    world.assert_connected();
    let world = World::new("allfly");
    world.state().refusals = vec![(500, None); 3];
    assert!(failed(&world.run("connect")).contains("run the command again"));
}

/// Whoever sent it again would make a second webhook, and each event would come twice.
#[test]
fn a_creation_that_was_carried_out_and_not_answered_is_found_and_not_repeated() {
    for provider in ["luma", "allfly"] {
        let world = World::new(provider);
        world.state().unanswered = vec!["create", "update"];
        well(&world.run("connect"));
        world.assert_connected();
        assert_eq!(world.state().created, 1);
    }
    let world = World::new("allfly");
    world.state().slow = Some("create");
    well(&world.run("connect"));
    world.assert_connected();
    assert_eq!(world.state().created, 1);
}

#[test]
fn a_webhook_that_the_list_does_not_show_yet_is_not_created_again() {
    let world = World::new("allfly");
    world.state().is_late = true;
    let said = failed(&world.run("connect"));
    assert!(said.contains("does not show what was done"), "{said}");
    assert_eq!(world.state().created, 1);
}

#[test]
fn the_key_comes_from_standard_input_too_and_its_absence_is_wrong_usage() {
    let run = |world: &World, input: &str| -> Output {
        let mut command = world.command(&["connect", "luma"]);
        command
            .env_remove("LUMA_API_KEY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    };
    let world = World::new("luma");
    for wrong in ["", " \n", "two words", "key\nx-other: header"] {
        let output = run(&world, wrong);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("LUMA_API_KEY"), "{}", said(&output));
    }
    assert_eq!(world.state().api_requests, 0);
    well(&run(&world, &format!("\u{feff}{KEY}\r\n")));
    world.assert_connected();
}

#[test]
fn switches_that_contradict_each_other_are_wrong_usage() {
    let world = World::new("luma");
    for arguments in [
        &["connect", "luma", "--check", "--rotate"][..],
        &["connect", "luma", "--check", "--yes"],
        &["connect", "lunacal", "--check"],
        &["connect", "lunacal", "--rotate"],
        &["disconnect", "lunacal"],
        &["connect", "luma", "--api-key", "x"],
    ] {
        assert_eq!(world.command(arguments).output().unwrap().status.code(), Some(2), "{arguments:?}");
    }
}
