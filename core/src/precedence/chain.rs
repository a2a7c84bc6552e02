use serde::Serialize;

use super::admission::{FULL_URI, ROLE, STS_AUDIENCE, Seen, TOKEN_FILE, is_agent};
use super::needs::{agent_needs, token_needs};
use super::notices::writes_below;
use super::places::origin_of;
use super::sdk::{LinkKind, Sdk};
use super::situation::Situation;
use super::verdict::{Credentials, Need};
use crate::workload::{Compute, EnvValue, PodSpec, Variable};

/// A link of a chain, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Which.
    pub kind: LinkKind,
    /// What it looks at.
    pub looks_at: &'static str,
    /// Whether there is something.
    pub found: Found,
    /// What was found, or why nothing was, as a sentence.
    pub detail: String,
    /// What it gives if there is something.
    pub gives: Vec<Credentials>,
    /// What must hold for these to arrive.
    pub needs: Vec<Need>,
    /// Whether the chain ends here.
    pub outcome: Outcome,
}

/// Whether there is something at a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// There is.
    Present,
    /// There is not.
    Absent,
    /// Nobody can know it from what is given.
    Unknown,
}

/// Whether a chain ends at a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It does, with what the link gives.
    Wins,
    /// It does if there is something.
    MayWin,
    /// It does not.
    PassedOver,
    /// It ends before.
    NotReached,
}

/// What one link sees.
struct Look {
    found: Found,
    detail: String,
    gives: Vec<Credentials>,
    needs: Vec<Need>,
}

impl Look {
    fn absent(detail: impl Into<String>) -> Self {
        Self {
            found: Found::Absent,
            detail: detail.into(),
            gives: Vec::new(),
            needs: Vec::new(),
        }
    }

    fn of(found: Found, gives: Credentials, detail: impl Into<String>) -> Self {
        Self {
            found,
            detail: detail.into(),
            gives: vec![gives],
            needs: Vec::new(),
        }
    }
}

/// The chain of an SDK in a container.
pub(super) fn links(situation: &Situation, seen: &Seen, sdk: Sdk) -> Vec<Link> {
    let mut ended = false;
    let chain = sdk.facts().chain.iter();
    chain
        .map(|kind| {
            let look = look(*kind, situation, seen, sdk);
            let outcome = match look.found {
                _ if ended => Outcome::NotReached,
                Found::Present => Outcome::Wins,
                Found::Unknown => Outcome::MayWin,
                Found::Absent => Outcome::PassedOver,
            };
            ended |= outcome == Outcome::Wins;
            Link {
                kind: *kind,
                looks_at: kind.looks_at(),
                found: look.found,
                detail: look.detail,
                gives: look.gives,
                needs: look.needs,
                outcome,
            }
        })
        .collect()
}

fn look(kind: LinkKind, situation: &Situation, seen: &Seen, sdk: Sdk) -> Look {
    match kind {
        LinkKind::SystemProperties => Look::absent("Nothing that the pod shows sets them; command lines are not read."),
        LinkKind::Environment => keys(seen, sdk),
        LinkKind::ProfileRole | LinkKind::Profile => profile(&situation.workload.pod, seen),
        LinkKind::WebIdentity => web_identity(seen, sdk),
        LinkKind::Container => endpoint(situation, seen),
        LinkKind::InstanceMetadata => metadata(situation, seen),
    }
}

fn keys(seen: &Seen, sdk: Sdk) -> Look {
    const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let found = KEYS.map(|name| seen.container.variable(name));
    if let Some((name, _)) = KEYS.iter().zip(&found).find(|(_, variable)| variable.is_absent()) {
        return Look::absent(format!("`{name}` is not set."));
    }
    let from = origin_of(&seen.container, &KEYS);
    let gives = Credentials::StaticKeys { from: from.clone() };
    let profile = seen.container.variable("AWS_PROFILE");
    if sdk.facts().profile_outdoes_environment && !profile.is_absent() {
        return match profile {
            Variable::Set(_) => Look::absent("Both are set, and this SDK skips them, because `AWS_PROFILE` is set."),
            Variable::Absent | Variable::Unclear(_) => Look::of(
                Found::Unknown,
                gives,
                format!("They come from {from}; this SDK skips them if `AWS_PROFILE` is set, which is not known."),
            ),
        };
    }
    let are_set = found.iter().all(|variable| matches!(variable, Variable::Set(_)));
    if are_set {
        Look::of(Found::Present, gives, format!("Both are set, from {from}."))
    } else {
        let detail = format!("{from} may set them; what is in it cannot be seen.");
        Look::of(Found::Unknown, gives, detail)
    }
}

