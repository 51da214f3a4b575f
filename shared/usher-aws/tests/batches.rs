//! The size of a batch of messages for SQS.

use usher_aws::sqs::batch_len;

const MIB: usize = 1024 * 1024;

#[test]
fn a_batch_has_ten_messages_at_most() {
    assert_eq!(batch_len([1; 9]), 9);
    assert_eq!(batch_len([1; 10]), 10);
    assert_eq!(batch_len([1; 11]), 10);
}

#[test]
fn a_batch_holds_one_mebibyte_at_most() {
    assert_eq!(batch_len([MIB / 4; 5]), 4);
    assert_eq!(batch_len([MIB - 1, 1, 1]), 2);
    assert_eq!(batch_len([MIB, 1]), 1);
}

#[test]
fn a_message_that_is_too_large_goes_by_itself() {
    assert_eq!(batch_len([MIB + 1, 1]), 1);
    assert_eq!(batch_len([usize::MAX, 1]), 1);
}
