use std::collections::BTreeMap;

use tfmodel::Value;
use tfmodel::equality::Meaning;
use tfmodel::model::{Model, Set};
use tfmodel::timeouts::Timeout;
use tfmodel::validators::{between, custom, each, keys, length, matches, no_nulls, non_empty, parses};

use crate::ids::{
    ClusterName, IdError, Namespace, OidcIssuer, OidcProviderArn, PolicyArn, PolicyName, Region, RoleArn, RoleName,
    RolePath, ServiceAccount,
};
use crate::mode::Mode;
use crate::{findings, policy};

/// Lets the pods of one Kubernetes service account use one IAM role, through IRSA, EKS Pod Identity or both.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(version = 0)]
pub struct Binding {
    /// Name of the EKS cluster. It need not exist yet when planning.
    #[tf(required, replace, validate(parses::<ClusterName>()))]
    pub cluster_name: Value<String>,
    /// Kubernetes namespace of the service account. It need not exist.
    #[tf(required, replace, validate(parses::<Namespace>()))]
    pub namespace: Value<String>,
    /// Name of the Kubernetes service account. It need not exist. In mode `irsa` it may be a pattern with `*` and `?`.
    #[tf(required, replace, validate(parses::<ServiceAccount>()))]
    pub service_account: Value<String>,
    /// Region of the cluster, if it is not the provider's.
    #[tf(optional, computed, replace, validate(parses::<Region>()))]
    pub region: Value<String>,
    /// How pods get credentials: `pod_identity`, `irsa`, or `dual` for both while pods move from one to the other.
    #[tf(default = Mode::PodIdentity)]
    pub mode: Value<Mode>,
    /// Whether `mode` may go from `irsa` to `pod_identity` or back without `dual` in between, which interrupts pods.
    #[tf(default = false)]
    pub allow_disruptive_switch: Value<bool>,
    /// A role that this binding makes and owns.
    #[tf(optional, at_least_one_of(role, role_arn))]
    pub role: Value<Role>,
    /// ARN of the role. Set it for a role that exists, and leave it out beside `role`.
    #[tf(optional, computed, validate(parses::<RoleArn>()))]
    pub role_arn: Value<String>,
    /// Whether to keep this binding's statements in the trust policy of the role that `role_arn` names.
    #[tf(default = false)]
    pub manage_trust_policy: Value<bool>,
    /// Which pods the role trusts, beyond the defaults.
    #[tf(optional)]
    pub trust: Value<Trust>,
    /// ARN of a role, usually in another account, that EKS assumes through the binding's own role; pods get its credentials. Only in mode
    /// `pod_identity`. That role has to trust what function `target_trust_policy` returns. Without it again, pods get the binding's own role.
    #[tf(optional, validate(parses::<RoleArn>()))]
    pub target_role_arn: Value<String>,
    /// Policy as JSON that narrows what pods may do: they may do what it and their role both allow. With `target_role_arn` it narrows the target role
    /// alone. At most 2,048 characters as written; it needs session tags off, and does not narrow IRSA. Another spelling of the same is no change.
    #[tf(optional)]
    pub session_policy: Value<PolicyJson>,
    /// Whether EKS leaves out the session tags that say which pod it is. By default it does where there is a `session_policy`, because EKS takes only
    /// one of both. The role's trust policy cannot tell the service accounts of an account apart without them.
    #[tf(optional, computed)]
    pub disable_session_tags: Value<bool>,
    /// Issuer of the cluster's OIDC tokens, for IRSA. Taken from the cluster if it is not set; with it, clusters outside EKS work.
    #[tf(optional, computed, meaning = OidcIssuer)]
    pub oidc_issuer: Value<String>,
    /// ARN of the IAM OIDC provider, for IRSA. It is in the account of the role.
    #[tf(optional, computed, validate(parses::<OidcProviderArn>()))]
    pub oidc_provider_arn: Value<String>,
    /// Whether an apply ends only when AWS has had time to make it known everywhere, `propagation_wait` in the provider, if what pods see has
    /// changed. Until then the host has one operation less to run at the same time. `false` ends it at once, and pods that start within the next
    /// seconds may be refused. It does not shorten the waits between adding and removing access: they keep running pods from being refused.
    #[tf(default = true)]
    pub wait_for_effect: Value<bool>,
    /// What to do where the role or the association is there already, made by somebody else: `fail`, or `adopt` it. What is adopted becomes the
    /// binding's own: it is made to be as configured, and deleted with the binding. The plan says what it loses.
    #[tf(default = OnExisting::Fail)]
    pub on_existing: Value<OnExisting>,
    /// Codes of [findings](https://github.com/pod-identity/terraform-provider-pod/tree/main/docs/findings) that do not stop the plan.
    ///
    /// Before a service account gets an association, its cluster is looked at: whether nodes have the agent and may use it, whether pods run on
    /// Fargate, whether the cluster is too old. If pods use IRSA until then, what is found stops the plan, because they would lose what works;
    /// otherwise it is a warning. What is named here is only ever a warning: an agent that is installed without EKS, for instance, does not show.
    #[tf(optional, validate(no_nulls(), each(custom(is_preflight_code))))]
    pub skip_preflight: Value<Set<Value<String>>>,
    /// Tags of the role and the association.
    #[tf(optional, validate(no_nulls()))]
    pub tags: Value<BTreeMap<String, Value<String>>>,
    /// Tags of the role and the association, with the provider's `default_tags`.
    #[tf(computed)]
    pub tags_all: Value<BTreeMap<String, Value<String>>>,
    /// How long operations may take.
    #[tf(block)]
    pub timeouts: Value<BindingTimeouts>,