fn profile(pod: &PodSpec, seen: &Seen) -> Look {
    const FILES: [&str; 2] = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"];
    let unknown = |place: String, detail: String| Look::of(Found::Unknown, Credentials::SharedFile { place }, detail);
    for name in FILES {
        match seen.container.variable(name) {
            Variable::Absent => {}
            Variable::Set(EnvValue::Text(file)) => {
                let place = match seen.mount_of(file) {
                    Some(mount) => seen.brought_by(mount),
                    None if writes_below(pod, file) => format!("`{file}`, which Vault's agent writes"),
                    None => format!("`{file}` of the image"),
                };
                let detail = format!("`{name}` names `{file}`. What is there cannot be seen: {place}.");
                return unknown(place, detail);
            }
            Variable::Set(_) | Variable::Unclear(_) => {
                let from = origin_of(&seen.container, &[name]);
                let detail = format!("`{name}` may be set, from {from}, to what cannot be seen.");
                return unknown(format!("what `{name}` names"), detail);
            }
        }
    }
    if let Some(mount) = seen.mounts_at_home().next() {
        let place = seen.brought_by(mount);
        let detail = format!("What is there cannot be seen: {place}.");
        return unknown(place, detail);
    }
    match seen.container.variable("AWS_PROFILE") {
        Variable::Absent => Look::absent(
            "No variable names them and nothing is mounted where they stand; the image is taken to have none.",
        ),
        Variable::Set(_) => unknown(
            "a profile of the image".to_owned(),
            "`AWS_PROFILE` names a profile, and the files that hold it cannot be seen.".to_owned(),
        ),
        Variable::Unclear(_) => unknown(
            "a profile of the image".to_owned(),
            format!(
                "{} may set `AWS_PROFILE`; what is in it cannot be seen.",
                origin_of(&seen.container, &["AWS_PROFILE"])
            ),
        ),
    }
}

fn web_identity(seen: &Seen, sdk: Sdk) -> Look {
    let role = seen.container.variable(ROLE);
    let file = seen.container.variable(TOKEN_FILE);
    let gives = Credentials::Irsa {
        role: role.text().map(str::to_owned),
    };
    let mut look = match (&role, &file) {
        (Variable::Absent, Variable::Set(_)) if sdk.facts().stops_without_role => Look::of(
            Found::Present,
            Credentials::Nothing,
            format!("`{TOKEN_FILE}` is set and `{ROLE}` is not: this SDK stops with an error."),
        ),
        (Variable::Absent, Variable::Unclear(_)) if sdk.facts().stops_without_role => Look::of(
            Found::Unknown,
            Credentials::Nothing,
            format!("`{TOKEN_FILE}` may be set and `{ROLE}` is not: this SDK would stop with an error."),
        ),
        (Variable::Absent, _) => return Look::absent(format!("`{ROLE}` is not set.")),
        (_, Variable::Absent) => return Look::absent(format!("`{TOKEN_FILE}` is not set.")),
        (Variable::Set(_), Variable::Set(_)) => Look::of(Found::Present, gives, "Both are set."),
        (Variable::Unclear(_), _) | (_, Variable::Unclear(_)) => {
            let from = origin_of(&seen.container, &[ROLE, TOKEN_FILE]);
            Look::of(
                Found::Unknown,
                gives,
                format!("They may be set, from {from}; what is in it cannot be seen."),
            )
        }
    };
    if let Some(path) = file.text() {
        look.needs.extend(token_needs(seen, path, STS_AUDIENCE));
    }
    look
}

