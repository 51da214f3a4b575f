//! Lunacal has no API: the command says what to click, and sees the ping in the function's log.

use std::thread;
use std::time::Duration;

use crate::world::{World, failed, said, well};

const DOCUMENT: &str = r#"{"url":["new token","old"]}"#;

fn line(outcome: &str, age: &str, id: &str) -> String {
    format!(r#"{{"provider":"lunacal","outcome":"{outcome}","token_age":"{age}","request_id":"{id}"}}"#)
}

/// Runs the command, and lets lines be logged while it waits.
fn run(world: &World, arguments: &str, lines: Vec<String>) -> std::process::Output {
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_secs(2));
            world.state().log.extend(lines);
        });
        world.run(arguments)
    })
}

#[test]
fn the_ping_of_an_event_type_is_waited_for_and_an_earlier_one_is_not_taken_for_it() {
    let world = World::with_document("lunacal", DOCUMENT);
    world.state().log.push(line("ping", "newest", "1"));
    let silent = failed(&world.run("connect --for 1"));
    assert!(silent.contains("no ping has arrived"), "{silent}");
    let others =
        vec![line("accepted", "newest", "2"), "not JSON, ping".to_owned(), line("ping", "newest", "3")];
    let arrived = well(&run(&world, "connect --for 60", others));
    assert!(arrived.contains("under the newest token"), "{arrived}");
    let older = well(&run(&world, "connect --for 60", vec![line("ping", "older", "4")]));
    assert!(older.contains("under an older token"), "{older}");
}

#[test]
fn the_clicks_are_printed_and_the_token_only_when_asked_for() {
    let world = World::with_document("lunacal", DOCUMENT);
    let hidden = said(&world.run("connect --for 0"));
    assert!(hidden.contains("Advanced, then New Webhook") && hidden.contains("all seven"), "{hidden}");
    assert!(!hidden.contains("new%20token"), "{hidden}");
    let shown = said(&world.run("connect --show --for 0"));
    assert!(shown.contains("lunacal0url/?token=new%20token"), "{shown}");
}

#[test]
fn without_a_token_the_way_to_one_is_said() {
    let world = World::new("lunacal");
    assert!(failed(&world.run("connect")).contains("usher rotate lunacal stage --show"));
}
