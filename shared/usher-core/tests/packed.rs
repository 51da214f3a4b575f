//! How a body is stored: whatever goes in comes out, and what is damaged or a bomb does not.

mod support;

use bytes::Bytes;
use proptest::prelude::*;
use support::cases::cases;
use support::signing::{Signs as _, hex};
use usher_core::ledger::packed::{Packed, UnpackError};
use usher_core::providers::Luma;

const MAX: usize = 256 * 1024;

fn deflated(body: &[u8]) -> Vec<u8> {
    match Packed::pack(&Bytes::copy_from_slice(body)) {
        Packed::Deflated(stored) => stored,
        Packed::Plain(_) => panic!("not deflated"),
    }
}

/// 3 KB, as a provider sends it.
const SAMPLE: &[u8] = include_bytes!("../../../events/luma/guest.updated.json");

#[test]
fn json_is_stored_in_less_than_half() {
    let stored = deflated(SAMPLE);
    assert!(stored.len() * 2 < SAMPLE.len(), "{} of {}", stored.len(), SAMPLE.len());
}

#[test]
fn what_deflating_makes_no_smaller_is_stored_as_it_is() {
    for body in [&b""[..], b"x", b"{}", &[0, 255, 128]] {
        let body = Bytes::copy_from_slice(body);
        assert_eq!(Packed::pack(&body), Packed::Plain(body));
    }
}

/// The compressor is kept from one body to the next.
#[test]
fn what_was_packed_before_leaves_no_trace() {
    let alone = std::thread::spawn(|| deflated(SAMPLE)).join().expect("a thread that packed nothing else");
    // The second one isn't finished: what it makes finds no room.
    for before in [SAMPLE, &[0, 255, 128], &vec![b'x'; MAX]] {
        Packed::pack(&Bytes::copy_from_slice(before));
        assert_eq!(deflated(SAMPLE), alone);
    }
}

#[test]
fn a_body_of_exactly_the_limit_unpacks_and_one_byte_more_does_not() {
    for (size, expected) in
        [(1000, Ok(Bytes::from(vec![b'x'; 1000]))), (1001, Err(UnpackError::TooLarge(1000)))]
    {
        let body = Bytes::from(vec![b'x'; size]);
        assert_eq!(Packed::pack(&body).unpack(1000), expected);
        assert_eq!(Packed::Plain(body).unpack(1000), expected);
    }
}

#[test]
fn a_few_bytes_that_inflate_without_end_are_refused() {
    let bomb = deflated(&vec![0; 4 << 20]);
    assert!(bomb.len() < MAX);
    assert_eq!(Packed::Deflated(bomb).unpack(MAX), Err(UnpackError::TooLarge(MAX)));
}

/// What comes after the limit is not even looked at: here it is broken, and nobody notices.
#[test]
fn inflating_ends_at_the_limit() {
    let mut bomb = deflated(&vec![0; 4 << 20]);
    bomb.truncate(bomb.len() / 2);
    assert_eq!(Packed::Deflated(bomb).unpack(MAX), Err(UnpackError::TooLarge(MAX)));
}

#[test]
fn what_is_not_deflate_is_corrupt() {
    for stored in [&b"{}"[..], &[0xff; 8], b"\x78\x9c", b""] {
        assert_eq!(Packed::Deflated(stored.to_vec()).unpack(MAX), Err(UnpackError::Corrupt), "{stored:?}");
    }
}

#[test]
fn a_body_cut_short_is_corrupt_and_never_taken_for_a_shorter_one() {
    let stored = deflated(SAMPLE);
    for length in 0..stored.len() {
        let cut = Packed::Deflated(stored[..length].to_vec());
        assert_eq!(cut.unpack(MAX), Err(UnpackError::Corrupt), "{length} of {} bytes", stored.len());
    }
}

/// Bytes 3 to 6 of a zlib stream (RFC 1950).
fn dictionary(stored: &[u8]) -> u32 {
    u32::from_be_bytes(stored[2..6].try_into().expect("four bytes"))
}

/// Bodies as they were stored with each dictionary that was ever released: parked ones wait for years.
const RELEASED: [(u32, &str); 1] =
    [(0x8162_92b8, "78f9816292b8c337e0895226a41797e82626251b1a192b21b9092c955a06970236c3006d301a8e")];

#[test]
fn what_was_ever_stored_unpacks_for_ever() {
    for (id, hex) in RELEASED {
        let stored = base16ct::lower::decode_vec(hex).expect("it is hexadecimal");
        assert_eq!(dictionary(&stored), id);
        let body = Packed::Deflated(stored).unpack(MAX).expect("it unpacks");
        assert_eq!(body, Luma::BODY, "{id:08x}");
    }
}

#[test]
fn what_is_packed_now_names_the_newest_dictionary() {
    let (newest, _) = RELEASED[RELEASED.len() - 1];
    assert_eq!(
        dictionary(&deflated(SAMPLE)),
        newest,
        "add the new one to those released: {}",
        hex(&deflated(Luma::BODY.as_bytes()))
    );
}

#[test]
fn a_body_that_needs_a_dictionary_of_a_later_version_says_so() {
    let mut stored = deflated(SAMPLE);
    stored[2..6].copy_from_slice(&[0, 0, 0, 7]);
    let error = Packed::Deflated(stored).unpack(MAX).expect_err("there is none like it");
    assert_eq!(error, UnpackError::UnknownDictionary(7));
    assert!(error.to_string().contains("00000007"), "{error}");
}

/// The stream ends with the body's checksum.
#[test]
fn a_body_that_was_altered_is_corrupt() {
    let mut stored = deflated(SAMPLE);
    let middle = stored.len() / 2;
    stored[middle] ^= 1;
    assert_eq!(Packed::Deflated(stored).unpack(MAX), Err(UnpackError::Corrupt));
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_bytes_come_out_as_they_went_in(body in prop::collection::vec(any::<u8>(), 0..2000)) {
        let body = Bytes::from(body);
        prop_assert_eq!(Packed::pack(&body).unpack(MAX), Ok(body));
    }

    #[test]
    fn anything_that_repeats_comes_out_as_it_went_in(part in "[a-z{}:\",]{1,40}", times in 1..2000_usize) {
        let body = Bytes::from(part.repeat(times));
        prop_assert_eq!(Packed::pack(&body).unpack(MAX), Ok(body));
    }

    #[test]
    fn any_stored_bytes_unpack_to_something_or_an_error(stored in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(body) = Packed::Deflated(stored).unpack(1000) {
            prop_assert!(body.len() <= 1000);
        }
    }
}
