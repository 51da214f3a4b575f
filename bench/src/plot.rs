//! A picture of the main figures: bars in SVG, on a logarithmic scale, as multiples of Usher's figures.

use std::fmt::Write as _;

use crate::condition::Name;
use crate::contestant::Contestant;
use crate::figure::{figure, times};
use crate::measure::{Measure, megabytes};
use crate::report::Report;

/// One group of bars.
pub struct Panel {
    pub title: &'static str,
    pub unit: &'static str,
    /// The bars, Usher's first.
    pub bars: Vec<(Contestant, f64)>,
}

const WIDTH: f64 = 860.0;
const LEFT: f64 = 270.0;
/// The width for the figures beside the longest bar.
const RIGHT: f64 = 150.0;
const TOP: f64 = 70.0;
const BAR: f64 = 15.0;
const BETWEEN_BARS: f64 = 4.0;
const BETWEEN_PANELS: f64 = 40.0;

/// The ratio at which a bar begins, so that Usher's own bar is one decade long.
const BEGIN: f64 = 0.1;

/// Returns the groups of the picture, without those that were not measured.
pub fn panels(report: &Report) -> Vec<Panel> {
    let of = |name, measure: Measure, title| {
        let rounds = report.rounds(name)?;
        let bars = rounds.contestants().into_iter().map(|who| (who, rounds.median(who, measure)));
        Some(Panel { title, unit: measure.unit(), bars: bars.collect() })
    };
    let zip = || {
        let sizes = report.sizes.iter().filter(|(who, _)| *who != Contestant::RustWarmedUp);
        let bars: Vec<_> = sizes.map(|(who, size)| (*who, megabytes(size.zip_bytes))).collect();
        Some(Panel { title: "ZIP file (Python's without boto3, which Lambda has)", unit: "MB", bars })
    };
    [
        of(Name::Share, Measure::FirstTime, "First event at the share of a 128 MB function"),
        of(Name::FullCore, Measure::InitTime, "Start to ready (INIT)"),
        of(
            Name::FullCore,
            Measure::WarmProcessorTime,
            "Processor time of a warm event (AWS calls: Usher 3, Rust 2, Python 3)",
        ),
        of(Name::FullCore, Measure::PeakMemory, "Peak memory"),
        zip(),
    ]
    .into_iter()
    .flatten()
    .filter(|panel| panel.bars.iter().any(|(who, _)| *who == Contestant::Usher))
    .collect()
}

/// Draws the picture, for light and dark pages.
pub fn svg(panels: &[Panel], caption: &str) -> String {
    let height = TOP + panels.iter().map(Panel::height).sum::<f64>() + 10.0;
    let largest = panels.iter().flat_map(Panel::ratios).fold(10.0, f64::max);
    let scale = Scale { pixels_per_decade: (WIDTH - LEFT - RIGHT) / (largest / BEGIN).log10() };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\">\n<title>Usher beside the baselines</title>\n{STYLE}\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n\
         <text class=\"head\" x=\"16\" y=\"26\">Less is better; bars on a logarithmic scale</text>\n\
         <text class=\"note\" x=\"16\" y=\"46\">{}</text>\n",
        escape(caption)
    );
    let mut tick = 1.0;
    while tick <= largest {
        let x = scale.x(tick);
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{x:.1} {TOP}V{:.1}\"/>\
             <text class=\"note\" text-anchor=\"middle\" x=\"{x:.1}\" y=\"{:.1}\">{tick}×</text>",
            height - 14.0,
            TOP - 6.0
        );
        tick *= 10.0;
    }
    let mut y = TOP;
    for panel in panels {
        panel.draw(&mut svg, y, &scale);
        y += panel.height();
    }
    svg.push_str("</svg>\n");
    svg
}

struct Scale {
    pixels_per_decade: f64,
}

impl Scale {
    fn x(&self, ratio: f64) -> f64 {
        LEFT + (ratio.max(BEGIN) / BEGIN).log10() * self.pixels_per_decade
    }
}

impl Panel {
    #[expect(clippy::cast_precision_loss, reason = "a handful of bars")]
    fn height(&self) -> f64 {
        BETWEEN_PANELS + self.bars.len() as f64 * (BAR + BETWEEN_BARS)
    }

    fn ratios(&self) -> impl Iterator<Item = f64> {
        let usher = self.bars.iter().find(|(who, _)| *who == Contestant::Usher).map_or(f64::NAN, |bar| bar.1);
        self.bars.iter().map(move |(_, value)| value / usher)
    }

    fn draw(&self, svg: &mut String, top: f64, scale: &Scale) {
        let _ = writeln!(
            svg,
            "<text class=\"title\" x=\"16\" y=\"{:.1}\">{}</text>",
            top + 26.0,
            escape(self.title)
        );
        let mut y = top + BETWEEN_PANELS - 6.0;
        for ((who, value), ratio) in self.bars.iter().zip(self.ratios()) {
            let (class, end, text_y) = (class(*who), scale.x(ratio), y + BAR - 3.5);
            let label = match who {
                Contestant::Usher => format!("{} {}", figure(*value), self.unit),
                _ => format!("{} {} · {}", figure(*value), self.unit, times(ratio)),
            };
            let _ = writeln!(
                svg,
                "<text class=\"name\" text-anchor=\"end\" x=\"{:.1}\" y=\"{text_y:.1}\">{}</text>\
                 <rect class=\"{class}\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\" rx=\"2\"/>\
                 <text class=\"value\" x=\"{:.1}\" y=\"{text_y:.1}\">{label}</text>",
                LEFT - 8.0,
                escape(who.name()),
                end - LEFT,
                end + 6.0,
            );
            y += BAR + BETWEEN_BARS;
        }
    }
}

fn class(who: Contestant) -> &'static str {
    match who {
        Contestant::Usher => "usher",
        Contestant::Rust => "rust",
        Contestant::RustWarmedUp => "warmed",
        Contestant::Python => "python",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

const STYLE: &str = "<style>
text{font:12px system-ui,sans-serif;fill:#1f2328}
.head,.title{font-weight:600}.head{font-size:14px}.note{fill:#59636e;font-size:11px}
.page{fill:#fff}.grid{stroke:#d1d9e0;fill:none}
.usher{fill:#1a7f37}.rust{fill:#bc4c00}.warmed{fill:#d4a72c}.python{fill:#0969da}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.note{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#3d444d}.usher{fill:#3fb950}.rust{fill:#db6d28}.warmed{fill:#d29922}.python{fill:#4493f8}}
</style>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_times_as_much_is_one_decade_longer() {
        let bars = vec![(Contestant::Usher, 4.0), (Contestant::Rust, 400.0)];
        let svg = svg(&[Panel { title: "First & last", unit: "ms", bars }], "here");
        let widths: Vec<f64> = svg
            .split("<rect class=\"")
            .skip(2)
            .filter_map(|rect| rect.split("width=\"").nth(1)?.split('"').next()?.parse().ok())
            .collect();
        let [usher, rust] = widths[..] else { panic!("{widths:?}") };
        assert!((rust / usher - 3.0).abs() < 0.01, "{widths:?}");
        assert!(svg.contains("400 ms · 100×") && svg.contains("First &amp; last"));
    }
}
