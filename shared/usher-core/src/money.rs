//! Amounts, exactly.

use crate::data::Money;
use crate::fields::Field;

/// An amount that the provider gives in minor units. `None` where there is none, or where it isn't a whole number of
/// them, which would have to be guessed.
pub fn money(amount: Field<'_, '_>, currency: Field<'_, '_>) -> Option<Money> {
    let amount = amount.integer()?;
    let currency = currency.text().map(|code| code.to_ascii_uppercase());
    Some(Money { amount, currency })
}
