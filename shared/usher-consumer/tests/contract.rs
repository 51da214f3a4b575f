//! The store in memory keeps the promises that DynamoDB's keeps, so tests that use it say something about both.

use usher_consumer::contract;
use usher_consumer::memory::MemorySeen;

#[test]
fn the_store_in_memory_passes_the_contract() {
    futures_executor::block_on(contract::check(&MemorySeen::default(), "contract"));
}
