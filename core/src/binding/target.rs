//! A role in another account, which EKS assumes with the credentials of the binding's own role: what it must trust, and what that role must be
//! allowed.
//!
//! Amazon EKS User Guide, "Access AWS Resources using EKS Pod Identity Target IAM Roles".

use super::model::{PolicyJson, Scope};
use super::observed::ObservedRole;
use crate::ids::{BindingKey, ClusterArn, RoleArn, digest};
use crate::policy::{
    Actions, Condition, Document, Effect, PrincipalKind, Principals, Resources, Statement, Strings, decode,
};

const ASSUME_ROLE: &str = "sts:AssumeRole";
const TAG_SESSION: &str = "sts:TagSession";

/// Names of inline policies that belong to bindings begin so: what a role that they own needs to reach a target role.
const POLICY_PREFIX: &str = "pod-identity-target-";

/// Whether a target role lets in associations that send session tags, that do not, or both while they change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tags {
    On,
    Off,
    Both,
}

impl Tags {
    pub(crate) const fn sent(sent: bool) -> Self {
        if sent { Self::On } else { Self::Off }
    }
}

/// Who comes to a target role.
pub(crate) struct Visitor<'a> {
    pub(crate) key: &'a BindingKey,
    /// The binding's own role.
    pub(crate) source: &'a RoleArn,
    pub(crate) scope: Scope,
    /// What EKS sends where it sends no tags.
    pub(crate) external_id: &'a str,
}

impl Visitor<'_> {
    /// What the target role must trust. Every statement names the account of the binding's own role and is narrowed to that role by a condition, so
    /// that the policy can be saved before the role exists.
    pub(crate) fn trust(&self, tags: Tags) -> Document {
        let mut statements = Vec::new();
        if tags != Tags::Off {
            statements.push(self.statement("tags", &[ASSUME_ROLE, TAG_SESSION], self.request_tags()));
        }
        if tags != Tags::On {
            statements.push(self.statement("id", &[ASSUME_ROLE], vec![self.external_ids()]));
            // AWS's example lets sessions be tagged for these associations as well. Without the statement above it lets nobody in.
            statements.push(self.statement("tag", &[TAG_SESSION], Vec::new()));
        }
        Document::new(statements)
    }

    fn request_tags(&self) -> Vec<Condition> {
        let key = self.key;
        let cluster = ClusterArn {
            partition: self.source.partition.clone(),
            region: key.region.clone(),
            account: key.account.clone(),
            name: key.cluster.clone(),
        };
        self.scope
            .request_tags(&cluster, &key.namespace, &key.service_account)
            .into_iter()
            .map(|(tag, value)| condition("StringEquals", &format!("aws:RequestTag/{tag}"), value))
            .collect()
    }

    fn external_ids(&self) -> Condition {
        let BindingKey {
            account,
            region,
            cluster,
            namespace,
            ..
        } = self.key;
        let (operator, id) = match self.scope {
            Scope::ServiceAccount => ("StringEquals", self.external_id.to_owned()),
            Scope::Namespace => ("StringLike", format!("{region}/{account}/{cluster}/{namespace}/*")),
            Scope::Cluster => ("StringLike", format!("{region}/{account}/{cluster}/*")),
            Scope::Account => ("StringLike", format!("*/{account}/*")),
        };
        condition(operator, "sts:ExternalId", id)
    }

    fn statement(&self, part: &str, names: &[&str], mut conditions: Vec<Condition>) -> Statement {
        let root = format!("arn:{}:iam::{}:root", self.source.partition, self.source.account);
        conditions.insert(0, condition("ArnEquals", "aws:PrincipalArn", self.source.to_string()));
        Statement {
            sid: Some(format!("Pib{}", digest(&[&self.key.to_string(), "target", part], 12))),
            effect: Effect::Allow,
            principals: Some(Principals::one(PrincipalKind::Aws, root)),
            actions: Some(actions(names)),
            resources: None,
            conditions,
        }
    }
}

/// What the binding's own role must be allowed to reach its target role.
pub(crate) fn permissions(target: &str) -> Document {
    Document::new(vec![Statement {
        sid: None,
        effect: Effect::Allow,
        principals: None,
        actions: Some(actions(&[ASSUME_ROLE, TAG_SESSION])),
        resources: Some(Resources {
            except: false,
            names: Strings::One(target.to_owned()),
        }),
        conditions: Vec::new(),
    }])
}

/// The name of the inline policy with the permissions for a target role. Each target has a name of its own, so that the next can be reached before
/// the last is given up.
pub(super) fn policy_name(target: &str) -> String {
    format!("{POLICY_PREFIX}{}", digest(&[target], 12))
}

/// Whether an inline policy of an owned role is the binding's.
pub(super) fn is_policy_name(name: &str) -> bool {
    name.starts_with(POLICY_PREFIX)
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

/// What an owned role is allowed by the binding itself to reach target roles; more than one where a change was cut short.
pub(super) fn permissions_of(role: &ObservedRole) -> Option<PolicyJson> {
    let own = role.inline_policies.iter().filter(|(name, _)| is_policy_name(name));
    let documents = own.filter_map(|(_, text)| Document::parse(&decode(text)).ok());
    let statements: Vec<Statement> = documents.flat_map(|document| document.statements).collect();
    (!statements.is_empty()).then(|| PolicyJson(Document::new(statements).to_json()))
}

/// The inline policies that a role has to have for that.
pub(super) fn policies_of(permissions: &PolicyJson) -> impl Iterator<Item = (String, String)> {
    let document = Document::parse(&permissions.0).unwrap_or_default();
    document.statements.into_iter().map(|statement| {
        let target = statement
            .resources
            .as_ref()
            .and_then(|resources| resources.names.only());
        let name = policy_name(target.unwrap_or_default());
        (name, Document::new(vec![statement]).to_json())
    })
}
