use std::cmp::Ordering;

use serde::Serialize;

use super::{Ask, AskedRole, Pod};
use crate::evaluate::{Blocked, Blocking, Evaluation, Prepared, Verdict, blocked, denies};
use crate::policy::Document;

/// Whether a role's trust policy lets a pod have the role that its annotation or association names.
pub fn may_assume(trust: &Document, pod: &Pod, role: &AskedRole) -> Evaluation {
    answer(&Prepared::new(trust), &pod.ask(role))
}

/// Whether a target role's trust policy lets a pod have it through the role of its association.
pub fn may_assume_target(trust: &Document, pod: &Pod, source: &AskedRole, target: &AskedRole) -> Evaluation {
    answer(&Prepared::new(trust), &pod.ask_target(source, target))
}

/// A role, and what decides who may have it.
#[derive(Clone, Copy, Debug)]
pub struct Link<'d> {
    /// Its trust policy.
    pub trust: &'d Document,
    /// What else is known of it.
    pub role: &'d AskedRole,
}

/// Whether a pod gets through the role of its association to a target role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// The answer to both together.
    pub verdict: Verdict,
    /// Why, in sentences: those of the role that decides.
    pub because: Vec<String>,
    /// What the trust policy of the association's role says.
    pub source: Evaluation,
    /// What the permissions of the association's role say, if they are known.
    pub permissions: Option<Permissions>,
    /// What the trust policy of the target role says.
    pub target: Evaluation,
}

/// Whether permissions let a role assume a target role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Permissions {
    /// The answer.
    pub verdict: Verdict,
    /// Why, in sentences.
    pub because: Vec<String>,
}

/// Whether a pod gets through the role of its association to a target role. `permissions` are all policies of the former, if they are known.
pub fn may_reach(source: Link<'_>, permissions: Option<&[Document]>, target: Link<'_>, pod: &Pod) -> Chain {
    let ask = pod.ask_target(source.role, target.role);
    let first = may_assume(source.trust, pod, source.role);
    let second = answer(&Prepared::new(target.trust), &ask);
    let permissions = permissions.map(|policies| permitted(policies, &ask, source.role, target.role));
    let mut parts = vec![
        ("The role of the association", first.verdict, &first.because),
        ("The target role", second.verdict, &second.because),
    ];
    if let Some(found) = &permissions {
        parts.push((
            "What the role of the association is permitted",
            found.verdict,
            &found.because,
        ));
    }
    let verdict = parts
        .iter()
        .map(|(_, verdict, _)| *verdict)
        .max_by_key(|verdict| weight(*verdict));
    let verdict = verdict.unwrap_or(Verdict::Unknown);
    let because = parts
        .iter()
        .filter(|(_, found, _)| *found == verdict)
        .flat_map(|(what, _, sentences)| sentences.iter().map(move |sentence| format!("{what}: {sentence}")))
        .collect();
    Chain {
        verdict,
        because,
        source: first,
        permissions,
        target: second,
    }
}

/// Whether the policies of the association's role let it make the calls.
fn permitted(policies: &[Document], ask: &Ask, source: &AskedRole, target: &AskedRole) -> Permissions {
    let Some(arn) = &target.arn else {
        let because = vec!["The ARN of the target role is not known, so what is permitted cannot be told.".to_owned()];
        return Permissions {
            verdict: Verdict::Unknown,
            because,
        };
    };
    let together = Document::new(policies.iter().flat_map(|policy| policy.statements.clone()).collect());
    let is_own_account = source.arn.as_ref().is_some_and(|source| source.account == arn.account);
    let mut all = Permissions {
        verdict: Verdict::Allow,
        because: Vec::new(),
    };
    let resource = arn.to_string();
    for call in &ask.request.calls {
        let found = if together.statements.is_empty() {
            Blocking {
                answer: Blocked::Blocked,
                because: vec!["It has no permissions at all.".to_owned()],
            }
        } else {
            blocked(&together, &call.action, &resource, &call.context)
        };
        let verdict = match found.answer {
            Blocked::NotBlocked => Verdict::Allow,
            // In its own account, a role needs no permission where the trust policy names it.
            Blocked::Blocked if is_own_account && !denies(&together, &call.action, &resource, &call.context) => {
                Verdict::Unknown
            }
            Blocked::Blocked => Verdict::Deny,
            Blocked::Unknown => Verdict::Unknown,
            Blocked::Invalid => Verdict::Invalid,
        };
        match weight(verdict).cmp(&weight(all.verdict)) {
            Ordering::Less => {}
            Ordering::Equal => all.because.extend(found.because),
            Ordering::Greater => {
                all = Permissions {
                    verdict,
                    because: found.because,
                }
            }
        }
    }
    all
}

