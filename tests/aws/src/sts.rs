//! STS: who calls, and credentials of roles.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::call::{Caller, Context};
use crate::clock::Date;
use crate::policy;
use crate::request::Form;
use crate::world::{CAPITAL, Role, SMALL, account_of};
use crate::xml::Xml;

/// Credentials of a role that were handed out.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) caller: Caller,
    pub(crate) secret: String,
    pub(crate) token: String,
    pub(crate) expires: Date,
}

/// By access key.
pub(crate) type Sessions = BTreeMap<String, Session>;

type Outcome = Result<Xml, Refusal>;

pub(crate) fn answer(operation: &str, form: &Form, cx: &mut Context<'_>, sessions: &mut Sessions) -> Outcome {
    match operation {
        "GetCallerIdentity" => {
            let mut xml = Xml::default();
            xml.text("Arn", &cx.caller.arn);
            xml.text("UserId", &cx.caller.user_id);
            xml.text("Account", &cx.caller.account);
            Ok(xml)
        }
        "AssumeRole" => assume(form, cx, sessions),
        "AssumeRoleWithWebIdentity" => assume_with_web_identity(form, cx, sessions),
        _ => Err(Refusal::new(
            400,
            "InvalidAction",
            format!("Could not find operation {operation} for version 2011-06-15"),
        )),
    }
}

/// Conditions are not evaluated but for the external id.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
fn assume(form: &Form, cx: &mut Context<'_>, sessions: &mut Sessions) -> Outcome {
    let (arn, name) = (form.need("RoleArn")?, session_name(form)?);
    let denied = || {
        let caller = &cx.caller.arn;
        Refusal::new(
            403,
            "AccessDenied",
            format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"),
        )
    };
    let role = cx.timeline.effective().role_of_arn(arn).ok_or_else(denied)?.clone();
    let external_id = form.get("ExternalId");
    let admits = policy::allowing(&role.trust).any(|statement| {
        allows(statement, "sts:AssumeRole")
            && names_caller(statement, &cx.caller, cx)
            && condition(statement, "sts:ExternalId")
                .is_none_or(|(_, values)| external_id.is_some_and(|id| values.contains(&id)))
    });
    if !admits {
        return Err(denied());
    }
    let longest = if cx.caller.is_session {
        3600
    } else {
        u64::from(role.max_session_duration)
    };
    let too_long = if cx.caller.is_session {
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
    } else {
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    };
    let duration = duration(form, longest, too_long)?;
    let mut xml = Xml::default();
    hand_out(&mut xml, &role, name, duration, cx, sessions);
    Ok(xml)
}

/// The signature of the token is not checked; issuer, audience, expiry, provider and trust are.
///
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
fn assume_with_web_identity(form: &Form, cx: &mut Context<'_>, sessions: &mut Sessions) -> Outcome {
    let (arn, name) = (form.need("RoleArn")?, session_name(form)?);
    let token = form.need("WebIdentityToken")?;
    let claims = claims(token).ok_or_else(|| {
        Refusal::new(
            400,
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        )
    })?;
    let claim = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if claims
        .get("exp")
        .and_then(Value::as_u64)
        .is_some_and(|at| at <= cx.timeline.clock.date().0)
    {
        return Err(Refusal::new(400, "ExpiredTokenException", "Token expired"));
    }
    let issuer = claim("iss");
    let bare = issuer.trim_start_matches("https://").to_owned();
    let world = cx.timeline.effective();
    let account = account_of(arn).unwrap_or_default().to_owned();
    let provider = world
        .account(&account)
        .and_then(|account| account.providers.values().find(|provider| provider.url == bare))
        .ok_or_else(|| {
            Refusal::new(
                400,
                "InvalidIdentityToken",
                format!("No OpenIDConnect provider found in your account for {issuer}"),
            )
        })?;
    if !provider.client_ids.iter().any(|id| id == claim("aud")) {
        return Err(Refusal::new(400, "InvalidIdentityToken", "Incorrect token audience"));
    }
    let denied = || {
        Refusal::new(
            403,
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        )
    };
    let role = world.role_of_arn(arn).ok_or_else(denied)?;
    let admits = policy::allowing(&role.trust).any(|statement| {
        let federated = statement
            .get("Principal")
            .and_then(|principal| principal.get("Federated"));
        allows(statement, "sts:AssumeRoleWithWebIdentity")
            && federated.is_some_and(|names| policy::strings(names).contains(&provider.arn.as_str()))
            && ["aud", "sub"].iter().all(|name| {
                condition(statement, &format!("{bare}:{name}")).is_none_or(|(operator, values)| {
                    values.iter().any(|value| match operator {
                        "StringLike" => policy::matches(value, claim(name)),
                        _ => *value == claim(name),
                    })
                })
            })
    });
    if !admits {
        return Err(denied());
    }
    let role = role.clone();
    let (arn, subject, audience) = (provider.arn.clone(), claim("sub").to_owned(), claim("aud").to_owned());
    let duration = duration(
        form,
        u64::from(role.max_session_duration),
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )?;
    let mut xml = Xml::default();
    hand_out(&mut xml, &role, name, duration, cx, sessions);
    xml.text("SubjectFromWebIdentityToken", &subject);
    xml.text("Audience", &audience);
    xml.text("Provider", &arn);
    Ok(xml)
}

