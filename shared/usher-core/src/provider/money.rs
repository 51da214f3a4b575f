//! Amounts, exactly: whole numbers of minor units, never a float.

use iso_currency::Currency;

use super::fields::Field;
use crate::event::data::Money;

/// An amount that the provider gives in minor units. `None` where there is none, or where it isn't a whole number of
/// them, which would have to be guessed.
pub fn minor(amount: Field<'_, '_>, currency: Field<'_, '_>) -> Option<Money> {
    Some(Money { amount: amount.integer()?, currency: code(currency) })
}

/// An amount that the provider writes in major units, as text: `384.20` is 38420 in USD, 384 is 384 in JPY and 384000
/// in KWD. `None` for more decimals than the currency has, and where the currency isn't ISO 4217's.
pub fn major(amount: Field<'_, '_>, currency: Field<'_, '_>) -> Option<Money> {
    let code = code(currency)?;
    // A currency of ISO 4217 without an exponent, such as gold, has no minor unit.
    let exponent = usize::from(Currency::from_code(&code)?.exponent()?);
    let text = amount.text()?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, &*text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    // `384.00` is whole, in yen too.
    let fraction = fraction.trim_end_matches('0');
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > exponent {
        return None;
    }
    let minor: i64 = format!("{whole}{fraction:0<exponent$}").parse().ok()?;
    Some(Money { amount: sign * minor, currency: Some(code) })
}

fn code(currency: Field<'_, '_>) -> Option<String> {
    currency.text().map(|code| code.to_ascii_uppercase())
}
