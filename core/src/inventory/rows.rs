use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Admitted, FoundAssociation, FoundRole, MOST_ASSOCIATIONS, Reach, Survey, admitted, imports};
use crate::evaluate::Verdict;
use crate::evaluate::pod::{AskedRole, Pod, may_assume};
use crate::ids::OWNER_TAG;
use crate::ids::{AssociationArn, BindingKey, Mechanism, RoleArn};
use crate::policy::{Document, size};

/// Who gets what in a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Each service account and role that are bound, by namespace, service account and role.
    pub bindings: Vec<Bound>,
    /// Service accounts that have an association and are also trusted by their tokens, as `namespace/service_account`.
    pub double_bound: Vec<String>,
    /// Roles that trust an issuer of EKS in the cluster's region which none of the clusters has.
    pub stale_roles: Vec<StaleRole>,
    /// What is used of quotas.
    pub quotas: Vec<Used>,
    /// `import` blocks for all that can be imported and that no binding has made.
    pub import_blocks: String,
}

/// A service account, or a pattern of them, that is bound to a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Its namespace, or a pattern.
    pub namespace: String,
    /// Its name, or a pattern.
    pub service_account: String,
    /// Whether it has an association.
    pub pod_identity: bool,
    /// Whether the role trusts its tokens.
    pub irsa: bool,
    /// The role, if it could be read.
    pub role_arn: Option<String>,
    /// The association's id.
    pub association_id: Option<String>,
    /// The association's ARN.
    pub association_arn: Option<String>,
    /// The role in another account that the association leads to.
    pub target_role_arn: Option<String>,
    /// The add-on that owns the association.
    pub owner_arn: Option<String>,
    /// Who made it.
    pub made_by: Maker,
    /// Whether the service account has an association and a role trusts its tokens too, this one or another.
    pub double_bound: bool,
    /// Whether the role's trust policy lets new pods in; `None` where the role was not read or a pattern is bound.
    pub verdict: Option<Verdict>,
    /// Why, in sentences.
    pub because: Vec<String>,
    /// What to import it by, if a binding can be made of it.
    pub import_id: Option<String>,
}

/// Who made something, by what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Maker {
    /// A binding of this provider.
    Binding,
    /// An add-on of the cluster.
    AddOn,
    /// Something else.
    Other,
}

/// A role that trusts tokens which no cluster issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StaleRole {
    /// The role.
    pub role_arn: String,
    /// The issuers.
    pub issuers: Vec<String>,
}

/// What is used of a quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Used {
    /// Of which.
    pub quota: String,
    /// How much.
    pub used: usize,
    /// How much there is.
    pub limit: usize,
}

impl Maker {
    /// As attributes spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::AddOn => "add_on",
            Self::Other => "other",
        }
    }
}

/// A role whose trust policy was read.
struct Trusting<'s> {
    role: &'s FoundRole,
    trust: Document,
    admitted: Vec<Admitted>,
}

impl Inventory {
    /// What a survey comes to.
    pub fn of(survey: &Survey) -> Self {
        let roles: BTreeMap<&str, Trusting<'_>> = survey
            .roles
            .known()
            .into_iter()
            .flatten()
            .filter_map(|role| {
                let trust = Document::parse(&role.trust_policy).ok()?;
                let admitted = admitted(&trust);
                Some((role.arn.as_str(), Trusting { role, trust, admitted }))
            })
            .collect();
        let associations = survey.associations.known().map_or(&[][..], Vec::as_slice);
        let mut bindings: Vec<Bound> = associations.iter().map(|one| associated(survey, &roles, one)).collect();
        for trusting in roles.values() {
            admit(survey, trusting, &mut bindings);
        }
        let double_bound = mark_double(survey, &roles, &mut bindings);
        bindings.sort_by(|a, b| {
            let order = |one: &Bound| (one.namespace.clone(), one.service_account.clone(), one.role_arn.clone());
            order(a).cmp(&order(b))
        });
        imports::name(survey, &mut bindings);
        Self {
            import_blocks: imports::blocks(&bindings),
            stale_roles: stale(survey, &roles),
            quotas: quotas(survey, &roles, &bindings),
            bindings,
            double_bound,
        }
    }
}

