//! The report on a replay.

use serde_json::{Value, json};

use super::Args;
use super::execution::{Done, Stopped};
use super::plan::Plan;
use super::run::Run;
use crate::terminal::{Failure, count, note, print};

/// A plan, and what became of it.
pub(crate) struct Report<'r> {
    pub(crate) args: &'r Args,
    pub(crate) run: Run,
    pub(crate) plan: &'r Plan,
    pub(crate) done: Done,
    /// `true` if anything was to be changed.
    pub(crate) is_real: bool,
}

impl Report<'_> {
    pub(crate) fn print(&self) -> Result<(), Failure> {
        if self.plan.is_empty() {
            return Ok(());
        }
        if !self.is_real {
            return print("\nNothing was changed. To replay them, run again with `--yes`.");
        }
        let replayed = self.done.replayed;
        match &self.done.stopped {
            None => print(&format!(
                "\nReplayed {}. The relay sends them within about a minute. To see what is left: usher pending",
                count(replayed, "event")
            ))?,
            Some(stopped) => {
                let what = if matches!(stopped, Stopped::Interrupted) { "Interrupted" } else { "Stopped" };
                note(&format!(
                    "{what} after {replayed} of {}. To replay the rest:",
                    self.plan.events().len()
                ));
                note(&format!("\n  {}\n", self.command()));
                if self.args.wanted.reads_standard_input() {
                    note("with the same ids on its standard input");
                }
            }
        }
        if self.done.changed > 0 {
            note(&format!(
                "Left out: {} changed meanwhile, by another replay or an erasure",
                self.done.changed
            ));
        }
        Ok(())
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "began": self.run.began,
            "resumed": self.run.is_resumed,
            "changes_made": self.is_real,
            "plan": self.plan.json(),
            "replayed": self.done.replayed,
            "changed_meanwhile": self.done.changed,
            "resume": self.done.stopped.is_some().then(|| self.command()),
        })
    }

    /// Returns the command that replays the rest of this run, and nothing else.
    fn command(&self) -> String {
        let began = self.run.began;
        let mut words = vec!["usher".to_owned(), "replay".to_owned()];
        words.extend(self.args.wanted.arguments(began));
        words.extend(["--resume".to_owned(), began.to_string(), "--yes".to_owned()]);
        words.extend(["--per-second".to_owned(), self.args.per_second.to_string()]);
        words.extend(self.args.account.options());
        // A zero byte can't be in an argument, so none is refused.
        shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default()
    }
}
