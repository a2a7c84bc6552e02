//! Whom a trust policy may name.

use serde_json::Value;

use super::{malformed, strings};
use crate::answer::Refusal;
use crate::world::{World, account_of};

/// Services that a trust policy can name, without the suffix of their partition; those of EKS and of its neighbours.
const SERVICES: [&str; 26] = [
    "apigateway",
    "autoscaling",
    "batch",
    "cloudformation",
    "cloudtrail",
    "codebuild",
    "codepipeline",
    "ec2",
    "ecs",
    "ecs-tasks",
    "eks",
    "eks-fargate-pods",
    "eks-nodegroup",
    "elasticmapreduce",
    "events",
    "firehose",
    "glue",
    "lambda",
    "monitoring.rds",
    "pods.eks",
    "s3",
    "sagemaker",
    "scheduler",
    "spot",
    "ssm",
    "states",
];

/// Federated principals that are neither OIDC nor SAML providers.
const FEDERATED: [&str; 4] = [
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

/// Checks the principals and puts unique ids for the ARNs of roles and users.
pub(super) fn store(policy: &mut Value, world: &World) -> Result<(), Refusal> {
    let Some(statements) = policy.get_mut("Statement") else {
        return Ok(());
    };
    let statements = match statements {
        Value::Array(list) => list.iter_mut().collect(),
        single => vec![single],
    };
    for statement in statements {
        match statement.get_mut("Principal") {
            Some(Value::String(everybody)) if everybody == "*" => {}
            Some(Value::Object(kinds)) if !kinds.is_empty() => {
                for (kind, names) in kinds {
                    let stored = strings(names)
                        .into_iter()
                        .map(|name| principal(kind, name, world))
                        .collect::<Result<Vec<_>, _>>()?;
                    if stored.is_empty() {
                        return Err(malformed("Syntax errors in policy."));
                    }
                    *names = Value::from(stored);
                }
            }
            _ => return Err(malformed("Syntax errors in policy.")),
        }
    }
    Ok(())
}

fn principal(kind: &str, name: &str, world: &World) -> Result<String, Refusal> {
    let invalid = |kind: &str| malformed(format!("Invalid principal in policy: \"{kind}\":\"{name}\""));
    match kind {
        "AWS" => aws(name, world).ok_or_else(|| invalid("AWS")),
        "Service" => {
            let is_known = SERVICES.iter().any(|service| {
                name.strip_prefix(service).is_some_and(|suffix| {
                    suffix == ".amazonaws.com" || suffix == ".amazonaws.com.cn" && *service != "pods.eks"
                })
            });
            if is_known {
                Ok(name.to_owned())
            } else {
                Err(invalid("SERVICE"))
            }
        }
        "Federated" => {
            let is_provider = name.starts_with("arn:")
                && account_of(name).is_some_and(is_account)
                && [":oidc-provider/", ":saml-provider/"]
                    .iter()
                    .any(|part| name.contains(part));
            if is_provider || FEDERATED.contains(&name) {
                Ok(name.to_owned())
            } else {
                Err(malformed(
                    "Federated principals must be valid domain names or SAML metadata ARNs",
                ))
            }
        }
        _ => Err(malformed("Syntax errors in policy.")),
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// As stored: an account by its root, a role or user by its unique id. An id of nobody is refused.
fn aws(name: &str, world: &World) -> Option<String> {
    if name == "*" {
        return Some(name.to_owned());
    }
    if is_account(name) {
        return Some(format!("arn:aws:iam::{name}:root"));
    }
    let mut fields = name.splitn(6, ':');
    let (Some("arn"), Some(partition), Some(service), Some(""), Some(account), Some(resource)) = (
        fields.next(),
        fields.next(),
        fields.next(),
        fields.next(),
        fields.next(),
        fields.next(),
    ) else {
        return None;
    };
    if !is_account(account) {
        return None;
    }
    match (service, resource.split_once('/')) {
        ("iam", None) if resource == "root" => Some(name.to_owned()),
        ("iam", Some(("role" | "user", _))) => world.unique_id(name).map(str::to_owned),
        ("sts", Some(("assumed-role", session))) => {
            let (role, session) = session.split_once('/')?;
            let found = world.role(account, role)?;
            (!session.is_empty())
                .then(|| format!("arn:{partition}:sts::{account}:assumed-role/{}/{session}", found.name))
        }
        _ => None,
    }
}
