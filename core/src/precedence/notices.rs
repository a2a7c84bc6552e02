use serde::Serialize;

use super::admission::{AGENT_TOKEN_FILE, FULL_URI, ROLE, TOKEN_FILE, names_to_skip};
use super::places::{below, origin_of};
use super::situation::Situation;
use crate::workload::{Compute, Container, ContainerKind, EnvValue, PodSpec, ServiceAccountObject, Variable};

/// Something that is worth knowing of a pod, whether or not it decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Which, in a word that stays.
    pub id: &'static str,
    /// The container that it is about; nothing if it is about the pod.
    pub container: Option<String>,
    /// What it means, in sentences.
    pub means: String,
    /// Who says so.
    pub source: &'static str,
}

const POD_IDENTITY_GUIDE: &str = "EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services";
const HOW_IT_WORKS: &str = "EKS User Guide, Understand how EKS Pod Identity works";
const WEBHOOK: &str = "amazon-eks-pod-identity-webhook, README";
const BEST_PRACTICES: &str = "EKS Best Practices Guide, Identity and Access Management";
const VAULT: &str = "HashiCorp Vault, Agent Injector annotations";

/// What is worth knowing; `written` is the pod without what EKS wrote into it.
pub(super) fn notices(situation: &Situation, written: &PodSpec) -> Vec<Notice> {
    let mut found = Found(Vec::new());
    found.of_pod(situation, written);
    for container in &written.containers {
        found.of_container(container);
    }
    found.0
}

struct Found(Vec<Notice>);

/// Where Vault's agent writes secrets, if the pod asks for it.
fn vault_folder(pod: &PodSpec) -> Option<&str> {
    let is_on = pod
        .annotations
        .get("vault.hashicorp.com/agent-inject")
        .is_some_and(|value| value == "true");
    let folder = pod
        .annotations
        .get("vault.hashicorp.com/secret-volume-path")
        .map_or("/vault/secrets", |folder| folder.trim_end_matches('/'));
    is_on.then_some(folder)
}

/// Whether Vault's agent writes where a file stands.
pub(super) fn writes_below(pod: &PodSpec, file: &str) -> bool {
    vault_folder(pod).is_some_and(|folder| below(file, folder).is_some())
}

impl Found {
    fn pod(&mut self, id: &'static str, means: impl Into<String>, source: &'static str) {
        self.0.push(Notice {
            id,
            container: None,
            means: means.into(),
            source,
        });
    }

    fn container(&mut self, id: &'static str, of: &Container, means: impl Into<String>, source: &'static str) {
        self.0.push(Notice {
            id,
            container: Some(of.name.clone()),
            means: means.into(),
            source,
        });
    }

    fn of_pod(&mut self, situation: &Situation, pod: &PodSpec) {
        if let Some(role) = pod.annotations.get("iam.amazonaws.com/role") {
            self.pod(
                "node_proxy",
                format!(
                    "The annotation `iam.amazonaws.com/role` asks kube2iam or kiam on the node for role `{role}`. Without a list of roles that the namespace may \
                     ask for, pods can ask for any that the node can assume. Both mechanisms of EKS do without a role of the node that can do so much."
                ),
                "kube2iam, README",
            );
        }
        self.of_vault(pod);
        if pod.host_network {
            self.pod(
                "host_network",
                "The pod uses the network of its node: it reaches the instance metadata, and with it the role of the node, whatever the hop limit, and passes by kube2iam and kiam.",
                BEST_PRACTICES,
            );
        }
        let association = situation.association.known();
        let annotated = situation.service_account.known().and_then(ServiceAccountObject::role);
        if pod.service_account.as_str() == "default" && (association.is_some() || annotated.is_some()) {
            self.pod(
                "default_service_account",
                "Every pod of the namespace that names no service account uses `default`, and gets these credentials, too.",
                BEST_PRACTICES,
            );
        }
        if let (Some(_), Some(role)) = (association, annotated) {
            self.pod(
                "both_bound",
                format!("The service account names role `{role}` and has an association. New pods get the association's role; the annotation has no effect any more."),
                "amazon-eks-pod-identity-webhook, issue 264",
            );
        }
        match situation.compute {
            Some(Compute::Fargate) if association.is_some() => self.pod(
                "fargate",
                "Pods on Fargate get nothing from EKS Pod Identity, and an association keeps IRSA away from new pods as far as is known. Pods on Fargate \
                 need a service account of their own, with IRSA.",
                POD_IDENTITY_GUIDE,
            ),
            Some(Compute::Windows) if association.is_some() => self.pod(
                "windows",
                "Pods on Windows get nothing from EKS Pod Identity, and an association keeps IRSA away from new pods as far as is known. Pods on Windows \
                 need a service account of their own, with IRSA.",
                POD_IDENTITY_GUIDE,
            ),
            Some(Compute::Ec2 | Compute::AutoMode | Compute::Fargate | Compute::Windows | Compute::Hybrid) | None => {}
        }
        for name in names_to_skip(pod).filter(|name| !name.is_empty()) {
            if !pod.containers.iter().any(|container| container.name == name) {
                self.pod(
                    "skips_nobody",
                    format!("`eks.amazonaws.com/skip-containers` names `{name}`, and no container is called so. A space after a comma belongs to the name."),
                    WEBHOOK,
                );
            }
        }
        self.of_add_on(situation, pod);
    }

