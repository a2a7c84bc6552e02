use serde::Serialize;
use tfmodel::order;

use super::admission::{Admission, Seen, as_written};
use super::chain::{Found, Link, Outcome, links};
use super::notices::{Notice, notices};
use super::sdk::Sdk;
use super::situation::Situation;
use super::verdict::{Candidate, Credentials, Met, Need, Verdict};
use crate::workload::{ContainerKind, PodSpec};

/// Which credentials the containers of a workload use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resolution {
    /// What EKS writes into pods that are made now.
    pub admission: Admission,
    /// Each container, in order.
    pub containers: Vec<ContainerResolution>,
    /// What is worth knowing besides.
    pub notices: Vec<Notice>,
    /// What is taken for granted.
    pub assumptions: Vec<&'static str>,
}

/// Which credentials a container uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContainerResolution {
    /// Its name.
    pub container: String,
    /// When it runs.
    pub kind: ContainerKind,
    /// In the pod as it runs; nothing if only what pods are made from is known.
    pub running: Option<Answer>,
    /// In a pod that is made now; nothing for containers that were added to a running pod.
    pub next: Option<Answer>,
    /// When it changes, in a sentence.
    pub change: String,
}

/// An answer, and the steps to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The answer.
    pub verdict: Verdict,
    /// The chains that were followed.
    pub cases: Vec<Case>,
}

/// A chain that was followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Case {
    /// What it takes for granted of what EKS writes into the pod; nothing if that is known.
    pub when: Option<&'static str>,
    /// With which SDKs.
    pub sdks: Vec<Sdk>,
    /// The links, in order.
    pub links: Vec<Link>,
}

const ASSUMPTIONS: &[&str] = &[
    "The image sets none of these variables and brings no shared files.",
    "The program asks its SDK for the default chain.",
    "What the role trusts and permits is not looked at.",
    "The Amazon EKS Pod Identity Webhook of the cluster does what its public source says, and treats pods on every kind of node alike.",
    "What was written into a pod at admission is told by its marks: someone who wrote the same into the template is taken for the webhook.",
];

/// Says which credentials each container of a workload will use and why.
pub fn resolve(situation: &Situation) -> Resolution {
    let workload = &situation.workload;
    let admission = Admission::of(situation);
    let written = as_written(&workload.pod);
    let containers = workload.pod.containers.iter().enumerate().map(|(position, container)| {
        let running = workload
            .admitted
            .then(|| answer(situation, &[(None, Seen::as_it_is(&workload.pod, container))]));
        let next = written
            .containers
            .get(position)
            .filter(|container| container.kind != ContainerKind::Ephemeral)
            .map(|_| next(situation, &admission, &written, position));
        ContainerResolution {
            container: container.name.clone(),
            kind: container.kind,
            change: change(running.as_ref(), next.as_ref()),
            running,
            next,
        }
    });
    Resolution {
        containers: containers.collect(),
        notices: notices(situation, &written),
        admission,
        assumptions: ASSUMPTIONS.to_vec(),
    }
}

