//! The name under which the functions call AWS: `usher/<version>`, as CloudTrail shows it.
//!
//! The SDK's own value tells AWS which features of the SDK a call uses. To put it together anew for each call took a
//! thirtieth of a warm event's instructions, and it is in every request twice.

use aws_runtime::user_agent::UserAgentInterceptor;
use aws_sdk_dynamodb::config::interceptors::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::{disable_interceptor, dyn_dispatch_hint};

/// The header's value.
pub const AGENT: &str = concat!("usher/", env!("CARGO_PKG_VERSION"));

/// An interceptor that names Usher in place of the SDK.
#[derive(Debug)]
pub struct Agent;

#[dyn_dispatch_hint]
impl Intercept for Agent {
    fn name(&self) -> &'static str {
        "Agent"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(disable_interceptor::<UserAgentInterceptor>("Agent stands in"));
        Ok(())
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().insert("user-agent", AGENT);
        Ok(())
    }
}
