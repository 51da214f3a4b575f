//! The `_aws` member of a line. It names the members that are metrics and those that are their dimensions.

use jiff::Timestamp;
use serde::Serialize;
use serde_with::skip_serializing_none;

/// The `_aws` member.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Aws<'a> {
    /// Unix milliseconds.
    timestamp: i64,
    cloud_watch_metrics: Vec<Directive<'a>>,
}

impl<'a> Aws<'a> {
    /// Makes the member of a line whose metrics belong to the moment `at`.
    pub fn new(at: Timestamp, cloud_watch_metrics: Vec<Directive<'a>>) -> Self {
        Self { timestamp: at.as_millisecond(), cloud_watch_metrics }
    }
}

/// Metrics, and the sets of dimensions by each of which CloudWatch counts them. An empty set counts them all together.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Directive<'a> {
    namespace: &'a str,
    dimensions: &'static [&'static [&'static str]],
    metrics: Vec<Metric>,
}

impl<'a> Directive<'a> {
    /// Makes a directive for metrics in this CloudWatch namespace.
    pub fn new(
        namespace: &'a str,
        dimensions: &'static [&'static [&'static str]],
        metrics: Vec<Metric>,
    ) -> Self {
        Self { namespace, dimensions, metrics }
    }
}

/// A metric: the name of a member of the line, and its unit. A count has none: CloudWatch does not need it, and every
/// line would be longer.
#[skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    name: &'static str,
    unit: Option<&'static str>,
}

/// Makes a metric without a unit.
pub fn metric(name: &'static str) -> Metric {
    Metric { name, unit: None }
}

impl Metric {
    /// States that the metric's unit is the second.
    pub fn in_seconds(self) -> Self {
        Self { unit: Some("Seconds"), ..self }
    }
}
