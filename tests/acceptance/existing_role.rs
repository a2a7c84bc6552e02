//! A binding to a role that somebody else owns: its own statements come and go, nothing else does.

use serde_json::{Value, json};
use tfplugin_testing::cli::Cli;

use crate::lab::{CLUSTER, Lab, Profile};

const ROLE: &str = "legacy";

#[test]
fn on_localstack() {
    others_statements_are_kept(Profile::LocalStack);
}

#[test]
fn on_ministack() {
    others_statements_are_kept(Profile::MiniStack);
}

#[test]
fn on_a_strict_aws() {
    others_statements_are_kept(Profile::Strict);
}

fn others_statements_are_kept(profile: Profile) {
    let lab = Lab::new(Cli::Terraform, profile);
    let others = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "People",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", lab.account) },
            "Action": "sts:AssumeRole",
        }],
    });
    let arn = lab.aws.create_role(ROLE, &others);

    for mode in ["dual", "pod_identity"] {
        let plan = lab.plan(&binding(&arn, mode));
        lab.apply(&plan);
        let statements = statements(&lab.aws.trust(ROLE));
        assert!(statements.contains(&others["Statement"][0]), "{mode}: {statements:#?}");
        assert!(statements.len() > 1, "{mode}: {statements:#?}");
        assert_eq!(lab.aws.associations(CLUSTER), ["shop/checkout"]);
    }

    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.roles(), [ROLE]);
    assert_eq!(statements(&lab.aws.trust(ROLE)), statements(&others));
    assert!(lab.aws.associations(CLUSTER).is_empty());
}

fn binding(role_arn: &str, mode: &str) -> String {
    format!(
        r#"
        resource "pod_identity_binding" "checkout" {{
          cluster_name        = "{CLUSTER}"
          namespace           = "shop"
          service_account     = "checkout"
          mode                = "{mode}"
          role_arn            = "{role_arn}"
          manage_trust_policy = true
        }}
        "#
    )
}

fn statements(trust: &Value) -> Vec<Value> {
    trust["Statement"].as_array().unwrap().clone()
}
