//! The statements that let the pods of a binding assume its role.

use tfmodel::Value;

use super::model::{ConditionMechanism, Scope, Trust, TrustCondition};
use crate::evaluate::pod::IRSA_AUDIENCE;
use crate::ids::{BindingKey, ClusterArn, Mechanism, Namespace, OidcProviderArn, Partition, ServiceAccount};
use crate::mode::Mode;
use crate::policy::{
    Actions, Condition, Document, Effect, POD_IDENTITY_SERVICE, PrincipalKind, Principals, Statement, Strings,
};

/// What the statements are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFacts {
    /// The binding.
    pub key: BindingKey,
    /// The partition of the cluster.
    pub partition: Partition,
    /// How pods get credentials.
    pub mode: Mode,
    /// The provider of the tokens; needed where the mode uses IRSA.
    pub provider: Option<OidcProviderArn>,
    /// What narrows or widens the trust.
    pub terms: TrustTerms,
}

/// [`Trust`] with its defaults, wholly known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustTerms {
    /// How far the trust reaches.
    pub scope: Scope,
    /// Whether EKS Pod Identity must act for the cluster's account.
    pub source_account: bool,
    /// Whether the association sends session tags; without them no condition can ask for one.
    pub session_tags: bool,
    /// Conditions that have to hold as well.
    pub conditions: Vec<(Condition, ConditionMechanism)>,
    /// Other statements of an owned role.
    pub statements: Vec<Statement>,
}

impl TrustTerms {
    /// The terms of a configuration; `None` if something in them is not known yet.
    pub fn of(trust: &Value<Trust>, session_tags: bool, partition: &Partition) -> Option<Self> {
        // In other partitions nobody has confirmed that the key is sent.
        let by_default = *partition == Partition::Aws;
        let trust = match trust {
            Value::Unknown(_) => return None,
            Value::Null => {
                return Some(Self {
                    scope: Scope::ServiceAccount,
                    source_account: by_default,
                    session_tags,
                    conditions: Vec::new(),
                    statements: Vec::new(),
                });
            }
            Value::Known(trust) => trust,
        };
        let mut conditions = Vec::new();
        for condition in list(&trust.conditions)? {
            conditions.push((
                Condition {
                    operator: condition.test.known()?.clone(),
                    key: condition.variable.known()?.clone(),
                    values: list(&condition.values)?.into_iter().cloned().collect(),
                },
                or_default(&condition.mechanism, ConditionMechanism::Both)?,
            ));
        }
        Some(Self {
            scope: or_default(&trust.scope, Scope::ServiceAccount)?,
            source_account: or_default(&trust.source_account, by_default)?,
            session_tags,
            conditions,
            // Validation has parsed them.
            statements: list(&trust.statements)?
                .into_iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
        })
    }
}

fn or_default<T: Copy>(value: &Value<T>, default: T) -> Option<T> {
    match value {
        Value::Null => Some(default),
        Value::Unknown(_) => None,
        Value::Known(value) => Some(*value),
    }
}

/// The elements of a list that is wholly known or absent.
pub(super) fn list<T>(value: &Value<Vec<Value<T>>>) -> Option<Vec<&T>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Unknown(_) => None,
        Value::Known(elements) => elements.iter().map(Value::known).collect(),
    }
}

/// The statements of a binding, with its Sids; `None` if IRSA is in use and its provider is not known.
pub fn statements(facts: &TrustFacts) -> Option<Vec<Statement>> {
    let mut statements = Vec::new();
    if facts.mode.uses_irsa() {
        statements.push(irsa(facts, facts.provider.as_ref()?));
    }
    if facts.mode.uses_pod_identity() {
        statements.push(pod_identity(facts));
    }
    Some(statements)
}

/// What the trust policy of the binding's role says for this binding.
pub fn document(facts: &TrustFacts) -> Option<Document> {
    let mut all = statements(facts)?;
    all.extend(facts.terms.statements.iter().cloned());
    Some(Document::new(all))
}

/// The audience is exact; a subject with wildcards needs the operator that knows them, and never both operators on one key.
fn irsa(facts: &TrustFacts, provider: &OidcProviderArn) -> Statement {
    let key = &facts.key;
    let BindingKey {
        namespace,
        service_account,
        ..
    } = key;
    let subject = match facts.terms.scope {
        Scope::ServiceAccount => format!("system:serviceaccount:{namespace}:{service_account}"),
        Scope::Namespace => format!("system:serviceaccount:{namespace}:*"),
        Scope::Cluster | Scope::Account => "system:serviceaccount:*:*".to_owned(),
    };
    let operator = if subject.contains(['*', '?']) {
        "StringLike"
    } else {
        "StringEquals"
    };
    statement(
        facts,
        Mechanism::Irsa,
        key.sid(Mechanism::Irsa),
        Principals::one(PrincipalKind::Federated, provider.to_string()),
        Strings::from("sts:AssumeRoleWithWebIdentity"),
        vec![
            condition("StringEquals", provider.issuer.claim("aud"), IRSA_AUDIENCE.to_owned()),
            condition(operator, provider.issuer.claim("sub"), subject),
        ],
    )
}

