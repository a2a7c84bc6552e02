use pod_identity_core::evaluate::Verdict;
use pod_identity_core::evaluate::pod::Pod;
use pod_identity_core::ids::{Mechanism, Partition};
use pod_identity_core::policy::Document;
use pod_identity_core::report::access;
use serde_json::Value;

use crate::policy::corpus;

const ROLE: &str = "arn:aws:iam::111122223333:role/api";

fn pod(service_account: &str) -> Pod {
    Pod {
        partition: Some(Partition::Aws),
        region: "eu-west-1".parse().ok(),
        account: "111122223333".parse().ok(),
        cluster: "main".parse().ok(),
        namespace: "prod".parse().ok(),
        service_account: service_account.parse().ok(),
        ..Pod::new(Mechanism::PodIdentity)
    }
}

fn from_corpus(name: &str) -> Document {
    let (_, text) = corpus().into_iter().find(|(found, _)| found == name).unwrap();
    Document::parse(&text).unwrap()
}

#[test]
fn every_principal_and_every_pod_has_a_row_with_its_answer() {
    let (trust, mixed) = (from_corpus("pod-identity"), from_corpus("mixed"));
    let report = access(
        &[(ROLE.to_owned(), &trust), ("role mixed".to_owned(), &mixed)],
        &[pod("api"), pod("web"), Pod::new(Mechanism::PodIdentity)],
    );
    let verdicts: Vec<Verdict> = report.roles[0].pods.iter().map(|pod| pod.verdict).collect();
    assert_eq!(verdicts, [Verdict::Allow, Verdict::Deny, Verdict::Unknown]);
    assert!(
        report.roles[0].pods.iter().all(|pod| !pod.because.is_empty()),
        "{report:#?}"
    );
    assert_eq!(report.roles[0].pods[1].service_account.as_deref(), Some("web"));
    let principals: usize = mixed
        .statements
        .iter()
        .map(|statement| {
            serde_json::to_value(statement).unwrap()["Principal"]
                .as_object()
                .unwrap()
                .len()
        })
        .sum();
    assert_eq!(report.roles[1].statements.len(), principals);

    let read: Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(read["roles"][0]["pods"][1]["verdict"], "deny");
    assert_eq!(read["roles"][0]["statements"][0]["principal"], "pods.eks.amazonaws.com");
    let csv = report.to_csv();
    assert_eq!(csv.matches("\r\n").count(), 1 + 1 + principals + 6, "{csv}");
    assert!(csv.lines().all(|line| !line.is_empty()));
}

#[test]
fn cells_are_quoted_and_never_computed() {
    let trust = Document::parse(
        r#"{"Statement":[{"Sid":"=cmd()","Effect":"Deny","Principal":{"AWS":"@SUM(1,2)\"x"},"Action":"sts:AssumeRole"}]}"#,
    )
    .unwrap();
    let csv = access(&[("+role".to_owned(), &trust)], &[]).to_csv();
    let row = csv.lines().nth(1).unwrap();
    assert!(
        row.starts_with(r#""'+role","'=cmd()",Deny,AWS,"'@SUM(1,2)""x","#),
        "{row}"
    );
}
