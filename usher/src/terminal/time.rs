//! Moments as people write and read them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// A moment, or so long before now.
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
            _ => Err("say a time such as 2026-01-31T18:00:00Z, a day such as 2026-01-31, or how long ago: \
                      30min, 2h, 3d"
                .to_owned()),
        }
    }

    pub(crate) fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }
}

/// `38 s`, `4 min`, `3 h 12 min`, `5 d 3 h`.
pub(crate) fn age(of: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(of.as_second()).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, ..) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// `2026-01-31T18:00:00.120Z, 4 min ago`, or how long it is until then.
pub(crate) fn moment(time: Timestamp, now: Timestamp) -> String {
    if time > now {
        format!("{time:.3}, in {}", age(now, time))
    } else {
        format!("{time:.3}, {} ago", age(time, now))
    }
}