    /// The key: `account/region/cluster/namespace/service_account`.
    #[tf(computed)]
    pub id: Value<String>,
    /// Name of the role.
    #[tf(computed)]
    pub role_name: Value<String>,
    /// Account of the cluster.
    #[tf(computed)]
    pub account_id: Value<String>,
    /// ARN of the cluster.
    #[tf(computed)]
    pub cluster_arn: Value<String>,
    /// Id of the Pod Identity association; null in mode `irsa`.
    #[tf(computed)]
    pub association_id: Value<String>,
    /// ARN of the Pod Identity association; null in mode `irsa`.
    #[tf(computed)]
    pub association_arn: Value<String>,
    /// ARN of the add-on that owns the association; null where none does.
    #[tf(computed)]
    pub owner_arn: Value<String>,
    /// What EKS sends to the target role as `sts:ExternalId`: `region/account/cluster/namespace/service_account`. Null without a target role, and
    /// while session tags are on.
    #[tf(computed)]
    pub external_id: Value<String>,
    /// What the target role must trust, as JSON; null without a target role. Where that role is made in the same configuration, use function
    /// `target_trust_policy` instead: the role and the binding cannot both wait for each other.
    #[tf(computed)]
    pub target_trust_policy: Value<PolicyJson>,
    /// What the binding's own role must be allowed to reach the target role, as JSON; null without a target role. A role that the binding owns has it
    /// as an inline policy whose name begins with `pod-identity-target-`; give it to any other role yourself.
    #[tf(computed)]
    pub target_permissions_policy: Value<PolicyJson>,
    /// What the role's trust policy says for this binding, as JSON, without the statements of others.
    #[tf(computed)]
    pub trust_policy: Value<PolicyJson>,
    /// Annotations that the Kubernetes service account needs; none in mode `pod_identity`.
    #[tf(computed)]
    pub service_account_annotations: Value<BTreeMap<String, Value<String>>>,
    /// Changes exactly when running pods have to be replaced to get what new pods get. Put it into an annotation of the pod template.
    #[tf(computed)]
    pub ready_token: Value<String>,
    /// What the last change does, in order, and what to restart.
    #[tf(computed)]
    pub steps: Value<Vec<Value<String>>>,
}

/// What to do about a role or an association that somebody else made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Model)]
pub enum OnExisting {
    /// Stop before anything is changed.
    Fail,
    /// Take it over.
    Adopt,
}

/// A role that a binding owns.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Role {
    /// Name of the role. By default it starts with the `name_prefix` of the provider's `role_defaults`, the cluster, the namespace and the service
    /// account; a role that got such a name keeps it when the prefix changes.
    #[tf(optional, computed, validate(parses::<RoleName>()))]
    pub name: Value<String>,
    /// Path of the role. By default that of the provider's `role_defaults`, or `/`; left out, a role that exists stays where it is.
    #[tf(optional, computed, validate(parses::<RolePath>()))]
    pub path: Value<String>,
    /// What the role is for.
    #[tf(optional, validate(length(1..=1000)))]
    pub description: Value<String>,
    /// ARN of the policy that bounds the permissions of the role; by default that of the provider's `role_defaults`.
    #[tf(optional, computed, validate(parses::<PolicyArn>()))]
    pub permissions_boundary: Value<String>,
    /// Longest session in seconds. In effect it limits IRSA only.
    #[tf(default = 3600, validate(between(3600..=43200)))]
    pub max_session_duration: Value<i64>,
    /// ARNs of managed policies. If set, even to none, all others are detached; if not, they are left alone.
    #[tf(optional, validate(no_nulls(), each(parses::<PolicyArn>())))]
    pub managed_policy_arns: Value<Set<Value<String>>>,
    /// Inline policies as JSON, by name. If set, even to none, all others are removed; if not, they are left alone.
    #[tf(optional, validate(no_nulls(), keys(parses::<PolicyName>())))]
    pub inline_policies: Value<BTreeMap<String, Value<PolicyJson>>>,
    /// Tags of the role alone.
    #[tf(optional, validate(no_nulls()))]
    pub tags: Value<BTreeMap<String, Value<String>>>,
    /// All tags of the role: those of the binding, of the provider's `default_tags` and `role_defaults`, and its own.
    #[tf(computed)]
    pub tags_all: Value<BTreeMap<String, Value<String>>>,
    /// Whether a role that goes out of use, because `name` changes, stays until the binding is deleted. Deleting a role ends the sessions of pods
    /// that still run with it, so restart them before this is set to false, which deletes earlier roles too.
    #[tf(default = true)]
    pub keep_previous: Value<bool>,
    /// Whether deletion also detaches and removes policies that others gave to the role.
    #[tf(default = false)]
    pub force_delete: Value<bool>,
}

