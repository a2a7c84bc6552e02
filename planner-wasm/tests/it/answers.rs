//! What every export answers to the corpus. The answers are written down, and the engine in the browser has to give the same:
//! `planner-wasm/web/unit/answers.test.ts`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pod_identity_core::findings::documented;
use pod_identity_planner as planner;
use serde::Serialize;
use serde_json::{Value, json};

const ANSWERS: &str = "answers/exports";

/// Calls of each export and their answers, as they are written down.
struct Calls(BTreeMap<&'static str, Vec<Value>>);

impl Calls {
    fn add<T: Serialize>(&mut self, export: &'static str, arguments: &[&str], answer: Result<T, planner::Failure>) {
        let answer = serde_json::to_value(planner::Answer::from(answer)).unwrap();
        let call = json!({"arguments": arguments, "answer": answer});
        self.0.entry(export).or_default().push(call);
    }
}

fn corpus(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(path)
}

/// The JSON files of a folder, in order.
fn texts(folder: &str) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(corpus(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

const BINDINGS: &[&str] = &[
    r#"{"account_id": "111122223333", "region": "eu-central-1", "cluster_name": "prod", "namespace": "shop", "service_account": "api"}"#,
    r#"{"cluster_arn": "arn:aws-cn:eks:cn-north-1:111122223333:cluster/prod", "namespace": "shop", "service_account": "api", "mode": "irsa",
        "oidc_issuer": "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLED539D4633E53DE1B71EXAMPLE"}"#,
    r#"{"cluster_arn": "arn:aws:eks:eu-central-1:111122223333:cluster/prod", "namespace": "shop", "service_account": "api", "mode": "dual",
        "role_arn": "arn:aws:iam::111122223333:role/api", "oidc_issuer": "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"}"#,
    r#"{"account_id": "111122223333", "region": "eu-central-1", "cluster_name": "prod", "namespace": "shop", "service_account": "api",
        "target_role_arn": "arn:aws:iam::444455556666:role/data", "session_tags": "both"}"#,
    r#"{"account_id": {"$unknown": true}, "region": "eu-central-1", "cluster_name": "prod", "namespace": "shop", "service_account": "api"}"#,
    r#"{"account_id": "111122223333", "region": "eu-central-1", "cluster_name": "prod", "namespace": "shop", "service_account": "api",
        "mode": "irsa", "role_arn": {"$unknown": true}, "oidc_issuer": "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"}"#,
    r#"{"$unknown": true}"#,
    "",
    "{\n  \"namspace\": \"shop\"\n}",
    "{\n  \"namespace\": ",
    r#"{"account_id": "1", "region": "eu-central-1", "cluster_name": "prod", "namespace": "shop", "service_account": "api"}"#,
];

const KNOWN: &[&str] = &[
    "",
    r#"{"associations": []}"#,
    r#"{"associations": [{"namespace": "prod", "service_account": "api", "role_arn": "arn:aws:iam::111122223333:role/associated"}],
        "agent": true, "sdk": "go_v2", "sdk_version": "release-2026-01-01"}"#,
];

const MECHANISM: &[&str] = &[
    "",
    r#"{"on_eks": true, "on_fargate_or_windows": false, "on_linux_nodes": true, "public_issuer": true}"#,
    r#"{"on_eks": false, "public_issuer": true, "on_fargate_or_windows": false, "on_linux_nodes": true}"#,
    r#"{"on_eks": {"$unknown": true}}"#,
    r#"{"on_eks": "perhaps"}"#,
    r#"{"on_eeks": true}"#,
];

/// Findings: of the corpus, of what each rule is there for, and of what cannot be used.
fn findings(calls: &mut Calls, policies: &[String]) {
    let examples = documented().map(|(_, page)| (page.bad.policy, page.bad.context));
    let encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D";
    let odd = [(encoded, ""), ("{", ""), ("", "{\n\"clustrs\": []}"), ("", "{")];
    let written = policies.iter().map(|policy| (policy.as_str(), ""));
    for (policy, context) in written.chain(examples).chain(odd) {
        let found = planner::trust_policy_findings(policy, context);
        calls.add("trustPolicyFindings", &[policy, context], found);
    }
}

