//! What surrounds a trust policy, as its author writes it: the argument `context` of function `trust_policy_findings`.

use std::collections::BTreeMap;
use std::str::FromStr;

use tfmodel::json;
use tfmodel::{Model, Path, Value};

use super::subject::{Association, BoundPod, Cluster, FargateProfile, Surroundings, Writer};
use crate::argument::{Problem, conform, from_json};
use crate::ids::{IdError, RoleArn};
use crate::mode::Mode;
use crate::policy::Document;

type List<T> = Value<Vec<Value<T>>>;
type Texts = Value<BTreeMap<String, Value<String>>>;

/// What is known beside a trust policy.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Context {
    /// The role that has the trust policy.
    #[tf(optional)]
    role_arn: Value<String>,
    /// The account of the role, where its ARN is not known.
    #[tf(optional)]
    account_id: Value<String>,
    /// The partition, where nothing else tells it.
    #[tf(optional)]
    partition: Value<String>,
    /// The clusters whose pods are meant.
    #[tf(optional)]
    clusters: List<ClusterContext>,
    /// All OIDC providers of the role's account.
    #[tf(optional)]
    oidc_provider_arns: List<String>,
    /// The pods that are meant to have the role.
    #[tf(optional)]
    pods: List<PodContext>,
    /// Whether associations with this role send session tags.
    #[tf(optional)]
    session_tags: Value<bool>,
    /// The session policy of the association, as JSON.
    #[tf(optional)]
    session_policy: Value<String>,
    /// The role in another account that is reached through this one.
    #[tf(optional)]
    target_role_arn: Value<String>,
    /// The trust policy of the target role, as JSON.
    #[tf(optional)]
    target_trust_policy: Value<String>,
    /// Associations that hand out this role.
    #[tf(optional)]
    associations: List<AssociationContext>,
    /// What the role may do: policies as JSON, by name.
    #[tf(optional)]
    permissions: Texts,
    /// Trust policies of other roles that pods with this role assume by themselves, as JSON, by the ARN of the role.
    #[tf(optional)]
    chained_roles: Texts,
    /// Addresses of `aws_iam_role` in Terraform that write the trust policy as well, without `ignore_changes`.
    #[tf(optional)]
    terraform_roles: List<String>,
    /// CloudFormation stacks that write the trust policy as well.
    #[tf(optional)]
    cloudformation_stacks: List<String>,
    /// How large a trust policy may be, in characters without white space.
    #[tf(optional)]
    trust_policy_quota: Value<i64>,
}

/// A cluster.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct ClusterContext {
    /// Its ARN.
    #[tf(required)]
    arn: Value<String>,
    /// Its OIDC issuer.
    #[tf(optional)]
    oidc_issuer: Value<String>,
    /// Its Fargate profiles.
    #[tf(optional)]
    fargate_profiles: List<FargateContext>,
    /// How many Pod Identity associations it has.
    #[tf(optional)]
    association_count: Value<i64>,
    /// Whether its nodes have the EKS Pod Identity agent, as an add-on or built in.
    #[tf(optional)]
    pod_identity_agent: Value<bool>,
    /// Roles of its nodes that may not call `eks-auth:AssumeRoleForPodIdentity`.
    #[tf(optional)]
    refused_node_role_arns: List<String>,
    /// Its Kubernetes version, such as `1.34`.
    #[tf(optional)]
    version: Value<String>,
    /// Its platform version, such as `eks.9`.
    #[tf(optional)]
    platform_version: Value<String>,
}

/// A Fargate profile.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct FargateContext {
    /// Its name.
    #[tf(required)]
    name: Value<String>,
    /// Which pods it takes.
    #[tf(optional)]
    selectors: List<SelectorContext>,
}

/// A selector of a Fargate profile.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct SelectorContext {
    /// The namespace, with `*` and `?`.
    #[tf(required)]
    namespace: Value<String>,
    /// Labels that pods must have as well.
    #[tf(optional)]
    labels: Texts,
}

/// Pods of one service account.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct PodContext {
    /// Their namespace.
    #[tf(required)]
    namespace: Value<String>,
    /// Their service account.
    #[tf(required)]
    service_account: Value<String>,
    /// How they get credentials.
    #[tf(optional)]
    mode: Value<Mode>,
    /// The role that the annotation `eks.amazonaws.com/role-arn` of the service account names.
    #[tf(optional)]
    annotated_role_arn: Value<String>,
}

