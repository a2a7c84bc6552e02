//! Managed policies, as far as they can be read: those of AWS are known by name only.

use super::{Outcome, has_policy, policy_arn};
use crate::answer::Refusal;
use crate::call::Context;
use crate::policy::encoded;
use crate::request::Form;
use crate::xml::Xml;

/// The one version that a policy has.
const VERSION: &str = "v1";

fn missing(arn: &str) -> Refusal {
    Refusal::new(404, "NoSuchEntity", format!("Policy {arn} was not found."))
}

pub(super) fn get(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let arn = policy_arn(form.need("PolicyArn")?)?;
    if !has_policy(cx.timeline.read(), cx, arn) {
        return Err(missing(arn));
    }
    let mut xml = Xml::default();
    xml.within("Policy", |xml| {
        xml.text("PolicyName", arn.rsplit('/').next().unwrap_or_default());
        xml.text("Arn", arn);
        xml.text("DefaultVersionId", VERSION);
    });
    Ok(xml)
}

/// The document is URL-encoded.
pub(super) fn get_version(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let (arn, version) = (policy_arn(form.need("PolicyArn")?)?, form.need("VersionId")?);
    let account = cx.timeline.read().account(&cx.caller.account);
    let document = account.and_then(|account| account.policies.get(arn));
    let document = document.filter(|_| version == VERSION).ok_or_else(|| missing(arn))?;
    let mut xml = Xml::default();
    xml.within("PolicyVersion", |xml| {
        xml.text("Document", &encoded(document));
        xml.text("VersionId", VERSION);
        xml.text("IsDefaultVersion", "true");
    });
    Ok(xml)
}