fn endpoint(situation: &Situation, seen: &Seen) -> Look {
    const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    let full = seen.container.variable(FULL_URI);
    let name = if full.is_absent() { RELATIVE_URI } else { FULL_URI };
    match seen.container.variable(name) {
        Variable::Absent => Look::absent("Neither is set."),
        Variable::Set(EnvValue::Text(uri)) if name == FULL_URI && is_agent(uri) => {
            let role = situation.association.known().and_then(|association| {
                let role = association.target_role.as_ref().or(association.role.as_ref());
                role.map(ToString::to_string)
            });
            let gives = Credentials::PodIdentity { role };
            let mut look = Look::of(
                Found::Present,
                gives,
                format!("`{name}` is the agent of EKS Pod Identity."),
            );
            look.needs = agent_needs(situation, seen);
            look
        }
        Variable::Set(value) => {
            let uri = match value {
                EnvValue::Text(uri) => Some(uri.clone()),
                EnvValue::Withheld
                | EnvValue::Empty
                | EnvValue::Computed
                | EnvValue::Key { .. }
                | EnvValue::Field(_)
                | EnvValue::Other => None,
            };
            Look::of(
                Found::Present,
                Credentials::Endpoint { uri },
                format!("`{name}` is set."),
            )
        }
        Variable::Unclear(_) => {
            let from = origin_of(&seen.container, &[name]);
            let detail = format!("{from} may set `{name}`; what is in it cannot be seen.");
            Look::of(Found::Unknown, Credentials::Endpoint { uri: None }, detail)
        }
    }
}

fn metadata(situation: &Situation, seen: &Seen) -> Look {
    const PROXY: &str = "iam.amazonaws.com/role";
    match situation.compute {
        Some(Compute::Fargate) => return Look::absent("Pods on Fargate have no instance metadata."),
        Some(Compute::Hybrid) => {
            return Look::absent("Hybrid nodes are not EC2 instances and have no instance metadata.");
        }
        Some(Compute::Ec2 | Compute::AutoMode | Compute::Windows) | None => {}
    }
    let disabled = seen.container.variable("AWS_EC2_METADATA_DISABLED");
    let turned_off = match &disabled {
        Variable::Absent => Some(false),
        Variable::Set(EnvValue::Text(text)) => Some(text.eq_ignore_ascii_case("true")),
        Variable::Set(_) | Variable::Unclear(_) => None,
    };
    if turned_off == Some(true) {
        return Look::absent("`AWS_EC2_METADATA_DISABLED` turns it off.");
    }
    let pod = &situation.workload.pod;
    let annotated = pod.annotations.get(PROXY).filter(|_| !pod.host_network);
    let unless = match (turned_off, situation.compute) {
        (None, _) => " `AWS_EC2_METADATA_DISABLED` may turn it off.",
        (Some(_), None) => " Whether the node is an EC2 instance is not known.",
        (Some(_), Some(_)) => "",
    };
    let certainly = |found: Found| if unless.is_empty() { found } else { Found::Unknown };
    if let Some(role) = annotated.filter(|_| situation.node_proxy != Some(false)) {
        let proxied = Credentials::NodeProxy { role: role.clone() };
        let detail = format!("The annotation `{PROXY}` asks kube2iam or kiam for role `{role}`.{unless}");
        if situation.node_proxy == Some(true) {
            return Look::of(certainly(Found::Present), proxied, detail);
        }
        let mut look = Look::of(
            Found::Unknown,
            proxied,
            format!("{detail} Whether one of them runs is not known."),
        );
        look.gives.push(Credentials::NodeRole);
        return look;
    }
    let (found, detail) = match (pod.host_network, situation.metadata_reachable) {
        (true, _) => (
            Found::Present,
            "The pod uses the network of its node, so it reaches it.",
        ),
        (false, Some(true)) => (Found::Present, "Pods reach it."),
        (false, Some(false)) => return Look::absent("Pods do not reach it: the hop limit keeps them away."),
        (false, None) => (
            Found::Unknown,
            "Whether pods reach it depends on the hop limit of the node, which is not known.",
        ),
    };
    Look::of(certainly(found), Credentials::NodeRole, format!("{detail}{unless}"))
}
