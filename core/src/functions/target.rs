//! A role in another account, which EKS assumes with the credentials of the binding's own role.
//!
//! Amazon EKS User Guide, "Access AWS Resources using EKS Pod Identity Target IAM Roles".

use tfmodel::{Path, Value};

use super::argument::Bound;
use super::conform::Problem;
use crate::binding::{Mode, Scope};
use crate::ids::{BindingKey, ClusterArn, RoleArn, digest};
use crate::policy::{Actions, Condition, Document, Effect, PrincipalKind, Principals, Resources, Statement, Strings};

const KEY: &[&str] = &["account_id", "region", "cluster_name", "namespace", "service_account"];
const ASSUME_ROLE: &str = "sts:AssumeRole";
const TAG_SESSION: &str = "sts:TagSession";

/// Whether a target role lets in associations that send session tags, that do not, or both while they change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tags {
    On,
    Off,
    Both,
}

/// What a target role must trust for a binding, as JSON.
///
/// Besides the arguments of the resource there is `session_tags`: `on`, `off`, or `both` while that changes; by default as `disable_session_tags`
/// and `session_policy` say. Every statement names the binding's own account and is narrowed to its own role by a condition, so that the policy
/// can be saved before that role exists.
///
/// # Errors
/// The argument lacks something, or something in it is not what it has to be.
pub fn target_trust_policy(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "the trust policy of a target role")? else {
        return Ok(Value::unknown());
    };
    only_pod_identity(&bound)?;
    let (Some(tags), Some(source), Some(key), Some(scope)) = (
        tags(&bound)?,
        bound.derived.role_arn(),
        bound.derived.key(),
        bound.derived.scope(),
    ) else {
        return Ok(Value::unknown());
    };
    let mut statements = Vec::new();
    if tags != Tags::Off {
        let conditions = request_tags(key, source, scope);
        statements.push(statement(key, source, "tags", &[ASSUME_ROLE, TAG_SESSION], conditions));
    }
    if tags != Tags::On {
        statements.push(statement(key, source, "id", &[ASSUME_ROLE], external_ids(key, scope)));
        // AWS's example lets sessions be tagged for these associations as well. Without the statement above it lets nobody in.
        statements.push(statement(key, source, "tag", &[TAG_SESSION], Vec::new()));
    }
    Ok(Value::Known(Document::new(statements).to_json()))
}

/// What the role of a binding must be allowed so that EKS reaches its target role, as JSON.
///
/// # Errors
/// See [`target_trust_policy`]; `target_role_arn` is needed.
pub fn target_permissions_policy(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, &["target_role_arn"], "what the role must be allowed")? else {
        return Ok(Value::unknown());
    };
    only_pod_identity(&bound)?;
    let Some(target) = bound.target()? else {
        return Ok(Value::unknown());
    };
    let statement = Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Some(actions(&[ASSUME_ROLE, TAG_SESSION])),
        resources: Some(Resources {
            except: false,
            names: Strings::One(target.to_string()),
        }),
        conditions: Vec::new(),
    };
    Ok(Value::Known(Document::new(vec![statement]).to_json()))
}

/// The external id that EKS sends to the target role of a binding without session tags.
///
/// # Errors
/// The argument lacks something, or something in it is not what it has to be.
pub fn external_id(argument: &Value) -> Result<Value<String>, Problem> {
    let Some(bound) = Bound::read(argument, KEY, "the external id")? else {
        return Ok(Value::unknown());
    };
    only_pod_identity(&bound)?;
    Ok(bound
        .derived
        .key()
        .map_or_else(Value::unknown, |key| Value::Known(key.external_id())))
}

fn only_pod_identity(bound: &Bound) -> Result<(), Problem> {
    match bound.binding.mode.known() {
        None | Some(Mode::PodIdentity) => Ok(()),
        Some(Mode::Irsa | Mode::Dual) => Err(Problem::new(
            &Path::attribute("mode"),
            "Only EKS Pod Identity reaches a target role: the mode has to be `pod_identity`. With IRSA, let the role of the other account trust \
             the cluster's issuer there.",
        )),
    }
}

fn tags(bound: &Bound) -> Result<Option<Tags>, Problem> {
    let of = |sends: bool| if sends { Tags::On } else { Tags::Off };
    match &bound.association.session_tags {
        Value::Null => Ok(bound.sends_tags().map(of)),
        Value::Unknown(_) => Ok(None),
        Value::Known(text) => match text.as_str() {
            "on" | "true" => Ok(Some(Tags::On)),
            "off" | "false" => Ok(Some(Tags::Off)),
            "both" => Ok(Some(Tags::Both)),
            other => Err(Problem::new(
                &Path::attribute("session_tags"),
                format!("It has to be `on`, `off` or `both`, found `{other}`."),
            )),
        },
    }
}

fn request_tags(key: &BindingKey, source: &RoleArn, scope: Scope) -> Vec<Condition> {
    let cluster = ClusterArn {
        partition: source.partition.clone(),
        region: key.region.clone(),
        account: key.account.clone(),
        name: key.cluster.clone(),
    };
    scope
        .request_tags(&cluster, &key.namespace, &key.service_account)
        .into_iter()
        .map(|(tag, value)| condition("StringEquals", &format!("aws:RequestTag/{tag}"), value))
        .collect()
}

fn external_ids(key: &BindingKey, scope: Scope) -> Vec<Condition> {
    let BindingKey {
        account,
        region,
        cluster,
        namespace,
        ..
    } = key;
    let (operator, id) = match scope {
        Scope::ServiceAccount => ("StringEquals", key.external_id()),
        Scope::Namespace => ("StringLike", format!("{region}/{account}/{cluster}/{namespace}/*")),
        Scope::Cluster => ("StringLike", format!("{region}/{account}/{cluster}/*")),
        Scope::Account => ("StringLike", format!("*/{account}/*")),
    };
    vec![condition(operator, "sts:ExternalId", id)]
}

fn statement(
    key: &BindingKey,
    source: &RoleArn,
    part: &str,
    names: &[&str],
    mut conditions: Vec<Condition>,
) -> Statement {
    let root = format!("arn:{}:iam::{}:root", source.partition, source.account);
    conditions.insert(0, condition("ArnEquals", "aws:PrincipalArn", source.to_string()));
    Statement {
        sid: Some(format!("Pib{}", digest(&[&key.to_string(), "target", part], 12))),
        effect: Effect::Allow,
        principals: Some(Principals::one(PrincipalKind::Aws, root)),
        actions: Some(actions(names)),
        resources: None,
        conditions,
    }
}

fn actions(names: &[&str]) -> Actions {
    Actions {
        except: false,
        names: names.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn condition(operator: &str, key: &str, value: String) -> Condition {
    Condition {
        operator: operator.to_owned(),
        key: key.to_owned(),
        values: Strings::One(value),
    }
}
