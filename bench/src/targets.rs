//! The targets for Usher, and whether this run reached them.

use crate::condition::Name;
use crate::contestant::Contestant;
use crate::figure::{figure, times};
use crate::markdown::Table;
use crate::measure::{Measure, megabytes};
use crate::report::Report;

/// One target and its measurement.
struct Target {
    what: &'static str,
    wanted: &'static str,
    measured: String,
    /// `true` if the target was reached; unknown if it could not be measured.
    met: Option<bool>,
}

/// Returns a table of all targets. A missed target is shown and is no error: the machine may be busy.
pub fn table(report: &Report) -> Table {
    let mut table = Table::new(["target", "wanted", "measured", ""]);
    for target in targets(report) {
        let verdict = match target.met {
            Some(true) => "PASS",
            Some(false) => "MISS",
            None => "not measured",
        };
        table.row([target.what, target.wanted, &target.measured, verdict]);
    }
    table
}

fn targets(report: &Report) -> Vec<Target> {
    use Contestant::{Rust, RustWarmedUp, Usher};
    let median = |name, who, measure| report.rounds(name).map(|rounds| rounds.median(who, measure));
    let ratio = |name, who, measure| report.rounds(name).map(|rounds| rounds.ratio(who, measure).of_medians);
    let (full, share) = (Name::FullCore, Name::Share);
    let zip = report.size(Usher).map(|size| megabytes(size.zip_bytes));
    vec![
        at_least(
            "first event at the share of 128 MB, against the Rust baseline",
            "≥ 100×",
            100.0,
            ratio(share, Rust, Measure::FirstTime),
        ),
        at_most(
            "first event at the share of 128 MB",
            "< 5 ms",
            5.0,
            median(share, Usher, Measure::FirstTime),
            "ms",
        ),
        at_least(
            "start to `/next` with connections open, against the Rust baseline warmed up",
            "≥ 6×",
            6.0,
            ratio(full, RustWarmedUp, Measure::InitTime),
        ),
        at_most(
            "start to `/next` with connections open",
            "≤ 10 ms",
            10.0,
            median(full, Usher, Measure::InitTime),
            "ms",
        ),
        at_most(
            "processor time per warm event and AWS call, as a part of the Rust baseline's",
            "≤ 0.62",
            0.62,
            ratio(full, Rust, Measure::WarmProcessorTimePerCall).map(f64::recip),
            "",
        ),
        at_most(
            "processor time per warm event in total, three calls against two",
            "≤ 0.95",
            0.95,
            ratio(full, Rust, Measure::WarmProcessorTime).map(f64::recip),
            "",
        ),
        at_most(
            "a warm event of 1.2 KB, in million instructions",
            "≤ 2.4",
            2.4,
            report.instructions.as_ref().map(|instructions| instructions.small / 1e6),
            "",
        ),
        at_most("peak memory", "≤ 9 MB", 9.0, median(full, Usher, Measure::PeakMemory), "MB"),
        at_most("ZIP file of one function", "≤ 2.4 MB", 2.4, zip, "MB"),
    ]
}

fn at_least(what: &'static str, wanted: &'static str, bound: f64, measured: Option<f64>) -> Target {
    let measured = measured.filter(|value| value.is_finite());
    let text = measured.map_or_else(|| "–".to_owned(), times);
    Target { what, wanted, measured: text, met: measured.map(|value| value >= bound) }
}

fn at_most(
    what: &'static str,
    wanted: &'static str,
    bound: f64,
    measured: Option<f64>,
    unit: &str,
) -> Target {
    let measured = measured.filter(|value| value.is_finite());
    let text = measured.map_or_else(|| "–".to_owned(), |value| format!("{} {unit}", figure(value)));
    Target { what, wanted, measured: text.trim().to_owned(), met: measured.map(|value| value <= bound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_missed_on_the_wrong_side_of_its_bound_and_unknown_without_a_figure() {
        assert_eq!(at_least("", "", 6.0, Some(6.0)).met, Some(true));
        assert_eq!(at_least("", "", 6.0, Some(5.9)).met, Some(false));
        assert_eq!(at_most("", "", 9.0, Some(9.0), "MB").met, Some(true));
        assert_eq!(at_most("", "", 9.0, Some(9.1), "MB").met, Some(false));
        assert_eq!(at_most("", "", 9.0, Some(f64::NAN), "MB").met, None);
        assert_eq!(at_least("", "", 6.0, None).met, None);
    }
}
