use tfmodel::json::{self, Kind, Node, Span};
use tfmodel::path::{Path, Step};

use super::edits::Edits;
use super::finding::Place;
use crate::ids::{AccountId, AssociationArn, ClusterArn, OidcIssuer, OidcProviderArn, Partition, RoleArn};
use crate::mode::Mode;
use crate::policy::{Condition, Document, ParseError, Parsed, Statement, parse, size};

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// A trust policy, if there is one to look at.
    pub trust: Option<&'s TrustPolicy>,
    /// What is around it.
    pub around: &'s Surroundings,
}

/// The text of a trust policy, read once.
#[derive(Clone, Debug)]
pub struct TrustPolicy {
    /// The text.
    pub text: String,
    /// What it says, or why it is no policy document.
    pub parsed: Result<Parsed, ParseError>,
}

/// What is known beside the trust policy. What is empty or `None` is not known, and rules that need it are silent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The role that has the trust policy.
    pub role: Option<RoleArn>,
    /// The account of the role, where its ARN is not known.
    pub account: Option<AccountId>,
    /// The partition, where nothing else tells it.
    pub partition: Option<Partition>,
    /// The clusters whose pods are meant.
    pub clusters: Vec<Cluster>,
    /// All OIDC providers of the role's account.
    pub providers: Option<Vec<OidcProviderArn>>,
    /// The pods that are meant to have the role.
    pub pods: Vec<BoundPod>,
    /// Whether associations with this role send session tags.
    pub session_tags: Option<bool>,
    /// The session policy of the association, as JSON.
    pub session_policy: Option<String>,
    /// The role in another account that is reached through this one.
    pub target_role: Option<RoleArn>,
    /// The trust policy of the target role.
    pub target_trust: Option<Document>,
    /// Associations that hand out this role.
    pub associations: Vec<Association>,
    /// What the role may do, by the name of the policy.
    pub permissions: Vec<(String, Document)>,
    /// Trust policies of other roles that this role, in use by pods, assumes by itself.
    pub chained: Vec<(RoleArn, Document)>,
    /// Who else writes the trust policy.
    pub writers: Vec<Writer>,
    /// How large a trust policy may be, in characters without white space, where it is not the default.
    pub quota: Option<usize>,
}

/// A cluster whose pods are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its ARN.
    pub arn: ClusterArn,
    /// Its OIDC issuer.
    pub issuer: Option<OidcIssuer>,
    /// Its Fargate profiles, if they are known.
    pub fargate: Option<Vec<FargateProfile>>,
    /// How many Pod Identity associations it has.
    pub association_count: Option<usize>,
    /// Whether its nodes have the Pod Identity agent, as an add-on or built in.
    pub agent: Option<bool>,
    /// Roles of its nodes that certainly may not ask for credentials of pods.
    pub refused_node_roles: Vec<String>,
    /// Its Kubernetes version, such as `1.28`.
    pub version: Option<String>,
    /// Its platform version, such as `eks.4`.
    pub platform_version: Option<String>,
}

impl Cluster {
    /// A cluster of which nothing else is known.
    pub fn new(arn: ClusterArn) -> Self {
        Self {
            arn,
            issuer: None,
            fargate: None,
            association_count: None,
            agent: None,
            refused_node_roles: Vec::new(),
            version: None,
            platform_version: None,
        }
    }
}

/// Which pods a Fargate profile takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FargateProfile {
    /// Its name.
    pub name: String,
    /// The namespaces of its selectors, with `*` and `?`, and whether the selector also asks for labels.
    pub selectors: Vec<(String, bool)>,
}

/// Pods that are meant to have the role. The names are as written: whether Kubernetes takes them is for the rules to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundPod {
    /// Their namespace.
    pub namespace: String,
    /// Their service account.
    pub service_account: String,
    /// How they get credentials, or are meant to.
    pub mode: Option<Mode>,
    /// The role that an annotation of the service account names for IRSA.
    pub annotation: Option<RoleArn>,
}

/// An association that hands out the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// Its ARN.
    pub arn: AssociationArn,
    /// The add-on that owns it.
    pub owner: Option<String>,
    /// The role in another account that it leads to.
    pub target_role: Option<RoleArn>,
    /// Whether it sends session tags.
    pub session_tags: bool,
}

/// Somebody else who writes the trust policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// `aws_iam_role` in Terraform, by its address, without `ignore_changes` for the trust policy.
    Terraform(String),
    /// A CloudFormation stack, by its name.
    CloudFormation(String),
}

/// The path of a statement, counted from 0.
pub(super) fn statement_path(index: usize) -> Path {
    Path::attribute("Statement").with_index(index)
}

/// The path of a condition of a statement.
pub(super) fn condition_path(statement: usize, condition: &Condition) -> Path {
    condition_key_path(statement, &condition.operator, &condition.key)
}

