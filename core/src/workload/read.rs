use std::collections::BTreeMap;
use std::str::FromStr;

use tfmodel::json::{self, Kind, Node as Json, Span};

use super::environment::KEPT;
use super::error::{Fault, ReadError};
use super::model::{
    Compute, Container, ContainerKind, EnvFrom, EnvValue, EnvVar, Mount, Node, Objects, PodSpec, Reference,
    ServiceAccountObject, SourceKind, TokenProjection, Volume, VolumeSource, Workload,
};
use crate::faults::Located;
use crate::ids::IdError;

/// Reads an object or a list of objects as `kubectl get … -o json` prints them. Fields that say nothing about credentials are passed over.
///
/// # Errors
/// The text is not JSON, or a field that is read is not of the kind that Kubernetes gives it.
pub fn read(text: &str) -> Result<Objects, ReadError> {
    let source = json::parse(text)?;
    let mut reader = Reader {
        text,
        faults: Vec::new(),
        objects: Objects::default(),
    };
    reader.document(&source);
    match ReadError::new(reader.faults) {
        Some(error) => Err(error),
        None => Ok(reader.objects),
    }
}

// Finding a line takes a walk through the text; nobody reads more than these.
const MOST_FAULTS: usize = 50;

struct Reader<'a> {
    text: &'a str,
    faults: Vec<Located<Fault>>,
    objects: Objects,
}

