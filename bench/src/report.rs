//! The results as Markdown.

use std::fmt::Write as _;

use crate::archive::Size;
use crate::condition::{Condition, Name};
use crate::contestant::Contestant;
use crate::figure::{figure, times};
use crate::growth::Growth;
use crate::instructions::Instructions;
use crate::life::{Life, Phase};
use crate::markdown::Table;
use crate::measure::{Measure, megabytes, milliseconds};
use crate::rounds::Rounds;

/// The results of one run of the benchmark.
#[derive(Default)]
pub struct Report {
    /// The machine, the moment and the programs.
    pub made: Vec<String>,
    /// What could not be measured and why, and other remarks.
    pub notes: Vec<String>,
    pub sizes: Vec<(Contestant, Size)>,
    pub rounds: Vec<Rounds>,
    pub growth: Option<Growth>,
    pub instructions: Option<Instructions>,
}

impl Report {
    pub fn rounds(&self, name: Name) -> Option<&Rounds> {
        self.rounds.iter().find(|rounds| rounds.condition.name == name)
    }

    pub fn size(&self, contestant: Contestant) -> Option<Size> {
        self.sizes.iter().find(|(who, _)| *who == contestant).map(|(_, size)| *size)
    }

    /// Returns the whole text, with the table of targets that [`targets`](crate::targets) made of this report.
    pub fn to_markdown(&self, command: &str, targets: &Table) -> String {
        let mut text = String::from("# Results\n\nWritten by `");
        let _ = write!(text, "{command}`; [how to read them](README.md).\n\n");
        for line in &self.made {
            let _ = writeln!(text, "- {line}");
        }
        for note in &self.notes {
            let _ = writeln!(text, "- {note}");
        }
        let _ = write!(text, "\n![Usher beside the baselines](results.svg)\n\n## Targets\n\n");
        let _ = write!(text, "{targets}");
        for rounds in &self.rounds {
            let _ =
                write!(text, "\n## {}\n\n{}\n", rounds.condition.name.title(), explain(&rounds.condition));
            let _ = write!(text, "{}\n{}", values(rounds), ratios(rounds));
        }
        let _ = write!(text, "\n## Bytes\n\n{}", self.bytes());
        if let Some(growth) = &self.growth {
            let _ = write!(text, "\n{growth}");
        }
        if let Some(instructions) = &self.instructions {
            let _ = write!(text, "\n{instructions}");
        }
        text
    }

    fn bytes(&self) -> Table {
        let mut table = Table::new(["", "code", "ZIP file"]);
        for (who, size) in &self.sizes {
            let megabytes = |bytes| format!("{} MB", figure(megabytes(bytes)));
            // It is the same program as the Rust baseline.
            if *who != Contestant::RustWarmedUp {
                table.row([who.name().to_owned(), megabytes(size.bytes), megabytes(size.zip_bytes)]);
            }
        }
        table
    }
}

fn explain(condition: &Condition) -> String {
    let delays = condition.delays;
    let services = if delays.are_none() {
        "Services answer at once.".to_owned()
    } else {
        let [dynamodb, sqs, secrets] =
            [delays.dynamodb, delays.sqs, delays.secrets_manager].map(milliseconds);
        format!(
            "DynamoDB answers after {dynamodb} ms, SQS after {sqs} ms, Secrets Manager after {secrets} ms."
        )
    };
    format!(
        "{} rounds of one first and {} warm events each. {services} Median (minimum – p99).\n",
        condition.rounds,
        condition.name.warm_events()
    )
}

fn values(rounds: &Rounds) -> Table {
    let contestants = rounds.contestants();
    let mut table = Table::new(std::iter::once("").chain(contestants.iter().map(|who| who.name())));
    for measure in Measure::ALL {
        let cells = contestants.iter().map(|who| {
            let all = rounds.distribution(*who, measure);
            let [median, min, p99] = [all.median(), all.min(), all.p99()].map(figure);
            format!("{median} ({min} – {p99})")
        });
        let name = format!("{}, {}", measure.name(), measure.unit());
        table.row(std::iter::once(name).chain(cells));
    }
    for (name, count) in COUNTS {
        let cells = contestants.iter().map(|who| {
            let phases = rounds.lives_of(*who).map(count);
            let (count, events) =
                phases.fold((0, 0), |sum, phase| (sum.0 + phase.0, sum.1 + phase.1.events.max(1)));
            figure_of_count(f64::from(count) / f64::from(events))
        });
        table.row(std::iter::once(name.to_owned()).chain(cells));
    }
    table
}

type Count = for<'l> fn(&'l Life) -> (u32, &'l Phase);

const COUNTS: [(&str, Count); 6] = [
    ("AWS calls in INIT", |life| (life.init.calls, &life.init)),
    ("… of the first event", |life| (life.first.calls, &life.first)),
    ("… of a warm event", |life| (life.warm.calls, &life.warm)),
    ("connections opened in INIT", |life| (life.init.connections, &life.init)),
    ("… by the first event", |life| (life.first.connections, &life.first)),
    ("… by a warm event", |life| (life.warm.connections, &life.warm)),
];

/// Returns a count. It is usually a whole number.
fn figure_of_count(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count}") } else { figure(count) }
}

fn ratios(rounds: &Rounds) -> Table {
    let others: Vec<Contestant> =
        rounds.contestants().into_iter().filter(|who| *who != Contestant::Usher).collect();
    let head = others.iter().map(|who| format!("{} ÷ Usher", who.name()));
    let mut table =
        Table::new(std::iter::once("ratio of medians (quartiles of the rounds)".to_owned()).chain(head));
    for measure in Measure::ALL {
        let cells = others.iter().map(|who| {
            let ratio = rounds.ratio(*who, measure);
            let (low, high) = ratio.quartiles;
            format!("{} ({} – {})", times(ratio.of_medians), figure(low), figure(high))
        });
        table.row(std::iter::once(measure.name().to_owned()).chain(cells));
    }
    table
}