/// The path that a condition has or would have.
pub(super) fn condition_key_path(statement: usize, operator: &str, key: &str) -> Path {
    statement_path(statement)
        .with_attribute("Condition")
        .with_key(operator)
        .with_key(key)
}

impl<'s> Subject<'s> {
    /// The statements of the trust policy and their positions; none where there is none, or where it is no policy document.
    pub(super) fn statements(&self) -> impl Iterator<Item = (usize, &'s Statement)> + Clone + use<'s> {
        let document = self.trust.and_then(TrustPolicy::document);
        let statements = document.map_or(&[][..], |document| document.statements.as_slice());
        statements.iter().enumerate()
    }

    /// Changes to the text of the trust policy, for fixes.
    pub(super) fn edits(&self) -> Edits {
        Edits::of(self.trust.map_or("", |trust| &trust.text))
    }
}

impl TrustPolicy {
    /// Reads a trust policy, as written or URL-encoded as IAM returns it.
    pub fn new(text: &str) -> Self {
        let text = crate::policy::decode(text).into_owned();
        Self {
            parsed: parse(&text),
            text,
        }
    }

    /// What it says, if it is a policy document.
    pub fn document(&self) -> Option<&Document> {
        self.parsed.as_ref().ok().map(|parsed| &parsed.document)
    }

    /// Whether it has more characters than AWS lets anybody have in a trust policy, by far: it is a mistake or an attack, and looking at each of
    /// its statements would take long.
    pub(super) fn is_beyond_any_quota(&self) -> bool {
        // The quota can be raised to 8,192 characters at most.
        const MOST: usize = 16 * 1024;
        self.text.len() > MOST && self.document().is_some() && size(&self.text) > MOST
    }

    /// Where an element stands.
    pub fn place(&self, path: &Path) -> Place {
        Place {
            path: path.clone(),
            span: self.parsed.as_ref().ok().and_then(|parsed| parsed.span(path)),
            statement: statement_of(path),
        }
    }

    /// The innermost element around these bytes, and they themselves: a fault of the text need not be an element.
    pub(super) fn place_of(&self, span: Span) -> Place {
        let root = json::parse(&self.text).ok();
        let path = root.map_or_else(Path::root, |root| path_to(&root, span));
        Place {
            span: Some(span),
            statement: statement_of(&path),
            path,
        }
    }
}

fn statement_of(path: &Path) -> Option<usize> {
    match path.steps() {
        [Step::Attribute(name), Step::Index(index), ..] if name == "Statement" => Some(*index),
        _ => None,
    }
}

/// The path to the innermost member or element around these bytes.
fn path_to(root: &Node, span: Span) -> Path {
    let holds = |start: u32, end: u32| start <= span.start && span.end <= end;
    let mut path = Path::root();
    let mut node = root;
    loop {
        let is_statement = path == Path::attribute("Statement");
        let inner = match &node.kind {
            Kind::Object(_) if is_statement => {
                // The only statement is element 0 of itself.
                path = path.with_index(0);
                continue;
            }
            Kind::Object(members) => members
                .iter()
                .find(|member| holds(member.key_span.start, member.value.span.end))
                .map(|member| (step(&path, &member.key), &member.value)),
            Kind::Array(elements) => elements
                .iter()
                .enumerate()
                .find(|(_, element)| holds(element.span.start, element.span.end))
                .map(|(index, element)| (Step::Index(index), element)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        };
        let Some((step, next)) = inner else {
            return path;
        };
        path = path.with(step);
        node = next;
    }
}

/// Operators and condition keys are keys; the rest is fixed by the language of policies.
fn step(parent: &Path, key: &str) -> Step {
    let in_condition = matches!(parent.steps().get(2), Some(Step::Attribute(name)) if name == "Condition");
    if in_condition {
        Step::Key(key.to_owned())
    } else {
        Step::Attribute(key.to_owned())
    }
}

impl Surroundings {
    /// The account of the role.
    pub fn role_account(&self) -> Option<&AccountId> {
        self.role.as_ref().map(|role| &role.account).or(self.account.as_ref())
    }

    /// Whether session tags are sent, as far as anything tells it.
    pub fn sends_tags(&self) -> Option<bool> {
        let sends = |sends: bool| {
            !self.associations.is_empty() && self.associations.iter().all(|one| one.session_tags == sends)
        };
        self.session_tags.or_else(|| match (sends(true), sends(false)) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            (false, false) => None,
        })
    }

    /// The partition, as far as anything tells it.
    pub fn role_partition(&self) -> Option<&Partition> {
        self.role
            .as_ref()
            .map(|role| &role.partition)
            .or(self.partition.as_ref())
            .or_else(|| self.clusters.first().map(|cluster| &cluster.arn.partition))
    }
}
