//! The report: a table that grows with each probe, or JSON at the end.

use std::io::{self, Write as _};

use events::Provider;
use serde::Serialize;

use super::examination::{Examination, Row};

/// Prints which receiver is examined.
pub(crate) fn print_head(json: bool, examination: &Examination<'_>) -> io::Result<()> {
    if json {
        return Ok(());
    }
    let (target, provider) = (examination.target.name(), examination.sender.provider);
    writeln!(io::stdout(), "Examining {target} as {provider}'s receiver")?;
    if !examination.sender.knows_secret {
        writeln!(
            io::stdout(),
            "No secret is known, so only requests that must be refused are sent. For all of them pass --secret or set \
             USHER_SECRET."
        )?;
    }
    Ok(())
}

/// Prints the line of a check, and the reason for it if it failed.
pub(crate) fn print_row(json: bool, row: &Row) -> io::Result<()> {
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

/// The report as JSON.
#[derive(Serialize)]
struct Whole<'r> {
    url: &'r str,
    provider: &'static str,
    passed: usize,
    failed: usize,
    /// The numbers of probes that were not sent.
    left_out: LeftOut,
    probes: &'r [Row],
}

#[derive(Serialize)]
struct LeftOut {
    without_secret: usize,
    without_events: usize,
}

/// Prints the totals, and what was not checked.
pub(crate) fn print_summary(
    json: bool,
    examination: &Examination<'_>,
    looked_at_queue: bool,
) -> io::Result<()> {
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
        let text = serde_json::to_string_pretty(&whole).expect("all of it can be written as JSON");
        return writeln!(out, "{text}");
    }
    writeln!(out, "\n{passed} passed, {failed} failed")?;
    if examination.without_secret > 0 {
        writeln!(out, "{} left out because they need the secret", examination.without_secret)?;
    }
    if examination.without_events > 0 {
        writeln!(out, "{} left out because they become events (--no-events)", examination.without_events)?;
    }
    if !looked_at_queue {
        writeln!(out, "Not checked: the queue, on which a duplicate may be a second message (--queue)")?;
    }
    match rows.first() {
        Some(row) if row.name == "genuine delivery" && !row.passed => {
            let status = examination
                .observed
                .first()
                .and_then(|first| first.answer.as_ref())
                .map(|answer| answer.status);
            writeln!(out, "{}", cause(status, examination.sender.provider))
        }
        _ => Ok(()),
    }
}

/// Returns the likely reason why a genuine delivery was not accepted.
fn cause(status: Option<u16>, provider: Provider) -> String {
    let cause = match status {
        Some(500) => format!("the function cannot use its secret document. See: usher rotate {provider}"),
        Some(502) => "the function fails. See its log".to_owned(),
        Some(429 | 503) => {
            "the function is throttled, or what it depends on cannot be reached. See its log".to_owned()
        }
        _ => format!("is it the newest secret, and the URL of {provider}'s webhook?"),
    };
    format!("No genuine delivery was accepted: {cause}")
}