/// Whether pods and others are let in, statement by statement, and what cannot be used. Verdict and reasons are held for every case of the
/// evaluation; here are some of them, whole.
fn access(calls: &mut Calls) {
    let cases = texts("evaluation").into_iter().flat_map(|text| {
        let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
        cases
    });
    let whole =
        cases.filter(|case| case["policy"].is_object() && (case["pod"].is_object() || case["request"].is_object()));
    for case in whole.step_by(3) {
        let principal = json!({"type": "service", "value": "pods.eks.amazonaws.com"});
        let mut request = json!({"principal": principal, "actions": ["sts:AssumeRole"]});
        let asked = case["pod"].as_object().or(case["request"].as_object()).unwrap();
        if case["pod"].is_object() {
            request = json!({});
        }
        request.as_object_mut().unwrap().extend(asked.clone());
        let (policy, request) = (case["policy"].to_string(), request.to_string());
        calls.add(
            "canAssume",
            &[&policy, &request],
            planner::can_assume(&policy, &request),
        );
    }
    let pod = r#"{"mode": "pod_identity", "namespace": "shop"}"#;
    for (policy, request) in [
        ("{", pod),
        ("", pod),
        ("{}", ""),
        ("{}", "{"),
        ("{}", "{\n\"namespace\": []}"),
        ("{}", "{\n\"namspace\": \"shop\"}"),
    ] {
        calls.add("canAssume", &[policy, request], planner::can_assume(policy, request));
    }
}

/// Who can become some roles, and what cannot be told.
fn access_reports(calls: &mut Calls, policies: &[String]) {
    let roles = policies.iter().step_by(4).enumerate().map(|(position, policy)| {
        let policy: Value = serde_json::from_str(policy).unwrap();
        json!({"role": format!("arn:aws:iam::111122223333:role/r{position}"), "policy": policy})
    });
    let own = json!({"role": "of a binding", "policy": planner::trust_policy(BINDINGS[0]).unwrap()});
    let roles: Vec<Value> = roles.chain([own]).collect();
    let pods = json!([
        {"mode": "dual", "namespace": "shop", "service_account": "api", "cluster_name": "prod", "account_id": "111122223333",
            "region": "eu-central-1", "oidc_issuer": "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE"},
        {"namespace": "prod", "service_account": "api", "cluster_arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"},
        {"unknown": ["mode"]},
    ]);
    for subject in [
        json!({"roles": roles, "pods": pods}).to_string().as_str(),
        r#"{"roles": [], "pods": []}"#,
        "",
        r#"{"roles": []}"#,
        r#"{"roles": [{"policy": "{}"}], "pods": []}"#,
        r#"{"roles": [{"role": "a", "policy": {"Statement": []}}, {"role": "b", "policy": {"$unknown": true}}], "pods": []}"#,
        r#"{"roles": [{"role": "api", "policy": "{"}], "pods": []}"#,
        "{\"roles\": [], \"pods\": [{},\n{\"namspace\": \"shop\"}]}",
        r#"{"roles": [], "pods": [{"principal": {"type": "service", "value": "pods.eks.amazonaws.com"}}]}"#,
    ] {
        calls.add("accessReport", &[subject], planner::access_report(subject));
    }
}

/// Reports in each format, and what they cannot be made of.
fn reports(calls: &mut Calls) {
    let context = |text: &str| match text {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap(),
    };
    let mut policies: Vec<Value> = documented()
        .filter(|(_, page)| !page.bad.policy.is_empty())
        .step_by(16)
        .map(|(rule, page)| {
            json!({"name": "role api", "file": "roles/a b.json", "policy": page.bad.policy, "context": context(page.bad.context),
                "waivers": [{"code": rule.code, "reason": "it is <b>meant</b>", "expires": "2026-02-01"}]})
        })
        .collect();
    policies.push(
        json!({"policy": {"Version": "2012-10-17", "Statement": []}, "waivers": [
            {"code": "PIB101", "reason": "meant", "expires": "2026-01-31"},
            {"code": "PIB109", "reason": "meant", "expires": "2026-02-01"},
            {"code": "empty-list", "reason": "another one", "fingerprint": "of-another"},
        ]}),
    );
    let whole = json!({"policies": policies, "today": "2026-02-01"}).to_string();
    let later = json!({"policies": policies, "today": "2026-02-02"}).to_string();
    for format in ["text", "markdown", "sarif"] {
        for subject in [whole.as_str(), later.as_str(), r#"{"policies": []}"#] {
            calls.add("report", &[format, subject], planner::report(format, subject));
        }
    }
    for subject in [
        "",
        "{\n \"policies\": [],\n \"today\": \"2026-02-30\"}",
        r#"{"policies": [], "today": {"$unknown": true}}"#,
        r#"{"policies": [{"policy": "{}", "waivers": [{"code": "PIB101"}]}]}"#,
        r#"{"policies": [{"policy": "{}", "waivers": [{"code": "PIB101", "reason": "meant", "expires": {"$unknown": true}}]}]}"#,
        r#"{"policies": {"$unknown": true}}"#,
        r#"{"policies": [{"policy": {"$unknown": true}}]}"#,
        r#"{"policies": [{"policy": "{}", "context": {"clustrs": []}}]}"#,
    ] {
        calls.add("report", &["text", subject], planner::report("text", subject));
    }
    calls.add("report", &["pdf", ""], planner::report("pdf", ""));
}

