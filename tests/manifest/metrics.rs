//! The metrics that can be watched: those that the code sends, and those that AWS sends of the stack's resources.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::lines::all_metrics;
use crate::manifest::binaries;
use crate::template::{environment, logical, resources};

pub use crate::lines::Metric;

/// Every metric that the functions can send, read from their log lines, in the namespace that the template sets.
pub static SENT: LazyLock<BTreeSet<Metric>> = LazyLock::new(|| {
    let namespaces = binaries().into_iter().map(|binary| environment(&binary)["METRICS_NAMESPACE"].clone());
    let namespaces: BTreeSet<String> =
        namespaces.map(|name| name.as_str().expect("a variable is text").to_owned()).collect();
    namespaces.iter().flat_map(|namespace| all_metrics(namespace)).collect()
});

/// AWS's own metrics that are watched. Sources: Amazon SQS, "Available CloudWatch metrics"; AWS Lambda, "Types of
/// metrics" and "Monitoring Lambda function URLs".
const OF_AWS: [(&str, &[&str]); 2] = [
    ("AWS/SQS", &["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"]),
    ("AWS/Lambda", &["Errors", "Throttles", "UrlRequestLatency"]),
];

pub fn is_sent(metric: &Metric) -> bool {
    let of_aws = OF_AWS.iter().find(|(namespace, _)| *namespace == metric.namespace);
    match of_aws {
        Some((_, names)) => names.contains(&metric.name.as_str()) && is_of_this_stack(metric),
        None => SENT.contains(metric),
    }
}

/// Returns whether the only dimension of one of AWS's metrics is a resource of this stack.
fn is_of_this_stack(metric: &Metric) -> bool {
    let [(dimension, resource)] = metric.dimensions.iter().collect::<Vec<_>>()[..] else { return false };
    match dimension.as_str() {
        "FunctionName" => binaries().iter().any(|binary| *resource == logical(binary, "Function")),
        "QueueName" => {
            resources("AWS::SQS::Queue").any(|(queue, _)| *resource == format!("{queue}.QueueName"))
        }
        _ => false,
    }
}
