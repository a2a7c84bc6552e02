//! OIDC providers.

use super::{Outcome, write_tags};
use crate::answer::Refusal;
use crate::call::Context;
use crate::page::page;
use crate::request::Form;
use crate::tags;
use crate::world::{Provider, Tags};
use crate::xml::Xml;

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>
pub(super) fn create(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let url = form.need("Url")?;
    let bare = url
        .strip_prefix("https://")
        .filter(|rest| !rest.is_empty() && url.len() <= 255 && !rest.contains(['?', '#']))
        .ok_or_else(|| Refusal::new(400, "ValidationError", "Invalid Open ID Connect Provider URL"))?
        .trim_end_matches('/');
    let client_ids = form.list("ClientIDList");
    check_client_ids(&client_ids)?;
    let mut thumbprints = form.list("ThumbprintList");
    check_thumbprints(&thumbprints)?;
    if thumbprints.is_empty() {
        // AWS asks the issuer.
        thumbprints.push("9e99a48a9960b14926bb7f3b02e22da2b0ab7280".to_owned());
    }
    let tags = tags::iam(form.tags())?;
    let arn = format!("arn:{}:iam::{}:oidc-provider/{bare}", cx.partition, cx.caller.account);
    let quota = cx.timeline.quotas.oidc_providers;
    let created = cx.timeline.clock.date();
    let account = cx.timeline.now.accounts.entry(cx.caller.account.clone()).or_default();
    if account.providers.contains_key(&arn) {
        return Err(Refusal::new(
            409,
            "EntityAlreadyExists",
            format!("Provider with url {url} already exists."),
        ));
    }
    if account.providers.len() >= quota {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            format!("Cannot exceed quota for OpenIdConnectProvidersPerAccount: {quota}"),
        ));
    }
    let provider = Provider {
        arn: arn.clone(),
        url: bare.to_owned(),
        client_ids,
        thumbprints,
        created,
        tags,
    };
    let mut xml = Xml::default();
    xml.text("OpenIDConnectProviderArn", &arn);
    if provider.tags != Tags::new() {
        write_tags(&mut xml, &provider.tags);
    }
    account.providers.insert(arn, provider);
    Ok(xml)
}

/// The URL comes back without `https://`.
pub(super) fn get(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let provider = read(form, cx)?;
    let mut xml = Xml::default();
    xml.text("Url", &provider.url);
    xml.texts("ClientIDList", &provider.client_ids);
    xml.texts("ThumbprintList", &provider.thumbprints);
    xml.text("CreateDate", &provider.created.iso());
    if provider.tags != Tags::new() {
        write_tags(&mut xml, &provider.tags);
    }
    Ok(xml)
}

pub(super) fn list(cx: &mut Context<'_>) -> Outcome {
    let account = cx.timeline.read().account(&cx.caller.account);
    let mut xml = Xml::default();
    let arns = account.into_iter().flat_map(|account| account.providers.keys());
    xml.list("OpenIDConnectProviderList", arns, |xml, arn| xml.text("Arn", arn));
    Ok(xml)
}

/// AWS does not look at who still trusts it.
pub(super) fn delete(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let arn = changed(form, cx)?.arn.clone();
    if let Some(account) = cx.timeline.now.accounts.get_mut(&cx.caller.account) {
        account.providers.remove(&arn);
    }
    Ok(Xml::default())
}

/// Adding one that is there is no error.
pub(super) fn add_client_id(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let id = form.need("ClientID")?;
    let provider = changed(form, cx)?;
    let mut ids = provider.client_ids.clone();
    if !ids.iter().any(|other| other == id) {
        ids.push(id.to_owned());
    }
    check_client_ids(&ids)?;
    provider.client_ids = ids;
    Ok(Xml::default())
}

/// Removing one that is not there is no error.
pub(super) fn remove_client_id(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let id = form.need("ClientID")?;
    changed(form, cx)?.client_ids.retain(|other| other != id);
    Ok(Xml::default())
}

pub(super) fn update_thumbprints(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let thumbprints = form.list("ThumbprintList");
    check_thumbprints(&thumbprints)?;
    changed(form, cx)?.thumbprints = thumbprints;
    Ok(Xml::default())
}

pub(super) fn tag(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let new = tags::iam(form.tags())?;
    tags::add_iam(&mut changed(form, cx)?.tags, new)?;
    Ok(Xml::default())
}

pub(super) fn untag(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let keys = form.list("TagKeys");
    tags::remove_iam(&mut changed(form, cx)?.tags, &keys);
    Ok(Xml::default())
}

pub(super) fn list_tags(form: &Form, cx: &mut Context<'_>) -> Outcome {
    let provider = read(form, cx)?;
    let tags = provider.tags.iter();
    let page = page(
        tags.map(|(key, value)| (key.clone(), (key.clone(), value.clone()))),
        100,
        form.get("Marker"),
    );
    let page = page.ok_or_else(|| Refusal::new(400, "ValidationError", "Invalid Marker"))?;
    let mut xml = Xml::default();
    super::end_of_page(&mut xml, &page);
    write_tags(&mut xml, &page.items.into_iter().collect());
    Ok(xml)
}

fn read<'a>(form: &Form, cx: &'a Context<'_>) -> Result<&'a Provider, Refusal> {
    let arn = form.need("OpenIDConnectProviderArn")?;
    let account = cx.timeline.read().account(&cx.caller.account);
    account
        .and_then(|account| account.providers.get(arn))
        .ok_or_else(|| not_found(arn))
}

fn changed<'a>(form: &Form, cx: &'a mut Context<'_>) -> Result<&'a mut Provider, Refusal> {
    let arn = form.need("OpenIDConnectProviderArn")?;
    let account = cx.timeline.now.accounts.get_mut(&cx.caller.account);
    account
        .and_then(|account| account.providers.get_mut(arn))
        .ok_or_else(|| not_found(arn))
}

fn not_found(arn: &str) -> Refusal {
    Refusal::new(
        404,
        "NoSuchEntity",
        format!("OpenIDConnect Provider not found for arn {arn}"),
    )
}

fn check_client_ids(ids: &[String]) -> Result<(), Refusal> {
    if ids.len() > 100 {
        return Err(Refusal::new(
            409,
            "LimitExceeded",
            "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
        ));
    }
    if ids.iter().any(|id| id.is_empty() || id.len() > 255) {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "A client id has 1 to 255 characters",
        ));
    }
    Ok(())
}

fn check_thumbprints(thumbprints: &[String]) -> Result<(), Refusal> {
    if thumbprints.len() > 5 {
        return Err(Refusal::new(
            400,
            "InvalidInput",
            "Thumbprint list must contain fewer than 5 entries.",
        ));
    }
    let is_print = |text: &String| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !thumbprints.iter().all(is_print) {
        return Err(Refusal::new(
            400,
            "ValidationError",
            "A thumbprint has 40 hexadecimal digits",
        ));
    }
    Ok(())
}