fn hand_out(xml: &mut Xml, role: &Role, name: &str, seconds: u64, cx: &mut Context<'_>, sessions: &mut Sessions) {
    let key = format!("ASIA{}", cx.timeline.unique(16, CAPITAL));
    let (secret, token) = (cx.timeline.unique(40, SMALL), cx.timeline.unique(64, SMALL));
    let expires = cx.timeline.clock.date().after(seconds);
    let account = account_of(&role.arn).unwrap_or_default();
    let arn = format!("arn:{}:sts::{account}:assumed-role/{}/{name}", cx.partition, role.name);
    let user_id = format!("{}:{name}", role.id);
    xml.within("Credentials", |xml| {
        xml.text("AccessKeyId", &key);
        xml.text("SecretAccessKey", &secret);
        xml.text("SessionToken", &token);
        xml.text("Expiration", &expires.iso());
    });
    xml.within("AssumedRoleUser", |xml| {
        xml.text("Arn", &arn);
        xml.text("AssumedRoleId", &user_id);
    });
    let caller = Caller {
        account: account.to_owned(),
        arn,
        user_id,
        is_session: true,
    };
    sessions.insert(
        key,
        Session {
            caller,
            secret,
            token,
            expires,
        },
    );
}

fn session_name(form: &Form) -> Result<&str, Refusal> {
    let name = form.need("RoleSessionName")?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if (2..=64).contains(&name.len()) && name.bytes().all(is_allowed) {
        return Ok(name);
    }
    Err(Refusal::new(
        400,
        "ValidationError",
        format!(
            "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: [\\w+=,.@-]*"
        ),
    ))
}

fn duration(form: &Form, longest: u64, too_long: &str) -> Result<u64, Refusal> {
    let Some(text) = form.get("DurationSeconds") else {
        return Ok(3600.min(longest));
    };
    match text.parse::<u64>() {
        Ok(seconds) if (900..=longest).contains(&seconds) => Ok(seconds),
        Ok(seconds) if seconds > longest => Err(Refusal::new(400, "ValidationError", too_long)),
        _ => Err(Refusal::new(
            400,
            "ValidationError",
            format!(
                "1 validation error detected: Value '{text}' at 'durationSeconds' failed to satisfy constraint: Member must have value \
                 greater than or equal to 900"
            ),
        )),
    }
}

fn allows(statement: &Map<String, Value>, action: &str) -> bool {
    let action = action.to_lowercase();
    policy::actions(statement)
        .iter()
        .any(|pattern| policy::matches(&pattern.to_lowercase(), &action))
}

fn names_caller(statement: &Map<String, Value>, caller: &Caller, cx: &Context<'_>) -> bool {
    let Some(principal) = statement.get("Principal") else {
        return false;
    };
    if principal == "*" {
        return true;
    }
    let names = principal.get("AWS").map(policy::strings).unwrap_or_default();
    let root = format!("arn:{}:iam::{}:root", cx.partition, caller.account);
    // A stored principal is a unique id; a session's user id begins with it.
    names.iter().any(|name| {
        *name == "*" || *name == root || *name == caller.arn || caller.user_id.split(':').next() == Some(name)
    })
}

/// Operator and values of a condition on a key.
fn condition<'a>(statement: &'a Map<String, Value>, key: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let operators = statement.get("Condition")?.as_object()?;
    operators.iter().find_map(|(operator, keys)| {
        let values = keys
            .as_object()?
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))?
            .1;
        Some((operator.as_str(), policy::strings(values)))
    })
}

fn claims(token: &str) -> Option<Value> {
    let parts: Vec<&str> = token.split('.').collect();
    let [_, payload, _] = parts[..] else {
        return None;
    };
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice(&payload).ok().filter(Value::is_object)
}

/// A token as a cluster's issuer writes it for a service account.
pub(crate) fn token(issuer: &str, subject: &str, audience: &str, expires: Date) -> String {
    let claims = serde_json::json!({ "iss": issuer, "sub": subject, "aud": audience, "exp": expires.0 });
    let part = |text: String| URL_SAFE_NO_PAD.encode(text);
    let header = serde_json::json!({ "alg": "RS256", "typ": "JWT" });
    format!(
        "{}.{}.{}",
        part(header.to_string()),
        part(claims.to_string()),
        part("unsigned".to_owned())
    )
}
