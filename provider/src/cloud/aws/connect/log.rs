//! A line of the log for every call, without anything that was sent or answered.

use aws_sdk_sts::config::interceptors::FinalizerInterceptorContextRef;
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sts::error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;

/// Logs each attempt of a call. What the SDK itself logs is left out of the log: it tells headers and settings.
#[derive(Debug)]
pub(super) struct Log;

impl Intercept for Log {
    fn name(&self) -> &'static str {
        "Log"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let call = bag.load::<Metadata>();
        let answer = context.response();
        let header = |name: &str| answer.and_then(|answer| answer.headers().get(name));
        // Names of OpenTelemetry's conventions, as other providers for AWS have them.
        tracing::debug!(
            rpc.system = "aws-api",
            rpc.service = call.map(Metadata::service),
            rpc.method = call.map(Metadata::name),
            http.response.status_code = answer.map(|answer| answer.status().as_u16()),
            aws.request_id = header("x-amzn-requestid").or_else(|| header("x-amz-request-id")),
            "{}",
            if answer.is_some() {
                "AWS answered"
            } else {
                "AWS did not answer"
            }
        );
        Ok(())
    }
}
