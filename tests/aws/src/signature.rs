//! Who calls, as the request says it. Secrets are not known here, so the signature itself is not checked.

use std::collections::BTreeMap;

use crate::answer::Refusal;
use crate::operations::Service;

/// The scope of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) service: Service,
}

/// Reads a signature of version 4.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
pub(crate) fn read(headers: &BTreeMap<String, String>) -> Result<Signed, Refusal> {
    let incomplete = |what: &str| Refusal::new(403, "IncompleteSignature", what);
    let authorization = headers.get("authorization").ok_or_else(|| {
        Refusal::new(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token",
        )
    })?;
    let fields = authorization
        .strip_prefix("AWS4-HMAC-SHA256 ")
        .ok_or_else(|| incomplete("Unsupported algorithm in Authorization header"))?;
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
            .ok_or_else(|| incomplete(&format!("Authorization header requires '{name}' parameter.")))
    };
    let (credential, signed, signature) = (field("Credential")?, field("SignedHeaders")?, field("Signature")?);
    let scope: Vec<&str> = credential.split('/').collect();
    let [access_key, date, region, service, "aws4_request"] = scope[..] else {
        return Err(incomplete("Credential must have exactly 5 slash-delimited elements"));
    };
    if signature.len() != 64 || !signature.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(incomplete("Signature is not 64 hexadecimal digits"));
    }
    let names: Vec<&str> = signed.split(';').collect();
    let token = headers.contains_key("x-amz-security-token");
    for name in ["host", "x-amz-date"]
        .into_iter()
        .chain(token.then_some("x-amz-security-token"))
    {
        if !names.contains(&name) {
            return Err(incomplete(&format!("'{name}' must be a signed header")));
        }
    }
    let day = headers.get("x-amz-date").and_then(|at| at.get(..8));
    if day != Some(date) {
        return Err(incomplete("Date in Credential scope does not match X-Amz-Date"));
    }
    let is_region =
        region.split('-').count() >= 3 && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_region {
        return Err(incomplete(&format!(
            "Credential should be scoped to a valid region, found '{region}'"
        )));
    }
    let service = Service::of(service).ok_or_else(|| {
        incomplete(&format!(
            "Credential should be scoped to correct service, found '{service}'"
        ))
    })?;
    Ok(Signed {
        access_key: access_key.to_owned(),
        region: region.to_owned(),
        service,
    })
}
