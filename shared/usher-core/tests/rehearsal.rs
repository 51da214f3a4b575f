//! The rehearsal: nobody sent what it delivers, and it does all that a delivery does.

mod support;

use futures_executor::block_on;
use support::fakes::fakes;
use support::now;
use support::pipeline::accepted;
use support::signing::Signs;
use usher_core::ledger::Transition;
use usher_core::policy::Policy;
use usher_core::providers::{Allfly, Luma, Lunacal};
use usher_core::receive::rehearse;

fn a_rehearsal_goes_all_the_way<P: Signs>(event_type: &str) {
    let (ledger, queue) = fakes();
    let policy = Policy::with_tolerance(P::TOLERANCE);
    let accepted = accepted(block_on(rehearse::<P>(now(), &policy, &ledger, &queue)));

    assert_eq!(ledger.log.calls(), ["claim", "send", "settle"]);
    assert_eq!((accepted.settled, accepted.unsent), (Some(Ok(Transition::Done)), None));
    assert_eq!(accepted.event_type, event_type, "the sample is one that is read");
    assert_eq!(accepted.drift, [], "and documented");
    assert_eq!(ledger.memory.keys(), [format!("{}#rehearsal", P::NAME)]);
}

#[test]
fn a_rehearsal_of_each_provider_goes_all_the_way() {
    a_rehearsal_goes_all_the_way::<Luma>("usher.registration.created");
    a_rehearsal_goes_all_the_way::<Lunacal>("usher.booking.created");
    a_rehearsal_goes_all_the_way::<Allfly>("usher.registration.created");
}
