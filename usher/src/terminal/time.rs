//! Moments as people write and read them.

use jiff::civil::Date;
use jiff::fmt::friendly::{Designator, SpanPrinter};
use jiff::tz::TimeZone;
use jiff::{RoundMode, SignedDuration, Span, SpanRelativeTo, SpanRound, Timestamp, Unit};

/// A point in time, or a duration before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    At(Timestamp),
    Ago(SignedDuration),
}

impl Moment {
    /// Reads `2026-01-31T18:00:00Z`, `2026-01-31` (midnight, UTC), or `2h` for two hours ago.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Ok(time) = text.parse::<Timestamp>() {
            return Ok(Self::At(time));
        }
        if let Ok(day) = text.parse::<Date>()
            && let Ok(midnight) = day.to_zoned_datetime(TimeZone::UTC)
        {
            return Ok(Self::At(midnight.timestamp()));
        }
        let ago = text.parse::<Span>().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()));
        match ago {
            Ok(ago) if !ago.is_negative() => Ok(Self::Ago(ago)),
            _ => {
                Err("write a time such as 2026-01-31T18:00:00Z, a day such as 2026-01-31, or how long ago: \
                      30min, 2h, 3d"
                    .to_owned())
            }
        }
    }

    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }
}

/// Prints how long ago a time was, in its two largest units: `38s`, `4m`, `3h 12m`, `5d 3h`. A time to come reads `0s`.
pub(crate) fn age(of: Timestamp, now: Timestamp) -> String {
    let age = now.duration_since(of).max(SignedDuration::ZERO);
    let smallest = match age.as_hours() {
        24.. => Unit::Hour,
        _ if age.as_secs() >= 60 => Unit::Minute,
        _ => Unit::Second,
    };
    let rounding = SpanRound::new().largest(Unit::Day).smallest(smallest).mode(RoundMode::Trunc);
    let rounded = Span::try_from(age).and_then(|age| age.round(rounding.days_are_24_hours()));
    let rounded = rounded.expect("two times differ by less than a span can hold");
    SpanPrinter::new().designator(Designator::Compact).span_to_string(&rounded)
}

/// Prints `2026-01-31T18:00:00.120Z, 4m ago`, or how long it is until then.
pub(crate) fn moment(time: Timestamp, now: Timestamp) -> String {
    if time > now {
        format!("{time:.3}, in {}", age(now, time))
    } else {
        format!("{time:.3}, {} ago", age(time, now))
    }
}
