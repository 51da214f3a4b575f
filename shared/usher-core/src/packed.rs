//! A body as the ledger stores it: deflated where that makes it smaller.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// The stored form of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packed {
    /// Raw DEFLATE (RFC 1951).
    Deflated(Vec<u8>),
    /// The bytes themselves: they did not get smaller.
    Plain(Bytes),
}

/// The stored body is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    #[error("the stored body does not inflate")]
    Corrupt,
    #[error("the stored body inflates to more than {0} bytes")]
    TooLarge(usize),
}

impl Packed {
    pub fn pack(body: &Bytes) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::with_capacity(body.len() / 2), Compression::best());
        let deflated = encoder.write_all(body).and_then(|()| encoder.finish());
        match deflated {
            Ok(deflated) if deflated.len() < body.len() => Self::Deflated(deflated),
            _ => Self::Plain(body.clone()),
        }
    }

    /// The body. `max_bytes` bounds it: a few stored bytes could inflate to a thousand times as many.
    pub fn unpack(&self, max_bytes: usize) -> Result<Bytes, UnpackError> {
        match self {
            Self::Plain(body) if body.len() > max_bytes => Err(UnpackError::TooLarge(max_bytes)),
            Self::Plain(body) => Ok(body.clone()),
            Self::Deflated(deflated) => {
                let mut body = Vec::new();
                let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
                DeflateDecoder::new(&**deflated)
                    .take(limit)
                    .read_to_end(&mut body)
                    .map_err(|_| UnpackError::Corrupt)?;
                if body.len() > max_bytes { Err(UnpackError::TooLarge(max_bytes)) } else { Ok(body.into()) }
            }
        }
    }
}