/// The row of an association.
fn associated(survey: &Survey, roles: &BTreeMap<&str, Trusting<'_>>, found: &FoundAssociation) -> Bound {
    let cluster = &survey.cluster;
    let arn = found.id.parse().ok().map(|id| AssociationArn {
        partition: cluster.partition.clone(),
        region: cluster.region.clone(),
        account: cluster.account.clone(),
        cluster: cluster.name.clone(),
        id,
    });
    let trusting = found.role_arn.as_deref().and_then(|arn| roles.get(arn));
    let pod = Pod {
        session_tags: Some(found.session_tags),
        ..pod(survey, Mechanism::PodIdentity, &found.namespace, &found.service_account)
    };
    let (verdict, because) = ask(trusting, &pod);
    Bound {
        namespace: found.namespace.clone(),
        service_account: found.service_account.clone(),
        pod_identity: true,
        irsa: false,
        role_arn: found.role_arn.clone(),
        association_id: Some(found.id.clone()),
        association_arn: arn.map(|arn| arn.to_string()),
        target_role_arn: found.target_role_arn.clone(),
        owner_arn: found.owner_arn.clone(),
        made_by: match &found.owner_arn {
            Some(_) => Maker::AddOn,
            None if found.tags.contains_key(OWNER_TAG) => Maker::Binding,
            None => Maker::Other,
        },
        double_bound: false,
        verdict,
        because,
        import_id: None,
    }
}

/// Adds what a role's trust policy admits of the cluster's tokens: to the row of an association with the same role, or in a row of its own.
fn admit(survey: &Survey, trusting: &Trusting<'_>, bindings: &mut Vec<Bound>) {
    let Some(issuer) = survey.issuer.known() else { return };
    let arn = &trusting.role.arn;
    let mut seen = BTreeSet::new();
    for one in trusting.admitted.iter().filter(|one| one.provider.issuer == *issuer) {
        if !seen.insert((&one.namespace, &one.service_account)) {
            continue;
        }
        let same = bindings.iter_mut().find(|bound| {
            bound.role_arn.as_ref() == Some(arn)
                && bound.namespace == one.namespace
                && bound.service_account == one.service_account
        });
        if let Some(bound) = same {
            bound.irsa = true;
            continue;
        }
        let (verdict, because) = if one.reach == Reach::One {
            let pod = Pod {
                issuer: Some(issuer.clone()),
                provider_account: Some(one.provider.account.clone()),
                ..pod(survey, Mechanism::Irsa, &one.namespace, &one.service_account)
            };
            ask(Some(trusting), &pod)
        } else {
            (None, Vec::new())
        };
        bindings.push(Bound {
            namespace: one.namespace.clone(),
            service_account: one.service_account.clone(),
            pod_identity: false,
            irsa: true,
            role_arn: Some(arn.clone()),
            association_id: None,
            association_arn: None,
            target_role_arn: None,
            owner_arn: None,
            made_by: made_by(survey, trusting, one),
            double_bound: false,
            verdict,
            because,
            import_id: None,
        });
    }
}

/// A binding leaves its tag on roles that it makes, and its Sid in those that it writes to.
fn made_by(survey: &Survey, trusting: &Trusting<'_>, one: &Admitted) -> Maker {
    let has_sid = |key: BindingKey| {
        let sid = key.sid(Mechanism::Irsa);
        trusting
            .trust
            .statements
            .iter()
            .any(|one| one.sid.as_ref() == Some(&sid))
    };
    let is_ours = trusting.role.tags.contains_key(OWNER_TAG)
        || key(survey, &one.namespace, &one.service_account).is_some_and(has_sid);
    if is_ours { Maker::Binding } else { Maker::Other }
}

