//! The outputs and parameters of Usher's stack.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_cloudformation::config::Builder;
use aws_sdk_cloudformation::types;
use events::Provider;
use jiff::SignedDuration;
use usher_core::policy::Policy;

use crate::aws::clock::ServiceClock;
use crate::aws_error::explain;
use crate::terminal::{Failure, note};

/// The difference between two clocks from which on the operator is told.
const NOTABLE: SignedDuration = SignedDuration::from_secs(60);

/// Usher's stack. Its outputs have their names from template.yaml: `TableName`, `QueueUrl`, `LumaUrl`…
pub(crate) struct Stack {
    name: String,
    /// AWS's clock, by its answer.
    pub(crate) clock: ServiceClock,
    outputs: HashMap<String, String>,
    parameters: HashMap<String, String>,
}

impl Stack {
    pub(crate) async fn read(config: &SdkConfig, name: &str) -> Result<Self, Failure> {
        let clock = ServiceClock::default();
        let config = Builder::from(config).interceptor(clock.clone()).build();
        let client = aws_sdk_cloudformation::Client::from_conf(config);
        let described = client.describe_stacks().stack_name(name).send().await.map_err(|error| {
            format!(
                "cannot read the stack {name:?} ({}). Is it deployed in this account and region? If not, \
                 add --stack, --profile or --region",
                explain(&error)
            )
        })?;
        note_skew(clock.ahead());
        let stack = described.stacks().first();
        let outputs =
            stack.map(types::Stack::outputs).unwrap_or_default().iter().filter_map(|output| {
                Some((output.output_key()?.to_owned(), output.output_value()?.to_owned()))
            });
        let parameters =
            stack.map(types::Stack::parameters).unwrap_or_default().iter().filter_map(|parameter| {
                Some((parameter.parameter_key()?.to_owned(), parameter.parameter_value()?.to_owned()))
            });
        Ok(Self {
            name: name.to_owned(),
            clock,
            outputs: outputs.collect(),
            parameters: parameters.collect(),
        })
    }

    /// Returns the time that the ledger keeps a delivery: the parameter `RetentionDays`.
    pub(crate) fn retention(&self) -> Duration {
        let days = self.number("RetentionDays");
        days.map_or(Policy::RETENTION, |days| Duration::from_hours(24 * days))
    }

    /// Returns the largest body that the functions accept: the parameter `MaxBodyBytes`.
    pub(crate) fn max_body_bytes(&self) -> Option<usize> {
        usize::try_from(self.number("MaxBodyBytes")?).ok()
    }

    /// Returns the seconds by which a signed time may be off, where a parameter says it: `LumaToleranceSeconds`.
    pub(crate) fn tolerance(&self, provider: Provider) -> Option<i64> {
        i64::try_from(self.number(&of_provider(provider, "ToleranceSeconds"))?).ok()
    }

    fn number(&self, parameter: &str) -> Option<u64> {
        self.parameters.get(parameter)?.parse().ok()
    }

    /// Returns an output's value.
    pub(crate) fn output(&self, name: &str) -> Result<&str, Failure> {
        let value = self.outputs.get(name).map(String::as_str);
        value.ok_or_else(|| {
            format!(
                "the stack {:?} has no output {name}: was it deployed from Usher's template.yaml?",
                self.name
            )
            .into()
        })
    }
}

/// Tells the operator that this machine's clock is wrong.
fn note_skew(ahead: SignedDuration) {
    if ahead.abs() >= NOTABLE {
        let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
        note(&format!(
            "This machine's clock is {} s {direction} AWS's, whose time counts here",
            ahead.abs().as_secs()
        ));
    }
}

/// Returns the name of a provider's output or parameter in template.yaml, such as `LumaUrl`.
pub(crate) fn of_provider(provider: Provider, suffix: &str) -> String {
    let (first, rest) = provider.name().split_at(1);
    format!("{}{rest}{suffix}", first.to_ascii_uppercase())
}
