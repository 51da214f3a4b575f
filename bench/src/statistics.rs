//! The statistics of many measurements.

/// Measurements of one quantity, sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution(Vec<f64>);

impl FromIterator<f64> for Distribution {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }
}

impl Distribution {
    pub fn min(&self) -> f64 {
        self.percentile(0)
    }

    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    pub fn p99(&self) -> f64 {
        self.percentile(99)
    }

    /// Returns the smallest value that so many percent of all values do not exceed; not a number if there are no
    /// values.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or(f64::NAN)
    }
}

/// The ratio of one contestant to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The ratio of the medians over all measurements of each.
    pub of_medians: f64,
    /// The quartiles of the ratios within each round. The two runs of a round are close in time, so the machine's speed
    /// is about the same.
    pub quartiles: (f64, f64),
}

impl Ratio {
    pub fn new(more: &Distribution, less: &Distribution, of_rounds: &Distribution) -> Self {
        Self {
            of_medians: more.median() / less.median(),
            quartiles: (of_rounds.percentile(25), of_rounds.percentile(75)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &Distribution) -> [String; 3] {
        [values.min(), values.median(), values.p99()].map(|value| value.to_string())
    }

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let hundred: Distribution = (1..=100).rev().map(f64::from).collect();
        assert_eq!(shown(&hundred), ["1", "50", "99"]);
        let three: Distribution = [3.0, 1.0, 2.0].into_iter().collect();
        assert_eq!(shown(&three), ["1", "2", "3"]);
        assert!(Distribution::default().median().is_nan());
    }

    #[test]
    fn a_ratio_compares_medians_and_shows_how_much_rounds_differ() {
        let [more, less, of_rounds] = [[10.0, 20.0, 90.0], [1.0, 2.0, 3.0], [10.0, 10.0, 30.0]]
            .map(|values| values.into_iter().collect::<Distribution>());
        let ratio = Ratio::new(&more, &less, &of_rounds);
        assert_eq!(ratio, Ratio { of_medians: 10.0, quartiles: (10.0, 30.0) });
    }
}
