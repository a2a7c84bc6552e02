use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::ids::{Namespace, ServiceAccount};

/// What a text of kubectl holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Objects {
    /// Pods and what makes pods, in order of the text.
    pub workloads: Vec<Workload>,
    /// Service accounts, in order of the text.
    pub service_accounts: Vec<ServiceAccountObject>,
    /// Nodes, in order of the text.
    pub nodes: Vec<Node>,
    /// Kinds of objects that say nothing about credentials and were passed over.
    pub passed_over: BTreeSet<String>,
}

/// A pod, or what makes pods: a Deployment, a Job and the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Its kind as Kubernetes writes it: `Deployment`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace; a manifest may name none.
    pub namespace: Option<Namespace>,
    /// Whether this is a pod that the cluster has admitted, rather than what pods will be made from: its containers then show what was
    /// injected.
    pub admitted: bool,
    /// The pod.
    pub pod: PodSpec,
}

/// What a pod says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PodSpec {
    /// The service account that it uses; Kubernetes takes `default` where none is named.
    pub service_account: ServiceAccount,
    /// Its annotations that bear on credentials of AWS.
    pub annotations: BTreeMap<String, String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Which nodes it asks for, by label.
    pub node_selector: BTreeMap<String, String>,
    /// The node that it runs on.
    pub node_name: Option<String>,
    /// Who places it on a node.
    pub scheduler_name: Option<String>,
    /// The operating system that it asks for.
    pub os: Option<String>,
    /// Whether it uses the network of its node.
    pub host_network: bool,
    /// Whether it wants the token of the Kubernetes API, if it says so. The tokens for AWS do not depend on it.
    pub automount_service_account_token: Option<bool>,
    /// Its containers: those that start it, its own, and those added later.
    pub containers: Vec<Container>,
    /// Its volumes.
    pub volumes: Vec<Volume>,
}

/// A container of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub kind: ContainerKind,
    /// Its image.
    pub image: Option<String>,
    /// Its variables, in order; of a name given twice, the last one counts.
    pub env: Vec<EnvVar>,
    /// Where more variables come from, in order.
    pub env_from: Vec<EnvFrom>,
    /// Where its volumes stand.
    pub mounts: Vec<Mount>,
}

/// When a container runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerKind {
    /// As long as the pod.
    Main,
    /// Before the others, to its end.
    Init,
    /// From before the others until after them.
    Sidecar,
    /// Since somebody added it to a running pod, as `kubectl debug` does.
    Ephemeral,
}

/// A variable of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: EnvValue,
}

/// The value of a variable, as far as the pod shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EnvValue {
    /// A text. Kept only of the variables that say where credentials are.
    Text(String),
    /// A text that is not kept, because it may be secret and nothing depends on it.
    Withheld,
    /// An empty text.
    Empty,
    /// A text that refers to other variables.
    Computed,
    /// A key of a Secret or ConfigMap.
    Key {
        /// The Secret or ConfigMap.
        #[serde(flatten)]
        of: Reference,
        /// The key.
        key: String,
    },
    /// A field of the pod, such as `metadata.name`.
    Field(String),
    /// Something else.
    Other,
}

/// All variables of a Secret or ConfigMap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EnvFrom {
    /// Put before each name.
    pub prefix: String,
    /// The Secret or ConfigMap.
    #[serde(flatten)]
    pub of: Reference,
}

/// A Secret or ConfigMap that a pod refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reference {
    /// Which of the two.
    pub source: SourceKind,
    /// Its name.
    pub name: String,
    /// Whether the pod starts without it.
    pub optional: bool,
}

/// What a variable or file can come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A Secret.
    Secret,
    /// A ConfigMap.
    ConfigMap,
}

/// Where a volume stands in a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mount {
    /// The volume.
    pub volume: String,
    /// The folder or file in the container.
    pub path: String,
    /// The part of the volume, if not the whole.
    pub sub_path: Option<String>,
}

/// A volume of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub source: VolumeSource,
}