/// An association.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct AssociationContext {
    /// Its ARN.
    #[tf(required)]
    arn: Value<String>,
    /// The add-on that owns it.
    #[tf(optional)]
    owner: Value<String>,
    /// The role in another account that it leads to.
    #[tf(optional)]
    target_role_arn: Value<String>,
    /// Whether it sends session tags; it does by default.
    #[tf(optional)]
    session_tags: Value<bool>,
}

impl Surroundings {
    /// Reads what the argument `context` of function `trust_policy_findings` says. What is null or unknown in it is not known; a list or map
    /// of which a part is unknown is unknown as a whole.
    ///
    /// # Errors
    /// It has an attribute that there is not, or one that is not what it has to be.
    pub fn from_value(context: &Value) -> Result<Self, Problem> {
        let root = Path::root();
        let known = conform(context, &Context::ty(), &root)?;
        if !known.is_known() {
            return Ok(Self::default());
        }
        Context::from_value(&known, &root)?.surroundings()
    }

    /// Reads the same from JSON, in which `{"$unknown": true}` stands for what is not known yet; from an empty text, nothing.
    ///
    /// # Errors
    /// It is not JSON, or see [`Surroundings::from_value`].
    pub fn from_json(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let node = json::parse(text).map_err(|error| Problem {
            path: Path::root(),
            message: format!("It has to be JSON: {error}."),
        })?;
        Self::from_value(&from_json(&node))
    }
}

impl Context {
    fn surroundings(&self) -> Result<Surroundings, Problem> {
        let root = Path::root();
        let at = |name: &str| root.with_attribute(name);
        let policies = |name: &str, policies: &Texts| -> Result<Vec<(String, Document)>, Problem> {
            let Some(policies) = policies.known() else {
                return Ok(Vec::new());
            };
            let read = policies
                .iter()
                .map(|(key, text)| Ok(policy(text, &at(name).with_key(key))?.map(|policy| (key.clone(), policy))));
            Ok(read.collect::<Result<Option<_>, Problem>>()?.unwrap_or_default())
        };
        let names = |list: &List<String>, writer: fn(String) -> Writer| {
            let known = list.known().into_iter().flatten().filter_map(Value::known);
            known.cloned().map(writer).collect::<Vec<_>>()
        };
        let mut writers = names(&self.terraform_roles, Writer::Terraform);
        writers.extend(names(&self.cloudformation_stacks, Writer::CloudFormation));
        Ok(Surroundings {
            role: id(&self.role_arn, &at("role_arn"))?,
            account: id(&self.account_id, &at("account_id"))?,
            partition: id(&self.partition, &at("partition"))?,
            clusters: list(&self.clusters, &at("clusters"), ClusterContext::cluster)?.unwrap_or_default(),
            providers: list(&self.oidc_provider_arns, &at("oidc_provider_arns"), |arn, at| {
                parse(arn, at).map(Some)
            })?,
            pods: list(&self.pods, &at("pods"), PodContext::pod)?.unwrap_or_default(),
            session_tags: self.session_tags.known().copied(),
            session_policy: self.session_policy.known().cloned(),
            target_role: id(&self.target_role_arn, &at("target_role_arn"))?,
            target_trust: policy(&self.target_trust_policy, &at("target_trust_policy"))?,
            associations: list(&self.associations, &at("associations"), AssociationContext::association)?
                .unwrap_or_default(),
            permissions: policies("permissions", &self.permissions)?,
            chained: policies("chained_roles", &self.chained_roles)?
                .into_iter()
                .map(|(role, trust)| {
                    let place = at("chained_roles").with_key(&role);
                    Ok((parse::<RoleArn>(&role, &place)?, trust))
                })
                .collect::<Result<_, Problem>>()?,
            writers,
            quota: count(&self.trust_policy_quota, &at("trust_policy_quota"))?,
        })
    }
}

impl ClusterContext {
    fn cluster(&self, at: &Path) -> Result<Option<Cluster>, Problem> {
        let Some(arn) = required(&self.arn, "arn", at)? else {
            return Ok(None);
        };
        Ok(Some(Cluster {
            arn: parse(arn, &at.with_attribute("arn"))?,
            issuer: id(&self.oidc_issuer, &at.with_attribute("oidc_issuer"))?,
            fargate: list(
                &self.fargate_profiles,
                &at.with_attribute("fargate_profiles"),
                FargateContext::profile,
            )?,
            association_count: count(&self.association_count, &at.with_attribute("association_count"))?,
            agent: self.pod_identity_agent.known().copied(),
            refused_node_roles: list(
                &self.refused_node_role_arns,
                &at.with_attribute("refused_node_role_arns"),
                |arn, _| Ok(Some(arn.clone())),
            )?
            .unwrap_or_default(),
            version: self.version.known().cloned(),
            platform_version: self.platform_version.known().cloned(),
        }))
    }
}