fn calls() -> Calls {
    let mut calls = Calls(BTreeMap::new());
    for binding in BINDINGS {
        let one = &[*binding];
        calls.add("trustPolicy", one, planner::trust_policy(binding));
        calls.add("targetTrustPolicy", one, planner::target_trust_policy(binding));
        calls.add(
            "targetPermissionsPolicy",
            one,
            planner::target_permissions_policy(binding),
        );
        calls.add("externalId", one, planner::external_id(binding));
        calls.add("roleName", one, planner::role_name(binding));
        let annotations = planner::service_account_annotations(binding);
        calls.add("serviceAccountAnnotations", one, annotations);
    }
    let policies = texts("policies");
    let some: Vec<&str> = policies.iter().map(String::as_str).step_by(5).collect();
    let all = format!("[{}]", some.join(","));
    for list in [all.as_str(), "[]", r#"[{"$unknown": true}]"#, "[\n {}]", "7"] {
        calls.add("mergeTrustPolicies", &[list], planner::merge_trust_policies(list));
    }
    access(&mut calls);
    access_reports(&mut calls, &policies);
    findings(&mut calls, &policies);
    reports(&mut calls);
    for (position, workload) in texts("workloads").iter().enumerate() {
        // The chains of all SDKs make long answers.
        for known in KNOWN.iter().filter(|known| position == 0 || known.contains("sdk")) {
            let found = planner::which_credentials(workload, known);
            calls.add("whichCredentials", &[workload, known], found);
        }
    }
    for (objects, known) in [
        ("", ""),
        (r#"{"kind": 7}"#, ""),
        (r#"{"kind": "List", "items": []}"#, r#"{"sdk": "cobol"}"#),
        (
            r#"{"kind": "List", "items": []}"#,
            r#"{"associations": [{"namespace": "a"}]}"#,
        ),
    ] {
        calls.add(
            "whichCredentials",
            &[objects, known],
            planner::which_credentials(objects, known),
        );
    }
    for answers in MECHANISM {
        calls.add("whichMechanism", &[answers], planner::which_mechanism(answers));
    }
    calls
}

#[test]
fn every_export_answers_as_it_is_written_down() {
    let mut wrong = Vec::new();
    for (export, calls) in calls().0 {
        let lines: Vec<String> = calls.iter().map(Value::to_string).collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        let file = corpus(&format!("{ANSWERS}/{export}.json"));
        if std::env::var_os("WRITE_EXPECTED").is_some() {
            fs::create_dir_all(corpus(ANSWERS)).unwrap();
            fs::write(&file, &text).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if text != expected {
            let same = text.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
            wrong.push(format!("{export}.json, line {}", same + 1));
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong:?} in {ANSWERS} are not what the engine answers; where the engine is right, run again with `WRITE_EXPECTED=1`"
    );
}

#[test]
fn what_typescript_is_told_names_every_key_of_the_engines_own_data() {
    let types = include_str!("../../src/engine.d.ts");
    let mut keys = BTreeSet::new();
    let calls = calls().0;
    let answers = |export: &str| calls[export].iter().map(|call| &call["answer"]["value"]);
    for workload in answers("whichCredentials").flat_map(|answer| answer["workloads"].as_array().into_iter().flatten())
    {
        collect(&workload["resolution"], &mut keys);
    }
    for answer in answers("canAssume").chain(answers("accessReport")) {
        collect(answer, &mut keys);
    }
    for answer in answers("whichMechanism") {
        collect(&answer["advice"], &mut keys);
    }
    assert!(keys.len() > 30, "{keys:?}");
    let missing: Vec<&String> = keys.iter().filter(|key| !types.contains(&format!("{key}: "))).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let names = |all: Value| -> Vec<String> { serde_json::from_value(all).unwrap() };
    let asks = names(json!(pod_identity_core::advice::Ask::ALL));
    for name in names(json!(pod_identity_core::precedence::Sdk::ALL))
        .into_iter()
        .chain(asks)
    {
        assert!(types.contains(&format!("| \"{name}\"")), "{name}");
    }
}

fn collect(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                keys.insert(key.clone());
                collect(value, keys);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, keys)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