/// What is in a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeSource {
    /// Several things, tokens of the service account among them.
    Projected {
        /// The tokens.
        tokens: Vec<TokenProjection>,
        /// Secrets and ConfigMaps beside them.
        references: Vec<Reference>,
    },
    /// A Secret or ConfigMap.
    Reference(Reference),
    /// A folder or file of the node.
    HostPath(String),
    /// Nothing at first.
    EmptyDir,
    /// What a driver brings.
    Csi(String),
    /// Something else.
    Other,
}

/// A token of the service account in a volume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenProjection {
    /// Whom it is for; the Kubernetes API where nothing is said.
    pub audience: Option<String>,
    /// The file in the volume.
    pub path: String,
}

/// A service account as the cluster has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceAccountObject {
    /// Its name.
    pub name: ServiceAccount,
    /// Its namespace; a manifest may name none.
    pub namespace: Option<Namespace>,
    /// Its annotations that bear on credentials of AWS.
    pub annotations: BTreeMap<String, String>,
}

/// A node of the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it is.
    pub compute: Compute,
}

/// What a pod runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Compute {
    /// An EC2 instance with Linux.
    Ec2,
    /// An EC2 instance with Linux that EKS Auto Mode runs.
    AutoMode,
    /// AWS Fargate.
    Fargate,
    /// An EC2 instance with Windows.
    Windows,
    /// A machine outside AWS that is a node of the cluster.
    Hybrid,
}

const COMPUTE_TYPE: &str = "eks.amazonaws.com/compute-type";
const OS: &str = "kubernetes.io/os";

impl ServiceAccountObject {
    /// The role that pods get through IRSA: <https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>
    pub const ROLE_ANNOTATION: &'static str = "eks.amazonaws.com/role-arn";

    /// The role that its annotation names.
    pub fn role(&self) -> Option<&str> {
        let role = self.annotations.get(Self::ROLE_ANNOTATION)?;
        (!role.is_empty()).then_some(role)
    }
}

impl Compute {
    /// What labels of a node, or a pod's choice of nodes, say.
    pub(super) fn of_labels(labels: &BTreeMap<String, String>) -> Option<Self> {
        let is = |label: &str, value: &str| labels.get(label).is_some_and(|found| found == value);
        match labels.get(COMPUTE_TYPE).map(String::as_str) {
            Some("fargate") => return Some(Self::Fargate),
            Some("hybrid") => return Some(Self::Hybrid),
            Some("auto") => return Some(Self::AutoMode),
            Some(_) | None => {}
        }
        if is(OS, "windows") || is("beta.kubernetes.io/os", "windows") {
            return Some(Self::Windows);
        }
        let is_ec2 = is(COMPUTE_TYPE, "ec2") || labels.contains_key("eks.amazonaws.com/nodegroup");
        is_ec2.then_some(Self::Ec2)
    }
}

impl PodSpec {
    /// What the pod runs on, as far as it says so itself.
    pub fn compute(&self) -> Option<Compute> {
        let on_fargate = self.scheduler_name.as_deref() == Some("fargate-scheduler")
            || self.labels.contains_key("eks.amazonaws.com/fargate-profile")
            || self
                .node_name
                .as_deref()
                .is_some_and(|node| node.starts_with("fargate-"));
        if on_fargate {
            return Some(Compute::Fargate);
        }
        if self.os.as_deref() == Some("windows") {
            return Some(Compute::Windows);
        }
        Compute::of_labels(&self.node_selector)
    }

    /// The volume of that name.
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        self.volumes.iter().find(|volume| volume.name == name)
    }
}

impl Objects {
    /// The service account that the pods of a workload use, if it is among these.
    pub fn service_account_of(&self, workload: &Workload) -> Option<&ServiceAccountObject> {
        self.service_accounts
            .iter()
            .find(|account| account.name == workload.pod.service_account && account.namespace == workload.namespace)
    }

    /// What the pods of a workload run on, as far as the pod or its node says so.
    pub fn compute_of(&self, workload: &Workload) -> Option<Compute> {
        let node = self
            .nodes
            .iter()
            .find(|node| workload.pod.node_name.as_ref() == Some(&node.name));
        node.map(|node| node.compute).or_else(|| workload.pod.compute())
    }
}

impl SourceKind {
    /// As Kubernetes writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "Secret",
            Self::ConfigMap => "ConfigMap",
        }
    }
}