/// Which pods a role trusts.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Trust {
    /// How far the role's trust reaches: `service_account`, all of its `namespace`, all of the `cluster`, or with EKS Pod Identity the `account`.
    #[tf(default = Scope::ServiceAccount)]
    pub scope: Value<Scope>,
    /// Whether EKS Pod Identity must act for the cluster's account. By default it must in partition `aws`.
    #[tf(optional)]
    pub source_account: Value<bool>,
    /// Conditions that have to hold as well.
    #[tf(optional, validate(no_nulls()))]
    pub conditions: Value<Vec<Value<TrustCondition>>>,
    /// Statements that an owned role's trust policy has as well, each as JSON.
    #[tf(optional, validate(no_nulls(), each(parses::<policy::Statement>())))]
    pub statements: Value<Vec<Value<String>>>,
}

/// How far the trust of a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Model)]
pub enum Scope {
    /// The service account.
    ServiceAccount,
    /// All service accounts of its namespace.
    Namespace,
    /// All service accounts of its cluster.
    Cluster,
    /// Every association of the account.
    Account,
}

/// A condition of the trust policy.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct TrustCondition {
    /// The operator, such as `StringEquals`.
    #[tf(required, validate(custom(is_operator)))]
    pub test: Value<String>,
    /// The condition key.
    #[tf(
        required,
        validate(matches("It has to have its prefix, such as `aws:SourceOrgID`.", is_condition_key))
    )]
    pub variable: Value<String>,
    /// Values, one of which has to match.
    #[tf(required, validate(non_empty(), no_nulls()))]
    pub values: Value<Vec<Value<String>>>,
    /// Which statements it applies to.
    #[tf(default = ConditionMechanism::Both)]
    pub mechanism: Value<ConditionMechanism>,
}

/// Which statements a condition applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Model)]
pub enum ConditionMechanism {
    /// The one for IRSA.
    Irsa,
    /// The one for EKS Pod Identity.
    PodIdentity,
    /// Both.
    Both,
}

/// How long operations on a binding may take.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BindingTimeouts {
    /// How long creation may take, such as `10m`.
    #[tf(optional)]
    pub create: Value<Timeout>,
    /// How long a change may take, such as `10m`.
    #[tf(optional)]
    pub update: Value<Timeout>,
    /// How long deletion may take, such as `10m`.
    #[tf(optional)]
    pub delete: Value<Timeout>,
}

/// An IAM policy as JSON, compared by meaning.
#[derive(Clone, Debug, PartialEq, Eq, Model)]
#[tf(meaning = policy::Document)]
pub struct PolicyJson(pub String);

impl Meaning for policy::Document {
    fn same(&self, other: &Self) -> bool {
        self.same_meaning(other)
    }
}

impl Meaning for OidcIssuer {
    /// IAM names an issuer without its scheme.
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// Whether two texts are policies that mean the same.
pub(crate) fn same_policy(a: &str, b: &str) -> bool {
    match (policy::Document::parse(a), policy::Document::parse(b)) {
        (Ok(a), Ok(b)) => a.same_meaning(&b),
        (Ok(_) | Err(_), _) => a == b,
    }
}

impl Binding {
    /// How pods get credentials now: where the association of mode `dual` is gone, those that started since use IRSA.
    pub fn mode_in_effect(&self) -> Option<Mode> {
        match self.mode.known()? {
            Mode::Dual if self.association_id.is_null() => Some(Mode::Irsa),
            mode => Some(*mode),
        }
    }
}

fn is_condition_key(text: &str) -> bool {
    text.len() <= 512
        && text
            .split_once(':')
            .is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty())
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_operator(text: String) -> Result<(), String> {
    if text.parse::<policy::Operator>().is_ok() {
        return Ok(());
    }
    let meant = policy::Operator::meant_by(&text);
    let hint = meant.map_or_else(
        || "Write one that IAM has, such as `StringEquals`.".to_owned(),
        |meant| format!("Did you mean `{meant}`?"),
    );
    Err(format!("IAM has no such condition operator. {hint}"))
}

#[expect(clippy::needless_pass_by_value, reason = "a validator is given the value")]
fn is_preflight_code(code: String) -> Result<(), String> {
    if findings::PREFLIGHT
        .iter()
        .any(|rule| rule.code == code || rule.slug == code)
    {
        return Ok(());
    }
    let known: Vec<String> = findings::PREFLIGHT
        .iter()
        .map(|rule| format!("`{}` ({})", rule.code, rule.slug))
        .collect();
    Err(format!(
        "There is no such finding before an association is made. They are {}.",
        known.join(", ")
    ))
}

/// A name that the schema has checked, or `None` if it is not known yet.
pub(crate) fn parsed<T>(value: &Value<String>) -> Result<Option<T>, IdError>
where
    T: std::str::FromStr<Err = IdError>,
{
    value.known().map(|text| text.parse()).transpose()
}