fn next(situation: &Situation, admission: &Admission, written: &PodSpec, position: usize) -> Answer {
    let container = written.containers.get(position);
    let is_open = admission.possible.len() > 1;
    let cases: Vec<(Option<&'static str>, Seen)> = admission
        .possible
        .iter()
        .filter_map(|injection| Some((is_open.then(|| injection.when()), injection.into(written, container?))))
        .collect();
    answer(situation, &cases)
}

fn answer(situation: &Situation, seen: &[(Option<&'static str>, Seen)]) -> Answer {
    let sdks = match &situation.sdk {
        Some(used) => vec![used.sdk],
        None => Sdk::ALL.to_vec(),
    };
    let mut cases: Vec<Case> = Vec::new();
    for (when, seen) in seen {
        for sdk in &sdks {
            let alike = |case: &&mut Case| case.when == *when && case.sdks.iter().any(|other| other.looks_like(*sdk));
            if let Some(case) = cases.iter_mut().find(alike) {
                case.sdks.push(*sdk);
                continue;
            }
            let mut links = links(situation, seen, *sdk);
            add_version_need(situation, &mut links);
            match cases.iter_mut().find(|case| case.when == *when && case.links == links) {
                Some(case) => case.sdks.push(*sdk),
                None => cases.push(Case {
                    when: *when,
                    sdks: vec![*sdk],
                    links,
                }),
            }
        }
    }
    Answer {
        verdict: verdict(situation, &cases),
        cases,
    }
}

fn add_version_need(situation: &Situation, links: &mut [Link]) {
    let agent = links
        .iter_mut()
        .find(|link| matches!(link.gives.first(), Some(Credentials::PodIdentity { .. })));
    let Some(link) = agent else { return };
    let used = situation.sdk.as_ref();
    let what = match used {
        Some(used) => {
            let facts = used.sdk.facts();
            format!(
                "The {} is {} or later.",
                facts.name,
                facts.pod_identity_since.join(" or ")
            )
        }
        None => "The SDK is recent enough to accept the address of the agent.".to_owned(),
    };
    let recent = used.and_then(|used| used.sdk.accepts_pod_identity(used.version.as_deref()?));
    link.needs.push(Need {
        what,
        met: Met::of(recent),
        source: "EKS User Guide, Use pod identity with the AWS SDK",
    });
}

fn verdict(situation: &Situation, cases: &[Case]) -> Verdict {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut needs: Vec<Need> = Vec::new();
    let mut because: Vec<String> = Vec::new();
    for case in cases {
        for link in &case.links {
            if !matches!(link.outcome, Outcome::Wins | Outcome::MayWin) {
                continue;
            }
            if link.found == Found::Unknown && !because.contains(&link.detail) {
                because.push(link.detail.clone());
            }
            needs.extend(link.needs.iter().cloned());
            for credentials in &link.gives {
                let condition = (link.found == Found::Unknown).then_some(link.detail.as_str());
                add(&mut candidates, credentials.clone(), case, condition);
            }
        }
        if case.links.iter().all(|link| link.outcome != Outcome::Wins) {
            add(&mut candidates, Credentials::Nothing, case, None);
        }
    }
    if let [only] = candidates.as_slice() {
        return Verdict::Decided {
            credentials: only.credentials.clone(),
            needs: order::distinct(needs),
        };
    }
    if cases.iter().any(|case| case.when.is_some()) {
        because.insert(0, open_admission(situation));
    }
    if candidates.iter().any(|one| one.when.is_empty() && !one.sdks.is_empty()) && because.is_empty() {
        because.push("The chains of SDKs differ in their order.".to_owned());
    }
    Verdict::Unknown { because, candidates }
}

fn add(candidates: &mut Vec<Candidate>, credentials: Credentials, case: &Case, condition: Option<&str>) {
    let when = case.when.into_iter().chain(condition).map(str::to_owned);
    match candidates.iter_mut().find(|one| one.credentials == credentials) {
        Some(found) => {
            let new: Vec<Sdk> = case
                .sdks
                .iter()
                .copied()
                .filter(|sdk| !found.sdks.contains(sdk))
                .collect();
            found.sdks.extend(new);
            for one in when {
                if !found.when.contains(&one) {
                    found.when.push(one);
                }
            }
        }
        None => candidates.push(Candidate {
            credentials,
            sdks: case.sdks.clone(),
            when: when.collect(),
        }),
    }
}

fn open_admission(situation: &Situation) -> String {
    let account = &situation.workload.pod.service_account;
    if situation.association.known().is_some() || situation.association == crate::binding::Fact::Absent {
        format!("It is not known whether service account `{account}` names a role.")
    } else {
        format!("It is not known whether there is a Pod Identity association for service account `{account}`.")
    }
}

fn change(running: Option<&Answer>, next: Option<&Answer>) -> String {
    let decided = |answer: Option<&Answer>| answer.and_then(|answer| answer.verdict.credentials().cloned());
    match (running, next) {
        (Some(_), None) => "It ends with its pod; a new pod does not have it.".to_owned(),
        (None, None) => String::new(),
        (None, Some(_)) => {
            "This is said of pods that are made now. Those that run keep what was written into them: look at the pods themselves.".to_owned()
        }
        (Some(_), Some(_)) => match (decided(running), decided(next)) {
            (Some(now), Some(then)) if now == then => format!("A restart changes nothing.{}", without_restart(&now)),
            (Some(now), Some(then)) => format!("It uses {now} until the pod is replaced; a new one uses {then}."),
            (Some(now), None) => format!("It uses {now} until the pod is replaced; what a new one uses cannot be known."),
            (None, Some(then)) => format!("A new pod uses {then}."),
            (None, None) => "It cannot be known.".to_owned(),
        },
    }
}

/// What changes while a pod runs, and what does not.
const fn without_restart(credentials: &Credentials) -> &'static str {
    match credentials {
        Credentials::Irsa { .. } => {
            " What the role permits takes effect without one; a different role in the annotation needs new pods."
        }
        Credentials::PodIdentity { .. } => {
            " What the role permits takes effect without one. A different role in the association may reach it late, because the agent keeps credentials: replace the pod."
        }
        Credentials::StaticKeys { .. }
        | Credentials::SharedFile { .. }
        | Credentials::Endpoint { .. }
        | Credentials::NodeProxy { .. }
        | Credentials::NodeRole
        | Credentials::Nothing => "",
    }
}
