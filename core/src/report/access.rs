//! Who can become a role: what its trust policy says, and what it answers to the pods that are known.

use serde::Serialize;

use crate::evaluate::pod::{AskedRole, Entrance, Pod};
use crate::evaluate::{NOT_CONSIDERED, Verdict};
use crate::ids::{ClusterArn, RoleArn};
use crate::policy::{Document, Effect, Principals, Who, sentence};

/// Who can become some roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Each role.
    pub roles: Vec<RoleAccess>,
    /// What nobody looked at, and may keep out somebody who is let in here.
    pub not_considered: &'static [&'static str],
}

/// Who can become a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleAccess {
    /// The role.
    pub role: String,
    /// What its trust policy says, by statement and principal.
    pub statements: Vec<StatementAccess>,
    /// What its trust policy answers to each pod.
    pub pods: Vec<PodAccess>,
}

/// Whom a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementAccess {
    /// The statement, counted from 0.
    pub statement: usize,
    /// Its name.
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// The kind of the principal, as policies spell it.
    pub kind: String,
    /// Its name.
    pub principal: String,
    /// How many conditions have to hold.
    pub conditions: usize,
    /// The statement in a sentence.
    pub says: String,
}

/// What a trust policy answers to a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodAccess {
    /// How the pod gets credentials.
    pub mechanism: &'static str,
    /// The ARN of its cluster, as far as it is known.
    pub cluster_arn: Option<String>,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Its service account.
    pub service_account: Option<String>,
    /// The answer.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub because: String,
}

/// Asks each role about each pod. Roles are by their ARN, or by a name where that is not known.
pub fn access(roles: &[(String, &Document)], pods: &[Pod]) -> Access {
    Access {
        roles: roles
            .iter()
            .map(|(role, trust)| role_access(role, trust, pods))
            .collect(),
        not_considered: NOT_CONSIDERED,
    }
}

fn role_access(role: &str, trust: &Document, pods: &[Pod]) -> RoleAccess {
    let asked = AskedRole {
        arn: role.parse::<RoleArn>().ok(),
        ..AskedRole::default()
    };
    let entrance = Entrance::new(trust, asked);
    RoleAccess {
        role: role.to_owned(),
        statements: trust
            .statements
            .iter()
            .enumerate()
            .flat_map(|(index, statement)| {
                let says = sentence(statement);
                let principals = statement.principals.as_ref().map_or_else(Vec::new, named);
                principals.into_iter().map(move |(kind, principal)| StatementAccess {
                    statement: index,
                    sid: statement.sid.clone(),
                    effect: match statement.effect {
                        Effect::Allow => "Allow",
                        Effect::Deny => "Deny",
                    },
                    kind,
                    principal,
                    conditions: statement.conditions.len(),
                    says: says.clone(),
                })
            })
            .collect(),
        pods: pods.iter().map(|pod| pod_access(&entrance, pod)).collect(),
    }
}

fn named(principals: &Principals) -> Vec<(String, String)> {
    let not = if principals.except { "not " } else { "" };
    match &principals.who {
        Who::Everybody => vec![(format!("{not}AWS"), "*".to_owned())],
        Who::Named(named) => named
            .iter()
            .flat_map(|principal| {
                let kind = format!("{not}{}", principal.kind.as_str());
                principal.names.iter().map(move |name| (kind.clone(), name.clone()))
            })
            .collect(),
    }
}

fn pod_access(entrance: &Entrance<'_>, pod: &Pod) -> PodAccess {
    let evaluation = entrance.evaluate(pod);
    let cluster = || {
        Some(ClusterArn {
            partition: pod.partition.clone()?,
            region: pod.region.clone()?,
            account: pod.account.clone()?,
            name: pod.cluster.clone()?,
        })
    };
    PodAccess {
        mechanism: pod.mechanism.name(),
        cluster_arn: cluster().map(|arn| arn.to_string()),
        namespace: pod.namespace.as_ref().map(ToString::to_string),
        service_account: pod.service_account.as_ref().map(ToString::to_string),
        verdict: evaluation.verdict,
        because: evaluation.because.into_iter().next().unwrap_or_default(),
    }
}

impl Access {
    /// As JSON, for tools.
    pub fn to_json(&self) -> String {
        // Strings and numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// As CSV by RFC 4180, for spreadsheets: a line for each principal of a statement, and one for each pod.
    pub fn to_csv(&self) -> String {
        let mut text = String::new();
        line(
            &mut text,
            [
                "role",
                "statement",
                "effect",
                "kind",
                "principal",
                "cluster_arn",
                "namespace",
                "service_account",
                "verdict",
                "because",
            ],
        );
        for role in &self.roles {
            for one in &role.statements {
                let name = one.sid.clone().unwrap_or_else(|| (one.statement + 1).to_string());
                line(
                    &mut text,
                    [
                        &role.role,
                        &name,
                        one.effect,
                        &one.kind,
                        &one.principal,
                        "",
                        "",
                        "",
                        "",
                        &one.says,
                    ],
                );
            }
            for pod in &role.pods {
                let or_empty = |part: &Option<String>| part.clone().unwrap_or_default();
                line(
                    &mut text,
                    [
                        &role.role,
                        "",
                        "",
                        "pod",
                        pod.mechanism,
                        &or_empty(&pod.cluster_arn),
                        &or_empty(&pod.namespace),
                        &or_empty(&pod.service_account),
                        pod.verdict.as_str(),
                        &pod.because,
                    ],
                );
            }
        }
        text
    }
}

fn line<const N: usize>(text: &mut String, cells: [&str; N]) {
    for (position, cell) in cells.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        text.push_str(&quoted(cell));
    }
    text.push_str("\r\n");
}

fn quoted(cell: &str) -> String {
    // A spreadsheet would compute what starts like a formula.
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    if guard.is_empty() && !cell.contains([',', '"', '\n', '\r']) {
        cell.to_owned()
    } else {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    }
}