    fn of_vault(&mut self, pod: &PodSpec) {
        const PREFIX: &str = "vault.hashicorp.com/agent-inject-secret-";
        let Some(folder) = vault_folder(pod) else { return };
        let secrets = pod
            .annotations
            .iter()
            .filter_map(|(key, path)| Some((key.strip_prefix(PREFIX)?, path)))
            .filter(|(_, path)| path.starts_with("aws/"));
        for (file, path) in secrets {
            self.pod(
                "vault_agent",
                format!(
                    "Vault's agent writes credentials of AWS from `{path}` to `{folder}/{file}`. SDKs do not look there by themselves: they use them only if \
                     `AWS_SHARED_CREDENTIALS_FILE` names that file, or the program reads it. The pod then depends on Vault and on the role that Vault assumes."
                ),
                VAULT,
            );
        }
    }

    fn of_add_on(&mut self, situation: &Situation, pod: &PodSpec) {
        const ACCOUNTS: &[&str] = &[
            "aws-node",
            "ebs-csi-controller-sa",
            "efs-csi-controller-sa",
            "fsx-csi-controller-sa",
            "s3-csi-driver-sa",
        ];
        let in_system = situation
            .workload
            .namespace
            .as_ref()
            .is_some_and(|namespace| namespace.as_str() == "kube-system");
        if in_system && ACCOUNTS.contains(&pod.service_account.as_str()) {
            self.pod(
                "add_on",
                "This may be an EKS add-on. Where the agent of EKS Pod Identity is installed, EKS ignores the `serviceAccountRoleArn` of an add-on that is given \
                 an association; and an association that belongs to an add-on is changed through the add-on.",
                "EKS User Guide, IAM roles for Amazon EKS add-ons",
            );
        }
        let mounts_s3 = |container: &Container| {
            let image = container.image.as_deref();
            image.is_some_and(|image| image.contains("aws-mountpoint-s3-csi-driver"))
        };
        if let Some(driver) = pod.containers.iter().find(|container| mounts_s3(container)) {
            self.container(
                "prefers_irsa",
                driver,
                "The Mountpoint for Amazon S3 CSI driver chooses by itself for the pods that it mounts for: where both mechanisms are set, it takes IRSA.",
                "mountpoint-s3-csi-driver, pull request 458",
            );
        }
    }

    fn of_container(&mut self, container: &Container) {
        let secret = container.variable("AWS_SECRET_ACCESS_KEY");
        let from = origin_of(container, &["AWS_SECRET_ACCESS_KEY"]);
        match &secret {
            Variable::Set(EnvValue::Withheld | EnvValue::Computed) => self.container(
                "static_keys_in_pod",
                container,
                "A secret access key stands in the pod itself, where everybody reads it who may read pods. It outdoes both mechanisms of EKS in nearly every SDK, and \
                 nothing renews it. Delete it and make a new one, or none.",
                HOW_IT_WORKS,
            ),
            Variable::Set(_) => self.container(
                "static_keys_referenced",
                container,
                format!("A secret access key comes from {from}. It outdoes both mechanisms of EKS in nearly every SDK, and nothing renews it."),
                HOW_IT_WORKS,
            ),
            Variable::Absent | Variable::Unclear(_) => {}
        }
        match (container.names(ROLE), container.names(TOKEN_FILE)) {
            (true, true) => self.container(
                "web_identity_by_hand",
                container,
                format!("`{ROLE}` and `{TOKEN_FILE}` are set by hand: they outdo an association in the chain of most SDKs, and keep the webhook from setting them."),
                WEBHOOK,
            ),
            (true, false) | (false, true) => self.container(
                "half_web_identity",
                container,
                format!(
                    "Only one of `{ROLE}` and `{TOKEN_FILE}` is set by hand. That keeps the webhook from setting either, and most SDKs pass over one alone; \
                     those for Go stop with an error if it is the file."
                ),
                WEBHOOK,
            ),
            (false, false) => {}
        }
        if container.names(FULL_URI) || container.names(AGENT_TOKEN_FILE) {
            self.container(
                "endpoint_by_hand",
                container,
                format!(
                    "`{FULL_URI}` or `{AGENT_TOKEN_FILE}` is set by hand. That keeps the webhook from setting either."
                ),
                WEBHOOK,
            );
        }
        if container.kind == ContainerKind::Ephemeral {
            self.container(
                "ephemeral",
                container,
                "It was added to a running pod, and the webhook writes nothing into such containers. What it uses says nothing of the others.",
                WEBHOOK,
            );
        }
    }
}
