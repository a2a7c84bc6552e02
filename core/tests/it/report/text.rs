use std::collections::BTreeMap;

use pod_identity_core::binding::{Desired, Mode, Observed, reconcile};
use pod_identity_core::policy::diff;
use pod_identity_core::report;

use crate::binding::{config, planned, trust_of};

#[test]
fn steps_are_numbered_and_say_what_takes_them_back() {
    let desired = Desired::of(&planned(None, &config(Mode::PodIdentity)), &BTreeMap::new()).unwrap();
    let steps = reconcile(&Observed::default(), &desired).unwrap();
    assert_eq!(
        report::steps(&steps),
        "  1. Create role `api`, which trusts the pods of `api` in `prod`.
     To take it back: delete role `api`.
  2. Wait until this is in effect, because AWS spreads changes with a delay.
  3. Create the Pod Identity association, so that the pods of `api` in `prod` get credentials of role `api`. Pods that start after it get them; restart the pods of `api` in `prod` to move those that run.
     To take it back: delete the association.
  4. Wait until this is in effect, because AWS spreads changes with a delay.
"
    );
}

#[test]
fn a_policy_diff_tells_every_statement_and_shows_those_that_change() {
    let (before, after) = (
        trust_of(&planned(None, &config(Mode::Irsa))),
        trust_of(&planned(None, &config(Mode::Dual))),
    );
    let text = report::policy_diff(&diff(Some(&before), Some(&after)));
    let sid = after.statements[1].sid.clone().unwrap();
    assert_eq!(
        text,
        format!(
            r#"    statement Pibmh6meibtnjna (unchanged): Pods using `api` in `prod` with IRSA, by a token of `oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE`, may assume this role.
  + statement {sid}: Pods using `api` in `prod` on cluster `main` with EKS Pod Identity may assume this role.
      + {{
      +   "Sid": "{sid}"
      +   "Effect": "Allow"
      +   "Principal": {{
      +     "Service": "pods.eks.amazonaws.com"
      +   }}
      +   "Action": [
      +     "sts:AssumeRole"
      +     "sts:TagSession"
      +   ]
      +   "Condition": {{
      +     "StringEquals": {{
      +       "aws:SourceAccount": "111122223333"
      +       "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"
      +       "aws:RequestTag/kubernetes-namespace": "prod"
      +       "aws:RequestTag/kubernetes-service-account": "api"
      +     }}
      +   }}
      + }}
  size: {} -> {} characters without white space
"#,
            before.size(),
            after.size()
        )
    );
}

#[test]
fn a_trust_policy_is_told_and_shown() {
    let text = report::trust_policy(&trust_of(&planned(None, &config(Mode::PodIdentity))));
    assert!(text.starts_with(
        "  - Pods using `api` in `prod` on cluster `main` with EKS Pod Identity may assume this role.\n    {\n"
    ));
}

#[test]
fn findings_read_like_the_diagnostics_of_terraform() {
    let told = report::findings(&[super::with_mistake("PIB101", false)]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "╷",
            "│ Security: IRSA trust does not say which service account (PIB101)",
            "│",
            "│   on roles/api trust.json line 3, in Statement[0]:",
            r#"│     3:   "Statement": [{"#,
        ]
    );
    assert_eq!(lines.last(), Some(&"1 finding: 1 security."));
    assert!(lines.iter().all(|line| *line == line.trim_end()), "{told}");
}

#[test]
fn waivers_are_told_with_their_reason_and_what_became_of_them() {
    let told = report::findings(&[
        super::with_mistake("PIB101", true),
        super::with_idle_waivers(),
        super::nothing(),
    ]);
    assert_eq!(
        told,
        "Waived in role api: IRSA trust does not say which service account (PIB101), because: a shared cluster | see *ticket* 12\n\
         The waiver of PIB101 for role web is over since the end of 2026-01-31: it was meant\n\
         Nothing is left of what PIB102 was waived for in role web.\n\
         No findings; 1 waived.\n"
    );
}

#[test]
fn a_finding_in_a_document_of_one_endless_line_shows_its_start() {
    let mut reported = super::with_mistake("PIB101", false);
    reported.text = format!("{}{}", " ".repeat(3), "x".repeat(1_000_000));
    reported.file = None;
    let told = report::findings(&[reported]);
    assert!(
        told.len() < 2_000 && told.contains('…') && told.contains("  in role api line 1"),
        "{}",
        told.len()
    );
}
