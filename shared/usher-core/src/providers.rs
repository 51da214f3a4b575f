//! The providers that Usher receives from, in one list.

pub use crate::provider::allfly::Allfly;
pub use crate::provider::luma::Luma;
pub use crate::provider::lunacal::Lunacal;

use crate::provider::Provider as _;
use crate::provider::reading::Read;

/// The providers by name, each with the function that reads its bodies: for code that serves all of them.
pub const READERS: [(&str, Read); 3] =
    [(Luma::NAME, Luma::read), (Lunacal::NAME, Lunacal::read), (Allfly::NAME, Allfly::read)];
