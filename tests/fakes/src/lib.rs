//! Lambda and AWS on loopback.