/// The request tags say which pod it is: <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html>
fn pod_identity(facts: &TrustFacts) -> Statement {
    let key = &facts.key;
    let cluster = ClusterArn {
        partition: facts.partition.clone(),
        region: key.region.clone(),
        account: key.account.clone(),
        name: key.cluster.clone(),
    };
    let mut conditions = Vec::new();
    if facts.terms.source_account {
        conditions.push(condition(
            "StringEquals",
            "aws:SourceAccount".to_owned(),
            key.account.to_string(),
        ));
    }
    if facts.terms.session_tags {
        let tags = facts
            .terms
            .scope
            .request_tags(&cluster, &key.namespace, &key.service_account);
        conditions.extend(
            tags.into_iter()
                .map(|(tag, value)| condition("StringEquals", format!("aws:RequestTag/{tag}"), value)),
        );
    }
    statement(
        facts,
        Mechanism::PodIdentity,
        if facts.terms.session_tags {
            key.sid(Mechanism::PodIdentity)
        } else {
            key.untagged_sid()
        },
        Principals::one(PrincipalKind::Service, POD_IDENTITY_SERVICE),
        Strings::Many(vec!["sts:AssumeRole".to_owned(), "sts:TagSession".to_owned()]),
        conditions,
    )
}

impl Scope {
    /// The session tags that a trust of this reach asks for, and their values.
    pub(crate) fn request_tags(
        self,
        cluster: &ClusterArn,
        namespace: &Namespace,
        service_account: &ServiceAccount,
    ) -> Vec<(&'static str, String)> {
        let values = [cluster.to_string(), namespace.to_string(), service_account.to_string()];
        self.tags_asked_for().iter().copied().zip(values).collect()
    }

    /// From the widest to the narrowest.
    const fn tags_asked_for(self) -> &'static [&'static str] {
        match self {
            Self::Account => &[],
            Self::Cluster => &["eks-cluster-arn"],
            Self::Namespace => &["eks-cluster-arn", "kubernetes-namespace"],
            Self::ServiceAccount => &["eks-cluster-arn", "kubernetes-namespace", "kubernetes-service-account"],
        }
    }
}

/// Whether a statement to which this condition would be added has one on the same key already; `key` is in lower case. What is not known yet
/// is taken to be fine.
pub(super) fn sets_condition(
    mode: Option<Mode>,
    sends_tags: Option<bool>,
    trust: &Trust,
    condition: &TrustCondition,
    operator: &str,
    key: &str,
) -> bool {
    let (Some(mode), Some(applies_to)) = (mode, or_default(&condition.mechanism, ConditionMechanism::Both)) else {
        return false;
    };
    let by_pod_identity = || match key.strip_prefix("aws:requesttag/") {
        Some(tag) => {
            let asks = |scope: Scope| scope.tags_asked_for().contains(&tag);
            sends_tags == Some(true) && or_default(&trust.scope, Scope::ServiceAccount).is_some_and(asks)
        }
        // Where it is off by default, switching it on there is as good.
        None => key == "aws:sourceaccount" && or_default(&trust.source_account, true) == Some(true),
    };
    let by_irsa = || key.ends_with(":sub") || key.ends_with(":aud");
    mode.uses_pod_identity()
        && applies_to != ConditionMechanism::Irsa
        && operator == "StringEquals"
        && by_pod_identity()
        || mode.uses_irsa()
            && applies_to != ConditionMechanism::PodIdentity
            // A key that stands under both operators admits nobody that one of them does not.
            && matches!(operator, "StringEquals" | "StringLike")
            && by_irsa()
}

fn statement(
    facts: &TrustFacts,
    mechanism: Mechanism,
    sid: String,
    principals: Principals,
    actions: Strings,
    mut conditions: Vec<Condition>,
) -> Statement {
    let applies = |to: ConditionMechanism| match to {
        ConditionMechanism::Both => true,
        ConditionMechanism::Irsa => mechanism == Mechanism::Irsa,
        ConditionMechanism::PodIdentity => mechanism == Mechanism::PodIdentity,
    };
    let more = facts.terms.conditions.iter().filter(|(_, to)| applies(*to));
    conditions.extend(more.map(|(condition, _)| condition.clone()));
    Statement {
        sid: Some(sid),
        effect: Effect::Allow,
        principals: Some(principals),
        actions: Some(Actions {
            except: false,
            names: actions,
        }),
        resources: None,
        conditions,
    }
}

fn condition(operator: &str, key: String, value: String) -> Condition {
    Condition {
        operator: operator.to_owned(),
        key,
        values: Strings::One(value),
    }
}
