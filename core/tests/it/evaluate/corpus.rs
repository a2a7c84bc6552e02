//! The cases of `tests/corpus/evaluation`: what a trust policy answers to a request.
//!
//! A case has a `name`, mostly a `source` (a page of AWS or a public issue that says so), a `policy` or, in short, the `condition` of a
//! statement for pods of EKS Pod Identity (with `version` where it matters), a `request` and a `verdict`. The request names its
//! `principal` and its `actions`, which every call carries the same `context` for; keys of `present` are carried with values that nobody
//! knows, and nobody knows anything about keys of `unknown`. Instead of a request, a case may have a `pod`, as function `can_assume` takes
//! it.
//!
//! Other crates read the cases through this file as well, so it needs no other of these tests.

use std::fs;
use std::path::Path;

use pod_identity_core::evaluate::{Call, Caller, Context, Presence, Request};
use tfmodel::json::{self, Node};

/// A case.
pub(crate) struct Case {
    /// Its file and name, for messages.
    pub(crate) name: String,
    /// The policy's text.
    pub(crate) policy: String,
    pub(crate) request: Request,
    /// As verdicts are serialised.
    pub(crate) verdict: String,
}

/// A case about a pod.
pub(crate) struct PodCase {
    /// Its file and name, for messages.
    pub(crate) name: String,
    /// The policy's text.
    pub(crate) policy: String,
    /// The pod's text.
    pub(crate) pod: String,
    /// As verdicts are serialised.
    pub(crate) verdict: String,
}

/// All cases that are not about pods, by file.
pub(crate) fn cases() -> Vec<Case> {
    each(|file, case, text| case.get("pod").is_none().then(|| read(file, case, text)))
}

/// All cases about pods, by file.
pub(crate) fn pod_cases() -> Vec<PodCase> {
    each(|file, case, text| {
        let name = name(file, case);
        Some(PodCase {
            pod: case.get("pod")?.span.of(text).to_owned(),
            policy: policy(&name, case, text),
            verdict: verdict(&name, case),
            name,
        })
    })
}

fn each<T>(read: impl Fn(&str, &Node, &str) -> Option<T>) -> Vec<T> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/evaluation");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let source = json::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(source.repeated_keys().is_empty(), "{}: a repeated key", file.display());
        let stem = file.file_stem().unwrap().to_str().unwrap();
        cases.extend(source.elements().iter().filter_map(|case| read(stem, case, &text)));
    }
    cases
}

fn read(file: &str, case: &Node, text: &str) -> Case {
    let name = name(file, case);
    Case {
        policy: policy(&name, case, text),
        request: request(
            &name,
            case.get("request").unwrap_or_else(|| panic!("{name}: no request")),
        ),
        verdict: verdict(&name, case),
        name,
    }
}

fn name(file: &str, case: &Node) -> String {
    let name = format!("{file}: {}", text_of(case, "name").expect("a case has a name"));
    for member in case.members() {
        let known = [
            "name",
            "source",
            "version",
            "condition",
            "policy",
            "request",
            "pod",
            "verdict",
        ];
        assert!(known.contains(&member.key.as_str()), "{name}: `{}`", member.key);
    }
    name
}

fn policy(name: &str, case: &Node, text: &str) -> String {
    match (case.get("policy"), case.get("condition")) {
        (Some(policy), None) => policy.span.of(text).to_owned(),
        (None, Some(condition)) => format!(
            r#"{{"Version":"{}","Statement":{{"Effect":"Allow","Principal":{{"Service":"{POD_IDENTITY}"}},"Action":"sts:AssumeRole","Condition":{}}}}}"#,
            text_of(case, "version").unwrap_or("2012-10-17"),
            condition.span.of(text),
        ),
        _ => panic!("{name}: a policy or a condition"),
    }
}

fn verdict(name: &str, case: &Node) -> String {
    text_of(case, "verdict")
        .unwrap_or_else(|| panic!("{name}: no verdict"))
        .to_owned()
}

const POD_IDENTITY: &str = "pods.eks.amazonaws.com";

fn request(name: &str, node: &Node) -> Request {
    for member in node.members() {
        let known = ["principal", "actions", "context", "present", "unknown"];
        assert!(known.contains(&member.key.as_str()), "{name}: `{}`", member.key);
    }
    let mut context = Context::new();
    for member in node.get("context").map_or(&[][..], Node::members) {
        context = context.with(&member.key, Presence::Values(texts(&member.value)));
    }
    for key in node.get("present").map_or_else(Vec::new, texts) {
        context = context.with(&key, Presence::Present);
    }
    for key in node.get("unknown").map_or_else(Vec::new, texts) {
        context = context.with(&key, Presence::Unknown);
    }
    let caller = match node.get("principal") {
        None => Caller::Service(POD_IDENTITY.to_owned()),
        Some(principal) => {
            let value = text_of(principal, "value").unwrap_or_default().to_owned();
            match text_of(principal, "type") {
                Some("service") => Caller::Service(value),
                Some("federated") => Caller::Federated(value),
                Some("aws") => Caller::Aws(value),
                Some("unknown") => Caller::Unknown,
                other => panic!("{name}: a principal of type {other:?}"),
            }
        }
    };
    let actions = node
        .get("actions")
        .map_or_else(|| vec!["sts:AssumeRole".to_owned()], texts);
    Request {
        caller,
        calls: actions
            .into_iter()
            .map(|action| Call {
                action,
                context: context.clone(),
            })
            .collect(),
    }
}

fn text_of<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.as_str()
}

fn texts(node: &Node) -> Vec<String> {
    node.elements()
        .iter()
        .map(|element| element.as_str().expect("a list of texts").to_owned())
        .collect()
}
