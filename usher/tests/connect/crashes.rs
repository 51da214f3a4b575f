//! The command, or the network with it, ends between any two steps. Run again, it goes on, and nothing is left twice.

use std::thread;

use crate::world::{World, failed, well};

/// Lets the world end at each change of a command, before the change is made and after it, and runs the command again.
fn at_every_change(begin: impl Fn() -> World + Sync, command: &str) {
    let whole = begin();
    let before = whole.state().changes.len();
    well(&whole.run(command));
    let after = whole.state().changes.len();
    assert!(after > before + 2, "there is something to interrupt");
    let (webhooks, secrets) = (whole.own().len(), whole.state().secrets().len());
    let begin = &begin;
    thread::scope(|scope| {
        for number in before + 1..=after {
            for is_made in [false, true] {
                scope.spawn(move || {
                    let world = begin();
                    world.state().dies = Some((number, is_made));
                    failed(&world.run(command));
                    world.state().is_dead = false;
                    well(&world.run(command));
                    world.assert_connected();
                    assert_eq!(world.own().len(), webhooks, "{number} {is_made}");
                    assert_eq!(world.state().secrets().len(), secrets, "{number} {is_made}");
                });
            }
        }
    });
}

#[test]
fn a_connection_to_luma_is_completed() {
    at_every_change(|| World::new("luma"), "connect");
}

#[test]
fn a_connection_to_allfly_is_completed() {
    at_every_change(|| World::new("allfly"), "connect");
}

#[test]
fn a_connection_to_calcom_is_completed() {
    at_every_change(|| World::new("calcom"), "connect");
}

#[test]
fn a_rotation_at_luma_is_completed() {
    at_every_change(|| connected("luma"), "connect --rotate --yes");
}

#[test]
fn a_rotation_at_allfly_is_completed() {
    at_every_change(|| connected("allfly"), "connect --rotate");
}

fn connected(provider: &'static str) -> World {
    let world = World::new(provider);
    well(&world.run("connect"));
    world
}