impl Reader<'_> {
    fn document(&mut self, node: &Json) {
        let Some(kind) = self.kind_of(node) else { return };
        let Some(of_items) = kind.strip_suffix("List") else {
            self.object(node, kind);
            return;
        };
        for item in self.list(node, "items") {
            // The items of a `PodList` do not repeat their kind; those of a `List` say it each.
            let kind = match item.get("kind") {
                None if !of_items.is_empty() => Some(of_items),
                None | Some(_) => self.kind_of(item),
            };
            if let Some(kind) = kind {
                self.object(item, kind);
            }
        }
    }

    fn object(&mut self, node: &Json, kind: &str) {
        match kind {
            "Pod" => self.workload(node, kind, Some(node)),
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
                let template = self.within(node, &["spec", "template"]);
                self.workload(node, kind, template);
            }
            "CronJob" => {
                let template = self.within(node, &["spec", "jobTemplate", "spec", "template"]);
                self.workload(node, kind, template);
            }
            "ServiceAccount" => self.service_account(node),
            "Node" => self.node(node),
            other => _ = self.objects.passed_over.insert(other.to_owned()),
        }
    }

    fn workload(&mut self, node: &Json, kind: &str, template: Option<&Json>) {
        let Some(template) = template else { return };
        let Some(meta) = self.must(node, "metadata") else {
            return;
        };
        let name = self.text(meta, "name").or_else(|| self.text(meta, "generateName"));
        let namespace = self.name(meta, "namespace");
        let admitted = kind == "Pod" && meta.get("uid").is_some_and(|uid| !uid.is_null());
        if let Some(pod) = self.pod(template) {
            self.objects.workloads.push(Workload {
                kind: kind.to_owned(),
                name: name.unwrap_or_default(),
                namespace,
                admitted,
                pod,
            });
        }
    }

    fn service_account(&mut self, node: &Json) {
        let Some(meta) = self.must(node, "metadata") else {
            return;
        };
        if meta.get("name").is_none() {
            self.fault(Fault::Missing("name"), meta.span);
        }
        let namespace = self.name(meta, "namespace");
        let annotations = self.annotations(meta);
        if let Some(name) = self.name(meta, "name") {
            self.objects.service_accounts.push(ServiceAccountObject {
                name,
                namespace,
                annotations,
            });
        }
    }

    fn node(&mut self, node: &Json) {
        let Some(meta) = self.must(node, "metadata") else {
            return;
        };
        let labels = self.texts(meta, "labels");
        if let (Some(name), Some(compute)) = (self.text(meta, "name"), Compute::of_labels(&labels)) {
            self.objects.nodes.push(Node { name, compute });
        }
    }

    fn pod(&mut self, node: &Json) -> Option<PodSpec> {
        let meta = self.object_at(node, "metadata");
        let spec = self.must(node, "spec")?;
        let mut containers = Vec::new();
        for (field, kind) in [
            ("initContainers", ContainerKind::Init),
            ("containers", ContainerKind::Main),
            ("ephemeralContainers", ContainerKind::Ephemeral),
        ] {
            for one in self.list(spec, field) {
                let restarts =
                    kind == ContainerKind::Init && self.text(one, "restartPolicy").as_deref() == Some("Always");
                let kind = if restarts { ContainerKind::Sidecar } else { kind };
                containers.push(self.container(one, kind));
            }
        }
        let named = self
            .name(spec, "serviceAccountName")
            .or_else(|| self.name(spec, "serviceAccount"));
        let service_account = match named {
            Some(name) => name,
            None => "default".parse().ok()?,
        };
        Some(PodSpec {
            service_account,
            annotations: meta.map(|meta| self.annotations(meta)).unwrap_or_default(),
            labels: meta.map(|meta| self.texts(meta, "labels")).unwrap_or_default(),
            node_selector: self.texts(spec, "nodeSelector"),
            node_name: self.text(spec, "nodeName"),
            scheduler_name: self.text(spec, "schedulerName"),
            os: self.object_at(spec, "os").and_then(|os| self.text(os, "name")),
            host_network: self.flag(spec, "hostNetwork").unwrap_or(false),
            automount_service_account_token: self.flag(spec, "automountServiceAccountToken"),
            containers,
            volumes: self
                .list(spec, "volumes")
                .iter()
                .map(|volume| Volume {
                    name: self.text(volume, "name").unwrap_or_default(),
                    source: self.volume_source(volume),
                })
                .collect(),
        })
    }

    fn container(&mut self, node: &Json, kind: ContainerKind) -> Container {
        if node.get("name").is_none() {
            self.fault(Fault::Missing("name"), node.span);
        }
        Container {
            name: self.text(node, "name").unwrap_or_default(),
            kind,
            image: self.text(node, "image"),
            env: self
                .list(node, "env")
                .iter()
                .filter_map(|one| self.variable(one))
                .collect(),
            env_from: self
                .list(node, "envFrom")
                .iter()
                .filter_map(|one| {
                    let secret = self.reference(one, "secretRef", SourceKind::Secret, "name");
                    let of = secret.or_else(|| self.reference(one, "configMapRef", SourceKind::ConfigMap, "name"))?;
                    let prefix = self.text(one, "prefix").unwrap_or_default();
                    Some(EnvFrom { prefix, of })
                })
                .collect(),
            mounts: self
                .list(node, "volumeMounts")
                .iter()
                .map(|mount| Mount {
                    volume: self.text(mount, "name").unwrap_or_default(),
                    path: self.text(mount, "mountPath").unwrap_or_default(),
                    sub_path: self.text(mount, "subPath").filter(|path| !path.is_empty()),
                })
                .collect(),
        }
    }

    fn variable(&mut self, node: &Json) -> Option<EnvVar> {
        let Some(name) = self.text(node, "name") else {
            if node.get("name").is_none() {
                self.fault(Fault::Missing("name"), node.span);
            }
            return None;
        };
        let value = match self.object_at(node, "valueFrom") {
            Some(from) => self.value_from(from),
            // Kubernetes takes a value that is left out for an empty one.
            None => match self.text(node, "value").unwrap_or_default() {
                text if text.is_empty() => EnvValue::Empty,
                text if text.contains("$(") => EnvValue::Computed,
                text if KEPT.contains(&name.as_str()) => EnvValue::Text(text),
                _ => EnvValue::Withheld,
            },
        };
        Some(EnvVar { name, value })
    }

    fn value_from(&mut self, node: &Json) -> EnvValue {
        for (field, kind) in [
            ("secretKeyRef", SourceKind::Secret),
            ("configMapKeyRef", SourceKind::ConfigMap),
        ] {
            if let Some(of) = self.reference(node, field, kind, "name") {
                let key = self.object_at(node, field).and_then(|at| self.text(at, "key"));
                return EnvValue::Key {
                    of,
                    key: key.unwrap_or_default(),
                };
            }
        }
        let field = self
            .object_at(node, "fieldRef")
            .and_then(|field| self.text(field, "fieldPath"));
        field.map_or(EnvValue::Other, EnvValue::Field)
    }

    fn reference(
        &mut self,
        node: &Json,
        field: &'static str,
        source: SourceKind,
        name: &'static str,
    ) -> Option<Reference> {
        let at = self.object_at(node, field)?;
        Some(Reference {
            source,
            name: self.text(at, name).unwrap_or_default(),
            optional: self.flag(at, "optional").unwrap_or(false),
        })
    }

    fn volume_source(&mut self, node: &Json) -> VolumeSource {
        if let Some(projected) = self.object_at(node, "projected") {
            let (mut tokens, mut references) = (Vec::new(), Vec::new());
            for source in self.list(projected, "sources") {
                if let Some(token) = self.object_at(source, "serviceAccountToken") {
                    tokens.push(TokenProjection {
                        audience: self.text(token, "audience").filter(|audience| !audience.is_empty()),
                        path: self.text(token, "path").unwrap_or_default(),
                    });
                }
                references.extend(self.reference(source, "secret", SourceKind::Secret, "name"));
                references.extend(self.reference(source, "configMap", SourceKind::ConfigMap, "name"));
            }
            return VolumeSource::Projected { tokens, references };
        }
        let secret = self.reference(node, "secret", SourceKind::Secret, "secretName");
        if let Some(of) = secret.or_else(|| self.reference(node, "configMap", SourceKind::ConfigMap, "name")) {
            return VolumeSource::Reference(of);
        }
        if let Some(host) = self.object_at(node, "hostPath") {
            return VolumeSource::HostPath(self.text(host, "path").unwrap_or_default());
        }
        if let Some(csi) = self.object_at(node, "csi") {
            return VolumeSource::Csi(self.text(csi, "driver").unwrap_or_default());
        }
        match self.object_at(node, "emptyDir") {
            Some(_) => VolumeSource::EmptyDir,
            None => VolumeSource::Other,
        }
    }
}

