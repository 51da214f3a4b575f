//! The providers that Usher receives from, in one list.

pub use crate::provider::allfly::Allfly;
pub use crate::provider::calcom::Calcom;
pub use crate::provider::luma::Luma;
pub use crate::provider::lunacal::Lunacal;
pub use crate::provider::standard::Standard;

use crate::provider::Provider as _;
use crate::provider::reading::Read;

/// The providers by name, each with the function that reads its bodies: for code that serves all of them.
pub const READERS: [(&str, Read); 5] = [
    (Luma::NAME, Luma::read),
    (Lunacal::NAME, Lunacal::read),
    (Allfly::NAME, Allfly::read),
    (Calcom::NAME, Calcom::read),
    (Standard::NAME, Standard::read),
];
