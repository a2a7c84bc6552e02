use std::collections::BTreeSet;

use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::{Sdk, Situation, UsedSdk, resolve};
use pod_identity_core::workload::Compute;

use super::{association, folder, objects, situation};

/// What is known besides what the file says.
type Knowledge = fn(&mut Situation);

/// Each file of the corpus, with what is known besides; what is expected stands beside it, in `FILE.CASE.txt`.
const CASES: &[(&str, &str, Knowledge)] = &[
    ("irsa-running", "association", |of| of.association = association()),
    ("irsa-running", "none", |of| of.association = Fact::Absent),
    ("pod-identity-running", "association", |of| {
        of.association = association();
        of.compute = Some(Compute::Ec2);
        of.agent = Some(true);
        of.sdk = used(Sdk::Rust, "release-2024-01-01");
    }),
    ("pod-identity-running", "deleted", |of| of.association = Fact::Absent),
    ("irsa-deployment", "nothing-else", |_| {}),
    ("irsa-deployment", "association", |of| of.association = association()),
    ("static-keys-in-the-pod", "none", |of| of.association = Fact::Absent),
    ("static-keys-in-the-pod", "java", |of| {
        of.association = association();
        of.sdk = used(Sdk::JavaV2, "2.30.0");
    }),
    ("static-keys-from-a-secret", "go", |of| {
        of.sdk = used(Sdk::GoV2, "release-2026-01-01")
    }),
    ("optional-secret", "association", |of| {
        of.association = association();
        of.sdk = used(Sdk::GoV2, "release-2026-01-01");
    }),
    ("env-from-a-secret", "none", |of| of.association = Fact::Absent),
    ("env-from-with-prefix", "none", |of| of.association = Fact::Absent),
    ("shared-credentials-file", "association", |of| {
        of.association = association()
    }),
    ("profile-in-a-config-map", "association", |of| {
        of.association = association()
    }),
    ("vault-agent", "association", |of| of.association = association()),
    ("kube2iam", "unknown", |of| {
        of.association = Fact::Absent;
        of.service_account = Fact::Absent;
    }),
    ("kube2iam", "runs", |of| {
        of.association = Fact::Absent;
        of.service_account = Fact::Absent;
        of.node_proxy = Some(true);
    }),
    ("web-identity-by-hand", "association", |of| {
        of.association = association()
    }),
    ("half-web-identity", "none", |of| {
        of.association = Fact::Absent;
        of.metadata_reachable = Some(false);
    }),
    ("half-web-identity", "association", |of| of.association = association()),
    ("token-for-somebody-else", "none", |of| of.association = Fact::Absent),
    ("fargate", "association", |of| of.association = association()),
    ("windows", "none", |of| of.association = Fact::Absent),
    ("windows", "association", |of| of.association = association()),
    ("sidecars", "association", |of| {
        of.association = association();
        of.metadata_reachable = Some(false);
    }),
    ("proxy", "association", |of| {
        of.association = association();
        of.compute = Some(Compute::AutoMode);
    }),
    ("host-network", "ec2", |of| {
        of.association = Fact::Absent;
        of.compute = Some(Compute::Ec2);
    }),
    ("s3-csi", "association", |of| of.association = association()),
    ("endpoint-by-hand", "association", |of| of.association = association()),
    ("hybrid", "none", |of| of.association = Fact::Absent),
    ("hybrid", "association", |of| {
        of.association = association();
        of.agent = Some(true);
    }),
    ("migrated-not-restarted", "association", |of| {
        of.association = association()
    }),
    ("nothing", "imds", |of| {
        of.association = Fact::Absent;
        of.compute = Some(Compute::Ec2);
        of.metadata_reachable = Some(true);
    }),
    ("nothing", "no-imds", |of| {
        of.association = Fact::Absent;
        of.metadata_reachable = Some(false);
    }),
];

fn used(sdk: Sdk, version: &str) -> Option<UsedSdk> {
    Some(UsedSdk {
        sdk,
        version: Some(version.to_owned()),
    })
}

#[test]
fn every_workload_of_the_corpus_is_told_as_its_file_says() {
    let mut wrong = Vec::new();
    for (name, case, knowledge) in CASES {
        let mut situation = situation(name);
        knowledge(&mut situation);
        let told = resolve(&situation).text();
        let path = folder().join(format!("{name}.{case}.txt"));
        if std::env::var_os("WRITE_EXPECTED").is_some() {
            std::fs::write(&path, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if told != expected {
            wrong.push(format!("{name}.{case}:\n{told}\nexpected:\n{expected}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "where this is right, run again with `WRITE_EXPECTED=1`:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_file_of_the_corpus_is_used() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    let used: BTreeSet<String> = CASES
        .iter()
        .flat_map(|(name, case, _)| [format!("{name}.json"), format!("{name}.{case}.txt")])
        .collect();
    assert_eq!(files, used);
}

#[test]
fn nothing_secret_of_a_workload_is_kept() {
    for name in ["static-keys-in-the-pod", "proxy"] {
        let json = serde_json::to_string(&objects(name)).unwrap();
        let told = serde_json::to_string(&resolve(&situation(name))).unwrap();
        for secret in ["wJalrXUtnFEMI", "AKIAIOSFODNN7EXAMPLE", "hunter2"] {
            assert!(
                !json.contains(secret) && !told.contains(secret),
                "{name} keeps `{secret}`"
            );
        }
    }
}

#[test]
fn the_page_is_given_words_as_in_hcl() {
    let mut situation = situation("irsa-deployment");
    situation.association = Fact::Absent;
    situation.sdk = used(Sdk::JsV3, "3.900.0");
    let json = serde_json::to_value(resolve(&situation)).unwrap();
    let answer = &json["containers"][0]["next"];
    let credentials = &answer["verdict"]["decided"]["credentials"];
    assert_eq!(credentials["kind"], "irsa");
    assert_eq!(credentials["role"], "arn:aws:iam::111122223333:role/api");
    assert_eq!(answer["cases"][0]["sdks"][0], "js_v3");
    let link = &answer["cases"][0]["links"][2];
    assert_eq!(
        (&link["kind"], &link["found"], &link["outcome"]),
        (&"web_identity".into(), &"present".into(), &"wins".into())
    );
    assert_eq!(
        json["admission"]["possible"][0]["irsa"]["role"],
        "arn:aws:iam::111122223333:role/api"
    );
}