/// Fields of any object. `null` stands for a field that is left out, as in Kubernetes.
impl Reader<'_> {
    fn fault(&mut self, fault: Fault, span: Span) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Located::new(fault, span, self.text));
        }
    }

    fn mismatch(&mut self, field: &'static str, expected: &'static str, found: &Json) {
        let fault = Fault::Type {
            field,
            expected,
            found: found.describe(),
        };
        self.fault(fault, found.span);
    }

    fn kind_of<'n>(&mut self, node: &'n Json) -> Option<&'n str> {
        if !matches!(node.kind, Kind::Object(_)) {
            self.mismatch("object", "an object of Kubernetes", node);
            return None;
        }
        match node.get("kind") {
            None => self.fault(Fault::Missing("kind"), node.span),
            Some(kind) => match kind.as_str() {
                Some(kind) => return Some(kind),
                None => self.mismatch("kind", "a string", kind),
            },
        }
        None
    }

    fn must<'n>(&mut self, node: &'n Json, field: &'static str) -> Option<&'n Json> {
        if node.get(field).is_none_or(Json::is_null) {
            self.fault(Fault::Missing(field), node.span);
            return None;
        }
        self.object_at(node, field)
    }

    fn within<'n>(&mut self, node: &'n Json, fields: &[&'static str]) -> Option<&'n Json> {
        fields.iter().try_fold(node, |at, field| self.must(at, field))
    }

    fn object_at<'n>(&mut self, node: &'n Json, field: &'static str) -> Option<&'n Json> {
        let found = node.get(field).filter(|found| !found.is_null())?;
        if matches!(found.kind, Kind::Object(_)) {
            return Some(found);
        }
        self.mismatch(field, "an object", found);
        None
    }

    fn list<'n>(&mut self, node: &'n Json, field: &'static str) -> &'n [Json] {
        match node.get(field) {
            Some(found) if !matches!(found.kind, Kind::Array(_) | Kind::Null) => self.mismatch(field, "a list", found),
            Some(found) => return found.elements(),
            None => {}
        }
        &[]
    }

    fn text(&mut self, node: &Json, field: &'static str) -> Option<String> {
        let found = node.get(field).filter(|found| !found.is_null())?;
        let text = found.as_str().map(str::to_owned);
        if text.is_none() {
            self.mismatch(field, "a string", found);
        }
        text
    }

    fn name<T: FromStr<Err = IdError>>(&mut self, node: &Json, field: &'static str) -> Option<T> {
        let text = self.text(node, field).filter(|text| !text.is_empty())?;
        match text.parse() {
            Ok(name) => Some(name),
            Err(error) => {
                let span = node.get(field).map_or(node.span, |found| found.span);
                self.fault(Fault::Name(text, error), span);
                None
            }
        }
    }

    fn flag(&mut self, node: &Json, field: &'static str) -> Option<bool> {
        let found = node.get(field).filter(|found| !found.is_null())?;
        let flag = found.as_bool();
        if flag.is_none() {
            self.mismatch(field, "true or false", found);
        }
        flag
    }

    /// Annotations that bear on credentials. Others are not kept: `last-applied-configuration` repeats the whole pod, secrets and all.
    fn annotations(&mut self, meta: &Json) -> BTreeMap<String, String> {
        self.texts_of(meta, "annotations", |key| {
            let domain = key.split('/').next().unwrap_or_default();
            ["eks.amazonaws.com", "iam.amazonaws.com", "vault.hashicorp.com"].contains(&domain)
        })
    }

    fn texts(&mut self, node: &Json, field: &'static str) -> BTreeMap<String, String> {
        self.texts_of(node, field, |_| true)
    }

    fn texts_of(&mut self, node: &Json, field: &'static str, is_kept: fn(&str) -> bool) -> BTreeMap<String, String> {
        let Some(found) = self.object_at(node, field) else {
            return BTreeMap::new();
        };
        let mut texts = BTreeMap::new();
        for member in found.members() {
            match member.value.as_str() {
                Some(text) if is_kept(&member.key) => _ = texts.insert(member.key.clone(), text.to_owned()),
                Some(_) => {}
                None => self.mismatch(field, "an object of strings", &member.value),
            }
        }
        texts
    }
}