impl FargateContext {
    fn profile(&self, at: &Path) -> Result<Option<FargateProfile>, Problem> {
        let selectors = list(
            &self.selectors,
            &at.with_attribute("selectors"),
            SelectorContext::selector,
        )?;
        let name = required(&self.name, "name", at)?;
        Ok(name.zip(selectors).map(|(name, selectors)| FargateProfile {
            name: name.to_owned(),
            selectors,
        }))
    }
}

impl SelectorContext {
    fn selector(&self, at: &Path) -> Result<Option<(String, bool)>, Problem> {
        let has_labels = !self.labels.is_null() && self.labels.known().is_none_or(|labels| !labels.is_empty());
        let namespace = required(&self.namespace, "namespace", at)?;
        Ok(namespace.map(|namespace| (namespace.to_owned(), has_labels)))
    }
}

impl PodContext {
    fn pod(&self, at: &Path) -> Result<Option<BoundPod>, Problem> {
        let namespace = required(&self.namespace, "namespace", at)?;
        let account = required(&self.service_account, "service_account", at)?;
        let annotation = id(&self.annotated_role_arn, &at.with_attribute("annotated_role_arn"))?;
        Ok(namespace.zip(account).map(|(namespace, account)| BoundPod {
            namespace: namespace.to_owned(),
            service_account: account.to_owned(),
            mode: self.mode.known().copied(),
            annotation,
        }))
    }
}

impl AssociationContext {
    fn association(&self, at: &Path) -> Result<Option<Association>, Problem> {
        let target_role = id(&self.target_role_arn, &at.with_attribute("target_role_arn"))?;
        let is_unknown = self.owner.is_unknown() || self.target_role_arn.is_unknown() || self.session_tags.is_unknown();
        let Some(arn) = required(&self.arn, "arn", at)?.filter(|_| !is_unknown) else {
            return Ok(None);
        };
        Ok(Some(Association {
            arn: parse(arn, &at.with_attribute("arn"))?,
            owner: self.owner.known().cloned(),
            target_role,
            session_tags: self.session_tags.known().copied().unwrap_or(true),
        }))
    }
}

/// The elements of a list; `None` if it is not given, or a part of it is unknown.
fn list<T, U>(
    list: &List<T>,
    at: &Path,
    read: impl Fn(&T, &Path) -> Result<Option<U>, Problem>,
) -> Result<Option<Vec<U>>, Problem> {
    let Some(elements) = list.known() else {
        return Ok(None);
    };
    let mut all = Some(Vec::with_capacity(elements.len()));
    // Each is read, for what is wrong with it.
    for (index, element) in elements.iter().enumerate() {
        let one = match element {
            Value::Null | Value::Unknown(_) => None,
            Value::Known(element) => read(element, &at.with_index(index))?,
        };
        all = all.zip(one).map(|(mut all, one)| {
            all.push(one);
            all
        });
    }
    Ok(all)
}

fn required<'v>(value: &'v Value<String>, name: &str, at: &Path) -> Result<Option<&'v str>, Problem> {
    if value.is_null() {
        return Err(problem(&at.with_attribute(name), "It is missing."));
    }
    Ok(value.known().map(String::as_str))
}

fn id<T: FromStr<Err = IdError>>(value: &Value<String>, at: &Path) -> Result<Option<T>, Problem> {
    value.known().map(|text| parse(text, at)).transpose()
}

fn parse<T: FromStr<Err = IdError>>(text: &str, at: &Path) -> Result<T, Problem> {
    text.parse()
        .map_err(|error| problem(at, format!("Found `{text}`: {error}.")))
}

fn count(number: &Value<i64>, at: &Path) -> Result<Option<usize>, Problem> {
    let read = number.known().map(|number| usize::try_from(*number));
    read.transpose().map_err(|_| problem(at, "It cannot be negative."))
}

fn policy(text: &Value<String>, at: &Path) -> Result<Option<Document>, Problem> {
    let read = text.known().map(|text| Document::parse(text));
    read.transpose()
        .map_err(|error| problem(at, format!("It has to be a policy document: {error}.")))
}

fn problem(at: &Path, message: impl Into<String>) -> Problem {
    Problem {
        path: at.clone(),
        message: message.into(),
    }
}
