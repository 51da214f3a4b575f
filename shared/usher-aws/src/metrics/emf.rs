//! The `_aws` member: which of the line's members are metrics, and by which it is to count them.

use jiff::Timestamp;
use serde::Serialize;
use serde_with::skip_serializing_none;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Aws<'a> {
    /// Unix milliseconds.
    timestamp: i64,
    cloud_watch_metrics: Vec<Directive<'a>>,
}

impl<'a> Aws<'a> {
    pub fn new(at: Timestamp, cloud_watch_metrics: Vec<Directive<'a>>) -> Self {
        Self { timestamp: at.as_millisecond(), cloud_watch_metrics }
    }
}

/// Some metrics, counted by each of these sets of dimensions; an empty set counts all together.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Directive<'a> {
    namespace: &'a str,
    dimensions: &'static [&'static [&'static str]],
    metrics: Vec<Metric>,
}

impl<'a> Directive<'a> {
    pub fn new(
        namespace: &'a str,
        dimensions: &'static [&'static [&'static str]],
        metrics: Vec<Metric>,
    ) -> Self {
        Self { namespace, dimensions, metrics }
    }
}

/// One member of the line. Counts go without a unit, which CloudWatch does not need and every line would carry.
#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    name: &'static str,
    unit: Option<&'static str>,
}

pub fn metric(name: &'static str) -> Metric {
    Metric { name, unit: None }
}

impl Metric {
    pub fn in_seconds(self) -> Self {
        Self { unit: Some("Seconds"), ..self }
    }
}
