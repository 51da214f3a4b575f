//! Settings of the property tests.

use proptest::prelude::ProptestConfig;

/// A case that was found to fail becomes a test of its own, so no file of seeds is kept.
pub fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(count) }
}