/// Marks and names the service accounts that both mechanisms reach.
fn mark_double(survey: &Survey, roles: &BTreeMap<&str, Trusting<'_>>, bindings: &mut [Bound]) -> Vec<String> {
    let issuer = survey.issuer.known();
    let tokens: Vec<&Admitted> = roles
        .values()
        .flat_map(|trusting| &trusting.admitted)
        .filter(|one| one.reach != Reach::Wider && Some(&one.provider.issuer) == issuer)
        .collect();
    let mut double = BTreeSet::new();
    for bound in bindings.iter().filter(|bound| bound.pod_identity) {
        let is_trusted = key(survey, &bound.namespace, &bound.service_account)
            .is_some_and(|key| tokens.iter().any(|one| one.is_for(&key)));
        if is_trusted {
            double.insert((bound.namespace.clone(), bound.service_account.clone()));
        }
    }
    for bound in bindings {
        bound.double_bound = double.contains(&(bound.namespace.clone(), bound.service_account.clone()));
    }
    let names = double.into_iter();
    names
        .map(|(namespace, service_account)| format!("{namespace}/{service_account}"))
        .collect()
}

/// A cluster that was deleted leaves trust behind. Its issuer names the region; whose cluster it was nobody can tell any more.
fn stale(survey: &Survey, roles: &BTreeMap<&str, Trusting<'_>>) -> Vec<StaleRole> {
    let Some(issuers) = survey.issuers.known() else {
        return Vec::new();
    };
    let of = |trusting: &Trusting<'_>| -> Vec<String> {
        let trusted: BTreeSet<String> = trusting
            .admitted
            .iter()
            .map(|one| &one.provider.issuer)
            .filter(|issuer| issuer.eks().is_some_and(|eks| eks.region == survey.cluster.region))
            .filter(|issuer| !issuers.contains(issuer))
            .map(ToString::to_string)
            .collect();
        trusted.into_iter().collect()
    };
    let all = roles.values().map(|trusting| StaleRole {
        role_arn: trusting.role.arn.clone(),
        issuers: of(trusting),
    });
    all.filter(|role| !role.issuers.is_empty()).collect()
}

/// The associations of the cluster, and the trust policies of its roles, fullest first.
fn quotas(survey: &Survey, roles: &BTreeMap<&str, Trusting<'_>>, bindings: &[Bound]) -> Vec<Used> {
    let associations = survey.associations.known().map(|all| Used {
        quota: format!("associations of cluster {}", survey.cluster.name),
        used: all.len(),
        limit: MOST_ASSOCIATIONS,
    });
    let names: BTreeSet<&str> = bindings.iter().filter_map(|bound| bound.role_arn.as_deref()).collect();
    let mut policies: Vec<Used> = names
        .into_iter()
        .filter_map(|arn| roles.get(arn))
        .map(|trusting| Used {
            quota: format!("trust policy of role {}", trusting.role.name),
            used: size(&trusting.role.trust_policy),
            limit: survey.trust_policy_quota,
        })
        .collect();
    policies.sort_by_key(|one| Reverse(one.used));
    associations.into_iter().chain(policies).collect()
}

fn ask(trusting: Option<&Trusting<'_>>, pod: &Pod) -> (Option<Verdict>, Vec<String>) {
    let Some(trusting) = trusting else {
        return (None, Vec::new());
    };
    let role = AskedRole {
        arn: trusting.role.arn.parse::<RoleArn>().ok(),
        ..AskedRole::default()
    };
    let answer = may_assume(&trusting.trust, pod, &role);
    (Some(answer.verdict), answer.because)
}

fn pod(survey: &Survey, mechanism: Mechanism, namespace: &str, service_account: &str) -> Pod {
    let cluster = &survey.cluster;
    Pod {
        partition: Some(cluster.partition.clone()),
        region: Some(cluster.region.clone()),
        account: Some(cluster.account.clone()),
        cluster: Some(cluster.name.clone()),
        namespace: namespace.parse().ok(),
        service_account: service_account.parse().ok(),
        ..Pod::new(mechanism)
    }
}

/// The key that a binding of a row would have; `None` if no binding can have it.
pub(super) fn key(survey: &Survey, namespace: &str, service_account: &str) -> Option<BindingKey> {
    let cluster = &survey.cluster;
    Some(BindingKey {
        account: cluster.account.clone(),
        region: cluster.region.clone(),
        cluster: cluster.name.clone(),
        namespace: namespace.parse().ok()?,
        service_account: service_account.parse().ok()?,
    })
}
