//! `make bench` runs Usher beside ordinary receivers, as Lambda would run them, on one machine and in one run.
//!
//! 1. [`contestant`] lists the programs and starts them.
//! 2. [`sandbox`] runs one: it starts it, hands it a first event and further ones, and measures each phase.
//! 3. [`rounds`] runs them in turn, many times, under a [`condition`].
//! 4. [`growth`] gives one sandbox of Usher more to do, [`instructions`] counts what a warm event takes.
//! 5. [`report`] writes the results, [`targets`] compares them with the targets, [`plot`] draws them.
//!
//! The crate `fakes` plays Lambda and AWS, in this process, on another core than the contestants'.

mod archive;
mod cgroup;
mod condition;
mod contestant;
mod cores;
mod delivery;
mod figure;
mod growth;
mod instructions;
mod life;
mod machine;
mod markdown;
mod measure;
mod plot;
mod progress;
mod quota;
mod report;
mod rounds;
mod sandbox;
mod settings;
mod statistics;
mod targets;
mod usage;

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use clap::Parser as _;

use crate::contestant::Contestant;
use crate::cores::Cores;
use crate::growth::Growth;
use crate::instructions::{CountError, Instructions};
use crate::progress::say;
use crate::quota::Quota;
use crate::report::Report;
use crate::rounds::Rounds;
use crate::sandbox::Surroundings;
use crate::settings::{Part, Settings};

fn main() -> ExitCode {
    let settings = Settings::parse();
    let done = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(&settings)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: &Settings) -> Result<(), Box<dyn Error>> {
    let programs = settings.programs()?;
    let mut report = Report { made: machine::describe(programs.python.as_deref()), ..Report::default() };
    let cores = Cores::choose()?;
    cores.stay_with_surroundings()?;
    if !cores.are_apart() {
        report.notes.push("There is one core only. The fakes of Lambda and AWS run on it as well.".into());
    }
    let quota = Quota::new();
    if let Err(reason) = &quota {
        report.notes.push(format!("The share of a 128 MB function is not measured: {reason}."));
    }
    let quota = quota.ok();
    let contestants: Vec<Contestant> = Contestant::ALL
        .into_iter()
        .filter(|who| *who != Contestant::Python || programs.python.is_some())
        .collect();
    for who in &contestants {
        report.sizes.push((*who, who.size(&programs)?));
    }
    let folder = std::env::temp_dir().join(format!("usher-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    for condition in settings.conditions() {
        if condition.name.is_held() && quota.is_none() {
            continue;
        }
        let surroundings = Surroundings::new(programs.clone(), cores, &folder).await?;
        let quota = quota.as_ref().filter(|_| condition.name.is_held());
        report.rounds.push(Rounds::run(condition, &surroundings, quota, &contestants).await?);
    }
    if settings.parts.contains(&Part::Growth) {
        let surroundings = Surroundings::new(programs.clone(), cores, &folder).await?;
        report.growth = Some(Growth::measure(&surroundings, f64::from(settings.runs) / 100.0).await?);
    }
    if settings.parts.contains(&Part::Instructions) {
        match Instructions::count(&programs.usher, &folder).await {
            Ok(instructions) => report.instructions = Some(instructions),
            Err(CountError::NoValgrind) => {
                report.notes.push("Instructions are not counted: valgrind is not installed.".into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    fs::remove_dir_all(&folder)?;
    write(settings, &report)?;
    Ok(())
}

fn write(settings: &Settings, report: &Report) -> std::io::Result<()> {
    let [markdown, picture] = ["results.md", "results.svg"].map(|name| settings.results.join(name));
    let text = report.to_markdown("make bench", &targets::table(report));
    let caption = report.made.first().map_or("", String::as_str);
    fs::write(&markdown, &text)?;
    fs::write(&picture, plot::svg(&plot::panels(report), caption))?;
    say(&format!("\n{text}\nWritten to {} and {}", markdown.display(), picture.display()));
    Ok(())
}
