//! How a body is stored: whatever goes in comes out, and what is damaged or a bomb does not.

mod support;

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;
use support::cases::cases;
use usher_core::packed::{Packed, UnpackError};

const MAX: usize = 256 * 1024;

fn deflated(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

/// 3 KB, as a provider sends it.
const SAMPLE: &[u8] = include_bytes!("../../../events/luma/guest.updated.json");

#[test]
fn json_is_stored_in_less_than_half() {
    let Packed::Deflated(stored) = Packed::pack(&Bytes::from_static(SAMPLE)) else { panic!("not deflated") };
    assert!(stored.len() * 2 < SAMPLE.len(), "{} of {}", stored.len(), SAMPLE.len());
}

#[test]
fn what_deflating_makes_no_smaller_is_stored_as_it_is() {
    for body in [&b""[..], b"x", b"{}", &[0, 255, 128]] {
        let body = Bytes::copy_from_slice(body);
        assert_eq!(Packed::pack(&body), Packed::Plain(body));
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
