//! The bill follows each rule of AWS's developer guide.

use fakes::billing::{Bill, Index, bytes, failed_condition, query, sqs_requests, write};
use fakes::dynamodb::Item;
use serde_json::{Value, json};

const INDEX: Index = Index { keys: &["pk", "shard", "due"], projects: &["received"] };

fn item(value: Value) -> Item {
    serde_json::from_value(value).expect("an object")
}

/// Makes an item of this size that is in no index.
fn of_size(size: usize) -> Item {
    let item = item(json!({ "pk": { "S": "x".repeat(size - 2) } }));
    assert_eq!(bytes(&item), size);
    item
}

/// Makes an item that is in the index at `due`, with so many bytes that the index does not hold.
fn indexed(due: u32, received: u32, other: usize) -> Item {
    item(json!({
        "pk": { "S": "key" },
        "shard": { "S": "3" },
        "due": { "N": due.to_string() },
        "received": { "N": received.to_string() },
        "other": { "S": "x".repeat(other) },
    }))
}

fn writes(before: Option<&Item>, after: Option<&Item>) -> (u64, u64) {
    let bill = write(before, after, INDEX);
    (bill.table_writes, bill.index_writes)
}

#[test]
fn an_item_is_as_large_as_its_names_and_values() {
    for (value, size) in [
        (json!({ "S": "abc" }), 3),
        (json!({ "S": "Zoë" }), 4),
        (json!({ "S": "" }), 0),
        (json!({ "B": "" }), 0),
        (json!({ "B": "YQ==" }), 1),
        (json!({ "B": "YWI=" }), 2),
        (json!({ "B": "YWJj" }), 3),
        (json!({ "B": "YWJjZA==" }), 4),
        (json!({ "N": "0" }), 1),
        (json!({ "N": "7" }), 2),
        (json!({ "N": "42" }), 2),
        (json!({ "N": "123" }), 3),
        (json!({ "N": "1769882401204" }), 8),
        (json!({ "N": "1000000" }), 2),
        (json!({ "N": "0.00012" }), 2),
        (json!({ "N": "-42" }), 3),
        (json!({ "BOOL": true }), 1),
        (json!({ "NULL": true }), 1),
        (json!({ "L": [] }), 3),
        (json!({ "L": [{ "S": "ab" }, { "S": "c" }] }), 8),
        (json!({ "M": { "ab": { "S": "c" } } }), 7),
    ] {
        assert_eq!(bytes(&item(json!({ "name": value }))), "name".len() + size, "{value}");
    }
}

#[test]
fn each_kilobyte_begun_is_a_write_unit_and_there_is_at_least_one() {
    for (size, units) in [(2, 1), (1024, 1), (1025, 2), (3500, 4), (256 * 1024, 256)] {
        assert_eq!(writes(None, Some(&of_size(size))), (units, 0), "{size}");
    }
}

#[test]
fn a_write_bills_the_larger_of_before_and_after() {
    let (small, large) = (of_size(100), of_size(3000));
    assert_eq!(writes(Some(&large), Some(&small)), (3, 0));
    assert_eq!(writes(Some(&small), Some(&large)), (3, 0));
    assert_eq!(writes(Some(&large), None), (3, 0), "a deletion");
}

#[test]
fn a_failed_condition_bills_what_is_stored_or_one() {
    let bill = |table_writes| Bill { table_writes, ..Bill::default() };
    assert_eq!(failed_condition(Some(&of_size(2049))), bill(3));
    assert_eq!(failed_condition(None), bill(1));
}

#[test]
fn an_item_that_enters_or_leaves_the_index_is_one_write_more() {
    let (outside, inside) = (of_size(10), indexed(1, 1, 0));
    assert_eq!(writes(None, Some(&inside)), (1, 1));
    assert_eq!(writes(Some(&outside), Some(&inside)), (1, 1));
    assert_eq!(writes(Some(&inside), Some(&outside)), (1, 1));
    assert_eq!(writes(Some(&inside), None), (1, 1));
    let mut without_due = inside;
    without_due.remove("due");
    assert_eq!(writes(None, Some(&without_due)), (1, 0), "one key missing is enough to be left out");
}

#[test]
fn an_item_that_moves_in_the_index_is_deleted_there_and_put_anew() {
    assert_eq!(writes(Some(&indexed(1, 1, 0)), Some(&indexed(2, 1, 0))), (1, 2));
}

#[test]
fn an_item_whose_projected_attribute_changes_is_one_write_more() {
    assert_eq!(writes(Some(&indexed(1, 1, 0)), Some(&indexed(1, 2, 0))), (1, 1));
}

#[test]
fn an_item_of_which_the_index_shows_no_change_costs_it_nothing() {
    assert_eq!(writes(Some(&indexed(1, 1, 0)), Some(&indexed(1, 1, 5))), (1, 0));
}

#[test]
fn the_index_bills_what_it_holds_and_not_the_item() {
    assert_eq!(writes(None, Some(&indexed(1, 1, 5000))), (5, 1));
}

#[test]
fn a_query_bills_all_it_found_together_in_halves_of_4_kb() {
    let half_reads = |found: &[Item]| query(found).half_reads;
    assert_eq!(half_reads(&[]), 1, "looking costs, too");
    assert_eq!(half_reads(&[of_size(2048), of_size(2048)]), 1);
    assert_eq!(half_reads(&[of_size(2048), of_size(2049)]), 2);
}

#[test]
fn sqs_bills_each_64_kb_begun_as_a_request() {
    for (bytes, requests) in [(1, 1), (64 * 1024, 1), (64 * 1024 + 1, 2), (1024 * 1024, 16)] {
        assert_eq!(sqs_requests(bytes), requests, "{bytes}");
    }
}