/// What keeps a pod out for certain decides over what may.
const fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Allow => 0,
        Verdict::Unknown => 1,
        Verdict::Deny => 2,
        Verdict::Invalid => 3,
    }
}

/// The answer to a request of which some calls may not be made at all.
fn answer(trust: &Prepared<'_>, ask: &Ask) -> Evaluation {
    let certain = trust.evaluate(&ask.request);
    if certain.verdict != Verdict::Allow || ask.possible.is_empty() {
        return certain;
    }
    let all = trust.evaluate(&ask.all());
    if all.verdict == Verdict::Allow {
        return all;
    }
    let actions: Vec<_> = ask.possible.iter().map(|call| format!("`{}`", call.action)).collect();
    let mut because = vec![format!(
        "Nobody can know offline whether {} is asked for as well.",
        actions.join(", ")
    )];
    because.extend(all.because);
    Evaluation {
        verdict: Verdict::Unknown,
        because,
        calls: all.calls,
    }
}

/// A role of many, with its trust policy read once.
#[derive(Clone, Debug)]
pub struct Entrance<'d> {
    trust: Prepared<'d>,
    role: AskedRole,
    minds_role: bool,
}

impl<'d> Entrance<'d> {
    /// Reads a role's trust policy.
    pub fn new(trust: &'d Document, role: AskedRole) -> Self {
        Self {
            trust: Prepared::new(trust),
            role,
            minds_role: minds_role(trust),
        }
    }

    /// Whether it lets a pod in, and why.
    pub fn evaluate(&self, pod: &Pod) -> Evaluation {
        answer(&self.trust, &pod.ask(&self.role))
    }

    fn verdict(&self, ask: &Ask) -> Verdict {
        match self.trust.verdict(&ask.request) {
            Verdict::Allow if !ask.possible.is_empty() => answer(&self.trust, ask).verdict,
            verdict => verdict,
        }
    }
}

/// Who of many pods may have which of many roles: for each pod, the verdict of each entrance. [`Entrance::evaluate`] says why.
pub fn who_may(entrances: &[Entrance<'_>], pods: &[Pod]) -> Vec<Vec<Verdict>> {
    let no_role = AskedRole::default();
    let of = |pod: &Pod| {
        let ask = pod.ask(&no_role);
        let verdict = |entrance: &Entrance<'_>| {
            if entrance.minds_role {
                entrance.verdict(&pod.ask(&entrance.role))
            } else {
                entrance.verdict(&ask)
            }
        };
        entrances.iter().map(verdict).collect()
    };
    pods.iter().map(of).collect()
}

/// Whether a trust policy looks at what its role is: few do, and for all others a pod asks the same of each.
fn minds_role(trust: &Document) -> bool {
    const OF_ROLES: [&str; 2] = ["aws:resource", "iam:resource"];
    trust
        .statements
        .iter()
        .flat_map(|statement| &statement.conditions)
        .any(|condition| {
            let mut texts = condition.values.iter().chain([&condition.key]);
            texts.any(|text| {
                let text = text.to_ascii_lowercase();
                OF_ROLES.iter().any(|start| text.contains(start))
            })
        })
}
