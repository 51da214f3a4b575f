//! The settings of one run.

use std::io;
use std::path::{self, PathBuf};
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::condition::{Condition, Delays, Name};
use crate::contestant::Programs;

/// Measures Usher beside ordinary receivers. `make bench` builds the programs and runs this.
#[derive(Debug, Parser)]
pub struct Settings {
    /// The number of rounds in the part with a whole core. The other parts take longer and have fewer.
    #[arg(long, env = "USHER_BENCH_RUNS", default_value_t = 100)]
    pub runs: u32,

    /// The parts to run.
    #[arg(
        long,
        env = "USHER_BENCH_PARTS",
        value_delimiter = ',',
        default_value = "core,share,region,growth,instructions"
    )]
    pub parts: Vec<Part>,

    /// The milliseconds that DynamoDB, SQS and Secrets Manager take to answer in the part `region`.
    #[arg(long, env = "USHER_BENCH_DELAYS", value_delimiter = ',', default_value = "4,8,6", num_args = 3)]
    delays: Vec<u64>,

    /// The path of Usher's function for Luma.
    #[arg(long)]
    usher: PathBuf,

    /// The path of the baseline in Rust.
    #[arg(long)]
    rust: PathBuf,

    /// The Python with the packages of the Python baseline. Without it, that baseline is left out.
    #[arg(long)]
    python: Option<PathBuf>,

    /// The folder to which results.md and results.svg are written.
    #[arg(long)]
    pub results: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// A whole core.
    Core,
    /// The share of a 128 MB function.
    Share,
    /// The same share, with services that answer after a delay.
    Region,
    /// Growing bodies and a growing ledger.
    Growth,
    /// The instructions of a warm event.
    Instructions,
}

impl Settings {
    /// Returns the conditions of the parts to run.
    pub fn conditions(&self) -> Vec<Condition> {
        let part = |part, name, delays, rounds: u32| {
            self.parts.contains(&part).then_some(Condition { name, delays, rounds: rounds.max(1) })
        };
        [
            part(Part::Core, Name::FullCore, Delays::default(), self.runs),
            part(Part::Share, Name::Share, Delays::default(), self.runs.div_ceil(2)),
            part(Part::Region, Name::Region, self.delays(), self.runs.div_ceil(5)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Returns the programs. Their paths are absolute, as a contestant starts in a folder of its own, and links are kept,
    /// as a Python environment consists of them.
    pub fn programs(&self) -> io::Result<Programs> {
        let built = |path: &PathBuf| {
            let path = path::absolute(path)?;
            if path.is_file() {
                Ok(path)
            } else {
                Err(io::Error::other(format!("no program {}", path.display())))
            }
        };
        let python = self.python.as_ref().map(built).transpose()?;
        Ok(Programs { usher: built(&self.usher)?, rust: built(&self.rust)?, python })
    }

    fn delays(&self) -> Delays {
        let delay = |index: usize| Duration::from_millis(self.delays.get(index).copied().unwrap_or_default());
        Delays { dynamodb: delay(0), sqs: delay(1), secrets_manager: delay(2) }
    }
}
