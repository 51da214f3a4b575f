//! The ledger in memory keeps the promises that DynamoDB's keeps, so tests that use it say something about both.

use usher_core::contract;
use usher_core::memory::MemoryLedger;

#[test]
fn the_ledger_in_memory_passes_the_contract() {
    futures_executor::block_on(contract::ledger(&MemoryLedger::default(), "contract"));
}

#[test]
fn the_ledger_in_memory_passes_the_contract_with_an_operator() {
    futures_executor::block_on(contract::operator::check(&MemoryLedger::default(), "contract"));
}

/// A table is shared, and an earlier run may have left its items.
#[test]
fn the_contract_can_be_checked_twice_on_one_ledger() {
    let ledger = MemoryLedger::default();
    futures_executor::block_on(contract::ledger(&ledger, "first"));
    futures_executor::block_on(contract::ledger(&ledger, "second"));
}
