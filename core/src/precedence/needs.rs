//! What must hold for chosen credentials to arrive.

use super::admission::{AGENT_AUDIENCE, AGENT_TOKEN_FILE, Seen};
use super::situation::Situation;
use super::verdict::{Met, Need};
use crate::fact::Fact;
use crate::workload::{Compute, EnvValue, Variable};

/// What must hold for a token file to be of use.
pub(super) fn token_needs(seen: &Seen, path: &str, audience: &str) -> Vec<Need> {
    const SOURCE: &str = "EKS User Guide, Configure Pods to use a Kubernetes service account";
    let there = seen.token_in(path);
    let mounted = match there {
        Ok(_) => Some(true),
        Err(false) => Some(false),
        Err(true) => None,
    };
    let mut needs = vec![Need {
        what: format!("A token of the service account is mounted at `{path}`."),
        met: Met::of(mounted),
        source: SOURCE,
    }];
    if let Ok(found) = there
        && found != Some(audience)
    {
        let found = found.map_or("the Kubernetes API".to_owned(), |found| format!("`{found}`"));
        needs.push(Need {
            what: format!("Who checks the token accepts one for {found}; `{audience}` is usual."),
            // An OIDC provider of IAM may name other audiences; the service behind the agent has one.
            met: if audience == AGENT_AUDIENCE {
                Met::No
            } else {
                Met::Unknown
            },
            source: SOURCE,
        });
    }
    needs
}

/// What must hold for the agent of EKS Pod Identity to answer, versions of SDKs apart.
pub(super) fn agent_needs(situation: &Situation, seen: &Seen) -> Vec<Need> {
    let mut needs = vec![
        Need {
            what: "The agent of EKS Pod Identity runs on the node: on Linux on EC2 or a hybrid node, never on Fargate or Windows.".to_owned(),
            met: match situation.compute {
                Some(Compute::Fargate | Compute::Windows) => Met::No,
                Some(Compute::AutoMode) => Met::Yes,
                Some(Compute::Ec2 | Compute::Hybrid) => Met::of(situation.agent),
                None if situation.agent == Some(false) => Met::No,
                None => Met::Unknown,
            },
            source: "EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services",
        },
        Need {
            what: "The association for the service account exists whenever the agent asks, not only when the pod is made.".to_owned(),
            met: match situation.association {
                Fact::Known(_) => Met::Yes,
                Fact::Absent => Met::No,
                Fact::Unknown | Fact::Denied => Met::Unknown,
            },
            source: "eks-pod-identity-agent, eksauth/errors.go",
        },
    ];
    match seen.container.variable(AGENT_TOKEN_FILE) {
        Variable::Set(EnvValue::Text(path)) => needs.extend(token_needs(seen, path, AGENT_AUDIENCE)),
        other => needs.push(Need {
            what: format!("`{AGENT_TOKEN_FILE}` names the file of a token."),
            met: if other.is_absent() { Met::No } else { Met::Unknown },
            source: "EKS User Guide, Understand how EKS Pod Identity works",
        }),
    }
    needs.extend(proxy_need(seen));
    needs
}

/// SDKs ask a proxy for plain HTTP, unless the address is excepted.
fn proxy_need(seen: &Seen) -> Option<Need> {
    let is_set = |name: &str| !seen.container.variable(name).is_absent();
    if !is_set("HTTP_PROXY") && !is_set("http_proxy") {
        return None;
    }
    let mut met = Some(false);
    for name in ["NO_PROXY", "no_proxy"] {
        match seen.container.variable(name) {
            Variable::Absent => {}
            Variable::Set(EnvValue::Text(list)) => {
                let mut entries = list.split(',').map(str::trim);
                if entries.clone().any(|entry| entry == "169.254.170.23" || entry == "*") {
                    met = Some(true);
                } else if met == Some(false)
                    && entries.any(|entry| entry.starts_with("169.254.") && entry.contains('/'))
                {
                    met = None;
                }
            }
            Variable::Set(_) | Variable::Unclear(_) => met = met.filter(|met| *met),
        }
    }
    Some(Need {
        what: "The proxy that is set is not asked: `NO_PROXY` names `169.254.170.23`, and `[fd00:ec2::23]` where the cluster uses IPv6; not every SDK reads ranges."
            .to_owned(),
        met: Met::of(met),
        source: "EKS User Guide, Set up the Amazon EKS Pod Identity Agent",
    })
}
