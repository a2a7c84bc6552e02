//! Finding a provider that exists.

use pod_identity_core::ids::{OidcIssuer, OidcProviderArn};
use tfmodel::{Diagnostic, Diagnostics, Value};

use super::mark::Mark;
use super::model::OidcProviderModel;
use super::{ProviderCx, check_account, planned_arn};
use crate::cloud::Cloud;

/// By ARN, or by the URL of the issuer.
pub(super) async fn by_id<C: Cloud>(cx: &ProviderCx<C>, id: &str) -> Result<OidcProviderModel, Diagnostics> {
    let aws = cx.data()?.required()?;
    let arn = match id.parse::<OidcProviderArn>() {
        Ok(arn) => Some(arn),
        Err(_) if id.starts_with("arn:") || id.parse::<OidcIssuer>().is_err() => None,
        Err(_) => planned_arn(aws, &Value::Known(id.to_owned())),
    };
    let arn = arn.ok_or_else(|| unreadable(id))?;
    let url = if id.contains("://") {
        id.to_owned()
    } else {
        format!("https://{}", arn.issuer)
    };
    let state = OidcProviderModel {
        url: Value::Known(url),
        arn: Value::Known(arn.to_string()),
        issuer: Value::Known(arn.issuer.to_string()),
        ..OidcProviderModel::default()
    };
    check_account(aws, &state)?;
    let found = aws.cloud.oidc_provider(&arn.to_string()).await;
    let found = found.map_err(|error| error.diagnostic("Cannot read the OIDC provider"))?;
    if let Some(mark) = Mark::of(&arn, &found.tags) {
        mark.store(cx);
    }
    Ok(state)
}

pub(super) fn unreadable(id: &str) -> Diagnostic {
    Diagnostic::error(
        "The import id cannot be read",
        format!(
            "Found `{id}`. Use the ARN of the provider, such as `arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE`, \
             or the URL of its issuer."
        ),
    )
}
