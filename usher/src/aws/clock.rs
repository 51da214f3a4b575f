//! The time by AWS's clock.
//!
//! What is replayed or erased is compared with times that functions wrote, by AWS's clocks. An operator's machine may be
//! minutes off. So the commands take the time from the `Date` of an answer, and count on from there.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use aws_sdk_cloudformation::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cloudformation::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudformation::error::BoxError;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

/// AWS's clock, as of the first answer that this interceptor saw.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServiceClock(Arc<OnceLock<Reading>>);

/// One reading of AWS's clock.
#[derive(Debug)]
struct Reading {
    time: Timestamp,
    at: Instant,
    /// The time by which this machine's clock was ahead.
    ahead: SignedDuration,
}

impl ServiceClock {
    /// Returns the time in milliseconds, as the ledger keeps it. Without an answer that has a date, it is this machine's.
    pub(crate) fn now(&self) -> Timestamp {
        let now = match self.0.get() {
            Some(reading) => reading.time.saturating_add(reading.at.elapsed()).unwrap_or(Timestamp::MAX),
            None => Timestamp::now(),
        };
        // With a finer time the first event replayed would seem to be replayed before the command began.
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Returns the time by which this machine's clock is ahead of AWS's, or behind it if negative.
    pub(crate) fn ahead(&self) -> SignedDuration {
        self.0.get().map_or(SignedDuration::ZERO, |reading| reading.ahead)
    }

    fn learn(&self, date: &str) {
        if let Ok(time) = DateTimeParser::new().parse_timestamp(date) {
            let ahead = Timestamp::now().duration_since(time);
            let _known = self.0.set(Reading { time, at: Instant::now(), ahead });
        }
    }
}

impl Intercept for ServiceClock {
    fn name(&self) -> &'static str {
        "ServiceClock"
    }

    fn read_after_transmit(
        &self,
        answer: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = answer.response().headers().get("date") {
            self.learn(date);
        }
        Ok(())
    }
}
