//! What one run is to do.

use std::io;
use std::path::{self, PathBuf};
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::condition::{Condition, Delays, Name};
use crate::contestant::Programs;

/// Measures Usher beside ordinary receivers. `make bench` builds all that is measured, and runs this.
#[derive(Debug, Parser)]
pub struct Settings {
    /// How many rounds the part with a whole core has; the others have fewer, as theirs take longer.
    #[arg(long, env = "USHER_BENCH_RUNS", default_value_t = 100)]
    pub runs: u32,

    /// Which parts.
    #[arg(
        long,
        env = "USHER_BENCH_PARTS",
        value_delimiter = ',',
        default_value = "core,share,region,growth"
    )]
    pub parts: Vec<Part>,

    /// Milliseconds that DynamoDB, SQS and Secrets Manager take to answer, in the part called region.
    #[arg(long, env = "USHER_BENCH_DELAYS", value_delimiter = ',', default_value = "4,8,6", num_args = 3)]
    delays: Vec<u64>,

    /// Usher's function for Luma.
    #[arg(long)]
    usher: PathBuf,

    /// The baseline in Rust.
    #[arg(long)]
    rust: PathBuf,

    /// The Python that has what the baseline in Python needs. Without it that one is left out.
    #[arg(long)]
    python: Option<PathBuf>,

    /// The folder that results.md and results.svg are written to.
    #[arg(long)]
    pub results: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// A whole core.
    Core,
    /// The share of a 128 MB function.
    Share,
    /// The same, with services that take their time.
    Region,
    /// Larger bodies, a larger ledger.
    Growth,
}

impl Settings {
    /// Those that were asked for.
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

    /// Absolute, as one of them is started in a folder of its own. Links stay: a Python environment is one.
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
