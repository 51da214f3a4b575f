//! Amounts, exactly: whole numbers of minor units, never a float.

use super::fields::Field;
use crate::event::data::Money;

/// Reads an amount that the provider gives in minor units. Returns `None` where there is none, or where it isn't a whole
/// number of them: it would have to be rounded.
pub fn minor(amount: Field<'_, '_>, currency: Field<'_, '_>) -> Option<Money> {
    Some(Money { amount: amount.integer()?, currency: code(currency) })
}

fn code(currency: Field<'_, '_>) -> Option<String> {
    currency.text().map(|code| code.to_ascii_uppercase())
}
