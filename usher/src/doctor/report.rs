//! What is told: a table as the probes are made, or JSON in the end.

use std::io::{self, Write as _};

use serde::Serialize;

use super::examination::{Examination, Row};

/// Who is examined.
pub(crate) fn head(json: bool, examination: &Examination<'_>) -> io::Result<()> {
    if json {
        return Ok(());
    }
    let (target, provider) = (examination.target.name(), examination.sender.provider);
    writeln!(io::stdout(), "Examining {target} as {provider}'s receiver")?;
    if !examination.sender.knows_secret {
        writeln!(
            io::stdout(),
            "No secret is known: only what has to be refused is sent. For all of it pass --secret or set USHER_SECRET."
        )?;
    }
    Ok(())
}

/// One line, and the title of its group before the first of it.
pub(crate) fn row(json: bool, row: &Row) -> io::Result<()> {
    if json {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    let mark = if row.passed { '✓' } else { '✗' };
    let time = row.milliseconds.map(|milliseconds| format!("  {milliseconds} ms")).unwrap_or_default();
    let (name, expected, seen) = (row.name, row.expected, &row.seen);
    writeln!(out, "{mark} {:<16} {name:<40} {expected:<20} {seen}{time}", row.group)?;
    if !row.passed {
        writeln!(out, "    {}", row.why)?;
    }
    out.flush()
}

#[derive(Serialize)]
struct Whole<'r> {
    url: &'r str,
    provider: &'static str,
    passed: usize,
    failed: usize,
    /// Probes that were not made.
    left_out: LeftOut,
    probes: &'r [Row],
}

#[derive(Serialize)]
struct LeftOut {
    without_secret: usize,
    without_events: usize,
}

/// How it went, and what was not looked at.
pub(crate) fn end(json: bool, examination: &Examination<'_>, looked_at_queue: bool) -> io::Result<()> {
    let rows = examination.rows();
    let passed = rows.iter().filter(|row| row.passed).count();
    let failed = rows.len() - passed;
    let mut out = io::stdout().lock();
    if json {
        let whole = Whole {
            url: examination.target.name(),
            provider: examination.sender.provider.name(),
            passed,
            failed,
            left_out: LeftOut {
                without_secret: examination.without_secret,
                without_events: examination.without_events,
            },
            probes: rows,
        };
        let text = serde_json::to_string_pretty(&whole).expect("there is nothing in it that JSON cannot say");
        return writeln!(out, "{text}");
    }
    writeln!(out, "\n{passed} passed, {failed} failed")?;
    if examination.without_secret > 0 {
        writeln!(out, "{} left out, as they need the secret", examination.without_secret)?;
    }
    if examination.without_events > 0 {
        writeln!(out, "{} left out, as they become events (--no-events)", examination.without_events)?;
    }
    if !looked_at_queue {
        writeln!(out, "Not looked at: whether a duplicate is queued again (--queue)")?;
    }
    if rows.first().is_some_and(|row| row.name == "genuine delivery" && !row.passed) {
        writeln!(
            out,
            "Nothing genuine got in: is it the newest secret, and the URL of {}'s webhook?",
            examination.sender.provider
        )?;
    }
    Ok(())
}
