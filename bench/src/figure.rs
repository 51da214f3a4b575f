//! Numbers in a form that is easy to read.

/// Returns a number with three significant digits: `0.412`, `4.12`, `41.2`, `412`, `41,200`.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let decimals = match value.abs() {
        size if size < 9.995 => 2,
        size if size < 99.95 => 1,
        _ => 0,
    };
    let decimals = if value != 0.0 && value.abs() < 0.9995 { 3 } else { decimals };
    grouped(&format!("{value:.decimals$}"))
}

/// Returns a factor, such as `4.12×`.
pub fn times(value: f64) -> String {
    format!("{}×", figure(value))
}

/// Separates thousands by commas.
fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits() {
        let values = [0.0, 0.041_23, 0.412_3, 4.123, 41.23, 412.3, 41_234.5, 1_234_567.0, f64::NAN];
        let figures = ["0.00", "0.041", "0.412", "4.12", "41.2", "412", "41,234", "1,234,567", "–"];
        assert_eq!(values.map(figure), figures);
        assert_eq!(times(12.34), "12.3×");
    }
}
